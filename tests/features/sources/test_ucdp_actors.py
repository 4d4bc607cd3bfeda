"""Armed actors: attribution worked out by hand, lineages known from elsewhere, and broken files."""

import made_sources
import pandas as pd
import pytest

from faultline.features.errors import DataError, SchemaError, SourceError
from faultline.features.sources.ucdp import read_country_month, read_release
from faultline.features.sources.ucdp_actors import read_actors

JAS, IS, YAN_GORA = 1051, 234, 4000
MARCH, APRIL = pd.Timestamp("2015-03-01"), pd.Timestamp("2015-04-01")


@pytest.fixture
def folder(tmp_path):
    return made_sources.write_world(tmp_path) / "ucdp"


def read(folder):
    release = read_release(folder / "meta.yaml")
    country_month = read_country_month(folder / "country-month.csv", release=release)
    return read_actors(folder, country_month=country_month, release=release)


def row(actors, actor, gwno, month, kind):
    table = actors.actor_month
    rows = table[
        (table["actor_id"] == actor)
        & (table["gwno"] == gwno)
        & (table["month"] == month)
        & (table["violence_type"] == kind)
    ]
    assert len(rows) == 1
    return tuple(rows[["events", "deaths", "shared"]].iloc[0])


def test_side_b_of_a_state_based_dyad_is_in_the_country_of_the_conflict(folder):
    actors = read(folder)
    assert row(actors, JAS, 475, MARCH, "sb") == (8, 80, False)
    assert 84 not in set(actors.actor_month["actor_id"])


def test_a_dyad_in_two_countries_is_split_by_the_events_of_its_type_there_and_each_side_counts_once(folder):
    # In March Niger saw 3 non-state events and Nigeria 1: the dyad's 4 events and 12 deaths are split 3 to 1.
    actors = read(folder)
    assert row(actors, JAS, 436, MARCH, "ns") == (3, 9, True)
    assert row(actors, JAS, 475, MARCH, "ns") == (1, 3, True)
    # A side of two actors is halved.
    assert row(actors, IS, 436, MARCH, "ns") == row(actors, YAN_GORA, 436, MARCH, "ns") == (1.5, 4.5, True)


def test_a_dyad_is_split_equally_where_no_country_saw_events_of_its_type(folder):
    actors = read(folder)
    assert row(actors, JAS, 436, APRIL, "ns") == row(actors, JAS, 475, APRIL, "ns") == (1, 3, True)


def test_what_cannot_be_placed_is_counted(folder):
    losses = read(folder).losses
    assert losses["deaths_interstate_dyads"] == 4
    assert losses["deaths_communal_dyads"] == 2
    assert losses["deaths_onesided_dyads"] == 20
    assert losses["unmapped_dyads"] == 2
    assert losses["deaths_unmapped_dyads"] == 7 + 3
    assert losses["share_of_sb_and_ns_deaths_unmapped"] == pytest.approx(10 / 119, abs=1e-6)
    assert losses["deaths_split_over_countries"] == 18
    assert losses["deaths_without_a_dyad"] == 148 - 139


def test_deaths_beyond_what_the_country_saw_are_counted(folder):
    file = folder / "dyad-month.csv"
    file.write_text(made_sources.DYAD_MONTH.replace("640,sb,2015,4,2,5,", "640,sb,2015,4,2,9,"), encoding="utf-8")
    assert read(folder).losses["deaths_sb_beyond_the_country_count"] == 4


def pairs(actors):
    links = actors.actor_lineage
    return set(links[["actor_id", "predecessor_id", "kind"]].itertuples(index=False, name=None))


def test_lineage_by_cases_in_the_made_file(folder):
    actors = read(folder)
    assert pairs(actors) == {
        (539, 538, "splinter"),
        (6267, 1157, "splinter"),
        (1157, 6267, "merger"),
        (6716, 6267, "merger"),
        (6716, 1157, "merger"),
    }
    # Yan Gora's two links with a government, and RIRA's with itself.
    assert list(actors.lineage_losses.values()) == [3, 0]
    names = actors.actors.set_index("actor_id")["name"]
    assert names[JAS] == "JAS"  # the registry's name comes before the older one of the actor dataset
    assert names[YAN_GORA] == "Yan Gora"
    assert names[6716] == "JNIM"


@pytest.mark.parametrize(
    ("name", "old", "new", "kind", "row", "column"),
    [
        ("dyad-month.csv", "640,sb,2015,4", "640,sb,2015,3", SchemaError, 3, "dyad_id, violence_type, month"),
        ("dyad-month.csv", "20,sb,", "20,interstate,", SchemaError, 4, "type"),
        ("dyad-month.csv", "20,sb,2015,3,1,4", "20,sb,2015,3,0,4", SchemaError, 4, "events"),
        ("dyad-month.csv", "9001,sb,2026,1", "9001,sb,2026,7", SchemaError, 8, "year, month"),
        ("dyad-month.csv", "77,os,2015,3,2,20,0\n", "", SourceError, 9, None),
        ("dyads.yaml", "side_b: JAS\n", "side_c: JAS\n", SchemaError, "id 640", "side_b"),
        ("nonstate.yaml", "organization_level: 3\n", "organization_level: low\n", SchemaError, "id 5175", None),
        ("conflicts.yaml", "id: 300\n", "id: 297\n", SchemaError, "id 297", "id"),
        ("actor-22.1.csv", "539,AQIM", "538,AQIM", SchemaError, 5, "ActorId"),
        ("actor-22.1.csv", "539,AQIM,1", "539,AQIM,9", SchemaError, 4, "Org"),
        ("actor-22.1.csv", "1,1157", "1,one", SchemaError, 9, "ActorIdPrev"),
    ],
)
def test_a_broken_file_is_one_error(*, folder, name, old, new, kind, row, column):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(kind) as caught:
        read(folder)
    assert (caught.value.file, caught.value.row) == (file, row)
    assert column is None or caught.value.column == column
    assert caught.value.remedy


@pytest.mark.parametrize(
    "name", ["dyad-month.csv", "dyads.yaml", "nonstate.yaml", "conflicts.yaml", "actor-22.1.csv", "meta.yaml"]
)
def test_a_missing_file_is_one_error(folder, name):
    (folder / name).unlink()
    with pytest.raises(SourceError, match="no such file") as caught:
        read(folder)
    assert caught.value.file == folder / name


@pytest.fixture(scope="module")
def real(shared_data):
    return read(shared_data / "ucdp")


def test_real_lineages_are_those_known_from_elsewhere(real):
    links = pairs(real)
    gia, aqim, mujao, ansar_dine, flm, murabitun, jnim = 538, 539, 1161, 1157, 6267, 4376, 6716
    assert {
        (aqim, gia, "splinter"),  # the GSPC left the GIA in 1998 and is AQIM since 2007
        (mujao, aqim, "splinter"),  # 2011
        (flm, ansar_dine, "splinter"),  # 2015
        (murabitun, mujao, "merger"),  # 2013
        (aqim, murabitun, "merger"),  # 2015
        (jnim, ansar_dine, "merger"),  # 2017
        (jnim, flm, "merger"),
    } <= links
    names = real.actors.set_index("actor_id")["name"]
    assert names[aqim] == "AQIM"
    assert names[1158] == "CMA"  # the MNLA, which kept its id
    assert names[1051] == "JAS"  # Boko Haram


def test_links_count_from_the_month_in_which_they_were_announced(real):
    links = real.actor_lineage.set_index(["actor_id", "predecessor_id"])["known_on"]
    aqim, gia, ansar_dine, flm, murabitun, jnim = 539, 538, 1157, 6267, 4376, 6716
    assert links[jnim, ansar_dine] == links[jnim, flm] == pd.Timestamp("2017-03-31")  # announced on 2 March 2017
    assert links[flm, ansar_dine] == pd.Timestamp("2015-01-31")
    assert links[aqim, gia] == pd.Timestamp("1998-12-31")
    assert links[aqim, murabitun] == pd.Timestamp("2015-04-30")  # its last event; announced in December 2015
    assert links.max() == pd.Timestamp("2022-06-30")  # where no event tells, the dataset does


@pytest.mark.parametrize(
    ("actor", "gwno", "first"),
    [(6716, 432, "2017-03-01"), (1051, 475, "2009-06-01"), (1158, 432, "2012-01-01"), (234, 475, "2015-03-01")],
)
def test_real_actors_appear_when_they_are_known_to_have(real, actor, gwno, first):
    table = real.actor_month
    rows = table[(table["actor_id"] == actor) & (table["gwno"] == gwno)]
    assert rows["month"].min() == pd.Timestamp(first)


def test_real_losses_are_those_of_the_readme(real):
    # 485 - 460 state-based ids and 1,071 - 1,001 non-state ones are in no registry.
    assert real.losses["unmapped_dyads"] == 25 + 70
    assert real.losses["share_of_sb_and_ns_deaths_unmapped"] < 0.002
    assert real.losses["deaths_sb_beyond_the_country_count"] < 0.03 * 2_078_841
    assert real.losses["events_without_a_dyad"] == 1893  # meta.yaml: candidate_unattributed


def test_real_state_based_deaths_are_those_of_the_dyads_within_states(real, shared_data):
    months = pd.read_csv(shared_data / "ucdp" / "dyad-month.csv")
    total = months.loc[months["type"] == "sb", "deaths"].sum()
    placed = real.actor_month.loc[real.actor_month["violence_type"] == "sb", "deaths"].sum()
    unmapped = 4084
    assert placed == pytest.approx(total - real.losses["deaths_interstate_dyads"] - unmapped)


def test_every_actor_and_predecessor_has_a_name(real):
    ids = set(real.actors["actor_id"])
    assert set(real.actor_month["actor_id"]) <= ids
    assert set(real.actor_lineage["actor_id"]) | set(real.actor_lineage["predecessor_id"]) <= ids
    assert not real.actors["name"].str.startswith("actor ").any()


def test_a_file_cut_off_in_the_middle_is_refused(folder):
    for name in ("dyads.yaml", "nonstate.yaml", "conflicts.yaml", "dyad-month.csv", "actor-22.1.csv"):
        file = folder / name
        whole = file.read_bytes()
        for share in (0.3, 0.5, 0.9):
            file.write_bytes(whole[: int(len(whole) * share)])
            with pytest.raises(DataError):
                read(folder)
        file.write_bytes(whole)
