/* What stands in front of a ufunc: usual calls, which need less than NumPy does for all, and functions with defaults.
 *
 * Contiguous arrays of one dtype and shape go straight to the loop that NumPy would call for them, with what NumPy does
 * around it: a new result, a copy of an input that is the output as well, the interpreter's lock. Where a result
 * overflows, NumPy is called after all, from the same inputs, and reports it as it is told to.
 *
 * NumPy hands out arrays whose axes cannot be joined (a block of columns, a bias or a parameter that is broadcast) in
 * pieces: long rows one by one, short ones copied together to some 8192 elements. Such calls go to the ufunc's twin,
 * the same over rows, a gufunc, which is given all of them.
 *
 * The checks stand where each object keeps the pointer of the vectorcall protocol (PEP 590): the object is still
 * NumPy's, and what is not the usual call goes to NumPy's function as before.
 *
 * A function with defaults is callable without a tuple or a dictionary being made. The usual call, of a float array
 * with parameters and `out`, goes to the ufunc with the defaults appended; of a function of rows it is one of arrays of
 * one dtype and shape, which are not empty, with `out` and an axis that is -1. Every other call goes to `general`, a
 * Python function that does the same for all arguments there can be. What the object has besides (__doc__,
 * __signature__, ufunc ...) stands in its dictionary.
 */
#ifndef FASTACT_DRESSED_H
#define FASTACT_DRESSED_H
#include <Python.h>
#include <float.h>
#include <structmember.h>
#include <numpy/arrayobject.h>
#include <numpy/ufuncobject.h>
#include "memory.h"
#include "state.h"

#define FA_MOST_ARGUMENTS 24
#define FA_MOST_OPERANDS 8
#define FA_COPIED 8192 /* bytes: larger inputs that are outputs as well are copied by NumPy */
#define FA_SHARED 16384 /* elements: as few as threads.pxd shares, of float32 and a costly function */
#define FA_ROW 64 /* elements of a row from which on the twin is faster on one thread, too */
#define FA_ROW_OF_ONE 256 /* the same where an operand has one number for the row, which is repeated */

/* 0, 1 or 2 for an array of float16, float32 or float64, else -1 */
static int fa_float_array(PyObject *x)
{
    int type = PyArray_CheckExact(x) ? PyArray_TYPE((PyArrayObject *)x) : -1;
    return type == NPY_HALF ? 0 : type == NPY_FLOAT ? 1 : type == NPY_DOUBLE ? 2 : -1;
}

static int fa_is(PyObject *word, const char *name) { return PyUnicode_CompareWithASCIIString(word, name) == 0; }

static vectorcallfunc fa_plain_call; /* NumPy's */

/* An array, and no subclass, of a type's own dtype or one that differs in its byte order alone */
static int fa_is_array(PyObject *x, int type)
{
    return PyArray_CheckExact(x) && PyArray_TYPE((PyArrayObject *)x) == type &&
           PyDataType_METADATA(PyArray_DESCR((PyArrayObject *)x)) == NULL;
}

/* ---- contiguous arrays ---- */

/* Whether a Python number takes the dtype of what is beside it, whatever that is, as since NumPy 2 */
static int fa_weak_numbers(void) { return PyArray_GetNDArrayCFeatureVersion() >= NPY_2_0_API_VERSION; }

/* A Python float as a number of a type; 0 where it would overflow */
static int fa_number(double value, int type, void *to)
{
    double largest = type == NPY_HALF ? 65504 : type == NPY_FLOAT ? (double)FLT_MAX : DBL_MAX;
    if (!(value >= -largest && value <= largest) || !fa_weak_numbers())
        return 0;
    if (type == NPY_DOUBLE) {
        memcpy(to, &value, sizeof value);
        return 1;
    }
    float narrow = type == NPY_HALF ? fa_to_odd(value) : (float)value;
    if (type == NPY_HALF)
        fa_scatter_half(&narrow, (uint16_t *)to, 1, 1);
    else
        memcpy(to, &narrow, sizeof narrow);
    return 1;
}

/* Whether a loop can take an operand as it is: a contiguous array of a type, of the first axes of a shape */
static int fa_fits(PyObject *x, int type, const npy_intp *shape, int axes)
{
    PyArrayObject *a = (PyArrayObject *)x;
    return fa_is_array(x, type) && PyArray_ISCARRAY_RO(a) && PyArray_NDIM(a) == axes &&
           PyArray_CompareLists(PyArray_DIMS(a), shape, axes);
}

/* Whether it may be written to; NumPy warns of some that it made by broadcasting */
static int fa_may_be_output(PyArrayObject *a)
{
    return PyArray_ISWRITEABLE(a) && PyArray_FailUnlessWriteable(a, "output array") == 0;
}

/* Copies inputs that are outputs as well to `space`; 0 where there is no room, or operands overlap in another way. Not
   where each element is read before it is written and nothing overflows, which loops.pxd has in front of a job. */
static int fa_copy_inputs(const PyUFuncObject *ufunc, int loop, char **at, const size_t *bytes, char *space)
{
    int nin = ufunc->nin, all = ufunc->nargs, needed = ufunc->core_enabled || !*(const int *)ufunc->data[loop];
    size_t used = 0;
    for (int k = 0; k < all; k++)
        for (int y = nin; y < all; y++) {
            if (k == y || at[k] >= at[y] + bytes[y] || at[y] >= at[k] + bytes[k])
                continue;
            if (k >= nin || at[k] != at[y] || bytes[k] != bytes[y])
                return 0;
            if (!needed)
                continue;
            if (used + bytes[k] > FA_COPIED)
                return 0;
            memcpy(space + used, at[k], bytes[k]);
            at[k] = space + used;
            used += bytes[k];
        }
    return 1;
}

/* The loop, with copies where they are needed; 0 where that cannot be or a result overflowed, and inputs are what they
   were. (Memory that is mapped at two addresses is not noticed.) */
static int fa_run_loop(const PyUFuncObject *ufunc, int loop, char *const *given, const size_t *bytes,
                       const npy_intp *dims, const npy_intp *steps)
{
    char *at[FA_MOST_OPERANDS], space[FA_COPIED];
    memcpy(at, given, (size_t)ufunc->nargs * sizeof *at);
    if (!fa_copy_inputs(ufunc, loop, at, bytes, space))
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

/* What a call returns: the output, or a tuple of several; numbers where new ones have no axes */
static PyObject *fa_results(const PyUFuncObject *ufunc, PyObject *const *args, PyObject *const *operands)
{
    PyObject *result = ufunc->nout > 1 ? PyTuple_New(ufunc->nout) : NULL;
    for (int k = ufunc->nin; k < ufunc->nargs; k++) {
        PyObject *output = Py_NewRef(operands[k]);
        if (!args[k])
            output = PyArray_Return((PyArrayObject *)output);
        if (ufunc->nout == 1)
            return output;
        if (!result || !output) {
            Py_XDECREF(output);
            Py_CLEAR(result);
            break;
        }
        PyTuple_SET_ITEM(result, k - ufunc->nin, output);
    }
    return result;
}

/* A call by the loop that NumPy would call; or NULL without an error, where that is not the usual call or a result
   overflows. The first operand is an array of one axis at least; NULL stands for outputs that are to be made. */
static PyObject *fa_call_loop(const PyUFuncObject *ufunc, PyObject *const *args)
{
    PyArrayObject *first = (PyArrayObject *)args[0];
    PyObject *operands[FA_MOST_OPERANDS] = {NULL}, *result = NULL;
    int nin = ufunc->nin, all = ufunc->nargs, gufunc = ufunc->core_enabled, nd = PyArray_NDIM(first);
    int loop = 0, cores = 0, usual = 1;
    npy_intp *shape = PyArray_DIMS(first), size = PyArray_SIZE(first), n = gufunc ? shape[nd - 1] : 1;
    npy_intp dims[2] = {n > 0 ? size / n : 0, n}, steps[2 * FA_MOST_OPERANDS];
    char *at[FA_MOST_OPERANDS];
    size_t bytes[FA_MOST_OPERANDS];
    double numbers[FA_MOST_OPERANDS];
    while (loop < ufunc->ntypes && ufunc->types[loop * all] != PyArray_TYPE(first))
        loop++;
    if (size == 0 || loop == ufunc->ntypes || fa_overflowed())
        return NULL;
    for (int k = 0; usual && k < all; k++) {
        int type = ufunc->types[loop * all + k], row = gufunc && ufunc->core_num_dims[k] > 0;
        int axes = gufunc && !row ? nd - 1 : nd, one = k < nin && !row;
        if (one && PyFloat_CheckExact(args[k])) {
            at[k] = (char *)&numbers[k], bytes[k] = 0, steps[k] = 0;
            usual = fa_number(PyFloat_AS_DOUBLE(args[k]), type, at[k]);
            continue;
        }
        operands[k] = args[k] ? Py_NewRef(args[k]) : PyArray_SimpleNew(axes, shape, type);
        PyArrayObject *a = (PyArrayObject *)operands[k];
        usual = a && (fa_fits(operands[k], type, shape, axes) || (one && fa_fits(operands[k], type, shape, 0))) &&
                (k < nin || fa_may_be_output(a));
        if (usual) {
            npy_intp step = PyArray_ITEMSIZE(a);
            at[k] = PyArray_BYTES(a), bytes[k] = (size_t)PyArray_NBYTES(a);
            steps[k] = PyArray_NDIM(a) < axes ? 0 : row ? n * step : step;
            if (row)
                steps[all + cores++] = step;
        }
    }
    if (usual && fa_run_loop(ufunc, loop, at, bytes, dims, steps))
        result = fa_results(ufunc, args, operands);
    for (int k = 0; k < all; k++)
        Py_XDECREF(operands[k]);
    return result;
}

/* ---- rows that are apart ---- */

typedef struct {
    int axes;
    npy_intp dims[NPY_MAXDIMS];
    npy_intp strides[FA_MOST_OPERANDS][NPY_MAXDIMS]; /* of each operand, broadcast */
} fa_layout;

/* A Python float as an array of no dimension; another object as it is */
static PyObject *fa_operand(PyObject *x, int type)
{
    double number = 0;
    if (!PyFloat_CheckExact(x) || !fa_number(PyFloat_AS_DOUBLE(x), type, &number))
        return Py_NewRef(x);
    PyObject *made = PyArray_SimpleNew(0, NULL, type);
    if (made)
        memcpy(PyArray_BYTES((PyArrayObject *)made), &number, (size_t)PyArray_ITEMSIZE((PyArrayObject *)made));
    return made;
}

/* The strides of an operand broadcast to the first one's shape. 0 where a loop could not take it as it is; or, if asked
   to be `ordered`, where strides are negative or smaller than those of later axes: then a new result would not lie in the
   order of C. */
static int fa_spread(PyObject *x, const fa_layout *whole, int type, int ordered, npy_intp *strides)
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
static int fa_writable(PyArrayObject *out, PyObject *const *operands, const fa_layout *whole, int nin, int k)
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
static void fa_join(fa_layout *whole, int count)
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

/* Whether the twin is faster: it gets the last two axes at once */
static int fa_gains(const fa_layout *whole, int count)
{
    if (whole->axes < 2)
        return 0;
    npy_intp n = whole->dims[whole->axes - 1], least = FA_ROW;
    for (int k = 0; k < count; k++)
        least = whole->strides[k][whole->axes - 1] == 0 ? FA_ROW_OF_ONE : least;
    return n >= least && n * whole->dims[whole->axes - 2] >= FA_SHARED;
}

/* An operand with the axes that are left */
static PyObject *fa_view(PyObject *x, const fa_layout *whole, int k, int flags)
{
    PyArrayObject *a = (PyArrayObject *)x;
    Py_INCREF(PyArray_DESCR(a));
    PyObject *view = PyArray_NewFromDescr(&PyArray_Type, PyArray_DESCR(a), whole->axes, whole->dims, whole->strides[k],
                                          PyArray_BYTES(a), flags, NULL);
    if (view && PyArray_SetBaseObject((PyArrayObject *)view, Py_NewRef(x)) < 0)
        Py_CLEAR(view);
    return view;
}

/* A call by the twin; or NULL without an error, where that would gain nothing or is not the usual call. Arguments as
   above. */
static PyObject *fa_call_twin(const PyUFuncObject *ufunc, PyObject *const *args)
{
    PyArrayObject *first = (PyArrayObject *)args[0];
    PyObject *operands[FA_MOST_OPERANDS] = {NULL}, *views[FA_MOST_OPERANDS] = {NULL}, *result = NULL;
    int type = PyArray_TYPE(first), nin = ufunc->nin, all = ufunc->nargs, nd = PyArray_NDIM(first), usual = 1;
    int placed = 1; /* outputs are there, and have their order */
    if (!ufunc->obj || nd < 2 || PyArray_SIZE(first) < FA_SHARED)
        return NULL;
    fa_layout whole = {.axes = nd};
    memcpy(whole.dims, PyArray_DIMS(first), (size_t)nd * sizeof(npy_intp));
    for (int k = nin; k < all; k++)
        placed &= args[k] != NULL;
    for (int k = 0; usual && k < all; k++) {
        operands[k] = k < nin ? fa_operand(args[k], type) : Py_XNewRef(args[k]);
        usual = operands[k] ? fa_spread(operands[k], &whole, type, !placed, whole.strides[k]) : k >= nin;
        usual = usual && (k < nin || !operands[k] || fa_writable((PyArrayObject *)operands[k], operands, &whole, nin, k));
        npy_intp stride = PyArray_ITEMSIZE(first);
        for (int i = nd - 1; !operands[k] && i >= 0; stride *= whole.dims[i--]) /* will be contiguous */
            whole.strides[k][i] = stride;
    }
    if (usual)
        fa_join(&whole, all);
    usual = usual && fa_gains(&whole, all);
    for (int k = 0; usual && k < all; k++) {
        if (!operands[k])
            operands[k] = PyArray_SimpleNew(nd, PyArray_DIMS(first), type);
        views[k] = operands[k] ? fa_view(operands[k], &whole, k, k < nin ? 0 : NPY_ARRAY_WRITEABLE) : NULL;
        usual = views[k] != NULL;
    }
    if (usual && (result = PyObject_Vectorcall(ufunc->obj, views, (size_t)all, NULL)) != NULL) {
        Py_DECREF(result);
        result = fa_results(ufunc, args, operands);
    }
    for (int k = 0; k < all; k++) {
        Py_XDECREF(operands[k]);
        Py_XDECREF(views[k]);
    }
    return result;
}

/* ---- what a ufunc is called by ---- */

/* The usual call has at most outputs beside its inputs, the first of which is an array. */
static PyObject *fa_usual_call(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const PyUFuncObject *ufunc = (const PyUFuncObject *)object;
    Py_ssize_t given = PyVectorcall_NARGS(flags), named = words ? PyTuple_GET_SIZE(words) : 0, nin = ufunc->nin;
    PyObject *all[FA_MOST_OPERANDS] = {NULL}, *result = NULL, *out = named == 1 ? args[given] : NULL;
    int usual = given >= nin && fa_float_array(args[0]) >= 0 && PyArray_NDIM((PyArrayObject *)args[0]) > 0;
    if (out)
        usual = usual && given == nin && fa_is(PyTuple_GET_ITEM(words, 0), "out");
    else
        usual = usual && named == 0 && (given == nin || given == ufunc->nargs);
    if (usual) {
        memcpy(all, args, (size_t)given * sizeof *all);
        if (out && PyTuple_CheckExact(out) && PyTuple_GET_SIZE(out) == ufunc->nout)
            for (Py_ssize_t k = nin; k < ufunc->nargs; k++)
                all[k] = PyTuple_GET_ITEM(out, k - nin);
        else if (out && ufunc->nout == 1)
            all[nin] = out;
        else if (out)
            usual = 0;
    }
    for (Py_ssize_t k = nin; usual && k < ufunc->nargs; k++)
        all[k] = all[k] == Py_None ? NULL : all[k];
    if (usual)
        result = fa_call_loop(ufunc, all);
    if (usual && !result && !PyErr_Occurred())
        result = fa_call_twin(ufunc, all);
    return result || PyErr_Occurred() ? result : fa_plain_call(object, args, flags, words);
}

/* Gives a ufunc the usual call and, if there is one, its twin; where NumPy keeps the pointer that calls it. The first
   operand of one over rows is a row. */
static void fa_share(PyObject *ufunc, PyObject *twin)
{
    PyUFuncObject *shared = (PyUFuncObject *)ufunc;
    Py_ssize_t at = Py_TYPE(ufunc)->tp_vectorcall_offset;
    vectorcallfunc *call = (vectorcallfunc *)((char *)ufunc + at);
    if (at <= 0 || *call == fa_usual_call || shared->obj != NULL || shared->nargs > FA_MOST_OPERANDS)
        return;
    shared->obj = twin == Py_None ? NULL : Py_NewRef(twin); /* where a ufunc keeps what it needs */
    fa_plain_call = *call;
    *call = fa_usual_call;
}

/* ---- functions with defaults ---- */

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *dict, *ufunc, *general;
    PyObject *inputs, *defaults; /* tuples: names, and the values of the last of them as numbers */
    PyObject *arrays; /* and as tuples of float16, float32 and float64: nothing has to be cast */
    Py_ssize_t axis; /* of a function of rows: where among its parameters the axis is */
    int reduced; /* and whether the result of a row is no row */
} fa_dressed;

static PyObject *fa_dressed_call(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const fa_dressed *self = (const fa_dressed *)object;
    Py_ssize_t given = PyVectorcall_NARGS(flags), total = PyTuple_GET_SIZE(self->inputs), k;
    Py_ssize_t named = words ? PyTuple_GET_SIZE(words) : 0, optional = PyTuple_GET_SIZE(self->defaults);
    Py_ssize_t required = total - optional;
    PyObject *space[FA_MOST_ARGUMENTS + 1], **all = space + 1, *out = NULL; /* the first belongs to the callee */
    int usual = given >= required && given <= total && total < FA_MOST_ARGUMENTS;
    int dtype = usual ? fa_float_array(args[required - 1]) : -1, same = 1;
    usual = dtype >= 0;
    for (k = 0; usual && k < required; k++)
        same &= fa_float_array(args[k]) == dtype;
    PyObject *defaults = usual && same ? PyTuple_GET_ITEM(self->arrays, dtype) : self->defaults;
    for (k = 0; usual && k < total; k++)
        all[k] = k < given ? args[k] : PyTuple_GET_ITEM(defaults, k - required);
    for (Py_ssize_t j = 0; usual && j < named; j++) {
        PyObject *word = PyTuple_GET_ITEM(words, j), *value = args[given + j];
        for (k = 0; k < total && PyUnicode_Compare(word, PyTuple_GET_ITEM(self->inputs, k)) != 0; k++)
            ;
        usual = k >= given && (k < total || (fa_is(word, "out") && !PyTuple_CheckExact(value)));
        if (k < total)
            all[k] = value;
        else
            out = value == Py_None ? NULL : value;
    }
    if (!usual)
        return PyObject_Vectorcall(self->general, args, flags, words);
    all[total] = out;
    size_t count = (size_t)(total + (out != NULL));
    return PyObject_Vectorcall(self->ufunc, all, count | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

/* Whether arrays have one dtype and shape, and hold something */
static int fa_alike(PyObject *const *arrays, Py_ssize_t count)
{
    PyArrayObject *first = (PyArrayObject *)arrays[0];
    int dtype = fa_float_array(arrays[0]), alike = dtype >= 0 && PyArray_NDIM(first) > 0 && PyArray_SIZE(first) > 0;
    for (Py_ssize_t k = 1; alike && k < count; k++)
        alike = fa_float_array(arrays[k]) == dtype && PyArray_SAMESHAPE(first, (PyArrayObject *)arrays[k]);
    return alike;
}

static int fa_is_minus_one(PyObject *x)
{
    int beyond = 0;
    return PyLong_CheckExact(x) && PyLong_AsLongAndOverflow(x, &beyond) == -1 && !beyond;
}

static PyObject *fa_dressed_rows_call(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const fa_dressed *self = (const fa_dressed *)object;
    Py_ssize_t given = PyVectorcall_NARGS(flags), named = words ? PyTuple_GET_SIZE(words) : 0;
    Py_ssize_t optional = PyTuple_GET_SIZE(self->defaults), arrays = PyTuple_GET_SIZE(self->inputs) - optional;
    PyObject *all[FA_MOST_ARGUMENTS], *out = NULL;
    int usual = given == arrays || (given == arrays + 1 && self->axis == arrays && fa_is_minus_one(args[arrays]));
    usual = usual && arrays + optional == ((PyUFuncObject *)self->ufunc)->nin;
    for (Py_ssize_t j = 0; usual && j < named; j++)
        if (!self->reduced && fa_is(PyTuple_GET_ITEM(words, j), "out") && args[given + j] != Py_None)
            out = args[given + j];
        else
            usual = given == arrays && fa_is(PyTuple_GET_ITEM(words, j), "axis") && fa_is_minus_one(args[given + j]);
    if (usual) {
        memcpy(all, args, (size_t)arrays * sizeof(PyObject *));
        all[arrays] = out; /* for a while beside them */
        usual = fa_alike(all, arrays + (out != NULL));
    }
    if (!usual)
        return PyObject_Vectorcall(self->general, args, flags, words);
    for (Py_ssize_t k = 0; k < optional; k++)
        all[arrays + k] = PyTuple_GET_ITEM(PyTuple_GET_ITEM(self->arrays, 0), k);
    all[arrays + optional] = out;
    return PyObject_Vectorcall(self->ufunc, all, (size_t)(arrays + optional + (out != NULL)), NULL);
}

static PyObject *fa_dressed_repr(PyObject *self)
{
    return PyUnicode_FromFormat("<function %S>", PyDict_GetItemString(((fa_dressed *)self)->dict, "__qualname__"));
}

/* By its name in its module, as functions are */
static PyObject *fa_dressed_by_name(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyObject_GetAttrString(self, "__qualname__");
}

static PyMethodDef fa_dressed_methods[] = {{"__reduce__", fa_dressed_by_name, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyMemberDef fa_dressed_members[] = {{"__dict__", T_OBJECT, offsetof(fa_dressed, dict), READONLY, NULL},
                                           {NULL, 0, 0, 0, NULL}};
static PyTypeObject fa_dressed_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "fastact.function",
    .tp_basicsize = sizeof(fa_dressed),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(fa_dressed, call),
    .tp_call = PyVectorcall_Call,
    .tp_repr = fa_dressed_repr,
    .tp_methods = fa_dressed_methods,
    .tp_members = fa_dressed_members,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_dictoffset = offsetof(fa_dressed, dict),
};

/* Made once for a ufunc, and never freed. */
static PyObject *fa_dress(PyObject *ufunc, PyObject *general, PyObject *inputs, PyObject *defaults, PyObject *arrays,
                          Py_ssize_t axis, int reduced)
{
    if (PyType_Ready(&fa_dressed_type) < 0)
        return NULL;
    fa_dressed *made = PyObject_New(fa_dressed, &fa_dressed_type);
    if (made == NULL)
        return NULL;
    made->call = axis ? fa_dressed_rows_call : fa_dressed_call;
    made->dict = PyDict_New();
    made->ufunc = Py_NewRef(ufunc);
    made->general = Py_NewRef(general);
    made->inputs = Py_NewRef(inputs);
    made->defaults = Py_NewRef(defaults);
    made->arrays = Py_NewRef(arrays);
    made->axis = axis;
    made->reduced = reduced;
    return (PyObject *)made;
}

#endif
