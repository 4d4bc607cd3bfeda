"""The month in a few sentences."""

import datetime as dt
from dataclasses import replace

from faultline.pipelines.report.forecasts import forecasts, pick
from faultline.pipelines.report.page import page
from faultline.pipelines.report.status import badges
from faultline.pipelines.report.summary import over, summary
from faultline.pipelines.report.wording import Wording

ENGLISH = Wording.of("en")


def _main(contents, level: int):
    return pick(forecasts(contents.scores), level=level, target="violence_25", horizon=3)


def test_the_likely_are_counted_and_the_likeliest_named(make):
    first, second, *_ = summary(_main(make(), 0), (), (), ENGLISH)
    assert first == (
        "2 of 5 countries are more likely than not to see at least 25 deaths in organised violence "
        "from June to August 2026."
    )
    assert second.startswith("The probability is highest in Alphaland (97%), Betania (62%), Côte Gamma (21%)")


def test_a_single_country_gets_a_sentence_of_its_own(make):
    (only,) = summary(_main(make(countries=1), 0), (), (), ENGLISH)
    assert only.startswith("The probability that Alphaland sees at least 25 deaths")
    assert "97% (90% interval 78% to 98%; baseline 87%)" in only


def test_the_largest_gaps_over_the_baseline_are_named(make):
    first, second, *rest = _main(make(), 0)
    moved = (replace(first, baseline=0.57), replace(second, baseline=0.92), *rest)
    text = " ".join(summary(moved, (), (), ENGLISH))
    assert "rises most for Alphaland (97% against 57%) and falls most for Betania (62% against 92%)" in text


def test_changes_since_the_last_issue_are_said_where_there_was_one(make):
    first, *rest = _main(make(), 0)
    assert "last issue" not in " ".join(summary((first, *rest), (), (), ENGLISH))
    text = " ".join(summary((replace(first, change=0.25), *rest), (), (), ENGLISH))
    assert "Since the last issue, the forecast rose most for Alphaland (by 25 points to 97%)." in text


def test_stale_regions_are_said_to_speak_of_the_past(make):
    made = make()
    text = summary(_main(made, 0), _main(made, 1), (), ENGLISH)[-1]
    assert "Betania (to 31 December 2019)" in text
    assert "say nothing about today" in text


def test_regions_alone_are_not_called_countries(make):
    assert summary((), _main(make(), 1), (), ENGLISH)[0].startswith("1 of 3 regions is more likely than not")


def test_a_brief_made_when_its_first_windows_are_over_says_so_first(make):
    late = make(issue_date=dt.date(2026, 11, 30))
    assert page(late, ENGLISH).sentences[0] == (
        "Data end in May 2026. What this issue forecast from June to August 2026 is over."
    )
    french = page(late, Wording.of("fr")).sentences[0]
    assert "mai 2026" in french
    assert "entre juin et août 2026 est passé" in french


def test_nothing_is_said_to_be_over_before_the_last_day_of_a_window_has_passed(make):
    everything = forecasts(make().scores, ENGLISH)
    first = min(f.end for f in everything if not f.stale)
    assert over(everything, first, ENGLISH) == ()
    assert over(everything, first + dt.timedelta(days=1), ENGLISH)


def test_it_is_said_of_countries_that_are_stale_too(make):
    everything = forecasts(make().scores.assign(warning="stale: data end long before the issue date"))
    assert all(f.stale for f in everything)
    newest = max(f.through for f in everything)
    (said,) = over(everything, newest + dt.timedelta(days=183), ENGLISH)
    assert said.endswith("is over.")


def _bridged(made):
    regions = _main(made, 1)
    note = "bridged: 15 months to 2026-05 not known by region, the last known is 2026-02"
    through = dt.date(2026, 5, 31)
    return tuple(replace(f, through=through, warnings=(note,), bridged_months=15) for f in regions)


def test_bridged_regions_are_said_to_start_from_their_countrys_newest_month(make):
    made = make()
    text = summary(_main(made, 0), _bridged(made), (), ENGLISH)[-1]
    assert text == (
        "The forecasts for 3 regions start from their country's newest month, May 2026. What happened in each is not "
        "known for up to 15 months before: the country's deaths are shared out by what is known of its regions."
    )
    french = summary((), _bridged(made), (), Wording.of("fr"))[-1]
    assert "mai 2026" in french
    assert "15 mois" in french


def test_bridged_regions_bear_a_word_of_their_own_and_a_note_in_both_languages(make):
    first = _bridged(make())[0]
    assert [badge.word for badge in badges(first, ENGLISH)] == ["bridged"]
    (note,) = first.warnings
    assert ENGLISH.warning(note) == (
        "bridged: 15 months to May 2026 are not known by region, the last known is February 2026"
    )
    assert Wording.of("fr").warning(note).startswith("réparti\N{NO-BREAK SPACE}: 15 mois jusqu’à mai 2026")


def test_months_that_were_bridged_are_read_from_the_scores(make):
    scores = make().scores
    regions = scores["admin_level"] == 1
    told = forecasts(scores.assign(bridged_months=scores["bridged_months"].mask(regions, 15)))
    assert {f.bridged_months for f in told if f.level == 1} == {15}
    assert {f.bridged_months for f in told if f.level == 0} == {0}
