"""The served model: a pyfunc that is saved as texts, loaded without pickle, and careful with what it is asked."""

import ast
import os
import zipfile
from pathlib import Path

import made_stores
import mlflow
import numpy as np
import pandas as pd
import pytest

from faultline.models.rows.design import Inputs
from faultline.models.serving.probabilities import serving_signature
from faultline.models.serving.rows import numbers
from faultline.models.serving.served_model import LOGGED
from faultline.pipelines.jobs.panel_export import panel_rows


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    campaign = made_stores.made_campaign()
    model = campaign.models["violence_25"]
    rows = panel_rows(model, campaign.panel, origin=campaign.panel.months[-1])
    folder = tmp_path_factory.mktemp("served") / "model"
    texts = tmp_path_factory.mktemp("texts")
    for name, text in model.texts().items():
        (texts / name).write_text(text, encoding="utf-8")
    mlflow.pyfunc.save_model(
        folder,
        python_model=str(LOGGED),
        artifacts={"model": str(texts)},
        signature=serving_signature(model),
        input_example=rows.head(3),
        pip_requirements=["faultline"],
    )
    return campaign, model, rows, folder


@pytest.fixture(scope="module")
def loaded(saved):
    os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"
    try:
        return mlflow.pyfunc.load_model(str(saved[-1]))
    finally:
        del os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"]


def test_nothing_of_it_is_pickled(saved):
    folder = saved[-1]
    kinds = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert kinds <= {".json", ".py", ".pyc", ".txt", ".yaml", ""}
    assert not list(folder.rglob("*.pkl"))


def test_saved_and_loaded_it_gives_the_same_numbers_bit_for_bit(saved, loaded):
    campaign, model, rows, _ = saved
    given = loaded.predict(rows)
    panel = campaign.panel
    unit, month = panel.units.index.get_indexer(rows["unit"]), len(panel.months) - 1
    assert set(rows["month"]) == {str(panel.months[-1])}
    for horizon, fitted in model.horizons.items():
        past = {name: rows[f"{name}_h{horizon}"].to_numpy() for name in ("climatology", "persistence")}
        x = campaign.features.values[month, unit]  # noqa: PD011  # an array of ours
        forecast = fitted.forecast(Inputs(names=campaign.features.names, x=x, **past))
        assert given[f"probability_h{horizon}"].tolist() == forecast.probability.tolist()
        assert given[f"prob_low_h{horizon}"].tolist() == forecast.low.tolist()
        assert given[f"baseline_probability_h{horizon}"].tolist() == forecast.baseline.tolist()


def test_its_signature_names_every_column_and_it_has_an_example(saved, loaded):
    rows = saved[2]
    signature = loaded.metadata.signature
    assert signature.inputs.input_names() == list(rows.columns)
    assert signature.outputs.input_names() == list(loaded.predict(rows).columns)
    pd.testing.assert_frame_equal(loaded.input_example, rows.head(3), check_dtype=False)


def test_columns_may_stand_in_any_order_and_columns_that_it_does_not_know_are_left_out(saved, loaded):
    rows = saved[2]
    given = loaded.predict(rows)
    turned = rows[rows.columns[::-1]].assign(something="else")
    pd.testing.assert_frame_equal(loaded.predict(turned), given)


def test_a_unit_never_seen_is_scored_by_its_numbers(saved, loaded):
    rows = saved[2]
    given = loaded.predict(rows).drop(columns="unit")
    pd.testing.assert_frame_equal(loaded.predict(rows.assign(unit="Atlantis")).drop(columns="unit"), given)


def test_a_missing_column_is_named(saved, loaded):
    rows = saved[2]
    with pytest.raises(mlflow.MlflowException, match="deaths_12"):
        loaded.predict(rows.drop(columns="deaths_12"))
    with pytest.raises(ValueError, match="deaths_12"):
        loaded.unwrap_python_model().predict(None, rows.drop(columns="deaths_12"))


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_a_value_that_is_not_finite_is_named_by_row_and_column(saved, loaded, value):
    rows = saved[2].copy()
    rows.loc[2, "deaths_3"] = value
    with pytest.raises(ValueError, match=r"2, column deaths_3: the value -?(inf|nan) is not a finite number"):
        loaded.predict(rows)


def test_facts_that_were_not_coded_may_be_empty_but_not_without_end():
    rows = pd.DataFrame({"month": ["2026-05"] * 2, "deaths_3": [1.0, 0.0], "french_troops": [np.nan, 2.0]})
    np.testing.assert_array_equal(numbers(rows, ["deaths_3", "french_troops"]), [[1.0, np.nan], [0.0, 2.0]])
    with pytest.raises(ValueError, match="1, column french_troops: the value inf is not a finite number"):
        numbers(rows.assign(french_troops=[np.nan, np.inf]), ["french_troops"])


def test_a_month_that_is_none_is_named(saved, loaded):
    rows = saved[2].copy()
    rows.loc[1, "month"] = "May 2026"
    with pytest.raises(ValueError, match=r"1, column month: 'May 2026' is no month"):
        loaded.predict(rows)


def test_text_in_place_of_a_number_is_refused(saved, loaded):
    with pytest.raises(mlflow.MlflowException, match="deaths_3"):
        loaded.predict(saved[2].assign(deaths_3="many"))


@pytest.mark.parametrize("name", ["probabilities", "deaths"])
def test_a_model_that_an_earlier_layout_logged_still_answers_as_it_did(name, tmp_path):
    """The zip was made once, by tests/made_kept_models.py: what it holds must load wherever modules stand now."""
    with zipfile.ZipFile(Path(__file__).parent / "kept" / "models.zip") as kept:
        kept.extractall(tmp_path)
    rows, answers = (pd.read_json(tmp_path / f"{name}-{what}.json", dtype=False) for what in ("rows", "answers"))
    numbers = dict.fromkeys(rows.columns.drop(["unit", "month"]), "float64")
    given = mlflow.pyfunc.load_model(str(tmp_path / name)).predict(rows.astype(numbers))
    assert set(answers.columns) <= set(given.columns)  # what is told of deaths has become more
    pd.testing.assert_frame_equal(given[list(answers.columns)], answers, check_dtype=False, rtol=1e-9)


def test_a_logged_model_imports_one_name_of_this_package():
    tree = ast.parse(LOGGED.read_text(encoding="utf-8"))
    modules = [node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.module != "__future__"]
    assert modules == ["mlflow.models", "faultline.models.serving"]
