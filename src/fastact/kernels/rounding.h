/* Rounding to 16 bits once: of doubles, and of floats that may be off by a few ulp. */
#ifndef FASTACT_ROUNDING_H
#define FASTACT_ROUNDING_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

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

/* Midpoints between two numbers of a 16-bit dtype, as bits of a float */
typedef struct {
    int32_t half; /* half of what one unit in the last place is, in ulp of float */
    float least; /* added to what is smaller: what will be subnormal loses as many bits then */
    float beyond; /* above the largest number, and looks like a midpoint */
} fa_midpoints;

#define FA_HALF_MIDPOINTS ((fa_midpoints){0x1000, 0x1p-14f, 0x1.ffep+127f})
#define FA_BFLOAT16_MIDPOINTS ((fa_midpoints){0x8000, 0.0f, 0x1.ffp+127f})

/* Whether y lies within `margin` ulp (a power of 2) of a midpoint; or is infinite or NaN, perhaps since something
   overflowed in float. */
static inline int fa_doubtful(float y, int32_t margin, fa_midpoints to)
{
    float size = y < 0 ? -y : y;
    int32_t bits;
    size = size < to.least ? size + to.least : size;
    size = size < to.beyond ? size : to.beyond;
    memcpy(&bits, &size, 4);
    return ((bits + margin - to.half) & (2 * to.half - 2 * margin)) == 0;
}

/* The same of sixteen numbers, a bit each. Where no instruction makes a mask, they are looked at one by one, if one
   is doubtful. */
static inline uint32_t fa_doubtful_of_16(const float *y, int32_t margin, fa_midpoints to)
{
#ifdef __AVX512F__
    const __m512 least = _mm512_set1_ps(to.least);
    __m512 size = _mm512_abs_ps(_mm512_loadu_ps(y));
    size = _mm512_mask_add_ps(size, _mm512_cmp_ps_mask(size, least, _CMP_LT_OQ), size, least);
    size = _mm512_min_ps(size, _mm512_set1_ps(to.beyond));
    __m512i bits = _mm512_add_epi32(_mm512_castps_si512(size), _mm512_set1_epi32(margin - to.half));
    return _mm512_testn_epi32_mask(bits, _mm512_set1_epi32(2 * to.half - 2 * margin));
#elif defined(__AVX2__)
    const __m256 least = _mm256_set1_ps(to.least), sign = _mm256_set1_ps(-0.0f);
    uint32_t marks = 0;
    for (int k = 0; k < 16; k += 8) {
        __m256 size = _mm256_andnot_ps(sign, _mm256_loadu_ps(y + k));
        size = _mm256_blendv_ps(size, _mm256_add_ps(size, least), _mm256_cmp_ps(size, least, _CMP_LT_OQ));
        size = _mm256_min_ps(size, _mm256_set1_ps(to.beyond));
        __m256i bits = _mm256_add_epi32(_mm256_castps_si256(size), _mm256_set1_epi32(margin - to.half));
        bits = _mm256_and_si256(bits, _mm256_set1_epi32(2 * to.half - 2 * margin));
        bits = _mm256_cmpeq_epi32(bits, _mm256_setzero_si256());
        marks |= (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(bits)) << k;
    }
    return marks;
#else
    int any = 0;
    uint32_t marks = 0;
    for (int k = 0; k < 16; k++)
        any |= fa_doubtful(y[k], margin, to);
    for (int k = 0; any && k < 16; k++)
        marks |= (uint32_t)fa_doubtful(y[k], margin, to) << k;
    return marks;
#endif
}

/* The places of such numbers in an array; their number. One branch for 64 of them, since most have none. */
static inline ptrdiff_t fa_find_doubtful(const float *y, ptrdiff_t n, int32_t margin, fa_midpoints to,
                                         int32_t *places)
{
    ptrdiff_t found = 0, i = 0;
    for (; i + 64 <= n; i += 64) {
        uint32_t marks[4], any = 0;
        for (int k = 0; k < 4; k++)
            any |= marks[k] = fa_doubtful_of_16(y + i + 16 * k, margin, to);
        for (int k = 0; any && k < 4; k++)
            for (uint32_t m = marks[k]; m; m &= m - 1)
                places[found++] = (int32_t)i + 16 * k + __builtin_popcount((m & -m) - 1); /* the lowest bit's */
    }
    for (; i < n; i++)
        if (fa_doubtful(y[i], margin, to))
            places[found++] = (int32_t)i;
    return found;
}

#endif
