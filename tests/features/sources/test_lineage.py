"""Curated lineage: what is read, what is refused, and how it joins the Actor Dataset's."""

import pandas as pd
import pytest

from faultline.features.errors import SchemaError
from faultline.features.sources.lineage import LINEAGE_FILE, joined, read_lineage

HEADER = LINEAGE_FILE.read_text(encoding="utf-8").splitlines()[0]
ROWS = """\
12,New Name,11,Old Name,,renamed,2022-03-01,2022-03-04,AFP,https://example.org/a,high,
14,Union,13,Part,,merged,2022-05-01,2022-05-02,AFP,https://example.org/b,medium,about
16,Leavers,13,Part,475,split,2022-06-01,2022-06-01,AFP,https://example.org/c,low,
18,Later Name,17,Name Then,,retroactive_name,2024-11-30,2023-08-31,AFP,https://example.org/d,high,
"""
ONE_LINK = (
    pd.DataFrame({"actor_id": [14], "predecessor_id": [11], "kind": ["merger"], "gwno": [0]})
    .astype({"actor_id": "int32", "predecessor_id": "int32", "kind": "str", "gwno": "int32"})
    .assign(known_on=pd.Series(["2015-01-31"]).astype("datetime64[s]"))
)
ACTORS = pd.DataFrame({"actor_id": [11, 14], "name": ["As UCDP has it", "Union"]}).astype(
    {"actor_id": "int32", "name": "str"}
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "lineage.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    return path


def test_what_is_said_of_a_link_is_a_kind_of_the_lineage(file):
    assert read_lineage(file)["kind"].tolist() == ["rename", "merger", "splinter", "rename"]


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("12,New", "twelve,New", 2, "heir_id"),
        ("12,New", "0,New", 2, "heir_id"),
        ("12,New", "11,New", 2, "forerunner_id"),
        ("New Name", " ", 2, "heir"),
        (",Part,,merged", ",,,merged", 3, "forerunner"),
        ("merged", "allied", 3, "what"),
        ("2022-05-02", "2022-04-30", 3, "known_on"),
        ("2022-05-02", "", 3, "known_on"),
        ("2022-05-01", "May 2022", 3, "since"),
        ("13,Part,475,split", "13,Part,Nigeria,split", 4, "gwno"),
        ("16,Leavers,13,Part,475", "14,Leavers,13,Part,", 4, "heir_id, forerunner_id, gwno"),
        ("AFP,https://example.org/c", ",https://example.org/c", 4, "source"),
        ("https://example.org/c", "a page", 4, "source_url"),
        ("low", "sure", 4, "confidence"),
    ],
)
def test_a_broken_row_is_one_error(*, file, old, new, row, column):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_lineage(file)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)


def test_curated_links_join_those_of_the_actor_dataset_with_the_groups_that_they_name(file):
    actors, links = joined(ACTORS, ONE_LINK, read_lineage(file))
    pairs = links[["actor_id", "predecessor_id"]].to_numpy().tolist()
    assert pairs == [[12, 11], [14, 11], [14, 13], [16, 13], [18, 17]]
    assert actors.set_index("actor_id")["name"].to_dict() == {
        11: "As UCDP has it",
        12: "New Name",
        13: "Part",
        14: "Union",
        16: "Leavers",
        17: "Name Then",
        18: "Later Name",
    }


def test_a_link_holds_everywhere_unless_it_names_a_country(file):
    _, links = joined(ACTORS, ONE_LINK, read_lineage(file))
    assert links.set_index("actor_id")["gwno"].to_dict() == {12: 0, 14: 0, 16: 475, 18: 0}


def test_a_link_of_the_actor_dataset_is_not_curated_again(file):
    file.write_text(f"{HEADER}\n{ROWS}".replace("14,Union,13,Part", "14,Union,11,Part"), encoding="utf-8")
    with pytest.raises(SchemaError, match="already") as caught:
        joined(ACTORS, ONE_LINK, read_lineage(file), path=file)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, 3, "forerunner_id")
