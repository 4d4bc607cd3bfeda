"""Hubverse: the hubverse's own reader opens it, and it keeps the rules that a hub's validation checks."""

import datetime as dt
import json
import re

import hubdata
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import structlog
import yaml
from made_scores import made_later

from faultline.features.errors import ConfigError
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.evaluate.forecast_files import read_forecasts
from faultline.pipelines.exports.about import question
from faultline.pipelines.exports.build import ExportOptions, export_issue
from faultline.pipelines.exports.hubverse import hub_rows

COLUMNS = ["origin_date", "target", "horizon", "location", "target_end_date", "output_type", "output_type_id", "value"]


@pytest.fixture(scope="module")
def hub(exported):
    return exported / "hubverse"


@pytest.fixture(scope="module")
def tasks(hub):
    return json.loads((hub / "hub-config" / "tasks.json").read_text(encoding="utf-8"))


def output(hub):
    return sorted((hub / "model-output" / "faultline-pool").glob("*.parquet"))


def test_the_hubverse_reader_finds_every_row_with_the_types_of_the_hub(hub, scores):
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    connection = hubdata.connect_hub(str(hub.resolve()))
    table = connection.get_dataset().to_table()
    assert table.num_rows == len(hub_rows(scores))
    schema = connection.schema
    assert schema.field("output_type_id").type == pa.string()
    assert schema.field("origin_date").type == pa.date32()
    assert schema.field("value").type == pa.float64()
    assert set(table.column("model_id").to_pylist()) == {"faultline-pool"}
    yes = table.to_pandas().query("target == 'violence_25' and output_type_id == 'yes' and location == 'MLI'")
    mali = scores.query("target == 'violence_25' and location_code == 'MLI'")
    assert sorted(yes["value"]) == pytest.approx(sorted(mali["probability"]))


def test_files_are_named_by_round_and_model_and_hold_one_round_each(hub):
    assert [file.name for file in output(hub)] == [
        "2019-12-31-faultline-pool.parquet",
        "2026-05-31-faultline-pool.parquet",
    ]
    for file in output(hub):
        table = pq.read_table(file)
        assert table.column_names == COLUMNS
        assert {str(date) for date in table.column("origin_date").to_pylist()} == {file.name[:10]}


def test_every_row_is_one_that_the_tasks_ask_for_and_none_is_missing(hub, tasks):
    """Columns, valid values, required outputs, no duplicates, as hubValidations checks them."""
    (around,) = tasks["rounds"]
    assert around["round_id_from_variable"]
    assert around["round_id"] == "origin_date"
    asked = {task["target_metadata"][0]["target_keys"]["target"]: task for task in around["model_tasks"]}
    for file in output(hub):
        rows = pd.read_parquet(file).astype({"origin_date": "str", "target_end_date": "str"})
        assert not rows.duplicated(COLUMNS[:-1]).any()
        assert rows["value"].notna().all()
        for target, part in rows.groupby("target"):
            task = asked[target]
            for name, values in task["task_ids"].items():
                allowed = (values["required"] or []) + (values["optional"] or [])
                assert set(part[name].unique().tolist()) <= set(allowed), name
            ids = COLUMNS[:5]
            for kind, wanted in task["output_type"].items():
                given = part[part["output_type"] == kind]
                assert given["value"].between(wanted["value"]["minimum"], wanted["value"].get("maximum", 1e9)).all()
                for _, of in given.groupby(ids):
                    have = [None if pd.isna(v) else v for v in of["output_type_id"]]
                    required = wanted["output_type_id"]["required"]
                    assert have == ([None] if required is None else [str(v) for v in required])
                assert given.groupby(ids).ngroups == part.groupby(ids).ngroups
            assert set(part["output_type"]) == set(task["output_type"])


def test_pmf_sums_to_one_and_quantiles_do_not_fall(hub):
    for file in output(hub):
        rows = pd.read_parquet(file)
        pmf = rows[rows["output_type"] == "pmf"].groupby(COLUMNS[:5])["value"].sum()
        assert pmf.to_numpy() == pytest.approx(1.0)
        quantiles = rows[rows["output_type"] == "quantile"]
        ordered = quantiles.assign(level=quantiles["output_type_id"].astype(float)).sort_values("level")
        assert (ordered.groupby(COLUMNS[:5])["value"].diff().dropna() >= 0).all()


def test_the_config_keeps_the_schema_of_hubs(hub, tasks):
    """Rules of the hubverse's tasks-schema and admin-schema v5.0.1 that concern what we write."""
    admin = json.loads((hub / "hub-config" / "admin.json").read_text(encoding="utf-8"))
    assert {"schema_version", "name", "maintainer", "contact", "repository", "file_format", "timezone"} <= set(admin)
    optional = {"zoltar_project_id", "citation", "model_output_dir", "cloud"}
    assert (
        set(admin)
        <= {"schema_version", "name", "maintainer", "contact", "repository", "file_format", "timezone"} | optional
    )
    assert set(admin["file_format"]) <= {"csv", "parquet", "arrow"}
    for config, kind in ((admin, "admin"), (tasks, "tasks")):
        assert re.fullmatch(rf"https://\S+/schemas/main/v5\.0\.1/{kind}-schema\.json", config["schema_version"])
    assert tasks["output_type_id_datatype"] == "character"
    (around,) = tasks["rounds"]
    assert set(around["submissions_due"]) == {"relative_to", "start", "end"}
    for task in around["model_tasks"]:
        assert set(task) == {"task_ids", "output_type", "target_metadata"}
        assert all(set(values) == {"required", "optional"} for values in task["task_ids"].values())
        for values in task["task_ids"].values():
            both = (values["required"] or []) + (values["optional"] or [])
            assert len(both) == len(set(both)) > 0
        for kind, of in task["output_type"].items():
            assert set(of) == {"output_type_id", "value", "is_required"}
            assert set(of["output_type_id"]) == {"required"}
            assert of["value"]["type"] == "double"
            assert kind != "pmf" or of["value"] == {"type": "double", "minimum": 0, "maximum": 1}
        (metadata,) = task["target_metadata"]
        assert len(metadata["target_id"]) <= 30
        assert len(metadata["target_name"]) <= 100
        assert metadata["target_type"] == ("binary" if "pmf" in task["output_type"] else "continuous")
        assert metadata["is_step_ahead"]
        assert metadata["time_unit"] == "month"
        assert list(metadata["target_keys"].values()) == task["task_ids"]["target"]["required"]


def test_the_methods_name_the_models_that_made_the_rows_and_no_pool_that_did_not(hub, scores):
    (file,) = (hub / "model-metadata").glob("*.yml")
    methods = yaml.safe_load(file.read_text(encoding="utf-8"))["methods"]
    assert all(name in methods for name in scores["model_name"].astype("str").unique())
    assert "Equal-weight" not in methods


def test_the_metadata_tell_the_weights_and_blocks_that_the_issue_says_of_its_own_models(hub):
    (file,) = (hub / "model-metadata").glob("*.yml")
    metadata = yaml.safe_load(file.read_text(encoding="utf-8"))
    methods = metadata["methods"]
    said = "violence_25 (region): 0.8 logit + 0.2 lightgbm (1, 3 months); reads, beside its own past: history."
    assert said in methods
    assert (
        "deaths (country): 0.25 12 months + 0.75 hurdle (1 months ahead, from 0.01 deaths a month on); "
        "reads, beside its own past: nothing further."
    ) in methods
    assert "made (country)" not in methods
    assert [model["target"] for model in metadata["models"]] == ["violence_25", "deaths"]
    assert metadata["models"][0]["parts"][0]["members"] == {"logit": 0.8, "lightgbm": 0.2}
    assert json.loads((hub / "about.json").read_text(encoding="utf-8"))["models"] == metadata["models"]


@pytest.mark.parametrize("suffix", ["", "_total"])
def test_what_is_counted_comes_from_the_target(suffix):
    assert question(f"deaths_sb{suffix}").startswith("state-based deaths")
    assert question(f"deaths{suffix}").startswith("deaths of all three types")


def test_no_description_of_a_target_names_types_that_it_may_not_count(tasks):
    (around,) = tasks["rounds"]
    described = [task["target_metadata"][0]["description"] for task in around["model_tasks"]]
    assert not any("state-based, non-state and one-sided" in text for text in described)


def test_units_licence_and_locations_stand_beside_it(hub):
    model = yaml.safe_load((hub / "model-metadata" / "faultline-pool.yml").read_text(encoding="utf-8"))
    assert (model["team_abbr"], model["model_abbr"], model["license"]) == ("faultline", "pool", "CC-BY-4.0")
    locations = pd.read_csv(hub / "auxiliary-data" / "locations.csv")
    assert locations["location"].tolist() == ["MLI", "NER", "NGA", "NG-BO", "NG-YO"]
    assert json.loads((hub / "about.json").read_text(encoding="utf-8"))["columns"]["q50"]["unit"].startswith("deaths")


def test_faultline_evaluate_reads_it(hub, scores):
    by_kind = {part.kind: part for part in read_forecasts(output(hub)[1])}
    assert set(by_kind) == {"probability", "mean", "quantiles"}
    country = scores[scores["admin_level"] == 0]
    assert len(by_kind["probability"].keys) == country["probability"].notna().sum()
    assert by_kind["quantiles"].levels.tolist() == [0.05, 0.25, 0.5, 0.75, 0.95]


def admin_of(hub):
    return json.loads((hub / "hub-config" / "admin.json").read_text(encoding="utf-8"))


def test_no_repository_or_address_is_named_unless_it_was_given(hub, issue, snapshot, tmp_path):
    assert admin_of(hub)["repository"] == {}
    assert admin_of(hub)["contact"] == {"name": "faultline contributors"}
    options = ExportOptions(hub_repository="our-team/our.hub", contact="us@example.org")
    folder = export_issue(
        issue, snapshot, tmp_path, Progress.on_stderr(quiet=True), formats=("hubverse",), options=options
    )
    given = admin_of(folder / "hubverse")
    assert given["repository"] == {"host": "github", "owner": "our-team", "name": "our.hub"}
    assert given["contact"]["email"] == "us@example.org"
    assert hubdata.connect_hub(str((folder / "hubverse").resolve())).get_dataset().count_rows() > 0


@pytest.mark.parametrize("name", ["our-hub", "https://github.com/a/b", "a/b/c", "a b/c"])
def test_a_repository_that_is_not_owner_and_name_is_refused(issue, snapshot, tmp_path, name):
    with pytest.raises(ConfigError, match="hub-repository"):
        export_issue(
            issue,
            snapshot,
            tmp_path,
            Progress.on_stderr(quiet=True),
            formats=("hubverse",),
            options=ExportOptions(hub_repository=name),
        )
    assert not list(tmp_path.glob("issue*"))


@pytest.mark.parametrize("name", ["faultline", "a-b-c", "../x-y", "faultline-" + 17 * "x"])
def test_a_name_that_no_hub_takes_is_refused(issue, snapshot, tmp_path, name):
    with pytest.raises(ConfigError, match="team-model"):
        export_issue(
            issue,
            snapshot,
            tmp_path,
            Progress.on_stderr(quiet=True),
            formats=("hubverse",),
            options=ExportOptions(team_model=name),
        )
    assert list(tmp_path.iterdir()) == []


def test_windows_from_today_are_a_round_of_their_own():
    both = hub_rows(made_later())
    assert not both.duplicated([*COLUMNS[:5], "output_type", "output_type_id"]).any()
    later = both[both["origin_date"] == dt.date(2026, 11, 30)]
    assert later.loc[later["horizon"] == 3, "target_end_date"].eq(dt.date(2027, 2, 28)).all()
    assert len(later) == (both["origin_date"] == dt.date(2026, 5, 31)).sum()
