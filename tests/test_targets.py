"""Every registry knows every target, and a new target is one entry and its words."""

import json

import pytest
from babel.messages.pofile import read_po
from made_copy import copied
from made_scores import made_scores

from faultline.features.targets.build import TARGETS, learned_as, targets_of
from faultline.pipelines.exports.about import about_scores, question
from faultline.pipelines.exports.hubverse import hub_rows, write_hubverse
from faultline.pipelines.jobs import run
from faultline.pipelines.report.catalogues import LANGUAGES
from faultline.pipelines.report.forecasts import place
from faultline.pipelines.report.messages import ENGLISH
from faultline.pipelines.report.wording import Wording
from faultline.pipelines.track.descriptions import of_experiment

every_target = pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))


def made_rows(target):
    """Rows of a made issue as if they were the target's."""
    scores = made_scores()
    like = "violence_1" if target.kind == "probability" else "deaths"
    return scores[scores["target"] == like].assign(target=target.name).reset_index(drop=True)


@every_target
def test_a_target_names_others_that_exist(target):
    named = {*target.holds, target.within or target.name, learned_as(target.name)}
    assert named <= set(TARGETS)


@every_target
def test_every_target_is_learned_with_its_experiment_or_told_by_the_model_of_another(target):
    for level in target.levels:
        assert learned_as(target.name) in {each.name for each in targets_of(level, kind=None)}
    of_deaths = target.kind == "deaths" or target.drawn is not None
    assert target.experiment in ({"deaths"} if of_deaths else set(run._TRAIN))
    assert f"of {target.experiment}, by country" in of_experiment(f"country-{target.experiment}")
    assert f"of {target.experiment}, by country" in of_experiment(f"country-{target.experiment}-backtest")


@pytest.mark.parametrize("lang", LANGUAGES)
@every_target
def test_every_target_has_words_in_every_language(target, lang, root):
    wanted = [f"target.{target.name}", *([f"question.{target.name}"] if target.kind == "probability" else [])]
    assert set(wanted) <= set(ENGLISH)
    assert Wording.of(lang).name("target", target.name) == Wording.of(lang).say(wanted[0])
    if lang != "en":
        with (root / "pipelines" / "report" / "locale" / f"{lang}.po").open("rb") as file:
            said = {message.context: message.string for message in read_po(file, locale=lang)}
        assert all(said.get(key) for key in wanted)


def test_lists_keep_the_order_of_the_table_and_put_what_is_no_target_last():
    assert sorted([*reversed(TARGETS), "abolished"], key=place) == [*TARGETS, "abolished"]


@every_target
def test_exports_say_what_every_target_asks(target, tmp_path):
    asked = question(target.name)
    assert asked.startswith("probability of: " if target.kind == "probability" else ("deaths", "state-based deaths"))
    assert "{" not in asked
    rows = made_rows(target)
    about = about_scores("2026-06", rows, {})
    assert about.targets == {target.name: asked}
    told = hub_rows(rows).groupby("target")["output_type"].unique().map(set).to_dict()
    assert told == {target.name: {"pmf"} if target.kind == "probability" else {"mean", "quantile"}}
    write_hubverse(rows, about, tmp_path, team_model="made-pool")
    tasks = json.loads((tmp_path / "hubverse" / "hub-config" / "tasks.json").read_text(encoding="utf-8"))
    names = [shown["target_name"] for task in tasks["rounds"][0]["model_tasks"] for shown in task["target_metadata"]]
    assert names
    assert all(asked.startswith(name.removesuffix("...")) for name in names)


@every_target
def test_the_data_dictionary_lists_every_target(target, root):
    page = (root / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert f"| `{target.name}` | {', '.join(target.levels)} |" in page[page.index("## Targets") :]


ENTRY = """
        Target(
            "made_target",
            "at least 7 deaths {window}",
            ("country",),
            partial(violence, deaths=7),
            grows=True,
        ),"""
ENGLISH_WORDS = """
msgctxt "target.made_target"
msgid "at least 7 deaths"
msgstr ""

msgctxt "question.made_target"
msgid "at least seven deaths in organised violence"
msgstr ""
"""
FRENCH = """
msgctxt "target.made_target"
msgid "at least 7 deaths"
msgstr "au moins 7 morts"

msgctxt "question.made_target"
msgid "at least seven deaths in organised violence"
msgstr "au moins sept morts dans des violences organisées"
"""
#: What a process that imports the copy finds of the new target, as JSON.
FOLLOWED = """
import datetime as dt, json, sys
from dataclasses import replace
from pathlib import Path
import conftest, made_panels
import faultline
from faultline.features.targets.build import TARGETS
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.exports.about import about_scores
from faultline.pipelines.exports.hubverse import hub_rows
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.learn.train import ModelVersion, train_level
from faultline.pipelines.learn.held_back import stratum_scores
from faultline.pipelines.report import write_brief
from faultline.pipelines.track.learned import probabilities_learned
from faultline.pipelines.track.store import log_runs, open_store

folder = Path(sys.argv[1])
panel = made_panels.made_panel(4, n_units=12, n_months=120, level="country")
campaign = train_level(panel, horizons=(1,))
store = open_store(Settings(mlruns=folder / "mlruns"))
own = replace(campaign, models={"made_target": campaign.models["made_target"]})
runs = log_runs(store, probabilities_learned(own), stratum_scores(campaign), parameters={}, data={})
run = store.client.get_run(runs["made_target"])
versions = {target: ModelVersion("model", "1", "run") for target in campaign.models}
origin = panel.months[-1]
scores = score_level(
    campaign, origin=origin, issue_date=dt.date(2000, 1, 20), horizons=(1,), versions=versions
).table
contents = conftest.make_contents()
shown = contents.scores.assign(target=contents.scores["target"].replace({"violence_1": "made_target"}))
briefs = {
    lang: write_brief(replace(contents, scores=shown), folder / f"{lang}.html", lang=lang).read_text(encoding="utf-8")
    for lang in ("en", "fr")
}
print(json.dumps({
    "package": faultline.__file__,
    "label": float(TARGETS["made_target"].label(panel, 1)[10, 3]),
    "deaths": float(panel.deaths[11, 3]),
    "experiment": store.client.get_experiment(run.info.experiment_id).name,
    "run": run.info.run_name,
    "scored": int((scores["target"] == "made_target").sum()),
    "briefs": briefs,
    "about": about_scores("2000-01", scores, {}).targets["made_target"],
    "hub": int((hub_rows(scores)["target"] == "made_target").sum()),
}))
"""


def test_a_new_target_is_one_entry_and_its_words(tmp_path):
    copy = copied(tmp_path)
    copy.add("features/targets/build.py", "    for target in (", ENTRY)
    copy.append("pipelines/report/locale/en.po", ENGLISH_WORDS)
    copy.append("pipelines/report/locale/fr.po", FRENCH)
    found = copy.tells(FOLLOWED)
    assert found["label"] == (found["deaths"] >= 7)
    assert (found["experiment"], found["run"]) == ("country-violence", "made_target: pool")
    assert found["scored"] == 12
    assert "at least 7 deaths" in found["briefs"]["en"]
    assert "au moins 7 morts" in found["briefs"]["fr"]
    assert "at least 7 deaths" not in found["briefs"]["fr"]
    assert found["about"] == "probability of: at least 7 deaths within the horizon"
    assert found["hub"] == 2 * found["scored"]
