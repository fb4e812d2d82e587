"""Labels of points in a figure, placed so that they overlap neither each other nor points nor lines."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

Boxes = NDArray[Any]  # a row for each box or point
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


def overlaps(boxes: Boxes, others: Boxes) -> Boxes:
    """The areas that boxes (x0, y0, x1, y1) share: a row for each box, a column for each of the others."""
    a, b = boxes[:, None], others[None]
    width = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    height = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    return np.maximum(width, 0) * np.maximum(height, 0)


def along(line: Boxes) -> Boxes:
    """Points on a line of segments, so close that no label fits between them."""
    points = [line[:1]]
    for start, end in itertools.pairwise(line):
        parts = max(1, math.ceil(np.abs(end - start).max() / STEP))
        points.append(np.linspace(start, end, parts + 1)[1:])
    return np.concatenate(points)


def around(points: Boxes, radius: float) -> Boxes:
    return np.hstack([points - radius, points + radius])


def place(axis: Axes, labels: Sequence[Label], line: Sequence[tuple[float, float]] = ()) -> None:
    """Writes the labels, the first ones first. `line` has the corners of a line in the coordinates of the data.

    The limits of the axes and the layout of the figure must be final.
    """
    figure = axis.figure
    scale = figure.dpi / 72
    renderer = figure.canvas.get_renderer()
    inside = np.array([axis.get_window_extent(renderer).extents])
    pixels = axis.transData.transform([label.at for label in labels])
    taken = around(pixels, RADIUS * scale)
    thin = around(along(axis.transData.transform(line)), 1) if line else np.empty((0, 4))
    distance, angle = (np.ravel(grid) for grid in np.meshgrid(DISTANCES, DIRECTIONS, indexing="ij"))
    dx, dy = np.cos(angle), np.sin(angle)
    for label, (x, y) in zip(labels, pixels, strict=True):
        weight = "bold" if label.bold else "normal"
        text = axis.text(0, 0, label.text, fontsize=label.size, color=label.colour, fontweight=weight, zorder=5)
        extent = text.get_window_extent(renderer)
        width, height = extent.width + 2, extent.height
        left = x + dx * distance * scale + (dx - 1) / 2 * width
        low = y + dy * distance * scale + (dy - 1) / 2 * height
        boxes = np.stack([left, low, left + width, low + height], axis=1)
        outside = width * height - overlaps(boxes, inside)[:, 0]
        hidden = overlaps(boxes, taken).sum(1) + overlaps(boxes, thin).sum(1) / 2
        i = int(np.argmin(3 * outside + hidden + distance * 0.3 * scale))
        taken = np.vstack([taken, boxes[i]])
        x0, y0, x1, y1 = boxes[i]
        text.set_position(axis.transData.inverted().transform((x0 + 1, y0)))
        text.set_verticalalignment("bottom")
        if distance[i] >= LEADER:
            end = min(max(x, x0), x1), min(max(y, y0 + 2), y1 - 2)
            ends = axis.transData.inverted().transform([(x, y), end])
            axis.plot(ends[:, 0], ends[:, 1], color=label.colour, linewidth=0.5, alpha=0.6, zorder=2)
