"""The monthly batch, and bundles: what champions score, twice, again and elsewhere."""

import datetime as dt
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from pathlib import Path

import pandas as pd
import pytest
from made_cut import COUNTRIES

from faultline.features.errors import ConfigError, CoverageError, SchemaError, SourceError
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.cli.main import main
from faultline.pipelines.exports.archive import differences, open_bundle, write_bundle
from faultline.pipelines.jobs.scoring import make_bundle, score_from_bundle, score_from_store
from faultline.pipelines.track.champions import champions_of

MONTH = pd.Period("2008-09", "M")
#: There was no South Sudan then.
THEN = {*COUNTRIES} - {"SSD"}
TODAY = dt.date(2026, 6, 20)
pytestmark = pytest.mark.usefixtures("checkout")


def score(out, *, origin=MONTH, reissue=False, **settings):
    settings = Settings(out=Path(out), **settings)
    return score_from_store(settings, quietly(), origin=origin, made_on=TODAY, reissue=reissue)


def quietly():
    return Progress.on_stderr(quiet=True)


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def issued(checkout):  # noqa: ARG001  # autouse marks do not reach fixtures of a module
    return score("first")


def test_the_champion_scores_every_country_of_the_month(issued):
    rows = issued.scores[issued.scores["target"] == "violence_25"]
    assert set(rows["horizon_months"]) == {1, 3}
    assert set(rows["location_code"]) == THEN
    assert set(rows["model_name"]) == {"faultline-country-violence_25"}
    assert set(rows["model_version"]) == {"1"}
    assert (rows["data_through"] == pd.Timestamp("2008-09-30")).all()
    assert (rows["forecast_issue_date"] == pd.Timestamp("2008-10-20")).all()
    best = rows[rows["horizon_months"] == 3].nlargest(5, "probability")
    assert {"LKA", "SDN", "COL"} <= set(best["location_code"])
    files = {"brief.html", "scores.csv", "scores.parquet", "skill.csv", "about.json"}
    assert set(contents(issued.folder)) == files


def test_a_month_that_is_issued_is_left_alone_and_issued_again_it_is_kept_and_the_same(issued):
    before = contents(issued.folder)
    with pytest.raises(ConfigError, match=r"2008-10 is issued already.*--reissue"):
        score("first")
    assert contents(issued.folder) == before
    score("first", reissue=True)
    assert contents(issued.folder.parent / "superseded" / "issue=2008-10.1") == before
    assert contents(issued.folder) == before


def test_a_champion_is_not_asked_about_months_before_the_ones_it_learned_from():
    with pytest.raises(ConfigError, match="learned from data through 2008-06; scores as of 2008-03 would look ahead"):
        score("none", origin=pd.Period("2008-03", "M"))
    assert not Path("none").exists()


def test_a_month_without_data_is_refused():
    with pytest.raises(CoverageError, match="hold no month 2031-01"):
        score("none", origin=pd.Period("2031-01", "M"))


def test_a_store_without_a_champion_says_how_to_get_one(tmp_path):
    with pytest.raises(CoverageError, match="faultline promote"):
        score("none", mlruns=tmp_path / "mlruns")


@pytest.fixture(scope="module")
def bundled(issued, tmp_path_factory):  # noqa: ARG001  # what the bundle is compared with comes first
    file = tmp_path_factory.mktemp("bundled") / "faultline.tar.gz"
    make_bundle(file, Settings(), quietly(), origin=MONTH)
    return file


def test_another_machine_scores_from_a_bundle_offline_with_the_same_result(
    checkout, issued, bundled, tmp_path, monkeypatch
):
    carried = tmp_path / "carried.tar.gz"
    shutil.copyfile(bundled, carried)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAULTLINE_TRACKING_URI", "http://127.0.0.1:9")  # nobody is there, and nobody is asked
    there = score_from_bundle(carried, Settings(out=tmp_path / "out"), quietly(), origin=MONTH, made_on=TODAY)
    pd.testing.assert_frame_equal(there.scores, issued.scores)
    ours = contents(checkout.folder / issued.folder)
    theirs = contents(there.folder)
    for name in ("scores.csv", "scores.parquet", "brief.html", "about.json"):
        assert theirs[name] == ours[name], name
    assert not (tmp_path / "mlruns").exists()


@pytest.fixture
def blank_brief(monkeypatch):
    """Briefs without a page, for tests that look at nothing in them: half of the time goes into drawing it."""
    monkeypatch.setattr("faultline.pipelines.jobs.issue_files.write_brief", lambda _, file, **__: file.touch())


@pytest.mark.usefixtures("blank_brief")
def test_scoring_from_a_bundle_prints_the_same_summary_as_scoring_from_the_store(bundled, capsys):
    said = {}
    for out, extra in (("summary-a", []), ("summary-b", ["--bundle", str(bundled)])):
        with pytest.raises(SystemExit) as ended:
            main(["score", "--out", out, "--quiet", "--origin", "2008-09", *extra])
        assert ended.value.code == 0
        said[out] = capsys.readouterr().out.replace(out, "OUT").splitlines()
    store, bundle = said.values()
    assert "countries: most deaths expected within" in store[0]
    assert len(store) > 15
    assert store[:-2] == bundle[:-1]
    assert "faultline ui" in store[-1]
    assert bundle[-1] == f"models and data are those of {bundled}"


@pytest.mark.usefixtures("blank_brief")
def test_data_are_as_old_as_they_are_on_the_day_of_scoring(checkout, bundled, tmp_path, capsys):
    today = dt.date(2026, 11, 30)
    last = pd.Period(checkout.snapshot.country_month["month"].max(), "M").end_time.normalize()
    aged = f"stale: data end {last:%Y-%m-%d}, {(pd.Timestamp(today) - last).days:,} days before the issue date"
    for made in (
        score_from_store(Settings(out=tmp_path / "store"), quietly(), origin=None, made_on=today),
        score_from_bundle(bundled, Settings(out=tmp_path / "bundle"), Progress.on_stderr(), origin=None, made_on=today),
    ):
        assert (made.scores["forecast_issue_date"] == pd.Timestamp(today)).all()
        assert made.scores["warning"].notna().all()
        assert json.loads((made.folder / "about.json").read_text())["issue_date"] == "2026-11-30"
        newest = made.scores[made.scores["data_through"] == last]
        assert set(newest["location_code"]) == {*COUNTRIES} or made.origin == MONTH
        assert newest["warning"].str.startswith(aged).all()
    assert "The scores are those of the bundle, bit for bit." in " ".join(capsys.readouterr().err.split())


def test_the_same_content_is_the_same_archive(checkout, cut, issued, bundled, tmp_path):
    again = tmp_path / "again.tar.gz"
    champions = champions_of(checkout.store)
    write_bundle(again, champions, snapshot=cut, origin=MONTH, scores=issued.scores, previous=None)
    assert again.read_bytes() == bundled.read_bytes()


def test_a_bundle_that_was_changed_or_cut_off_is_refused(bundled, tmp_path):
    content = bundled.read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(content[: len(content) // 2])
    with pytest.raises(SourceError, match="no whole bundle"), open_bundle(tmp_path / "cut.tar.gz"):
        pass
    changed = tmp_path / "changed.tar.gz"
    with tarfile.open(bundled) as old, tarfile.open(changed, "w:gz") as new:
        for entry in old:
            data = old.extractfile(entry).read()
            if entry.name == "scores.parquet":
                data = data[:-1] + b"?"
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
    with pytest.raises(SourceError, match=r"scores.parquet in the bundle was changed"), open_bundle(changed):
        pass
    (tmp_path / "other.tar.gz").write_bytes(gzip.compress(b"not a bundle"))
    with pytest.raises(SourceError, match="no whole bundle"), open_bundle(tmp_path / "other.tar.gz"):
        pass
    with pytest.raises(ConfigError, match=r"ends in \.tar\.gz"):
        make_bundle(tmp_path / "bundle.zip", Settings(), quietly(), origin=MONTH)


def rewritten(bundled, file, *, added=None, edited=None, links=()):
    """The bundle with files added or edited under a manifest that says it is so, and links."""
    content = {}
    with tarfile.open(bundled) as old:
        for entry in old:
            content[entry.name] = old.extractfile(entry).read()
    content |= (added or {}) | (edited or {})
    manifest = json.loads(content.pop("manifest.json"))
    manifest["sha256"] = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    content["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(file, "w:gz") as new:
        for name, data in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
        for name, kind in links:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/hostname"
            new.addfile(entry)
    return file


def test_a_bundle_holds_data_only(bundled):
    with tarfile.open(bundled) as archive:
        kinds = {Path(name).suffix for name in archive.getnames()}
    assert kinds == {".json", ".txt", ".parquet", ".csv"}


@pytest.mark.parametrize(
    "name",
    [
        *("serving.py", "MLmodel", "python_model.pkl", "model.json.pkl", "../model.json"),
        *("/../../victim.json", "a/b.json", ".json"),
    ],
)
def test_what_is_no_data_of_a_bundle_is_refused_by_name_and_not_run(bundled, tmp_path, name):
    entry = f"models/faultline-country-violence_25/{name}"
    victim = tmp_path / "victim"
    code = f"from pathlib import Path; Path({str(victim)!r}).touch()".encode()
    with (
        pytest.raises(SourceError, match=f"{re.escape(name)}.*nothing that a bundle holds"),
        open_bundle(rewritten(bundled, tmp_path / "bad.tar.gz", added={entry: code})),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tar.gz"]


def test_a_model_that_is_none_of_the_champions_is_refused(bundled, tmp_path):
    file = rewritten(bundled, tmp_path / "bad.tar.gz", added={"models/other/model.json": b"{}"})
    with pytest.raises(SourceError, match=r"models/other/model\.json"), open_bundle(file):
        pass


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_and_devices_in_a_bundle_are_refused(bundled, tmp_path, kind):
    file = rewritten(bundled, tmp_path / "bad.tar.gz", links=[("previous.parquet", kind)])
    with pytest.raises(SourceError, match=r"previous\.parquet.*no plain file"), open_bundle(file):
        pass


def test_a_file_that_the_manifest_does_not_name_and_one_that_comes_twice_are_refused(bundled, tmp_path):
    for name, says in (
        ("models/faultline-country-violence_25/more.json", "not in its manifest"),
        ("skill.csv", "twice"),
    ):
        with tarfile.open(bundled) as old, tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as new:
            for entry in old:
                new.addfile(entry, old.extractfile(entry))
            new.addfile(tarfile.TarInfo(name), io.BytesIO())
        with pytest.raises(SourceError, match=f"{name}.*{says}"), open_bundle(tmp_path / "bad.tar.gz"):
            pass


def test_a_model_of_nonsense_is_an_error_that_names_it(bundled, tmp_path):
    entry = "models/faultline-country-violence_25/model.json"
    for text in (b"{}", b"[]", b"[" * 100_000, b'{"horizons": {"1": 3}}'):
        file = rewritten(bundled, tmp_path / "bad.tar.gz", edited={entry: text})
        with (
            pytest.raises(SchemaError, match=r"faultline-country-violence_25 in .*cannot be read|another version"),
            open_bundle(file),
        ):
            pass


def test_an_archive_that_unpacks_without_end_is_refused(bundled, tmp_path, monkeypatch):
    monkeypatch.setattr("faultline.pipelines.exports.archive._MOST", 1 << 20)
    file = rewritten(bundled, tmp_path / "bomb.tar.gz", edited={"skill.csv": bytes(1 << 21)})
    with pytest.raises(SourceError, match="unpacks to more than 1 MiB"), open_bundle(file):
        pass


def test_no_command_unpickles(monkeypatch):
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    with pytest.raises(SystemExit):
        main(["--version"])
    assert os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] == "false"


def test_scores_that_differ_from_the_bundle_are_told(issued):
    other = issued.scores.copy()
    other.loc[other["target"].eq("violence_25").idxmax(), "probability"] += 0.25
    assert differences(issued.scores, issued.scores) is None
    assert differences(other, issued.scores) == "1 rows differ in probability; probabilities by at most 0.25"
    assert differences(other.head(5), issued.scores).startswith("5 scores were made")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["promote", "--force"], "--force needs the reason in --because"),
        (["promote", "--because", "why not"], "--because goes with --force"),
        (["promote", "faultline-country-violence_52"], "did you mean 'faultline-country-violence_25'"),
        (["rollback", "faultline-country-violence_25", "--because", "no"], "no earlier champion"),
        (["score", "--origin", "2008-13"], "--origin"),
        (["score", "--bundle", "nowhere.tar.gz"], "nowhere.tar.gz"),
        (["panel", "export", "faultline-country-violence_25", "--out", "panel.xlsx"], "panel.xlsx"),
    ],
)
def test_bad_usage_ends_with_code_2_and_one_error(capsys, arguments, says):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert says in " ".join(capsys.readouterr().err.split())
