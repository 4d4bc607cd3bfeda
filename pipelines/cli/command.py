"""The program `faultline`: imports nothing before it can say in one line that it was interrupted."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit with its code; 130 where it is interrupted, be it while its modules are read."""
    try:
        from .main import main as run  # noqa: PLC0415  # this is the import that takes its time

        run()
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted.\n")
        sys.exit(130)
