"""Open forecasts of regional political violence and state fragmentation, month by month.

What a report needs stands here: `load_scores` gives an issue's scores as a table, `compare_issues`, `track_record`,
`plot_map` and `plot_fan` give figures, `watchlist` says what to watch, `alerts` which rules fired, `trigger_sheet` what
a rule would have done, `precedents` what followed events like one, `revisions` what became of provisional counts. All
is imported when it is first used, so that ``import faultline`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    **dict.fromkeys(("alerts", "trigger_sheet"), "figures.alerts"),
    **dict.fromkeys(("compare_issues", "plot_fan"), "figures.figures"),
    "precedents": "cases.precedents_table",
    "load_scores": "figures.loading",
    "plot_map": "figures.maps",
    "revisions": "figures.revisions",
    "track_record": "figures.record",
    "watchlist": "figures.watchlist",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".pipelines.{_HOMES[name]}", __name__), name)
    msg = f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}."
    raise AttributeError(msg, name=name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
