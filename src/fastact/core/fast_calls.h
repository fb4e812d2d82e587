/* Fast paths of ufunc calls; see fast_calls.c */
#ifndef FASTACT_FAST_CALLS_H
#define FASTACT_FAST_CALLS_H
#include <Python.h>

/* Once, before anything else here; -1 with an error set */
int fa_init_fast_calls(int enabled);

/* Gives one of our ufuncs the fast paths, and the gufunc that does the same over rows (or None) */
void fa_install_fast_call(PyObject *ufunc, PyObject *rowwise);

/* A gufunc along `axis` (NULL for the last, None, an integer or a tuple) of `count` arrays; NULL without an error where the
   call is not a usual one: contiguous arrays of one floating-point dtype and shape, and an output that fits or is NULL. A
   function that takes a scalar is given `scalar`: NULL for the default, a number, or an array with one for each row, which
   must be `positive`. `keepdims` is about results that are no rows. */
PyObject *fa_call_along_axis(PyObject *ufunc, PyObject *const *rows, int count, PyObject *axis, PyObject *scalar,
                             int positive, int keepdims, PyObject *out);

/* The same of a gufunc whose results are rows of `size` elements, from a value and an index for each row */
PyObject *fa_call_onto_axis(PyObject *ufunc, PyObject *value, PyObject *index, PyObject *size, PyObject *axis,
                            PyObject *out);

/* hint(name, args, kwargs, error) returns the message of a TypeError with what to write instead, or an empty text */
void fa_set_hint(PyObject *hint);

/* How many calls took a fast path since the process began */
long long fa_count_fast_calls(void);

/* 0, 1, 2 for float16, float32, float64: of an exact array, or a NumPy or Python floating-point number; 3 for an array of
   bfloat16, once fa_set_bfloat16 has said which type that is; else -1 */
void fa_set_bfloat16(int type);
int fa_float_kind(PyObject *x);

#endif
