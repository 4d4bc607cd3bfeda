"""The curated facts held against one another, and against what the Security Council allowed."""

import pandas as pd
import pytest

from faultline.features.sources.deployments import read_deployments
from faultline.features.sources.transitions import read_transitions

#: Soldiers, and soldiers with police, that the Security Council allowed, from the day of the resolution (or of the
#: step it set) on. MONUC's police before 2004 are those it was lent.
CEILINGS = """\
amisom-som 2007-02-20 8000 8270
amisom-som 2010-12-22 12000 12270
amisom-som 2012-02-22 17731 17731
amisom-som 2013-11-12 21586 22126
amisom-som 2017-12-31 20586 21626
amisom-som 2020-02-28 18586 19626
atmis-som 2022-04-01 18586 19626
atmis-som 2023-06-30 16586 17626
atmis-som 2024-01-31 13586 14626
atmis-som 2024-07-01 11586 12626
aussom-som 2025-01-01 11146 11826
minurcat-tcd 2009-01-14 5200 5525
minusca-caf 2014-04-10 10000 11800
minusca-caf 2015-03-26 10750 12830
minusca-caf 2017-11-15 11650 13730
minusca-caf 2021-03-12 14400 17420
minustah-hti 2010-01-19 8940 12651
minustah-hti 2010-06-04 8940 13331
minustah-hti 2011-10-14 7340 10581
minustah-hti 2012-10-12 6270 8871
minustah-hti 2013-10-10 5021 7622
minustah-hti 2014-10-14 2370 4971
minusma-mli 2013-04-25 11200 12640
minusma-mli 2016-06-29 13289 15209
monuc-cod 2000-02-24 5537 5537
monuc-cod 2003-07-28 10800 10934
monuc-cod 2004-10-01 16700 17175
monuc-cod 2008-11-20 19815 22016
monusco-cod 2010-07-01 19815 22016
monusco-cod 2017-03-31 16215 18316
monusco-cod 2019-12-19 14000 16661
monusco-cod 2023-12-19 13500 16161
onub-bdi 2004-05-21 5650 5770
unamid-sdn 2007-07-31 19555 25987
unamid-sdn 2012-07-31 16200 20890
unamid-sdn 2017-06-29 11395 14283
unamsil-sle 2001-03-30 17500 17500
unisfa-sdn 2011-06-27 4200 4250
unisfa-sdn 2013-05-29 5326 5376
unisfa-sdn 2018-11-15 4500 4845
undof-syr 1974-05-31 1250 1250
unifil-lbn 1978-03-19 7000 7000
unifil-lbn 2006-08-11 15000 15000
unmil-lbr 2003-09-19 15000 16115
unmis-sdn 2005-03-24 10000 10715
unmiss-ssd 2011-07-08 7000 7900
unmiss-ssd 2013-12-24 12500 13823
unmiss-ssd 2016-08-12 17000 19101
unoci-civ 2004-02-27 6240 6590
unoci-civ 2006-06-02 8115 9315
unoci-civ 2011-01-19 9792 11142
"""


def allowed(ceiling):
    """A ceiling, or where that is more, the hundred that a rounded figure may stand at."""
    return max(ceiling, round(ceiling, -2))


@pytest.fixture(scope="module")
def deployments():
    return read_deployments()


@pytest.fixture(scope="module")
def ceilings():
    steps = [line.split() for line in CEILINGS.splitlines()]
    return pd.DataFrame(steps, columns=["deployment", "since", "soldiers", "with_police"]).astype(
        {"since": "datetime64[s]", "soldiers": int, "with_police": int}
    )


def test_a_mission_is_no_stronger_than_the_security_council_allowed(deployments, ceilings):
    strengths = deployments[deployments["fact"] == "strength"]
    missions = set(strengths.loc[strengths["actor_class"] == "un", "deployment"])
    assert missions <= set(ceilings["deployment"])
    for row in strengths[strengths["deployment"].isin(ceilings["deployment"])].itertuples():
        own = ceilings[(ceilings["deployment"] == row.deployment) & (ceilings["since"] <= row.date)].iloc[-1]
        assert row.strength_low <= allowed(own["soldiers"]), row.fact_id
        assert row.strength_high <= allowed(own["with_police"]), row.fact_id


def test_a_force_that_changed_its_name_stays_where_it_was(deployments):
    moves = deployments[deployments["fact"].isin(["arrival", "departure"])]
    arrivals = moves[moves["fact"] == "arrival"]
    for end in moves[(moves["fact"] == "departure") & moves["initiator"].isna() & moves["regions"].isna()].itertuples():
        own = moves[(moves["deployment"] == end.deployment) & moves["regions"].notna() & (moves["date"] <= end.date)]
        signs = own["fact"].map({"arrival": 1, "departure": -1})
        places = own["regions"].str.split(";").explode()
        held = signs.loc[places.index].groupby(places.to_numpy()).sum()
        near = (arrivals["date"] - end.date).abs() <= pd.Timedelta(days=31)
        same = (arrivals["gwno"] == end.gwno) & (arrivals["actor_class"] == end.actor_class)
        heirs = arrivals[near & same & (arrivals["deployment"] != end.deployment)]
        kept = {code for codes in heirs["regions"].dropna() for code in codes.split(";")}
        left = {"ML-BKO"} if end.deployment == "serval-mli" else set()  # Barkhane was led from N'Djamena
        assert set(held[held > 0].index) - left <= kept, end.fact_id


@pytest.mark.parametrize(
    ("table", "same"), [("deployments", ["deployment", "fact"]), ("transitions", ["iso3"])], ids=str
)
def test_what_took_the_place_of_a_fact_came_later_and_is_of_the_same_thing(table, same):
    facts = {"deployments": read_deployments, "transitions": read_transitions}[table]().set_index("fact_id")
    old = facts[facts["superseded_by"].notna()]
    assert len(old) >= 10
    new = facts.loc[old["superseded_by"]].set_index(old.index)
    assert (new["known_on"] >= old["known_on"]).all()
    for column in same:
        assert (new[column] == old[column]).all(), column


def test_a_day_that_was_moved_before_it_came_names_what_moved_it():
    facts = read_transitions()
    days = facts[facts["fact"].isin(["election_set", "timetable_announced", "postponement"])]
    pairs = days[days["announced_end"].notna()].merge(days, on=["iso3", "subject"], suffixes=("", "_then"))
    later = (pairs["known_on_then"] > pairs["known_on"]) & (pairs["date_then"] >= pairs["date"])
    in_time = (pairs["date_then"] <= pairs["announced_end"]) & (pairs["announced_end_then"] != pairs["announced_end"])
    moved = pairs[later & in_time]
    assert len(moved) > 50
    assert moved["superseded_by"].notna().all(), moved.loc[moved["superseded_by"].isna(), "fact_id"].tolist()
