"""Plots: curves have the values of the functions, and the figure has correct labels."""

import sys

import numpy as np
import pytest

import fastact
from fastact.plotting import ENTRIES, plot, unknown

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
pyplot = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def values(row):
    return tuple(0.25 if default is None else default for _, default in row.params)


def without_breaks(line):
    """The points of a line. x and y are NaN where the line is interrupted; y also where the function is undefined."""
    x, y = line.get_data()
    assert np.isnan(y[np.isnan(x)]).all()
    return x[~np.isnan(x)], y[~np.isnan(x)]


def test_activation(row):
    ax = plot(row.name, derivative=True)
    curve, slope = ax.lines[:2]
    x, y = without_breaks(curve)
    assert x[0] == -6 and x[-1] == 6 and np.all(np.diff(x) > 0)
    np.testing.assert_array_equal(y, getattr(fastact, row.name)(x, *values(row)))
    x, y = without_breaks(slope)
    np.testing.assert_array_equal(y, getattr(fastact, f"{row.name}_derivative")(x, *values(row)))
    assert curve.get_color() == slope.get_color()
    assert curve.get_linestyle() == "-" and slope.get_linestyle() == "--"
    assert ax.get_title(loc="left") == row.title
    assert legend(ax)[0].startswith(row.name) and legend(ax)[1:] == ["derivative"]


def test_gate_is_drawn_along_the_diagonal(gate_row):
    ax = plot(gate_row.name, derivative=True)
    x, y = without_breaks(ax.lines[0])
    np.testing.assert_array_equal(y, getattr(fastact, gate_row.name)(x, x))
    x, slope = without_breaks(ax.lines[1])
    np.testing.assert_allclose(slope[1:-1], np.gradient(y, x)[1:-1], atol=0.02, rtol=0.02)
    assert legend(ax) == [f"{gate_row.name}(x, x)", "derivative"]


def test_family():
    ax = plot("swish", params=(0.1, 1, 10), derivative=True, limits=(-2, 3))
    assert legend(ax) == ["beta = 0.1", "beta = 1", "beta = 10", "derivative"]
    for beta, curve, slope in zip((0.1, 1, 10), ax.lines[:3], ax.lines[3:6], strict=True):
        x, y = curve.get_data()
        assert (x[0], x[-1]) == (-2, 3)
        np.testing.assert_array_equal(y, fastact.swish(x, beta))
        np.testing.assert_array_equal(slope.get_ydata(), fastact.swish_derivative(x, beta))
        assert np.array_equal(curve.get_color(), slope.get_color())
    assert len({tuple(line.get_color()) for line in ax.lines[:3]}) == 3
    assert ax.get_title(loc="left") == ENTRIES["swish"].title


def test_several_functions():
    ax = plot(["gelu", "relu", "swiglu"])
    assert legend(ax) == ["gelu", "relu", "swiglu(x, x)"]
    assert ax.get_title(loc="left") == "gelu, relu and swiglu"
    assert len({line.get_color() for line in ax.lines[:3]}) == 3
    ax = plot(("swish", "softplus"), params=[1, 2])
    assert legend(ax) == ["swish, beta = 1", "swish, beta = 2", "softplus, beta = 1", "softplus, beta = 2"]


def test_every_function_at_once():
    names = list(ENTRIES)
    ax = plot(names, derivative=True)
    assert len(legend(ax)) == len(names) + 1
    ax.figure.canvas.draw()


def test_aliases():
    ax = plot("quick_gelu")
    x, y = ax.lines[0].get_data()
    np.testing.assert_array_equal(y, fastact.gelu_quick(x))
    assert legend(ax) == ["quick_gelu"]


def test_a_jump_is_not_drawn_as_a_slope():
    x, y = plot("relu", derivative=True).lines[1].get_data()
    steps = np.abs(np.diff(y))
    assert np.nanmax(steps) == 0 and set(y[~np.isnan(y)]) == {0, 1}
    assert 0 in x


def test_ranges():
    ax = plot("bilinear")  # x**2 reaches 36, which would flatten the rest
    assert ax.get_xlim() == (-6, 6)
    low, high = ax.get_ylim()
    assert -1 < low < 0 and 6 < high < 7
    low, high = plot("gelu", limits=(-12, -8)).get_ylim()
    assert -1e-14 < low < 0 < high < 1e-14
    low, high = plot("relu", limits=(-2, -1)).get_ylim()  # nothing but zeros
    assert low < 0 < high


def test_given_axes():
    figure, axes = pyplot.subplots(1, 2)
    assert plot("gelu", ax=axes[1]) is axes[1]
    assert not axes[0].lines and axes[1].lines
    assert pyplot.get_fignums() == [figure.number]


def test_pictures(tmp_path):
    for names in ("gelu", ["glu", "swiglu"]):
        path = tmp_path / "picture.png"
        plot(names, derivative=True).figure.savefig(path)
        pixels = pyplot.imread(path)
        assert path.stat().st_size > 5000 and pixels.std() > 0.01


@pytest.mark.parametrize(
    ("names", "options", "words"),
    [
        ("gleu", {}, "unknown function 'gleu'; did you mean .*gelu"),
        (["gelu", "xyzzy"], {}, "unknown function 'xyzzy'$"),
        ("gelu_derivative", {}, "gelu with derivative=True"),
        ([], {}, "names must not be empty"),
        ("swish", {"params": []}, "params must not be empty"),
        ("gelu", {"params": [1]}, "gelu has no parameter"),
        ("swiglu", {"params": [1]}, "swiglu has no parameter"),
        (["swish", "gelu"], {"params": [1]}, "gelu has no parameter"),
        ("swish", {"params": ["a"]}, "could not convert"),
        ("gelu", {"limits": (1, 1)}, "limits must be"),
        ("gelu", {"limits": (2, 1)}, "limits must be"),
        ("gelu", {"limits": (0, np.inf)}, "limits must be"),
        ("gelu", {"limits": (np.nan, 1)}, "limits must be"),
        ("gelu", {"limits": (1, 2, 3)}, "limits must be"),
    ],
)
def test_errors(names, options, words):
    with pytest.raises(ValueError, match=words):
        plot(names, **options)
    assert not pyplot.get_fignums()


def test_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r'pip install "fastact\[plot\]"'):
        plot("gelu")


def test_nearest_names():
    assert unknown("siluu", ["silu", "relu"]) == "unknown function 'siluu'; did you mean silu?"
    assert "silu or selu" in unknown("sillu", ["silu", "selu"])
    assert unknown("xyzzy", ["silu"]) == "unknown function 'xyzzy'"
