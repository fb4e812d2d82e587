"""The command line: demo, bench, info, plot and apply.

Only NumPy is required. SciPy, Matplotlib, tqdm and threadpoolctl are used where they are installed.
"""

import argparse
import contextlib
import importlib
import json
import math
import os
import platform
import re
import secrets
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import fastact

from .. import _core, _dispatch, _threads, plotting
from ..catalogue import FUNCTIONS, Activation
from . import bench, demo

Array = NDArray[Any]

FLOATS = {name: np.dtype(name) for name in ("float16", "float32", "float64")}
BLOCK = 1 << 20  # elements that `apply` computes at a time


class Failure(Exception):
    """Ends a command with a line for the user and an exit status."""

    def __init__(self, message: object, status: int = 2) -> None:
        super().__init__(" ".join(str(message).split()))
        self.status = status


def _progress(items: Iterable[Any], total: int, label: str) -> Iterator[Any]:
    """Show a progress bar, on a terminal and where tqdm is installed."""
    if sys.stderr.isatty():
        with contextlib.suppress(ImportError):
            items = importlib.import_module("tqdm").tqdm(items, total=total, desc=label, leave=False)
    yield from items


def _run_demo(args: argparse.Namespace) -> None:
    """Time and check every forward function over real pre-activations."""
    if args.rounds < 1:
        raise Failure(f"--rounds must be at least 1, not {args.rounds}")
    layers = demo.sample()
    lines = list(_progress(demo.lines(layers.ravel(), args.rounds), len(demo.ENTRIES), "fastact demo"))
    print(
        f"Input: {layers.size} float32 pre-activations, {layers.min():.1f} to {layers.max():.1f}, of the "
        f"{len(layers)} GELUs of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0).\n"
        "The second input of a gate is the same values in another order.\n"
        f"fastact {fastact.__version__} ({fastact.level}, at most {fastact.get_num_threads()} threads), "
        f"NumPy {np.__version__}; least time of {args.rounds} rounds in which all take turns.\n"
        "Errors are the largest in ulp of float32, compared with the textbook formula in double precision.\n"
    )
    print(demo.head(), *lines, sep="\n")
    if demo.erf() is None:
        print("\n-: there is no NumPy expression, or it needs the error function of SciPy.")


# bench


def _run_bench(args: argparse.Namespace) -> None:
    """Time functions beside a copy and NumPy."""
    names, sizes = args.names or bench.USUAL, args.size or bench.SIZES
    for option, value in (("--rounds", args.rounds), ("--threads", args.threads), *(("--size", n) for n in sizes)):
        if value is not None and value < 1:
            raise Failure(f"{option} must be at least 1, not {value}")
    if max(sizes) > bench.MOST:
        raise Failure(f"--size must be at most {bench.MOST}, not {max(sizes)}")
    if args.dtype not in FLOATS:
        raise Failure(f"arrays cannot be of dtype {args.dtype!r}: one of {', '.join(FLOATS)}")
    for name in names:
        if name not in bench.FUNCTIONS:
            known = name in fastact.__all__
            raise Failure(
                f"{name} cannot be timed by this command" if known else plotting.unknown(name, bench.FUNCTIONS)
            )
    limit = contextlib.nullcontext() if args.threads is None else fastact.num_threads(args.threads)
    try:
        with limit:
            threads = fastact.get_num_threads()
            made = bench.lines(names, sizes, FLOATS[args.dtype], args.rounds)
            lines = list(_progress(made, len(names) * len(sizes), "fastact bench"))
    except MemoryError:
        raise Failure(f"arrays of {max(sizes)} elements do not fit into memory") from None
    print(
        f"fastact {fastact.__version__} ({fastact.level}, at most {threads} threads), NumPy {np.__version__}, "
        f"{args.dtype}; least time of {args.rounds} rounds in which all take turns.\n"
    )
    print(bench.head(), *lines, sep="\n")
    if demo.erf() is None:
        print("\nWithout SciPy there is no error function, and no NumPy time for functions that need it.")


# info


def _openmp() -> str:
    """The OpenMP library that this process has loaded."""
    if not _core.OPENMP:
        return "none"
    try:
        pools = importlib.import_module("threadpoolctl").threadpool_info()
    except ImportError:
        pools = []
    for pool in pools:
        if pool["user_api"] == "openmp":
            return str(pool["filepath"])
    try:
        maps = Path("/proc/self/maps").read_text()
    except OSError:
        return "unknown"
    found = re.search(r"/.*/lib(?:gomp|omp|iomp5)[-.\w]*$", maps, re.MULTILINE)
    return found[0] if found else "unknown"


def _info() -> dict[str, Any]:
    """Facts about the installation: the level and threads in use, and the reasons."""
    forced = os.environ.get("FASTACT_ISA")
    threads = fastact.get_num_threads()
    if _core.is_forked():
        source = "serial in a forked child"
    elif not _core.OPENMP:
        source = "built without OpenMP"
    else:
        source = _threads.limit_source if threads == _threads.limit else "OpenMP: OMP_NUM_THREADS or threadpoolctl"
    return {
        "version": fastact.__version__,
        "level": fastact.level,
        "level_reason": "FASTACT_ISA" if forced else "the best level that is built and runs on this machine",
        "levels_built": list(_dispatch.built_levels()),
        "levels_available": list(fastact.available_levels()),
        "compiler": _core.COMPILER,
        "flags": _dispatch.kernels.flags,
        "openmp": _openmp(),
        "threads": threads,
        "threads_reason": source,
        "usable_cpus": _threads.usable_cpus(),
        "forked": _core.is_forked(),
        **{name: os.environ.get(name) for name in ("FASTACT_ISA", "FASTACT_NUM_THREADS", "OMP_NUM_THREADS")},
        "numpy": np.__version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "machine": platform.machine(),
    }


def _print_info(args: argparse.Namespace) -> None:
    """Print facts about the installation and the machine."""
    info = _info()
    if args.json:
        print(json.dumps(info, indent=2))
        return
    for name, value in info.items():
        if isinstance(value, list):
            value = " ".join(value)
        elif value is None or isinstance(value, bool):
            value = {True: "yes", False: "no", None: "not set"}[value]
        print(f"{name.replace('_', ' ') if name.islower() else name:<20} {value}")


# plot


def _numbers(text: str) -> tuple[float, ...]:
    """Comma-separated numbers, for argparse."""
    try:
        return tuple(float(word) for word in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of numbers with commas between them") from None


def _plot(args: argparse.Namespace) -> None:
    """Draw curves into a file or a window."""
    try:
        from matplotlib import pyplot
        from matplotlib.figure import Figure
    except ImportError:
        raise Failure(plotting.NEEDS_MATPLOTLIB, 1) from None
    options = {"derivative": args.derivative, "params": args.params, "limits": args.range}
    try:
        if args.output:
            figure = Figure(figsize=plotting.SIZE, layout="constrained")
            plotting.plot(args.names, ax=figure.subplots(), **options)
            figure.savefig(args.output, dpi=150)
            return
        plotting.plot(args.names, **options)
    except (ImportError, OSError, ValueError) as error:  # ImportError: the window system cannot be reached
        raise Failure(str(error).removeprefix("plot: ")) from None
    if pyplot.get_backend().lower() in ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template"):
        pyplot.close()
        raise Failure("there is no display to open a window on: give a file with -o")
    pyplot.show()


# apply


def _elementwise(name: str) -> tuple[Callable[..., Array], Activation]:
    """A function of one array, and its entry; a Failure that explains why another name is refused."""
    functions = {f.name: f for f in FUNCTIONS}
    functions |= {alias: functions[entry.name] for entry in plotting.ENTRIES.values() for alias in entry.aliases}
    single = {
        key: f.entry
        for key, f in functions.items()
        if isinstance(f.entry, Activation) and f.kind in ("forward", "derivative")
    }
    if name in single:
        return getattr(fastact, name), single[name]
    if name in functions:
        inputs = ", ".join(functions[name].inputs)
        raise Failure(f"{name}({inputs}) needs more than one array: call it from Python")
    if name in fastact.__all__:
        raise Failure(f"{name} is not an elementwise function of one array: call it from Python")
    raise Failure(plotting.unknown(name, single))


def _values(entry: Activation, given: Iterable[str]) -> list[float]:
    """The parameters in order: the defaults, or the values given as name=value."""
    values = dict(entry.params)
    seen = set()
    for text in given:
        name, equals, number = text.partition("=")
        if not equals:
            raise Failure(f"--param {text!r} is not of the form name=value")
        if name not in values:
            known = f"it has {', '.join(values)}" if values else "it has none"
            raise Failure(f"{entry.name} has no parameter {name!r}: {known}")
        if name in seen:
            raise Failure(f"the parameter {name!r} is given twice")
        seen.add(name)
        try:
            values[name] = float(number)
        except ValueError:
            values[name] = math.nan
        if math.isnan(values[name] or 0):
            raise Failure(f"the parameter {name!r} must be a number, not {number!r}")
    for name, value in values.items():
        if value is None:
            raise Failure(f"{entry.name} needs a value for {name}: for example --param {name}=0.25")
    return [value for value in values.values() if value is not None]


def _load(path: Path) -> Array:
    """The array of a .npy file, mapped into memory."""
    try:
        return np.lib.format.open_memmap(path, mode="r")
    except OSError as error:
        raise Failure(f"{path}: {error.strerror or error}") from None
    except Exception as error:  # a damaged header raises any exception, from TypeError to tokenize.TokenError
        raise Failure(f"{path} is not a complete .npy file of numbers: {error}") from None


def _dtypes(function: Callable[..., Array], x: Array, wanted: str | None) -> tuple[Any, Any]:
    """The dtypes to compute in and to write. They can differ, so that results are rounded once, and inputs never."""
    try:
        natural = function(np.empty(0, x.dtype)).dtype
    except TypeError:
        raise Failure(f"arrays of dtype {x.dtype} are not supported: only real numbers up to float64") from None
    if wanted is None:
        return natural, natural
    if wanted not in FLOATS:
        raise Failure(f"results cannot be of dtype {wanted!r}: one of {', '.join(FLOATS)}")
    return np.promote_types(natural, FLOATS[wanted]), FLOATS[wanted]


def _check_output(source: Path, target: Path) -> None:
    """Refuse the input file as the output, and targets that cannot be replaced by a file."""
    if target.exists():
        if target.samefile(source):
            raise Failure(f"{target} is the input: give another file for the output")
        if not target.is_file():
            raise Failure(f"{target} is not a regular file")
    elif not target.parent.is_dir():
        raise Failure(f"{target.parent}: no such folder")


def _fill(path: Path, x: Array, dtypes: tuple[Any, Any], compute: Callable[..., Array]) -> None:
    """Write compute(x) to a new file, block by block."""
    compute_in, dtype = dtypes
    y = np.lib.format.open_memmap(path, "w+", dtype, x.shape, fortran_order=x.flags.fnc)
    if hasattr(os, "posix_fallocate"):  # a full disk is an error here, but would kill the process later
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, os.fstat(file.fileno()).st_size)
    # The array of a .npy file is contiguous: the array or its transpose can be flattened without a copy
    flat, out = (np.asarray(a.T if x.flags.fnc else a).reshape(-1) for a in (x, y))
    starts = range(0, flat.size, BLOCK)
    for start in _progress(starts, len(starts), "fastact apply"):
        block = slice(start, start + BLOCK)
        compute(flat[block], out=out[block], dtype=compute_in)
    y.flush()


def _apply(args: argparse.Namespace) -> None:
    """Write function(x) for the array x of a file to another file, completely or not at all."""
    function, entry = _elementwise(args.function)
    values = _values(entry, args.param)

    def compute(block: Array, **kwargs: Any) -> Array:
        return function(block, *values, **kwargs)

    x = _load(args.input)
    dtypes = _dtypes(compute, x, args.dtype)
    target = Path(os.path.realpath(args.output))  # a symbolic link stays a link
    temporary = target.with_name(f".fastact-{secrets.token_hex(4)}.tmp")
    try:
        _check_output(args.input, target)
        try:
            _fill(temporary, x, dtypes, compute)
            if target.exists():
                shutil.copymode(target, temporary)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise Failure(f"{args.output}: {error.strerror or error}; nothing written") from None


# all commands


def _parser() -> argparse.ArgumentParser:
    sizes = " ".join(map(str, bench.SIZES))
    parser = argparse.ArgumentParser("fastact", description="Neural-network activations as NumPy ufuncs.")
    parser.add_argument("--version", action="version", version=f"fastact {fastact.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        made.set_defaults(run=run)
        return made

    showing = command("demo", _run_demo, "time and check every function beside NumPy, on real pre-activations")
    showing.add_argument("-n", "--rounds", type=int, default=40, help="rounds of timing (default 40)")

    timing = command("bench", _run_bench, "time functions beside a copy and NumPy, over arrays of several sizes")
    timing.add_argument("names", nargs="*", metavar="NAME", help=f"functions (default {' '.join(bench.USUAL)})")
    timing.add_argument(
        "--size", type=int, action="append", metavar="N", help=f"number of elements; can be repeated (default {sizes})"
    )
    timing.add_argument("--dtype", default="float32", metavar="DTYPE", help="float16, float32 (default) or float64")
    timing.add_argument("--threads", type=int, metavar="N", help="limit of threads, as set_num_threads")
    timing.add_argument("-n", "--rounds", type=int, default=20, help="rounds of timing (default 20)")

    info = command("info", _print_info, "print facts about the installation and the machine")
    info.add_argument("--json", action="store_true", help="as JSON")

    draw = command("plot", _plot, "draw functions into a file or a window")
    draw.add_argument("names", nargs="+", metavar="NAME", help="an activation or a gate")
    draw.add_argument("-o", "--output", metavar="FILE", help="the image file; its suffix is its format")
    draw.add_argument("--derivative", action="store_true", help="draw the derivatives as well")
    draw.add_argument("--params", type=_numbers, metavar="A,B,...", help="a curve for each value of the parameter")
    draw.add_argument("--range", type=_numbers, default="-6,6", metavar="LOW,HIGH", help="range of x (default -6,6)")

    run = command("apply", _apply, "apply a function to the array of a .npy file")
    run.add_argument("function", metavar="NAME", help="an activation or its derivative")
    run.add_argument("input", type=Path, metavar="IN.npy")
    run.add_argument("output", type=Path, metavar="OUT.npy")
    run.add_argument("--dtype", metavar="DTYPE", help="dtype of the output: float16, float32 or float64")
    run.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help="parameter of the function")
    return parser


def _joined(words: Iterable[str]) -> Iterator[str]:
    """Join an option and its list of numbers, because argparse takes ``-6,6`` for an option."""
    words = iter(words)
    for word in words:
        following = next(words, None) if word in ("--range", "--params") else None
        yield word if following is None else f"{word}={following}"


def main(argv: list[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv : list of str, optional
        The arguments; by default those of the process.

    Returns
    -------
    int
        The exit status: 0, or another number after a line on standard error that says what is wrong.

    Raises
    ------
    SystemExit
        For ``--help``, ``--version`` and arguments that cannot be parsed.
    """
    args = _parser().parse_args(list(_joined(sys.argv[1:] if argv is None else argv)))
    try:
        args.run(args)
        sys.stdout.flush()
    except Failure as failure:
        print(f"fastact {args.command}: {failure}", file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        print(f"fastact {args.command}: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    except BrokenPipeError:  # the reader has closed the pipe; Python would flush again, and report an error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0
