/* Fast paths of ufunc calls; see fast_calls.c */
#ifndef FASTACT_FAST_CALLS_H
#define FASTACT_FAST_CALLS_H
#include <Python.h>

/* Once, before anything else here; -1 with an error set */
int fa_init_fast_calls(int enabled);

/* Gives one of our ufuncs the fast paths, and the gufunc that does the same over rows (or None) */
void fa_install_fast_call(PyObject *ufunc, PyObject *rowwise);

/* How many calls took a fast path since the process began */
long long fa_count_fast_calls(void);

/* 0, 1, 2 for float16, float32, float64: of an exact array, or a NumPy or Python floating-point number; else -1 */
int fa_float_kind(PyObject *x);

#endif
