"""Made inputs for the brief, and the headless Chromium that it is opened in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from chromium import Browser, chromium_program

from faultline.features.tables.schemas import SCHEMAS
from faultline.pipelines.issue.classes import risk_class
from faultline.pipelines.report import BriefContents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HORIZONS = (1, 3, 6, 12)
HOSTILE = "<script>alert(1)</script>"
STALE = "stale: data end 2019-12-31, 2353 days before the issue date"
#: Made countries: code, name, Gleditsch-Ward number, probability of the main event. The last has no outline.
COUNTRIES = (
    ("AAA", "Alphaland", 401, 0.97),
    ("BBB", "Betania", 402, 0.62),
    ("CCC", "Côte Gamma", 403, 0.21),
    ("DDD", "Deltamark", 404, 0.004),
    ("EEE", "Epsilon Isles", 405, 0.05),
)
REGIONS = (("BBB-1", "North & West", 0.71), ("BBB-2", HOSTILE, 0.34), ("BBB-3", "Zeta", 0.01))


def _score(unit: dict[str, Any], target: str, horizon: int, probability: float, through: str) -> dict[str, Any]:
    origin = pd.Period(through[:7], freq="M")
    counted = target in ("deaths", "deaths_total")
    first = horizon if target == "deaths" else 1  # a row of deaths is about one month
    chance = np.nan if counted else probability
    return unit | {
        "target": target,
        "horizon_months": horizon,
        "reference_period_start": (origin + first).start_time,
        "reference_period_end": (origin + horizon).end_time.normalize(),
        "forecast_issue_date": pd.Timestamp("2026-06-10"),
        "data_through": pd.Timestamp(through),
        "months_between": 0,
        "probability": chance,
        "prob_low": chance * 0.8,
        "prob_high": chance + (1 - chance) * 0.2,
        "baseline_probability": chance * 0.9,
        "mean_deaths": 40.0 if counted else np.nan,
        "q05": 2.0 if counted else np.nan,
        "q25": 10.0 if counted else np.nan,
        "q50": 33.0 if counted else np.nan,
        "q75": 60.0 if counted else np.nan,
        "q95": 1234.0 if counted else np.nan,
        "severe_deaths": 2000.0 if counted else np.nan,
        "base_rate": np.nan if counted else 0.1,
        "deaths_before": 50.0 if counted else np.nan,
        "risk_score_0_10": 10 * chance,
        "change_since_last_issue": np.nan,
        "top_drivers": None if counted else "deaths in the last 12 months: 412; months since the last coup: 34",
        "driver_blocks": None if counted else "history +1.32; neighbours -0.08",
        "effects_share": 0.05 if counted else 0.012,
        "effects_low": -0.02 if counted else -0.008,
        "effects_high": 0.12 if counted else 0.031,
        "effects_note": "a coup attempt (May 2024)" if counted else "a successful coup (August 2023)",
        "model_name": "faultline-pool",
        "model_version": "3",
        "run_id": "0123abcd",
    }


def make_contents(*, countries: int = len(COUNTRIES), regions: bool = True, **changes: Any) -> BriefContents:
    """Make the contents of a brief for made countries on a made globe."""
    scores: list[dict[str, Any]] = []
    history: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    units: list[tuple[dict[str, Any], float, str]] = []
    for i, (code, name, gwno, chance) in enumerate(COUNTRIES[:countries]):
        unit = {"location_code": code, "location_name": name, "admin_level": 0, "admin1_code": None}
        unit |= {"admin1_name": None, "iso_3166_2": None, "gwno": gwno, "boundary_version": "country"}
        units.append((unit | {"is_provisional": True, "warning": None}, chance, "2026-05-31"))
        points.append({"admin_level": 0, "location_code": code, "admin1_code": None, "lat": 5.0, "lon": 20.0 * i + 5})
    for i, (code, name, chance) in enumerate(REGIONS if regions else ()):
        unit = {"location_code": "BBB", "location_name": "Betania", "admin_level": 1, "admin1_code": code}
        unit |= {"admin1_name": name, "iso_3166_2": None, "gwno": 402, "boundary_version": "made-1"}
        units.append((unit | {"is_provisional": False, "warning": STALE}, chance, "2019-12-31"))
        points.append({"admin_level": 1, "location_code": "BBB", "admin1_code": code, "lat": 2.0 + 2 * i, "lon": 24.0})
    for unit, chance, through in units:
        level, code = unit["admin_level"], unit["admin1_code"] or unit["location_code"]
        targets = ("violence_1", "violence_25", "deaths_total") + (("new_armed_actor",) if level == 0 else ())
        for target in targets:
            for horizon in HORIZONS:
                scale = 0.3 if target == "new_armed_actor" else 1.0
                scores.append(_score(unit, target, horizon, scale * chance ** (3 / horizon), through))
        scores += [_score(unit, "deaths", ahead, chance, through) for ahead in range(1, 13)]
        # The most violent have the most deaths; one a month leaves a country outside armed conflict.
        deaths = round(60 * chance) if code != "CCC" else 1
        for month in pd.date_range(end=pd.Timestamp(through).replace(day=1), periods=60, freq="MS"):
            place = {k: unit[k] for k in ("location_code", "admin_level", "admin1_code")}
            history.append(place | {"month": month, "deaths": deaths})
    table = pd.DataFrame(scores)
    table["risk_class"] = pd.Series(risk_class(table["probability"].to_numpy()), dtype="Int8")
    ranks = table.groupby(["admin_level", "target", "horizon_months"])["probability"].rank(ascending=False)
    table["rank"] = ranks.astype("Int32")
    table["bridged_months"] = pd.Series(pd.NA, index=table.index, dtype="Int16")
    outlines = gpd.GeoDataFrame(
        {"iso3": [code for code, *_ in COUNTRIES[:4]]},
        geometry=[shapely.box(20 * i, 0, 20 * i + 10, 10) for i in range(4)],
        crs=4326,
    )
    contents: dict[str, Any] = {
        "issue": "2026-06",
        "origin": "2026-05",
        "issue_date": dt.date(2026, 6, 10),
        "scores": table[list(SCHEMAS["scores"].columns)],
        "history": pd.DataFrame(history),
        "skill": make_skill(),
        "outlines": outlines,
        "unit_points": pd.DataFrame(points),
        "data_sources": [
            {
                "table": "country_month",
                "source": "Made events",
                "version": "1.0",
                "licence": "CC BY 4.0",
                "citation": "Nobody (2026), https://example.org/data",
                "first_month": "1989-01",
                "last_month": "2026-05",
                "rows": 15590,
            }
        ],
        # the countries whose made deaths make an armed conflict
        "at_risk": frozenset({"AAA", "BBB", "EEE"}),
    }
    return BriefContents(**(contents | changes))


def make_skill(*, pool: float = 0.9) -> pd.DataFrame:
    """Make scores out of sample in which the pool's Brier score is ``pool`` times persistence's."""
    factors = {"climatology": 1.2, "persistence": 1.0, "logit": 0.95, "lightgbm": 0.97, "pool": pool}
    return pd.DataFrame(
        [
            {
                "level": level,
                "target": target,
                "horizon_months": horizon,
                "stratum": stratum,
                "forecaster": forecaster,
                "n": 1764,
                "base_rate": 0.12,
                "brier": 0.05 * factor,
                "brier_skill_persistence": 1 - factor,
                "brier_skill_climatology": 1 - factor / 1.2,
                "auc": 0.95,
                "average_precision": 0.7,
                "first_origin": "2017-12",
                "last_origin": "2025-05",
            }
            for level in ("country", "region")
            for target, stratum in (("violence_1", "all"), ("new_armed_actor", "at risk"), ("violence_25", "all"))
            for horizon in HORIZONS
            for forecaster, factor in factors.items()
        ]
    )


@pytest.fixture(scope="session")
def make() -> Callable[..., BriefContents]:
    """Give the maker of contents."""
    return make_contents


@pytest.fixture(scope="session")
def skill() -> Callable[..., pd.DataFrame]:
    """Give the maker of scores out of sample."""
    return make_skill


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give a headless Chromium, or skip where there is none."""
    program = chromium_program()
    if program is None:
        pytest.skip("no chromium on this machine: the brief is not opened in a browser")
    chromium = Browser(program, tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()
