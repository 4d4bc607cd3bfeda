"""The monthly recipe's real commands on an empty home and without a network: waiting for a month, and two in a row."""

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_release import NAMED, csv_text, write_boundaries, zipped

import faultline as fl
from faultline.features.tables.snapshot import load_snapshot

#: Hands the commands on as they are, but for what would come from a server.
FAULTLINE = """#!/bin/sh
echo "$1 $2" >> called.txt
case "$1 $2" in
"fetch boundaries") set -- "$@" --file made.geojson ;;
"fetch ucdp") set -- "$@" --file ged261-csv.zip; for file in GEDEvent_v26_0_*.csv; do
    if [ -e "$file" ]; then set -- "$@" --file "$file"; fi; done ;;
"run --quiet") set -- "$@" {options} ;;
esac
exec {command} "$@"
"""
#: The day that the recipe believes it is.
DATE = '#!/bin/sh\ncat "$FAULTLINE_HOME/month.txt"\n'
PYTHON = '#!/bin/sh\ncase "$1" in -P) exec {python} "$@" ;; *) cat "$FAULTLINE_HOME/wanted.txt" ;; esac\n'


def once(home: Path, month: str, wanted: str) -> subprocess.CompletedProcess[str]:
    (home / "month.txt").write_text(f"{month}\n", encoding="utf-8")
    (home / "wanted.txt").write_text(f"{wanted}\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAULTLINE_", "MLFLOW_"))}
    environment = kept | {"FAULTLINE_HOME": str(home), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    return subprocess.run(["sh", "monthly.sh"], cwd=home, env=environment, capture_output=True, text=True, check=False)  # noqa: S607


def home_of_the_recipe(root: Path, home: Path, options: str = "") -> Path:
    """An empty home with the script of the page, and the commands that it finds."""
    text = (root / "docs" / "schedule.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (home / "monthly.sh").write_text(script, encoding="utf-8")
    commands = home / ".venv" / "bin"
    commands.mkdir(parents=True)
    real = Path(sys.executable)
    for name, content in {
        "faultline": FAULTLINE.format(command=real.with_name("faultline"), options=options),
        "date": DATE,
        "python": PYTHON.format(python=real),
    }.items():
        (commands / name).write_text(content, encoding="utf-8")
        (commands / name).chmod(0o755)
    write_boundaries(home / "made.geojson")
    return home


def test_on_an_empty_home_the_recipe_fetches_polygons_once_counts_events_and_waits_for_late_data(root, tmp_path):
    home_of_the_recipe(root, tmp_path)
    (tmp_path / "ged261-csv.zip").write_bytes(zipped(csv_text(NAMED)))
    for _ in range(2):
        late = once(tmp_path, "2026-02", "2026-01")
        assert late.returncode == 75, late.stderr
        assert "the data end in 2025-12; waiting for 2026-01" in late.stderr
    called = (tmp_path / "called.txt").read_text(encoding="utf-8").splitlines()
    assert called == ["fetch boundaries", "fetch ucdp", "data check", "fetch ucdp", "data check"]
    assert (tmp_path / "data" / "boundaries" / "admin1.gpkg").is_file()
    assert {"ML-5", "BF-12", "NE-6"} <= set(load_snapshot(tmp_path / "snapshot").regions["region_id"])
    assert not (tmp_path / "published").exists()


MALI = 432
#: States in which violence is made up, by Gleditsch-Ward number.
STATES = (MALI, 436, 439, 471, 475, 483, 490, 500, 501, 516, 520, 530, 540, 541, 560, 600, 615, 620, 625, 651)
#: Deaths of a middling month in the last of them at war, and years after which another group fights.
WORST, GENERATION = 60, 6


def made_history(first: dt.date, months: int, *, number: int) -> list[dict[str, Any]]:
    """A state-based event a month in states at war, whose wars come and go by the year."""
    random = np.random.default_rng(number)
    events: list[dict[str, Any]] = []
    for month in pd.period_range(first, periods=months, freq="M"):
        for place, state in enumerate(STATES):
            at_war = np.sin(place + month.ordinal / (20 + place)) > 0.2
            deaths = int(random.poisson(WORST * (place + 1) / len(STATES) if at_war else 0.1))
            if deaths:
                group = 10_000 + 100 * place + month.year // GENERATION
                day = f"{month}-{random.integers(1, 28):02d}"
                events.append(
                    {"id": number + len(events), "country_id": state, "gwnoa": state, "where_prec": 6, "best": deaths}
                    | ({"where_prec": 1, "adm_1": "Mopti region"} if state == MALI else {})
                    | {"side_b_new_id": group, "side_b": f"Group {group}", "dyad_new_id": group}
                    | {"low": deaths, "high": deaths, "year": month.year, "date_start": day, "date_end": day}
                )
    return events


@pytest.mark.slow
def test_two_months_in_a_row_are_published_once_each_and_the_second_knows_the_first(root, tmp_path):
    home = home_of_the_recipe(root, tmp_path, options="--level country --horizons 3")
    history = made_history(dt.date(1989, 1, 1), 37 * 12, number=1_000)
    (home / "ged261-csv.zip").write_bytes(zipped(csv_text(history)))
    for number, (data, issue) in enumerate((("2026-01", "2026-02"), ("2026-02", "2026-03")), start=1):
        candidates = made_history(dt.date(2026, number, 1), 1, number=100_000 * number)
        (home / f"GEDEvent_v26_0_{number}.csv").write_text(csv_text(candidates), encoding="utf-8")
        for _ in range(2):
            done = once(home, issue, data)
            assert done.returncode == 0, done.stderr
        assert (home / "published" / f"issue={issue}" / "exports").is_dir()
    called = (home / "called.txt").read_text(encoding="utf-8").splitlines()
    assert called.count("run --quiet") == called.count("export --quiet") == 2
    scores = fl.load_scores(home / "published" / "issue=2026-03", target="violence_25", units="MLI")
    assert scores["data_through"].eq(pd.Timestamp("2026-02-28")).all()
    assert scores["change_since_last_issue"].notna().all()
    brief = (home / "published" / "issue=2026-03" / "brief.html").read_text(encoding="utf-8")
    assert "2026-02" in brief
