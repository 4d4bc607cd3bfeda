"""The one place that builds the panels of a snapshot: of a level, or both of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..errors import UnknownNameError
from .countries import country_panel
from .regions import region_panel
from .sides import sides_panel
from .territory import with_territory

if TYPE_CHECKING:
    import pandas as pd

    from ..tables.snapshot import Snapshot
    from .panel import Panel

__all__ = ["both_panels", "panel_of"]

_PANELS: Final = {"country": country_panel, "region": region_panel}


def panel_of(snapshot: Snapshot, level: str, *, as_of: pd.Period | None = None, territory: bool = False) -> Panel:
    """Build the panel of a level.

    Parameters
    ----------
    level
        ``"country"`` or ``"region"``.
    as_of
        Last month of the panel: nothing that became known after its end is in it. By default the last month of data.
    territory
        Whether countries carry how contested their territory is (`~faultline.features.panels.territory`), which takes
        the panels of regions besides.

    Raises
    ------
    UnknownNameError
        If there is no such level.

    Examples
    --------
    >>> import pandas as pd
    >>> from faultline.features import load_snapshot
    >>> panel = panel_of(load_snapshot(), "country", as_of=pd.Period("1994-12", "M"))
    >>> panel.shape  # months, countries
    (72, 194)
    >>> rwanda = panel.units["iso3"].tolist().index("RWA")
    >>> int(panel.deaths[:, rwanda].sum())
    777836
    """
    if level not in _PANELS:
        raise UnknownNameError("level", level, _PANELS)
    if territory and level == "country":
        return both_panels(snapshot, as_of=as_of)[level]
    return _PANELS[level](snapshot, as_of=as_of)


def both_panels(snapshot: Snapshot, *, as_of: pd.Period | None = None) -> dict[str, Panel]:
    """Build the panels of both levels, by level: countries with their territory, and regions.

    Parameters
    ----------
    as_of
        As `panel_of` takes it.

    Examples
    --------
    >>> import pandas as pd
    >>> from faultline.features import load_snapshot
    >>> panels = both_panels(load_snapshot(), as_of=pd.Period("2010-12", "M"))
    >>> {level: panel.shape for level, panel in panels.items()}
    {'country': (264, 200), 'region': (12, 934)}
    """
    regions, sides = region_panel(snapshot, as_of=as_of), sides_panel(snapshot, as_of=as_of)
    return {"country": with_territory(country_panel(snapshot, as_of=as_of), regions, sides), "region": regions}
