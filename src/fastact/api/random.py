"""Functions that draw random numbers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._dispatch import kernels
from .rows import ROWWISE, check_temperature


def bernoulli_gelu(x: ArrayLike, rng: Any = None, out: NDArray[Any] | None = None) -> Any:
    """The stochastic map behind GELU: x with probability Phi(x), else zero.

    Its mean is ``gelu(x)``.

    Parameters
    ----------
    x : array_like
        Input, of any shape.
    rng : numpy.random.Generator, int, or None
        Where the randomness comes from: a generator, or what `numpy.random.default_rng` takes.
    out : ndarray, optional
        Where the result goes.

    Returns
    -------
    ndarray or scalar
        Of the dtype that `gelu` gives for `x`. NaN stays NaN.

    Raises
    ------
    TypeError
        For complex, object, string and datetime arrays.
    ValueError
        When `out` is of the wrong shape or read-only.

    References
    ----------
    .. [1] Hendrycks and Gimpel, Gaussian error linear units, 2016, arXiv:1606.08415

    Examples
    --------
    >>> import fastact
    >>> import numpy as np
    >>> fastact.bernoulli_gelu(np.array([-40.0, 40.0]), rng=1)
    array([ 0., 40.])
    """
    gelu = kernels.ufuncs["gelu"]
    value = np.positive(x, dtype=gelu.resolve_dtypes((np.asarray(x).dtype, None))[1])
    # u |x| < |x| Phi(x); beyond 40 the probability is 0 or 1 to the last bit, and infinities stay out of it
    near = np.clip(value, -40, 40).astype(np.float64, copy=False)
    keep = np.random.default_rng(rng).random(np.shape(value)) * np.abs(near) < np.abs(gelu(near))
    zero = value.dtype.type(0)
    y = np.where(keep | np.isnan(value), value, zero)
    return np.positive(y, out=out) if out is not None else y[()]


def gumbel_softmax(
    x: ArrayLike,
    temperature: Any = 1.0,
    rng: Any = None,
    hard: bool = False,
    axis: int | tuple[int, ...] | None = -1,
    out: NDArray[Any] | None = None,
) -> Any:
    """A random sample that is nearly one-hot: ``softmax((x + g)/temperature)``, g from the Gumbel distribution.

    The largest element is at i with probability ``softmax(x)[i]``, at any temperature.

    Parameters
    ----------
    x : array_like
        Logarithms of probabilities, up to a constant for each row.
    temperature : array_like, default 1.0
        Positive and finite; the lower, the nearer to one-hot. One number, or one for each row.
    rng : numpy.random.Generator, int, or None
        Where the randomness comes from: a generator, or what `numpy.random.default_rng` takes.
    hard : bool, default False
        Whether the sample is one-hot: ``hardmax(x + g)``. The gradient that is usually passed through it is that of
        the soft sample, `softmax_backward`.
    axis : int, tuple of int, or None, default -1
        What a row is, as in `softmax`.
    out : ndarray, optional
        Where the result goes.

    Returns
    -------
    ndarray or scalar
        Of the shape of `x`; float16, float32 or float64 as in `numpy.exp`.

    Raises
    ------
    ValueError
        When `temperature` is not positive and finite or `out` is of the wrong shape.
    numpy.exceptions.AxisError
        When `x` has no such axis.
    TypeError
        For complex, object, string and datetime arrays.

    See Also
    --------
    softmax, hardmax

    Notes
    -----
    The same seed gives the same noise for every dtype: it is drawn and added in float64.

    References
    ----------
    .. [1] Jang, Gu and Poole, Categorical reparameterization with Gumbel-softmax, ICLR 2017, arXiv:1611.01144

    Examples
    --------
    >>> import fastact
    >>> fastact.gumbel_softmax([0.0, 1.0, 2.0], rng=1, hard=True).sum()
    np.float64(1.0)
    """
    name = "gumbel_softmax"
    check_temperature(name, temperature)
    logits = np.asarray(x)
    dtype = kernels.rowwise["log_softmax"].resolve_dtypes((logits.dtype, None))[-1]
    noisy = (logits + np.random.default_rng(rng).gumbel(size=logits.shape)).astype(dtype)
    if hard:
        return ROWWISE["hardmax"](noisy, axis, out=out)
    return ROWWISE["softmax"](noisy, axis, temperature, out=out)


for _function in (bernoulli_gelu, gumbel_softmax):
    _function.__module__ = "fastact"
