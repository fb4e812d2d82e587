/* Fast paths of functions along an axis; see along_axis.h. The loops of the gufunc are called as NumPy calls them. */
#include "along_axis.h"
#include <float.h>
#include "fpstate.h"
#include "level.h"
#include "operands.h"

enum {
    COPIED = 4096, /* bytes: larger inputs that are outputs as well, or whose axes are not neighbours, are NumPy's */
    MOST_AXES = 16,
};

/* The axes of a call as a mask; 0 where there is none such, or one twice */
static unsigned long find_axes(PyObject *axis, int nd)
{
    PyObject *const *given = &axis;
    Py_ssize_t count = 1;
    unsigned long mask = 0;
    if (axis == NULL)
        return 1UL << (nd - 1);
    if (axis == Py_None)
        return (1UL << nd) - 1;
    if (PyTuple_CheckExact(axis)) {
        given = &PyTuple_GET_ITEM(axis, 0);
        count = PyTuple_GET_SIZE(axis);
    }
    for (Py_ssize_t j = 0; j < count; j++) { /* of exact integers */
        int beyond = 1;
        long k = PyLong_CheckExact(given[j]) ? PyLong_AsLongAndOverflow(given[j], &beyond) : 0;
        k += k < 0 ? nd : 0;
        if (beyond || k < 0 || k >= nd || mask >> k & 1)
            return 0;
        mask |= 1UL << k;
    }
    return mask;
}

/* Which elements are a row: `before` blocks of n elements, `after` apart, of as many neighbouring rows */
typedef struct {
    npy_intp before, n, after;
} geometry;

/* Contiguous memory whose axes are put in another order, those of `mask` last, or put back */
static void permute(char *ordered, char *plain, const npy_intp *shape, int nd, unsigned long mask, npy_intp size, int back)
{
    npy_intp dims[NPY_MAXDIMS], strides[NPY_MAXDIMS], index[NPY_MAXDIMS] = {0}, at = 0, total = 1;
    int left = 0;
    for (int last = 0; last < 2; last++)
        for (int k = 0; k < nd; k++)
            if ((int)(mask >> k & 1) == last) {
                npy_intp stride = size;
                for (int j = k + 1; j < nd; j++)
                    stride *= shape[j];
                dims[left] = shape[k], strides[left++] = stride;
            }
    for (int k = 0; k < nd; k++)
        total *= dims[k];
    for (npy_intp i = 0; i < total; i++) {
        memcpy(back ? plain + at : ordered + i * size, back ? ordered + i * size : plain + at, (size_t)size);
        for (int k = nd - 1; k >= 0; k--) {
            at += strides[k];
            if (++index[k] < dims[k])
                break;
            at -= strides[k] * dims[k], index[k] = 0;
        }
    }
}

/* The loop over all rows; 1 where a result overflowed that is to be reported */
static int run_along_axis(const PyUFuncObject *ufunc, int loop, char *const *at, const npy_intp *sizes, geometry g)
{
    npy_intp steps[2 * FA_MOST_OPERANDS], move[FA_MOST_OPERANDS];
    int cores = 0, one = g.after == 1; /* then all rows at once */
    for (int k = 0; k < ufunc->nargs; k++) {
        int row = ufunc->core_num_dims[k] > 0;
        steps[k] = sizes[k] * (row && one ? g.n : 1);
        move[k] = sizes[k] * (row ? g.n : 1) * g.after;
        if (row)
            steps[ufunc->nargs + cores++] = sizes[k] * g.after;
    }
    npy_intp dims[2] = {one ? g.before : g.after, g.n};
    NPY_BEGIN_THREADS_DEF;
    NPY_BEGIN_THREADS_THRESHOLDED(g.before * g.n * g.after);
    for (npy_intp i = 0; i < (one ? 1 : g.before); i++) {
        char *args[FA_MOST_OPERANDS];
        for (int k = 0; k < ufunc->nargs; k++)
            args[k] = at[k] + i * move[k];
        ufunc->functions[loop](args, dims, steps, ufunc->data[loop]);
    }
    NPY_END_THREADS;
    return fa_overflowed();
}

/* A new output, or the one that is given where it fits; NULL where it does not. */
static PyObject *make_output(PyObject *given, int type, const npy_intp *shape, int axes)
{
    if (given)
        return fa_is_contiguous(given, type, shape, axes) && fa_is_output((PyArrayObject *)given) ? Py_NewRef(given) : NULL;
    return PyArray_SimpleNew(axes, shape, type);
}

/* One scalar for all rows, into *number, or an array of them of a shape; the bytes from one to the next, or -1 */
static npy_intp find_scalars(PyObject *scalar, int positive, const npy_intp *shape, int axes, double *number, char **at)
{
    npy_intp count = 1;
    *at = (char *)number;
    if (scalar == NULL) {
        *number = positive ? 1 : 0;
        return 0;
    }
    if (PyFloat_Check(scalar)) {
        *number = PyFloat_AS_DOUBLE(scalar);
    } else if (PyLong_CheckExact(scalar)) {
        *number = PyLong_AsDouble(scalar);
        if (PyErr_Occurred()) { /* too large */
            PyErr_Clear();
            return -1;
        }
    } else if (fa_is_contiguous(scalar, NPY_DOUBLE, shape, axes)) {
        *at = PyArray_BYTES((PyArrayObject *)scalar);
        count = PyArray_SIZE((PyArrayObject *)scalar);
    } else {
        return -1;
    }
    for (npy_intp k = 0; positive && k < count; k++) {
        double x = ((const double *)*at)[k];
        if (!(x > 0 && x <= DBL_MAX))
            return -1;
    }
    return *at == (char *)number ? 0 : (npy_intp)sizeof(double);
}

/* The axes of `mask` as one axis, with those before it and after it; whether others lie between them, in *apart */
static geometry join_axes(const npy_intp *shape, int nd, unsigned long mask, int *apart)
{
    geometry g = {1, 1, 1};
    int low = 0, high = nd - 1;
    while (!(mask >> low & 1))
        low++;
    while (!(mask >> high & 1))
        high--;
    *apart = 0;
    for (int k = 0; k < nd; k++) {
        npy_intp *size = mask >> k & 1 ? &g.n : k < low ? &g.before : &g.after;
        *size *= shape[k];
        *apart |= size != &g.n && k > low && k < high;
    }
    return g;
}

PyObject *fa_call_along_axis(PyObject *object, PyObject *const *rows, int count, PyObject *axis, PyObject *scalar,
                             int positive, int keepdims, PyObject *out)
{
    const PyUFuncObject *ufunc = (const PyUFuncObject *)object;
    PyArrayObject *first = (PyArrayObject *)rows[0];
    if (!fa_fast_calls_enabled || !PyArray_CheckExact(rows[0]) || fa_overflowed())
        return NULL;
    int type = PyArray_TYPE(first), loop = fa_find_loop(ufunc, type), nd = PyArray_NDIM(first), nin = ufunc->nin;
    npy_intp *shape = PyArray_DIMS(first), reduced[NPY_MAXDIMS], kept[NPY_MAXDIMS], sizes[FA_MOST_OPERANDS];
    unsigned long mask = nd > 0 && nd <= MOST_AXES ? find_axes(axis, nd) : 0;
    int usual = loop < ufunc->ntypes && mask != 0 && PyArray_SIZE(first) > 0 && (!out || ufunc->nout == 1);
    for (int k = 0; usual && k < count; k++)
        usual = fa_is_contiguous(rows[k], type, shape, nd);
    if (!usual)
        return NULL;
    /* Axes that are neighbours make one; others are put last in copies of small arrays. */
    int apart, kept_axes = 0, reduced_axes = 0; /* kept: those that are not in a row */
    geometry g = join_axes(shape, nd, mask, &apart);
    for (int k = 0; k < nd; k++) {
        int in_row = (int)(mask >> k & 1);
        if (!in_row)
            kept[kept_axes++] = shape[k];
        if (!in_row || keepdims)
            reduced[reduced_axes++] = in_row ? 1 : shape[k];
    }
    size_t bytes = (size_t)PyArray_NBYTES(first);
    char space[3][COPIED], *at[FA_MOST_OPERANDS];
    PyObject *operands[FA_MOST_OPERANDS] = {NULL}, *given[FA_MOST_OPERANDS] = {NULL}, *result = NULL;
    if (apart && (bytes > COPIED || count > 2))
        return NULL;
    if (apart)
        g.before *= g.after, g.after = 1;
    int row = 0;
    double number;
    const char *original = NULL; /* of an input that is the output */
    for (int k = 0; k < nin; k++) {
        sizes[k] = PyArray_ITEMSIZE(first);
        if (ufunc->core_num_dims[k] == 0) {
            sizes[k] = find_scalars(scalar, positive, kept, kept_axes, &number, &at[k]);
            usual = usual && sizes[k] >= 0;
            continue;
        }
        char *data = PyArray_BYTES((PyArrayObject *)rows[row]);
        at[k] = data;
        if (apart)
            permute(at[k] = space[row], data, shape, nd, mask, sizes[k], 0);
        row++;
    }
    for (int k = nin; usual && k < ufunc->nargs; k++) {
        int is_row = ufunc->core_num_dims[k] > 0, its_type = ufunc->types[loop * ufunc->nargs + k];
        given[k] = out;
        operands[k] = make_output(out, its_type, is_row ? shape : reduced, is_row ? nd : reduced_axes);
        usual = operands[k] != NULL;
        if (usual) {
            sizes[k] = PyArray_ITEMSIZE((PyArrayObject *)operands[k]);
            at[k] = apart && is_row ? space[2] : PyArray_BYTES((PyArrayObject *)operands[k]);
        }
    }
    for (int k = 0; usual && out && k < nin; k++) { /* an input that is the output is copied, if it is small */
        int is_row = ufunc->core_num_dims[k] > 0;
        const char *data = at[k], *to = PyArray_BYTES((PyArrayObject *)out);
        size_t used = is_row ? bytes : (size_t)(sizes[k] * PyArray_SIZE(first) / g.n);
        size_t written = (size_t)PyArray_NBYTES((PyArrayObject *)out);
        if (data >= to + written || to >= data + used)
            continue;
        usual = is_row && data == to && bytes == written && bytes <= COPIED && k < 2;
        if (usual) {
            original = memcpy(space[k], data, bytes);
            for (int j = 0; j < nin; j++)
                at[j] = at[j] == data ? space[k] : at[j];
        }
    }
    if (usual) {
        int overflow = run_along_axis(ufunc, loop, at, sizes, g);
        if (overflow && original)
            memcpy(PyArray_BYTES((PyArrayObject *)out), original, bytes);
        for (int k = nin; !overflow && apart && k < ufunc->nargs; k++)
            if (ufunc->core_num_dims[k] > 0)
                permute(space[2], PyArray_BYTES((PyArrayObject *)operands[k]), shape, nd, mask, sizes[k], 1);
        if (!overflow)
            result = fa_counted(fa_make_results(ufunc, given, operands));
    }
    for (int k = nin; k < ufunc->nargs; k++)
        Py_XDECREF(operands[k]);
    return result;
}

PyObject *fa_call_onto_axis(PyObject *object, PyObject *value, PyObject *index, PyObject *size, PyObject *axis,
                            PyObject *out)
{
    const PyUFuncObject *ufunc = (const PyUFuncObject *)object;
    if (!fa_fast_calls_enabled || !PyArray_CheckExact(value) || !PyLong_CheckExact(size) || PyTuple_Check(axis ? axis : value))
        return NULL;
    PyArrayObject *first = (PyArrayObject *)value;
    int type = PyArray_TYPE(first), loop = fa_find_loop(ufunc, type), nd = PyArray_NDIM(first) + 1, beyond = 0, along = 0;
    npy_intp *shape = PyArray_DIMS(first), made[NPY_MAXDIMS], n = PyLong_AsLongAndOverflow(size, &beyond);
    unsigned long mask = nd <= MOST_AXES && axis != Py_None ? find_axes(axis, nd) : 0;
    int usual = loop < ufunc->ntypes && mask && !beyond && n > 0 && PyArray_SIZE(first) > 0 && !fa_overflowed();
    if (!usual || !fa_is_contiguous(value, type, shape, nd - 1) || !fa_is_contiguous(index, NPY_INTP, shape, nd - 1))
        return NULL;
    const npy_intp *which = (const npy_intp *)PyArray_BYTES((PyArrayObject *)index);
    for (npy_intp k = 0; k < PyArray_SIZE(first); k++)
        if (which[k] < 0 || which[k] >= n)
            return NULL;
    geometry g = {1, n, 1};
    while (!(mask >> along & 1))
        along++;
    for (int k = 0; k < nd; k++) {
        made[k] = k < along ? shape[k] : k == along ? n : shape[k - 1];
        g.before *= k < along ? made[k] : 1;
        g.after *= k > along ? made[k] : 1;
    }
    PyObject *result = make_output(out, type, made, nd);
    if (!result)
        return NULL;
    char *at[3] = {PyArray_BYTES(first), PyArray_BYTES((PyArrayObject *)index), PyArray_BYTES((PyArrayObject *)result)};
    size_t bytes = (size_t)PyArray_NBYTES((PyArrayObject *)result);
    npy_intp sizes[3] = {PyArray_ITEMSIZE(first), (npy_intp)sizeof(npy_intp), PyArray_ITEMSIZE(first)};
    int over = 0; /* an input is never the output: it is smaller */
    for (int k = 0; k < 2; k++)
        over |= at[k] < at[2] + bytes && at[2] < at[k] + sizes[k] * PyArray_SIZE(first);
    if (over) {
        Py_DECREF(result);
        return NULL;
    }
    run_along_axis(ufunc, loop, at, sizes, g);
    return fa_counted(result);
}
