"""What revision did, as a table and at the command line."""

import pytest
from typer.testing import CliRunner

import faultline as fl
from faultline.features.errors import UnknownNameError
from faultline.pipelines.cli.main import app


def test_countries_are_chosen_and_an_unknown_one_is_one_error():
    table = fl.revisions("MLI")
    assert table[["location_code", "first", "later"]].to_numpy().tolist() == [["MLI", 2168, 2157]]
    assert {"MLI", "SDN"} < set(fl.revisions()["location_code"])
    assert fl.revisions(["BRB"]).empty
    with pytest.raises(UnknownNameError, match="MLX"):
        fl.revisions(["MLI", "MLX"])


def test_the_command_says_it_in_words():
    said = CliRunner().invoke(app, ["data", "revisions", "mli", "brb"])
    mali, barbados = said.stdout.splitlines()
    assert mali.startswith("MLI: In 2025 UCDP's final count was 0.99 times that of its candidate releases")
    assert barbados == "BRB: no provisional deaths, or no final count to go by."
