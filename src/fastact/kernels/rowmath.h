/* What the functions along an axis compute, a chunk of a row at a time, with the primitives of vmath.h.
 *
 * A function is an fa_row_kernel. `reduce` looks once at a chunk and leaves a summary of it, an fa_part; `merge` joins the
 * summaries, in an order that depends on nothing but the length of the row; `finish` turns them into the constants of
 * the row, and may ask for another pass; `apply` writes the results of a chunk. What must not live here: strides,
 * dtypes (rowwise.c), threads (core/threads.c).
 *
 * A block holds one row, or LANES rows interleaved: element k of row l at k*lanes + l. Sums and maxima are folded: eight
 * at a time, 16 elements apart, where a block has 256 elements of a row, then by halves. So a lane of many rows goes
 * through the same operations in the same order as a row alone: the bits of a result depend neither on the layout, nor
 * on the width of the registers. The depth of the folding, log2 of the length, is also what bounds the error of a sum.
 *
 * Sums are double for float too. An exponential is e^((x - m)/T), m the largest element, from the exact difference
 * (2Sum): half an ulp of x - m = -100 would be 50 ulp of the result. It is carried as 2^SHIFT1 times itself, so that
 * the multiplication by 2^-SHIFT1/sum rounds once, into the subnormals too.
 *
 * The text below ROW is read twice: fa_softmaxf is for float, fa_softmax for double.
 */
#ifndef ROW

#ifndef FASTACT_ROWMATH_H
#define FASTACT_ROWMATH_H
#include <float.h>
#include <stddef.h>
#include "level.h"
#include "vmath.h"

#define FA_LEFT 368 /* most elements that the first fold of a chunk leaves */

/* FA_EACH: input and output of the loop are the same array, or apart. FA_EACH_ELEMENT: the same for element k + l of `n`
   elements of each lane, whose lane is FA_LANE(l). GCC vectorises it over k, with the lanes unrolled. Clang vectorises
   the inner loop alone, which is made the one over all elements of a row, or the one over the lanes. */
#define FA_LANE(l) (lanes == 1 ? 0 : (l))
#ifdef __clang__
#define FA_EACH _Pragma("clang loop vectorize(assume_safety)")
#define FA_RUN(n) (lanes == 1 ? (n) : lanes)
#define FA_EACH_ELEMENT(k, l, n)                                                                                       \
    for (ptrdiff_t k = 0; k < (n) * lanes; k += FA_RUN(n))                                                             \
        FA_EACH                                                                                                        \
        for (ptrdiff_t l = 0; l < FA_RUN(n); l++)
#else
#define FA_EACH _Pragma("GCC ivdep")
#define FA_EACH_ELEMENT(k, l, n)                                                                                       \
    FA_EACH                                                                                                            \
    for (ptrdiff_t k = 0; k < (n) * lanes; k += lanes)                                                                 \
        for (ptrdiff_t l = 0; l < lanes; l++)
#endif

/* No load in an arm of a condition: GCC 12 masks it wrongly where a loop over lanes is vectorised for AVX2. fa_where
   takes both arms. */

/* Elements that stay when `n` are folded: half of them, in whole registers where there are many; then a power of 2. */
FA_INLINE ptrdiff_t fa_half(ptrdiff_t n)
{
    if (n > 16)
        return ((n + 1) / 2 + 15) & ~(ptrdiff_t)15;
    return n > 8 ? 8 : n > 4 ? 4 : n > 2 ? 2 : 1;
}

/* s += other, and the rounding error to low */
FA_INLINE void fa_two_sums(double *s, double *low, ptrdiff_t step, ptrdiff_t n)
{
    FA_EACH
    for (ptrdiff_t j = 0; j < n; j++) {
        double a = s[j], other = s[j + step], sum = a + other, back = sum - a;
        low[j] += low[j + step] + ((a - (sum - back)) + (other - back));
        s[j] = sum;
    }
}

/* Where one element is much larger than the others, the roundings of a sum do not average out: where `careful`, which is
   in rows of double, they are kept. */
FA_INLINE void fa_fold(double *s, double *low, ptrdiff_t n, int lanes, int careful)
{
    for (ptrdiff_t j = 0; j < (careful ? n : 1) * lanes; j++)
        low[j] = 0;
    for (ptrdiff_t half; n > 1; n = half) {
        half = fa_half(n);
        if (lanes == 1 && n == 16 && careful) { /* the end of every longer row: the same steps, of known length */
            fa_two_sums(s, low, 8, 8);
            fa_two_sums(s, low, 4, 4);
            fa_two_sums(s, low, 2, 2);
            fa_two_sums(s, low, 1, 1);
            return;
        }
        if (lanes == 1 && n == 16) {
            for (int j = 0; j < 8; j++)
                s[j] += s[j + 8];
            s[0] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
            return;
        }
        if (careful) {
            fa_two_sums(s, low, half * lanes, (n - half) * lanes);
            continue;
        }
        FA_EACH
        for (ptrdiff_t j = 0; j < (n - half) * lanes; j++)
            s[j] += s[j + half * lanes];
    }
}

/* The first fold: TERM(j) over j, joined by JOIN, into s[0..left*lanes). Eight at once where there are many, 16 elements
   from one to the next: memory is read in order. */
#define FA_FOUR(TERM, JOIN, j, d) JOIN(JOIN(TERM(j), TERM(j + 2 * (d))), JOIN(TERM(j + d), TERM(j + 3 * (d))))
#define FA_FOLD(TERM, JOIN, left)                                                                                      \
    do {                                                                                                               \
        ptrdiff_t blocks_ = n >= 256 ? n / 128 : 0, half_ = fa_half(n) * lanes, end_ = n * lanes, many_ = 16 * lanes;  \
        if (blocks_) {                                                                                                 \
            for (ptrdiff_t b_ = 0; b_ < blocks_ * many_; b_ += many_) {                                                \
                FA_EACH                                                                                                \
                for (ptrdiff_t j_ = 8 * b_; j_ < 8 * b_ + many_; j_++)                                                 \
                    s[j_ - 7 * b_] = JOIN(FA_FOUR(TERM, JOIN, j_, 2 * many_),                                          \
                                          FA_FOUR(TERM, JOIN, j_ + many_, 2 * many_));                                 \
            }                                                                                                          \
            FA_EACH                                                                                                    \
            for (ptrdiff_t j_ = 8 * blocks_ * many_; j_ < end_; j_++)                                                  \
                s[j_ - 7 * blocks_ * many_] = TERM(j_);                                                                \
        } else {                                                                                                       \
            FA_EACH                                                                                                    \
            for (ptrdiff_t j_ = 0; j_ < end_ - half_; j_++)                                                            \
                s[j_] = JOIN(TERM(j_), TERM(j_ + half_));                                                              \
            FA_EACH                                                                                                    \
            for (ptrdiff_t j_ = end_ - half_; j_ < half_; j_++)                                                        \
                s[j_] = TERM(j_);                                                                                      \
        }                                                                                                              \
        left = blocks_ ? n - 112 * blocks_ : fa_half(n);                                                               \
    } while (0)

/* Sum of TERM(j) over j, each lane for itself, into s[0..lanes) and low[0..lanes) */
#define FA_PLUS(a, b) ((a) + (b))
#define FA_SUM(TERM)                                                                                                   \
    do {                                                                                                               \
        ptrdiff_t left_;                                                                                               \
        FA_FOLD(TERM, FA_PLUS, left_);                                                                                 \
        fa_fold(s, low, left_, lanes, sizeof(ROW) == 8);                                                               \
    } while (0)

/* Twice the code, so that a loop over lanes has a length that the compiler knows */
#define FA_BY_LANES(function, ...)                                                                                     \
    do {                                                                                                               \
        if (b->lanes == 1)                                                                                             \
            function(__VA_ARGS__, 1);                                                                                  \
        else                                                                                                           \
            function(__VA_ARGS__, LANES);                                                                              \
    } while (0)

#define FA_REDUCE(name, ...)                                                                                           \
    static void name(const fa_block *b, const fa_row *rows, fa_part *parts)                                            \
    {                                                                                                                  \
        (void)rows;                                                                                                    \
        FA_BY_LANES(__VA_ARGS__);                                                                                      \
    }
#define FA_APPLY(name, ...)                                                                                            \
    static void name(const fa_block *b, const fa_row *rows) { FA_BY_LANES(__VA_ARGS__); }

/* *total += x, and the rounding error to *low */
static inline void fa_add(double *total, double *low, double x)
{
    double sum = *total + x, back = sum - *total;
    *low += (*total - (sum - back)) + (x - back);
    *total = sum;
}

static inline void fa_merge_sums(const fa_row *row, fa_part *a, const fa_part *b)
{
    (void)row;
    fa_add(&a->sum, &a->low, b->sum);
    a->low += b->low;
    a->count += b->count;
}

static inline void fa_merge_tops(const fa_row *row, fa_part *a, const fa_part *b)
{
    (void)row;
    if (a->top == a->top && !(b->top <= a->top)) /* the first of equals, and the first NaN */
        a->top = b->top, a->which = b->which;
}

/* float needs it too */
FA_INLINE double fa_weight(double x, double m, double rate, double rate_lo, int tempered, int quiet);

static inline int fa_infinite(double x) { return x == (double)INFINITY || x == -(double)INFINITY; }

#define ROW float
#define R(name) name##f
#define RK(name) name##_f
#define LANES 16
#define LARGEST FLT_MAX
#define LEAST FLT_MIN
#define LOWS LANES
#include "rowmath.h"

#undef ROW
#undef R
#undef RK
#undef LANES
#undef LARGEST
#undef LEAST
#undef LOWS

#define ROW double
#define R(name) name
#define RK(name) name##_d
#define LANES 8
#define LARGEST DBL_MAX
#define LEAST DBL_MIN
#define LOWS (FA_LEFT * LANES)
#include "rowmath.h"
#include "rowkernels.h"

#endif

#else /* ---- the text that is read for float and for double ---- */

/* The larger, and NaN rather than a number */
FA_INLINE ROW R(fa_top)(ROW a, ROW b) { return ((a > b) | (a != a)) ? a : b; }

FA_INLINE ROW R(fa_flipped)(ROW x, int flip) { return flip ? -x : x; }

/* The larger; b where one is NaN */
FA_INLINE ROW R(fa_larger)(ROW a, ROW b) { return a > b ? a : b; }

/* The largest of each lane, into s[0..lanes): NaN if one is, where `strict` */
FA_INLINE void R(fa_fold_top)(const ROW *restrict x, ROW *restrict s, ptrdiff_t n, int flip, int strict, int lanes)
{
    ptrdiff_t left;
#define ELEMENT(j) R(fa_flipped)(x[j], flip)
#define LARGER(a, b) (strict ? R(fa_top)(a, b) : R(fa_larger)(a, b))
    FA_FOLD(ELEMENT, LARGER, left);
    for (ptrdiff_t half; left > 1; left = half) {
        half = fa_half(left);
        if (lanes == 1 && left == 16) { /* as in fa_fold */
            for (int j = 0; j < 8; j++)
                s[j] = LARGER(s[j], s[j + 8]);
            for (int j = 0; j < 4; j++)
                s[j] = LARGER(s[j], s[j + 4]);
            s[0] = LARGER(LARGER(s[0], s[2]), LARGER(s[1], s[3]));
            break;
        }
        FA_EACH
        for (ptrdiff_t j = 0; j < (left - half) * lanes; j++)
            s[j] = LARGER(s[j], s[j + half * lanes]);
    }
#undef ELEMENT
#undef LARGER
}

/* (x - m) rate as the sum of two numbers, the second of which is subtracted; it is NaN where the first is infinite */
FA_INLINE ROW R(fa_distance)(ROW x, ROW m, ROW rate, ROW rate_lo, int tempered, ROW *low)
{
    ROW d = x - m, back = d - x;
    *low = (m + back) - (x - (d - back));
    if (!tempered)
        return d;
    ROW q = d * rate;
    *low = R(fa_fma)(*low, rate, -R(fa_fma)(d, rate_lo, R(fa_residual)(d, rate, q)));
    return q;
}

/* 2^SHIFT1 e^((x - m) rate) for x <= m; 0 where that is nothing beside 1, without an underflow. Unless `quiet`, without
   an overflow either; where `quiet`, x may be above m, in a row that has NaN and comes to nothing. */
FA_INLINE ROW R(fa_weight)(ROW x, ROW m, ROW rate, ROW rate_lo, int tempered, int quiet)
{
    ROW low, q = R(fa_distance)(x, m, rate, rate_lo, tempered, &low);
    ROW w = R(fa_near_tail)(quiet ? q : R(fa_atleast)(q, -RK(CUT)), low);
    return R(fa_where)(q < -RK(CUT), 0, w);
}

/* Constants of the lanes, in the arithmetic of the row */
typedef struct {
    ROW top[FA_MOST_LANES], shift[FA_MOST_LANES], rate[FA_MOST_LANES], rate_lo[FA_MOST_LANES];
} R(fa_lanes_t);

FA_INLINE int R(fa_rates)(const fa_row *rows, R(fa_lanes_t) * c, int lanes)
{
    int tempered = 0;
    for (int l = 0; l < lanes; l++) {
        tempered |= rows[l].rate != 1;
        c->rate[l] = rows[l].rate > (double)LARGEST ? LARGEST : (ROW)rows[l].rate;
        c->rate[l] = c->rate[l] == 0 ? LEAST : c->rate[l]; /* -inf stays what it is */
        c->rate_lo[l] = (ROW)(rows[l].rate - (double)c->rate[l] + rows[l].rate_lo);
        c->rate_lo[l] = c->rate[l] < LARGEST ? c->rate_lo[l] : 0;
    }
    return tempered;
}

/* The weights of a block into `work`; where `exclude`, without those of the largest. Functions that do not exclude them
   never report an overflow, and are spared what prevents one. */
FA_INLINE void R(fa_weigh)(const fa_block *b, const R(fa_lanes_t) * c, int flip, int exclude, int tempered, int lanes)
{
    const ROW *x = (const ROW *)b->in[0];
    ROW *w = (ROW *)b->work;
    const R(fa_lanes_t) own = *c; /* not what `w` might overwrite */
    ptrdiff_t n = b->count;
    FA_EACH_ELEMENT(k, l, n)
    {
        ptrdiff_t j = k + l, lane = FA_LANE(l);
        ROW v = R(fa_flipped)(x[j], flip);
        ROW weight = R(fa_weight)(v, own.shift[lane], own.rate[lane], own.rate_lo[lane], tempered, !exclude);
        w[j] = exclude ? R(fa_where)(v == own.top[lane], 0, weight) : weight;
    }
}

/* How many elements of a lane are its largest */
FA_INLINE void R(fa_count_tops)(const fa_block *b, const R(fa_lanes_t) * c, fa_part *parts, int lanes)
{
    const ROW *restrict x = (const ROW *)b->in[0];
    int32_t found[FA_MOST_LANES] = {0};
    for (ptrdiff_t k = 0; k < b->count; k++)
        for (int l = 0; l < lanes; l++)
            found[l] += x[k * lanes + l] == c->top[l];
    for (int l = 0; l < lanes; l++)
        parts[l].count = found[l];
}

/* Largest element, sum of the exponentials relative to it, and, where `exclude`, the number of largest elements, which
   are left out of the sum: where one dominates, the logarithm of the sum is in the others. */
FA_INLINE void R(fa_reduce_weights)(const fa_block *b, const fa_row *rows, fa_part *parts, int flip, int exclude,
                                    int lanes)
{
    const ROW *x = (const ROW *)b->in[0];
    const ROW *w = (const ROW *)b->work;
    ROW *largest = (ROW *)b->scratch;
    double *restrict s = b->scratch, low[LOWS];
    ptrdiff_t n = b->count;
    R(fa_lanes_t) c;
    R(fa_fold_top)(x, largest, n, flip, exclude, lanes); /* with a NaN the sum is NaN in any case */
    for (int l = 0; l < lanes; l++) {
        c.top[l] = largest[l];
        c.shift[l] = c.top[l] == -(ROW)INFINITY ? 0 : c.top[l]; /* then every weight is 0 */
        parts[l].top = (double)c.top[l];
        parts[l].count = 0;
    }
    if (R(fa_rates)(rows, &c, lanes))
        R(fa_weigh)(b, &c, flip, exclude, 1, lanes);
    else
        R(fa_weigh)(b, &c, flip, exclude, 0, lanes);
#define WEIGHT(j) (double)w[j]
    FA_SUM(WEIGHT);
#undef WEIGHT
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l] * (double)RK(STEP1), parts[l].low = low[l] * (double)RK(STEP1);
    if (exclude)
        R(fa_count_tops)(b, &c, parts, lanes);
}

/* What the weights of a block are multiplied by. They are relative to the largest element of the block, m_b, and
   e^((m_b - m)/T) is in the factor; where it is so small that the factor would be subnormal, `small` is set. */
typedef struct {
    ROW hi[FA_MOST_LANES], lo[FA_MOST_LANES];
    double tiny[FA_MOST_LANES];
    int small[FA_MOST_LANES];
} R(fa_factors_t);

FA_INLINE int R(fa_factors)(const fa_row *rows, const double *tops, R(fa_factors_t) * f, int lanes)
{
    int any = 0;
    for (int l = 0; l < lanes; l++) {
        const fa_row *row = &rows[l];
        double hi = row->factor, lo = row->factor_lo, scaled = 1 / STEP1_d;
        if (tops[l] != row->part.top) {
            scaled = fa_weight(tops[l], row->part.top, row->rate, row->rate_lo, 1, 0);
            double ratio = scaled * STEP1_d;
            hi = row->factor * ratio;
            lo = fa_fma(row->factor_lo, ratio, fa_residual(row->factor, ratio, hi));
        }
        f->small[l] = sizeof(ROW) == 4 ? hi < 0x1p-100 : scaled < 0x1p-50 / STEP1_d;
        f->tiny[l] = sizeof(ROW) == 4 ? hi : scaled * (row->factor / STEP1_d);
        f->hi[l] = (ROW)hi;
        f->lo[l] = f->small[l] ? 0 : (ROW)(hi - (double)f->hi[l] + lo);
        any |= f->small[l];
    }
    return any;
}

FA_INLINE ROW R(fa_scaled)(ROW w, ROW hi, ROW lo) { return FASTACT_FMA ? R(fa_fma)(w, hi, w * lo) : w * hi; }

FA_INLINE ROW R(fa_scaled_tiny)(ROW w, double factor)
{
    return sizeof(ROW) == 4 ? (ROW)((double)w * factor) : (ROW)((double)w * factor * STEP1_d * STEP1_d);
}

/* Weight times factor; the weights are those of `reduce` where they are kept, and otherwise computed again. */
FA_INLINE void R(fa_apply_weights)(const fa_block *b, const fa_row *rows, int flip, int lanes)
{
    const ROW *w = (const ROW *)b->work;
    ROW *y = (ROW *)b->out;
    ptrdiff_t n = b->count;
    double tops[FA_MOST_LANES];
    R(fa_factors_t) f;
    for (int l = 0; l < lanes; l++)
        tops[l] = b->tops[l];
    if (!b->kept) {
        R(fa_lanes_t) c;
        ROW *largest = (ROW *)b->scratch;
        R(fa_fold_top)((const ROW *)b->in[0], largest, n, flip, 0, lanes);
        for (int l = 0; l < lanes; l++) {
            tops[l] = (double)largest[l];
            c.shift[l] = largest[l] == -(ROW)INFINITY ? 0 : largest[l];
        }
        if (R(fa_rates)(rows, &c, lanes))
            R(fa_weigh)(b, &c, flip, 0, 1, lanes);
        else
            R(fa_weigh)(b, &c, flip, 0, 0, lanes);
    }
    if (R(fa_factors)(rows, tops, &f, lanes)) {
        for (ptrdiff_t k = 0; k < n; k++)
            for (int l = 0; l < lanes; l++) {
                ROW v = w[k * lanes + l];
                y[k * lanes + l] = f.small[l] ? R(fa_scaled_tiny)(v, f.tiny[l]) : R(fa_scaled)(v, f.hi[l], f.lo[l]);
            }
        return;
    }
    FA_EACH_ELEMENT(k, l, n)
    {
        ptrdiff_t j = k + l, lane = FA_LANE(l);
        y[j] = R(fa_scaled)(w[j], f.hi[lane], f.lo[lane]);
    }
}

FA_REDUCE(R(fa_softmax_reduce), R(fa_reduce_weights), b, rows, parts, 0, 0)
FA_REDUCE(R(fa_softmin_reduce), R(fa_reduce_weights), b, rows, parts, 1, 0)
FA_REDUCE(R(fa_logarithm_reduce), R(fa_reduce_weights), b, rows, parts, 0, 1)
FA_APPLY(R(fa_softmax_apply), R(fa_apply_weights), b, rows, 0)
FA_APPLY(R(fa_softmin_apply), R(fa_apply_weights), b, rows, 1)

/* (x - m) - log(sum): both are negative, nothing cancels */
FA_INLINE void R(fa_apply_logarithms)(const fa_block *b, const fa_row *rows, int lanes)
{
    const ROW *x = (const ROW *)b->in[0];
    ROW *y = (ROW *)b->out;
    ROW top[FA_MOST_LANES], l_hi[FA_MOST_LANES], l_lo[FA_MOST_LANES];
    for (int l = 0; l < lanes; l++) {
        top[l] = (ROW)rows[l].part.top;
        l_hi[l] = (ROW)rows[l].factor;
        l_lo[l] = (ROW)(rows[l].factor - (double)l_hi[l]);
    }
    FA_EACH_ELEMENT(k, l, b->count)
    {
        ptrdiff_t j = k + l, lane = FA_LANE(l);
        ROW low, d = R(fa_distance)(x[j], top[lane], 1, 0, 0, &low);
        ROW value = (d - l_hi[lane]) - (low + l_lo[lane]);
        y[j] = d < -LARGEST ? d : value;
    }
}

FA_APPLY(R(fa_log_softmax_apply), R(fa_apply_logarithms), b, rows)

/* Sum of grad y */
FA_INLINE void R(fa_reduce_product)(const fa_block *b, fa_part *parts, int lanes)
{
    const ROW *restrict g = (const ROW *)b->in[0];
    const ROW *restrict y = (const ROW *)b->in[1];
    double *restrict s = b->scratch, low[LOWS];
    ptrdiff_t n = b->count;
#define PRODUCT(j) ((double)g[j] * (double)y[j])
    FA_SUM(PRODUCT);
#undef PRODUCT
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l], parts[l].low = low[l], parts[l].count = 0;
}

FA_INLINE void R(fa_apply_product)(const fa_block *b, const fa_row *rows, int lanes)
{
    const ROW *g = (const ROW *)b->in[0], *y = (const ROW *)b->in[1];
    ROW *dx = (ROW *)b->out, sum[FA_MOST_LANES], sum_lo[FA_MOST_LANES], rate[FA_MOST_LANES];
    for (int l = 0; l < lanes; l++) {
        sum[l] = (ROW)rows[l].factor, rate[l] = rows[l].rate > (double)LARGEST ? LARGEST : (ROW)rows[l].rate;
        sum_lo[l] = (ROW)(rows[l].factor - (double)sum[l]);
    }
    FA_EACH_ELEMENT(k, l, b->count)
    {
        ptrdiff_t j = k + l, lane = FA_LANE(l);
        ROW d = g[j] - sum[lane];
        d = sizeof(ROW) == 4 ? d - sum_lo[lane] : d; /* the sum is a double */
        dx[j] = d * y[j] * rate[lane];
    }
}

FA_REDUCE(R(fa_softmax_backward_reduce), R(fa_reduce_product), b, parts)
FA_APPLY(R(fa_softmax_backward_apply), R(fa_apply_product), b, rows)

/* Sum of grad */
FA_INLINE void R(fa_reduce_gradient)(const fa_block *b, fa_part *parts, int lanes)
{
    const ROW *restrict g = (const ROW *)b->in[0];
    double *restrict s = b->scratch, low[LOWS];
    ptrdiff_t n = b->count;
#define GRADIENT(j) (double)g[j]
    FA_SUM(GRADIENT);
#undef GRADIENT
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l], parts[l].low = low[l], parts[l].count = 0;
}

/* grad - e^y sum; the 2^SHIFT1 of the exponential is taken from both factors, so that neither becomes subnormal */
FA_INLINE void R(fa_apply_gradient)(const fa_block *b, const fa_row *rows, int lanes)
{
    const ROW *g = (const ROW *)b->in[0], *y = (const ROW *)b->in[1];
    ROW *dx = (ROW *)b->out;
    const ROW half_step = sizeof(ROW) == 4 ? (ROW)0x1p-32 : (ROW)0x1p-80;
    ROW factor[FA_MOST_LANES];
    for (int l = 0; l < lanes; l++)
        factor[l] = (ROW)(rows[l].factor * (double)half_step);
    FA_EACH_ELEMENT(k, l, b->count)
    {
        ptrdiff_t j = k + l, lane = FA_LANE(l);
        ROW v = y[j] > 0 ? 0 : y[j]; /* what is none has no meaning */
        ROW w = R(fa_weight)(v, 0, 1, 0, 0, 0) * half_step;
        dx[j] = R(fa_fma)(-w, factor[lane], g[j]);
    }
}

FA_REDUCE(R(fa_log_softmax_backward_reduce), R(fa_reduce_gradient), b, parts)
FA_APPLY(R(fa_log_softmax_backward_apply), R(fa_apply_gradient), b, rows)

/* The largest and where it is first, or the first NaN */
FA_INLINE void R(fa_reduce_top)(const fa_block *b, fa_part *parts, int lanes)
{
    const ROW *restrict x = (const ROW *)b->in[0];
    ROW *restrict s = (ROW *)b->scratch;
    ROW top[FA_MOST_LANES];
    int32_t first[FA_MOST_LANES] = {0};
    R(fa_fold_top)(x, s, b->count, 0, 1, lanes);
    for (int l = 0; l < lanes; l++)
        top[l] = s[l];
    if (lanes == 1) {
        int32_t k = 0, found = 0;
        for (; !found && k + 256 <= b->count; k += 256)
            for (int j = 0; j < 256; j++)
                found |= (x[k + j] == top[0]) | (x[k + j] != x[k + j]);
        for (k -= found ? 256 : 0; !(x[k] == top[0] || x[k] != x[k]); k++) {
        }
        first[0] = k;
    } else {
        for (int32_t k = (int32_t)b->count - 1; k >= 0; k--)
            for (int l = 0; l < lanes; l++) {
                ROW v = x[k * lanes + l];
                first[l] ^= (first[l] ^ k) & -((v == top[l]) | (v != v));
            }
    }
    for (int l = 0; l < lanes; l++) {
        parts[l].top = (double)x[first[l] * lanes + l]; /* of -0.0 and 0.0 the first */
        parts[l].which = b->first + first[l];
    }
}

FA_REDUCE(R(fa_top_reduce), R(fa_reduce_top), b, parts)

/* `factor` at `which`, and 0 elsewhere; NaN everywhere if the largest is NaN */
static void R(fa_one_hot_apply)(const fa_block *b, const fa_row *rows)
{
    ROW *y = (ROW *)b->out;
    for (ptrdiff_t j = 0; j < b->count * b->lanes; j++)
        y[j] = 0;
    for (int l = 0; l < b->lanes; l++) {
        ptrdiff_t k = rows[l].part.which - b->first;
        if (rows[l].part.top != rows[l].part.top)
            for (ptrdiff_t j = 0; j < b->count; j++)
                y[j * b->lanes + l] = (ROW)rows[l].part.top;
        else if (k >= 0 && k < b->count)
            y[k * b->lanes + l] = (ROW)rows[l].factor;
    }
}

#endif /* ROW */
