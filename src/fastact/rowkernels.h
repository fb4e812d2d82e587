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
    fa_add(a, (small.sum + (small.low + small.count)) * ratio);
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
        fa_part sink = {single ? (double)(float)rows[l].scalar : rows[l].scalar, 1, 0, 0, 0};
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
    double rest[FA_LANES] = {0};
    (void)n;
    for (int l = 0; l < lanes; l++)
        rest[l] = rows[l].part.sum + (rows[l].part.low + (rows[l].part.count - 1));
    if (lanes == 1) {
        rows->factor = fa_log_of_more(*rest);
        return FA_DONE;
    }
    for (int l = 0; l < FA_LANES; l++)
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

/* ---- sparsemax, in double ----
 * tau is the zero of sum(max(x - tau, 0)) - 1, which is convex and falls: Newton's method from the left, which is
 * tau = (sum of the elements above tau - 1)/(their number), goes up to it without passing it, and is there when the
 * number stays. Everything is relative to the largest element; none that is smaller by 1 is above tau. */

static void fa_top_first(fa_row *row) { row->before = -1; }

FA_INLINE void fa_reduce_above(const fa_block *b, const fa_row *rows, fa_part *parts, int lanes)
{
    const double *restrict x = (const double *)b->in[0];
    double *restrict w = (double *)b->work;
    double *restrict s = b->scratch, low[LOWS];
    double top[FA_LANES], tau[FA_LANES];
    int64_t found[FA_LANES] = {0};
    ptrdiff_t n = b->count;
    for (int l = 0; l < lanes; l++)
        top[l] = rows[l].shift, tau[l] = rows[l].factor;
    for (ptrdiff_t k = 0; k < n; k++)
        for (int l = 0; l < lanes; l++) {
            double z = x[k * lanes + l] - top[l];
            int above = z > tau[l];
            w[k * lanes + l] = above ? z : 0;
            found[l] += above;
        }
#define ABOVE(j) w[j]
    FA_SUM(ABOVE);
#undef ABOVE
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l], parts[l].low = low[l], parts[l].count = (double)found[l];
}

static void fa_sparsemax_reduce(const fa_block *b, const fa_row *rows, fa_part *parts)
{
    if (rows->before < 0)
        fa_top_reduce(b, rows, parts);
    else
        FA_BY_LANES(fa_reduce_above, b, rows, parts);
}

static void fa_merge_after_tops(const fa_row *row, fa_part *a, const fa_part *b)
{
    (row->before < 0 ? fa_merge_tops : fa_merge_sums)(row, a, b);
}

static int fa_sparsemax_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    int again = 0;
    (void)n;
    for (int l = 0; l < lanes; l++) {
        fa_row *row = &rows[l];
        fa_part *part = &row->part;
        if (row->before < 0) {
            row->shift = part->top; /* NaN or infinite: no element is above, and the row is NaN */
            row->before = (double)INFINITY, row->factor = -1;
            again = 1;
            continue;
        }
        again |= part->count < row->before && part->count > 0;
        row->before = part->count;
        row->factor = part->count > 0 ? (part->sum + part->low - 1) / part->count : (double)NAN;
    }
    return again ? FA_AGAIN : FA_DONE;
}

FA_INLINE void fa_apply_above(const fa_block *b, const fa_row *rows, int lanes)
{
    const double *x = (const double *)b->in[0];
    double *y = (double *)b->out, top[FA_LANES], tau[FA_LANES];
    for (int l = 0; l < lanes; l++)
        top[l] = rows[l].shift, tau[l] = rows[l].factor;
    FA_EACH
    for (ptrdiff_t k = 0; k < b->count; k++)
        for (int l = 0; l < lanes; l++) {
            double v = (x[k * lanes + l] - top[l]) - tau[l];
            y[k * lanes + l] = v < 0 ? 0 : v;
        }
}

FA_APPLY(fa_sparsemax_apply, fa_apply_above, b, rows)

/* Sum and number of the gradients where y is positive */
FA_INLINE void fa_reduce_support(const fa_block *b, fa_part *parts, int lanes)
{
    const double *restrict g = (const double *)b->in[0];
    const double *restrict y = (const double *)b->in[1];
    double *restrict s = b->scratch, low[LOWS];
    int64_t found[FA_LANES] = {0};
    ptrdiff_t n = b->count;
    for (ptrdiff_t k = 0; k < n; k++)
        for (int l = 0; l < lanes; l++)
            found[l] += y[k * lanes + l] > 0;
#define SUPPORTED(j) fa_where(y[j] > 0, g[j], 0)
    FA_SUM(SUPPORTED);
#undef SUPPORTED
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l], parts[l].low = low[l], parts[l].count = (double)found[l];
}

FA_REDUCE(fa_sparsemax_backward_reduce, fa_reduce_support, b, parts)

static int fa_mean_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    (void)n;
    for (int l = 0; l < lanes; l++)
        rows[l].factor = (rows[l].part.sum + rows[l].part.low) / rows[l].part.count;
    return FA_DONE;
}

FA_INLINE void fa_apply_support(const fa_block *b, const fa_row *rows, int lanes)
{
    const double *g = (const double *)b->in[0], *y = (const double *)b->in[1];
    double *dx = (double *)b->out, mean[FA_LANES];
    for (int l = 0; l < lanes; l++)
        mean[l] = rows[l].factor;
    FA_EACH
    for (ptrdiff_t k = 0; k < b->count; k++)
        for (int l = 0; l < lanes; l++) {
            double v = y[k * lanes + l];
            dx[k * lanes + l] = fa_where(v > 0, g[k * lanes + l] - mean[l], v - v); /* 0, or NaN */
        }
}

FA_APPLY(fa_sparsemax_backward_apply, fa_apply_support, b, rows)

/* ---- entmax of order 1.5, in double ----
 * With z = (x - m)/2, m the largest element, tau is where the norm of max(z - tau, 0) is 1. The norm is convex, too, and
 * nearly a line: Newton's method again, until tau rises no more. */

/* Sum of the squares of max(z - tau, 0), and as `count` of these numbers themselves */
FA_INLINE void fa_reduce_norm(const fa_block *b, const fa_row *rows, fa_part *parts, int lanes)
{
    const double *x = (const double *)b->in[0];
    double *w = (double *)b->work;
    double *restrict s = b->scratch, low[LOWS];
    double top[FA_LANES], tau[FA_LANES];
    ptrdiff_t n = b->count;
    for (int l = 0; l < lanes; l++)
        top[l] = rows[l].shift, tau[l] = rows[l].factor;
    FA_EACH
    for (ptrdiff_t k = 0; k < n; k++)
        for (int l = 0; l < lanes; l++) {
            double v = (x[k * lanes + l] - top[l]) * 0.5 - tau[l];
            w[k * lanes + l] = v > 0 ? v : 0;
        }
#define ABOVE(j) w[j]
    FA_SUM(ABOVE);
#undef ABOVE
    for (int l = 0; l < lanes; l++)
        parts[l].count = s[l];
#define SQUARE(j) (w[j] * w[j])
    FA_SUM(SQUARE);
#undef SQUARE
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l], parts[l].low = low[l];
}

static void fa_entmax15_reduce(const fa_block *b, const fa_row *rows, fa_part *parts)
{
    if (rows->before < 0)
        fa_top_reduce(b, rows, parts);
    else
        FA_BY_LANES(fa_reduce_norm, b, rows, parts);
}

/* A row that has its tau keeps it, whatever those beside it still need */
static int fa_entmax15_finish(fa_row *rows, ptrdiff_t n, int lanes)
{
    int again = 0;
    (void)n;
    for (int l = 0; l < lanes; l++) {
        fa_row *row = &rows[l];
        const fa_part *part = &row->part;
        if (row->before < 0) {
            row->shift = part->top; /* as in sparsemax */
            row->before = 0, row->factor = -1;
            again = 1;
        } else if (row->before == 0) {
            double norm = __builtin_sqrt(part->sum), tau = row->factor;
            row->factor += ((part->sum - 1) + part->low) * norm / ((norm + 1) * part->count);
            row->before = !(row->factor > tau); /* NaN, too, is an end */
            again |= row->factor > tau;
        }
    }
    return again ? FA_AGAIN : FA_DONE;
}

FA_INLINE void fa_apply_squares(const fa_block *b, const fa_row *rows, int lanes)
{
    const double *x = (const double *)b->in[0];
    double *y = (double *)b->out, top[FA_LANES], tau[FA_LANES];
    for (int l = 0; l < lanes; l++)
        top[l] = rows[l].shift, tau[l] = rows[l].factor;
    FA_EACH
    for (ptrdiff_t k = 0; k < b->count; k++)
        for (int l = 0; l < lanes; l++) {
            double v = (x[k * lanes + l] - top[l]) * 0.5 - tau[l];
            y[k * lanes + l] = v < 0 ? 0 : v * v;
        }
}

FA_APPLY(fa_entmax15_apply, fa_apply_squares, b, rows)

/* Sums of s grad and, as `count`, of s, the square root of y, where y is positive */
FA_INLINE void fa_reduce_roots(const fa_block *b, fa_part *parts, int lanes)
{
    const double *g = (const double *)b->in[0];
    const double *y = (const double *)b->in[1];
    double *w = (double *)b->work;
    double *restrict s = b->scratch, low[LOWS];
    ptrdiff_t n = b->count;
    FA_EACH
    for (ptrdiff_t j = 0; j < n * lanes; j++)
        w[j] = __builtin_sqrt(y[j] > 0 ? y[j] : 0);
#define ROOT(j) w[j]
    FA_SUM(ROOT);
#undef ROOT
    for (int l = 0; l < lanes; l++)
        parts[l].count = s[l];
#define WEIGHTED(j) fa_where(w[j] > 0, w[j] * g[j], 0)
    FA_SUM(WEIGHTED);
#undef WEIGHTED
    for (int l = 0; l < lanes; l++)
        parts[l].sum = s[l], parts[l].low = low[l];
}

FA_REDUCE(fa_entmax15_backward_reduce, fa_reduce_roots, b, parts)

FA_INLINE void fa_apply_roots(const fa_block *b, const fa_row *rows, int lanes)
{
    const double *g = (const double *)b->in[0], *y = (const double *)b->in[1];
    double *dx = (double *)b->out, mean[FA_LANES];
    for (int l = 0; l < lanes; l++)
        mean[l] = rows[l].factor;
    FA_EACH
    for (ptrdiff_t k = 0; k < b->count; k++)
        for (int l = 0; l < lanes; l++) {
            double v = y[k * lanes + l];
            double root = __builtin_sqrt(v > 0 ? v : 0);
            dx[k * lanes + l] = fa_where(v > 0, root * (g[k * lanes + l] - mean[l]), v - v); /* 0, or NaN */
        }
}

FA_APPLY(fa_entmax15_backward_apply, fa_apply_roots, b, rows)

/* ---- the functions, for float and for double ---- */

#define FA_ROWS(name, begin, reduce, merge, finish, finishf, apply, keeps)                                             \
    static const fa_kernel fa_##name##_rows = {begin, reduce, merge, finish, apply, keeps};                            \
    static const fa_kernel fa_##name##_rowsf = {begin, reduce##f, merge, finishf, apply##f, keeps};

#define NULLf NULL
FA_ROWS(softmax, fa_temperature, fa_softmax_reduce, fa_merge_weights, fa_softmax_finish, fa_softmax_finishf,
        fa_softmax_apply, 1)
FA_ROWS(safe_softmax, fa_temperature, fa_softmax_reduce, fa_merge_weights, fa_safe_finish, fa_safe_finishf,
        fa_softmax_apply, 1)
FA_ROWS(softmin, fa_temperature, fa_softmin_reduce, fa_merge_weights, fa_softmax_finish, fa_softmax_finishf,
        fa_softmin_apply, 1)
FA_ROWS(sink_softmax, fa_no_temperature, fa_softmax_reduce, fa_merge_weights, fa_sink_finish, fa_sink_finishf,
        fa_softmax_apply, 1)
FA_ROWS(log_softmax, fa_no_temperature, fa_logarithm_reduce, fa_merge_weights, fa_log_softmax_finish,
        fa_log_softmax_finish, fa_log_softmax_apply, 0)
FA_ROWS(logsumexp, fa_no_temperature, fa_logarithm_reduce, fa_merge_weights, fa_logsumexp_finish, fa_logsumexp_finish,
        NULL, 0)
FA_ROWS(logmeanexp, fa_no_temperature, fa_logarithm_reduce, fa_merge_weights, fa_logmeanexp_finish,
        fa_logmeanexp_finish, NULL, 0)
FA_ROWS(hardmax, NULL, fa_top_reduce, fa_merge_tops, fa_hardmax_finish, fa_hardmax_finish, fa_one_hot_apply, 0)
FA_ROWS(maxout, NULL, fa_top_reduce, fa_merge_tops, fa_maxout_finish, fa_maxout_finish, NULL, 0)
FA_ROWS(maxout_backward, NULL, NULL, NULL, fa_maxout_backward_finish, fa_maxout_backward_finish, fa_one_hot_apply, 0)
FA_ROWS(softmax_backward, fa_temperature, fa_softmax_backward_reduce, fa_merge_sums, fa_gradient_finish,
        fa_gradient_finish, fa_softmax_backward_apply, 0)
FA_ROWS(log_softmax_backward, NULL, fa_log_softmax_backward_reduce, fa_merge_sums, fa_gradient_finish,
        fa_gradient_finish, fa_log_softmax_backward_apply, 0)
static const fa_kernel fa_sparsemax_rows = {fa_top_first, fa_sparsemax_reduce, fa_merge_after_tops,
                                            fa_sparsemax_finish, fa_sparsemax_apply, 0};
static const fa_kernel fa_sparsemax_backward_rows = {NULL, fa_sparsemax_backward_reduce, fa_merge_sums,
                                                     fa_mean_finish, fa_sparsemax_backward_apply, 0};
static const fa_kernel fa_entmax15_rows = {fa_top_first, fa_entmax15_reduce, fa_merge_after_tops,
                                           fa_entmax15_finish, fa_entmax15_apply, 0};
static const fa_kernel fa_entmax15_backward_rows = {NULL, fa_entmax15_backward_reduce, fa_merge_sums,
                                                    fa_mean_finish, fa_entmax15_backward_apply, 0};

#endif
