"""Verdicts on the groups that are new to a country by their number: `features/reference/new_actors.csv`.

The rules of the table stand beside it in `features/reference/new_actors.md`; who must be in it is told by
`~faultline.features.targets.newcomers.newcomers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ..contracts.political import CONFIDENCES
from .curated import REFERENCE, as_text, one_of
from .delimited import read_delimited, refuse, refuse_duplicates, whole_numbers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CARRIES_ON", "NEW_ACTORS_FILE", "NO_SOURCE", "VERDICTS", "read_new_actors"]

#: The table that the package carries.
NEW_ACTORS_FILE: Final = REFERENCE / "new_actors.csv"

#: What is said of a group, in words.
VERDICTS: Final = {
    "new": "no group before it is known",
    "split": "left another group, or is a wing of one: a group of its own",
    "cross_border": "fought in another country before",
    "returned": "fought there before, but not for five years",
    "umbrella": "a name for groups of which the data hold none before",
    "renamed": "another group under a new name",
    "merged": "an alliance of groups that fought there before",
    "joint_side": "a side of several groups, which counts as its members",
    "not_judged": "nothing found",
}
#: Verdicts by which a group carries on others, so that it is no new one.
CARRIES_ON: Final = ("renamed", "merged", "joint_side")
#: In place of a source where general knowledge is all there is.
NO_SOURCE: Final = "none found"


def read_new_actors(path: Path = NEW_ACTORS_FILE) -> pd.DataFrame:
    """Read the verdicts, one a pair of group and country.

    Returns
    -------
    DataFrame
        ``actor_id, name, gwno, first_month, verdict, heir_of, source, source_url, confidence, note``; ``first_month`` a
        period, ``heir_of`` a tuple of numbers of the groups that it carries on or left.

    Raises
    ------
    SourceError, SchemaError
        At the first fault: a cut or damaged file; an impossible value; a pair twice; a group that carries on others and
        names none; a verdict without a source that is not of low confidence; with file, line and column.
    """
    columns = ("actor_id", "name", "gwno", "first_month", "verdict", "heir_of", "source", "source_url", "confidence")
    raw = read_delimited(path, (*columns, "note"))
    for column in ("name", "source"):
        refuse(raw[column].str.strip() == "", raw[column], path, "where text belongs")
    one_of(raw["verdict"], tuple(VERDICTS), path)
    one_of(raw["confidence"], CONFIDENCES, path)
    month = r"(19|20)\d\d-(0[1-9]|1[0-2])"
    refuse(~raw["first_month"].str.fullmatch(month), raw["first_month"], path, "where a month (YYYY-MM) belongs")
    refuse(~raw["heir_of"].str.fullmatch(r"(\d{1,7}( \d{1,7})*)?"), raw["heir_of"], path, "where numbers belong")
    nameless = raw["verdict"].isin(CARRIES_ON) & (raw["heir_of"] == "")
    refuse(nameless, raw["heir_of"], path, "where the numbers of the groups belong that it carries on")
    unsourced = raw["source"] == NO_SOURCE
    refuse(unsourced != (raw["source_url"] == ""), raw["source_url"], path, "which does not go with the source")
    web = raw["source_url"].str.fullmatch(r"https?://\S+")
    refuse(~unsourced & ~web, raw["source_url"], path, "where a web address belongs")
    refuse(unsourced & (raw["confidence"] != "low"), raw["confidence"], path, "where low belongs: no source is named")
    table = raw.assign(
        actor_id=whole_numbers(raw["actor_id"], path, low=1, high=10_000_000),
        gwno=whole_numbers(raw["gwno"], path, low=2, high=999),
        first_month=pd.PeriodIndex(raw["first_month"], freq="M"),
        heir_of=raw["heir_of"].map(lambda text: tuple(int(number) for number in str(text).split())),
        note=as_text(raw["note"]),
    )
    refuse_duplicates(table, ["actor_id", "gwno"], path)
    return table
