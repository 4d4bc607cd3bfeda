"""The recipes of CONTRIBUTING.md, held: each is followed in a copy of the package, in the files that it names alone.

That of a target stands in `test_targets.py`.
"""

import re

import made_sources
import pytest
from made_copy import copied

from faultline.features.contracts.canonical import CONTRACTS
from faultline.features.sources.catalogue import SOURCES
from faultline.features.tables.snapshot import TABLES
from faultline.pipelines.exports.build import FORMATS

PACKAGE = """
import json, sys
from pathlib import Path
import faultline
folder, told = Path(sys.argv[1]), {"package": faultline.__file__}
"""
SAID = "\nprint(json.dumps(told))"


def files_of(recipe, root):
    """Files that a recipe of CONTRIBUTING.md names."""
    page = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    text = page[page.index(f"## {recipe}\n") :].split("\n## ")[0]
    return set(re.findall(r"`((?:features|models|pipelines|docs)/[\w./]+\.\w+)`", text))


@pytest.fixture
def copy(tmp_path):
    return copied(tmp_path, "docs/commands.md", "docs/exports.md")


STRIKES = "gwno,year,month,strikes\n436,2015,3,2\n475,2015,4,9\n"
OF_A_SOURCE = """
import datetime as dt, shutil
from dataclasses import replace
import conftest
from faultline.features.errors import DataError
from faultline.features.tables.snapshot import BUNDLED, load_snapshot
from faultline.pipelines.ingest.data_check import check_data
from faultline.pipelines.ingest.dictionary import data_dictionary
from faultline.pipelines.ingest.snapshot import build_snapshot
from faultline.pipelines.report import write_brief
from faultline.pipelines.report.briefing import _sources

world, out = folder / "world", folder / "snapshot"
build_snapshot(world, out)
snapshot = load_snapshot(out)
told["rows"] = snapshot["toy_strikes"]["strikes"].tolist()
(found,) = (each for each in check_data(out, today=dt.date(2026, 6, 10)) if each.table == "toy_strikes")
told["checked"] = [found.sources, found.rows, found.coverage, found.data_through, found.age_days, found.fault]
contents = replace(conftest.make_contents(), data_sources=_sources(snapshot))
for lang in ("en", "fr"):
    told[lang] = write_brief(contents, folder / f"{lang}.html", lang=lang).read_text(encoding="utf-8")
# as if the package's own snapshot were built again
shutil.copy(out / "toy_strikes.parquet", BUNDLED)
made, bundled = (json.loads((at / "provenance.json").read_text(encoding="utf-8")) for at in (out, BUNDLED))
bundled["tables"]["toy_strikes"] = made["tables"]["toy_strikes"]
(BUNDLED / "provenance.json").write_text(json.dumps(bundled), encoding="utf-8")
told["dictionary"] = data_dictionary()
(world / "toy" / "strikes.csv").write_text("gwno,year,month,strikes\\n436,2015,3,2\\n475,2015,4,many\\n", "utf-8")
try:
    build_snapshot(world, out)
except DataError as error:
    told["refused"] = str(error)
told["left"] = load_snapshot(out)["toy_strikes"]["strikes"].tolist()
"""


def test_every_source_reads_a_table_of_the_snapshot():
    names = [source.name for source in SOURCES]
    assert len(set(names)) == len(names)
    assert set(names) <= set(TABLES)
    assert not set(names) & set(CONTRACTS)  # a contract stands in one place


def test_a_new_source_is_one_module_and_one_entry(copy, root):
    copy.put("features/sources/toy_strikes.py", "toy_source.py")
    entry = "features/sources/catalogue.py"
    copy.add(entry, "(ELECTIONS, LEADERS, REGIMES", ", STRIKES")
    copy.add(entry, "import REGIMES\n", "from .toy_strikes import STRIKES\n")
    assert copy.changed == ["features/sources/toy_strikes.py", entry]
    assert files_of("A source", root) == {entry}
    made_sources.write_world(copy.root.parent / "world")
    (copy.root.parent / "world" / "toy").mkdir()
    (copy.root.parent / "world" / "toy" / "strikes.csv").write_text(STRIKES, encoding="utf-8")
    told = copy.tells(PACKAGE + OF_A_SOURCE + SAID)
    assert told["rows"] == told["left"] == [2, 9]
    assert told["checked"] == [["Strikes 7"], 2, "2015-03 to 2015-04", "2026-05-31", 10, ""]
    assert "### toy_strikes" in told["dictionary"]
    assert "| `strikes` | int32 |  | 0 to 2,000,000 | strikes begun |" in told["dictionary"]
    for lang in ("en", "fr"):
        assert "Nobody (2026), Strikes" in told[lang]
        assert "toy_strikes" in told[lang]
    assert "strikes.csv, row 3, column strikes: found 'many'" in told["refused"]


#: By kind: the module of a toy, the toy, the entry, its place in the registry, the name that is entered.
FORECASTERS = {
    "probabilities": (
        *("models/probabilities/toy.py", "toy_forecaster.py", "models/probabilities/risk.py"),
        *("(CLIMATOLOGY, PERSISTENCE, LOGIT, LIGHTGBM", "from .rare import RARE, RARE_POOLED\n", "TOY"),
    ),
    "deaths": (
        *("models/distributions/toy.py", "toy_deaths.py", "models/distributions/families.py"),
        *("(CLIMATOLOGY_SAMPLES, LAST_VALUE, CONFLICTOLOGY", "from .pool import SAMPLE_POOL\n", "TOY_DEATHS"),
    ),
}


@pytest.fixture
def entered(copy, root):
    """Adds the toy of a kind to the copy: what it takes to have it forecast, scored, registered and served."""

    def enter(kind):
        module, toy, registry, listed, imported, name = FORECASTERS[kind]
        before = (copy.root / registry).read_text(encoding="utf-8").splitlines()
        copy.put(module, toy)
        copy.add(registry, listed, f", {name}")
        copy.add(registry, imported, f"from .toy import {name}\n")
        assert copy.changed == [module, registry]
        after = (copy.root / registry).read_text(encoding="utf-8").splitlines()
        assert len(set(after) - set(before)) == 2  # an entry and its import
        assert registry in files_of("A forecaster", root)

    return enter


OF_A_FORECASTER = """
import datetime as dt, os
from dataclasses import replace
import conftest, made_panels
import mlflow, numpy as np, pandas as pd
from faultline.features.blocks.build import build_features
from faultline.features.targets.build import TARGETS
from faultline.pipelines.backtest.engine import Backtest, forecast_year
from faultline.pipelines.backtest.tables import write_tables
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.jobs.panel_export import panel_rows
from faultline.pipelines.learn.held_back import stratum_scores
from faultline.pipelines.learn.served import served_models
from faultline.pipelines.learn.train import train_level
from faultline.pipelines.report import write_brief
from faultline.pipelines.report.provenance import model_rows
from faultline.pipelines.report.wording import Wording
from faultline.pipelines.track import registry
from faultline.pipelines.track.first_champions import crown
from faultline.pipelines.track.learned import probabilities_learned
from faultline.pipelines.track.store import log_runs, open_store

TARGET = "violence_25"
os.chdir(folder)
panel = made_panels.made_panel(4, n_units=12, n_months=120, level="country")
rows = forecast_year(panel, build_features(panel), TARGETS[TARGET], year=1999, horizons=(1,))
names = tuple(name for name in rows.columns if name in ("climatology", "persistence", "toy", "pool"))
(folder / "backtest").mkdir()
told["backtest"] = write_tables(Backtest(folder / "backtest", rows, names), title="made").read_text(encoding="utf-8")
campaign = train_level(panel, horizons=(1,), targets=(TARGET,))
sure = {
    key: replace(held, probabilities={**held.probabilities, "toy": np.where(held.design.y > 0, 0.9, 0.1)})
    for key, held in campaign.evaluations.items()
}
campaign = replace(campaign, evaluations=sure)  # as if it had been right
store = open_store(Settings())
learned = probabilities_learned(campaign)
runs = log_runs(store, learned, stratum_scores(campaign), parameters={}, data={})
experiment = store.client.get_run(runs[TARGET]).info.experiment_id
found = {run.info.run_name: run.info.run_id for run in store.client.search_runs([experiment])}
told["runs"] = list(found)
told["files"] = [file.path for file in store.client.list_artifacts(found[f"{TARGET}: toy"])]
crown(store, learned, registry.register_models(store, learned, runs=runs))
champion = registry.champion(store, f"faultline-country-{TARGET}")
told["champion"] = store.client.get_model_version(champion.name, champion.version).tags["faultline.forecaster"]
model = registry.load_model(store, champion)
served = replace(campaign, models={TARGET: model})
made = served_models(served)
told["members"] = made[0]["parts"][0]["members"]
scores = score_level(
    served, origin=panel.months[-1], issue_date=dt.date(2000, 1, 20), horizons=(1,), versions={TARGET: champion}
).table
answered = mlflow.pyfunc.load_model(f"models:/{champion.name}/{champion.version}").predict(
    panel_rows(model, panel, origin=panel.months[-1])
)
told["scored"] = sorted(scores["probability"].round(9))
told["answered"] = sorted(answered.filter(regex="^probability").iloc[:, 0].round(9))
contents = replace(conftest.make_contents(), models=made)
for lang in ("en", "fr"):
    told[lang] = write_brief(contents, folder / f"{lang}.html", lang=lang).read_text(encoding="utf-8")
    told["parts " + lang] = [row["parts"] for row in model_rows(contents.scores, made, Wording.of(lang))]
"""


@pytest.mark.slow
def test_a_new_forecaster_of_probabilities_is_one_module_and_one_entry_served_included(copy, entered):
    entered("probabilities")
    told = copy.tells(PACKAGE + OF_A_FORECASTER + SAID)
    assert re.search(r"^\| *all[^\n]*\| toy \|", told["backtest"], re.MULTILINE)
    assert "violence_25: toy" in told["runs"]
    assert "shares.csv" in told["files"]
    assert told["champion"] == "toy"
    assert told["members"] == {"toy": 1.0}
    assert told["answered"] == told["scored"]
    for lang in ("en", "fr"):
        (part,) = (part for part in told[f"parts {lang}"] if "toy" in part)
        assert part in told[lang]


OF_DEATHS = """
import os
from dataclasses import replace
import conftest, made_panels
import mlflow, pandas as pd
from faultline.features.blocks.build import build_features
from faultline.models.distributions.distribution import summary
from faultline.models.distributions.families import SAMPLE_FAMILIES
from faultline.pipelines.backtest.deaths import DeathsBacktest, forecast_deaths
from faultline.pipelines.backtest.deaths_tables import deaths_scores
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.jobs.batch import champion_deaths
from faultline.pipelines.jobs.panel_export import panel_rows
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.deaths_held_back import deaths_stratum_scores, hold_back_deaths
from faultline.pipelines.learn.served import served_models
from faultline.pipelines.learn.train import Campaign
from faultline.pipelines.report import write_brief
from faultline.pipelines.report.provenance import model_rows
from faultline.pipelines.report.wording import Wording
from faultline.pipelines.track import registry
from faultline.pipelines.track.champions import Champions
from faultline.pipelines.track.first_champions import crown
from faultline.pipelines.track.learned import deaths_learned
from faultline.pipelines.track.store import log_runs, open_store

os.chdir(folder)
panel = made_panels.made_panel(4, n_units=12, n_months=120, n_countries=6)
features = build_features(panel)
few = {name: SAMPLE_FAMILIES[name] for name in ("climatology", "conflictology", "toy")}
rows = forecast_deaths(panel, features, "deaths", year=1999, families=few)
told["backtest"] = sorted(deaths_scores(DeathsBacktest(folder, rows))["forecaster"].unique())
learned = learn_deaths(panel, features, targets=("deaths",))
held_back = hold_back_deaths(panel, features, targets=("deaths",))
told["compared"] = list(held_back["deaths"].forecasters)
was = held_back["deaths"].rows
right = {"deaths": replace(held_back["deaths"], rows=was.assign(crps=was["crps"].where(was["forecaster"] != "toy", 0)))}
store = open_store(Settings())
entries = deaths_learned(learned, right)
runs = log_runs(store, entries, deaths_stratum_scores(panel, right), parameters={}, data={})
versions = registry.register_models(store, entries, runs=runs)
experiment = store.client.get_run(versions["deaths"].run_id).info.experiment_id
told["runs"] = {run.info.run_name: run.data.params.get("blocks") for run in store.client.search_runs([experiment])}
crown(store, entries, versions)
champion = registry.champion(store, "faultline-region-deaths")
told["champion"] = store.client.get_model_version(champion.name, champion.version).tags["faultline.forecaster"]
model = registry.load_model(store, champion)
told["family"] = model.family
campaign = Campaign(panel, features, {}, {})
served = champion_deaths(Champions({champion.name: model}, {}, pd.DataFrame()), campaign, horizons=[1])
answered = mlflow.pyfunc.load_model(f"models:/{champion.name}/{champion.version}").predict(
    panel_rows(model, panel, origin=panel.months[-1])
)
drawn = summary(model.forecaster.samples(panel, features, at=panel.last_observed, seed=model.seed))
told["same"] = bool((answered["month_mean_h3"].to_numpy() == drawn["month_mean_h3"]).all())
made = tuple({**each, "level": "country"} for each in served_models(campaign, {"deaths": served["deaths"]}))
told["members"], told["blocks"] = made[0]["parts"][0]["members"], made[0]["blocks"]
contents = replace(conftest.make_contents(), models=made)
for lang in ("en", "fr"):
    told[lang] = write_brief(contents, folder / f"{lang}.html", lang=lang).read_text(encoding="utf-8")
    told["parts " + lang] = [row["parts"] for row in model_rows(contents.scores, made, Wording.of(lang))]
"""


@pytest.mark.slow
def test_a_new_forecaster_of_deaths_is_one_module_and_one_entry_served_included(copy, entered):
    entered("deaths")
    told = copy.tells(PACKAGE + OF_DEATHS + SAID)
    assert told["backtest"] == ["climatology", "conflictology", "toy"]
    assert {"toy", "pool"} < set(told["compared"])
    assert told["runs"]["deaths: toy"] == told["runs"]["deaths: hurdle"] != ""
    assert (told["champion"], told["family"], told["same"]) == ("toy", "toy", True)
    assert told["members"] == {"toy": 1.0}
    assert "history" in told["blocks"]
    for lang in ("en", "fr"):
        (part,) = (part for part in told[f"parts {lang}"] if "toy" in part)
        assert part in told[lang]


OF_A_FORMAT = """
import made_scores
from faultline.pipelines.cli.main import app
from typer.testing import CliRunner

made_scores.made_issue(folder / "predictions")
to = folder / "exports"
asked = ["export", "--out", str(folder / "predictions"), "--to", str(to), "--quiet"]
done = CliRunner().invoke(app, [*asked, "--format", "toy"], catch_exceptions=False)
told["code"] = done.exit_code
issue = to / "issue=2026-06"
told["lines"] = (issue / "scores.toy").read_text(encoding="utf-8").splitlines()
told["scores"] = len(made_scores.made_scores())
about = json.loads((issue / "about.json").read_text(encoding="utf-8"))
told["about"] = [about["title"], about["formats"]]
told["help"] = CliRunner().invoke(app, ["export", "--help"], env={"COLUMNS": "400"}).output
"""


def test_a_new_format_is_one_module_one_entry_and_its_words(copy, root):
    copy.put("pipelines/exports/toy.py", "toy_format.py")
    build, words = "pipelines/exports/build.py", "pipelines/cli/export.py"
    copy.add(
        build,
        '    "views": _Job.views,\n',
        '    "toy": lambda job, folder: write_toy(job.scores, job.about, folder),\n',
    )
    copy.add(build, "from .places import places_of\n", "from .toy import write_toy\n")
    copy.add(words, "csv, parquet, xlsx, geojson, gpkg, hubverse", ", toy")
    copy.add("docs/exports.md", "the ViEWS challenge |\n", "| `toy` | `scores.toy` | this test |\n")
    assert set(copy.changed) - {"pipelines/exports/toy.py"} == files_of("A format", root)
    told = copy.tells(PACKAGE + OF_A_FORMAT + SAID)
    assert told["code"] == 0
    assert told["about"] == [
        "Faultline forecasts of political violence and state fragmentation, issue 2026-06",
        ["toy"],
    ]
    assert told["lines"][0] == told["about"][0]
    assert len(told["lines"]) == 1 + told["scores"]
    assert "hubverse, toy or views" in told["help"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_stands_in_the_help_and_on_its_page(name, root):
    words = (root / "pipelines" / "cli" / "export.py").read_text(encoding="utf-8")
    assert re.search(rf'help="[^"]*\b{name}\b[^"]*again for more', words)
    assert f"\n| `{name}` | " in (root / "docs" / "exports.md").read_text(encoding="utf-8")


OF_A_COMMAND = """
import test_docs
from faultline.pipelines.cli.main import app
from typer.testing import CliRunner

from faultline.features.tables.schemas import SCHEMAS
told["tables"] = len(SCHEMAS)
told["help"] = CliRunner().invoke(app, ["toy", "--help"]).output
told["said"] = CliRunner().invoke(app, ["toy"], catch_exceptions=False).output
page = folder / "faultline" / "docs" / "commands.md"
told["missing"] = []
for row in ("", "| `faultline toy` | Counts the tables that have a contract. | |\\n"):
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("| `faultline run`", row + "| `faultline run`", 1), encoding="utf-8")
    try:
        test_docs.test_the_page_of_commands_has_a_row_for_every_command_and_no_other(folder / "faultline")
    except AssertionError:
        told["missing"] += sorted(set(test_docs.commands()) - set(test_docs.rows_of(page.read_text(encoding="utf-8"))))
"""


def test_a_new_command_is_a_function_its_line_and_a_row_that_the_docs_ask_for(copy, root):
    copy.put("pipelines/cli/toy.py", "toy_command.py")
    main = "pipelines/cli/main.py"
    copy.add(main, "for command in (export", ", toy")
    copy.add(main, "from .report import report\n", "from .toy import toy\n")
    assert {main, "docs/commands.md"} == files_of("A command", root)
    told = copy.tells(PACKAGE + OF_A_COMMAND + SAID)
    assert "Count the tables that have a contract." in told["help"]
    assert "--least" in told["help"]
    assert told["said"].strip() == str(told["tables"])
    assert told["missing"] == ["faultline toy"]  # until the page has its row
