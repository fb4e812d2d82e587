/* The type fastact.Function; see function.c */
#ifndef FASTACT_FUNCTION_H
#define FASTACT_FUNCTION_H
#include <Python.h>

/* Once, before anything else here: the type, or NULL with an error set */
PyObject *fa_init_function_type(void);

/* A function in front of a ufunc. `inputs` are the names of all inputs, `defaults` the values of the last of them,
   `arrays` the same as tuples of arrays for float16, float32 and float64. `general` is called as general(*args, **kwargs)
   for every call that has no fast path. `axis` is where among the parameters the axis is, 0 for an elementwise function,
   and `reduced` whether the result of a row is no row. */
PyObject *fa_make_function(PyObject *ufunc, PyObject *general, PyObject *inputs, PyObject *defaults, PyObject *arrays,
                           Py_ssize_t axis, int reduced);

#endif
