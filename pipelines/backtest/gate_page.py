"""The gate's verdicts as the file that training reads, and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ...models.probabilities.learning import FEWEST_COUNTRIES
from ..base.csv_files import csv_text, in_place_of_older
from ..base.markdown import table_lines
from ..base.whole import write_text
from .gate import CONFIRMED, ERAS, REFIT_YEARS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from pathlib import Path

    from .gate import Verdict

__all__ = ["markdown", "table_of", "verdict_words", "write_gate"]


def table_of(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Lay verdicts out as the file that training reads, one row a level, target and block."""
    return pd.DataFrame(
        [
            {
                "level": v.level,
                "target": v.target,
                "block": v.block,
                "kept": v.kept,
                "decided": v.decided,
                "rows": v.rows,
                "countries": v.countries,
                "brier_choosing": round(v.score[0], 6),
                "difference_choosing": round(v.difference[0], 7),
                "brier_confirming": round(v.score[1], 6),
                "difference_confirming": round(v.difference[1], 7),
                "low": round(v.low, 7),
                "high": round(v.high, 7),
                "share_better": round(v.better, 3),
            }
            for v in verdicts
        ]
    )


def markdown(table: pd.DataFrame) -> str:
    """Show the table as a page that says how it was made and how it fell."""
    first, second = (
        f"{' to '.join(map(str, ERAS['country'][era]))} (of regions {' to '.join(map(str, ERAS['region'][era]))})"
        for era in (0, 1)
    )
    kept, undecided = int(table["kept"].sum()), int((~table["decided"]).sum())
    lines = [
        "# The covariate gate",
        "",
        "Is a block of features worth learning from? `faultline gate` adds the blocks one by one to the history of",
        "violence (of rare targets: and to the armed field and the territory) and to those kept before, for each level",
        "and target. The score was fixed beforehand: the mean Brier",
        "score of the equal-weight pool over all units (of rare targets: those at risk) and over H = 1, 3, 6 and 12,",
        f"or the horizons at which the target is defined. Models are learned anew every {REFIT_YEARS} years from what",
        "was known. A block is proposed if it lowers the score on origins of",
        f"{first}, and kept if it also lowers it on origins of",
        f"{second} in at least {CONFIRMED:.0%} of the bootstrap draws over countries. Where these",
        f"origins hold fewer than {FEWEST_COUNTRIES} countries the gate decides nothing, for regions of one country",
        "share its covariates: the block is undecided, has no interval, and is not kept. Origins from 2018 on decide",
        "nothing.",
        "",
        f"Kept: {kept} of {len(table)} trials; undecided: {undecided}. Models learn from the history of",
        "violence and from kept blocks only: `faultline run`, `backtest` and",
        "`scenario` read `models/reference/covariate_gate.csv`, which the same command wrote. The logit uses history",
        "and neighbours at most; deployments and transitions enter through LightGBM.",
        "The models of deaths were not put to this gate: they learn from all four blocks.",
        "",
        "Differences are in thousandths of Brier; negative is better. In brackets the 90 % interval of the second era.",
        "",
    ]
    lines += table_lines(
        (
            "level",
            "target",
            "block",
            "countries",
            "Brier before",
            "first era",
            "second era",
            "share of draws better",
            "kept",
        ),
        (
            (
                *(r["level"], r["target"], r["block"], r["countries"], f"{r['brier_confirming']:.4f}"),
                *(f"{1000 * r['difference_choosing']:+.3f}", *_confirmed(r), verdict_words(r)),
            )
            for r in table.to_dict("records")
        ),
    )
    return "\n".join([*lines, ""])


def _confirmed(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """Two cells: the change in the confirming era with its interval, and the share of the draws that are better."""
    change = f"{1000 * row['difference_confirming']:+.3f}"
    if not row["decided"]:
        return change, "-"
    return f"{change} ({1000 * row['low']:+.3f} to {1000 * row['high']:+.3f})", f"{row['share_better']:.0%}"


def verdict_words(row: Mapping[Hashable, Any]) -> str:
    """Say what came of a block, of a row of the table: kept (yes), refused (no) or undecided."""
    if not row["decided"]:
        return "undecided"
    return "yes" if row["kept"] else "no"


def write_gate(verdicts: Iterable[Verdict], file: Path, *, page: Path | None = None) -> pd.DataFrame:
    """Put verdicts into the file that training reads, in place of older ones of the same targets, and the page.

    Returns
    -------
    The whole table.
    """
    keys = ["level", "target"]
    table = in_place_of_older(table_of(verdicts), file, keys).sort_values(keys, kind="stable", ignore_index=True)
    write_text(file, csv_text(table))
    if page is not None:
        write_text(page, markdown(table))
    return table
