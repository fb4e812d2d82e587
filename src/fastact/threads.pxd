# cython: cdivision=True
"""Threads: how many, when, and what each does to the floating-point state. The only place with OpenMP.

What is assumed, and tested:
 * A region is opened only for work that pays for it, and nothing is asked of OpenMP for less: NumPy hands out masked,
   cast and broadcast arrays in pieces of thousands of elements or less.
 * The number of threads is the least of our own limit and omp_get_max_threads() of the calling thread, so that
   OMP_NUM_THREADS and threadpoolctl are obeyed. omp_set_num_threads, which would change others' limits, is not called.
 * GNU OpenMP's pool does not survive fork(): a region in a forked child hangs. A child therefore computes serially.
 * A second thread may find no core: those of other libraries, OpenBLAS's after a matrix product for one, spin for
   milliseconds, and so does ours at the barrier. Where a region took longer than one thread would have, calls are serial
   for 2 times as long as was lost, and each time that it happens again at once, for twice that, up to 64 times.
 * Each thread works in the caller's rounding and flushing modes. NumPy looks at the flags of the calling thread:
   overflow is passed on from all threads, the other flags, which come from lanes whose value is not used or from
   results that are rightly subnormal, from none. So the answer does not depend on the number of threads.
"""
from cython.parallel cimport prange
from numpy cimport npy_intp
from libc.stdlib cimport free, malloc
from .loops cimport (MAX_ARGS, entangled, fa_enter, fa_get_state, fa_leave, fa_raise_overflow, fa_state, job_t,
                     real_size, span, storage_t, turned, width)
from .rows cimport (FA_AGAIN, FA_SPAN, INDEX_IN, ROW_IN, ROW_OUT, SCALAR_IN, VALUE_IN, begin_row, fa_part, fa_row,
                    merge, room_for_tops, row_job_t, rows_t, span_of_rows, summarise_span, write_scalars, write_span,
                    writes_rows)

cdef extern from *:
    """
    #ifdef _OPENMP
    #include <omp.h>
    #define FA_OPENMP 1
    #else
    #define FA_OPENMP 0
    #define omp_get_max_threads() 1
    #define omp_in_parallel() 0
    #define omp_get_wtime() 0.0
    #endif

    /* By all threads of a region */
    static inline void fa_add_time(double *total, double seconds)
    {
    #ifdef _OPENMP
    #pragma omp atomic
    #endif
        *total += seconds;
    }

    /* Limit of the process; 0 until one is set. Read and written as one machine word. */
    static volatile int fa_limit = 0;
    static volatile int fa_forked = 0;
    /* Until when calls are serial, as omp_get_wtime counts; 0 when they are not. Threads may overwrite one another's. */
    static volatile double fa_serial_until = 0;
    static volatile int fa_pause; /* how long they will be next, in units of the time that is lost; set with the limit */

    #ifndef _WIN32
    #include <pthread.h>
    static void fa_in_child(void) { fa_forked = 1; }
    static void fa_watch_fork(void) { pthread_atfork(NULL, NULL, fa_in_child); }
    #else
    static void fa_watch_fork(void) {}
    #endif
    """
    int fa_limit
    int fa_forked
    double fa_serial_until
    int fa_pause
    void fa_watch_fork()
    void fa_add_time(double *total, double seconds) nogil
    int omp_get_max_threads() nogil
    int omp_in_parallel() nogil
    double omp_get_wtime() nogil
    bint FA_OPENMP

ctypedef struct turn_t:     # what a thread does in a region
    fa_state own
    double began

cdef enum:
    GRAIN = 32768           # floats that are worth a thread in a function that is as fast as a copy
    PAUSE = 2               # the first of serial times, in units of the time that was lost
    LONGEST = 64            # and the last


cdef inline npy_intp grain(storage_t storage, bint costly) noexcept:
    """Elements that are worth a thread: some 3 microseconds, where a region of two threads costs 2.5."""
    return GRAIN // (4 if costly else 1) * sizeof(float) // real_size(storage)


cdef inline void set_limit(int n) noexcept:
    global fa_limit, fa_serial_until, fa_pause
    fa_limit, fa_serial_until, fa_pause = n, 0, PAUSE


cdef inline int team(npy_intp total, npy_intp grain) noexcept nogil:
    """How many threads share `total` elements."""
    global fa_serial_until
    if total < 2 * grain or fa_forked or omp_in_parallel():
        return 1
    if fa_serial_until > 0:
        if omp_get_wtime() < fa_serial_until:
            return 1
        fa_serial_until = 0
    return <int> min(<npy_intp> min(fa_limit, omp_get_max_threads()), total // grain)


cdef inline void judge(double began, double taken) noexcept nogil:
    """Serial calls for a while, where a region was slower than one thread; `taken` is what its threads were at work, in
    seconds."""
    global fa_serial_until, fa_pause
    cdef double now = omp_get_wtime(), lost = now - began - taken
    if lost > 1e-4:
        fa_serial_until = now + fa_pause * lost
        fa_pause = min(2 * fa_pause, <int> LONGEST)
    else:
        fa_pause = PAUSE


cdef inline turn_t enter(fa_state caller) noexcept nogil:
    """The caller's floating-point modes, in a thread of a region."""
    cdef turn_t turn
    turn.own, turn.began = fa_get_state(), omp_get_wtime()
    fa_enter(caller)
    return turn


cdef inline int leave(turn_t turn, double *taken) noexcept nogil:
    """Back to its own; 1 when a result overflowed. What the thread was at work is added to `taken`."""
    fa_add_time(taken, omp_get_wtime() - turn.began)
    return fa_leave(turn.own)


cdef inline int part(const job_t *job, char **args, const npy_intp *outer, const npy_intp *inner, npy_intp n,
                     npy_intp begin, npy_intp end, fa_state caller, double *taken) noexcept nogil:
    """One thread's share."""
    cdef turn_t turn = enter(caller)
    span(job, args, outer, inner, n, begin, end)
    return leave(turn, taken)


cdef inline void threaded(char **args, const npy_intp *dims, const npy_intp *steps, void *data) noexcept nogil:
    """The loop that NumPy calls, of every ufunc and every dtype."""
    cdef const job_t *job = <const job_t *> data
    cdef npy_intp still[MAX_ARGS]
    cdef const npy_intp *outer = steps
    cdef const npy_intp *inner = steps
    cdef npy_intp n = dims[0], total, unit, share, i
    cdef int k, parts, overflow = 0
    cdef double began, taken = 0
    cdef fa_state state
    if job.rows:
        inner, n = steps + job.nargs, dims[1]
    else:
        for k in range(job.nargs):
            still[k] = 0
        outer = still
    total = dims[0] * n if job.rows else n
    if total == 0:
        return
    state = fa_get_state()
    parts = team(total, job.grain)
    unit = 16                                           # a cache line of a contiguous output
    if parts > 1 and job.rows and turned(job, outer, inner):
        unit = n * width(job.storage)                   # or blocks of rows
        parts = <int> min(<npy_intp> parts, (total + unit - 1) // unit)
    if parts > 1 and (job.rows or not entangled(job, args, inner, n)):     # rows that overlap: dressed.h, and NumPy copies
        share = (total // parts + unit - 1) // unit * unit
        began = omp_get_wtime()
        for i in prange(parts, num_threads=parts, schedule="static", chunksize=1):
            overflow |= part(job, args, outer, inner, n, min(total, i * share),
                             total if i == parts - 1 else min(total, (i + 1) * share), state, &taken)
        judge(began, taken)
    else:
        span(job, args, outer, inner, n, 0, total)
        overflow = fa_leave(state)
    if overflow and not job.quiet:
        fa_raise_overflow()


cdef inline int part_of_rows(const rows_t *rows, npy_intp begin, npy_intp end, fa_state caller,
                             double *taken) noexcept nogil:
    """One thread's share of many rows."""
    cdef turn_t turn = enter(caller)
    span_of_rows(rows, begin, end)
    return leave(turn, taken)


cdef inline int part_of_row(const rows_t *rows, npy_intp row, npy_intp begin, fa_row *result, fa_part *summary,
                            double *tops, fa_state caller, double *taken) noexcept nogil:
    """One thread's share of a long row: a span is summarised, or written where there is no `summary`."""
    cdef turn_t turn = enter(caller)
    if summary != NULL:
        summarise_span(rows, row, begin, result, summary, tops)
    else:
        write_span(rows, row, begin, result, tops)
    return leave(turn, taken)


cdef inline int long_row(const rows_t *rows, npy_intp row, fa_part *summaries, int parts,
                         fa_state caller) noexcept nogil:
    """One row by several threads. The summaries are joined in order, as one thread joins them."""
    cdef npy_intp spans = (rows.n + FA_SPAN - 1) // FA_SPAN, i
    cdef int overflow = 0, state = FA_AGAIN
    cdef double began = omp_get_wtime(), taken = 0
    cdef fa_row result
    cdef double *tops = room_for_tops(rows)
    parts = <int> min(<npy_intp> parts, spans)
    begin_row(rows, row, &result)
    while state == FA_AGAIN:
        if rows.job.kernel.reduce != NULL:
            for i in prange(spans, num_threads=parts, schedule="static"):
                overflow |= part_of_row(rows, row, i * FA_SPAN, &result, &summaries[i], tops, caller, &taken)
            for i in range(1, spans):
                merge(rows.job, &result, summaries, &summaries[i], False, 1)
            result.part = summaries[0]
        state = rows.job.kernel.finish(&result, rows.n, 1)
        overflow |= fa_leave(caller)
    if writes_rows(rows.job):
        for i in prange(spans, num_threads=parts, schedule="static"):
            overflow |= part_of_row(rows, row, i * FA_SPAN, &result, NULL, tops, caller, &taken)
    write_scalars(rows, row, 1, &result)
    free(tops)
    judge(began, taken)
    return overflow


cdef inline void threaded_rows(char **args, const npy_intp *dims, const npy_intp *steps, void *data) noexcept nogil:
    """The loop that NumPy calls, of every row-wise function and every dtype: rows are shared, and few long ones cut."""
    cdef rows_t rows
    cdef npy_intp total = dims[0], share, i
    cdef int k, parts, overflow = 0, cores = 0
    cdef double began, taken = 0
    cdef fa_part *summaries = NULL
    cdef fa_state state
    if total == 0:
        return
    rows.job, rows.n, rows.shared = <const row_job_t *> data, dims[1], True
    for k in range(rows.job.nargs):
        rows.args[k], rows.outer[k], rows.inner[k] = args[k], steps[k], 0
        if rows.job.operands[k] == ROW_IN or rows.job.operands[k] == ROW_OUT:
            rows.inner[k] = steps[rows.job.nargs + cores]
            cores += 1
        elif rows.outer[k] != 0 and rows.job.operands[k] in (SCALAR_IN, VALUE_IN, INDEX_IN):
            rows.shared = False
    state = fa_get_state()
    parts = team(total * rows.n, rows.job.grain)
    if parts > 1 and total < 4 * parts and rows.n >= 2 * FA_SPAN:
        summaries = <fa_part *> malloc((rows.n // FA_SPAN + 1) * sizeof(fa_part))
    if summaries != NULL:
        for i in range(total):
            overflow |= long_row(&rows, i, summaries, parts, state)
            parts = team(total * rows.n, rows.job.grain)
        free(summaries)
        overflow |= fa_leave(state)
    elif parts > 1 and total > 1:
        share = (total + parts - 1) // parts
        if share >= 64:
            share = (share + 15) // 16 * 16     # whole blocks of rows
        parts = <int> ((total + share - 1) // share)
        began = omp_get_wtime()
        for i in prange(parts, num_threads=parts, schedule="static", chunksize=1):
            overflow |= part_of_rows(&rows, i * share, min(total, (i + 1) * share), state, &taken)
        judge(began, taken)
    else:
        span_of_rows(&rows, 0, total)
        overflow = fa_leave(state)
    if overflow and not rows.job.quiet:
        fa_raise_overflow()
