/* Fast paths of ufunc calls, installed in the ufunc's vectorcall slot (PEP 590). FASTACT_FAST_CALLS=0 leaves the slot alone.
 *
 * Contiguous arrays of one dtype and shape go straight to the loop that NumPy would call for them, with what NumPy does
 * around it: a new result, a copy of an input that is the output as well, the interpreter's lock. Where a result
 * overflows, NumPy is called after all, from the same inputs, and reports it as it is told to.
 *
 * NumPy hands out arrays whose axes cannot be joined (a block of columns, a bias or a parameter that is broadcast) in
 * pieces: long rows one by one, short ones copied together to some 8192 elements. Such calls go to the ufunc's rowwise
 * ufunc: the same function as a gufunc over rows, whose loop is given all of them.
 *
 * Every other call falls back to NumPy.
 *
 * What is relied on, of NumPy 1.26 to 2.x, whose headers declare all of it:
 *  * PyTypeObject.tp_vectorcall_offset of np.ufunc, and that the pointer there is read at each call;
 *  * PyUFuncObject.nin, nout, nargs, ntypes, types, functions, data: one loop for each dtype, as given when it was made;
 *  * PyUFuncObject.core_enabled, core_num_dims: of a gufunc;
 *  * PyUFuncObject.obj: free for the owner of a ufunc; it holds the rowwise ufunc. */
#include "operands.h"
#include <float.h>
#include "fast_calls.h"
#include "fpstate.h"
#include "level.h"

enum {
    COPIED = 8192, /* bytes: larger inputs that are outputs as well are copied by NumPy */
    LEAST_ROW = 64, /* elements of a row from which on the rowwise ufunc is faster on one thread, too */
    LEAST_ROW_OF_ONE = 256, /* the same where an operand has one number for the row, which is repeated */
};

static vectorcallfunc plain_call; /* NumPy's */

/* ---- contiguous arrays ---- */

/* Whether a Python number takes the dtype of what is beside it, whatever that is, as since NumPy 2 */
static int numbers_are_weak(void) { return PyArray_GetNDArrayCFeatureVersion() >= NPY_2_0_API_VERSION; }

/* A Python float as a number of a type; 0 where it would overflow */
static int store_number(double value, int type, void *to, const fa_level *level)
{
    double largest = type == NPY_HALF ? 65504 : type == NPY_FLOAT ? (double)FLT_MAX : DBL_MAX;
    int storage = type == NPY_HALF ? FA_HALF_AS_DOUBLE : type == NPY_FLOAT ? FA_SINGLE_AS_DOUBLE : FA_DOUBLE_AS_DOUBLE;
    if (!(value >= -largest && value <= largest) || !numbers_are_weak())
        return 0;
    level->storages[storage].store(&value, to, 0, 1);
    return 1;
}

/* The level of a ufunc's kernels; both kinds of job begin with it */
static const fa_level *level_of(const PyUFuncObject *ufunc) { return *(const fa_level *const *)ufunc->data[0]; }

/* Whether an overflow is reported, or a result depends on more than one element */
static int may_overflow(const PyUFuncObject *ufunc, int loop)
{
    return ufunc->core_enabled || !((const fa_job *)ufunc->data[loop])->quiet;
}

/* Copies inputs that are outputs as well to `space`; 0 where there is no room, or operands overlap in another way. Not
   where each element is read before it is written and no overflow is reported. */
static int copy_inputs(const PyUFuncObject *ufunc, int loop, char **at, const size_t *bytes, char *space)
{
    int nin = ufunc->nin, all = ufunc->nargs, needed = may_overflow(ufunc, loop);
    size_t used = 0;
    for (int k = 0; k < all; k++)
        for (int y = nin; y < all; y++) {
            if (k == y || at[k] >= at[y] + bytes[y] || at[y] >= at[k] + bytes[k])
                continue;
            if (k >= nin || at[k] != at[y] || bytes[k] != bytes[y])
                return 0;
            if (!needed)
                continue;
            if (used + bytes[k] > COPIED)
                return 0;
            memcpy(space + used, at[k], bytes[k]);
            at[k] = space + used;
            used += bytes[k];
        }
    return 1;
}

/* The loop, with copies where they are needed; 0 where that cannot be or a result overflowed, and inputs are what they
   were. (Memory that is mapped at two addresses is not noticed.) */
static int run_loop(const PyUFuncObject *ufunc, int loop, char *const *given, const size_t *bytes,
                       const npy_intp *dims, const npy_intp *steps)
{
    char *at[FA_MOST_OPERANDS], space[COPIED];
    memcpy(at, given, (size_t)ufunc->nargs * sizeof *at);
    if (!copy_inputs(ufunc, loop, at, bytes, space))
        return 0;
    NPY_BEGIN_THREADS_DEF;
    NPY_BEGIN_THREADS_THRESHOLDED(dims[0] * dims[1]);
    ufunc->functions[loop](at, dims, steps, ufunc->data[loop]);
    NPY_END_THREADS;
    if (!fa_overflowed())
        return 1;
    for (int k = 0; k < ufunc->nin; k++)
        if (at[k] != given[k])
            memcpy(given[k], at[k], bytes[k]);
    return 0;
}

/* A call by the loop that NumPy would call; or NULL without an error, where that is not possible or a result
   overflows. The first operand is an array of one axis at least; NULL stands for outputs that are to be made. */
static PyObject *call_contiguous(const PyUFuncObject *ufunc, PyObject *const *args)
{
    PyArrayObject *first = (PyArrayObject *)args[0];
    PyObject *operands[FA_MOST_OPERANDS] = {NULL}, *result = NULL;
    int nin = ufunc->nin, all = ufunc->nargs, gufunc = ufunc->core_enabled, nd = PyArray_NDIM(first);
    int loop = fa_find_loop(ufunc, PyArray_TYPE(first)), cores = 0, usual = 1;
    npy_intp *shape = PyArray_DIMS(first), size = PyArray_SIZE(first), n = gufunc ? shape[nd - 1] : 1;
    npy_intp dims[2] = {n > 0 ? size / n : 0, n}, steps[2 * FA_MOST_OPERANDS];
    char *at[FA_MOST_OPERANDS];
    size_t bytes[FA_MOST_OPERANDS] = {0};
    double numbers[FA_MOST_OPERANDS];
    if (size == 0 || loop == ufunc->ntypes || fa_overflowed())
        return NULL;
    for (int k = 0; usual && k < all; k++) {
        int type = ufunc->types[loop * all + k], row = gufunc && ufunc->core_num_dims[k] > 0;
        int axes = gufunc && !row ? nd - 1 : nd, one = k < nin && !row;
        if (one && PyFloat_CheckExact(args[k])) {
            at[k] = (char *)&numbers[k], bytes[k] = 0, steps[k] = 0;
            usual = store_number(PyFloat_AS_DOUBLE(args[k]), type, at[k], level_of(ufunc));
            continue;
        }
        operands[k] = args[k] ? Py_NewRef(args[k]) : PyArray_SimpleNew(axes, shape, type);
        PyArrayObject *a = (PyArrayObject *)operands[k];
        usual = a && (fa_is_contiguous(operands[k], type, shape, axes) || (one && fa_is_contiguous(operands[k], type, shape, 0))) &&
                (k < nin || fa_is_output(a));
        if (usual) {
            npy_intp step = PyArray_ITEMSIZE(a);
            at[k] = PyArray_BYTES(a), bytes[k] = (size_t)PyArray_NBYTES(a);
            steps[k] = PyArray_NDIM(a) < axes ? 0 : row ? n * step : step;
            if (row)
                steps[all + cores++] = step;
        }
    }
    if (usual && run_loop(ufunc, loop, at, bytes, dims, steps))
        result = fa_make_results(ufunc, args, operands);
    for (int k = 0; k < all; k++)
        Py_XDECREF(operands[k]);
    return result;
}

/* ---- rows that are apart ---- */

typedef struct {
    int axes;
    npy_intp dims[NPY_MAXDIMS];
    npy_intp strides[FA_MOST_OPERANDS][NPY_MAXDIMS]; /* of each operand, broadcast */
} layout;

/* A Python float as an array of no dimension; another object as it is */
static PyObject *make_operand(PyObject *x, int type, const fa_level *level)
{
    double number = 0;
    if (!PyFloat_CheckExact(x) || !store_number(PyFloat_AS_DOUBLE(x), type, &number, level))
        return Py_NewRef(x);
    PyObject *made = PyArray_SimpleNew(0, NULL, type);
    if (made)
        memcpy(PyArray_BYTES((PyArrayObject *)made), &number, (size_t)PyArray_ITEMSIZE((PyArrayObject *)made));
    return made;
}

/* The strides of an operand broadcast to the first one's shape. 0 where a loop could not take it as it is; or, if asked
   to be `ordered`, where strides are negative or smaller than those of later axes: then a new result would not lie in the
   order of C. */
static int find_strides(PyObject *x, const layout *whole, int type, int ordered, npy_intp *strides)
{
    PyArrayObject *a = (PyArrayObject *)x;
    if (!fa_is_array(x, type) || !PyArray_ISBEHAVED_RO(a) || PyArray_NDIM(a) > whole->axes)
        return 0;
    int missing = whole->axes - PyArray_NDIM(a);
    npy_intp inner = 0;
    for (int i = whole->axes - 1; i >= 0; i--) {
        npy_intp own = i < missing ? 1 : PyArray_DIM(a, i - missing);
        strides[i] = own == 1 ? 0 : PyArray_STRIDE(a, i - missing);
        if ((own != 1 && own != whole->dims[i]) || (ordered && strides[i] != 0 && strides[i] < inner))
            return 0;
        inner = strides[i] != 0 ? strides[i] : inner;
    }
    return 1;
}

/* Whether an output has all axes, in the order of C, and no two of its elements are one; and where an input begins at
   the same place, they lie alike */
static int is_writable(PyArrayObject *out, PyObject *const *operands, const layout *whole, int nin, int k)
{
    npy_intp extent = PyArray_ITEMSIZE(out);
    if (!PyArray_ISWRITEABLE(out) || PyArray_NDIM(out) != whole->axes)
        return 0;
    for (int i = whole->axes - 1; i >= 0; i--)
        if (whole->dims[i] != 1) {
            if (whole->strides[k][i] < extent)
                return 0;
            extent = whole->strides[k][i] * whole->dims[i];
        }
    for (int input = 0; input < nin; input++)
        if (PyArray_BYTES(out) == PyArray_BYTES((PyArrayObject *)operands[input]) &&
            memcmp(whole->strides[k], whole->strides[input], (size_t)whole->axes * sizeof(npy_intp)) != 0)
            return 0;
    return 1;
}

/* Makes one axis of neighbours that are one in all operands */
static void join_axes(layout *whole, int count)
{
    int left = 0;
    for (int i = 0; i < whole->axes; i++) {
        npy_intp size = whole->dims[i];
        int joined = left > 0;
        if (size == 1)
            continue;
        for (int k = 0; k < count; k++)
            joined &= left > 0 && whole->strides[k][left - 1] == whole->strides[k][i] * size;
        left += !joined;
        whole->dims[left - 1] = joined ? whole->dims[left - 1] * size : size;
        for (int k = 0; k < count; k++)
            whole->strides[k][left - 1] = whole->strides[k][i];
    }
    whole->axes = left;
}

/* Whether the rowwise ufunc is faster: its loop is given the last two axes at once */
static int gains(const layout *whole, int count, npy_intp grain)
{
    if (whole->axes < 2)
        return 0;
    npy_intp n = whole->dims[whole->axes - 1], least = LEAST_ROW;
    for (int k = 0; k < count; k++)
        least = whole->strides[k][whole->axes - 1] == 0 ? LEAST_ROW_OF_ONE : least;
    return n >= least && n * whole->dims[whole->axes - 2] >= 2 * grain;
}

/* An operand with the axes that are left */
static PyObject *make_view(PyObject *x, const layout *whole, int k, int flags)
{
    PyArrayObject *a = (PyArrayObject *)x;
    Py_INCREF(PyArray_DESCR(a));
    PyObject *view = PyArray_NewFromDescr(&PyArray_Type, PyArray_DESCR(a), whole->axes, whole->dims, whole->strides[k],
                                          PyArray_BYTES(a), flags, NULL);
    if (view && PyArray_SetBaseObject((PyArrayObject *)view, Py_NewRef(x)) < 0)
        Py_CLEAR(view);
    return view;
}

/* A call by the rowwise ufunc; or NULL without an error, where that gains nothing or is not possible. Arguments as
   above. */
static PyObject *call_rowwise(const PyUFuncObject *ufunc, PyObject *const *args)
{
    PyArrayObject *first = (PyArrayObject *)args[0];
    PyObject *operands[FA_MOST_OPERANDS] = {NULL}, *views[FA_MOST_OPERANDS] = {NULL}, *result = NULL;
    int type = PyArray_TYPE(first), nin = ufunc->nin, all = ufunc->nargs, nd = PyArray_NDIM(first), usual = 1;
    int placed = 1, loop = fa_find_loop(ufunc, type); /* placed: outputs are there, and have their order */
    if (!ufunc->obj || nd < 2 || loop == ufunc->ntypes)
        return NULL;
    npy_intp grain = ((const fa_job *)ufunc->data[loop])->grain;
    if (PyArray_SIZE(first) < 2 * grain)
        return NULL;
    layout whole = {.axes = nd};
    memcpy(whole.dims, PyArray_DIMS(first), (size_t)nd * sizeof(npy_intp));
    for (int k = nin; k < all; k++)
        placed &= args[k] != NULL;
    for (int k = 0; usual && k < all; k++) {
        operands[k] = k < nin ? make_operand(args[k], type, level_of(ufunc)) : Py_XNewRef(args[k]);
        usual = operands[k] ? find_strides(operands[k], &whole, type, !placed, whole.strides[k]) : k >= nin;
        usual = usual && (k < nin || !operands[k] || is_writable((PyArrayObject *)operands[k], operands, &whole, nin, k));
        npy_intp stride = PyArray_ITEMSIZE(first);
        for (int i = nd - 1; !operands[k] && i >= 0; stride *= whole.dims[i--]) /* will be contiguous */
            whole.strides[k][i] = stride;
    }
    if (usual)
        join_axes(&whole, all);
    usual = usual && gains(&whole, all, grain);
    for (int k = 0; usual && k < all; k++) {
        if (!operands[k])
            operands[k] = PyArray_SimpleNew(nd, PyArray_DIMS(first), type);
        views[k] = operands[k] ? make_view(operands[k], &whole, k, k < nin ? 0 : NPY_ARRAY_WRITEABLE) : NULL;
        usual = views[k] != NULL;
    }
    if (usual && (result = PyObject_Vectorcall(ufunc->obj, views, (size_t)all, NULL)) != NULL) {
        Py_DECREF(result);
        result = fa_make_results(ufunc, args, operands);
    }
    for (int k = 0; k < all; k++) {
        Py_XDECREF(operands[k]);
        Py_XDECREF(views[k]);
    }
    return result;
}

/* ---- a call that failed ---- */

static PyObject *hint; /* a Python function; see fast_calls.h */

void fa_set_hint(PyObject *function) { Py_XSETREF(hint, Py_NewRef(function)); }

/* Adds to a TypeError what to write instead, where that is known */
static PyObject *explain(const PyUFuncObject *ufunc, PyObject *const *args, Py_ssize_t given, PyObject *words)
{
    PyObject *type, *value, *trace, *positional = NULL, *keywords = NULL, *text = NULL;
    if (!hint || !PyErr_ExceptionMatches(PyExc_TypeError))
        return NULL;
    PyErr_Fetch(&type, &value, &trace);
    PyErr_NormalizeException(&type, &value, &trace);
    positional = PyTuple_New(given);
    keywords = PyDict_New();
    for (Py_ssize_t k = 0; positional && k < given; k++)
        PyTuple_SET_ITEM(positional, k, Py_NewRef(args[k]));
    for (Py_ssize_t k = 0; keywords && words && k < PyTuple_GET_SIZE(words); k++)
        if (PyDict_SetItem(keywords, PyTuple_GET_ITEM(words, k), args[given + k]) < 0)
            PyErr_Clear();
    if (positional && keywords)
        text = PyObject_CallFunction(hint, "sOOO", ufunc->name, positional, keywords, value);
    PyErr_Clear();
    if (text && PyUnicode_Check(text) && PyUnicode_GET_LENGTH(text) > 0) {
        PyErr_SetObject(PyExc_TypeError, text);
        Py_XDECREF(type), Py_XDECREF(value), Py_XDECREF(trace);
    } else {
        PyErr_Restore(type, value, trace);
    }
    Py_XDECREF(positional), Py_XDECREF(keywords), Py_XDECREF(text);
    return NULL;
}

/* ---- what is installed ---- */

/* Takes calls with at most outputs beside their inputs, the first of which is an array with axes. */
static PyObject *fast_call(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const PyUFuncObject *ufunc = (const PyUFuncObject *)object;
    Py_ssize_t given = PyVectorcall_NARGS(flags), named = words ? PyTuple_GET_SIZE(words) : 0, nin = ufunc->nin;
    PyObject *all[FA_MOST_OPERANDS] = {NULL}, *result = NULL, *out = named == 1 ? args[given] : NULL;
    int fits = given >= nin && PyArray_CheckExact(args[0]) && PyArray_NDIM((PyArrayObject *)args[0]) > 0;
    if (out)
        fits = fits && given == nin && fa_is_word(PyTuple_GET_ITEM(words, 0), "out");
    else
        fits = fits && named == 0 && (given == nin || given == ufunc->nargs);
    if (fits) {
        memcpy(all, args, (size_t)given * sizeof *all);
        if (out && PyTuple_CheckExact(out) && PyTuple_GET_SIZE(out) == ufunc->nout)
            for (Py_ssize_t k = nin; k < ufunc->nargs; k++)
                all[k] = PyTuple_GET_ITEM(out, k - nin);
        else if (out && ufunc->nout == 1)
            all[nin] = out;
        else if (out)
            fits = 0;
    }
    for (Py_ssize_t k = nin; fits && k < ufunc->nargs; k++)
        all[k] = all[k] == Py_None ? NULL : all[k];
    if (fits)
        result = fa_counted(call_contiguous(ufunc, all));
    if (fits && !result && !PyErr_Occurred())
        result = fa_counted(call_rowwise(ufunc, all));
    if (result || PyErr_Occurred())
        return result;
    result = plain_call(object, args, flags, words);
    return result ? result : explain(ufunc, args, given, words);
}

void fa_install_fast_call(PyObject *ufunc, PyObject *rowwise)
{
    PyUFuncObject *ours = (PyUFuncObject *)ufunc;
    Py_ssize_t at = Py_TYPE(ufunc)->tp_vectorcall_offset;
    vectorcallfunc *slot = (vectorcallfunc *)((char *)ufunc + at);
    if (!fa_fast_calls_enabled || at <= 0 || *slot == fast_call || ours->obj != NULL || ours->nargs > FA_MOST_OPERANDS)
        return;
    ours->obj = rowwise == Py_None ? NULL : Py_NewRef(rowwise);
    plain_call = *slot;
    *slot = fast_call;
}
