"""Rolling-origin check of skill: learn to the end of year y-1, score the origins of year y, 2018 to 2025.

Run ``python benchmarks/skill.py`` to print the table, ``--write docs/skill.md`` to put it into the docs as well.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from faultline.features.blocks.build import FeatureArrays, build_features
from faultline.features.panels.countries import country_panel
from faultline.features.panels.regions import region_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.features.targets.build import TARGETS
from faultline.models.probabilities.kept_blocks import kept_blocks
from faultline.models.probabilities.learning import Evaluation, evaluate, learn, score_table
from faultline.models.rows.design import label
from faultline.pipelines.base.markdown import table_lines
from faultline.pipelines.learn.train import EVALUATION_MONTHS

if TYPE_CHECKING:
    from faultline.features.panels.panel import Panel

FIRST_YEAR, LAST_YEAR = 2018, 2025
COLUMNS = ("brier", "brier_skill_persistence", "brier_skill_climatology", "average_precision", "calibration_error")


def rolling(panel: Panel, features: FeatureArrays, target: str, horizon: int) -> Evaluation:
    """Forecasts of every forecaster for all origins of the years, each year learned from what was known before it.

    The first origin of year y is December of y-1, so that with H = 1 the months January to December are scored.
    """
    labelled = label(panel, TARGETS[target], horizon)
    features = features.of_blocks(kept_blocks(panel.level, target, blocks=features.block))
    parts = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        origin = pd.Period(f"{year - 1}-12", "M")
        if origin >= panel.months[-1]:
            break
        last = panel.position(origin)
        rows = labelled.origins(last, last + 11)
        if not rows.any():
            break
        fitted = learn(labelled, features, last=last, evaluation_months=EVALUATION_MONTHS[panel.level]).model
        scored = evaluate(fitted.members, labelled.design(features, rows))
        calibrated = fitted.calibration.probability(scored.probabilities["pool"])
        parts.append(Evaluation(scored.design, {**scored.probabilities, "pool, calibrated": calibrated}))
    names = parts[0].probabilities
    first = parts[0].design
    joined = {
        field: np.concatenate([getattr(part.design, field) for part in parts])
        for field in ("y", "month", "unit", "country", "at_risk")
    }
    design = type(first)(inputs=first.inputs, directions=first.directions, **joined)
    return Evaluation(design, {name: np.concatenate([p.probabilities[name] for p in parts]) for name in names})


def table() -> pd.DataFrame:
    """Scores of every forecaster by level, target and horizon."""
    snapshot = load_snapshot()
    rows = []
    for panel, targets in (
        (country_panel(snapshot), ("violence_25", "violence_1", "new_armed_actor")),
        (region_panel(snapshot), ("violence_25", "violence_1")),
    ):
        features = build_features(panel)
        for target in targets:
            for horizon in (1, 12):
                evaluation = rolling(panel, features, target, horizon)
                at_risk_only = target == "new_armed_actor"
                for scores in score_table(evaluation, at_risk_only=at_risk_only):
                    where = {"level": panel.level, "target": target + (" (at risk)" if at_risk_only else "")}
                    rows.append({**where, "H": horizon, **scores})
    return pd.DataFrame(rows)


def sentence(scores: pd.DataFrame, horizon: int) -> str:
    """Say whether the pool beats persistence, whichever way it falls."""
    row = scores.query(
        "level == 'country' and target == 'violence_25' and H == @horizon and forecaster == 'pool'"
    ).iloc[0]
    gain = row["brier_skill_persistence"]
    verdict = "beats" if gain > 0 else "does not beat"
    return f"- H = {horizon}: the pool {verdict} persistence (Brier skill {gain:+.1%})."


def document(scores: pd.DataFrame) -> str:
    """The page of the docs."""
    shown = scores.assign(n=scores["n"].astype(int), base_rate=scores["base_rate"].map("{:.3f}".format))
    for column in COLUMNS:
        spec = "{:+.1%}" if "skill" in column else "{:.4f}"
        shown[column] = shown[column].map(spec.format)
    header = ["level", "target", "H", "forecaster", "n", "base_rate", *COLUMNS]
    rows = ((row[name] for name in header) for _, row in shown.iterrows())
    lines = table_lines((name.replace("_", " ") for name in header), rows)
    return "\n".join(
        [
            "# Skill, out of sample",
            "",
            "Rolling origin: every forecaster learns from windows that ended by December of year y-1 and scores the",
            f"twelve origins from then on, for y from {FIRST_YEAR} to {LAST_YEAR} (regions: as far as their event rows",
            "reach). Nothing was chosen on these years. `pool` is the mean of logit and LightGBM;",
            "`pool, calibrated` is what is served. The blocks are those that the gate",
            "kept. Made by `python benchmarks/skill.py --write docs/skill.md`.",
            "",
            "`violence_25`, countries:",
            "",
            sentence(scores, 1),
            sentence(scores, 12),
            "",
            *lines,
            "",
        ]
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="file to write the page to")
    page = document(table())
    print(page)
    if target_file := parser.parse_args().write:
        target_file.write_text(page, encoding="utf-8")
