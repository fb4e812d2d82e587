"""Plots of the activations. Matplotlib is imported only here, when something is drawn."""

import difflib
import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import fastact

from .catalogue import ACTIVATIONS, GATES, Activation, Gate
from .catalogue.derived import formula

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEEDS_MATPLOTLIB = 'plots need Matplotlib: pip install "fastact[plot]"'
SIZE = (7.0, 4.4)  # inches
FREE = 0.25  # value of a parameter without default: the initial slope of prelu of He et al.

# Similar to the colours of Okabe and Ito, then Tol: distinct for colour-blind readers, and visible on white.
COLOURS = ("#07b", "#d50", "#096", "#c7a", "#5be", "#e90", "#000", "#825", "#993", "#328")
DASHED = (0, (4, 2))
GREY = "#5f5f5f"

Entry = Activation | Gate
_entries: tuple[Entry, ...] = (*ACTIVATIONS, *GATES)
ENTRIES = {name: entry for entry in _entries for name in (entry.name, *entry.aliases)}


class Curve(NamedTuple):
    """One curve: its label, and its parameters in order."""

    label: str
    entry: Entry
    values: tuple[float, ...]


def unknown(name: str, known: Iterable[str]) -> str:
    """The message for an unknown function, with similar names."""
    near = difflib.get_close_matches(name, list(known))
    return f"unknown function {name!r}" + (f"; did you mean {' or '.join(near)}?" if near else "")


def plot(
    names: str | Sequence[str],
    *,
    derivative: bool = False,
    params: Sequence[float] | None = None,
    limits: tuple[float, float] = (-6, 6),
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw activations, and their derivatives if wanted.

    Parameters
    ----------
    names : str or sequence of str
        Activations or gates of `fastact.table`, or their aliases. A gate is drawn with x for both inputs.
    derivative : bool, default False
        Whether to draw the derivatives too: dashed, in the colour of their functions.
    params : sequence of float, optional
        Values of the function's first parameter, with a curve for each. By default, the parameters have their
        defaults; the slope of `prelu`, which has no default, is 0.25.
    limits : tuple of float, default (-6, 6)
        The range of x.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; a new figure when not given.

    Returns
    -------
    matplotlib.axes.Axes
        The axes, with one line for each curve, then one line for each derivative.

    Raises
    ------
    ImportError
        When Matplotlib is not installed.
    ValueError
        When a name is unknown (the message lists similar names), `names` or `params` is empty, `params` are given to
        a function without parameters or are not numbers, or `limits` are not two rising finite numbers.

    Examples
    --------
    >>> from fastact.plotting import plot
    >>> ax = plot("swish", params=(0.1, 1, 10), derivative=True)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['beta = 0.1', 'beta = 1', 'beta = 10', 'derivative']
    """
    names = [names] if isinstance(names, str) else list(names)
    curves = _curves(names, params)
    low, high = map(float, limits) if len(limits) == 2 else (0, 0)
    if not -np.inf < low < high < np.inf:
        raise ValueError(f"plot: limits must be two finite numbers, the smaller first, got {limits!r}")
    try:
        from matplotlib import colormaps
        from matplotlib.lines import Line2D
    except ImportError as error:
        raise ImportError(NEEDS_MATPLOTLIB) from error
    if ax is None:
        from matplotlib import pyplot

        ax = pyplot.subplots(figsize=SIZE, layout="constrained")[1]

    ordered = len(curves) > (
        len(COLOURS) if len(names) > 1 else 1
    )  # values of one parameter, or more curves than COLOURS
    colours: Any = colormaps["viridis"](np.linspace(0.05, 0.8, len(curves))) if ordered else COLOURS
    seen = []
    for dashed in (False, True)[: 1 + derivative]:
        width, style = (1.4, DASHED) if dashed else (2.2, "solid")
        for curve, colour in zip(curves, colours, strict=False):
            x = _points(curve, low, high)
            y = _evaluate(curve, x, dashed)
            seen.append(y[np.isfinite(y)])
            (line,) = ax.plot(x, y, color=colour, linewidth=width, linestyle=style)
            line.set_label(f"_{curve.label}, derivative" if dashed else curve.label)  # "_": not in the legend
    dash = Line2D([], [], color=GREY, linewidth=1.4, linestyle=DASHED, label="derivative")
    handles = [*ax.get_legend_handles_labels()[0], *([dash] if derivative else [])]
    _dress(ax, names, (low, high), np.concatenate(seen))
    columns = 1 + len(handles) // 40
    beside: Any = {"bbox_to_anchor": (1, 1), "loc": 2, "fontsize": 6, "ncols": columns} if len(handles) > 12 else {}
    ax.legend(handles=handles, framealpha=0.9, edgecolor="none", **beside)
    return ax


def _curves(names: Sequence[str], params: Sequence[float] | None) -> list[Curve]:
    """The curves of each name: one, or one for each value of its first parameter."""
    if not names or (params is not None and len(params) == 0):
        raise ValueError(f"plot: {'params' if names else 'names'} must not be empty")
    curves = []
    for name in names:
        if name not in ENTRIES:
            root = name.removesuffix("_derivative")
            text = f"{name} is drawn by {root} with derivative=True" if root in ENTRIES else unknown(name, ENTRIES)
            raise ValueError(f"plot: {text}")
        entry = ENTRIES[name]
        known = () if isinstance(entry, Gate) else entry.params
        if not known:
            if params is not None:
                raise ValueError(f"plot: {name} has no parameter, but params are given")
            curves.append(Curve(f"{name}(x, x)" if isinstance(entry, Gate) else name, entry, ()))
            continue
        first, *rest = (FREE if default is None else default for _, default in known)
        for value in (first,) if params is None else map(float, params):
            label = f"{known[0][0]} = {value:g}"
            family = params is not None and len(names) == 1  # the title names the function
            curves.append(Curve(label if family else f"{name}, {label}", entry, (value, *rest)))
    return curves


def _points(curve: Curve, low: float, high: float) -> NDArray[np.float64]:
    """Evenly spaced points. NaN on both sides of a kink interrupts the line, so that a jump is not drawn as a slope."""
    x = np.linspace(low, high, 1201)
    for place, _ in () if isinstance(curve.entry, Gate) else curve.entry.kinks:
        kink = float(eval(place, dict(zip(dict(curve.entry.params), curve.values, strict=True))))
        if low < kink < high:
            near = [np.nextafter(kink, low), np.nan, kink, np.nan, np.nextafter(kink, high)]
            x = np.concatenate([x[~(x >= kink)], near, x[x > kink]])
    return x


def _evaluate(curve: Curve, x: NDArray[np.float64], derivative: bool) -> NDArray[np.float64]:
    name = curve.entry.name
    with np.errstate(all="ignore"):
        if not isinstance(curve.entry, Gate):
            y = getattr(fastact, f"{name}_derivative" if derivative else name)(x, *curve.values)
        elif derivative:  # along x = gate = up, the derivative is the sum of both partial derivatives
            y = np.add(*getattr(fastact, f"{name}_backward")(1.0, x, x))
        else:
            y = getattr(fastact, name)(x, x)
    return np.asarray(y, np.float64)


def _dress(ax: "Axes", names: Sequence[str], limits: tuple[float, float], seen: NDArray[np.float64]) -> None:
    """Title, formula, ranges, axes and grid."""
    entry, text = ENTRIES[names[0]], ""
    if len(names) > 1:
        title = ", ".join(names[:-1]) + f" and {names[-1]}"
        title = textwrap.fill(title, 70) if len(title) < 140 else f"{len(names)} functions"
    else:
        title = entry.title
        text = textwrap.shorten(re.sub(r"\b(gate|up)\b", "x", formula(entry)), 100, placeholder=" ...")
    ax.set_title(title, loc="left", fontsize=13, pad=24 if text else 10)
    if text:
        ax.text(0, 1.025, text, transform=ax.transAxes, fontsize=9.5, family="monospace", color=GREY)
    # A gate grows like the square of x: values beyond the range of x would flatten the rest of the plot
    most = max(1.0, *map(abs, limits))
    bottom, top = max(seen.min(initial=0), -most), min(seen.max(initial=0), most)
    margin = 0.05 * (top - bottom) or 1
    ax.set(xlim=limits, ylim=(bottom - margin, top + margin), xlabel="x", axisbelow=True)
    ax.axhline(0, color="#9a9a9a", linewidth=0.8, zorder=1)
    ax.axvline(0, color="#9a9a9a", linewidth=0.8, zorder=1)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:g}")  # without a separate power of ten, which would cover the formula
    ax.grid(True, color="#e6e6e6", linewidth=0.8)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, colors=GREY)
