"""War totals dated by one day are marked by what was known by then, and kept out of what is told of the past."""

import hashlib
from dataclasses import replace
from pathlib import Path

import made_panels
import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled, bundled_panel

import faultline
from faultline.features.blocks.build import BLOCKS, build_features
from faultline.features.contracts.war_totals import mark_war_totals
from faultline.features.tables.snapshot import load_table
from faultline.models.rows.death_rows import deaths_of, ordinary_deaths
from faultline.models.rows.recent_deaths import recent_deaths

ETHIOPIA, MEXICO, UKRAINE, RWANDA, SUDAN = 530, 70, 369, 517, 625


@pytest.fixture(scope="module")
def snapshot():
    return bundled()


@pytest.fixture(scope="module")
def marked(snapshot):
    table = snapshot.country_month
    rows = table[table["war_total"]]
    return {(int(gwno), f"{month:%Y-%m}") for gwno, month in zip(rows["gwno"], rows["month"], strict=True)}


def test_totals_known_from_elsewhere_are_marked(marked):
    assert {(ETHIOPIA, "2021-01"), (ETHIOPIA, "2022-08")} <= marked
    assert {(MEXICO, f"{year}-01") for year in range(2022, 2026)} <= marked


def test_fighting_and_massacres_of_the_month_itself_are_not_marked(marked):
    real = {(UKRAINE, "2022-02"), (UKRAINE, "2022-03"), (RWANDA, "1994-04"), (SUDAN, "2023-04"), (SUDAN, "2025-10")}
    assert not real & marked
    assert (666, "2023-10") not in marked  # Israel
    assert (MEXICO, "2026-01") not in marked  # 241 deaths: no total is in yet


def test_the_mark_of_a_month_does_not_change_with_later_months(snapshot):
    table = snapshot.country_month
    for last in pd.to_datetime(["1999-06-01", "2021-01-01", "2022-08-01", "2024-01-01"]):
        until = table[table["month"] <= last]
        np.testing.assert_array_equal(mark_war_totals(until), until["war_total"])


def test_the_mark_does_not_depend_on_the_order_of_the_rows(snapshot):
    mixed = snapshot.country_month.sample(frac=1.0, random_state=1)
    np.testing.assert_array_equal(mark_war_totals(mixed), mixed["war_total"])


def test_what_is_told_of_the_past_has_the_usual_deaths_instead():
    panel = bundled_panel("country")
    at, unit = panel.position(pd.Period("2021-01", "M")), panel.units.index.get_loc(str(ETHIOPIA))
    assert deaths_of(panel, "sb_deaths")[at, unit] == 114_614
    # 2020-01 to 2020-10 and 2020-12, and 2019-12: the twelve months before without 2020-11, itself a total
    assert 0 < ordinary_deaths(panel, "deaths")[at, unit] < 200
    recent = recent_deaths(panel, "deaths", month=np.array([at + 3]), unit=np.array([unit]), months=12)
    assert recent.max() < 5_000
    features = build_features(panel, blocks=["history"])
    assert np.expm1(features.column("deaths_peak_12")[at, unit]) < 5_000


def test_usual_deaths_are_the_rounded_mean_of_twelve_months_before():
    panel = made_panels.made_panel(3, n_units=2)
    totals = np.zeros(panel.shape, bool)
    totals[[60, 55], 1] = True
    panel = replace(panel, war_total=totals)
    before = [month for month in range(47, 60) if month != 55]
    expected = np.round(deaths_of(panel, "sb_deaths")[before, 1].mean())
    assert ordinary_deaths(panel, "sb_deaths")[60, 1] == expected
    rest = ~totals
    np.testing.assert_array_equal(ordinary_deaths(panel, "deaths")[rest], panel.deaths[rest])


def test_no_feature_that_forecasters_are_told_tells_how_large_a_war_total_was():
    panel = made_panels.made_panel(5, level="country")
    blocks = (*BLOCKS, "armed_field")
    first, second = (
        build_features(made_panels.with_war_total(panel, 60, 2, deaths=deaths), blocks=blocks)
        for deaths in (2_000, 114_614)
    )
    np.testing.assert_array_equal(first.values, second.values)


def test_a_panel_cut_off_keeps_the_marks_of_its_months():
    panel = made_panels.made_panel(1)
    assert panel.war_total.shape == panel.shape
    assert not panel.war_total.any()
    assert panel.until(panel.months[9]).war_total.shape == (10, panel.shape[1])


def test_the_page_lists_every_marked_month(snapshot):
    names = snapshot.countries.set_index("gwno")["name"]
    rows = snapshot.country_month[snapshot.country_month["war_total"]].sort_values(["month", "gwno"])
    page = (Path(faultline.__file__).parent / "docs" / "data.md").read_text(encoding="utf-8")
    table = [
        f"| {r.month:%Y-%m} | {names[r.gwno]} | {r.violence_type} | {r.events} | {r.deaths:,} |"
        for r in rows.itertuples()
    ]
    assert "\n".join(table) in page


def test_a_snapshot_made_before_the_mark_is_marked_on_loading(snapshot, tmp_path):
    old = snapshot.country_month.drop(columns="war_total")
    file = tmp_path / "country_month.parquet"
    old.to_parquet(file, index=False)
    known = replace(snapshot.provenance["country_month"], sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    pd.testing.assert_frame_equal(load_table(tmp_path, "country_month", known), snapshot.country_month)
