"""An issue of two countries as the main job writes it, without training one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from faultline.features.tables.schemas import SCHEMAS, validate

if TYPE_CHECKING:
    from pathlib import Path

_COUNTRIES = (("MLI", "Mali", 432, 0.98), ("NER", "Niger", 436, 0.6))


def write_issue(out: Path, issue: str) -> Path:
    """Write scores, skill and what the issue says of itself; its folder is returned."""
    first = pd.Period(issue, "M")
    rows = []
    for code, name, gwno, chance in _COUNTRIES:
        for target, horizon in (("violence_25", 1), ("violence_25", 3), ("deaths", 1)):
            counted = target == "deaths"
            row = {"location_code": code, "location_name": name, "admin_level": 0, "gwno": gwno, "target": target}
            row |= {"horizon_months": horizon, "reference_period_start": first.start_time}
            row |= {"reference_period_end": (first + horizon - 1).end_time.normalize()}
            row |= {"data_through": (first - 1).end_time.normalize(), "forecast_issue_date": first.start_time}
            row |= {"probability": None if counted else chance, "baseline_probability": None if counted else 0.5}
            row |= {"prob_low": None if counted else chance - 0.1, "prob_high": None if counted else chance}
            row |= {"risk_score_0_10": None if counted else 10 * chance, "risk_class": None if counted else 5}
            row |= {
                name: value if counted else None for name, value in zip(_QUANTILES, (1, 5, 30, 90, 400), strict=True)
            }
            row |= {"mean_deaths": 60.0 if counted else None, "rank": 1, "is_provisional": True}
            row |= {"top_drivers": None if counted else "raised by many UN troops", "driver_blocks": None}
            row |= {"boundary_version": "country", "months_between": 0}
            row |= {"model_name": "made", "model_version": "1", "run_id": ""}
            rows.append(row)
    folder = out / f"issue={issue}"
    folder.mkdir(parents=True)
    schema = SCHEMAS["scores"]
    table = pd.DataFrame(rows).reindex(columns=list(schema.columns))
    table = pd.DataFrame(
        {
            name: table[name].astype("float64").astype(str(column.dtype))
            if str(column.dtype).startswith("Int")
            else table[name].astype(str(column.dtype))
            for name, column in schema.columns.items()
        }
    )
    validate(table, "scores").to_parquet(folder / "scores.parquet", index=False)
    skill = {"level": "country", "target": "violence_25", "horizon_months": 3, "stratum": "all", "forecaster": "pool"}
    skill |= dict.fromkeys(("n", "base_rate", "brier", "brier_skill_persistence", "brier_skill_climatology"), 0.1)
    skill |= {"auc": 0.9, "average_precision": 0.8, "first_origin": "2017-12", "last_origin": "2025-05"}
    pd.DataFrame([skill]).to_csv(folder / "skill.csv", index=False)
    about = {"issue": issue, "origin": str(first - 1), "issue_date": f"{issue}-20", "made_on": f"{issue}-20"}
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


_QUANTILES = ("q05", "q25", "q50", "q75", "q95")
