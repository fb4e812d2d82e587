/* Elementwise functions over operands of any layout: blocks of one row, squares of rows that lie beside one another, spans
 * of many rows. No arithmetic and no threads.
 *
 * A kernel's loop runs over contiguous floats or doubles. Other strides, other dtypes and a number against an array are
 * loaded into that shape block by block, in buffers that stay in the first-level cache. So each kernel exists once for
 * float and once for double, and a result has the same bits for any layout.
 *
 * float32 that is computed in double is rounded correctly: the few results that double does not decide are known.
 *
 * 16-bit dtypes have 65,536 numbers. Large arrays of a costly function of one number are looked up in a table, which the
 * first of them makes. */
#include "parts.h"
#include "fpstate.h"
#include "lookup.h"
#include "repeat.h"
#include "rounding.h"

enum {
    BLOCK = 4096, /* bytes of each operand in a block: eight of them fill the smallest first-level cache */
    REFINED = 32, /* results that are computed in double at once */
    NUMBERS = 65536, /* of a 16-bit dtype */
    PIECE = 4096, /* of them are computed at once for a table */
    LARGE = 6144, /* elements for which a table is worth fetching; NumPy's buffers hold a few more */
};

/* All results of a function of one 16-bit number, with the parameters of the call that made it */
typedef struct {
    uint16_t results[NUMBERS];
    uint16_t params[FA_MOST_OPERANDS];
} result_table;

typedef union {
    float f[BLOCK / sizeof(float)];
    double d[BLOCK / sizeof(double)];
} buffer;

/* Computes the results of one output at some places once more, in double. */
static void refine(const fa_job *job, char *const *at, int output, const int32_t *places, ptrdiff_t found)
{
    double space[FA_MOST_OPERANDS][REFINED];
    char *wide[FA_MOST_OPERANDS];
    for (int k = 0; k < job->nargs; k++)
        wide[k] = (char *)space[k];
    for (ptrdiff_t first = 0, count; first < found; first += count) {
        count = found - first < REFINED ? found - first : REFINED;
        ptrdiff_t whole = (count + 7) / 8 * 8; /* vectors, filled with the first one */
        for (int k = 0; k < job->nin; k++)
            for (ptrdiff_t i = 0; i < whole; i++)
                space[k][i] = (double)((const float *)at[k])[places[first + (i < count ? i : 0)]];
        job->in_double(wide, whole);
        for (ptrdiff_t i = 0; i < count; i++)
            ((float *)at[output])[places[first + i]] = job->storage->narrow(space[output][i]);
    }
}

/* The places of products that are so small that one of their factors may be below 2^-126, where a float loses digits. The
   other factors together are taken to be as large as 2^6 times the fourth power of the largest input. */
static ptrdiff_t find_small(const fa_job *job, char *const *at, int output, ptrdiff_t n, int32_t *places)
{
    const float *y = (const float *)at[output];
    float largest = 1;
    ptrdiff_t found = 0;
    for (int k = 0; k < job->nin; k++)
        for (ptrdiff_t i = 0; i < n; i++) {
            float x = ((const float *)at[k])[i], size = x < 0 ? -x : x;
            largest = size > largest ? size : largest;
        }
    double square = (double)largest * (double)largest, least = 0x1p-120 * square * square;
    for (ptrdiff_t i = 0; i < n; i++) {
        places[found] = (int32_t)i;
        found += (double)y[i] <= least && (double)y[i] >= -least;
    }
    return found;
}

/* The loop for a 16-bit dtype: in float, and once more in double where a float may round to the wrong number. What
   overflows in float alone raises no flag. */
static void run_refined(const fa_job *job, char **at, ptrdiff_t n)
{
    int careful = job->product && job->storage->spans_float;
    int32_t places[BLOCK / sizeof(float)];
    fa_state state = fa_get_state();
    if (careful && fa_underflowed())
        fa_enter(state);
    job->loop(at, n);
    careful = careful && fa_underflowed();
    fa_leave(state);
    for (int y = job->nin; y < job->nargs; y++) {
        refine(job, at, y, places, job->storage->find_doubtful(at[y], n, job->margin, places));
        if (careful)
            refine(job, at, y, places, find_small(job, at, y, n, places));
    }
}

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return bits;
}

/* The run of hard cases that has x, or NULL */
static const fa_hard_run *find_run(const fa_hard_cases *hard, float x)
{
    int low = 0, high = hard->count; /* the run begins at low or later, and before high */
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (bits_of(hard->runs[middle].first) <= bits_of(x))
            low = middle;
        else
            high = middle;
    }
    const fa_hard_run *run = &hard->runs[low];
    return bits_of(run->first) <= bits_of(x) && bits_of(x) <= bits_of(run->last) ? run : NULL;
}

/* The result y for x as a double on the right side of the midpoint that it is near */
static double settle(const fa_hard_cases *hard, float x, double y)
{
    const int32_t half = FA_SINGLE_MIDPOINTS.half;
    const fa_hard_run *run = find_run(hard, x);
    double size = y < 0 ? -y : y, least = size < FA_SINGLE_MIDPOINTS.least ? FA_SINGLE_MIDPOINTS.least : 0;
    uint64_t bits;
    size += least;
    memcpy(&bits, &size, 8);
    int32_t beyond = (int32_t)(bits & (2 * (uint64_t)half - 1)) - half; /* the midpoint, in ulp */
    if (run == NULL || (run->first != run->last && (beyond > FA_NEAR || beyond < -FA_NEAR)))
        return y;
    bits += (uint64_t)(int64_t)(run->side - beyond);
    memcpy(&size, &bits, 8);
    return y < 0 ? least - size : size - least;
}

/* The loop for float32 in double, where results that are hard to round are known */
static void run_settled(const fa_job *job, char **at, ptrdiff_t n)
{
    int32_t places[BLOCK / sizeof(double)];
    double *y = (double *)at[job->nin];
    job->loop(at, n);
    ptrdiff_t found = job->storage->find_doubtful(y, n, job->margin, places);
    for (ptrdiff_t i = 0; i < found; i++) {
        int32_t place = places[i];
        int usual = 1;
        for (int k = 1; k < job->nin; k++)
            usual = usual && ((const double *)at[k])[place] == (double)job->defaults[k];
        if (usual)
            y[place] = settle(job->hard, (float)((const double *)at[0])[place], y[place]);
    }
}

static void run_loop(const fa_job *job, char **at, ptrdiff_t n)
{
    if (job->hard != NULL)
        run_settled(job, at, n);
    else if (job->margin > 0)
        run_refined(job, at, n);
    else
        job->loop(at, n);
}

/* Whether the inputs that job->at_ones has not are one number each, 1; not for 16-bit dtypes, which have tables */
static int is_at_ones(const fa_job *job, char *const *args, const ptrdiff_t *steps)
{
    if (job->at_ones == NULL || !fa_is_direct(job->storage))
        return 0;
    for (int k = job->at_ones->nin; k < job->nin; k++)
        if (steps[k] != 0 || (job->storage->real == sizeof(float) ? *(const float *)args[k] : *(const double *)args[k]) != 1)
            return 0;
    return 1;
}

/* One row of any strides, by contiguous blocks */
static void run_row(const fa_job *job, char **args, const ptrdiff_t *steps, ptrdiff_t n)
{
    const fa_storage *storage = job->storage;
    if (is_at_ones(job, args, steps)) {
        char *at[FA_MOST_OPERANDS];
        ptrdiff_t by[FA_MOST_OPERANDS];
        for (int k = 0; k < job->at_ones->nargs; k++) {
            int from = k < job->at_ones->nin ? k : k + job->nin - job->at_ones->nin;
            at[k] = args[from], by[k] = steps[from];
        }
        run_row(job->at_ones, at, by, n);
        return;
    }
    ptrdiff_t size = storage->real, block = BLOCK / size;
    int direct[FA_MOST_OPERANDS], all_direct = fa_is_direct(storage);
    for (int k = 0; k < job->nargs; k++) {
        direct[k] = fa_is_direct(storage) && (steps[k] == size || n == 1);
        all_direct = all_direct && direct[k];
    }
    if (all_direct) {
        job->loop(args, n);
        return;
    }
    buffer space[FA_MOST_OPERANDS];
    char *at[FA_MOST_OPERANDS];
    block = n < block ? n : block;
    if (fa_order_matters(job, args, steps, n))
        block = 1;
    for (int k = 0; k < job->nargs; k++)
        if (!direct[k]) {
            at[k] = (char *)&space[k];
            if (k < job->nin && steps[k] == 0 && block > 1) { /* one number for all */
                storage->load(args[k], 0, at[k], 1);
                fa_repeat(at[k], (size_t)size, block);
            }
        }
    for (ptrdiff_t start = 0, count; start < n; start += count) {
        count = n - start < block ? n - start : block;
        for (int k = 0; k < job->nargs; k++) {
            if (direct[k])
                at[k] = args[k] + start * steps[k];
            else if (k < job->nin && (steps[k] != 0 || block == 1))
                storage->load(args[k] + start * steps[k], steps[k], at[k], count);
        }
        run_loop(job, at, count);
        for (int k = job->nin; k < job->nargs; k++)
            if (!direct[k])
                storage->store(at[k], args[k] + start * steps[k], steps[k], count);
    }
}

/* The results for all 16-bit numbers. An overflow is to be reported at each call: such a function has no table. */
static result_table *make_table(const fa_job *job, char **args)
{
    result_table *table = (result_table *)malloc(sizeof(result_table));
    fa_state caller = fa_get_state();
    uint16_t x[PIECE];
    char *at[FA_MOST_OPERANDS];
    ptrdiff_t steps[FA_MOST_OPERANDS];
    if (table == NULL)
        return NULL;
    for (int k = 0; k < job->nargs; k++) {
        at[k] = args[k], steps[k] = 0;
        table->params[k] = *(const uint16_t *)args[k];
    }
    at[0] = (char *)x, steps[0] = steps[job->nin] = sizeof(uint16_t);
    fa_enter(caller);
    for (int part = 0; part < NUMBERS / PIECE; part++) {
        for (int i = 0; i < PIECE; i++)
            x[i] = (uint16_t)(part * PIECE + i);
        at[job->nin] = (char *)&table->results[part * PIECE];
        run_row(job, at, steps, PIECE);
    }
    if (fa_overflowed() && !job->quiet) {
        free(table);
        table = (result_table *)job->table;
    }
    fa_leave(caller);
    return (result_table *)fa_keep(job->table, table);
}

/* The table that serves a call, or NULL: parameters may vary, or differ from those of the first call. */
static const result_table *find_table(const fa_job *job, char **args, const ptrdiff_t *outer, const ptrdiff_t *inner)
{
    if (!fa_usual_modes())
        return NULL;
    for (int k = 1; k < job->nin; k++)
        if (outer[k] != 0 || inner[k] != 0)
            return NULL;
    result_table *table = (result_table *)fa_kept(job->table);
    if (table == NULL)
        table = make_table(job, args);
    if (table == NULL || table == (result_table *)job->table)
        return NULL;
    for (int k = 1; k < job->nin; k++)
        if (*(const uint16_t *)args[k] != table->params[k])
            return NULL;
    return table;
}

/* One row of any strides, looked up or computed */
static void look_up_or_run(const fa_job *job, const result_table *table, char **args, const ptrdiff_t *steps, ptrdiff_t n)
{
    const ptrdiff_t size = sizeof(uint16_t);
    if (table != NULL && !fa_order_matters(job, args, steps, n))
        fa_look_up(table->results, (const uint16_t *)args[0], steps[0] / size, (uint16_t *)args[job->nin],
                   steps[job->nin] / size, n);
    else
        run_row(job, args, steps, n);
}

/* As many rows as lie beside one another in a cache line, by squares that stay in the first-level cache */
static void run_squares(const fa_job *job, char **args, const ptrdiff_t *outer, const ptrdiff_t *inner, ptrdiff_t n,
                        int rows)
{
    const fa_storage *storage = job->storage;
    buffer space[FA_MOST_OPERANDS];
    char *at[FA_MOST_OPERANDS];
    ptrdiff_t size = storage->real, columns = BLOCK / FA_LINE;
    int lanes = fa_lanes(storage);
    for (int k = 0; k < job->nargs; k++) {
        at[k] = (char *)&space[k];
        if (outer[k] == 0 && inner[k] == 0) {
            storage->load(args[k], 0, at[k], 1);
            fa_repeat(at[k], (size_t)size, columns * lanes);
        }
    }
    for (ptrdiff_t first = 0, count; first < n; first += count) {
        count = n - first < columns ? n - first : columns;
        for (int k = 0; k < job->nin; k++)
            if (outer[k] != 0 || inner[k] != 0)
                storage->load_block(args[k] + first * inner[k], outer[k], inner[k], rows, count, at[k]);
        run_loop(job, at, count * lanes);
        for (int k = job->nin; k < job->nargs; k++)
            storage->store_block(at[k], args[k] + first * inner[k], outer[k], inner[k], rows, count);
    }
}

void fa_run(const fa_job *job, char **args, const ptrdiff_t *outer, const ptrdiff_t *inner, ptrdiff_t n, ptrdiff_t begin,
            ptrdiff_t end)
{
    char *at[FA_MOST_OPERANDS];
    const result_table *table = NULL;
    int lanes = 0;
    if (job->table != NULL && end - begin >= LARGE)
        table = find_table(job, args, outer, inner);
    if (job->rowwise && table == NULL && fa_is_transposed(outer, inner, job->nargs))
        lanes = fa_lanes(job->storage);
    for (ptrdiff_t count; begin < end; begin += count) {
        ptrdiff_t column = begin % n, whole = column == 0 ? (end - begin) / n : 0;
        int rows = (int)(lanes < whole ? lanes : whole);
        count = n - column < end - begin ? n - column : end - begin;
        for (int k = 0; k < job->nargs; k++)
            at[k] = args[k] + begin / n * outer[k] + column * inner[k];
        if (2 * rows > lanes) { /* fewer cost as much as a whole block */
            count = n * rows;
            run_squares(job, at, outer, inner, n, rows);
        } else {
            look_up_or_run(job, table, at, inner, count);
        }
    }
}
