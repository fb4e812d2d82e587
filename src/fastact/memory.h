/* Between an array of any layout and a contiguous block of float or double: strided copies, float to double and back;
   half.h has float16. Steps are in elements. Then the same for blocks of rows. */
#ifndef FASTACT_MEMORY_H
#define FASTACT_MEMORY_H
#include "half.h"

static inline void fa_gather_wide(const float *x, ptrdiff_t step, double *to, ptrdiff_t n)
{
    for (ptrdiff_t i = 0; i < n; i++)
        to[i] = (double)(step == 1 ? x[i] : x[i * step]);
}

static inline void fa_scatter_wide(const double *x, float *to, ptrdiff_t step, ptrdiff_t n)
{
    for (ptrdiff_t i = 0; i < n; i++)
        to[step == 1 ? i : i * step] = (float)x[i];
}

/* Pairs, as packed gates make them, are permuted in registers; for other steps eight independent loads go at once. The
   empty asm keeps the compiler from gather and scatter instructions, which are slower. */
#define FA_STRIDED(name, type)                                                                                         \
    static inline void fa_gather_##name(const type *x, ptrdiff_t step, type *to, ptrdiff_t n)                          \
    {                                                                                                                  \
        ptrdiff_t i = 0;                                                                                               \
        if (step == 2) {                                                                                               \
            for (; i < n - 1; i++)                                                                                     \
                to[i] = x[2 * i];                                                                                      \
        } else {                                                                                                       \
            for (; i + 8 <= n; i += 8) {                                                                               \
                const type *at = x + i * step;                                                                         \
                for (int k = 0; k < 8; k++) {                                                                          \
                    to[i + k] = *at;                                                                                   \
                    at += step;                                                                                        \
                    __asm__ volatile("");                                                                              \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
        for (; i < n; i++)                                                                                             \
            to[i] = x[i * step];                                                                                       \
    }                                                                                                                  \
                                                                                                                       \
    static inline void fa_scatter_##name(const type *x, type *to, ptrdiff_t step, ptrdiff_t n)                         \
    {                                                                                                                  \
        for (ptrdiff_t i = 0; i < n; i++) {                                                                            \
            to[i * step] = x[i];                                                                                       \
            __asm__ volatile("");                                                                                      \
        }                                                                                                              \
    }

FA_STRIDED(float, float)
FA_STRIDED(double, double)

/* The first of n numbers of `size` bytes into all of them */
static inline void fa_repeat(void *to, size_t size, ptrdiff_t n)
{
    if (size == sizeof(float)) {
        const float first = *(const float *)to;
        for (ptrdiff_t i = 1; i < n; i++)
            ((float *)to)[i] = first;
    } else {
        const double first = *(const double *)to;
        for (ptrdiff_t i = 1; i < n; i++)
            ((double *)to)[i] = first;
    }
}

/* Between rows of any layout and a block of interleaved ones: element k of row l at k*lanes + l. Steps are in bytes;
   `outer` from row to row, `inner` along a row. */
static inline float fa_wide_half(uint16_t h) { return fa_half_to_float(h); }
static inline uint16_t fa_narrow_half(float x) { return fa_float_to_half(x); }
static inline double fa_wide_wide_half(uint16_t h) { return (double)fa_half_to_float(h); }
static inline uint16_t fa_narrow_wide_half(double x) { return fa_float_to_half(fa_to_odd(x)); }
static inline double fa_wide_wide(float x) { return (double)x; }
static inline float fa_narrow_wide(double x) { return (float)x; }
static inline float fa_wide_float(float x) { return x; }
static inline float fa_narrow_float(float x) { return x; }
static inline double fa_wide_double(double x) { return x; }
static inline double fa_narrow_double(double x) { return x; }

/* Whether neighbouring rows are nearer than neighbouring elements */
static inline int fa_beside(ptrdiff_t outer, ptrdiff_t inner)
{
    return (outer < 0 ? -outer : outer) < (inner < 0 ? -inner : inner);
}

/* Rows that lie beside one another are taken a line at a time, others row by row (the empty asm keeps the compiler from
   gather and scatter instructions, which are slower). Lanes beyond the last row repeat it, so that nothing is computed
   on what is not there; they are not written back. */
#define FA_BLOCKS(name, type, arithmetic, lanes)                                                                       \
    static void fa_gather_block_##name(const char *x, ptrdiff_t outer, ptrdiff_t inner, int rows, ptrdiff_t n,         \
                                       arithmetic *to)                                                                 \
    {                                                                                                                  \
        if (outer == sizeof(type) && rows == lanes) {                                                                  \
            for (ptrdiff_t k = 0; k < n; k++)                                                                          \
                if (sizeof(type) == sizeof(arithmetic))                                                                \
                    memcpy(to + k * lanes, x + k * inner, sizeof(type) * lanes);                                       \
                else                                                                                                   \
                    fa_gather_##name((const type *)(x + k * inner), 1, to + k * lanes, lanes);                         \
            return;                                                                                                    \
        }                                                                                                              \
        int by_rows = !fa_beside(outer, inner);                                                                        \
        ptrdiff_t far = by_rows ? lanes : n, near = by_rows ? n : lanes;                                               \
        for (ptrdiff_t i = 0; i < far; i++)                                                                            \
            for (ptrdiff_t j = 0; j < near; j++) {                                                                     \
                ptrdiff_t l = by_rows ? i : j, k = by_rows ? j : i;                                                    \
                const char *at = x + (l < rows ? l : rows - 1) * outer + k * inner;                                    \
                to[k * lanes + l] = fa_wide_##name(*(const type *)at);                                                 \
                __asm__ volatile("");                                                                                  \
            }                                                                                                          \
    }                                                                                                                  \
                                                                                                                       \
    static void fa_scatter_block_##name(const arithmetic *x, char *to, ptrdiff_t outer, ptrdiff_t inner, int rows,     \
                                        ptrdiff_t n)                                                                   \
    {                                                                                                                  \
        if (outer == sizeof(type) && rows == lanes) {                                                                  \
            for (ptrdiff_t k = 0; k < n; k++)                                                                          \
                if (sizeof(type) == sizeof(arithmetic))                                                                \
                    memcpy(to + k * inner, x + k * lanes, sizeof(type) * lanes);                                       \
                else                                                                                                   \
                    fa_scatter_##name(x + k * lanes, (type *)(to + k * inner), 1, lanes);                              \
            return;                                                                                                    \
        }                                                                                                              \
        int by_rows = !fa_beside(outer, inner);                                                                        \
        ptrdiff_t far = by_rows ? rows : n, near = by_rows ? n : rows;                                                 \
        for (ptrdiff_t i = 0; i < far; i++)                                                                            \
            for (ptrdiff_t j = 0; j < near; j++) {                                                                     \
                ptrdiff_t l = by_rows ? i : j, k = by_rows ? j : i;                                                    \
                *(type *)(to + l * outer + k * inner) = fa_narrow_##name(x[k * lanes + l]);                            \
                __asm__ volatile("");                                                                                  \
            }                                                                                                          \
    }

FA_BLOCKS(half, uint16_t, float, 16)
FA_BLOCKS(wide_half, uint16_t, double, 8)
FA_BLOCKS(wide, float, double, 8)
FA_BLOCKS(float, float, float, 16)
FA_BLOCKS(double, double, double, 8)

#endif
