"""Open forecasts of regional political violence and state fragmentation, month by month.

What a report needs stands here: `load_scores` gives an issue's scores as a table, `compare_issues`, `track_record`,
`plot_map` and `plot_fan` give figures, `watchlist` says what to watch, `alerts` which rules fired, `trigger_sheet` what
a rule would have done, `precedents` what followed events like one, `revisions` what became of provisional counts. All
is imported when it is first used, so that ``import faultline`` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .features.lazy import offered

if TYPE_CHECKING:
    from .pipelines.cases.precedents_table import precedents
    from .pipelines.figures.alerts import alerts, trigger_sheet
    from .pipelines.figures.figures import compare_issues, plot_fan
    from .pipelines.figures.loading import load_scores
    from .pipelines.figures.maps import plot_map
    from .pipelines.figures.record import track_record
    from .pipelines.figures.revisions import revisions
    from .pipelines.figures.watchlist import watchlist

__all__ = [
    "alerts",
    "compare_issues",
    "load_scores",
    "plot_fan",
    "plot_map",
    "precedents",
    "revisions",
    "track_record",
    "trigger_sheet",
    "watchlist",
]

_HOMES = {
    **dict.fromkeys(("alerts", "trigger_sheet"), "pipelines.figures.alerts"),
    **dict.fromkeys(("compare_issues", "plot_fan"), "pipelines.figures.figures"),
    "precedents": "pipelines.cases.precedents_table",
    "load_scores": "pipelines.figures.loading",
    "plot_map": "pipelines.figures.maps",
    "revisions": "pipelines.figures.revisions",
    "track_record": "pipelines.figures.record",
    "watchlist": "pipelines.figures.watchlist",
}


__getattr__ = offered(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
