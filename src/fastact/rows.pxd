# cython: cdivision=True
"""Row-wise functions over memory: rows of any layout, by blocks that stay in the cache. No arithmetic and no thread.

A contiguous row is read where it lies. Short rows, and rows that lie beside one another (any axis but the last), are
transposed, or gathered by cache lines, LANES at a time; other strided rows a chunk at a time. What is computed
(rowmath.h) does not see the difference. There are two passes over a row: one that summarises it, one that writes. A row
that is no longer than a chunk is read once; a longer one keeps its exponentials in the output where that is contiguous.
"""
from libc.stdint cimport uintptr_t
from libc.stdlib cimport free, malloc
from libc.string cimport memset
from numpy cimport npy_intp
from .loops cimport (DOUBLE, HALF, MAX_ARGS, PRECISE, SINGLE, WIDE_HALF, gather, gather_block, real_size, scatter,
                     scatter_block, storage_t, width)

cdef extern from "rowmath.h" nogil:
    enum:
        FA_CHUNK
        FA_SPAN
        FA_LANES
        FA_AGAIN
    ctypedef struct fa_part:
        double top
        double sum
        double low
        double count
        npy_intp which
    ctypedef struct fa_row:
        fa_part part
        double scalar
        double factor
    ctypedef struct fa_block:
        const void *in_ "in"[2]
        void *out
        void *work
        double *scratch
        npy_intp count
        npy_intp first
        int lanes
        int kept
        double tops[16]
    ctypedef struct fa_kernel:
        void (*begin)(fa_row *row) noexcept nogil
        void (*reduce)(const fa_block *b, const fa_row *rows, fa_part *parts) noexcept nogil
        void (*merge)(const fa_row *row, fa_part *a, const fa_part *b) noexcept nogil
        int (*finish)(fa_row *rows, npy_intp n, int lanes) noexcept nogil
        void (*apply)(const fa_block *b, const fa_row *rows) noexcept nogil
        int keeps

cdef enum:
    SHORT = 512             # bytes; rows up to here are computed LANES at a time: alone they leave registers empty

cdef enum operand_t:        # of a row-wise function
    ROW_IN, ROW_OUT         # along the axis
    VALUE_IN, VALUE_OUT     # one number a row, of the function's dtype
    SCALAR_IN               # one double a row
    INDEX_IN, INDEX_OUT     # one integer a row

ctypedef struct row_job_t:  # what a row-wise function carries in its data slot, one for each dtype
    const fa_kernel *kernel
    int nargs
    operand_t operands[MAX_ARGS]
    storage_t storage
    npy_intp grain          # as in job_t
    bint quiet              # overflow happens only on the way to a result

ctypedef struct rows_t:     # the rows of one call
    const row_job_t *job
    char *args[MAX_ARGS]
    npy_intp outer[MAX_ARGS]
    npy_intp inner[MAX_ARGS]
    npy_intp n
    bint shared             # whether all rows have the same scalars

ctypedef struct space_t:    # memory for a chunk of one row
    double input[2][2048]   # FA_CHUNK
    double work[2048]
    double out[2048]
    double scratch[1024]


cdef inline storage_t widened(storage_t storage) noexcept nogil:
    """The same numbers, computed in double: of scalars."""
    return WIDE_HALF if storage == HALF else PRECISE if storage == SINGLE else storage


cdef inline bint direct(const rows_t *rows, int k) noexcept nogil:
    """Whether a row of operand k is contiguous arithmetic numbers."""
    cdef storage_t storage = rows.job.storage
    return (storage == SINGLE or storage == DOUBLE) and (rows.inner[k] == real_size(storage) or rows.n == 1)


cdef inline void gather_rows(const rows_t *rows, int k, npy_intp row, npy_intp first, npy_intp n, int count, int lanes,
                             void *to) noexcept nogil:
    """n elements of `count` rows, interleaved; of one row where lanes is 1."""
    cdef npy_intp outer = rows.outer[k], inner = rows.inner[k]
    cdef const char *x = rows.args[k] + row * outer + first * inner
    if lanes == 1:
        gather(<char *> to, x, inner, n, rows.job.storage)
    else:
        gather_block(<char *> to, x, outer, inner, count, n, rows.job.storage)


cdef inline void scatter_rows(const rows_t *rows, int k, npy_intp row, npy_intp first, npy_intp n, int count, int lanes,
                              const void *source) noexcept nogil:
    """The way back."""
    cdef npy_intp outer = rows.outer[k], inner = rows.inner[k]
    cdef char *to = rows.args[k] + row * outer + first * inner
    if lanes == 1:
        scatter(to, inner, <const char *> source, n, rows.job.storage)
    else:
        scatter_block(to, outer, inner, <const char *> source, count, n, rows.job.storage)


cdef inline void read_scalars(const rows_t *rows, npy_intp row, int count, int lanes, fa_row *to) noexcept nogil:
    """What comes with the rows; lanes beyond the last repeat it."""
    cdef const row_job_t *job = rows.job
    cdef const char *at
    cdef double wide
    cdef int k, l
    for l in range(lanes):
        if l > 0 and rows.shared:
            to[l] = to[0]
            continue
        memset(&to[l], 0, sizeof(fa_row))
        for k in range(job.nargs):
            at = rows.args[k] + (row + min(l, count - 1)) * rows.outer[k]
            if job.operands[k] == SCALAR_IN:
                to[l].scalar = (<const double *> at)[0]
            elif job.operands[k] == INDEX_IN:
                to[l].part.which = (<const npy_intp *> at)[0]
            elif job.operands[k] == VALUE_IN:
                gather(<char *> &wide, at, 0, 1, widened(job.storage))
                to[l].scalar = wide
        if job.kernel.begin != NULL:
            job.kernel.begin(&to[l])


cdef inline void write_scalars(const rows_t *rows, npy_intp row, int count, const fa_row *results) noexcept nogil:
    """The results that are one number a row."""
    cdef const row_job_t *job = rows.job
    cdef char *at
    cdef int k, l
    for k in range(job.nargs):
        if job.operands[k] != VALUE_OUT and job.operands[k] != INDEX_OUT:
            continue
        for l in range(count):
            at = rows.args[k] + (row + l) * rows.outer[k]
            if job.operands[k] == INDEX_OUT:
                (<npy_intp *> at)[0] = results[l].part.which
            else:
                scatter(at, 0, <const char *> &results[l].factor, 1, widened(job.storage))


cdef inline void load(const rows_t *rows, fa_block *b, npy_intp row, npy_intp first, npy_intp n, int count,
                      void **input) noexcept nogil:
    """The inputs of a block: where they lie, or gathered into `input`."""
    cdef int k, i = 0
    b.first, b.count = first, n
    for k in range(rows.job.nargs):
        if rows.job.operands[k] == ROW_IN:
            if b.lanes == 1 and direct(rows, k):
                b.in_[i] = rows.args[k] + row * rows.outer[k] + first * rows.inner[k]
            else:
                gather_rows(rows, k, row, first, n, count, b.lanes, input[i])
                b.in_[i] = input[i]
            i += 1


cdef inline void merge(const row_job_t *job, const fa_row *results, fa_part *total, const fa_part *part, bint first,
                       int lanes) noexcept nogil:
    cdef int l
    for l in range(lanes):
        if first:
            total[l] = part[l]
        else:
            job.kernel.merge(&results[l], &total[l], &part[l])


cdef inline int output(const rows_t *rows) noexcept nogil:
    """The operand that is written by rows."""
    cdef int k = 0
    while rows.job.operands[k] != ROW_OUT:
        k += 1
    return k


cdef inline double *room_for_tops(const rows_t *rows) noexcept nogil:
    """Where a long row can keep its exponentials in the output until they are scaled: room for the largest element of
    each chunk. They are computed again where there is none."""
    if rows.job.kernel.keeps and direct(rows, output(rows)):
        return <double *> malloc((rows.n // FA_CHUNK + 1) * sizeof(double))
    return NULL


cdef inline void *chunk_of_output(const rows_t *rows, npy_intp row, npy_intp first) noexcept nogil:
    cdef int k = output(rows)
    return rows.args[k] + row * rows.outer[k] + first * rows.inner[k]


cdef inline void summarise(const rows_t *rows, fa_block *b, void **input, npy_intp row, npy_intp begin, int count,
                           const fa_row *results, fa_part *span, double *tops) noexcept nogil:
    """One span of the rows, from `begin`: its chunks from the first to the last."""
    cdef fa_part part[FA_LANES]
    cdef npy_intp end = min(rows.n, begin + FA_SPAN), first = begin
    while first < end:
        load(rows, b, row, first, min(<npy_intp> FA_CHUNK, end - first), count, input)
        if tops != NULL:
            b.work = chunk_of_output(rows, row, first)
        rows.job.kernel.reduce(b, results, part)
        if tops != NULL:
            tops[first // FA_CHUNK] = part[0].top
        merge(rows.job, results, span, part, first == begin, b.lanes)
        first += FA_CHUNK


cdef inline void write_rows(const rows_t *rows, fa_block *b, void **input, void *out, npy_intp row, npy_intp begin,
                            npy_intp end, int count, const fa_row *results, bint loaded,
                            const double *tops) noexcept nogil:
    """The results from `begin` to `end`. Where `loaded`, the block is in place; with `tops`, so are exponentials."""
    cdef npy_intp first = begin, n
    cdef int k = output(rows)
    while first < end:
        n = min(<npy_intp> FA_CHUNK, end - first)
        if tops != NULL:
            b.work, b.count, b.first, b.kept = chunk_of_output(rows, row, first), n, first, True
            b.tops[0] = tops[first // FA_CHUNK]
        elif not loaded:
            load(rows, b, row, first, n, count, input)
        if b.lanes == 1 and direct(rows, k):
            b.out = chunk_of_output(rows, row, first)
            rows.job.kernel.apply(b, results)
        else:
            b.out = out
            rows.job.kernel.apply(b, results)
            scatter_rows(rows, k, row, first, n, count, b.lanes, out)
        first += n


cdef inline bint writes_rows(const row_job_t *job) noexcept nogil:
    return job.kernel.apply != NULL


cdef inline void short_rows(const rows_t *rows, fa_block *b, void **input, npy_intp row, int count,
                            fa_row *results) noexcept nogil:
    """Everything before the output, of rows that are one chunk."""
    cdef fa_part total[FA_LANES]
    cdef int state = FA_AGAIN, l
    load(rows, b, row, 0, rows.n, count, input)
    while state == FA_AGAIN:
        if rows.job.kernel.reduce != NULL and rows.n:
            rows.job.kernel.reduce(b, results, total)
            for l in range(b.lanes):
                results[l].part = total[l]
                b.tops[l] = total[l].top
        state = rows.job.kernel.finish(results, rows.n, b.lanes)
    b.kept = True


cdef inline void long_rows(const rows_t *rows, fa_block *b, void **input, npy_intp row, int count, fa_row *results,
                           double *tops) noexcept nogil:
    """The same of longer ones."""
    cdef fa_part total[FA_LANES]
    cdef fa_part span[FA_LANES]
    cdef npy_intp begin
    cdef int state = FA_AGAIN, l
    while state == FA_AGAIN:
        if rows.job.kernel.reduce != NULL:
            begin = 0
            while begin < rows.n:
                summarise(rows, b, input, row, begin, count, results, span, tops)
                merge(rows.job, results, total, span, begin == 0, b.lanes)
                begin += FA_SPAN
            for l in range(b.lanes):
                results[l].part = total[l]
        state = rows.job.kernel.finish(results, rows.n, b.lanes)
    b.kept = False


cdef inline void group(const rows_t *rows, fa_block *b, void **input, void *out, npy_intp row,
                       int count) noexcept nogil:
    """`count` rows as one block of lanes."""
    cdef fa_row results[FA_LANES]
    cdef void *work = b.work
    cdef bint single = rows.n <= FA_CHUNK
    cdef double *tops = NULL
    read_scalars(rows, row, count, b.lanes, results)
    if single:
        short_rows(rows, b, input, row, count, results)
    else:
        if b.lanes == 1:
            tops = room_for_tops(rows)
        long_rows(rows, b, input, row, count, results, tops)
    if writes_rows(rows.job):
        write_rows(rows, b, input, out, row, 0, rows.n, count, results, single, tops)
    write_scalars(rows, row, count, results)
    b.work = work
    free(tops)


cdef inline void borrow(space_t *space, fa_block *b, void **input) noexcept nogil:
    """A block of one row in `space`."""
    input[0], input[1] = space.input[0], space.input[1]
    b.work, b.scratch, b.lanes, b.kept = space.work, space.scratch, 1, False


cdef inline void alone(const rows_t *rows, npy_intp begin, npy_intp end) noexcept nogil:
    """Rows `begin` to `end`, one by one."""
    cdef space_t space
    cdef void *input[2]
    cdef fa_block b
    borrow(&space, &b, input)
    while begin < end:
        group(rows, &b, input, space.out, begin, 1)
        begin += 1


cdef inline void begin_row(const rows_t *rows, npy_intp row, fa_row *result) noexcept nogil:
    """For a row that several threads share."""
    read_scalars(rows, row, 1, 1, result)


cdef inline void summarise_span(const rows_t *rows, npy_intp row, npy_intp begin, const fa_row *result,
                                fa_part *summary, double *tops) noexcept nogil:
    """One thread's share of the first pass."""
    cdef space_t space
    cdef void *input[2]
    cdef fa_block b
    borrow(&space, &b, input)
    summarise(rows, &b, input, row, begin, 1, result, summary, tops)


cdef inline void write_span(const rows_t *rows, npy_intp row, npy_intp begin, const fa_row *result,
                            const double *tops) noexcept nogil:
    """One thread's share of the second."""
    cdef space_t space
    cdef void *input[2]
    cdef fa_block b
    borrow(&space, &b, input)
    write_rows(rows, &b, input, space.out, row, begin, min(rows.n, begin + FA_SPAN), 1, result, False, tops)


cdef inline bint beside(const rows_t *rows) noexcept nogil:
    """Whether rows are better computed together: short, or nearer to one another than their elements are."""
    cdef npy_intp outer, inner
    cdef int k
    if rows.n * real_size(rows.job.storage) <= SHORT:
        return True
    for k in range(rows.job.nargs):
        outer, inner = max(rows.outer[k], -rows.outer[k]), max(rows.inner[k], -rows.inner[k])
        if 0 < outer < inner:
            return True
    return False


cdef inline void span_of_rows(const rows_t *rows, npy_intp begin, npy_intp end) noexcept nogil:
    """Rows `begin` to `end`."""
    cdef int lanes = width(rows.job.storage)
    cdef npy_intp block = min(rows.n, <npy_intp> FA_CHUNK) * lanes * real_size(rows.job.storage)    # whole cache lines
    cdef void *input[2]
    cdef char *space = NULL
    cdef char *at
    cdef fa_block b
    if end - begin > 1 and beside(rows):
        space = <char *> malloc(6 * block + 64)
    if space == NULL:           # one row, long ones, or no memory
        alone(rows, begin, end)
        return
    at = <char *> ((<uintptr_t> space + 63) // 64 * 64)
    input[0], input[1] = at, at + block
    b.work, b.scratch, b.lanes = at + 2 * block, <double *> (at + 3 * block), lanes
    while begin < end:
        group(rows, &b, input, at + 5 * block, begin, <int> min(<npy_intp> lanes, end - begin))
        begin += lanes
    free(space)
