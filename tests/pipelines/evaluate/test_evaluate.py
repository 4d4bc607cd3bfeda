"""Scoring forecast files of every layout."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from faultline.features.errors import CoverageError, SchemaError, SourceError
from faultline.pipelines.evaluate.evaluate import evaluate_files
from faultline.pipelines.evaluate.forecast_files import read_forecasts


def views(samples):
    return pd.DataFrame(
        [(457, unit, k, x) for unit, xs in samples.items() for k, x in enumerate(xs)],
        columns=["month_id", "country_id", "draw", "outcome"],
    )


@pytest.fixture
def actuals(tmp_path):
    file = tmp_path / "actuals.csv"
    pd.DataFrame({"month_id": 457, "country_id": [57, 41], "outcome": [1, 0]}).to_csv(file, index=False)
    return file


def test_two_sample_files_give_one_table_by_the_challenges_scores(tmp_path, actuals):
    views({57: [0, 2], 41: [0, 0]}).to_parquet(tmp_path / "ours.parquet")
    views({41: [9, 9], 57: [1, 1]}).sample(frac=1, random_state=0).to_csv(tmp_path / "theirs.csv", index=False)
    table = evaluate_files([tmp_path / "ours.parquet", tmp_path / "theirs.csv"], actuals).set_index("forecast")
    assert table.loc["ours", "crps"] == pytest.approx(0.25)
    assert table.loc["theirs", "crps"] == pytest.approx(4.5)
    assert table.loc["theirs", "ign"] == pytest.approx(np.mean([-np.log2(3 / 13), -np.log2(1 / 13)]))
    assert table["n"].tolist() == [2, 2]


def test_files_are_compared_on_what_both_forecast(tmp_path, actuals):
    views({57: [0, 2], 41: [0, 0]}).to_csv(tmp_path / "a.csv", index=False)
    views({57: [0, 2]}).to_csv(tmp_path / "b.csv", index=False)
    table = evaluate_files([tmp_path / "a.csv", tmp_path / "b.csv"], actuals)
    assert table["n"].tolist() == [1, 1]
    assert table["left_out"].tolist() == [1, 0]


def hub(kind, ids, values, *, target="deaths", location="MLI"):
    return pd.DataFrame(
        {
            "origin_date": "2017-12-31",
            "target": target,
            "horizon": 1,
            "location": location,
            "target_end_date": "2018-01-31",
            "output_type": kind,
            "output_type_id": [str(i) for i in ids],
            "value": values,
        }
    )


@pytest.fixture
def hub_actuals(tmp_path):
    file = tmp_path / "observed.csv"
    pd.DataFrame(
        {
            "location": "MLI",
            "target_end_date": "2018-01-31",
            "target": ["deaths", "violence_25"],
            "observation": [12, 1],
        }
    ).to_csv(file, index=False)
    return file


def test_every_output_type_of_a_hub_file_is_scored(tmp_path, hub_actuals):
    parts = [
        hub("pmf", ["no", "yes"], [0.3, 0.7], target="violence_25"),
        hub("quantile", [0.05, 0.5, 0.95], [0, 4, 10]),
        hub("sample", ["0", "1"], [11, 13]),
        hub("mean", [None], [10]),
    ]
    file = tmp_path / "hub.parquet"
    pd.concat(parts).to_parquet(file)
    table = evaluate_files([file], hub_actuals).set_index("kind")
    assert table.loc["probability", "brier"] == pytest.approx(0.09)
    assert table.loc["quantiles", "mis"] == pytest.approx(50)
    pinball = [0.05 * 12, 0.5 * 8, 0.95 * 2]
    assert table.loc["quantiles", "crps"] == pytest.approx(2 * np.mean(pinball))
    assert table.loc["samples", "crps"] == pytest.approx(0.5)
    assert table.loc["mean", "mae"] == pytest.approx(2)


def test_the_flat_table_is_scored_by_its_probability(tmp_path, hub_actuals):
    file = tmp_path / "scores.csv"
    pd.DataFrame(
        {
            "location_code": ["MLI"],
            "target": "violence_25",
            "horizon_months": 1,
            "reference_period_end": "2018-01-31",
            "probability": 0.8,
            "admin1_code": None,
        }
    ).to_csv(file, index=False)
    assert evaluate_files([file], hub_actuals)["brier"].tolist() == pytest.approx([0.04])


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (views({57: [0, -2]}), "row 3, column outcome: expected a number of at least 0, not -2"),
        (views({57: [0, 2], 41: [1]}), "column draw: expected equally many samples"),
        (views({57: [0, 2]}).assign(draw=0), "row 3, column draw: expected each forecast once"),
        (views({57: [0, 2]}).assign(month_id="May"), "row 2, column month_id: expected a number, not 'May'"),
        (views({57: [0, 2]}).drop(columns="draw"), "row 1, column draw: the columns month_id, country_id, outcome"),
        (hub("pmf", ["no", "yes"], [0.3, 0.3]), "row 2, column value: expected yes and no that sum to 1"),
        (hub("quantile", [0.1, 0.9], [3, 1]), "row 2, column value: expected quantiles that rise"),
        (hub("quantile", [0.1, 1.9], [1, 3]), "row 3, column output_type_id: expected a quantile level"),
        (hub("cdf", [1, 2], [0, 1]), "row 2, column output_type: expected pmf, quantile, sample or mean, not 'cdf'"),
    ],
)
def test_a_broken_row_is_named_by_file_row_and_column(tmp_path, frame, says):
    file = tmp_path / "broken.csv"
    frame.to_csv(file, index=False)
    with pytest.raises(SchemaError) as caught:
        read_forecasts(file)
    assert says in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_missing_file_and_one_of_other_units_are_refused(tmp_path, actuals):
    with pytest.raises(SourceError, match="no such file"):
        evaluate_files([tmp_path / "none.csv"], actuals)
    views({99: [0, 2]}).to_csv(tmp_path / "other.csv", index=False)
    with pytest.raises(CoverageError, match="first forecast is of unit 99 in 2018-01"):
        evaluate_files([tmp_path / "other.csv"], actuals)
