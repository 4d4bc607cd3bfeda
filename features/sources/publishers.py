"""Who stands behind a page that a fact cites, by a stated table: `features/reference/publishers.csv`.

A row of the table is a name as citations write it (an agency, whose text others carry) or the host of a page, with its
kind and, where that matters, its country. The press of the country that a fact is about is local. A name of state
media tells more than the host that carries its text; a name of an agency tells more than a newspaper that does.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from ..contracts.political import SOURCE_CLASSES
from .delimited import read_delimited, refuse

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Publisher", "publisher_of", "refuse_weak_sources", "source_classes"]

#: States that are a party to whatever is told of forces and of who rules, besides the country itself: Russia sends
#: forces where others are told to go, and its media tell of both.
_ALWAYS_PARTIES: Final = frozenset({"RUS"})
_SENDERS: Final = {"French": "FRA", "France": "FRA", "United States": "USA", "Turkey": "TUR"}
_UNLISTED: Final = "unlisted"


class Publisher(NamedTuple):
    """Kind of a publisher, of `SOURCE_CLASSES` without ``local``, or ``machine``; and its country, or nothing."""

    kind: str
    country: str


@cache  # a table of facts cites the same pages over and over, and is looked at twice
def publisher_of(citation: str, address: str, table: Path) -> Publisher:
    """Say who published a page.

    Parameters
    ----------
    citation
        The source as the table of facts cites it; of a second source nothing is needed.
    address
        Its web address.
    table
        The table of publishers.
    """
    hosts, names = _publishers(table)
    named = [publisher for name, publisher in names.items() if re.search(rf"\b{re.escape(name)}\b", citation)]
    parts = re.sub(r"^https?://|[/:?#].*$", "", address).split(".")
    host = next((hosts[name] for i in range(len(parts)) if (name := ".".join(parts[i:])) in hosts), None)
    stated = [publisher for publisher in named if publisher.kind == "state"]
    if host is not None and host.kind == "machine":
        return host
    if stated:
        return stated[0]
    if named and (host is None or host.kind == "press"):
        return named[0]
    return host or Publisher(_UNLISTED, "")


def source_classes(raw: pd.DataFrame, iso3: pd.Series, table: Path) -> pd.Series:
    """Class of the source of every row, one of `SOURCE_CLASSES`."""
    publishers = [publisher_of(*page, table) for page in zip(raw["source"], raw["source_url"], strict=True)]
    return pd.Series(
        [
            "local" if publisher.kind == "press" and publisher.country == country else publisher.kind
            for publisher, country in zip(publishers, iso3, strict=True)
        ],
        raw.index,
        dtype="str",
    )


def refuse_weak_sources(raw: pd.DataFrame, iso3: pd.Series, path: Path, table: Path) -> None:
    """Refuse pages written by machines, and high confidence on the word of a party's state media alone.

    Parameters
    ----------
    raw
        Columns ``source, source_url, second_source, confidence`` and, of deployments, ``sending_actor``, as text.
    iso3
        Country of every row.
    path
        The file of ``raw``.
    table
        The table of publishers.

    Raises
    ------
    SchemaError
        At the first such row.
    """
    first = [publisher_of(*page, table) for page in zip(raw["source"], raw["source_url"], strict=True)]
    second = [publisher_of("", address, table) if address else None for address in raw["second_source"]]
    senders = raw["sending_actor"] if "sending_actor" in raw else pd.Series("", raw.index)
    parties = [_ALWAYS_PARTIES | {host, _SENDERS.get(sender, "")} for host, sender in zip(iso3, senders, strict=True)]
    for column, publishers in (("source_url", first), ("second_source", second)):
        machine = pd.Series([each is not None and each.kind == "machine" for each in publishers], raw.index)
        refuse(machine, raw[column], path, "which is a page written by a machine")
    alone = pd.Series(
        [
            _partisan(one, of) and (other is None or _partisan(other, of))
            for one, other, of in zip(first, second, parties, strict=True)
        ],
        raw.index,
    )
    refuse(
        alone & (raw["confidence"] == "high"),
        raw["source_url"],
        path,
        "state media of a party, on which alone no confidence is high",
        remedy="Name a second source, or lower the confidence.",
    )


def _partisan(publisher: Publisher, parties: frozenset[str]) -> bool:
    return publisher.kind == "state" and publisher.country in parties


@cache
def _publishers(table: Path) -> tuple[dict[str, Publisher], dict[str, Publisher]]:
    """Publishers by host, and by name."""
    raw = read_delimited(table, ("publisher", "kind", "country"))
    kinds = {*SOURCE_CLASSES, "machine"} - {"local", _UNLISTED}
    refuse(~raw["kind"].isin(kinds), raw["kind"], table, f"which is none of {', '.join(sorted(kinds))}")
    each = {row[0]: Publisher(row[1], row[2]) for row in raw.itertuples(index=False)}
    hosts = {name: publisher for name, publisher in each.items() if "." in name}
    return hosts, {name: publisher for name, publisher in each.items() if name not in hosts}
