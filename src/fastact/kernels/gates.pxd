# cython: cdivision=True
"""Kernels of gates: gate(a) * value(b), scaled so that a vanishing gate times a large value loses nothing."""
from . cimport vmath
from .linear cimport *
from .smooth cimport *
from .weighted cimport *
from .vmath cimport real


cdef inline real bilinear(real gate, real up) noexcept nogil:
    return gate * up


cdef inline real reglu(real gate, real up) noexcept nogil:
    return relu(gate) * up


cdef inline real sreglu(real gate, real up) noexcept nogil:
    cdef real y = relu(gate)
    return y * up * y                            # the square may overflow or vanish


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


cdef inline real clamped_swiglu(real gate, real up, real alpha, real limit, real up_offset) noexcept nogil:
    return clamped_swish_times(clip(up, -limit, limit) + up_offset, gate, alpha, limit)


cdef inline real clamped_swish_times(real up, real gate, real alpha, real limit) noexcept nogil:
    cdef real low = 0
    cdef real near = limit if gate > limit else gate
    cdef real y = vmath.product(near, alpha, &low)
    return vmath.swiglu(up, near, y, low)


cdef inline real clamped_swiglu_backward_gate(real grad, real gate, real up, real alpha, real limit,
                                              real up_offset) noexcept nogil:
    cdef real zero = 0, one = 1
    cdef real below = zero if gate >= limit else one
    return grad * (swish_derivative(gate, alpha) * below) * (clip(up, -limit, limit) + up_offset)


cdef inline real clamped_swiglu_backward_up(real grad, real gate, real up, real alpha, real limit,
                                            real up_offset) noexcept nogil:
    return clamped_swish_times(grad * inside(up, -limit, limit), gate, alpha, limit)
