/* Branch-free primitives that carry the accuracy of the kernels, once for float and once for double.
 *
 * The numbers are here; the text of vmath_exp.h and vmath_normal.h is read twice: fa_sigmoidf(float) and
 * fa_sigmoid(double) come from the same lines. Here are exponentials, logistic, normal and hyperbolic functions as
 * the kernels need them. Activations are in the .pxd files; loops, threads and arrays are elsewhere.
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

/* The same by pairs, c0 + c1 x and so on in y = x^2: a chain of half the length, and one operation more */
#define FA_Q0(y, x, c0) (c0)
#define FA_Q1(y, x, c0, c1) FMA(c1, x, c0)
#define FA_Q2(y, x, c0, c1, ...) FMA(FA_Q0(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q3(y, x, c0, c1, ...) FMA(FA_Q1(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q4(y, x, c0, c1, ...) FMA(FA_Q2(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q5(y, x, c0, c1, ...) FMA(FA_Q3(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q6(y, x, c0, c1, ...) FMA(FA_Q4(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q7(y, x, c0, c1, ...) FMA(FA_Q5(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q8(y, x, c0, c1, ...) FMA(FA_Q6(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q9(y, x, c0, c1, ...) FMA(FA_Q7(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q10(y, x, c0, c1, ...) FMA(FA_Q8(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q11(y, x, c0, c1, ...) FMA(FA_Q9(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q12(y, x, c0, c1, ...) FMA(FA_Q10(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q13(y, x, c0, c1, ...) FMA(FA_Q11(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q14(y, x, c0, c1, ...) FMA(FA_Q12(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q15(y, x, c0, c1, ...) FMA(FA_Q13(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q16(y, x, c0, c1, ...) FMA(FA_Q14(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q17(y, x, c0, c1, ...) FMA(FA_Q15(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q18(y, x, c0, c1, ...) FMA(FA_Q16(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q19(y, x, c0, c1, ...) FMA(FA_Q17(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q20(y, x, c0, c1, ...) FMA(FA_Q18(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q21(y, x, c0, c1, ...) FMA(FA_Q19(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q22(y, x, c0, c1, ...) FMA(FA_Q20(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_Q23(y, x, c0, c1, ...) FMA(FA_Q21(y, x, __VA_ARGS__), y, FA_Q1(y, x, c0, c1))
#define FA_PAIRS_(degree, x, ...) FA_Q##degree((x) * (x), x, __VA_ARGS__)
#define FA_PAIRS(degree, ...) FA_PAIRS_(degree, __VA_ARGS__)
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
/* degree 4 on [-0.34692, 0.34692], error 2^-28.28 */
#define EXPM1_WIDE_d \
    0x1.fffffb939a52ap-2, 0x1.555490a081e64p-3, 0x1.5558f50de7dbep-5, 0x1.123a6b777de2fp-7, 0x1.6a23418ed3b41p-10
/* degree 4 on [-0.329596, 0.329596], error 2^-28.18 */
#define CUBIC_EXPM1_f \
    0x1.1b9e46p-1f, 0x1.8e07cep-3f, 0x1.a2fa56p-5f, 0x1.62476p-7f, 0x1.eb57d8p-10f
/* degree 9 on [-0.222495, 0.222495], error 2^-57.91 */
#define CUBIC_EXPM1_d \
    0x1.37314664c5d93p+0, 0x1.437adf78e6cbfp-1, 0x1.f861035bcc56p-3, 0x1.3a93a0c2f826dp-4, 0x1.46ff6f3344f4fp-6, \
    0x1.2359d2c569748p-8, 0x1.c647d86b302adp-11, 0x1.3ad0f43da0c57p-13, 0x1.89bbeb221b67fp-16, 0x1.bc660ee7c1759p-19
/* degree 5 on [0.0, 0.416862], error 2^-25.6 */
#define SOFTPLUS_f \
    0x1.ffffaep-2f, -0x1.554236p-2f, 0x1.fd5b32p-3f, -0x1.84a14p-3f, 0x1.fdad5ap-4f, -0x1.8046fp-5f
/* degree 13 on [0.0, 0.416862], error 2^-54.75 */
#define SOFTPLUS_d \
    0x1.fffffffffffa8p-2, -0x1.555555554e9f9p-2, 0x1.fffffffb12417p-3, -0x1.999998bedb745p-3, 0x1.55553fa8dab96p-3, \
    -0x1.2490ec86f80afp-3, 0x1.ffe26b7a89254p-4, -0x1.c63ac0a6fff57p-4, 0x1.94c185111d634p-4, -0x1.60ea9d9f244b7p-4, \
    0x1.1bdf80ff2f836p-4, -0x1.7b5f37f622e5dp-5, 0x1.647b8cc2dc949p-6, -0x1.529b2e0dc9e7p-8
/* degree 3 on [0.0, 0.765625], error 2^-28.66 */
#define SOFTPLUS_NEAR_f \
    0x1.fffff2p-4f, -0x1.554aecp-8f, 0x1.6999ep-12f, -0x1.7c32d8p-16f
/* degree 8 on [0.0, 0.765625], error 2^-57.49 */
#define SOFTPLUS_NEAR_d \
    0x1.ffffffffffff9p-4, -0x1.555555555358ep-8, 0x1.6c16c16974b18p-12, -0x1.ba1ba0210ffp-16, 0x1.1ea58fcbdea1ep-19, \
    -0x1.833046abdcac9p-23, 0x1.0c3e02fb58eedp-26, -0x1.6eb11da184f71p-30, 0x1.87ba18a819738p-34
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
/* degree 7 on [-0.43662, 0.691346], error 2^-24.77 */
#define GELU_f \
    0x1.669ac4p-2f, 0x1.256792p-3f, -0x1.37c914p-3f, 0x1.05c148p-4f, 0x1.fa6198p-10f, -0x1.29f38ap-7f, \
    -0x1.457f88p-11f, 0x1.a95b14p-10f
/* degree 21 on [-0.498026, 0.96936], error 2^-59.65 */
#define GELU_d \
    0x1.7a689808209c5p-2, 0x1.9d96f3e578cb7p-4, -0x1.4febfc05473d4p-3, 0x1.68cbffb8419bdp-3, -0x1.21175c3186b67p-3, \
    0x1.60fbf3f464386p-4, -0x1.3eb1f4a83c759p-5, 0x1.79ec2ec2cf14fp-7, -0x1.2d8a99d0d7b15p-10, \
    -0x1.7136544ff36dep-11, 0x1.37c9084ae25d6p-12, 0x1.d8e580de25942p-17, -0x1.2e0ae1ee3f256p-15, \
    0x1.52c364b0a109cp-19, 0x1.215d526f773adp-18, -0x1.130960078c5ccp-21, -0x1.396d05a7e0137p-21, \
    0x1.0bce044965698p-24, 0x1.8d1ea8a41b22fp-24, -0x1.3acac2d302281p-27, -0x1.f61b6e7445847p-27, \
    0x1.06e451e1cff34p-28
/* degree 4 on [0.0, 0.439453], error 2^-25.8 */
#define GELU_NEAR_f \
    0x1.98844ep-2f, -0x1.1056bap-3f, 0x1.468d1p-5f, -0x1.322a2cp-7f, 0x1.8a1604p-10f
/* degree 9 on [0.0, 0.382812], error 2^-57.98 */
#define GELU_NEAR_d \
    0x1.9884533d4365p-2, -0x1.1058377e2ce5dp-3, 0x1.46d0429763bap-5, -0x1.37403f69dbc5fp-7, 0x1.e42b0ca59ea09p-10, \
    -0x1.3ce8e6564c538p-12, 0x1.658705e1de79dp-15, -0x1.61d45f0aac60bp-18, 0x1.33af1cfe7742p-21, \
    -0x1.9a93311d7085dp-25
/* degree 9 on [-1.0, 0.714286], error 2^-27.81 */
#define GELU_SLOPE_f \
    0x1.f568ecp-2f, -0x1.082e3ap-3f, 0x1.6eb57ep-5f, -0x1.275744p-8f, -0x1.65795ap-9f, 0x1.d9c11cp-12f, \
    0x1.8068f8p-12f, -0x1.ff009ep-18f, -0x1.bd1dfcp-15f, -0x1.a8bbd4p-17f
/* degree 20 on [-1.0, 0.770773], error 2^-58.17 */
#define GELU_SLOPE_d \
    0x1.cd3f68f110773p-2, -0x1.6a43ebf93bc1bp-4, 0x1.edd6330937131p-5, -0x1.2781ea1e3cc89p-5, 0x1.30739f68a6075p-6, \
    -0x1.058de6e5331fep-7, 0x1.6099527318ff3p-9, -0x1.3e90033f08e3ap-11, 0x1.f3e98f262eea7p-16, \
    0x1.45a49eb4325c5p-15, -0x1.c1cd062493a8ap-17, -0x1.1b8312da18b4bp-21, 0x1.94c68c2d76b25p-20, \
    -0x1.abece24b79499p-23, -0x1.45dbeb2453216p-23, 0x1.63cbedd19ff61p-25, 0x1.202726cbabb44p-26, \
    -0x1.ac484f4a19b76p-28, -0x1.2eec1a5acc6d9p-29, 0x1.625659d4766b5p-31, 0x1.20d3d2096a5c8p-32
/* degree 7 on [0.0, 1.0], error 2^-25.0 */
#define TANH_SHRINK_f \
    0x1.555556p-2f, -0x1.11112cp-3f, 0x1.ba1af4p-5f, -0x1.66004p-6f, 0x1.1eac82p-7f, -0x1.ace926p-9f, \
    0x1.fad116p-11f, -0x1.435c8ap-13f
/* degree 15 on [0.0, 1.0], error 2^-54.0 */
#define TANH_SHRINK_d \
    0x1.5555555555555p-2, -0x1.111111111106cp-3, 0x1.ba1ba1ba10cd3p-5, -0x1.664f488038403p-6, 0x1.226e350a7c464p-7, \
    -0x1.d6d3c35e45809p-9, 0x1.7da2aa0d8137p-10, -0x1.35511b34ba4dbp-11, 0x1.f51af08a704ebp-13, \
    -0x1.94802c89ecf74p-14, 0x1.41c53b9dc14b4p-15, -0x1.e9052301451d3p-17, 0x1.4d2db872c394fp-18, \
    -0x1.6f48de9df3ef1p-20, 0x1.1763c199e836ep-22, -0x1.a950d4ff39c7ap-26


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

/* The same in units of G, in which A is short, and B and G log(2) are nearly numbers: what is lost are roundings alone. RATE
   is 1/G. */
#define CUBIC_A_f 0x1.841ep+0f
#define CUBIC_B_f 0x1.15acbp-4f
#define CUBIC_LN2_f 0x1.512b64p-1f
#define CUBIC_RATE_f 0x1.0d749ep+0f
#define CUBIC_LOG2E_f 0x1.84bdfep+0f
#define CUBIC_LEFT_f 8.0f /* x/(1 + e^-y) is normal for x > -LEFT */
#define CUBIC_TOP_f 6.0f /* it is x above */
#define CUBIC_FAR_f 11.0f /* and vanishes below -FAR */
#define CUBIC_A_d 0x1.05ffdf23e14p+0
#define CUBIC_B_d 0x1.76e3ccb8bf1c6p-5
#define CUBIC_LN2_d 0x1.c736d98c1716ap-2
#define CUBIC_RATE_d 0x1.8f298d2aaca61p+0
#define CUBIC_LOG2E_d 0x1.1fef4b4d7b36bp+1
#define CUBIC_LEFT_d 8.0
#define CUBIC_TOP_d 8.5
#define CUBIC_FAR_d 21.8

#define SOFTPLUS_EDGE_f 0.875f /* below, the formula near zero */
#define SOFTPLUS_EDGE_d 0.875

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
#define GELU_EDGE_f 0.9375f /* below, the formula near zero */
#define GELU_CENTRE_f 2.390625f
#define GELU_EDGE_d 0.875
#define GELU_CENTRE_d 5.0
#define GELU_ORIGIN_d 0.7958984375
#define GELU_SHIFT_f 2.5f
#define GELU_SHIFT_d 5.11328125 /* chosen so that the first two coefficients lose little in being rounded */
#define GELU_ROOT_f 0x1.80ead2p-1f /* -ROOT is the zero of the derivative of gelu */
#define GELU_ROOT_LO_f -0x1.a03fd4p-27f
#define GELU_ROOT_d 0x1.80ead197f00b4p-1
#define GELU_ROOT_LO_d -0x1.13e74c58cada8p-56
#define SILU_ROOT_d 0x1.474973c84120bp+0 /* the exponents y where the derivatives of silu and of gelu_tanh are zero */
#define SILU_ROOT_LO_d 0x1.f8d74bc9ac154p-54
#define CUBIC_ROOT_d 0x1.3b2cf738f9ffep+0
#define CUBIC_BELL_d 0x1.2af64e9c485eep-2 /* e^-CUBIC_ROOT */
#define RSQRT_2PI_f 0x1.988454p-2f /* 1/sqrt(2 pi) */
#define RSQRT_2PI_LO_f -0x1.857936p-27f
#define RSQRT_2PI_d 0x1.9884533d43651p-2
#define RSQRT_2PI_LO_d -0x1.cbc0d30ebfd15p-56

/* 1, in vmath.c, so that the compiler of the kernels does not know it: see fa_limit */
extern const float fa_onef;
extern const double fa_one;

#define REAL float
#define BITS uint32_t
#define F(name) name##f
#define OF_TYPE(name) name##_f
#define MANTISSA 23
#define MAGIC 0x1.8p+23f /* x + MAGIC has the integer next to x in its low bits */
#define EXPM1(r) FA_PAIRS(4, r, EXPM1_f)
#define LOG1P(w) FA_POLY(8, w, LOG1P_f)
#define CUBIC_EXPM1(r) FA_PAIRS(4, r, CUBIC_EXPM1_f)
#define SOFTPLUS(u) FA_POLY(5, u, SOFTPLUS_f)
#define SOFTPLUS_NEAR(s) FA_POLY(3, s, SOFTPLUS_NEAR_f)
#define GELU_Q(a) (((a) - GELU_CENTRE_f) / ((a) + GELU_CENTRE_f))
#define GELU(q) FA_POLY(7, q, GELU_f)
#define GELU_NEAR(s) FA_POLY(4, s, GELU_NEAR_f)
#define TANH_SHRINK(s) FA_POLY(7, s, TANH_SHRINK_f)
#define MILLS_0 FA_FIRST(MILLS_f)
#define MILLS_1 FA_FIRST(FA_REST(MILLS_f))
#define GELU_SLOPE_0 FA_FIRST(GELU_SLOPE_f)
#define GELU_SLOPE_REST(q) FA_POLY(8, q, FA_REST(GELU_SLOPE_f))
#define MILLS_REST(q) FA_POLY(8, q, FA_REST(FA_REST(MILLS_f)))
#include "vmath_exp.h"
#include "vmath_normal.h"

#undef REAL
#undef BITS
#undef F
#undef OF_TYPE
#undef MANTISSA
#undef MAGIC
#undef EXPM1
#undef LOG1P
#undef CUBIC_EXPM1
#undef SOFTPLUS
#undef SOFTPLUS_NEAR
#undef GELU_Q
#undef GELU
#undef GELU_NEAR
#undef TANH_SHRINK
#undef MILLS_0
#undef MILLS_1
#undef MILLS_REST
#undef GELU_SLOPE_0
#undef GELU_SLOPE_REST

#define REAL double
#define BITS uint64_t
#define F(name) name
#define OF_TYPE(name) name##_d
#define MANTISSA 52
#define MAGIC 0x1.8p+52
#define EXPM1(r) FA_PAIRS(9, r, EXPM1_d)
#define LOG1P(w) FA_PAIRS(19, w, LOG1P_d)
#define CUBIC_EXPM1(r) FA_PAIRS(9, r, CUBIC_EXPM1_d)
#define SOFTPLUS(u) FA_PAIRS(13, u, SOFTPLUS_d)
#define SOFTPLUS_NEAR(s) FA_PAIRS(8, s, SOFTPLUS_NEAR_d)
#define GELU_Q(a) FMA(2, (a) / ((a) + GELU_CENTRE_d), -GELU_ORIGIN_d) /* nearly 0 where its rounding counts most */
#define GELU_REST(q) FA_PAIRS(19, q, FA_REST(FA_REST(GELU_d)))
#define GELU(q) FMA(FMA(GELU_REST(q), q, FA_FIRST(FA_REST(GELU_d))), q, FA_FIRST(GELU_d))
#define GELU_NEAR(s) FA_PAIRS(9, s, GELU_NEAR_d)
#define TANH_SHRINK(s) FA_PAIRS(15, s, TANH_SHRINK_d)
#define MILLS_0 FA_FIRST(MILLS_d)
#define MILLS_1 FA_FIRST(FA_REST(MILLS_d))
#define GELU_SLOPE_0 FA_FIRST(GELU_SLOPE_d)
#define GELU_SLOPE_REST(q) FA_PAIRS(19, q, FA_REST(GELU_SLOPE_d))
#define MILLS_REST(q) FA_PAIRS(21, q, FA_REST(FA_REST(MILLS_d)))
#include "vmath_exp.h"
#include "vmath_normal.h"

#endif
