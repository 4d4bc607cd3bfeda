"""The brief: one self-contained HTML file with the month's scores, made from `BriefContents` by `write_brief`."""

from .brief import write_brief
from .contents import BriefContents

__all__ = ["BriefContents", "write_brief"]
