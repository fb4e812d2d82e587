/* What the fast paths ask of operands, and what they return. NumPy's C API is imported once, by operands.c. */
#ifndef FASTACT_OPERANDS_H
#define FASTACT_OPERANDS_H
#include <Python.h>
#define PY_ARRAY_UNIQUE_SYMBOL fastact_array_api
#ifndef FASTACT_IMPORTS_ARRAY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>
#include <numpy/ufuncobject.h>

/* Once, before anything else here; -1 with an error set */
int fa_import_numpy(void);

extern int fa_fast_calls_enabled;

static inline int fa_is_word(PyObject *word, const char *name) { return PyUnicode_CompareWithASCIIString(word, name) == 0; }

/* How many calls took a fast path since the process began; and a result that is one more of them */
long long fa_count_fast_calls(void);
PyObject *fa_counted(PyObject *result);

/* 0, 1, 2 for float16, float32, float64: of an exact array, or a NumPy or Python floating-point number; 3 for an array of
   bfloat16, once fa_set_bfloat16 has said which type that is; else -1 */
int fa_float_kind(PyObject *x);
void fa_set_bfloat16(int type);

int fa_is_array(PyObject *x, int type);
int fa_is_contiguous(PyObject *x, int type, const npy_intp *shape, int axes);
int fa_is_output(PyArrayObject *a);
int fa_find_loop(const PyUFuncObject *ufunc, int type);
PyObject *fa_make_results(const PyUFuncObject *ufunc, PyObject *const *args, PyObject *const *operands);

#endif
