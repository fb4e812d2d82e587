"""The primitives of vmath.h, for float and for double under one name. What each computes stands in vmath.h.

`low` is the rest of an argument that was itself computed: the function is that of x + low, or y + low.
"""

ctypedef fused real:
    float
    double

cdef extern from "vmath.h" nogil:
    float fa_eluf(float x, float a)
    double fa_elu(double x, double a)
    float fa_elu_slopef(float x, float a)
    double fa_elu_slope(double x, double a)
    float fa_preluf(float x, float slope)
    double fa_prelu(double x, double slope)
    float fa_expm1f(float x)
    double fa_expm1(double x)
    float fa_tanhf(float x)
    double fa_tanh(double x)
    float fa_sigmoidf(float x, float low)
    double fa_sigmoid(double x, double low)
    float fa_softsign_slopef(float x)
    double fa_softsign_slope(double x)
    float fa_sigmoid_slopef(float x, float m)
    double fa_sigmoid_slope(double x, double m)
    float fa_swishf(float x, float y, float low, bint deep)
    double fa_swish(double x, double y, double low, bint deep)
    float fa_swish_slopef(float y, float low, float v)
    double fa_swish_slope(double y, double low, double v)
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
    float fa_cubicf(float x, float *low)
    double fa_cubic(double x, double *low)
    float fa_cubic_slopef(float x)
    double fa_cubic_slope(double x)


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


cdef inline real expm1(real x) noexcept nogil:
    if real is float:
        return fa_expm1f(x)
    else:
        return fa_expm1(x)


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


cdef inline real swish(real x, real y, real low, bint deep) noexcept nogil:
    if real is float:
        return fa_swishf(x, y, low, deep)
    else:
        return fa_swish(x, y, low, deep)


cdef inline real swish_slope(real y, real low, real v) noexcept nogil:
    if real is float:
        return fa_swish_slopef(y, low, v)
    else:
        return fa_swish_slope(y, low, v)


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
