"""A made issue, exported once to every format."""

import pytest
from made_scores import made_scores

from faultline.features.snapshot import load_snapshot
from faultline.pipelines.formats.bundle import export_issue
from faultline.pipelines.issue_files import OpenedIssue
from faultline.pipelines.progress import Progress


@pytest.fixture(scope="session")
def snapshot():
    return load_snapshot()


@pytest.fixture(scope="session")
def scores():
    return made_scores()


@pytest.fixture(scope="session")
def issue(scores):
    return OpenedIssue("2026-06", "made", scores)


@pytest.fixture(scope="session")
def exported(issue, snapshot, tmp_path_factory):
    return export_issue(issue, snapshot, tmp_path_factory.mktemp("exports"), Progress.on_stderr(quiet=True))
