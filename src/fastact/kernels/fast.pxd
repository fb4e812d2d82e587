"""Kernels of fastact.fast, in float: those of vmath_fast.h, which says what each computes."""

cdef extern from "vmath_fast.h" nogil:
    float sigmoid "fa_fast_sigmoid"(float x)
    float sigmoid_derivative "fa_fast_sigmoid_derivative"(float x)
    float tanh "fa_fast_tanh"(float x)
    float tanh_derivative "fa_fast_tanh_derivative"(float x)
    float softplus "fa_fast_softplus"(float x, float beta)
    float softplus_derivative "fa_fast_softplus_derivative"(float x, float beta)
    float log_sigmoid "fa_fast_log_sigmoid"(float x)
    float log_sigmoid_derivative "fa_fast_log_sigmoid_derivative"(float x)
    float silu "fa_fast_silu"(float x)
    float silu_derivative "fa_fast_silu_derivative"(float x)
    float swish "fa_fast_swish"(float x, float beta)
    float swish_derivative "fa_fast_swish_derivative"(float x, float beta)
    float mish "fa_fast_mish"(float x)
    float mish_derivative "fa_fast_mish_derivative"(float x)
    float ndtr "fa_fast_ndtr"(float x)
    float gelu "fa_fast_gelu"(float x)
    float gelu_derivative "fa_fast_gelu_derivative"(float x)
    float gelu_tanh "fa_fast_gelu_tanh"(float x)
    float gelu_tanh_derivative "fa_fast_gelu_tanh_derivative"(float x)
    float gelu_quick "fa_fast_gelu_quick"(float x)
    float gelu_quick_derivative "fa_fast_gelu_quick_derivative"(float x)
    float glu "fa_fast_glu"(float gate, float up)
    float swiglu "fa_fast_swiglu"(float gate, float up)
    float geglu "fa_fast_geglu"(float gate, float up)
    float geglu_tanh "fa_fast_geglu_tanh"(float gate, float up)
    float geglu_quick "fa_fast_geglu_quick"(float gate, float up)


cdef inline float identity(float x) noexcept nogil:     # the value of most gates
    return x
