/* Strided copies of float and double, and of float to double and back. Steps are in elements. */
#ifndef FASTACT_STRIDED_H
#define FASTACT_STRIDED_H
#include <stddef.h>
#include <string.h>

static inline void fa_load_single_as_double(const float *x, ptrdiff_t step, double *to, ptrdiff_t n)
{
    for (ptrdiff_t i = 0; i < n; i++)
        to[i] = (double)(step == 1 ? x[i] : x[i * step]);
}

static inline void fa_store_single_as_double(const double *x, float *to, ptrdiff_t step, ptrdiff_t n)
{
    for (ptrdiff_t i = 0; i < n; i++)
        to[step == 1 ? i : i * step] = (float)x[i];
}

/* Pairs, as packed gates make them, are permuted in registers; for other steps eight independent loads go at once. The
   empty asm keeps the compiler from gather and scatter instructions, which are slower. */
#define FA_STRIDED(name, type)                                                                                         \
    static inline void fa_load_##name(const type *x, ptrdiff_t step, type *to, ptrdiff_t n)                          \
    {                                                                                                                  \
        ptrdiff_t i = 0;                                                                                               \
        if (step == 1) {                                                                                               \
            memcpy(to, x, (size_t)n * sizeof(type));                                                                   \
            return;                                                                                                    \
        }                                                                                                              \
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
    static inline void fa_store_##name(const type *x, type *to, ptrdiff_t step, ptrdiff_t n)                         \
    {                                                                                                                  \
        if (step == 1) {                                                                                               \
            memcpy(to, x, (size_t)n * sizeof(type));                                                                   \
            return;                                                                                                    \
        }                                                                                                              \
        for (ptrdiff_t i = 0; i < n; i++) {                                                                            \
            to[i * step] = x[i];                                                                                       \
            __asm__ volatile("");                                                                                      \
        }                                                                                                              \
    }

FA_STRIDED(single, float)
FA_STRIDED(double, double)

#endif
