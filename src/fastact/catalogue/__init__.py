"""The lists of activations, gates and functions along an axis, and the ufuncs that each entry becomes.

A new function is an entry in one of these lists and a kernel of its name in kernels/. Nothing here imports the rest of
the package, because the build reads these lists before anything is compiled.
"""

from .activations import ACTIVATIONS
from .derived import FUNCTIONS, Function
from .entries import EXACT, ROUNDED, Activation, Bounds, Fast, Gate, Rowwise
from .gates import GATES
from .rowwise import ROWWISE

__all__ = [
    "ACTIVATIONS",
    "EXACT",
    "FUNCTIONS",
    "GATES",
    "ROUNDED",
    "ROWWISE",
    "Activation",
    "Bounds",
    "Fast",
    "Function",
    "Gate",
    "Rowwise",
]
