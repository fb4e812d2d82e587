/* fastact.Function: a callable that fills in parameters in front of a ufunc.
 *
 * The usual call, of floating-point arrays or numbers with parameters by position or name and `out`, goes to the ufunc
 * without a tuple or a dictionary being made. Every other call goes to `general`, a Python function that knows all the
 * arguments there can be. Attributes that a Function does not have (nin, types, at, outer ...) are those of its ufunc. */
#include "function.h"
#include <stddef.h>
#include <structmember.h>
#include "along_axis.h"
#include "operands.h"

enum {
    MOST_ARGUMENTS = 24,
    WEAK = 4, /* the kind of a Python number, which takes the dtype of what is beside it */
};

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *dict, *ufunc, *general, *names, *defaults;
    const char *roles;
    Py_ssize_t operands;
} function_object;

/* Puts the arguments of a call in the order of the names, NULL where one is not given; 0 where that is not possible. A
   keyword `out` that is no name is put into *out. */
static int bind(const function_object *self, PyObject *const *args, size_t flags, PyObject *words, PyObject **bound,
                PyObject **out)
{
    Py_ssize_t given = PyVectorcall_NARGS(flags), named = words ? PyTuple_GET_SIZE(words) : 0;
    Py_ssize_t total = PyTuple_GET_SIZE(self->names);
    if (given > total || total >= MOST_ARGUMENTS)
        return 0;
    for (Py_ssize_t k = 0; k < total; k++)
        bound[k] = k < given ? args[k] : NULL;
    for (Py_ssize_t j = 0; j < named; j++) {
        PyObject *word = PyTuple_GET_ITEM(words, j);
        Py_ssize_t k = 0;
        while (k < total && PyUnicode_Compare(word, PyTuple_GET_ITEM(self->names, k)) != 0)
            k++;
        if (k < total && !bound[k])
            bound[k] = args[given + j];
        else if (k == total && out && fa_is_word(word, "out"))
            *out = args[given + j];
        else
            return 0;
    }
    return 1;
}

/* 0 to 3 for what has the dtype float16, float32, float64 or bfloat16; WEAK for a Python number; else -1 */
static int kind_of(PyObject *x)
{
    if (PyFloat_CheckExact(x) || PyLong_CheckExact(x))
        return WEAK;
    return fa_float_kind(x);
}

static PyObject *call_elementwise(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const function_object *self = (const function_object *)object;
    Py_ssize_t total = PyTuple_GET_SIZE(self->names), k, first = total - PyTuple_GET_SIZE(PyTuple_GET_ITEM(self->defaults, 0));
    PyObject *space[MOST_ARGUMENTS + 1], **all = space + 1, *out = NULL; /* the first belongs to the callee */
    int usual = bind(self, args, flags, words, all, &out), kind = WEAK;
    for (k = 0; usual && k < self->operands; k++) { /* of one dtype */
        int own = all[k] ? kind_of(all[k]) : -1;
        usual = own >= 0 && (own == WEAK || kind == WEAK || own == kind);
        kind = own == WEAK ? kind : own;
    }
    kind = kind == WEAK ? 2 : kind;
    usual = usual && kind < PyTuple_GET_SIZE(self->defaults);
    for (; usual && k < total; k++) { /* parameters do not widen it */
        if (!all[k] && k >= first)
            all[k] = PyTuple_GET_ITEM(PyTuple_GET_ITEM(self->defaults, kind), k - first);
        int own = all[k] ? kind_of(all[k]) : -1;
        usual = own == kind || (own == WEAK && PyFloat_CheckExact(all[k]));
    }
    out = out == Py_None ? NULL : out;
    usual = usual && !(out && (PyTuple_CheckExact(out) || out == Py_Ellipsis));
    if (!usual)
        return PyObject_Vectorcall(self->general, args, flags, words);
    all[total] = out;
    size_t count = (size_t)(total + (out != NULL));
    return PyObject_Vectorcall(self->ufunc, all, count | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
}

void fa_add_defaults(PyObject *function, PyObject *defaults)
{
    function_object *self = (function_object *)function;
    Py_XSETREF(self->defaults, PySequence_Concat(self->defaults, defaults));
}

static PyObject *call_along_axis(PyObject *object, PyObject *const *args, size_t flags, PyObject *words)
{
    const function_object *self = (const function_object *)object;
    Py_ssize_t total = PyTuple_GET_SIZE(self->names);
    PyObject *all[MOST_ARGUMENTS], *rows[MOST_ARGUMENTS], *result = NULL;
    PyObject *axis = NULL, *out = NULL, *scalar = NULL, *value = NULL, *index = NULL, *size = NULL;
    int usual = bind(self, args, flags, words, all, NULL), count = 0, keepdims = 0, positive = 0;
    for (Py_ssize_t k = 0; usual && k < total; k++)
        switch (self->roles[k]) {
        case 'r':
            usual = all[k] != NULL;
            rows[count++] = all[k];
            break;
        case 'v':
            value = all[k];
            break;
        case 'i':
            index = all[k];
            break;
        case 'n':
            size = all[k];
            break;
        case 'a':
            axis = all[k];
            break;
        case 'o':
            out = all[k] == Py_None ? NULL : all[k];
            break;
        case 'k':
            usual = !all[k] || PyBool_Check(all[k]);
            keepdims = all[k] == Py_True;
            break;
        default: /* t or s */
            positive = self->roles[k] == 't';
            scalar = all[k];
        }
    if (usual && count)
        result = fa_call_along_axis(self->ufunc, rows, count, axis, scalar, positive, keepdims, out);
    else if (usual && value && index && size)
        result = fa_call_onto_axis(self->ufunc, value, index, size, axis, out);
    return result || PyErr_Occurred() ? result : PyObject_Vectorcall(self->general, args, flags, words);
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
        if (fa_is_word(name, OF_UFUNC[k])) {
            PyErr_Clear();
            return PyObject_GetAttr(((function_object *)self)->ufunc, name);
        }
    if (fa_is_word(name, "__signature__")) { /* made when it is asked for, and kept */
        PyErr_Clear();
        PyObject *make = PyDict_GetItemString(((function_object *)self)->dict, "_make_signature");
        PyObject *made = make ? PyObject_CallNoArgs(make) : NULL;
        if (made && PyDict_SetItemString(((function_object *)self)->dict, "__signature__", made) == 0)
            return made;
        Py_XDECREF(made);
        if (!make)
            PyErr_SetObject(PyExc_AttributeError, name);
    }
    return NULL;
}

static PyObject *list_attributes(PyObject *self, PyObject *unused)
{
    (void)unused;
    PyObject *names = PyObject_CallMethod((PyObject *)&PyBaseObject_Type, "__dir__", "O", self);
    for (int k = 0; names && OF_UFUNC[k]; k++) {
        PyObject *name = PyUnicode_FromString(OF_UFUNC[k]);
        if (!name || PyList_Append(names, name) < 0)
            Py_CLEAR(names);
        Py_XDECREF(name);
    }
    return names;
}

static PyMethodDef methods[] = {{"__reduce__", reduce_to_name, METH_NOARGS, NULL},
                                {"__dir__", list_attributes, METH_NOARGS, NULL},
                                {NULL, NULL, 0, NULL}};
static PyMemberDef members[] = {{"__dict__", T_OBJECT, offsetof(function_object, dict), READONLY, NULL},
                                {NULL, 0, 0, 0, NULL}};
static PyTypeObject function_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "fastact.Function",
    .tp_doc = "A function with parameters, in front of a ufunc, which is its attribute `ufunc`.",
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
    return PyType_Ready(&function_type) < 0 ? NULL : Py_NewRef((PyObject *)&function_type);
}

PyObject *fa_make_function(PyObject *ufunc, PyObject *general, PyObject *names, const char *roles, PyObject *defaults,
                           Py_ssize_t operands)
{
    function_object *made = PyObject_New(function_object, &function_type);
    if (made == NULL)
        return NULL;
    made->call = *roles ? call_along_axis : call_elementwise;
    made->dict = PyDict_New();
    made->ufunc = Py_NewRef(ufunc);
    made->general = Py_NewRef(general);
    made->names = Py_NewRef(names);
    made->defaults = Py_NewRef(defaults);
    made->roles = roles;
    made->operands = operands;
    return (PyObject *)made;
}
