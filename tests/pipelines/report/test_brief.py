"""The brief as a file, read without a browser."""

import json
import re
from html.parser import HTMLParser

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from faultline.features.errors import ConfigError
from faultline.pipelines.report import brief, shortening, write_brief

HOSTILE = "<script>alert(1)</script>"


class Reader(HTMLParser):
    """Collect what a browser would see: tags with attributes, visible text, and the data block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text, self.data, self._inside = "", "", ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.text += " "
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag in {"script", "style"}:
            self._inside = "data" if dict(attrs).get("type") == "application/json" else tag

    def handle_endtag(self, tag):
        if tag in {"script", "style"}:
            self._inside = ""

    def handle_data(self, data):
        if self._inside == "data":
            self.data += data
        elif not self._inside:
            self.text += data


@pytest.fixture(scope="module")
def html(make, tmp_path_factory) -> str:
    return write_brief(make(), tmp_path_factory.mktemp("brief") / "brief.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_elsewhere(html):
    tags = Reader(html).tags
    sources = [
        value for _, attrs in tags for name, value in attrs.items() if name in {"src", "srcset", "data", "poster"}
    ]
    assert sources
    assert all(value.startswith("data:") for value in sources)
    assert not [attrs for tag, attrs in tags if tag in {"link", "iframe", "object", "embed", "base"}]
    assert not re.search(r"@import|url\(", html[html.index("<style>") : html.index("</style>")])
    links = {attrs["href"] for tag, attrs in tags if tag == "a" and not attrs["href"].startswith("#")}
    assert links == {"https://example.org/data"}


def test_the_policy_lets_no_other_script_run(html):
    (policy,) = [a["content"] for tag, a in Reader(html).tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy[policy.index("script-src") :]


def test_the_javascript_is_there_once(html):
    assert html.count("window.vegaEmbed=") == 1


def test_a_region_named_like_a_script_is_shown_as_text(html):
    read = Reader(html)
    assert HOSTILE in read.text
    assert HOSTILE not in html
    assert sum(tag == "script" for tag, _ in read.tags) == 3  # the data, the library, ours
    assert any(HOSTILE in unit["name"] for unit in json.loads(read.data)["unitData"]["units"].values())


def test_it_fits_into_a_mail(html):
    assert len(html.encode()) < brief.LARGEST_BYTES


def test_every_rank_and_number_appears(html, make):
    text = Reader(html).text
    scores = make().scores.query("target == 'violence_25' and horizon_months == 3")
    for row in scores.itertuples():
        name = row.admin1_name if row.admin_level else row.location_name
        shown = "<1%" if row.probability < 0.01 else f"{round(100 * row.probability)}%"
        country = " Betania" if row.admin_level else ""
        assert f"{row.rank} {name}{country} {shown}" in text
    assert "33 (2 to 1,234)" in text
    for said in (
        "deaths in the last 12 months: 412",
        "0123abcd",
        "faultline-pool",
        "Made events; version 1.0",
        "CC BY 4.0",
        "country_month (15,590 rows)",
    ):
        assert said in text


def test_stale_and_provisional_data_are_flagged_at_the_head(html):
    head = Reader(html[: html.index('id="map-country"')]).text
    assert "5 countries provisional" in head
    assert "Betania: 3 regions stale" in head
    state = Reader(html[html.index('id="status"') : html.index('id="fragmentation"')]).text
    assert "stale: data end 31 December 2019, 2,353 days before the issue date" in state
    assert "say nothing about today" in state
    assert "Provisional" in state


def test_countries_outside_armed_conflict_are_told_apart(html):
    section = Reader(html[html.index('id="fragmentation"') : html.index('id="everything"')]).text
    assert "4 of 5" not in section
    assert "3 of 5 in this issue" in section
    assert re.search(r"Côte Gamma .*? moderate|Côte Gamma .*? low no 12", section)


def test_a_source_is_listed_once_with_its_tables(make, tmp_path):
    source = dict(make().data_sources[0])
    sources = [source, source | {"table": "actors", "rows": 12, "first_month": None, "last_month": None}]
    text = Reader(write_brief(make(data_sources=sources), tmp_path / "b.html").read_text(encoding="utf-8")).text
    assert text.count("Made events; version 1.0") == 1
    assert "1989-01 to 2026-05 country_month (15,590 rows), actors (12 rows)" in text


def test_countries_that_the_map_cannot_show_are_counted(html, make, tmp_path):
    assert "Countries too small for the map's outlines are drawn as dots." in Reader(html).text
    points = make().unit_points.query("location_code != 'EEE'")
    text = Reader(write_brief(make(unit_points=points), tmp_path / "b.html").read_text(encoding="utf-8")).text
    assert "drawn as dots" not in text
    assert "1 country too small for the map's outlines is in the tables only." in text


def test_the_largest_departures_from_the_baseline_are_listed(make, tmp_path):
    made = make()
    scores = made.scores.copy()
    scores.loc[scores["location_code"] == "CCC", "baseline_probability"] = 0.9
    html = write_brief(make(scores=scores), tmp_path / "b.html").read_text(encoding="utf-8")
    table = html[html.index("Furthest from the baseline") :]
    text = Reader(table[: table.index("</table>")]).text
    assert text.index("Alphaland") < text.index("Betania") < text.index("Côte Gamma")
    assert "baseline 90%, \N{MINUS SIGN}69 points" in text


def test_one_country_without_regions_makes_a_brief(make, tmp_path):
    text = Reader(write_brief(make(countries=1, regions=False), tmp_path / "b.html").read_text(encoding="utf-8")).text
    assert "The probability that Alphaland sees at least 25 deaths" in text
    assert "Risk by region" not in text


def test_regions_without_countries_make_a_brief(make, tmp_path):
    text = Reader(write_brief(make(countries=0), tmp_path / "b.html").read_text(encoding="utf-8")).text
    assert "Risk by region" in text
    assert "New armed groups were not forecast in this issue." in text


def test_other_targets_and_horizons_make_a_brief(make, tmp_path):
    made = make()
    scores = made.scores.query("target == 'violence_1' and horizon_months == 12")
    made = make(scores=scores, skill=made.skill.head(0), data_sources=(), history=made.history.head(0))
    text = Reader(write_brief(made, tmp_path / "b.html").read_text(encoding="utf-8")).text
    assert "at least one death in organised violence from June 2026 to May 2027" in text
    assert "No check out of sample was run" in text
    assert "The sources were not recorded" in text


def test_regions_are_drawn_with_the_users_boundaries(make, tmp_path):
    file = tmp_path / "regions.geojson"
    squares = [shapely.box(20 + 2 * i, 0, 22 + 2 * i, 10) for i in range(3)]
    gpd.GeoDataFrame({"code": [f"BBB-{i}" for i in (1, 2, 3)]}, geometry=squares, crs=4326).to_file(file)
    read = Reader(write_brief(make(boundaries=file), tmp_path / "b.html").read_text(encoding="utf-8"))
    assert "Regions are drawn with the boundaries file" in read.text
    assert len(json.loads(read.data)["datasets"]["polygons"]) == 3


def test_a_brief_that_fails_leaves_the_earlier_one(make, tmp_path, monkeypatch):
    file = tmp_path / "b.html"
    file.write_text("earlier", encoding="utf-8")
    monkeypatch.setattr(brief, "LARGEST_BYTES", 1000)
    with pytest.raises(ConfigError, match="give simpler boundaries"):
        write_brief(make(), file)
    assert file.read_text(encoding="utf-8") == "earlier"
    assert list(tmp_path.iterdir()) == [file]


def test_a_brief_of_too_many_regions_shows_those_at_highest_risk(make, tmp_path, monkeypatch):
    monkeypatch.setattr(shortening, "FEWEST_REGIONS", 1)
    contents = make()
    regions = contents.scores[contents.scores["admin_level"] == 1]
    highest = regions.loc[regions["probability"].idxmax(), "admin1_code"]
    monkeypatch.setattr(brief, "LARGEST_BYTES", len(brief.render_brief(contents).encode()) - 1)
    text = write_brief(contents, tmp_path / "b.html").read_text(encoding="utf-8")
    fewer = shortening.shortened(contents, 0.9)
    assert fewer is not None
    kept = set(fewer.scores["admin1_code"].dropna())
    assert highest in kept < set(regions["admin1_code"])
    assert set(fewer.history["admin1_code"].dropna()) == set(fewer.unit_points["admin1_code"].dropna()) == kept
    assert f"shows the {len(kept)} regions at highest risk" in text
    french = write_brief(contents, tmp_path / "f.html", lang="fr").read_text(encoding="utf-8")
    assert f"cette note montre les {len(kept)} régions" in french
    assert len(fewer.scores[fewer.scores["admin_level"] == 0]) == len(contents.scores) - len(regions)


def test_the_same_contents_make_the_same_file(html, make):
    assert brief.render_brief(make()) == html


TOTAL = {
    "en": "The source gives {} deaths of {} in {}: taken as a longer time's, dated by its first day.",
    "fr": "La source donne {} morts pour {} en {} : pris pour le total d’une période plus longue, daté de son premier "
    "jour.",
}


@pytest.mark.parametrize(
    ("lang", "recent", "old"),
    [
        ("en", ("114,614", "October 2025", "21 events"), ("1,500", "August 2022", "1 event")),
        ("fr", ("114 614", "octobre 2025", "21 événements"), ("1 500", "août 2022", "1 événement")),
    ],
)
def test_a_month_that_is_a_war_total_is_said_to_be_one_where_it_is_shown(make, tmp_path, lang, recent, old):
    totals = pd.DataFrame(
        {
            "location_code": ["AAA", "AAA", "AAA"],
            "month": ["2025-10", "2022-08", "1999-06"],  # the last is before all that is shown
            "events": [21, 1, 2],
            "deaths": [114_614, 1_500, 30_004],
        }
    )
    page = Reader(write_brief(make(war_totals=totals), tmp_path / "brief.html", lang=lang).read_text(encoding="utf-8"))
    of_last_year, before = TOTAL[lang].format(*recent), TOTAL[lang].format(*old)
    assert of_last_year in page.text
    assert before not in page.text
    units = json.loads(page.data)["unitData"]
    said = {
        name: [" ".join(note.split()) for note in units["states"][unit["state"]][2]]
        for name, unit in units["units"].items()
    }
    assert said.pop("0:AAA")[-2:] == [before, of_last_year]
    assert not any(of_last_year in notes or before in notes for notes in said.values())


SERVED = (
    {
        "level": "country",
        "target": "violence_25",
        "blocks": ["history", "neighbours"],
        "parts": [{"horizons": [1, 3], "members": {"logit": 0.7, "lightgbm": 0.3}}],
    },
    {
        "level": "country",
        "target": "deaths",
        "blocks": [],
        "parts": [{"months_ahead": 6, "mean_deaths_from": 20.0, "members": {"12 months": 0.6, "last month": 0.4}}],
    },
)


@pytest.mark.parametrize(
    ("lang", "events", "deaths", "parts"),
    [
        (
            "en",
            "probabilities rest on the unit&#39;s own violence and violence around it.",
            "Deaths rest on the unit&#39;s own past deaths and on nothing further.",
            (
                "Logit 70% and LightGBM 30% (1 and 3 months ahead)",
                "last 12 months 60% and last month 40% (6 months ahead",
            ),
        ),
        (
            "fr",
            "les probabilités reposent sur la violence propre au lieu et la violence alentour.",
            "Les morts reposent sur les morts passées du lieu lui-même et sur rien d’autre.",
            ("(à 1 et 3 mois)", "à partir de 20,00 morts par mois"),
        ),
    ],
)
def test_the_model_card_says_what_the_served_models_read_and_are_made_of(make, lang, events, deaths, parts):
    html = brief.render_brief(make(models=SERVED), lang=lang)
    card = html[html.index('<section id="card"') :]
    assert events in card
    assert deaths in card
    for block in ("foreign forces", "coups,", "forces étrangères", "coups d"):
        assert block not in card[: card.index("</dl>")]
    for part in parts:
        assert part in card


@pytest.mark.parametrize(("lang", "words"), [("en", "are not coded, models are told so"), ("fr", "non codé")])
def test_the_model_card_says_that_models_which_read_facts_are_told_where_these_are_not_coded(make, lang, words):
    reads = {"level": "country", "target": "deaths", "blocks": ["history", "deployments"], "parts": []}
    card = brief.render_brief(make(models=[reads]), lang=lang)
    assert words in card[card.index('<section id="card"') :]
    assert words not in brief.render_brief(make(models=SERVED), lang=lang)


def test_an_issue_that_does_not_say_what_its_models_are_made_of_claims_nothing_of_them(make):
    card = brief.render_brief(make())
    assert "rest on" not in card[card.index('<section id="card"') :]


def test_the_first_sentence_and_the_lists_speak_of_months_to_come_and_the_tables_of_those_after_the_data(
    make, tmp_path
):
    scores = make().scores
    later = scores[scores["admin_level"] == 0].copy()
    later["probability"] = later["probability"].where(later["probability"].isna(), 0.99)
    for edge in ("start", "end"):
        months = later[f"reference_period_{edge}"].dt.to_period("M") + 6
        later[f"reference_period_{edge}"] = getattr(months.dt, f"{edge}_time").dt.normalize()
    contents = make(from_today=later.assign(months_between=6))
    text = Reader(write_brief(contents, tmp_path / "b.html").read_text(encoding="utf-8")).text
    countries = later["location_code"].nunique()
    first = f"{countries} of {countries} countries are more likely than not to see"
    assert f"{first} at least 25 deaths in organised violence from December 2026 to February 2027." in text
    assert "speak of the months from December 2026 on" in text
    assert "follow on the data, which end in May 2026." in text
