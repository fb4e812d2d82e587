/* The module of one level: it has a capsule with what the level exports, and nothing else. FASTACT_LEVEL is its name,
   FASTACT_FLAGS what it was compiled with, FASTACT_FAMILIES(DO) names each loops.pyx.in that was filled in. */
#include <Python.h>
#include "parts.h"
#include "vmath.h" /* FASTACT_FMA */

#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)
#define QUOTED_(a) #a
#define QUOTED(a) QUOTED_(a)

#define DECLARED(family) extern const fa_loops *fa_loops_##family(void);
#define LISTED(family) fa_loops_##family,
FASTACT_FAMILIES(DECLARED)
static const fa_list loops[] = {FASTACT_FAMILIES(LISTED) NULL};

static const fa_level level = {
    .name = QUOTED(FASTACT_LEVEL),
    .flags = FASTACT_FLAGS,
    .fma = FASTACT_FMA,
    .storages = fa_storages,
    .loops = loops,
    .row_kernels = fa_row_kernel_list,
    .run = fa_run,
    .run_rows = fa_run_rows,
    .begin_row = fa_begin_row,
    .summarise_span = fa_summarise_span,
    .join_spans = fa_join_spans,
    .write_span = fa_write_span,
    .write_values = fa_write_values,
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "fastact._" QUOTED(FASTACT_LEVEL),
    .m_doc = "The kernels of one level, for fastact._core.",
    .m_size = -1,
};

PyMODINIT_FUNC JOINED(PyInit__, FASTACT_LEVEL)(void)
{
    PyObject *module = PyModule_Create(&definition);
    PyObject *capsule = PyCapsule_New((void *)&level, FA_CAPSULE, NULL);
    if (module == NULL || capsule == NULL || PyModule_AddObjectRef(module, "level", capsule) < 0)
        Py_CLEAR(module);
    Py_XDECREF(capsule);
    return module;
}
