/* Fast paths of functions along an axis */
#ifndef FASTACT_ALONG_AXIS_H
#define FASTACT_ALONG_AXIS_H
#include <Python.h>

/* A gufunc along `axis` (NULL for the last, None, an integer or a tuple) of `count` arrays; NULL without an error where the
   call is not a usual one: contiguous arrays of one floating-point dtype and shape, and an output that fits or is NULL. A
   function that takes a scalar is given `scalar`: NULL for the default, a number, or an array with one for each row, which
   must be `positive`. `keepdims` is about results that are no rows. */
PyObject *fa_call_along_axis(PyObject *ufunc, PyObject *const *rows, int count, PyObject *axis, PyObject *scalar,
                             int positive, int keepdims, PyObject *out);

/* The same of a gufunc whose results are rows of `size` elements, from a value and an index for each row */
PyObject *fa_call_onto_axis(PyObject *ufunc, PyObject *value, PyObject *index, PyObject *size, PyObject *axis,
                            PyObject *out);

#endif
