"""The primitives of vmath.h, for float and for double under one name. What each computes stands in vmath.h.

`low` is the rest of an argument that was itself computed: the function is that of x + low, or y + low.
"""

ctypedef fused real:
    float
    double

cdef extern from "<math.h>" nogil:
    float sqrtf(float x)
    double sqrt_ "sqrt"(double x)

cdef extern from "vmath.h" nogil:
    float fa_wheref(bint condition, float a, float b)
    double fa_where(bint condition, double a, double b)
    float fa_eluf(float x, float a)
    double fa_elu(double x, double a)
    float fa_elu_slopef(float x, float a)
    double fa_elu_slope(double x, double a)
    float fa_preluf(float x, float slope)
    double fa_prelu(double x, double slope)
    float fa_expm1f(float x, float low)
    double fa_expm1(double x, double low)
    float fa_tanhf(float x)
    double fa_tanh(double x)
    float fa_scaled_tanhf(float x, float low, float alpha)
    double fa_scaled_tanh(double x, double low, double alpha)
    float fa_sigmoidf(float x, float low)
    double fa_sigmoid(double x, double low)
    float fa_softsign_slopef(float x)
    double fa_softsign_slope(double x)
    float fa_sigmoid_slopef(float x, float m)
    double fa_sigmoid_slope(double x, double m)
    float fa_siluf(float x)
    double fa_silu(double x)
    float fa_swishf(float x, float y, float low, bint deep)
    double fa_swish(double x, double y, double low, bint deep)
    float fa_swish_betaf(float x, float beta)
    double fa_swish_beta(double x, double beta)
    float fa_swish_slopef(float y, float low, float v)
    double fa_swish_slope(double y, double low, double v)
    double fa_silu_slope_wide(double y)
    double fa_gelu_tanh_slope_wide(double x)
    float fa_softplusf(float x, float y, float low, float beta)
    double fa_softplus(double x, double y, double low, double beta)
    float fa_geluf(float x)
    double fa_gelu(double x)
    float fa_gelu_slopef(float x)
    double fa_gelu_slope(double x)
    float fa_gluf(float up, float gate)
    double fa_glu(double up, double gate)
    float fa_swigluf(float up, float gate, float y, float low)
    double fa_swiglu(double up, double gate, double y, double low)
    float fa_gegluf(float up, float gate)
    double fa_geglu(double up, double gate)
    float fa_productf(float x, float factor, float *low)
    double fa_product(double x, double factor, double *low)
    float fa_quickf(float x, float *low)
    double fa_quick(double x, double *low)
    float fa_gelu_tanhf(float x)
    double fa_gelu_tanh(double x)
    float fa_cubicf(float x, float *low)
    double fa_cubic(double x, double *low)
    float fa_cubic_slopef(float x)
    double fa_cubic_slope(double x)
    float fa_exponentialf(float x, float low)
    double fa_exponential(double x, double low)
    float fa_logistic_slopef(float x, float low, float c)
    double fa_logistic_slope(double x, double low, double c)
    float fa_tanh_shrinkf(float x)
    double fa_tanh_shrink(double x)
    float fa_mishf(float x)
    double fa_mish(double x)
    float fa_affinef(float x, float a, float c)
    double fa_affine(double x, double a, double c)
    float fa_quotientf(float x, float b, float *low)
    double fa_quotient(double x, double b, double *low)
    float fa_rootf(float x, float b, float *low)
    double fa_root(double x, double b, double *low)
    float fa_ratiof(float a, float b, float low)
    double fa_ratio(double a, double b, double low)
    float fa_ndtrf(float x, float low)
    double fa_ndtr(double x, double low)
    float fa_densityf(float x, float low, float c)
    double fa_density(double x, double low, double c)
    float fa_log1mexpf(float x)
    double fa_log1mexp(double x)
    float fa_log1mexp_slopef(float x)
    double fa_log1mexp_slope(double x)
    float fa_log_ndtrf(float x)
    double fa_log_ndtr(double x)
    float fa_log_ndtr_slopef(float x)
    double fa_log_ndtr_slope(double x)
    # used in double alone
    double expm1_rest "fa_expm1_rest"(double x)
    double mish_slope "fa_mish_slope"(double x)



cdef inline real where(bint condition, real a, real b) noexcept nogil:
    if real is float:
        return fa_wheref(condition, a, b)
    else:
        return fa_where(condition, a, b)


cdef inline real elu(real x, real a) noexcept nogil:
    if real is float:
        return fa_eluf(x, a)
    else:
        return fa_elu(x, a)


cdef inline real elu_slope(real x, real a) noexcept nogil:
    if real is float:
        return fa_elu_slopef(x, a)
    else:
        return fa_elu_slope(x, a)


cdef inline real prelu(real x, real slope) noexcept nogil:
    if real is float:
        return fa_preluf(x, slope)
    else:
        return fa_prelu(x, slope)


cdef inline real expm1(real x, real low) noexcept nogil:
    if real is float:
        return fa_expm1f(x, low)
    else:
        return fa_expm1(x, low)


cdef inline real scaled_tanh(real x, real low, real alpha) noexcept nogil:
    if real is float:
        return fa_scaled_tanhf(x, low, alpha)
    else:
        return fa_scaled_tanh(x, low, alpha)


cdef inline real tanh(real x) noexcept nogil:
    if real is float:
        return fa_tanhf(x)
    else:
        return fa_tanh(x)


cdef inline real sigmoid(real x, real low) noexcept nogil:
    if real is float:
        return fa_sigmoidf(x, low)
    else:
        return fa_sigmoid(x, low)


cdef inline real softsign_slope(real x) noexcept nogil:
    if real is float:
        return fa_softsign_slopef(x)
    else:
        return fa_softsign_slope(x)


cdef inline real sigmoid_slope(real x, real m) noexcept nogil:
    if real is float:
        return fa_sigmoid_slopef(x, m)
    else:
        return fa_sigmoid_slope(x, m)


cdef inline real silu(real x) noexcept nogil:
    if real is float:
        return fa_siluf(x)
    else:
        return fa_silu(x)


cdef inline real swish(real x, real y, real low, bint deep) noexcept nogil:
    if real is float:
        return fa_swishf(x, y, low, deep)
    else:
        return fa_swish(x, y, low, deep)


cdef inline real swish_beta(real x, real beta) noexcept nogil:
    if real is float:
        return fa_swish_betaf(x, beta)
    else:
        return fa_swish_beta(x, beta)


cdef inline real swish_slope(real y, real low, real v) noexcept nogil:
    if real is float:
        return fa_swish_slopef(y, low, v)
    else:
        return fa_swish_slope(y, low, v)


cdef inline double silu_slope_wide(double y) noexcept nogil:
    return fa_silu_slope_wide(y)


cdef inline double gelu_tanh_slope_wide(double x) noexcept nogil:
    return fa_gelu_tanh_slope_wide(x)


cdef inline real softplus(real x, real y, real low, real beta) noexcept nogil:
    if real is float:
        return fa_softplusf(x, y, low, beta)
    else:
        return fa_softplus(x, y, low, beta)


cdef inline real gelu(real x) noexcept nogil:
    if real is float:
        return fa_geluf(x)
    else:
        return fa_gelu(x)


cdef inline real gelu_slope(real x) noexcept nogil:
    if real is float:
        return fa_gelu_slopef(x)
    else:
        return fa_gelu_slope(x)


cdef inline real glu(real up, real gate) noexcept nogil:
    if real is float:
        return fa_gluf(up, gate)
    else:
        return fa_glu(up, gate)


cdef inline real swiglu(real up, real gate, real y, real low) noexcept nogil:
    if real is float:
        return fa_swigluf(up, gate, y, low)
    else:
        return fa_swiglu(up, gate, y, low)


cdef inline real geglu(real up, real gate) noexcept nogil:
    if real is float:
        return fa_gegluf(up, gate)
    else:
        return fa_geglu(up, gate)


cdef inline real product(real x, real factor, real *low) noexcept nogil:
    if real is float:
        return fa_productf(x, factor, low)
    else:
        return fa_product(x, factor, low)


cdef inline real quick(real x, real *low) noexcept nogil:
    if real is float:
        return fa_quickf(x, low)
    else:
        return fa_quick(x, low)


cdef inline real gelu_tanh(real x) noexcept nogil:
    if real is float:
        return fa_gelu_tanhf(x)
    else:
        return fa_gelu_tanh(x)


cdef inline real cubic(real x, real *low) noexcept nogil:
    if real is float:
        return fa_cubicf(x, low)
    else:
        return fa_cubic(x, low)


cdef inline real cubic_slope(real x) noexcept nogil:
    if real is float:
        return fa_cubic_slopef(x)
    else:
        return fa_cubic_slope(x)


cdef inline real exponential(real x, real low) noexcept nogil:
    if real is float:
        return fa_exponentialf(x, low)
    else:
        return fa_exponential(x, low)


cdef inline real logistic_slope(real x, real low, real c) noexcept nogil:
    if real is float:
        return fa_logistic_slopef(x, low, c)
    else:
        return fa_logistic_slope(x, low, c)


cdef inline real tanh_shrink(real x) noexcept nogil:
    if real is float:
        return fa_tanh_shrinkf(x)
    else:
        return fa_tanh_shrink(x)


cdef inline real mish(real x) noexcept nogil:
    if real is float:
        return fa_mishf(x)
    else:
        return fa_mish(x)


cdef inline real root(real x, real b, real *low) noexcept nogil:
    if real is float:
        return fa_rootf(x, b, low)
    else:
        return fa_root(x, b, low)


cdef inline real ratio(real a, real b, real low) noexcept nogil:
    if real is float:
        return fa_ratiof(a, b, low)
    else:
        return fa_ratio(a, b, low)


cdef inline real ndtr(real x, real low) noexcept nogil:
    if real is float:
        return fa_ndtrf(x, low)
    else:
        return fa_ndtr(x, low)


cdef inline real density(real x, real low, real c) noexcept nogil:
    if real is float:
        return fa_densityf(x, low, c)
    else:
        return fa_density(x, low, c)


cdef inline real log1mexp(real x) noexcept nogil:
    if real is float:
        return fa_log1mexpf(x)
    else:
        return fa_log1mexp(x)


cdef inline real log1mexp_slope(real x) noexcept nogil:
    if real is float:
        return fa_log1mexp_slopef(x)
    else:
        return fa_log1mexp_slope(x)


cdef inline real log_ndtr(real x) noexcept nogil:
    if real is float:
        return fa_log_ndtrf(x)
    else:
        return fa_log_ndtr(x)


cdef inline real log_ndtr_slope(real x) noexcept nogil:
    if real is float:
        return fa_log_ndtr_slopef(x)
    else:
        return fa_log_ndtr_slope(x)


cdef inline real affine(real x, real a, real c) noexcept nogil:
    if real is float:
        return fa_affinef(x, a, c)
    else:
        return fa_affine(x, a, c)


cdef inline real quotient(real x, real b, real *low) noexcept nogil:
    if real is float:
        return fa_quotientf(x, b, low)
    else:
        return fa_quotient(x, b, low)


cdef inline real sqrt(real x) noexcept nogil:
    if real is float:
        return sqrtf(x)
    else:
        return sqrt_(x)
