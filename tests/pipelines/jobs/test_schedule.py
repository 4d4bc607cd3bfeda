"""The monthly recipe's real commands on an empty home and without a network, up to where it waits for a month."""

import os
import re
import subprocess
import sys
from pathlib import Path

from made_release import NAMED, csv_text, write_boundaries, zipped

from faultline.features.tables.snapshot import load_snapshot

#: Hands the commands on as they are, but for what would come from a server.
FAULTLINE = """#!/bin/sh
echo "$1 $2" >> called.txt
case "$1 $2" in
"fetch boundaries") set -- "$@" --file made.geojson ;;
"fetch ucdp") set -- "$@" --file ged261-csv.zip ;;
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


def test_on_an_empty_home_the_recipe_fetches_polygons_once_counts_events_and_waits_for_late_data(root, tmp_path):
    text = (root / "docs" / "schedule.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "monthly.sh").write_text(script, encoding="utf-8")
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    real = Path(sys.executable)
    for name, content in {
        "faultline": FAULTLINE.format(command=real.with_name("faultline")),
        "date": DATE,
        "python": PYTHON.format(python=real),
    }.items():
        (commands / name).write_text(content, encoding="utf-8")
        (commands / name).chmod(0o755)
    (tmp_path / "ged261-csv.zip").write_bytes(zipped(csv_text(NAMED)))
    write_boundaries(tmp_path / "made.geojson")
    for _ in range(2):
        late = once(tmp_path, "2026-02", "2026-01")
        assert late.returncode == 75, late.stderr
        assert "the data end in 2025-12; waiting for 2026-01" in late.stderr
    called = (tmp_path / "called.txt").read_text(encoding="utf-8").splitlines()
    assert called == ["fetch boundaries", "fetch ucdp", "data check", "fetch ucdp", "data check"]
    assert (tmp_path / "data" / "boundaries" / "admin1.gpkg").is_file()
    assert {"ML-5", "BF-12", "NE-6"} <= set(load_snapshot(tmp_path / "snapshot").regions["region_id"])
    assert not (tmp_path / "published").exists()
