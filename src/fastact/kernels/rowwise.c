/* Functions along an axis, over rows of any layout, by blocks that stay in the cache. No arithmetic and no threads.
 *
 * A contiguous row is read where it lies. Short rows, and rows that lie beside one another (any axis but the last), are
 * loaded as many at a time as fill a cache line, interleaved; other strided rows a chunk at a time. What is computed
 * (rowmath.h) does not see the difference. There are two passes over a row: one that summarises it, one that writes. A row
 * that is no longer than a chunk is read once; a longer one keeps its exponentials in the output where that is contiguous. */
#include "parts.h"
#include <stdlib.h>
#include <string.h>
#include "rowmath.h"

enum {
    SHORT = 512, /* bytes; rows up to here are computed several at a time: alone they leave registers empty */
};

/* Memory for a chunk of one row */
typedef struct {
    double input[2][FA_CHUNK], work[FA_CHUNK], out[FA_CHUNK], scratch[FA_CHUNK / 2];
} chunk_space;

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

/* Whether a row of operand k is contiguous numbers of arithmetic */
static int is_direct(const fa_rows *rows, int k)
{
    const fa_storage *storage = rows->job->storage;
    return fa_is_direct(storage) && (rows->inner[k] == storage->real || rows->n == 1);
}

/* n elements of `count` rows, interleaved; of one row where lanes is 1 */
static void load_rows(const fa_rows *rows, int k, ptrdiff_t row, ptrdiff_t first, ptrdiff_t n, int count, int lanes,
                      void *to)
{
    ptrdiff_t outer = rows->outer[k], inner = rows->inner[k];
    const char *x = rows->args[k] + row * outer + first * inner;
    if (lanes == 1)
        rows->job->storage->load(x, inner, to, n);
    else
        rows->job->storage->load_block(x, outer, inner, count, n, to);
}

static void store_rows(const fa_rows *rows, int k, ptrdiff_t row, ptrdiff_t first, ptrdiff_t n, int count, int lanes,
                       const void *from)
{
    ptrdiff_t outer = rows->outer[k], inner = rows->inner[k];
    char *to = rows->args[k] + row * outer + first * inner;
    if (lanes == 1)
        rows->job->storage->store(from, to, inner, n);
    else
        rows->job->storage->store_block(from, to, outer, inner, count, n);
}

/* What comes with the rows; lanes beyond the last repeat it */
static void read_values(const fa_rows *rows, ptrdiff_t row, int count, int lanes, fa_row *to)
{
    const fa_row_job *job = rows->job;
    for (int l = 0; l < lanes; l++) {
        if (l > 0 && rows->shared) {
            to[l] = to[0];
            continue;
        }
        memset(&to[l], 0, sizeof(fa_row));
        for (int k = 0; k < job->nin; k++) {
            const char *at = rows->args[k] + (row + least(l, count - 1)) * rows->outer[k];
            if (job->operands[k] == FA_SCALAR_IN)
                to[l].scalar = *(const double *)at;
            else if (job->operands[k] == FA_INDEX_IN)
                to[l].part.which = *(const ptrdiff_t *)at;
            else if (job->operands[k] == FA_VALUE_IN)
                job->value->load(at, 0, &to[l].scalar, 1);
        }
        if (job->kernel->begin != NULL)
            job->kernel->begin(&to[l]);
    }
}

/* The results that are one number a row */
void fa_write_values(const fa_rows *rows, ptrdiff_t row, int count, const fa_row *results)
{
    const fa_row_job *job = rows->job;
    for (int k = job->nin; k < job->nargs; k++)
        for (int l = 0; l < count && job->operands[k] != FA_ROW_OUT; l++) {
            char *at = rows->args[k] + (row + l) * rows->outer[k];
            if (job->operands[k] == FA_INDEX_OUT)
                *(ptrdiff_t *)at = results[l].part.which;
            else
                job->value->store(&results[l].factor, at, 0, 1);
        }
}

/* The inputs of a block: where they lie, or loaded into `input` */
static void load(const fa_rows *rows, fa_block *b, ptrdiff_t row, ptrdiff_t first, ptrdiff_t n, int count, void **input)
{
    int i = 0;
    b->first = first, b->count = n;
    for (int k = 0; k < rows->job->nin; k++)
        if (rows->job->operands[k] == FA_ROW_IN) {
            if (b->lanes == 1 && is_direct(rows, k)) {
                b->in[i] = rows->args[k] + row * rows->outer[k] + first * rows->inner[k];
            } else {
                load_rows(rows, k, row, first, n, count, b->lanes, input[i]);
                b->in[i] = input[i];
            }
            i++;
        }
}

static void merge(const fa_row_job *job, const fa_row *results, fa_part *total, const fa_part *part, int first, int lanes)
{
    for (int l = 0; l < lanes; l++) {
        if (first)
            total[l] = part[l];
        else
            job->kernel->merge(&results[l], &total[l], &part[l]);
    }
}

/* The operand that is written by rows */
static int output(const fa_rows *rows)
{
    int k = rows->job->nin;
    while (rows->job->operands[k] != FA_ROW_OUT)
        k++;
    return k;
}

/* Where a long row can keep its exponentials in the output until they are scaled: room for the largest element of each
   chunk. They are computed again where there is none. */
double *fa_room_for_tops(const fa_rows *rows)
{
    if (rows->job->kernel->keeps && is_direct(rows, output(rows)))
        return (double *)malloc((size_t)(rows->n / FA_CHUNK + 1) * sizeof(double));
    return NULL;
}

static void *chunk_of_output(const fa_rows *rows, ptrdiff_t row, ptrdiff_t first)
{
    int k = output(rows);
    return rows->args[k] + row * rows->outer[k] + first * rows->inner[k];
}

/* One span of the rows, from `begin`: its chunks from the first to the last */
static void summarise(const fa_rows *rows, fa_block *b, void **input, ptrdiff_t row, ptrdiff_t begin, int count,
                      const fa_row *results, fa_part *span, double *tops)
{
    fa_part part[FA_MOST_LANES];
    ptrdiff_t end = least(rows->n, begin + FA_SPAN);
    for (ptrdiff_t first = begin; first < end; first += FA_CHUNK) {
        load(rows, b, row, first, least(FA_CHUNK, end - first), count, input);
        if (tops != NULL)
            b->work = chunk_of_output(rows, row, first);
        rows->job->kernel->reduce(b, results, part);
        if (tops != NULL)
            tops[first / FA_CHUNK] = part[0].top;
        merge(rows->job, results, span, part, first == begin, b->lanes);
    }
}

/* The results from `begin` to `end`. Where `loaded`, the block is in place; with `tops`, so are exponentials. */
static void write_rows(const fa_rows *rows, fa_block *b, void **input, void *out, ptrdiff_t row, ptrdiff_t begin,
                       ptrdiff_t end, int count, const fa_row *results, int loaded, const double *tops)
{
    int k = output(rows);
    for (ptrdiff_t first = begin, n; first < end; first += n) {
        n = least(FA_CHUNK, end - first);
        if (tops != NULL) {
            b->work = chunk_of_output(rows, row, first), b->count = n, b->first = first, b->kept = 1;
            b->tops[0] = tops[first / FA_CHUNK];
        } else if (!loaded) {
            load(rows, b, row, first, n, count, input);
        }
        if (b->lanes == 1 && is_direct(rows, k)) {
            b->out = chunk_of_output(rows, row, first);
            rows->job->kernel->apply(b, results);
        } else {
            b->out = out;
            rows->job->kernel->apply(b, results);
            store_rows(rows, k, row, first, n, count, b->lanes, out);
        }
    }
}

/* Everything before the output, of rows that are one chunk */
static void summarise_short(const fa_rows *rows, fa_block *b, void **input, ptrdiff_t row, int count, fa_row *results)
{
    fa_part total[FA_MOST_LANES];
    int state = FA_AGAIN;
    load(rows, b, row, 0, rows->n, count, input);
    while (state == FA_AGAIN) {
        if (rows->job->kernel->reduce != NULL && rows->n) {
            rows->job->kernel->reduce(b, results, total);
            for (int l = 0; l < b->lanes; l++) {
                results[l].part = total[l];
                b->tops[l] = total[l].top;
            }
        }
        state = rows->job->kernel->finish(results, rows->n, b->lanes);
    }
    b->kept = 1;
}

/* The same of longer ones */
static void summarise_long(const fa_rows *rows, fa_block *b, void **input, ptrdiff_t row, int count, fa_row *results,
                           double *tops)
{
    fa_part total[FA_MOST_LANES], span[FA_MOST_LANES];
    int state = FA_AGAIN;
    while (state == FA_AGAIN) {
        if (rows->job->kernel->reduce != NULL) {
            for (ptrdiff_t begin = 0; begin < rows->n; begin += FA_SPAN) {
                summarise(rows, b, input, row, begin, count, results, span, tops);
                merge(rows->job, results, total, span, begin == 0, b->lanes);
            }
            for (int l = 0; l < b->lanes; l++)
                results[l].part = total[l];
        }
        state = rows->job->kernel->finish(results, rows->n, b->lanes);
    }
    b->kept = 0;
}

/* `count` rows as one block of lanes */
static void run_block(const fa_rows *rows, fa_block *b, void **input, void *out, ptrdiff_t row, int count)
{
    fa_row results[FA_MOST_LANES];
    void *work = b->work;
    int single = rows->n <= FA_CHUNK;
    double *tops = NULL;
    read_values(rows, row, count, b->lanes, results);
    if (single) {
        summarise_short(rows, b, input, row, count, results);
    } else {
        if (b->lanes == 1)
            tops = fa_room_for_tops(rows);
        summarise_long(rows, b, input, row, count, results, tops);
    }
    if (rows->job->kernel->apply != NULL)
        write_rows(rows, b, input, out, row, 0, rows->n, count, results, single, tops);
    fa_write_values(rows, row, count, results);
    b->work = work;
    free(tops);
}

/* A block of one row in `space` */
static void use(chunk_space *space, fa_block *b, void **input)
{
    input[0] = space->input[0], input[1] = space->input[1];
    b->work = space->work, b->scratch = space->scratch, b->lanes = 1, b->kept = 0;
}

static void run_one_by_one(const fa_rows *rows, ptrdiff_t begin, ptrdiff_t end)
{
    chunk_space space;
    void *input[2];
    fa_block b;
    use(&space, &b, input);
    for (; begin < end; begin++)
        run_block(rows, &b, input, space.out, begin, 1);
}

void fa_begin_row(const fa_rows *rows, ptrdiff_t row, fa_row *result) { read_values(rows, row, 1, 1, result); }

void fa_summarise_span(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row *result, fa_part *summary,
                       double *tops)
{
    chunk_space space;
    void *input[2];
    fa_block b;
    use(&space, &b, input);
    summarise(rows, &b, input, row, begin, 1, result, summary, tops);
}

void fa_write_span(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row *result, const double *tops)
{
    chunk_space space;
    void *input[2];
    fa_block b;
    use(&space, &b, input);
    write_rows(rows, &b, input, space.out, row, begin, least(rows->n, begin + FA_SPAN), 1, result, 0, tops);
}

/* Whether rows are better computed together: short, or nearer to one another than their elements are */
static int are_beside(const fa_rows *rows)
{
    if (rows->n * rows->job->storage->real <= SHORT)
        return 1;
    return fa_is_transposed(rows->outer, rows->inner, rows->job->nargs);
}

void fa_run_rows(const fa_rows *rows, ptrdiff_t begin, ptrdiff_t end)
{
    int lanes = fa_lanes(rows->job->storage);
    ptrdiff_t block = least(rows->n, FA_CHUNK) * FA_LINE;
    void *input[2];
    char *space = NULL;
    fa_block b;
    if (end - begin > 1 && are_beside(rows))
        space = (char *)malloc((size_t)(6 * block) + FA_LINE);
    if (space == NULL) { /* one row, long ones, or no memory */
        run_one_by_one(rows, begin, end);
        return;
    }
    char *at = (char *)(((uintptr_t)space + FA_LINE - 1) / FA_LINE * FA_LINE);
    input[0] = at, input[1] = at + block;
    b.work = at + 2 * block, b.scratch = (double *)(at + 3 * block), b.lanes = lanes;
    for (; begin < end; begin += lanes)
        run_block(rows, &b, input, at + 5 * block, begin, (int)least(lanes, end - begin));
    free(space);
}
