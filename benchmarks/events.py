"""How long it takes to place and count a release of 400,000 events: `python benchmarks/events.py BOUNDARIES`.

The events are made: random points in the box of the boundaries, random days and actors. They say nothing of the world.
"""

from __future__ import annotations

import argparse
import io
import resource
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from faultline.features.events.counting import event_tables
from faultline.features.events.placing import place_events
from faultline.features.events.region_sets import Polygons
from faultline.features.events.vintages import known_events
from faultline.features.sources.ged_columns import ORDER
from faultline.features.sources.ged_release import final_vintage, read_release_events
from faultline.features.sources.organisation import organisation_levels
from faultline.features.sources.region_outlines import read_world_regions
from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.base.markdown import table_lines

SHARE_OF_SEVERAL_MONTHS = 0.05  # as in UCDP's releases
SOURCE_NOTE = 300  # characters of source notes a row, about as many as a real one has


def made_release(events: int, points: pd.DataFrame) -> bytes:
    """A zip of made events in the columns of a real release."""
    rng = np.random.default_rng(0)
    start = pd.Timestamp("1989-01-01") + pd.to_timedelta(rng.integers(0, 37 * 365, events), unit="D")
    days = np.where(rng.random(events) < SHARE_OF_SEVERAL_MONTHS, rng.integers(1, 200, events), 0)
    end = pd.DatetimeIndex(
        np.minimum((start + pd.to_timedelta(days, unit="D")).to_numpy(), np.datetime64("2025-12-31"))
    )
    state = rng.integers(0, len(points), events)
    kind = rng.integers(1, 4, events)
    deaths = rng.geometric(0.2, events)
    table = pd.DataFrame("", index=range(events), columns=list(ORDER))
    near = points.iloc[state]
    table = table.assign(
        id=np.arange(1, events + 1),
        type_of_violence=kind,
        dyad_new_id=rng.integers(1, 1500, events),
        side_a_new_id=rng.integers(1, 1000, events),
        side_b_new_id=rng.integers(1, 1000, events),
        side_a="made",
        side_b="made",
        source_article="x" * SOURCE_NOTE,
        gwnoa=np.where(kind == 1, near["gwno"].to_numpy(), 0),
        where_prec=rng.choice([1, 2, 3, 4, 5, 6], events, p=[0.4, 0.2, 0.15, 0.15, 0.05, 0.05]),
        latitude=near["lat"].to_numpy() + rng.normal(0, 0.5, events),
        longitude=near["lon"].to_numpy() + rng.normal(0, 0.5, events),
        country_id=near["gwno"].to_numpy(),
        date_start=start.strftime("%Y-%m-%d"),
        date_end=end.strftime("%Y-%m-%d"),
        best=deaths,
        low=deaths,
        high=deaths,
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("made.csv", table.to_csv(index=False))
    return content.getvalue()


def main() -> None:
    """Print seconds for each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("boundaries", type=Path, help="polygons of regions, such as Natural Earth's admin-1")
    parser.add_argument("--events", type=int, default=400_000)
    options = parser.parse_args()
    base = load_snapshot()
    took: dict[str, tuple[float, float]] = {}

    def started() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def timed(name: str, since: tuple[float, float]) -> tuple[float, float]:
        now = started()
        took[name] = now[0] - since[0], now[1] - since[1]
        return started()

    clock = started()
    outlines = read_world_regions(options.boundaries, countries=base.countries).table
    timed("read the outlines", clock)
    inside = outlines.representative_point()
    points = pd.DataFrame({"gwno": outlines["gwno"], "lat": inside.y, "lon": inside.x})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.zip"
        file.write_bytes(made_release(options.events, points))
        clock = started()
        release = read_release_events(
            file, final_vintage("26.1"), levels=organisation_levels(), organised_actors=set(base.actors["actor_id"])
        )
        timed("read and check the zip", clock)
    clock = started()
    known = known_events([release])
    clock = timed("put the releases together", clock)
    placed = place_events(known.events, outlines)
    clock = timed("place events in regions", clock)
    event_tables(known, regions=Polygons(outlines))
    timed("place and count all tables", clock)
    rows = [(name, f"{clock_s:.1f}", f"{processor_s:.1f}") for name, (clock_s, processor_s) in took.items()]
    share = placed.events["region_id"].notna().mean()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    rows += [("share of events placed", f"{share:.2f}", ""), ("peak memory, GB", f"{peak:.2f}", "")]
    step = f"step ({options.events:,} made events, {len(outlines):,} regions)"
    print(*table_lines((step, "clock, s", "processor, s"), rows), sep="\n")


if __name__ == "__main__":
    main()
