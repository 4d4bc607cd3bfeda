"""Armed actors and thousands on the charts of a unit, opened in Chromium."""

import pandas as pd

from faultline.pipelines.report import write_brief

WAIT = "new Promise((done) => setTimeout(done, 400))"


def test_the_lane_of_armed_actors_stands_in_a_fold_and_says_who_carries_a_group_on(browser, make, tmp_path):
    def run(row, actor, into, start, end):
        own = {"location_code": "AAA", "row": row, "actor": actor, "into": into, "months": 3, "deaths": 40.4}
        return own | {"start": pd.Timestamp(start), "end": pd.Timestamp(end)}

    runs = [
        run(0, "New <b>", "", "2025-01-01", "2025-03-01"),
        run(0, "New <b>", "", "2026-05-01", "2026-06-01"),
        run(1, "Old", "New <b>", "2024-10-01", "2025-01-01"),
    ]
    plain = write_brief(make(), tmp_path / "plain.html")
    browser.open(plain)
    browser.run(WAIT)
    height = browser.run("document.documentElement.scrollHeight")
    browser.open(write_brief(make(actors=pd.DataFrame(runs)), tmp_path / "b.html"))
    browser.run(WAIT)
    assert browser.run("document.documentElement.scrollHeight") == height  # nothing grows before it is opened
    browser.run("document.querySelector('.unit-actors').closest('details').open = true")
    told = browser.run("[...document.querySelectorAll('.unit-actors li')].map((item) => item.textContent)")
    assert told == [
        "New <b>: months of deadly fighting: 3; deaths in it: 40",
        "Old → New <b>: months of deadly fighting: 3; deaths in it: 40",
    ]
    marks = "[...document.querySelectorAll('.actors-chart .mark-rect [role=graphics-symbol]')]"
    starts = browser.run(f"{marks}.map((m) => [m.getAttribute('aria-label'), m.getBoundingClientRect().left])")
    assert sorted(label for label, _ in starts) == sorted([told[0], told[0], told[1]])
    assert min(starts, key=lambda start: start[1])[0] == told[1]
    browser.run("document.querySelector('#map-country .ranked a[href$=BBB]').click()")
    browser.run(WAIT)
    assert browser.run("document.querySelector('.unit-actors').hidden") is True
    assert browser.complaints() == []


def test_a_french_chart_writes_thousands_as_french_does(browser, make, tmp_path):
    history = make().history
    history["deaths"] *= 1_000
    browser.open(write_brief(make(history=history), tmp_path / "b.html", lang="fr"))
    browser.run(WAIT)
    told = browser.run("[...document.querySelectorAll('.unit-chart svg text')].map((text) => text.textContent)")
    assert any("\N{NARROW NO-BREAK SPACE}000" in text for text in told)
    assert not any(",000" in text for text in told)
