/* What a level exports: the contract between kernels/, which is compiled once a level, and core/, which is compiled once.
 *
 * core/ makes ufuncs of the loops, shares work among threads and calls `run` and `run_rows` with a share each. A level
 * knows neither Python nor threads. Both read the jobs below, which core/ writes. */
#ifndef FASTACT_LEVEL_H
#define FASTACT_LEVEL_H
#include "storage.h"

#define FA_MOST_OPERANDS 8 /* inputs and outputs of one ufunc */

/* ---- elementwise functions ---- */

/* A kernel over n contiguous floats or doubles of each operand: inputs, then outputs */
typedef void (*fa_loop)(char **args, ptrdiff_t n);

typedef struct {
    const char *name; /* NULL ends a list */
    fa_loop in_float, in_double;
} fa_loops;

typedef const fa_loops *(*fa_list)(void); /* returns a list */

/* float32 results that a double does not decide, since they are so near to a midpoint between two floats. For an input
   from `first` to `last`, in the order of their bits, the result lies on this side of the midpoint: 1 away from zero, -1
   towards it, 0 for the midpoint itself. A run of more than one input tells this of those alone whose results in double
   are within FA_NEAR ulp of the midpoint. */
typedef struct {
    float first, last;
    int side;
} fa_hard_run;

#define FA_NEAR 8

typedef struct {
    const char *name; /* NULL ends a list */
    const fa_hard_run *runs;
    int count;
    int32_t margin; /* results that are nearer to a midpoint than so many ulp, a power of 2, are looked up */
} fa_hard_cases;

/* What a ufunc keeps for one dtype */
typedef struct fa_job {
    const struct fa_level *level;
    const fa_storage *storage;
    fa_loop loop, in_double; /* the latter for 16-bit results that are nearer to a midpoint than `margin` ulp of float */
    const fa_hard_cases *hard; /* float32 in double: what rounding such results needs, with the default parameters */
    float defaults[FA_MOST_OPERANDS]; /* of the inputs that are parameters */
    int32_t margin;
    int product; /* whether results are products of factors, which may underflow */
    int nin, nargs;
    const struct fa_job *at_ones; /* the same with the last inputs left out, which are 1; or NULL */
    void **table; /* 16-bit dtypes: where all results are kept, of a costly function of one number; itself: has none */
    ptrdiff_t grain; /* least number of elements that is worth a thread */
    int rowwise; /* signature (n),...->(n): an outer and an inner dimension */
    int quiet; /* overflow happens only on the way to a result, and is not reported */
} fa_job;

/* ---- functions along an axis ---- */

#define FA_CHUNK 2048 /* elements that are folded at once; their exponentials stay in the first-level cache */
#define FA_SPAN 32768 /* elements that are one share of work within a long row: 16 chunks */
#define FA_MOST_LANES 16 /* rows in a block: a cache line of floats */

/* Summary of a part of one row. Which fields mean something is the function's business. */
typedef struct {
    double top; /* largest element; NaN if one is, but for softmax, whose sum is NaN then */
    double sum, low; /* sum of what the function sums, without what `count` counts; what the sum has lost */
    double count, count_low; /* the latter where `count` is another sum, and only there */
    ptrdiff_t which; /* index of the first that is `top` */
} fa_part;

typedef struct {
    fa_part part;
    double scalar; /* the scalar that comes with the row: temperature, sink, gradient */
    double rate, rate_lo; /* 1/temperature as a sum of two numbers */
    double factor, factor_lo; /* what `apply` needs, as a sum of two numbers; or the scalar result. tau of sparsemax */
    double before; /* sparsemax: size of the support in the last pass; of it and entmax15, FIND_TOP or DONE */
    double shift; /* what is subtracted from the elements */
} fa_row;

typedef struct {
    const void *in[2];
    void *out; /* may be one of the inputs */
    void *work; /* count*lanes numbers, where `reduce` may leave what `apply` can use; may be `out`, and an input */
    double *scratch; /* as many where a row has fewer than 256 elements, half as many otherwise */
    ptrdiff_t count, first; /* elements in this block; index of the first */
    int lanes, kept; /* whether `work` is what `reduce` left of this very block */
    double tops[FA_MOST_LANES]; /* and the largest elements of the block that it found */
} fa_block;

/* A function of rows: `reduce` leaves a summary of a block, `merge` joins two, `finish` turns them into the constants of
   the row and may ask for another pass, `apply` writes the results of a block. */
typedef struct {
    void (*begin)(fa_row *row); /* each may be NULL but apply, or finish where there is no row to write */
    void (*reduce)(const fa_block *b, const fa_row *rows, fa_part *parts);
    void (*merge)(const fa_row *row, fa_part *a, const fa_part *b);
    int (*finish)(fa_row *rows, ptrdiff_t n, int lanes);
    void (*apply)(const fa_block *b, const fa_row *rows);
    int keeps; /* whether `apply` can use what `reduce` leaves in `work` */
} fa_row_kernel;

enum { FA_DONE, FA_AGAIN }; /* what finish says: apply, or reduce once more */

typedef struct {
    const char *name; /* NULL ends a list */
    const fa_row_kernel *in_float, *in_double;
} fa_row_kernels;

typedef enum {
    FA_ROW_IN, /* along the axis */
    FA_ROW_OUT,
    FA_VALUE_IN, /* one number a row, of the function's dtype */
    FA_VALUE_OUT,
    FA_SCALAR_IN, /* one double a row */
    FA_INDEX_IN, /* one integer a row */
    FA_INDEX_OUT,
} fa_operand;

/* What a gufunc keeps for one dtype */
typedef struct {
    const struct fa_level *level;
    const fa_storage *storage;
    const fa_storage *value; /* the same dtype, computed in double: of the numbers that come once a row */
    const fa_row_kernel *kernel;
    int nin, nargs;
    fa_operand operands[FA_MOST_OPERANDS];
    ptrdiff_t grain; /* as in fa_job */
    int quiet;
} fa_row_job;

/* The rows of one call */
typedef struct {
    const fa_row_job *job;
    char *args[FA_MOST_OPERANDS];
    ptrdiff_t outer[FA_MOST_OPERANDS], inner[FA_MOST_OPERANDS]; /* bytes from row to row, and along a row */
    ptrdiff_t n; /* elements of a row */
    int shared; /* whether all rows have the same scalars */
} fa_rows;

/* ---- the level ---- */

typedef struct fa_level {
    const char *name, *flags;
    int fma; /* whether it has fused multiply-adds */
    const fa_storage *storages; /* FA_STORAGES of them */
    const fa_list *loops; /* one a file of kernels; NULL ends */
    const fa_row_kernels *row_kernels;
    /* Elements `begin` to `end` of rows of n elements, counted through all the rows; `outer` and `inner` are strides */
    void (*run)(const fa_job *job, char **args, const ptrdiff_t *outer, const ptrdiff_t *inner, ptrdiff_t n,
                ptrdiff_t begin, ptrdiff_t end);
    /* Rows `begin` to `end` */
    void (*run_rows)(const fa_rows *rows, ptrdiff_t begin, ptrdiff_t end);
    /* One row in spans of FA_SPAN elements: its scalars; a summary of the span that begins at `begin`; its results */
    void (*begin_row)(const fa_rows *rows, ptrdiff_t row, fa_row *result);
    void (*summarise_span)(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row *result, fa_part *summary,
                           double *tops);
    void (*write_span)(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row *result, const double *tops);
    void (*write_values)(const fa_rows *rows, ptrdiff_t row, int count, const fa_row *results);
    double *(*room_for_tops)(const fa_rows *rows);
} fa_level;

#define FA_CAPSULE "fastact.level" /* of the capsule that a level's module has as `level` */

/* ---- what both sides ask of operands ---- */

static inline ptrdiff_t fa_distance_of(ptrdiff_t step) { return step < 0 ? -step : step; }

/* Whether the rows of an operand lie beside one another, as those of a transposed array */
static inline int fa_is_transposed(const ptrdiff_t *outer, const ptrdiff_t *inner, int nargs)
{
    for (int k = 0; k < nargs; k++)
        if (outer[k] != 0 && fa_distance_of(outer[k]) < fa_distance_of(inner[k]))
            return 1;
    return 0;
}

/* Whether no element of x lies where another element of y is written: nowhere near, or exactly in place */
static inline int fa_no_overlap(const char *x, ptrdiff_t dx, const char *y, ptrdiff_t dy, ptrdiff_t n)
{
    const char *x_end = x + (n - 1) * dx, *y_end = y + (n - 1) * dy;
    if (x == y && dx == dy && dy != 0)
        return 1;
    return (x > x_end ? x : x_end) < (y < y_end ? y : y_end) || (y > y_end ? y : y_end) < (x < x_end ? x : x_end);
}

/* Whether the order of elements matters: `reduce` and `accumulate` read what they have just written, and outputs may lie
   over one another or over themselves. */
static inline int fa_order_matters(const fa_job *job, char *const *args, const ptrdiff_t *steps, ptrdiff_t n)
{
    for (int y = job->nin; y < job->nargs; y++) {
        if (steps[y] == 0 && n > 1)
            return 1;
        for (int k = 0; k < y; k++)
            if ((k >= job->nin && args[k] == args[y]) || !fa_no_overlap(args[k], steps[k], args[y], steps[y], n))
                return 1;
    }
    return 0;
}

#endif
