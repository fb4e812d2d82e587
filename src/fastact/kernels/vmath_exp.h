/* Exponential, logistic and hyperbolic functions, and roots: read by vmath.h, for float and for double. */

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

/* Whether an argument is a constant, or this constant, at compile time, where the function is inlined */
#define CONSTANT(x) __builtin_constant_p((x) < 0)
#define KNOWN(x, value) (CONSTANT(x) && (x) == (value))

#define SIGN ((BITS)1 << (8 * sizeof(REAL) - 1))

FA_INLINE REAL F(fa_abs)(REAL x) { return F(fa_real)(F(fa_bits)(x) & ~SIGN); }
/* for x >= 0 */
FA_INLINE REAL F(fa_copysign)(REAL x, REAL sign) { return F(fa_real)(F(fa_bits)(x) | (F(fa_bits)(sign) & SIGN)); }

/* A constant as a number that the compiler does not know, computed once before the loop. Of `high < x ? high : x` with a
   literal, GCC makes a comparison and a blend; with an unknown number, one minimum, which NaN passes. */
FA_INLINE REAL F(fa_limit)(REAL c) { return CONSTANT(c) ? c * F(fa_one) : c; }

FA_INLINE REAL F(fa_atmost)(REAL x, REAL high)
{
    high = F(fa_limit)(high);
    return high < x ? high : x; /* NaN passes */
}

FA_INLINE REAL F(fa_atleast)(REAL x, REAL low)
{
    low = F(fa_limit)(low);
    return low > x ? low : x;
}

/* condition ? a : b by a mask. From a conditional expression the compiler would learn the range of x in the arm that is
   not used, and drop a clamp that keeps this arm from overflowing. */
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

/* e^(x - xl), given z = x/log(2) + MAGIC */
FA_INLINE F(fa_exp_t) F(fa_reduced)(REAL x, REAL xl, REAL z)
{
    REAL n = z - MAGIC, r = FMA(n, -K(LN2_LO), FMA(n, -K(LN2_HI), x)) - xl;
    F(fa_exp_t) e = {FMA(EXPM1(r), r * r, r), F(fa_bits)(z)};
    return e;
}

FA_INLINE F(fa_exp_t) F(fa_reduce)(REAL x, REAL xl) { return F(fa_reduced)(x, xl, FMA(x, K(LOG2E), MAGIC)); }

/* e^-(x + xl), without the instruction that -x would take */
FA_INLINE F(fa_exp_t) F(fa_reduce_negative)(REAL x, REAL xl)
{
    return F(fa_reduced)(-x, xl, FMA(x, -K(LOG2E), MAGIC));
}

/* The exponent field of 2^k, and 2^n times a field, for the n of a reduction. Intermediate sums of fields need not be
   valid exponents; the last one must be. */
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

/* e^x / STEP1 for -CUT <= x <= 0, always with the same scaling: cheaper, for results that no large number multiplies */
FA_INLINE REAL F(fa_near_tail)(REAL x, REAL xl)
{
    F(fa_exp_t) e = F(fa_reduce)(x, xl);
    REAL s = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1)));
    return FMA(s, e.t, s);
}

/* e^(x + xl), down to the subnormals and up to infinity. Multiplied by x where x is infinite, it raises no overflow. */
FA_INLINE REAL F(fa_exponential)(REAL x, REAL xl)
{
    int left = x < 0;
    REAL near = F(fa_atmost)(F(fa_atleast)(x, -K(CUT)), K(CUT)), above = F(fa_atleast)(x, 1 / K(STEP1));
    F(fa_exp_t) e = F(fa_reduce)(near, -xl);
    REAL s = F(fa_power)(e.n, left ? ONE + FIELD(K(SHIFT1)) : ONE - FIELD(K(SHIFT1)));
    return FMA(s, e.t, s) * (left ? K(STEP1) : above);
}

/* log(v + vl) for 0 <= v < infinity. v in [3/4, 3/2) 2^k is 2^k (1 + f). Where v = 1 - p for a given small p, f = -p is
   exact, and vl is minus the rounding error of p. */
FA_INLINE REAL F(fa_log_near)(REAL v, REAL vl, REAL p)
{
    int small = v < K(TINY), one = p < (REAL)0.25;
    REAL scaled = small ? v / K(STEP1) : v;
    BITS biased = (F(fa_bits)(scaled) + (ONE - F(fa_bits)((REAL)0.75))) >> MANTISSA;
    REAL whole = (REAL)((BITS)1 << MANTISSA), k = F(fa_real)(F(fa_bits)(whole) + biased) - whole;
    REAL f = F(fa_real)(F(fa_bits)(scaled) - ((biased << MANTISSA) - ONE)) - 1;
    k -= (REAL)(ONE >> MANTISSA) + (small ? (REAL)K(SHIFT1) : 0);
    f = one ? -p : f;
    k = one ? 0 : k;
    REAL rest = FMA(k, K(LN2_LO), vl / v);
    REAL y = FMA(k, K(LN2_HI), FMA(-f * f, LOG1P(f), rest + f));
    return v > 0 ? y : v < 0 ? v * (REAL)INFINITY * 0 : v - (REAL)INFINITY;
}

/* slope x for x < 0, else x. A large x is not multiplied, so it cannot overflow. One comparison serves both conditions. */
FA_INLINE REAL F(fa_prelu)(REAL x, REAL slope)
{
    REAL left = slope * (x < 0 ? x : 0);
    return x < 0 ? left : x;
}

/* xl for x, as the low part of |x| */
FA_INLINE REAL F(fa_low_beside)(REAL x, REAL xl)
{
    return KNOWN(xl, 0) ? 0 : F(fa_real)(F(fa_bits)(xl) ^ (F(fa_bits)(x) & SIGN));
}

/* e^-|x + xl| - 1, and its rounding error in lo */
FA_INLINE REAL F(fa_expm1_both)(REAL x, REAL xl, REAL *lo)
{
    F(fa_exp_t) e = F(fa_reduce)(-F(fa_atmost)(F(fa_abs)(x), 40), F(fa_low_beside)(x, xl));
    REAL s = F(fa_power)(e.n, ONE), y = FMA(s, e.t, s - 1);
    *lo = FMA(s, e.t, (s - 1) - y);
    return y;
}

FA_INLINE REAL F(fa_expm1)(REAL x, REAL xl)
{
    REAL lo;
    return F(fa_expm1_both)(x, xl, &lo);
}

/* e^-|x| - 1 + |x|; near zero the polynomial itself */
FA_INLINE REAL F(fa_expm1_rest)(REAL x)
{
    REAL a = F(fa_abs)(x), near = F(fa_atmost)(a, (REAL)0.34375);
    F(fa_exp_t) e = F(fa_reduce)(-F(fa_atmost)(a, 40), 0);
    REAL s = F(fa_power)(e.n, ONE);
    return a > near ? FMA(s, e.t, (s - 1) + a) : EXPM1(-near) * (near * near);
}

/* log(1 - e^-x); NaN for x < 0 */
FA_INLINE REAL F(fa_log1mexp)(REAL x)
{
    REAL p = F(fa_near_tail)(-F(fa_atmost)(F(fa_abs)(x), K(CUT)), 0) * K(STEP1), lo, y = F(fa_expm1_both)(x, 0, &lo);
    return -F(fa_abs)(F(fa_log_near)(x < 0 ? -1 : 0 - y, p < (REAL)0.25 ? 0 : -lo, p));
}

/* 1/(e^x - 1) */
FA_INLINE REAL F(fa_log1mexp_slope)(REAL x)
{
    REAL p = F(fa_near_tail)(-F(fa_atmost)(F(fa_abs)(x), K(CUT)), 0) * K(STEP1), y = p / (0 - F(fa_expm1)(x, 0));
    return x < 0 ? x * (REAL)INFINITY * 0 : y;
}

/* a (e^x - 1) for x < 0, else x; and its derivative */
FA_INLINE REAL F(fa_elu)(REAL x, REAL a) { return F(fa_where)(x < 0, a * F(fa_expm1)(x, 0), x); }

FA_INLINE REAL F(fa_elu_slope)(REAL x, REAL a)
{
    if (CONSTANT(a)) /* of size 1 */
        return F(fa_where)(x > 0, 1, a * F(fa_near_tail)(-F(fa_atmost)(F(fa_abs)(x), K(CUT)), 0) * K(STEP1));
    F(fa_tail_t) e = F(fa_tail)(-F(fa_atmost)(F(fa_abs)(x), K(DEEP)), 0);
    return F(fa_where)(x > 0, 1, a * e.value * e.step1 * e.step2);
}

/* (1 - w)/(1 + w), w = e^-2|x|. Numerator and denominator are rounded once each and are monotone, and so is tanh. The low
   part of log(2) would count where n is large, and w is small there. */
FA_INLINE REAL F(fa_tanh)(REAL x)
{
    REAL a = F(fa_atmost)(F(fa_abs)(x), 20), z = FMA(a, -2 * K(LOG2E), MAGIC), n = z - MAGIC;
    REAL r = FASTACT_FMA ? FMA(n, -K(LN2), -(a + a)) : FMA(n, -K(LN2_LO), FMA(n, -K(LN2_HI), -(a + a)));
    REAL t = FMA(EXPM1(r), r * r, r), s = F(fa_power)(F(fa_bits)(z), ONE);
    return F(fa_copysign)(FMA(-s, t, 1 - s) / FMA(s, t, 1 + s), x);
}

/* alpha tanh(x + xl). The rounding errors of product and quotient are added: 2.8 ulp, without them 3.4 in the same time */
FA_INLINE REAL F(fa_scaled_tanh)(REAL x, REAL xl, REAL alpha)
{
    F(fa_exp_t) e = F(fa_reduce)(-2 * F(fa_atmost)(F(fa_abs)(x), 20), 2 * F(fa_low_beside)(x, xl));
    REAL s = F(fa_power)(e.n, ONE), n = FMA(-s, e.t, 1 - s), d = FMA(s, e.t, 1 + s);
    REAL product = alpha * n, y = product / d;
    if (FASTACT_FMA) {
        REAL r = 1 / d;
        y = product * r;
        y = FMA(F(fa_residual)(alpha, n, product) - F(fa_residual)(y, d, product), r, y);
    }
    return F(fa_real)(F(fa_bits)(y) ^ (F(fa_bits)(x) & SIGN));
}

/* x - tanh(x): x^3 P(x^2) up to 1, and |x| - 1 + 2w/(1 + w), w = e^-2|x|, beyond */
FA_INLINE REAL F(fa_tanh_shrink)(REAL x)
{
    REAL a = F(fa_abs)(x), near = F(fa_atmost)(a, 1), s = near * near;
    F(fa_exp_t) e = F(fa_reduce)(-2 * F(fa_atmost)(a, 40), 0);
    REAL p = F(fa_power)(e.n, ONE), w = FMA(p, e.t, p);
    REAL far = (a - 1) + 2 * w / (1 + w);
    /* The rounding errors of both squares are added: 1.3 ulp, without them 2.8 */
    REAL polynomial = TANH_SHRINK(s), product = s * polynomial;
    REAL low = FMA(polynomial, F(fa_residual)(near, near, s), F(fa_residual)(s, polynomial, product));
    return F(fa_copysign)(a > near ? far : FMA(near, product, near * low), x);
}

/* x n/(n + 2), n = w (w + 2), w = e^x; x itself above TOP/2. On the left w and n are carried by STEP1. */
FA_INLINE REAL F(fa_mish)(REAL x)
{
    int left = x < 0;
    REAL near = F(fa_atmost)(F(fa_atleast)(x, -K(CUT)), K(TOP) / 2);
    F(fa_exp_t) e = F(fa_reduce)(near, 0);
    REAL s = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1))), carried = FMA(s, e.t, s), w = carried * K(STEP1);
    REAL a = left ? carried : w, n = FMA(a, w, 2 * a), d = FMA(w, w, 2 * w) + 2;
    REAL product = near * n, y = product / d;
    if (FASTACT_FMA) { /* with the rounding errors of product, quotient and, on the left, e^x */
        REAL r = 1 / d, low = left ? 2 * FMA(s, e.t, s - carried) : 0;
        y = product * r;
        REAL rest = FMA(near, low, F(fa_residual)(near, n, product)) - F(fa_residual)(y, d, product);
        y = FMA(rest, r, y);
    }
    y = F(fa_copysign)(y * (left ? K(STEP1) : 1), x); /* of a zero */
    return F(fa_where)(x > K(TOP) / 2, x, y);
}

/* Its derivative: u (c d + 4 x (1 + u))/d^2, c = u + 2, d = u c + 2, for x < 0; for x > 0
   (c d + 4 x u^2 (1 + u))/d^2, c = 1 + 2 u, d = 2 u^2 + c. The terms cancel for x < 0; all keep their roundings. */
FA_INLINE REAL F(fa_mish_slope)(REAL x)
{
    int left = x < 0;
    REAL a = F(fa_atmost)(F(fa_abs)(x), K(CUT)), n = F(fa_near_tail)(-a, 0), u = n * K(STEP1);
    REAL base = left ? 2 : 1, step = left ? u : 2 * u, c = base + step, c_lo = step - (c - base);
    REAL m = left ? c : 2 * u, k = left ? 2 : c, d = FMA(m, u, k), d_lo = FMA(m, u, k - d) + c_lo * (left ? u : 1);
    REAL b = left ? -4 * a : 4 * a * u * u, product = c * d, rise = FMA(b, u, b);
    REAL low = FMA(c, d_lo, FMA(c_lo, d, F(fa_residual)(c, d, product))) + FMA(b, u, b - rise);
    REAL y = ((product + rise) + low) / FMA(d, d, 2 * d * d_lo);
    return left ? y * n * K(STEP1) : y;
}

/* sqrt(x^2 + b) for b >= 0 as the sum of two numbers; the square neither overflows nor vanishes */
FA_INLINE REAL F(fa_root)(REAL x, REAL b, REAL *lo)
{
    /* not with ?:, of which GCC 11 makes `far ? 0 : a * a`, and the square overflows */
    REAL a = F(fa_abs)(x), near = F(fa_where)(a > (REAL)0.5 / K(TINY), 0, a), s = near * near;
    REAL root = F(__builtin_sqrt)(FMA(near, near, b)), square = root * root;
    REAL larger = s > b ? s : b, smaller = s > b ? b : s;
    REAL rest = ((larger - square) + smaller) + (F(fa_residual)(near, near, s) - F(fa_residual)(root, root, square));
    int far = root < a;
    *lo = (far | !(root > 0)) ? 0 : rest / (2 * root);
    return far ? a : root;
}

/* a/(b + bl), rounded once; not where b is an infinity */
FA_INLINE REAL F(fa_ratio)(REAL a, REAL b, REAL bl)
{
    REAL y = a / b, corrected = y - FMA(y, bl, F(fa_residual)(y, b, a)) / b;
    return corrected == corrected ? corrected : y;
}

/* a x + c, rounded once */
FA_INLINE REAL F(fa_affine)(REAL x, REAL a, REAL c)
{
#if FASTACT_FMA
    return F(__builtin_fma)(x, a, c);
#else
    REAL p = x * a, s = p + c, back = s - p, low = (p - (s - back)) + (c - back) + F(fa_residual)(x, a, p);
    return low == low ? s + low : s;
#endif
}

/* 1/(1 + e^-(x + xl)) as c/(c + c e^-x), which rounds into the subnormals once, with c e^-x = s (1 + t). The denominator is
   rounded once, and sigmoid monotone, since the sum s + c of two powers of two is exact, but for s = 2^MANTISSA c and
   above: 2.5 ulp there, 1.8 elsewhere. The functions below, which have no order to keep, add s to s t + c: 2.0 ulp. */
FA_INLINE REAL F(fa_sigmoid)(REAL x, REAL xl)
{
    REAL y = F(fa_atmost)(F(fa_atleast)(x, -K(CUT)), K(TOP));
    F(fa_exp_t) e = F(fa_reduce_negative)(y, xl);
    REAL s = F(fa_power)(e.n, ONE - FIELD(K(SHIFT1)));
    return K(STEP1) / FMA(s, e.t, s + K(STEP1));
}

/* c + s (1 + t) for powers of two c and s, rounded once: where s + c is not exact, on the `left`, c is added last */
FA_INLINE REAL F(fa_denominator)(REAL c, REAL s, REAL t, int left)
{
    REAL d = FMA(s, t, left ? c : s + c);
    return left ? d + s : d;
}

/* `corrected` is y with its rounding error added: NaN where y is infinite, which stays y; a zero keeps the sign of y */
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
    REAL s = F(fa_power)(e.n, far ? ONE - FIELD(K(SHIFT1) + K(SHIFT2)) : field);
    numerator = far ? numerator * K(STEP2) : numerator;
    if (KNOWN(b, 1))
        return numerator / (FMA(s, e.t, c) + s);
    REAL d = F(fa_denominator)(c, s, e.t, left);
    if (!FASTACT_FMA || (MANTISSA == 23 && KNOWN(xl, 0)))
        return numerator * b / d;
    /* With the rounding errors of product and quotient: 1.9 ulp. Without them 2.7, in 0.83 of the time; 2.5 for float
       with an exact x. */
    REAL product = numerator * b, r = 1 / d, quotient = product * r;
    REAL rest = F(fa_residual)(numerator, b, product) - F(fa_residual)(quotient, d, product);
    return F(fa_corrected)(quotient, FMA(rest, r, quotient));
}

/* x/(1 + e^-x) */
FA_INLINE REAL F(fa_silu)(REAL x)
{
    REAL near = F(fa_atleast)(x, -K(CUT)), c = near < -K(LEFT) ? K(STEP1) : 1;
    F(fa_exp_t) e = F(fa_reduce_negative)(F(fa_atmost)(near, K(TOP)), 0);
    REAL s = F(fa_power)(e.n, F(fa_bits)(c));
    return near * c / (FMA(s, e.t, c) + s);
}

/* x/(1 + e^-(y + yl)), where y is -infinity only where x is infinite */
FA_INLINE REAL F(fa_swish)(REAL x, REAL y, REAL yl, int deep)
{
    x = y < (deep ? -K(DEEP) : -K(CUT)) ? F(fa_copysign)(1, x) : x;
    return F(fa_times_sigmoid)(x, 1, y, yl, deep, 0);
}

/* The factor of a function of `gate` that is zero at -infinity: there it is 0, or NaN for an infinite factor. */
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
    REAL b = KNOWN(yl, 0) ? F(fa_atleast)(gate, -K(DEEP)) : y < -K(DEEP) ? -1 : gate;
    return F(fa_times_sigmoid)(F(fa_vanishing)(up, gate), b, y, yl, 1, 1);
}

/* 1/(1 + |x|)^2, whose square overflows long before it vanishes */
FA_INLINE REAL F(fa_softsign_slope)(REAL x)
{
    REAL a = F(fa_abs)(x);
    int large = a > (REAL)((uint64_t)1 << (MANTISSA + 6));
    REAL near = F(fa_where)(large, 0, a), r = 1 / F(fa_where)(large, a, FMA(near, near + 2, 1));
    return large ? r * r : r;
}

/* The derivative of the logistic function at x + xl, times c: c e^-|x| / (1 + e^-|x|)^2 */
FA_INLINE REAL F(fa_logistic_slope)(REAL x, REAL xl, REAL c)
{
    REAL n = F(fa_near_tail)(-F(fa_atmost)(F(fa_abs)(x), K(CUT)), F(fa_low_beside)(x, xl)), u = n * K(STEP1);
    return n / FMA(u, u + 2, 1) * (K(STEP1) * c);
}

/* The same at m x, times m^2 */
FA_INLINE REAL F(fa_sigmoid_slope)(REAL x, REAL m)
{
    return F(fa_logistic_slope)(m * F(fa_atmost)(F(fa_abs)(x), K(CUT) / m), 0, m * m);
}

/* The derivative of x sigmoid(y(x)), where v = x y'(x), which has the sign of y. With u = e^-|y|: for y < 0
   u (1 + u - |v|)/(1 + u)^2, and one minus that for y > 0. */
FA_INLINE REAL F(fa_swish_slope)(REAL y, REAL yl, REAL v)
{
    REAL a = F(fa_atmost)(F(fa_abs)(y), K(CUT));
    F(fa_exp_t) e = F(fa_reduce)(-a, F(fa_low_beside)(y, yl));
    REAL n = F(fa_power)(e.n, ONE + FIELD(K(SHIFT1)));
    REAL u = FMA(n, e.t, n) * K(STEP1), d = 1 + u, d_lo = u - (d - 1);
    v = F(fa_atmost)(F(fa_abs)(v), 4 * K(CUT));
    /* 1 - v with its rounding error (2Sum), and (1 + u)^2 with that of 1 + u */
    REAL s = 1 - v, back = s - 1, s_lo = (1 - (s - back)) + (-v - back);
    s = n * (s + (u + s_lo)); /* u is rounded, n is a power of two */
    REAL g = FMA(s, e.t, s) / FMA(d, d, 2 * d_lo * d);
    return FMA(g, y < 0 ? K(STEP1) : -K(STEP1), y < 0 ? -(REAL)0 : 1);
}

#if MANTISSA == 52
/* The derivative of x sigmoid(y(x)) for float, computed in double from its zero at y = -Y. With d = |y| - Y, C = e^-Y and
   v = x y'(x): 1 + e^-|y| - |v| = C (e^-d - 1) + (1 + C - |v|), where nothing cancels. */
FA_INLINE double fa_slope_wide(double y, double d, double rest, double c)
{
    double z = FMA(d, -K(LOG2E), MAGIC), r = FMA(z - MAGIC, -K(LN2), -d);
    double t = FMA(FA_POLY(4, r, K(EXPM1_WIDE)), r * r, r), s = fa_power(fa_bits(z), ONE), u = FMA(s, t, s) * c;
    double g = u * FMA(FMA(s, t, s - 1), c, rest) / FMA(u, u + 2, 1);
    return y < 0 ? g : 1 - g;
}

/* The derivative of y sigmoid(y), for which C = Y - 1. y may be a product of two floats, which is exact in double. */
FA_INLINE double fa_silu_slope_wide(double y)
{
    double d = (fa_atmost(fa_abs(y), K(NEAR)) - K(SILU_ROOT)) - K(SILU_ROOT_LO);
    return fa_slope_wide(y, d, -d, K(SILU_ROOT) - 1);
}

FA_INLINE double fa_gelu_tanh_slope_wide(double x)
{
    double a = fa_atmost(fa_abs(x), 14), s = a * a;
    double d = a * FMA(K(B_HI), s, K(A_HI) + K(A_LO)) - K(CUBIC_ROOT);
    double rest = K(CUBIC_BELL) + 1 - a * FMA(3 * K(B_HI), s, K(A_HI) + K(A_LO));
    return fa_slope_wide(x, d, rest, K(CUBIC_BELL));
}
#endif

/* log(1 + e^(y + yl))/beta, where y + yl = beta x: with u = e^-|y| max(y, 0) + u - u^2 P(u), or log(2) + y/2 + y^2 Q(y^2)
   near zero. The polynomials are small parts of the result, which is monotone. Where beta is known to be 1, the same bits
   come with fewer operations. */
FA_INLINE REAL F(fa_softplus)(REAL x, REAL y, REAL yl, REAL beta)
{
    REAL a = F(fa_atmost)(F(fa_abs)(y), KNOWN(beta, 1) ? K(CUT) : K(DEEP)), q = a * a, half = (REAL)0.5;
    REAL near = K(LN2) + FMA(q, SOFTPLUS_NEAR(q), FMA(half, yl, half * y));
    if (KNOWN(beta, 1)) {
        REAL n = F(fa_near_tail)(-a, 0), u = n * K(STEP1);
        REAL far = FMA(FMA(-n * u, SOFTPLUS(u), n), K(STEP1), F(fa_atleast)(x, 0));
        return F(fa_where)(a < K(SOFTPLUS_EDGE), near, far);
    }
    int centre = a < K(SOFTPLUS_EDGE), right = y > 0;
    F(fa_tail_t) e = F(fa_tail)(-a, F(fa_low_beside)(y, yl));
    REAL u = e.value * e.step1, far = FMA(-e.value * u, SOFTPLUS(u), e.value), l = centre ? near : far;
    REAL lo = centre ? 0 : FMA(-e.value * u, SOFTPLUS(u), e.value - far); /* with beta = 1 it rounds to nothing */
    REAL r = 1 / beta, quotient = l * r, corrected = FMA(lo - F(fa_residual)(quotient, beta, l), r, quotient);
    l = F(fa_abs)(quotient) < (REAL)INFINITY ? corrected : quotient;
    return FMA(l * e.step1, e.step2, (right & !centre) ? x : 0);
}

/* x factor as the sum of two numbers, where factor is the sum of two as well */
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
    *lo = !KNOWN(factor, 1) && F(fa_abs)(y) < 2 * K(DEEP) ? F(fa_residual)(x, factor, y) : 0;
    return y;
}

/* x/(1 + e^-(beta x)); where beta is known to be 1, the same bits with fewer operations */
FA_INLINE REAL F(fa_swish_beta)(REAL x, REAL beta)
{
    REAL lo, y = F(fa_product)(x, beta, &lo);
    return KNOWN(beta, 1) ? F(fa_silu)(x) : F(fa_swish)(x, y, lo, 1);
}

/* x/b as the sum of two numbers, where it is of a size that matters */
FA_INLINE REAL F(fa_quotient)(REAL x, REAL b, REAL *lo)
{
    REAL y = x / b;
    *lo = !KNOWN(b, 1) && F(fa_abs)(y) < 2 * K(DEEP) ? -F(fa_residual)(y, b, x) / b : 0;
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

/* x/(1 + e^-y) for that y. In units of G, h = A + B x^2 is rounded, and what h, x^2 and y = x h lack is known. Without fused
   multiply-adds, n G log(2) would be rounded too. */
FA_INLINE REAL F(fa_gelu_tanh)(REAL x)
{
    if (!FASTACT_FMA) {
        REAL lo, whole = F(fa_cubic)(x, &lo);
        return F(fa_swish)(x, whole, lo, 0);
    }
    REAL left = F(fa_atleast)(x, -K(CUBIC_FAR)), v = F(fa_atmost)(left, K(CUBIC_TOP));
    REAL s = v * v, sl = F(fa_residual)(v, v, s);
    REAL h = FMA(K(CUBIC_B), s, K(CUBIC_A)), hl = FMA(K(CUBIC_B), sl, FMA(K(CUBIC_B), s, K(CUBIC_A) - h));
    REAL y = v * h, yl = FMA(v, hl, F(fa_residual)(v, h, y));
    REAL z = FMA(y, -K(CUBIC_LOG2E), MAGIC), r = FMA(z - MAGIC, K(CUBIC_LN2), y) + yl; /* -y = n log(2) - r */
    REAL t = FMA(r, -K(CUBIC_RATE), CUBIC_EXPM1(-r) * (r * r));
    REAL c = x < -K(CUBIC_LEFT) ? K(STEP1) : 1, e = F(fa_power)(F(fa_bits)(z), F(fa_bits)(c));
    return left * c / (FMA(e, t, c) + e);
}

/* x times the derivative of the exponent */
FA_INLINE REAL F(fa_cubic_slope)(REAL x)
{
    x = F(fa_atmost)(F(fa_atleast)(x, -K(CUBIC_CUT)), K(CUBIC_CUT));
    return x * FMA(3 * K(B_HI), x * x, K(A_HI) + K(A_LO));
}
