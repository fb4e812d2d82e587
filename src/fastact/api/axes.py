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


def several(name: str, axis: Any, ndim: int) -> tuple[int, ...]:
    """Normalise None or a tuple of axes, in order; ValueError where one is named twice."""
    given = range(ndim) if axis is None else [normalized(name, k, ndim) for k in axis]
    if len(set(given)) < len(given):
        raise ValueError(f"{name}: axis {axis} names an axis twice")
    return tuple(sorted(given))
