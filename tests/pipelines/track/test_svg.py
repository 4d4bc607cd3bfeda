"""Charts as SVG text."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from faultline.pipelines.track.svg import Chart, Curve, draw, shades

SVG = "{http://www.w3.org/2000/svg}"


def shapes(svg, kind):
    return list(ET.fromstring(svg).iter(f"{SVG}{kind}"))  # noqa: S314  # of our own making


def test_a_line_runs_from_the_lower_left_to_the_upper_right_corner():
    ends = np.array([0.0, 1.0])
    (line,) = shapes(draw("t", [Chart("c", "x", "y", (Curve(ends, ends),))]), "polyline")
    assert line.get("points") == "0.0,260.0 260.0,0.0"


def test_bars_reach_their_height_on_the_scale_of_the_chart():
    bars = Curve(np.array([0.0, 0.5, 1.0]), np.array([0.1, 0.4]), "red", style="bars")
    svg = draw("t", [Chart("c", "x", "y", (bars,), top=0.4)])
    (path,) = [shape for shape in shapes(svg, "path") if shape.get("fill") == "red"]
    assert path.get("d") == "M0.0,260V195.0H130.0V260ZM130.0,260V0.0H260.0V260Z"


def test_every_label_stands_once_in_the_legend_and_texts_are_escaped():
    x = np.array([0.0, 1.0])
    chart = Chart("a < b", "x", "y", (Curve(x, x, "#111111", "1"), Curve(x, x, "#222222", "3"), Curve(x, x)))
    texts = [text.text for text in shapes(draw("R&D", [chart, chart], legend="months ahead"), "text")]
    assert [texts.count(label) for label in ("1", "3", "months ahead")] == [3, 1, 1]  # 1 is a tick of both charts too
    assert "R&D" in texts
    assert texts.count("a < b") == 2


@pytest.mark.parametrize("count", [1, 2, 4, 12])
def test_shades_begin_dark_and_differ(count):
    colours = shades(count)
    assert len(set(colours)) == count
    assert colours[0] == "#440154"
