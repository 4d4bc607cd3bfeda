"""Every group that is new to a country by its number, with what was judged of it, as one page.

``python benchmarks/new_actors.py --write docs/new-actors.md`` makes the page; it needs no network and a few seconds.
The verdicts stand in ``features/reference/new_actors.csv``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from faultline.features.panels.countries import country_panel
from faultline.features.sources.new_actors import NO_SOURCE, VERDICTS, read_new_actors
from faultline.features.tables.snapshot import load_snapshot
from faultline.features.targets.newcomers import newcomers
from faultline.pipelines.base.markdown import fill, give_page, table_lines

if TYPE_CHECKING:
    import pandas as pd

RECENT = "2022"
TABLE = "../features/reference/new_actors"


def judged() -> pd.DataFrame:
    """Verdicts beside what the bundled data make of each group; joint sides have no figures of their own."""
    snapshot = load_snapshot()
    found = newcomers(country_panel(snapshot))
    table = read_new_actors().merge(found, on=["actor_id", "gwno"], how="left")
    names = snapshot.countries.set_index("gwno")["name"]
    known = snapshot.actors.set_index("actor_id")["name"].str.strip()
    heirs = [", ".join(known.get(actor, str(actor)) for actor in those) for those in table["heir_of"]]
    return table.assign(country=table["gwno"].map(names), heirs=heirs, year=table["first_month"].astype(str).str[:4])


def counts(table: pd.DataFrame) -> list[str]:
    """How many there are of each verdict, and what they make of the labels at 12 months."""
    lines: list[tuple[object, ...]] = []
    for verdict, meaning in VERDICTS.items():
        rows = table[table["verdict"] == verdict]
        recent = int((rows["year"] >= RECENT).sum())
        labels = [f"{int(rows[name].sum()):,}" for name in ("labels", "counted")]
        lines.append((verdict, meaning, len(rows), recent, *labels))
    return table_lines(("verdict", "meaning", "groups", "since 2022", "labels by number", "labels"), lines)


def row(entry: pd.Series) -> tuple[object, ...]:
    """One group as a row of the page."""
    deaths = "" if entry["verdict"] == "joint_side" else f"{entry['deaths']:,.0f}"
    labels = "" if entry["verdict"] == "joint_side" else f"{entry['counted']:.0f} of {entry['labels']:.0f}"
    verdict = entry["verdict"] + (f": {entry['heirs']}" if entry["heirs"] else "")
    source = NO_SOURCE if entry["source"] == NO_SOURCE else f"[{entry['source']}]({entry['source_url']})"
    note = "" if entry["note"] != entry["note"] else f"; {entry['note']}"
    return (
        entry["country"],
        entry["first_month"],
        deaths,
        labels,
        entry["name"],
        verdict,
        f"{source} ({entry['confidence']}){note}",
    )


def document() -> str:
    """The page of the docs."""
    table = judged()
    lone = table[table["verdict"] != "joint_side"]
    unjudged = table[table["verdict"] == "not_judged"]
    no_source = table[(table["source"] == NO_SOURCE) & (table["verdict"] != "not_judged")]
    recent = int((unjudged["year"] >= RECENT).sum())
    gone = lone[~lone["still"].astype(bool)]
    lines = [
        "# Who was new: every group behind `new_armed_actor`",
        "",
        "Made by `python benchmarks/new_actors.py --write docs/new-actors.md` from the bundled data and",
        f"[new_actors.csv]({TABLE}.csv), whose rules stand in [new_actors.md]({TABLE}.md).",
        "",
        *fill(
            f"{len(lone)} pairs of group and country are new by UCDP's number alone, in countries at risk from 2010 "
            f"on, at 3, 6 or 12 months; {len(gone)} of them carry on others and make no label 1. "
            f"{len(table) - len(lone)} more were joint sides, which count as their members. {len(unjudged)} are not "
            f"judged ({recent} since 2022), and {len(no_source)} verdicts rest on general knowledge without a source. "
            "Up to 2021 most rest on the Actor Dataset alone: `new` says there that no link is known."
        ),
        "",
        *counts(table),
        "",
        *fill(
            "Labels are origins at risk whose window of 12 months the group makes 1: as labels are, of those by its "
            "number alone; several groups can make the same one. Month is that of the first event, deaths the most in "
            "a window."
        ),
    ]
    for title, part in (("Since 2022", table["year"] >= RECENT), ("2010 to 2021", table["year"] < RECENT)):
        rows = table[part].sort_values(
            ["first_month", "country", "actor_id"], ascending=[title != "Since 2022", True, True]
        )
        lines += ["", f"## {title}", ""]
        head = ("country", "month", "deaths", "labels", "group", "verdict", "source")
        lines += table_lines(head, (row(entry) for _, entry in rows.iterrows()))
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    give_page(document, __doc__)
