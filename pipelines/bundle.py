"""A bundle: champions, data and scores in one archive, from which another machine scores offline, with the same result.

The same champions, data and month give the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..features.errors import SourceError
from ..features.snapshot import BUNDLED, PROVENANCE_FILE, TABLES, load_snapshot
from . import registry
from .champions import Champions
from .score import ModelVersion
from .source_revision import source_revision

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ..features.snapshot import Snapshot
    from .tracking import Store

__all__ = ["Bundle", "differences", "open_bundle", "write_bundle"]

_MANIFEST, _SCORES, _PREVIOUS = "manifest.json", "scores.parquet", "previous.parquet"
_REMEDY = "Get the bundle again, or make it with `faultline bundle`."


@dataclass(frozen=True)
class Bundle:
    """An open bundle.

    Attributes
    ----------
    origin
        The month that its scores are as of.
    champions, snapshot
        What scores, and the data.
    scores
        The scores that the machine that made it got.
    previous
        Scores of the issue before, None where there was none.
    """

    origin: pd.Period
    champions: Champions
    snapshot: Snapshot
    scores: pd.DataFrame
    previous: pd.DataFrame | None


def write_bundle(
    file: Path,
    store: Store,
    champions: Champions,
    *,
    snapshot: Path | None,
    origin: pd.Period,
    scores: pd.DataFrame,
    previous: pd.DataFrame | None,
) -> None:
    """Write a bundle, whole or not at all.

    Parameters
    ----------
    snapshot
        Folder of the data; by default the one that the package carries.
    scores
        What the champions say as of the origin.
    """
    data = BUNDLED if snapshot is None else snapshot
    content: dict[str, bytes] = {_SCORES: _parquet(scores)}
    if previous is not None:
        content[_PREVIOUS] = _parquet(previous)
    for name in (*(f"{table}.parquet" for table in TABLES), PROVENANCE_FILE):
        content[f"snapshot/{name}"] = (data / name).read_bytes()
    content["skill.csv"] = champions.skill.to_csv(index=False).encode()
    with TemporaryDirectory() as temporary:
        for name, version in champions.versions.items():
            folder = registry.download(store, version, Path(temporary) / name)
            for path in folder.rglob("*"):
                if path.is_file():
                    content[f"models/{name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    revision = source_revision()
    manifest = {
        "origin": str(origin),
        "faultline": revision.version,
        "commit": revision.commit,
        "champions": {name: asdict(version) for name, version in champions.versions.items()},
        "sha256": {name: hashlib.sha256(content[name]).hexdigest() for name in sorted(content)},
    }
    content[_MANIFEST] = json.dumps(manifest, indent=1).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.part")
    try:
        # neither names nor times of this machine: the same content is the same archive
        with (
            aside.open("wb") as raw,
            gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for name in (_MANIFEST, *sorted(set(content) - {_MANIFEST})):
                entry = tarfile.TarInfo(name)
                entry.size = len(content[name])
                archive.addfile(entry, io.BytesIO(content[name]))
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def _parquet(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    table.to_parquet(out, index=False, compression="zstd")
    return out.getvalue()


@contextmanager
def open_bundle(file: Path) -> Generator[Bundle]:
    """Unpack a bundle and check it; it is gone afterwards.

    Raises
    ------
    SourceError
        If the file is missing, no bundle, cut off or changed.
    """
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        try:
            with tarfile.open(file, "r:gz") as archive:
                archive.extractall(folder, filter="data")
            manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            _check(folder, manifest["sha256"], file)
            origin = pd.Period(manifest["origin"], "M")
            versions = {name: ModelVersion(**version) for name, version in manifest["champions"].items()}
        except (OSError, tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
            if isinstance(error, SourceError):
                raise
            msg = f"this is no whole bundle ({type(error).__name__}: {error})."
            raise SourceError(msg, file=file, remedy=_REMEDY) from error
        champions = Champions(
            models={
                name: registry.load_from(str(folder / "models" / name), described=f"{name} in {file}")
                for name in versions
            },
            versions=versions,
            skill=pd.read_csv(folder / "skill.csv"),
        )
        before = folder / _PREVIOUS
        yield Bundle(
            origin=origin,
            champions=champions,
            snapshot=load_snapshot(folder / "snapshot"),
            scores=pd.read_parquet(folder / _SCORES),
            previous=pd.read_parquet(before) if before.exists() else None,
        )


def _check(folder: Path, sums: Mapping[str, str], file: Path) -> None:
    for name, expected in sums.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
            msg = f"{name} in the bundle was changed: its SHA-256 is another than the manifest's."
            raise SourceError(msg, file=file, remedy=_REMEDY)


def differences(scores: pd.DataFrame, bundled: pd.DataFrame) -> str | None:
    """Say how scores differ from a bundle's; None if they are the same, bit for bit."""
    if scores.equals(bundled):
        return None
    if scores.shape != bundled.shape:
        return f"{len(scores):,} scores were made, the bundle holds {len(bundled):,}"
    unlike = ~((scores == bundled) | (scores.isna() & bundled.isna()))
    apart = (scores["probability"] - bundled["probability"]).abs().max()
    columns = ", ".join(unlike.columns[unlike.any()])
    return f"{int(unlike.any(axis=1).sum()):,} rows differ in {columns}; probabilities by at most {apart:.2g}"
