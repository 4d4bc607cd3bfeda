"""What becomes known after a month changes nothing in it: over the real tables of foreign forces and transitions."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bundled import bundled, bundled_panel

from faultline.features.facts.distances import base_distances
from faultline.features.facts.peacekeepers import carried_forward, pictures
from faultline.features.months import month_range
from faultline.features.panels.countries import political_values

FIRST, LAST = pd.Period("2011-01", "M"), pd.Period("2026-05", "M")
MONTHS = month_range(FIRST, LAST)
DATED = {
    "deployments": ("date", "announced_end"),
    "transitions": ("date", "announced_end"),
    "elections": ("date",),
    "coups": ("date",),
    "regimes": (),
    "un_bases": (),
}
SNAPSHOT = bundled()
AFRICA = SNAPSHOT.countries[SNAPSHOT.countries["region"] == "Africa"].reset_index(drop=True)


def rewritten(table, name, month, rng):
    """The table with other rows after the month's end: some gone, some told otherwise, some told of other countries."""
    later = table["known_on"] > month.end_time
    past, future = table[~later], table[later]
    future = future[rng.random(len(future)) < 0.7].reset_index(drop=True)
    for column in DATED[name]:
        moved = future[column] + pd.to_timedelta(rng.integers(-2000, 1, len(future)), "D")
        future[column] = moved.astype("datetime64[s]")
    for column in ("gwno", "troops", "regions", "regime", "event", "strength_high", "successful"):
        if column in future and (name, column) != ("un_bases", "gwno"):
            future[column] = future[column].to_numpy()[rng.permutation(len(future))]
    return pd.concat([past, future], ignore_index=True)


def known_values(snapshot, months):
    countries = pd.Index(AFRICA["gwno"])
    bases = snapshot.un_bases
    drawn = list(pictures(bases, snapshot.deployments, months))
    troops, count = carried_forward(bases, drawn, unit=bases["gwno"], units=countries, months=months)
    distances = base_distances(
        snapshot.deployments,
        bases,
        drawn,
        level="country",
        units=AFRICA.set_index(AFRICA["gwno"].astype(str)),
        countries=AFRICA,
        months=months,
    )
    political = political_values(snapshot, countries=countries, months=months)
    return {"un_troops": troops, "un_bases": count, **distances, **political}


@cache
def as_it_is():
    return known_values(SNAPSHOT, MONTHS)


@given(month=st.integers(1, len(MONTHS) - 2), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=8)
def test_rows_known_after_a_month_change_nothing_up_to_it(month, seed):
    rng = np.random.default_rng(seed)
    other = replace(SNAPSHOT, **{name: rewritten(getattr(SNAPSHOT, name), name, MONTHS[month], rng) for name in DATED})
    before, after = as_it_is(), known_values(other, MONTHS)
    for name, array in before.items():
        np.testing.assert_array_equal(array[: month + 1], after[name][: month + 1], err_msg=name)


@pytest.mark.parametrize("month", ["2013-06", "2022-08"])
@pytest.mark.parametrize("kind", ["country", "region", "sides"])
def test_a_panel_of_an_earlier_month_is_the_start_of_the_whole_panel(kind, month):
    then, now = bundled_panel(kind, month), bundled_panel(kind).until(pd.Period(month, "M"))
    units = then.units.index.intersection(now.units.index)
    columns = [panel.units.index.get_indexer(units) for panel in (then, now)]
    for name, array in then.values.items():  # noqa: PD011  # a dict of ours
        np.testing.assert_array_equal(array[:, columns[0]], now.values[name][:, columns[1]], err_msg=name)  # noqa: PD011
