"""`python -m fastact bench`: it times what it names, as often as it says; and it refuses wrong arguments."""

import contextlib
import sys

import numpy as np
import pytest
from conftest import DTYPES, complete, outputs

import fastact
from fastact.catalogue import FUNCTIONS, ROWWISE
from fastact.cli import bench, demo
from fastact.cli.main import main


def rows_of(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("elements ")[1].splitlines()[1:]]


def test_table(monkeypatch, capsys):
    """With a clock that says what it is told."""
    told = iter(range(1, 100))
    monkeypatch.setattr(demo, "times", lambda calls, rounds, together: [1e-6 * next(told), 2e-6, 5e-6])
    names = ["gelu_tanh", "swiglu", "softmax", "gelu_derivative", "logsumexp", "quick_gelu"]
    assert main(["bench", *names, "--size", "1000", "--size", "7", "--dtype", "float64", "-n", "2"]) == 0
    out, err = capsys.readouterr()
    assert err == ""  # no progress bar without a terminal
    said = f"fastact {fastact.__version__} ({fastact.level}, at most {fastact.get_num_threads()} threads)"
    assert out.startswith(f"{said}, NumPy {np.__version__}, float64; least time of 2 rounds")
    table = rows_of(out)
    assert [(cells[0], int(cells[1])) for cells in table] == [(name, size) for name in names for size in (1000, 7)]
    for turn, (name, size, *cells) in enumerate(table, 1):
        own, copy, plain = (1e3 * seconds / int(size) for seconds in (turn, 2, 5))
        assert cells[:2] == [f"{own:.3f}", f"{copy:.3f}"] and cells[3] == f"{turn / 2:.1f}"
        none = name == "gelu_derivative"
        assert [cells[2], cells[4]] == (["-", "-"] if none else [f"{plain:.3f}", f"{5 / turn:.1f}"])


def test_defaults(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(bench, "lines", lambda *args: asked.append(args) or iter(["a line"]))
    assert main(["bench"]) == 0
    assert asked == [(bench.USUAL, (1, 1000, 100_000, 1_000_000), np.float32, 20)]
    assert capsys.readouterr().out.endswith("\na line\n")


@pytest.mark.parametrize("size", [pytest.param(1, marks=complete), 50])
@pytest.mark.parametrize("name", bench.FUNCTIONS)
def test_what_is_timed(name, size):
    """Each function writes arrays of that size and of each dtype, and NumPy's expression comes to the same."""
    for dtype in DTYPES:
        with np.errstate(all="ignore"):
            calls = bench._calls(bench.FUNCTIONS[name], size, np.dtype(dtype))
            mine = outputs(calls.mine())
            plain = outputs(calls.numpy()) if calls.numpy else ()
        reduced = name in ("logsumexp", "logmeanexp", "maxout")
        assert all(y.size == (1 if reduced else size) for y in mine)
        assert all(y.dtype == dtype for y in mine if y.dtype != np.intp) and not np.isnan(mine[0]).all()
        for got, want in zip(mine, plain, strict=False):
            near = max(100 * float(np.finfo(dtype).eps), 1e-9)  # a constant of the expressions has ten digits
            np.testing.assert_allclose(got.astype(float), want.astype(float), rtol=near, atol=near)


def test_what_stands_beside_what():
    """Every elementwise function and alias can be timed, and every forward function of the demonstration."""
    assert {f.name for f in FUNCTIONS} <= bench.FUNCTIONS.keys()
    assert {"silu_mul", "quick_gelu", "quiet_softmax"} <= bench.FUNCTIONS.keys()
    assert {r.name for r in ROWWISE} - bench.FUNCTIONS.keys() == {"maxout_backward"}
    assert set(bench.USUAL) <= bench.FUNCTIONS.keys()
    for name in ("relu", "gelu", "swiglu", "softmax", "log_softmax", "maxout"):
        assert bench._calls(bench.FUNCTIONS[name], 3, np.dtype("float32")).numpy, name


def test_a_backward_pass_gets_an_output():
    """The y given to tanh_backward_from_output and softmax_backward is an output of the forward function."""
    for name, high in (("tanh_backward_from_output", 1.0), ("softmax_backward", 1.0)):
        _, y = bench._calls(bench.FUNCTIONS[name], 100, np.dtype("float64")).mine.args
        assert np.abs(y).max() <= high


def test_clock(monkeypatch):
    """The least time of a turn divided by its calls; a function without a partner is left out."""
    now, costs, calls = [0.0], [8.0, 4.0, 6.0, 5.0] * 3, []
    monkeypatch.setattr(demo.time, "perf_counter", lambda: now[0])

    def call():
        calls.append(now[0])
        now[0] += costs[(len(calls) - 1) // 3]

    assert demo.times((call, None), 2, together=3) == [4.0, float("inf")]
    assert len(calls) == 2 * 2 * 3


def test_short_calls_are_timed_together(monkeypatch):
    asked = []
    monkeypatch.setattr(demo, "times", lambda calls, rounds, together: asked.append(together) or (1.0, 1.0, 1.0))
    sizes = (1, 100, 1000, 9999, 10_000, 1_000_000)
    assert len(list(bench.lines(["relu"], sizes, np.dtype("float32"), 1))) == len(sizes)
    assert asked == [100, 100, 10, 2, 1, 1]


def test_threads(monkeypatch, capsys):
    seen = []
    monkeypatch.setattr(bench, "lines", lambda *args: iter([str(seen.append(fastact.get_num_threads()))]))
    before = fastact.get_num_threads()
    assert main(["bench", "relu", "--threads", "1"]) == 0
    assert seen == [1] and fastact.get_num_threads() == before
    assert "at most 1 threads" in capsys.readouterr().out


def test_needs_numpy_alone(monkeypatch, capsys):
    for name in ("scipy", "scipy.special", "matplotlib", "tqdm"):
        monkeypatch.setitem(sys.modules, name, None)
    assert main(["bench", "gelu", "silu", "--size", "10", "-n", "1"]) == 0
    out = capsys.readouterr().out
    assert "Without SciPy" in out.splitlines()[-1]
    gelu, silu = rows_of(out)[:2]
    assert gelu[4] == "-" and silu[4] != "-"


def test_progress_on_a_terminal(monkeypatch, capsys):
    pytest.importorskip("tqdm")
    with contextlib.suppress(AttributeError):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["bench", "relu", "--size", "10", "-n", "1"]) == 0
    out, err = capsys.readouterr()
    assert "fastact bench" in err and "fastact bench" not in out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["gleu"], "unknown function 'gleu'; did you mean glu or gelu"),
        (["relu", "xyzzy"], "unknown function 'xyzzy'\n"),
        (["glu_packed"], "glu_packed cannot be timed"),
        (["maxout_backward"], "maxout_backward cannot be timed"),
        (["--dtype", "int8"], "'int8': one of float16, float32, float64"),
        (["-n", "0"], "--rounds must be at least 1, not 0"),
        (["--threads", "0"], "--threads must be at least 1, not 0"),
        (["--size", "10", "--size", "-1"], "--size must be at least 1, not -1"),
        (["--size", "10000000000"], "--size must be at most 1000000000, not 10000000000"),
    ],
)
def test_refuses(argv, words, refused):
    assert words in refused("bench", *argv)


def test_too_large_for_the_memory(monkeypatch, refused):
    def full(*args):
        raise MemoryError

    monkeypatch.setattr(bench, "_arrays", full)
    assert "arrays of 500 elements do not fit" in refused("bench", "relu", "--size", "500", "--size", "5")
