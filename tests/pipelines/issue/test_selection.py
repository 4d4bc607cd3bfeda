"""Choosing rows of the flat table."""

import pytest
from made_scores import made_later, made_scores

from faultline.features.errors import UnknownNameError
from faultline.pipelines.issue.selection import of_windows, select_scores


@pytest.fixture(scope="module")
def scores():
    return made_scores()


def test_level_target_and_horizon_choose_together(scores):
    chosen = select_scores(scores, level="region", target="violence_25", horizon=12)
    assert chosen["admin1_code"].tolist() == ["NG-BO", "NG-YO"]
    assert chosen.index.tolist() == [0, 1]
    assert len(select_scores(scores)) == len(scores)


def test_a_country_brings_its_regions_and_any_of_a_units_names_will_do(scores):
    nigeria = select_scores(scores, units="nga")
    assert set(nigeria["admin1_code"].dropna()) == {"NG-BO", "NG-YO"}
    assert len(select_scores(scores, units="Nigeria")) == len(nigeria)
    borno = select_scores(scores, units="NG-BO")
    assert select_scores(scores, units=["borno"]).equals(borno)
    assert set(select_scores(scores, level="country", units=["MLI", "Borno", "NGA"][::2])["location_code"]) == {
        "MLI",
        "NGA",
    }


@pytest.mark.parametrize(
    ("chosen", "near"),
    [
        ({"level": "regions"}, "'region'"),
        ({"target": "violence_52"}, "'violence_25'"),
        ({"level": "country", "target": "contestaton"}, "violence_1"),
        ({"horizon": 4}, "'1'"),
        ({"units": "Bornu"}, "'Borno'"),
        ({"units": ["MLI", "NGX"]}, "'NGA'"),
    ],
)
def test_a_typo_gives_the_nearest_names(scores, chosen, near):
    with pytest.raises(UnknownNameError, match=near):
        select_scores(scores, **chosen)


def test_no_far_name_is_offered_for_a_unit_that_is_not_scored():
    names = ["Croatia", *(f"Country {number}" for number in range(20))]
    with pytest.raises(UnknownNameError) as caught:
        raise UnknownNameError("unit", "Mopti", names, listed_by="load_scores()")
    assert str(caught.value) == "unknown unit 'Mopti'; none of the 21 there are is near it; load_scores() lists them."


def test_windows_are_those_that_follow_on_the_data_or_those_from_today(scores):
    both = made_later()
    assert of_windows(both, "all").equals(both)
    assert of_windows(both, "data").equals(scores)
    today = of_windows(both, "today")
    assert set(today.loc[today["admin_level"] == 0, "months_between"]) == {6}
    # of a level without them, those of the data stand in; so they do for an issue from before there were any
    assert set(today.loc[today["admin_level"] == 1, "months_between"]) == {0}
    assert of_windows(scores.drop(columns="months_between"), "today").equals(scores.drop(columns="months_between"))
    with pytest.raises(UnknownNameError, match="'today'"):
        select_scores(both, windows="todai")  # pyright: ignore[reportArgumentType]
