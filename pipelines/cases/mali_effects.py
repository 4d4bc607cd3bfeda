"""What facts of foreign forces and transitions added to what was said of Mali, and which models saw which family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...features.blocks.build import build_features
from ...models.learners.kept_effects import effects_served, layer_at
from ..base.markdown import table_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ...features.panels.panel import Panel

__all__ = ["added_by_facts", "effects_section"]


def added_by_facts(panel: Panel, target: str, horizon: int, unit: int, probability: float) -> dict[str, object]:
    """What the effects layer that had been learned by the panel's end adds to a country's probability at its end.

    Returns
    -------
    ``added``, ``added_low``, ``added_high``, probabilities, and ``added_most_by``, the fact of the largest part; NaN
    and empty where no layer had been learned by then.
    """
    layer = layer_at("country", target, horizon, str(panel.months[-1]))
    if layer is None:
        return {"added": np.nan, "added_low": np.nan, "added_high": np.nan, "added_most_by": ""}
    features = build_features(panel, blocks=("effects",))
    x = features.values[-1, [unit]]  # noqa: PD011  # an array of ours
    shift, before = layer.shift(x), np.array([probability])
    low, high = shift.interval(before)
    most = int(np.abs(layer.parts(x)).argmax())
    return {
        "added": float(shift.moved(before)[0]) - probability,
        "added_low": float(low[0]) - probability,
        "added_high": float(high[0]) - probability,
        "added_most_by": features.features[most].what,
    }


def effects_section(table: pd.DataFrame, questions: Mapping[tuple[str, int], str]) -> list[str]:
    """Lines of the page: what was added quarter by quarter, and which models saw which family.

    Parameters
    ----------
    table
        Rows of a quarter and question with ``blocks``, what its model learned from, and columns of `added_by_facts`.
    questions
        Words of each target and horizon.
    """
    lines = ["## What foreign forces and transitions added", ""]
    for (name, _), words in questions.items():
        blocks = sorted({block for told in table.loc[table["target"] == name, "blocks"] for block in told})
        families = [family for family in ("deployments", "transitions") if family in blocks]
        saw = f"learned from {' and '.join(families)} too" if families else "saw neither family"
        served = effects_served("country", name)
        layer = "served" if served else "refused" if served is False else "not learned"
        lines.append(f"- **{words}** (`{name}`): the model {saw} (it read {', '.join(blocks)}); the layer is {layer}.")
    lines += [
        "",
        "Models of deaths read both families. The probabilities above are history's alone; what the",
        "[effects layer](effects.md) that had been learned by then added to them, in points with its 90 % interval,",
        "stands below. It is an association with past facts, not a cause.",
        "",
    ]
    rows = table[table["added"].notna()]
    lines += table_lines(
        ("as of", "target", "added, points", "most by"),
        (
            (
                *(row["origin"], f"`{row['target']}`"),
                f"{100 * row['added']:+.2f} ({100 * row['added_low']:+.2f} to {100 * row['added_high']:+.2f})",
                row["added_most_by"],
            )
            for _, row in rows.iterrows()
        ),
    )
    return lines
