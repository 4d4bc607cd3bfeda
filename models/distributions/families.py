"""Every family of forecasters of deaths: a new one is one module and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .climatology import CLIMATOLOGY_SAMPLES
from .conflictology import CONFLICTOLOGY
from .hurdle import HURDLE
from .last_value import LAST_VALUE
from .negative_binomial import NEGATIVE_BINOMIAL
from .pool import SAMPLE_POOL

if TYPE_CHECKING:
    from .distribution import SampleFamily

__all__ = ["SAMPLE_FAMILIES"]

#: By name.
SAMPLE_FAMILIES: dict[str, SampleFamily] = {
    family.name: family
    for family in (CLIMATOLOGY_SAMPLES, LAST_VALUE, CONFLICTOLOGY, NEGATIVE_BINOMIAL, HURDLE, SAMPLE_POOL)
}
