/* Between an array of any layout and a contiguous block of float or double: strided copies, float to double and back;
   half.h has float16. Steps are in elements. Then the same for blocks of rows. */
#ifndef FASTACT_MEMORY_H
#define FASTACT_MEMORY_H
#include "half.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
    static inline void fa_scatter_##name(const type *x, type *to, ptrdiff_t step, ptrdiff_t n)                         \
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

FA_STRIDED(float, float)
FA_STRIDED(double, double)

/* The first of n numbers of `size` bytes into all of them */
static inline void fa_repeat(void *to, size_t size, ptrdiff_t n)
{
    if (size == sizeof(float)) {
        const float first = *(const float *)to;
        for (ptrdiff_t i = 0; i < n; i++)
            ((float *)to)[i] = first;
    } else {
        const double first = *(const double *)to;
        for (ptrdiff_t i = 0; i < n; i++)
            ((double *)to)[i] = first;
    }
}

/* to[k*down + l] = x[l*step + k] for k < n, l < m: in registers, four by four or two by two, where SSE2 is there */
#ifdef __SSE2__
static inline void fa_turn_float(const float *x, ptrdiff_t step, float *to, ptrdiff_t down)
{
    __m128 a = _mm_loadu_ps(x), b = _mm_loadu_ps(x + step);
    __m128 c = _mm_loadu_ps(x + 2 * step), d = _mm_loadu_ps(x + 3 * step);
    _MM_TRANSPOSE4_PS(a, b, c, d);
    _mm_storeu_ps(to, a), _mm_storeu_ps(to + down, b);
    _mm_storeu_ps(to + 2 * down, c), _mm_storeu_ps(to + 3 * down, d);
}

static inline void fa_turn_double(const double *x, ptrdiff_t step, double *to, ptrdiff_t down)
{
    __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + step);
    _mm_storeu_pd(to, _mm_unpacklo_pd(a, b)), _mm_storeu_pd(to + down, _mm_unpackhi_pd(a, b));
}
#else
static inline void fa_turn_float(const float *x, ptrdiff_t step, float *to, ptrdiff_t down)
{
    for (int i = 0; i < 16; i++)
        to[i / 4 * down + i % 4] = x[i % 4 * step + i / 4];
}

static inline void fa_turn_double(const double *x, ptrdiff_t step, double *to, ptrdiff_t down)
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
                fa_turn_##type(x + l * step + k, step, to + k * down + l, down);                                       \
        for (ptrdiff_t k = 0; k < n; k++)                                                                              \
            for (ptrdiff_t l = k < whole ? even : 0; l < m; l++)                                                       \
                to[k * down + l] = x[l * step + k];                                                                    \
    }

FA_TRANSPOSE(float, 4)
FA_TRANSPOSE(double, 2)

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

/* A block of code for element k < n of row l < m, the nearer ones first, by `outer` and `inner`. The empty asm keeps the
   compiler from gather and scatter instructions, which are slower. */
#define FA_IN_ORDER(m, ...)                                                                                            \
    int by_rows = (outer < 0 ? -outer : outer) >= (inner < 0 ? -inner : inner);                                        \
    for (ptrdiff_t i = 0; i < (by_rows ? m : n); i++)                                                                  \
        for (ptrdiff_t j = 0; j < (by_rows ? n : m); j++) {                                                            \
            ptrdiff_t l = by_rows ? i : j, k = by_rows ? j : i;                                                        \
            __VA_ARGS__ __asm__ volatile("");                                                                          \
        }

/* Whether rows need no conversion and are a whole number of elements apart; doubles that are aligned to 4 may not be */
#define FA_PLAIN(type, arithmetic, outer) (sizeof(type) == sizeof(arithmetic) && (outer) % (ptrdiff_t)sizeof(type) == 0)

/* Rows that lie beside one another are taken a line at a time, contiguous ones are transposed, by tiles where they are
   converted; others go element by element. Lanes beyond the last row repeat it, so that nothing is computed on what is
   not there; they are not written back. */
#define FA_TILE 16
#define FA_BLOCKS(name, type, arithmetic, lanes)                                                                       \
    static void fa_gather_block_##name(const char *x, ptrdiff_t outer, ptrdiff_t inner, int rows, ptrdiff_t n,         \
                                       arithmetic *to)                                                                 \
    {                                                                                                                  \
        if (outer == sizeof(type) && rows == lanes) {                                                                  \
            for (ptrdiff_t k = 0; k < n; k++)                                                                          \
                fa_gather_##name((const type *)(x + k * inner), 1, to + k * lanes, lanes);                             \
            return;                                                                                                    \
        }                                                                                                              \
        if (inner == sizeof(type) && rows == lanes && FA_PLAIN(type, arithmetic, outer)) {                             \
            fa_transpose_##arithmetic((const arithmetic *)x, outer / inner, to, lanes, n, lanes);                      \
            return;                                                                                                    \
        }                                                                                                              \
        if (inner == sizeof(type)) {                                                                                   \
            arithmetic tile[lanes * FA_TILE];                                                                          \
            for (ptrdiff_t k = 0, count; k < n; k += count) {                                                          \
                count = n - k < FA_TILE ? n - k : FA_TILE;                                                             \
                for (int l = 0; l < lanes; l++)                                                                        \
                    fa_gather_##name((const type *)(x + (l < rows ? l : rows - 1) * outer) + k, 1,                     \
                                     tile + l * FA_TILE, count);                                                       \
                fa_transpose_##arithmetic(tile, FA_TILE, to + k * lanes, lanes, count, lanes);                         \
            }                                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
        FA_IN_ORDER(lanes, {                                                                                           \
            const char *at = x + (l < rows ? l : rows - 1) * outer + k * inner;                                        \
            to[k * lanes + l] = fa_wide_##name(*(const type *)at);                                                     \
        })                                                                                                             \
    }                                                                                                                  \
                                                                                                                       \
    static void fa_scatter_block_##name(const arithmetic *x, char *to, ptrdiff_t outer, ptrdiff_t inner, int rows,     \
                                        ptrdiff_t n)                                                                   \
    {                                                                                                                  \
        if (outer == sizeof(type) && rows == lanes) {                                                                  \
            for (ptrdiff_t k = 0; k < n; k++)                                                                          \
                fa_scatter_##name(x + k * lanes, (type *)(to + k * inner), 1, lanes);                                  \
            return;                                                                                                    \
        }                                                                                                              \
        if (inner == sizeof(type) && FA_PLAIN(type, arithmetic, outer)) {                                              \
            fa_transpose_##arithmetic(x, lanes, (arithmetic *)to, outer / inner, rows, n);                             \
            return;                                                                                                    \
        }                                                                                                              \
        if (inner == sizeof(type)) {                                                                                   \
            arithmetic tile[lanes * FA_TILE];                                                                          \
            for (ptrdiff_t k = 0, count; k < n; k += count) {                                                          \
                count = n - k < FA_TILE ? n - k : FA_TILE;                                                             \
                fa_transpose_##arithmetic(x + k * lanes, lanes, tile, FA_TILE, rows, count);                           \
                for (int l = 0; l < rows; l++)                                                                         \
                    fa_scatter_##name(tile + l * FA_TILE, (type *)(to + l * outer) + k, 1, count);                     \
            }                                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
        FA_IN_ORDER(rows, {                                                                                            \
            *(type *)(to + l * outer + k * inner) = fa_narrow_##name(x[k * lanes + l]);                                \
        })                                                                                                             \
    }

FA_BLOCKS(half, uint16_t, float, 16)
FA_BLOCKS(wide_half, uint16_t, double, 8)
FA_BLOCKS(wide, float, double, 8)
FA_BLOCKS(float, float, float, 16)
FA_BLOCKS(double, double, double, 8)

#endif
