/* What the functions along an axis compute, a block of rows at a time, in vectors.
 *
 * A function is an fa_row_kernel: see level.h. What must not live here: dtypes and strides (rowwise.c), threads
 * (core/threads.c). A block holds rows one after another or rows side by side, and the same lines serve both: its units
 * are rows, or as many columns as fill a cache line, and vectors lie along a unit or across it.
 *
 * The bits of a result depend neither on that nor on the width of the registers, because a sum has one order: element k
 * goes to chain k modulo 16, in order, and the chains are joined by halves (chain k with k + 8, and so on).
 *
 * Exponentials are not relative to the largest element m, but to the power of two next to e^m: e^x = 2^(n + N) (1 + t), and
 * the weight is 2^n (1 + t). So there is no difference x - m to be rounded or compensated; a division at the end takes the
 * power out. Where |m| is so large that n log(2) would not be exact, and where there is a temperature, weights are
 * e^((x - m)/T) from the exact difference (2Sum): half an ulp of x - m = -100 would be 50 ulp of the result. A weight is
 * carried as 2^SHIFT1 times itself, so that the multiplication by 2^-SHIFT1/sum rounds once, into the subnormals too.
 *
 * Sums of weights are sums of two numbers: what a weight has lost in being rounded, and what the sum loses (Fast2Sum, since
 * a chain begins at more than any weight). Other sums are double for float, and of two doubles for double.
 *
 * The text below ROW is read twice: fa_softmax_reducef is for float, fa_softmax_reduce for double.
 */
#ifndef ROW

#ifndef FASTACT_ROWMATH_H
#define FASTACT_ROWMATH_H
#include <float.h>
#include <stddef.h>
#include "level.h"
#include "vectors.h"

#define CHAINS 16

/* Once for rows side by side and once for rows one after another, so that the compiler knows which */
#define FA_REDUCE(name, function, ...)                                                                                 \
    static void name(const fa_block *b, fa_row_state *s)                                                               \
    {                                                                                                                  \
        if (b->beside)                                                                                                 \
            function(b, s, __VA_ARGS__, 1);                                                                            \
        else                                                                                                           \
            function(b, s, __VA_ARGS__, 0);                                                                            \
    }
#define FA_APPLY(name, function, ...)                                                                                  \
    static void name(const fa_block *b, const fa_row_state *s)                                                         \
    {                                                                                                                  \
        if (b->beside)                                                                                                 \
            function(b, s, __VA_ARGS__, 1);                                                                            \
        else                                                                                                           \
            function(b, s, __VA_ARGS__, 0);                                                                            \
    }

/* The ways to a weight: from x itself; or from the exact difference in rows that are far from zero or have a temperature,
   side by side with others that are not */
enum { NEAR, MIXED };

/* What a sum is of; see fa_term */
enum { PRODUCT, GRADIENT, ABOVE, ABOVE_COUNT, HALF_ABOVE, HALF_SQUARE, SUPPORT, SUPPORT_COUNT, ROOT, ROOT_PRODUCT };

static inline int fa_infinite(double x) { return x == (double)INFINITY || x == -(double)INFINITY; }

/* ---- once a row, in double for float too ---- */

/* *total += x, and the rounding error to *low */
static inline void fa_add(double *total, double *low, double x)
{
    double sum = *total + x, back = sum - *total;
    *low += (*total - (sum - back)) + (x - back);
    *total = sum;
}

/* (x + x_lo)/(y + y_lo) as the sum of two numbers */
FA_INLINE double fa_divide_sums(double x, double x_lo, double y, double y_lo, double *lo)
{
    double q = x / y;
    *lo = (x_lo - fa_residual(q, y, x) - q * y_lo) / y;
    return q;
}

#define FA_LOG1P(w) FA_POLY(19, w, LOG1P_d)

/* log(2^k (1 + f)) for f in [-0.25, 0.5]; k as the bits of a double */
FA_INLINE double fa_logarithm(uint64_t k, double f)
{
    double n = fa_real(k + fa_bits(0x1.8p+52)) - 0x1.8p+52;
    double p = fa_fma(-f * f, FA_LOG1P(f), f);
    return fa_fma(n, LN2_HI_d, fa_fma(n, LN2_LO_d, p));
}

/* The k for which u/2^k is in [0.75, 1.5) */
FA_INLINE uint64_t fa_exponent(double u)
{
    uint64_t biased = (fa_bits(u) - fa_bits(0.75)) + ((uint64_t)1024 << 52); /* a shift of unsigned numbers */
    return (biased >> 52) - 1024;
}

FA_INLINE double fa_power_of_2(uint64_t k) { return fa_real((k + 1023) << 52); }

/* e^r = 1 + r + r^2 of this, to float's precision and to double's */
FA_INLINE double fa_expm1_short(double r) { return FA_POLY(4, r, EXPM1_WIDE_d); }
FA_INLINE double fa_expm1_long(double r) { return FA_POLY(9, r, EXPM1_d); }

/* log(1 + r) for r >= 0 */
FA_INLINE double fa_log_of_more(double r)
{
    uint64_t k = fa_exponent(1 + r);
    double scale = fa_power_of_2(-k);
    return fa_logarithm(k, fa_fma(r, scale, scale - 1));
}

/* log(u) for u > 0 */
FA_INLINE double fa_log(double u)
{
    uint64_t k = fa_exponent(u);
    return fa_logarithm(k, u * fa_power_of_2(-k) - 1);
}

#define LIMIT_f 200.0f /* n LN2_HI is exact down to -LIMIT - CUT */
#define LIMIT_d 600.0

#define ROW float
#define UINT uint32_t
#define R(name) name##f
#define RK(name) name##_f
#define OWN f
#define V fa_vf
#define MEMORY fa_any_vf
#define VI fa_bits_vf
#define LARGEST FLT_MAX
#define LEAST FLT_MIN
#define MANTISSA_BITS 23
#define INTEGER 0x1.8p+23f /* MAGIC of vmath.h */
#define EXP_POLYNOMIAL(r) FA_POLY(4, r, EXPM1_f)
#include "rowmath.h"

#undef ROW
#undef UINT
#undef R
#undef RK
#undef OWN
#undef V
#undef MEMORY
#undef VI
#undef LARGEST
#undef LEAST
#undef MANTISSA_BITS
#undef INTEGER
#undef EXP_POLYNOMIAL
#undef FMA
#undef VEC
#undef BITS_OF
#undef W
#undef UNIT
#undef ALONG
#undef ACROSS
#undef AT_ONCE
#undef WIDE
#undef FA_AT
#undef FROM
#undef HALF_STEP

#define ROW double
#define UINT uint64_t
#define R(name) name
#define RK(name) name##_d
#define OWN d
#define V fa_vd
#define MEMORY fa_any_vd
#define VI fa_bits_vd
#define LARGEST DBL_MAX
#define LEAST DBL_MIN
#define MANTISSA_BITS 52
#define INTEGER 0x1.8p+52
#define EXP_POLYNOMIAL(r) FA_POLY(9, r, EXPM1_d)
#include "rowmath.h"

#include "rowkernels.h"

#endif

#else /* ---- the text that is read for float and for double ---- */

#undef FMA
#define FMA(a, b, c) R(fa_vfma)(VEC(a), VEC(b), VEC(c))
#define VEC(x) ((x) - (V){0}) /* a number in every lane; a vector as it is */
#define BITS_OF(x) ((VI)(x))
#define W ((int)(sizeof(V) / sizeof(ROW)))
#define UNIT (FA_LINE / (int)sizeof(ROW)) /* columns of a unit */
#define ALONG (CHAINS / W) /* vectors of a row that have a chain in each lane */
#define ACROSS (UNIT / W) /* vectors of a unit of columns */
#define AT_ONCE (ALONG > 4 ? ALONG : 4) /* vectors that are computed side by side: one alone waits for each of its steps */
#define WIDE ((int)(sizeof(fa_vd) / sizeof(double)))

FA_INLINE V R(fa_load)(const ROW *x) { return *(const MEMORY *)x; }
FA_INLINE void R(fa_store)(ROW *x, V v) { *(MEMORY *)x = v; }
/* `v` where the mask is set, and 0 elsewhere; a where it is set, and b elsewhere */
FA_INLINE V R(fa_only)(VI mask, V v) { return (V)(mask & BITS_OF(v)); }
FA_INLINE V R(fa_choose)(VI mask, V a, V b) { return (V)((mask & BITS_OF(a)) | (~mask & BITS_OF(b))); }
FA_INLINE V R(fa_size)(V v) { return (V)(BITS_OF(v) & ~((UINT)1 << (8 * sizeof(ROW) - 1))); }
FA_INLINE V R(fa_flip)(V v, int flip) { return flip ? (V)(BITS_OF(v) ^ (UINT)1 << (8 * sizeof(ROW) - 1)) : v; }

/* a*b - p, where p is a*b rounded */
FA_INLINE V R(fa_rest)(V a, V b, V p)
{
#if FASTACT_FMA
    return FMA(a, b, -p);
#else
    const UINT upper = ~(((UINT)1 << (MANTISSA_BITS + 2) / 2) - 1); /* as fa_residual */
    V ah = (V)(BITS_OF(a) & upper), bh = (V)(BITS_OF(b) & upper), al = a - ah, bl = b - bh;
    return ((ah * bh - p) + ah * bl + al * bh) + al * bl;
#endif
}

/* *s += more, and what that and the other sum have lost to *low */
FA_INLINE void R(fa_join)(V *s, V *low, V more, V more_low)
{
    V sum = *s + more, back = sum - *s;
    *low = (*low + more_low) + ((*s - (sum - back)) + (more - back));
    *s = sum;
}

/* ---- blocks ---- */

#define FA_UNITS(b, beside) ((beside) ? (b)->rows / UNIT : (b)->rows)
#define FA_AT(view, u) ((ROW *)(view).at + (u) * (view).unit)

/* The constants of a unit: one for all lanes, or those of vector j of its columns */
FA_INLINE V R(fa_of)(const ROW *numbers, int u, int j, int beside)
{
    return beside ? R(fa_load)(numbers + u * UNIT + j * W) : VEC(numbers[u]);
}

/* `to` is f(x, y, c) for a vector of each of two inputs, or of one that is given twice; c are the three constants of the
   row. Rows one after another have a last vector in part. */
#define FA_EACH_VECTOR(b, first, second, to, beside, c0, c1, c2, f)                                                    \
    do {                                                                                                               \
        const fa_view in0_ = first, in1_ = second, out_ = to;                                                          \
        const ptrdiff_t n_ = (b)->count;                                                                               \
        for (int u_ = 0, units_ = FA_UNITS(b, beside); u_ < units_; u_++) {                                            \
            const ROW *x_ = FA_AT(in0_, u_), *y_ = FA_AT(in1_, u_);                                                    \
            ROW *to_ = FA_AT(out_, u_);                                                                                \
            V c_[ACROSS][3];                                                                                           \
            for (int j_ = 0; j_ < ((beside) ? ACROSS : 1); j_++) {                                                     \
                c_[j_][0] = R(fa_of)(c0, u_, j_, beside);                                                              \
                c_[j_][1] = R(fa_of)(c1, u_, j_, beside);                                                              \
                c_[j_][2] = R(fa_of)(c2, u_, j_, beside);                                                              \
            }                                                                                                          \
            ptrdiff_t k_ = 0;                                                                                          \
            if (beside) {                                                                                              \
                for (; k_ < n_; k_++, x_ += in0_.step, y_ += in1_.step, to_ += out_.step)                              \
                    for (int j_ = 0; j_ < ACROSS; j_++)                                                                \
                        R(fa_store)(to_ + j_ * W, f(R(fa_load)(x_ + j_ * W), R(fa_load)(y_ + j_ * W), c_[j_]));        \
                continue;                                                                                              \
            }                                                                                                          \
            for (; k_ + W <= n_; k_ += W)                                                                              \
                R(fa_store)(to_ + k_, f(R(fa_load)(x_ + k_), R(fa_load)(y_ + k_), c_[0]));                             \
            if (k_ < n_) {                                                                                             \
                const ptrdiff_t left_ = n_ - k_;                                                                       \
                const V none_ = VEC((ROW)0);                                                                           \
                R(fa_vstore)(to_ + k_, left_,                                                                          \
                             f(R(fa_vload)(x_ + k_, left_, none_), R(fa_vload)(y_ + k_, left_, none_), c_[0]));        \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

/* ---- the largest ---- */

/* The largest of each row that is a number; where `strict`, NaN if a row has one */
FA_INLINE void R(fa_find_top)(const fa_block *b, fa_row_state *s, int flip, int strict, int beside)
{
    ROW *tops = s->top.OWN;
    const V least = VEC(-(ROW)INFINITY);
    const ptrdiff_t n = b->count, dx = b->in[0].step;
    for (int u = 0, units = FA_UNITS(b, beside); u < units; u++) {
        const ROW *x = FA_AT(b->in[0], u);
        if (beside) {
            V m[ACROSS];
            VI none[ACROSS];
            for (int j = 0; j < ACROSS; j++)
                m[j] = least, none[j] = (VI){0};
            for (ptrdiff_t k = 0; k < n; k++)
                for (int j = 0; j < ACROSS; j++) {
                    V v = R(fa_flip)(R(fa_load)(x + k * dx + j * W), flip);
                    m[j] = R(fa_vmax)(v, m[j]);
                    if (strict)
                        none[j] |= (VI)(v != v);
                }
            for (int j = 0; j < ACROSS; j++)
                R(fa_store)(tops + u * UNIT + j * W, strict ? (V)(BITS_OF(m[j]) | none[j]) : m[j]);
        } else {
            V m[4] = {least, least, least, least};
            VI none = {0};
            ROW last[W];
            ptrdiff_t k = 0;
            for (; k + 4 * W <= n; k += 4 * W)
                for (int j = 0; j < 4; j++) {
                    V v = R(fa_flip)(R(fa_load)(x + k + j * W), flip);
                    m[j] = R(fa_vmax)(v, m[j]);
                    if (strict)
                        none |= (VI)(v != v);
                }
            for (; k < n; k += W) {
                V v = R(fa_flip)(R(fa_vload)(x + k, n - k, flip ? -least : least), flip);
                m[0] = R(fa_vmax)(v, m[0]);
                if (strict)
                    none |= (VI)(v != v);
            }
            m[0] = R(fa_vmax)(R(fa_vmax)(m[0], m[1]), R(fa_vmax)(m[2], m[3]));
            m[0] = strict ? (V)(BITS_OF(m[0]) | none) : m[0];
            R(fa_store)(last, m[0]);
            for (int half = W / 2; half; half /= 2)
                for (int j = 0; j < half; j++)
                    last[j] = strict && (last[j] != last[j] || last[j + half] != last[j + half]) ? (ROW)NAN
                              : last[j] > last[j + half]                                         ? last[j]
                                                                                                 : last[j + half];
            tops[u] = last[0];
        }
    }
}

FA_REDUCE(R(fa_top), R(fa_find_top), 0, 0)
FA_REDUCE(R(fa_bottom), R(fa_find_top), 1, 0)
#if MANTISSA_BITS == 52
FA_REDUCE(R(fa_strict_top), R(fa_find_top), 0, 1)
#endif

/* Where the largest is first, or the first NaN; the largest is read there, because of -0.0 and 0.0 the first counts */
FA_INLINE void R(fa_find_which)(const fa_block *b, fa_row_state *s, int none, int beside)
{
    ROW *tops = s->top.OWN;
    (void)none;
    R(fa_find_top)(b, s, 0, 1, beside);
    for (int u = 0; u < FA_UNITS(b, beside); u++) {
        const ROW *x = FA_AT(b->in[0], u);
        if (beside) {
            for (int j = 0; j < ACROSS; j++) {
                V m = R(fa_load)(tops + u * UNIT + j * W), found = m;
                VI first = {0};
                for (ptrdiff_t k = b->count - 1; k >= 0; k--) {
                    V v = R(fa_load)(x + k * b->in[0].step + j * W);
                    VI here = (VI)(v == m) | (VI)(v != v);
                    first ^= (first ^ (UINT)k) & here;
                    found = R(fa_choose)(here, v, found);
                }
                R(fa_store)(tops + u * UNIT + j * W, found);
                UINT places[W];
                *(MEMORY *)(ROW *)places = (V)first;
                for (int l = 0; l < W; l++)
                    s->which[u * UNIT + j * W + l] = b->first + (ptrdiff_t)places[l];
            }
        } else {
            ROW m = tops[u];
            const V top = VEC(m);
            ptrdiff_t k = 0;
            for (; k + 4 * W <= b->count; k += 4 * W) {
                VI here = {0};
                for (int j = 0; j < 4; j++) {
                    V v = R(fa_load)(x + k + j * W);
                    here |= m == m ? (VI)(v == top) : (VI)(v != v);
                }
                if (fa_vany((fa_bits_vf)here))
                    break;
            }
            while (!(x[k] == m || x[k] != x[k]))
                k++;
            tops[u] = x[k];
            s->which[u] = b->first + k;
        }
    }
}

FA_REDUCE(R(fa_which), R(fa_find_which), 0)

/* ---- weights ---- */

/* What a weight is relative to: the largest element, `shift`, or the power of two next to it, which is in `field` */
typedef struct {
    V top, shift, floor, rate, rate_lo;
    VI field, far;
} R(fa_base_t);

FA_INLINE R(fa_base_t) R(fa_base)(const fa_row_state *s, int u, int j, int way, int beside)
{
    R(fa_base_t) c;
    const VI field = (VI){0} + ((UINT)(RK(SHIFT1)) << MANTISSA_BITS) + R(fa_bits)((ROW)1);
    c.top = R(fa_of)(s->top.OWN, u, j, beside);
    c.shift = R(fa_only)((VI)(c.top >= -LARGEST), c.top); /* of a row of -inf alone every weight is 0 */
    c.far = (VI){0};
    if (way == MIXED)
        c.far = (VI)(R(fa_size)(c.shift) > RK(LIMIT));
    c.rate = VEC((ROW)1), c.rate_lo = VEC((ROW)0);
    if (way == MIXED && s->tempered) {
        c.rate = R(fa_of)(s->rate.OWN, u, j, beside), c.rate_lo = R(fa_of)(s->rate_lo.OWN, u, j, beside);
        c.far |= (VI)(c.rate != 1) | (VI)(c.rate_lo != 0);
    }
    V near = R(fa_only)(~c.far, c.shift);
    c.floor = near - RK(CUT);
    c.field = field - (BITS_OF(FMA(near, RK(LOG2E), INTEGER)) << MANTISSA_BITS);
    return c;
}

/* Whether rows need the difference */
FA_INLINE int R(fa_is_far)(const fa_row_state *s, int u, int beside)
{
    VI far = {0};
    for (int j = 0; j < (beside ? ACROSS : 1); j++)
        far |= (VI)(R(fa_size)(R(fa_of)(s->top.OWN, u, j, beside)) > RK(LIMIT));
    return s->tempered || fa_vany((fa_bits_vf)far);
}

/* 2^SHIFT1 times the weights of `many` vectors, and what they have lost in being rounded. Vector j has the constants
   c[j % sets]. 0 where a weight is nothing beside that of the largest; where `exclude`, that of the largest too. */
FA_INLINE void R(fa_weights)(const V *x, V *w, V *lost, const R(fa_base_t) * c, int sets, int many, int way, int exclude)
{
    V q[AT_ONCE], low[AT_ONCE], z[AT_ONCE], r[AT_ONCE], t[AT_ONCE];
    VI left_out[AT_ONCE];
    for (int j = 0; j < many; j++) {
        const R(fa_base_t) *own = &c[j % sets];
        q[j] = x[j], low[j] = VEC((ROW)0);
        if (way == MIXED) {
            V d = x[j] - own->shift, back = d - x[j], product = d * own->rate;
            low[j] = (own->shift + back) - (x[j] - (d - back));
            low[j] = FMA(low[j], own->rate, -FMA(d, own->rate_lo, R(fa_rest)(d, own->rate, product)));
            q[j] = R(fa_choose)(own->far, product, x[j]);
        }
        left_out[j] = (VI)(q[j] < own->floor);
        if (exclude)
            left_out[j] |= (VI)(x[j] == own->top);
        q[j] = R(fa_vmax)(own->floor, q[j]); /* NaN passes */
    }
    for (int j = 0; j < many; j++)
        z[j] = FMA(q[j], RK(LOG2E), INTEGER);
    for (int j = 0; j < many; j++) {
        V n = z[j] - INTEGER;
        r[j] = FMA(n, -RK(LN2_HI), q[j]);
        V near = FMA(n, -RK(LN2_LO), r[j]);
        r[j] = way == NEAR ? near : R(fa_choose)(c[j % sets].far, r[j] - FMA(n, RK(LN2_LO), low[j]), near);
    }
    for (int j = 0; j < many; j++)
        z[j] = R(fa_only)(~left_out[j], (V)((BITS_OF(z[j]) << MANTISSA_BITS) + c[j % sets].field));
    for (int j = 0; j < many; j++)
        t[j] = FMA(EXP_POLYNOMIAL(r[j]), r[j] * r[j], r[j]);
    for (int j = 0; j < many && way == MIXED; j++)
        t[j] = R(fa_only)(~left_out[j], t[j]); /* a difference of infinities is NaN */
    for (int j = 0; j < many; j++)
        w[j] = FMA(z[j], t[j], z[j]);
    for (int j = 0; j < many; j++)
        lost[j] = FMA(z[j], t[j], z[j] - w[j]);
}

#define FROM (2 / RK(STEP1)) /* more than any weight */

/* A chain gains a weight. Fast2Sum: the chain is larger. */
FA_INLINE void R(fa_gain)(V *s, V *low, V w, V lost)
{
    V sum = *s + w;
    *low += (w - (sum - *s)) + lost;
    *s = sum;
}

/* The chains of a row, joined, into s[0] and low[0] */
FA_INLINE void R(fa_join_row)(ROW *restrict s, ROW *restrict low)
{
    for (int half = CHAINS / 2; half; half /= 2)
        for (int k = 0; k < half; k++) {
            ROW a = s[k], more = s[k + half], sum = a + more, back = sum - a;
            low[k] = (low[k] + low[k + half]) + ((a - (sum - back)) + (more - back));
            s[k] = sum;
        }
}

/* Weights of one row into w, and their sum */
FA_INLINE void R(fa_weigh_row)(const fa_block *b, fa_row_state *s, int u, int flip, int exclude, int keep, int way)
{
    const ROW *x = FA_AT(b->in[0], u);
    ROW *w = FA_AT(b->work, u);
    const R(fa_base_t) c = R(fa_base)(s, u, 0, way, 0);
    V sum[ALONG], low[ALONG], count = VEC((ROW)0), v[AT_ONCE], lost[AT_ONCE];
    const V none = VEC(flip ? (ROW)INFINITY : -(ROW)INFINITY);
    ROW sums[CHAINS], lows[CHAINS];
    ptrdiff_t n = b->count;
    for (int j = 0; j < ALONG; j++)
        sum[j] = VEC(FROM), low[j] = VEC((ROW)0);
#define WHOLE(x, left) R(fa_load)(x)
#define PART(x, left) R(fa_vload)(x, left, none)
#define WRITE(x, left, v) R(fa_store)(x, v)
#define WRITE_PART(x, left, v) R(fa_vstore)(x, left, v)
#define GROUP(many, LOADED, STORED)                                                                                    \
    do {                                                                                                               \
        for (int j = 0; j < many; j++)                                                                                 \
            v[j] = R(fa_flip)(LOADED(x + k + j * W, n - k - j * W), flip);                                             \
        for (int j = 0; j < many && exclude; j++)                                                                      \
            count += R(fa_only)((VI)(v[j] == c.top), VEC((ROW)1));                                                          \
        R(fa_weights)(v, v, lost, &c, 1, many, way, exclude);                                                          \
        for (int j = 0; j < many; j++) {                                                                               \
            R(fa_gain)(&sum[j % ALONG], &low[j % ALONG], v[j], lost[j]);                                               \
            if (keep)                                                                                                  \
                STORED(w + k + j * W, n - k - j * W, v[j]);                                                            \
        }                                                                                                              \
    } while (0)
    ptrdiff_t k = 0;
    for (; k + AT_ONCE * W <= n; k += AT_ONCE * W)
        GROUP(AT_ONCE, WHOLE, WRITE);
    if (k < n && AT_ONCE == 4 && n - k <= W) /* what is not there weighs nothing */
        GROUP(1, PART, WRITE_PART);
    else if (k < n && AT_ONCE == 4 && n - k <= 2 * W)
        GROUP(2, PART, WRITE_PART);
    else if (k < n)
        GROUP(AT_ONCE, PART, WRITE_PART);
#undef WHOLE
#undef PART
#undef WRITE
#undef WRITE_PART
#undef GROUP
    for (int j = 0; j < ALONG; j++)
        R(fa_store)(sums + j * W, sum[j] - FROM), R(fa_store)(lows + j * W, low[j]);
    R(fa_join_row)(sums, lows);
    s->sum.OWN[u] = sums[0], s->low.OWN[u] = lows[0];
    if (exclude) {
        double found = 0;
        for (int l = 0; l < W; l++)
            found += (double)count[l];
        if (c.top[0] == -(ROW)INFINITY) /* those that are not there, too */
            found = (double)n;
        s->count.d[u] = found;
    }
}

/* The same of a unit of columns; n, the elements of a row, is a constant where they are few */
FA_INLINE void R(fa_weigh_columns)(const fa_block *b, fa_row_state *s, int u, ptrdiff_t n, int flip, int exclude, int keep,
                                   int way)
{
    const ROW *x = FA_AT(b->in[0], u);
    ROW *w = FA_AT(b->work, u);
    R(fa_base_t) c[ACROSS];
    V count[ACROSS], v[AT_ONCE], lost[AT_ONCE], sum[CHAINS][ACROSS], low[CHAINS][ACROSS];
    ptrdiff_t dx = b->in[0].step, dw = b->work.step, chains = n < CHAINS ? n : CHAINS, k = 0;
    for (int j = 0; j < ACROSS; j++)
        c[j] = R(fa_base)(s, u, j, way, 1), count[j] = VEC((ROW)0);
#define GROUP(many)                                                                                                    \
    do {                                                                                                               \
        for (int j = 0; j < many; j++)                                                                                 \
            v[j] = R(fa_flip)(R(fa_load)(x + (k + j / ACROSS) * dx + j % ACROSS * W), flip);                           \
        for (int j = 0; j < many && exclude; j++)                                                                      \
            count[j % ACROSS] += R(fa_only)((VI)(v[j] == c[j % ACROSS].top), VEC((ROW)1));                             \
        R(fa_weights)(v, v, lost, c, ACROSS, many, way, exclude);                                                      \
        for (int j = 0; j < many; j++) {                                                                               \
            ptrdiff_t i = (k + j / ACROSS) & (CHAINS - 1);                                                             \
            if (n > CHAINS && k >= CHAINS) {                                                                           \
                R(fa_gain)(&sum[i][j % ACROSS], &low[i][j % ACROSS], v[j], lost[j]);                                   \
            } else {                                                                                                   \
                sum[i][j % ACROSS] = (v[j] + FROM) - (n > CHAINS ? 0 : FROM);                                          \
                low[i][j % ACROSS] = (v[j] - (n > CHAINS ? sum[i][j % ACROSS] - FROM : sum[i][j % ACROSS])) + lost[j]; \
            }                                                                                                          \
            if (keep)                                                                                                  \
                R(fa_store)(w + (k + j / ACROSS) * dw + j % ACROSS * W, v[j]);                                         \
        }                                                                                                              \
    } while (0)
    for (; k + AT_ONCE / ACROSS <= n; k += AT_ONCE / ACROSS)
        GROUP(AT_ONCE);
    for (; k < n; k++)
        GROUP(ACROSS);
#undef GROUP
    for (k = 0; n > CHAINS && k < chains; k++)
        for (int j = 0; j < ACROSS; j++)
            sum[k][j] -= FROM;
    for (ptrdiff_t half = chains > 8 ? 8 : chains > 4 ? 4 : chains > 2 ? 2 : chains > 1; half; half /= 2)
        for (k = 0; k < half && k + half < chains; k++)
            for (int j = 0; j < ACROSS; j++)
                R(fa_join)(&sum[k][j], &low[k][j], sum[k + half][j], low[k + half][j]);
    for (int j = 0; j < ACROSS; j++) {
        R(fa_store)(s->sum.OWN + u * UNIT + j * W, sum[0][j]);
        R(fa_store)(s->low.OWN + u * UNIT + j * W, low[0][j]);
    }
    for (int j = 0; j < UNIT && exclude; j += WIDE)
        *(fa_any_vd *)(s->count.d + u * UNIT + j) = R(fa_vwiden)((const ROW *)count + j);
}

/* The weights of a unit, and their sums */
FA_INLINE void R(fa_weigh_unit)(const fa_block *b, fa_row_state *s, int u, int flip, int exclude, int way, int beside)
{
    if (!beside)
        R(fa_weigh_row)(b, s, u, flip, exclude, !exclude, way);
    else if (way != MIXED && b->count == 2)
        R(fa_weigh_columns)(b, s, u, 2, flip, exclude, !exclude, way);
    else if (way != MIXED && b->count == 3)
        R(fa_weigh_columns)(b, s, u, 3, flip, exclude, !exclude, way);
    else if (way != MIXED && b->count == 4)
        R(fa_weigh_columns)(b, s, u, 4, flip, exclude, !exclude, way);
    else
        R(fa_weigh_columns)(b, s, u, b->count, flip, exclude, !exclude, way);
}

/* Those of a block */
FA_INLINE void R(fa_weigh)(const fa_block *b, fa_row_state *s, int flip, int exclude, int beside)
{
    for (int u = 0; u < FA_UNITS(b, beside); u++) {
        if (R(fa_is_far)(s, u, beside))
            R(fa_weigh_unit)(b, s, u, flip, exclude, MIXED, beside);
        else
            R(fa_weigh_unit)(b, s, u, flip, exclude, NEAR, beside);
    }
}

FA_REDUCE(R(fa_softmax_reduce), R(fa_weigh), 0, 0)
FA_REDUCE(R(fa_softmin_reduce), R(fa_weigh), 1, 0)
FA_REDUCE(R(fa_logarithm_reduce), R(fa_weigh), 0, 1)

/* 1/temperature; what is not 1 anywhere makes all rows tempered */
static void R(fa_temperature)(fa_row_state *s, int rows)
{
    s->tempered = 0;
    for (int l = 0; l < (s->alike ? 1 : rows); l++)
        s->tempered |= s->scalar.d[l] != 1;
    for (int l = 0; s->tempered && l < rows; l++) {
        double r = 1 / s->scalar.d[l], hi = r > (double)LARGEST ? (double)LARGEST : r; /* of a subnormal temperature */
        double lo = r > 0x1p+900 ? 0 : -fa_residual(s->scalar.d[l], r, 1) * r;
        ROW rate = (ROW)hi == 0 ? LEAST : (ROW)hi; /* -inf stays what it is */
        s->rate.OWN[l] = rate;
        lo = rate < LARGEST ? r - (double)rate + lo : 0;
        s->rate_lo.OWN[l] = (ROW)lo;
    }
}

static void R(fa_no_temperature)(fa_row_state *s, int rows)
{
    (void)rows;
    s->tempered = 0;
}

/* 1/sum as the sum of two numbers; without fused multiply-adds as one, rounded once */
FA_INLINE void R(fa_invert)(fa_row_state *s, int rows, int safe)
{
    for (int l = 0; l < rows; l += W) {
        V a = R(fa_load)(s->sum.OWN + l), a_low = R(fa_load)(s->low.OWN + l);
        V sum = a + a_low, low = a_low - (sum - a), r = VEC((ROW)1) / sum;
        V lo = (-R(fa_rest)(sum, r, VEC((ROW)1)) - low * r) * r;
        r = safe ? R(fa_only)((VI)(sum != 0), r) : r;
        lo = R(fa_only)((VI)(sum > 0) & (VI)(r > 0), lo);
        R(fa_store)(s->factor.OWN + l, FASTACT_FMA ? r : r + lo);
        R(fa_store)(s->factor_lo.OWN + l, lo);
    }
}

static int R(fa_softmax_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    (void)n;
    R(fa_invert)(s, rows, 0);
    return FA_DONE;
}

static int R(fa_safe_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    (void)n;
    R(fa_invert)(s, rows, 1);
    return FA_DONE;
}

/* The sink is one more element, which has no output. It is rounded to float for float: as a double above the row it would
   have to be subtracted as a double. */
FA_INLINE V R(fa_sink)(const fa_row_state *s, int l)
{
    ROW sinks[W];
    for (int j = 0; j < W; j++)
        sinks[j] = (ROW)s->scalar.d[l + j];
    return R(fa_load)(sinks);
}

FA_INLINE void R(fa_find_top_and_sink)(const fa_block *b, fa_row_state *s, int none, int beside)
{
    (void)none;
    R(fa_find_top)(b, s, 0, 0, beside);
    for (int l = 0; l < b->rows; l += W)
        R(fa_store)(s->top.OWN + l, R(fa_vmax)(R(fa_sink)(s, l), R(fa_load)(s->top.OWN + l)));
}

FA_REDUCE(R(fa_top_and_sink), R(fa_find_top_and_sink), 0)

static int R(fa_sink_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    (void)n;
    for (int u = 0; u * UNIT < rows; u++)
        for (int j = 0; j < ACROSS; j++) {
            int l = u * UNIT + j * W;
            V x = R(fa_sink)(s, l), w, lost;
            R(fa_base_t) c = R(fa_base)(s, u, j, MIXED, 1);
            R(fa_weights)(&x, &w, &lost, &c, 1, 1, MIXED, 0);
            V sum = R(fa_load)(s->sum.OWN + l), low = R(fa_load)(s->low.OWN + l);
            R(fa_join)(&sum, &low, w, lost);
            R(fa_store)(s->sum.OWN + l, sum), R(fa_store)(s->low.OWN + l, low);
        }
    return R(fa_softmax_finish)(s, n, rows);
}

FA_INLINE V R(fa_scaled)(V w, V same, const V *factor)
{
    (void)same;
    return FASTACT_FMA ? FMA(w, factor[0], w * factor[1]) : w * factor[0];
}

/* Weight times 1/sum; the weights are those of `reduce` where they are kept, and otherwise computed again. */
FA_INLINE void R(fa_apply_weights)(const fa_block *b, const fa_row_state *s, int flip, int beside)
{
    if (!b->kept) {
        fa_row_state again;
        again.tempered = s->tempered, again.top = s->top, again.rate = s->rate, again.rate_lo = s->rate_lo;
        (flip ? R(fa_softmin_reduce) : R(fa_softmax_reduce))(b, &again);
    }
    const ROW *hi = s->factor.OWN, *lo = s->factor_lo.OWN;
    FA_EACH_VECTOR(b, b->work, b->work, b->out, beside, hi, lo, lo, R(fa_scaled));
}

FA_APPLY(R(fa_softmax_apply), R(fa_apply_weights), 0)
FA_APPLY(R(fa_softmin_apply), R(fa_apply_weights), 1)

/* ---- logarithms ---- */

/* What the weights of each row are to be divided by, to be relative to its largest element: e^m over the power of two, as
   1 + t in double. That leaves the rounding errors of the other weights alone; for double, t has a low part. */
FA_INLINE void R(fa_weigh_tops)(const fa_row_state *s, int rows, double *t, double *t_lo)
{
    ROW m[FA_MOST_ROWS], n[FA_MOST_ROWS];
    for (int l = 0; l < rows; l += W) {
        V top = R(fa_load)(s->top.OWN + l), near = R(fa_only)((VI)(R(fa_size)(top) <= RK(LIMIT)), top);
        R(fa_store)(m + l, near), R(fa_store)(n + l, FMA(near, RK(LOG2E), INTEGER) - INTEGER);
    }
    for (int l = 0; l < rows; l++) {
        double k = (double)n[l], whole = fa_fma(k, -LN2_HI_d, (double)m[l]), r = fa_fma(k, -LN2_LO_d, whole);
        double p = sizeof(ROW) == 4 ? fa_expm1_short(r) : fa_expm1_long(r);
        t[l] = fa_fma(p, r * r, r);
        t_lo[l] = sizeof(ROW) == 4 ? 0 : fa_fma(p, r * r, r - t[l]) + fa_fma(k, -LN2_LO_d, whole - r);
    }
}

/* The sum of the weights but those of the largest elements, relative to these, and more, as the sum of two doubles: where
   one element dominates, the logarithm of the sum is in the others. */
FA_INLINE double R(fa_others)(const fa_row_state *s, int l, double t, double t_lo, double more, double *lo)
{
    double sum = (double)s->sum.OWN[l] * (double)RK(STEP1), low = (double)s->low.OWN[l] * (double)RK(STEP1);
    double w = 1 + t, q = fa_divide_sums(sum, low, w, (t - (w - 1)) + t_lo, lo);
    fa_add(&q, lo, more);
    return q;
}

/* log of the sum, relative to the largest element */
static int R(fa_log_softmax_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    double t[FA_MOST_ROWS], t_lo[FA_MOST_ROWS];
    (void)n;
    R(fa_weigh_tops)(s, rows, t, t_lo);
    for (int l = 0; l < rows; l++) {
        double lo, rest = R(fa_others)(s, l, t[l], t_lo[l], s->count.d[l] - 1, &lo);
        s->factor.d[l] = fa_log_of_more(rest + lo);
    }
    return FA_DONE;
}

static int R(fa_logsumexp_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    R(fa_log_softmax_finish)(s, n, rows);
    for (int l = 0; l < rows; l++) {
        double top = (double)s->top.OWN[l], log = s->factor.d[l];
        s->factor.d[l] = n == 0 ? -(double)INFINITY : fa_infinite(top) && log == log ? top : top + log;
    }
    return FA_DONE;
}

static int R(fa_logmeanexp_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    double t[FA_MOST_ROWS], t_lo[FA_MOST_ROWS];
    R(fa_weigh_tops)(s, rows, t, t_lo);
    for (int l = 0; l < rows; l++) {
        double size = (double)n, top = (double)s->top.OWN[l], lo;
        double sum = R(fa_others)(s, l, t[l], t_lo[l], s->count.d[l], &lo);
        double mean = fa_divide_sums(sum, lo, size, 0, &lo), y = top + (fa_log(mean) + lo / mean);
        s->factor.d[l] = n == 0 ? (double)NAN : fa_infinite(top) && sum == sum ? top : y;
    }
    return FA_DONE;
}

/* (x - m) - log(sum): both are negative, nothing cancels */
FA_INLINE V R(fa_below_sum)(V x, V same, const V *c)
{
    V d = x - c[0], back = d - x, low = (c[0] + back) - (x - (d - back));
    (void)same;
    return (d - c[1]) - (R(fa_only)((VI)(d >= -LARGEST), low) + c[2]); /* of -inf, low is NaN */
}

/* A double of each row as the sum of two numbers */
FA_INLINE void R(fa_split)(const double *x, int rows, ROW *hi, ROW *lo)
{
    for (int l = 0; l < rows; l++) {
        hi[l] = (ROW)x[l];
        lo[l] = (ROW)(x[l] - (double)hi[l]);
    }
}

FA_INLINE void R(fa_apply_logarithms)(const fa_block *b, const fa_row_state *s, int none, int beside)
{
    ROW hi[FA_MOST_ROWS], lo[FA_MOST_ROWS];
    (void)none;
    R(fa_split)(s->factor.d, b->rows, hi, lo);
    FA_EACH_VECTOR(b, b->in[0], b->in[0], b->out, beside, s->top.OWN, hi, lo, R(fa_below_sum));
}

FA_APPLY(R(fa_log_softmax_apply), R(fa_apply_logarithms), 0)

/* ---- other sums, of doubles ---- */

/* What is summed, of WIDE elements of one or two inputs; `top` and `tau` are constants of the row. */
FA_INLINE fa_vd R(fa_term)(const ROW *g, const ROW *y, fa_vd top, fa_vd tau, int what)
{
    fa_vd a = R(fa_vwiden)(g), zero = {0}, one = zero + 1;
    if (what == GRADIENT)
        return a;
    if (what == ABOVE || what == ABOVE_COUNT) {
        fa_vd z = a - top;
        return (fa_vd)((fa_bits_vd)(z > tau) & (fa_bits_vd)(what == ABOVE ? z : one));
    }
    if (what == HALF_ABOVE || what == HALF_SQUARE) {
        fa_vd z = (a - top) * 0.5 - tau;
        z = (fa_vd)((fa_bits_vd)(z > zero) & (fa_bits_vd)z);
        return what == HALF_ABOVE ? z : z * z;
    }
    fa_vd v = R(fa_vwiden)(y);
    fa_bits_vd supported = (fa_bits_vd)(v > zero);
    if (what == SUPPORT || what == SUPPORT_COUNT)
        return (fa_vd)(supported & (fa_bits_vd)(what == SUPPORT ? a : one));
    if (what == ROOT || what == ROOT_PRODUCT) {
        fa_vd root = fa_vsqrt((fa_vd)(supported & (fa_bits_vd)v));
        return what == ROOT ? root : (fa_vd)(supported & (fa_bits_vd)(root * a));
    }
    return a * v;
}

/* Where a chain of these begins */
FA_INLINE fa_vd R(fa_start)(int what)
{
    return (fa_vd){0} + (what == ABOVE ? -2.0 : what == HALF_SQUARE ? 2.0 : 0.0);
}

/* A chain gains a term. The rounding errors of sums of double are kept: where one term is much larger than the others, they
   do not average out. What sparsemax and entmax sum is of one sign and at most 1, less than what the chain begins at; their
   counts need no care. */
FA_INLINE void R(fa_gain_term)(fa_vd *s, fa_vd *low, fa_vd term, int what)
{
    fa_vd sum = *s + term, back = sum - *s;
    if (what == ABOVE || what == HALF_SQUARE)
        *low += term - back;
    else if (sizeof(ROW) == sizeof(double) && what != ABOVE_COUNT && what != HALF_ABOVE && what != SUPPORT_COUNT)
        *low += (*s - (sum - back)) + (term - back);
    *s = sum;
}

FA_INLINE void R(fa_join_chains)(fa_vd *s, fa_vd *low, fa_vd more, fa_vd more_low)
{
    fa_vd sum = *s + more, back = sum - *s;
    if (sizeof(ROW) == sizeof(double))
        *low = (*low + more_low) + ((*s - (sum - back)) + (more - back));
    *s = sum;
}

/* The sums of a unit of columns; n, the elements of a row, is a constant where they are few */
FA_INLINE void R(fa_sum_columns)(const fa_block *b, const fa_row_state *s, double *sums, double *lows, int u, ptrdiff_t n,
                                 int what)
{
    const ROW *g = FA_AT(b->in[0], u), *y = FA_AT(b->in[1], u);
    const ptrdiff_t dg = b->in[0].step, dy = b->in[1].step, chains = n < CHAINS ? n : CHAINS;
    fa_vd sum[CHAINS][UNIT / WIDE], low[CHAINS][UNIT / WIDE], top[UNIT / WIDE], tau[UNIT / WIDE];
    for (int j = 0; j < UNIT / WIDE; j++) /* of functions that are computed in double */
        top[j] = fa_vwiden(s->top.d + u * UNIT + j * WIDE), tau[j] = fa_vwiden(s->factor.d + u * UNIT + j * WIDE);
    for (ptrdiff_t k = 0; k < n; k++, g += dg, y += dy)
        for (int j = 0; j < UNIT / WIDE; j++) {
            fa_vd *total = &sum[k & (CHAINS - 1)][j], *rest = &low[k & (CHAINS - 1)][j];
            if (n <= CHAINS || k < CHAINS)
                *total = R(fa_start)(what), *rest = (fa_vd){0};
            R(fa_gain_term)(total, rest, R(fa_term)(g + j * WIDE, y + j * WIDE, top[j], tau[j], what), what);
        }
    for (ptrdiff_t i = 0; i < chains; i++)
        for (int j = 0; j < UNIT / WIDE; j++)
            sum[i][j] -= R(fa_start)(what);
    for (ptrdiff_t half = chains > 8 ? 8 : chains > 4 ? 4 : chains > 2 ? 2 : chains > 1; half; half /= 2)
        for (ptrdiff_t i = 0; i < half && i + half < chains; i++)
            for (int j = 0; j < UNIT / WIDE; j++)
                R(fa_join_chains)(&sum[i][j], &low[i][j], sum[i + half][j], low[i + half][j]);
    for (int j = 0; j < UNIT / WIDE; j++) {
        *(fa_any_vd *)(sums + u * UNIT + j * WIDE) = sum[0][j];
        *(fa_any_vd *)(lows + u * UNIT + j * WIDE) = low[0][j];
    }
}

/* Those of row u */
FA_INLINE void R(fa_sum_row)(const fa_block *b, const fa_row_state *s, double *sums, double *lows, int u, int what)
{
    const ROW *g = FA_AT(b->in[0], u), *y = FA_AT(b->in[1], u);
    const ptrdiff_t n = b->count;
    fa_vd sum[CHAINS / WIDE], low[CHAINS / WIDE], top = {0}, tau = {0};
    double chains[CHAINS], rest[CHAINS];
    ptrdiff_t k = 0;
    if (sizeof(ROW) == sizeof(double))
        top += s->top.d[u], tau += s->factor.d[u];
    for (int j = 0; j < CHAINS / WIDE; j++)
        sum[j] = R(fa_start)(what), low[j] = (fa_vd){0};
    for (; k + CHAINS <= n; k += CHAINS)
        for (int j = 0; j < CHAINS / WIDE; j++)
            R(fa_gain_term)(&sum[j], &low[j], R(fa_term)(g + k + j * WIDE, y + k + j * WIDE, top, tau, what), what);
    if (k < n) { /* none of the terms is anything where both are 0, or one is below everything */
        ROW last[2][CHAINS];
        const V none = VEC((ROW)0), least = VEC(what >= ABOVE && what <= HALF_SQUARE ? -(ROW)INFINITY : (ROW)0);
        for (int j = 0; j < CHAINS; j += W) {
            R(fa_store)(last[0] + j, R(fa_vload)(g + k + j, n - k - j, least));
            R(fa_store)(last[1] + j, R(fa_vload)(y + k + j, n - k - j, none));
        }
        for (int j = 0; j < CHAINS / WIDE; j++)
            R(fa_gain_term)(&sum[j], &low[j], R(fa_term)(last[0] + j * WIDE, last[1] + j * WIDE, top, tau, what), what);
    }
    for (int j = 0; j < CHAINS / WIDE; j++) {
        *(fa_any_vd *)(chains + j * WIDE) = sum[j] - R(fa_start)(what);
        *(fa_any_vd *)(rest + j * WIDE) = low[j];
    }
#if MANTISSA_BITS == 52
    fa_join_row(chains, rest);
#else
    for (int half = CHAINS / 2; half; half /= 2)
        for (int i = 0; i < half; i++)
            chains[i] += chains[i + half];
#endif
    sums[u] = chains[0], lows[u] = rest[0];
}

/* The sum of all terms of each row */
FA_INLINE void R(fa_sum)(const fa_block *b, const fa_row_state *s, double *sums, double *lows, int what, int beside)
{
    for (int u = 0, units = FA_UNITS(b, beside); u < units; u++) {
        if (!beside)
            R(fa_sum_row)(b, s, sums, lows, u, what);
        else if (b->count == 2)
            R(fa_sum_columns)(b, s, sums, lows, u, 2, what);
        else if (b->count == 3)
            R(fa_sum_columns)(b, s, sums, lows, u, 3, what);
        else if (b->count == 4)
            R(fa_sum_columns)(b, s, sums, lows, u, 4, what);
        else
            R(fa_sum_columns)(b, s, sums, lows, u, b->count, what);
    }
}

/* sum(grad y) and sum(grad) */
FA_INLINE void R(fa_sum_gradients)(const fa_block *b, fa_row_state *s, int what, int beside)
{
    R(fa_sum)(b, s, s->sum.d, s->low.d, what, beside);
}

FA_REDUCE(R(fa_softmax_backward_reduce), R(fa_sum_gradients), PRODUCT)
FA_REDUCE(R(fa_log_softmax_backward_reduce), R(fa_sum_gradients), GRADIENT)

/* y (grad - sum)/T; for float the sum is a double */
FA_INLINE V R(fa_product_slope)(V g, V y, const V *c)
{
    V d = g - c[0];
    return (sizeof(ROW) == 4 ? d - c[1] : d) * y * c[2];
}

FA_INLINE void R(fa_apply_product)(const fa_block *b, const fa_row_state *s, int none, int beside)
{
    ROW hi[FA_MOST_ROWS], lo[FA_MOST_ROWS], rate[FA_MOST_ROWS];
    (void)none;
    R(fa_split)(s->factor.d, b->rows, hi, lo);
    for (int l = 0; l < b->rows; l++)
        rate[l] = s->tempered ? s->rate.OWN[l] : 1;
    FA_EACH_VECTOR(b, b->in[0], b->in[1], b->out, beside, hi, lo, rate, R(fa_product_slope));
}

FA_APPLY(R(fa_softmax_backward_apply), R(fa_apply_product), 0)

/* grad - e^y sum; the 2^SHIFT1 of the exponential is taken from both factors, so that neither becomes subnormal. A y above
   0, which log_softmax never has, counts as 0. */
#define HALF_STEP (sizeof(ROW) == 4 ? (ROW)0x1p-32 : (ROW)0x1p-80)
FA_INLINE V R(fa_logarithm_slope)(V g, V y, const V *c)
{
    const R(fa_base_t) base = {.floor = VEC(-RK(CUT)),
                               .field = (VI){0} + ((UINT)(RK(SHIFT1)) << MANTISSA_BITS) + R(fa_bits)((ROW)1)};
    V x = R(fa_only)(~(VI)(y > 0), y), w, lost;
    R(fa_weights)(&x, &w, &lost, &base, 1, 1, NEAR, 0);
    return FMA(-(w * HALF_STEP), c[0], g);
}

FA_INLINE void R(fa_apply_gradient)(const fa_block *b, const fa_row_state *s, int none, int beside)
{
    ROW factor[FA_MOST_ROWS];
    (void)none;
    for (int l = 0; l < b->rows; l++)
        factor[l] = (ROW)(s->factor.d[l] * (double)HALF_STEP);
    FA_EACH_VECTOR(b, b->in[0], b->in[1], b->out, beside, factor, factor, factor, R(fa_logarithm_slope));
}

FA_APPLY(R(fa_log_softmax_backward_apply), R(fa_apply_gradient), 0)

/* ---- one element of a row ---- */

static int R(fa_maxout_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    for (int l = 0; l < rows; l++)
        s->factor.d[l] = n == 0 ? (double)NAN : (double)s->top.OWN[l];
    return FA_DONE;
}

static int R(fa_hardmax_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    (void)n;
    for (int l = 0; l < rows; l++)
        s->factor.d[l] = 1;
    return FA_DONE;
}

static int R(fa_maxout_backward_finish)(fa_row_state *s, ptrdiff_t n, int rows)
{
    (void)n;
    for (int l = 0; l < rows; l++)
        s->factor.d[l] = s->scalar.d[l], s->top.OWN[l] = 0;
    return FA_DONE;
}

/* `factor` at `which`, and 0 elsewhere; NaN everywhere if the largest is NaN */
static void R(fa_one_hot_apply)(const fa_block *b, const fa_row_state *s)
{
    for (int u = 0; u < FA_UNITS(b, b->beside); u++) {
        ROW *y = FA_AT(b->out, u);
        ptrdiff_t step = b->beside ? b->out.step : 1;
        for (ptrdiff_t k = 0; k < (b->beside ? b->count : 1); k++)
            memset(y + k * step, 0, (size_t)(b->beside ? UNIT : b->count) * sizeof(ROW));
        for (int j = 0; j < (b->beside ? UNIT : 1); j++) {
            int l = b->beside ? u * UNIT + j : u;
            ptrdiff_t at = s->which[l] - b->first;
            ROW top = s->top.OWN[l];
            for (ptrdiff_t k = 0; top != top && k < b->count; k++)
                y[k * step + j] = top;
            if (top == top && at >= 0 && at < b->count)
                y[at * step + j] = (ROW)s->factor.d[l];
        }
    }
}

#endif /* ROW */
