"""Chooses the level, and makes the ufuncs of its kernels. The rest of the package imports this module.

The level is the best one that is built and that this CPU runs, or the one that the environment variable FASTACT_ISA
names. FASTACT_FAST_CALLS=0 turns the fast paths of calls off.
"""

import importlib
import importlib.util
import os
from typing import Any, NamedTuple

import numpy as np

from . import _core, _docstrings, levels
from .catalogue import FUNCTIONS, ROWWISE

KNOWN = tuple(level.name for level in levels.of_machine())


class Kernels(NamedTuple):
    """The ufuncs of one level, and its properties."""

    name: str
    flags: str
    fma: bool
    ufuncs: dict[str, np.ufunc]  # elementwise, by name
    precise: dict[str, np.ufunc]  # the same for fastact.precise
    fast: dict[str, np.ufunc]  # and for fastact.fast
    rowwise: dict[str, np.ufunc]  # gufuncs, by name
    file: str  # of the level's module


def built_levels() -> tuple[str, ...]:
    """The levels of this installation, the one with the fewest instructions first."""
    return tuple(name for name in KNOWN if importlib.util.find_spec(f"fastact._{name}"))


def available_levels() -> tuple[str, ...]:
    """List the usable levels (instruction sets), the one with the fewest instructions first.

    Examples
    --------
    >>> import fastact
    >>> fastact.level in fastact.available_levels()
    True
    """
    runs = _core.supported_levels()
    return tuple(name for name in built_levels() if name in runs)


def choose_level() -> str:
    """The name of the level to use."""
    built, usable, wanted = built_levels(), available_levels(), os.environ.get("FASTACT_ISA")
    if wanted:
        if wanted not in KNOWN:
            raise ImportError(f"FASTACT_ISA={wanted!r} is not one of {', '.join(KNOWN)}")
        if wanted not in built:
            raise ImportError(f"FASTACT_ISA={wanted!r} was not built: this installation has {', '.join(built)}")
        if wanted not in usable:
            runs = ", ".join(_core.supported_levels()) or "none"
            raise ImportError(f"FASTACT_ISA={wanted!r} does not run on this machine, which runs {runs}")
        return wanted
    if not built:
        raise ImportError("fastact has no kernels: no module of a level was found. Is the installation complete?")
    if not usable:
        raise ImportError(f"fastact was built for {', '.join(built)}; this machine runs none of them")
    return usable[-1]


def load(name: str) -> Kernels:
    """The ufuncs of a level."""
    module: Any = importlib.import_module(f"fastact._{name}")
    name, flags, fma = _core.describe(module.level)
    docs = _docstrings.DOCSTRINGS if fma else {**_docstrings.DOCSTRINGS, **_docstrings.WITHOUT_FMA}
    unbuilt = [name for name in (*(f.name for f in FUNCTIONS), *(row.name for row in ROWWISE)) if name not in docs]
    if unbuilt:
        raise ImportError(f"{unbuilt[0]} has not been built: run pip install -e . --no-build-isolation")
    ufuncs, precise, fast = _core.make_elementwise(module.level, FUNCTIONS, docs)
    rowwise = _core.make_rowwise(module.level, ROWWISE)
    return Kernels(name, flags, fma, ufuncs, precise, fast, rowwise, module.__file__)


fast_calls = os.environ.get("FASTACT_FAST_CALLS", "1")
if fast_calls not in ("0", "1"):
    raise ImportError(f"FASTACT_FAST_CALLS must be 0 or 1, got {fast_calls!r}")
_core.enable_fast_calls(fast_calls == "1")
kernels = load(choose_level())
available_levels.__module__ = "fastact"
