"""What functions with an axis say of one that is not there."""

import operator
from typing import Any

import numpy as np


def checked(name: str, axis: Any, ndim: int) -> int:
    """The axis, not negative."""
    k = operator.index(axis)
    if not -ndim <= k < ndim:
        raise np.exceptions.AxisError(k, ndim, name)
    return k % ndim
