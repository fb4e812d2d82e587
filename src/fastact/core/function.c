/* fastact.Function: a callable that fills in parameters in front of a ufunc.
 *
 * The usual call, of floating-point arrays or numbers with parameters by position or name and `out`, goes to the ufunc
 * without a tuple or a dictionary being made. Every other call goes to `general`, a Python function that knows all the
 * arguments there can be. Attributes that a Function does not have (nin, types, at, outer ...) are those of its ufunc. */
#include "function.h"
#include <structmember.h>
#include "fast_calls.h"
#include <numpy/arrayobject.h>
#include <numpy/ufuncobject.h>

enum { MOST_ARGUMENTS = 24 };

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *dict, *ufunc, *general;
    PyObject *inputs, *defaults, *arrays;
    Py_ssize_t axis;
    int reduced;
} function_object;

static int is_word(PyObject *word, const char *name) { return PyUnicode_CompareWithASCIIString(word, name) == 0; }

static int array_kind(PyObject *x) { return PyArray_CheckExact(x) ? fa_float_kind(x) : -1; }

static PyObject *call_elementwise(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const function_object *self = (const function_object *)object;
    Py_ssize_t given = PyVectorcall_NARGS(flags), total = PyTuple_GET_SIZE(self->inputs), k;
    Py_ssize_t named = words ? PyTuple_GET_SIZE(words) : 0, optional = PyTuple_GET_SIZE(self->defaults);
    Py_ssize_t required = total - optional;
    PyObject *space[MOST_ARGUMENTS + 1], **all = space + 1, *out = NULL; /* the first belongs to the callee */
    int usual = given >= required && given <= total && total < MOST_ARGUMENTS;
    int dtype = usual ? array_kind(args[required - 1]) : -1, same = 1;
    usual = dtype >= 0;
    for (k = 0; usual && k < required; k++)
        same &= array_kind(args[k]) == dtype;
    PyObject *defaults = usual && same ? PyTuple_GET_ITEM(self->arrays, dtype) : self->defaults;
    for (k = 0; usual && k < total; k++)
        all[k] = k < given ? args[k] : PyTuple_GET_ITEM(defaults, k - required);
    for (Py_ssize_t j = 0; usual && j < named; j++) {
        PyObject *word = PyTuple_GET_ITEM(words, j), *value = args[given + j];
        for (k = 0; k < total && PyUnicode_Compare(word, PyTuple_GET_ITEM(self->inputs, k)) != 0; k++)
            ;
        usual = k >= given && (k < total || (is_word(word, "out") && !PyTuple_CheckExact(value)));
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
static int are_alike(PyObject *const *arrays, Py_ssize_t count)
{
    PyArrayObject *first = (PyArrayObject *)arrays[0];
    int dtype = array_kind(arrays[0]), alike = dtype >= 0 && PyArray_NDIM(first) > 0 && PyArray_SIZE(first) > 0;
    for (Py_ssize_t k = 1; alike && k < count; k++)
        alike = array_kind(arrays[k]) == dtype && PyArray_SAMESHAPE(first, (PyArrayObject *)arrays[k]);
    return alike;
}

static int is_minus_one(PyObject *x)
{
    int beyond = 0;
    return PyLong_CheckExact(x) && PyLong_AsLongAndOverflow(x, &beyond) == -1 && !beyond;
}

static PyObject *call_along_axis(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const function_object *self = (const function_object *)object;
    Py_ssize_t given = PyVectorcall_NARGS(flags), named = words ? PyTuple_GET_SIZE(words) : 0;
    Py_ssize_t optional = PyTuple_GET_SIZE(self->defaults), arrays = PyTuple_GET_SIZE(self->inputs) - optional;
    PyObject *all[MOST_ARGUMENTS], *out = NULL;
    int usual = given == arrays || (given == arrays + 1 && self->axis == arrays && is_minus_one(args[arrays]));
    usual = usual && arrays + optional == ((PyUFuncObject *)self->ufunc)->nin;
    for (Py_ssize_t j = 0; usual && j < named; j++)
        if (!self->reduced && is_word(PyTuple_GET_ITEM(words, j), "out") && args[given + j] != Py_None)
            out = args[given + j];
        else
            usual = given == arrays && is_word(PyTuple_GET_ITEM(words, j), "axis") && is_minus_one(args[given + j]);
    if (usual) {
        memcpy(all, args, (size_t)arrays * sizeof(PyObject *));
        all[arrays] = out; /* for a while beside them */
        usual = are_alike(all, arrays + (out != NULL));
    }
    if (!usual)
        return PyObject_Vectorcall(self->general, args, flags, words);
    for (Py_ssize_t k = 0; k < optional; k++)
        all[arrays + k] = PyTuple_GET_ITEM(PyTuple_GET_ITEM(self->arrays, 0), k);
    all[arrays + optional] = out;
    return PyObject_Vectorcall(self->ufunc, all, (size_t)(arrays + optional + (out != NULL)), NULL);
}

static PyObject *represent(PyObject *self)
{
    return PyUnicode_FromFormat("<function %S>", PyDict_GetItemString(((function_object *)self)->dict, "__qualname__"));
}

/* By its name in its module, as functions are */
static PyObject *reduce_to_name(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyObject_GetAttrString(self, "__qualname__");
}

static const char *const OF_UFUNC[] = {"nin",       "nout",           "nargs", "ntypes", "types",  "identity",
                                       "signature", "resolve_dtypes", "at",    "outer",  "reduce", "accumulate",
                                       "reduceat",  NULL};

static PyObject *get_attribute(PyObject *self, PyObject *name)
{
    PyObject *found = PyObject_GenericGetAttr(self, name);
    if (found || !PyErr_ExceptionMatches(PyExc_AttributeError))
        return found;
    for (int k = 0; OF_UFUNC[k]; k++)
        if (is_word(name, OF_UFUNC[k])) {
            PyErr_Clear();
            return PyObject_GetAttr(((function_object *)self)->ufunc, name);
        }
    return NULL;
}

static PyMethodDef methods[] = {{"__reduce__", reduce_to_name, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyMemberDef members[] = {{"__dict__", T_OBJECT, offsetof(function_object, dict), READONLY, NULL},
                                           {NULL, 0, 0, 0, NULL}};
static PyTypeObject function_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "fastact.Function",
    .tp_basicsize = sizeof(function_object),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(function_object, call),
    .tp_call = PyVectorcall_Call,
    .tp_repr = represent,
    .tp_methods = methods,
    .tp_members = members,
    .tp_getattro = get_attribute,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_dictoffset = offsetof(function_object, dict),
};

PyObject *fa_init_function_type(void)
{
    import_array1(NULL);
    return PyType_Ready(&function_type) < 0 ? NULL : (PyObject *)&function_type;
}

PyObject *fa_make_function(PyObject *ufunc, PyObject *general, PyObject *inputs, PyObject *defaults, PyObject *arrays,
                           Py_ssize_t axis, int reduced)
{
    function_object *made = PyObject_New(function_object, &function_type); /* never freed, as ufuncs */
    if (made == NULL)
        return NULL;
    made->call = axis ? call_along_axis : call_elementwise;
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
