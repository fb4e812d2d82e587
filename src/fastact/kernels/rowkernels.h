/* The row-wise functions as tables of what rowmath.h computes, and what happens once a row: in double for every dtype.
   Included by rowmath.h. */
#ifndef FASTACT_ROWKERNELS_H
#define FASTACT_ROWKERNELS_H

/* ---- softmax and its relatives ---- */

static void fa_no_temperature(fa_row *row) { row->rate = 1, row->rate_lo = 0; }

static void fa_temperature(fa_row *row)
{
    double r = 1 / row->scalar;
    row->rate = r > DBL_MAX ? DBL_MAX : r; /* of a subnormal temperature */
    row->rate_lo = r > 0x1p+900 ? 0 : -fa_residual(row->scalar, r, 1) * r;
}

/* Sums of exponentials that are relative to the largest element of each part */
static void fa_merge_weights(const fa_row *row, fa_part *a, const fa_part *b)
{
    if (a->top == b->top) {
        fa_merge_sums(row, a, b);
        return;
    }
    int swap = a->top == a->top && !(b->top < a->top);
    fa_part small = swap ? *a : *b;
    *a = swap ? *b : *a;
    double ratio = fa_weight(small.top, a->top, row->rate, row->rate_lo, 1, 0) * STEP1_d;
    fa_add(&a->sum, &a->low, (small.sum + (small.low + small.count)) * ratio);
}

/* What the weights are multiplied by: step/sum as the sum of two numbers */
static void fa_finish_weights(fa_row *row, double step, int safe)
{
    double sum = row->part.sum + row->part.low, low = row->part.low - (sum - row->part.sum), r = step / sum;
    row->factor = safe && sum == 0 ? 0 : r;
    row->factor_lo = sum > 0 && r > 0 ? -(fa_residual(sum, r, step) + low * r) / sum : 0;
}

static inline int fa_softmax_sums(fa_row *rows, int lanes, double step, int safe)
{
    for (int l = 0; l < lanes; l++)
        fa_finish_weights(&rows[l], step, safe);
    return FA_DONE;
}

/* The sink is one more element, which has no output */
static inline int fa_sink_sums(fa_row *rows, int lanes, double step, int single)
{
    for (int l = 0; l < lanes; l++) {
        fa_part sink = {single ? (double)(float)rows[l].scalar : rows[l].scalar, 1, 0, 0, 0, 0};
        fa_merge_weights(&rows[l], &rows[l].part, &sink);
        fa_finish_weights(&rows[l], step, 0);
    }
    return FA_DONE;
}

#define FA_FINISH(name, sums, step, ...)                                                                               \
    static int name(fa_row *rows, ptrdiff_t n, int lanes)                                                              \
    {                                                                                                                  \
        (void)n;                                                                                                       \
        return sums(rows, lanes, step, __VA_ARGS__);                                                                   \
    }

FA_FINISH(fa_softmax_finish, fa_softmax_sums, STEP1_d, 0)
FA_FINISH(fa_softmax_finishf, fa_softmax_sums, (double)STEP1_f, 0)
FA_FINISH(fa_safe_finish, fa_softmax_sums, STEP1_d, 1)
FA_FINISH(fa_safe_finishf, fa_softmax_sums, (double)STEP1_f, 1)
FA_FINISH(fa_sink_finish, fa_sink_sums, STEP1_d, 0)
FA_FINISH(fa_sink_finishf, fa_sink_sums, (double)STEP1_f, 1)

/* ---- logarithms ---- */

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

/* log(1 + r) for r >= 0 */
FA_INLINE double fa_log_of_more(double r)
{
    uint64_t k = fa_exponent(1 + r);
    double scale = fa_power_of_2(-k);
    return fa_logarithm(k, fa_fma(r, scale, scale - 1));
}

/* log(u) for u > 0, where r is u - 1 */
FA_INLINE double fa_log_of_mean(double u, double r)
{
    uint64_t k = fa_exponent(u);
    return fa_logarithm(k, k == 0 ? r : u * fa_power_of_2(-k) - 1);
}

/* log of the sum, relative to the largest element */
static int fa_log_softmax_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    double rest[FA_MOST_LANES] = {0};
    (void)n;
    for (int l = 0; l < lanes; l++)
        rest[l] = rows[l].part.sum + (rows[l].part.low + (rows[l].part.count - 1));
    if (lanes == 1) {
        rows->factor = fa_log_of_more(*rest);
        return FA_DONE;
    }
    for (int l = 0; l < FA_MOST_LANES; l++)
        rest[l] = fa_log_of_more(rest[l]);
    for (int l = 0; l < lanes; l++)
        rows[l].factor = rest[l];
    return FA_DONE;
}

static int fa_logsumexp_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    fa_log_softmax_finish(rows, n, lanes);
    for (int l = 0; l < lanes; l++)
        rows[l].factor = n == 0                        ? -(double)INFINITY
                         : fa_infinite(rows[l].part.top) ? rows[l].part.top
                                                         : rows[l].part.top + rows[l].factor;
    return FA_DONE;
}

static int fa_logmeanexp_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    for (int l = 0; l < lanes; l++) {
        fa_part *part = &rows[l].part;
        double size = (double)n, more = (part->sum + ((part->count - size) + part->low)) / size;
        double mean = (part->sum + (part->count + part->low)) / size;
        double y = part->top + fa_log_of_mean(mean, more);
        rows[l].factor = n == 0 ? (double)NAN : fa_infinite(part->top) ? part->top : y;
    }
    return FA_DONE;
}

/* ---- the largest ---- */

static int fa_hardmax_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    (void)n;
    for (int l = 0; l < lanes; l++)
        rows[l].factor = 1;
    return FA_DONE;
}

static int fa_maxout_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    for (int l = 0; l < lanes; l++)
        rows[l].factor = n == 0 ? (double)NAN : rows[l].part.top;
    return FA_DONE;
}

static int fa_maxout_backward_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    (void)n;
    for (int l = 0; l < lanes; l++)
        rows[l].factor = rows[l].scalar, rows[l].part.top = 0;
    return FA_DONE;
}

/* ---- sums of gradients ---- */

static int fa_gradient_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    (void)n;
    for (int l = 0; l < lanes; l++)
        rows[l].factor = rows[l].part.sum + rows[l].part.low;
    return FA_DONE;
}

/* ---- sparsemax and entmax, in double ----
 * z is x - m, m the largest element, or half of that. tau of sparsemax is the zero of sum(max(z - tau, 0)) - 1, and that
 * of entmax of order 1.5 is where the norm of max(z - tau, 0) is 1. Both are convex and fall, the norm nearly as a line:
 * Newton's method from the left goes up to tau without passing it. For sparsemax it is tau = (sum of the elements above
 * tau - 1)/(their number), and is there when the number stays; for entmax it is when tau rises no more. None that is
 * smaller than the largest by 1 is above tau. */

#define FIND_TOP -1.0
#define DONE 0.0

static void fa_top_first(fa_row *row) { row->before = FIND_TOP; }

/* What sparsemax sums, and how many they are; or the squares of what entmax sums, and as `count` their sum */
FA_INLINE void fa_reduce_above(const fa_block *b, const fa_row *rows, fa_part *parts, int squares, int lanes)
{
    const double *restrict x = (const double *)b->in[0];
    double *restrict w = (double *)b->work;
    double *restrict s = b->scratch, low[LOWS];
    double top[FA_MOST_LANES], tau[FA_MOST_LANES];
    int64_t found[FA_MOST_LANES] = {0};
    ptrdiff_t n = b->count;
    for (int l = 0; l < lanes; l++)
        top[l] = rows[l].shift, tau[l] = rows[l].factor;
    for (ptrdiff_t k = 0; k < n; k++)
        for (int l = 0; l < lanes; l++) {
            double z = x[k * lanes + l] - top[l], v = squares ? z * 0.5 - tau[l] : z;
            int above = squares ? v > 0 : z > tau[l];
            w[k * lanes + l] = above ? v : 0;
            found[l] += above;
        }
#define ABOVE(j) w[j]
#define SQUARE(j) (w[j] * w[j])
    FA_SUM(ABOVE);
    for (int l = 0; l < lanes; l++)
        parts[l].count = squares ? s[l] : (double)found[l];
    if (squares)
        FA_SUM(SQUARE);
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l], parts[l].low = low[l];
#undef ABOVE
#undef SQUARE
}

#define FA_REDUCE_ABOVE(name, squares)                                                                                 \
    static void name(const fa_block *b, const fa_row *rows, fa_part *parts)                                            \
    {                                                                                                                  \
        if (rows->before == FIND_TOP)                                                                                  \
            fa_top_reduce(b, rows, parts);                                                                             \
        else                                                                                                           \
            FA_BY_LANES(fa_reduce_above, b, rows, parts, squares);                                                     \
    }

FA_REDUCE_ABOVE(fa_sparsemax_reduce, 0)
FA_REDUCE_ABOVE(fa_entmax15_reduce, 1)

static void fa_merge_above(const fa_row *row, fa_part *a, const fa_part *b)
{
    (row->before == FIND_TOP ? fa_merge_tops : fa_merge_sums)(row, a, b);
}

/* NaN or infinite: no element is above, and the row is NaN */
FA_INLINE void fa_found_top(fa_row *row)
{
    row->shift = row->part.top;
    row->before = (double)INFINITY, row->factor = -1;
}

/* (x + x_lo)/(y + y_lo) as the sum of two numbers */
FA_INLINE void fa_divide_sums(double x, double x_lo, double y, double y_lo, fa_row *row)
{
    double q = x / y;
    row->factor = q;
    row->factor_lo = (x_lo - fa_residual(q, y, x) - q * y_lo) / y;
}

static int fa_sparsemax_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    int again = 0;
    (void)n;
    for (int l = 0; l < lanes; l++) {
        fa_row *row = &rows[l];
        fa_part *part = &row->part;
        if (row->before == FIND_TOP) {
            fa_found_top(row);
            again = 1;
            continue;
        }
        again |= part->count < row->before && part->count > 0;
        row->before = part->count;
        fa_add(&part->sum, &part->low, -1);
        fa_divide_sums(part->sum, part->low, part->count, 0, row);
        row->factor = part->count > 0 ? row->factor : (double)NAN;
    }
    return again ? FA_AGAIN : FA_DONE;
}

/* A row that has its tau keeps it, whatever those beside it still need */
static int fa_entmax15_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    int again = 0;
    (void)n;
    for (int l = 0; l < lanes; l++) {
        fa_row *row = &rows[l];
        const fa_part *part = &row->part;
        if (row->before == FIND_TOP) {
            fa_found_top(row);
            again = 1;
        } else if (row->before != DONE) {
            double norm = __builtin_sqrt(part->sum), tau = row->factor;
            double step = ((part->sum - 1) + part->low) * norm / ((norm + 1) * part->count);
            row->factor = tau + step;
            row->factor_lo = (tau - row->factor) + step;
            row->before = row->factor > tau ? row->before : DONE; /* for NaN, too */
            again |= row->before != DONE;
        }
    }
    return again ? FA_AGAIN : FA_DONE;
}

/* z - tau keeps its rounding: 2.8 ulp in the squares instead of 4.8 */
FA_INLINE void fa_apply_above(const fa_block *b, const fa_row *rows, int squares, int lanes)
{
    const double *x = (const double *)b->in[0];
    double *y = (double *)b->out, top[FA_MOST_LANES], tau[FA_MOST_LANES], tau_lo[FA_MOST_LANES];
    for (int l = 0; l < lanes; l++)
        top[l] = rows[l].shift, tau[l] = rows[l].factor, tau_lo[l] = rows[l].factor_lo;
    FA_EACH_ELEMENT(k, l, b->count)
    {
        ptrdiff_t j = k + l, lane = FA_LANE(l);
        double d = x[j] - top[lane], z = squares ? d * 0.5 : d;
        double above = z - tau[lane], back = above - z;
        double low = ((z - (above - back)) - (tau[lane] + back)) - tau_lo[lane], v = above + low;
        low += above - v;
        y[j] = ((above < 0) | (v < 0)) ? 0 : squares ? fa_fma(v, v, 2 * v * low) : v;
    }
}

FA_APPLY(fa_sparsemax_apply, fa_apply_above, b, rows, 0)
FA_APPLY(fa_entmax15_apply, fa_apply_above, b, rows, 1)

/* Where y is positive: sum and number of the gradients; or, for entmax, their sum times the roots of y, and as `count`
   the sum of the roots */
FA_INLINE void fa_reduce_support(const fa_block *b, fa_part *parts, int roots, int lanes)
{
    const double *restrict g = (const double *)b->in[0];
    const double *restrict y = (const double *)b->in[1];
    double *restrict w = (double *)b->work;
    double *restrict s = b->scratch, low[LOWS];
    int64_t found[FA_MOST_LANES] = {0};
    ptrdiff_t n = b->count;
    for (ptrdiff_t k = 0; k < n; k++)
        for (int l = 0; l < lanes; l++) {
            double v = y[k * lanes + l];
            found[l] += v > 0;
            if (roots)
                w[k * lanes + l] = __builtin_sqrt(v > 0 ? v : 0);
        }
#define ROOT(j) w[j]
#define WEIGHTED(j) fa_where(w[j] > 0, w[j] * g[j], 0)
#define SUPPORTED(j) fa_where(y[j] > 0, g[j], 0)
    for (int l = 0; l < lanes; l++)
        parts[l].count = (double)found[l], parts[l].count_low = 0;
    if (roots) {
        FA_SUM(ROOT);
        for (int l = 0; l < lanes; l++)
            parts[l].count = s[l], parts[l].count_low = low[l];
        FA_SUM(WEIGHTED);
    } else {
        FA_SUM(SUPPORTED);
    }
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l], parts[l].low = low[l];
#undef ROOT
#undef WEIGHTED
#undef SUPPORTED
}

FA_REDUCE(fa_sparsemax_backward_reduce, fa_reduce_support, b, parts, 0)
FA_REDUCE(fa_entmax15_backward_reduce, fa_reduce_support, b, parts, 1)

static void fa_merge_means(const fa_row *row, fa_part *a, const fa_part *b)
{
    double count = a->count, count_low = a->count_low + b->count_low;
    fa_merge_sums(row, a, b);
    a->count = count, a->count_low = count_low;
    fa_add(&a->count, &a->count_low, b->count);
}

static int fa_mean_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    (void)n;
    for (int l = 0; l < lanes; l++) {
        const fa_part *part = &rows[l].part;
        fa_divide_sums(part->sum, part->low, part->count, part->count_low, &rows[l]);
    }
    return FA_DONE;
}

FA_INLINE void fa_apply_support(const fa_block *b, const fa_row *rows, int roots, int lanes)
{
    const double *g = (const double *)b->in[0], *y = (const double *)b->in[1];
    double *dx = (double *)b->out, mean[FA_MOST_LANES], mean_lo[FA_MOST_LANES];
    for (int l = 0; l < lanes; l++)
        mean[l] = rows[l].factor, mean_lo[l] = rows[l].factor_lo;
    FA_EACH_ELEMENT(k, l, b->count)
    {
        ptrdiff_t j = k + l, lane = FA_LANE(l);
        double v = y[j], root = roots ? __builtin_sqrt(v > 0 ? v : 0) : 1;
        double d = (fa_where(v > 0, g[j], mean[lane]) - mean[lane]) - mean_lo[lane];
        dx[j] = fa_where(v > 0, root * d, v - v); /* 0, or NaN */
    }
}

FA_APPLY(fa_sparsemax_backward_apply, fa_apply_support, b, rows, 0)
FA_APPLY(fa_entmax15_backward_apply, fa_apply_support, b, rows, 1)

/* ---- the functions, for float and for double; NULL where float32 is computed in double ---- */

#define FA_IN_DOUBLE(name, begin, reduce, merge, finish, apply, keeps)                                                 \
    static const fa_row_kernel fa_##name##_rows = {begin, reduce, merge, finish, apply, keeps};
#define FA_IN_BOTH(name, begin, reduce, merge, finish, finishf, apply, keeps)                                          \
    FA_IN_DOUBLE(name, begin, reduce, merge, finish, apply, keeps)                                                     \
    static const fa_row_kernel fa_##name##_rowsf = {begin, reduce##f, merge, finishf, apply##f, keeps};

#define NULLf NULL
FA_IN_BOTH(softmax, fa_temperature, fa_softmax_reduce, fa_merge_weights, fa_softmax_finish, fa_softmax_finishf,
           fa_softmax_apply, 1)
FA_IN_BOTH(safe_softmax, fa_temperature, fa_softmax_reduce, fa_merge_weights, fa_safe_finish, fa_safe_finishf,
           fa_softmax_apply, 1)
FA_IN_BOTH(softmin, fa_temperature, fa_softmin_reduce, fa_merge_weights, fa_softmax_finish, fa_softmax_finishf,
           fa_softmin_apply, 1)
FA_IN_BOTH(sink_softmax, fa_no_temperature, fa_softmax_reduce, fa_merge_weights, fa_sink_finish, fa_sink_finishf,
           fa_softmax_apply, 1)
FA_IN_BOTH(log_softmax, fa_no_temperature, fa_logarithm_reduce, fa_merge_weights, fa_log_softmax_finish,
           fa_log_softmax_finish, fa_log_softmax_apply, 0)
FA_IN_BOTH(logsumexp, fa_no_temperature, fa_logarithm_reduce, fa_merge_weights, fa_logsumexp_finish,
           fa_logsumexp_finish, NULL, 0)
FA_IN_BOTH(logmeanexp, fa_no_temperature, fa_logarithm_reduce, fa_merge_weights, fa_logmeanexp_finish,
           fa_logmeanexp_finish, NULL, 0)
FA_IN_BOTH(hardmax, NULL, fa_top_reduce, fa_merge_tops, fa_hardmax_finish, fa_hardmax_finish, fa_one_hot_apply, 0)
FA_IN_BOTH(maxout, NULL, fa_top_reduce, fa_merge_tops, fa_maxout_finish, fa_maxout_finish, NULL, 0)
FA_IN_BOTH(maxout_backward, NULL, NULL, NULL, fa_maxout_backward_finish, fa_maxout_backward_finish, fa_one_hot_apply, 0)
FA_IN_BOTH(softmax_backward, fa_temperature, fa_softmax_backward_reduce, fa_merge_sums, fa_gradient_finish,
           fa_gradient_finish, fa_softmax_backward_apply, 0)
FA_IN_BOTH(log_softmax_backward, NULL, fa_log_softmax_backward_reduce, fa_merge_sums, fa_gradient_finish,
           fa_gradient_finish, fa_log_softmax_backward_apply, 0)
FA_IN_DOUBLE(sparsemax, fa_top_first, fa_sparsemax_reduce, fa_merge_above, fa_sparsemax_finish, fa_sparsemax_apply, 0)
FA_IN_DOUBLE(entmax15, fa_top_first, fa_entmax15_reduce, fa_merge_above, fa_entmax15_finish, fa_entmax15_apply, 0)
FA_IN_DOUBLE(sparsemax_backward, NULL, fa_sparsemax_backward_reduce, fa_merge_means, fa_mean_finish,
             fa_sparsemax_backward_apply, 0)
FA_IN_DOUBLE(entmax15_backward, NULL, fa_entmax15_backward_reduce, fa_merge_means, fa_mean_finish,
             fa_entmax15_backward_apply, 0)

#define BOTH(name) {#name, &fa_##name##_rowsf, &fa_##name##_rows}
#define DOUBLE(name) {#name, NULL, &fa_##name##_rows}
const fa_row_kernels fa_row_kernel_list[] = {
    BOTH(softmax), BOTH(safe_softmax), BOTH(softmin), BOTH(sink_softmax), BOTH(log_softmax), BOTH(logsumexp),
    BOTH(logmeanexp), BOTH(hardmax), BOTH(maxout), BOTH(maxout_backward), BOTH(softmax_backward),
    BOTH(log_softmax_backward), DOUBLE(sparsemax), DOUBLE(entmax15), DOUBLE(sparsemax_backward),
    DOUBLE(entmax15_backward), {NULL, NULL, NULL},
};
#undef BOTH
#undef DOUBLE

#endif
