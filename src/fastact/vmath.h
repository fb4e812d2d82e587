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
#define FASTACT_FMA 1
#else
#define FASTACT_FMA 0
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
/* degree 8 on [-0.25, 0.5], error 2^-28.38 */
#define LOG1P_f \
    0x1.000004p-1f, -0x1.5555cp-2f, 0x1.fffc4ap-3f, -0x1.995b32p-3f, 0x1.553b8ap-3f, -0x1.29b05ep-3f, 0x1.0c7a8cp-3f, \
    -0x1.9d200cp-4f, 0x1.5438a2p-5f
/* degree 19 on [-0.25, 0.5], error 2^-57.51 */
#define LOG1P_d \
    0x1.0000000000005p-1, -0x1.55555555556ep-2, 0x1.000000000000ap-2, -0x1.99999999676ep-3, 0x1.555555546da06p-3, \
    -0x1.24924935e922cp-3, 0x1.00000076b8724p-3, -0x1.c71c6cd3b8979p-4, 0x1.999966fccc2f8p-4, -0x1.745d4124fa533p-4, \
    0x1.555ab352b538fp-4, -0x1.3b1c1b3c42bcp-4, 0x1.244e21f97a39cp-4, -0x1.1014185d2d6bfp-4, 0x1.00a71f197cf4ap-4, \
    -0x1.f4d927ddf8ce5p-5, 0x1.e6e7360602586p-5, -0x1.93927459fe4aap-5, 0x1.c52e22fa0a165p-6, -0x1.e31ce9185462ep-8
/* degree 10 on [-1.0, 0.766097], error 2^-26.33 */
#define MILLS_f \
    0x1.70d2ep-1f, -0x1.ea83ccp-2f, 0x1.81f5a4p-3f, -0x1.4aa222p-6f, -0x1.068204p-6f, 0x1.ef7098p-9f, 0x1.388026p-9f, \
    -0x1.d07626p-12f, -0x1.d8f494p-12f, 0x1.3edfbap-16f, 0x1.d3999ep-15f
/* degree 23 on [-1.0, 0.83711], error 2^-56.99 */
#define MILLS_d \
    0x1.89a410a416994p-1, -0x1.53e19a896ff66p-1, 0x1.f80745b4e1516p-2, -0x1.3cff00f85416dp-2, 0x1.4a55d38ca8d09p-3, \
    -0x1.103c8a0a79814p-4, 0x1.3d77e3762f563p-6, -0x1.43ece2129cf08p-9, -0x1.d1554e5ac94d4p-11, 0x1.0fc0a314b35adp-11, \
    -0x1.450d6b730c523p-15, -0x1.b51a5440fc094p-15, 0x1.dfcd7b93e2f9ap-17, 0x1.41c3a72360692p-18, \
    -0x1.52ee59271bdc3p-19, -0x1.09b07d03b179ap-21, 0x1.b5db35b6e100bp-22, 0x1.27bc0c04ee59dp-24, \
    -0x1.178dd74bb345cp-24, -0x1.c4bb6545ae48ep-27, 0x1.452897d328c49p-27, 0x1.6acccb402d569p-29, \
    -0x1.eedb4b1b17232p-31, -0x1.74d9512d44784p-32


/* Where each exponential is cut, and how 2^n is carried, for float and double. An argument below -NEAR carries STEP1,
   one below -FAR STEP1 STEP2. Below -CUT a function that is multiplied by nothing is zero; below -DEEP it is zero when
   it is multiplied by the largest number. Above TOP a logistic function is one. */
#define LOG2E_f 0x1.715476p+0f
#define LN2_HI_f 0x1.62e4p-1f /* 15 bits: its product with n is exact */
#define LN2_LO_f 0x1.7f7d1cp-20f
#define LN2_f 0x1.62e43p-1f
#define LEFT_f 16.0f /* 1 + 2^n, for the n of e^LEFT, is exact: see fa_denominator */
#define NEAR_f 64.0f /* e^-NEAR is normal */
#define FAR_f 128.0f /* e^-FAR / STEP1 is normal */
#define CUT_f 112.0f /* 4 CUT e^-CUT is below half the smallest subnormal */
#define DEEP_f 198.0f /* so is e^-DEEP times the largest number; e^-DEEP / (STEP1 STEP2) is normal */
#define TOP_f 40.0f /* 1/(1 + e^-TOP) rounds to 1; e^-TOP STEP1 is normal */
#define SHIFT1_f 64
#define SHIFT2_f 96
#define STEP1_f 0x1p-64f /* STEP is 2^-SHIFT */
#define STEP2_f 0x1p-96f
#define LARGE_f 0x1p+100f /* from 2^(SHIFT1 + 23) to the largest number over DEEP */
#define TINY_f 0x1p-64f /* below, x Phi(x) is x/2; what a value above loses in two roundings is normal */
#define LOG2E_d 0x1.71547652b82fep+0
#define LN2_HI_d 0x1.62e42fefa38p-1 /* 42 bits */
#define LN2_LO_d 0x1.ef35793c7673p-45
#define LN2_d 0x1.62e42fefa39efp-1
#define LEFT_d 36.0
#define NEAR_d 160.0
#define FAR_d 800.0
#define CUT_d 760.0
#define DEEP_d 1462.5
#define TOP_d 60.0
#define SHIFT1_d 160
#define SHIFT2_d 928
#define STEP1_d 0x1p-160
#define STEP2_d 0x1p-928
#define LARGE_d 0x1p+900
#define TINY_d 0x1p-511

/* 2 sqrt(2/pi) (x + 0.044715 x^3) = x (A + B x^2). A_HI is a multiple of 2^-18 (2^-45), as is what GRID rounds B x^2
   to: their sum is exact. */
#define A_HI_f 0x1.98844p+0f
#define A_LO_f 0x1.33d436p-20f
#define B_HI_f 0x1.2444f2p-4f
#define B_LO_f 0x1.49b16ap-29f
#define GRID_f 48.0f /* the ulp of GRID + B x^2 is 2^-18 */
#define CUBIC_CUT_f 13.55f /* x (A + B x^2) passes DEEP */
#define A_HI_d 0x1.9884533d4368p+0
#define A_LO_d -0x1.7b9781a61d7fap-47
#define B_HI_d 0x1.2444f2a4d8b4bp-4
#define B_LO_d -0x1.6c843a29d1c7p-61
#define GRID_d 192.0 /* 2^-45 */
#define CUBIC_CUT_d 27.1

#define QUICK_HI_f 0x1.b3b646p+0f /* 1.702 */
#define QUICK_LO_f -0x1.78d4fep-26f
#define QUICK_HI_d 0x1.b3b645a1cac08p+0
#define QUICK_LO_d 0x1.89374bc6a7efap-55

#define MILLS_SHIFT_f 2.78125f /* chosen so that the first two coefficients of MILLS have bits to spare */
#define MILLS_SHIFT_d 4.96533203125
#define NORMAL_CUT_f 15.0f /* x^2 e^(-x^2/2) is below half the smallest subnormal */
#define NORMAL_CUT_d 39.5
#define NORMAL_NEAR_f 11.25f /* x^2/2 is nearly NEAR */
#define NORMAL_FAR_f 16.0f /* x^2/2 is FAR */
#define NORMAL_DEEP_f 19.9f /* x^2/2 passes DEEP */
#define NORMAL_NEAR_d 17.75
#define NORMAL_FAR_d 40.0
#define NORMAL_DEEP_d 54.08
#define RSQRT_2PI_f 0x1.988454p-2f /* 1/sqrt(2 pi) */
#define RSQRT_2PI_LO_f -0x1.857936p-27f
#define RSQRT_2PI_d 0x1.9884533d43651p-2
#define RSQRT_2PI_LO_d -0x1.cbc0d30ebfd15p-56

#define REAL float
#define BITS uint32_t
#define F(name) name##f
#define OF_TYPE(name) name##_f
#define MANTISSA 23
#define MAGIC 0x1.8p+23f /* x + MAGIC has the integer next to x in its low bits */
#define EXPM1(r) FA_POLY(4, r, EXPM1_f)
#define LOG1P(w) FA_POLY(8, w, LOG1P_f)
#define MILLS_0 FA_FIRST(MILLS_f)
#define MILLS_1 FA_FIRST(FA_REST(MILLS_f))
#define MILLS_REST(q) FA_POLY(8, q, FA_REST(FA_REST(MILLS_f)))
#include "vmath.h"

#undef REAL
#undef BITS
#undef F
#undef OF_TYPE
#undef MANTISSA
#undef MAGIC
#undef EXPM1
#undef LOG1P
#undef MILLS_0
#undef MILLS_1
#undef MILLS_REST

#define REAL double
#define BITS uint64_t
#define F(name) name
#define OF_TYPE(name) name##_d
#define MANTISSA 52
#define MAGIC 0x1.8p+52
#define EXPM1(r) FA_POLY(9, r, EXPM1_d)
#define LOG1P(w) FA_POLY(19, w, LOG1P_d)
#define MILLS_0 FA_FIRST(MILLS_d)
#define MILLS_1 FA_FIRST(FA_REST(MILLS_d))
#define MILLS_REST(q) FA_POLY(21, q, FA_REST(FA_REST(MILLS_d)))
#include "vmath.h"

#endif

#else /* ---- the text that is read for float and for double ---- */

#define FMA(a, b, c) F(fa_fma)(a, b, c)
#define K(name) OF_TYPE(name)

FA_INLINE REAL F(fa_fma)(REAL a, REAL b, REAL c)
{
#if FASTACT_FMA
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

/* Of an argument that is a constant where a function is inlined */
#define KNOWN(x, value) (__builtin_constant_p((x) == (value)) && (x) == (value))

#define SIGN ((BITS)1 << (8 * sizeof(REAL) - 1))

FA_INLINE REAL F(fa_abs)(REAL x) { return F(fa_real)(F(fa_bits)(x) & ~SIGN); }
/* of an x that is not negative */
FA_INLINE REAL F(fa_copysign)(REAL x, REAL sign) { return F(fa_real)(F(fa_bits)(x) | (F(fa_bits)(sign) & SIGN)); }
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
#if FASTACT_FMA
    return F(__builtin_fma)(a, b, -p);
#else
    /* Dekker's product of halves of the mantissa, which is exact; masks, unlike Veltkamp's product, do not overflow */
    const BITS upper = ~(((BITS)1 << (MANTISSA + 2) / 2) - 1);
    REAL ah = F(fa_real)(F(fa_bits)(a) & upper), bh = F(fa_real)(F(fa_bits)(b) & upper);
    REAL al = a - ah, bl = b - bh;
    return ((ah * bh - p) + ah * bl + al * bh) + al * bl;
#endif
}

/* 2^n (1 + t), |t| < 0.42; n in the low bits of `n` */
typedef struct {
    REAL t;
    BITS n;
} F(fa_exp_t);

/* e^(x - xl), for the z that is x/log(2) and MAGIC. Where xl is not zero, it is rounded together with what log(2) has
   beyond its first bits. */
FA_INLINE F(fa_exp_t) F(fa_reduced)(REAL x, REAL xl, REAL z)
{
    REAL n = z - MAGIC, r = FMA(n, -K(LN2_HI), x);
    r = KNOWN(xl, 0) ? FMA(n, -K(LN2_LO), r) : r - FMA(n, K(LN2_LO), xl);
    F(fa_exp_t) e = {FMA(EXPM1(r), r * r, r), F(fa_bits)(z)};
    return e;
}

FA_INLINE F(fa_exp_t) F(fa_reduce)(REAL x, REAL xl) { return F(fa_reduced)(x, xl, FMA(x, K(LOG2E), MAGIC)); }

/* e^-(x + xl), without the instruction that -x would take */
FA_INLINE F(fa_exp_t) F(fa_reduce_negative)(REAL x, REAL xl)
{
    return F(fa_reduced)(-x, xl, FMA(x, -K(LOG2E), MAGIC));
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

/* (1 - w)/(1 + w), w = e^-2|x|. Numerator and denominator are rounded once each, and each is monotone: so is tanh. */
FA_INLINE REAL F(fa_tanh)(REAL x)
{
    F(fa_exp_t) e = F(fa_reduce)(-2 * F(fa_atmost)(F(fa_abs)(x), 20), 0);
    REAL s = F(fa_power)(e.n, ONE);
    return F(fa_copysign)(FMA(-s, e.t, 1 - s) / FMA(s, e.t, 1 + s), x);
}

/* c + s (1 + t) for powers of two c and s, rounded once: their sum is exact but on the left, where s is much the
   larger. 1.7 ulp for sigmoid instead of 2.5, in 1.08 of the time; 1.8 for silu instead of 2.3, in 1.13. */
FA_INLINE REAL F(fa_denominator)(REAL c, REAL s, REAL t, int left)
{
    REAL d = FMA(s, t, left ? c : s + c);
    return left ? d + s : d;
}

/* 1/(1 + e^-(x + xl)). The quotient c/(c + c e^-x) rounds once, into the subnormals too. */
FA_INLINE REAL F(fa_sigmoid)(REAL x, REAL xl)
{
    REAL y = F(fa_atmost)(F(fa_atleast)(x, -K(CUT)), K(TOP));
    F(fa_exp_t) e = F(fa_reduce_negative)(y, xl);
    REAL s = F(fa_power)(e.n, ONE - FIELD(K(SHIFT1)));
    return K(STEP1) / F(fa_denominator)(K(STEP1), s, e.t, x < -K(LEFT));
}

/* y with what its rounding took away; not where y is an infinity, and a zero keeps its sign */
FA_INLINE REAL F(fa_corrected)(REAL y, REAL corrected)
{
    REAL result = F(fa_real)((F(fa_bits)(corrected) & ~SIGN) | (F(fa_bits)(y) & SIGN));
    return corrected == corrected ? result : y;
}

/* a b/(1 + e^-(x + xl)), for any size of a; b is at most DEEP where x is negative. */
FA_INLINE REAL F(fa_times_sigmoid)(REAL a, REAL b, REAL x, REAL xl, int deep, int large)
{
    REAL y = F(fa_atmost)(F(fa_atleast)(x, deep ? -K(DEEP) : -K(CUT)), K(TOP));
    F(fa_exp_t) e = F(fa_reduce_negative)(y, xl);
    int left = x < -K(LEFT), far = deep && x < -K(FAR);
    int near = deep ? (large && F(fa_abs)(a) > K(LARGE) ? -K(DEEP) : x) < -K(NEAR) : left;
    BITS field = near ? ONE - FIELD(K(SHIFT1)) : ONE;
    REAL c = F(fa_real)(field), numerator = near ? a * K(STEP1) : a;
    REAL s = F(fa_power)(e.n, far ? ONE - FIELD(K(SHIFT1) + K(SHIFT2)) : field), d = F(fa_denominator)(c, s, e.t, left);
    numerator = far ? numerator * K(STEP2) : numerator;
    if (!FASTACT_FMA || KNOWN(b, 1) || (MANTISSA == 23 && KNOWN(xl, 0)))
        return numerator * b / d;
    /* A product and its quotient keep their roundings: 1.9 ulp instead of 2.7, in 1.2 of the time; for float with an
       exact x, 2.5 without */
    REAL product = numerator * b, r = 1 / d, quotient = product * r;
    REAL rest = F(fa_residual)(numerator, b, product) - F(fa_residual)(quotient, d, product);
    return F(fa_corrected)(quotient, FMA(rest, r, quotient));
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

/* 1/(1 + |x|)^2, whose square overflows long before it vanishes */
FA_INLINE REAL F(fa_softsign_slope)(REAL x)
{
    REAL a = F(fa_abs)(x);
    int large = a > (REAL)((uint64_t)1 << (MANTISSA + 6));
    REAL near = F(fa_where)(large, 0, a), r = 1 / F(fa_where)(large, a, FMA(near, near + 2, 1));
    return large ? r * r : r;
}

/* The derivative of the logistic function at m x, times m^2: e^-m|x| / (1 + e^-m|x|)^2 */
FA_INLINE REAL F(fa_sigmoid_slope)(REAL x, REAL m)
{
    REAL n = F(fa_near_tail)(-m * F(fa_atmost)(F(fa_abs)(x), K(CUT) / m), 0), u = n * K(STEP1);
    return n / FMA(u, u + 2, 1) * (K(STEP1) * (m * m));
}

/* The derivative of x sigmoid(y(x)), where v = x y'(x), which has the sign of y. With u = e^-|y|: for y < 0
   u (1 + u - |v|)/(1 + u)^2, and one minus that for y > 0. */
FA_INLINE REAL F(fa_swish_slope)(REAL y, REAL yl, REAL v)
{
    REAL a = F(fa_atmost)(F(fa_abs)(y), K(CUT));
    F(fa_exp_t) e = F(fa_reduce)(-a, F(fa_real)(F(fa_bits)(yl) ^ (F(fa_bits)(y) & SIGN)));
    REAL n = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1)));
    REAL u = FMA(n, e.t, n) * K(STEP1), d = 1 + u, d_lo = u - (d - 1);
    v = F(fa_atmost)(F(fa_abs)(v), 4 * K(CUT));
    /* 1 - v with its rounding (2Sum), and (1 + u)^2 with that of 1 + u */
    REAL s = 1 - v, back = s - 1, s_lo = (1 - (s - back)) + (-v - back);
    s = n * (s + (u + s_lo)); /* u has lost a rounding, n is a power of two */
    REAL g = FMA(s, e.t, s) / FMA(d, d, 2 * d_lo * d);
    return FMA(g, y < 0 ? K(STEP1) : -K(STEP1), y < 0 ? -(REAL)0 : 1);
}

/* log(1 + e^(y + yl))/beta, where y + yl = beta x. With u = e^y, or e^-y where y is added in the end: log(1 + u) =
   w - w^2 LOG1P(w) for w = u, or log(2) and that for w = (u - 1)/2. The polynomial stays a small part of a result, and
   y is added only where it is not smaller: both are needed for softplus to be monotone (0.7 of the time if not). */
FA_INLINE REAL F(fa_softplus)(REAL x, REAL y, REAL yl, REAL beta)
{
    const REAL half = (REAL)0.5;
    int right = y > half;
    F(fa_tail_t) e = F(fa_tail)(F(fa_atleast)(right ? -y : y, -K(DEEP)), right ? yl : -yl);
    REAL u = e.value * e.step1;
    int large = u > half;
    REAL w = large ? FMA(half, u, -half) : u, scaled = large ? w : e.value;
    REAL ln2 = large ? K(LN2) : 0, a = FMA(-scaled * w, LOG1P(w), scaled), l = a + ln2;
    /* A quotient that keeps its rounding and that of the sum: 2.9 ulp for some beta without, in 0.85 of the time */
    REAL r = 1 / beta, quotient = l * r, rest = (a - (l - ln2)) - F(fa_residual)(quotient, beta, l);
    l = F(fa_abs)(quotient) < (REAL)INFINITY ? FMA(rest, r, quotient) : quotient;
    return FMA(l * e.step1, e.step2, right ? x : 0);
}

/* MILLS(q) as the sum of two numbers: the first coefficients have bits to spare for the differences to be exact */
FA_INLINE REAL F(fa_mills)(REAL q, REAL *lo)
{
    REAL rest = MILLS_REST(q), second = FMA(rest, q, MILLS_1), first = FMA(second, q, MILLS_0);
    *lo = FMA(second, q, MILLS_0 - first);
    if (MANTISSA == 52)
        *lo = FMA(FMA(rest, q, MILLS_1 - second), q, *lo);
    return first;
}

typedef struct {
    REAL g, lo, c; /* a Phi(-a)/c; what g has lost */
} F(fa_normal_t);

/* x Phi(x) = max(x, 0) - a Phi(-a), a = |x|; Phi(-a) = e^(-a^2/2) MILLS(q)/(a + SHIFT), q = (a - SHIFT)/(a + SHIFT) */
FA_INLINE F(fa_normal_t) F(fa_normal_tail)(REAL x, int deep)
{
    REAL a = F(fa_atmost)(F(fa_abs)(x), deep ? K(NORMAL_DEEP) : K(NORMAL_CUT));
    REAL d = a + K(MILLS_SHIFT), w = a / d;
    REAL s = a * a, half = (REAL)0.5;
    F(fa_exp_t) e = F(fa_reduce)(-half * s, half * F(fa_residual)(a, a, s));
    int near = !deep | (a > K(NORMAL_NEAR)), far = deep & (a > K(NORMAL_FAR));
    BITS field = near ? ONE + FIELD(K(SHIFT1)) : ONE;
    REAL t = F(fa_power)(e.n, far ? ONE + FIELD(K(SHIFT1) + K(SHIFT2)) : field);

    /* w MILLS(q) e^(-a^2/2), with what the roundings of all three and of a product take away: 1.7 ulp; without that of
       w 2.4, 0.9 of the time, without any 3.2, 0.7 of the time. What w lacks is known since 1/d is (1 - w)/SHIFT; it
       counts for the logarithmic derivative of w MILLS(2w - 1), which is nearly (1 - w)^3. */
    REAL exponential = FMA(t, e.t, t), exponential_lo = FMA(t, e.t, t - exponential);
    REAL mills_lo, mills = F(fa_mills)(FMA(w, 2, -1), &mills_lo);
    REAL product = w * mills, product_lo = FMA(w, mills_lo, F(fa_residual)(w, mills, product));
    REAL v = 1 - w, missing = FMA(w, a - (d - K(MILLS_SHIFT)), F(fa_residual)(w, d, a));
    product_lo = FMA(missing * mills, v * v * (v * v) * (-1 / K(MILLS_SHIFT)), product_lo);
    REAL low = FMA(product_lo, exponential, product * exponential_lo), g = FMA(product, exponential, low);
    F(fa_normal_t) tail = {g, F(fa_residual)(product, exponential, g) + low, near ? K(STEP1) : 1};
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
    REAL base = gate < 0 ? -(REAL)0 : gate, c = gate < 0 ? 1 : tail.c, value = FMA(tail.g, -c, base);
    REAL step1 = gate < 0 ? tail.c : 1, step2 = gate < -K(NORMAL_FAR) ? K(STEP2) : 1;
    /* near zero gate/2, but without the rounding of a subnormal that a large `up` would show */
    up = F(fa_vanishing)(up, gate);
    int small = F(fa_abs)(gate) < K(TINY);
    REAL y = up * value;
    if (MANTISSA == 52 || FASTACT_FMA) { /* the value keeps its roundings: 1.8 ulp, not 2.6, in 1.14 of the time */
        REAL value_lo = FMA(tail.g, -c, base - value) - tail.lo * c;
        y = F(fa_corrected)(y, y + FMA(up, value_lo, F(fa_residual)(up, value, y)));
    }
    return F(fa_where)(small, up * F(fa_where)(small, gate, 0) / 2, y * step1 * step2);
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
    REAL mills_lo, mills = F(fa_mills)(q, &mills_lo);
    REAL ratio = mills * r, ratio_lo = FMA(mills_lo, r, F(fa_residual)(mills, r, ratio));
    ratio_lo = FMA(mills, r_lo, ratio_lo);
    REAL slope = a * K(RSQRT_2PI), slope_lo = FMA(a, K(RSQRT_2PI_LO), F(fa_residual)(a, K(RSQRT_2PI), slope));
    REAL s = a * a, half = (REAL)0.5;
    F(fa_exp_t) e = F(fa_reduce)(-half * s, half * F(fa_residual)(a, a, s));
    REAL t = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1))), exponential = FMA(t, e.t, t);
    REAL difference = (ratio - slope) + (ratio_lo - slope_lo);
    REAL g = FMA(exponential, difference, FMA(t, e.t, t - exponential) * difference);
    return FMA(g, x < 0 ? K(STEP1) : -K(STEP1), x < 0 ? -(REAL)0 : 1);
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
