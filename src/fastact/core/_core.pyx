# cython: language_level=3
"""Ufuncs and functions of the kernels of a level. Compiled once; no arithmetic and no threads here.

`make_elementwise` and `make_rowwise` make ufuncs of what a level exports (kernels/level.h); `Function` is the type of
functions with parameters; the rest sets the number of threads and asks for it.
"""
from libc.stdlib cimport calloc, malloc
from libc.string cimport strcmp
cimport numpy as np
from cpython.object cimport PyObject
from cpython.pycapsule cimport PyCapsule_GetPointer

import importlib
import sys

import numpy

cdef extern from "level.h":
    enum: FA_MOST_OPERANDS
    enum: FA_HALF, FA_BFLOAT16, FA_SINGLE, FA_DOUBLE, FA_DTYPES
    const char *FA_CAPSULE
    ctypedef enum fa_operand:
        FA_ROW_IN, FA_ROW_OUT, FA_VALUE_IN, FA_VALUE_OUT, FA_SCALAR_IN, FA_INDEX_IN, FA_INDEX_OUT
    ctypedef struct fa_storage:
        Py_ssize_t size, real
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
    ctypedef struct fa_hard_cases:
        const char *name
        int margin
    ctypedef struct fa_job:
        const fa_level *level
        const fa_storage *storage
        fa_loop loop, in_double
        const fa_hard_cases *hard
        float[FA_MOST_OPERANDS] defaults
        int margin
        bint product
        int nin, nargs
        const fa_job *at_ones
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

cdef extern from "numpy/ufuncobject.h":
    ctypedef int (*resolver_t "PyUFunc_TypeResolutionFunc *")(
        ufunc_t *ufunc, np.NPY_CASTING casting, np.PyArrayObject **operands, PyObject *types,
        np.PyArray_Descr **found) except -1
    ctypedef struct ufunc_t "PyUFuncObject":
        int nin, nout
        resolver_t type_resolver

cdef extern from "hard_cases.h":
    const fa_hard_cases *fa_all_hard_cases

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
    void fa_install_fast_call(object ufunc, object rowwise)
    void fa_set_hint(object hint)

cdef extern from "operands.h":
    bint fa_fast_calls_enabled
    int fa_import_numpy() except -1
    long long fa_count_fast_calls()
    void fa_set_bfloat16(int type)

cdef extern from "function.h":
    object fa_init_function_type()
    object fa_make_function(object ufunc, object general, tuple names, const char *roles, tuple defaults,
                            Py_ssize_t operands)
    void fa_add_defaults(object function, tuple defaults)

cdef extern from "compiler.h":
    const char *FA_COMPILER

cdef extern from "supported.h":
    tuple fa_supported_levels()

np.import_array()
np.import_ufunc()
fa_watch_fork()

OPENMP = bool(FA_OPENMP)
COMPILER = FA_COMPILER.decode()
fa_import_numpy()
Function = fa_init_function_type()

cdef list _kept = []        # what NumPy keeps pointers to, of ufuncs that are never freed


def supported_levels():
    """The names of the levels that this CPU runs, the fewest instructions first, built or not."""
    return fa_supported_levels()


def enable_fast_calls(bint enabled):
    """Whether ufuncs that are made from now on have the fast paths of fast_calls.c."""
    global fa_fast_calls_enabled
    fa_fast_calls_enabled = enabled


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


cdef const fa_hard_cases *find_hard_cases(bytes name) noexcept:
    """The float32 results that are hard to round; NULL if double decides all of them."""
    cdef const fa_hard_cases *cases = fa_all_hard_cases
    while cases.name != NULL:
        if strcmp(cases.name, name) == 0:
            return cases
        cases += 1
    return NULL


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


# ---- dtypes ----

# NumPy's, by storage, narrowest first, as its promotion expects
cdef tuple NUMPY_DTYPES = ((FA_HALF, "e"), (FA_SINGLE, "f"), (FA_DOUBLE, "d"))
cdef int bfloat16 = 0           # the number that ml_dtypes' has in NumPy, as soon as there are loops of it
cdef list _registered = []      # the Registrations of all ufuncs
cdef list _functions = []       # elementwise Functions, with their defaults in float64
cdef resolver_t resolve_as_numpy = NULL


cdef class Registration:
    """What registers a loop of bfloat16 with a ufunc."""
    cdef object ufunc
    cdef str dtypes     # of each operand, "e" for bfloat16
    cdef np.PyUFuncGenericFunction loop
    cdef void *job

    cdef int register(self) except -1:
        cdef int[FA_MOST_OPERANDS] types
        cdef int k
        for k in range(len(self.dtypes)):
            types[k] = bfloat16 if self.dtypes[k] == "e" else numpy.dtype(self.dtypes[k]).num
        return np.PyUFunc_RegisterLoopForType(self.ufunc, bfloat16, self.loop, types, self.job)


cdef int add_dtypes(object ufunc, str dtypes, np.PyUFuncGenericFunction loop, void *job) except -1:
    """What a new ufunc does with dtypes that it was not made with."""
    global resolve_as_numpy
    cdef Registration made = Registration.__new__(Registration)
    cdef ufunc_t *at = <ufunc_t *> <PyObject *> ufunc
    made.ufunc, made.dtypes, made.loop, made.job = ufunc, dtypes, loop, job
    _registered.append(made)
    if bfloat16:
        made.register()
    resolve_as_numpy, at.type_resolver = at.type_resolver, resolve
    return 0


cdef bint is_python_float(np.PyArrayObject *operand):
    """Whether NumPy, since 2.0, made this array of a Python float. It says so by a flag that has no name in headers."""
    return np.PyArray_FLAGS(<np.ndarray> <PyObject *> operand) & (1 << 29) != 0


cdef int resolve(ufunc_t *ufunc, np.NPY_CASTING casting, np.PyArrayObject **operands, PyObject *types,
                 np.PyArray_Descr **found) except -1:
    """NumPy calls this for dtypes that it knows no loop of; it remembers what is found. Its own resolver casts floats of
    8 bits to float32, and does not let a Python float take the dtype of bfloat16 beside it."""
    cdef np.PyArrayObject *given[FA_MOST_OPERANDS]
    cdef np.PyArrayObject *beside = NULL
    cdef int k
    for k in range(ufunc.nin + ufunc.nout):
        given[k] = operands[k]
        if k < ufunc.nin and operands[k] != NULL:
            check_dtype(<object> <PyObject *> ufunc, (<np.ndarray> <PyObject *> operands[k]).descr)
            if np.PyArray_TYPE(<np.ndarray> <PyObject *> operands[k]) == bfloat16:
                beside = operands[k]
    for k in range(ufunc.nin):
        if beside != NULL and operands[k] != NULL and is_python_float(operands[k]):
            given[k] = beside
    for dtype in <object> types if types != NULL else ():
        if dtype is not None:
            check_dtype(<object> <PyObject *> ufunc, dtype)
    return resolve_as_numpy(ufunc, casting, given, types, found)


cdef int check_dtype(object ufunc, object dtype) except -1:
    """Registers the loops of bfloat16 when it comes first; raises a TypeError for floats that there are no loops of."""
    cdef int number = (<np.dtype> dtype).type_num
    if number == bfloat16 or (number != np.NPY_LONGDOUBLE and not np.PyTypeNum_ISUSERDEF(number)):
        return 0
    if dtype.type is getattr(sys.modules.get("ml_dtypes"), "bfloat16", None):
        register_bfloat16(dtype)
    elif number == np.NPY_LONGDOUBLE or "float" in dtype.type.__name__:
        name = ufunc.__name__.removesuffix(".ufunc")
        known = ", ".join(numpy.dtype(types[0]).name for types in ufunc.types)
        raise TypeError(f"{name}: the dtypes are {known} and bfloat16, not {dtype.name}")
    return 0


cdef int register_bfloat16(np.dtype dtype) except -1:
    global bfloat16
    cdef Registration made
    if not bfloat16:
        bfloat16 = dtype.type_num
        for made in _registered:
            made.register()
        for function, defaults in _functions:
            add_defaults(function, defaults)
        fa_set_bfloat16(bfloat16)
    return 0


cdef add_defaults(object function, tuple defaults):
    dtype = sys.modules["ml_dtypes"].bfloat16
    fa_add_defaults(function, (tuple([numpy.array(default, dtype) for default in defaults]),))


def enable_bfloat16():
    """Let every function take ml_dtypes' bfloat16, and return it.

    There is no need to call this: the first call with a bfloat16 operand does the same. This function imports ml_dtypes
    and registers the loops at once. Calling it again does nothing.

    Raises
    ------
    ImportError
        When ml_dtypes is not installed.

    Examples
    --------
    >>> import fastact
    >>> import ml_dtypes
    >>> fastact.enable_bfloat16()
    >>> fastact.relu(np.ones(3, ml_dtypes.bfloat16)).dtype
    dtype(bfloat16)
    """
    try:
        ml_dtypes = importlib.import_module("ml_dtypes")
    except ImportError as error:
        raise ImportError(f"enable_bfloat16: needs the package ml_dtypes, whose dtype it is: {error}") from error
    register_bfloat16(numpy.dtype(ml_dtypes.bfloat16))


# ---- elementwise functions ----

ctypedef struct loops_t:      # what NumPy keeps a pointer to
    np.PyUFuncGenericFunction loops[3]
    void *data[3]
    char types[3 * 8]


cdef object make_ufunc(const fa_level *level, object f, str doc, str module, bint rowwise, void **tables, int margin,
                       bint costly, bint quiet):
    """A ufunc over all dtypes; for fastact.precise, over all but float64, computed in double where float does not round
    correctly; for fastact.fast, with another loop for float32. `tables` has a place for each storage, or is NULL; the last
    three are attributes of f, which take time to compute."""
    cdef loops_t *made = <loops_t *> malloc(sizeof(loops_t))
    cdef fa_job *jobs = <fa_job *> calloc(2 * FA_DTYPES, sizeof(fa_job))    # those of job.at_ones follow
    cdef const fa_loops *found = find_loops(level, f.name.encode())
    cdef const fa_loops *found_at_ones = NULL
    cdef bint precise = module == "fastact.precise", fast = module == "fastact.fast"
    cdef int nin = len(f.inputs), nargs = nin + len(f.outputs), i, k, storage, count = 2 if precise else 3
    cdef bint product = f.kind.startswith("backward"), is_16_bit
    cdef bint in_double = precise and (margin != 0 or f.kind not in ("forward", "derivative"))
    cdef fa_job *job
    if made == NULL or jobs == NULL:
        raise MemoryError(f.name)
    plain = f.at_ones()
    if plain is not None:
        found_at_ones = find_loops(level, plain.name.encode())
    for storage in range(FA_DTYPES):
        job, is_16_bit = &jobs[storage], level.storages[storage].size == 2
        job.level = level
        # A 16-bit float job computes in float, and in double what is in doubt: that is precise already
        job.storage = &level.storages[storage + (FA_DTYPES if in_double and not is_16_bit else 0)]
        job.loop = found.in_float if job.storage.real == sizeof(float) else found.in_double
        job.in_double = found.in_double
        job.margin, job.product = margin if is_16_bit else 0, product
        if in_double and storage == FA_SINGLE:
            job.hard = find_hard_cases(f.name.encode())
            job.margin = job.hard.margin if job.hard != NULL else 0
            for k in range(len(f.defaults)):
                job.defaults[nin - len(f.defaults) + k] = f.defaults[k]
        job.table = &tables[storage] if tables != NULL and is_16_bit else NULL
        job.nin, job.nargs = nin, nargs
        job.grain = fa_grain(job.storage.real, costly)
        if fast and storage == FA_SINGLE:
            job.loop = find_loops(level, f"fast_{f.name}".encode()).in_float
            job.grain *= 2
        job.rowwise, job.quiet = rowwise, quiet
        if found_at_ones != NULL:
            jobs[FA_DTYPES + storage] = job[0]
            job.at_ones = job = &jobs[FA_DTYPES + storage]
            job.loop = found_at_ones.in_float if job.storage.real == sizeof(float) else found_at_ones.in_double
            if fast and storage == FA_SINGLE:
                job.loop = find_loops(level, f"fast_{plain.name}".encode()).in_float
            job.nin, job.nargs = nin - len(f.params), nargs - len(f.params)
    for i in range(count):
        storage, dtype = NUMPY_DTYPES[i]
        made.loops[i], made.data[i] = <np.PyUFuncGenericFunction> fa_threaded, &jobs[storage]
        for k in range(nargs):
            made.types[i * nargs + k] = numpy.dtype(dtype).num
    cdef bytes name = (f"{f.name}.ufunc" if f.params else f.name).encode(), text = doc.encode()
    cdef bytes signature = b",".join([b"(n)"] * nin) + b"->" + b",".join([b"(n)"] * (nargs - nin))
    _kept.append((name, text, signature))
    ufunc = np.PyUFunc_FromFuncAndDataAndSignature(
        made.loops, made.data, made.types, count, nin, nargs - nin, np.PyUFunc_None, name, text, 0,
        <const char *> signature if rowwise else NULL)
    set_module(ufunc, module)
    add_dtypes(ufunc, "e" * nargs, <np.PyUFuncGenericFunction> fa_threaded, &jobs[<int> FA_BFLOAT16])
    return ufunc


def make_elementwise(object capsule, functions, docs):
    """The ufuncs of `functions` (entries of catalogue.derived), by name: dictionaries of fastact, fastact.precise and
    fastact.fast. `docs` are their docstrings, by name."""
    cdef const fa_level *level = level_of(capsule)
    cdef void **tables
    cdef int margin
    cdef bint costly, quiet
    ufuncs, precise, fast = {}, {}, {}
    for f in functions:
        tables, margin, costly, quiet = NULL, f.margin, f.costly, f.quiet
        if f.tabled:
            tables = <void **> calloc(FA_DTYPES, sizeof(void *))
            if tables == NULL:
                raise MemoryError(f.name)
        for made, module in ((ufuncs, "fastact"), (precise, "fastact.precise"), (fast, "fastact.fast")):
            if made is fast and not f.fast:
                made[f.name] = ufuncs[f.name]
                continue
            doc = docs[f"{module}.{f.name}".removeprefix("fastact.")]
            ufunc, rowwise = [make_ufunc(level, f, doc, module, r, tables, margin, costly, quiet) for r in (False, True)]
            fa_install_fast_call(ufunc, rowwise)
            made[f.name] = ufunc
    return ufuncs, precise, fast


# ---- functions along an axis ----

def make_rowwise(object capsule, functions):
    """The gufuncs of `functions` (entries of catalogue.rowwise), by name."""
    cdef const fa_level *level = level_of(capsule)
    return {f.name: make_gufunc(level, f) for f in functions}


cdef object make_gufunc(const fa_level *level, object f):
    """A gufunc over all dtypes; operands as in "rs->r"."""
    cdef loops_t *made = <loops_t *> malloc(sizeof(loops_t))
    cdef fa_row_job *jobs = <fa_row_job *> calloc(FA_DTYPES, sizeof(fa_row_job))
    cdef const fa_row_kernels *found = find_row_kernels(level, f.name.encode())
    cdef fa_row_job *job
    cdef int i, k, storage
    if made == NULL or jobs == NULL:
        raise MemoryError(f.name)
    inputs, outputs = f.operands.split("->")
    kinds = [{"r": FA_ROW_IN, "v": FA_VALUE_IN, "s": FA_SCALAR_IN, "i": FA_INDEX_IN}[c] for c in inputs]
    kinds += [{"r": FA_ROW_OUT, "v": FA_VALUE_OUT, "i": FA_INDEX_OUT}[c] for c in outputs]
    for storage in range(FA_DTYPES):
        job = &jobs[storage]
        width = "e" if level.storages[storage].size == 2 else "f" if storage == FA_SINGLE else "d"
        job.level = level
        job.storage = &level.storages[storage + (FA_DTYPES if width in f.wide else 0)]
        job.value = &level.storages[storage + FA_DTYPES]
        job.kernel = found.in_float if job.storage.real == sizeof(float) else found.in_double
        job.grain = fa_grain(job.storage.real, True)
        job.nin, job.nargs, job.quiet = len(inputs), len(kinds), not f.overflows
        for k, kind in enumerate(kinds):
            job.operands[k] = kind
    dtypes = "".join({"s": "d", "i": "p"}.get(c, "e") for c in inputs + outputs)    # where the function's is "e"
    for i in range(3):
        storage, dtype = NUMPY_DTYPES[i]
        made.loops[i], made.data[i] = <np.PyUFuncGenericFunction> fa_threaded_rows, &jobs[storage]
        for k, c in enumerate(dtypes.replace("e", dtype)):
            made.types[i * len(kinds) + k] = numpy.dtype(c).num
    cdef bytes name = f"{f.name}.ufunc".encode(), text = f"{f.title}, over rows: the gufunc of fastact.{f.name}".encode()
    cdef bytes signature = "->".join(
        ",".join("(n)" if c == "r" else "()" for c in part) for part in (inputs, outputs)).encode()
    _kept.append((name, text, signature))
    ufunc = np.PyUFunc_FromFuncAndDataAndSignature(
        made.loops, made.data, made.types, 3, len(inputs), len(outputs), np.PyUFunc_None, name, text, 0, signature)
    set_module(ufunc, "fastact")
    add_dtypes(ufunc, dtypes, <np.PyUFuncGenericFunction> fa_threaded_rows, &jobs[<int> FA_BFLOAT16])
    if inputs[0] == "r":
        fa_install_fast_call(ufunc, None)
    return ufunc


def make_function(object ufunc, object general, tuple names, str roles, tuple defaults, Py_ssize_t operands):
    """A Function; see function.h."""
    cdef bytes kept = roles.encode()
    _kept.append(kept)
    made = fa_make_function(ufunc, general, names, kept, defaults, operands)
    if not roles:
        _functions.append((made, defaults[-1]))
        if bfloat16:
            add_defaults(made, defaults[-1])
    return made


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
