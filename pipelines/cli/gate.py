"""The command line's `gate`: which feature blocks are worth learning from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...features.errors import ConfigError
from ..base.progress import Progress
from ..base.settings import Settings

__all__ = ["gate"]


def gate(
    level: Annotated[str, typer.Option(help="Level: country or region.")] = "country",
    targets: Annotated[str, typer.Option(help="Targets, with commas between.")] = "violence_1,violence_25,escalation",
    out: Annotated[
        Path | None, typer.Option(help="File of verdicts. [default: the package's own, which training reads]")
    ] = None,
    page: Annotated[Path | None, typer.Option(help="Write the table as a Markdown page as well.")] = None,
    snapshot: Annotated[Path | None, typer.Option(help="Folder of another snapshot.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")] = False,
) -> None:
    """Try the feature blocks one by one, and keep those that improve a score fixed beforehand, on later years."""
    from ...models.probabilities.kept_blocks import GATE_FILE  # noqa: PLC0415  # pandas is slow to import
    from ..backtest.gate import try_blocks  # noqa: PLC0415
    from ..backtest.gate_page import verdict_words, write_gate  # noqa: PLC0415

    if level not in ("country", "region"):
        msg = f"--level: {level!r} is neither country nor region."
        raise ConfigError(msg)
    settings = Settings() if snapshot is None else Settings(snapshot=snapshot)  # pyright: ignore[reportCallIssue]
    names = tuple(name.strip() for name in targets.split(",") if name.strip())
    verdicts = try_blocks(settings, Progress.on_stderr(quiet=quiet), level=level, targets=names)
    table = write_gate(verdicts, out or GATE_FILE, page=page)
    for row in table[(table["level"] == level) & table["target"].isin(names)].to_dict("records"):
        change = f"{1000 * row['difference_confirming']:+.3f} thousandths of Brier"
        words = {"yes": "kept", "no": "not kept"}.get(told := verdict_words(row), told)
        typer.echo(f"{row['target']}: {row['block']} {words} ({change})")
    typer.echo(out or GATE_FILE)
