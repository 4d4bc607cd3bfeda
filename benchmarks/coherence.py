"""Ways to make a country the sum of its regions, scored on origins up to 2017; prints a table, asserts nothing.

``python benchmarks/coherence.py``: the pool of deaths learned to December of three years, each for the origins of the
next two, 1 to 6 months ahead, of countries whose regions' event rows are complete. No month after 2017 is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from faultline.features.blocks.build import build_features
from faultline.features.panels.countries import country_panel
from faultline.features.panels.regions import region_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.models.distributions.coherence import bottom_up, top_down
from faultline.models.distributions.distribution import DRAWS
from faultline.models.distributions.pool import SAMPLE_POOL
from faultline.models.rows.death_rows import deaths_of
from faultline.models.scores.samples import sample_scores
from faultline.pipelines.base.markdown import table_lines
from faultline.pipelines.learn.coherent_deaths import rest_of_country

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

YEARS, ORIGINS, HORIZONS, LAST = (2011, 2013, 2015), 24, 6, "2017-12"
COUNTRIES = {475: "Nigeria", 625: "Sudan"}
SHOWN = {"crps": "CRPS", "ign": "IGN", "mis": "MIS", "covered_90": "in 90 %"}


def scored(what: str, way: str, country: str, y: NDArray[np.float32], samples: NDArray[np.float32]) -> pd.DataFrame:
    """Scores of samples (..., D) of outcomes (...), one row each."""
    scores = sample_scores(y.ravel(), samples.reshape(-1, samples.shape[-1]))
    return pd.DataFrame({name: scores[name] for name in SHOWN}).assign(of=what, way=way, country=country)


def comparisons() -> Iterator[pd.DataFrame]:
    """Scores of every way at every origin."""
    snapshot = load_snapshot()
    whole, inside = country_panel(snapshot), region_panel(snapshot)
    told, told_inside = build_features(whole), build_features(inside)
    deaths, deaths_inside = deaths_of(whole, "deaths"), deaths_of(inside, "deaths")
    for year in YEARS:
        last = whole.position(pd.Period(f"{year}-12", "M"))
        pools = [
            SAMPLE_POOL.fit(panel, features, last=last, horizons=HORIZONS)
            for panel, features in ((whole, told), (inside, told_inside))
        ]
        for origin in range(last, min(last + ORIGINS, whole.position(pd.Period(LAST, "M")) - HORIZONS + 1)):
            of_country = pools[0].samples(whole, told, at=np.full(whole.shape[1], origin), seed=origin)
            of_regions = pools[1].samples(inside, told_inside, at=np.full(inside.shape[1], origin), seed=origin)
            ahead = slice(origin + 1, origin + HORIZONS + 1)
            for gwno, name in COUNTRIES.items():
                at = int(np.flatnonzero(whole.units["gwno"].to_numpy() == gwno)[0])
                regions = np.flatnonzero(inside.units["gwno"].to_numpy() == gwno)
                if not inside.observed[origin - 11 : ahead.stop, regions].all():
                    continue
                rest = rest_of_country(inside, regions, whole, at, "deaths")
                known = rest[origin - 11 : origin + 1]
                drawn = np.random.default_rng([origin, gwno]).choice(known, size=(1, HORIZONS, DRAWS))
                parts = np.concatenate([of_regions[regions], drawn.astype(np.float32)])
                shared = top_down(of_country[at], parts)
                outcome, outcomes, left = deaths[ahead, at], deaths_inside[ahead, regions].T, rest[ahead]
                yield scored("countries", "bottom-up", name, outcome, bottom_up(parts))
                yield scored("countries", "bottom-up, together", name, outcome, bottom_up(parts, together=True))
                yield scored("countries", "top-down (own draws)", name, outcome, of_country[at])
                yield scored("regions", "bottom-up (own draws)", name, outcomes, parts[:-1])
                yield scored("regions", "top-down", name, outcomes, shared[:-1])
                yield scored("rest", "bottom-up (own draws)", name, left, parts[-1])
                yield scored("rest", "top-down", name, left, shared[-1])


def main() -> None:
    """Print the table, both countries' months together and apart."""
    rows = pd.concat(comparisons(), ignore_index=True)
    lines: list[tuple[str, ...]] = []
    for frame, country in ((rows, "both"), *((rows[rows["country"] == name], name) for name in COUNTRIES.values())):
        for (what, way), means in frame.groupby(["of", "way"], sort=False)[list(SHOWN)].mean().iterrows():  # pyright: ignore[reportGeneralTypeIssues]
            numbers = [f"{means['crps']:.3f}", f"{means['ign']:.3f}", f"{means['mis']:.1f}"]
            lines.append((what, country, way, *numbers, f"{means['covered_90']:.1%}"))
    print(*table_lines(("of", "country", "way", *SHOWN.values()), lines), sep="\n")


if __name__ == "__main__":
    main()
