"""What is learned: forecasters, their calibration, their scores and their drivers.

What a researcher needs of it stands here, imported when it is first used. `FAMILIES` learn probabilities and
`SAMPLE_FAMILIES` distributions of deaths, each by name; `label` puts features and outcomes in rows to learn from.
`binary_scores` (Brier and others), `sample_scores` (CRPS and others) and `skill` score forecasts; `bootstrap_mean`,
`score_intervals` and `diebold_mariano` tell how sure that is.

Examples
--------
>>> from faultline.models import FAMILIES, SAMPLE_FAMILIES
>>> FAMILIES["climatology"].name, SAMPLE_FAMILIES["conflictology"].name
('climatology', 'conflictology')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..features.lazy import offered

if TYPE_CHECKING:
    from .distributions.families import SAMPLE_FAMILIES
    from .probabilities.risk import FAMILIES
    from .rows.design import label
    from .scores.comparison import bootstrap_mean, diebold_mariano
    from .scores.intervals import score_intervals
    from .scores.probabilities import binary_scores, skill
    from .scores.samples import sample_scores

__all__ = [
    "FAMILIES",
    "SAMPLE_FAMILIES",
    "binary_scores",
    "bootstrap_mean",
    "diebold_mariano",
    "label",
    "sample_scores",
    "score_intervals",
    "skill",
]

_HOMES = {
    "FAMILIES": "probabilities.risk",
    "SAMPLE_FAMILIES": "distributions.families",
    "label": "rows.design",
    **dict.fromkeys(("bootstrap_mean", "diebold_mariano"), "scores.comparison"),
    "score_intervals": "scores.intervals",
    **dict.fromkeys(("binary_scores", "skill"), "scores.probabilities"),
    "sample_scores": "scores.samples",
}


__getattr__ = offered(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
