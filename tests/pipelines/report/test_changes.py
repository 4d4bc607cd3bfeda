"""What changed since the last issue, or on a first run since what the package carries of the month before."""

import numpy as np
import pytest

from faultline.pipelines.report import write_brief


def moved(make, **changes):
    scores = make().scores
    main = scores["target"].eq("violence_25") & scores["admin_level"].eq(0)
    scores["change_since_last_issue"] = np.where(main & scores["location_code"].eq("BBB"), 0.07, np.nan)
    return make(scores=scores, previous_issue="2026-05", **changes)


@pytest.mark.parametrize(
    ("lang", "marked"),
    [("en", "counted from a backfilled forecast, of May 2026"), ("fr", "la prévision de mai 2026, refaite après coup")],
)
def test_a_first_brief_says_that_it_compares_with_a_forecast_made_later(make, tmp_path, lang, marked):
    contents = moved(make, previous_backfilled=True)
    told = write_brief(contents, tmp_path / "b.html", lang=lang).read_text(encoding="utf-8")
    section = told.partition('<section id="changes"')[2].partition("</section>")[0]
    assert marked in section
    assert "Betania" in section
    assert 'class="badge new"' not in section  # it names no drivers, so that none can be called new


def test_with_an_issue_before_the_changes_are_since_that_one(make, tmp_path):
    told = write_brief(moved(make), tmp_path / "b.html").read_text(encoding="utf-8")
    assert "since the issue of May 2026" in told
    assert "backfilled forecast, of May" not in told


def test_nothing_changed_is_shown_where_there_is_nothing_to_compare_with(make, tmp_path):
    told = write_brief(make(), tmp_path / "b.html").read_text(encoding="utf-8")
    assert '<section id="changes"' not in told
