"""Regions forecast from their country's newest month, scored by hiding what happened by region up to 24 months before.

``python benchmarks/bridging.py --write docs/bridging.md``: the page's tables, of every third origin from 2017-12 to
2024-09; country data go on, regional ones end 1 to 24 months before the origin. ``--fit models/reference/bridge.csv``
learns how countries are shared out, on origins whose months are over by 2017-12. About ten minutes each on two cores;
``--cache FOLDER`` keeps the countries' courses between them. ``--pool FOLDER`` compares with the pool of regions too,
on every sixth origin, which takes a quarter of an hour more; the folder keeps its scores.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from faultline.features.blocks.build import build_features
from faultline.features.panels.countries import country_panel
from faultline.features.panels.regions import region_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.models.distributions.bridge import BRIDGE_FILE, Bridge, RegionalPast, bridge, bridged
from faultline.models.distributions.pool import SAMPLE_POOL
from faultline.models.scores.samples import sample_scores
from faultline.pipelines.base.markdown import table_lines
from faultline.pipelines.learn.bridging import RegionalRecord, regional_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from faultline.features.blocks.build import FeatureArrays
    from faultline.features.panels.panel import Panel

    Way = Callable[[NDArray[np.float32], RegionalPast, list[int]], NDArray[np.float32]]

HORIZONS, WINDOW, DRAWS, EVERY = 12, 3, 1_000, 3
GAPS = (1, 6, 12, 18, 24)
FITTED, TESTED = ("2013-12", "2017-09"), ("2017-12", "2024-09")
#: What is known of the regions now: nothing of the last 17 months but the fourth and fifth last.
AS_NOW = "as now"
LEARNED, SHOWN = (1, 6, 12, 18), (6, 12, 18, AS_NOW)
THRESHOLDS, BINS, REDRAWN = (1, 25), (0.02, 0.1, 0.3, 0.5, 0.7, 0.9), 2_000
OWN_PAST, CONCENTRATION = (0.3, 0.4, 0.5, 0.6), (5.0, 10.0, 20.0, 40.0, 80.0)
POOL, POOLED = "stale pool", (6, 12, 18)
WAYS = STALE, FIXED, BRIDGED = "stale", "fixed shares", "bridged"
SAHEL = ("MLI", "BFA", "NER")
AFRICA = (
    *SAHEL,
    *("BEN", "CIV", "NGA", "CMR", "TCD", "CAF", "COD", "KEN", "BDI", "RWA", "SOM", "ETH", "AGO", "MOZ", "ZAF", "DZA"),
    *("TUN", "LBY", "SDN", "SSD", "EGY"),
)
GROUPS = {"all countries": (), "Africa": AFRICA, "Mali, Burkina Faso, Niger": SAHEL}
TEXT = """# Regions from their country's newest month

Country data reach further than regional ones. Where they do, a region is forecast from its country's newest month:
every draw of the country's deaths is shared out over its regions and what is known of the country alone, so that they
add up to it (`models/distributions/bridge.py` says how). Probabilities of violence and escalation are read from the
same draws; what they do not tell, such as contestation, is still said from the region's own last month. Rows carry
`bridged_months`, the months up to the origin in which the region is not known, and the brief says it in words. A
region of which nothing has been known for more than 36 months is not bridged.

Measured by hiding: regional data are withheld for the last 1 to 24 months before the origin while country data go on,
every third origin from 2017-12 to 2024-09, all regions; *as now* is the case of the bundled data, nothing of the last
17 months but the fourth and fifth last. Countries' draws are those of the pool that learned up to the December before.
*Stale* is each region's own last 12 known months rolled forward, *fixed shares* the country's draws by the shares of
the last 12 known months. The deaths are those of the next three months.
`python benchmarks/bridging.py --write docs/bridging.md --pool FOLDER` makes this page.
"""


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


def hidden(months: int, gap: int | str) -> NDArray[np.bool_]:
    """Months that are known by region, shape (T,), the last being the origin."""
    known = np.ones(months, bool)
    if gap == AS_NOW:
        known[-17:] = False
        known[-5:-3] = True
    else:
        known[months - int(gap) :] = False
    return known


def stale(country: NDArray[np.float32], past: RegionalPast, seed: list[int]) -> NDArray[np.float32]:
    """Regions' own last 12 known months (conflictology), whatever the country's forecast is."""
    lately = past.deaths[np.flatnonzero(past.known)[-12:]]
    pick = np.random.default_rng(seed).integers(0, len(lately), (lately.shape[1], *country.shape))
    return lately[pick, np.arange(lately.shape[1])[:, None, None]].astype(np.float32)


def fixed_shares(country: NDArray[np.float32], past: RegionalPast, seed: list[int]) -> NDArray[np.float32]:  # noqa: ARG001  # called as the others
    """The country's draws by the shares of the last 12 known months."""
    total = past.deaths[np.flatnonzero(past.known)[-12:]].sum(axis=0)
    share = total / total.sum() if total.sum() else np.full(len(total), 1 / len(total))
    return (share[:, None, None] * country).astype(np.float32)


def forecast(
    world: World, pasts: list[RegionalPast], drawn: NDArray[np.float32], gap: int | str, way: Way
) -> NDArray[np.float32]:
    """Deaths of every region within the window, shape (U, K), by what is known with a gap."""
    out = np.zeros((world.regions.shape[1], drawn.shape[2]), np.float32)
    for (gwno, position, own, touching), whole in zip(world.parts, pasts, strict=True):
        known = hidden(len(whole.known), gap)
        past = RegionalPast(whole.deaths * known[:, None], known, touching)
        out[own] = way(drawn[position, :WINDOW], past, [len(known), gwno])[:-1].sum(axis=1)
    return out


def scored(world: World, span: tuple[str, str], gaps: Iterable[int | str], ways: Mapping[str, Way]) -> pd.DataFrame:
    """One row a way, gap, origin and region: what came, its CRPS and coverage, shares of draws with 1 and 25 deaths."""
    rows: list[pd.DataFrame] = []
    for origin, drawn in world.courses(*span):
        at, place = world.regions.position(origin), world.countries.position(origin)
        y = world.regions.deaths[at + 1 : at + 1 + WINDOW].sum(axis=0)
        pasts = [
            world.record.past(own, world.countries, position, origin=place, neighbours=touching)
            for _, position, own, touching in world.parts
        ]
        for gap in gaps:
            for name, way in ways.items():
                total = forecast(world, pasts, drawn, gap, way)
                rows.append(_row(world, (name, gap, origin), y, total))
    return pd.concat(rows, ignore_index=True)


def of_the_pool(world: World, folder: Path) -> pd.DataFrame:
    """Score the regions' own pool, rolled forward from their last known month: its months 7 to 9, or 10 to 12.

    Of every sixth origin; it learned up to the December before the last known month. Columns as of `scored`.
    """
    panel, features = world.regions, build_features(world.regions)
    origins = pd.period_range(*TESTED, freq="M")[:: 2 * EVERY]
    asked = sorted((origin - gap, gap) for origin in origins for gap in POOLED)
    for year in sorted({(last + 1).year for last, _ in asked}):
        file = folder / f"pool-{year}.parquet"
        if file.exists():
            continue
        learned_by = panel.position(pd.Period(f"{year - 1}-12", "M"))
        pool = SAMPLE_POOL.fit(panel, features, last=learned_by, horizons=HORIZONS)
        rows: list[pd.DataFrame] = []
        for last, gap in (pair for pair in asked if (pair[0] + 1).year == year):
            at = panel.position(last)
            drawn = pool.samples(panel, features, at=np.full(panel.shape[1], at), seed=at)
            first = min(gap, HORIZONS - WINDOW)
            y = panel.deaths[at + gap + 1 : at + gap + 1 + WINDOW].sum(axis=0)
            rows.append(_row(world, (POOL, gap, last + gap), y, drawn[:, first : first + WINDOW].sum(axis=1)))
        folder.mkdir(parents=True, exist_ok=True)
        pd.concat(rows, ignore_index=True).to_parquet(file, index=False)
    return pd.concat([pd.read_parquet(file) for file in sorted(folder.glob("pool-*.parquet"))], ignore_index=True)


def _row(
    world: World, who: tuple[str, int | str, pd.Period], y: NDArray[np.float32], total: NDArray[np.float32]
) -> pd.DataFrame:
    way, gap, origin = who
    scores = sample_scores(y, total)
    told = {"way": way, "gap": gap, "origin": str(origin), "country": world.regions.units["iso3"].to_numpy(str), "y": y}
    told |= {score: scores[score] for score in ("crps", "covered_90")}
    return pd.DataFrame(told | {f"p_{n}": (total >= n).mean(axis=1) for n in THRESHOLDS})


def fitted(world: World) -> pd.DataFrame:
    """What shares out best before 2018, one row a gap.

    First the concentration, then how many draws go by the own past: those of the lowest CRPS as a share of that of
    fixed shares, of all regions and of those of Africa together.
    """

    def losses(gap: int, settings: list[tuple[float, float]]) -> list[float]:
        ways = {str(pair): _by(Bridge([gap], [pair[0]], [pair[1]])) for pair in settings} | {FIXED: fixed_shares}
        rows = scored(world, FITTED, [gap], ways)
        africa = rows[rows["country"].isin(AFRICA)]
        both = [some.groupby("way")["crps"].mean() for some in (rows, africa)]
        return [sum(means[str(pair)] / means[FIXED] for means in both) / 2 for pair in settings]

    table: list[dict[str, float]] = []
    for gap in LEARNED:
        pairs = [(0.5, concentration) for concentration in CONCENTRATION]
        best = pairs[int(np.argmin(losses(gap, pairs)))]
        pairs = [(own, best[1]) for own in OWN_PAST]
        own, concentration = pairs[int(np.argmin(losses(gap, pairs)))]
        table.append({"gap": gap, "own_past": own, "concentration": concentration})
        print(table[-1], flush=True)
    return pd.DataFrame(table)


def _by(how: Bridge | None) -> Way:
    return lambda country, past, seed: bridged(country, past, seed=seed, how=how)


def difference(rows: pd.DataFrame, gap: int | str, other: str) -> tuple[float, float, float]:
    """How much lower the CRPS is than another way's, as a share of it, with its 90 % interval over countries."""
    some = rows[rows["gap"] == gap]
    sums = some.pivot_table(index="country", columns="way", values="crps", aggfunc="sum")
    own, theirs = sums[BRIDGED].to_numpy(), sums[other].to_numpy()
    pick = np.random.default_rng(0).integers(0, len(own), (REDRAWN, len(own)))
    ratio = own[pick].sum(axis=1) / theirs[pick].sum(axis=1) - 1
    low, high = np.quantile(ratio, [0.05, 0.95])
    return own.sum() / theirs.sum() - 1, float(low), float(high)


def calibration(rows: pd.DataFrame, n: int) -> list[tuple[object, ...]]:
    """Mean forecast and share that came in bins of forecasts, by gap, of one threshold."""
    lines: list[tuple[object, ...]] = []
    for gap in SHOWN:
        some = rows[(rows["gap"] == gap) & (rows["way"] == BRIDGED)]
        bins = np.digitize(some[f"p_{n}"], BINS)
        told = some.assign(came=some["y"] >= n).groupby(bins)[[f"p_{n}", "came"]].mean()
        size = np.bincount(bins)[told.index.to_numpy(np.int64)] / len(some)
        error = float(((told[f"p_{n}"] - told["came"]).abs() * size).sum())
        cells = [f"{p:.2f} / {came:.2f}" for p, came in told.to_numpy()]
        lines.append((f">= {n}", gap, *cells, f"{error:.3f}"))
    return lines


def against_the_pool(rows: pd.DataFrame, pool: pd.DataFrame) -> list[str]:
    """Lines of the table that compares with the regions' own pool, at the origins that it was asked of."""
    lines: list[tuple[object, ...]] = []
    for name, codes in GROUPS.items():
        for gap in POOLED:
            own = pool[pool["gap"] == gap]
            both = pd.concat([rows[(rows["gap"] == gap) & rows["origin"].isin(own["origin"])], own])
            some = both[both["country"].isin(codes)] if codes else both
            mean, low, high = difference(some, gap, POOL)
            cells = []
            for way in (POOL, BRIDGED):
                told = some[some["way"] == way]
                brier = [f"{((told[f'p_{n}'] - (told['y'] >= n)) ** 2).mean():.4f}" for n in (25, 1)]
                cells.append([f"{told['crps'].mean():.2f}", *brier, f"{told['covered_90'].mean():.1%}"])
            pairs = [" / ".join(pair) for pair in zip(*cells, strict=True)]
            lines.append((name, gap, f"{mean:+.1%} ({low:+.1%} to {high:+.1%})", *pairs))
    head = ("regions of", "gap", "CRPS, difference", "CRPS", "Brier 25", "Brier 1", "in 90 %")
    return [
        "## Against the regions' own pool",
        "",
        "A harder opponent than conflictology, of every sixth origin: the regions' own pool of forecasters from their",
        "last known month, its months 7 to 9 at a gap of 6, and its last three, 10 to 12, beyond. Pool / bridged.",
        "",
        *table_lines(head, lines),
        "",
    ]


def page(rows: pd.DataFrame, pool: pd.DataFrame | None = None) -> str:
    """The page."""
    tables: list[str] = []
    told = rows.assign(**{f"brier_{n}": (rows[f"p_{n}"] - (rows["y"] >= n)) ** 2 for n in THRESHOLDS})
    for name, some in (("All regions", told), ("Regions of Africa", told[told["country"].isin(AFRICA)])):
        means = some.groupby(["gap", "way"])[["crps", "brier_25", "brier_1", "covered_90"]].mean()
        lines = [
            (
                gap,
                *(f"{means.loc[(gap, way), 'crps']:.2f}" for way in (STALE, FIXED, BRIDGED)),
                *(f"{means.loc[(gap, way), f'brier_{n}']:.4f}" for n in (25, 1) for way in (STALE, FIXED, BRIDGED)),
                *(f"{means.loc[(gap, way), 'covered_90']:.1%}" for way in (STALE, FIXED, BRIDGED)),
            )
            for gap in (*GAPS, AS_NOW)
        ]
        head = [f"{score}, {way}" for score in ("CRPS", "Brier 25", "Brier 1", "in 90 %") for way in WAYS]
        tables += [f"### {name}", "", *table_lines(["gap", *head], lines), ""]
    compared: list[tuple[object, ...]] = []
    for name, codes in GROUPS.items():
        some = rows[rows["country"].isin(codes)] if codes else rows
        for gap in SHOWN:
            found = [difference(some, gap, other) for other in (STALE, FIXED)]
            compared.append((name, gap, *(f"{mean:+.1%} ({low:+.1%} to {high:+.1%})" for mean, low, high in found)))
    learned = pd.read_csv(BRIDGE_FILE)
    bins = [f"{low:g}-{high:g}" for low, high in zip((0, *BINS), (*BINS, 1), strict=True)]
    return "\n".join(
        [
            TEXT,
            "## Bridged against the others",
            "",
            "CRPS, less is better: difference as a share of the other's, with the 90 % interval by bootstrap over",
            "countries.",
            "",
            *table_lines(["regions of", "gap", f"against {STALE}", f"against {FIXED}"], compared),
            "",
            *([] if pool is None else against_the_pool(rows, pool)),
            "## By the gap",
            "",
            *tables,
            "## Calibration",
            "",
            "Mean probability / share that came, by bins of the probability, and the mean distance of both.",
            "",
            *table_lines(["deaths", "gap", *bins, "distance"], [*calibration(rows, 25), *calibration(rows, 1)]),
            "",
            "## What was learned",
            "",
            "On origins whose months were over by 2017-12; `python benchmarks/bridging.py --fit FILE`.",
            "",
            *table_lines(list(learned.columns), learned.to_numpy().tolist()),
            "",
        ]
    )


def main() -> None:
    """Fit, or score and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", type=Path, help="file to write what is learned to")
    parser.add_argument("--write", type=Path, help="file to write the page to")
    parser.add_argument("--cache", type=Path, help="folder to keep the countries' courses in")
    parser.add_argument("--pool", type=Path, help="folder to keep the scores of the regions' own pool in")
    given = parser.parse_args()
    world = World(given.cache)
    if given.fit:
        fitted(world).to_csv(given.fit, index=False, lineterminator="\n")
        return
    ways = {STALE: stale, FIXED: fixed_shares, BRIDGED: _by(bridge())}
    pool = None if given.pool is None else of_the_pool(world, given.pool)
    made = page(scored(world, TESTED, (*GAPS, AS_NOW), ways), pool)
    if given.write:
        given.write.write_text(made, encoding="utf-8")
    else:
        print(made)


if __name__ == "__main__":
    main()
