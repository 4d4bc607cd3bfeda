"""What is known at month t: sources, canonical tables, panels, features and targets.

What a researcher needs of it stands here, imported when it is first used: `load_snapshot` gives the canonical tables,
`panel_of` and `both_panels` lay them out as months x units, `build_features` computes what a forecaster is told, and
`TARGETS` has every target by name.

Examples
--------
>>> from faultline.features import TARGETS
>>> TARGETS["violence_25"].question.format(window="in the next three months")
'at least 25 deaths in the next three months'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lazy import offered

if TYPE_CHECKING:
    from .blocks.build import build_features
    from .panels.build import both_panels, panel_of
    from .tables.snapshot import load_snapshot
    from .targets.build import TARGETS

__all__ = ["TARGETS", "both_panels", "build_features", "load_snapshot", "panel_of"]

_HOMES = {
    "TARGETS": "targets.build",
    **dict.fromkeys(("both_panels", "panel_of"), "panels.build"),
    "build_features": "blocks.build",
    "load_snapshot": "tables.snapshot",
}


__getattr__ = offered(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
