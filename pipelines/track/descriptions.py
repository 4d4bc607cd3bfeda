"""The sentence that MLflow's UI shows with each thing in a store: what it holds, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT", "ISSUES", "NOTE", "of_experiment", "of_issue", "of_model", "of_run", "of_version"]

#: Tag of experiments, runs and logged models that the UI shows as their description.
NOTE = "mlflow.note.content"
#: Experiment of the issues, a run each.
ISSUES = "issues"
#: Of the experiment that MLflow makes in every store.
DEFAULT = "Empty: MLflow makes this experiment in every store, and Faultline logs nothing to it."
_WHERE = {"country": "countries", "region": "regions"}


def of_experiment(name: str) -> str:
    """Say what an experiment holds."""
    if name == ISSUES:
        return "Issues: a run for each, with its scores, its brief and which champions and data it rests on."
    level, _, family = name.partition("-")
    if family.endswith("-backtest"):
        what = family.removesuffix("-backtest")
        return f"Backtests of {what}, by {level}: forecasts of past months, learned from what was known before them."
    return (
        f"Campaigns of forecasters of {family}, by {level}: a run for each campaign, and under it one for each "
        "forecaster of each target, scored on origins that were held back from it."
    )


def of_run(experiment: str, name: str, tags: Mapping[str, str], parameters: Mapping[str, object]) -> str:
    """Say what a run of a campaign or a backtest holds.

    Parameters
    ----------
    experiment, name
        Names of its experiment and of the run itself.
    tags, parameters
        Its own; ``faultline.kind`` tells what it is.
    """
    level = experiment.partition("-")[0]
    where = _WHERE.get(level, level)
    through = parameters.get("data_through")
    learned = f", learned from data through {through}" if through else ""
    backtest = experiment.endswith("-backtest")
    if tags.get("faultline.kind") == "forecaster":
        scored = "in a backtest" if backtest else "on origins held back from the campaign"
        what = f"The {tags['faultline.forecaster']} of {tags['faultline.target']} for {where}"
        return f"{what}{learned}: its scores {scored}, by stratum and horizon."
    if backtest:
        return f"The {name} for {where}, with its page and tables; under it a run for each forecaster of each target."
    targets = parameters.get("targets", "its targets")
    return f"A campaign for {where}{learned}: under it a run for each forecaster of {targets}."


def of_issue(issue: str) -> str:
    """Say what the run of an issue holds."""
    return f"The issue of {issue}: its scores, its skill table and its brief."


def of_model(level: str, target: str, alias: str) -> str:
    """Say what a registered model forecasts."""
    return f"Forecasts of {target} for {_WHERE[level]}; `{alias}` is served."


def of_version(level: str, target: str, forecaster: str, through: str) -> str:
    """Say what a version of a registered model is."""
    return f"The {forecaster} of {target} for {_WHERE[level]}, learned from data through {through}."
