/* Functions along an axis, over rows of any layout, by blocks that stay in the cache. No arithmetic and no threads.
 *
 * Rows are computed one after another, or side by side: short rows, and rows that lie beside one another (any axis but the
 * last). A block is as many rows as stay in the first-level cache, so that what happens once a row is done for many at
 * once. Contiguous rows, and few elements of neighbouring rows, are read where they lie; others are loaded. What is
 * computed (rowmath.h) does not see the difference. Rows of more than a chunk take several passes: the largest element,
 * the sum, the results. */
#include "parts.h"
#include <stdlib.h>
#include <string.h>
#include "rowmath.h"

enum {
    SHORT = 32, /* elements; contiguous rows up to here are transposed: alone they would leave lanes empty */
    IN_PLACE = 8, /* elements; rows side by side up to here are read where they lie, or their lines would meet in the cache */
    ROOM = 16384, /* bytes of a block, unless one row or one line of rows has more */
};

typedef struct {
    const fa_rows *rows;
    int beside, most; /* whether rows are side by side; how many make a block */
    char *buffer[3]; /* two inputs and the output of a block, where they cannot be used in place */
} space;

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

static int lanes_of(const fa_rows *rows) { return fa_lanes(rows->job->storage); }

/* Whether the rows of operand k can be used one after another where they lie */
static int is_contiguous(const fa_rows *rows, int k)
{
    const fa_storage *storage = rows->job->storage;
    return fa_is_direct(storage) && (rows->inner[k] == storage->real || rows->n == 1) &&
           rows->outer[k] % storage->real == 0;
}

/* Whether `count` rows of it can be used side by side */
static int is_beside(const fa_rows *rows, int k, ptrdiff_t count)
{
    const fa_storage *storage = rows->job->storage;
    return fa_is_direct(storage) && rows->outer[k] == storage->real && rows->inner[k] % storage->real == 0 &&
           count % lanes_of(rows) == 0;
}

/* Whether elements of neighbouring rows are nearer to one another than those of a row */
static int is_transposed(const fa_rows *rows, int k) { return fa_is_transposed(&rows->outer[k], &rows->inner[k], 1); }

static char *place(const fa_rows *rows, int k, ptrdiff_t row, ptrdiff_t first)
{
    return rows->args[k] + row * rows->outer[k] + first * rows->inner[k];
}

/* A block of n elements of `count` rows of operand k: where they lie, or in `buffer` */
static fa_view view_of(const space *s, int k, ptrdiff_t row, ptrdiff_t first, ptrdiff_t n, ptrdiff_t count, char *buffer,
                       int in_place)
{
    const fa_rows *rows = s->rows;
    ptrdiff_t real = rows->job->storage->real;
    int lanes = lanes_of(rows);
    if (!s->beside)
        return is_contiguous(rows, k) ? (fa_view){place(rows, k, row, first), 0, rows->outer[k] / real}
                                      : (fa_view){buffer, 0, n};
    if (in_place && is_beside(rows, k, count))
        return (fa_view){place(rows, k, row, first), rows->inner[k] / real, lanes};
    if (is_transposed(rows, k))
        return (fa_view){buffer, (count + lanes - 1) / lanes * lanes, lanes};
    return (fa_view){buffer, lanes, n * lanes};
}

/* What does not lie there, from its place into a view. Rows beyond the last repeat it, so that nothing is computed on what
   is not there; they are not written back. */
static void load_view(const space *s, int k, ptrdiff_t row, ptrdiff_t first, ptrdiff_t n, int count, fa_view view)
{
    const fa_rows *rows = s->rows;
    const fa_storage *storage = rows->job->storage;
    ptrdiff_t outer = rows->outer[k], inner = rows->inner[k], real = storage->real;
    const char *x = place(rows, k, row, first);
    char *to = (char *)view.at;
    int lanes = lanes_of(rows);
    if (!s->beside) {
        for (int l = 0; l < count; l++)
            storage->load(x + l * outer, inner, to + l * view.unit * real, n);
    } else if (is_transposed(rows, k)) {
        for (ptrdiff_t i = 0; i < n; i++) {
            char *line = to + i * view.step * real;
            storage->load(x + i * inner, outer, line, count);
            for (ptrdiff_t l = count; l < view.step; l++)
                memcpy(line + l * real, line + (count - 1) * real, (size_t)real);
        }
    } else {
        for (int l = 0; l < count; l += lanes)
            storage->load_block(x + l * outer, outer, inner, (int)least(lanes, count - l), n, to + l * n * real);
    }
}

static void store_view(const space *s, int k, ptrdiff_t row, ptrdiff_t first, ptrdiff_t n, int count, fa_view view)
{
    const fa_rows *rows = s->rows;
    const fa_storage *storage = rows->job->storage;
    ptrdiff_t outer = rows->outer[k], inner = rows->inner[k], real = storage->real;
    const char *from = (const char *)view.at;
    char *to = place(rows, k, row, first);
    int lanes = lanes_of(rows);
    if (!s->beside) {
        for (int l = 0; l < count; l++)
            storage->store(from + l * view.unit * real, to + l * outer, inner, n);
    } else if (is_transposed(rows, k)) {
        for (ptrdiff_t i = 0; i < n; i++)
            storage->store(from + i * view.step * real, to + i * inner, outer, count);
    } else {
        for (int l = 0; l < count; l += lanes)
            storage->store_block(from + l * n * real, to + l * outer, outer, inner, (int)least(lanes, count - l), n);
    }
}

/* The operand that is written by rows; job->nargs where there is none */
static int output(const fa_rows *rows)
{
    int k = rows->job->nin;
    while (k < rows->job->nargs && rows->job->operands[k] != FA_ROW_OUT)
        k++;
    return k;
}

/* The inputs of a block, loaded where that is needed, and the place of its output */
static fa_block load(const space *s, ptrdiff_t row, ptrdiff_t first, ptrdiff_t n, int count)
{
    const fa_rows *rows = s->rows;
    int lanes = lanes_of(rows), i = 0, y = output(rows);
    fa_block b = {.count = n, .first = first, .beside = s->beside, .rows = count};
    if (s->beside)
        b.rows = (count + lanes - 1) / lanes * lanes;
    for (int k = 0; k < rows->job->nin; k++)
        if (rows->job->operands[k] == FA_ROW_IN) {
            b.in[i] = view_of(s, k, row, first, n, count, s->buffer[i], rows->n <= IN_PLACE);
            if (b.in[i].at == s->buffer[i])
                load_view(s, k, row, first, n, count, b.in[i]);
            i++;
        }
    if (i == 1)
        b.in[1] = b.in[0];
    b.out = y < rows->job->nargs ? view_of(s, y, row, first, n, count, s->buffer[2], 1) : (fa_view){s->buffer[2], 0, 0};
    b.work = s->beside && b.in[0].at == s->buffer[0] ? b.in[0] : b.out;
    return b;
}

/* Whether the weights of long rows can stay in the output until they are scaled */
static int stays(const space *s)
{
    return s->rows->job->kernel->keeps && !s->beside && is_contiguous(s->rows, output(s->rows));
}

/* The results of a block */
static void apply(const space *s, const fa_block *b, ptrdiff_t row, int count, const fa_row_state *state)
{
    int y = output(s->rows);
    s->rows->job->kernel->apply(b, state);
    if (b->out.at == s->buffer[2])
        store_view(s, y, row, b->first, b->count, count, b->out);
}

/* ---- what comes once a row ---- */

/* From row `row` on; `rows` includes those that are not there. What is the same for all rows is there from the first block
   on. */
static void read_values(const fa_rows *all, ptrdiff_t row, int count, int rows, int first, fa_row_state *state)
{
    const fa_row_job *job = all->job;
    if (first && all->shared)
        count = 1, rows = FA_MOST_ROWS;
    for (int k = 0; k < job->nin && (first || !all->shared); k++) {
        const char *at = all->args[k] + row * all->outer[k];
        if (job->operands[k] == FA_ROW_IN)
            continue;
        for (int l = 0; l < count && job->operands[k] == FA_SCALAR_IN; l++)
            state->scalar.d[l] = *(const double *)(at + l * all->outer[k]);
        for (int l = 0; l < count && job->operands[k] == FA_INDEX_IN; l++)
            state->which[l] = *(const ptrdiff_t *)(at + l * all->outer[k]);
        if (job->operands[k] == FA_VALUE_IN)
            job->value->load(at, all->outer[k], state->scalar.d, count);
        for (int l = count; l < rows; l++)
            state->scalar.d[l] = state->scalar.d[count - 1], state->which[l] = state->which[count - 1];
    }
    state->alike = all->shared;
    if (job->kernel->begin != NULL)
        job->kernel->begin(state, rows);
}

void fa_write_values(const fa_rows *rows, ptrdiff_t row, int count, const fa_row_state *state)
{
    const fa_row_job *job = rows->job;
    for (int k = job->nin; k < job->nargs; k++) {
        char *at = rows->args[k] + row * rows->outer[k];
        if (job->operands[k] == FA_VALUE_OUT)
            job->value->store(state->factor.d, at, rows->outer[k], count);
        if (job->operands[k] == FA_INDEX_OUT && rows->outer[k] == sizeof(ptrdiff_t))
            memcpy(at, state->which, (size_t)count * sizeof(ptrdiff_t));
        else if (job->operands[k] == FA_INDEX_OUT)
            for (int l = 0; l < count; l++)
                *(ptrdiff_t *)(at + l * rows->outer[k]) = state->which[l];
    }
}

/* Row l of a state as a summary, and back */
static fa_part part_of(const fa_row_job *job, const fa_row_state *s, int l)
{
    int single = job->storage->real == sizeof(float), sums = single && !job->kernel->wide;
    return (fa_part){
        .top = single ? (double)s->top.f[l] : s->top.d[l],
        .sum = sums ? (double)s->sum.f[l] : s->sum.d[l],
        .low = sums ? (double)s->low.f[l] : s->low.d[l],
        .count = s->count.d[l],
        .count_low = s->count_low.d[l],
        .which = s->which[l],
    };
}

static void put_sums(const fa_row_job *job, fa_row_state *s, int l, const fa_part *part)
{
    s->count.d[l] = part->count, s->count_low.d[l] = part->count_low;
    if (job->storage->real == sizeof(float) && !job->kernel->wide) {
        s->sum.f[l] = (float)part->sum;
        s->low.f[l] = (float)(part->sum - (double)s->sum.f[l] + part->low);
    } else {
        s->sum.d[l] = part->sum, s->low.d[l] = part->low;
    }
}

static void put_top(const fa_row_job *job, fa_row_state *s, int l, const fa_part *part)
{
    s->which[l] = part->which;
    if (job->storage->real == sizeof(float))
        s->top.f[l] = (float)part->top;
    else
        s->top.d[l] = part->top;
}

static void merge_tops(fa_part *a, const fa_part *b)
{
    if (a->top == a->top && !(b->top <= a->top)) /* the first of equals, and the first NaN */
        a->top = b->top, a->which = b->which;
}

/* *total joined with what a block or span has found: sums, or the largest elements */
static void merge(const fa_row_job *job, fa_part *total, const fa_part *part, int tops, int first)
{
    if (first)
        *total = *part;
    else
        (tops ? merge_tops : job->kernel->merge)(total, part);
}

/* ---- rows of one chunk ---- */

static void run_block(const space *s, ptrdiff_t row, int count, fa_row_state *state)
{
    const fa_row_kernel *kernel = s->rows->job->kernel;
    ptrdiff_t n = s->rows->n;
    fa_block b = load(s, row, 0, n, count);
    int again = FA_AGAIN;
    if (n == 0)
        memset(&state->top, 0, (size_t)((char *)&state->factor - (char *)&state->top)); /* and all sums */
    else if (kernel->top != NULL)
        kernel->top(&b, state);
    while (again == FA_AGAIN) {
        if (kernel->reduce != NULL && n)
            kernel->reduce(&b, state);
        again = kernel->finish(state, n, b.rows);
    }
    b.kept = 1;
    if (kernel->apply != NULL && n)
        apply(s, &b, row, count, state);
}

/* ---- longer rows ---- */

/* One span of the rows, from `begin`: its chunks from the first to the last */
static void summarise(const space *s, ptrdiff_t row, ptrdiff_t begin, int count, fa_row_state *state, int tops,
                      fa_part *span)
{
    const fa_row_job *job = s->rows->job;
    ptrdiff_t end = least(s->rows->n, begin + FA_SPAN);
    for (ptrdiff_t first = begin; first < end; first += FA_CHUNK) {
        fa_block b = load(s, row, first, least(FA_CHUNK, end - first), count);
        (tops ? job->kernel->top : job->kernel->reduce)(&b, state);
        for (int l = 0; l < count; l++) {
            fa_part part = part_of(job, state, l);
            merge(job, &span[l], &part, tops, first == begin);
        }
    }
}

static void write_results(const space *s, ptrdiff_t row, ptrdiff_t begin, ptrdiff_t end, int count,
                          const fa_row_state *state)
{
    for (ptrdiff_t first = begin; first < end; first += FA_CHUNK) {
        ptrdiff_t n = least(FA_CHUNK, end - first);
        fa_block b = {.count = n, .first = first, .rows = 1, .kept = 1};
        if (stays(s))
            b.in[0] = b.in[1] = b.work = b.out = view_of(s, output(s->rows), row, first, n, count, NULL, 1);
        else
            b = load(s, row, first, n, count);
        apply(s, &b, row, count, state);
    }
}

/* After a pass over all of the rows: what it has found is put into the state. Whether there is another pass */
static int end_pass(const fa_rows *rows, const fa_part *total, int tops, fa_row_state *state, int count, int padded)
{
    const fa_row_kernel *kernel = rows->job->kernel;
    for (int l = 0; l < padded; l++)
        (tops ? put_top : put_sums)(rows->job, state, l, &total[least(l, count - 1)]);
    return tops && kernel->reduce != NULL ? FA_AGAIN : kernel->finish(state, rows->n, padded);
}

static void run_long(const space *s, ptrdiff_t row, int count, fa_row_state *state)
{
    const fa_row_kernel *kernel = s->rows->job->kernel;
    int lanes = lanes_of(s->rows), padded = s->beside ? (count + lanes - 1) / lanes * lanes : count;
    int tops = kernel->top != NULL, again = FA_AGAIN;
    fa_part total[FA_LINE / sizeof(float)], span[FA_LINE / sizeof(float)];
    memset(total, 0, sizeof total);
    for (; again == FA_AGAIN; tops = 0) {
        for (ptrdiff_t begin = 0; begin < s->rows->n && (tops || kernel->reduce != NULL); begin += FA_SPAN) {
            summarise(s, row, begin, count, state, tops, span);
            for (int l = 0; l < count; l++)
                merge(s->rows->job, &total[l], &span[l], tops, begin == 0);
        }
        again = end_pass(s->rows, total, tops, state, count, padded);
    }
    if (kernel->apply != NULL)
        write_results(s, row, 0, s->rows->n, count, state);
}

/* One row at a time, in memory of the caller */
typedef double chunk[FA_CHUNK];

static space one_by_one(const fa_rows *rows, chunk *memory)
{
    return (space){rows, 0, 1, {(char *)memory[0], (char *)memory[1], (char *)memory[2]}};
}

void fa_begin_row(const fa_rows *rows, ptrdiff_t row, fa_row_state *state) { read_values(rows, row, 1, 1, 1, state); }

/* Of a state, what belongs to the first row */
static void copy_first(const fa_row_state *from, fa_row_state *to)
{
    to->scalar.d[0] = from->scalar.d[0], to->rate.d[0] = from->rate.d[0], to->rate_lo.d[0] = from->rate_lo.d[0];
    to->top.d[0] = from->top.d[0], to->factor.d[0] = from->factor.d[0], to->which[0] = from->which[0];
    to->tempered = from->tempered;
}

void fa_summarise_span(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row_state *state, int tops,
                       fa_part *summary)
{
    chunk memory[3];
    space s = one_by_one(rows, memory);
    fa_row_state own;
    copy_first(state, &own);
    summarise(&s, row, begin, 1, &own, tops, summary);
}

int fa_join_spans(const fa_rows *rows, fa_part *summaries, int tops, fa_row_state *state)
{
    ptrdiff_t spans = tops || rows->job->kernel->reduce != NULL ? (rows->n + FA_SPAN - 1) / FA_SPAN : 1;
    for (ptrdiff_t i = 1; i < spans; i++)
        merge(rows->job, summaries, &summaries[i], tops, 0);
    return end_pass(rows, summaries, tops, state, 1, 1);
}

void fa_write_span(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row_state *state)
{
    chunk memory[3];
    space s = one_by_one(rows, memory);
    write_results(&s, row, begin, least(rows->n, begin + FA_SPAN), 1, state);
}

/* ---- all rows of a call ---- */

static void run_blocks(const space *s, ptrdiff_t begin, ptrdiff_t end)
{
    int lanes = lanes_of(s->rows);
    fa_row_state state;
    for (ptrdiff_t row = begin; row < end; row += s->most) {
        int count = (int)least(s->most, end - row);
        if (s->beside && count > lanes)
            count -= count % lanes;
        read_values(s->rows, row, count, s->beside ? (count + lanes - 1) / lanes * lanes : count, row == begin,
                    &state);
        if (s->rows->n <= FA_CHUNK)
            run_block(s, row, count, &state);
        else
            run_long(s, row, count, &state);
        fa_write_values(s->rows, row, count, &state);
        row += count - s->most;
    }
}

void fa_run_rows(const fa_rows *rows, ptrdiff_t begin, ptrdiff_t end)
{
    const fa_row_job *job = rows->job;
    ptrdiff_t real = job->storage->real, n = least(rows->n, FA_CHUNK), lanes = lanes_of(rows), most;
    space s = {rows, 0, 1, {NULL}};
    chunk memory[3];
    char *room = NULL;
    int in_place = 1;
    s.beside = 4 * (end - begin) > lanes && /* fewer cost as much as a whole line */
               (rows->n <= SHORT || fa_is_transposed(rows->outer, rows->inner, job->nargs));
    for (int k = 0; k < job->nargs; k++)
        if (job->operands[k] == FA_ROW_IN || job->operands[k] == FA_ROW_OUT)
            in_place = in_place && is_contiguous(rows, k);
    most = rows->n > FA_CHUNK ? 1 : least(FA_MOST_ROWS, ROOM / ((n + !n) * real));
    if (s.beside)
        most = most / lanes * lanes;
    s.most = (int)(most > 0 ? most : s.beside ? lanes : 1);
    if (s.beside || (s.most > 1 && !in_place))
        room = (char *)malloc((size_t)(3 * s.most * n * real) + FA_LINE);
    if (room == NULL && (s.beside || (s.most > 1 && !in_place))) /* no memory */
        s = one_by_one(rows, memory);
    for (int i = 0; i < 3; i++)
        s.buffer[i] = room == NULL ? (char *)memory[i]
                                   : room + (uintptr_t)(-(uintptr_t)room % FA_LINE) + i * s.most * n * real;
    run_blocks(&s, begin, end);
    free(room);
}
