"""`faultline weigh` as it is typed."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from faultline.pipelines.backtest import weigh as module
from faultline.pipelines.cli.main import app, main

pytestmark = pytest.mark.usefixtures("few_trees")


def test_a_wrong_level_is_one_error(capsys):
    with pytest.raises(SystemExit) as left:
        main(["weigh", "--levels", "country,district"])
    assert left.value.code == 2
    assert "neither country nor region" in capsys.readouterr().err


def test_weights_and_page_are_written_where_they_are_asked_for(tmp_path, monkeypatch, cut):
    monkeypatch.setattr(module, "FIRST", 2016)
    weights, page = tmp_path / "weights.csv", tmp_path / "page.md"
    options = ["--levels", "region", "--targets", "deaths", "--out", str(weights), "--page", str(page), "-q"]
    told = CliRunner().invoke(app, ["weigh", "--snapshot", str(cut), *options])
    assert told.exit_code == 0, told.output
    assert "region, deaths: mean CRPS on later years pool" in told.output
    assert weights.read_text(encoding="utf-8").startswith("level,outcome,")
    assert "`deaths`, region" in page.read_text(encoding="utf-8")
