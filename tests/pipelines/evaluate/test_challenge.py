"""The challenge's file: its layout, its months, its units, and that our own evaluation reads it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled
from rich.console import Console

from faultline.features.errors import ConfigError, CoverageError, UnknownNameError
from faultline.features.months import views_month_id
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.evaluate.challenge import challenge, write_challenge
from faultline.pipelines.evaluate.evaluate import evaluate_files

QUIET = Progress(Console(stderr=True), quiet=True)
ORIGIN = pd.Period("2017-10", "M")
MALI, NIGER = 432, 436


@pytest.fixture(scope="module")
def found():
    return challenge(
        Settings(), QUIET, origin=ORIGIN, crosswalk={MALI: 50, NIGER: 78}, forecaster="conflictology", draws=50
    )


def test_january_to_december_of_the_next_year_in_the_challenges_layout(found):
    table = found.samples
    assert list(table.columns) == ["month_id", "country_id", "draw", "outcome"]
    assert sorted(table["month_id"].unique()) == list(range(457, 469))  # 2018-01 is 457
    assert sorted(table["country_id"].unique()) == [50, 78]
    assert len(table) == 12 * 2 * 50
    assert not table.duplicated(["month_id", "country_id", "draw"]).any()
    assert (table.dtypes == "int64").all()
    assert "Nigeria" in found.left_out


def test_samples_are_of_months_up_to_the_origin_and_outcomes_of_the_months_themselves(found):
    events = bundled().country_month
    mine = events[(events["gwno"] == MALI) & (events["violence_type"] == "sb")]
    deaths = dict(zip(mine["month"].dt.strftime("%Y-%m"), mine["deaths"], strict=True))
    lately = {deaths.get(str(ORIGIN - k), 0) for k in range(12)}
    assert set(found.samples.loc[found.samples["country_id"] == 50, "outcome"]) <= lately
    actual = found.actuals.set_index(["month_id", "country_id"])["outcome"]
    for month in pd.period_range("2018-01", "2018-12", freq="M"):
        assert actual[views_month_id(month), 50] == deaths.get(str(month), 0)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_our_own_evaluation_scores_the_file_as_by_hand(found, tmp_path, suffix):
    samples = write_challenge(found.samples, tmp_path / f"ours.{suffix}")
    actuals = write_challenge(found.actuals, tmp_path / f"actuals.{suffix}")
    scored = evaluate_files([samples], actuals).iloc[0]
    drawn = found.samples.set_index(["country_id", "month_id"])["outcome"].groupby(level=[0, 1])
    by_hand = []
    for (country, month), draws in drawn:
        y = found.actuals.set_index(["country_id", "month_id"]).loc[(country, month), "outcome"]
        x = draws.to_numpy(float)
        by_hand.append(np.abs(x - y).mean() - np.abs(x[:, None] - x).mean() / 2)
    assert scored["n"] == 24
    assert scored["crps"] == pytest.approx(np.mean(by_hand))


def test_without_a_crosswalk_the_gleditsch_ward_number_stands_for_every_country():
    found = challenge(Settings(), QUIET, origin=pd.Period("2017-12", "M"), forecaster="conflictology", draws=2)
    assert found.left_out == ()
    assert len(found.samples) == found.samples["country_id"].nunique() * 12 * 2
    assert {MALI, NIGER} <= set(found.samples["country_id"])


def test_what_cannot_be_forecast_is_refused(tmp_path):
    with pytest.raises(CoverageError, match="hold no month 2040-10"):
        challenge(Settings(), QUIET, origin=pd.Period("2040-10", "M"))
    with pytest.raises(UnknownNameError, match="hurdle"):
        challenge(Settings(), QUIET, origin=ORIGIN, forecaster="hurdl")
    with pytest.raises(ConfigError, match="Gleditsch-Ward"):
        challenge(Settings(), QUIET, origin=ORIGIN, crosswalk={1_000_000: 1})
    with pytest.raises(ConfigError, match="must end in"):
        write_challenge(pd.DataFrame(), tmp_path / "challenge.txt")
