"""Strata of a backtest and of held-back origins: which rows belong to which."""

import numpy as np
import pandas as pd

from faultline.models.scores.strata import AREAS, HELD_BACK, area_of, held_back_strata, strata


def test_a_backtest_is_told_apart_by_risk_horizon_country_and_year():
    rows = pd.DataFrame(
        {
            "at_risk": [True, True, False, True],
            "hard_onset": [False, True, False, False],
            "horizon_months": [1, 3, 1, 3],
            "country": ["MLI", "MLI", "NER", "NER"],
            "year": [2001, 2002, 2001, 2002],
        }
    )
    assert {(name, value): np.flatnonzero(inside).tolist() for name, value, inside in strata(rows)} == {
        ("all", "all horizons"): [0, 1, 2, 3],
        ("all", "h=1"): [0, 2],
        ("all", "h=3"): [1, 3],
        ("at risk", "all horizons"): [0, 1, 3],
        ("at risk", "h=1"): [0],
        ("at risk", "h=3"): [1, 3],
        ("hard onset", "all horizons"): [1],
        ("hard onset", "h=3"): [1],
        ("area", "Mali, Burkina Faso, Niger"): [0, 1, 2, 3],
        ("country", "MLI"): [0, 1],
        ("country", "NER"): [2, 3],
        ("year", "2001"): [0, 2],
        ("year", "2002"): [1, 3],
    }
    all_at_risk = rows.assign(at_risk=True)
    assert "at risk" not in [name for name, *_ in strata(all_at_risk)]
    assert "at risk" in [name for name, *_ in strata(all_at_risk, repeat=True)]


def test_held_back_origins_are_told_apart_where_a_stratum_has_rows_enough_and_is_not_all():
    country = np.array(["MLI"] * 60 + ["FRA"] * 60, object)
    quiet = np.arange(120) < 49
    rows = {"country": country, "hard_onset": quiet, "at_risk": np.ones(120, bool), "war_total": np.arange(120) < 20}
    counted = {name: inside.sum() for name, inside in held_back_strata(rows, ("hard_onset", "active", "sahel"))}
    assert counted == {"all": 120, "active": 71, "sahel": 60}  # 49 hard onsets are too few
    assert [name for name, _ in held_back_strata(rows, HELD_BACK)] == ["all", "active", "sahel", "without_war_totals"]
    more = rows | {"hard_onset": np.arange(120) < 50, "at_risk": np.arange(120) < 100}
    assert [name for name, _ in held_back_strata(more, HELD_BACK)] == ["all", *HELD_BACK]


def test_every_country_is_in_one_area_and_lake_chad_is_with_nigeria():
    codes = [code for listed in AREAS.values() for code in listed]
    assert len(set(codes)) == len(codes)
    found = area_of(np.array(["NER", "TCD", "SSD", "COD", "MOZ", "UKR"], object)).tolist()
    assert found == [*AREAS, "rest of the world"]
