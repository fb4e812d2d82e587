"""Neural-network activations, their derivatives and their backward passes, as NumPy ufuncs.

On import the best instruction set that this machine runs is chosen (`fastact.level`); FASTACT_ISA forces one.
The list of functions is `fastact.table`.
"""

import contextlib
import importlib
import importlib.util
import operator
import os
import sys
import types
from collections.abc import Iterator
from typing import Any

from . import table
from ._cpu import supported_levels

__version__ = "0.1.0"

_LEVELS = ("x86_64_v2", "x86_64_v3", "x86_64_v4")


def _choose_level() -> str:
    """The name of the level to import: the one that FASTACT_ISA names, else the best that is built and runs here."""
    built = [level for level in (*_LEVELS, "baseline") if importlib.util.find_spec(f"fastact._{level}")]
    known = _LEVELS if "baseline" not in built else ("baseline",)
    runs: tuple[str, ...] = supported_levels(known)
    wanted = os.environ.get("FASTACT_ISA")
    if wanted:
        if wanted not in known:
            raise ImportError(f"FASTACT_ISA={wanted!r} is not one of {', '.join(known)}")
        if wanted not in built:
            raise ImportError(f"FASTACT_ISA={wanted!r} was not built: this installation has {', '.join(built)}")
        if wanted not in runs:
            raise ImportError(f"FASTACT_ISA={wanted!r} is not what this machine runs: {', '.join(runs) or 'none'}")
        return wanted
    usable = [level for level in runs if level in built]
    if not usable:
        raise ImportError(f"fastact needs a machine that runs one of {', '.join(built)}; this one runs none of them")
    return usable[-1]


level = _choose_level()
_module: Any = importlib.import_module(f"fastact._{level}")


def _named(made: dict[str, Any]) -> dict[str, Any]:
    """With the aliases."""
    return made | {alias: made[row.name] for row in (*table.ACTIVATIONS, *table.GATES) for alias in row.aliases}


_ufuncs = _named(_module.UFUNCS)
globals().update(_ufuncs)

precise = types.ModuleType(
    "fastact.precise", "All functions in float16 and float32, as computed in float64 and rounded once."
)
vars(precise).update(_named(_module.PRECISE_UFUNCS), __all__=list(_ufuncs))
sys.modules[precise.__name__] = precise

from .gated import PACKED, bernoulli_gelu, gated_linear  # noqa: E402  (needs the ufuncs)
from .names import functions, get  # noqa: E402

globals().update(PACKED)

from .rows import ROWWISE, gumbel_softmax  # noqa: E402

globals().update(ROWWISE)


def _quota() -> float:
    """The CPUs that control groups allow this process; infinity where they set no limit or cannot be read."""
    for path, period_path in (
        ("/sys/fs/cgroup/cpu.max", None),
        ("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us"),
    ):
        try:
            with open(path) as file:
                words = file.read().split()
            if period_path:
                with open(period_path) as file:
                    words += file.read().split()
            quota, period = float(words[0]), float(words[1])
        except (OSError, ValueError, IndexError):  # absent, "max", or not what we know
            continue
        if quota > 0 and period > 0:
            return quota / period
    return float("inf")


def _usable_cpus() -> int:
    """CPUs that the scheduler and the control groups leave to this process."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, int(min(_quota(), 1e6) + 0.999)))


def set_num_threads(n: int | None) -> None:
    """Set the most threads that any call may use, for the whole process.

    Large arrays are shared among threads; small ones, where a region would cost more than it saves, are not.
    OMP_NUM_THREADS and threadpoolctl can lower the number further, but not raise it.

    Parameters
    ----------
    n : int or None
        At least 1. None means as many as there are usable CPUs (affinity and control groups are asked again).

    Raises
    ------
    TypeError
        When `n` is not an integer.
    ValueError
        When `n` is less than 1.

    See Also
    --------
    get_num_threads, num_threads

    Examples
    --------
    >>> import fastact
    >>> fastact.set_num_threads(1)
    >>> fastact.get_num_threads()
    1
    >>> fastact.set_num_threads(None)
    """
    global _limit, _limit_source
    if n is None:
        limit, source = _usable_cpus(), "usable CPUs"
    else:
        limit, source = operator.index(n), "set_num_threads"
        if limit < 1:
            raise ValueError(f"set_num_threads: the number of threads must be at least 1, got {n}")
    _limit, _limit_source = min(limit, 2**15), source
    _module.limit_threads(_limit)


@contextlib.contextmanager
def num_threads(n: int | None) -> Iterator[None]:
    """Limit the threads within a ``with`` block, and set back what was before.

    Parameters
    ----------
    n : int or None
        As in `set_num_threads`, whose limit this changes: for the whole process, not for one thread.

    Examples
    --------
    >>> import fastact
    >>> with fastact.num_threads(1):
    ...     fastact.get_num_threads()
    1
    """
    global _limit_source
    before, source = _limit, _limit_source
    set_num_threads(n)
    try:
        yield
    finally:
        set_num_threads(before)
        _limit_source = source


def available_levels() -> tuple[str, ...]:
    """The instruction-set levels that are built and that this machine runs, plainest first.

    Examples
    --------
    >>> import fastact
    >>> fastact.level in fastact.available_levels()
    True
    """
    if level == "baseline":
        return ("baseline",)
    return tuple(name for name in supported_levels(_LEVELS) if importlib.util.find_spec(f"fastact._{name}"))


get_num_threads = _module.get_num_threads
get_num_threads.__module__ = "fastact"

_limit, _limit_source = 1, ""
set_num_threads(None)
if os.environ.get("FASTACT_NUM_THREADS"):
    try:
        set_num_threads(int(os.environ["FASTACT_NUM_THREADS"]))
    except ValueError:
        raise ImportError(
            f"FASTACT_NUM_THREADS must be a positive integer, got {os.environ['FASTACT_NUM_THREADS']!r}"
        ) from None
    _limit_source = "FASTACT_NUM_THREADS"

__all__ = [
    *_ufuncs,
    *PACKED,
    *ROWWISE,
    "available_levels",
    "bernoulli_gelu",
    "functions",
    "gated_linear",
    "get",
    "get_num_threads",
    "gumbel_softmax",
    "level",
    "num_threads",
    "precise",
    "set_num_threads",
    "table",
]
