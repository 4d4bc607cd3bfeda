"""Transitions, elections, leaders, regimes, and the coups that carry the list on."""

import re

import made_sources
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.contracts.political import TRANSITION_FACTS
from faultline.features.errors import SchemaError
from faultline.features.sources.coups import extended, read_coups
from faultline.features.sources.elections import read_elections, read_leaders
from faultline.features.sources.regimes import read_regimes
from faultline.features.sources.transitions import TRANSITIONS_FILE, read_transitions

FACTS = TRANSITIONS_FILE.read_text(encoding="utf-8").splitlines()[0] + "\n"


def fact(name, what, date, *, iso3="NER", gwno=436, end="", subject="", known=""):
    source = "AFP,https://example.org/a,,,high,"
    return f"{name},{iso3},{gwno},{what},{date},day,{end},{subject},{known or date},{source}\n"


@pytest.fixture
def transitions(tmp_path):
    path = tmp_path / "transitions.csv"
    path.write_text(
        FACTS
        + fact("ner-coup-2023", "coup_success", "2023-07-28")
        + fact("ner-coup-2024", "coup_failed", "2024-02-01")
        + fact("ner-plot-2024", "coup_alleged", "2024-03-01")
        + fact("ner-set-2024", "election_set", "2024-04-01", end="2025-01-01", subject="presidential"),
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return made_sources.write_world(tmp_path_factory.mktemp("world")) / "transitions"


def test_a_transitions_table_is_read(transitions):
    table = read_transitions(transitions)
    assert table["fact"].tolist() == ["coup_success", "coup_failed", "coup_alleged", "election_set"]
    assert table["announced_end"].iloc[3] == pd.Timestamp("2025-01-01")


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("coup_alleged", "rumour", 4, "fact"),
        ("2025-01-01", "soon", 5, "announced_end"),
        ("2025-01-01", "2024-03-31", 5, "announced_end"),
        ("NER,436,election_set", "MLI,436,election_set", 5, "iso3"),
        ("ner-plot-2024", "ner-coup-2024", 4, "fact_id"),
    ],
)
def test_a_broken_fact_is_one_error(*, transitions, old, new, row, column):
    transitions.write_text(transitions.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_transitions(transitions)
    assert (caught.value.file, caught.value.row, caught.value.column) == (transitions, row, column)


def test_the_list_of_coups_is_carried_on_without_counting_one_twice(world, transitions):
    listed = read_coups(world / "powell-thyne-coups-2023.09.08.tsv")
    coups = extended(listed, read_transitions(transitions))
    niger = coups.coups[coups.coups["gwno"] == 436]
    assert niger["date"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-31", "2023-07-26", "2024-02-01"]
    assert niger["successful"].tolist() == [False, True, False]
    assert coups.data_through == pd.Timestamp("2024-04-01")


def test_elections_are_known_on_their_day_and_upcoming_ones_when_the_list_came_out(world):
    read = read_elections(world / "electionlist_3_21.csv")
    table = read.table.set_index(["election_id", "sequence"])
    assert read.losses == {"events_dated_after_the_list": 1.0, "events_before_1946": 1.0}
    assert table.loc[("436021", 1), "known_on"] == pd.Timestamp("2016-03-31")  # the day is not given
    assert table.loc[("436021", 2), "event"] == "held"
    assert table.loc[("436021", 2), "date"] == pd.Timestamp("2016-03-20")
    assert table.loc[("436024", 1), "known_on"] == pd.Timestamp("2021-03-31")
    assert table.loc[("679002", 1), "gwno"] == 678  # Yemen by Gleditsch and Ward


def test_a_spell_in_office_is_an_entry_and_an_exit(world):
    read = read_leaders(world / "leaderlist_3_21.csv")
    assert read.losses["spells_before_1946"] == 1.0
    djibo = read.table[read.table["leader_id"] == "a-2"]
    assert djibo["fact"].tolist() == ["entry", "exit"]
    assert djibo["date"].tolist() == [pd.Timestamp("2010-02-18"), pd.Timestamp("2011-04-30")]
    assert read.table.loc[read.table["leader_id"] == "b-1", "military"].isna().all()


def test_a_regime_is_known_from_the_next_year_on(world):
    regimes = read_regimes(world / "regimes-of-the-world.csv")
    assert regimes.data_through == pd.Timestamp("2023-12-31")
    assert (regimes.table["known_on"].dt.year == regimes.table["year"] + 1).all()


def test_the_bundled_coups_run_to_2025():
    facts = read_transitions()
    coups = facts[facts["fact"].isin(["coup_success", "coup_failed"])]
    assert coups["date"].max() >= pd.Timestamp("2025-10-01")


def test_curated_coups_agree_with_the_list_where_both_have_them():
    facts = read_transitions()
    mine = facts[facts["fact"].isin(["coup_success", "coup_failed"])]
    coups = bundled().coups
    pairs = mine.merge(coups, on="gwno", suffixes=("", "_listed"))
    near = pairs[(pairs["date"] - pairs["date_listed"]).abs() <= pd.Timedelta(days=3)]
    assert near["fact_id"].tolist() == mine["fact_id"].tolist()
    assert ((near["fact"] == "coup_success") == near["successful"]).all()


def test_the_coups_are_those_of_powell_and_thynes_counts_by_country_and_year(shared_data):
    counts = pd.read_csv(shared_data / "transitions" / "coup-country-year.csv").set_index(["gwno", "year"])
    listed = read_coups(shared_data / "transitions" / "powell-thyne-coups-2023.09.08.tsv")
    coups = extended(listed, read_transitions()).coups
    made = coups.groupby([coups["gwno"], coups["date"].dt.year.rename("year")])["successful"].agg(["size", "sum"])
    made = made.reindex(counts.index.union(made.index), fill_value=0)
    counts = counts.reindex(made.index, fill_value=0)
    other = (made["size"] != counts["attempts"]) | (made["sum"] != counts["successes"])
    # The counts have an attempt in Equatorial Guinea in 1986 that the list with dates does not have.
    assert made.index[other].tolist() == [(411, 1986)]
    assert counts.loc[[(411, 1986)]].to_numpy().tolist() == [[1, 0]]
    since = made.index.get_level_values("year") >= 2023
    assert (made["size"][since].sum(), made["sum"][since].sum()) == (8, 5)


def test_the_curated_facts_cover_the_countries_that_they_say():
    facts = read_transitions()
    countries = ["MLI", "BFA", "NER", "TCD", "GIN", "SDN", "GAB", "CAF", "MRT", "CIV"]
    countries += ["TGO", "BEN", "SEN", "NGA", "CMR", "LBY", "ETH", "MOZ", "MDG", "GNB", "SSD"]
    countries += ["EGY", "TUN", "SOM"]
    assert (facts.groupby("iso3").size().reindex(countries, fill_value=0) >= 8).all()
    assert set(TRANSITION_FACTS) == set(facts["fact"])


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        ("note", lambda facts: facts["confidence"] == "low"),
        ("announced_end", lambda facts: facts["fact"].isin(["timetable_announced", "election_set"])),
        ("subject", lambda facts: ~facts["fact"].str.startswith("coup")),
    ],
)
def test_a_curated_fact_says_what_its_kind_needs(column, rows):
    facts = read_transitions()
    assert facts.loc[rows(facts), column].notna().all()


def test_a_curated_transition_ends_after_it_began_and_one_runs_at_a_time():
    facts = read_transitions()
    steps = facts[facts["fact"].isin(["transition_began", "transition_ended"])].sort_values("date")
    for _, of_country in steps.groupby("gwno"):
        told = of_country["fact"].tolist()
        assert told == ["transition_began", "transition_ended"] * (len(told) // 2) + told[len(told) // 2 * 2 :]
        assert len(told) % 2 == 0 or told[-1] == "transition_began"


def test_curated_dates_are_in_order():
    facts = read_transitions()
    ends = facts.dropna(subset=["announced_end"])
    assert (ends["announced_end"] >= ends["date"]).all()
    early = facts[facts["known_on"] < facts["date"]]
    told = {"bloc_exit_effective", "bloc_suspended", "sanctions_imposed", "sanctions_lifted", "truce_began"}
    assert set(early["fact"]) == told  # before they took effect
    others = early[~early["fact"].isin(["bloc_exit_effective"])]
    assert (others["date"] - others["known_on"]).max() <= pd.Timedelta(days=7)
    assert (facts["known_on"] - facts["date"]).max() <= pd.Timedelta(days=31)


def test_the_real_lists_have_their_known_sums(shared_data):
    folder = shared_data / "transitions"
    elections = read_elections(folder / "electionlist_3_21.csv")
    assert len(elections.table) + sum(elections.losses.values()) == 4351
    leaders = read_leaders(folder / "leaderlist_3_21.csv").table
    assert (leaders["fact"] == "entry").sum() == 2524 - 28
    assert len(read_regimes(folder / "regimes-of-the-world.csv").table) == 14_087


def test_the_table_of_coverage_is_that_of_the_facts(root):
    facts = read_transitions()
    text = TRANSITIONS_FILE.with_suffix(".md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| .*\((\w{3})\) \| (.*) \|$", text, flags=re.MULTILINE))
    assert len(told) == 50
    for iso3, row in told.items():
        own = facts[facts["iso3"] == iso3]
        months = own["date"].dt.strftime("%Y-%m")
        sure = [str((own["confidence"] == level).sum()) for level in ("high", "medium", "low")]
        assert row == " | ".join([str(len(own)), f"{months.min()} to {months.max()}", *sure])
    cited = int((~facts["source"].str.startswith("Wikipedia")).sum())
    assert f"Of the {len(facts)} facts, {cited} cite a report" in text
    countries = facts["iso3"].nunique()
    said = f"{len(facts)} facts on {countries} countries"
    assert said in (root / "docs" / "data.md").read_text(encoding="utf-8")


def test_a_suspension_is_closed_or_still_stands():
    facts = read_transitions().sort_values(["date", "fact_id"])
    open_ = set()
    for fact, iso3, body in facts[["fact", "iso3", "subject"]].itertuples(index=False):
        match fact:
            case "bloc_suspended":
                open_.add((iso3, body))
            case "bloc_readmitted" | "bloc_exit_effective":
                open_.discard((iso3, body))
            case _:
                pass
    african_union = {(iso3, "AU") for iso3 in ("MLI", "BFA", "NER", "SDN", "MDG", "GNB")}
    assert open_ == african_union | {("GNB", "ECOWAS")}


def test_the_sahel_states_left_the_francophonie_six_months_after_their_notice():
    facts = read_transitions()
    exits = facts[(facts["fact"] == "bloc_exit_effective") & (facts["subject"] == "OIF")]
    assert sorted(exits["iso3"]) == ["BFA", "MLI", "NER"]
    assert (exits["date"].dt.strftime("%Y-%m") == "2025-09").all()


def test_ecowas_lifted_its_sanctions_on_guinea_with_those_on_niger():
    lifted = read_transitions().set_index("fact_id")["date"]
    assert lifted["gin-sanctions-lifted-ecowas-2024-02-24"] == lifted["ner-sanctions-lifted-ecowas-2024-02-24"]


def test_the_coup_in_burkina_faso_is_of_the_day_on_which_power_was_taken(shared_data):
    coups = read_coups(shared_data / "transitions" / "powell-thyne-coups-2023.09.08.tsv").coups
    own = coups[(coups["gwno"] == 439) & (coups["date"].dt.year == 2022)]
    assert own["date"].dt.strftime("%m-%d").tolist() == ["01-24", "09-30"]
    assert own["known_on"].dt.strftime("%m-%d").tolist() == ["01-24", "09-30"]


def test_transitions_outside_africa_begin_and_end_when_they_did():
    facts = read_transitions().sort_values("date")
    steps = facts[facts["fact"].isin(["transition_began", "transition_ended"])]
    told = {iso3: own["date"].dt.strftime("%Y-%m").tolist() for iso3, own in steps.groupby("iso3")}
    assert told["THA"] == ["2014-05", "2019-07"]
    assert told["UKR"] == ["2014-02", "2014-06"]
    assert told["HTI"] == ["2016-02", "2017-02", "2021-07"]  # the last goes on
    assert (told["MMR"], told["SYR"]) == (["2021-02"], ["2024-12"])


def test_mali_lost_its_north_in_ten_days_of_2012():
    facts = read_transitions()
    lost = facts[(facts["iso3"] == "MLI") & facts["fact"].isin(["town_lost", "secession_declared"])]
    lost = lost[lost["date"].dt.year == 2012]
    assert lost["subject"].tolist() == ["Kidal", "Gao", "Timbuktu", "Azawad"]
    assert lost["date"].is_monotonic_increasing
    assert lost["date"].max() == pd.Timestamp("2012-04-06")


def test_every_kind_of_fact_on_a_transition_is_defined_beside_the_table():
    page = TRANSITIONS_FILE.with_suffix(".md").read_text(encoding="utf-8")
    column, _, rest = page.partition("## How facts are read")
    rules = rest.split("## Coverage")[0]
    listed = re.findall(r"`([a-z_]+)`", next(line for line in column.splitlines() if line.startswith("| `fact` |")))
    assert listed[1:] == list(TRANSITION_FACTS)
    defined = set(re.findall(r"`([a-z_]+)`", rules))
    of_territory_and_after = TRANSITION_FACTS[TRANSITION_FACTS.index("town_lost") :]
    assert set(of_territory_and_after) <= defined
