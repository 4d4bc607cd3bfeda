"""The command that moves an issue's scores by stated facts."""

import re

import pandas as pd
import pytest
from made_scores import made_issue, made_later
from typer.testing import CliRunner

from faultline.features.errors import ConfigError, UnknownNameError
from faultline.models.learners.kept_effects import effects_served
from faultline.pipelines.cli.main import app


def called(*arguments):
    ran = CliRunner().invoke(app, ["scenario", *map(str, arguments), "--quiet"], env={"COLUMNS": "150"})
    if ran.exception is not None:
        raise ran.exception
    return ran.stdout


def test_a_coup_moves_the_scores_of_an_issue_and_its_origin_chooses_the_issue(tmp_path):
    made_issue(tmp_path, "2026-06")
    table = tmp_path / "moved.csv"
    said = called("NGA", "--coup", "2026-05", "--out", tmp_path, "--origin", "2026-05", "--csv", table)
    assert "NGA, issue 2026-06: coup 2026-05" in said
    tried = [
        (effects_served(level, target), f"{target} ({words})")
        for target in ("violence_1", "violence_25")
        for level, words in (("country", "country"), ("region", "regions"))
    ]
    served, refused = ([name for kept, name in tried if kept is wanted] for wanted in (True, False))
    assert "violence_25 (country)" in served
    assert "violence_1 (country)" in refused
    assert f"Not served: {', '.join(refused)}." in said
    assert f"Served, as not inferior to history alone on past years (docs/effects.md): {', '.join(served)}." in said
    assert not re.search(r"-0\.0+(?!\d)", said)  # what a fact goes with, such as -0.02, is no rounded nothing
    moved = pd.read_csv(table)
    assert set(moved["target"]) == {"violence_1", "violence_25"}
    assert (moved["low"] <= moved["difference"]).all()
    assert moved["difference"].abs().max() > 0


def test_what_is_served_is_told_before_what_a_refused_layer_would_move(tmp_path):
    made_issue(tmp_path, "2026-06")
    said = called("NGA", "--coup", "2026-05", "--out", tmp_path)
    cells = [[cell.strip() for cell in line.split("│")] for line in said.splitlines() if line.startswith("│")]
    targets = [row[2] for row in cells if row[1] == "Nigeria"]
    assert set(targets) == {"violence_1", "violence_25"}
    assert targets == sorted(targets, key=lambda target: not effects_served("country", target))


def test_a_picture_is_drawn_of_what_moved(tmp_path):
    made_issue(tmp_path, "2026-06")
    picture = tmp_path / "moved.svg"
    called("NGA", "--coup", "2026-05", "--out", tmp_path, "--picture", picture)
    drawn = picture.read_text(encoding="utf-8")
    for words in ("NGA, issue 2026-06: coup 2026-05", "as is", "scenario", "not a causal effect", "violence_25, "):
        assert words in drawn


def test_windows_from_today_are_not_moved_beside_those_that_follow_on_the_data(tmp_path):
    folder = made_issue(tmp_path, "2026-06")
    made_later("2026-06").to_parquet(folder / "scores.parquet")
    called("NGA", "--coup", "2026-05", "--out", tmp_path, "--csv", tmp_path / "moved.csv")
    moved = pd.read_csv(tmp_path / "moved.csv")
    assert not moved.duplicated(["admin_level", "admin1_code", "target", "horizon_months"]).any()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["MLI", "--arrival", "russian=2026-03"], ConfigError, "russian forces arrive 2026-03: this changes nothing"),
        (["MLI", "--end-deployment", "french=2026-03"], UnknownNameError, "french"),
        (["MLI", "--arrival", "russian"], ConfigError, "is not CLASS=YYYY-MM, such as russian=2026-03"),
        (["MLI"], ConfigError, "needs a change"),
        (["NGA", "--coup", "2026-05", "--picture", "moved.pdf"], ConfigError, "neither .png nor .svg"),
        (["NGA", "--coup", "2026-05", "--picture", "moved.svg", "--all-blocks"], ConfigError, "without --all-blocks"),
        (["MLI", "--coup", "2026-05", "--origin", "2025-05"], UnknownNameError, "2025-06"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(tmp_path, arguments, error, words):
    made_issue(tmp_path, "2026-06")
    with pytest.raises(error, match=words):
        called(*arguments, "--out", tmp_path)
