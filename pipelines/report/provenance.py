"""What the scores rest on: sources with their licences, and models with their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...features.months import parse_month
from ...features.sources.admin1_units import NAMED_REGIONS
from ...features.targets.build import counts_deaths, learned_as
from ..issue.rows import REST_CODE
from .levels import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from .contents import BriefContents
    from .wording import Wording

__all__ = ["learned_from", "model_rows", "regions_told", "source_rows"]


def source_rows(sources: Sequence[Mapping[str, Any]], wording: Wording) -> tuple[dict[str, str], ...]:
    """List each source once, with the tables that rest on it."""
    grouped: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for source in sources:
        key = tuple(str(source.get(part) or "") for part in ("source", "version", "licence", "citation"))
        grouped.setdefault(key, []).append(source)
    return tuple(
        {
            "source": wording.say("sources.version", source=source, version=version) if version else source,
            "licence": licence,
            "citation": citation,
            "tables": ", ".join(
                wording.say("sources.rows", table=table["table"], rows=wording.count(float(table["rows"])))
                for table in tables
            ),
            "coverage": _coverage(tables, wording),
        }
        for (source, version, licence, citation), tables in grouped.items()
    )


def _coverage(tables: Sequence[Mapping[str, Any]], wording: Wording) -> str:
    first = [str(table["first_month"])[:7] for table in tables if table.get("first_month")]
    last = [str(table["last_month"])[:7] for table in tables if table.get("last_month")]
    return wording.say("interval", low=min(first), high=max(last)) if first and last else wording.say("none")


def model_rows(scores: pd.DataFrame, made: Sequence[Mapping[str, Any]], wording: Wording) -> tuple[dict[str, str], ...]:
    """List each model version once: the events that it scored, what it is made of, and what it reads.

    Parameters
    ----------
    made
        From `faultline.pipelines.learn.served`.
    """
    told = {(LEVELS.index(str(model["level"])), str(model["target"])): model for model in made}
    columns = ["model_name", "model_version", "run_id", "boundary_version"]
    models: list[dict[str, str]] = []
    for values, rows in scores.groupby(columns, sort=False, dropna=False):
        targets = [wording.name("target", str(target)) for target in rows["target"].unique()]
        behind = dict.fromkeys(zip(rows["admin_level"], rows["target"].map(learned_as), strict=True))
        own = [told[key] for key in behind if key in told]
        parts = [_part(part, wording) for model in own for part in model["parts"]]
        blocks = list(dict.fromkeys(block for model in own for block in model["blocks"]))
        models.append(
            dict(zip(columns, map(str, values), strict=True))
            | {
                "targets": ", ".join(targets),
                "parts": "; ".join(parts) if own else wording.say("none"),
                "blocks": _blocks(blocks, wording) if own else wording.say("none"),
            }
        )
    return tuple(models)


def learned_from(made: Sequence[Mapping[str, Any]], wording: Wording) -> tuple[str, ...]:
    """Say what the models of events, and those of deaths, learned from beside the events' past, a sentence a kind."""
    sentences: list[str] = []
    for kind, of_deaths in (("events", False), ("deaths", True)):
        chosen = [model for model in made if counts_deaths(str(model["target"])) == of_deaths]
        if chosen:
            read = {block for model in chosen for block in model["blocks"]}
            known = [key.removeprefix("block.") for key in wording.messages if key.startswith("block.")]
            in_order = [block for block in known if block in read]
            sentences.append(wording.say(f"card.from.{kind}", blocks=_blocks(in_order, wording)))
    if any({"deployments", "transitions"} & set(model["blocks"]) for model in made):
        sentences.append(wording.say("card.coded"))
    return tuple(sentences)


def _blocks(blocks: Sequence[str], wording: Wording) -> str:
    return wording.listing([wording.name("block", name) for name in blocks] or [wording.say("card.own_past")])


def _part(part: Mapping[str, Any], wording: Wording) -> str:
    shares = [
        wording.say("models.share", member=wording.name("forecaster", name), share=wording.share(weight))
        for name, weight in part["members"].items()
    ]
    made_of = wording.listing(shares)
    if "months_ahead" in part:
        least = wording.decimal(float(part["mean_deaths_from"]), places=2)
        return wording.say("models.part.deaths", made_of=made_of, ahead=int(part["months_ahead"]), least=least)
    if "horizons" in part:
        ahead = wording.listing([str(horizon) for horizon in part["horizons"]])
        return wording.say("models.part.events", made_of=made_of, ahead=ahead)
    return made_of


def regions_told(contents: BriefContents, wording: Wording) -> tuple[str, ...]:
    """Say of how many countries there are regions, counted by which release, and why others have none."""
    if contents.counted is None:
        return ()
    release, last = contents.counted
    regions = contents.scores[contents.scores["admin_level"] == 1]
    regions = regions[~regions["admin1_code"].str.endswith(REST_CODE)]
    month = wording.month(parse_month(last, option="counted").start_time.date())
    said = wording.say(
        "regions.counted",
        n=regions["admin1_code"].nunique(),
        countries=regions["location_code"].nunique(),
        release=release,
        month=month,
    )
    bundled = regions["boundary_version"].astype("str").str.startswith(NAMED_REGIONS).any()
    return (said, wording.say("regions.too_few")) if bundled else (said,)
