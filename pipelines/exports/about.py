"""What every exported file says of itself: identifiers, units, thresholds, licence and sources."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from ...features.tables.schemas import SCHEMAS
from ...features.targets.build import TARGETS, learned_as
from ..issue.classes import RISK_CLASS_EDGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from ...features.tables.snapshot import Provenance

__all__ = ["About", "Column", "about_scores", "question"]

#: The scores are made from UCDP's data, whose licence asks that they be named.
LICENCE, LICENCE_URL = "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"
_UNITS: Final = {
    **dict.fromkeys(
        ("probability", "prob_low", "prob_high", "baseline_probability", "base_rate"), "probability, 0 to 1"
    ),
    **dict.fromkeys(
        ("change_since_last_issue", "effects_share", "effects_low", "effects_high"),
        "difference of two probabilities, -1 to 1",
    ),
    **dict.fromkeys(
        ("mean_deaths", "q05", "q25", "q50", "q75", "q95", "severe_deaths", "deaths_before"),
        "deaths (UCDP best estimate) of the types that the target counts",
    ),
    **dict.fromkeys(("horizon_months", "months_between"), "months"),
    "risk_score_0_10": "0 to 10",
    "risk_class": "class, 1 to 5",
    "rank": "place, 1 is the highest",
    "gwno": "Gleditsch-Ward state number",
    "location_code": "ISO 3166-1 alpha-3",
    "iso_3166_2": "ISO 3166-2",
    **dict.fromkeys(
        ("reference_period_start", "reference_period_end", "forecast_issue_date", "data_through"),
        "date, ISO 8601 (YYYY-MM-DD)",
    ),
}


@dataclass(frozen=True)
class Column:
    """A column of the flat table: its name, type, unit (empty for names and texts) and meaning."""

    name: str
    dtype: str
    unit: str
    description: str


@dataclass(frozen=True)
class About:
    """What a file says of itself.

    Attributes
    ----------
    title, issue, data_through, made_by
        Which forecasts these are, and what made them.
    targets
        What is forecast, by name.
    columns
        Of the flat table.
    risk_class_edges
        Probabilities at which risk classes 2 to 5 begin.
    sources
        ``source, version, licence, citation`` of the data that the forecasts rest on.
    models
        What the models behind the rows are made of, from
        `faultline.pipelines.learn.served`; empty where it is not known.
    """

    title: str
    issue: str
    data_through: str
    made_by: str
    targets: Mapping[str, str]
    columns: tuple[Column, ...]
    risk_class_edges: tuple[float, ...]
    sources: tuple[Mapping[str, str], ...]
    models: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """All of it, as JSON holds it."""
        return {
            "title": self.title,
            "issue": self.issue,
            "data_through": self.data_through,
            "made_by": self.made_by,
            "licence": LICENCE,
            "licence_url": LICENCE_URL,
            "attribution": "Name Faultline with the issue, and the sources below.",
            "targets": dict(self.targets),
            "columns": {c.name: {"type": c.dtype, "unit": c.unit, "description": c.description} for c in self.columns},
            "risk_class_edges": list(self.risk_class_edges),
            "risk_classes": "class 1 lies below the first edge, class 5 from the last one up; the edges never move",
            "sources": [dict(source) for source in self.sources],
            "models": [dict(model) for model in self.models],
        }


def question(target: str) -> str:
    """What a target's rows say, in words."""
    if target not in TARGETS:
        return target
    asked = TARGETS[target]
    if asked.kind == "probability":
        return "probability of: " + asked.question.format(window="within the horizon")
    months = "all months of the reference period together" if asked.total_of else "the reference period"
    return asked.question.format(window=f"in {months}") + ": mean and quantiles"


def _type(dtype: str) -> str:
    return "text" if dtype.startswith("str") else "date" if dtype.startswith("datetime") else dtype.lower()


def about_scores(
    issue: str,
    scores: pd.DataFrame,
    provenance: Mapping[str, Provenance],
    models: Iterable[Mapping[str, Any]] = (),
) -> About:
    """Describe a table of scores.

    Parameters
    ----------
    issue
        Its month, ``YYYY-MM``.
    scores
        Rows of the contract ``scores``.
    provenance
        Of the snapshot's tables.
    models
        What the issue says of its models; those behind these rows are kept.
    """
    levels = scores["admin_level"].map({0: "country", 1: "region"})
    behind = set(zip(levels, scores["target"].map(learned_as), strict=True))
    sources = {
        tuple(str(source.get(key) or "") for key in ("name", "version", "licence", "citation"))
        for table in provenance.values()
        for source in table.sources
    }
    return About(
        title=f"Faultline forecasts of political violence and state fragmentation, issue {issue}",
        issue=issue,
        data_through=f"{scores['data_through'].max():%Y-%m-%d}",
        made_by=f"faultline {version('faultline')}",
        targets={target: question(target) for target in sorted(scores["target"].unique())},
        columns=tuple(
            Column(name, _type(str(column.dtype)), _UNITS.get(name, ""), column.description or "")
            for name, column in SCHEMAS["scores"].columns.items()
        ),
        risk_class_edges=RISK_CLASS_EDGES,
        models=tuple(model for model in models if (model["level"], model["target"]) in behind),
        sources=tuple(dict(zip(("source", "version", "licence", "citation"), s, strict=True)) for s in sorted(sources)),
    )
