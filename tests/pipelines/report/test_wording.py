"""Numbers and months in words."""

from datetime import date

import pytest

from faultline.features.errors import UnknownNameError
from faultline.pipelines.report.wording import Wording

ENGLISH = Wording.of("en")


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "<1%"),
        (0.0099, "<1%"),
        (0.01, "1%"),
        (0.255, "26%"),
        (0.99, "99%"),
        (0.995, ">99%"),
        (float("nan"), "\N{EN DASH}"),
    ],
)
def test_a_probability_is_never_said_to_be_0_or_100(probability: float, said: str):
    assert ENGLISH.percent(probability) == said


@pytest.mark.parametrize(("points", "said"), [(0.104, "+10"), (-0.031, "\N{MINUS SIGN}3"), (0.004, "0"), (-0.004, "0")])
def test_differences_carry_their_sign(points: float, said: str):
    assert ENGLISH.difference(points) == said


def test_a_period_says_its_year_once_where_it_can():
    assert ENGLISH.period(date(2026, 6, 1), date(2026, 6, 30)) == "June 2026"
    assert ENGLISH.period(date(2026, 6, 1), date(2026, 8, 31)) == "June to August 2026"
    assert ENGLISH.period(date(2026, 11, 1), date(2027, 1, 31)) == "November 2026 to January 2027"


def test_a_period_fits_into_a_sentence():
    assert ENGLISH.within(date(2026, 6, 1), date(2026, 6, 30)) == "in June 2026"
    assert ENGLISH.within(date(2026, 6, 1), date(2026, 8, 31)) == "from June to August 2026"


def test_lists_end_in_and():
    assert [ENGLISH.listing(items) for items in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


def test_one_and_several_differ():
    assert ENGLISH.say("status.countries", n=1) == "1 country"
    assert ENGLISH.say("status.countries", n=2) == "2 countries"


def test_a_target_without_a_message_is_shown_as_it_is():
    assert ENGLISH.name("target", "escalation") == "escalation"


def test_a_language_that_is_not_there_offers_those_that_are():
    with pytest.raises(UnknownNameError, match="'en'"):
        Wording.of("eng")


def test_what_rounds_to_nothing_has_no_sign():
    english = Wording.of("en")
    assert [english.decimal(value, places=1, signed=True) for value in (-0.04, 0.04, 0.0)] == ["0.0"] * 3
    assert english.decimal(-0.06, places=1) == "\N{MINUS SIGN}0.1"


@pytest.mark.parametrize(("lang", "said"), [("en", "less than 0.1 points"), ("fr", "moins de 0,1 point")])
def test_facts_that_add_next_to_nothing_are_said_to(lang, said):
    wording = Wording.of(lang)
    (told,) = wording.effects((-0.0001, -0.0004, 0.0003), "sanctions in force")
    assert said in told
    (of_deaths,) = wording.effects((-0.0001, -0.0004, 0.0003), "sanctions in force", deaths=True)
    assert "0.1%" in of_deaths or "0,1\N{NO-BREAK SPACE}%" in of_deaths
    (more,) = wording.effects((0.004, -0.0001, 0.008), "sanctions in force")
    assert said not in more
