/* The functions along an axis as tables of what rowmath.h computes, and those that are double for every dtype. Included by
   rowmath.h. */
#ifndef FASTACT_ROWKERNELS_H
#define FASTACT_ROWKERNELS_H

/* ---- parts of one row ---- */

static void fa_merge_sums(fa_part *a, const fa_part *b)
{
    fa_add(&a->sum, &a->low, b->sum);
    a->low += b->low;
    a->count += b->count;
}

static void fa_merge_means(fa_part *a, const fa_part *b)
{
    fa_add(&a->sum, &a->low, b->sum);
    a->low += b->low;
    a->count_low += b->count_low;
    fa_add(&a->count, &a->count_low, b->count);
}

/* ---- sums of gradients ---- */

static int fa_gradient_finish(fa_row_state *s, ptrdiff_t n, int rows)
{
    (void)n;
    for (int l = 0; l < rows; l++)
        s->factor.d[l] = s->sum.d[l] + s->low.d[l];
    return FA_DONE;
}

/* ---- sparsemax and entmax, in double ----
 * z is x - m, m the largest element, or half of that. tau of sparsemax is the zero of sum(max(z - tau, 0)) - 1, and that
 * of entmax of order 1.5 is where the norm of max(z - tau, 0) is 1. Both are convex and fall, the norm nearly as a line:
 * Newton's method from the left goes up to tau without passing it. For sparsemax it is tau = (sum of the elements above
 * tau - 1)/(their number), and is there when the number stays; for entmax it is when tau rises no more. None that is
 * smaller than the largest by 1 is above tau. */

#define DONE 0.0

/* NaN or infinite: no element is above, and the row is NaN */
static void fa_begin_search(fa_row_state *s, int rows)
{
    for (int l = 0; l < rows; l++)
        s->before.d[l] = (double)INFINITY, s->factor.d[l] = -1;
}

FA_INLINE void fa_sum_above(const fa_block *b, fa_row_state *s, int halves, int beside)
{
    double none[FA_MOST_ROWS];
    if (halves) {
        fa_sum(b, s, s->count.d, none, HALF_ABOVE, beside);
        fa_sum(b, s, s->sum.d, s->low.d, HALF_SQUARE, beside);
    } else {
        fa_sum(b, s, s->count.d, none, ABOVE_COUNT, beside);
        fa_sum(b, s, s->sum.d, s->low.d, ABOVE, beside);
    }
}

FA_REDUCE(fa_sparsemax_reduce, fa_sum_above, 0)
FA_REDUCE(fa_entmax15_reduce, fa_sum_above, 1)

static int fa_sparsemax_finish(fa_row_state *s, ptrdiff_t n, int rows)
{
    int again = 0;
    (void)n;
    for (int l = 0; l < rows; l++) {
        double count = s->count.d[l], sum = s->sum.d[l], low = s->low.d[l];
        again |= (count < s->before.d[l]) & (count > 0);
        s->before.d[l] = count;
        fa_add(&sum, &low, -1);
        sum = fa_divide_sums(sum, low, count, 0, &s->factor_lo.d[l]);
        s->factor.d[l] = count > 0 ? sum : (double)NAN;
    }
    return again ? FA_AGAIN : FA_DONE;
}

/* A row that has its tau keeps it, whatever those beside it still need */
static int fa_entmax15_finish(fa_row_state *s, ptrdiff_t n, int rows)
{
    int again = 0;
    (void)n;
    for (int l = 0; l < rows; l++) {
        double norm = __builtin_sqrt(s->sum.d[l]), tau = s->factor.d[l];
        double step = ((s->sum.d[l] - 1) + s->low.d[l]) * norm / ((norm + 1) * s->count.d[l]);
        if (s->before.d[l] == DONE)
            continue;
        s->factor.d[l] = tau + step;
        s->factor_lo.d[l] = (tau - s->factor.d[l]) + step;
        s->before.d[l] = s->factor.d[l] > tau ? s->before.d[l] : DONE; /* for NaN, too */
        again |= s->before.d[l] != DONE;
    }
    return again ? FA_AGAIN : FA_DONE;
}

#define FA_VD(mask, v) ((fa_vd)((fa_bits_vd)(mask) & (fa_bits_vd)(v)))

/* max(z - tau, 0), where c is m and tau as a sum of two numbers; with its rounding in *low */
FA_INLINE fa_vd fa_above(fa_vd z, const fa_vd *c, fa_vd *low)
{
    fa_vd above = z - c[1], back = above - z, rest = ((z - (above - back)) - (c[1] + back)) - c[2], v = above + rest;
    fa_bits_vd none = (fa_bits_vd)(above < 0) | (fa_bits_vd)(v < 0);
    *low = FA_VD(~none, rest + (above - v));
    return FA_VD(~none, v);
}

FA_INLINE fa_vd fa_sparsemax_of(fa_vd x, fa_vd same, const fa_vd *c)
{
    (void)same;
    return fa_above(x - c[0], c, &same);
}

/* z - tau keeps its rounding: 2.8 ulp in the squares instead of 4.8 */
FA_INLINE fa_vd fa_entmax15_of(fa_vd x, fa_vd low, const fa_vd *c)
{
    fa_vd v = fa_above((x - c[0]) * 0.5, c, &low);
    return fa_vfma(v, v, 2 * v * low);
}

/* Where y is positive: sum and number of the gradients; or, for entmax, their sum times the roots of y, and as `count`
   the sum of the roots */
FA_INLINE void fa_sum_support(const fa_block *b, fa_row_state *s, int roots, int beside)
{
    fa_sum(b, s, s->count.d, s->count_low.d, roots ? ROOT : SUPPORT_COUNT, beside);
    fa_sum(b, s, s->sum.d, s->low.d, roots ? ROOT_PRODUCT : SUPPORT, beside);
}

FA_REDUCE(fa_sparsemax_backward_reduce, fa_sum_support, 0)
FA_REDUCE(fa_entmax15_backward_reduce, fa_sum_support, 1)

static int fa_mean_finish(fa_row_state *s, ptrdiff_t n, int rows)
{
    (void)n;
    for (int l = 0; l < rows; l++)
        s->factor.d[l] =
            fa_divide_sums(s->sum.d[l], s->low.d[l], s->count.d[l], s->count_low.d[l], &s->factor_lo.d[l]);
    return FA_DONE;
}

/* root(y) (grad - mean) where y is positive; 0 or NaN elsewhere. What is not used must not overflow. */
FA_INLINE fa_vd fa_support_slope(fa_vd g, fa_vd y, const fa_vd *c, int roots)
{
    fa_bits_vd supported = (fa_bits_vd)(y > 0);
    fa_vd d = FA_VD(supported, g) - FA_VD(supported, c[0]);
    d = d - FA_VD(supported, c[1]);
    d = roots ? fa_vsqrt(FA_VD(supported, y)) * d : d;
    return (fa_vd)((supported & (fa_bits_vd)d) | (~supported & (fa_bits_vd)(y - y)));
}

FA_INLINE fa_vd fa_sparsemax_slope(fa_vd g, fa_vd y, const fa_vd *c) { return fa_support_slope(g, y, c, 0); }
FA_INLINE fa_vd fa_entmax15_slope(fa_vd g, fa_vd y, const fa_vd *c) { return fa_support_slope(g, y, c, 1); }

FA_INLINE void fa_apply_sparse(const fa_block *b, const fa_row_state *s, int halves, int beside)
{
    if (halves)
        FA_EACH_VECTOR(b, b->in[0], b->in[0], b->out, beside, s->top.d, s->factor.d, s->factor_lo.d, fa_entmax15_of);
    else
        FA_EACH_VECTOR(b, b->in[0], b->in[0], b->out, beside, s->top.d, s->factor.d, s->factor_lo.d, fa_sparsemax_of);
}

FA_INLINE void fa_apply_support(const fa_block *b, const fa_row_state *s, int roots, int beside)
{
    const double *mean = s->factor.d, *low = s->factor_lo.d;
    if (roots)
        FA_EACH_VECTOR(b, b->in[0], b->in[1], b->out, beside, mean, low, low, fa_entmax15_slope);
    else
        FA_EACH_VECTOR(b, b->in[0], b->in[1], b->out, beside, mean, low, low, fa_sparsemax_slope);
}

FA_APPLY(fa_sparsemax_apply, fa_apply_sparse, 0)
FA_APPLY(fa_entmax15_apply, fa_apply_sparse, 1)
FA_APPLY(fa_sparsemax_backward_apply, fa_apply_support, 0)
FA_APPLY(fa_entmax15_backward_apply, fa_apply_support, 1)

/* ---- the functions, for float and for double; NULL where float32 is computed in double ---- */

#define NULLf NULL
#define fa_gradient_finishf fa_gradient_finish
#define FA_IN_DOUBLE(name, begin, top, reduce, merge, finish, apply)                                                   \
    static const fa_row_kernel fa_##name##_rows = {begin, top, reduce, merge, finish, apply, 0, 1};
#define FA_IN_BOTH(name, begin, top, reduce, merge, finish, apply, keeps, wide)                                        \
    static const fa_row_kernel fa_##name##_rows = {begin, top, reduce, merge, finish, apply, keeps, wide};             \
    static const fa_row_kernel fa_##name##_rowsf = {begin##f, top##f, reduce##f, merge, finish##f, apply##f, keeps, wide};

FA_IN_BOTH(softmax, fa_temperature, fa_top, fa_softmax_reduce, fa_merge_sums, fa_softmax_finish, fa_softmax_apply, 1, 0)
FA_IN_BOTH(safe_softmax, fa_temperature, fa_top, fa_softmax_reduce, fa_merge_sums, fa_safe_finish, fa_softmax_apply, 1, 0)
FA_IN_BOTH(softmin, fa_temperature, fa_bottom, fa_softmin_reduce, fa_merge_sums, fa_softmax_finish, fa_softmin_apply, 1, 0)
FA_IN_BOTH(sink_softmax, fa_no_temperature, fa_top_and_sink, fa_softmax_reduce, fa_merge_sums, fa_sink_finish,
           fa_softmax_apply, 1, 0)
FA_IN_BOTH(log_softmax, fa_no_temperature, fa_top, fa_logarithm_reduce, fa_merge_sums, fa_log_softmax_finish,
           fa_log_softmax_apply, 0, 0)
FA_IN_BOTH(logsumexp, fa_no_temperature, fa_top, fa_logarithm_reduce, fa_merge_sums, fa_logsumexp_finish, NULL, 0, 0)
FA_IN_BOTH(logmeanexp, fa_no_temperature, fa_top, fa_logarithm_reduce, fa_merge_sums, fa_logmeanexp_finish, NULL, 0, 0)
FA_IN_BOTH(hardmax, NULL, fa_which, NULL, NULL, fa_hardmax_finish, fa_one_hot_apply, 0, 0)
FA_IN_BOTH(maxout, NULL, fa_which, NULL, NULL, fa_maxout_finish, NULL, 0, 0)
FA_IN_BOTH(maxout_backward, NULL, NULL, NULL, NULL, fa_maxout_backward_finish, fa_one_hot_apply, 0, 0)
FA_IN_BOTH(softmax_backward, fa_temperature, NULL, fa_softmax_backward_reduce, fa_merge_sums, fa_gradient_finish,
           fa_softmax_backward_apply, 0, 1)
FA_IN_BOTH(log_softmax_backward, NULL, NULL, fa_log_softmax_backward_reduce, fa_merge_sums, fa_gradient_finish,
           fa_log_softmax_backward_apply, 0, 1)
FA_IN_DOUBLE(sparsemax, fa_begin_search, fa_strict_top, fa_sparsemax_reduce, fa_merge_sums, fa_sparsemax_finish,
             fa_sparsemax_apply)
FA_IN_DOUBLE(entmax15, fa_begin_search, fa_strict_top, fa_entmax15_reduce, fa_merge_sums, fa_entmax15_finish,
             fa_entmax15_apply)
FA_IN_DOUBLE(sparsemax_backward, NULL, NULL, fa_sparsemax_backward_reduce, fa_merge_means, fa_mean_finish,
             fa_sparsemax_backward_apply)
FA_IN_DOUBLE(entmax15_backward, NULL, NULL, fa_entmax15_backward_reduce, fa_merge_means, fa_mean_finish,
             fa_entmax15_backward_apply)

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
