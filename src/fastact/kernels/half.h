/* float16 (IEEE binary16), as the bits that NumPy stores: to float and back, one number or an array with steps in
   elements. Exact, or rounded once. */
#ifndef FASTACT_HALF_H
#define FASTACT_HALF_H
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

/* GCC 12 does not vectorise the conversions by itself. */
static inline void fa_load_half(const uint16_t *h, ptrdiff_t step, float *to, ptrdiff_t n)
{
    ptrdiff_t i = 0;
    if (step == 1) {
#ifdef __AVX512F__
        for (; i + 16 <= n; i += 16)
            _mm512_storeu_ps(to + i, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(h + i))));
#elif defined(__F16C__)
        for (; i + 8 <= n; i += 8)
            _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(h + i))));
#endif
    }
    for (; i < n; i++)
        to[i] = fa_half_to_float(h[i * step]);
}

static inline void fa_store_half(const float *x, uint16_t *to, ptrdiff_t step, ptrdiff_t n)
{
    ptrdiff_t i = 0;
    if (step == 1) {
#ifdef __AVX512F__
        for (; i + 16 <= n; i += 16)
            _mm256_storeu_si256((__m256i *)(to + i), _mm512_cvtps_ph(_mm512_loadu_ps(x + i), 0));
#elif defined(__F16C__)
        for (; i + 8 <= n; i += 8)
            _mm_storeu_si128((__m128i *)(to + i), _mm256_cvtps_ph(_mm256_loadu_ps(x + i), 0));
#endif
    }
    for (; i < n; i++)
        to[i * step] = fa_float_to_half(x[i]);
}

#endif
