"""What a reference class says, in sentences: how few cases there are, what followed, and against what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from .aftermath import FEWEST_COUNTRIES, FEWEST_DEATHS, MEASURES
from .matching import CALIPER, CONTROLS
from .precedents import APART

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd

    from .precedents import Precedents

__all__ = [
    "CASE_HEADS",
    "NOT_CAUSAL",
    "SUMMARY_HEADS",
    "answer",
    "beside",
    "case_cells",
    "counted",
    "method",
    "summary_cells",
]

NOT_CAUSAL: Final = (
    "No cause is shown: events come where things already change, and matched months are alike in what they are matched "
    "on alone."
)
#: Heads of the table that `summary_cells` fills.
SUMMARY_HEADS: Final = (
    "what followed",
    "cases (countries)",
    "of cases",
    "of matched months",
    "difference (of deaths: ratio)",
    "90 %",
)
#: Heads of the table that `case_cells` fills.
CASE_HEADS: Final = (
    "case",
    "what",
    "ended by",
    "deaths before, after",
    "of matched",
    "new actors",
    "regions contested",
)
#: Below so many, a bootstrap over countries gives intervals that are too narrow (Cameron, Gelbach and Miller 2008).
_MANY_COUNTRIES: Final = 20


def method(within: int) -> str:
    """Say how cases are counted and matched."""
    level, trend = (np.exp(width) for width in CALIPER)
    return (
        f"Compared are the {within} months before and after, without the month of the event. Like events in a country "
        f"within {APART} months count as one case. Up to {CONTROLS} matched months a case: same region of the world, "
        f"such facts searched there, deaths before within a factor of {level:.1f}, their change on the {within} months "
        f"before that within one of {trend:.1f}, no such event within {APART} months. They may be of other "
        "years; new armed actors were rarer after 2017 than before."
    )


def counted(found: Precedents) -> str:
    """Say how many cases there are, and which cannot be compared and why."""
    cases = found.cases
    told = [f"{_cases(len(cases))} in {_countries(cases['iso3'].nunique())}"]
    left = {
        "not over": "whose window is not over",
        "no control": "without a matched month",
        "not known": "with a window in which deaths are not known by month",
    }
    for state, words in left.items():
        if names := cases.loc[cases["state"] == state, "case"].tolist():
            told.append(f"{len(names)} {words}, not compared: {', '.join(names)}")
    if found.uncoded:
        told.append(f"{found.uncoded} more where such facts were not searched, left out")
    return f"{'; '.join(told)}."


def answer(found: Precedents) -> list[str]:
    """Say what followed and against what, in sentences; nothing more than the table says."""
    row = {told["measure"]: told for told in found.summary.to_dict("records")}
    growth = row["growth"]
    if not growth["cases"]:
        return ["No case can be compared."]
    told = (
        f"Deaths in the {found.question.within} months after were {growth['of_cases']:.2f} times those before over "
        f"{_cases(growth['cases'])}, and {growth['of_controls']:.2f} times in their matched months: a ratio of "
        f"{growth['difference']:.2f}{_sure(growth, 1.0)}."
    )
    lines, rise, new, contested = [told], row["rise"], row["new_actors"], row["contested"]
    if rise["cases"]:
        told = (
            f"Deaths rose by 30 % or more in {rise['of_cases']:.0%} of the {rise['cases']} with {FEWEST_DEATHS} deaths "
            f"or more before, and in {rise['of_controls']:.0%} of their matched months{_sure(rise, 0.0)}."
        )
        lines.append(told)
    told = (
        f"New armed actors that killed {FEWEST_DEATHS}: {new['of_cases']:.2f} a case, {new['of_controls']:.2f} a "
        f"matched month{_sure(new, 0.0)}."
    )
    lines.append(told)
    if contested["cases"]:
        told = (
            f"The share of regions contested changed by {100 * contested['of_cases']:+.0f} points in the "
            f"{contested['cases']} whose regions are known after, and by {100 * contested['of_controls']:+.0f} in "
            f"their matched months{_sure(contested, 0.0)}."
        )
        lines.append(told)
    return lines


def _sure(row: Mapping[Hashable, Any], none: float) -> str:
    if np.isnan(row["low"]):
        return f" (no interval: {_countries(row['countries'])}, fewer than {FEWEST_COUNTRIES})"
    apart = "does not hold" if row["low"] > none or row["high"] < none else "holds"
    few = f"; {_countries(row['countries'])}, so rather too narrow" if row["countries"] < _MANY_COUNTRIES else ""
    return f" (90 % interval of the difference {_interval(row)}, which {apart} no difference{few})"


def _interval(row: Mapping[Hashable, Any]) -> str:
    return f"{_number(row, 'low')} to {_number(row, 'high')}"


def _number(row: Mapping[Hashable, Any], name: str) -> str:
    value, sign = float(row[name]), "+" if name in {"difference", "low", "high"} else ""
    if np.isnan(value):
        return ""
    if row["measure"] == "growth":
        return f"{value:.2f}"
    return f"{value:{sign}.2f}" if row["measure"] == "new_actors" else f"{100 * value:{sign}.0f}%"


def summary_cells(found: Precedents) -> list[tuple[str, ...]]:
    """Cells of the table of measures: see `SUMMARY_HEADS`."""
    cells: list[tuple[str, ...]] = []
    for row in found.summary.to_dict("records"):
        few = "too few" if np.isnan(row["low"]) else _interval(row)
        counts = f"{row['cases']} ({row['countries']})"
        values = (_number(row, name) for name in ("of_cases", "of_controls", "difference"))
        cells.append((MEASURES[row["measure"]], counts, *values, few if row["cases"] else ""))
    return cells


def case_cells(found: Precedents) -> list[tuple[str, ...]]:
    """Cells of the table of cases: see `CASE_HEADS`."""
    rows = found.rows
    means = rows[rows["role"] == "control"].groupby("case")[["deaths_before", "deaths_after"]].mean()
    cells: list[tuple[str, ...]] = []
    for _, row in found.cases.iterrows():
        own = means.loc[row["case"]] if row["case"] in means.index else None
        new = " → ".join(_count(row[f"new_actors_{side}"]) for side in ("before", "after"))
        shares = (row[f"contested_{side}"] for side in ("before", "after"))
        contested = " → ".join("?" if np.isnan(share) else f"{share:.0%}" for share in shares)
        what = f"{row['what']}; also {row['also']}" if row["also"] else row["what"]
        deaths, others = ("" if of is None else _pair(of) for of in (row, own))
        cells.append((row["case"], what, row["initiator"].replace(";", ", "), deaths, others, new, contested))
    return cells


def _pair(row: pd.Series) -> str:
    return " → ".join(_count(row[f"deaths_{side}"]) for side in ("before", "after"))


def _count(value: float) -> str:
    return "?" if np.isnan(value) else f"{value:,.0f}"


def beside(found: Precedents, case: str) -> str:
    """Name the matched months of a case with their deaths before and after."""
    own = found.rows[(found.rows["case"] == case) & (found.rows["role"] == "control")]
    return ", ".join(
        f"{row['iso3']} {row['month']} ({row['deaths_before']:,.0f} → {row['deaths_after']:,.0f})"
        for _, row in own.iterrows()
    )


def _cases(n: int) -> str:
    return f"{n} case" if n == 1 else f"{n} cases"


def _countries(n: int) -> str:
    return f"{n} country" if n == 1 else f"{n} countries"
