"""A bundle: champions, data and scores in one archive, from which another machine scores offline, with the same result.

The same champions, data and month give the same bytes. It holds data only: the models' texts (JSON and LightGBM's own
format), Parquet and CSV. Whoever opens one runs nothing out of it: every entry must be one that a bundle has, the code
that reads it is the one that is installed, and nothing is unpacked to a path that stands in the archive.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...features.errors import SourceError
from ...features.tables.snapshot import BUNDLED, PROVENANCE_FILE, TABLES, load_snapshot
from ...models.serving.saved_model import model_from_texts
from ..base.csv_files import csv_text
from ..base.source_revision import source_revision
from ..base.whole import whole_file
from ..learn.train import ModelVersion
from ..track.champions import Champions

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ...features.tables.snapshot import Snapshot

__all__ = ["Bundle", "differences", "open_bundle", "write_bundle"]

_MANIFEST, _SCORES, _PREVIOUS = "manifest.json", "scores.parquet", "previous.parquet"
_SKILL: Final = "skill.csv"
_SNAPSHOT: Final = (*(f"snapshot/{table}.parquet" for table in TABLES), f"snapshot/{PROVENANCE_FILE}")
_MODEL_TEXT = re.compile(r"models/(?P<model>[\w-]+)/[\w-]+\.(?:json|txt)", re.ASCII)
#: Bytes unpacked beyond which an archive is no bundle: a hundred times what one of all countries and models takes.
_MOST: Final = 1 << 30
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
    for name in _SNAPSHOT:
        content[name] = (data / Path(name).name).read_bytes()
    content[_SKILL] = csv_text(champions.skill).encode()
    for name, model in champions.models.items():
        content |= {f"models/{name}/{text}": said.encode() for text, said in model.texts().items()}
    revision = source_revision()
    manifest = {
        "origin": str(origin),
        "faultline": revision.version,
        "commit": revision.commit,
        "champions": {name: asdict(version) for name, version in champions.versions.items()},
        "sha256": {name: hashlib.sha256(content[name]).hexdigest() for name in sorted(content)},
    }
    content[_MANIFEST] = json.dumps(manifest, indent=1).encode()
    # neither names nor times of this machine: the same content is the same archive
    with (
        whole_file(file) as aside,
        aside.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in (_MANIFEST, *sorted(set(content) - {_MANIFEST})):
            entry = tarfile.TarInfo(name)
            entry.size = len(content[name])
            archive.addfile(entry, io.BytesIO(content[name]))


def _parquet(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    table.to_parquet(out, index=False, compression="zstd")
    return out.getvalue()


@contextmanager
def open_bundle(file: Path) -> Generator[Bundle]:
    """Read a bundle and check it; its data are gone afterwards.

    Raises
    ------
    SourceError
        If the file is missing, no bundle, cut off or changed, or holds anything that a bundle does not.
    SchemaError
        If one of its models is of another version of the package.
    """
    try:
        content = _entries(file)
        manifest: dict[str, Any] = json.loads(content.pop(_MANIFEST))
        versions = {name: ModelVersion(**version) for name, version in manifest["champions"].items()}
        _check(content, manifest["sha256"], versions, file)
        origin = pd.Period(manifest["origin"], "M")
        texts: dict[str, dict[str, str]] = {name: {} for name in versions}
        for name, data in content.items():
            if found := _MODEL_TEXT.fullmatch(name):
                texts[found["model"]][Path(name).name] = data.decode()
        skill, scores = pd.read_csv(io.BytesIO(content[_SKILL])), pd.read_parquet(io.BytesIO(content[_SCORES]))
        previous = pd.read_parquet(io.BytesIO(content[_PREVIOUS])) if _PREVIOUS in content else None
        tables = {Path(name).name: content[name] for name in _SNAPSHOT}
    except (OSError, tarfile.TarError, EOFError, zlib.error, AttributeError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, SourceError):
            raise
        msg = f"this is no whole bundle ({type(error).__name__}: {error})."
        raise SourceError(msg, file=file, remedy=_REMEDY) from error
    models = {name: model_from_texts(texts[name], described=f"{name} in {file}") for name in versions}
    with TemporaryDirectory() as temporary:
        for name, table in tables.items():
            (Path(temporary) / name).write_bytes(table)
        yield Bundle(
            origin=origin,
            champions=Champions(models=models, versions=versions, skill=skill),
            snapshot=load_snapshot(Path(temporary)),
            scores=scores,
            previous=previous,
        )


def _entries(file: Path) -> dict[str, bytes]:
    """Read every entry of an archive by name, and refuse what is no plain file, comes twice or is too large."""
    with gzip.open(file) as packed:
        unpacked = packed.read(_MOST + 1)
    if len(unpacked) > _MOST:
        msg = f"it unpacks to more than {_MOST >> 20:,} MiB, which no bundle does."
        raise SourceError(msg, file=file, remedy=_REMEDY)
    content: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
        for entry in archive:
            data = archive.extractfile(entry) if entry.isreg() else None
            if data is None or entry.name in content:
                msg = f"{entry.name!r} in the bundle {'comes twice' if entry.name in content else 'is no plain file'}."
                raise SourceError(msg, file=file, remedy=_REMEDY)
            content[entry.name] = data.read()
    return content


def _check(
    content: Mapping[str, bytes], sums: Mapping[str, str], versions: Mapping[str, ModelVersion], file: Path
) -> None:
    for name in sorted(content):
        text = _MODEL_TEXT.fullmatch(name)
        if not (text and text["model"] in versions) and name not in {_SCORES, _PREVIOUS, _SKILL, *_SNAPSHOT}:
            msg = f"{name!r} in the bundle is nothing that a bundle holds: data and models as text."
            raise SourceError(msg, file=file, remedy=_REMEDY)
        if name not in sums:
            msg = f"{name!r} in the bundle is not in its manifest."
            raise SourceError(msg, file=file, remedy=_REMEDY)
    for name, expected in sums.items():
        if hashlib.sha256(content[name]).hexdigest() != expected:
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
