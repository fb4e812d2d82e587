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

#define FA_CHUNK 2048 /* elements of a row that are summed at once; they stay in the first-level cache */
#define FA_SPAN 32768 /* elements that are one share of work within a long row: 16 chunks */
#define FA_MOST_ROWS 256 /* rows in a block */

/* A number for each row of a block, of the type that it is computed in */
typedef union {
    float f[FA_MOST_ROWS];
    double d[FA_MOST_ROWS];
} fa_numbers;

/* What is known of the rows of a block. Which fields mean something is the function's business. */
typedef struct {
    fa_numbers scalar; /* what comes with the rows, as doubles: temperature, sink, gradient */
    fa_numbers rate, rate_lo; /* 1/temperature as a sum of two numbers, where `tempered` */
    fa_numbers top; /* the largest element that is a number, or NaN where the function takes note of NaN */
    fa_numbers sum, low; /* of what the function sums, as a sum of two numbers */
    fa_numbers count, count_low; /* the latter where `count` is another sum */
    fa_numbers factor, factor_lo; /* what `apply` needs, as a sum of two numbers; or the scalar result. tau of sparsemax */
    fa_numbers before; /* sparsemax: size of the support in the last pass */
    ptrdiff_t which[FA_MOST_ROWS]; /* index of the first that is `top` */
    int tempered, alike; /* whether all rows have the same scalar */
} fa_row_state;

/* Summary of a part of one row */
typedef struct {
    double top, sum, low, count, count_low;
    ptrdiff_t which;
} fa_part;

/* Where the elements of a block are. Rows side by side, a cache line of them being a unit: element k of a row is k*step
   after the first. Rows one after another, each a unit of contiguous elements. Units are `unit` elements apart. */
typedef struct {
    void *at;
    ptrdiff_t step, unit;
} fa_view;

typedef struct {
    fa_view in[2], out; /* `out` may be one of the inputs */
    fa_view work; /* where `reduce` may leave what `apply` can use; may be `out`, and an input */
    ptrdiff_t count, first; /* elements of a row in this block; index of the first */
    int rows, beside; /* how many, up to FA_MOST_ROWS: side by side whole units of them; whether they are side by side */
    int kept; /* whether `work` is what `reduce` left of this very block */
} fa_block;

/* A function of rows: `top` finds the largest elements of a block, `reduce` sums, `merge` joins what one row has of two
   parts, `finish` turns sums into the constants of the rows and may ask for another pass, `apply` writes the results. */
typedef struct {
    void (*begin)(fa_row_state *s, int rows); /* each may be NULL but finish */
    void (*top)(const fa_block *b, fa_row_state *s);
    void (*reduce)(const fa_block *b, fa_row_state *s);
    void (*merge)(fa_part *a, const fa_part *b);
    int (*finish)(fa_row_state *s, ptrdiff_t n, int rows);
    void (*apply)(const fa_block *b, const fa_row_state *s);
    int keeps; /* whether `apply` can use what `reduce` leaves in `work` */
    int wide; /* whether the sums are doubles for float, too */
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
    /* One row in spans of FA_SPAN elements: its scalars; a summary of the span that begins at `begin`, of the largest
       element where `tops`; all summaries joined in order, and FA_AGAIN where another pass is needed; its results */
    void (*begin_row)(const fa_rows *rows, ptrdiff_t row, fa_row_state *s);
    void (*summarise_span)(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row_state *s, int tops,
                           fa_part *summary);
    int (*join_spans)(const fa_rows *rows, fa_part *summaries, int tops, fa_row_state *s);
    void (*write_span)(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row_state *s);
    void (*write_values)(const fa_rows *rows, ptrdiff_t row, int count, const fa_row_state *s);
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
