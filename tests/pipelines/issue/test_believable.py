"""Nothing that contradicts itself is written."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

import made_panels
import numpy as np
import pytest

from faultline.features.errors import IncoherentError
from faultline.models.distributions.distribution import Makeup
from faultline.pipelines.issue.believable import check_believable, faults, unlike_last_year
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.jobs.run import warning_lines
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.train import ModelVersion, train_level

pytestmark = pytest.mark.usefixtures("few_trees")
TARGETS = ("violence_1", "violence_25", "escalation")


@pytest.fixture(scope="module")
def panel():
    return made_panels.made_panel(4, n_units=24, n_months=120, level="country")


@pytest.fixture(scope="module")
def campaign(panel):
    return train_level(panel, horizons=(1, 3), targets=TARGETS)


@pytest.fixture(scope="module")
def deaths(panel, campaign):
    return learn_deaths(panel, campaign.features, horizons=(1, 3, 12))


def table(panel, campaign, deaths):
    return score_level(
        campaign,
        origin=panel.months[-1],
        issue_date=dt.date(2000, 1, 20),
        horizons=(1, 3, 12),
        versions={target: ModelVersion("model", "1", "run") for target in TARGETS},
        deaths=deaths,
    ).table


@pytest.fixture(scope="module")
def scores(panel, campaign, deaths):
    return table(panel, campaign, deaths)


def row_of(scores, target, horizon):
    return scores.index[(scores["target"] == target) & (scores["horizon_months"] == horizon)][0]


def test_what_is_scored_is_believable(scores):
    check_believable(scores)
    assert list(faults(scores)) == []


@pytest.mark.parametrize(
    ("row", "column", "value", "what"),
    [
        (("deaths", 3), "mean_deaths", 1e5, "mean is above"),
        (("deaths_sb_total", 12), "q50", 1e6, "state-based deaths are above"),
        (("violence_25", 3), "probability", 0.0, "longer window is less likely"),
        (("violence_1", 3), "probability", 0.0, "less likely than one that it holds"),
    ],
)
def test_a_row_that_breaks_a_property_is_refused_by_name(scores, row, column, value, what):
    broken = scores.copy()
    row = row_of(scores, *row)
    broken.loc[row, column] = value
    name = broken.loc[row, "location_name"]
    assert any(what in found and name in set(rows["location_name"]) for found, rows in faults(broken))
    with pytest.raises(IncoherentError, match="no issue is written"):
        check_believable(broken)


def test_six_deaths_surely_and_one_death_perhaps_are_refused(scores):
    broken = scores.copy()
    total = row_of(scores, "deaths_total", 3)
    unit = broken.loc[total, "gwno"]
    chance = broken.index[
        (broken["target"] == "violence_1") & (broken["horizon_months"] == 3) & (broken["gwno"] == unit)
    ][0]
    broken.loc[total, ["q05", "q25", "q50", "q75", "q95"]] = [6.0, 20.0, 40.0, 80.0, 200.0]
    broken.loc[chance, "probability"] = 0.618
    assert "a probability and the quantiles of deaths disagree" in dict(faults(broken))


def test_a_year_unlike_the_last_is_said_with_the_country_that_differs_most(scores, panel):
    assert unlike_last_year(scores, panel) is None
    many = scores.copy()
    row = row_of(scores, "deaths_total", 12)
    many.loc[row, "mean_deaths"] = 1e6
    said = unlike_last_year(many, panel)
    assert said is not None
    assert many.loc[row, "location_name"] in said
    assert f"{panel.deaths[-12:].sum():,.0f}" in said
    assert np.isfinite(panel.deaths).all()


@dataclass(frozen=True)
class Wild:
    """Draws as another does, but for a hundred courses of the first unit that have so many deaths in a month."""

    makeup = Makeup()
    other: Any
    deaths: float

    def samples(self, panel: Any, features: Any, **options: Any) -> np.ndarray:
        drawn = self.other.samples(panel, features, **options)
        drawn[0, 4, :100] = self.deaths
        return drawn


def test_no_issue_is_written_of_draws_far_beyond_the_record_that_no_analog_had(panel, campaign, deaths):
    record = float(panel.deaths[:, 0].max())
    believed = replace(deaths["deaths"], forecaster=Wild(deaths["deaths"].forecaster, 10 * record))
    assert not table(panel, campaign, {**deaths, "deaths": believed})["warning"].str.contains("worst month").any()
    wild = replace(deaths["deaths"], forecaster=Wild(deaths["deaths"].forecaster, 11 * record))
    with pytest.raises(IncoherentError, match=r"no issue is written: .* no analog of it had as many"):
        table(panel, campaign, {**deaths, "deaths": wild})


def test_the_analog_of_a_far_draw_is_named_in_the_units_rows_of_deaths_alone(panel, campaign):
    quiet = replace(panel, values={name: values.copy() for name, values in panel.values.items()})
    for name in ("sb_deaths", "ns_deaths", "os_deaths"):
        quiet.values[name][:, 0] = 0.0
    learned = learn_deaths(quiet, campaign.features, targets=("deaths",), horizons=(1, 3, 12))
    rows = table(quiet, campaign, learned)
    noted = rows[rows["warning"].notna()]
    assert set(noted["location_name"]) == {"country 0"}
    assert set(noted["target"]) == {"deaths", "deaths_total"}
    (said,) = noted["warning"].unique()
    found = re.fullmatch(
        r"up to (\d+) deaths a month drawn, over 10 times its worst month: (country \d+) had ([\d,]+) in (\d{4}-\d\d) "
        r"after a like past",
        said,
    )
    assert found is not None
    unit = quiet.units["country_name"].tolist().index(found[2])
    came = quiet.deaths[quiet.months.astype(str).tolist().index(found[4]), unit]
    assert came == float(found[3].replace(",", "")) >= float(found[1]) > 25
    assert warning_lines(rows, quiet) == ()  # told row by row, not to the terminal
