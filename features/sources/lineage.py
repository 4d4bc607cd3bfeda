"""Links between armed groups that UCDP's Actor Dataset lacks: `features/reference/lineage.csv`.

The rules of the table stand beside it in `features/reference/lineage.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ..contracts.canonical import validate
from ..contracts.columns import EVERYWHERE
from ..contracts.political import CONFIDENCES
from ..errors import SchemaError
from .curated import REFERENCE, as_text, day_or_none, one_of
from .delimited import read_delimited, refuse, refuse_duplicates, whole_numbers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LINEAGE_FILE", "joined", "read_lineage"]

#: The table that the package carries.
LINEAGE_FILE: Final = REFERENCE / "lineage.csv"

#: Kind of ``actor_lineage`` by what the table says of a link.
_KINDS: Final = {"renamed": "rename", "retroactive_name": "rename", "merged": "merger", "split": "splinter"}
_TEXTS: Final = ("heir", "forerunner", "source")
_KEY: Final = ["actor_id", "predecessor_id"]
_LARGEST_GWNO: Final = 999


def read_lineage(path: Path = LINEAGE_FILE) -> pd.DataFrame:
    """Read the curated links, one a row.

    Returns
    -------
    DataFrame
        ``heir_id, heir, forerunner_id, forerunner, gwno, what, kind, since, known_on, source, source_url, confidence,
        note``; ``kind`` and ``gwno`` as in ``actor_lineage``.

    Raises
    ------
    SourceError, SchemaError
        At the first fault: a cut or damaged file; an impossible value; a group that is its own forerunner; a link
        twice; a link that is known before it came about, but for a retroactive name; with file, line and column.
    """
    numbers, days = ("heir_id", "forerunner_id"), ("since", "known_on")
    raw = read_delimited(path, (*numbers, *_TEXTS, "gwno", "what", *days, "source_url", "confidence", "note"))
    for column in _TEXTS:
        refuse(raw[column].str.strip() == "", raw[column], path, "where text belongs")
    one_of(raw["what"], tuple(_KINDS), path)
    one_of(raw["confidence"], CONFIDENCES, path)
    refuse(~raw["source_url"].str.fullmatch(r"https?://\S+"), raw["source_url"], path, "where a web address belongs")
    for column in days:
        refuse(raw[column] == "", raw[column], path, "where a date (YYYY-MM-DD) belongs")
    typed = {column: whole_numbers(raw[column], path, low=1, high=10_000_000) for column in numbers}
    typed |= {column: day_or_none(raw[column], path) for column in days}
    countries = raw["gwno"].where(raw["gwno"] != "", str(EVERYWHERE)).rename("gwno")
    typed |= {"gwno": whole_numbers(countries, path, low=EVERYWHERE, high=_LARGEST_GWNO)}
    table = raw.assign(**typed, kind=raw["what"].map(_KINDS), note=as_text(raw["note"]))
    refuse(table["heir_id"] == table["forerunner_id"], raw["forerunner_id"], path, "which is the heir itself")
    refuse_duplicates(table, [*numbers, "gwno"], path)
    early = (table["known_on"] < table["since"]) & (table["what"] != "retroactive_name")
    refuse(early, raw["known_on"], path, "which is before the link came about")
    return table


def joined(
    actors: pd.DataFrame, links: pd.DataFrame, curated: pd.DataFrame, *, path: Path = LINEAGE_FILE
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add curated links to those of the Actor Dataset.

    Parameters
    ----------
    actors, links
        The canonical tables ``actors`` and ``actor_lineage``.
    curated
        As read by `read_lineage`.
    path
        Where ``curated`` was read from.

    Returns
    -------
    actors, links
        The canonical tables with the curated links, and the groups that only these name.

    Raises
    ------
    SchemaError
        If a curated link is in the Actor Dataset already: there it would count from two days.
    """
    own = curated.rename(columns={"heir_id": "actor_id", "forerunner_id": "predecessor_id"})
    again = pd.MultiIndex.from_frame(own[_KEY]).isin(pd.MultiIndex.from_frame(links[_KEY]))
    if again.any():
        row = own[again].iloc[0]
        msg = f"the link of {row['heir']} to {row['forerunner']} is in the Actor Dataset already."
        line = int(own.index[again][0])
        raise SchemaError(msg, file=path, row=line, column="forerunner_id", remedy="Take the row out.")
    named = pd.concat(
        [
            actors,
            own[["actor_id", "heir"]].set_axis(["actor_id", "name"], axis=1),
            own[["predecessor_id", "forerunner"]].set_axis(["actor_id", "name"], axis=1),
        ]
    ).drop_duplicates("actor_id")
    both = pd.concat([links, own[[*_KEY, "kind", "gwno", "known_on"]]])
    both = both.sort_values([*_KEY, "kind", "gwno"], ignore_index=True).astype({"kind": "str"})
    named = named.sort_values("actor_id", ignore_index=True)
    return validate(named, "actors"), validate(both, "actor_lineage")
