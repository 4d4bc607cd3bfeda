"""An analyst's own facts: checked as the bundled ones are, laid over them, and written into no table."""

import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.errors import CoverageError, SchemaError, SourceError, UnknownNameError
from faultline.features.panels.countries import country_panel
from faultline.features.tables.snapshot import BUNDLED
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.ingest.own_facts import (
    BUNDLED_FILES,
    add_fact,
    differences,
    facts_given,
    read_own_facts,
    snapshot_of,
    with_facts,
)

SNAPSHOT = bundled()
SHARED = {
    "date_precision": "day",
    "source": "own notes",
    "source_url": "https://example.org/notes",
    "confidence": "medium",
}
ARRIVAL = SHARED | {
    "fact_id": "own-russians-cmr-arrival-2026",
    "deployment": "own-russians-cmr",
    "mission": "Africa Corps in Cameroon",
    "sending_actor": "Russia",
    "actor_class": "russian",
    "host_iso3": "CMR",
    "host_gwno": "471",
    "fact": "arrival",
    "date": "2026-03-05",
    "known_on": "2026-03-06",
}
COUP = SHARED | {
    "fact_id": "own-coup-ben-2026",
    "iso3": "BEN",
    "gwno": "434",
    "fact": "coup_success",
    "date": "2026-03-07",
    "known_on": "2026-03-07",
}


def of_peru(**changes):
    return ARRIVAL | {"host_iso3": "PER", "host_gwno": "135", "date": "2022-02-24", "known_on": "2022-02-24"} | changes


def value(snapshot, name, iso3, month):
    panel = country_panel(snapshot)
    unit = list(panel.units["iso3"]).index(iso3)
    return float(panel.values[name][panel.position(pd.Period(month, "M")), unit])  # noqa: PD011


def test_an_own_fact_counts_from_the_day_on_which_it_was_known(tmp_path):
    file = tmp_path / "mine.csv"
    assert add_fact(file, ARRIVAL, table="deployments") == 1
    laid = with_facts(SNAPSHOT, [file])
    assert value(SNAPSHOT, "russian_forces", "CMR", "2026-03") == 0
    assert [value(laid, "russian_forces", "CMR", month) for month in ("2026-02", "2026-03")] == [0, 1]
    assert len(laid.deployments) == len(SNAPSHOT.deployments) + 1


def test_own_facts_are_named_with_their_checksum_and_change_that_of_the_table_alone(tmp_path):
    file = tmp_path / "mine.csv"
    add_fact(file, ARRIVAL, table="deployments")
    before = {path.name: path.read_bytes() for path in BUNDLED.iterdir()}
    laid = with_facts(SNAPSHOT, [file])
    (digest,) = facts_given(laid.provenance).values()
    assert len(digest) == 64
    changed = {name for name, sha in laid.checksums.items() if sha != SNAPSHOT.checksums[name]}
    assert changed == {"deployments"}
    assert facts_given(SNAPSHOT.provenance) == {}
    assert {path.name: path.read_bytes() for path in BUNDLED.iterdir()} == before


def test_an_own_coup_counts_as_a_coup(tmp_path):
    file = tmp_path / "mine.csv"
    add_fact(file, COUP, table="transitions")
    laid = with_facts(SNAPSHOT, [file])
    assert [value(each, "coups_successful", "BEN", "2026-03") for each in (SNAPSHOT, laid)] == [0, 1]


def test_a_fact_of_a_country_that_is_not_coded_is_refused_until_it_is_said_what_was_searched(tmp_path):
    facts, searched = tmp_path / "mine.csv", tmp_path / "searched.csv"
    add_fact(facts, of_peru(), table="deployments")
    with pytest.raises(CoverageError, match="deployments of PER are not coded") as refused:
        with_facts(SNAPSHOT, [facts])
    assert refused.value.file == facts
    coverage = {
        "iso3": "PER",
        "gwno": "135",
        "kind": "deployments",
        "first_year": "2014",
        "searched_until": "2026-05-31",
    }
    add_fact(searched, coverage, table="facts_coverage")
    laid = with_facts(SNAPSHOT, [facts, searched])
    assert value(laid, "russian_forces", "PER", "2022-02") == 1
    assert value(laid, "deployments_coded", "PER", "2022-02") == 1
    assert with_facts(SNAPSHOT, [searched, facts]).deployments.equals(laid.deployments)


def test_a_row_of_the_same_name_takes_the_place_of_the_bundled_one_and_the_difference_is_told(tmp_path):
    changed, fresh = tmp_path / "changed.csv", tmp_path / "fresh.csv"
    lines = BUNDLED_FILES["deployments"].read_text(encoding="utf-8").splitlines(keepends=True)
    serval = next(line for line in lines if line.startswith("serval-mli-arrival-2013,"))
    changed.write_text(lines[0] + serval.replace(",2013-01-11,day", ",2013-01-10,day"), encoding="utf-8")
    add_fact(fresh, ARRIVAL, table="deployments")
    said = differences(SNAPSHOT, with_facts(SNAPSHOT, [changed, fresh]))
    assert said == [
        "~ deployments serval-mli-arrival-2013: date 2013-01-11 -> 2013-01-10",
        "+ deployments own-russians-cmr-arrival-2026: CMR Africa Corps in Cameroon arrival 2026-03-05",
    ]


def test_a_deployment_stays_in_its_country_and_class(tmp_path):
    file = tmp_path / "mine.csv"
    add_fact(file, ARRIVAL | {"deployment": "serval-mli"}, table="deployments")
    with pytest.raises(SchemaError, match="differs from the other rows of serval-mli"):
        with_facts(SNAPSHOT, [file])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"known_on": "2026-03-01"}, "before the fact's date"),
        ({"fact": "landing"}, "none of"),
        ({}, "stands in line 2"),
    ],
)
def test_a_fact_that_breaks_the_contract_is_not_added(tmp_path, change, words):
    file = tmp_path / "mine.csv"
    add_fact(file, ARRIVAL, table="deployments")
    before = file.read_bytes()
    with pytest.raises(SchemaError, match=words) as refused:
        add_fact(file, ARRIVAL | ({"fact_id": "another"} if change else {}) | change, table="deployments")
    assert (refused.value.file, refused.value.row) == (file, 3)
    assert file.read_bytes() == before
    with pytest.raises(UnknownNameError, match="did you mean"):
        add_fact(file, {"fact_di": "x"}, table="deployments")


def test_a_file_that_is_not_there_or_is_damaged_is_one_error(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_own_facts(tmp_path / "none.csv")
    (tmp_path / "cut.csv").write_text("iso3,gwno,subj")
    with pytest.raises((SourceError, SchemaError)):
        read_own_facts(tmp_path / "cut.csv")


def test_settings_name_own_facts_by_option_or_environment(tmp_path, monkeypatch):
    file = tmp_path / "mine.csv"
    add_fact(file, ARRIVAL, table="deployments")
    monkeypatch.setenv("FAULTLINE_FACTS", str(file))
    settings = Settings()  # pyright: ignore[reportCallIssue]  # every field has a default
    assert settings.facts == (file,)
    assert list(facts_given(snapshot_of(settings).provenance)) == ["mine.csv"]


def test_settings_name_populations_of_regions_which_are_checked_with_the_data(tmp_path, monkeypatch):
    file = tmp_path / "people.csv"
    monkeypatch.setenv("FAULTLINE_POPULATION", str(file))
    file.write_text("region_id,population\nML-5,2037000\n")
    regions = snapshot_of(Settings()).regions.set_index("region_id")  # pyright: ignore[reportCallIssue]
    assert regions["population"].dropna().to_dict() == {"ML-5": 2037000}
    file.write_text("region_id,population\nML-5,many\n")
    with pytest.raises(SchemaError) as refused:
        snapshot_of(Settings())  # pyright: ignore[reportCallIssue]
    assert (refused.value.file, refused.value.row) == (file, 2)
