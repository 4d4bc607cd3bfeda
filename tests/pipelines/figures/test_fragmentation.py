"""The history of fragmentation, and what the case study says of its misses."""

import io

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from faultline.features.errors import CoverageError, SchemaError, UnknownNameError
from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.cases.case_study import misses
from faultline.pipelines.cli.printing import print_history
from faultline.pipelines.figures.fragmentation import draw_history, history


@pytest.fixture(scope="module")
def snapshot(cut):
    return load_snapshot(cut)


@pytest.fixture(scope="module")
def table(snapshot):
    return history(snapshot, ("NGA", "SDN", "MLI"))


def test_it_tells_the_published_figures_by_year(table):
    years = table.set_index(["iso3", "year"])
    assert years.loc[("NGA", 2012), "tfi"] == pytest.approx(0.38, abs=0.005)
    assert years.loc[("NGA", 2012), "leading_bloc"] == "JAS"
    assert years.loc[("SDN", 2022), "tfi"] == pytest.approx(0.07, abs=0.005)
    assert years.loc[("SDN", 2023), "leading_bloc"] == "RSF"
    assert years.loc[("SDN", 2023), "regions"] == 27
    # nobody knows who fought in Mali after 2020, and its regions are counted until 2024
    assert np.isnan(years.loc[("MLI", 2024), "tfi"])
    assert years.loc[("MLI", 2024), "contested_share"] >= 0.7
    assert years.loc[("MLI", 2010), "contested_share"] == 0


def test_countries_without_region_events_have_groups_but_no_index(snapshot):
    uganda = history(snapshot, ("UGA",))
    assert uganda["tfi"].isna().all()
    assert uganda["groups"].max() > 3


def test_it_is_printed_and_drawn(table, tmp_path):
    console = Console(width=120, record=True, file=io.StringIO())
    print_history(table, console)
    text = console.export_text()
    assert "JAS (8)" in text
    assert "no events" in text
    draw_history(table, tmp_path / "history.png")
    assert (tmp_path / "history.png").read_bytes().startswith(b"\x89PNG")


def test_regions_are_weighed_by_the_people_that_a_file_gives(snapshot, tmp_path):
    file = tmp_path / "people.csv"
    sudan = snapshot.regions[snapshot.regions["gwno"] == 625]
    same = [f"{region},1000" for region in sudan["region_id"]]
    file.write_text("\n".join(["region_id,population", *same, ""]))
    years = history(snapshot, ("SDN", "NGA"), population=file)
    weighed = years[years["iso3"] == "SDN"].dropna(subset="tfi")
    np.testing.assert_allclose(weighed["tfi_population"], weighed["tfi_today"])
    np.testing.assert_allclose(weighed["contested_share_population"], weighed["contested_share"])
    assert weighed["contested_share"].max() > 0.4
    assert years.loc[years["iso3"] == "NGA", ["tfi_population", "contested_share_population"]].isna().all(axis=None)
    console = Console(width=120, record=True, file=io.StringIO())
    print_history(years, console)
    assert console.export_text().count("of people") == 2  # the head of Sudan's table, and what it means
    empty = ["SD-KH,1000000000" if line.startswith("SD-KH,") else line for line in same]
    file.write_text("\n".join(["region_id,population", *empty, ""]))
    shares = history(snapshot, ("SDN",), population=file).set_index("year")["contested_share_population"]
    assert shares[2023] == pytest.approx(1, abs=1e-4)  # almost everybody in Khartoum, and war there from April 2023 on
    assert shares[2022] == pytest.approx(0, abs=1e-4)
    file.write_text("\n".join(["region_id,population", *same, ""]))
    file.write_text("\n".join(["region_id,population", *same[1:], ""]))
    with pytest.raises(CoverageError, match="1 of SDN's regions have no population"):
        history(snapshot, ("SDN",), population=file)
    file.write_text("region_id,population\nSDN-0,5\n")
    with pytest.raises(SchemaError, match="no region of the snapshot"):
        history(snapshot, ("SDN",), population=file)


def test_an_unknown_country_is_refused(snapshot):
    with pytest.raises(UnknownNameError, match="NGR"):
        history(snapshot, ("NGR",))


def test_misses_are_named_from_the_numbers():
    rows = pd.DataFrame(
        {
            "origin": ["2022-02", "2022-05"] * 2,
            "target": ["violence_25"] * 2 + ["new_armed_actor"] * 2,
            "horizon_months": [1, 1, 12, 12],
            "probability": [0.9, 0.95, 0.2, 0.6],
            "outcome": [1.0, 1.0, 1.0, 0.0],
        }
    )
    text = "\n".join(misses(rows))
    assert "Missed (happened, below even odds): 2022-02 (20%)." in text
    assert "False alarms: 2022-05 (60%)." in text
    assert "no higher before it happened" in text
    assert "The outcome never changed" in text
