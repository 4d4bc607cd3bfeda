"""The brief opened in Chromium: it draws, it sorts, it asks for nothing."""

import shutil
import subprocess

import pandas as pd
import pytest

from faultline.pipelines.issue.track_record import SETTLED
from faultline.pipelines.report import write_brief


@pytest.fixture(scope="module")
def file(make, tmp_path_factory):
    return write_brief(make(), tmp_path_factory.mktemp("opened") / "brief.html")


NAMES = (
    "[...document.querySelectorAll('#all-country tbody tr:not([hidden]) th')].map((cell) => cell.textContent.trim())"
)
LABELS = (
    "[...document.querySelectorAll('#map-country svg [role=graphics-symbol]')]"
    ".map((mark) => mark.getAttribute('aria-label'))"
)
CLICK = "document.querySelector('#all-country button[data-sort={}]').click()"


@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_without_a_complaint_and_asks_for_nothing_else(browser, file, width: int):
    browser.open(file, width=width)
    assert browser.run("document.querySelectorAll('[data-chart] svg').length") == 2
    assert browser.complaints() == []
    assert browser.requests() == [file.as_uri()]


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_no_screen_scrolls_sideways(browser, file, width: int):
    browser.open(file, width=width)
    assert browser.run("document.documentElement.scrollWidth") == width


def test_a_phone_shows_labels_as_their_language_writes_them(browser, file, make, tmp_path):
    label = "getComputedStyle(document.querySelector('.short.stack td[data-label]'), '::before').content"
    browser.open(file, width=390)
    assert browser.run(label).endswith('y: "')
    browser.open(write_brief(make(), tmp_path / "fr.html", lang="fr"), width=390)
    assert browser.run(label).endswith('é\N{NO-BREAK SPACE}: "')


MENUS = """(() => {
  const [map, table] = ["#map-country form", "#all-country form"].map((form) => document.querySelector(form));
  map.target.value = "new_armed_actor"; map.dispatchEvent(new Event("change"));
  const offered = (form) => [...form.horizon.options].filter((o) => !o.disabled).map((o) => o.value);
  return [table.target.value, map.horizon.value, table.horizon.value, offered(map), offered(table)];
})()"""


def test_the_menus_of_map_and_table_go_together_and_offer_only_what_there_is(browser, file, make):
    scores = make().scores
    there = scores[(scores["target"] == "new_armed_actor") & (scores["admin_level"] == 0)]["horizon_months"]
    there = [str(horizon) for horizon in sorted(there.unique())]
    browser.open(file)
    target, of_map, of_table, offered, too = browser.run(MENUS)
    assert target == "new_armed_actor"
    assert of_map == of_table
    assert of_map in there
    assert offered == too == there


def test_each_country_is_on_the_map_with_its_number(browser, file):
    browser.open(file)
    labels = browser.run(LABELS)
    assert {"Alphaland: 97%", "Deltamark: <1%", "Epsilon Isles: 5%"} <= set(labels)


def test_the_table_sorts_either_way_and_says_so(browser, file):
    browser.open(file)
    by_rank = ["Alphaland", "Betania", "Côte Gamma", "Epsilon Isles", "Deltamark"]
    assert browser.run(NAMES) == by_rank
    browser.run(CLICK.format("name"))
    assert browser.run(NAMES) == sorted(by_rank)
    browser.run(CLICK.format("name"))
    assert browser.run(NAMES) == sorted(by_rank, reverse=True)
    assert (
        browser.run("document.querySelector('#all-country th[aria-sort=descending]').textContent.trim()") == "Country"
    )
    browser.run(CLICK.format("probability"))
    assert browser.run(NAMES) == by_rank


def test_the_table_filters_without_regard_to_accents(browser, file):
    browser.open(file)
    browser.run(
        "(() => { const i = document.querySelector('#all-country input'); i.value = 'cote';"
        " i.dispatchEvent(new Event('input')); })()"
    )
    assert browser.run(NAMES) == ["Côte Gamma"]
    assert browser.run("document.querySelector('#all-country .shown').textContent") == "1 of 5 shown"


def test_another_event_changes_map_caption_and_readout(browser, file):
    browser.open(file)
    browser.run(
        "(() => { const f = document.querySelector('#map-country form'); f.target.value = 'new_armed_actor';"
        " f.horizon.value = '12'; f.chosen.value = 'AAA'; f.dispatchEvent(new Event('change')); })()"
    )
    assert "a new armed group" in browser.run("document.querySelector('#map-country figcaption').textContent")
    assert browser.run("document.querySelector('#map-country .readout').textContent").startswith("Alphaland: 30%")
    wait = "new Promise((done) => setTimeout(done, 300))"
    browser.run(wait)
    labels = browser.run(LABELS)
    assert "Alphaland: 30%" in labels


def test_another_event_changes_the_table(browser, file):
    browser.open(file)
    browser.run(
        "(() => { const f = document.querySelector('#all-country form'); f.target.value = 'new_armed_actor';"
        " f.horizon.value = '12'; f.dispatchEvent(new Event('change')); })()"
    )
    assert (
        browser.run("document.querySelector('#all-country tr[data-key=AAA] [data-field=shown]').textContent") == "30%"
    )
    assert "June 2026 to May 2027" in browser.run("document.querySelector('#all-country .caption').textContent")


def test_a_hostile_name_runs_nothing_in_the_page(browser, file):
    browser.open(file)
    assert browser.run("document.querySelectorAll('main script, svg script').length") == 0
    assert "<script>" in browser.run("document.querySelector('#map-region svg').textContent")
    assert browser.complaints() == []


OPENED = "document.querySelector('#unit').dataset.shown"
WAIT = "new Promise((done) => setTimeout(done, 400))"


def test_the_likeliest_unit_is_open_and_a_link_opens_another(browser, file):
    browser.open(file)
    browser.run(WAIT)
    assert browser.run(OPENED) == "0:AAA"
    browser.run("document.querySelector('#map-region .ranked a').click()")
    browser.run(WAIT)
    assert browser.run(OPENED) == "1:BBB-1"
    assert browser.run("document.querySelector('.unit-name').textContent") == "North & West Betania"
    assert browser.run("document.querySelectorAll('.unit-chart svg').length") == 1
    rows = browser.run("[...document.querySelectorAll('.unit-table tbody tr')].map((row) => row.cells[2].textContent)")
    assert any("71%" in row for row in rows)
    assert browser.complaints() == []


FITS = """(() => {
  const room = document.querySelector(".unit-chart").clientWidth;
  const tables = [...document.querySelectorAll("#unit .scroll")];
  const chart = document.querySelector(".unit-chart svg").getBoundingClientRect().width;
  return [chart > room - 40 && chart <= room, tables.every((t) => t.scrollWidth <= t.clientWidth)];
})()"""


@pytest.mark.parametrize("width", [1280, 390])
def test_unit_after_unit_fills_the_page_and_none_runs_over_it(browser, file, width: int):
    browser.open(file, width=width)
    for link in ("#map-country .ranked a", "#map-region .ranked a", "#map-country .ranked a"):
        browser.run(f"document.querySelector('{link}').click()")
        browser.run(WAIT)
        assert browser.run(FITS) == [True, True], link


def test_an_interval_that_reads_like_its_number_is_not_said(browser, make, tmp_path):
    scores = make().scores
    sure = scores["location_code"].eq("AAA") & scores["target"].eq("violence_25")
    scores.loc[sure, ["prob_low", "probability", "prob_high"]] = [0.996, 0.998, 0.999]
    browser.open(write_brief(make(scores=scores), tmp_path / "sure.html"))
    browser.run(WAIT)
    browser.run("for (const details of document.querySelectorAll('details')) details.open = true")
    cells = browser.run(
        "[...document.querySelectorAll('td.probability')].map((cell) => cell.innerText.split('\\n')[0])"
    )
    assert cells.count(">99%") > 4
    assert any(" to " in cell for cell in cells)
    assert ">99% >99%" not in cells


def test_a_unit_shows_forces_steps_and_what_fragmentation_is_made_of(browser, make, tmp_path):
    facts = {
        "forces": pd.DataFrame(
            {
                "location_code": ["AAA"],
                "force": ["Mission <b>"],
                "sender": ["UN"],
                "start": pd.to_datetime(["2022-01-01"]),
                "end": pd.to_datetime(["2024-06-30"]),
                "goes_on": [False],
                "people": [950.0],
                "counted_on": pd.to_datetime(["2022-03-31"]),
            }
        ),
        "announced": pd.DataFrame(
            {
                "location_code": ["AAA", "AAA"],
                "force": ["Mission <b>", "Mission never seen"],
                "sender": ["UN", "UN"],
                "date": pd.to_datetime(["2023-06-16", "2023-06-17"]),
                "announced_end": [pd.Timestamp("2024-06-30"), pd.NaT],
                "called_off": [False, False],
            }
        ),
        "steps": pd.DataFrame(
            {
                "location_code": ["AAA"],
                "date": pd.to_datetime(["2023-03-05"]),
                "step": ["coup"],
                "kind": ["Coups"],
                "label": [""],
            }
        ),
    }
    browser.open(write_brief(make(**facts), tmp_path / "b.html"))
    browser.run(WAIT)
    shown = browser.run("document.querySelector('.opened').textContent")
    assert "Mission <b> (UN): January 2022 to June 2024" in shown
    withdrawal = "withdrawal of Mission <b> announced, to end by 30 June 2024: 16 June 2023"
    assert withdrawal in shown
    assert "never seen" not in shown  # it has no row to stand on
    assert "coup: 5 March 2023" in shown
    marks = browser.run(
        "[...document.querySelectorAll('.unit-chart [role=graphics-symbol]')].map((m) => m.getAttribute('aria-label'))"
    )
    assert {"coup: 5 March 2023", withdrawal} <= set(marks)
    assert browser.complaints() == []


def test_a_country_shows_what_was_said_and_what_happened(browser, make, tmp_path):
    window = {"issue": "2026-02", "backfilled": True, "admin_level": 0, "horizon_months": 3, "deaths": 1_234.0}
    window |= {"location_code": "AAA", "location_name": "Aland", "made_on": pd.Timestamp("2026-11-30")}
    window |= {"reference_period_start": pd.Timestamp("2026-02-01"), "reference_period_end": pd.Timestamp("2026-04-30")}
    rows = [
        window | {"target": "violence_25", "probability": 0.2, "baseline_probability": 0.1, "outcome": 1.0},
        window | {"target": "deaths_total", "q05": 0.0, "q50": 9.0, "q95": 80.0},
    ]
    record = pd.DataFrame(rows).reindex(columns=list(SETTLED))
    browser.open(write_brief(make(record=record), tmp_path / "b.html"))
    browser.run(WAIT)
    cells = "[...document.querySelectorAll('.unit-said tbody tr')].map((r) => [...r.cells].map((c) => c.textContent))"
    assert browser.run(cells) == [["February to April 2026", "20%", "yes", "9 (0 to 80)", "1,234"]]
    told = browser.run("document.querySelector('.unit-said p').textContent")
    assert "They happened in 1, 0 of them called." in told
    browser.run("document.querySelector('#map-region .ranked a').click()")
    browser.run(WAIT)
    assert browser.run("document.querySelector('.unit-said').hidden") is True
    assert browser.complaints() == []


def test_arrow_keys_step_through_the_map_by_rank(browser, file):
    browser.open(file)
    press = (
        "document.querySelector('[data-chart=world]')"
        ".dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))"
    )
    for name in ("Alphaland", "Betania"):
        browser.run(press)
        assert browser.run("document.querySelector('#map-country .readout').textContent").startswith(name)
    assert browser.run("document.querySelector('#map-country .open-unit a').hash") == "#unit-0:BBB"


@pytest.fixture(scope="module")
def axe(tmp_path_factory) -> str:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine: axe-core does not look at the brief")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), "axe-core@4.10.3"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("npm cannot fetch axe-core here: it does not look at the brief")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_serious_fault(browser, file, axe, width: int):
    browser.open(file, width=width)
    browser.run(WAIT)
    browser.run("for (const details of document.querySelectorAll('details')) details.open = true")
    browser.run(f"{axe}; undefined")
    found = browser.run("axe.run().then((r) => r.violations.map((v) => [v.impact, v.id, v.nodes[0].html]))")
    assert [fault for fault in found if fault[0] in {"serious", "critical"}] == []
