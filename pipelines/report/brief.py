"""Write the brief: one HTML file that shows a month's scores and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from ...features.errors import ConfigError
from ..base.uncollected import uncollected
from ..base.whole import write_bytes
from .charts import javascript
from .page import page
from .shortening import shortened
from .wording import Wording

if TYPE_CHECKING:
    from .contents import BriefContents

__all__ = ["LARGEST_BYTES", "brief_name", "check_language", "render_brief", "write_brief"]

#: A brief must fit into a mail.
LARGEST_BYTES = 4_000_000
_SPARE = 0.9  # a brief is larger than its regions alone
_TEMPLATES = Path(__file__).parent / "templates"


def brief_name(lang: str) -> str:
    """Name of the file in a language: English has the short one.

    Examples
    --------
    >>> brief_name("en"), brief_name("fr")
    ('brief.html', 'brief.fr.html')
    """
    return "brief.html" if lang == "en" else f"brief.{lang}.html"


def check_language(lang: str) -> None:
    """Refuse a language without a catalogue, before any long work is done.

    Raises
    ------
    UnknownNameError
        If there is no catalogue for it.
    """
    Wording.of(lang)


def write_brief(contents: BriefContents, path: Path, *, lang: str = "en") -> Path:
    """Write the brief of an issue, whole or not at all.

    Where it would be larger than `LARGEST_BYTES` it shows the regions at highest risk only, and says so.

    Parameters
    ----------
    contents
        What it shows.
    path
        File to write, ``.html``; its folder is made, an earlier file is replaced.
    lang
        Language, such as ``fr``.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ConfigError
        If it would be larger than `LARGEST_BYTES` with few regions too, or the boundaries do not fit the scores.
    SourceError
        If the boundaries cannot be read.
    UnknownNameError
        If there is no catalogue for the language.
    """
    html = render_brief(contents, lang=lang).encode()
    while len(html) > LARGEST_BYTES and (fewer := shortened(contents, _SPARE * LARGEST_BYTES / len(html))):
        contents = fewer
        html = render_brief(contents, lang=lang).encode()
    if len(html) > LARGEST_BYTES:
        size, largest = len(html) / 1e6, LARGEST_BYTES / 1e6
        msg = (
            f"the brief would be {size:.1f} MB, more than the {largest:.0f} MB that fit into a mail. "
            "Score fewer regions, or give simpler boundaries."
        )
        raise ConfigError(msg)
    return write_bytes(path, html)


@uncollected()
def render_brief(contents: BriefContents, *, lang: str = "en") -> str:
    """Make the HTML of a brief, as `write_brief` writes it."""
    wording = Wording.of(lang)
    shown = page(contents, wording)
    scripts = [javascript(), (_TEMPLATES / "brief.js").read_text(encoding="utf-8")]
    return _template().render(
        page=shown,
        t=wording.say,
        w=wording,
        data=_json(shown.data),
        css=Markup((_TEMPLATES / "brief.css").read_text(encoding="utf-8")),  # noqa: S704  # our own file
        scripts=[Markup(script) for script in scripts],  # noqa: S704  # the library's and our own
        policy=_policy(scripts),
    )


@cache  # with the parts that it takes in, compiled
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("brief.html.j2")


def _json(data: object) -> Markup:
    """Write data for a script block: no text in it can end the block or open a comment."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # just made safe


def _policy(scripts: list[str]) -> str:
    """Let the page load nothing, and run no script but the two of this file, which it knows by their hashes."""
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )
