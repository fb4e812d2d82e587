/* Branch-free primitives that carry the accuracy of the kernels, once for float and once for double.
 *
 * The text below REAL is read twice: fa_sigmoidf(float) and fa_sigmoid(double) come from the same lines. What lives
 * here: exponentials, logistic, normal and hyperbolic functions as the kernels need them. What must not: activations
 * (kernels.pxd), loops, threads, anything that touches an array.
 *
 * Rules. No branch and no call of libm, so that a loop over any of these is vectorised, and an element has the same
 * bits in the vector body and in the scalar tail. Fused multiply-adds are written as FMA and happen nowhere else
 * (-ffp-contract=off). RESIDUAL(a, b, c) is a*b - c where the rounding of a*b must not be lost; it is exact with or
 * without the instruction.
 *
 * Two ideas keep relative accuracy down to the last subnormal.
 *   1. An argument of an exponential that was itself computed comes as a sum x + xl of two numbers: an error of one
 *      ulp in x = -100 would be an error of 100 ulp in exp(x).
 *   2. 2^n is never formed where it would underflow. It is carried as 2^(n+k) * 2^-k, k chosen by the size of the
 *      argument, and the last operation, a division or a multiply-add, rounds once into the subnormals.
 * A minus zero as xl means "x is exact": x + -0.0 is x, and the compiler drops the addition.
 */
#ifndef REAL

#ifndef FASTACT_VMATH_H
#define FASTACT_VMATH_H
#include <math.h> /* INFINITY */
#include <stdint.h>
#include <string.h>

#define FA_INLINE static inline __attribute__((always_inline))

/* A polynomial by Horner's rule, its coefficients from the constant term up. Loops over coefficients would stop the
   vectorisation of the loop around them. */
#define FA_P1(x, c0, c1) FMA(c1, x, c0)
#define FA_P2(x, c0, ...) FMA(FA_P1(x, __VA_ARGS__), x, c0)
#define FA_P3(x, c0, ...) FMA(FA_P2(x, __VA_ARGS__), x, c0)
#define FA_P4(x, c0, ...) FMA(FA_P3(x, __VA_ARGS__), x, c0)
#define FA_P5(x, c0, ...) FMA(FA_P4(x, __VA_ARGS__), x, c0)
#define FA_P6(x, c0, ...) FMA(FA_P5(x, __VA_ARGS__), x, c0)
#define FA_P7(x, c0, ...) FMA(FA_P6(x, __VA_ARGS__), x, c0)
#define FA_P8(x, c0, ...) FMA(FA_P7(x, __VA_ARGS__), x, c0)
#define FA_P9(x, c0, ...) FMA(FA_P8(x, __VA_ARGS__), x, c0)
#define FA_P10(x, c0, ...) FMA(FA_P9(x, __VA_ARGS__), x, c0)
#define FA_P11(x, c0, ...) FMA(FA_P10(x, __VA_ARGS__), x, c0)
#define FA_P12(x, c0, ...) FMA(FA_P11(x, __VA_ARGS__), x, c0)
#define FA_P13(x, c0, ...) FMA(FA_P12(x, __VA_ARGS__), x, c0)
#define FA_P14(x, c0, ...) FMA(FA_P13(x, __VA_ARGS__), x, c0)
#define FA_P15(x, c0, ...) FMA(FA_P14(x, __VA_ARGS__), x, c0)
#define FA_P16(x, c0, ...) FMA(FA_P15(x, __VA_ARGS__), x, c0)
#define FA_P17(x, c0, ...) FMA(FA_P16(x, __VA_ARGS__), x, c0)
#define FA_P18(x, c0, ...) FMA(FA_P17(x, __VA_ARGS__), x, c0)
#define FA_P19(x, c0, ...) FMA(FA_P18(x, __VA_ARGS__), x, c0)
#define FA_P20(x, c0, ...) FMA(FA_P19(x, __VA_ARGS__), x, c0)
#define FA_P21(x, c0, ...) FMA(FA_P20(x, __VA_ARGS__), x, c0)
#define FA_P22(x, c0, ...) FMA(FA_P21(x, __VA_ARGS__), x, c0)
#define FA_P23(x, c0, ...) FMA(FA_P22(x, __VA_ARGS__), x, c0)
#define FA_POLY(degree, ...) FA_P##degree(__VA_ARGS__)
#define FA_FIRST_(c0, ...) c0
#define FA_FIRST(list) FA_FIRST_(list)
#define FA_REST_(c0, ...) __VA_ARGS__
#define FA_REST(list) FA_REST_(list)

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__FP_FAST_FMA)
#define FASTACT_FMA
#endif

/* ---- coefficients, by tools/coefficients.py, which checks them too ---- */
/* degree 4 on [-0.34692, 0.34692], error 2^-28.23 */
#define EXPM1_f \
    0x1.fffffcp-2f, 0x1.55549p-3f, 0x1.5558ap-5f, 0x1.123ac8p-7f, 0x1.6a603ap-10f
/* degree 9 on [-0.34692, 0.34692], error 2^-57.86 */
#define EXPM1_d \
    0x1.000000000000ap-1, 0x1.55555555554fbp-3, 0x1.555555555067fp-5, 0x1.111111112759fp-7, 0x1.6c16c1848b8ap-10, \
    0x1.a01a012cdbc01p-13, 0x1.a019991a9bc0bp-16, 0x1.71df1ee88dd47p-19, 0x1.28ae44a5d6bb3p-22, \
    0x1.ad8ac17a8fd5ap-26
/* degree 9 on [0.0, 1.0], error 2^-26.65 */
#define LOG1P_f \
    0x1p+0f, -0x1.ffffe6p-2f, 0x1.554faap-2f, -0x1.ff41bap-3f, 0x1.93bc12p-3f, -0x1.3b20cap-3f, 0x1.b669b2p-4f, \
    -0x1.d80e58p-5f, 0x1.48a3ccp-6f, -0x1.ab84bp-9f
/* degree 20 on [0.0, 1.0], error 2^-55.65 */
#define LOG1P_d \
    0x1p+0, -0x1.fffffffffffe1p-2, 0x1.55555555534c8p-2, -0x1.fffffffeb8317p-3, 0x1.99999968a4499p-3, \
    -0x1.5555511998b26p-3, 0x1.24920c89cad86p-3, -0x1.fffb4c909c037p-4, 0x1.c6fa7fc9f3884p-4, \
    -0x1.98e128a419607p-4, 0x1.7157af2266b08p-4, -0x1.4b5d188d27d4dp-4, 0x1.20c51a57f2818p-4, \
    -0x1.d88d5e8d4ca15p-5, 0x1.5bebd4d28ecbap-5, -0x1.b80b0a598906p-6, 0x1.c71ae62187c93p-7, \
    -0x1.6bff8122a1a43p-8, 0x1.a20fb18e84aacp-10, -0x1.30ad41f1591ap-12, 0x1.a562e9553eebdp-16
/* degree 10 on [-1.0, 0.768421], error 2^-26.39 */
#define MILLS_f \
    0x1.701efp-1f, -0x1.e5bd14p-2f, 0x1.756bb2p-3f, -0x1.0f6edap-6f, -0x1.0d6c98p-6f, 0x1.a5c92ap-9f, \
    0x1.48048p-9f, -0x1.53f3d2p-12f, -0x1.e3d102p-12f, -0x1.db091ap-19f, 0x1.b45ad4p-15f
/* degree 23 on [-1.0, 0.836066], error 2^-55.59 */
#define MILLS_d \
    0x1.89d3abe1f95aep-1, -0x1.54ad03f27ca18p-1, 0x1.fb31653876f6ep-2, -0x1.410ed5f875952p-2, \
    0x1.51f6329f0221cp-3, -0x1.1b1c254ca3a1bp-4, 0x1.54b4d4f45d972p-6, -0x1.88590e9941dd7p-9, \
    -0x1.a250374ddcaa1p-11, 0x1.1daf1b05cc6ccp-11, -0x1.f2149e7cad6ffp-15, -0x1.a17020ff4f95dp-15, \
    0x1.17df4de41a0d2p-16, 0x1.0b165d7b7ec08p-18, -0x1.73e2e3ae89817p-19, -0x1.677b3d1d2ac26p-22, \
    0x1.d46b90ac5887dp-22, 0x1.5b597fdcb299ep-25, -0x1.2c83aa890f6a3p-24, -0x1.2aee2abd85fd3p-27, \
    0x1.6cbb2b3307c44p-27, 0x1.318b6b2dca803p-29, -0x1.2c3cdbb4005d5p-30, -0x1.8a010293bfb6ap-32


/* Where each exponential is cut, and how 2^n is carried, for float and double. An argument below -NEAR carries 2^-STEP1,
   one below -FAR 2^-STEP1 * 2^-STEP2. Below -CUT a function that is multiplied by nothing is zero; below -DEEP it is
   zero when it is multiplied by the largest number. Above TOP a logistic function is one. */
#define LOG2E_f 0x1.715476p+0f
#define LN2_HI_f 0x1.62e4p-1f /* 15 bits: its product with n is exact */
#define LN2_LO_f 0x1.7f7d1cp-20f
#define NEAR_f 64.0f
#define FAR_f 128.0f
#define CUT_f 112.0f
#define DEEP_f 198.0f
#define TOP_f 40.0f
#define SHIFT1_f 64
#define SHIFT2_f 96
#define STEP1_f 0x1p-64f
#define STEP2_f 0x1p-96f
#define LARGE_f 0x1p+100f /* from 2^(SHIFT1 + 23) to the largest number over DEEP */
#define TINY_f 0x1p-64f
#define LOG2E_d 0x1.71547652b82fep+0
#define LN2_HI_d 0x1.62e42fefa38p-1 /* 42 bits */
#define LN2_LO_d 0x1.ef35793c7673p-45
#define NEAR_d 160.0
#define FAR_d 800.0
#define CUT_d 760.0
#define DEEP_d 1462.0
#define TOP_d 60.0
#define SHIFT1_d 160
#define SHIFT2_d 928
#define STEP1_d 0x1p-160
#define STEP2_d 0x1p-928
#define LARGE_d 0x1p+900
#define TINY_d 0x1p-511

/* 2 sqrt(2/pi) (x + 0.044715 x^3) = x (A + B x^2). A_HI is a multiple of 2^-18 (2^-45), as is what GRID rounds B x^2 to:
   their sum is exact. */
#define A_HI_f 0x1.98844p+0f
#define A_LO_f 0x1.33d436p-20f
#define B_HI_f 0x1.2444f2p-4f
#define B_LO_f 0x1.49b16ap-29f
#define GRID_f 48.0f
#define CUBIC_CUT_f 13.55f /* x (A + B x^2) passes DEEP */
#define A_HI_d 0x1.9884533d4368p+0
#define A_LO_d -0x1.7b9781a61d7fap-47
#define B_HI_d 0x1.2444f2a4d8b4bp-4
#define B_LO_d -0x1.6c843a29d1c7p-61
#define GRID_d 192.0
#define CUBIC_CUT_d 27.1

#define QUICK_HI_f 0x1.b3b646p+0f /* 1.702 */
#define QUICK_LO_f -0x1.78d4fep-26f
#define QUICK_HI_d 0x1.b3b645a1cac08p+0
#define QUICK_LO_d 0x1.89374bc6a7efap-55

#define MILLS_SHIFT_f 2.75f
#define MILLS_SHIFT_d 5.0
#define NORMAL_CUT_f 15.0f /* x^2 exp(-x^2/2) is below the smallest subnormal */
#define NORMAL_CUT_d 39.5
#define NORMAL_NEAR_f 11.25f /* x^2/2 passes NEAR, FAR, DEEP */
#define NORMAL_FAR_f 16.0f
#define NORMAL_DEEP_f 19.9f
#define NORMAL_NEAR_d 17.75
#define NORMAL_FAR_d 40.0
#define NORMAL_DEEP_d 54.1
#define RSQRT_2PI_f 0x1.988454p-2f
#define RSQRT_2PI_LO_f -0x1.857936p-27f
#define RSQRT_2PI_d 0x1.9884533d43651p-2
#define RSQRT_2PI_LO_d -0x1.cbc0d30ebfd15p-56

#define REAL float
#define BITS uint32_t
#define F(name) name##f
#define OF_TYPE(name) name##_f
#define MANTISSA 23
#define MAGIC 0x1.8p+23f
#define EXPM1(r) FA_POLY(4, r, EXPM1_f)
#define LOG1P(u) FA_POLY(9, u, LOG1P_f)
#define MILLS_FIRST FA_FIRST(MILLS_f)
#define MILLS_REST(q) FA_POLY(9, q, FA_REST(MILLS_f))
#include "vmath.h"

#undef REAL
#undef BITS
#undef F
#undef OF_TYPE
#undef MANTISSA
#undef MAGIC
#undef EXPM1
#undef LOG1P
#undef MILLS_FIRST
#undef MILLS_REST

#define REAL double
#define BITS uint64_t
#define F(name) name
#define OF_TYPE(name) name##_d
#define MANTISSA 52
#define MAGIC 0x1.8p+52
#define EXPM1(r) FA_POLY(9, r, EXPM1_d)
#define LOG1P(u) FA_POLY(20, u, LOG1P_d)
#define MILLS_FIRST FA_FIRST(MILLS_d)
#define MILLS_REST(q) FA_POLY(22, q, FA_REST(MILLS_d))
#include "vmath.h"

#endif

#else /* ---- the text that is read for float and for double ---- */

#define FMA(a, b, c) F(fa_fma)(a, b, c)
#define K(name) OF_TYPE(name)

FA_INLINE REAL F(fa_fma)(REAL a, REAL b, REAL c)
{
#ifdef FASTACT_FMA
    return F(__builtin_fma)(a, b, c);
#else
    return a * b + c;
#endif
}

FA_INLINE BITS F(fa_bits)(REAL x)
{
    BITS bits;
    memcpy(&bits, &x, sizeof x);
    return bits;
}

FA_INLINE REAL F(fa_real)(BITS bits)
{
    REAL x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#define SIGN ((BITS)1 << (8 * sizeof(REAL) - 1))

FA_INLINE REAL F(fa_abs)(REAL x) { return F(fa_real)(F(fa_bits)(x) & ~SIGN); }
FA_INLINE REAL F(fa_copysign)(REAL x, REAL sign) { return F(fa_real)(F(fa_bits)(x) | (F(fa_bits)(sign) & SIGN)); } /* x >= 0 */
FA_INLINE REAL F(fa_atmost)(REAL x, REAL high) { return x > high ? high : x; } /* NaN passes */
FA_INLINE REAL F(fa_atleast)(REAL x, REAL low) { return x < low ? low : x; }

/* Both are computed, and the compiler may not know why: it would take clamps away from the one that is not used, and
   that one would overflow. */
FA_INLINE REAL F(fa_where)(int condition, REAL a, REAL b)
{
    BITS mask = -(BITS)condition;
    return F(fa_real)((F(fa_bits)(a) & mask) | (F(fa_bits)(b) & ~mask));
}

/* a*b - p, where p is a*b rounded */
FA_INLINE REAL F(fa_residual)(REAL a, REAL b, REAL p)
{
#ifdef FASTACT_FMA
    return F(__builtin_fma)(a, b, -p);
#else
    /* Dekker's product of halves of the mantissa, which is exact; masks, unlike Veltkamp's product, do not overflow */
    const BITS upper = ~(((BITS)1 << (MANTISSA + 2) / 2) - 1);
    REAL ah = F(fa_real)(F(fa_bits)(a) & upper), bh = F(fa_real)(F(fa_bits)(b) & upper);
    REAL al = a - ah, bl = b - bh;
    return ((ah * bh - p) + ah * bl + al * bh) + al * bl;
#endif
}

/* e^(x - xl) = 2^n (1 + t), |t| < 0.42; n in the low bits of `n` */
typedef struct {
    REAL t;
    BITS n;
} F(fa_exp_t);

FA_INLINE F(fa_exp_t) F(fa_reduce)(REAL x, REAL xl)
{
    REAL z = FMA(x, K(LOG2E), MAGIC), n = z - MAGIC;
    REAL r = FMA(n, -K(LN2_LO), FMA(n, -K(LN2_HI), x)) - xl;
    F(fa_exp_t) e = {FMA(EXPM1(r), r * r, r), F(fa_bits)(z)};
    return e;
}

/* e^-(x + xl), without the instruction that -x would take */
FA_INLINE F(fa_exp_t) F(fa_reduce_negative)(REAL x, REAL xl)
{
    REAL z = FMA(x, -K(LOG2E), MAGIC), n = z - MAGIC;
    REAL r = FMA(n, -K(LN2_LO), FMA(n, -K(LN2_HI), -x)) - xl;
    F(fa_exp_t) e = {FMA(EXPM1(r), r * r, r), F(fa_bits)(z)};
    return e;
}

/* The exponent field of 2^k; of 2^n times that, for the n of a reduction. Sums of fields may pass through values that
   are no exponents, as long as the last one is. */
#define FIELD(k) ((BITS)(k) << MANTISSA)
#define ONE F(fa_bits)(1)

FA_INLINE REAL F(fa_power)(BITS n, BITS field) { return F(fa_real)((n << MANTISSA) + field); }

/* e^x for x <= 0 as value * step1 * step2 */
typedef struct {
    REAL value, step1, step2;
} F(fa_tail_t);

FA_INLINE F(fa_tail_t) F(fa_tail)(REAL x, REAL xl)
{
    F(fa_exp_t) e = F(fa_reduce)(x, xl);
    BITS field = x < -K(NEAR) ? ONE + FIELD(K(SHIFT1)) : ONE;
    field = x < -K(FAR) ? ONE + FIELD(K(SHIFT1) + K(SHIFT2)) : field;
    REAL s = F(fa_power)(e.n, field);
    F(fa_tail_t) tail = {FMA(s, e.t, s), x < -K(NEAR) ? K(STEP1) : 1, x < -K(FAR) ? K(STEP2) : 1};
    return tail;
}

/* e^x / step1 for -CUT <= x <= 0, and the same 2^n for all: cheaper where nothing large multiplies the result */
FA_INLINE REAL F(fa_near_tail)(REAL x, REAL xl)
{
    F(fa_exp_t) e = F(fa_reduce)(x, xl);
    REAL s = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1)));
    return FMA(s, e.t, s);
}

/* slope x for x < 0, else x */
FA_INLINE REAL F(fa_prelu)(REAL x, REAL slope)
{
    return F(fa_where)(x < 0, slope * F(fa_where)(x < 0, x, 0), x);
}

/* e^-|x| - 1 */
FA_INLINE REAL F(fa_expm1)(REAL x)
{
    F(fa_exp_t) e = F(fa_reduce)(-F(fa_atmost)(F(fa_abs)(x), 40), 0);
    REAL s = F(fa_power)(e.n, ONE);
    return FMA(s, e.t, s - 1);
}

/* a (e^x - 1) for x < 0, else x; and its derivative */
FA_INLINE REAL F(fa_elu)(REAL x, REAL a) { return F(fa_where)(x < 0, a * F(fa_expm1)(x), x); }

FA_INLINE REAL F(fa_elu_slope)(REAL x, REAL a)
{
    F(fa_tail_t) e = F(fa_tail)(-F(fa_atmost)(F(fa_abs)(x), K(DEEP)), 0);
    return F(fa_where)(x > 0, 1, a * e.value * e.step1 * e.step2);
}

/* (e^2x - 1)/(e^2x + 1) */
FA_INLINE REAL F(fa_tanh)(REAL x)
{
    F(fa_exp_t) e = F(fa_reduce)(2 * F(fa_atmost)(F(fa_abs)(x), 20), 0);
    REAL s = F(fa_power)(e.n, ONE), m = FMA(s, e.t, s - 1);
    return F(fa_copysign)(m / (m + 2), x);
}

/* 1/(1 + e^-(x + xl)). The quotient c/(c + c e^-x) rounds once, into the subnormals too. */
FA_INLINE REAL F(fa_sigmoid)(REAL x, REAL xl)
{
    REAL y = F(fa_atmost)(F(fa_atleast)(x, -K(CUT)), K(TOP));
    F(fa_exp_t) e = F(fa_reduce_negative)(y, xl);
    REAL s = F(fa_power)(e.n, ONE - FIELD(K(SHIFT1)));
    return K(STEP1) / (K(STEP1) + FMA(s, e.t, s));
}

/* a b/(1 + e^-(x + xl)), for any size of a; b is at most DEEP where x is negative. */
FA_INLINE REAL F(fa_times_sigmoid)(REAL a, REAL b, REAL x, REAL xl, int deep, int large)
{
    REAL y = F(fa_atmost)(F(fa_atleast)(x, deep ? -K(DEEP) : -K(CUT)), K(TOP));
    F(fa_exp_t) e = F(fa_reduce_negative)(y, xl);
    int near = (large && F(fa_abs)(a) > K(LARGE) ? -K(DEEP) : x) < -K(NEAR), far = deep && x < -K(FAR);
    BITS field = near ? ONE - FIELD(K(SHIFT1)) : ONE;
    REAL c = F(fa_real)(field), numerator = near ? a * K(STEP1) : a;
    REAL s = F(fa_power)(e.n, far ? ONE - FIELD(K(SHIFT1) + K(SHIFT2)) : field);
    numerator = (far ? numerator * K(STEP2) : numerator) * b;
    return numerator / (c + FMA(s, e.t, s));
}

/* x/(1 + e^-(y + yl)), where y is -infinity only where x is infinite */
FA_INLINE REAL F(fa_swish)(REAL x, REAL y, REAL yl, int deep)
{
    x = y < (deep ? -K(DEEP) : -K(CUT)) ? F(fa_copysign)(1, x) : x;
    return F(fa_times_sigmoid)(x, 1, y, yl, deep, 0);
}

/* What multiplies a function of `gate` that goes to zero at -infinity: nothing, or NaN, is left of it there. */
FA_INLINE REAL F(fa_vanishing)(REAL up, REAL gate)
{
    return gate == -(REAL)INFINITY ? up * 0 : up;
}

/* up/(1 + e^-gate) */
FA_INLINE REAL F(fa_glu)(REAL up, REAL gate)
{
    return F(fa_times_sigmoid)(F(fa_vanishing)(up, gate), 1, gate, 0, 1, 0);
}

/* up gate/(1 + e^-(y + yl)), where y has the sign of gate */
FA_INLINE REAL F(fa_swiglu)(REAL up, REAL gate, REAL y, REAL yl)
{
    return F(fa_times_sigmoid)(F(fa_vanishing)(up, gate), F(fa_atleast)(gate, -K(DEEP)), y, yl, 1, 1);
}

/* The derivative of the logistic function at m x, times m^2: e^-m|x| / (1 + e^-m|x|)^2 */
FA_INLINE REAL F(fa_sigmoid_slope)(REAL x, REAL m)
{
    REAL u = F(fa_near_tail)(-m * F(fa_atmost)(F(fa_abs)(x), K(CUT) / m), 0), d = FMA(u, K(STEP1), 1);
    return u / (d * d) * (K(STEP1) * (m * m));
}

/* The derivative of x sigmoid(y(x)), where v = x y'(x), which has the sign of y. With u = e^-|y|: for y < 0
   u (1 + u - |v|)/(1 + u)^2, and one minus that for y > 0. */
FA_INLINE REAL F(fa_swish_slope)(REAL y, REAL yl, REAL v)
{
    REAL a = F(fa_atmost)(F(fa_abs)(y), K(CUT));
    REAL n = F(fa_near_tail)(-a, F(fa_real)(F(fa_bits)(yl) ^ (F(fa_bits)(y) & SIGN)));
    REAL u = n * K(STEP1), d = 1 + u, d_lo = u - (d - 1);
    v = F(fa_atmost)(F(fa_abs)(v), 4 * K(CUT));
    /* 1 - v with its rounding (2Sum), and (1 + u)^2 with that of 1 + u */
    REAL s = 1 - v, back = s - 1, s_lo = (1 - (s - back)) + (-v - back);
    REAL g = n * (s + (u + s_lo)) / FMA(d, d, 2 * d_lo * d);
    return FMA(g, y < 0 ? K(STEP1) : -K(STEP1), y < 0 ? 0 : 1);
}

/* log(1 + e^(y + yl))/beta, where y + yl = beta x */
FA_INLINE REAL F(fa_softplus)(REAL x, REAL y, REAL yl, REAL beta)
{
    REAL a = F(fa_atmost)(F(fa_abs)(y), K(DEEP));
    F(fa_tail_t) e = F(fa_tail)(-a, F(fa_real)(F(fa_bits)(yl) ^ (F(fa_bits)(y) & SIGN)));
    REAL u = e.value * e.step1;
    REAL l = e.value * LOG1P(u) / beta;
    return FMA(l * e.step1, e.step2, y > 0 ? x : 0);
}

/* x Phi(x) = max(x, 0) - a Phi(-a), a = |x|; Phi(-a) = e^(-a^2/2) MILLS(q)/(a + SHIFT), q = (a - SHIFT)/(a + SHIFT) */
typedef struct {
    REAL g, c; /* a Phi(-a)/c */
} F(fa_normal_t);

FA_INLINE F(fa_normal_t) F(fa_normal_tail)(REAL x, int deep)
{
    REAL a = F(fa_atmost)(F(fa_abs)(x), deep ? K(NORMAL_DEEP) : K(NORMAL_CUT));
    REAL w = a / (a + K(MILLS_SHIFT)), q = FMA(w, 2, -1);
    REAL s = a * a, half = (REAL)0.5;
    F(fa_exp_t) e = F(fa_reduce)(-half * s, half * F(fa_residual)(a, a, s));
    int near = !deep | (a > K(NORMAL_NEAR)), far = deep & (a > K(NORMAL_FAR));
    BITS field = near ? ONE + FIELD(K(SHIFT1)) : ONE;
    REAL t = F(fa_power)(e.n, far ? ONE + FIELD(K(SHIFT1) + K(SHIFT2)) : field);

    /* w MILLS(q) e^(-a^2/2), with what the roundings of the last two factors and of a product of two take away:
       without it 3.2 ulp, three quarters of the time */
    REAL exponential = FMA(t, e.t, t), exponential_lo = FMA(t, e.t, t - exponential);
    REAL rest = MILLS_REST(q), mills = FMA(rest, q, MILLS_FIRST), mills_lo = FMA(rest, q, MILLS_FIRST - mills);
    REAL product = w * mills, product_lo = FMA(w, mills_lo, F(fa_residual)(w, mills, product));
    REAL g = FMA(product, exponential, FMA(product_lo, exponential, product * exponential_lo));
    F(fa_normal_t) tail = {g, near ? K(STEP1) : 1};
    return tail;
}

FA_INLINE REAL F(fa_gelu)(REAL x)
{
    F(fa_normal_t) tail = F(fa_normal_tail)(x, 0);
    return FMA(tail.g, -tail.c, x < 0 ? -(REAL)0 : x);
}

/* up gate Phi(gate) for any size of up */
FA_INLINE REAL F(fa_geglu)(REAL up, REAL gate)
{
    F(fa_normal_t) tail = F(fa_normal_tail)(gate, 1);
    REAL value = gate < 0 ? -tail.g : FMA(tail.g, -tail.c, gate), step1 = gate < 0 ? tail.c : 1;
    REAL step2 = gate < -K(NORMAL_FAR) ? K(STEP2) : 1;
    /* near zero gate/2, but without the rounding of a subnormal that a large `up` would show */
    up = F(fa_vanishing)(up, gate);
    int small = F(fa_abs)(gate) < K(TINY);
    return F(fa_where)(small, up * F(fa_where)(small, gate, 0) / 2, up * value * step1 * step2);
}

/* Phi(x) + x phi(x): e^(-a^2/2) (MILLS(q)/(a + SHIFT) - a/sqrt(2 pi)) for x < 0, and one minus that for x > 0 */
FA_INLINE REAL F(fa_gelu_slope)(REAL x)
{
    REAL a = F(fa_atmost)(F(fa_abs)(x), K(NORMAL_CUT));
    /* The two terms cancel: r = 1/(a + SHIFT) and the Mills ratio keep their roundings */
    REAL d = a + K(MILLS_SHIFT), back = d - a, d_lo = (a - (d - back)) + (K(MILLS_SHIFT) - back);
    REAL r0 = 1 / d, missing = -F(fa_residual)(d, r0, 1) - d_lo * r0;
    REAL r = FMA(r0, missing, r0), r_lo = FMA(r0, missing, r0 - r);
    REAL q = FMA(a * r, 2, -1);
    REAL rest = MILLS_REST(q), mills = FMA(rest, q, MILLS_FIRST), mills_lo = FMA(rest, q, MILLS_FIRST - mills);
    REAL ratio = mills * r, ratio_lo = FMA(mills_lo, r, F(fa_residual)(mills, r, ratio));
    ratio_lo = FMA(mills, r_lo, ratio_lo);
    REAL slope = a * K(RSQRT_2PI), slope_lo = FMA(a, K(RSQRT_2PI_LO), F(fa_residual)(a, K(RSQRT_2PI), slope));
    REAL s = a * a, half = (REAL)0.5;
    F(fa_exp_t) e = F(fa_reduce)(-half * s, half * F(fa_residual)(a, a, s));
    REAL t = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1))), exponential = FMA(t, e.t, t);
    REAL difference = (ratio - slope) + (ratio_lo - slope_lo);
    REAL g = FMA(exponential, difference, FMA(t, e.t, t - exponential) * difference);
    return FMA(g, x < 0 ? K(STEP1) : -K(STEP1), x < 0 ? 0 : 1);
}

/* x factor as the sum of two numbers, where factor is itself one */
FA_INLINE REAL F(fa_split_product)(REAL x, REAL factor, REAL factor_lo, REAL *lo)
{
    REAL y = x * factor;
    *lo = FMA(x, factor_lo, F(fa_residual)(x, factor, y));
    return y;
}

/* x factor as the sum of two numbers, where it is of a size that matters */
FA_INLINE REAL F(fa_product)(REAL x, REAL factor, REAL *lo)
{
    REAL y = x * factor;
    *lo = F(fa_abs)(y) < 2 * K(DEEP) ? F(fa_residual)(x, factor, y) : 0;
    return y;
}

/* The exponent of gelu_quick, 1.702 x */
FA_INLINE REAL F(fa_quick)(REAL x, REAL *lo)
{
    return F(fa_split_product)(F(fa_atmost)(F(fa_atleast)(x, -K(DEEP)), K(DEEP)), K(QUICK_HI), K(QUICK_LO), lo);
}

/* The exponent of gelu_tanh, 2 sqrt(2/pi) (x + 0.044715 x^3) */
FA_INLINE REAL F(fa_cubic)(REAL x, REAL *lo)
{
    x = F(fa_atmost)(F(fa_atleast)(x, -K(CUBIC_CUT)), K(CUBIC_CUT));
    REAL s = x * x, sl = F(fa_residual)(x, x, s);
    REAL grid = (K(B_HI) * s + K(GRID)) - K(GRID);
    REAL low = FMA(K(B_HI), sl, F(fa_residual)(K(B_HI), s, grid)) + FMA(K(B_LO), s, K(A_LO));
    return F(fa_split_product)(x, K(A_HI) + grid, low, lo);
}

/* x times the derivative of that */
FA_INLINE REAL F(fa_cubic_slope)(REAL x)
{
    x = F(fa_atmost)(F(fa_atleast)(x, -K(CUBIC_CUT)), K(CUBIC_CUT));
    return x * FMA(3 * K(B_HI), x * x, K(A_HI) + K(A_LO));
}

#endif /* REAL */
