/* A function with defaults in front of a ufunc, callable without a tuple or a dictionary being made.
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
#include <structmember.h>
#include <numpy/arrayobject.h>

#define FA_MOST_ARGUMENTS 24

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *dict, *ufunc, *general;
    PyObject *inputs, *defaults; /* tuples: names, and the values of the last of them as numbers */
    PyObject *arrays; /* and as tuples of float16, float32 and float64 */
    int rows; /* for a ufunc over rows: 1, or 2 where the result of a row is no row; else 0 */
} fa_dressed;

/* 0, 1 or 2 for an array of float16, float32 or float64, else -1 */
static int fa_float_array(PyObject *x)
{
    int type = PyArray_CheckExact(x) ? PyArray_TYPE((PyArrayObject *)x) : -1;
    return type == NPY_HALF ? 0 : type == NPY_FLOAT ? 1 : type == NPY_DOUBLE ? 2 : -1;
}

static int fa_is_out(PyObject *word) { return PyUnicode_CompareWithASCIIString(word, "out") == 0; }

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
