"""The issue in three sentences."""

from made_scores import listed

from faultline.pipelines.report.forecasts import forecasts, pick
from faultline.pipelines.report.headline import headline
from faultline.pipelines.report.record import Record
from faultline.pipelines.report.watchlist import lay_out_watchlists
from faultline.pipelines.report.wording import Wording

ENGLISH = Wording.of("en")
SETTLED = Record("How it went", ("It happened in 30 of 34.",), counts=(("hit", "30", "hits"),))
FIRST = Record("How it went", ("There is no track record yet.",))


def said(make, record: Record, over: tuple[str, ...] = ()) -> tuple[str, ...]:
    shown = pick(forecasts(make().scores), level=0, target="violence_25", horizon=3)
    return headline(shown, lay_out_watchlists(listed(), ENGLISH)["country"], record, ENGLISH, over=over)


def test_deaths_moves_and_the_record_are_said_in_three_sentences(make):
    deaths, moves, record = said(make, SETTLED, ("Data end in May.",))
    assert deaths.startswith("Most deaths from June 2026 to May 2027 are expected in ")
    assert "(60; 90% range 5 to 1,900)" in deaths
    assert deaths.endswith(
        "; 2 of 5 countries have more than an even chance of at least 25 deaths in organised violence "
        "from June to August 2026."
    )
    assert moves.startswith("Deaths are most likely to rise in ")
    assert "most likely to fall in" in moves
    assert "most likely to break out anew in" in moves
    assert record == "It happened in 30 of 34."


def test_before_anything_is_settled_the_last_sentence_says_how_old_the_data_are(make):
    assert said(make, FIRST, ("Data end in May.",))[-1] == "Data end in May."
    assert len(said(make, FIRST)) == 2


def test_an_issue_without_deaths_has_a_headline_of_what_it_has(make):
    shown = pick(forecasts(make().scores), level=0, target="violence_25", horizon=3)
    rises = [table for table in lay_out_watchlists(listed(), ENGLISH)["country"] if table.name == "rise"]
    (only,) = headline(shown, rises, FIRST, ENGLISH)
    assert only.startswith("Deaths are most likely to rise in ")
    assert "fall" not in only
