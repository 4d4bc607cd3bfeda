"""A small made issue: three countries and two regions, with what each target's rows hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from faultline.pipelines.issue.classes import risk_class
from faultline.pipelines.issue.score import to_contract

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_COUNTRIES = (("MLI", "Mali", 432), ("NGA", "Nigeria", 475), ("NER", '=HYPERLINK("http://x","Niger")', 436))
_REGIONS = (("NG-BO", "Borno"), ("NG-YO", "-1+1"))
_EVENTS = (("violence_1", 0.8), ("violence_25", 0.4))


def made_scores(issue: str = "2026-06", *, shift: float = 0.0) -> pd.DataFrame:
    """Rows of the contract ``scores``; the regions' data end in 2019-12, as those bundled for Nigeria do.

    Country 0 is likeliest; ``shift`` is added to every probability.
    """
    rows: list[Mapping[str, object]] = []
    for level, units in ((0, _COUNTRIES), (1, [("NGA", "Nigeria", 475)] * 2)):
        origin = pd.Period(issue, "M") - 1 if level == 0 else pd.Period("2019-12", "M")
        for place, (iso3, name, gwno) in enumerate(units):
            unit = {
                "location_code": iso3,
                "location_name": name,
                "admin_level": level,
                "admin1_code": _REGIONS[place][0] if level else None,
                "admin1_name": _REGIONS[place][1] if level else None,
                "gwno": gwno,
                "forecast_issue_date": pd.Timestamp(f"{issue}-20"),
                "data_through": origin.end_time.normalize(),
                "months_between": 0,
                "model_name": "made",
                "model_version": "1",
                "run_id": "",
                "boundary_version": "naturalearth-10m-admin1-eab63f7a" if level else "country",
                "is_provisional": False,
                "warning": "stale: data end 2019-12-31" if level else None,
                "reference_period_start": (origin + 1).start_time,
            }
            for target, chance in _EVENTS:
                for horizon in (1, 3, 12):
                    p = chance * (1 - 0.3 * place) * (0.7 + 0.02 * horizon) + shift
                    rows.append(
                        unit
                        | {
                            "target": target,
                            "horizon_months": horizon,
                            "reference_period_end": (origin + horizon).end_time.normalize(),
                            "probability": p,
                            "prob_low": p / 2,
                            "prob_high": (1 + p) / 2,
                            "baseline_probability": 0.3,
                            "risk_score_0_10": 10 * p,
                            "risk_class": risk_class(np.array([p]))[0],
                            "rank": place + 1,
                            "change_since_last_issue": -0.05,
                            "top_drivers": "+deaths in the last month; neighbours" if place else None,
                            "driver_blocks": "history +1.32; neighbours -0.08" if place else None,
                        }
                    )
            for horizon in (1, 2, 3):
                month = origin + horizon
                quantiles = dict(zip(("q05", "q25", "q50", "q75", "q95"), (0, 2, 10 * horizon, 60, 200), strict=True))
                rows.append(
                    unit
                    | quantiles
                    | {
                        "target": "deaths",
                        "horizon_months": horizon,
                        "reference_period_start": month.start_time,
                        "reference_period_end": month.end_time.normalize(),
                        "mean_deaths": 50.0 + place,
                        "rank": place + 1,
                    }
                )
    return to_contract(pd.DataFrame(rows))


def made_issue(out: Path, issue: str = "2026-06", *, shift: float = 0.0) -> Path:
    """Write a made issue's folder below ``out``."""
    folder = out / f"issue={issue}"
    folder.mkdir(parents=True)
    made_scores(issue, shift=shift).to_parquet(folder / "scores.parquet", index=False)
    (folder / "about.json").write_text(json.dumps({"issue": issue}), encoding="utf-8")
    return folder


def listed():
    """Rows that every list is made of: three countries and two regions."""
    like = made_scores().query("target == 'violence_1' and horizon_months == 12")
    parts = [
        like.assign(target=target, horizon_months=horizon, base_rate=0.123)
        for target, horizon in (("rise_30", 6), ("fall_30", 6), ("crossing_25", 3), ("violence_1000", 12))
    ]
    deaths = {"probability": float("nan"), "q05": 5.0, "q50": 60.0, "q95": 1_900.0, "mean_deaths": 300.0}
    parts += [like.assign(target="deaths_total", horizon_months=h, deaths_before=40.0, **deaths) for h in (3, 6, 12)]
    return pd.concat(parts, ignore_index=True)


def made_later(issue: str = "2026-06", *, between: int = 6) -> pd.DataFrame:
    """The same rows of countries, with windows that start so many months later beside them."""
    scores = made_scores(issue)
    later = scores[scores["admin_level"] == 0].copy()
    for edge in ("start", "end"):
        months = later[f"reference_period_{edge}"].dt.to_period("M") + between
        at = months.dt.start_time if edge == "start" else months.dt.end_time.dt.normalize()
        later[f"reference_period_{edge}"] = at.astype("datetime64[s]")
    return pd.concat([scores, later.assign(months_between=between).astype(scores.dtypes)], ignore_index=True)
