/* Fast paths of ufunc calls; see fast_calls.c */
#ifndef FASTACT_FAST_CALLS_H
#define FASTACT_FAST_CALLS_H
#include <Python.h>

/* Gives one of our ufuncs the fast paths, and the gufunc that does the same over rows (or None) */
void fa_install_fast_call(PyObject *ufunc, PyObject *rowwise);

/* hint(name, args, kwargs, error) returns the message of a TypeError with what to write instead, or an empty text */
void fa_set_hint(PyObject *hint);

#endif
