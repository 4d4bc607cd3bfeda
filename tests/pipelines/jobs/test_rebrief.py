"""The brief made again from an issue's files, through the command."""

import json

import pandas as pd
import pytest
from made_issue import write_issue
from typer.testing import CliRunner

from faultline.features.errors import ConfigError, SourceError
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.base.whole import checksum
from faultline.pipelines.cli.main import app
from faultline.pipelines.ingest.own_facts import BUNDLED_FILES
from faultline.pipelines.jobs.rebrief import latest_issue, rebrief


@pytest.fixture(scope="module")
def issues(tmp_path_factory):
    """Two issues of Mali and its neighbours, as the main job writes them."""
    out = tmp_path_factory.mktemp("issues")
    for issue in ("2026-05", "2026-06"):
        write_issue(out, issue)
    return out


@pytest.fixture(autouse=True)
def few_countries(monkeypatch, cut):
    monkeypatch.setenv("FAULTLINE_SNAPSHOT", str(cut))


def quiet() -> Progress:
    return Progress.on_stderr(quiet=True)


def test_the_latest_issue_is_the_default(issues, tmp_path):
    assert latest_issue(issues) == pd.Period("2026-06", "M")
    with pytest.raises(SourceError, match="no issue in this folder"):
        latest_issue(tmp_path)


def test_the_command_writes_the_brief_of_an_issue_in_a_language(issues):
    done = CliRunner().invoke(app, ["report", "--out", str(issues), "--issue", "2026-06", "--lang", "fr", "--quiet"])
    assert done.exit_code == 0, done.output
    file = issues / "issue=2026-06" / "brief.fr.html"
    assert done.output.strip().replace("\n", "") == str(file)
    html = file.read_text(encoding="utf-8")
    assert "Édition de juin 2026" in html
    # the issue of May said something of May, which is in the data now
    assert "Ce qui s’est passé en mai 2026" in html
    assert 'id="record"' in html
    assert "MINUSMA" in html


def test_it_is_made_from_what_was_known_then(issues, tmp_path):
    file = rebrief(Settings(out=issues), quiet(), issue=pd.Period("2026-05", "M"), to=tmp_path / "b.html")
    html = file.read_text(encoding="utf-8")
    # of April the forecasts tell that the package carries; what the issue of May said is not settled then
    assert "How it went in April 2026" in html
    assert "The issue of May 2026 saw" not in html
    spoken_of = pd.read_parquet(issues / "issue=2026-05" / "scores.parquet")["location_code"].nunique()
    assert f"of {spoken_of} countries as more likely than not" in html  # of these, and no others
    assert "#unit-0:BRA" not in html
    assert '"past":["2021-05"' in html  # sixty months up to April


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda folder: (folder / "about.json").write_text("{}", encoding="utf-8"), "what the issue says of itself"),
        (lambda folder: (folder / "scores.parquet").write_bytes(b"no"), "file of the issue cannot be read"),
        (lambda folder: (folder / "skill.csv").unlink(), "file of the issue cannot be read"),
    ],
    ids=["about", "scores", "skill"],
)
def test_a_broken_issue_is_named(issues, tmp_path, change, says):
    folder = tmp_path / "issue=2026-06"
    folder.mkdir()
    for file in ("about.json", "scores.parquet", "skill.csv"):
        (folder / file).write_bytes((issues / "issue=2026-06" / file).read_bytes())
    change(folder)
    with pytest.raises(SourceError, match=says):
        rebrief(Settings(out=tmp_path), quiet())


def test_an_issue_made_with_own_facts_is_briefed_with_the_same_ones_only(tmp_path):
    folder, file = write_issue(tmp_path, "2026-06"), tmp_path / "mine.csv"
    arrival = BUNDLED_FILES["deployments"].read_text(encoding="utf-8").splitlines(keepends=True)[:2]
    file.write_text("".join(arrival), encoding="utf-8")
    digest = checksum(file)
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    (folder / "about.json").write_text(json.dumps(about | {"facts": {"mine.csv": digest}}), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"made with mine\.csv, and given is none"):
        rebrief(Settings(out=tmp_path), quiet())
    assert rebrief(Settings(out=tmp_path, facts=(file,)), quiet()).is_file()
    file.write_text("".join([*arrival, arrival[1].replace("serval-mli-arrival-2013", "another")]), encoding="utf-8")
    with pytest.raises(ConfigError, match="the same files, unchanged"):
        rebrief(Settings(out=tmp_path, facts=(file,)), quiet())


def test_an_issue_that_is_not_there_offers_those_that_are(issues):
    with pytest.raises(SourceError, match="2026-05, 2026-06"):
        rebrief(Settings(out=issues), quiet(), issue=pd.Period("2020-01", "M"))


def test_a_copy_beside_the_issues_is_no_issue(issues, tmp_path):
    for name in ("issue=2026-05", "issue=2026-06.bak"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "about.json").write_bytes((issues / "issue=2026-05" / "about.json").read_bytes())
    assert latest_issue(tmp_path) == pd.Period("2026-05", "M")
    with pytest.raises(SourceError, match=r"There are: 2026-05\."):
        rebrief(Settings(out=tmp_path), quiet(), issue=pd.Period("2020-01", "M"))
