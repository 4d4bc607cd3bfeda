"""Regions forecast from their country's newest month, scored by hiding what happened by region up to 24 months before.

``python benchmarks/bridging.py --write docs/bridging.md``: the page's tables, of every third origin from 2017-12 to
2024-09; country data go on, regional ones end 1 to 24 months before the origin. ``--fit models/reference/bridge.csv``
learns how countries are shared out, on origins whose months are over by 2017-12. About twenty minutes each on two
cores; ``--cache FOLDER`` keeps the countries' courses between them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from bridging_world import AS_NOW, World, hidden

from faultline.features.errors import CoverageError
from faultline.models.distributions.bridge import BRIDGE_FILE, Bridge, RegionalPast, bridged, known_later
from faultline.models.distributions.continued import months_ahead
from faultline.models.scores.samples import sample_scores
from faultline.pipelines.base.markdown import table_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    #: From the country's draws, what is known of its regions, what their own pool said, and a seed: (R + 1, H, K).
    Way = Callable[[NDArray[np.float32], RegionalPast, NDArray[np.float32], list[int]], NDArray[np.float32]]

WINDOW = 3
#: Months between the data and the windows of an issue that is made half a year after they end.
LEAD = 6
GAPS = (1, 6, 12, 18, 24)
FITTED, TESTED = ("2013-12", "2017-09"), ("2017-12", "2024-09")
LEARNED, SHOWN, AHEAD = (1, 6, 12, 18), (6, 12, 18, AS_NOW), (12, AS_NOW)
THRESHOLDS, BINS, REDRAWN = (1, 25), (0.02, 0.1, 0.3, 0.5, 0.7, 0.9), 2_000
CONCENTRATION = (5.0, 10.0, 20.0, 40.0, 80.0)
#: Shares by the own past and by the own forecast that are tried, the first with every concentration; without a forecast
#: and with one.
OWN = (
    ((0.5, 0.0), (0.3, 0.0), (0.4, 0.0), (0.6, 0.0)),
    ((0.2, 0.4), (0.5, 0.0), (0.3, 0.2), (0.0, 0.5), (0.2, 0.5), (0.1, 0.6), (0.2, 0.6), (0.0, 0.8)),
)
WAYS = STALE, FIXED, POOL, BRIDGED = "stale", "fixed shares", "own pool", "bridged"
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
the last 12 known months, *own pool* the forecast of the regions' own pool of forecasters from their last known month,
which learned up to the December before it and goes on beyond its twelfth month. A part of the bridged draws goes by
its shares, but not where later months are known, as now: there it cost 2 to 9 points of the gain on fixed shares up to
2017. In an issue it is brought to the regions' calibrated probabilities first; here it is not.
The deaths are those of the next three months.
`python benchmarks/bridging.py --write docs/bridging.md` makes this page.
"""


def stale(
    country: NDArray[np.float32], past: RegionalPast, told: NDArray[np.float32], seed: list[int]
) -> NDArray[np.float32]:
    """Regions' own last 12 known months (conflictology), whatever the country's forecast is."""
    del told
    lately = past.deaths[np.flatnonzero(past.known)[-12:]]
    pick = np.random.default_rng(seed).integers(0, len(lately), (lately.shape[1], *country.shape))
    return lately[pick, np.arange(lately.shape[1])[:, None, None]].astype(np.float32)


def fixed_shares(
    country: NDArray[np.float32], past: RegionalPast, told: NDArray[np.float32], seed: list[int]
) -> NDArray[np.float32]:
    """The country's draws by the shares of the last 12 known months."""
    del told, seed
    total = past.deaths[np.flatnonzero(past.known)[-12:]].sum(axis=0)
    share = total / total.sum() if total.sum() else np.full(len(total), 1 / len(total))
    return (share[:, None, None] * country).astype(np.float32)


def own_pool(
    country: NDArray[np.float32], past: RegionalPast, told: NDArray[np.float32], seed: list[int]
) -> NDArray[np.float32]:
    """What the regions' own pool said, whatever the country's forecast is; the rest is left out."""
    del past, seed
    return np.concatenate([told, np.zeros((1, *country.shape), np.float32)])


def forecast(
    world: World,
    pasts: list[RegionalPast],
    drawn: NDArray[np.float32],
    told: NDArray[np.float32],
    *,
    gap: int | str,
    way: Way,
    lead: int = 0,
) -> NDArray[np.float32]:
    """Deaths of every region within the window, shape (U, K), by what is known with a gap."""
    out = np.zeros((world.regions.shape[1], drawn.shape[2]), np.float32)
    for (gwno, position, own, touching), whole in zip(world.parts, pasts, strict=True):
        known = hidden(len(whole.known), gap)
        past = RegionalPast(whole.deaths * known[:, None], known, touching)
        out[own] = way(drawn[position, lead : lead + WINDOW], past, told[own], [len(known), gwno])[:-1].sum(axis=1)
    return out


def scored(
    world: World, span: tuple[str, str], gaps: Iterable[int | str], ways: Mapping[str, Way], *, lead: int = 0
) -> pd.DataFrame:
    """One row a way, gap, origin and region: what came, its CRPS and coverage, shares of draws with 1 and 25 deaths.

    ``lead`` months lie between the origin and the window.
    """
    rows: list[pd.DataFrame] = []
    for origin, drawn in world.courses(*span):
        at, place = world.regions.position(origin), world.countries.position(origin)
        y = world.regions.deaths[at + lead + 1 :][:WINDOW].sum(axis=0)
        pasts = [
            world.record.past(own, world.countries, position, origin=place, neighbours=touching)
            for _, position, own, touching in world.parts
        ]
        for gap in gaps:
            told = own_forecast(world, at, 17 if gap == AS_NOW else int(gap), lead)
            if told is None:
                continue
            for name, way in ways.items():
                total = forecast(world, pasts, drawn, told, gap=gap, way=way, lead=lead)
                rows.append(_row(world, (name, gap, origin), y, total))
    return pd.concat(rows, ignore_index=True)


def own_forecast(world: World, at: int, gap: int, lead: int) -> NDArray[np.float32] | None:
    """What the regions' own pool said of the window so many months before, (U, WINDOW, K); None if none was learned."""
    try:
        drawn = world.own_pool(at - gap)
    except CoverageError:
        return None
    ahead = np.broadcast_to(gap + lead + 1 + np.arange(WINDOW), (len(drawn), WINDOW))
    return months_ahead(drawn, ahead, seed=at)


def _row(
    world: World, who: tuple[str, int | str, pd.Period], y: NDArray[np.float32], total: NDArray[np.float32]
) -> pd.DataFrame:
    way, gap, origin = who
    scores = sample_scores(y, total)
    told = {"way": way, "gap": gap, "origin": str(origin), "country": world.regions.units["iso3"].to_numpy(str), "y": y}
    told |= {score: scores[score] for score in ("crps", "covered_90")}
    return pd.DataFrame(told | {f"p_{n}": (total >= n).mean(axis=1) for n in THRESHOLDS})


def fitted(world: World) -> pd.DataFrame:
    """What shares out best before 2018, one row a gap, of regions without a forecast of their own and with one.

    First the concentration, then how many draws go by the own past and forecast: those of the lowest CRPS as a share
    of that of fixed shares, of all regions and of those of Africa together.
    """

    def losses(gap: int, settings: list[tuple[float, float, float]]) -> list[float]:
        ways = {str(each): _by(Bridge([gap], *([value] for value in each))) for each in settings}
        ways[FIXED] = fixed_shares
        rows = scored(world, FITTED, [gap], ways)
        africa = rows[rows["country"].isin(AFRICA)]
        both = [some.groupby("way")["crps"].mean() for some in (rows, africa)]
        return [sum(means[str(each)] / means[FIXED] for means in both) / 2 for each in settings]

    table: list[dict[str, float]] = []
    for forecast, own in enumerate(OWN):
        for gap in LEARNED:
            tried = [(*own[0], concentration) for concentration in CONCENTRATION]
            best = tried[int(np.argmin(losses(gap, tried)))]
            tried = [(*shares, best[2]) for shares in own]
            past, told, concentration = tried[int(np.argmin(losses(gap, tried)))]
            line = {"gap": gap, "own_past": past, "own_forecast": told, "concentration": concentration}
            table.append({"forecast": forecast} | line)
            print(table[-1], flush=True)
    return pd.DataFrame(table)


def _by(how: Bridge | None) -> Way:
    def way(
        country: NDArray[np.float32], past: RegionalPast, told: NDArray[np.float32], seed: list[int]
    ) -> NDArray[np.float32]:
        # as in an issue: what did not know the months after the gap is not taken
        return bridged(country, past, None if how is None and known_later(past.known) else told, seed=seed, how=how)

    return way


def difference(rows: pd.DataFrame, gap: int | str, other: str) -> tuple[float, float, float]:
    """How much lower the CRPS is than another way's, as a share of it, with its 90 % interval over countries."""
    some = rows[rows["gap"] == gap]
    sums = some.pivot_table(index="country", columns="way", values="crps", aggfunc="sum")
    own, theirs = sums[BRIDGED].to_numpy(), sums[other].to_numpy()
    pick = np.random.default_rng(0).integers(0, len(own), (REDRAWN, len(own)))
    ratio = own[pick].sum(axis=1) / theirs[pick].sum(axis=1) - 1
    low, high = np.quantile(ratio, [0.05, 0.95])
    return own.sum() / theirs.sum() - 1, float(low), float(high)


def calibration(rows: pd.DataFrame, n: int, gaps: Iterable[int | str] = SHOWN) -> list[tuple[object, ...]]:
    """Mean forecast and share that came in bins of forecasts, by gap, of one threshold."""
    lines: list[tuple[object, ...]] = []
    for gap in gaps:
        some = rows[(rows["gap"] == gap) & (rows["way"] == BRIDGED)]
        bins = np.digitize(some[f"p_{n}"], BINS)
        told = some.assign(came=some["y"] >= n).groupby(bins)[[f"p_{n}", "came"]].mean()
        size = np.bincount(bins)[told.index.to_numpy(np.int64)] / len(some)
        error = float(((told[f"p_{n}"] - told["came"]).abs() * size).sum())
        of_bin = dict(zip(told.index, told.to_numpy(), strict=True))
        cells = [f"{of_bin[k][0]:.2f} / {of_bin[k][1]:.2f}" if k in of_bin else "" for k in range(len(BINS) + 1)]
        lines.append((f">= {n}", gap, *cells, f"{error:.3f}"))
    return lines


def ahead(rows: pd.DataFrame) -> list[str]:
    """Section on windows that start months after the data end: Brier of each way and calibration."""
    said = {n: (rows[f"p_{n}"] - (rows["y"] >= n)) ** 2 for n in THRESHOLDS}
    brier = pd.DataFrame(said).groupby([rows["gap"], rows["way"]]).mean()
    ways = [way for way in WAYS if way in set(rows["way"])]
    lines = [
        (f">= {n}", gap, *(f"{brier.loc[(gap, way), n]:.4f}" for way in ways)) for n in THRESHOLDS for gap in AHEAD
    ]
    binned = [line for n in (25, 1) for line in calibration(rows, n, AHEAD)]
    return [
        "## Windows from today",
        "",
        f"The same for three months that start {LEAD} months later, as those of an issue do whose data end {LEAD}",
        "months before it (`months_between`), from the country's courses at those months. Brier score:",
        "",
        *table_lines(["deaths", "gap", *ways], lines),
        "",
        *table_lines(["deaths", "gap", *bin_names(), "distance"], binned),
        "",
    ]


def bin_names() -> list[str]:
    """Heads of the columns of bins of a probability."""
    return [f"{low:g}-{high:g}" for low, high in zip((0, *BINS), (*BINS, 1), strict=True)]


def page(rows: pd.DataFrame, later: pd.DataFrame) -> str:
    """The page: of windows that follow on the origin, and of those that start months later."""
    tables: list[str] = []
    told = rows.assign(**{f"brier_{n}": (rows[f"p_{n}"] - (rows["y"] >= n)) ** 2 for n in THRESHOLDS})
    for name, some in (("All regions", told), ("Regions of Africa", told[told["country"].isin(AFRICA)])):
        means = some.groupby(["gap", "way"])[["crps", "brier_25", "brier_1", "covered_90"]].mean()
        lines = [
            (
                gap,
                *(f"{means.loc[(gap, way), 'crps']:.2f}" for way in WAYS),
                *(f"{means.loc[(gap, way), f'brier_{n}']:.4f}" for n in (25, 1) for way in WAYS),
                *(f"{means.loc[(gap, way), 'covered_90']:.1%}" for way in WAYS),
            )
            for gap in (*GAPS, AS_NOW)
        ]
        head = [f"{score}, {way}" for score in ("CRPS", "Brier 25", "Brier 1", "in 90 %") for way in WAYS]
        tables += [f"### {name}", "", *table_lines(["gap", *head], lines), ""]
    compared: list[tuple[object, ...]] = []
    for name, codes in GROUPS.items():
        some = rows[rows["country"].isin(codes)] if codes else rows
        for gap in SHOWN:
            found = [difference(some, gap, other) for other in (STALE, FIXED, POOL)]
            compared.append((name, gap, *(f"{mean:+.1%} ({low:+.1%} to {high:+.1%})" for mean, low, high in found)))
    learned = pd.read_csv(BRIDGE_FILE)
    return "\n".join(
        [
            TEXT,
            "## Bridged against the others",
            "",
            "CRPS, less is better: difference as a share of the other's, with the 90 % interval by bootstrap over",
            "countries.",
            "",
            *table_lines(["regions of", "gap", *(f"against {other}" for other in WAYS[:-1])], compared),
            "",
            "## By the gap",
            "",
            *tables,
            "## Calibration",
            "",
            "Mean probability / share that came, by bins of the probability, and the mean distance of both.",
            "",
            *table_lines(["deaths", "gap", *bin_names(), "distance"], [*calibration(rows, 25), *calibration(rows, 1)]),
            "",
            *ahead(later),
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
    given = parser.parse_args()
    world = World(given.cache)
    if given.fit:
        fitted(world).to_csv(given.fit, index=False, lineterminator="\n")
        return
    ways = {STALE: stale, FIXED: fixed_shares, POOL: own_pool, BRIDGED: _by(None)}
    known = TESTED[0], str(pd.Period(TESTED[1], "M") - LEAD)
    later = scored(world, known, AHEAD, {name: ways[name] for name in (STALE, POOL, BRIDGED)}, lead=LEAD)
    made = page(scored(world, TESTED, (*GAPS, AS_NOW), ways), later)
    if given.write:
        given.write.write_text(made, encoding="utf-8")
    else:
        print(made)


if __name__ == "__main__":
    main()
