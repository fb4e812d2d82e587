# cython: cdivision=True
"""Loops over memory, each written once: blocks of one row, squares of rows that lie beside one another, then spans of
many rows. No arithmetic and no thread here.

A kernel's own loop (made by ufuncs.pyx.in) runs over contiguous float or double arrays. Whatever else NumPy hands out
(any stride, float16, a scalar against an array) is brought into that shape block by block, in buffers that stay in the
first-level cache: so each kernel exists once an arithmetic type, and a result has the same bits whatever the layout.

float16 has 65,536 numbers. Where a function of one of them is costly, large arrays look the results up in a table, which
the first of them makes.
"""
from libc.stdlib cimport free, malloc
from libc.stdint cimport int32_t, uint16_t
from numpy cimport npy_intp

ctypedef void (*kernel_t)(char **args, npy_intp n) noexcept nogil

cdef enum:
    MAX_ARGS = 8            # inputs and outputs of one ufunc
    BLOCK_DOUBLES = 512     # of each argument, or twice as many floats: eight of them fill the smallest L1 cache
    SETTLED = 32            # results that are computed in double at once
    HALVES = 65536          # numbers of float16
    PIECE = 4096            # of them are computed at once for a table
    LARGE = 6144            # elements for which a table is worth fetching; NumPy's buffers hold a few more

cdef enum storage_t:        # of arrays; and what it is computed in
    HALF                    # float16: float, and double where a float does not decide
    WIDE_HALF               # float16: double
    SINGLE                  # float
    PRECISE                 # float: double
    DOUBLE                  # double

ctypedef struct table_t:    # of a function of one float16 number
    uint16_t results[HALVES]
    uint16_t params[MAX_ARGS]

ctypedef struct job_t:      # what a ufunc carries in its data slot, one for each dtype
    bint quiet              # overflow happens only on the way to a result; first, since dressed.h reads it
    kernel_t kernel
    kernel_t wide           # in double, for results of HALF nearer to a midpoint than `margin` ulp of float
    int margin
    int nin, nargs
    storage_t storage
    void **table            # where its table is kept, of a costly function of one float16 number; itself: has none
    npy_intp grain          # least number of elements that is worth a thread
    bint rows               # signature (n),...->(n): an outer and an inner dimension

cdef extern from "memory.h" nogil:
    void fa_gather_half(const uint16_t *h, npy_intp step, float *to, npy_intp n)
    void fa_gather_wide_half(const uint16_t *h, npy_intp step, double *to, npy_intp n)
    void fa_gather_wide(const float *x, npy_intp step, double *to, npy_intp n)
    void fa_gather_float(const float *x, npy_intp step, float *to, npy_intp n)
    void fa_gather_double(const double *x, npy_intp step, double *to, npy_intp n)
    void fa_scatter_half(const float *x, uint16_t *to, npy_intp step, npy_intp n)
    void fa_scatter_wide_half(const double *x, uint16_t *to, npy_intp step, npy_intp n)
    void fa_scatter_wide(const double *x, float *to, npy_intp step, npy_intp n)
    void fa_scatter_float(const float *x, float *to, npy_intp step, npy_intp n)
    void fa_scatter_double(const double *x, double *to, npy_intp step, npy_intp n)
    void fa_repeat(void *to, size_t size, npy_intp n)
    void fa_gather_block_half(const char *x, npy_intp outer, npy_intp inner, int rows, npy_intp n, float *to)
    void fa_gather_block_wide_half(const char *x, npy_intp outer, npy_intp inner, int rows, npy_intp n, double *to)
    void fa_gather_block_wide(const char *x, npy_intp outer, npy_intp inner, int rows, npy_intp n, double *to)
    void fa_gather_block_float(const char *x, npy_intp outer, npy_intp inner, int rows, npy_intp n, float *to)
    void fa_gather_block_double(const char *x, npy_intp outer, npy_intp inner, int rows, npy_intp n, double *to)
    void fa_scatter_block_half(const float *x, char *to, npy_intp outer, npy_intp inner, int rows, npy_intp n)
    void fa_scatter_block_wide_half(const double *x, char *to, npy_intp outer, npy_intp inner, int rows, npy_intp n)
    void fa_scatter_block_wide(const double *x, char *to, npy_intp outer, npy_intp inner, int rows, npy_intp n)
    void fa_scatter_block_float(const float *x, char *to, npy_intp outer, npy_intp inner, int rows, npy_intp n)
    void fa_scatter_block_double(const double *x, char *to, npy_intp outer, npy_intp inner, int rows, npy_intp n)
    npy_intp fa_find_doubtful(const float *y, npy_intp n, int32_t margin, int32_t *places)
    float fa_to_odd(double x)
    void fa_look_up(const uint16_t *table, const uint16_t *x, npy_intp dx, uint16_t *y, npy_intp dy, npy_intp n)
    void *fa_kept(void **slot)
    void *fa_keep(void **slot, void *made)

cdef extern from "state.h" nogil:
    ctypedef struct fa_state:
        pass
    fa_state fa_get_state()
    void fa_enter(fa_state caller)
    int fa_leave(fa_state before)
    void fa_raise_overflow()
    bint fa_overflowed()
    bint fa_usual_modes()


cdef inline void gather(char *to, const char *source, npy_intp step, npy_intp n, storage_t storage) noexcept nogil:
    """n elements, `step` bytes apart, as contiguous arithmetic numbers."""
    if storage == HALF:
        fa_gather_half(<const uint16_t *> source, step // <npy_intp> sizeof(uint16_t), <float *> to, n)
    elif storage == WIDE_HALF:
        fa_gather_wide_half(<const uint16_t *> source, step // <npy_intp> sizeof(uint16_t), <double *> to, n)
    elif storage == PRECISE:
        fa_gather_wide(<const float *> source, step // <npy_intp> sizeof(float), <double *> to, n)
    elif storage == SINGLE:
        fa_gather_float(<const float *> source, step // <npy_intp> sizeof(float), <float *> to, n)
    else:
        fa_gather_double(<const double *> source, step // <npy_intp> sizeof(double), <double *> to, n)


cdef inline void scatter(char *to, npy_intp step, const char *source, npy_intp n, storage_t storage) noexcept nogil:
    """The way back."""
    if storage == HALF:
        fa_scatter_half(<const float *> source, <uint16_t *> to, step // <npy_intp> sizeof(uint16_t), n)
    elif storage == WIDE_HALF:
        fa_scatter_wide_half(<const double *> source, <uint16_t *> to, step // <npy_intp> sizeof(uint16_t), n)
    elif storage == PRECISE:
        fa_scatter_wide(<const double *> source, <float *> to, step // <npy_intp> sizeof(float), n)
    elif storage == SINGLE:
        fa_scatter_float(<const float *> source, <float *> to, step // <npy_intp> sizeof(float), n)
    else:
        fa_scatter_double(<const double *> source, <double *> to, step // <npy_intp> sizeof(double), n)


cdef inline int width(storage_t storage) noexcept nogil:
    """Rows of a block: 16 floats or 8 doubles lie beside one another."""
    return 64 // <int> real_size(storage)


cdef inline void gather_block(char *to, const char *x, npy_intp outer, npy_intp inner, int rows, npy_intp n,
                              storage_t storage) noexcept nogil:
    """n elements of some rows, `outer` bytes apart, interleaved: element k of row l at k*width + l."""
    if storage == HALF:
        fa_gather_block_half(x, outer, inner, rows, n, <float *> to)
    elif storage == WIDE_HALF:
        fa_gather_block_wide_half(x, outer, inner, rows, n, <double *> to)
    elif storage == PRECISE:
        fa_gather_block_wide(x, outer, inner, rows, n, <double *> to)
    elif storage == SINGLE:
        fa_gather_block_float(x, outer, inner, rows, n, <float *> to)
    else:
        fa_gather_block_double(x, outer, inner, rows, n, <double *> to)


cdef inline void scatter_block(char *to, npy_intp outer, npy_intp inner, const char *source, int rows, npy_intp n,
                               storage_t storage) noexcept nogil:
    """The way back."""
    if storage == HALF:
        fa_scatter_block_half(<const float *> source, to, outer, inner, rows, n)
    elif storage == WIDE_HALF:
        fa_scatter_block_wide_half(<const double *> source, to, outer, inner, rows, n)
    elif storage == PRECISE:
        fa_scatter_block_wide(<const double *> source, to, outer, inner, rows, n)
    elif storage == SINGLE:
        fa_scatter_block_float(<const float *> source, to, outer, inner, rows, n)
    else:
        fa_scatter_block_double(<const double *> source, to, outer, inner, rows, n)


cdef inline bint apart(const char *x, npy_intp dx, const char *y, npy_intp dy, npy_intp n) noexcept nogil:
    """True when no element of x lies where another element of y is written: nowhere near, or exactly in place."""
    if x == y and dx == dy and dy != 0:
        return True
    return (max(x, x + (n - 1) * dx) < min(y, y + (n - 1) * dy)
            or max(y, y + (n - 1) * dy) < min(x, x + (n - 1) * dx))


cdef inline bint entangled(const job_t *job, char **args, const npy_intp *steps, npy_intp n) noexcept nogil:
    """True when the order of elements matters: `reduce` and `accumulate` read what they have just written, and outputs
    may lie over one another or over themselves."""
    cdef int k, y
    for y in range(job.nin, job.nargs):
        if steps[y] == 0 and n > 1:
            return True
        for k in range(job.nin):
            if not apart(args[k], steps[k], args[y], steps[y], n):
                return True
        for k in range(job.nin, y):
            if args[k] == args[y] or not apart(args[k], steps[k], args[y], steps[y], n):
                return True
    return False


cdef inline npy_intp real_size(storage_t storage) noexcept nogil:
    """Bytes of what it is computed in."""
    return sizeof(float) if storage == SINGLE or storage == HALF else sizeof(double)


cdef inline void settled(const job_t *job, char **at, npy_intp n) noexcept nogil:
    """The kernel for float16: in float, and once more in double, rounded to odd, what may be on the wrong side of a
    midpoint. What overflows in float alone raises no flag."""
    cdef fa_state state = fa_get_state()
    cdef double space[MAX_ARGS][SETTLED]
    cdef char *wide[MAX_ARGS]
    cdef int32_t places[BLOCK_DOUBLES * 2]
    cdef npy_intp found, first, count, whole, i
    cdef int k, y
    job.kernel(at, n)
    fa_leave(state)
    for k in range(job.nargs):
        wide[k] = <char *> space[k]
    for y in range(job.nin, job.nargs):
        found = fa_find_doubtful(<const float *> at[y], n, job.margin, places)
        first = 0
        while first < found:
            count = min(found - first, <npy_intp> SETTLED)
            whole = (count + 7) // 8 * 8                # vectors, filled with the first one
            for k in range(job.nin):
                for i in range(whole):
                    space[k][i] = (<const float *> at[k])[places[first + (i if i < count else 0)]]
            job.wide(wide, whole)
            for k in range(job.nin, job.nargs):
                for i in range(count):
                    (<float *> at[k])[places[first + i]] = fa_to_odd(space[k][i])
            first += count


cdef inline void arithmetic(const job_t *job, char **at, npy_intp n) noexcept nogil:
    """The kernel, and for float16 what it takes besides."""
    if job.margin > 0:
        settled(job, at, n)
    else:
        job.kernel(at, n)


cdef inline void computed(const job_t *job, char **args, const npy_intp *steps, npy_intp n) noexcept nogil:
    """One row of any strides, by contiguous blocks."""
    cdef npy_intp size = real_size(job.storage), start = 0, count, block
    cdef int k
    cdef bint direct[MAX_ARGS]
    cdef bint plain = job.storage == SINGLE or job.storage == DOUBLE
    cdef bint all_direct = plain
    for k in range(job.nargs):
        direct[k] = plain and (steps[k] == size or n == 1)
        all_direct = all_direct and direct[k]
    if all_direct:
        job.kernel(args, n)
        return

    cdef double space[MAX_ARGS][BLOCK_DOUBLES]
    cdef char *at[MAX_ARGS]
    block = min(n, BLOCK_DOUBLES * <npy_intp> sizeof(double) // size)
    if entangled(job, args, steps, n):
        block = 1
    for k in range(job.nargs):
        if not direct[k]:
            at[k] = <char *> space[k]
            if k < job.nin and steps[k] == 0 and block > 1:     # one number for all
                gather(at[k], args[k], 0, 1, job.storage)
                fa_repeat(at[k], size, block)
    while start < n:
        count = min(block, n - start)
        for k in range(job.nargs):
            if direct[k]:
                at[k] = args[k] + start * steps[k]
            elif k < job.nin and (steps[k] != 0 or block == 1):
                gather(at[k], args[k] + start * steps[k], steps[k], count, job.storage)
        arithmetic(job, at, count)
        for k in range(job.nin, job.nargs):
            if not direct[k]:
                scatter(args[k] + start * steps[k], steps[k], at[k], count, job.storage)
        start += count


cdef inline table_t *tabulated(const job_t *job, char **args) noexcept nogil:
    """The results for all numbers of float16, with the parameters of this call. What overflows is to be reported each
    time: such a function has no table."""
    cdef table_t *table = <table_t *> malloc(sizeof(table_t))
    cdef fa_state caller = fa_get_state()
    cdef uint16_t x[PIECE]
    cdef char *at[MAX_ARGS]
    cdef npy_intp steps[MAX_ARGS]
    cdef npy_intp part, i
    cdef int k
    if table == NULL:
        return NULL
    for k in range(job.nargs):
        at[k], steps[k] = args[k], 0
        table.params[k] = (<const uint16_t *> args[k])[0]
    at[0], steps[0], steps[job.nin] = <char *> x, sizeof(uint16_t), sizeof(uint16_t)
    fa_enter(caller)
    for part in range(HALVES // PIECE):
        for i in range(PIECE):
            x[i] = <uint16_t> (part * PIECE + i)
        at[job.nin] = <char *> &table.results[part * PIECE]
        computed(job, at, steps, PIECE)
    if fa_overflowed() and not job.quiet:
        free(table)
        table = <table_t *> job.table
    fa_leave(caller)
    return <table_t *> fa_keep(job.table, table)


cdef inline const table_t *table_for(const job_t *job, char **args, const npy_intp *outer,
                                     const npy_intp *inner) noexcept nogil:
    """The table that serves a call, or NULL: parameters may vary, or be others than those of the first call."""
    cdef table_t *table
    cdef int k
    if not fa_usual_modes():
        return NULL
    for k in range(1, job.nin):
        if outer[k] != 0 or inner[k] != 0:
            return NULL
    table = <table_t *> fa_kept(job.table)
    if table == NULL:
        table = tabulated(job, args)
    if table == NULL or table == <table_t *> job.table:
        return NULL
    for k in range(1, job.nin):
        if (<const uint16_t *> args[k])[0] != table.params[k]:
            return NULL
    return table


cdef inline void row(const job_t *job, const table_t *table, char **args, const npy_intp *steps,
                     npy_intp n) noexcept nogil:
    """One row of any strides, looked up or computed."""
    cdef npy_intp size = sizeof(uint16_t)
    if table != NULL and not entangled(job, args, steps, n):
        fa_look_up(table.results, <const uint16_t *> args[0], steps[0] // size, <uint16_t *> args[job.nin],
                   steps[job.nin] // size, n)
    else:
        computed(job, args, steps, n)


cdef inline bint turned(const job_t *job, const npy_intp *outer, const npy_intp *inner) noexcept nogil:
    """Whether the rows of an operand lie beside one another, as those of a transposed array."""
    cdef int k
    for k in range(job.nargs):
        if outer[k] != 0 and max(outer[k], -outer[k]) < max(inner[k], -inner[k]):
            return True
    return False


cdef inline void squares(const job_t *job, char **args, const npy_intp *outer, const npy_intp *inner, npy_intp n,
                         int rows) noexcept nogil:
    """As many rows as lie beside one another in a cache line, by squares that stay in the first-level cache."""
    cdef double space[MAX_ARGS][BLOCK_DOUBLES]
    cdef char *at[MAX_ARGS]
    cdef npy_intp size = real_size(job.storage), columns = BLOCK_DOUBLES // 8, first = 0, count
    cdef int lanes = width(job.storage), k
    for k in range(job.nargs):
        at[k] = <char *> space[k]
        if outer[k] == 0 and inner[k] == 0:
            gather(at[k], args[k], 0, 1, job.storage)
            fa_repeat(at[k], size, columns * lanes)
    while first < n:
        count = min(columns, n - first)
        for k in range(job.nin):
            if outer[k] != 0 or inner[k] != 0:
                gather_block(at[k], args[k] + first * inner[k], outer[k], inner[k], rows, count, job.storage)
        arithmetic(job, at, count * lanes)
        for k in range(job.nin, job.nargs):
            scatter_block(args[k] + first * inner[k], outer[k], inner[k], at[k], rows, count, job.storage)
        first += count


cdef inline void span(const job_t *job, char **args, const npy_intp *outer, const npy_intp *inner, npy_intp n,
                      npy_intp begin, npy_intp end) noexcept nogil:
    """Elements `begin` to `end` of rows of n elements, counted through all the rows."""
    cdef char *at[MAX_ARGS]
    cdef const table_t *table = NULL
    cdef npy_intp column, count
    cdef int lanes = 0, rows, k
    if job.table != NULL and end - begin >= LARGE:
        table = table_for(job, args, outer, inner)
    if job.rows and table == NULL and turned(job, outer, inner):
        lanes = width(job.storage)
    while begin < end:
        column = begin % n
        count = min(n - column, end - begin)
        for k in range(job.nargs):
            at[k] = args[k] + begin // n * outer[k] + column * inner[k]
        rows = <int> min(<npy_intp> lanes, (end - begin) // n) if column == 0 else 0
        if 2 * rows > lanes:        # fewer cost as much as a whole block
            count = n * rows
            squares(job, at, outer, inner, n, rows)
        else:
            row(job, table, at, inner, count)
        begin += count
