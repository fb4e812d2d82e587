/* What the fast paths ask of operands, and what they return; see operands.h */
#define FASTACT_IMPORTS_ARRAY
#include "operands.h"
#include <stdatomic.h>

int fa_fast_calls_enabled = 1;
static _Atomic long long fast_calls;

int fa_import_numpy(void)
{
    import_array1(-1);
    return 0;
}

long long fa_count_fast_calls(void) { return atomic_load_explicit(&fast_calls, memory_order_relaxed); }

PyObject *fa_counted(PyObject *result)
{
    if (result)
        atomic_fetch_add_explicit(&fast_calls, 1, memory_order_relaxed);
    return result;
}

static int bfloat16 = NPY_NOTYPE;

void fa_set_bfloat16(int type) { bfloat16 = type; }

static int kind_of_type(int type)
{
    return type == NPY_HALF ? 0 : type == NPY_FLOAT ? 1 : type == NPY_DOUBLE ? 2 : type == bfloat16 ? 3 : -1;
}

int fa_float_kind(PyObject *x)
{
    if (PyArray_CheckExact(x))
        return kind_of_type(PyArray_TYPE((PyArrayObject *)x));
    return PyFloat_CheckExact(x)                  ? 2
           : PyArray_IsScalar(x, Float)           ? 1
           : PyArray_IsScalar(x, Double)          ? 2
           : PyArray_IsScalar(x, Half)            ? 0
                                                  : -1;
}

/* An array, and no subclass, of a type's own dtype or one that differs in its byte order alone */
int fa_is_array(PyObject *x, int type)
{
    return PyArray_CheckExact(x) && PyArray_TYPE((PyArrayObject *)x) == type &&
           PyDataType_METADATA(PyArray_DESCR((PyArrayObject *)x)) == NULL;
}

/* The loop of a dtype; ntypes where there is none */
int fa_find_loop(const PyUFuncObject *ufunc, int type)
{
    int loop = 0;
    while (loop < ufunc->ntypes && ufunc->types[loop * ufunc->nargs] != type)
        loop++;
    return loop;
}

/* Whether a loop can take an operand as it is: a contiguous array of a type, of the first axes of a shape */
int fa_is_contiguous(PyObject *x, int type, const npy_intp *shape, int axes)
{
    PyArrayObject *a = (PyArrayObject *)x;
    return fa_is_array(x, type) && PyArray_ISCARRAY_RO(a) && PyArray_NDIM(a) == axes &&
           PyArray_CompareLists(PyArray_DIMS(a), shape, axes);
}

/* Whether it may be written to; NumPy warns of some that it made by broadcasting */
int fa_is_output(PyArrayObject *a)
{
    return PyArray_ISWRITEABLE(a) && PyArray_FailUnlessWriteable(a, "output array") == 0;
}

/* What a call returns: the output, or a tuple of several; numbers where new ones have no axes */
PyObject *fa_make_results(const PyUFuncObject *ufunc, PyObject *const *args, PyObject *const *operands)
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
