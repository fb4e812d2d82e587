/* The kernels of fastact.fast: errors that suit inference, in less time. In float alone.
 *
 * fa_fast_NAME is the kernel NAME of fast.pxd. The catalogue (`Fast`) has its error, and what that is measured in.
 * Where it is measured in the result, results below the normal numbers may be 0. Coefficients are by
 * tools/coefficients.py, which fits the polynomials, and computes the errors of the quotients.
 *
 * Three ideas make most of the difference.
 *   1. A kernel that divides anyway takes e^r as a quotient, (E + r/2)/(E - r/2) with E = r/2 coth(r/2). E is even: two
 *      terms in r^2 are as good as six in r, and fewer operations wait for one another.
 *   2. 2^n is one shift. The low bits of FAST_MAGIC + n are a biased exponent, so that n = -127 gives 0 and n = 128
 *      infinity: results reach their limits, and nothing is scaled.
 *   3. A function that saturates is a function of t = N/D whose slope is zero at t = 1 and t = -1, such as
 *      2t/(1 + t^2) = 2ND/(N^2 + D^2). An error of 2^-12 in t does no harm there, so low degrees do.
 */
#ifndef FASTACT_VMATH_FAST_H
#define FASTACT_VMATH_FAST_H
#include "vmath.h"
#undef F
#define F(name) name##f /* of FMA and FA_POLY */

/* ---- coefficients. Those of a quotient N/D: N = x NAME_N(x^2), D = x^(2n) + NAME_D(x^2) ---- */
/* degree 2 on [0.000120354, 0.120354], error 2^-30.77 */
#define EXP_EVEN_f \
    0x1p+0f, 0x1.555512p-4f, -0x1.6a872ap-10f
/* degree 2 on [0.0002505, 0.2505], error 2^-29.39 */
#define EXP2_EVEN_f \
    0x1.715476p+0f, 0x1.d93066p-5f, -0x1.e3a70ep-12f
/* degree 2 on [3.00884e-5, 0.0300884], error 2^-30.77 */
#define EXP_TWICE_f \
    0x1p+0f, 0x1.555512p-2f, -0x1.6a872ap-6f
/* degree 4 on [0.0, 0.444444], error 2^-26.99 */
#define ATANH_f \
    0x1p+0f, 0x1.55550cp-4f, 0x1.99d2p-7f, 0x1.1e8de2p-9f, 0x1.2055e4p-11f
/* error 2^-24.88 up to TANH_TOP */
#define TANH_N_f \
    0x1.9266d4p+18f, 0x1.7eefd2p+13f, 0x1.762108p+5f
#define TANH_D_f \
    0x1.9266d4p+19f, 0x1.6c007ap+16f, 0x1.efa558p+9f
/* error 2^-24.68 up to GELU_TOP */
#define GELU_N_f \
    0x1.22a396p+16f, 0x1.1959a2p+13f, 0x1.f37688p+8f, 0x1.24f9b4p+4f
#define GELU_D_f \
    0x1.6c4306p+17f, 0x1.7683c6p+14f, 0x1.0e449ep+11f, 0x1.f73b4ap+6f
/* error 2^-25.05 up to PHI_TOP */
#define PHI_N_f \
    0x1.c830fp+14f, 0x1.7dd794p+12f, 0x1.352f7ep+8f, 0x1.001ce2p+4f, 0x1.6aa2eep-7f
#define PHI_D_f \
    0x1.1de014p+16f, 0x1.efc0c6p+13f, 0x1.2721a2p+10f, 0x1.8d96dcp+6f
/* error 2^-23.07 up to SLOPE_TOP */
#define SLOPE_N_f \
    0x1.5c24a6p+16f, -0x1.b0c89ap+11f, 0x1.8d629ep+10f, 0x1.12cefcp+1f, 0x1.010b8cp+2f, 0x1.6115aep-6f
#define SLOPE_D_f \
    0x1.b45512p+16f, 0x1.00fe9ap+15f, 0x1.1e188ep+12f, 0x1.8986ecp+8f, 0x1.573612p+4f

#define FAST_LN2_f 0x1.62e43p-1f
#define FAST_LN2_LO_f -0x1.05c61p-29f
#define FAST_CUBIC_A_f 0x1.988454p+0f /* x (A + B x^2) is the exponent of gelu_tanh */
#define FAST_CUBIC_B_f 0x1.2444f2p-4f
#define FAST_CUBIC_A2_f 0x1.26aec2p+1f /* the same, over log(2) */
#define FAST_CUBIC_B2_f 0x1.a5a7dp-4f
#define QUICK_f 0x1.b3b646p+0f /* 1.702 */

#define FAST_MAGIC_f 0x1.8000fep+23f /* MAGIC + 127 */
#define FAST_CUT_f 88.9f /* e^CUT becomes infinity */
#define FAST_TOP_f 88.0f /* e^-TOP becomes 0, and e^TOP is normal */
#define SECH_TOP_f 44.7f /* 4 e^-2 TOP becomes 0 */
#define MISH_TOP_f 22.0f /* 1 + 2/e^(2 TOP) rounds to 1 */
#define QUICK_CUT_f 52.22f /* the exponent passes CUT, and TOP; e^TOP is normal */
#define QUICK_TOP_f 51.71f
#define FAST_CUBIC_CUT_f 10.06f /* the exponent passes CUT, and TOP */
#define FAST_CUBIC_TOP_f 10.02f
#define TANH_TOP_f 0x1.18f8b8p+3f /* 2ND/(N^2 + D^2) rounds to 1 */
#define GELU_TOP_f 0x1.7768b6p+2f /* N and D round to the same number */
#define PHI_TOP_f 0x1.8b1d9ep+2f /* likewise */
#define SLOPE_TOP_f 0x1.73332ep+2f /* N/D rounds to 1/2 */

/* ---- exponentials ---- */

/* e^y = scale a/b */
typedef struct {
    float scale, a, b;
} fa_fast_t;

/* e^(sign (y + low)) for a sign of 1 or -1, from -TOP to CUT. With `exact` to an ulp; without, what FAST_LN2 lacks is
   left out: n 2^-29, a tenth of an ulp where |y| < 5, and 2 to 4 ulp at the ends. */
FA_INLINE fa_fast_t fa_fast_power(float y, float low, float sign, int exact)
{
    float z = FMA(y, sign * LOG2E_f, FAST_MAGIC_f), n = z - FAST_MAGIC_f;
#if FASTACT_FMA
    float r = FMA(n, -sign * FAST_LN2_f, y);
    r = exact ? r + FMA(n, -sign * FAST_LN2_LO_f, low) : r;
#else
    float r = (y - n * (sign * LN2_HI_f)) - n * (sign * LN2_LO_f);
    r = exact ? r + low : r;
#endif
    float s = r * r, a = FMA(r, sign / 2, FA_POLY(2, s, EXP_EVEN_f));
    fa_fast_t power = {fa_realf(fa_bitsf(z) << 23), a, a - sign * r};
    return power;
}

/* e^-|y + low|, which becomes 0 */
FA_INLINE fa_fast_t fa_fast_tail(float y, float low, int exact)
{
    return fa_fast_power(fa_atmostf(fa_absf(y), FAST_TOP_f), fa_low_besidef(y, low), -1, exact);
}

/* 1/(1 + u), given u */
FA_INLINE float fa_fast_fraction(fa_fast_t u) { return u.b / FMA(u.scale, u.a, u.b); }

/* 1/(1 + e^-y) from -CUT to TOP */
FA_INLINE float fa_fast_logistic(float y) { return fa_fast_fraction(fa_fast_power(y, 0, -1, 0)); }

FA_INLINE float fa_fast_clip(float x, float low, float high) { return fa_atmostf(fa_atleastf(x, low), high); }

/* The derivative of x sigmoid(y), given u = e^-|y| and v = |x y'|: for y < 0 u (1 + u - v)/(1 + u)^2, and one minus
   that for y > 0 */
FA_INLINE float fa_fast_product_slope(float y, fa_fast_t tail, float v)
{
    float u = tail.scale * tail.a, d = u + tail.b, g = u * FMA(-v, tail.b, d) / (d * d);
    return y < 0 ? g : 1 - g;
}

/* The same for v = |y| */
FA_INLINE float fa_fast_slope(float y)
{
    float a = fa_atmostf(fa_absf(y), FAST_TOP_f);
    return fa_fast_product_slope(y, fa_fast_power(a, 0, -1, 0), a);
}

/* ---- sigmoidal functions ---- */

FA_INLINE float fa_fast_sigmoid(float x) { return fa_fast_logistic(fa_fast_clip(x, -FAST_CUT_f, FAST_TOP_f)); }

/* u/(1 + u)^2, u = e^-|x| */
FA_INLINE float fa_fast_sigmoid_derivative(float x)
{
    fa_fast_t tail = fa_fast_tail(x, 0, 1);
    float u = tail.scale * tail.a, d = u + tail.b;
    return u * tail.b / (d * d);
}

/* t = tanh(x/2) = N/D */
FA_INLINE float fa_fast_tanh(float x)
{
    float v = fa_fast_clip(x, -TANH_TOP_f, TANH_TOP_f), s = v * v;
    float n = v * FA_POLY(2, s, TANH_N_f), d = FA_POLY(2, s, TANH_D_f + s);
    return (n + n) * d / FMA(n, n, d * d);
}

/* 4 u/(1 + u)^2, u = e^-2|x|. r is half of the other, and 4 u is made by 2^(n + 2). */
FA_INLINE float fa_fast_tanh_derivative(float x)
{
    const float magic = FAST_MAGIC_f + 2;
    float a = fa_atmostf(fa_absf(x), SECH_TOP_f), z = FMA(a, -2 * LOG2E_f, magic), n = z - magic;
#if FASTACT_FMA
    float r = FMA(n, FAST_LN2_LO_f / 2, FMA(n, FAST_LN2_f / 2, a));
#else
    float r = (a + n * (LN2_HI_f / 2)) + n * (LN2_LO_f / 2);
#endif
    float e = FA_POLY(2, r * r, EXP_TWICE_f), b = e + r, u = fa_realf(fa_bitsf(z) << 23) * (e - r);
    float d = FMA(u, 0.25f, b);
    return u * b / (d * d);
}

/* log(1 + u) for u = e^-|y + low| is 2 atanh(t/2), t = u/(1 + u/2) <= 2/3 */
FA_INLINE float fa_fast_log1p(float y, float low, int exact)
{
    fa_fast_t tail = fa_fast_tail(y, low, exact);
    float u = tail.scale * tail.a, t = u / FMA(u, 0.5f, tail.b), q = t * t;
    return FMA(t, q * FA_POLY(3, q, FA_REST(ATANH_f)), t);
}

/* beta x as the sum of two numbers */
FA_INLINE float fa_fast_product(float x, float beta, float *low)
{
    if (!KNOWN(beta, 1))
        return fa_productf(x, beta, low);
    *low = 0;
    return x;
}

/* max(x, 0) + log(1 + e^-|beta x|)/beta */
FA_INLINE float fa_fast_softplus(float x, float beta)
{
    float low, y = fa_fast_product(x, beta, &low);
    return FMA(fa_fast_log1p(y, low, 1), 1 / beta, KNOWN(beta, 1) ? fa_atleastf(x, 0) : y > 0 ? x : 0);
}

FA_INLINE float fa_fast_softplus_derivative(float x, float beta)
{
    float low, y = fa_fast_product(x, beta, &low), near = fa_fast_clip(y, -FAST_CUT_f, FAST_TOP_f);
    return fa_fast_fraction(fa_fast_power(near, low, -1, 1));
}

FA_INLINE float fa_fast_log_sigmoid(float x) { return fa_atmostf(x, -0.0f) - fa_fast_log1p(x, 0, 0); }

FA_INLINE float fa_fast_log_sigmoid_derivative(float x) { return fa_fast_sigmoid(-x); }

/* ---- x times a distribution function ---- */

FA_INLINE float fa_fast_silu(float x)
{
    float left = fa_atleastf(x, -FAST_CUT_f);
    return fa_fast_logistic(fa_atmostf(left, FAST_TOP_f)) * left;
}

FA_INLINE float fa_fast_silu_derivative(float x) { return fa_fast_slope(x); }

/* where beta x is below -CUT, sigmoid(beta x) is 0, and x may be infinite */
FA_INLINE float fa_fast_swish(float x, float beta)
{
    float y = beta * x;
    return fa_fast_sigmoid(y) * (y < -FAST_CUT_f ? fa_copysignf(1, x) : x);
}

FA_INLINE float fa_fast_swish_derivative(float x, float beta) { return fa_fast_slope(beta * x); }

FA_INLINE float fa_fast_gelu_quick(float x)
{
    float left = fa_atleastf(x, -QUICK_CUT_f);
    return fa_fast_logistic(QUICK_f * fa_atmostf(left, QUICK_TOP_f)) * left;
}

FA_INLINE float fa_fast_gelu_quick_derivative(float x)
{
    float a = QUICK_f * fa_atmostf(fa_absf(x), QUICK_TOP_f);
    return fa_fast_product_slope(x, fa_fast_power(a, 0, -1, 0), a);
}

/* x n/(n + 2), n = w (w + 2), w = e^x: with w = u/b, n b^2 = u (u + 2b) */
FA_INLINE float fa_fast_mish(float x)
{
    float left = fa_atleastf(x, -FAST_TOP_f);
    fa_fast_t power = fa_fast_power(fa_atmostf(left, MISH_TOP_f), 0, 1, 0);
    float u = power.scale * power.a, c = power.b + power.b, n = u * (u + c);
    return n / FMA(c, power.b, n) * left;
}

/* With h = n/(n + 2) and 1 - h = 2/(n + 2): h + x (1 - h) 2 w (w + 1)/(n + 2) */
FA_INLINE float fa_fast_mish_derivative(float x)
{
    float y = fa_fast_clip(x, -FAST_TOP_f, MISH_TOP_f);
    fa_fast_t power = fa_fast_power(y, 0, 1, 0);
    float u = power.scale * power.a, c = power.b + power.b, n = u * (u + c), m = c * power.b, r = 1 / (m + n);
    return FMA(m * r * y, (u + u) * (u + power.b) * r, n * r);
}

/* t = tanh(logit(Phi(v))/4) = N/D: Phi(v) = 1/2 + ND/(N^2 + D^2) */
FA_INLINE float fa_fast_ndtr(float x)
{
    float v = fa_fast_clip(x, -GELU_TOP_f, GELU_TOP_f), s = v * v;
    float n = v * FA_POLY(3, s, GELU_N_f), d = FA_POLY(3, s, GELU_D_f + s);
    return fa_atleastf(n * d / FMA(n, n, d * d) + 0.5f, 0);
}

/* The same as (D + N)^2/((D + N)^2 + (D - N)^2), which cannot be negative: in less time, with larger errors near 0 */
FA_INLINE float fa_fast_phi(float n, float d)
{
    float u = d + n, w = d - n, square = u * u;
    return square / FMA(w, w, square);
}

/* Where products round, these errors would pass 3 ulp of x. */
FA_INLINE float fa_fast_gelu(float x)
{
    float left = fa_atleastf(x, -GELU_TOP_f);
    if (!FASTACT_FMA)
        return fa_fast_ndtr(left) * left;
    float v = fa_atmostf(left, GELU_TOP_f), s = v * v;
    return fa_fast_phi(v * FA_POLY(3, s, GELU_N_f), FA_POLY(3, s, GELU_D_f + s)) * left;
}

/* 1/2 + N/D, which ends where the slope is 1 to half an ulp */
FA_INLINE float fa_fast_gelu_derivative(float x)
{
    float v = fa_fast_clip(x, -SLOPE_TOP_f, SLOPE_TOP_f), s = v * v;
    return v * FA_POLY(5, s, SLOPE_N_f) / FA_POLY(4, s, SLOPE_D_f + s) + 0.5f;
}

/* e^-(x (A + B x^2)). The exponent is computed over log(2): its rest then needs no product. */
FA_INLINE fa_fast_t fa_fast_cubic(float v)
{
    float k = FMA(-FAST_CUBIC_B2_f, v * v, -FAST_CUBIC_A2_f), z = FMA(v, k, FAST_MAGIC_f), r = FMA(v, k, FAST_MAGIC_f - z);
    float s = r * r, a = FMA(r, 0.5f, FA_POLY(2, s, EXP2_EVEN_f));
    fa_fast_t power = {fa_realf(fa_bitsf(z) << 23), a, a - r};
    return power;
}

FA_INLINE float fa_fast_gelu_tanh(float x)
{
    float left = fa_atleastf(x, -FAST_CUBIC_CUT_f);
    return fa_fast_fraction(fa_fast_cubic(fa_atmostf(left, FAST_CUBIC_TOP_f))) * left;
}

FA_INLINE float fa_fast_gelu_tanh_derivative(float x)
{
    float a = fa_atmostf(fa_absf(x), FAST_CUBIC_TOP_f);
    return fa_fast_product_slope(x, fa_fast_cubic(a), a * FMA(3 * FAST_CUBIC_B_f, a * a, FAST_CUBIC_A_f));
}

/* ---- gates: what is below 1 comes first, so that nothing overflows on the way ---- */

FA_INLINE float fa_fast_glu(float gate, float up) { return fa_fast_sigmoid(gate) * up; }

FA_INLINE float fa_fast_swiglu(float gate, float up) { return fa_fast_silu(gate) * up; }

/* A degree more than gelu, for the rounding of the product. Where products round, this is the kernel of fastact. */
FA_INLINE float fa_fast_geglu(float gate, float up)
{
    if (!FASTACT_FMA)
        return fa_gegluf(up, gate);
    float left = fa_atleastf(gate, -PHI_TOP_f), v = fa_atmostf(left, PHI_TOP_f), s = v * v;
    return fa_fast_phi(v * FA_POLY(4, s, PHI_N_f), FA_POLY(3, s, PHI_D_f + s)) * left * up;
}

FA_INLINE float fa_fast_geglu_tanh(float gate, float up) { return fa_fast_gelu_tanh(gate) * up; }

FA_INLINE float fa_fast_geglu_quick(float gate, float up) { return fa_fast_gelu_quick(gate) * up; }
#endif
