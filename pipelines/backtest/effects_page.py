"""The effects layers as a page: the rule, how it fell for each target, and what each fact adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scipy.stats import norm

from ...features.targets.build import counts_deaths
from ...models.learners.effects import INTERVAL, MOST_TIMES, RIDGES
from ...models.learners.kept_effects import layer_of
from ...models.probabilities.learning import FEWEST_COUNTRIES
from ..base.markdown import table_lines
from .effects import DECIDED_ON, MOST_LOST, REPORTED_FROM, RIDGE_OF
from .history_deaths import AHEAD
from .history_forecasts import REFIT_YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["effects_markdown"]

_HEAD: Final = (
    *("level", "target", "ridge", "countries", "score of history", "change, coded", "all rows", "points moved"),
    *(f"{REPORTED_FROM} on, coded", "served"),
)
_INTRODUCTION: Final = """\
`faultline effects` makes this page and `models/reference/effects_layer.json`, which `run`, `score` and `scenario` read.
For each level, target and horizon it learns a logit on a few features of the two families, with what the history models
forecast as its offset: what months with a fact had over months without one that had the same history of violence. Of
deaths it learns a log link in the same way, with the mean of the pool's distribution as its offset. It learns from
country-months in which facts were coded, and adds exactly nothing elsewhere. It is an association with past facts,
**not a causal effect**: forces go where it is dangerous, and leave for reasons.

## The rule, fixed beforehand

- The offset is out of sample: models are learned anew every {refit} years and forecast what came after, and a layer
  learns only from origins whose windows had ended.
- Coefficients are shrunk by a ridge, that with the lowest Brier score, of deaths the lowest CRPS, on origins to
  {chosen} of countries. Regions, counted from 2010 on, take the ridge of their country's target ({ridge_of}).
- A layer is **served where it is not inferior**: on coded rows of origins of {first} to {last} (of regions {regional}
  and {last}) the upper end of the {interval:.0%} interval of its relative change of that score, by bootstrap over
  countries, is below {lost:.0%}, and those rows lie in {fewest} countries or more. That is less than better.
- Origins from {reported} on decide nothing and stand beside. Of `contestation` those of 2018 to 2020 had been looked at
  before this rule was written, so that they are no fresh test of it.

- Served: {served}.
- Refused: {refused}. There nothing that foreign forces and transitions add could be measured, and
  scores are those of history, bit for bit; `faultline scenario` still says what the refused layer would move, and that
  it is refused.
{finding}

## Deaths

- One layer multiplies every month of a course, and so every window, by exp(sum of coefficients x facts), between
  1/{most:.0f} and {most:.0f}: a course keeps its shape. It is learned and judged on the months {ahead} ahead.
- The likelihood is the negative binomial of variance m + m^2, so that no war outweighs all other rows. Months of war
  totals, in which deaths of many months are booked, are left out of learning and of the scores here.
- The pool forecasts as it is served. Its hurdle reads the families already, among other blocks; how much its members
  count was settled on origins up to 2017. The layer is what is left to add.
- Where it is served, the pool's draws are multiplied before they are brought to the probabilities of violence and
  regions' draws to those of their country, so that rows still agree with one another. What is left of the factor in
  a row depends on these; `effects_share` of a row of deaths is the factor less 1. Draws of regions that follow their
  country's newest data are shared out from it, and have no factor of their own.

## How it fell

Changes are of the Brier score, of deaths of the CRPS, in per cent of it; negative is better. In brackets the
{interval:.0%} interval over countries. Coded: rows of country-months in which facts were coded, the only ones that the
layer can move; all rows: those of the world, of rare targets those at risk. Points moved: mean absolute change of the
probability, of deaths of the factor, where it is moved at all. Ridges are by horizon; of deaths there is one.
"""
_ADDS: Final = """\
In log-odds, of deaths in logs, with the {interval:.0%} interval clustered by country, of the layers learned by
{through}: +0.10 makes 10.9 % of 10 %, 52.5 % of 50 %, and 110.5 deaths of 100. Shrinkage pulls towards nothing, and the
intervals are of what is left.
"""


def effects_markdown(known: Mapping[str, Any]) -> str:
    """Write the page from what the file holds (`~faultline.pipelines.backtest.effects_file.read_effects`)."""
    verdicts = known["verdicts"]
    told = {
        served: ", ".join(f"`{v['target']}` ({v['level']})" for v in verdicts if v["served"] == served) or "none"
        for served in (True, False)
    }
    introduction = _INTRODUCTION.format(
        refit=REFIT_YEARS,
        chosen=DECIDED_ON["country"] - 1,
        ridge_of=", ".join(f"`{a}` that of `{b}`" for a, b in RIDGE_OF.items()),
        first=DECIDED_ON["country"],
        last=REPORTED_FROM - 1,
        regional=DECIDED_ON["region"],
        interval=INTERVAL,
        lost=MOST_LOST,
        fewest=FEWEST_COUNTRIES,
        reported=REPORTED_FROM,
        served=told[True],
        refused=told[False],
        finding=_finding(verdicts),
        most=MOST_TIMES,
        ahead=", ".join(map(str, AHEAD)),
    )
    table = table_lines(_HEAD, (_row(verdict) for verdict in verdicts))
    lines = ["# What foreign forces and transitions add", "", introduction, *table, ""]
    for level in dict.fromkeys(verdict["level"] for verdict in verdicts):
        lines += _coefficients(known, level)
    return "\n".join(lines)


def _finding(verdicts: Iterable[Mapping[str, Any]]) -> str:
    """Say in a line how much the served layers move, and how many have the strongest ridge that was tried."""
    served = [verdict for verdict in verdicts if verdict["served"]]
    if not served:
        return ""
    told = [f"{words} by {between}" for words, between in _moved(served)]
    ridges = [ridge for verdict in served for ridge in verdict["ridges"].values()]
    strongest = sum(ridge == RIDGES[-1] for ridge in ridges)
    return (
        f"- The served layers moved {' and '.join(told)} in the mean of the deciding years;\n  {strongest} of their "
        f"{len(ridges)} ridges are {RIDGES[-1]:,.0f}, the strongest tried, which leaves next to nothing. Not inferior "
        "is not useful."
    )


def _moved(served: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for counts, words, unit in ((False, "probabilities", "points"), (True, "deaths", "per cent")):
        moved = [
            100 * score["moved"]
            for verdict in served
            for score in verdict["scores"]
            if (score["era"], score["rows_of"]) == ("decided", "coded") and counts_deaths(verdict["target"]) is counts
        ]
        if moved:
            yield words, f"{min(moved):.2f} to {max(moved):.2f} {unit}"


def _row(verdict: Mapping[str, Any]) -> tuple[object, ...]:
    score = {(each["era"], each["rows_of"]): each for each in verdict["scores"]}
    ridges = ", ".join(f"{horizon}: {ridge:,.0f}" for horizon, ridge in verdict["ridges"].items())
    coded, every, later = (score.get(key) for key in (("decided", "coded"), ("decided", "all"), ("later", "coded")))
    return (
        verdict["level"],
        verdict["target"],
        ridges,
        "-" if coded is None else coded["countries"],
        "-" if coded is None else f"{coded['history']:.4f}",
        *(_change(each) for each in (coded, every)),
        "-" if coded is None else f"{100 * coded['moved']:.2f}",
        _change(later),
        "yes" if verdict["served"] else "no",
    )


def _change(score: Mapping[str, Any] | None) -> str:
    if score is None:
        return "-"
    between = "" if score["low"] is None else f" ({100 * score['low']:+.2f} to {100 * score['high']:+.2f})"
    return f"{100 * score['change']:+.2f}{between}"


def _coefficients(known: Mapping[str, Any], level: str) -> list[str]:
    """The newest layers at their longest horizon, a target a column."""
    newest: dict[str, Mapping[str, Any]] = {}
    for each in known["layers"]:
        if each["level"] == level:
            before = newest.get(each["target"])
            if before is None or _age(each) > _age(before):
                newest[each["target"]] = each
    width = float(norm.ppf((1 + INTERVAL) / 2))
    layers = {target: layer_of(known["features"], each) for target, each in newest.items()}
    heads = [
        f"{target}, {'any month' if counts_deaths(target) else str(each['horizon']) + ' months'}"
        for target, each in newest.items()
    ]
    through = sorted({each["learned_through"] for each in newest.values()})
    rows = [
        (
            words,
            *(
                _cell(layer.coefficient[at], width * layer.error[at])
                if layer.covariance[at].any()
                else "never happened"
                for layer in layers.values()
            ),
        )
        for at, words in enumerate(known["words"])
    ]
    return [
        f"## What each fact adds: {'countries' if level == 'country' else 'regions'}",
        "",
        _ADDS.format(interval=INTERVAL, through=", ".join(through)),
        *table_lines(("fact", *heads), rows),
        "",
    ]


def _age(layer: Mapping[str, Any]) -> tuple[int, str]:
    return layer["horizon"], layer["learned_through"]


def _cell(middle: float, half: float) -> str:
    return f"{middle:+.2f} ({middle - half:+.2f} to {middle + half:+.2f})"
