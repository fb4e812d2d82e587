# cython: cdivision=True
"""Every activation and its derivative, one scalar function each: arithmetic on one number, no branches.

A kernel has the name of its row in table.py and takes x, then the row's parameters. NAME_derivative is the derivative
with respect to x, NAME_derivative_PARAMETER that with respect to a parameter, NAME_derivative_from_output the
derivative as a function of y = NAME(x). Everything else (backward passes, dtypes, strides, threads) is made from these.

A bare 1 or 0.5 is a C double and would drag a float kernel up with it: use typed names. NaN passes through every
kernel, so comparisons are written such that NaN takes the branch that computes.
"""
from . cimport vmath
from .vmath cimport real


# ---- rectifiers ----

cdef inline real identity(real x) noexcept nogil:
    return x


cdef inline real identity_derivative(real x) noexcept nogil:
    return 1


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


# ---- exponential ----

cdef inline real elu(real x, real alpha) noexcept nogil:
    return vmath.elu(x, alpha)


cdef inline real elu_derivative(real x, real alpha) noexcept nogil:
    return vmath.elu_slope(x, alpha)


cdef inline real elu_derivative_from_output(real y, real alpha) noexcept nogil:
    cdef real zero = 0, one = 1
    return one if y > zero else y + alpha


cdef inline real softplus(real x, real beta) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.product(x, beta, &low)
    return vmath.softplus(x, y, low, beta)


cdef inline real softplus_derivative(real x, real beta) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.product(x, beta, &low)
    return vmath.sigmoid(y, low)


cdef inline real softplus_derivative_from_output(real y, real beta) noexcept nogil:
    return -vmath.expm1(beta * y)                # of -|beta y|: y and beta have the same sign


# ---- sigmoidal ----

cdef inline real sigmoid(real x) noexcept nogil:
    return vmath.sigmoid(x, <real> 0)


cdef inline real sigmoid_derivative(real x) noexcept nogil:
    return vmath.sigmoid_slope(x, <real> 1)


cdef inline real sigmoid_derivative_from_output(real y) noexcept nogil:
    cdef real one = 1
    return y * (one - y)


cdef inline real tanh(real x) noexcept nogil:
    return vmath.tanh(x)


cdef inline real tanh_derivative(real x) noexcept nogil:
    return vmath.sigmoid_slope(x, <real> 2)


cdef inline real tanh_derivative_from_output(real y) noexcept nogil:
    cdef real one = 1
    return (one - y) * (one + y)


cdef inline real softsign(real x) noexcept nogil:
    cdef real one = 1, zero = 0, top = 1e18     # beyond, the value is 1 to the last bit; inf/inf would be NaN
    cdef real size = -x if x < zero else x
    size = top if size > top else size
    return (-size if x < zero else size) / (one + size)


cdef inline real softsign_derivative(real x) noexcept nogil:
    return vmath.softsign_slope(x)


cdef inline real softsign_derivative_from_output(real y) noexcept nogil:
    cdef real one = 1, zero = 0
    cdef real root = one - (-y if y < zero else y)
    return root * root


# ---- x times a distribution function: the derivatives cross zero, and are computed in double for float as well ----

cdef inline real silu(real x) noexcept nogil:
    return vmath.swish(x, x, <real> 0, False)


cdef inline real silu_derivative(real x) noexcept nogil:
    return <real> vmath.swish_slope(<double> x, <double> 0, <double> x)


cdef inline real swish(real x, real beta) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.product(x, beta, &low)
    return vmath.swish(x, y, low, True)


cdef inline real swish_derivative(real x, real beta) noexcept nogil:
    cdef double low = 0
    cdef double y = vmath.product(<double> x, <double> beta, &low)
    return <real> vmath.swish_slope(y, low, y)


cdef inline real gelu(real x) noexcept nogil:
    return vmath.gelu(x)


cdef inline real gelu_derivative(real x) noexcept nogil:
    return <real> vmath.gelu_slope(<double> x)


cdef inline real gelu_tanh(real x) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.cubic(x, &low)
    return vmath.swish(x, y, low, False)


cdef inline real gelu_tanh_derivative(real x) noexcept nogil:
    cdef double low = 0
    cdef double y = vmath.cubic(<double> x, &low)
    return <real> vmath.swish_slope(y, low, vmath.cubic_slope(<double> x))


cdef inline real gelu_quick(real x) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.quick(x, &low)
    return vmath.swish(x, y, low, False)


cdef inline real gelu_quick_derivative(real x) noexcept nogil:
    cdef double low = 0
    cdef double y = vmath.quick(<double> x, &low)
    return <real> vmath.swish_slope(y, low, y)


# ---- gates: gate(a) * value(b), scaled so that a vanishing gate and a large value lose nothing ----

cdef inline real bilinear(real gate, real up) noexcept nogil:
    return gate * up


cdef inline real reglu(real gate, real up) noexcept nogil:
    return relu(gate) * up


cdef inline real glu(real gate, real up) noexcept nogil:
    return vmath.glu(up, gate)


cdef inline real swiglu(real gate, real up) noexcept nogil:
    return vmath.swiglu(up, gate, gate, <real> 0)


cdef inline real geglu(real gate, real up) noexcept nogil:
    return vmath.geglu(up, gate)


cdef inline real geglu_tanh(real gate, real up) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.cubic(gate, &low)
    return vmath.swiglu(up, gate, y, low)


cdef inline real geglu_quick(real gate, real up) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.quick(gate, &low)
    return vmath.swiglu(up, gate, y, low)


cdef inline real sigmoid_geglu(real gate, real x) noexcept nogil:
    # Two functions' errors in one result: in double also for float, whose bound would not hold otherwise
    return <real> vmath.glu(vmath.gelu(<double> x), <double> gate)
