"""What to watch, in the brief: five lists a level in place of the units at highest risk."""

import re

import pandas as pd
import pytest
from made_scores import listed

from faultline.pipelines.issue.list_record import COLUMNS
from faultline.pipelines.issue.watchlist import LISTS
from faultline.pipelines.report.brief import write_brief
from faultline.pipelines.report.catalogues import LANGUAGES
from faultline.pipelines.report.watchlist import lay_out_watchlists
from faultline.pipelines.report.wording import Wording


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_level_has_its_lists_with_a_base_rate(lang):
    laid_out = lay_out_watchlists(listed(), Wording.of(lang))
    assert {level: [table.name for table in tables] for level, tables in laid_out.items()} == {
        "country": list(LISTS),
        "region": list(LISTS),
    }
    for table in laid_out["country"]:
        assert len(table.rows) == 3
        assert table.chances == (table.name != "most_deaths")
        assert ("12" in table.caption) or table.name != "most_deaths"
        assert bool(re.search("12\N{NO-BREAK SPACE}?%", table.caption)) == table.chances


def test_a_list_by_deaths_tells_median_range_and_change():
    table = lay_out_watchlists(listed(), Wording.of("en"))["country"][0]
    row = table.rows[0]
    assert (row.median, row.spread, row.before) == ("60", "5 to 1,900", "before 40, +50%")
    assert table.within == "from June 2026 to May 2027"
    assert row.probability == ""


def test_the_brief_shows_the_lists_in_place_of_the_highest_risks(make, tmp_path):
    contents = make()
    plain = write_brief(contents, tmp_path / "plain.html").read_text(encoding="utf-8")
    assert "Countries at highest risk" in plain
    assert "Most likely to rise" not in plain
    more = contents.scores[contents.scores["target"] == "violence_25"].assign(target="rise_30", base_rate=0.25)
    scores = pd.concat([contents.scores, more], ignore_index=True)
    shown = write_brief(make(scores=scores), tmp_path / "lists.html").read_text(encoding="utf-8")
    assert "Countries at highest risk" not in shown
    assert "Most likely to rise" in shown
    assert "In ten years it happened in 25% of the windows where it could." in shown


def test_a_rate_that_counts_units_where_it_happened_before_says_so():
    tables = {table.name: table for table in lay_out_watchlists(listed(), Wording.of("en"))["country"]}
    assert "of all windows, also where it had before" in tables["reach_1000"].caption
    assert "of the windows where it could" in tables["quiet"].caption


def test_no_change_has_no_minus():
    scores = listed()
    scores.loc[scores["target"] == "deaths_total", "q50"] = 39.9
    assert lay_out_watchlists(scores, Wording.of("en"))["country"][0].rows[0].before == "before 40, 0%"


@pytest.mark.parametrize(("lang", "said"), [("en", "Months: June 2026 to May 2027."), ("fr", "juin 2026 à mai 2027.")])
def test_a_list_of_windows_from_today_says_of_which_months_it_speaks(lang, said):
    today = lay_out_watchlists(listed().assign(months_between=6), Wording.of(lang))["country"][0]
    assert today.caption.endswith(said)
    assert said not in lay_out_watchlists(listed(), Wording.of(lang))["country"][0].caption


def test_a_list_says_how_the_same_list_did():
    did = [(0, name, made.target, made.months, "2024-01", "2025-12", 24, 240, 90, 0.25) for name, made in LISTS.items()]
    laid_out = lay_out_watchlists(listed(), Wording.of("en"), record=pd.DataFrame(did, columns=list(COLUMNS)))
    captions = {table.name: table.caption for table in laid_out["country"]}
    assert "Of 240 named by the lists of 24 earlier issues 90 saw it (38%), against 25% of all" in captions["rise"]
    assert "90 were among the ten with most deaths (38%)" in captions["most_deaths"]
    assert not any("earlier issues" in table.caption for table in laid_out["region"])


@pytest.mark.parametrize(("lang", "said"), [("en", "These begin 6 months later"), ("fr", "6 mois plus tard")])
def test_a_list_from_today_says_that_its_record_is_of_nearer_windows(make, tmp_path, lang, said):
    later = make(from_today=listed().assign(months_between=6), scores=make().scores)
    assert said in write_brief(later, tmp_path / "later.html", lang=lang).read_text(encoding="utf-8")
    assert said not in write_brief(make(), tmp_path / "now.html", lang=lang).read_text(encoding="utf-8")
