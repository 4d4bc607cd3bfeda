"""Who fought where: rows that name sides, placed by outline or nearest centre; and the real ones against the counts."""

import gzip

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled, bundled_panel
from shapely.geometry import box

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.precise import read_precise

HEADER = (
    "id,year,month,day,country,type_of_violence,conflict_name,side_a,side_b,latitude,longitude,low_death,best_death,"
    "high_death,date"
)
ROWS = f"""\
{HEADER}
1,2012,3,1,Mali,State-based violence,x,Government of Mali,CMA,0.5,0.5,1,5,6,2012-03-01
2,2012,3,9,Mali,State-based violence,x,Government of Mali,CMA,0.5,0.6,1,4,6,2012-03-09
3,2012,3,9,Mali,One-sided violence,x,Men of nowhere,Civilians,0.5,0.9,1,4,6,2012-03-09
4,2012,4,9,Mali,Non-state violence,x,CMA,Herders,0.5,3.0,1,2,6,2012-04-09
5,2012,4,9,Niger,Non-state violence,x,CMA,Herders,0.5,3.0,1,2,6,2012-04-09
6,2012,4,9,Iceland,Non-state violence,x,CMA,Herders,0.5,3.0,1,2,6,2012-04-09
"""
ACTORS = "ActorId,NameData,Org\n72,Government of Mali,4\n1158,CMA,1\n800,Herders,3\n"
REGIONS = pd.DataFrame(
    {
        "region_id": ["ML-7", "ML-8", "ML-9", "NE-1"],
        "gwno": np.array([432, 432, 432, 436], "int32"),
        "outline": ["Gao", None, None, "Agadez"],
        "lat": [0.5, 0.5, 0.5, 0.5],
        "lon": [0.5, 3.0, 1.0, 9.0],
    }
)
OUTLINES = gpd.GeoDataFrame({"region_id": ["ML-7"], "gwno": [432]}, geometry=[box(0, 0, 1, 1)], crs=4326)


def read(folder, text=ROWS, **options):
    file, actors = folder / "rows.csv.gz", folder / "actors.csv"
    file.write_bytes(gzip.compress(text.encode()))
    actors.write_text(ACTORS, encoding="utf-8")
    countries = bundled().countries
    return read_precise(file, actors, regions=REGIONS, outlines=OUTLINES, countries=countries, **options)


def test_rows_are_counted_by_region_month_type_and_pair_of_numbers(tmp_path):
    made = read(tmp_path)
    rows = made.region_sides.set_index("region_id")
    fought = rows[rows["violence_type"] == "sb"].loc[["ML-7"]]
    assert fought[["side_a_id", "side_b_id", "events", "deaths"]].to_numpy().tolist() == [[72, 1158, 2, 9]]
    assert str(fought["known_on"].item())[:10] == "2012-03-31"


def test_a_point_in_no_outline_goes_to_the_nearest_region_that_has_none(tmp_path):
    rows = read(tmp_path).region_sides
    april = rows[rows["month"] == "2012-04-01"].set_index("gwno")["region_id"]
    assert april.to_dict() == {432: "ML-8", 436: "NE-1"}


def test_regions_on_one_outline_share_it_by_the_nearest_centre(tmp_path):
    rows = read(tmp_path, on_one_outline={"ML-7": ("ML-9",)}).region_sides
    one_sided = rows[rows["violence_type"] == "os"]
    assert one_sided["region_id"].tolist() == ["ML-9"]  # .9 is nearer to 1.0 than to .5
    assert rows.loc[rows["violence_type"] == "sb", "region_id"].tolist() == ["ML-7"]


def test_communal_fighting_is_not_organised_and_sides_without_a_number_get_one(tmp_path):
    made = read(tmp_path)
    rows = made.region_sides
    assert not rows.loc[rows["violence_type"] == "ns", "organised"].any()
    assert rows.loc[rows["violence_type"] != "ns", "organised"].all()
    assert rows.loc[rows["violence_type"] == "os", ["side_a_id", "side_b_id"]].to_numpy().tolist() == [
        [900_000_000, 9999]
    ]
    assert made.losses["precise_sides_without_a_number"] == 1
    assert made.losses["precise_events_of_countries_without_regions"] == 1


def test_states_at_hand_in_another_release_are_left_out(tmp_path):
    made = read(tmp_path, without=[436])
    assert made.sides_coverage["gwno"].tolist() == [432]
    assert set(made.region_sides["gwno"]) == {432}


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("State-based", "Stateless", "type_of_violence"),
        ("2012-04-09", "2022-04-09", "date"),
        (",2,6,2012-04", ",-2,6,2012-04", "best_death"),
        ("0.5,3.0", "95,3.0", "latitude"),
        ("2,2012,3,9", "1,2012,3,9", "id"),
    ],
)
def test_a_fault_is_one_error_with_its_line(tmp_path, old, new, column):
    with pytest.raises(SchemaError) as caught:
        read(tmp_path, ROWS.replace(old, new))
    assert caught.value.column == column
    assert caught.value.row is not None


def test_a_gzip_that_is_cut_off_is_one_error(tmp_path):
    read(tmp_path)
    file = tmp_path / "rows.csv.gz"
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(SourceError, match="gzip") as caught:
        read_precise(file, tmp_path / "actors.csv", regions=REGIONS, outlines=OUTLINES, countries=bundled().countries)
    assert caught.value.file == file


@pytest.mark.parametrize(("state", "share", "likeness"), [(432, 0.80, 0.90), (439, 0.83, 0.97), (436, 0.82, 0.96)])
def test_real_rows_placed_by_outline_agree_with_the_counts_by_name(state, share, likeness):
    """The same events, three quarters of them, once by point in polygon and once by UCDP's name of the region."""
    counted, sides = bundled_panel("region"), bundled_panel("sides")
    own = sides.units.index[sides.units["gwno"] == state]
    since, until = pd.Period("2010-01", "M"), pd.Period("2020-12", "M")
    named = counted.events[counted.position(since) : counted.position(until) + 1, counted.units.index.get_indexer(own)]
    placed = sides.events[sides.position(since) : sides.position(until) + 1, sides.units.index.get_indexer(own)]
    assert placed.sum() / named.sum() == pytest.approx(share, abs=0.02)
    assert np.corrcoef(placed.ravel(), named.ravel())[0, 1] >= likeness
