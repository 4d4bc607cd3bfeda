"""Which known events stand among the facts."""

import runpy

import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.facts.quiz import answers, askable, coded_on
from faultline.features.sources.deployments import read_deployments
from faultline.features.sources.facts_coverage import read_facts_coverage
from faultline.features.sources.facts_quiz import ONE_BY_ONE, read_facts_quiz, read_facts_rechecked, read_facts_sample
from faultline.features.sources.state_codes import iso3_by_gwno
from faultline.features.sources.transitions import read_transitions


def quiz(*rows):
    table = pd.DataFrame(rows, columns=["iso3", "date", "date_precision", "kind", "about"])
    return table.assign(date=pd.to_datetime(table["date"]))


@pytest.fixture
def facts():
    table = pd.DataFrame(
        [
            ("MLI", "departure", "french", "2022-08-15", "day", "gone"),
            ("MLI", "departure", "eu", "2022-06-30", "month", "takuba-gone"),
            ("MLI", "bloc_suspended", "ECOWAS", "2020-08-20", "day", "ecowas"),
            ("MLI", "charter", "transition", "2020-09-12", "day", "charter"),
        ],
        columns=["iso3", "kind", "about", "date", "date_precision", "fact_id"],
    )
    return table.assign(date=pd.to_datetime(table["date"]))


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (("MLI", "2022-08-20", "day", ("departure",), "french"), "gone"),
        (("MLI", "2022-09-15", "day", ("departure",), "french"), "gone"),
        (("MLI", "2022-09-17", "day", ("departure",), "french"), ""),
        (("MLI", "2022-10-01", "year", ("departure",), "french"), "gone"),
        (("MLI", "2022-07-31", "day", ("departure",), "eu"), "takuba-gone"),
        (("MLI", "2022-08-15", "day", ("departure",), "russian"), ""),
        (("MLI", "2022-08-15", "day", ("arrival",), "french"), ""),
        (("BFA", "2022-08-15", "day", ("departure",), "french"), ""),
        (("MLI", "2020-08-19", "day", ("bloc_suspended",), "AU"), ""),
        (("MLI", "2020-09-20", "day", ("agreement_signed", "charter"), ""), "charter"),
    ],
)
def test_a_fact_answers_for_its_country_kind_party_and_month(facts, event, found):
    assert answers(quiz(event), facts).tolist() == [found]


def test_an_event_is_coded_where_its_kind_was_searched_for_on_its_day():
    coverage = pd.DataFrame(
        [("MLI", "deployments", 2005, "2025-06-30"), ("", "coups", 1950, "2026-02-28")],
        columns=["iso3", "kind", "first_year", "searched_until"],
    )
    coverage["searched_until"] = pd.to_datetime(coverage["searched_until"])
    events = quiz(
        ("MLI", "2025-06-30", "day", ("arrival",), "un"),
        ("MLI", "2025-07-01", "day", ("arrival",), "un"),
        ("MLI", "2004-12-31", "day", ("arrival",), "un"),
        ("NER", "2010-01-01", "day", ("arrival",), "un"),
        ("NER", "2010-01-01", "day", ("coup_success",), ""),
        ("MLI", "2010-01-01", "day", ("charter",), ""),
    )
    assert coded_on(events, coverage).tolist() == [True, False, False, False, True, False]


@pytest.fixture(scope="module")
def asked():
    snapshot, events = bundled(), read_facts_quiz()
    facts = askable(read_deployments(), read_transitions(), snapshot.coups, snapshot.elections, iso3_by_gwno())
    return events.assign(now=answers(events, facts), coded=coded_on(events, read_facts_coverage()))


def test_nine_in_ten_known_events_stand_where_facts_were_searched_for(asked):
    assert len(asked) == 200
    for when, claimed in (("at_first", "coded_at_first"), ("now", "coded")):
        told = asked.loc[asked[claimed], when].astype(bool)
        assert told.mean() >= 0.9, when
    assert asked.loc[asked["at_first"], "now"].astype(bool).all()


def test_the_quiz_was_written_from_other_pages_than_the_facts(asked):
    tables = (read_deployments(), read_transitions())
    cited = {page for table in tables for column in ("source_url", "second_source") for page in table[column].dropna()}
    assert not set(asked.loc[asked["at_first"], "source_url"]) & cited


def test_the_sample_is_a_hundred_rows_of_both_tables():
    sample = read_facts_sample()
    facts = {"deployments": read_deployments(), "transitions": read_transitions()}
    assert len(sample) == 100
    for table, known in facts.items():
        drawn = sample.loc[sample["table"] == table, "fact_id"]
        assert len(drawn) > 0
        assert set(drawn) <= set(known["fact_id"])


def test_a_draw_is_a_hundred_rows_that_are_facts_still():
    facts = {"deployments": read_deployments(), "transitions": read_transitions()}
    for seed, rows in read_facts_rechecked().groupby("seed"):
        assert len(rows) == 100 or seed == ONE_BY_ONE, seed
        for table, own in rows.groupby("table"):
            removed = own[own["note"].str.endswith("Removed")]  # they were no facts
            assert removed.empty or (seed == ONE_BY_ONE and removed["verdict"].eq("wrong").all())
            assert set(own["fact_id"]) - set(facts[str(table)]["fact_id"]) == set(removed["fact_id"]), seed


def test_the_page_of_the_draws_is_what_its_command_makes_and_counts(root):
    made = runpy.run_path(str(root / "benchmarks" / "facts_sample.py"))["document"]()
    assert (root / "docs" / "facts-sample.md").read_text(encoding="utf-8") == made
    for seed, rows in read_facts_rechecked().groupby("seed"):
        wrong, checked = ((rows["verdict"] == "wrong").sum(), (rows["verdict"] != "not_at_hand").sum())
        if seed == ONE_BY_ONE:
            assert f"| both | {len(rows)} | {checked} | {wrong} |" in made
            continue
        assert f"{wrong} of {checked} ({wrong / checked:.1%})" in " ".join(made.split())
