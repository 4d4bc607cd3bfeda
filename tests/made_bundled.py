"""The bundled snapshot and its panels, made once a process for all tests that only look at them."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from faultline.features.panels.countries import country_panel
from faultline.features.panels.regions import region_panel
from faultline.features.panels.sides import sides_panel
from faultline.features.tables.snapshot import Snapshot, load_snapshot

if TYPE_CHECKING:
    from faultline.features.panels.panel import Panel

_MAKE = {"country": country_panel, "region": region_panel, "sides": sides_panel}


def bundled() -> Snapshot:
    """The bundled snapshot, in tables of one's own: what a test writes into them no other test sees."""
    kept = _loaded()
    own: dict[str, Any] = {each.name: getattr(kept, each.name) for each in fields(kept)}
    own |= {name: table.copy(deep=False) for name, table in own.items() if isinstance(table, pd.DataFrame)}
    own["further"] = {name: table.copy(deep=False) for name, table in kept.further.items()}
    return Snapshot(**own)


def bundled_panel(kind: str, as_of: str | None = None) -> Panel:
    """Its panel of ``country``, ``region`` or ``sides``; arrays that cannot be written into."""
    kept = _panel(kind, as_of)
    return replace(kept, units=kept.units.copy(deep=False), values=dict(kept.values))


@cache
def _loaded() -> Snapshot:
    return load_snapshot()


@cache
def _panel(kind: str, as_of: str | None) -> Panel:
    panel = _MAKE[kind](_loaded(), as_of=None if as_of is None else pd.Period(as_of, "M"))
    actors = panel.actors
    parts = (*panel.values.values(), panel.observed, panel.provisional, panel.war_total)  # noqa: PD011
    for array in (*parts, actors.actor, actors.unit, actors.events, actors.deaths):
        np.asarray(array).flags.writeable = False
    return panel
