/* Between an array of any layout and a contiguous block of float or double: strided copies, float to double and back;
   half.h has float16. Steps are in elements. */
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

#endif
