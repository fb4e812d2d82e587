"""Functions that draw random numbers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._dispatch import kernels
from .hints import explained
from .rows import ROWWISE, check_temperature


def bernoulli_gelu(x: ArrayLike, rng: Any = None, out: NDArray[Any] | None = None) -> Any:
    """The stochastic function behind GELU: x with probability Phi(x), else zero.

    The mean is ``gelu(x)``.

    Parameters
    ----------
    x : array_like
        Input, of any shape.
    rng : numpy.random.Generator, int, or None
        A generator, or a seed as for `numpy.random.default_rng`.
    out : ndarray, optional
        Array for the result.

    Returns
    -------
    ndarray or scalar
        The result, in the dtype of ``gelu(x)``. NaN gives NaN.

    Raises
    ------
    TypeError
        For complex, object, string and datetime arrays.
    ValueError
        When `out` has the wrong shape or is read-only.

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
    # u |x| < |x| Phi(x). Beyond 40 the probability is 0 or 1 to the last bit; clipping removes infinities.
    near = np.clip(value, -40, 40).astype(np.float64, copy=False)
    keep = np.random.default_rng(rng).random(np.shape(value)) * np.abs(near) < np.abs(gelu(near))
    zero = value.dtype.type(0)
    y = np.where(keep | np.isnan(value), value, zero)
    return np.positive(y, out=out) if out is not None else y[()]


@explained("gumbel_softmax")
def gumbel_softmax(
    x: ArrayLike,
    temperature: Any = 1.0,
    rng: Any = None,
    hard: bool = False,
    axis: int | tuple[int, ...] | None = -1,
    out: NDArray[Any] | None = None,
) -> Any:
    """A random, nearly one-hot sample: ``softmax((x + g)/temperature)``, where g has a Gumbel distribution.

    For any temperature, the probability that the largest element is at index i is ``softmax(x)[i]``.

    Parameters
    ----------
    x : array_like
        Logarithms of probabilities, except for a constant added to each row.
    temperature : array_like, default 1.0
        Positive and finite: one number, or one for each row. Low temperatures give nearly one-hot samples.
    rng : numpy.random.Generator, int, or None
        A generator, or a seed as for `numpy.random.default_rng`.
    hard : bool, default False
        Whether the sample is one-hot: ``hardmax(x + g)``. Its gradient is usually taken from the sample with
        ``hard=False``, by `softmax_backward`.
    axis : int, tuple of int, or None, default -1
        The axis or axes along which a row lies, as in `softmax`.
    out : ndarray, optional
        Array for the result.

    Returns
    -------
    ndarray or scalar
        The sample, of the shape of `x` and the dtype that `softmax` gives for it.

    Raises
    ------
    ValueError
        When `temperature` is not positive and finite, or `out` has the wrong shape.
    numpy.exceptions.AxisError
        When `x` has no such axis.
    TypeError
        For complex, object, string and datetime arrays.

    See Also
    --------
    softmax, hardmax

    Notes
    -----
    The same seed gives the same noise for every dtype, because noise is drawn and added in float64.

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
