"""Which feature blocks the covariate gate kept, for each level and target.

The file is what `faultline gate` wrote, and nothing else decides: a block that did not improve the score fixed
beforehand is not learned from.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ...features.blocks.build import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GATE_FILE", "dropped_blocks", "kept_blocks"]

#: What the gate found, one row a level, target and block: ``level, target, block, kept`` and the figures behind it.
GATE_FILE = Path(__file__).parents[1] / "reference" / "covariate_gate.csv"


@cache
def _verdicts(file: Path) -> dict[tuple[str, str], dict[str, bool]]:
    if not file.is_file():
        return {}
    out: dict[tuple[str, str], dict[str, bool]] = {}
    for row in pd.read_csv(file, dtype={"level": str, "target": str, "block": str}).to_dict("records"):
        out.setdefault((row["level"], row["target"]), {})[row["block"]] = bool(row["kept"])
    return out


def kept_blocks(level: str, target: str, *, blocks: Iterable[str] = tuple(BLOCKS)) -> tuple[str, ...]:
    """Blocks that a target's models learn from: all but those that the gate tried and did not keep.

    Parameters
    ----------
    level, target
        A target that the gate never tried keeps everything.
    blocks
        Names to choose from.
    """
    verdicts = _verdicts(GATE_FILE).get((level, target), {})
    return tuple(name for name in blocks if verdicts.get(name, True))


def dropped_blocks(level: str, target: str) -> tuple[str, ...]:
    """Blocks that the gate did not keep for a target (no gain, or undecided): its models are not moved by them."""
    return tuple(name for name, kept in _verdicts(GATE_FILE).get((level, target), {}).items() if not kept)
