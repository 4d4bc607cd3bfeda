"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["Progress"]


@dataclass(frozen=True)
class Progress:
    """Says on standard error what is being done and how far it has come.

    Attributes
    ----------
    console
        Where it is said.
    quiet
        Say nothing but warnings.
    """

    console: Console
    quiet: bool = False

    @classmethod
    def on_stderr(cls, *, quiet: bool = False) -> Progress:
        """Report on standard error."""
        return cls(Console(stderr=True, highlight=False, soft_wrap=True), quiet=quiet)

    @contextmanager
    def stage(self, title: str, total: int = 1) -> Generator[Callable[[], None]]:
        """Announce a stage; call what it gives once for each of ``total`` parts done."""
        started = time.perf_counter()
        if self.quiet:
            yield lambda: None
        elif self.console.is_terminal:
            columns = TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
            with Bar(*columns, console=self.console) as bar:
                task = bar.add_task(title, total=total)
                yield lambda: bar.advance(task)
                bar.update(task, completed=total)
        else:
            self.console.print(f"{title} ...", markup=False)
            yield lambda: None
            self.console.print(f"{title}: done in {time.perf_counter() - started:.1f} s", markup=False)

    def say(self, text: str) -> None:
        """Say a result on the way, unless quiet."""
        if not self.quiet:
            self.console.print(text, markup=False)

    def warn(self, text: str) -> None:
        """Say something that must not be missed, even when quiet."""
        self.console.print(f"warning: {text}", style="yellow", markup=False)
