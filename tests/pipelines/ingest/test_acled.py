"""A user's ACLED export, from the file to scores; the rows are made."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import made_acled
import numpy as np
import pandas as pd
import pytest

from faultline.features.errors import ConfigError, CoverageError
from faultline.features.panels.countries import country_panel
from faultline.features.panels.regions import region_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.ingest.acled import TERMS, fetch_acled
from faultline.pipelines.ingest.counted_regions import RegionsWanted
from faultline.pipelines.ingest.data_check import check_data

COMMAND = str(Path(sys.executable).with_name("faultline"))
TODAY, QUIET = dt.date(2026, 11, 24), Progress.on_stderr(quiet=True)


def write(folder: Path, text: str) -> tuple[Path, Path]:
    export, squares = folder / "export.csv", folder / "squares.gpkg"
    export.write_text(text, encoding="utf-8")
    made_acled.squares().to_file(squares, driver="GPKG")
    return export, squares


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory):
    """What the two commands make of ten years of four countries."""
    folder = tmp_path_factory.mktemp("acled")
    export, squares = write(folder, made_acled.long_export(months=120, first="2016-01-01"))

    def faultline(*arguments: str):
        plain = {"COLUMNS": "120", "NO_COLOR": "1"}
        return subprocess.run(
            [COMMAND, *arguments], cwd=folder, capture_output=True, text=True, env=os.environ | plain, check=False
        )

    named = ("--file", export.name, "--boundaries", squares.name, "--id-column", "code", "--out", "snapshot")
    fetched = faultline("fetch", "acled", *named)
    assert fetched.returncode == 0, fetched.stderr
    run = faultline("run", "--snapshot", "snapshot", "--horizons", "1", "--level", "region")
    assert run.returncode == 0, run.stderr
    return folder, fetched, run


@pytest.mark.slow
def test_the_command_says_what_it_left_out_and_whose_terms_hold(issued):
    _, fetched, _ = issued
    assert TERMS in fetched.stderr
    assert "rows without deaths" in fetched.stderr
    assert "run --snapshot" in fetched.stdout
    assert "4 countries; 12 regions; data through 2025-12-31" in fetched.stdout


@pytest.mark.slow
def test_its_countries_and_no_others_are_in_the_panels(issued):
    folder, _, _ = issued
    snapshot = load_snapshot(folder / "snapshot")
    assert all(finding.fault == "" for finding in check_data(folder / "snapshot", today=TODAY))
    panel = country_panel(snapshot)
    assert sorted(panel.units["iso3"]) == ["BFA", "MLI", "NER", "NGA"]
    assert panel.months[int(np.argmax(panel.observed.all(axis=1)))] == pd.Period("2016-01", "M")
    assert not panel.observed[: panel.position(pd.Period("2015-12", "M")) + 1].any()
    regions = region_panel(snapshot)
    assert regions.units["name"].tolist()[:3] == ["BFA.0", "BFA.1", "BFA.2"]
    assert regions.deaths.sum() == panel.deaths.sum() == snapshot.country_month["deaths"].sum() > 0


@pytest.mark.slow
def test_nothing_of_ucdp_is_mixed_in(issued):
    folder, _, _ = issued
    snapshot = load_snapshot(folder / "snapshot")
    for name in ("country_month", "actor_month", "region_month"):
        assert snapshot.provenance[name].sources[0]["short"] == "ACLED export"
        assert "UCDP" not in str(snapshot.provenance[name])
    assert snapshot.actor_lineage.empty
    assert (snapshot.actors["actor_id"] >= 100_000_000).all()
    assert str(folder) not in (folder / "snapshot" / "provenance.json").read_text(encoding="utf-8")


@pytest.mark.slow
def test_its_regions_are_scored(issued):
    folder, _, _ = issued
    scores = pd.read_parquet(folder / "predictions" / "issue=2026-01" / "scores.parquet")
    violence = scores[(scores["target"] == "violence_25") & (scores["months_between"] == 0)]
    assert sorted(violence["admin1_code"]) == sorted(made_acled.squares()["code"])
    assert violence["probability"].between(0, 1).all()
    assert violence["probability"].nunique() > 3


def test_what_cannot_be_used_is_refused_and_nothing_written(tmp_path: Path):
    quiet_year = made_acled.export([made_acled.protest("a", "2024-01-01"), made_acled.protest("b", "2024-12-31")])
    export, squares = write(tmp_path, quiet_year)

    regions = RegionsWanted(id_column="code")

    def fetch(boundaries: Path | None) -> None:
        settings = Settings(boundaries=boundaries)
        fetch_acled(settings, QUIET, today=TODAY, file=export, out=tmp_path / "out", regions=regions)

    with pytest.raises(CoverageError, match="no event with deaths"):
        fetch(squares)
    with pytest.raises(ConfigError, match="--boundaries"):
        fetch(None)
    elsewhere = made_acled.export(
        [
            made_acled.protest("a", "2024-01-01", iso=231, country="Ethiopia"),
            {"iso": 231, "country": "Ethiopia"},
            made_acled.protest("b", "2024-12-31", iso=231, country="Ethiopia"),
        ]
    )
    export.write_text(elsewhere, encoding="utf-8")
    with pytest.raises(CoverageError, match="no polygon of squares"):
        fetch(squares)
    assert not (tmp_path / "out").exists()
