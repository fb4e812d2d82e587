# cython: cdivision=True
"""Kernels of straight lines and parabolas: rectifiers, clipped lines, shrinkage."""
from . cimport vmath
from .vmath cimport real


# ---- rectifiers ----

cdef inline real identity(real x) noexcept nogil:
    return x


cdef inline real identity_derivative(real x) noexcept nogil:
    cdef real one = 1
    return one if x == x else x


cdef inline real identity_derivative_from_output(real y) noexcept nogil:
    return identity_derivative(y)


cdef inline real relu(real x) noexcept nogil:
    cdef real zero = 0
    return zero if x <= zero else x


cdef inline real relu_derivative(real x) noexcept nogil:
    return prelu_derivative(x, <real> 0)


cdef inline real relu_derivative_from_output(real y) noexcept nogil:
    return relu_derivative(y)


cdef inline real prelu(real x, real slope) noexcept nogil:
    return vmath.prelu(x, slope)


cdef inline real prelu_derivative(real x, real slope) noexcept nogil:
    cdef real zero = 0, one = 1
    cdef real left = slope if x <= zero else x      # NaN stays
    return one if x > zero else left


cdef inline real prelu_derivative_slope(real x, real slope) noexcept nogil:
    cdef real zero = 0
    return zero if x > zero else x


cdef inline real leaky_relu(real x, real negative_slope) noexcept nogil:
    return prelu(x, negative_slope)


cdef inline real leaky_relu_derivative(real x, real negative_slope) noexcept nogil:
    return prelu_derivative(x, negative_slope)


cdef inline real leaky_relu_derivative_from_output(real y, real negative_slope) noexcept nogil:
    return prelu_derivative(y, negative_slope)


cdef inline real rrelu(real x, real lower, real upper) noexcept nogil:
    cdef real half = 0.5
    return vmath.prelu(x, half * lower + half * upper)


cdef inline real rrelu_derivative(real x, real lower, real upper) noexcept nogil:
    cdef real half = 0.5
    return prelu_derivative(x, half * lower + half * upper)


cdef inline real relu2(real x) noexcept nogil:
    cdef real y = relu(x)
    return y * y


cdef inline real relu2_derivative(real x) noexcept nogil:
    cdef real y = relu(x)
    return y + y


cdef inline real relu2_derivative_from_output(real y) noexcept nogil:
    cdef real root = vmath.sqrt(y)
    return root + root


cdef inline real threshold(real x, real threshold, real value) noexcept nogil:
    return value if x <= threshold else x


cdef inline real threshold_derivative(real x, real threshold, real value) noexcept nogil:
    return above(x, threshold)


cdef inline real above(real x, real low) noexcept nogil:
    """1 for x > low, else 0; NaN for NaN."""
    cdef real zero = 0, one = 1
    cdef real y = zero if x <= low else x
    return one if x > low else y


cdef inline real thresholded_relu(real x, real theta) noexcept nogil:
    return threshold(x, theta, <real> 0)


cdef inline real thresholded_relu_derivative(real x, real theta) noexcept nogil:
    return above(x, theta)


# ---- clipped at both ends ----

cdef inline real clip(real x, real low, real high) noexcept nogil:
    cdef real y = low if x < low else x
    return high if y > high else y


cdef inline real inside(real x, real low, real high) noexcept nogil:
    """1 for low < x < high, else 0; NaN for NaN."""
    cdef real zero = 0, one = 1
    cdef real y = zero if x <= low else one
    y = zero if x >= high else y
    return y if x == x else x


cdef inline real relu6(real x) noexcept nogil:
    return clipped_relu(x, <real> 6)


cdef inline real relu6_derivative(real x) noexcept nogil:
    return inside(x, <real> 0, <real> 6)


cdef inline real relu6_derivative_from_output(real y) noexcept nogil:
    return inside(y, <real> 0, <real> 6)


cdef inline real clipped_relu(real x, real max_value) noexcept nogil:
    cdef real y = relu(x)
    return max_value if y > max_value else y


cdef inline real clipped_relu_derivative(real x, real max_value) noexcept nogil:
    return inside(x, <real> 0, max_value)


cdef inline real clipped_relu_derivative_from_output(real y, real max_value) noexcept nogil:
    return inside(y, <real> 0, max_value)


cdef inline real hard_tanh(real x, real min_val, real max_val) noexcept nogil:
    return clip(x, min_val, max_val)


cdef inline real hard_tanh_derivative(real x, real min_val, real max_val) noexcept nogil:
    return inside(x, min_val, max_val)


cdef inline real hard_tanh_derivative_from_output(real y, real min_val, real max_val) noexcept nogil:
    return inside(y, min_val, max_val)


cdef inline bint is_sixth(real slope) noexcept nogil:
    """Whether a slope is 1/6, rounded to float16, bfloat16, float32 or float64."""
    cdef real half = 0.1666259765625, bfloat16 = 0.1669921875, single = 0.1666666716337204
    cdef real nearest = 0.16666666666666666
    return (slope == half) | (slope == bfloat16) | (slope == single) | (slope == nearest)


# A slope of 1/6 is the fraction: the number below it, less an excess of the opposite sign. Where x/6 + offset is 0 or 1,
# so is what is computed: affine is exact there, and the excess rounds to the difference. Infinities do not cancel.

cdef inline real coefficient(real slope) noexcept nogil:
    """The slope; in place of 1/6, the number below the fraction."""
    cdef real below = 0.16666665673255920 if real is float else 0.16666666666666663
    return below if is_sixth(slope) else slope


cdef inline real excess(real x, real slope) noexcept nogil:
    """coefficient(slope) x - x/6 for a slope of 1/6, else 0."""
    cdef real zero = 0, difference = -9.934107463e-09 if real is float else -3.700743415417188e-17
    return x * difference if is_sixth(slope) else zero


cdef inline real hard_sigmoid(real x, real slope, real offset) noexcept nogil:
    cdef real zero = 0, one = 1
    return clip(vmath.affine(x, coefficient(slope), offset) - excess(x, slope), zero, one)


cdef inline real hard_sigmoid_derivative(real x, real slope, real offset) noexcept nogil:
    # Below 0 or above 1? These have the right sign, where slope x + offset may be rounded to 1.
    cdef real zero = 0, one = 1, nearest = 0.1666666716337204 if real is float else 0.16666666666666666
    cdef real a = coefficient(slope), more = excess(x, slope)
    cdef real y = nearest if is_sixth(slope) else slope
    y = zero if vmath.affine(x, a, offset) <= more else y
    y = zero if vmath.affine(x, a, offset - one) >= more else y
    return y if x == x else x


cdef inline real hard_sigmoid_derivative_from_output(real y, real slope, real offset) noexcept nogil:
    return slope * inside(y, <real> 0, <real> 1)


cdef inline real sixth(real x) noexcept nogil:
    """x/6, but for a thousandth of an ulp, in half the time of a division."""
    cdef real inverse = 0.16666666666666666, low = -4.9670537e-09 if real is float else 9.25185853854297e-18
    return vmath.affine(x, inverse, low * x)


cdef inline real hard_swish(real x) noexcept nogil:
    cdef real three = 3, six = 6
    cdef real near = -three if x < -three else x           # -inf would become NaN
    cdef real y = near + three
    return near * sixth(six if y > six else y)


cdef inline real hard_swish_derivative(real x) noexcept nogil:
    cdef real zero = 0, one = 1, three = 3
    cdef real near = -three if x <= -three else x           # the conditions of the result
    near = three if x >= three else near
    cdef real y = sixth(near + near + three)
    y = zero if x <= -three else y
    return one if x >= three else y


cdef inline real sparse_sigmoid(real x) noexcept nogil:
    cdef real one = 1, half = 0.5
    return half * clip(x, -one, one) + half


cdef inline real sparse_sigmoid_derivative(real x) noexcept nogil:
    cdef real one = 1, half = 0.5
    return half * inside(x, -one, one)


cdef inline real sparse_sigmoid_derivative_from_output(real y) noexcept nogil:
    cdef real half = 0.5
    return half * inside(y, <real> 0, <real> 1)


cdef inline real sparse_plus(real x) noexcept nogil:
    cdef real one = 1, half = 0.5
    cdef real root = half * clip(x, -one, one) + half
    return x if x >= one else root * root


cdef inline real sparse_plus_derivative(real x) noexcept nogil:
    return sparse_sigmoid(x)


# ---- shrinkage ----

cdef inline real hard_shrink(real x, real lambd) noexcept nogil:
    return shrink(x, lambd, <real> 0)


cdef inline real hard_shrink_derivative(real x, real lambd) noexcept nogil:
    return shrink_derivative(x, lambd, <real> 0)


cdef inline real soft_shrink(real x, real lambd) noexcept nogil:
    return shrink(x, lambd, lambd)


cdef inline real soft_shrink_derivative(real x, real lambd) noexcept nogil:
    return shrink_derivative(x, lambd, lambd)


cdef inline real soft_shrink_derivative_from_output(real y, real lambd) noexcept nogil:
    return shrink_derivative(y, <real> 0, lambd)


cdef inline real shrink(real x, real lambd, real bias) noexcept nogil:
    cdef real zero = 0
    cdef real size = -x if x < zero else x
    cdef real y = zero * x if size <= lambd else x      # a zero has the sign of x
    y = x - bias if x > lambd else y
    return x + bias if x < -lambd else y


cdef inline real shrink_derivative(real x, real lambd, real bias) noexcept nogil:
    cdef real zero = 0
    return above(-x if x < zero else x, lambd)
