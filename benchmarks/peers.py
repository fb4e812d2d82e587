"""fastact beside its peers: the same function on the same arrays, in turns, in one process for each number of threads.

    python benchmarks/peers.py                            everything, 40 minutes on a machine with AVX-512
    python benchmarks/peers.py --quick                    two cells of every function on one level, two minutes
    python benchmarks/peers.py --six --anew               the six functions that people time first, a minute a level
    python benchmarks/peers.py gelu silu --size 1000,1e6  these cells only
    make performance                                      everything, and docs/performance.md

A cell is a function, dtype, size or shape, number of threads, mode and kind of input. In each round every contender and
a copy of the array take a turn, in random order: as many calls as take 20 microseconds. With several threads, the
threads of other contenders go to sleep before a turn, and calls are not counted until one is as fast as earlier ones,
for 40 ms at most. The least time of a call and the median over the rounds are kept. A contender that takes 10 times as
long as the fastest peer has one turn only; one that takes 4 times as long has two and, from 100,000 elements on, is not
tried at larger sizes. Where a call overwrites its input, the input is restored before each call, outside the
measured time. contenders.py says what each contender does. A contender with another result than ours is left out, and
named. errors.py measures the errors of all of them.

On a processor with AVX-512, everything is measured twice: as it is, and with AVX2 alone (avx2_only.c). There is a file
of results for each level, which is written after each cell. A run with the same build and packages goes on where the
last one stopped.
"""

import argparse
import contextlib
import faulthandler
import gc
import hashlib
import importlib.util
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import errors
import layouts
import linear
import numpy as np
import results
from contenders import CONTENDERS, FROM_OUTPUT, GATES, MODES, NAMES, OURS, PEERS, Array, Form, Task
from operations import operations
from results import KEY, best, key, mean
from tqdm import tqdm

import fastact

ROOT = Path(__file__).resolve().parent.parent
MASK_SOURCE, MASK = ROOT / "benchmarks" / "avx2_only.c", ROOT / "build" / "avx2_only.so"
DTYPES = ("float32", "float64", "float16")
SIZES = (1, 100, 1_000, 10_000, 100_000, 1_000_000, 20_000_000)
LARGEST = SIZES[-1]  # not measured in place
OTHER_SIZES = (1, 1_000, 100_000, 1_000_000)  # of float64 and float16, with a preallocated output
BOTH_INPUTS = 100_000  # the size at which random inputs are measured as well
SHAPES = (  # of functions of rows, and the axis
    ((100, 1000), 1),
    ((8192, 128), 1),
    ((32768, 128), 1),
    ((6144, 512), 1),
    ((4, 2, 400, 300), 1),
    ((2, 480_000), 0),
    ((3, 320_000), 0),
    ((8, 120_000), 0),
    ((21, 256, 256), 0),
    ((100_000, 4), 1),
    ((1, 1_000_000), 1),
)
SHAPED = {f"{' x '.join(map(str, shape))}, axis {axis}": (shape, axis) for shape, axis in SHAPES}
LEVELS = ("x86_64_v3", "x86_64_v4")  # measured where the processor has them
AVX2 = {  # the environment of a process that uses no AVX-512, where CPUID cannot say so
    "FASTACT_ISA": "x86_64_v3",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",  # also of OpenVINO
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "NUMBA_CPU_NAME": "haswell",
    "OPENBLAS_CORETYPE": "Haswell",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
}
QUICK = {"dtype": ["float32"], "size": [1000, 100_000], "threads": [1], "mode": ["out"], "seconds": 0.04}
SIX = {"functions": list(results.HEADLINES), "dtype": ["float32"], "size": list(results.HEADLINE_SIZES)}
SIX |= {"threads": [1], "mode": ["out"], "inputs": ["real"]}
COARSER = 16  # the grid of errors in a quick run
TURN = 20_000  # least nanoseconds of a turn
FEW = 2  # rounds of contenders that are slow, but not very slow
LEAST = 8  # rounds of the others, however long they take
ALWAYS = (*OURS, "copy")  # always take part
LONG = 0.02  # seconds; a single call that is longer is enough to know its time
LARGE, SLOW = 100_000, 4  # from this size on, a contender this many times slower is not tried at larger sizes
CHECKED = 100_000  # elements of a result that are compared
BUSY = 0.3  # CPUs that other processes keep busy at the start
ROW = 1000  # elements of a row
SETTLE = 0.002  # seconds in which idle threads of a contender go to sleep before the next turn
WAKE = 0.04  # seconds of calls until threads are awake
AWAKE = 1.25  # threads are awake when a call takes less than this many times the least known time
SHARED = 10_000  # elements that threads may share
LONGER = 5  # times the seconds and rounds, for the functions that people time first
PRINTED = 200  # cells at most

Cell = results.Cell


@lru_cache(maxsize=6)
def numbers(kind: str, dtype: str, size: int, seed: int) -> Array:
    """Pre-activations of a real model, or normally distributed numbers; gradients are the latter, with scale 1."""
    rng = np.random.default_rng(seed)
    if kind == "real":
        sample = np.load(ROOT / "src" / "fastact" / "cli" / "sample.npy").ravel()
        x = sample[rng.integers(0, sample.size, size)]
    else:
        x = rng.standard_normal(size, np.float32) * np.float32(3 if kind == "random" else 1)
    return x.astype(dtype)


def arrays(cell: Cell) -> tuple[Array, ...]:
    name, dtype, size = cell["function"], cell["dtype"], cell["size"]
    x = numbers(cell["inputs"], dtype, size, 0)
    if cell["shape"]:
        x = x.reshape(SHAPED[cell["shape"]][0])
    elif name.startswith("softmax"):
        x = x[: size // ROW * ROW].reshape(-1, ROW) if size > ROW else x.reshape(1, -1)
    if name in GATES:
        return x, numbers(cell["inputs"], dtype, size, 1)
    if "backward" not in name:
        return (x,)
    grad = numbers("gradient", dtype, size, 2)[: x.size].reshape(x.shape)
    if name in FROM_OUTPUT or name == "softmax_backward":
        axis = {"axis": axis_of(cell)} if name == "softmax_backward" else {}
        return grad, getattr(fastact, name.partition("_backward")[0])(x, **axis)
    return grad, x


def axis_of(cell: Cell) -> int:
    """The axis of a function of rows; -1 is also what contenders without one take."""
    shape, axis = SHAPED.get(cell["shape"], ((), -1))
    return -1 if axis == len(shape) - 1 else axis


def task_of(cell: Cell) -> tuple[Task, Callable[[], Any]]:
    """The task, with inputs that may be overwritten, and a function that restores them."""
    given = arrays(cell)
    mode = cell["mode"]
    inputs = (given[0].copy(), *given[1:]) if mode == "in place" else given
    out = {"out": np.empty_like(given[0]), "in place": inputs[0], "fresh": None}[mode]
    task = Task(cell["function"], mode, inputs, out, axis_of(cell))
    return task, (lambda: np.copyto(inputs[0], given[0])) if mode == "in place" else lambda: None


def seconds_of(form: Form, refill: Callable[[], Any], wait: float = 0) -> float:
    """The least time of three calls, or of the calls within some seconds, or of one long call."""
    least, left, end = float("inf"), 3, time.perf_counter() + wait
    while left > 0 or (least < LONG and time.perf_counter() < end):
        refill()
        start = time.perf_counter()
        form()
        least = min(least, time.perf_counter() - start)
        left = left - 1 if least < LONG else 0
    return least


def said(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160]


def forms_of(maker: Any, task: Task) -> tuple[Task, list[Form]]:
    """The forms of a contender; those that make a new array where it can use no preallocated one."""
    forms = maker.forms(task)
    if not forms and task.mode == "out":
        task = replace(task, mode="fresh", out=None)
        forms = maker.forms(task)
    return task, list(forms)


def result_of(form: Form, task: Task) -> Array:
    """The result of a call."""
    made = form()
    if hasattr(form, "result"):
        made = form.result()
    elif task.out is not None:
        made = task.out
    return np.asarray(made)


def fastest_form(
    maker: Any, task: Task, refill: Callable[[], Any], want: Array, wait: float
) -> tuple[float, Form] | str | None:
    """The fastest form with the right result, and its seconds; or why there is none; None without any form."""
    best: tuple[float, Form] | None = None
    why: str | None = None
    some = slice(None, None, -(-want.size // CHECKED))
    try:
        task, forms = forms_of(maker, task)
    except Exception as error:
        return said(error)
    for form in forms:
        try:
            refill()
            if task.mode == "out":
                task.out.fill(-7)
            got = result_of(form, task)  # not timed, since it may compile first
            if got.dtype != want.dtype:
                raise TypeError(f"its result is {got.dtype}")
            same = partial(np.allclose, rtol=1e-2, atol=1e-3, equal_nan=True)
            if got.shape != want.shape or not same(got.ravel()[some], want.ravel()[some]):
                raise ArithmeticError("its result is another")
            took = seconds_of(form, refill, wait)
        except Exception as error:
            why = said(error)
            continue
        if best is None or took < best[0]:
            best = took, form
    return why if best is None else best


def turn(form: Form, refill: Callable[[], Any] | None, calls: int, clock: float) -> float:
    """The nanoseconds of a call."""
    if refill is None:
        start = time.perf_counter_ns()
        for _ in range(calls):
            form()
        return (time.perf_counter_ns() - start) / calls
    total = 0.0
    for _ in range(calls):
        refill()
        start = time.perf_counter_ns()
        form()
        total += time.perf_counter_ns() - start - clock
    return total / calls


def clock_ns() -> float:
    """The time that reading the clock adds to a call."""
    return min(-time.perf_counter_ns() + time.perf_counter_ns() for _ in range(1000))


class Bench:
    """Measures one cell after another, and remembers contenders that are too slow for larger sizes."""

    def __init__(self, makers: dict[str, Any], threads: int, seconds: float, most: int) -> None:
        self.makers, self.threads, self.seconds, self.most = makers, threads, seconds, most
        self.slow: dict[tuple[str, ...], set[str]] = {}
        self.clock = clock_ns()

    def measure(self, cell: Cell) -> Cell:
        task, refill = task_of(cell)
        want = getattr(fastact, task.name)(*task.inputs, **({} if task.axis == -1 else {"axis": task.axis}))
        like = cell["function"], cell["dtype"], cell["mode"]
        slow = () if cell["shape"] else self.slow.get(like, ())
        makers = {who: maker for who, maker in self.makers.items() if who not in slow}

        def begin() -> None:
            refill()
            fastact.set_num_threads(self.threads)  # as in `wake`

        wait = WAKE if self.threads > 1 and cell["size"] >= SHARED else 0
        found = {who: fastest_form(maker, task, begin, want, wait) for who, maker in makers.items()}
        taking = {who: entry for who, entry in found.items() if isinstance(entry, tuple)}
        source, target = arrays(cell)[0], np.empty_like(want)
        copy = partial(np.copyto, target, source)
        taking["copy"] = seconds_of(copy, refill), copy
        longer = LONGER if results.headline(cell) else 1
        times = self.rounds(taking, refill if task.mode == "in place" else None, longer)
        least = {who: min(t) for who, t in times.items()}
        if cell["size"] >= LARGE and cell["inputs"] == "real" and not cell["shape"]:
            self.slow[like] = self.slow.get(like, set()) | least.keys() - set(remaining(list(least), least, SLOW))
        return cell | {
            "elements": want.size,
            "times": {who: [round(least[who], 1), round(statistics.median(t), 1), len(t)] for who, t in times.items()},
            "left out": {who: why for who, why in found.items() if isinstance(why, str)},
            "not tried": sorted(self.makers.keys() - makers.keys()),
        }

    def rounds(
        self, taking: dict[str, tuple[float, Form]], refill: Callable[[], Any] | None, longer: int
    ) -> dict[str, list[float]]:
        """The times of all turns of each contender; the only known time for one without a turn."""
        seconds, most = longer * self.seconds, longer * self.most
        first = {who: took * 1e9 for who, (took, _) in taking.items()}
        calls = {who: max(1, min(2000, round(TURN / t))) for who, t in first.items()}
        times: dict[str, list[float]] = {who: [] for who in taking}
        order = remaining(list(taking), first, 10)
        gc.collect()
        end = time.perf_counter() + 4 * seconds
        while (done := len(times["copy"])) < min(LEAST, most) or (done < most and time.perf_counter() < end):
            random.shuffle(order)
            for who in order:
                again = refill if who != "copy" else None
                self.wake(taking[who][1], again, calls[who], min(times[who], default=first[who]))
                times[who].append(turn(taking[who][1], again, calls[who], self.clock))
            if done == FEW - 1:
                order = remaining(order, {who: min(t) for who, t in times.items() if t}, 4)
                end = min(end, time.perf_counter() + seconds)
        return {who: t or [first[who]] for who, t in times.items()}

    def wake(self, form: Form, refill: Callable[[], Any] | None, calls: int, least: float) -> None:
        """Brings code and data back into the cache, and wakes threads. Threads of other libraries may still spin, and
        cause serial calls of fastact."""
        if self.threads > 1:
            time.sleep(SETTLE)
            took, end = math.inf, time.perf_counter() + WAKE
            while took > AWAKE * least and time.perf_counter() < end:
                fastact.set_num_threads(self.threads)  # ends serial calls
                took = turn(form, refill, 1, self.clock)
        elif calls > 1:
            turn(form, refill, 1, 0)


def remaining(order: list[str], least: dict[str, float], factor: float) -> list[str]:
    """The contenders that take less than this many times as long as the fastest peer."""
    limit = factor * min((t for who, t in least.items() if who not in ALWAYS), default=0)
    return [who for who in order if who in ALWAYS or least[who] < limit]


def fma_peak(dtype: str) -> float:
    """Billions of operations a second in a product of matrices, which are nearly all multiply-adds."""
    n = 384
    a, b = (np.random.default_rng(i).standard_normal((n, n)).astype(dtype) for i in range(2))
    products: list[Form] = [lambda: a @ b]
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        left, right = torch.from_numpy(a), torch.from_numpy(b)
        products.append(lambda: left @ right)
    least, end = float("inf"), time.perf_counter() + 1
    while time.perf_counter() < end:
        least = min(least, *(seconds_of(product, lambda: None) for product in products))
    return 2 * n**3 / least / 1e9


def errors_of(makers: dict[str, Any], name: str, coarser: int) -> dict[str, errors.Error]:
    """The errors of every contender that has the function in float32."""
    given = errors.inputs(name, coarser)
    evaluate = {}
    for who, maker in makers.items():
        try:
            task, forms = forms_of(maker, Task(name, "out", given, np.empty_like(given[0])))
            if forms and result_of(forms[0], task).dtype == np.float32:
                evaluate[who] = partial(result_of, forms[0], task)
        except Exception:  # the cells name the reason
            continue
    return errors.measure(name, evaluate, given)


def counts(name: str) -> dict[str, float | None]:
    return {} if "softmax" in name else {dtype: operations(name, dtype) for dtype in ("float32", "float64")}


def child(threads: int) -> None:
    """Reads the cells from standard input, and writes a line for each to standard output."""
    asked = json.load(sys.stdin)
    say = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # output of the peers goes to standard error
    gc.disable()
    random.seed(0)
    if MASK.name not in os.environ.pop("LD_PRELOAD", ""):  # which needs SIGSEGV
        faulthandler.enable()  # shows where a peer ends the process
    makers, missing = {}, {}
    for who in asked["contenders"]:
        try:
            makers[who] = CONTENDERS[who](threads)
        except (ImportError, OSError) as error:
            if who in PEERS:
                missing[who] = str(error)
    gc.freeze()  # a collection would scan everything that was imported
    psutil = importlib.import_module("psutil")
    load = psutil.cpu_percent(interval=1) / 100 * psutil.cpu_count()  # while we sleep
    capable = "x86_64_v4" in fastact.available_levels()  # as libraries see it
    print(json.dumps({"missing": missing, "load": load, "capable": capable}), file=say, flush=True)
    bench = Bench(makers, threads, asked["seconds"], asked["rounds"])
    with np.errstate(all="ignore"):
        for cell in asked["cells"]:
            print(json.dumps(bench.measure(cell)), file=say, flush=True)
        for name in asked["errors"]:
            print(json.dumps({"errors": {name: errors_of(makers, name, asked["coarser"])}}), file=say, flush=True)
            print(json.dumps({"operations": {name: counts(name)}}), file=say, flush=True)
    peaks = {dtype: fma_peak(dtype) for dtype in ("float32", "float64")}
    print(json.dumps({"peaks": peaks}), file=say, flush=True)
    if asked["layouts"]:
        print(json.dumps({"layouts": layouts.measure()}), file=say, flush=True)
        print(json.dumps({"linear": linear.measure()}), file=say, flush=True)


def mask() -> str:
    """The library that hides AVX-512, compiled; empty where it cannot be."""
    if not MASK.exists() or MASK.stat().st_mtime < MASK_SOURCE.stat().st_mtime:
        MASK.parent.mkdir(parents=True, exist_ok=True)
        own = MASK.with_suffix(f".{os.getpid()}.so")  # several processes may do this at the same time
        command = [*os.environ.get("CC", "cc").split(), "-O2", "-shared", "-fPIC", str(MASK_SOURCE), "-o", str(own)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return ""
        own.rename(MASK)
    return str(MASK)


def settings(threads: int, level: str) -> dict[str, str]:
    """The environment of a process with this level, and this many threads in every library."""
    limited = ("OMP_NUM", "MKL_NUM", "OPENBLAS_NUM", "NUMBA_NUM", "NUMEXPR_NUM", "NUMEXPR_MAX", "FASTACT_NUM")
    flags = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"
    made = {**os.environ, **{f"{name}_THREADS": str(threads) for name in limited}, "NPROC": str(threads)}  # NPROC: jax
    made["FASTACT_ISA"] = level
    if level == "x86_64_v3" and "x86_64_v4" in fastact.available_levels():
        made |= AVX2 | {"LD_PRELOAD": mask()}
        flags += " --xla_cpu_max_isa=AVX2"
    return made | {"XLA_FLAGS": flags}


def confine(threads: int) -> None:
    """Gives this process as many CPUs as threads, where the system allows it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])


def measured(
    level: str, threads: int, cells: list[Cell], names: list[str], options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    """The reports of a process with this many threads, on as many CPUs: cells, and errors of the named functions."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--child", str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=options.log,
        env=settings(threads, level),
        text=True,
        preexec_fn=partial(confine, threads),
    )
    assert process.stdin and process.stdout
    contenders = [*OURS, *options.peers]
    with process, process.stdin as given:
        asked = {"cells": cells, "contenders": contenders, "seconds": options.seconds, "rounds": options.rounds}
        asked |= {"errors": names, "coarser": COARSER if options.quick else 1, "layouts": not options.part}
        json.dump(asked, given)
        given.close()
        yield from map(json.loads, process.stdout)
    if process.returncode:
        sys.exit(
            f"{level}: the process with {threads} threads ended with status {process.returncode}: see "
            f"{options.log.name}"
        )


def environment(level: str) -> dict[str, Any]:
    packages = dict.fromkeys(package for who in CONTENDERS.values() for package in who.packages)
    found = {"fastact": fastact.__version__}
    for package in packages:
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    told = {line.partition(":")[0].strip(): line.partition(":")[2].strip() for line in lines}
    cpu = told.get("model name") or platform.processor()
    if "cpu family" in told:  # virtual machines often hide the name
        cpu += f", family {told['cpu family']} model {told['model']}"
    module = importlib.util.find_spec(f"fastact._{level}")
    assert module and module.origin
    build = hashlib.sha256(Path(module.origin).read_bytes()).hexdigest()[:12]
    return {
        "versions": found,
        "python": platform.python_version(),
        "system": platform.system(),
        "cpu": cpu,
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "level": level,
        "avx512": "x86_64_v4" in fastact._core.supported_levels(),
        "build": build,
    }


def wanted(options: argparse.Namespace) -> list[Cell]:
    """All cells. Cells with the same arrays follow one another. Several threads are left out where none is shared."""
    cells = [
        (name, dtype, size, threads, mode, kind, "")
        for threads in options.threads
        for size in options.size
        for dtype in options.dtype
        for kind in (options.inputs or (["real", "random"] if size == BOTH_INPUTS and not options.quick else ["real"]))
        for name in options.functions
        for mode in options.mode
        if options.chosen or dtype == "float32" or (size in OTHER_SIZES and mode == "out")
        if options.chosen or threads == 1 or size >= SHARED
        if options.chosen or mode != "in place" or size < LARGEST
    ]
    if not options.chosen:
        cells += [
            (name, dtype, math.prod(shape), threads, "out", "real", text)
            for threads in options.threads
            for text, (shape, _) in SHAPED.items()
            for dtype in ("float32", "float64")
            for name in ("softmax", "softmax_backward")
            if dtype in options.dtype and name in options.functions
        ]
    return [dict(zip(KEY, cell, strict=True)) for cell in cells]


def parsed() -> argparse.Namespace:
    def several(convert: Callable[[str], Any], allowed: tuple[Any, ...] = ()) -> Callable[[str], list[Any]]:
        def read(text: str) -> list[Any]:
            values = [convert(part) for part in text.split(",")]
            if allowed and not set(values) <= set(allowed):
                raise argparse.ArgumentTypeError(f"{text}: choose from {', '.join(map(str, allowed))}")
            return values

        return read

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("functions", nargs="*", metavar="FUNCTION", help=f"all if none is named: {', '.join(NAMES)}")
    add(
        "--peers", type=several(str, tuple(PEERS)), default=PEERS, help="comma-separated, like all lists (default: all)"
    )
    add("--dtype", type=several(str, DTYPES), help=f"of {', '.join(DTYPES)}")
    add("--size", type=several(lambda text: int(float(text))), help="numbers of elements")
    add("--threads", type=several(int), help="numbers of threads (default: 1 and 2)")
    add("--mode", type=several(str, MODES), help="a preallocated output, in place, a new array (default: all three)")
    add("--inputs", type=several(str, ("real", "random")), help="pre-activations of a model, or normally distributed")
    add("--quick", action="store_true", help="two sizes of float32 on one thread with a preallocated output")
    add("--six", action="store_true", help=f"{', '.join(results.HEADLINES)} only: three sizes, otherwise as --quick")
    usable = [name for name in LEVELS if name in fastact.available_levels()] or [fastact.level]
    add("--level", type=several(str, tuple(usable)), help=f"of {', '.join(usable)} (default: all)")
    add("--seconds", type=float, help="seconds for each cell (default: 0.1)")
    add("--rounds", type=int, default=100, help="most rounds of a cell (default: %(default)s)")
    add("--into", type=Path, help="folder for the results (default: build/performance, with _quick or _six)")
    add("--anew", action="store_true", help="ignore the results in the folder")
    add("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.part = "quick" if options.quick else "six" if options.six else ""
    options.chosen = bool(options.six or options.dtype or options.size or options.mode or options.inputs)
    usual = {"dtype": list(DTYPES), "size": list(SIZES), "threads": [1, 2], "mode": list(MODES), "seconds": 0.1}
    usual |= {"level": usable, "functions": NAMES}
    usual |= {"quick": QUICK | {"level": usable[:1]}, "six": SIX, "": {}}[options.part]
    for option, value in usual.items():
        setattr(options, option, getattr(options, option) or value)
    options.into = options.into or ROOT / "build" / "_".join(filter(None, ("performance", options.part)))
    for name in options.functions:
        if name not in NAMES:
            parser.error(f"{name} is not one of {', '.join(NAMES)}")
    return options


def before(file: Path, level: str, options: argparse.Namespace) -> dict[str, Any]:
    """The results in the file, if they match this run; otherwise none."""
    here = environment(level)
    how = {"peers": options.peers, "seconds": options.seconds, "rounds": options.rounds, "part": options.part}
    if file.exists() and not options.anew:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if found["environment"] == here and found["settings"] != how:
            sys.exit(f"{file} was measured with other options: give --anew or another --into")
        if found["environment"] == here:
            return found
        print(f"{file} is of another build or of other packages: starting anew")
    return {"environment": here, "settings": how, "missing": {}, "load": 0.0, "cells": [], "errors": {}}


class Kept:
    """Write the results to a file that is complete at any time."""

    def __init__(self, found: dict[str, Any], file: Path) -> None:
        self.found, self.file, self.written = found, file, time.monotonic()

    def take(self, line: dict[str, Any], threads: int) -> None:
        self.found["date"] = date.today().isoformat()
        if "times" in line:
            self.found["cells"].append(line)
        elif "missing" in line:
            self.found |= {"missing": line["missing"], "load": max(self.found["load"], line["load"])}
            self.found["capable"] = line["capable"]
        else:
            ((what, values),) = line.items()
            place = what if what in ("errors", "operations") else str(threads)
            known = self.found.setdefault(what, {})
            known |= values if place == what else {place: values}
        if time.monotonic() - self.written > 5:
            self.write()

    def write(self) -> None:
        if "date" not in self.found:
            return
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps(self.found), encoding="utf-8")
        part.replace(self.file)
        self.written = time.monotonic()


def main() -> int:
    options = parsed()
    if options.child:
        child(options.child)
        return 0
    options.into.mkdir(parents=True, exist_ok=True)
    for level in options.level:
        run(level, options)
    return 0


def run(level: str, options: argparse.Namespace) -> None:
    """Measures one level, and prints what was asked for."""
    file = options.into / f"{level}.json"
    found = before(file, level, options)
    kept, had = Kept(found, file), {key(cell) for cell in found["cells"]}
    asked = wanted(options)
    cells = [cell for cell in asked if key(cell) not in had]
    with file.with_suffix(".log").open("w") as options.log, tqdm(total=len(cells), unit="cell", desc=level) as bar:
        try:
            for threads in options.threads:
                here = [cell for cell in cells if cell["threads"] == threads]
                known = {*found["errors"], *errors.MEASURED_NOT} if threads == options.threads[0] else NAMES
                names = [name for name in options.functions if name not in known]
                for line in measured(level, threads, here, names, options) if here or names else ():
                    kept.take(line, threads)
                    if "times" in line:
                        bar.set_postfix_str(f"{line['function']} {line['dtype']} {line['size']:,}")
                        bar.update()
        finally:
            kept.write()
    report(found, {key(cell) for cell in asked})


def report(found: dict[str, Any], asked: set[tuple[Any, ...]]) -> None:
    """Print the requested cells, the worst first, errors, and the contenders that could not take part."""
    measured = [cell for cell in found["cells"] if key(cell) in asked]
    cells = [results.cell_of(cell) for cell in measured]
    ratios = {key(cell): best(cell)[1] for cell in cells if best(cell)}
    worst = sorted(cells, key=lambda cell: ratios.get(key(cell), math.inf))
    print(*map(results.line, worst[:PRINTED]), sep="\n")
    for name, by in found["errors"].items():
        told = (f"{who} {results.shown(relative)} at {where:g}" for who, (relative, where, _) in by.items())
        print(f"{name}: errors in ulp: {', '.join(told)}")
    for tier in OURS:
        tell(list(filter(results.headline, cells)), tier)
    ahead = sum(ratio >= 1 for ratio in ratios.values())
    print(f"ahead in {ahead:,} of {len(ratios):,} cells that a peer has; geometric mean {mean(ratios.values()):.2f}")
    if found["load"] > BUSY:
        print(f"other processes kept {found['load']:.1f} CPUs busy: times with several threads are not worth keeping")
    for who, why in sorted(found["missing"].items()):
        print(f"missing: {who}: {why}")
    for who, why in sorted({(who, why) for cell in measured for who, why in cell["left out"].items()}):
        print(f"left out: {who}: {why}")


def tell(six: list[Cell], tier: str) -> None:
    """Print the geometric means of the headlines for a tier. What has no fast form counts as the default does."""
    with_tier = [c for c in six if tier in c["ns"]]
    cells = six if with_tier and tier == "fastact.fast" else with_tier
    ratios = {(c["function"], c["size"]): best(c, tier)[1] for c in cells if best(c)}
    if ratios:
        (name, size), lowest = min(ratios.items(), key=lambda item: item[1])
        sizes = dict.fromkeys(size for _, size in ratios)
        at = (f"{size:,} {mean(r for (_, of), r in ratios.items() if of == size):.2f}" for size in sizes)
        print(f"the six functions, fastest peer over {tier}: geometric mean {mean(ratios.values()):.2f}", end="")
        print(f" ({', '.join(at)}), lowest {lowest:.2f} ({name}, {size:,})")


if __name__ == "__main__":
    sys.exit(main())
