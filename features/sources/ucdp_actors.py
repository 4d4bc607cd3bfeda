"""UCDP by armed actor: who fought where and when, from dyads, and where each actor came from.

UCDP's monthly dyad counts name no country and its registries name no month, so the two are joined here:

- State-based dyads within a state: side B, in the country of the conflict.
- Interstate dyads have no non-state side. They are skipped, and counted.
- Non-state dyads between organised groups (organisation level 1): both sides, in the dyad's countries. Where there are
  several, the dyad is split over those that saw events of that type in that month, in proportion to them (equally
  over all, where none did), and marked ``shared``. Communal dyads (levels 2 and 3) are left out, and counted.
- One-sided dyads carry an id of their own that only GED's event rows map to an actor: none of them can be placed.

A dyad's events count once for each side. A side of several actors is split equally among them, also where the side
has a number of its own (`~faultline.features.sources.joint_sides`).

Lineage comes from the Actor Dataset 22.1, whose columns mean, by cases that are known:

- ``ActorIdPrev`` (with ``Splinter``): this actor left that one. AQIM (539, once GSPC) left the GIA (538), MUJAO (1161)
  left AQIM, the Macina Liberation Front (6267) left Ansar Dine (1157).
- ``ActorIdSplitTemp``: a faction that fought its own group for a time, such as the GIA's El Ahd battalion. A splinter
  too.
- ``ActorIdAlliance`` (with ``Alliance``): this actor went into that one, a new alliance. Ansar Dine into JNIM (6716),
  MUJAO into al-Murabitun (4376).
- ``ActorIdGroup`` (with ``JoinGroup``): this actor joined that one and ceased. Al-Murabitun into AQIM, the Macina
  Liberation Front into Ansar Dine and JNIM.
- ``NSCoalitionID``: this actor fights in that coalition, and goes on by itself too. One that has a name of its own,
  such as the operations rooms of Syria, carries on its members; one that is named by them is a joint side.
- ``NameChange``: the actor got another name and kept its id. The MNLA stands there as CMA (1158), GSPC as AQIM,
  ISI as IS (234): no link is needed, and every name is given in hindsight.

Links have no dates. They count from a nominal day: the month's end of the later actor's first event, and of a merger
(not of a coalition) no sooner than that of the last event of the actor that went into it, for such steps are announced;
at the latest from the day on which the dataset was out. Links end with 2021. What is known to be missing is curated:
`~faultline.features.sources.lineage`.

Sources: UCDP, CC BY 4.0; Sundberg and Melander (2013), doi:10.1177/0022343313484347; Harbom, Melander and Wallensteen
(2008), doi:10.1177/0022343308094331; Sundberg, Eck and Kreutz (2012), doi:10.1177/0022343311431598; UCDP Actor
Dataset 22.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..contracts.canonical import VIOLENCE_TYPES, validate
from ..contracts.columns import EVERYWHERE
from .delimited import first_of_month, read_delimited, refuse, refuse_duplicates, whole_numbers
from .joint_sides import JointSides, joint_sides
from .registries import read_registry
from .ucdp import Release, check_count, month_end

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Actors", "read_actors"]

_ORGANISED = 1
_GOVERNMENT = "4"
_COALITION: Final = "coalition"
_LINKS: Final[dict[str, tuple[str, bool]]] = {  # column: kind, and whether the row's actor is the later one
    "ActorIdPrev": ("splinter", True),
    "ActorIdSplitTemp": ("splinter", True),
    "ActorIdAlliance": ("merger", False),
    "ActorIdGroup": ("merger", False),
    "NSCoalitionID": (_COALITION, False),
}
_MAX_COUNT = 2_000_000
#: Nominal day on which version 22.1 was out, as of a yearly release.
_DATASET_OUT: Final = pd.Timestamp("2022-06-30")


@dataclass(frozen=True, slots=True)
class Actors:
    """Organised armed actors, and what could not be placed.

    Attributes
    ----------
    actors, actor_lineage, actor_month
        Canonical tables.
    losses
        Events and deaths of the dyad counts that ``actor_month`` does not hold, by reason, and what is uncertain in it.
    lineage_losses
        Links left out of ``actor_lineage``.
    """

    actors: pd.DataFrame
    actor_lineage: pd.DataFrame
    actor_month: pd.DataFrame
    losses: dict[str, float]
    lineage_losses: dict[str, float]


def read_actors(folder: Path, *, country_month: pd.DataFrame, release: Release) -> Actors:
    """Read actors by country and month from UCDP's dyad counts and registries.

    Parameters
    ----------
    folder
        Holds ``dyad-month.csv``, ``dyads.yaml``, ``nonstate.yaml``, ``conflicts.yaml`` and ``actor-22.1.csv``.
    country_month
        The canonical table of the same release, by which dyads in several countries are split.
    release
        As read by `~faultline.features.sources.ucdp.read_release`.

    Raises
    ------
    SourceError, SchemaError
        If a file is missing, cut off, in another encoding or with other columns; at the first impossible value,
        duplicate key or future month; with file and line.
    """
    dyads = _dyads(folder, release)
    months = _dyad_months(folder / "dyad-month.csv", release)
    losses = _losses(months, dyads)
    placed = months[["dyad_id", "violence_type", "month", "events", "deaths"]].merge(
        dyads[dyads["fate"] == "placed"], on=["dyad_id", "violence_type"]
    )
    in_countries = _split_over_countries(placed, country_month)
    names, undated, lineage_losses = _read_lineage(folder / "actor-22.1.csv")
    joint = joint_sides(_named(names, dyads))
    table, alone = (_by_actor(in_countries, sides) for sides in (joint, JointSides({}, {})))
    links = _dated(undated[(undated["kind"] != _COALITION) | undated["actor_id"].isin(table["actor_id"])], table, alone)
    named = {**names, **_names(dyads), **joint.names}
    ids = sorted({*table["actor_id"], *links["actor_id"], *links["predecessor_id"]})
    actors = pd.DataFrame({"actor_id": ids, "name": [named.get(i, f"actor {i}") for i in ids]})
    actors = validate(actors.astype({"actor_id": "int32", "name": "str"}), "actors")
    losses |= {
        f"{what}_without_a_dyad": float(country_month[what].sum() - months[what].sum()) for what in ("events", "deaths")
    }
    losses["deaths_split_over_countries"] = float(in_countries.loc[in_countries["shared"], "deaths"].sum())
    losses["deaths_sb_beyond_the_country_count"] = _beyond_country_count(table, country_month)
    return Actors(actors, links, table, losses, lineage_losses)


def _dyads(folder: Path, release: Release) -> pd.DataFrame:
    conflicts = read_registry(
        folder / "conflicts.yaml", {"id": int, "countries": list[int]}, expected=release.counts.get("conflicts")
    )
    countries = {record["id"]: record["countries"] for record in conflicts}
    sides = {"side_a": str, "side_a_id": list[int], "side_b": str, "side_b_id": list[int]}
    rows: list[dict[str, Any]] = []
    fields = {"id": int, "conflict": int, "type": str, **sides}
    for record in read_registry(folder / "dyads.yaml", fields, expected=release.counts.get("dyads")):
        fate = "interstate" if record["type"] == "interstate" else "placed"
        where = countries.get(record["conflict"], [])
        named = [(record["side_b_id"], record["side_b"])]
        rows.append(_dyad(record, "sb", fate if where else "unmapped", where, named))
    fields = {"id": int, "organization_level": int, "countries": list[int], **sides}
    for record in read_registry(folder / "nonstate.yaml", fields, expected=release.counts.get("nonstate_dyads")):
        fate = "placed" if record["organization_level"] == _ORGANISED else "communal"
        named = [(record["side_a_id"], record["side_a"]), (record["side_b_id"], record["side_b"])]
        rows.append(_dyad(record, "ns", fate if record["countries"] else "unmapped", record["countries"], named))
    return pd.DataFrame(rows).astype({"violence_type": "str", "fate": "str"})


def _dyad(
    record: dict[str, Any], kind: str, fate: str, countries: list[int], sides: list[tuple[list[int], str]]
) -> dict[str, Any]:
    own = {"dyad_id": record["id"], "violence_type": kind, "fate": fate, "countries": tuple(countries)}
    return own | {"sides": tuple((tuple(ids), name) for ids, name in sides)}


def _names(dyads: pd.DataFrame) -> dict[int, str]:
    sides = (side for sides in dyads.loc[dyads["fate"] == "placed", "sides"] for side in sides)
    return {ids[0]: name.strip() for ids, name in sides if len(ids) == 1}


def _named(names: dict[int, str], dyads: pd.DataFrame) -> pd.DataFrame:
    """Every name of a group, with the countries in which the registries have it fight."""
    rows = [(actor, name, 0) for actor, name in names.items()]
    for countries, sides in zip(dyads["countries"], dyads["sides"], strict=True):
        rows += [(ids[0], name, gwno) for ids, name in sides if len(ids) == 1 for gwno in (0, *countries)]
    return pd.DataFrame(rows, columns=["actor_id", "name", "gwno"])


def _dyad_months(path: Path, release: Release) -> pd.DataFrame:
    raw = read_delimited(path, ("dyad_id", "type", "year", "month", "events", "deaths", "provisional"))
    refuse(~raw["type"].isin(VIOLENCE_TYPES), raw["type"], path, f"which is none of {', '.join(VIOLENCE_TYPES)}")
    table = pd.DataFrame(
        {
            "dyad_id": whole_numbers(raw["dyad_id"], path, low=1, high=10_000_000),
            "violence_type": raw["type"],
            "month": first_of_month(raw["year"], raw["month"], path, last=release.data_through),
            "events": whole_numbers(raw["events"], path, low=1, high=_MAX_COUNT),
            "deaths": whole_numbers(raw["deaths"], path, low=0, high=_MAX_COUNT),
        }
    )
    refuse_duplicates(table, ["dyad_id", "violence_type", "month"], path)
    check_count(len(table), release, "dyad_months", path)
    return table


def _losses(months: pd.DataFrame, dyads: pd.DataFrame) -> dict[str, float]:
    fate = months.merge(dyads[["dyad_id", "violence_type", "fate"]], on=["dyad_id", "violence_type"], how="left")
    fate = fate.assign(fate=fate["fate"].fillna("unmapped").where(fate["violence_type"] != "os", "onesided"))
    sums = fate.groupby("fate")[["events", "deaths"]].sum()
    reasons = ("interstate", "communal", "unmapped", "onesided")
    losses = {
        f"{what}_{reason}_dyads": float(sums[what].get(reason, 0))
        for reason in reasons
        for what in ("events", "deaths")
    }
    two_sided = fate[fate["violence_type"] != "os"]
    unmapped = two_sided["fate"] == "unmapped"
    total = float(two_sided["deaths"].sum())
    share = float(two_sided.loc[unmapped, "deaths"].sum()) / total if total else 0.0
    return losses | {
        "unmapped_dyads": int(two_sided.loc[unmapped, "dyad_id"].nunique()),
        "share_of_sb_and_ns_deaths_unmapped": round(share, 6),
    }


def _split_over_countries(placed: pd.DataFrame, country_month: pd.DataFrame) -> pd.DataFrame:
    """One row a dyad, month and country, ``events`` and ``deaths`` split; ``shared`` where there are several."""
    rows = placed.assign(row=np.arange(len(placed)), several=placed["countries"].map(len) > 1)
    rows = rows.explode("countries").rename(columns={"countries": "gwno"}).astype({"gwno": "int32"})
    seen = country_month.rename(columns={"events": "seen"})[["gwno", "month", "violence_type", "seen"]]
    rows = rows.merge(seen, on=["gwno", "month", "violence_type"], how="left").fillna({"seen": 0})
    by_row = rows.groupby("row")["seen"]
    total, listed = by_row.transform("sum"), by_row.transform("size")
    # A dyad known to one country is there whatever the country's count says.
    share = (rows["seen"] / total.where(total > 0)).fillna(1 / listed)
    split = rows.assign(events=rows["events"] * share, deaths=rows["deaths"] * share, shared=rows["several"])
    return split[share > 0].drop(columns=["seen", "several", "row"])


def _by_actor(dyads: pd.DataFrame, joint: JointSides) -> pd.DataFrame:
    sides = dyads.explode("sides", ignore_index=True)
    ids = sides["sides"].str[0].map(joint.of)
    size = ids.map(len)
    each = sides.assign(actor_id=ids, events=sides["events"] / size, deaths=sides["deaths"] / size)
    each = each.explode("actor_id", ignore_index=True).astype({"actor_id": "int32"})
    keys = ["actor_id", "gwno", "month", "violence_type"]
    table = each.groupby(keys, as_index=False, sort=True).agg(
        events=("events", "sum"), deaths=("deaths", "sum"), shared=("shared", "any")
    )
    table = table.round({"events": 6, "deaths": 6}).assign(known_on=month_end(table["month"]))
    return validate(table, "actor_month")


def _beyond_country_count(table: pd.DataFrame, country_month: pd.DataFrame) -> float:
    """State-based deaths beyond what UCDP counts in the country that month: they fell in another country."""
    keys = ["gwno", "month", "violence_type"]
    placed = table[table["violence_type"] == "sb"].groupby(keys)["deaths"].sum()
    seen = country_month.set_index(keys)["deaths"].reindex(placed.index).fillna(0)
    return float((placed - seen).clip(lower=0).sum())


def _read_lineage(path: Path) -> tuple[dict[int, str], pd.DataFrame, dict[str, float]]:
    raw = read_delimited(path, ("ActorId", "NameData", "Org", *_LINKS))
    actor = whole_numbers(raw["ActorId"], path, low=1, high=10_000_000)
    refuse_duplicates(actor.to_frame(), ["ActorId"], path)
    refuse(~raw["Org"].isin(["1", "2", "3", _GOVERNMENT]), raw["Org"], path, "where 1 to 4 belongs")
    governments = set(actor[raw["Org"] == _GOVERNMENT])
    links: set[tuple[int, int, str]] = set()
    for column, (kind, is_later) in _LINKS.items():
        refuse(~raw[column].str.fullmatch(r"(\d+(, ?\d+)*)?"), raw[column], path, "where actor ids belong")
        for one, others in zip(actor, raw[column].str.split(","), strict=True):
            for other in (int(text) for text in others if text.strip()):
                links.add((one, other, kind) if is_later else (other, one, kind))
    names = dict(zip(actor, raw["NameData"].str.strip(), strict=True))
    # Coalitions are listed by their members and have no rows of their own.
    unknown = {link for link in links if link[1] not in names or (link[0] not in names and link[2] != _COALITION)}
    among_groups = {link for link in links - unknown if link[0] != link[1] and not governments & {link[0], link[1]}}
    losses: dict[str, float] = {
        "links_with_governments_or_itself": len(links - unknown) - len(among_groups),
        "links_with_actors_that_are_not_in_the_dataset": len(unknown),
    }
    table = pd.DataFrame(sorted(among_groups), columns=["actor_id", "predecessor_id", "kind"])
    table = table.assign(gwno=EVERYWHERE)
    table = table.astype({"actor_id": "int32", "predecessor_id": "int32", "kind": "str", "gwno": "int32"})
    return names, table, losses


def _dated(links: pd.DataFrame, actor_month: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    first = actor_month.groupby("actor_id")["month"].min()
    # A joint side may go on under the name of a group that has ceased: only a group's own events tell when it did.
    last = alone.groupby("actor_id")["month"].max()
    known = links["actor_id"].map(first)
    ceased = links["predecessor_id"].map(last).where(links["kind"] == "merger")
    known = month_end(pd.concat([known, ceased], axis=1).max(axis=1))
    known = known.where(known <= _DATASET_OUT, _DATASET_OUT)  # also where no event tells
    dated = links.assign(known_on=known.astype("datetime64[s]"), kind=links["kind"].replace(_COALITION, "merger"))
    keys = ["actor_id", "predecessor_id", "kind"]
    dated = dated.sort_values([*keys, "known_on"]).drop_duplicates(keys, ignore_index=True)
    return validate(dated, "actor_lineage")
