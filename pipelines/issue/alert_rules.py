"""The rules of alerts: read from a file whose thresholds anybody can change."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from ...features.errors import ConfigError, UnknownNameError
from ...features.targets.build import TARGETS

__all__ = ["DEFAULT_RULES", "WORSE", "Contested", "Forecast", "NewActor", "Novelty", "Rule", "Surprise", "read_rules"]

DEFAULT_RULES: Final = Path(__file__).with_name("alerts.toml")
#: Event of a trigger sheet that is no target: deaths at least 25, and 30 % more than in as many months before.
WORSE: Final = "worse"


class _Rule(BaseModel):
    """What all rules have: the event that they are judged by, and the months within which it is to come."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    event: str = WORSE
    within: int = Field(default=6, ge=1, le=12)

    @field_validator("event")
    @classmethod
    def _there(cls, name: str) -> str:
        if name != WORSE and (name not in TARGETS or TARGETS[name].kind != "probability"):
            raise ValueError(str(UnknownNameError("event", name, {WORSE, *TARGETS})))
        return name


class Novelty(_Rule):
    """More deaths in the last month than in any of so many months before it, and at least the floor."""

    kind: Literal["novelty"]
    months: int = Field(ge=1, le=120)
    floor: float = Field(default=25, ge=1)


class Forecast(_Rule):
    """The probability of a target is at least so high."""

    kind: Literal["forecast"]
    target: str
    horizon: int = Field(ge=1, le=12)
    at_least: float = Field(gt=0, lt=1)


class NewActor(_Rule):
    """An organised group that had no event in the unit for 60 months has had some lately, with so many deaths."""

    kind: Literal["new_actor"]
    months: int = Field(default=3, ge=1, le=12)
    floor: float = Field(default=5, ge=0)


class Contested(_Rule):
    """Control of the region is contested, and was not so many months ago."""

    kind: Literal["contested"]
    months: int = Field(default=12, ge=1, le=60)


class Surprise(_Rule):
    """The median of the deaths forecast now lies outside the 90 % range of the issue before, and by the floor."""

    kind: Literal["surprise"]
    target: str = "deaths_total"
    horizon: int = Field(default=3, ge=1, le=12)
    floor: float = Field(default=25, ge=0)


Rule = Novelty | Forecast | NewActor | Contested | Surprise
_RULE: Final[TypeAdapter[Rule]] = TypeAdapter(Annotated[Rule, Field(discriminator="kind")])


def read_rules(file: Path | None = None) -> dict[str, Rule]:
    """Read rules by name, in the order of the file; the package's own by default.

    Raises
    ------
    ConfigError
        If the file cannot be read, is no TOML, or a rule is not one: with its name and the field.
    """
    file = file or DEFAULT_RULES
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"the rules in {file} cannot be read ({error}); copy {DEFAULT_RULES} and change its numbers."
        raise ConfigError(msg) from error
    rules: dict[str, Rule] = {}
    for name, fields in told.items():
        try:
            rules[name] = _RULE.validate_python(fields)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"][1:] or first["loc"])
            msg = f"file {file}, rule {name!r}, field {where or 'kind'}: {first['msg']}."
            raise ConfigError(msg) from error
    if not rules:
        msg = f"file {file} holds no rule; copy {DEFAULT_RULES} and change its numbers."
        raise ConfigError(msg)
    return rules
