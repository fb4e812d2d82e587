/* The type fastact.Function; see function.c */
#ifndef FASTACT_FUNCTION_H
#define FASTACT_FUNCTION_H
#include <Python.h>

/* Once, before anything else here: the type, or NULL with an error set */
PyObject *fa_init_function_type(void);

/* A function in front of a ufunc, which is never freed, as ufuncs are. `names` are all that can be given by position or
   keyword, in order. general(*args, **kwargs) is called where there is no fast path.

   Elementwise: `roles` is empty; `defaults` are those of the last names, as tuples of arrays for float16, float32 and
   float64, and `operands` is how many of the names are no parameters.

   Along an axis: a letter of `roles` for each name: r an array of rows, a the axis, t a temperature, s another scalar,
   k keepdims, o the output; or v a value and i an index for each row that is made, n its size. */
PyObject *fa_make_function(PyObject *ufunc, PyObject *general, PyObject *names, const char *roles, PyObject *defaults,
                           Py_ssize_t operands);

/* Adds a tuple with the defaults of one more dtype */
void fa_add_defaults(PyObject *function, PyObject *defaults);

#endif
