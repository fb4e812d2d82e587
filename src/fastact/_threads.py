"""How many threads a call may use: the limit that is set, and the CPUs that this process may use."""

import contextlib
import operator
import os
from collections.abc import Iterator

from ._core import get_num_threads, set_limit


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
        except (OSError, ValueError, IndexError):  # absent, "max", or in an unknown format
            continue
        if quota > 0 and period > 0:
            return quota / period
    return float("inf")


def usable_cpus() -> int:
    """The number of CPUs that affinity and control groups leave to this process."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, int(min(_quota(), 1e6) + 0.999)))


def set_num_threads(n: int | None) -> None:
    """Set the most threads that any call may use, for the whole process.

    Large arrays are shared among threads. Small ones are not, because starting threads would cost more than it saves.
    OMP_NUM_THREADS and threadpoolctl can lower the number further, but not raise it.

    Parameters
    ----------
    n : int or None
        At least 1. None means the number of usable CPUs (affinity and control groups are read again).

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
    global limit, limit_source
    if n is None:
        wanted, source = usable_cpus(), "usable CPUs"
    else:
        wanted, source = operator.index(n), "set_num_threads"
        if wanted < 1:
            raise ValueError(f"set_num_threads: the number of threads must be at least 1, got {n}")
    limit, limit_source = min(wanted, 2**15), source
    set_limit(limit)


@contextlib.contextmanager
def num_threads(n: int | None) -> Iterator[None]:
    """Limit the threads within a ``with`` block, and restore the limit after it.

    Parameters
    ----------
    n : int or None
        As in `set_num_threads`. The limit applies to the whole process, not to one thread.

    Examples
    --------
    >>> import fastact
    >>> with fastact.num_threads(1):
    ...     fastact.get_num_threads()
    1
    """
    global limit_source
    before, source = limit, limit_source
    set_num_threads(n)
    try:
        yield
    finally:
        set_num_threads(before)
        limit_source = source


limit, limit_source = 1, ""
set_num_threads(None)
if os.environ.get("FASTACT_NUM_THREADS"):
    try:
        set_num_threads(int(os.environ["FASTACT_NUM_THREADS"]))
    except ValueError:
        raise ImportError(
            f"FASTACT_NUM_THREADS must be a positive integer, got {os.environ['FASTACT_NUM_THREADS']!r}"
        ) from None
    limit_source = "FASTACT_NUM_THREADS"

for _function in (get_num_threads, set_num_threads, num_threads):
    _function.__module__ = "fastact"
