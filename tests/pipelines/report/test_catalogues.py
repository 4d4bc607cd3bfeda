"""The catalogues: nothing is left out, and nothing is translated that is no longer said."""

import math
import string
from typing import Any

import pandas as pd
import pytest
from made_bundled import bundled
from made_panels import made_panel

from faultline.features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from faultline.models.probabilities.driver_words import AMOUNTS
from faultline.pipelines.issue.effects import NO_FACT, NOT_CODED, REFUSED
from faultline.pipelines.issue.facts_in_words import without_place
from faultline.pipelines.report import write_brief
from faultline.pipelines.report.catalogues import FEATURE, LANGUAGES, MISSION, REGION, catalogue, read
from faultline.pipelines.report.messages import ENGLISH, FOLDER
from faultline.pipelines.report.wording import Wording

TRANSLATED = [lang for lang in LANGUAGES if lang != "en"]
#: Part of the features that must have words: a new one may come before its translation, and is then said in English.
MOST_FEATURES = 0.9


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_french_is_there():
    assert "fr" in TRANSLATED


def test_english_says_each_message_once_and_those_of_drivers_as_the_models_do():
    contexts = [message.context for message in read("en") if message.context]
    assert len(set(contexts)) == len(contexts)
    text = (FOLDER / "en.po").read_text(encoding="utf-8")
    assert text.count("\nmsgctxt ") == len(contexts)
    assert not [message.context for message in read("en") if message.context and any(message.string or ())]
    assert set(ENGLISH) - set(contexts) == {f"driver.{kind}.{how}" for kind, told in AMOUNTS.items() for how in told}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_message_is_translated_with_its_fields(lang: str):
    found = {m.context: m for m in read(lang) if m.context and not m.context.startswith((FEATURE, REGION, MISSION))}
    for key, english in ENGLISH.items():
        message = found[key]
        forms = english if isinstance(english, tuple) else (english,)
        said: Any = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        assert (message.id if isinstance(message.id, str) else tuple(message.id)) == english, key
        assert "fuzzy" not in message.flags, key
        for form in said:
            assert form, key
            assert fields(form) == set().union(*map(fields, forms)), key
    assert found.keys() == ENGLISH.keys()


@pytest.mark.parametrize("lang", TRANSLATED)
def test_drivers_have_words(lang: str):
    blocks = [*BLOCKS, *FRAGMENTATION_BLOCKS]
    panels = [made_panel(1, level=level) for level in ("country", "region")]
    words = {
        (feature.kind, feature.what) for panel in panels for feature in build_features(panel, blocks=blocks).features
    }
    assert len(words & catalogue(lang).features.keys()) >= MOST_FEATURES * len(words)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_facts_that_add_to_a_score_have_words(lang: str):
    told = build_features(made_panel(1, level="country"), blocks=("effects",)).features
    words = {feature.what.split(", fading")[0] for feature in told}
    assert words == {what for kind, what in catalogue(lang).features if kind == "effect"}


def test_what_facts_add_is_said_with_its_interval_and_that_nothing_could_be_measured_too():
    english, french = Wording.of("en"), Wording.of("fr")
    note, added = "departure of western (French, EU, US) forces (August 2022)", (0.012, -0.008, 0.031)
    assert english.effects(added, note) == (
        f"foreign forces and transitions: +1.2 points, \N{MINUS SIGN}0.8 to +3.1, most by: {note}",
    )
    assert english.effects(added, note, deaths=True) == (
        f"foreign forces and transitions: +1.2% of deaths, \N{MINUS SIGN}0.8 to +3.1, most by: {note}",
    )
    assert "% des morts" in french.effects(added, note, deaths=True)[0]
    assert "départ de forces occidentales" in french.effects(added, note)[0]
    assert "(août 2022)" in french.effects(added, note)[0]
    nothing = (math.nan, math.nan, math.nan)
    assert "nothing that we could measure" in english.effects(nothing, REFUSED)[0]
    assert "add to deaths here: nothing" in english.effects(nothing, REFUSED, deaths=True)[0]
    assert english.effects((0.0, 0.0, 0.0), NO_FACT) == ()
    assert english.effects(nothing, NOT_CODED) == ()
    assert english.effects(nothing, "") == ()


def test_french_writes_numbers_dates_countries_and_drivers_as_french_does():
    french = Wording.of("fr")
    assert french.percent(0.255) == "26\N{NO-BREAK SPACE}%"
    assert french.decimal(-0.1234) == "\N{MINUS SIGN}0,123"
    assert french.count(12345) == "12\N{NARROW NO-BREAK SPACE}345"
    assert french.country("CIV", "Ivory Coast") == "Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire"
    assert french.country("XAB", "Abkhazia") == "Abkhazia"
    assert french.driver("raised by many UN troops") == "relevé par le grand nombre de troupes de l’ONU"
    assert french.say("status.countries", n=0) == "0 pays"


def test_a_brief_in_french_says_so_and_nothing_of_the_interface_in_english(make, tmp_path):
    html = write_brief(make(), tmp_path / "b.html", lang="fr").read_text(encoding="utf-8")
    assert '<html lang="fr">' in html
    body = html[html.index("<body>") : html.index('<script type="application/json"')]
    assert "Perspectives de violence politique" in body
    assert "10 juin 2026" in body
    for key in ("summary", "status", "changes", "unit", "skill", "limits", "card", "ranked.country", "column.drivers"):
        assert f">{ENGLISH[key]}<" not in body, key


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (
            "lowered by the absence of successful coups, fading by half in 24 months",
            "abaissé par l’absence de coups d’État réussis, diminuant de moitié en 24 mois",
        ),
        (
            "raised by many violent events, last month",
            "relevé par le grand nombre d’événements violents du dernier mois",
        ),
        (
            "lowered by the long time since a coup attempt",
            "abaissé par le long temps écoulé depuis une tentative de coup d’État",
        ),
        ("raised by a political transition under way", "relevé par une transition politique en cours"),
        (
            "lowered by the absence of a political transition under way",
            "abaissé par l’absence d’une transition politique en cours",
        ),
        (
            "raised by the passing of the announced end of the transition",
            "relevé par le dépassement de la fin annoncée de la transition",
        ),
    ],
)
def test_french_says_how_much_of_a_driver_there_was(english: str, french: str):
    assert Wording.of("fr").driver(english) == french
    assert Wording.of("en").driver(english) == english


@pytest.mark.parametrize("lang", TRANSLATED)
def test_french_words_of_drivers_take_the_particle_that_their_phrase_needs(lang: str):
    starts = {
        "count": ("de ", "d’"),
        "share": ("de ", "des "),
        "level": ("de ", "du "),
        "state": ("un ", "une "),
        "change": ("des ",),
        "near": ("à ",),
        "until": ("la ",),
    }
    for (kind, english), said in catalogue(lang).features.items():
        assert said.startswith(starts.get(kind, "")), english


def test_french_has_one_apostrophe_the_typographic_one():
    said = [form for m in read("fr") for form in ([m.string] if isinstance(m.string, str) else m.string or ())]
    assert [form for form in said if "'" in form] == []
    assert any("d’" in form for form in said)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_names_of_regions_translate_the_names_that_the_data_have(lang: str):
    names = bundled().regions.set_index("region_id")["name"].to_dict()
    named = {m.context.removeprefix(REGION): m for m in read(lang) if m.context and m.context.startswith(REGION)}
    assert {code: message.id for code, message in named.items()} == {code: names[code] for code in named}
    assert all(message.string and message.string != message.id for message in named.values())


@pytest.mark.parametrize("lang", TRANSLATED)
def test_names_of_missions_translate_the_names_that_the_data_have(lang: str):
    snapshot = bundled()
    host = snapshot.deployments["gwno"].map(snapshot.countries.drop_duplicates("gwno").set_index("gwno")["name"])
    told = zip(snapshot.deployments["mission"], host.fillna(""), strict=True)
    named = {without_place(pd.Series([mission]), name)[0] for mission, name in set(told)}
    assert catalogue(lang).missions.keys() <= named


def test_a_mission_has_its_official_name_in_french_and_the_datas_where_it_has_none():
    english, french = Wording.of("en"), Wording.of("fr")
    assert french.mission("UNIFIL") == "FINUL"
    assert french.mission("Operation Barkhane") == "Opération Barkhane"
    assert french.mission("MINUSMA") == "MINUSMA"
    assert english.mission("UNIFIL") == "UNIFIL"


def test_timbuktu_is_tombouctou_in_french():
    assert Wording.of("fr").region("ML-6", "Timbuktu") == "Tombouctou"
    assert Wording.of("en").region("ML-6", "Timbuktu") == "Timbuktu"
