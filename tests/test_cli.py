"""The command line: what it prints and writes, and that a failure leaves no files behind."""

import errno
import importlib
import io
import json
import os
import re
import stat
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from conftest import bound

import fastact
from fastact.catalogue import ACTIVATIONS, FUNCTIONS, GATES
from fastact.cli import demo
from fastact.cli import main as cli
from fastact.cli.main import main

ROWS = (*ACTIVATIONS, *GATES)
SINGLE = [f for f in FUNCTIONS if f.inputs[0] == "x" and f.kind != "biased"]


def python(*args, **env):
    """The command in a separate process."""
    command = [sys.executable, *args]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | env, timeout=300)


def same(got, want):
    assert got.dtype == want.dtype and got.shape == want.shape
    return got.tobytes() == want.tobytes()


@pytest.fixture
def array(folder):
    x = np.linspace(-5, 5, 1000, dtype=np.float32).reshape(20, 50)
    np.save("in.npy", x)
    return x


# all commands


def test_version(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"fastact {fastact.__version__}\n"


def test_module_runs_as_a_program():
    done = python("-m", "fastact", "--version")
    assert (done.returncode, done.stdout) == (0, f"fastact {fastact.__version__}\n")


@pytest.mark.parametrize(
    "argv", [[], ["fly"], ["apply", "gelu"], ["plot"], ["plot", "gelu", "--range=a"], ["bench", "-n", "a"]]
)
def test_arguments_that_cannot_be_parsed(argv, capsys):
    with pytest.raises(SystemExit) as end:
        main(argv)
    assert end.value.code == 2
    assert "usage: fastact" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["demo", "bench", "info", "plot", "apply"])
def test_help(command, capsys):
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert f"usage: fastact {command}" in capsys.readouterr().out


def test_a_reader_that_stops_is_no_error():
    command = [sys.executable, "-m", "fastact", "info"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(300) in (0, 1)


# demo


def test_demo(monkeypatch, capsys):
    """With a clock that says what it is told: NumPy takes three times as long."""
    asked = []
    seconds = 1e-9 * demo.sample().size
    monkeypatch.setattr(demo, "times", lambda calls, rounds: asked.append(rounds) or [2 * seconds, 6 * seconds])
    assert main(["demo", "--rounds", "3"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "sentence-transformers/all-MiniLM-L6-v2" in out
    bounds = {row.name: bound(row.name, np.float32) for row in ROWS}
    lines = {line.split()[0]: line.split() for line in out.splitlines()[-len(ROWS) :]}
    assert list(lines) == [row.name for row in ROWS]
    for cells in lines.values():
        assert 0 <= float(cells[4]) <= bounds[cells[0]], cells
        if cells[2] == "-":  # a line without a NumPy expression
            continue
        assert cells[1:4] == ["2.000", "6.000", "3.0"] and float(cells[5]) >= 0
    assert asked == [3] * len(ROWS)


def test_demo_needs_numpy_alone(monkeypatch, capsys):
    for name in ("scipy", "scipy.special", "matplotlib", "tqdm"):
        monkeypatch.setitem(sys.modules, name, None)
    assert main(["demo", "-n", "1"]) == 0
    out = capsys.readouterr().out
    line = next(line for line in out.splitlines() if line.startswith("gelu ")).split()
    assert line[2:4] == ["-", "-"] and line[5] == "-" and float(line[4]) <= 4.0
    assert next(line for line in out.splitlines() if line.startswith("silu ")).split()[2] != "-"
    assert "error function of SciPy" in out.splitlines()[-1]


def test_demo_expressions_are_the_functions():
    """The NumPy expression has the result of fastact, to the precision of float32 at 1."""
    for row in ACTIVATIONS:
        if row.name in demo.NUMPY:
            x = np.linspace(max(-4, row.least + 0.01), 4, 101, dtype=np.float32)
            y = demo._numpy(row.name)(x, np.empty_like(x))
            assert y.dtype == np.float32
            np.testing.assert_allclose(y, demo._reference(row, (x,)), rtol=1e-5, atol=2e-6, err_msg=row.name)


def test_demo_error_is_counted_in_ulp():
    truth = np.array([1.0, 1.5, -3.0, 0.0, 1e-45])
    got = np.array([1 + 2**-23, 1.5, -3.0, 0.0, 2e-45], np.float32)
    assert demo._ulp(got[:1], truth[:1]) == 1
    assert demo._ulp(got[1:4], truth[1:4]) == 0
    assert 0.2 < demo._ulp(got[4:], truth[4:]) < 1.5


def test_demo_refuses_no_rounds(refused):
    assert "at least 1" in refused("demo", "-n", "0")


# info


def test_info_json(capsys):
    assert main(["info", "--json"]) == 0
    info = json.loads(capsys.readouterr().out)
    assert info["version"] == fastact.__version__
    assert info["level"] == fastact.level
    assert info["level"] in info["levels_available"]
    assert set(info["levels_available"]) <= set(info["levels_built"])
    assert info["threads"] == fastact.get_num_threads()
    assert 1 <= info["usable_cpus"] <= os.cpu_count()
    assert info["forked"] is False
    assert info["numpy"] == np.__version__
    assert info["compiler"] and info["python"] and info["platform"]
    if fastact._core.OPENMP and sys.platform == "linux":
        assert "omp" in Path(info["openmp"]).name
    else:
        assert info["openmp"] in ("none", "unknown") or Path(info["openmp"]).exists()


def test_info_text(capsys):
    assert main(["info"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line[20] == " " and line[21] != " " for line in lines)  # one column
    text = {line[:20].strip(): line[21:] for line in lines}
    assert text["version"] == fastact.__version__
    assert text["forked"] == "no"
    assert text["threads"] == str(fastact.get_num_threads())


def test_info_shows_what_was_forced():
    level = fastact.available_levels()[0]
    forced = {"FASTACT_ISA": level, "FASTACT_NUM_THREADS": "3", "OMP_NUM_THREADS": "5"}
    done = python("-m", "fastact", "info", "--json", **forced)
    assert done.returncode == 0, done.stderr
    info = json.loads(done.stdout)
    assert (info["level"], info["level_reason"], info["FASTACT_ISA"]) == (level, "FASTACT_ISA", level)
    if fastact._core.OPENMP:
        assert (info["threads"], info["threads_reason"]) == (3, "FASTACT_NUM_THREADS")
    done = python("-m", "fastact", "info", "--json", FASTACT_NUM_THREADS="3", OMP_NUM_THREADS="1")
    info = json.loads(done.stdout)
    assert info["threads"] == 1
    if fastact._core.OPENMP:
        assert "OMP_NUM_THREADS" in info["threads_reason"]


def test_info_sources(monkeypatch):
    monkeypatch.setattr(cli, "_core", types.SimpleNamespace(is_forked=lambda: True, OPENMP=True, COMPILER=""))
    assert "forked" in cli._info()["threads_reason"]
    monkeypatch.setattr(cli, "_core", types.SimpleNamespace(is_forked=lambda: False, OPENMP=False, COMPILER=""))
    info = cli._info()
    assert info["openmp"] == "none" and "without OpenMP" in info["threads_reason"]


def test_info_asks_threadpoolctl_first(monkeypatch):
    pools = [{"user_api": "blas", "filepath": "a"}, {"user_api": "openmp", "filepath": "libomp"}]
    monkeypatch.setitem(sys.modules, "threadpoolctl", types.SimpleNamespace(threadpool_info=lambda: pools))
    monkeypatch.setattr(cli, "_core", types.SimpleNamespace(OPENMP=True))
    assert cli._openmp() == "libomp"


# apply: what it writes


@pytest.mark.parametrize("single", SINGLE, ids=lambda f: f.name)
def test_apply_every_function(single, array):
    params = [f"--param={name}=0.375" for name in single.inputs[1:]]
    assert main(["apply", single.name, "in.npy", "out.npy", *params]) == 0
    assert same(np.load("out.npy"), getattr(fastact, single.name)(array, *[0.375] * len(params)))


INPUTS = ("float16", "float32", "float64", "int8", "uint16", "int64", "bool", ">f4", ">f8")


@pytest.mark.parametrize("given", INPUTS)
@pytest.mark.parametrize("name", ["gelu", "swish"])
def test_apply_dtypes(name, given, folder, capsys):
    x = (np.arange(-60, 60) / (8 if np.dtype(given).kind == "f" else 1)).astype(given)
    np.save("in.npy", x)
    assert main(["apply", name, "in.npy", "out.npy"]) == 0
    assert same(np.load("out.npy"), getattr(fastact, name)(x))
    assert capsys.readouterr() == ("", "")  # no progress bar without a terminal


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0), (1,), (5,), (1, 5), (5, 1), (4, 5), (3, 4, 5)])
def test_apply_shapes_and_orders(shape, order, folder, monkeypatch):
    monkeypatch.setattr(cli, "BLOCK", 7)
    x = np.asarray(np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape) / 8 - 3, order=order)
    np.save("in.npy", x)
    assert main(["apply", "silu", "in.npy", "out.npy"]) == 0
    y = np.load("out.npy")
    assert same(y, np.asarray(fastact.silu(x)))
    assert y.flags.f_contiguous == x.flags.f_contiguous and y.flags.c_contiguous == x.flags.c_contiguous


def test_apply_in_more_than_one_block(folder):
    x = np.random.default_rng(0).normal(size=2 * cli.BLOCK + 17).astype(np.float32)
    np.save("in.npy", x)
    assert main(["apply", "gelu", "in.npy", "out.npy"]) == 0
    assert same(np.load("out.npy"), fastact.gelu(x))


@pytest.mark.parametrize("wanted", ["float16", "float32", "float64"])
@pytest.mark.parametrize("given", ["float16", "float32", "float64", "int64"])
def test_apply_rounds_results_once(given, wanted, folder):
    x = (np.arange(-40, 40) * (1 if given == "int64" else 0.173)).astype(given)
    np.save("in.npy", x)
    assert main(["apply", "gelu", "in.npy", "out.npy", "--dtype", wanted]) == 0
    wide = np.promote_types(fastact.gelu(x).dtype, wanted)
    assert same(np.load("out.npy"), fastact.gelu(x, dtype=wide).astype(wanted))


def test_apply_parameters(array):
    assert main(["apply", "swish", "in.npy", "out.npy", "--param", "beta=-2.5e0"]) == 0
    assert same(np.load("out.npy"), fastact.swish(array, -2.5))
    assert main(["apply", "prelu", "in.npy", "out.npy", "--param", "slope=.5"]) == 0
    assert same(np.load("out.npy"), fastact.prelu(array, 0.5))
    assert main(["apply", "elu", "in.npy", "out.npy"]) == 0  # its default
    assert same(np.load("out.npy"), fastact.elu(array))


def test_apply_takes_aliases(array):
    for row in ACTIVATIONS:
        for alias in row.aliases:
            required = {name: 0.5 for name, default in row.params if default is None}
            options = [word for name, value in required.items() for word in ("--param", f"{name}={value}")]
            assert main(["apply", alias, "in.npy", "out.npy", *options]) == 0
            assert same(np.load("out.npy"), getattr(fastact, row.name)(array, *required.values()))


def test_apply_replaces_the_output(array, folder):
    Path("out.npy").write_bytes(b"before")
    os.chmod("out.npy", 0o640)
    assert main(["apply", "relu", "in.npy", "out.npy"]) == 0
    assert same(np.load("out.npy"), fastact.relu(array))
    assert stat.S_IMODE(os.stat("out.npy").st_mode) == 0o640
    assert sorted(os.listdir()) == ["in.npy", "out.npy"]


def test_apply_keeps_a_link_a_link(array, folder):
    Path("real.npy").touch()
    os.symlink("real.npy", "link.npy")
    assert main(["apply", "relu", "in.npy", "link.npy"]) == 0
    assert os.path.islink("link.npy") and same(np.load("real.npy"), fastact.relu(array))


def test_apply_as_a_program(array, folder):
    done = python("-m", "fastact", "apply", "gelu_derivative", "in.npy", "out.npy")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert same(np.load("out.npy"), fastact.gelu_derivative(array))


def test_progress_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert list(cli._progress([1, 2], 2, "work")) == [1, 2]
    assert sys.stderr.getvalue() == ""
    monkeypatch.undo()
    importlib.import_module("tqdm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(cli._progress([1, 2], 2, "work")) == [1, 2]
    assert "work" in sys.stderr.getvalue()


# apply: what it refuses


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["gleu"], "unknown function 'gleu'; did you mean gelu"),
        (["xyzzy"], "unknown function 'xyzzy'\n"),
        (["swiglu"], r"swiglu\(gate, up\) needs more than one array"),
        (["silu_mul"], r"silu_mul\(gate, up\) needs more than one array"),
        (["gelu_backward"], r"gelu_backward\(grad, x\) needs more than one array"),
        (["tanh_backward_from_output"], r"\(grad, y\) needs more than one array"),
        (["glu_packed"], "glu_packed is not an elementwise function"),
        (["set_num_threads"], "set_num_threads is not an elementwise function"),
        (["swish", "--param", "alpha=1"], "swish has no parameter 'alpha': it has beta"),
        (["gelu", "--param", "beta=1"], "gelu has no parameter 'beta': it has none"),
        (["swish", "--param", "beta=one"], "'beta' must be a number, not 'one'"),
        (["swish", "--param", "beta=nan"], "'beta' must be a number, not 'nan'"),
        (["swish", "--param", "beta="], "'beta' must be a number, not ''"),
        (["swish", "--param", "beta"], "not of the form name=value"),
        (["swish", "--param", "beta=1", "--param", "beta=2"], "given twice"),
        (["prelu"], "prelu needs a value for slope: .*--param slope="),
        (["prelu_derivative"], "prelu needs a value for slope: .*--param slope="),
        (["gelu", "--dtype", "float8"], "'float8': one of float16, float32, float64"),
        (["gelu", "--dtype", "complex64"], "'complex64': one of"),
        (["gelu", "--dtype", "int32"], "'int32': one of"),
    ],
)
@pytest.mark.parametrize("there", [False, True])
def test_apply_refuses(argv, words, there, array, refused):
    if there:
        Path("out.npy").write_bytes(b"before")
    name, *options = argv
    assert re.search(words, refused("apply", name, "in.npy", "out.npy", *options))


@pytest.mark.parametrize(
    "x",
    [
        np.ones(3, complex),
        np.ones(3, np.complex64),
        np.array([None, 1.0], object),
        np.zeros(3, [("a", "f4"), ("b", "f4")]),
        np.array(["a"]),
        np.array([b"a"]),
        np.array(["2020-01-01"], "M8[D]"),
        np.array([1], "m8[s]"),
        *([np.ones(3, np.longdouble)] if np.longdouble != np.float64 else []),
    ],
    ids=lambda x: str(x.dtype),
)
@pytest.mark.parametrize("name", ["gelu", "swish"])
def test_apply_refuses_dtypes(name, x, refused):
    np.save("in.npy", x)
    refused("apply", name, "in.npy", "out.npy")
    refused("apply", name, "in.npy", "out.npy", "--dtype", "float32")


def test_apply_refuses_what_is_no_npy(array, refused):
    whole = Path("in.npy").read_bytes()
    assert "missing.npy: No such file" in refused("apply", "gelu", "missing.npy", "out.npy")
    os.mkdir("folder")
    assert "folder" in refused("apply", "gelu", "folder", "out.npy")
    for size in (0, 5, 9, 100, 128, len(whole) - 1):
        Path("short.npy").write_bytes(whole[:size])
        assert "short.npy is not a complete .npy file" in refused("apply", "gelu", "short.npy", "out.npy")
    Path("text.npy").write_text("1.0 2.0 3.0\n" * 100)
    assert "not a complete .npy file" in refused("apply", "gelu", "text.npy", "out.npy")
    np.savez("many.npz", array)
    assert "not a complete .npy file" in refused("apply", "gelu", "many.npz", "out.npy")
    # an unclosed header, for which NumPy's parser raises tokenize.TokenError
    Path("damaged.npy").write_bytes(whole.replace(b"}", b" "))
    assert "not a complete .npy file" in refused("apply", "gelu", "damaged.npy", "out.npy")


def test_apply_refuses_the_input_as_output(array, refused):
    assert "is the input" in refused("apply", "gelu", "in.npy", "in.npy")
    assert "is the input" in refused("apply", "gelu", "in.npy", "../" + Path.cwd().name + "/in.npy")
    os.symlink("in.npy", "link.npy")
    os.link("in.npy", "hard.npy")
    assert "is the input" in refused("apply", "gelu", "in.npy", "link.npy")
    assert "is the input" in refused("apply", "gelu", "link.npy", "in.npy")
    assert "is the input" in refused("apply", "gelu", "in.npy", "hard.npy")


def test_apply_refuses_outputs_that_are_no_files(array, refused):
    os.mkdir("folder")
    assert "not a regular file" in refused("apply", "gelu", "in.npy", "folder")
    assert "not a regular file" in refused("apply", "gelu", "in.npy", os.devnull)
    assert "no such folder" in refused("apply", "gelu", "in.npy", "nowhere/out.npy")
    refused("apply", "gelu", "in.npy", "in.npy/out.npy")
    refused("apply", "gelu", "in.npy", "x" * 300)


@pytest.mark.parametrize("there", [False, True])
def test_apply_leaves_nothing_when_it_fails_halfway(there, array, refused, monkeypatch, capsys, folder):
    def stop(error):
        def progress(items, total, label):
            yield from list(items)[:2]
            assert any(name.startswith(".fastact-") for name in os.listdir())
            raise error

        monkeypatch.setattr(cli, "_progress", progress)

    monkeypatch.setattr(cli, "BLOCK", 100)
    if there:
        Path("out.npy").write_bytes(b"before")
    stop(KeyboardInterrupt())
    assert "interrupted" in refused("apply", "gelu", "in.npy", "out.npy", status=130)
    stop(OSError(errno.ENOSPC, "No space left on device"))
    assert "out.npy: No space left on device; nothing" in refused("apply", "gelu", "in.npy", "out.npy")
    stop(MemoryError())
    with pytest.raises(MemoryError):
        main(["apply", "gelu", "in.npy", "out.npy"])
    assert sorted(os.listdir()) == (["in.npy", "out.npy"] if there else ["in.npy"])
    assert not there or Path("out.npy").read_bytes() == b"before"


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="only POSIX can be asked for the space first")
def test_apply_asks_for_the_space_first(array, refused, monkeypatch):
    def full(file, start, size):
        assert size > array.nbytes
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    assert "No space left" in refused("apply", "gelu", "in.npy", "out.npy")


# plot


def test_plot_into_a_file(folder, capsys):
    for name in ("a.png", "b.svg", "c.pdf"):
        argv = ["swish", "--params", "-1,0.1,10", "--derivative", "--range", "-3,4", "-o", name]
        assert main(["plot", *argv]) == 0
        assert Path(name).stat().st_size > 2000
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    assert main(["plot", "gelu", "relu", "swiglu", "--output", "d.png"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["gleu", "-o", "a.png"], "unknown function 'gleu'; did you mean"),
        (["gelu", "nonsense_function", "-o", "a.png"], "unknown function 'nonsense_function'"),
        (["gelu_derivative", "-o", "a.png"], "derivative"),
        (["gelu", "--params", "1,2", "-o", "a.png"], "gelu has no parameter"),
        (["gelu", "--range", "1", "-o", "a.png"], "two finite numbers"),
        (["gelu", "--range", "2,1", "-o", "a.png"], "two finite numbers"),
        (["gelu", "--range", "0,inf", "-o", "a.png"], "two finite numbers"),
        (["gelu", "-o", "a.nonsense"], "nonsense"),
        (["gelu", "-o", "nowhere/a.png"], "No such file"),
    ],
)
def test_plot_refuses(argv, words, refused):
    assert words in refused("plot", *argv)


def test_plot_without_a_display_asks_for_a_file(folder):
    done = python("-m", "fastact", "plot", "gelu", MPLBACKEND="agg")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "fastact plot: there is no display to open a window on: give a file with -o\n"


def test_plot_shows_a_window_where_there_is_one(monkeypatch):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    shown = []
    monkeypatch.setattr(pyplot, "get_backend", lambda: "QtAgg")
    monkeypatch.setattr(pyplot, "show", lambda: shown.append(pyplot.gca().get_title(loc="left")))
    pyplot.switch_backend("agg")
    assert main(["plot", "gelu", "silu"]) == 0
    pyplot.close("all")
    assert shown == ["gelu and silu"]


def test_plot_says_how_to_get_matplotlib(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert 'pip install "fastact[plot]"' in refused("plot", "gelu", "-o", "a.png", status=1)
