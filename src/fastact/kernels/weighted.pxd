# cython: cdivision=True
"""Kernels of distribution functions, and of x times one.

The derivatives of the latter cross zero. For float, all but that of gelu are computed in double.
"""
from . cimport vmath
from .linear cimport clip, relu
from .vmath cimport real


cdef inline real silu(real x) noexcept nogil:
    return vmath.silu(x)


cdef inline real silu_derivative(real x) noexcept nogil:
    if real is float:
        return <float> vmath.silu_slope_wide(<double> x)
    else:
        return vmath.swish_slope(x, <double> 0, x)


cdef inline real swish(real x, real beta) noexcept nogil:
    return vmath.swish_beta(x, beta)


cdef inline real swish_derivative(real x, real beta) noexcept nogil:
    cdef real low = 0, y
    if real is float:
        return <float> vmath.silu_slope_wide(<double> x * <double> beta)
    else:
        y = vmath.product(x, beta, &low)
        return vmath.swish_slope(y, low, y)


cdef inline double swish_derivative_beta(double x, double beta) noexcept nogil:
    cdef double low = 0
    cdef double y = vmath.product(x, beta, &low)
    cdef double near = clip(x, -1e150, 1e150)
    return vmath.logistic_slope(y, low, near * near)


cdef inline real mish(real x) noexcept nogil:
    return vmath.mish(x)


cdef inline double mish_derivative(double x) noexcept nogil:
    return vmath.mish_slope(x)


cdef inline double xielu(double x, double alpha_p, double alpha_n, double beta, double eps) noexcept nogil:
    cdef double left = vmath.affine(beta, x, alpha_n * xielu_derivative_alpha_n(x, alpha_p, alpha_n, beta, eps))
    cdef double right = vmath.affine(alpha_p, x, beta) * x
    left = (beta - alpha_n) * x if x < -1e17 else left
    return right if x > 0 else left


cdef inline double xielu_derivative(double x, double alpha_p, double alpha_n, double beta, double eps) noexcept nogil:
    cdef double left = vmath.affine(alpha_n, -1 if x >= eps else vmath.expm1(x, <double> 0), beta)
    cdef double right = vmath.affine(2 * alpha_p, x, beta)
    return right if x > 0 else left


cdef inline real xielu_derivative_alpha_p(real x, real alpha_p, real alpha_n, real beta, real eps) noexcept nogil:
    cdef real y = relu(x)
    return y * y


cdef inline double xielu_derivative_alpha_n(double x, double alpha_p, double alpha_n, double beta,
                                            double eps) noexcept nogil:
    # e^z - 1 - x, z = min(x, eps), is (e^z - 1 - z) + (z - x)
    cdef double z = x if x < eps else eps
    cdef double left = vmath.expm1_rest(z) + (z - x)
    return 0 if x > 0 else left


cdef inline real gelu(real x) noexcept nogil:
    return vmath.gelu(x)


cdef inline real gelu_derivative(real x) noexcept nogil:
    return vmath.gelu_slope(x)


cdef inline real clipped_gelu(real x, real min_val, real max_val) noexcept nogil:
    return clip(gelu(x), min_val, max_val)


cdef inline real clipped_gelu_derivative(real x, real min_val, real max_val) noexcept nogil:
    # y rounds to x for large x, and is less: a y of max_val is not cut
    cdef real zero = 0, y = gelu(x), slope = gelu_derivative(x)
    slope = zero if y <= min_val else slope
    return zero if y > max_val else slope


cdef inline real ndtr(real x) noexcept nogil:
    return vmath.ndtr(x, <real> 0)


cdef inline real ndtr_derivative(real x) noexcept nogil:
    return vmath.density(x, <real> 0, <real> 1)


cdef inline real log_ndtr(real x) noexcept nogil:
    return vmath.log_ndtr(x)


cdef inline real log_ndtr_derivative(real x) noexcept nogil:
    return vmath.log_ndtr_slope(x)


cdef inline real laplace(real x, real mu, real sigma) noexcept nogil:
    cdef real low = 0
    cdef real z = standardised(x, mu, sigma, &low)
    return vmath.ndtr(z, low)


cdef inline real laplace_derivative(real x, real mu, real sigma) noexcept nogil:
    cdef real one = 1, low = 0
    cdef real z = standardised(x, mu, sigma, &low)
    return vmath.density(z, low, one / sigma)


cdef inline real standardised(real x, real mu, real sigma, real *low) noexcept nogil:
    """(x - mu)/sigma as the sum of two numbers."""
    cdef real zero = 0, far = 60, y = x - mu, back = y - x
    cdef real rest = (x - (y - back)) - (mu + back), z = vmath.quotient(y, sigma, low)
    cdef real size = -z if z < zero else z
    low[0] = zero if size > far else low[0] + rest / sigma
    return z


cdef inline real gelu_tanh(real x) noexcept nogil:
    return vmath.gelu_tanh(x)


cdef inline real gelu_tanh_derivative(real x) noexcept nogil:
    cdef real low = 0, y
    if real is float:
        return <float> vmath.gelu_tanh_slope_wide(<double> x)
    else:
        y = vmath.cubic(x, &low)
        return vmath.swish_slope(y, low, vmath.cubic_slope(x))


cdef inline real gelu_quick(real x) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.quick(x, &low)
    return vmath.swish(x, y, low, False)


cdef inline real gelu_quick_derivative(real x) noexcept nogil:
    cdef real low = 0, y
    if real is float:
        return <float> vmath.silu_slope_wide(1.702 * <double> x)
    else:
        y = vmath.quick(x, &low)
        return vmath.swish_slope(y, low, y)
