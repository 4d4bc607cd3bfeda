"""Makes the scores of past months anew and counts what no issue would be written with.

``python benchmarks/believable.py [--months 36] [--keep FOLDER] [--write FILE]``. Each month learns every model of
countries and regions by what was known at its end, as `faultline run` does, without MLflow and brief: a minute or two
each. What was made of a month is kept in the folder, so that a run that was killed goes on.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from faultline.features.errors import IncoherentError
from faultline.features.panels.build import both_panels
from faultline.features.panels.regions import later_regions
from faultline.features.tables.snapshot import load_snapshot
from faultline.models.distributions.tilting import SMALL_MEAN
from faultline.pipelines.base.markdown import table_lines
from faultline.pipelines.issue.believable import faults, unlike_last_year
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.jobs.run import nominal_issue_date
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.train import HORIZONS, ModelVersion, train_fragmentation, train_level

if TYPE_CHECKING:
    from faultline.features.tables.snapshot import Snapshot

COLUMNS = (
    "origin",
    "rows",
    "that break a property",
    "means above q95",
    "draws without an analog",
    "unlike the last year",
)


def of_month(snapshot: Snapshot, origin: pd.Period) -> dict[str, Any]:
    """Counts of one month's issue."""
    panels = both_panels(snapshot, as_of=origin)
    tables, drawn, unheard_of = [], None, 0
    for panel in panels.values():
        violence, rare = train_level(panel), train_fragmentation(panel)
        deaths = learn_deaths(panel, violence.features, horizons=HORIZONS)
        for campaign in (violence, rare):
            try:
                scored = score_level(
                    campaign,
                    origin=origin,
                    issue_date=nominal_issue_date(origin),
                    horizons=HORIZONS,
                    versions={target: ModelVersion(target, "1", "") for target in campaign.models},
                    deaths=deaths if campaign is violence else None,
                    countries=drawn,
                )
            except IncoherentError:
                unheard_of += 1
                continue
            tables.append(scored.table)
            if drawn is None and scored.courses is not None:
                drawn = replace(scored.courses, later=later_regions(snapshot, as_of=origin))
    scores = pd.concat(tables, ignore_index=True)
    above = scores["mean_deaths"] > np.maximum(scores["q95"], SMALL_MEAN) + 1e-6
    return {
        "origin": str(origin),
        "rows": len(scores),
        "that break a property": sum(len(rows) for _, rows in faults(scores)),
        "means above q95": int(above.sum()),
        "draws without an analog": unheard_of,
        "unlike the last year": unlike_last_year(scores, panels["country"]) or "",
    }


def page(rows: list[dict[str, Any]]) -> str:
    """The counts as a page."""
    months = [row["origin"] for row in rows]
    lines = [
        "# Issues of past months, held to what every issue is held to",
        "",
        f"Scores of the {len(rows)} origins {months[0]} to {months[-1]}, made anew by what was known at each end;",
        "countries and regions. *Unlike the last year* is what the issue says where the deaths that it expects of a",
        "year are not within a factor of 2 of the last year's. Made by",
        "`python benchmarks/believable.py --write docs/believable.md`.",
        "",
        *table_lines(COLUMNS, ((row[name] for name in COLUMNS) for row in rows)),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Count, month by month."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--months", type=int, default=36)
    options.add_argument("--keep", type=Path)
    options.add_argument("--write", type=Path)
    asked = options.parse_args()
    snapshot = load_snapshot()
    newest = pd.Period(snapshot.country_month["month"].max(), "M")
    rows: list[dict[str, Any]] = []
    for back in range(asked.months - 1, -1, -1):
        file = asked.keep / f"{newest - back}.json" if asked.keep else None
        if file and file.exists():
            rows.append(json.loads(file.read_text(encoding="utf-8")))
        else:
            rows.append(of_month(snapshot, newest - back))
            if file:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(rows[-1]), encoding="utf-8")
        print(" ".join(f"{name}: {rows[-1][name]}" for name in COLUMNS), flush=True)
    if asked.write:
        asked.write.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
