"""What bridging is measured on: panels of countries and regions, and what their own pools say of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from faultline.features.blocks.build import build_features
from faultline.features.panels.countries import country_panel
from faultline.features.panels.regions import region_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.models.distributions.pool import SAMPLE_POOL
from faultline.pipelines.learn.bridging import RegionalRecord, regional_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from faultline.features.blocks.build import FeatureArrays
    from faultline.features.panels.panel import Panel
    from faultline.models.distributions.distribution import SampleForecaster

HORIZONS, EVERY = 12, 3
#: Courses of regions that are kept in memory.
AT_HAND = 24
#: What is known of the regions now: nothing of the last 17 months but the fourth and fifth last.
AS_NOW = "as now"


@dataclass(frozen=True)
class World:
    """Panels of countries and regions, and where the countries' courses are kept."""

    cache: Path | None

    @cached_property
    def countries(self) -> Panel:
        """Countries."""
        return country_panel(load_snapshot())

    @cached_property
    def regions(self) -> Panel:
        """Regions."""
        return region_panel(load_snapshot())

    @cached_property
    def record(self) -> RegionalRecord:
        """What is known by region."""
        return regional_record(self.regions)

    @cached_property
    def features(self) -> FeatureArrays:
        """What forecasters of countries are told."""
        return build_features(self.countries)

    @cached_property
    def parts(self) -> list[tuple[int, int, NDArray[np.int64], NDArray[np.float64]]]:
        """Number and position of each country, and positions and neighbours of its regions."""
        number = self.regions.units["gwno"].to_numpy(np.int64)
        places = {gwno: at for at, gwno in enumerate(self.countries.units["gwno"].to_numpy(np.int64).tolist())}
        found = []
        for gwno in np.unique(number).tolist():
            own = np.flatnonzero(number == gwno)
            touching = np.asarray(self.regions.neighbours[own][:, own].todense(), np.float64)
            found.append((gwno, places[gwno], own, touching))
        return found

    def courses(self, first: str, last: str) -> Iterator[tuple[pd.Period, NDArray[np.float32]]]:
        """Courses of the countries at every third origin, by a pool that learned up to the December before."""
        months = pd.period_range(first, last, freq="M")[::EVERY]
        for year in sorted({(month + 1).year for month in months}):
            own = [month for month in months if (month + 1).year == year]
            file = None if self.cache is None else self.cache / f"countries-{year}.npz"
            if file is not None and file.exists():
                with np.load(file) as kept:
                    drawn = {name: kept[name] for name in kept.files}
            else:
                learned_by = self.countries.position(pd.Period(f"{year - 1}-12", "M"))
                pool = SAMPLE_POOL.fit(self.countries, self.features, last=learned_by, horizons=HORIZONS)
                drawn = {}
                for month in own:
                    at = self.countries.position(month)
                    everyone = np.full(self.countries.shape[1], at)
                    drawn[str(month)] = pool.samples(self.countries, self.features, at=everyone, seed=at)
                if file is not None:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    np.savez(file, **drawn)
            yield from ((month, drawn[str(month)]) for month in own)

    @cached_property
    def _of_regions(self) -> FeatureArrays:
        return build_features(self.regions)

    @cached_property
    def _at_hand(self) -> OrderedDict[int, NDArray[np.float32]]:
        return OrderedDict()

    @cached_property
    def _pools(self) -> dict[int, SampleForecaster]:
        return {}

    def own_pool(self, last: int) -> NDArray[np.float32]:
        """Courses of the regions from their last known month, at this position, shape (U, HORIZONS, K).

        Raises
        ------
        CoverageError
            If too little was known by the December before to learn from.
        """
        kept = self._at_hand
        if last not in kept:
            year = (self.regions.months[last] + 1).year
            if year not in self._pools:
                learned_by = self.regions.position(pd.Period(f"{year - 1}-12", "M"))
                self._pools[year] = SAMPLE_POOL.fit(self.regions, self._of_regions, last=learned_by, horizons=HORIZONS)
            everyone = np.full(self.regions.shape[1], last)
            kept[last] = self._pools[year].samples(self.regions, self._of_regions, at=everyone, seed=last)
            if len(kept) > AT_HAND:
                kept.popitem(last=False)
        kept.move_to_end(last)
        return kept[last]


def hidden(months: int, gap: int | str) -> NDArray[np.bool_]:
    """Months that are known by region, shape (T,), the last being the origin."""
    known = np.ones(months, bool)
    if gap == AS_NOW:
        known[-17:] = False
        known[-5:-3] = True
    else:
        known[months - int(gap) :] = False
    return known
