"""Which code is running: its version, and its git commit where it runs from a checkout."""

from __future__ import annotations

import functools
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

__all__ = ["SourceRevision", "source_revision"]


@dataclass(frozen=True)
class SourceRevision:
    """Version of the package, commit of the checkout (None without one) and whether files were changed since."""

    version: str
    commit: str | None
    changed: bool


@functools.cache
def source_revision() -> SourceRevision:
    """Ask git about the folder that the package stands in."""
    root = Path(__file__).parents[2]
    own = version("faultline")
    git = shutil.which("git")
    # an installed package may lie inside somebody else's repository, whose commit is not ours
    if git is None or not (root / ".git").exists():
        return SourceRevision(own, None, changed=False)

    def ask(*arguments: str) -> str | None:
        done = subprocess.run(  # noqa: S603  # no input of a user's
            [git, "-C", str(root), *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else None

    commit = ask("rev-parse", "HEAD")
    return SourceRevision(own, commit, changed=bool(commit and ask("status", "--porcelain", "--untracked-files=no")))
