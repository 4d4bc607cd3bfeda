"""A made issue, exported once to every format."""

import pytest
from made_bundled import bundled
from made_scores import made_scores

from faultline.pipelines.base.progress import Progress
from faultline.pipelines.exports.build import export_issue
from faultline.pipelines.issue.opening import OpenedIssue


@pytest.fixture(scope="session")
def snapshot():
    return bundled()


@pytest.fixture(scope="session")
def scores():
    return made_scores()


#: What a made issue says of its models; the last is of a target that it has no rows of.
MODELS = (
    {
        "level": "region",
        "target": "violence_25",
        "blocks": ["history"],
        "parts": [{"horizons": [1, 3], "members": {"logit": 0.8, "lightgbm": 0.2}}],
    },
    {
        "level": "country",
        "target": "deaths",
        "blocks": [],
        "parts": [{"months_ahead": 1, "mean_deaths_from": 0.01, "members": {"12 months": 0.25, "hurdle": 0.75}}],
    },
    {"level": "country", "target": "made", "blocks": [], "parts": [{"members": {"conflictology": 1.0}}]},
)


@pytest.fixture(scope="session")
def issue(scores):
    return OpenedIssue("2026-06", "made", scores, {"models": list(MODELS)})


@pytest.fixture(scope="session")
def exported(issue, snapshot, tmp_path_factory):
    return export_issue(issue, snapshot, tmp_path_factory.mktemp("exports"), Progress.on_stderr(quiet=True))
