"""Thread counts and their limits, fork, and the floating-point state of workers."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest
from conftest import FAST_CALLS, run, same

import fastact

LARGE = 400_000
FAKE = Path(__file__).resolve().parent / "fake"
CORE = FAKE.parent.parent / "src" / "fastact" / "core"


def test_set_and_get() -> None:
    before = fastact.get_num_threads()
    with fastact.num_threads(1):
        assert fastact.get_num_threads() == 1
        with fastact.num_threads(2):
            assert fastact.get_num_threads() <= 2
        assert fastact.get_num_threads() == 1
    assert fastact.get_num_threads() == before
    with pytest.raises(RuntimeError), fastact.num_threads(1):
        raise RuntimeError
    assert fastact.get_num_threads() == before


@pytest.mark.parametrize("bad", [0, -1, -(10**30)])
def test_too_few(bad: int) -> None:
    before = fastact.get_num_threads()
    with pytest.raises(ValueError, match=rf"set_num_threads.*at least 1.*{bad}"):
        fastact.set_num_threads(bad)
    assert fastact.get_num_threads() == before


@pytest.mark.parametrize("bad", [1.5, "2", [1]])
def test_not_a_number(bad: object) -> None:
    with pytest.raises(TypeError):
        fastact.set_num_threads(bad)


def test_more_than_there_are(threads) -> None:
    threads(10**30)
    assert 1 <= fastact.get_num_threads() <= 4096


def test_environment() -> None:
    show = "import fastact; print(fastact.get_num_threads(), fastact._threads.limit_source)"
    assert run(show, FASTACT_NUM_THREADS="1") == "1 FASTACT_NUM_THREADS"
    assert run(show, OMP_NUM_THREADS="1").startswith("1 ")
    if fastact._core.OPENMP:
        assert run(show, FASTACT_NUM_THREADS="5", OMP_NUM_THREADS="3").startswith("3 ")
        assert run(show, FASTACT_NUM_THREADS="5", OMP_NUM_THREADS="8").startswith("5 ")
    for bad in ("0", "-1", "many", "1.5"):
        with pytest.raises(AssertionError, match="ImportError: FASTACT_NUM_THREADS must be a positive integer"):
            run("import fastact", FASTACT_NUM_THREADS=bad)


def test_import_starts_no_thread() -> None:
    code = (
        "import numpy, os; n = len(os.listdir('/proc/self/task')); import fastact\n"
        "{}print(len(os.listdir('/proc/self/task')) - n)"
    )
    if not os.path.isdir("/proc/self/task"):
        pytest.skip("counts the threads in /proc")
    assert run(code.format("")) == "0"
    assert run(code.format("fastact.silu(numpy.ones(8000)); "), OMP_NUM_THREADS="4", FASTACT_NUM_THREADS="4") == "0"
    for large in ("numpy.ones(1000000)", "numpy.ones((1000, 2000))[:, :1000]")[: 2 if FAST_CALLS else 1]:
        call = f"fastact.silu({large}); "
        assert run(code.format(call), OMP_NUM_THREADS="1") == "0"
        if fastact._core.OPENMP:
            assert run(code.format(call), OMP_NUM_THREADS="4", FASTACT_NUM_THREADS="4") == "3"


def test_many_threads() -> None:
    """With more threads than this machine has, bits are the same and overflow is reported."""
    code = f"""
import numpy as np, fastact
x = np.random.default_rng(0).normal(0, 5, {LARGE} + 7).astype("f")
fastact.set_num_threads(1)
want = [fastact.gelu(x), fastact.swiglu(x, x), fastact.swiglu_packed(x[:{LARGE}].reshape(100, -1), layout="gate_up")]
for n in (2, 3, 5, 8):
    fastact.set_num_threads(n)
    got = [fastact.gelu(x), fastact.swiglu(x, x), fastact.swiglu_packed(x[:{LARGE}].reshape(100, -1), layout="gate_up")]
    assert all(np.array_equal(a.view("u4"), b.view("u4")) for a, b in zip(got, want)), n
    y = x.copy()
    y[-1] = 3e38
    fastact.set_num_threads(n)
    try:
        with np.errstate(over="raise"):
            fastact.bilinear(y, y)
    except FloatingPointError:
        continue
    raise AssertionError(n)
print("done")
"""
    assert run(code, OMP_NUM_THREADS="8") == "done"


PAUSES = """\
way {way}
uneven shares: {n} {n} {n}
lost: {n},1 {n},1 {n},1 {n},1 {n},1 {n},1 {n},1 {n},1
nothing lost: {n}
lost again: {n},1,{n}
little lost: {n} {n}
paused: 1, limit set: {n}
small: 1 limit 1: 1 OpenMP's limit 1: 1 in a region: 1 forked: 1
"""


@pytest.mark.skipif(not CORE.is_dir() or not shutil.which("cc"), reason="needs the source tree and a C compiler")
def test_when_calls_are_shared(tmp_path: Path) -> None:
    """core/threads.c with a clock that the test sets: into how many turns each call is cut.

    Calls on elements, on rows, and on one long row, which each of two threads reads and then writes. Where time was
    lost, calls are serial for 2, 4 ... 64 times as long; where shares are only uneven, none was.
    """
    paths = (FAKE, CORE, CORE.parent / "kernels")
    flags = ["-std=c11", "-Wno-unknown-pragmas", "-D_OPENMP=201511", *(f"-I{path}" for path in paths)]
    command = ["cc", *flags, str(FAKE / "pauses.c"), "-o", str(tmp_path / "pauses"), "-lpthread"]
    subprocess.run(command, check=True)
    told = subprocess.run([str(tmp_path / "pauses")], capture_output=True, text=True, check=True).stdout
    assert told == "".join(PAUSES.format(way=way, n=turns) for way, turns in enumerate((2, 2, 4)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_child_computes() -> None:
    """The thread pool of GNU OpenMP does not survive a fork; a child must not wait for it."""
    code = f"""
import os, warnings
warnings.simplefilter("ignore", DeprecationWarning)   # Python's, about forking with threads
import numpy as np, fastact
fastact.set_num_threads(2)
x = np.linspace(-9, 9, {LARGE})
want = fastact.silu(x)
child = os.fork()
if child == 0:
    fastact.set_num_threads(2)
    right = np.array_equal(fastact.silu(x), want) and fastact.get_num_threads() == 1
    grandchild = os.fork()
    if grandchild == 0:
        os._exit(0 if np.array_equal(fastact.silu(x), want) else 1)
    right = right and os.waitpid(grandchild, 0)[1] == 0
    os._exit(0 if right else 1)
assert os.waitpid(child, 0)[1] == 0
assert np.array_equal(fastact.silu(x), want) and not fastact._core.is_forked()
print("done")
"""
    assert run(code, OMP_NUM_THREADS="2") == "done"


def test_from_several_python_threads(threads) -> None:
    threads(2)
    x = np.linspace(-9, 9, LARGE).astype("f")
    want = fastact.gelu(x)
    wrong = []

    def work() -> None:
        for _ in range(5):
            if not same(fastact.gelu(x), want):
                wrong.append(1)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong


def test_threadpoolctl() -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")
    with threadpoolctl.threadpool_limits(1):
        assert fastact.get_num_threads() == 1
        assert same(fastact.silu(np.ones(LARGE)), np.full(LARGE, fastact.silu(1.0)))


def test_subnormals_survive_import() -> None:
    """The package does not make the process flush subnormals."""
    assert run("import fastact, sys; print(sys.float_info.min / 2 > 0)") == "True"
    x = np.full(LARGE, np.finfo(np.float32).smallest_subnormal)
    assert np.all(fastact.relu(x) == x) and np.all(fastact.bilinear(x, np.float32(1)) == x)


@pytest.mark.parametrize(
    ("text", "quota"),
    [("max 100000", None), ("150000 100000", 1.5), ("garbage", None), ("", None), ("-1 100000", None), ("1 0", None)],
)
def test_quota(text: str, quota: float | None, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """The files of control groups, with every kind of content."""
    import builtins

    file = tmp_path / "cpu.max"
    file.write_text(text)
    real_open = builtins.open

    def fake_open(path, *args, **kwargs):
        if str(path) == "/sys/fs/cgroup/cpu.max":
            return real_open(file, *args, **kwargs)
        if str(path).startswith("/sys/fs/cgroup"):
            raise FileNotFoundError(path)
        return real_open(path, *args, **kwargs)

    monkeypatch.setattr(builtins, "open", fake_open)
    assert fastact._threads._quota() == (quota if quota is not None else float("inf"))
    if quota:
        assert fastact._threads.usable_cpus() <= 2
