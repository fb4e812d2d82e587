"""Thread counts and their limits, fork, and the floating-point state of workers."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from conftest import same

import fastact

LARGE = 400_000


def run(code: str, **env: str) -> str:
    """The standard output of a fresh interpreter; a hang is a failure."""
    paths = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    level = {k: os.environ[k] for k in ("FASTACT_ISA",) if k in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], env=paths | level | env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


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
    for large in ("numpy.ones(1000000)", "numpy.ones((1000, 2000))[:, :1000]"):
        call = f"fastact.silu({large}); "
        assert run(code.format(call), OMP_NUM_THREADS="1") == "0"
        if fastact._core.OPENMP:
            assert run(code.format(call), OMP_NUM_THREADS="4", FASTACT_NUM_THREADS="4") == "3"


def test_many_threads() -> None:
    """More threads than this machine has: the bits stay, the overflow is reported."""
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


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs affinity")
@pytest.mark.parametrize("call", ["gelu(x", "softmax(x.reshape(-1, 1000)", "softmax(x"])
def test_threads_without_a_core(call: str) -> None:
    """Two threads on one core wait for each other: 80 times as long as one thread, if every call tried it."""
    code = f"""
import os, time, numpy as np, fastact
x = np.linspace(-5, 5, {LARGE}, dtype="f")
fastact.set_num_threads(2)
fastact.{call})
core = [min(os.sched_getaffinity(0))]
for task in os.listdir("/proc/self/task"):
    os.sched_setaffinity(int(task), core)
def seconds(threads):
    fastact.set_num_threads(threads)
    start = time.perf_counter()
    for _ in range(50):
        fastact.{call})
    return time.perf_counter() - start
print(min(seconds(2) / seconds(1) for _ in range(3)))
"""
    assert float(run(code, FASTACT_NUM_THREADS="2", OMP_NUM_THREADS="2")) < 5


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="reads the threads' times in /proc")
@pytest.mark.skipif(not fastact._core.OPENMP or fastact.get_num_threads() < 2, reason="needs two cores")
def test_uneven_shares_stay_shared() -> None:
    """Where the second half takes three times as long as the first, the second thread is late, but has its core."""
    code = """
import os, time, numpy as np, fastact
x = np.random.default_rng(0).normal(size=(2000, 2000)).astype("f")
x[:1000] = -5
x[:1000, 0] = 10
out = np.empty_like(x)
fastact.set_num_threads(2)
def nanoseconds():
    tasks = set(os.listdir("/proc/self/task")) - {str(os.getpid())}
    return sum(int(open(f"/proc/self/task/{task}/schedstat").read().split()[0]) for task in tasks)
worked = 0
for _ in range(100):
    before = nanoseconds()
    fastact.entmax15(x, out=out)
    worked += nanoseconds() - before > 2e6
    time.sleep(0.002)     # ours is no longer spinning
    if worked == 20:
        break
print(worked)
"""
    assert int(run(code, FASTACT_NUM_THREADS="2", OMP_NUM_THREADS="2")) == 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_child_computes() -> None:
    """GNU OpenMP's pool does not survive a fork; a child must not wait for it."""
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
    """Nothing here may switch the process to flushing subnormals."""
    assert run("import fastact, sys; print(sys.float_info.min / 2 > 0)") == "True"
    x = np.full(LARGE, np.finfo(np.float32).smallest_subnormal)
    assert np.all(fastact.relu(x) == x) and np.all(fastact.bilinear(x, np.float32(1)) == x)


@pytest.mark.parametrize(
    ("text", "quota"),
    [("max 100000", None), ("150000 100000", 1.5), ("garbage", None), ("", None), ("-1 100000", None), ("1 0", None)],
)
def test_quota(text: str, quota: float | None, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """The files of control groups, version 2, in every state."""
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
