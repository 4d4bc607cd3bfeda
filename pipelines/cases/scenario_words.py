"""A scenario in words: what it changes, what moved the scores, and what they must not be read as."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from .changes import Changes

__all__ = ["CAUTION", "moved_remarks", "remarks", "stated"]

CAUTION = (
    "This is the model's association, not a causal effect: it says how it scores countries that look so, "
    "not what would happen."
)


ASSOCIATION = (
    "This is an association, not a causal effect: what months with such facts had over months without, given the same "
    "history of violence. Forces go where it is dangerous, and leave for reasons. Intervals are of what is left after "
    "shrinkage towards nothing."
)
SERVED = "Served, as not inferior to history alone on past years (docs/effects.md): {targets}."
REFUSED = (
    "Not served: {targets}. On past years the layer cost too much here, so that scores are those of history; the "
    "differences say what the refused layer would move."
)
NO_BETTER = (
    "These models learned from every block of covariates, also from those that did not pass the gate: they "
    "forecast no better for it. Read the differences as what went with such changes before, not as a forecast."
)


def stated(changes: Changes) -> str:
    """Say what the scenario changes."""
    return ", ".join(words for words, _ in changes.each())


def moved_remarks(
    table: pd.DataFrame, changes: Changes, *, left: Mapping[str, pd.Period], without: Iterable[str]
) -> list[str]:
    """Lines below scores that the effects layer moved.

    Parameters
    ----------
    table
        As `~faultline.pipelines.cases.facts_scenario.facts_scenario` gives it.
    left
        As `remarks` takes it.
    without
        Targets of the issue for which there is no layer.
    """
    lines = [*departed(changes, left), ASSOCIATION]
    for is_served, told in ((True, SERVED), (False, REFUSED)):
        rows = table[table["served"] == is_served]
        pairs = sorted(set(zip(rows["admin_level"], rows["target"], strict=True)))
        if pairs:
            names = (f"{target} ({'regions' if level else 'country'})" for level, target in pairs)
            lines.append(told.format(targets=", ".join(names)))
    if (table["admin_level"] == 1).any():
        lines.append("Regions follow the facts of their country; whether violence is ongoing is their own.")
    if names := ", ".join(without):
        lines.append(f"Without a layer, and not moved: {names}.")
    return lines


def remarks(
    table: pd.DataFrame, changes: Changes, *, all_blocks: bool = False, left: Mapping[str, pd.Period] | None = None
) -> list[str]:
    """Lines below the scores: what they rest on, and what they must not be read as.

    Parameters
    ----------
    table, all_blocks
        As `~faultline.pipelines.cases.scenario.scenario` gives and takes them.
    left
        Months in which missions had left by the data, as `~faultline.pipelines.cases.changes.past_ends` gives them.
    """
    lines = [
        *departed(changes, left or {}),
        CAUTION,
        *([NO_BETTER] if all_blocks else []),
        *parts(table),
        *limits(table, all_blocks=all_blocks),
    ]
    changed = dict.fromkeys(word for words in table["covariates"] for word in str(words).split("; ") if word)
    return [*lines, f"Covariates that the scenario changes: {'; '.join(changed) or 'none'}."]


def departed(changes: Changes, left: Mapping[str, pd.Period]) -> list[str]:
    """Say of each mission that had left already what the scenario makes of that."""
    lines: list[str] = []
    for mission, month in left.items():
        told = f"the scenario has it stay until {changes.ends[mission]} instead"
        if changes.ends[mission] <= month:
            told = f"the scenario has it leave by {changes.ends[mission]}"
        lines.append(f"By the data, {mission} left in {month:%B %Y}: {told}.")
    return lines


def parts(table: pd.DataFrame) -> list[str]:
    """Say on which parts `fragmentation` rests here: only those that region events cover were scored."""
    scored = set(table["target"])
    if "fragmentation" not in scored:
        return []
    both = "contested_share_rises" in scored
    return [f"fragmentation rests on new_armed_actor {'and contested_share_rises' if both else 'only'} here."]


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
