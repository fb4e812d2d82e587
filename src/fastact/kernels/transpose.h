/* Transposition in registers, where SSE2 is there */
#ifndef FASTACT_TRANSPOSE_H
#define FASTACT_TRANSPOSE_H
#include <stddef.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* to[k*down + l] = x[l*step + k] for k < n, l < m: in registers, four by four or two by two, where SSE2 is there */
#ifdef __SSE2__
static inline void fa_transpose_square_float(const float *x, ptrdiff_t step, float *to, ptrdiff_t down)
{
    __m128 a = _mm_loadu_ps(x), b = _mm_loadu_ps(x + step);
    __m128 c = _mm_loadu_ps(x + 2 * step), d = _mm_loadu_ps(x + 3 * step);
    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(to, a), _mm_storeu_ps(to + down, b);
    _mm_storeu_ps(to + 2 * down, c), _mm_storeu_ps(to + 3 * down, d);
}

static inline void fa_transpose_square_double(const double *x, ptrdiff_t step, double *to, ptrdiff_t down)
{
    __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + step);
    _mm_storeu_pd(to, _mm_unpacklo_pd(a, b)), _mm_storeu_pd(to + down, _mm_unpackhi_pd(a, b));
}
#else
static inline void fa_transpose_square_float(const float *x, ptrdiff_t step, float *to, ptrdiff_t down)
{
    for (int i = 0; i < 16; i++)
        to[i / 4 * down + i % 4] = x[i % 4 * step + i / 4];
}

static inline void fa_transpose_square_double(const double *x, ptrdiff_t step, double *to, ptrdiff_t down)
{
    for (int i = 0; i < 4; i++)
        to[i / 2 * down + i % 2] = x[i % 2 * step + i / 2];
}
#endif

#define FA_TRANSPOSE(type, square)                                                                                     \
    static inline void fa_transpose_##type(const type *x, ptrdiff_t step, type *to, ptrdiff_t down, ptrdiff_t n,       \
                                           ptrdiff_t m)                                                                \
    {                                                                                                                  \
        ptrdiff_t whole = n - n % square, even = m - m % square;                                                       \
        for (ptrdiff_t k = 0; k < whole; k += square)                                                                  \
            for (ptrdiff_t l = 0; l < even; l += square)                                                               \
                fa_transpose_square_##type(x + l * step + k, step, to + k * down + l, down);                                       \
        for (ptrdiff_t k = 0; k < n; k++)                                                                              \
            for (ptrdiff_t l = k < whole ? even : 0; l < m; l++)                                                       \
                to[k * down + l] = x[l * step + k];                                                                    \
    }

FA_TRANSPOSE(float, 4)
FA_TRANSPOSE(double, 2)

#endif
