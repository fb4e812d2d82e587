/* What stands in front of a ufunc: a check for arrays that threads could share, and functions with defaults.
 *
 * NumPy hands out arrays whose axes cannot be joined (a block of columns, a bias or a parameter that is broadcast) in
 * pieces: long rows one by one, short ones copied together to some 8192 elements. Such calls go to the ufunc's twin, the
 * same over rows, a gufunc, which is given all of them. The check stands where each object keeps the pointer of the
 * vectorcall protocol (PEP 590): the object is still NumPy's, and what is not the usual call goes to NumPy's function as
 * before.
 *
 * A function with defaults is callable without a tuple or a dictionary being made.
 *
 * The usual call, of float arrays and without a parameter by name, goes straight to the ufunc with the defaults appended;
 * where the arrays are of one dtype and nothing but `out` is asked for, as arrays of that dtype, which NumPy takes in less
 * time than numbers. Where the ufunc is one over rows, the usual call has arrays of one shape, which are not empty, and
 * nothing but `out`. Every other call goes to `general`, a Python function that does the same for all arguments there can
 * be. What the object has besides (__doc__, __signature__, ufunc ...) stands in its dictionary.
 */
#ifndef FASTACT_DRESSED_H
#define FASTACT_DRESSED_H
#include <Python.h>
#include <float.h>
#include <structmember.h>
#include <numpy/arrayobject.h>
#include <numpy/ufuncobject.h>

#define FA_MOST_ARGUMENTS 24
#define FA_MOST_OPERANDS 8
#define FA_SHARED 16384 /* elements: as few as threads.pxd shares, of float32 and a costly function */
#define FA_ROW 64 /* elements of a row from which on the twin is faster on one thread, too */
#define FA_ROW_OF_ONE 256 /* the same where an operand has one number for the row, which is repeated */

/* 0, 1 or 2 for an array of float16, float32 or float64, else -1 */
static int fa_float_array(PyObject *x)
{
    int type = PyArray_CheckExact(x) ? PyArray_TYPE((PyArrayObject *)x) : -1;
    return type == NPY_HALF ? 0 : type == NPY_FLOAT ? 1 : type == NPY_DOUBLE ? 2 : -1;
}

static int fa_is_out(PyObject *word) { return PyUnicode_CompareWithASCIIString(word, "out") == 0; }

/* ---- rows that are apart ---- */

static vectorcallfunc fa_plain_call; /* NumPy's */

typedef struct {
    int axes;
    npy_intp dims[NPY_MAXDIMS];
    npy_intp strides[FA_MOST_OPERANDS][NPY_MAXDIMS]; /* of each operand, broadcast */
} fa_layout;

/* A Python float as an array of no dimension, as NumPy 2 takes it where it does not overflow; another object as it is */
static PyObject *fa_operand(PyObject *x, int type)
{
    double value = PyFloat_CheckExact(x) ? PyFloat_AS_DOUBLE(x) : (double)NAN;
    double largest = type == NPY_HALF ? 65504 : type == NPY_FLOAT ? (double)FLT_MAX : DBL_MAX;
    if (!(value >= -largest && value <= largest) || PyArray_GetNDArrayCFeatureVersion() < NPY_2_0_API_VERSION)
        return Py_NewRef(x);
    PyObject *made = PyArray_SimpleNew(0, NULL, type);
    if (made && PyArray_SETITEM((PyArrayObject *)made, PyArray_BYTES((PyArrayObject *)made), x) < 0)
        Py_CLEAR(made);
    return made;
}

/* The strides of an operand broadcast to the first one's shape. 0 where a loop could not take it as it is; or, if asked
   to be `ordered`, where strides are negative or smaller than those of later axes: then a new result would not lie in the
   order of C. */
static int fa_spread(PyObject *x, const fa_layout *whole, const PyArray_Descr *descr, int ordered, npy_intp *strides)
{
    PyArrayObject *a = (PyArrayObject *)x;
    if (!PyArray_CheckExact(x) || PyArray_DESCR(a) != descr || !PyArray_ISBEHAVED_RO(a) || PyArray_NDIM(a) > whole->axes)
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

/* Whether no two elements of an output are one; and where an input begins at the same place, they lie alike */
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

/* A call with `count` arguments by the twin; or NULL without an error, where that would gain nothing or is not the usual
   call. */
static PyObject *fa_call_twin(const PyUFuncObject *ufunc, PyObject *const *args, int count)
{
    PyArrayObject *first = (PyArrayObject *)args[0];
    PyObject *operands[FA_MOST_OPERANDS] = {NULL}, *views[FA_MOST_OPERANDS] = {NULL}, *result = NULL;
    int type = PyArray_TYPE(first), nin = ufunc->nin, all = ufunc->nargs, nd = PyArray_NDIM(first), usual = 1;
    int placed = count == all; /* outputs are there, and have their order */
    PyArray_Descr *descr = PyArray_DescrFromType(type);
    fa_layout whole = {.axes = nd};
    memcpy(whole.dims, PyArray_DIMS(first), (size_t)nd * sizeof(npy_intp));
    for (int k = nin; k < count; k++)
        placed &= args[k] != Py_None;
    for (int k = 0; usual && k < all; k++) {
        if (k < nin)
            operands[k] = fa_operand(args[k], type);
        else
            operands[k] = k < count && args[k] != Py_None ? Py_NewRef(args[k]) : NULL;
        usual = operands[k] ? fa_spread(operands[k], &whole, descr, !placed, whole.strides[k]) : k >= nin;
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
    Py_DECREF(descr);
    if (usual && (result = PyObject_Vectorcall(ufunc->obj, views, (size_t)all, NULL)) != NULL) {
        Py_DECREF(result);
        result = all - nin == 1 ? Py_NewRef(operands[nin]) : PyTuple_New(all - nin);
        for (int k = nin; result && all - nin > 1 && k < all; k++)
            PyTuple_SET_ITEM(result, k - nin, Py_NewRef(operands[k]));
    }
    for (int k = 0; k < all; k++) {
        Py_XDECREF(operands[k]);
        Py_XDECREF(views[k]);
    }
    return result;
}

/* What a ufunc with a twin is called by: the usual call of large arrays has at most outputs beside its inputs */
static PyObject *fa_shared_call(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const PyUFuncObject *ufunc = (const PyUFuncObject *)object;
    Py_ssize_t given = PyVectorcall_NARGS(flags), named = words ? PyTuple_GET_SIZE(words) : 0;
    if (given >= ufunc->nin && fa_float_array(args[0]) >= 0 && PyArray_SIZE((PyArrayObject *)args[0]) >= FA_SHARED &&
        PyArray_NDIM((PyArrayObject *)args[0]) > 1) {
        PyObject *all[FA_MOST_OPERANDS];
        Py_ssize_t count = given + named;
        int usual = count == ufunc->nin || (count == ufunc->nargs && ufunc->nout == 1);
        usual = named == 0 ? usual : given == ufunc->nin && named == 1 && fa_is_out(PyTuple_GET_ITEM(words, 0));
        if (usual)
            memcpy(all, args, (size_t)count * sizeof(PyObject *));
        if (usual && named && PyTuple_CheckExact(args[given])) {
            PyObject *out = args[given];
            usual = PyTuple_GET_SIZE(out) == ufunc->nout;
            for (int k = 0; usual && k < ufunc->nout; k++)
                all[given + k] = PyTuple_GET_ITEM(out, k);
            count = given + ufunc->nout;
        } else if (named)
            usual &= ufunc->nout == 1;
        PyObject *result = usual ? fa_call_twin(ufunc, all, (int)count) : NULL;
        if (result || PyErr_Occurred())
            return result;
    }
    return fa_plain_call(object, args, flags, words);
}

/* Gives a ufunc its twin, where NumPy keeps the pointer that calls it */
static void fa_share(PyObject *ufunc, PyObject *twin)
{
    Py_ssize_t at = Py_TYPE(ufunc)->tp_vectorcall_offset;
    if (at <= 0 || ((PyUFuncObject *)ufunc)->obj != NULL)
        return;
    ((PyUFuncObject *)ufunc)->obj = Py_NewRef(twin); /* where a ufunc keeps what it needs */
    vectorcallfunc *call = (vectorcallfunc *)((char *)ufunc + at);
    fa_plain_call = *call;
    *call = fa_shared_call;
}

/* ---- functions with defaults ---- */

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *dict, *ufunc, *general;
    PyObject *inputs, *defaults; /* tuples: names, and the values of the last of them as numbers */
    PyObject *arrays; /* and as tuples of float16, float32 and float64 */
    int rows; /* for a ufunc over rows: 1, or 2 where the result of a row is no row; else 0 */
} fa_dressed;

/* Whether arrays have one shape, and hold something */
static int fa_alike(PyObject *const *arrays, Py_ssize_t count)
{
    PyArrayObject *first = (PyArrayObject *)arrays[0];
    int alike = PyArray_NDIM(first) > 0 && PyArray_SIZE(first) > 0;
    for (Py_ssize_t k = 1; alike && k < count; k++)
        alike = PyArray_CheckExact(arrays[k]) && PyArray_SAMESHAPE(first, (PyArrayObject *)arrays[k]);
    return alike;
}

static PyObject *fa_dressed_call(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const fa_dressed *self = (const fa_dressed *)object;
    Py_ssize_t given = PyVectorcall_NARGS(flags), total = PyTuple_GET_SIZE(self->inputs);
    Py_ssize_t named = words ? PyTuple_GET_SIZE(words) : 0, missing = total - given;
    Py_ssize_t optional = PyTuple_GET_SIZE(self->defaults), required = total - optional;
    int usual = given >= required && given <= total && total + named < FA_MOST_ARGUMENTS;
    int dtype = usual ? fa_float_array(args[required - 1]) : -1, same = 1;
    usual = dtype >= 0;
    for (Py_ssize_t k = 0; usual && k < required; k++)
        same &= fa_float_array(args[k]) == dtype;
    for (Py_ssize_t j = 0; usual && j < named; j++) {
        usual = args[given + j] != Py_None; /* out=None */
        for (Py_ssize_t k = 0; usual && k < total; k++)
            usual = PyUnicode_Compare(PyTuple_GET_ITEM(words, j), PyTuple_GET_ITEM(self->inputs, k)) != 0;
    }
    int alone = named == 0 || (named == 1 && fa_is_out(PyTuple_GET_ITEM(words, 0)));
    if (usual && self->rows)
        usual = alone && same && given == required && named <= (self->rows == 1) && fa_alike(args, given + named);
    if (!usual)
        return PyObject_Vectorcall(self->general, args, flags, words);

    PyObject *defaults = same && alone ? PyTuple_GET_ITEM(self->arrays, dtype) : self->defaults;
    PyObject *space[FA_MOST_ARGUMENTS + 1], **all = space + 1; /* the first belongs to the callee */
    for (Py_ssize_t k = 0; k < given; k++)
        all[k] = args[k];
    for (Py_ssize_t k = 0; k < missing; k++)
        all[given + k] = PyTuple_GET_ITEM(defaults, optional - missing + k);
    for (Py_ssize_t j = 0; j < named; j++)
        all[total + j] = args[given + j];
    return PyObject_Vectorcall(self->ufunc, all, (size_t)total | PY_VECTORCALL_ARGUMENTS_OFFSET, words);
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
                          int rows)
{
    if (PyType_Ready(&fa_dressed_type) < 0)
        return NULL;
    fa_dressed *made = PyObject_New(fa_dressed, &fa_dressed_type);
    if (made == NULL)
        return NULL;
    made->call = fa_dressed_call;
    made->dict = PyDict_New();
    made->ufunc = Py_NewRef(ufunc);
    made->general = Py_NewRef(general);
    made->inputs = Py_NewRef(inputs);
    made->defaults = Py_NewRef(defaults);
    made->arrays = Py_NewRef(arrays);
    made->rows = rows;
    return (PyObject *)made;
}

#endif
