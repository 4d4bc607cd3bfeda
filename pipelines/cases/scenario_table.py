"""A scenario told: both scores side by side, what moved them, and what they must not be read as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from rich.console import Console

    from .scenario import Changes

__all__ = ["CAUTION", "print_comparison"]

CAUTION = (
    "This is the model's association, not a causal effect: it says how it scores countries that look so, "
    "not what would happen."
)


NO_BETTER = (
    "These models learned from every block of covariates, also from those that did not pass the gate: they "
    "forecast no better for it. Read the differences as what went with such changes before, not as a forecast."
)


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
    """Print both scores side by side with what they must not be read as.

    Parameters
    ----------
    table, all_blocks
        As `~faultline.pipelines.cases.scenario.scenario` gives and takes them.
    left
        Months in which missions had left by the data, as `~faultline.pipelines.cases.scenario.past_ends` gives them.
    """
    stated = [f"{mission} ends {last}" for mission, last in changes.ends.items()]
    stated += [f"transition {changes.transition}"] if changes.transition else []
    shown = Table(title=f"{iso3}, as of {origin}: {', '.join(stated)}", title_justify="left")
    for head in ("target", "months", "as is", "90 % range", "scenario", "difference", "moved by (log-odds)"):
        shown.add_column(head, justify="left" if head in {"target", "moved by (log-odds)"} else "right")
    for _, row in table.iterrows():
        shown.add_row(
            str(row["target"]),
            str(row["horizon_months"]),
            f"{row['as_is']:.1%}",
            f"{row['low']:.0%} to {row['high']:.0%}",
            f"{row['scenario']:.1%}",
            f"{100 * row['difference']:+.1f} points",
            str(row["moved_by"]) or "nothing",
        )
    console.print(shown)
    for mission, month in (left or {}).items():
        told = f"the scenario has it stay until {changes.ends[mission]} instead"
        if changes.ends[mission] <= month:
            told = f"the scenario has it leave by {changes.ends[mission]}"
        console.print(f"By the data, {mission} left in {month:%B %Y}: {told}.")
    console.print(CAUTION)
    for line in (*([NO_BETTER] if all_blocks else []), *parts(table), *limits(table, all_blocks=all_blocks)):
        console.print(line)
    changed = dict.fromkeys(word for words in table["covariates"] for word in str(words).split("; ") if word)
    console.print(f"Covariates that the scenario changes: {'; '.join(changed) or 'none'}.")


def parts(table: pd.DataFrame) -> list[str]:
    """Say on which parts `fragmentation` rests here: only those that region events cover were scored."""
    scored = set(table["target"])
    if "fragmentation" not in scored:
        return []
    both = "territorial_fragmentation" in scored
    return [f"fragmentation rests on new_armed_actor {'and territorial_fragmentation' if both else 'only'} here."]


def limits(table: pd.DataFrame, *, all_blocks: bool = False) -> list[str]:
    """Say of each target that does not follow the scenario, wholly or in part, why that is so."""
    if (table["covariates"] == "").all():
        return ["The scenario changes no covariate of any target: no score can move."]
    lines: list[str] = []
    for target, rows in table.groupby("target", sort=False):
        gone = str(rows["no_gain_from"].iloc[0])
        still = not rows["moved_by"].astype(bool).any()
        if (rows["covariates"] == "").all():
            lines.append(f"{target}: the scenario changes none of its covariates and cannot move the score.")
        elif gone and all_blocks:
            lines.append(f"{target}: the gate has shown no gain from {gone}.")
        elif gone and still:
            lines.append(f"{target}: the gate has shown no gain from {gone}: the scenario cannot move the score.")
        elif gone:
            lines.append(f"{target}: the gate has shown no gain from {gone}: these changes cannot move the score.")
        elif still:
            lines.append(
                f"{target}: the models are told of what changes and give it no weight here: the score does not move."
            )
    return lines
