"""Every source that is read by itself into a table of its own; a new one is its module and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .elections import ELECTIONS, LEADERS
from .regimes import REGIMES

if TYPE_CHECKING:
    from .source import Source

__all__ = ["SOURCES"]

#: Sources in the order in which the snapshot has their tables.
SOURCES: Final[tuple[Source, ...]] = (ELECTIONS, LEADERS, REGIMES)
