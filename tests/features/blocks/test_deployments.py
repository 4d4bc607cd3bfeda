"""What forecasters are told of foreign forces in Mali, against dates and figures that can be looked up."""

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled, bundled_panel

from faultline.features.blocks.build import build_features
from faultline.features.blocks.feature import SINCE_CAP

SNAPSHOT = bundled()


def told(panel, unit, *, blocks=("deployments", "force_classes", "coded")):
    features = build_features(panel, blocks=blocks)
    column = panel.units.index.get_loc(unit)
    columns = {name: features.column(name)[:, column] for name in features.names}
    return pd.DataFrame(columns, panel.months).astype("float64")


@pytest.fixture(scope="module")
def mali():
    return told(bundled_panel("country"), "432")


def months(told_, feature, month):
    return round(float(np.expm1(told_.loc[month, feature])))


def test_minusma_comes_and_goes(mali):
    # It took over from AFISMA on 1 July 2013; its first map is of March 2014. It was gone on 31 December 2023.
    assert mali.loc["2013-06", "un_base"] == 0
    assert (mali.loc["2014-03":"2023-12", "un_base"] == 1).all()
    assert (mali.loc["2024-01":, "un_base"] == 0).all()
    assert months(mali, "un_troops", "2019-12") > 10_000
    assert months(mali, "un_troops", "2024-01") == 0
    # A departure is certain in the second month without the force.
    assert months(mali, "since_un_departure", "2024-02") == 0
    assert months(mali, "since_un_departure", "2025-02") == 12


def test_minusmas_end_is_announced_and_leaves_a_gap(mali):
    # Mali demanded it on 16 June 2023; resolution 2690 of 30 June set the end of the year.
    assert mali.loc["2023-05", "withdrawals_announced"] == 0
    assert mali.loc["2023-06", "withdrawals_announced"] == 1
    assert mali.loc["2023-06":"2023-12", "months_to_withdrawal"].tolist() == [6, 5, 4, 3, 2, 1, 0]
    assert mali.loc["2024-01", "months_to_withdrawal"] == 36
    # Nobody came by the end of March 2024: seen from April on, until the force of the Sahel alliance began on 20
    # December 2025. The gap that France left ends in October 2024; the Africa Corps of June 2025 is Wagner by another
    # name, and no arrival.
    assert (mali.loc["2024-04":"2025-11", "replacement_gap"] == 1).all()
    assert mali.loc["2025-12", "replacement_gap"] == 0


def test_barkhane_comes_out_of_serval_and_leaves(mali):
    # Serval from 11 January 2013, Barkhane from August 2014, the last soldier gone on 15 August 2022.
    assert months(mali, "since_french_forces_arrival", "2013-01") == 0
    assert months(mali, "since_french_forces_arrival", "2014-08") == 19  # the change of name is no arrival
    assert mali.loc["2022-07", "french_base"] == 1
    assert mali.loc["2022-08", "french_base"] == 0
    assert months(mali, "since_french_forces_departure", "2022-09") == 0
    before, after = (months(mali, "french_troops", month) for month in ("2022-05", "2022-08"))
    assert before > 1000
    assert after == 0
    assert mali.loc["2022-08", "french_troops_change_3"] == pytest.approx(-np.log1p(before), rel=1e-4)


def test_wagner_comes_and_hands_over_to_the_africa_corps(mali):
    # Known from 23 December 2021; 1,000 at most; the Africa Corps took over on 6 June 2025.
    assert mali.loc["2021-11", "russian_base"] == 0
    assert months(mali, "since_russian_forces_arrival", "2021-12") == 0
    assert months(mali, "since_russian_forces_arrival", "2025-12") == 48
    assert (mali.loc["2022-06":"2025-05", "russian_troops"] > np.log1p(500)).all()
    never = mali.loc["2021-12":, "since_russian_forces_departure"]
    np.testing.assert_allclose(never, np.log1p(SINCE_CAP), rtol=1e-6)


def test_forces_are_counted_by_name(mali):
    # Barkhane, Takuba, MINUSMA, EUTM, EUCAP, the G5 force and Wagner at the beginning of 2022.
    assert mali.loc["2022-01", "foreign_forces"] == 7
    assert mali.loc["2012-06", "foreign_forces"] == 0


def test_where_foreign_forces_were_not_coded_there_is_no_absence_of_them_but_un_bases_are_known():
    # British bases stand in Cyprus, which nobody coded, nor Peru and Indonesia; the UN has stood in Cyprus since 1964.
    panel = bundled_panel("country")
    for gwno in ("135", "850", "352"):
        unit = told(panel, gwno)
        of_facts = unit[["foreign_forces", "us_troops", "russian_distance", "replacement_gap", "us_troops_change_12"]]
        assert of_facts.isna().all(axis=None), gwno
        assert (unit["facts_coded_deployments"] == 0).all()
    assert months(unit, "un_troops", "2026-05") > 500
    assert unit.loc["1993-12":"1994-01", "un_troops"].isna().tolist() == [True, False]  # Geo-PKO begins in 1994
    assert unit["un_troops_change_12"].first_valid_index() == pd.Period("1995-01", "M")


def test_forces_are_told_from_the_year_from_which_they_were_coded(mali):
    assert mali["foreign_forces"].first_valid_index() == pd.Period("2005-01", "M")
    assert mali["french_troops_change_6"].first_valid_index() == pd.Period("2005-07", "M")
    assert mali["facts_coded_deployments"].eq(1).idxmax() == pd.Period("2005-01", "M")
    # the people of Sabre and others were not known at once
    people = [name for name in mali.columns if "troops" in name]
    assert mali.drop(columns=people).loc["2006-01":].notna().all(axis=None)
    assert mali.loc["2006-01":"2012-12", people].notna().all(axis=None)


def test_a_first_figure_is_no_change_of_troops():
    # France had soldiers in Gabon since 1960; how many they were was told after the coup of August 2023
    gabon = told(bundled_panel("country"), "481")
    assert gabon.loc["2023-09", "french_troops"] == pytest.approx(np.log1p(380))
    changes = [f"{whose}_troops_change_{lag}" for whose in ("french", "foreign") for lag in (3, 6, 12)]
    assert gabon.loc["2023-09":"2023-09", changes].isna().all(axis=None)


def test_what_is_told_of_changes_is_the_difference_of_logs(mali):
    for name in ("un", "french", "russian"):
        for lag in (3, 6, 12):
            expected = mali[f"{name}_troops"].diff(lag).iloc[lag:]
            np.testing.assert_allclose(mali[f"{name}_troops_change_{lag}"].iloc[lag:], expected, atol=1e-5)


def test_a_region_has_its_own_bases_and_its_countrys_comings():
    panel = bundled_panel("region")
    darfur = told(panel, "SD-DN", blocks=("force_classes", "deployments"))  # North Darfur, with UNAMID's headquarters
    nile = told(panel, "SD-NO")
    assert darfur.loc["2012-06", "un_base"] == 1
    assert nile.loc["2012-06", "un_base"] == 0
    assert darfur["since_un_forces_departure"].equals(nile["since_un_forces_departure"])
    assert months(nile, "un_distance", "2012-06") > 300  # kilometres
