# cython: language_level=3
"""Ufuncs and functions of the kernels of a level. Compiled once; no arithmetic and no threads here.

`make_elementwise` and `make_rowwise` make ufuncs of what a level exports (kernels/level.h); `Function` is the type of
functions with parameters; the rest sets the number of threads and asks for it.
"""
from libc.stdlib cimport calloc, malloc
from libc.string cimport strcmp
cimport numpy as np
from cpython.pycapsule cimport PyCapsule_GetPointer

import numpy

cdef extern from "level.h":
    enum: FA_MOST_OPERANDS
    enum: FA_HALF, FA_BFLOAT16, FA_SINGLE, FA_DOUBLE, FA_DTYPES
    const char *FA_CAPSULE
    ctypedef enum fa_operand:
        FA_ROW_IN, FA_ROW_OUT, FA_VALUE_IN, FA_VALUE_OUT, FA_SCALAR_IN, FA_INDEX_IN, FA_INDEX_OUT
    ctypedef struct fa_storage:
        Py_ssize_t real
    ctypedef void (*fa_loop)(char **args, Py_ssize_t n) noexcept nogil
    ctypedef struct fa_loops:
        const char *name
        fa_loop in_float, in_double
    ctypedef const fa_loops *(*fa_list)() noexcept nogil
    ctypedef struct fa_row_kernel:
        pass
    ctypedef struct fa_row_kernels:
        const char *name
        const fa_row_kernel *in_float
        const fa_row_kernel *in_double
    ctypedef struct fa_level:
        const char *name
        const char *flags
        bint fma
        const fa_storage *storages
        const fa_list *loops
        const fa_row_kernels *row_kernels
    ctypedef struct fa_job:
        const fa_level *level
        const fa_storage *storage
        fa_loop loop, in_double
        int margin, nin, nargs
        void **table
        Py_ssize_t grain
        bint rowwise, quiet
    ctypedef struct fa_row_job:
        const fa_level *level
        const fa_storage *storage
        const fa_storage *value
        const fa_row_kernel *kernel
        int nin, nargs
        fa_operand operands[FA_MOST_OPERANDS]
        Py_ssize_t grain
        bint quiet

cdef extern from "threads.h":
    const bint FA_OPENMP
    void fa_threaded(char **args, const np.npy_intp *dims, const np.npy_intp *steps, void *data) nogil
    void fa_threaded_rows(char **args, const np.npy_intp *dims, const np.npy_intp *steps, void *data) nogil
    Py_ssize_t fa_grain(Py_ssize_t size_of_real, bint costly)
    void fa_set_limit(int n)
    int fa_get_threads()
    bint fa_is_forked()
    void fa_watch_fork()

cdef extern from "fast_calls.h":
    int fa_init_fast_calls(bint enabled) except -1
    void fa_install_fast_call(object ufunc, object rowwise)
    long long fa_count_fast_calls()
    void fa_set_hint(object hint)

cdef extern from "function.h":
    object fa_init_function_type()
    object fa_make_function(object ufunc, object general, tuple names, const char *roles, tuple defaults,
                            Py_ssize_t operands)

cdef extern from "compiler.h":
    const char *FA_COMPILER

cdef extern from "supported.h":
    tuple fa_supported_levels()

np.import_array()
np.import_ufunc()
fa_watch_fork()

OPENMP = bool(FA_OPENMP)
COMPILER = FA_COMPILER.decode()
Function = fa_init_function_type()

cdef list _kept = []        # what NumPy keeps pointers to, of ufuncs that are never freed


def supported_levels():
    """The names of the levels that this CPU runs, simplest first, built or not."""
    return fa_supported_levels()


def enable_fast_calls(bint enabled):
    """Whether ufuncs that are made from now on have the fast paths of fast_calls.c."""
    fa_init_fast_calls(enabled)


cdef const fa_level *level_of(object capsule) except NULL:
    return <const fa_level *> PyCapsule_GetPointer(capsule, FA_CAPSULE)


def describe(object capsule):
    """The name of a level, the flags that it was compiled with, and whether it has fused multiply-adds."""
    cdef const fa_level *level = level_of(capsule)
    return level.name.decode(), level.flags.decode(), bool(level.fma)


cdef const fa_loops *find_loops(const fa_level *level, bytes name) except NULL:
    cdef const fa_list *make = level.loops
    cdef const fa_loops *loops
    while make[0] != NULL:
        loops = make[0]()
        while loops.name != NULL:
            if strcmp(loops.name, name) == 0:
                return loops
            loops += 1
        make += 1
    raise ImportError(f"fastact: this level has no kernel {name.decode()}: it was built from other sources")


cdef const fa_row_kernels *find_row_kernels(const fa_level *level, bytes name) except NULL:
    cdef const fa_row_kernels *kernels = level.row_kernels
    while kernels.name != NULL:
        if strcmp(kernels.name, name) == 0:
            return kernels
        kernels += 1
    raise ImportError(f"fastact: this level has no kernel {name.decode()}: it was built from other sources")


cdef set_module(object ufunc, str module):
    try:
        ufunc.__module__ = module
    except AttributeError:      # NumPy < 2.2
        pass


ctypedef struct elementwise_t:      # what NumPy keeps a pointer to
    np.PyUFuncGenericFunction loops[3]
    void *data[3]
    fa_job jobs[3]
    char types[3 * 8]


cdef object make_ufunc(const fa_level *level, object f, str doc, bint precise, bint rowwise, void **tables):
    """A ufunc over float16, float32 and float64, narrowest first, as NumPy's promotion expects; for fastact.precise,
    over the first two, computed in double."""
    cdef elementwise_t *made = <elementwise_t *> malloc(sizeof(elementwise_t))
    cdef const fa_loops *found = find_loops(level, f.name.encode())
    cdef int nin = len(f.inputs), nargs = nin + len(f.outputs), i, k, storage, count = 2 if precise else 3
    cdef int[3] storages = [FA_HALF, FA_SINGLE, FA_DOUBLE]
    cdef char[3] types = [np.NPY_FLOAT16, np.NPY_FLOAT, np.NPY_DOUBLE]
    cdef fa_job *job
    if made == NULL:
        raise MemoryError(f.name)
    for i in range(count):
        storage, job = storages[i], &made.jobs[i]
        job.level = level
        # A 16-bit float job computes in float, and in double what is in doubt: that is precise already
        job.storage = &level.storages[storage + (FA_DTYPES if precise and storage != FA_HALF else 0)]
        job.loop = found.in_float if job.storage.real == sizeof(float) else found.in_double
        job.in_double = found.in_double
        job.margin = f.margin if storage == FA_HALF else 0
        job.table = tables if storage == FA_HALF else NULL
        job.nin, job.nargs = nin, nargs
        job.grain = fa_grain(job.storage.real, f.costly)
        job.rowwise, job.quiet = rowwise, f.quiet
        made.loops[i], made.data[i] = <np.PyUFuncGenericFunction> fa_threaded, job
        for k in range(nargs):
            made.types[i * nargs + k] = types[i]
    cdef bytes name = (f"{f.name}.ufunc" if f.params else f.name).encode(), text = doc.encode()
    cdef bytes signature = b",".join([b"(n)"] * nin) + b"->" + b",".join([b"(n)"] * (nargs - nin))
    _kept.append((name, text, signature))
    ufunc = np.PyUFunc_FromFuncAndDataAndSignature(
        made.loops, made.data, made.types, count, nin, nargs - nin, np.PyUFunc_None, name, text, 0,
        <const char *> signature if rowwise else NULL)
    set_module(ufunc, "fastact.precise" if precise else "fastact")
    return ufunc


def make_elementwise(object capsule, functions, docs):
    """The ufuncs of `functions` (entries of catalogue.derived), by name: two dictionaries, the second one of
    fastact.precise. `docs` are their docstrings, by name."""
    cdef const fa_level *level = level_of(capsule)
    cdef void **tables
    ufuncs, precise = {}, {}
    for f in functions:
        tables = NULL
        if f.tabled:
            tables = <void **> calloc(1, sizeof(void *))
            if tables == NULL:
                raise MemoryError(f.name)
        for made, is_precise in ((ufuncs, False), (precise, True)):
            doc = docs[("precise." if is_precise else "") + f.name]
            made[f.name] = make_ufunc(level, f, doc, is_precise, False, tables)
            fa_install_fast_call(made[f.name], make_ufunc(level, f, doc, is_precise, True, tables))
    return ufuncs, precise


ctypedef struct rowwise_t:      # the same of a function along an axis
    np.PyUFuncGenericFunction loops[3]
    void *data[3]
    fa_row_job jobs[3]
    char types[3 * 8]


def make_rowwise(object capsule, functions):
    """The gufuncs of `functions` (entries of catalogue.rowwise), by name."""
    cdef const fa_level *level = level_of(capsule)
    return {f.name: make_gufunc(level, f) for f in functions}


cdef object make_gufunc(const fa_level *level, object f):
    """A gufunc over float16, float32 and float64; operands as in "rs->r"."""
    cdef rowwise_t *made = <rowwise_t *> malloc(sizeof(rowwise_t))
    cdef const fa_row_kernels *found = find_row_kernels(level, f.name.encode())
    cdef int[3] storages = [FA_HALF, FA_SINGLE, FA_DOUBLE]
    cdef fa_row_job *job
    cdef int i, k, wide
    if made == NULL:
        raise MemoryError(f.name)
    inputs, outputs = f.operands.split("->")
    kinds = [{"r": FA_ROW_IN, "v": FA_VALUE_IN, "s": FA_SCALAR_IN, "i": FA_INDEX_IN}[c] for c in inputs]
    kinds += [{"r": FA_ROW_OUT, "v": FA_VALUE_OUT, "i": FA_INDEX_OUT}[c] for c in outputs]
    for i in range(3):
        job = &made.jobs[i]
        wide = FA_DTYPES if "efd"[i] in f.wide else 0
        job.level = level
        job.storage = &level.storages[storages[i] + wide]
        job.value = &level.storages[storages[i] + FA_DTYPES]
        job.kernel = found.in_float if job.storage.real == sizeof(float) else found.in_double
        job.grain = fa_grain(job.storage.real, True)
        job.nin, job.nargs, job.quiet = len(inputs), len(kinds), not f.overflows
        for k, kind in enumerate(kinds):
            job.operands[k] = kind
        for k, c in enumerate(inputs + outputs):
            made.types[i * len(kinds) + k] = numpy.dtype({"s": "d", "i": "p"}.get(c, "efd"[i])).num
        made.loops[i], made.data[i] = <np.PyUFuncGenericFunction> fa_threaded_rows, job
    cdef bytes name = f"{f.name}.ufunc".encode(), text = f"{f.title}, over rows: the gufunc of fastact.{f.name}".encode()
    cdef bytes signature = "->".join(
        ",".join("(n)" if c == "r" else "()" for c in part) for part in (inputs, outputs)).encode()
    _kept.append((name, text, signature))
    ufunc = np.PyUFunc_FromFuncAndDataAndSignature(
        made.loops, made.data, made.types, 3, len(inputs), len(outputs), np.PyUFunc_None, name, text, 0, signature)
    set_module(ufunc, "fastact")
    if inputs[0] == "r":
        fa_install_fast_call(ufunc, None)
    return ufunc


def make_function(object ufunc, object general, tuple names, str roles, tuple defaults, Py_ssize_t operands):
    """A Function; see function.h."""
    cdef bytes kept = roles.encode()
    _kept.append(kept)
    return fa_make_function(ufunc, general, names, kept, defaults, operands)


def set_hint(object hint):
    """hint(name, args, kwargs, error) returns the message of a TypeError with what to write instead, or an empty text."""
    fa_set_hint(hint)


def count_fast_calls():
    """How many calls took a fast path since the process began."""
    return fa_count_fast_calls()


def set_limit(int n):
    """The most threads that a call may use; checked by fastact.set_num_threads."""
    fa_set_limit(n)


def is_forked():
    """True in a child of fork(), where everything is computed serially."""
    return bool(fa_is_forked())


def get_num_threads():
    """The number of threads that a large call from this thread may use.

    Returns
    -------
    int
        The least of the limit that was set (`set_num_threads`, FASTACT_NUM_THREADS, else the usable CPUs) and what
        OpenMP allows the calling thread (OMP_NUM_THREADS, threadpoolctl); 1 in a forked child and without OpenMP.
        Does not reflect a temporary serial fallback after contention.

    Examples
    --------
    >>> import fastact
    >>> fastact.get_num_threads() >= 1
    True
    """
    return fa_get_threads()
