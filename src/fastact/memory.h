/* Between an array of any layout and a contiguous block of float or double: strided copies, float to double and back,
   and IEEE binary16 (as the bits that NumPy stores) to double and back. Each way is exact or rounds once. Steps are in
   elements. */
#ifndef FASTACT_MEMORY_H
#define FASTACT_MEMORY_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __F16C__
#include <immintrin.h>
#endif

static inline float fa_half_to_float(uint16_t h)
{
#ifdef __F16C__
    return _cvtsh_ss(h);
#else
    /* Shift into place, then let a multiplication by 2^112 put the exponent right, subnormals included. */
    uint32_t sign = (uint32_t)(h & 0x8000u) << 16, rest = (uint32_t)(h & 0x7fffu) << 13;
    float scaled;
    memcpy(&scaled, &rest, 4);
    scaled *= 0x1p+112f;
    uint32_t bits;
    memcpy(&bits, &scaled, 4);
    bits = (rest >= 0x0f800000u ? rest | 0x7f800000u : bits) | sign; /* infinity and NaN */
    memcpy(&scaled, &bits, 4);
    return scaled;
#endif
}

static inline uint16_t fa_float_to_half(float x)
{
#ifdef __F16C__
    return (uint16_t)_cvtss_sh(x, 0 /* to nearest */);
#else
    uint32_t bits, sign, rest, nan;
    memcpy(&bits, &x, 4);
    sign = bits >> 16 & 0x8000u;
    bits &= 0x7fffffffu;
    nan = bits > 0x7f800000u;
    /* Subnormal: adding 1/2 leaves the result, rounded, in the low bits. Normal: round the 13 bits that go, to even.
       What is too large goes to infinity through a product that raises the overflow flag, as the instruction does. */
    float size, small;
    memcpy(&size, &bits, 4);
    small = size + 0.5f;
    size *= size >= 65520.0f ? 0x1p+120f : 1.0f;
    memcpy(&rest, &small, 4);
    rest -= 0x3f000000u;
    uint32_t normal = (bits - 0x38000000u + 0x0fffu + (bits >> 13 & 1u)) >> 13;
    rest = bits < 0x38800000u ? rest : normal;
    memcpy(&bits, &size, 4);
    rest = bits >= 0x7f800000u ? 0x7c00u : rest;
    return (uint16_t)((nan ? 0x7e00u : rest) | sign);
#endif
}

/* To float by rounding to odd: the bits that go leave a mark in the last one that stays, so that rounding again, to
   fewer bits, gives what one rounding would have given. */
static inline float fa_to_odd(double x)
{
    const uint64_t lost = ((uint64_t)1 << 29) - 1;
    uint64_t bits;
    memcpy(&bits, &x, 8);
    bits = (bits & ~lost) | (((bits & lost) + lost) & (lost + 1));
    memcpy(&x, &bits, 8);
    return (float)x;
}

/* GCC 12 does not vectorise the conversions by itself. */
static inline void fa_halves_to_doubles(const uint16_t *h, double *x, ptrdiff_t n)
{
    ptrdiff_t i = 0;
#ifdef __AVX512F__
    for (; i + 8 <= n; i += 8)
        _mm512_storeu_pd(x + i, _mm512_cvtps_pd(_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(h + i)))));
#elif defined(__F16C__)
    for (; i + 4 <= n; i += 4)
        _mm256_storeu_pd(x + i, _mm256_cvtps_pd(_mm_cvtph_ps(_mm_loadl_epi64((const __m128i *)(h + i)))));
#endif
    for (; i < n; i++)
        x[i] = (double)fa_half_to_float(h[i]);
}

static inline void fa_doubles_to_halves(const double *x, uint16_t *h, ptrdiff_t n)
{
    float odd[128];
    for (ptrdiff_t i = 0, count; i < n; i += count, x += count, h += count) {
        count = n - i < 128 ? n - i : 128;
        for (ptrdiff_t k = 0; k < count; k++)
            odd[k] = fa_to_odd(x[k]);
        ptrdiff_t k = 0;
#ifdef __AVX512F__
        for (; k + 16 <= count; k += 16)
            _mm256_storeu_si256((__m256i *)(h + k), _mm512_cvtps_ph(_mm512_loadu_ps(odd + k), 0));
#elif defined(__F16C__)
        for (; k + 8 <= count; k += 8)
            _mm_storeu_si128((__m128i *)(h + k), _mm256_cvtps_ph(_mm256_loadu_ps(odd + k), 0));
#endif
        for (; k < count; k++)
            h[k] = fa_float_to_half(odd[k]);
    }
}

static inline void fa_gather_half(const uint16_t *h, ptrdiff_t step, double *to, ptrdiff_t n)
{
    if (step == 1)
        fa_halves_to_doubles(h, to, n);
    else
        for (ptrdiff_t i = 0; i < n; i++)
            to[i] = (double)fa_half_to_float(h[i * step]);
}

static inline void fa_scatter_half(const double *x, uint16_t *to, ptrdiff_t step, ptrdiff_t n)
{
    if (step == 1)
        fa_doubles_to_halves(x, to, n);
    else
        for (ptrdiff_t i = 0; i < n; i++)
            to[i * step] = fa_float_to_half(fa_to_odd(x[i]));
}

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
