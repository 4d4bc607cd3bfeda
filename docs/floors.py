"""Draws the floors of the package from the import contracts in pyproject.toml: ``python docs/floors.py [FILE]``.

Rooms of a floor know those below it and nothing of their neighbours. A test holds the picture to the contracts.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "floors.svg"
PACKAGES = ("pipelines", "models", "features")
WIDTH, MARGIN, TITLE, FLOOR, GAP = 1120, 16, 30, 46, 6
#: Width of a letter of 12 px, with some to spare.
LETTER = 6.1


def floors(root: Path = ROOT) -> dict[str, list[list[str]]]:
    """Rooms of each floor of each package, the highest first, as the contracts have them."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = {contract["id"]: contract.get("layers", []) for contract in settings["contracts"]}
    return {package: [[room.strip() for room in floor.split("|")] for floor in layers[package]] for package in PACKAGES}


def said_of(room: Path) -> str:
    """First sentence of what a room or a module says of itself."""
    file = room / "__init__.py" if room.is_dir() else room.with_suffix(".py")
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split()).rstrip(".")


def shortened(text: str, letters: int) -> str:
    """Text of at most so many letters, cut at a word."""
    return text if len(text) <= letters else f"{text[:letters].rsplit(' ', 1)[0].rstrip(',:')} …"


def draw(root: Path = ROOT) -> str:
    """The picture, SVG."""
    parts: list[str] = []
    y = MARGIN
    for package, levels in floors(root).items():
        parts.append(f'<text x="{MARGIN}" y="{y + 20}" class="package">{package}/</text>')
        y += TITLE
        for rooms in levels:
            width = (WIDTH - 2 * MARGIN - GAP * (len(rooms) - 1)) / len(rooms)
            for place, room in enumerate(rooms):
                x = MARGIN + place * (width + GAP)
                said = shortened(said_of(root / package / room), int((width - 20) / LETTER))
                parts += [
                    f'<rect x="{x:.0f}" y="{y}" width="{width:.0f}" height="{FLOOR - GAP}" rx="4"/>',
                    f'<text x="{x + 10:.0f}" y="{y + 16}" class="room">{escape(room)}</text>',
                    f'<text x="{x + 10:.0f}" y="{y + 32}">{escape(said)}</text>',
                ]
            y += FLOOR
        y += GAP
    style = (
        "text{font:12px sans-serif;fill:#333}.package{font-weight:bold;font-size:16px}.room{font-weight:bold}"
        "rect{fill:#eef3f8;stroke:#9fb4c9}.ground{fill:#fff}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + MARGIN}" role="img">'
        f"<title>Floors of the package: imports run downwards</title><style>{style}</style>"
        f'<rect class="ground" width="100%" height="100%"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else PICTURE).write_text(draw(), encoding="utf-8")
