"""The effects layers of whole levels, as the file that serving reads."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from ...features.blocks.build import build_features
from ...features.errors import ConfigError
from ...features.panels.build import panel_of
from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import counts_deaths, targets_of
from ...models.learners.kept_effects import COURSE, EFFECTS_FILE, layer_state
from ..base.whole import write_text
from .effects import RIDGE_OF, judge
from .history_deaths import history_deaths
from .history_forecasts import history_forecasts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ...features.blocks.build import FeatureArrays
    from ...features.targets.target import Target
    from ..base.progress import Progress
    from ..base.settings import Settings
    from .effects import Judged

__all__ = ["judge_level", "read_effects", "write_effects"]

_EMPTY: Final[dict[str, Any]] = {"features": [], "words": [], "verdicts": [], "layers": []}


def judge_level(
    settings: Settings,
    progress: Progress,
    *,
    level: str,
    targets: tuple[str, ...],
    horizons: tuple[int, ...],
    parts: Path,
    known: Mapping[str, Any],
) -> tuple[list[Judged], FeatureArrays]:
    """Forecast a level's past by history, and judge the layer of each target.

    Parameters
    ----------
    parts
        Folder of history's forecasts, a folder a level.
    known
        What the file holds so far: regions take their ridges from the verdicts on countries in it.

    Returns
    -------
    What came of each target, and the features that it was told.

    Raises
    ------
    ConfigError
        If the folder holds parts made from something else, or the ridges of countries are not known.
    UnknownNameError
        If a target does not exist at the level.
    """
    snapshot = load_snapshot(settings.snapshot)
    chosen = targets_of(level, targets, kind=None)
    ridges = {each.name: _of_countries(known, each, horizons) if level == "region" else None for each in chosen}
    panel = panel_of(snapshot, level, territory=any(target.rare for target in chosen))
    told = build_features(panel, blocks=("effects",))
    asked: dict[str, Any] = {"snapshot": snapshot, "settings": settings, "progress": progress}
    events, counts = ([each for each in chosen if counts_deaths(each.name) is kind] for kind in (False, True))
    forecasts: dict[bool, pd.DataFrame] = {}
    if events:
        forecasts[False] = history_forecasts(panel, events, horizons, **asked, out=parts / level)
    if counts:
        forecasts[True] = history_deaths(panel, counts, **asked, out=parts / f"{level}-deaths")
    with progress.stage(f"effects, {level}", len(chosen)) as done:
        judged: list[Judged] = []
        for target in chosen:
            rows = forecasts[counts_deaths(target.name)]
            judged.append(
                judge(panel, rows, target.name, ridges=ridges[target.name], seed=settings.seed, features=told)
            )
            done()
    return judged, told


def _of_countries(known: Mapping[str, Any], target: Target, horizons: tuple[int, ...]) -> dict[int, float]:
    """Ridges that a target of regions takes from the verdict on countries."""
    model = RIDGE_OF.get(target.name, target.name)
    found: dict[int, float] = {}
    for verdict in known["verdicts"]:
        if (verdict["level"], verdict["target"]) == ("country", model):
            found = {int(horizon): ridge for horizon, ridge in verdict["ridges"].items()}
    ahead = {h for h in horizons if target.horizons is None or h in target.horizons}
    if not ({COURSE} if counts_deaths(target.name) else ahead) <= set(found):
        msg = f"regions take the ridge of {model} of countries, which is not known for each of {horizons}."
        raise ConfigError(msg)
    return found


def read_effects(file: Path = EFFECTS_FILE) -> dict[str, Any]:
    """Read the file; empty where there is none."""
    if not file.is_file():
        return _EMPTY
    return json.loads(file.read_text(encoding="utf-8"))


def write_effects(judged: list[Judged], told: FeatureArrays, file: Path = EFFECTS_FILE) -> dict[str, Any]:
    """Put what came of targets into the file, in place of what stood there of the same; give the whole of it.

    What was learned from other features is left out.
    """
    before = read_effects(file)
    keys = {(each.level, each.target) for each in judged}
    kept = tuple(before["features"]) == told.names

    def old(part: str) -> list[dict[str, Any]]:
        return [each for each in before[part] if kept and (each["level"], each["target"]) not in keys]

    verdicts = [*old("verdicts"), *map(_verdict, judged)]
    layers = [
        *old("layers"),
        *(
            {
                "level": each.level,
                "target": each.target,
                "horizon": horizon,
                "learned_through": month,
                **layer_state(layer),
            }
            for each in judged
            for (horizon, month), layer in each.layers.items()
        ),
    ]
    verdicts.sort(key=lambda v: (v["level"], v["target"]))
    layers.sort(key=lambda v: (v["level"], v["target"], v["horizon"], v["learned_through"]))
    whole: dict[str, Any] = {
        "features": list(told.names),
        "words": [feature.words for feature in told.features],
        "verdicts": verdicts,
        "layers": layers,
    }
    lines = [f' "{part}": {json.dumps(whole[part])}' for part in ("features", "words")]
    lines += [
        f' "{part}": [\n' + ",\n".join("  " + json.dumps(each, separators=(",", ":")) for each in whole[part]) + "\n ]"
        for part in ("verdicts", "layers")
    ]
    write_text(file, "{\n" + ",\n".join(lines) + "\n}\n")
    return whole


def _verdict(judged: Judged) -> dict[str, Any]:
    return {
        "level": judged.level,
        "target": judged.target,
        "served": judged.served,
        "ridges": {str(horizon): ridge for horizon, ridge in judged.ridges.items()},
        "scores": [
            {"era": era, "rows_of": which, **{name: _short(value) for name, value in vars(score).items()}}
            for (era, which), score in judged.scores.items()
        ],
    }


def _short(value: float) -> float | int | None:
    return None if math.isnan(value) else value if isinstance(value, int) else float(f"{value:.5g}")
