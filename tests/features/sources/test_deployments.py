"""Foreign deployments: what is read, and what is refused."""

import pandas as pd
import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.deployments import DEPLOYMENTS_FILE, read_deployments

HEADER = DEPLOYMENTS_FILE.read_text(encoding="utf-8").splitlines()[0]
ROWS = """\
a-arrival-2013,a-mli,Mission A,France,french,MLI,432,MLI-2690;MLI-2689,arrival,2013-01-11,day,,,,2013-01-12,\
AFP,https://example.org/a,high,
a-strength-2013,a-mli,Mission A,France,french,MLI,432,,strength,2013-02-06,day,3500,4000,,2013-02-06,\
AFP,https://example.org/a,medium,about
a-announced-2013,a-mli,Mission A,France,french,MLI,432,,withdrawal_announced,2013-03-01,day,,,2013-12-31,2013-03-01,\
AFP,https://example.org/a,low,
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "deployments.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    return path


def test_a_row_is_a_fact_with_its_dates_and_figures(file):
    table = read_deployments(file)
    assert table["gwno"].tolist() == [432, 432, 432]
    assert table["regions"].isna().tolist() == [False, True, True]
    assert table["strength_high"].dropna().tolist() == [4000.0]
    assert table["known_on"].iloc[0] == pd.Timestamp("2013-01-12")
    assert table["announced_end"].iloc[2] == pd.Timestamp("2013-12-31")


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
        ("day,,,,2013-01-12", "day,50,,,2013-01-12", 2, "strength_low"),
        ("day,,,,2013-01-12", "day,,,2014-01-01,2013-01-12", 2, "announced_end"),
        ("a-strength-2013", "a-arrival-2013", 3, "fact_id"),
        ("AFP,https://example.org/a,low", ",https://example.org/a,low", 4, "source"),
        ("https://example.org/a,low", "a page,low", 4, "source_url"),
        ("strength,2013", "size,2013", 3, "fact"),
    ],
)
def test_a_broken_row_is_one_error(*, file, old, new, row, column):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_deployments(file)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy


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
    ):
        assert (f"{first[deployment]:%Y-%m}", f"{last[deployment]:%Y-%m}") == (start, end), deployment
    assert (table["known_on"] >= table["date"]).all()
