/* The normal distribution: read by vmath.h, for float and for double. */

/* MILLS(q) as the sum of two numbers: the first coefficients have spare bits, so that the differences are exact */
FA_INLINE REAL F(fa_mills)(REAL q, REAL *lo)
{
    REAL rest = MILLS_REST(q), second = FMA(rest, q, MILLS_1), first = FMA(second, q, MILLS_0);
    *lo = FMA(second, q, MILLS_0 - first);
    if (MANTISSA == 52)
        *lo = FMA(FMA(rest, q, MILLS_1 - second), q, *lo);
    return first;
}

/* x Phi(x): max(x, 0) - P(q) e^(-a^2/2) with a = |x|, P(q) = a Phi(-a) e^(a^2/2) and q = 2a/(a + CENTRE) - ORIGIN, where
   ORIGIN is 1 for float. Near zero, where the errors of P would be seen, x (1/2 + x Q(x^2/2)). */
FA_INLINE REAL F(fa_gelu)(REAL x)
{
    REAL v = F(fa_atmost)(F(fa_atleast)(x, -K(NORMAL_CUT)), K(NORMAL_CUT)), a = F(fa_abs)(v), half = (REAL)0.5;
    REAL b = half * a, s = a * b;
    F(fa_exp_t) e = F(fa_reduce_negative)(s, F(fa_residual)(a, b, s));
    REAL p = GELU(GELU_Q(a));
    p = F(fa_real)(F(fa_bits)(p) + (e.n << MANTISSA) + FIELD(K(SHIFT1)));
    REAL far = FMA(FMA(p, e.t, p), -K(STEP1), F(fa_atleast)(x, -(REAL)0));
    REAL near = v * FMA(GELU_NEAR(s), v, half);
    return F(fa_where)(a < K(GELU_EDGE), near, far);
}

typedef struct {
    REAL g, lo, c; /* a Phi(-a)/c is g + lo */
} F(fa_normal_t);

/* The same for gates, with its rounding error: Phi(-a) = e^(-a^2/2) MILLS(q)/(a + SHIFT), q = (a - SHIFT)/(a + SHIFT) */
FA_INLINE F(fa_normal_t) F(fa_normal_tail)(REAL x)
{
    REAL a = F(fa_atmost)(F(fa_abs)(x), K(NORMAL_DEEP));
    REAL d = a + K(MILLS_SHIFT), w = a / d;
    REAL s = a * a, half = (REAL)0.5;
    F(fa_exp_t) e = F(fa_reduce)(-half * s, half * F(fa_residual)(a, a, s));
    int near = a > K(NORMAL_NEAR), far = a > K(NORMAL_FAR);
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

/* up gate Phi(gate) for any size of up */
FA_INLINE REAL F(fa_geglu)(REAL up, REAL gate)
{
    F(fa_normal_t) tail = F(fa_normal_tail)(gate);
    REAL base = gate < 0 ? -(REAL)0 : gate, c = gate < 0 ? 1 : tail.c, value = FMA(tail.g, -c, base);
    REAL step1 = gate < 0 ? tail.c : 1, step2 = gate < -K(NORMAL_FAR) ? K(STEP2) : 1;
    /* near zero gate/2, but without the rounding of a subnormal that a large `up` would show */
    up = F(fa_vanishing)(up, gate);
    int small = F(fa_abs)(gate) < K(TINY);
    REAL y = up * value;
    if (MANTISSA == 52 || FASTACT_FMA) { /* with its rounding error: 1.8 ulp, without it 2.6 in 0.88 of the time */
        REAL value_lo = FMA(tail.g, -c, base - value) - tail.lo * c;
        y = F(fa_corrected)(y, y + FMA(up, value_lo, F(fa_residual)(up, value, y)));
    }
    return F(fa_where)(small, up * F(fa_where)(small, gate, 0) / 2, y * step1 * step2);
}

/* Phi(-a) e^(a^2/2) = MILLS(q)/(a + SHIFT), as the sum of two numbers */
FA_INLINE REAL F(fa_mills_ratio)(REAL a, REAL *lo)
{
    REAL d = a + K(MILLS_SHIFT), back = d - a, d_lo = (a - (d - back)) + (K(MILLS_SHIFT) - back);
    REAL r0 = 1 / d, missing = -F(fa_residual)(d, r0, 1) - d_lo * r0;
    REAL r = FMA(r0, missing, r0), r_lo = FMA(r0, missing, r0 - r);
    REAL q = FMA(a * r, 2, -1);
    REAL mills_lo, mills = F(fa_mills)(q, &mills_lo);
    REAL ratio = mills * r, ratio_lo = FMA(mills_lo, r, F(fa_residual)(mills, r, ratio));
    *lo = FMA(mills, r_lo, ratio_lo);
    return ratio;
}

/* e^(-(a + al)^2/2)/STEP1, as the sum of two numbers */
FA_INLINE REAL F(fa_bell)(REAL a, REAL al, REAL *lo)
{
    REAL s = a * a, half = (REAL)0.5, low = half * F(fa_residual)(a, a, s);
    F(fa_exp_t) e = F(fa_reduce)(-half * s, KNOWN(al, 0) ? low : FMA(a, al, low));
    REAL t = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1))), y = FMA(t, e.t, t);
    *lo = FMA(t, e.t, t - y);
    return y;
}

/* Phi(-(a + al))/STEP1, as the sum of two numbers */
FA_INLINE REAL F(fa_upper_tail)(REAL a, REAL al, REAL *lo)
{
    REAL near = F(fa_atmost)(a, K(NORMAL_CUT)), ratio_lo, bell_lo;
    REAL ratio = F(fa_mills_ratio)(near, &ratio_lo), bell = F(fa_bell)(near, al, &bell_lo);
    ratio_lo = FMA(al, FMA(near, ratio, -K(RSQRT_2PI)), ratio_lo);
    REAL product = ratio * bell, low = FMA(ratio, bell_lo, F(fa_residual)(ratio, bell, product));
    low = FMA(ratio_lo, bell, low);
    REAL y = product + low;
    *lo = low - (y - product);
    return y;
}

/* Phi(x + xl) */
FA_INLINE REAL F(fa_ndtr)(REAL x, REAL xl)
{
    REAL lo, g = F(fa_upper_tail)(F(fa_abs)(x), F(fa_low_beside)(x, xl), &lo);
    return FMA(g, x < 0 ? K(STEP1) : -K(STEP1), x < 0 ? 0 : 1);
}

/* phi(x + xl) c, the density */
FA_INLINE REAL F(fa_density)(REAL x, REAL xl, REAL c)
{
    REAL low, bell = F(fa_bell)(F(fa_atmost)(F(fa_abs)(x), K(NORMAL_CUT)), F(fa_low_beside)(x, xl), &low);
    return FMA(bell, K(RSQRT_2PI), FMA(bell, K(RSQRT_2PI_LO), low * K(RSQRT_2PI))) * (K(STEP1) * c);
}

/* log(Phi(x)): -a^2/2 + log(Phi(-a) e^(a^2/2)) for x < 0, whose terms have the same sign, log(1 - Phi(-a)) for x > 0 */
FA_INLINE REAL F(fa_log_ndtr)(REAL x)
{
    int left = x < 0;
    REAL a = F(fa_abs)(x), near = F(fa_atmost)(a, K(LARGE)), half = (REAL)0.5;
    REAL ratio_lo, ratio = F(fa_mills_ratio)(near, &ratio_lo), p_lo, p = F(fa_upper_tail)(a, 0, &p_lo) * K(STEP1);
    REAL v = left ? ratio : 1 - p, low = (p < (REAL)0.25 ? 0 : 1 - v - p) - p_lo * K(STEP1);
    low = left ? ratio_lo : low;
    REAL y = F(fa_log_near)(v, low, left ? 1 : p), root = F(fa_atmost)(a, (REAL)0.5 / K(TINY));
    return left ? (y - half * F(fa_residual)(root, root, root * root)) - half * a * a : -F(fa_abs)(y);
}

/* phi(x)/Phi(x): for x < 0 from the ratio alone, and where MILLS ends by the asymptotic series a + 1/a - 2/a^3 ... */
FA_INLINE REAL F(fa_log_ndtr_slope)(REAL x)
{
    REAL a = F(fa_abs)(x), near = F(fa_atmost)(a, K(NORMAL_DEEP)), ratio_lo, ratio = F(fa_mills_ratio)(near, &ratio_lo);
    REAL left = F(fa_ratio)(K(RSQRT_2PI), ratio, ratio_lo), r = 1 / F(fa_atleast)(a, K(NORMAL_DEEP)), s = r * r;
    left = a > near ? FMA(r, FA_POLY(4, s, 1, -2, 10, -74, 706), a) : left;
    return x < 0 ? left : F(fa_density)(a, 0, 1) / (1 - F(fa_ndtr)(-a, 0));
}

/* Phi(x) + x phi(x): for x = -a it is e^(-a^2/2) (ROOT - a) GELU_SLOPE(q), q = (a - SHIFT)/(a + SHIFT), where nothing
   cancels; one minus that for x > 0. Difference, polynomial and product keep their roundings: 2.2 ulp instead of 3.4, in
   1.2 of the time. */
FA_INLINE REAL F(fa_gelu_slope)(REAL x)
{
    REAL a = F(fa_atmost)(F(fa_abs)(x), K(NORMAL_CUT)), s = a * a, half = (REAL)0.5;
    F(fa_exp_t) e = F(fa_reduce)(-half * s, half * F(fa_residual)(a, a, s));
    REAL t = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1)));
    REAL q = FMA(a / (a + K(GELU_SHIFT)), 2, -1);
    REAL rest = GELU_SLOPE_REST(q), v = FMA(rest, q, GELU_SLOPE_0), v_lo = FMA(rest, q, GELU_SLOPE_0 - v);
    REAL difference = K(GELU_ROOT) - a, d = difference + K(GELU_ROOT_LO);
    REAL d_lo = (K(GELU_ROOT) - (difference + a)) + ((difference - d) + K(GELU_ROOT_LO));
    REAL product = d * v, low = FMA(d, v_lo, FMA(d_lo, v, F(fa_residual)(d, v, product)));
    REAL g = t * product;
    g += FMA(g, e.t, t * low);
    return FMA(g, x < 0 ? K(STEP1) : -K(STEP1), x < 0 ? -(REAL)0 : 1);
}
