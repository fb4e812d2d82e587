"""Axis arguments."""

import operator
from typing import Any

import numpy as np


def normalized(name: str, axis: Any, ndim: int) -> int:
    """Normalise an axis argument, raising AxisError where there is no such axis."""
    k = operator.index(axis)
    if not -ndim <= k < ndim:
        raise np.exceptions.AxisError(k, ndim, name)
    return k % ndim
