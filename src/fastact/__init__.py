"""Neural-network activations, their derivatives and their backward passes, as NumPy ufuncs.

On import, the best level (instruction set) that this machine runs is chosen: `fastact.level`. The environment variable
FASTACT_ISA forces one. `fastact.table` is the catalogue of functions.
"""

import sys
import types

from . import table
from ._core import enable_bfloat16, get_num_threads
from ._dispatch import available_levels
from ._dispatch import kernels as _kernels
from ._threads import num_threads, set_num_threads
from .api.elementwise import ELEMENTWISE, FAST, PRECISE
from .api.gated import FAST_PACKED, PACKED, gated_linear
from .api.names import PUBLIC, functions, get
from .api.random import bernoulli_gelu, gumbel_softmax
from .api.rows import ROWWISE

__version__ = "0.1.0"

level = _kernels.name
globals().update(ELEMENTWISE | PACKED | ROWWISE)

precise = types.ModuleType(
    "fastact.precise",
    "The elementwise functions for float16, bfloat16 and float32, computed in float64 and rounded once.",
)
vars(precise).update(PRECISE, __all__=list(PRECISE))
sys.modules[precise.__name__] = precise

fast = types.ModuleType(
    "fastact.fast",
    "Every function of arrays, in float32 with larger errors and in less time where that gains something.",
)
vars(fast).update(PUBLIC | FAST | FAST_PACKED, __all__=list(PUBLIC))
sys.modules[fast.__name__] = fast

__all__ = [
    *ELEMENTWISE,
    *PACKED,
    *ROWWISE,
    "available_levels",
    "bernoulli_gelu",
    "enable_bfloat16",
    "fast",
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
