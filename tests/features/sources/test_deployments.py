"""Foreign deployments: what is read, and what is refused."""

import pandas as pd
import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.deployments import DEPLOYMENTS_FILE, read_deployments

HEADER = DEPLOYMENTS_FILE.read_text(encoding="utf-8").splitlines()[0]
ROWS = """\
a-arrival-2013,a-mli,Mission A,France,french,MLI,432,MLI-2690;MLI-2689,arrival,2013-01-11,day,,,,,host,2013-01-12,\
AFP,https://example.org/a,,,high,
a-strength-2013,a-mli,Mission A,France,french,MLI,432,,strength,2013-02-06,day,3500,4000,,,,2013-02-06,\
AFP,https://example.org/a,https://example.org/b,,medium,about
a-announced-2013,a-mli,Mission A,France,french,MLI,432,,withdrawal_announced,2013-03-01,day,,,2013-12-31,sender,,\
2013-03-01,AFP,https://example.org/a,,,low,
a-announced-again-2013,a-mli,Mission A,France,french,MLI,432,,withdrawal_announced,2013-06-01,day,,,2013-10-31,host,,\
2013-06-01,AFP,https://example.org/a,,,low,
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "deployments.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    return path


def test_a_row_is_a_fact_with_its_dates_and_figures(file):
    table = read_deployments(file)
    assert table["gwno"].tolist() == [432] * 4
    assert table["regions"].isna().tolist() == [False, True, True, True]
    assert table["strength_high"].dropna().tolist() == [4000.0]
    assert table["known_on"].iloc[0] == pd.Timestamp("2013-01-12")
    assert table["announced_end"].iloc[2] == pd.Timestamp("2013-12-31")
    assert table["initiator"].dropna().tolist() == ["sender", "host"]
    assert table["consent"].dropna().tolist() == ["host"]
    assert table["source_class"].unique().tolist() == ["agency"]
    assert table["second_source"].dropna().tolist() == ["https://example.org/b"]


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("french,MLI", "german,MLI", 2, "actor_class"),
        ("MLI,432,MLI-2690", "MLI,436,MLI-2690", 2, "host_iso3"),
        ("MLI-2690;", "Gao;", 2, "regions"),
        ("2013-01-12,AFP", "2013-01-10,AFP", 2, "known_on"),
        ("2013-01-11,day", "2013-01-11,week", 2, "date_precision"),
        ("2013-01-11,day", "11/01/2013,day", 2, "date"),
        ("3500,4000", "4500,4000", 3, "strength_low"),
        ("3500,4000", ",4000", 3, "strength_low"),
        ("day,,,,,host,2013-01-12", "day,50,,,,host,2013-01-12", 2, "strength_low"),
        ("day,,,,,host,2013-01-12", "day,,,2014-01-01,,host,2013-01-12", 2, "announced_end"),
        (",,host,2013-01-12", ",sender,host,2013-01-12", 2, "initiator"),
        ("2013-12-31,sender,", "2013-12-31,rebels,", 4, "initiator"),
        ("2013-12-31,sender,", "2013-12-31,sender,host", 4, "consent"),
        ("https://example.org/b,,medium", "https://example.org/b,a-left-2014,medium", 3, "superseded_by"),
        ("https://example.org/b,,medium", "https://example.org/b,a-arrival-2013,medium", 3, "superseded_by"),
        ("https://example.org/b,,medium", "https://example.org/b,a-strength-2013,medium", 3, "superseded_by"),
        ("https://example.org/b,,medium", "a book,,medium", 3, "second_source"),
        ("https://example.org/a,,,high", "https://theaivue.com/a,,,high", 2, "source_url"),
        ("https://example.org/b,,medium", "https://theaivue.com/a,,medium", 3, "second_source"),
        ("AFP,https://example.org/a,,,high", "TASS (AFP),https://example.org/a,,,high", 2, "source_url"),
        ("AFP,https://example.org/a,,,high", "AFP,https://fr.sputniknews.africa/a,,,high", 2, "source_url"),
        ("a-strength-2013", "a-arrival-2013", 3, "fact_id"),
        ("2013-06-01,AFP", "2013-06-01,", 5, "source"),
        ("2013-06-01,AFP,https://example.org/a", "2013-06-01,AFP,a page", 5, "source_url"),
        ("strength,2013", "size,2013", 3, "fact"),
    ],
)
def test_a_broken_row_is_one_error(*, file, old, new, row, column):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_deployments(file)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy


def test_state_media_of_a_party_are_believed_with_a_second_source_or_with_less_confidence(file):
    text = file.read_text(encoding="utf-8")
    alone = "TASS,https://tass.com/a,,,high"
    for known in ("TASS,https://tass.com/a,https://example.org/b,,high", "TASS,https://tass.com/a,,,medium"):
        file.write_text(text.replace("AFP,https://example.org/a,,,high", known, 1), encoding="utf-8")
        assert read_deployments(file)["source_class"].iloc[0] == "state"
    for party in (alone, alone.replace(",,,", ",https://news-pravda.com/b,,")):
        file.write_text(text.replace("AFP,https://example.org/a,,,high", party, 1), encoding="utf-8")
        with pytest.raises(SchemaError, match="state media of a party"):
            read_deployments(file)


def test_a_cut_file_is_one_error(file):
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(SourceError):
        read_deployments(file)


def test_the_bundled_table_holds_the_forces_that_the_field_speaks_of():
    table = read_deployments()
    first = table[table["fact"] == "arrival"].groupby("deployment")["date"].min()
    last = table[(table["fact"] == "departure") & table["regions"].isna()].groupby("deployment")["date"].max()
    for deployment, start, end in (
        ("serval-mli", "2013-01", "2014-07"),
        ("barkhane-mli", "2014-08", "2022-08"),
        ("takuba-mli", "2020-07", "2022-06"),
        ("minusma-mli", "2013-07", "2023-12"),
        ("wagner-mli", "2021-12", "2025-06"),
        ("us-irq-2003", "2003-03", "2011-12"),
        ("us-afg", "2001-10", "2021-08"),
        ("minustah-hti", "2004-06", "2017-10"),
        ("russia-aze", "2020-11", "2024-06"),
        ("uae-yem", "2015-08", "2026-01"),
    ):
        assert (f"{first[deployment]:%Y-%m}", f"{last[deployment]:%Y-%m}") == (start, end), deployment
    assert (table["known_on"] >= table["date"]).all()


@pytest.fixture(scope="module")
def bundled():
    return read_deployments().set_index("fact_id")


def test_every_bundled_source_is_of_a_publisher_that_is_listed(bundled):
    assert not bundled["source_class"].eq("unlisted").any()


@pytest.mark.parametrize(
    ("fact_id", "seen", "told"),
    [
        ("unamsil-sle-arrival-1999", "1999-11-29", "1999-11-30"),
        ("unmis-sdn-arrival-2005", "2005-04-27", "2005-04-27"),
        ("unisfa-sdn-arrival-2011", "2011-07-15", "2011-07-16"),
        ("us-syr-arrival-2015", "2015-11-26", "2015-11-26"),
        ("us-syr-strength-2019-12", "2019-12-05", "2019-12-05"),
        ("us-afg-strength-2017-02", "2017-02-09", "2017-02-09"),
        ("north-korea-rus-arrival-2024", "2024-10-23", "2024-10-28"),
    ],
)
def test_a_force_is_there_from_when_it_was_seen_not_from_when_it_was_decided(bundled, fact_id, seen, told):
    row = bundled.loc[fact_id]
    assert (f"{row['date']:%Y-%m-%d}", f"{row['known_on']:%Y-%m-%d}") == (seen, told)


def test_an_end_of_the_bundled_table_says_who_ended_it_or_is_a_change_of_name(bundled):
    ends = bundled[bundled["fact"].isin(["departure", "withdrawal_announced"])]
    untold = ends[ends["initiator"].isna()]
    arrivals = bundled[(bundled["fact"] == "arrival")]
    for row in untold[untold["fact"] == "departure"].itertuples():
        heirs = arrivals[(arrivals["gwno"] == row.gwno) & (arrivals["actor_class"] == row.actor_class)]
        assert ((heirs["date"] - row.date).abs() <= pd.Timedelta(days=31)).any(), row.Index
    demands = bundled[bundled.index.str.contains("-demanded-")]
    assert (demands["initiator"] == "host").all()
    assert len(demands) >= 15


def test_a_force_that_was_told_to_leave_was_ended_by_its_host(bundled):
    for name in (
        "barkhane-mli-departure-2022",
        "minusma-mli-departure-2023",
        "sabre-bfa-departure-2023",
        "french-forces-ner-departure-2023",
        "us-ner-departure-2024",
        "french-forces-tcd-departure-2025",
        "eacrf-cod-departure-2023",
        "minurcat-tcd-departure-2010",
        "us-pak-departure-2011",
        "uae-yem-departure-2026",
    ):
        assert bundled.loc[name, "initiator"] == "host"
    assert bundled.loc["sangaris-caf-departure-2016", "initiator"] == "sender"
    assert bundled.loc["unoci-civ-departure-2017", "initiator"] == "council"


def test_the_congo_asked_the_un_to_go_before_the_general_assembly(bundled):
    ends = bundled[(bundled["deployment"] == "monusco-cod") & (bundled["fact"] == "withdrawal_announced")]
    assert ends["date"].min() == pd.Timestamp("2023-09-20")


def test_the_last_of_the_east_african_force_left_in_december(bundled):
    ends = bundled[(bundled["deployment"] == "eacrf-cod") & (bundled["fact"] == "departure")]
    assert ends["date"].tolist() == [pd.Timestamp("2023-12-21")]


def test_a_force_under_a_new_name_keeps_its_regions(bundled):
    def regions(deployment, fact="arrival"):
        rows = bundled[(bundled["deployment"] == deployment) & (bundled["fact"] == fact)]
        return {code for codes in rows["regions"].dropna() for code in codes.split(";")}

    for before, after in (
        ("wagner-mli", "africa-corps-mli"),
        ("serval-mli", "barkhane-mli"),
        ("epervier-tcd", "barkhane-tcd"),
        ("barkhane-tcd", "french-forces-tcd"),
        ("wagner-lby", "africa-corps-lby"),
    ):
        held = regions(before) - regions(before, "departure") - {"ML-BKO" if before == "serval-mli" else ""}
        assert held <= regions(after), (before, after)
    assert {"ML-5", "ML-4"} <= regions("africa-corps-mli")  # Mopti and Segou


def test_no_force_leaves_before_it_came(bundled):
    for deployment, rows in bundled.groupby("deployment"):
        start = rows.loc[rows["fact"] == "arrival", "date"].min()
        ends = rows.loc[rows["fact"] == "departure", "date"]
        assert (ends >= start).all(), deployment
        bases = rows[rows["fact"].isin(["arrival", "departure"]) & rows["regions"].notna()].sort_values("date")
        for place in {code for codes in bases["regions"] for code in codes.split(";")}:
            own = bases[bases["regions"].str.contains(place)]
            standing = own["fact"].map({"arrival": 1, "departure": -1}).cumsum()
            assert (standing >= 0).all(), (deployment, place)
