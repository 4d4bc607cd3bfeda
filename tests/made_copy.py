"""A copy of the package to which a recipe of CONTRIBUTING.md is applied, and a process that imports the copy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_TOYS = ROOT / "tests" / "toys"
#: Folders of modules that scripts may import.
_MAKERS = (ROOT / "tests" / "pipelines" / "report", ROOT / "tests")


@dataclass(frozen=True)
class Copy:
    """A copy of the package; ``changed`` are its files that a test wrote or added to."""

    root: Path
    changed: list[str]

    def put(self, file: str, toy: str) -> None:
        """Lay a new module into it, one of ``tests/toys``."""
        assert not (self.root / file).exists(), file
        self._write(file, (_TOYS / toy).read_text(encoding="utf-8"))

    def add(self, file: str, after: str, text: str) -> None:
        """Add a text to a file, after one that stands there once."""
        old = (self.root / file).read_text(encoding="utf-8")
        assert old.count(after) == 1, f"{file}: {after!r} stands there {old.count(after)} times"
        self._write(file, old.replace(after, after + text))

    def append(self, file: str, text: str) -> None:
        """Add a text to the end of a file."""
        self._write(file, (self.root / file).read_text(encoding="utf-8") + text)

    def _write(self, file: str, text: str) -> None:
        (self.root / file).write_text(text, encoding="utf-8")
        if file not in self.changed:
            self.changed.append(file)

    def tells(self, script: str) -> dict[str, Any]:
        """What a script that imports the copy prints last, as JSON; it is given the folder around the copy."""
        around = self.root.parent
        done = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-c", script, str(around)],
            cwd=around,
            env={**_environment(), "PYTHONPATH": os.pathsep.join(map(str, (around, *_MAKERS)))},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert told.pop("package") == str(self.root / "__init__.py")
        return told


def _environment() -> dict[str, str]:
    """Without what other tests of this process set: MLflow writes its server's address there."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("FAULTLINE_", "MLFLOW_"))}


def copied(folder: Path, *further: str) -> Copy:
    """Copy the package, and further files of the checkout, into a folder."""
    copy = folder / "faultline"
    for part in ("features", "models", "pipelines"):
        shutil.copytree(ROOT / part, copy / part)
    for file in ("__init__.py", "pyproject.toml", *further):
        (copy / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, copy / file)
    return Copy(copy, [])
