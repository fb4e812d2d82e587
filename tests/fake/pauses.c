/* When core/threads.c shares a call among threads and when not: see test_threads.py, which compiles and runs this.
 *
 * The clock is that of omp.h beside this file, and kernels only count. Time passes in two ways: at work, within the turn
 * of a thread, or, with `tick`, between the turns as well, which is time that is lost. */
#include "threads.c"
#include <stdio.h>

static int turns;
static double work; /* seconds of the first turn of a call; the others take three times as long */

static void do_work(void) { now += turns++ ? 3 * work : work; }

static void run(const fa_job *job, char **args, const ptrdiff_t *outer, const ptrdiff_t *inner, ptrdiff_t n,
                ptrdiff_t begin, ptrdiff_t end)
{
    (void)job, (void)args, (void)outer, (void)inner, (void)n, (void)begin, (void)end;
    do_work();
}

static void run_rows(const fa_rows *rows, ptrdiff_t begin, ptrdiff_t end)
{
    (void)rows, (void)begin, (void)end;
    do_work();
}

static void begin_row(const fa_rows *rows, ptrdiff_t row, fa_row_state *s) { (void)rows, (void)row, (void)s; }

static void summarise_span(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row_state *s, int tops,
                           fa_part *summary)
{
    (void)rows, (void)row, (void)begin, (void)s, (void)tops, (void)summary;
    do_work();
}

static int join_spans(const fa_rows *rows, fa_part *summaries, int tops, fa_row_state *s)
{
    return (void)rows, (void)summaries, (void)tops, (void)s, FA_DONE;
}

static void write_span(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row_state *s)
{
    (void)rows, (void)row, (void)begin, (void)s;
    do_work();
}

static void write_values(const fa_rows *rows, ptrdiff_t row, int count, const fa_row_state *s)
{
    (void)rows, (void)row, (void)count, (void)s;
}

static void reduce(const fa_block *b, fa_row_state *s) { (void)b, (void)s; }
static void apply(const fa_block *b, const fa_row_state *s) { (void)b, (void)s; }

static const fa_level level = {
    .run = run, .run_rows = run_rows, .begin_row = begin_row, .summarise_span = summarise_span,
    .join_spans = join_spans, .write_span = write_span, .write_values = write_values,
};
static const fa_row_kernel kernel = {.reduce = reduce, .apply = apply};
static const fa_storage storage = {.size = 4, .real = 4};
static float memory[4 * FA_SPAN];

enum { ELEMENTS, ROWS, LONG_ROW, WAYS };

/* One call; the number of turns that it was cut into. `size` is what decides whether it is worth two threads. */
static int call(int way, ptrdiff_t size)
{
    char *args[] = {(char *)memory, (char *)(memory + 2 * FA_SPAN)};
    turns = 0;
    if (way == ELEMENTS) {
        fa_job job = {.level = &level, .storage = &storage, .nin = 1, .nargs = 2, .grain = 1000};
        fa_threaded(args, (ptrdiff_t[]){size}, (ptrdiff_t[]){4, 4}, &job);
    } else {
        fa_row_job job = {.level = &level, .storage = &storage, .kernel = &kernel, .nin = 1, .nargs = 2, .grain = 1000,
                          .operands = {FA_ROW_IN, FA_ROW_OUT}};
        ptrdiff_t n = way == ROWS ? 10 : size, rows = size / n;
        fa_threaded_rows(args, (ptrdiff_t[]){rows, n}, (ptrdiff_t[]){4 * n, 4 * n, 4, 4}, &job);
    }
    return turns;
}

int main(void)
{
    const ptrdiff_t large = 2 * FA_SPAN;
    for (int way = 0; way < WAYS; way++) {
        printf("way %d\n", way);
        now = 1, tick = 0, work = 1e-3;
        fa_set_limit(2);
        printf("uneven shares: %d %d %d\n", call(way, large), call(way, large), call(way, large));
        printf("lost:");
        work = 0;
        for (int length = 2, k = 0; k < 8; k++, length = length < 64 ? 2 * length : length) {
            tick = 1e-3;
            int cut = call(way, large);
            double end = now, lost = (cut + 1) * tick; /* what passes before, between and after the turns */
            tick = 0;
            now = end + 0.75 * length * lost;
            printf(" %d,%d", cut, call(way, large));
            now = end + 1.25 * length * lost;
        }
        printf("\nnothing lost: %d\n", call(way, large));
        tick = 1e-3;
        int cut = call(way, large);
        double end = now, lost = (cut + 1) * tick;
        tick = 0;
        printf("lost again: %d", cut);
        now = end + 0.75 * 2 * lost, printf(",%d", call(way, large));
        now = end + 1.25 * 2 * lost, printf(",%d\n", call(way, large));
        tick = 1e-5;
        printf("little lost: %d", call(way, large)), printf(" %d\n", call(way, large));
        tick = 1e-3, call(way, large), tick = 0;
        printf("paused: %d,", call(way, large)), fa_set_limit(2), printf(" limit set: %d\n", call(way, large));
        printf("small: %d", call(way == LONG_ROW ? ROWS : way, 1990));
        fa_set_limit(1), printf(" limit 1: %d", call(way, large)), fa_set_limit(2);
        available = 1, printf(" OpenMP's limit 1: %d", call(way, large)), available = 2;
        in_parallel = 1, printf(" in a region: %d", call(way, large)), in_parallel = 0;
        WRITE(forked, 1);
        printf(" forked: %d\n", call(way, large));
        WRITE(forked, 0);
    }
    return 0;
}
