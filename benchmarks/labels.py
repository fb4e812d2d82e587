"""Labels of points in a figure, placed so that they overlap neither each other nor points nor lines."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

DIRECTIONS = [i * math.pi / 8 for i in range(16)]
DISTANCES = (5, 9, 14, 20, 27, 35, 45, 56)  # points
LEADER = 10  # from this distance on, a thin line leads to the point
RADIUS = 3.5  # of a point, with some space
STEP = 4  # between the points of a line that labels keep away from


@dataclass(frozen=True)
class Label:
    text: str
    at: tuple[float, float]  # in the coordinates of the data
    colour: str
    size: float
    bold: bool = False


def overlap(a: Bbox, b: Bbox) -> float:
    width, height = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return width * height if width > 0 and height > 0 else 0


def along(line: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points on a line of segments, so close that no label fits between them."""
    points = []
    for (x0, y0), (x1, y1) in itertools.pairwise(line):
        parts = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0)) / STEP))
        points += [(x0 + (x1 - x0) * i / parts, y0 + (y1 - y0) * i / parts) for i in range(parts + 1)]
    return points


def place(axis: Axes, labels: Sequence[Label], line: Sequence[tuple[float, float]] = ()) -> None:
    """Writes the labels, the first ones first. `line` has the corners of a line in the coordinates of the data.

    The limits of the axes and the layout of the figure must be final.
    """
    figure = axis.figure
    scale = figure.dpi / 72
    renderer = figure.canvas.get_renderer()
    inside = axis.get_window_extent(renderer)
    pixels = [tuple(axis.transData.transform(label.at)) for label in labels]
    radius = RADIUS * scale
    taken = [Bbox.from_bounds(x - radius, y - radius, 2 * radius, 2 * radius) for x, y in pixels]
    thin = [Bbox.from_bounds(x - 1, y - 1, 2, 2) for x, y in along([tuple(axis.transData.transform(p)) for p in line])]
    for label, (x, y) in zip(labels, pixels, strict=True):
        weight = "bold" if label.bold else "normal"
        text = axis.text(0, 0, label.text, fontsize=label.size, color=label.colour, fontweight=weight, zorder=5)
        extent = text.get_window_extent(renderer)
        width, height = extent.width + 2, extent.height
        choices = []
        for distance, angle in itertools.product(DISTANCES, DIRECTIONS):
            dx, dy = math.cos(angle), math.sin(angle)
            left = x + dx * distance * scale + (dx - 1) / 2 * width
            low = y + dy * distance * scale + (dy - 1) / 2 * height
            box = Bbox.from_bounds(left, low, width, height)
            outside = width * height - overlap(box, inside)
            hidden = sum(overlap(box, other) for other in taken) + sum(overlap(box, other) for other in thin) / 2
            choices.append((3 * outside + hidden + distance * 0.3 * scale, distance, box))
        _, distance, box = min(choices, key=lambda choice: choice[:2])
        taken.append(box)
        text.set_position(axis.transData.inverted().transform((box.x0 + 1, box.y0)))
        text.set_verticalalignment("bottom")
        if distance >= LEADER:
            end = min(max(x, box.x0), box.x1), min(max(y, box.y0 + 2), box.y1 - 2)
            ends = axis.transData.inverted().transform([(x, y), end])
            axis.plot(ends[:, 0], ends[:, 1], color=label.colour, linewidth=0.5, alpha=0.6, zorder=2)
