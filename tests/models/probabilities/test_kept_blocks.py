"""What the covariate gate decided is read from the file that it wrote."""

from __future__ import annotations

import pytest

from faultline.models.probabilities import kept_blocks as module


@pytest.fixture
def gate(tmp_path, monkeypatch):
    file = tmp_path / "gate.csv"
    file.write_text(
        "level,target,block,kept\ncountry,violence_25,neighbours,True\ncountry,violence_25,deployments,False\n"
        "country,violence_25,transitions,False\n"
    )
    monkeypatch.setattr(module, "GATE_FILE", file)


@pytest.mark.usefixtures("gate")
def test_blocks_without_a_gain_are_dropped_for_their_level_and_target_alone():
    assert module.kept_blocks("country", "violence_25") == ("history", "neighbours")
    assert module.kept_blocks("region", "violence_25") == ("history", "neighbours", "deployments", "transitions")
    assert module.dropped_blocks("country", "violence_25") == ("deployments", "transitions")
    assert module.dropped_blocks("country", "violence_1") == ()


@pytest.mark.usefixtures("gate")
def test_blocks_that_the_gate_never_tried_stay():
    asked = ("history", "transitions", "territory")
    assert module.kept_blocks("country", "violence_25", blocks=asked) == ("history", "territory")
