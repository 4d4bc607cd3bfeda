"""What commands print: tables of what a job has found."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Final

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from ..cases.scenario_words import moved_remarks, remarks, stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..cases.changes import Changes
    from ..ingest.data_check import Finding
    from ..ingest.fetched import Fetched

__all__ = [
    "console",
    "print_comparison",
    "print_fetched",
    "print_findings",
    "print_history",
    "print_moved",
    "print_scores",
]

_SHOWN: Final = 10


def console(width: int) -> Console:
    """Standard output: as wide as its terminal, or of a given width into a file or a pipe, which have none."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else width)


def print_findings(findings: Iterable[Finding], console: Console) -> None:
    """Print a table of the findings, and below it what facts are coded and what is wrong in full."""
    shown = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    numbers = {"rows", "age, days", "unallocated"}
    for heading in ("table", "source and version", "rows", "coverage", "data through", *sorted(numbers - {"rows"})):
        shown.add_column(
            heading, justify="right" if heading in numbers else "left", no_wrap=heading != "source and version"
        )
    shown.add_column("contract", no_wrap=True)
    findings = list(findings)
    warned = [finding for finding in findings if finding.warning]
    faults: list[Finding] = []
    for finding in findings:
        shown.add_row(
            finding.table,
            "\n".join(finding.sources),
            f"{finding.rows:,}",
            finding.coverage,
            finding.data_through,
            "" if finding.age_days is None else f"{finding.age_days:,}",
            "" if finding.unallocated is None else f"{finding.unallocated:.1%}",
            "[red]BROKEN[/red]" if finding.fault else "passed",
        )
        if finding.fault:
            faults.append(finding)
    console.print(shown)
    for finding in warned:
        console.print(f"{finding.table}: {finding.warning}.", markup=False)
    for finding in faults:
        console.print(f"{finding.table}: {finding.fault}", style="red", markup=False)


def print_fetched(fetched: Fetched, console: Console) -> None:
    """Show what was fetched, which deaths could not be placed, and how to score with it."""
    known = fetched.known
    deaths = int(known.events["deaths"].sum())
    for vintage in known.vintages:
        console.print(f"{vintage.name}: {vintage.first_day:%Y-%m} to {vintage.last_day:%Y-%m}", markup=False)
    console.print(
        f"{len(known.events):,} events with {deaths:,} deaths in {fetched.countries:,} countries; "
        f"{fetched.regions:,} regions; data through {known.data_through:%Y-%m-%d}"
    )
    worst = fetched.unallocated.sort_values("deaths_unallocated", ascending=False).head(_SHOWN)
    worst = worst[worst["deaths_unallocated"] > 0]
    if len(worst):
        table = Table(title="Deaths known to the country only", box=box.SIMPLE_HEAD, title_justify="left")
        for heading in ("country", "deaths", "unallocated", "share"):
            table.add_column(heading, justify="left" if heading == "country" else "right")
        for row in worst.itertuples():
            share = f"{row.share_of_deaths:.1%}"
            table.add_row(str(row.name), f"{row.deaths:,}", f"{row.deaths_unallocated:,}", share)
        console.print(table)
        console.print(f"All of them: {fetched.unallocated_file}", markup=False)
    console.print("Score with these data:", markup=False)
    console.print(f"  faultline run --snapshot {shlex.quote(str(fetched.out))}", markup=False)


def print_history(table: pd.DataFrame, console: Console) -> None:
    """Print the measures, one table a country."""
    for code, rows in table.groupby("iso3", sort=False):
        shown = Table(title=f"{code}: fragmentation by year", title_justify="left")
        weighed = rows["contested_share_population"].notna().any()
        heads = ("year", "contested", "leading bloc", "TFI", "TFI today", *(("by people",) if weighed else ()))
        heads = (*heads, "share", *(("of people",) if weighed else ()), "groups", "effective", "new")
        for head in heads:
            shown.add_column(head, justify="left" if head == "leading bloc" else "right")
        for _, row in rows.iterrows():
            known = pd.notna(row["tfi"])
            bloc = f"{row['leading_bloc']} ({row['leading_bloc_regions']:.0f})" if pd.notna(row["leading_bloc"]) else ""
            shown.add_row(
                str(row["year"]),
                f"{row['contested']:.0f} of {row['regions']:.0f}" if known else "no events",
                bloc,
                f"{row['tfi']:.2f}" if known else "",
                f"{row['tfi_today']:.2f}" if known else "",
                *((_decimal(row["tfi_population"]),) if weighed else ()),
                _decimal(row["contested_share"]),
                *((_decimal(row["contested_share_population"]),) if weighed else ()),
                str(row["groups"]),
                f"{row['effective_groups']:.2f}",
                str(row["new_groups"]),
            )
        console.print(shown)
    console.print(
        "TFI: 1 - sum of squared shares of regions by holder, over every region in the country's event rows; "
        "'TFI today' leaves out regions that left the state, 'by people' weighs these by population. "
        "'share': of the regions, or 'of people', contested by their events alone, whoever fought. "
        "Events show where groups fight: contestation, not control."
    )


def _decimal(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.2f}"


def print_scores(table: pd.DataFrame, console: Console) -> None:
    """Print a side-by-side table, one for each kind of forecast, with the scores that the kind has."""
    for kind, rows in table.groupby("kind", sort=False):
        shown = rows.drop(columns="kind").dropna(axis="columns", how="all")
        printed = Table(title=str(kind), title_justify="left")
        for name in shown.columns:
            printed.add_column(str(name), justify="left" if name in ("forecast", "target") else "right")
        for values in shown.to_numpy(object):
            printed.add_row(*(_cell(name, value) for name, value in zip(shown.columns, values, strict=True)))
        console.print(printed)


def _cell(name: str, value: object) -> str:
    if isinstance(value, float) and name != "n":
        return f"{value:.4f}"
    return f"{value:,.0f}" if isinstance(value, float) else str(value)


def print_comparison(
    table: pd.DataFrame,
    iso3: str,
    changes: Changes,
    origin: pd.Period,
    console: Console,
    *,
    all_blocks: bool = False,
    left: Mapping[str, pd.Period] | None = None,
) -> None:
    """Print both scores of a scenario side by side with what they must not be read as.

    Parameters
    ----------
    table, all_blocks, left
        As `~faultline.pipelines.cases.scenario_words.remarks` takes them.
    """
    shown = Table(title=f"{iso3}, as of {origin}: {stated(changes)}", title_justify="left")
    for head in ("target", "months", "as is", "90 % range", "scenario", "difference", "moved by (log-odds)"):
        shown.add_column(head, justify="left" if head in {"target", "moved by (log-odds)"} else "right")
    for _, row in table.iterrows():
        shown.add_row(
            str(row["target"]),
            str(row["horizon_months"]),
            f"{row['as_is']:.1%}",
            f"{row['low']:.0%} to {row['high']:.0%}",
            f"{row['scenario']:.1%}",
            f"{_points(row['difference'])} points",
            str(row["moved_by"]) or "nothing",
        )
    console.print(shown)
    for line in remarks(table, changes, all_blocks=all_blocks, left=left):
        console.print(line)


def _points(part: float) -> str:
    """Signed percentage points; what rounds to nothing has no sign."""
    points = round(100 * part, 1)
    return f"{points:+.1f}" if points else "0.0"


def print_moved(
    table: pd.DataFrame,
    iso3: str,
    changes: Changes,
    issue: str,
    console: Console,
    *,
    left: Mapping[str, pd.Period],
    without: Iterable[str],
) -> None:
    """Print what the effects layer moves in a country, and in the rows of its regions that move most.

    Parameters
    ----------
    table
        As `~faultline.pipelines.cases.facts_scenario.facts_scenario` gives it.
    left, without
        As `~faultline.pipelines.cases.scenario_words.moved_remarks` takes them.
    """
    title = f"{iso3}, issue {issue}: {stated(changes)}"
    for heading, rows in _moved_parts(table, title, iso3):
        shown = Table(title=heading, title_justify="left")
        for head in ("unit", "target", "months", "as is", "scenario", "moved", "90 % range", "served", "moved by"):
            shown.add_column(head, justify="left" if head in {"unit", "target", "moved by"} else "right")
        for _, row in rows.iterrows():
            deaths = row["measure"] == "deaths"
            say, by = (_deaths, _more_deaths) if deaths else (_share, _points)
            shown.add_row(
                str(row["name"]),
                str(row["target"]),
                str(row["horizon_months"]),
                say(row["as_is"]),
                say(row["scenario"]),
                f"{by(row['difference'])} {'deaths' if deaths else 'points'}",
                f"{by(row['low'])} to {by(row['high'])}",
                "yes" if row["served"] else "no",
                str(row["moved_by"]) or "nothing",
            )
        console.print(shown)
    for line in moved_remarks(table, changes, left=left, without=without):
        console.print(line)


def _moved_parts(table: pd.DataFrame, title: str, iso3: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """The country's rows, and those of its regions that move most: of probabilities, and of deaths.

    What is served comes first: a layer that was refused can move far more, and is not what an issue says.
    """
    region = table["admin_level"] == 1
    parts = [(title, table[~region].sort_values("served", ascending=False, kind="stable"))]
    for measure, words in (("probability", "rows"), ("deaths", "rows of deaths")):
        rows = table[region & (table["measure"] == measure)]
        size = rows.assign(size=rows["difference"].abs())
        widest = size.sort_values(["served", "size"], ascending=False, kind="stable").head(_SHOWN)
        parts.append((f"regions of {iso3}, the {_SHOWN} {words} that move most, served ones first", widest))
    yield from (part for part in parts if len(part[1]))


def _share(part: float) -> str:
    return f"{part:.1%}"


def _deaths(number: float) -> str:
    return f"{number:,.0f}"


def _more_deaths(number: float) -> str:
    """Signed deaths; what rounds to nothing has no sign."""
    return f"{number:+,.1f}" if round(number, 1) else "0.0"
