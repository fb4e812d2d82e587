/* Threads: how many, and what each does to the floating-point state. The only file with OpenMP.
 *
 * What is assumed, and tested:
 *  * A region is opened only for work that pays for it, and nothing is asked of OpenMP for less: NumPy hands out masked,
 *    cast and broadcast arrays in pieces of thousands of elements or less.
 *  * The number of threads is the least of our own limit and omp_get_max_threads() of the calling thread, so that
 *    OMP_NUM_THREADS and threadpoolctl are obeyed. omp_set_num_threads, which would change others' limits, is not called.
 *  * GNU OpenMP's pool does not survive fork(): a region in a forked child hangs. A child therefore computes serially.
 *  * A second thread may find no core: those of other libraries, OpenBLAS's after a matrix product for one, spin for
 *    milliseconds, and so does ours at the barrier. Where a region took longer than one thread would have, calls are
 *    serial for 2 times as long as was lost, and each time that it happens again at once, for twice that, up to 64 times.
 *  * Each thread works in the caller's rounding and flushing modes. NumPy looks at the flags of the calling thread:
 *    overflow is passed on from all threads, the other flags, which come from lanes whose value is not used or from
 *    results that are rightly subnormal, from none. So the answer does not depend on the number of threads. */
#include "threads.h"
#include <stdatomic.h>
#include <stdlib.h>
#include "fpstate.h"
#include "level.h"
#ifdef _OPENMP
#include <omp.h>
#else
#define omp_get_max_threads() 1
#define omp_in_parallel() 0
#define omp_get_wtime() 0.0
#endif
#ifndef _WIN32
#include <pthread.h>
#endif

enum {
    GRAIN = 32768, /* floats that are worth a thread in a function that takes as long as a copy: some 3 us */
    FIRST_PAUSE = 2, /* how long calls are serial, in units of the time that was lost; twice as long the next time */
    LONGEST_PAUSE = 64,
    LINE = 16, /* elements of a share are a multiple of this: a cache line of a contiguous output */
};

static _Atomic int limit; /* of the process; 0 until one is set */
static _Atomic int forked;
static _Atomic double serial_until; /* as omp_get_wtime counts; 0 when calls are not serial */
static _Atomic int pause_length; /* the next pause, in units of the time that is lost */

/* These need no order among threads: each is read and written alone. */
#define READ(x) atomic_load_explicit(&(x), memory_order_relaxed)
#define WRITE(x, value) atomic_store_explicit(&(x), value, memory_order_relaxed)

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

void fa_set_limit(int n)
{
    WRITE(limit, n);
    WRITE(serial_until, 0);
    WRITE(pause_length, FIRST_PAUSE);
}

int fa_get_threads(void) { return READ(forked) ? 1 : (int)least(READ(limit), omp_get_max_threads()); }

int fa_is_forked(void) { return READ(forked); }

#ifndef _WIN32
static void mark_child(void) { WRITE(forked, 1); }
void fa_watch_fork(void) { pthread_atfork(NULL, NULL, mark_child); }
#else
void fa_watch_fork(void) {}
#endif

ptrdiff_t fa_grain(ptrdiff_t size_of_real, int costly)
{
    return GRAIN / (costly ? 4 : 1) * (ptrdiff_t)sizeof(float) / size_of_real;
}

/* How many threads share `total` elements */
static int team(ptrdiff_t total, ptrdiff_t grain)
{
    if (total < 2 * grain || READ(forked) || omp_in_parallel())
        return 1;
    double until = READ(serial_until);
    if (until > 0) {
        if (omp_get_wtime() < until)
            return 1;
        WRITE(serial_until, 0);
    }
    return (int)least(fa_get_threads(), total / grain);
}

/* Serial calls for a while, where a region was slower than one thread; `taken` is what its threads were at work, in
   seconds. */
static void judge(double began, double taken)
{
    double now = omp_get_wtime(), lost = now - began - taken;
    int pause = READ(pause_length);
    if (lost > 1e-4)
        WRITE(serial_until, now + pause * lost);
    WRITE(pause_length, lost > 1e-4 ? (int)least(2 * pause, LONGEST_PAUSE) : FIRST_PAUSE);
}

/* What a thread does in a region: it takes the caller's floating-point modes, and is timed. */
typedef struct {
    fa_state own;
    double began;
} turn;

static turn enter(fa_state caller)
{
    turn t = {fa_get_state(), omp_get_wtime()};
    fa_enter(caller);
    return t;
}

/* Back to its own modes; 1 when a result overflowed. What the thread was at work is added to `taken`. */
static int leave(turn t, double *taken)
{
    *taken += omp_get_wtime() - t.began;
    return fa_leave(t.own);
}

void fa_threaded(char **args, const ptrdiff_t *dims, const ptrdiff_t *steps, void *data)
{
    const fa_job *job = (const fa_job *)data;
    const ptrdiff_t still[FA_MOST_OPERANDS] = {0};
    const ptrdiff_t *outer = job->rowwise ? steps : still, *inner = job->rowwise ? steps + job->nargs : steps;
    ptrdiff_t n = job->rowwise ? dims[1] : dims[0], total = job->rowwise ? dims[0] * n : n, unit = LINE;
    int overflow = 0;
    if (total == 0)
        return;
    fa_state state = fa_get_state();
    int parts = team(total, job->grain);
    if (parts > 1 && job->rowwise && fa_is_transposed(outer, inner, job->nargs)) {
        unit = n * fa_lanes(job->storage); /* blocks of rows */
        parts = (int)least(parts, (total + unit - 1) / unit);
    }
    /* Rows that overlap do not come here: NumPy copies them */
    if (parts > 1 && (job->rowwise || !fa_order_matters(job, args, inner, n))) {
        ptrdiff_t share = (total / parts + unit - 1) / unit * unit;
        double began = omp_get_wtime(), taken = 0;
#ifdef _OPENMP
#pragma omp parallel for num_threads(parts) schedule(static, 1) reduction(| : overflow) reduction(+ : taken)
#endif
        for (int i = 0; i < parts; i++) {
            turn t = enter(state);
            job->level->run(job, args, outer, inner, n, least(total, i * share),
                            i == parts - 1 ? total : least(total, (i + 1) * share));
            overflow |= leave(t, &taken);
        }
        judge(began, taken);
    } else {
        job->level->run(job, args, outer, inner, n, 0, total);
        overflow = fa_leave(state);
    }
    if (overflow && !job->quiet)
        fa_raise_overflow();
}

/* One row by several threads; 1 when a result overflowed. The summaries are joined in order, as one thread joins them. */
static int run_long_row(const fa_rows *rows, ptrdiff_t row, fa_part *summaries, int parts, fa_state caller)
{
    const fa_level *level = rows->job->level;
    const fa_row_kernel *kernel = rows->job->kernel;
    ptrdiff_t spans = (rows->n + FA_SPAN - 1) / FA_SPAN;
    int overflow = 0, again = FA_AGAIN, tops = kernel->top != NULL;
    double began = omp_get_wtime(), taken = 0;
    fa_row_state state;
    parts = (int)least(parts, spans);
    level->begin_row(rows, row, &state);
    for (; again == FA_AGAIN; tops = 0) {
        if (tops || kernel->reduce != NULL) {
#ifdef _OPENMP
#pragma omp parallel for num_threads(parts) schedule(static) reduction(| : overflow) reduction(+ : taken)
#endif
            for (ptrdiff_t i = 0; i < spans; i++) {
                turn t = enter(caller);
                level->summarise_span(rows, row, i * FA_SPAN, &state, tops, &summaries[i]);
                overflow |= leave(t, &taken);
            }
        }
        again = level->join_spans(rows, summaries, tops, &state);
        overflow |= fa_leave(caller);
    }
    if (kernel->apply != NULL) {
#ifdef _OPENMP
#pragma omp parallel for num_threads(parts) schedule(static) reduction(| : overflow) reduction(+ : taken)
#endif
        for (ptrdiff_t i = 0; i < spans; i++) {
            turn t = enter(caller);
            level->write_span(rows, row, i * FA_SPAN, &state);
            overflow |= leave(t, &taken);
        }
    }
    level->write_values(rows, row, 1, &state);
    judge(began, taken);
    return overflow;
}

/* Rows are shared, and few long ones cut. */
void fa_threaded_rows(char **args, const ptrdiff_t *dims, const ptrdiff_t *steps, void *data)
{
    fa_rows rows = {.job = (const fa_row_job *)data, .n = dims[1], .shared = 1};
    const fa_row_job *job = rows.job;
    ptrdiff_t total = dims[0], cores = 0;
    fa_part *summaries = NULL;
    int overflow = 0;
    if (total == 0)
        return;
    for (int k = 0; k < job->nargs; k++) {
        int is_row = job->operands[k] == FA_ROW_IN || job->operands[k] == FA_ROW_OUT;
        rows.args[k] = args[k], rows.outer[k] = steps[k];
        if (is_row)
            rows.inner[k] = steps[job->nargs + cores++];
        else if (k < job->nin && steps[k] != 0)
            rows.shared = 0;
    }
    fa_state state = fa_get_state();
    int parts = team(total * rows.n, job->grain);
    if (parts > 1 && total < 4 * parts && rows.n >= 2 * FA_SPAN)
        summaries = (fa_part *)malloc((size_t)(rows.n / FA_SPAN + 1) * sizeof(fa_part));
    if (summaries != NULL) {
        for (ptrdiff_t i = 0; i < total; i++) {
            overflow |= run_long_row(&rows, i, summaries, parts, state);
            parts = team(total * rows.n, job->grain);
        }
        free(summaries);
        overflow |= fa_leave(state);
    } else if (parts > 1 && total > 1) {
        ptrdiff_t share = (total + parts - 1) / parts;
        if (share >= 64)
            share = (share + 15) / 16 * 16; /* whole blocks of rows */
        parts = (int)((total + share - 1) / share);
        double began = omp_get_wtime(), taken = 0;
#ifdef _OPENMP
#pragma omp parallel for num_threads(parts) schedule(static, 1) reduction(| : overflow) reduction(+ : taken)
#endif
        for (int i = 0; i < parts; i++) {
            turn t = enter(state);
            job->level->run_rows(&rows, i * share, least(total, (i + 1) * share));
            overflow |= leave(t, &taken);
        }
        judge(began, taken);
    } else {
        job->level->run_rows(&rows, 0, total);
        overflow = fa_leave(state);
    }
    if (overflow && !job->quiet)
        fa_raise_overflow();
}
