"""Settings, read once at the edge: from the environment (``FAULTLINE_...``), then from the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

__all__ = ["Settings"]

#: MLflow's own variable, read before MLflow is imported, for it sets the variable too.
_MLFLOW_SERVER = os.environ.get("MLFLOW_TRACKING_URI") or None


class Settings(BaseSettings):
    """Where things lie and how much of the machine to use.

    Each field can be set by an environment variable of its name in capitals with ``FAULTLINE_`` before it.
    """

    model_config = SettingsConfigDict(env_prefix="FAULTLINE_", frozen=True)

    out: Path = Field(default=Path("predictions"), description="folder of the issues")
    mlruns: Path = Field(default=Path("mlruns"), description="folder of the MLflow store and its artifacts")
    tracking_uri: str | None = Field(
        default=_MLFLOW_SERVER, description="MLflow tracking server; MLFLOW_TRACKING_URI or the local store by default"
    )
    snapshot: Path | None = Field(default=None, description="folder of another snapshot than the bundled one")
    facts: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), description="files of one's own facts, with commas between, laid over the snapshot's"
    )
    population: Path | None = Field(
        default=None, description="CSV of region_id and population: shares of a country's people, beside its regions"
    )
    boundaries: Path | None = Field(
        default=None, description="admin-1 polygons for regional maps; those that were fetched by default"
    )
    data: Path = Field(
        default=platformdirs.user_data_path("faultline"), description="folder of what `faultline fetch` keeps"
    )
    lang: str = Field(default="en", description="language of the brief")
    ucdp_url: str = Field(default="https://ucdp.uu.se/downloads", description="server of UCDP's event files")
    natural_earth_url: str = Field(
        default="https://naciscdn.org/naturalearth", description="server of Natural Earth's polygons"
    )
    seed: int = Field(default=20120322, ge=0, description="seed of everything random")
    threads: int = Field(default=2, ge=1, description="threads that one fit may use")

    @field_validator("facts", mode="before")
    @classmethod
    def _between_commas(cls, given: object) -> object:
        return tuple(filter(None, given.split(","))) if isinstance(given, str) else given

    @property
    def database(self) -> Path:
        """SQLite file of the local store."""
        return self.mlruns / "mlflow.db"

    @property
    def store_uri(self) -> str:
        """Tracking URI in force: the one given, or SQLite under ``mlruns``."""
        return self.tracking_uri or f"sqlite:///{self.database.resolve()}"
