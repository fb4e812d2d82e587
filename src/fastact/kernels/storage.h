/* How the numbers of a dtype lie in memory, and how they are loaded for arithmetic in float or double.
 *
 * A dtype is one storage: how to load and store, for 16-bit dtypes which float results may round to the wrong number,
 * and the same numbers computed in double. The loops know no more of a dtype; core/ knows
 * which of NumPy's types each one is. */
#ifndef FASTACT_STORAGE_H
#define FASTACT_STORAGE_H
#include <stddef.h>
#include <stdint.h>

typedef struct fa_storage {
    ptrdiff_t size; /* bytes of a number in memory */
    ptrdiff_t real; /* bytes of the float or double that it is computed in */
    /* n numbers, `step` bytes apart, to contiguous numbers of arithmetic, and back */
    void (*load)(const char *x, ptrdiff_t step, void *to, ptrdiff_t n);
    void (*store)(const void *x, char *to, ptrdiff_t step, ptrdiff_t n);
    /* The same for n numbers of several rows, which are interleaved: element k of row l at k*lanes + l. `outer` bytes
       from row to row, `inner` along a row. */
    void (*load_block)(const char *x, ptrdiff_t outer, ptrdiff_t inner, int rows, ptrdiff_t n, void *to);
    void (*store_block)(const void *x, char *to, ptrdiff_t outer, ptrdiff_t inner, int rows, ptrdiff_t n);
    /* 16-bit dtypes in float, and float32 in double: the places of results that `margin` ulp (a power of 2) may bring to
       the other side of a midpoint between two numbers, and their count */
    ptrdiff_t (*find_doubtful)(const void *y, ptrdiff_t n, int32_t margin, int32_t *places);
    float (*narrow)(double x); /* 16-bit dtypes: a double as a float that then rounds to the right number */
    int spans_float; /* 16-bit dtypes: whether the range is that of float, so that factors underflow or overflow in it */
} fa_storage;

/* Dtypes, each with what it is computed in. One that is computed in double has the same place in `..._AS_DOUBLE`. */
enum {
    FA_HALF, /* float16: in float, and once more in double where a float does not decide */
    FA_BFLOAT16,
    FA_SINGLE,
    FA_DOUBLE,
    FA_HALF_AS_DOUBLE,
    FA_BFLOAT16_AS_DOUBLE,
    FA_SINGLE_AS_DOUBLE,
    FA_DOUBLE_AS_DOUBLE,
    FA_STORAGES,
    FA_DTYPES = FA_HALF_AS_DOUBLE,
};

/* Whether contiguous numbers in memory are numbers of arithmetic */
static inline int fa_is_direct(const fa_storage *storage) { return storage->size == storage->real; }

/* Rows of a block: 16 floats or 8 doubles, a cache line */
#define FA_LINE 64
static inline int fa_lanes(const fa_storage *storage) { return FA_LINE / (int)storage->real; }

#endif
