"""What the data hold: the check, the timeline of a country, the dictionary."""

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from made_bundled import bundled
from rich.console import Console

from faultline.features.errors import ConfigError, UnknownNameError
from faultline.features.tables.schemas import SCHEMAS
from faultline.features.tables.snapshot import BUNDLED, TABLES
from faultline.pipelines.cli.printing import print_findings
from faultline.pipelines.figures.timeline import draw, write_timeline
from faultline.pipelines.ingest.data_check import check_data
from faultline.pipelines.ingest.dictionary import data_dictionary, is_current
from faultline.pipelines.issue.facts_in_words import timeline

FAULTLINE = str(Path(sys.executable).with_name("faultline"))


@pytest.fixture(scope="module")
def mali():
    return timeline(bundled(), "MLI")


def months(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    return table["date"].dt.strftime("%Y-%m").tolist()


def test_the_timeline_of_mali_has_its_forces_in_their_months(mali):
    stays = mali.forces.set_index("force")
    spans = {force: (f"{stays.loc[force, 'start']:%Y-%m}", f"{stays.loc[force, 'end']:%Y-%m}") for force in stays.index}
    assert spans["Operation Serval"] == ("2013-01", "2014-07")
    assert spans["Operation Barkhane"] == ("2014-08", "2022-08")
    assert spans["Task Force Takuba"] == ("2020-07", "2022-06")
    assert spans["MINUSMA"] == ("2013-07", "2023-12")
    assert spans["Wagner Group"] == ("2021-12", "2025-06")
    assert stays["sender"].to_dict()["Wagner Group"] == "Russian"


def test_the_timeline_of_mali_has_its_coups_and_postponed_elections_in_their_months(mali):
    assert months(mali.steps, step="coup") == ["2012-03", "2020-08", "2021-05"]
    # The elections of February 2022 and of February 2024 and the referendum of March 2023, when they were put off; the
    # end of the transition in between and since.
    put_off = months(mali.steps[mali.steps["date"] >= "2020-08-18"], step="postponement")
    assert sorted(set(put_off)) == ["2021-12", "2023-03", "2023-09", "2024-03", "2025-07"]
    labels = mali.steps.set_index("date")["label"]
    assert {"presidential", "legislative"} == set(labels["2023-09-25"])
    assert mali.steps.loc[mali.steps["step"] == "suspended by a bloc", "label"].tolist().count("AU") == 3
    assert {"2013-07", "2018-07"} <= set(months(mali.steps, step="election held"))
    assert "2024-01" in months(mali.steps, step="agreement denounced")


def test_the_timeline_has_every_death_of_the_country_once(mali):
    table = bundled().country_month
    own = table[(table["gwno"] == 432) & table["month"].dt.year.between(2012, 2025)]
    assert mali.deaths["deaths"].sum() == own["deaths"].sum() > 17_000


def test_all_panels_share_one_time_axis(mali):
    def domains(node):
        if isinstance(node, dict):
            if node.get("type") == "temporal" and "scale" in node:
                yield json.dumps(node["scale"]["domain"])
            for child in node.values():
                yield from domains(child)
        elif isinstance(node, list):
            for child in node:
                yield from domains(child)

    specification = draw(mali)
    assert len(specification["vconcat"]) == 4
    assert len(set(domains(specification))) == 1


def test_the_lane_of_armed_actors_draws_each_in_its_months_and_says_who_carries_it_on(mali):
    bars = draw(mali)["vconcat"][3]["layer"][-1]
    assert bars["encoding"]["y"]["sort"][:3] == ["JNIM", "AQIM → JNIM", "Ansar Dine → JNIM"]
    runs = mali.actors[mali.actors["actor"] == "CMA (MNLA)"]
    assert f"{runs['start'].min():%Y-%m}" == "2012-01"
    assert set(runs["into"]) == {"FLA"}
    assert len(draw(timeline(bundled(), "PRT"))["vconcat"]) < 3


def test_legends_list_what_is_drawn_and_nothing_else():
    def legends(node):
        if isinstance(node, dict):
            if node.get("legend"):
                yield node["scale"]["domain"]
            for child in node.values():
                yield from legends(child)
        elif isinstance(node, list):
            for child in node:
                yield from legends(child)

    sudan = timeline(bundled(), "SDN")
    assert list(legends(draw(sudan)["vconcat"])) == [
        ["state-based", "non-state", "one-sided"],
        *[["UN", "Russian"]] * 2,  # bars and arrows share their scale
    ]


def test_a_month_that_would_flatten_all_others_is_cut_off_and_says_its_number():
    sudan = timeline(bundled(), "SDN")
    totals = sudan.deaths.groupby("month")["deaths"].sum().nlargest(2)
    assert f"{totals.iloc[0]:,} ▲" in json.dumps(draw(sudan), ensure_ascii=False)
    assert "▲" not in json.dumps(draw(timeline(bundled(), "NER")), ensure_ascii=False)


def test_the_titles_of_all_panels_stand_at_the_same_edge(mali):
    titles = [panel["title"] for panel in draw(mali)["vconcat"]]
    assert {(title["anchor"], title["frame"]) for title in titles} == {("start", "group")}


def test_the_pictures_are_written(mali, tmp_path):
    png, svg = write_timeline(mali, tmp_path / "new", iso3="MLI")
    assert png.read_bytes().startswith(b"\x89PNG")
    assert "Operation Barkhane" in svg.read_text(encoding="utf-8")
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="--out"):
        write_timeline(mali, tmp_path / "file", iso3="MLI")


def test_the_timeline_says_what_was_not_coded_or_not_lately():
    def subtitle(iso3, **years):
        return draw(timeline(bundled(), iso3, **years))["title"]["subtitle"]

    assert subtitle("PER")[1:] == ["Foreign forces: not coded. Steps of transition, coups apart: not coded."]
    assert subtitle("LBR")[1:] == [
        "Foreign forces: searched until 30 June 2025. Steps of transition, coups apart: not coded."
    ]
    assert subtitle("SLE")[1:] == ["Steps of transition, coups apart: not coded."]
    assert subtitle("MLI", last=2025)[1:] == []
    assert subtitle("CMR", last=2025)[1:] == ["Foreign forces: searched until 30 June 2025."]
    assert subtitle("MLI", last=2024)[1:] == []


def test_a_quiet_country_without_forces_has_a_timeline_too(tmp_path):
    quiet = timeline(bundled(), "ISL", first=2012, last=2013)
    assert quiet.forces.empty
    write_timeline(quiet, tmp_path, iso3="ISL")


def test_an_unknown_country_and_years_out_of_order_are_refused():
    with pytest.raises(UnknownNameError, match="did you mean"):
        timeline(bundled(), "MLJ")
    with pytest.raises(ConfigError, match="--last"):
        timeline(bundled(), "MLI", first=2020, last=2012)


def test_the_check_finds_every_table_with_source_coverage_and_age():
    findings = {finding.table: finding for finding in check_data(today=date(2026, 6, 10))}
    assert tuple(findings) == TABLES
    events = findings["country_month"]
    assert (events.coverage, events.data_through, events.age_days) == ("1989-01 to 2026-05", "2026-05-31", 10)
    assert findings["region_sides"].unallocated == pytest.approx(0.0102, abs=0.001)
    assert all(finding.sources and finding.rows and not finding.fault for finding in findings.values())


def test_the_check_says_where_facts_are_coded_and_until_when_they_were_searched():
    findings = {finding.table: finding for finding in check_data(today=date(2026, 6, 10))}
    forces, steps = (findings[name] for name in ("deployments", "transitions"))
    assert (forces.data_through, forces.age_days) == ("2025-06-30", 345)
    assert forces.warning == (
        "52 countries are coded, all others are not coded (96% of all country-months with 25 deaths or more since 2010 "
        "were searched); searched until 2025-06-30, 345 days ago: later facts may be missing"
    )
    assert steps.warning.startswith("50 countries are coded, all others are not coded (97% of")
    assert "; searched until 2026-02-28, 102 days ago" in steps.warning
    early = {finding.table: finding for finding in check_data(today=date(2026, 5, 28))}
    assert early["transitions"].warning.endswith("since 2010 were searched)")  # 89 days
    assert not findings["country_month"].warning


def test_the_command_prints_the_warnings(capsys):
    findings = check_data(today=date(2026, 6, 10))
    print_findings(findings, Console(width=150, highlight=False))
    assert "deployments: 52 countries are coded, all others are not coded" in " ".join(capsys.readouterr().out.split())


def test_the_check_names_the_one_table_that_is_broken_and_the_command_exits_with_2(tmp_path):
    folder = shutil.copytree(BUNDLED, tmp_path / "snapshot")
    (folder / "coups.parquet").write_bytes(b"cut")
    faults = {finding.table for finding in check_data(folder, today=date(2026, 6, 10)) if finding.fault}
    assert faults == {"coups"}
    done = subprocess.run(
        [FAULTLINE, "data", "check", "--snapshot", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "BROKEN" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_data_dictionary_is_current(root):
    assert is_current(root / "docs" / "data-dictionary.md"), "write it with `faultline data dictionary`"


def test_the_data_dictionary_has_every_column(tmp_path):
    page = data_dictionary()
    sections = dict(part.split("\n", 1) for part in page.split("\n### ")[1:])
    for name, schema in SCHEMAS.items():
        assert all(f"| `{column}` |" in sections[name] for column in schema.columns)
    (tmp_path / "old.md").write_text(page.replace("deaths", "death"), encoding="utf-8")
    assert not is_current(tmp_path / "old.md")
    assert pd.Series(page.splitlines()).str.len().max() < 700
