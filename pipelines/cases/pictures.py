"""Drawings of small multiples, and a drawing written as a picture, PNG or SVG by the file's name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import altair as alt
import vl_convert

from ...features.errors import ConfigError
from ..base.whole import write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

__all__ = ["PICTURES", "check_picture", "small_multiples", "write_drawing"]

#: Endings of pictures that can be written.
PICTURES: Final = (".png", ".svg")


def small_multiples(
    layers: Iterable[alt.Chart],
    table: pd.DataFrame,
    name: str,
    *,
    title: alt.Title,
    size: tuple[int, int],
    columns: int,
    free: Literal["x", "y"],
) -> dict[str, Any]:
    """Draw the same layers for each value of a column, side by side, as a Vega-Lite specification.

    Parameters
    ----------
    layers
        Without data of their own.
    table
        What they show.
    name
        Column of the values, in whose order in the table the charts stand.
    size
        Width and height of one of them, pixels.
    columns
        How many stand side by side at the most.
    free
        Axis whose scale is each chart's own.
    """
    order, scales = list(dict.fromkeys(table[name])), cast("Any", {free: "independent"})
    return (
        alt.layer(*layers, data=table)
        .properties(width=size[0], height=size[1])
        .facet(facet=alt.Facet(f"{name}:N", sort=order, title=None), columns=min(columns, len(order)))
        .resolve_scale(**scales)
        .properties(title=title)
        .configure_view(stroke="#cccccc")
        .to_dict()
    )


def check_picture(file: Path) -> None:
    """Refuse a file that is no picture by its name.

    Raises
    ------
    ConfigError
        If it ends in none of `PICTURES`.
    """
    if file.suffix not in PICTURES:
        msg = f"{file} is neither {' nor '.join(PICTURES)}."
        raise ConfigError(msg)


def write_drawing(drawing: Mapping[str, Any], file: Path) -> Path:
    """Write a Vega-Lite specification as a picture.

    Raises
    ------
    ConfigError
        If the name ends in none of `PICTURES`, or the file cannot be written.
    """
    check_picture(file)
    specification = json.dumps(drawing, allow_nan=False)
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    try:
        if file.suffix == ".png":
            return write_bytes(file, vl_convert.vegalite_to_png(specification, vl_version=version, scale=1.6))
        return write_text(file, vl_convert.vegalite_to_svg(specification, vl_version=version))
    except OSError as error:
        msg = f"cannot write {file} ({error.strerror})."
        raise ConfigError(msg) from None
