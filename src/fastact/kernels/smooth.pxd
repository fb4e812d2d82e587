# cython: cdivision=True
"""Kernels of exponential and sigmoidal shape, and those with a square root."""
from . cimport vmath
from .linear cimport clip
from .vmath cimport real


# ---- exponential ----

cdef inline real elu(real x, real alpha) noexcept nogil:
    return vmath.elu(x, alpha)


cdef inline real elu_derivative(real x, real alpha) noexcept nogil:
    return vmath.elu_slope(x, alpha)


cdef inline real elu_derivative_from_output(real y, real alpha) noexcept nogil:
    cdef real zero = 0, one = 1
    return one if y > zero else y + alpha


cdef inline real elu_derivative_alpha(real x, real alpha) noexcept nogil:
    cdef real zero = 0
    return zero if x > zero else vmath.expm1(x, <real> 0)


cdef inline real celu(real x, real alpha) noexcept nogil:
    cdef real zero = 0, low = 0
    cdef real y = vmath.quotient(x, alpha, &low)
    cdef real left = alpha * vmath.expm1(y, low), tiny = -1e-18
    return left if y < tiny else x              # near zero alpha (x/alpha), without the rounding of a subnormal x/alpha


cdef inline real celu_derivative(real x, real alpha) noexcept nogil:
    cdef real zero = 0, one = 1, low = 0
    cdef real y = vmath.quotient(x, alpha, &low)
    cdef real left = vmath.exponential(zero if y > zero else y, low)
    return one if x > zero else left


cdef inline real celu_derivative_from_output(real y, real alpha) noexcept nogil:
    cdef real zero = 0, one = 1
    return one if y > zero else (alpha + y) / alpha


cdef inline double celu_derivative_alpha(double x, double alpha) noexcept nogil:
    # e^t - 1 - t e^t for t = x/alpha < 0: (e^t - 1 - t)(1 - t) - t^2 near zero
    cdef double low = 0
    cdef double t = vmath.quotient(x, alpha, &low)
    cdef double near = vmath.expm1_rest(t) * (1 - t) - t * t
    cdef double far = vmath.exponential(0 if t > 0 else t, low) * (1 - t) - 1
    cdef double left = near if t > -1 else far
    return 0 if x > 0 else left


cdef inline real selu(real x) noexcept nogil:
    cdef real zero = 0, scale = 1.0507009873554804934193349852946, left = 1.7580993408473768599402175208123
    cdef real y = vmath.elu(x, left)
    return scale * x if x > zero else y


cdef inline real selu_derivative(real x) noexcept nogil:
    cdef real zero = 0, scale = 1.0507009873554804934193349852946, left = 1.7580993408473768599402175208123
    cdef real y = vmath.elu_slope(x, left)
    return scale if x > zero else y


cdef inline real selu_derivative_from_output(real y) noexcept nogil:
    cdef real zero = 0, scale = 1.0507009873554804934193349852946, left = 1.7580993408473768599402175208123
    cdef real rest = 2.3296717e-08 if real is float else 1.4153519380084477e-17     # of left: the sum may be near zero
    return scale if y > zero else (y + left) + rest


cdef inline real exponential(real x) noexcept nogil:
    return vmath.exponential(x, <real> 0)


cdef inline real exponential_derivative(real x) noexcept nogil:
    return exponential(x)


cdef inline real exponential_derivative_from_output(real y) noexcept nogil:
    return y


cdef inline real softplus(real x, real beta) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.product(x, beta, &low)
    return vmath.softplus(x, y, low, beta)


cdef inline real softplus_derivative(real x, real beta) noexcept nogil:
    cdef real low = 0
    cdef real y = vmath.product(x, beta, &low)
    return vmath.sigmoid(y, low)


cdef inline double softplus_derivative_beta(double x, double beta) noexcept nogil:
    # -(|z| u/(1 + u) + log(1 + u))/beta^2, u = e^-|z|, z = beta x: both terms have the same sign
    cdef double low = 0
    cdef double z = vmath.product(x, beta, &low)
    cdef double size = -z if z < 0 else z
    size = 800 if size > 800 else size
    return -((size * vmath.sigmoid(-size, 0)
                     + vmath.softplus(-size, -size, 0, 1)) / beta / beta)


cdef inline real softplus_derivative_from_output(real y, real beta) noexcept nogil:
    return -vmath.expm1(beta * y, <real> 0)                # of -|beta y|: y and beta have the same sign


cdef inline real log_sigmoid(real x) noexcept nogil:
    return -vmath.softplus(-x, -x, <real> 0, <real> 1)


cdef inline real log_sigmoid_derivative(real x) noexcept nogil:
    return sigmoid(-x)


cdef inline real log_sigmoid_derivative_from_output(real y) noexcept nogil:
    return -vmath.expm1(y, <real> 0)


cdef inline real log1mexp(real x) noexcept nogil:
    return vmath.log1mexp(x)


cdef inline real log1mexp_derivative(real x) noexcept nogil:
    return vmath.log1mexp_slope(x)


cdef inline real sqrt_softplus(real x) noexcept nogil:
    # far out it is e^(x/2): the root of what may be subnormal would have lost its digits
    cdef real zero = 0, half = 0.5, one = 1, far = -40
    cdef real near = far if x < far else x
    cdef real root = vmath.sqrt(vmath.softplus(near, near, zero, one))
    cdef real left = vmath.exponential(half * (far if x > far else x), zero)
    return vmath.where(x < far, left, root)


cdef inline double sqrt_softplus_derivative(double x) noexcept nogil:
    cdef double root = sqrt_softplus(x)
    cdef double slope = vmath.sigmoid(x, 0) / (2 * root)
    return vmath.where(x < -40, 0.5 * root, slope)


cdef inline real sqrt_softplus_derivative_from_output(real y) noexcept nogil:
    # (1 - e^(-y^2))/(2 y), which is y/2 near zero
    cdef real half = 0.5, small = 1e-9
    cdef real size = small if y < small else y
    return half * y if y < small else -half * vmath.expm1(size * size, <real> 0) / size


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


cdef inline real scaled_tanh(real x, real alpha, real beta) noexcept nogil:
    cdef real zero = 0, low = 0, small = 1e-20 if real is float else 1e-100
    cdef real y = vmath.product(x, beta, &low)
    cdef real size = -y if y < zero else y
    return vmath.scaled_tanh(y, low, alpha) if size > small else alpha * beta * x   # beta x may have been subnormal


cdef inline double scaled_tanh_derivative(double x, double alpha, double beta) noexcept nogil:
    cdef double low = 0
    cdef double y = vmath.product(x, beta, &low)
    return vmath.logistic_slope(2 * y, 2 * low, 4 * alpha * beta)


cdef inline real scaled_tanh_derivative_from_output(real y, real alpha, real beta) noexcept nogil:
    return beta * (alpha - y) * (alpha + y) / alpha


cdef inline real tanh_shrink(real x) noexcept nogil:
    return vmath.tanh_shrink(x)


cdef inline double tanh_shrink_derivative(double x) noexcept nogil:
    cdef double y = vmath.tanh(x)
    return y * y


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


# ---- roots ----

cdef inline real squareplus(real x, real b) noexcept nogil:
    # for x < 0 (b/2)/(root - x), whose terms do not cancel
    cdef real zero = 0, half = 0.5, low = 0
    cdef real near = half * (-x if x < zero else x)
    cdef real far = half * vmath.root(x, b, &low), sum = far + near
    low = half * low + (near - (sum - far))         # NaN where x is infinite
    return vmath.ratio(half * half * b, sum, low) if x < zero else sum + low if low == low else sum


cdef inline real squareplus_derivative(real x, real b) noexcept nogil:
    # (1 + x/root)/2, which is squareplus(x)/root: there nothing cancels. Far out it is 0 or 1; inf/inf would be NaN.
    cdef real half = 0.5, low = 0, top = 1e38 if real is float else 1e300
    cdef real near = clip(x, -top, top)
    cdef real root = vmath.root(near, b, &low), right = vmath.ratio(near, root, low)
    cdef real tail = squareplus(near, b) / root
    return tail if right < -half else half + half * right


cdef inline double squareplus_derivative_b(double x, double b) noexcept nogil:
    cdef double low = 0
    return 0.25 / vmath.root(x, b, &low)


cdef inline real squareplus_derivative_from_output(real y, real b) noexcept nogil:
    cdef real one = 1, quarter = 0.25
    return one / (one + quarter * b / y / y)


cdef inline real dish(real x) noexcept nogil:
    # x (1 + x/r)/2, r = sqrt(1 + x^2); where that cancels, -1/(2 (r - x - 1/x))
    cdef real zero = 0, one = 1, half = 0.5, low = 0
    cdef real size = -x if x < zero else x
    cdef real inner = one if size > one else x, outer = size if size > one else one
    cdef real r = vmath.root(x, one, &low), sum = half * r + half * size
    cdef real inverse = half / outer, whole = sum + inverse
    cdef real rest = half * low + (half * size - (sum - half * r)) + (inverse - (whole - sum))
    cdef real tail = vmath.ratio(half * half, whole, rest)
    cdef real q = vmath.ratio(inner, r, low)
    cdef real near = vmath.affine(half * inner, q, half * inner) if inner != zero else x    # a zero has the sign of x
    cdef real far = -tail if x < zero else x - tail
    return near if size <= one else far


cdef inline double dish_derivative(double x) noexcept nogil:
    # 1/2 + q - q^3/2, q = x/r; where that cancels, p (p (3 - p) - 1)/2, p = 1 + q = 1/(r (r - x))
    cdef double near = clip(x, -1e170, 1e170), size = -near if near < 0 else near, low = 0
    cdef double r = vmath.root(near, 1, &low), q = near / r, sum = r + size
    cdef double p = vmath.ratio(1 / r, sum, low + (size - (sum - r)))
    cdef double tail = 0.5 * p * vmath.affine(p, 3 - p, <double> -1)
    return tail if q < -0.5 else vmath.affine(q, 1 - 0.5 * q * q, <double> 0.5)
