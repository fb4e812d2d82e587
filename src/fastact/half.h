/* IEEE binary16, as the bits that NumPy stores: to float and double and back, one number or an array with steps (in
   elements). Each way is exact or rounds once. And which results in float may be rounded to the wrong float16. */
#ifndef FASTACT_HALF_H
#define FASTACT_HALF_H
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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

/* A function as the table of its results. The empty asm keeps the compiler from gather instructions, which are slower.
   Contiguous numbers are read and written four at a time. */
static inline void fa_look_up(const uint16_t *table, const uint16_t *x, ptrdiff_t dx, uint16_t *y, ptrdiff_t dy,
                              ptrdiff_t n)
{
    ptrdiff_t i = 0;
    if (dx == 1 && dy == 1)
        for (; i + 4 <= n; i += 4) {
            uint64_t four, a, b, c, d;
            memcpy(&four, x + i, 8);
            a = table[four & 0xffff], b = table[four >> 16 & 0xffff], c = table[four >> 32 & 0xffff], d = table[four >> 48];
            four = a | b << 16 | c << 32 | d << 48;
            memcpy(y + i, &four, 8);
        }
    for (; i < n; i++) {
        y[i * dy] = table[x[i * dx]];
        __asm__ volatile("");
    }
}

/* What is kept in `slot`; and to keep `made` there, unless another thread was faster: what is there then. */
static inline void *fa_kept(void **slot) { return __atomic_load_n(slot, __ATOMIC_ACQUIRE); }
static inline void *fa_keep(void **slot, void *made)
{
    void *there = NULL;
    if (__atomic_compare_exchange_n(slot, &there, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return made;
    if (made != slot) /* which says that there is nothing to keep */
        free(made);
    return there;
}

/* GCC 12 does not vectorise the conversions by itself. */
static inline void fa_gather_half(const uint16_t *h, ptrdiff_t step, float *to, ptrdiff_t n)
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

static inline void fa_scatter_half(const float *x, uint16_t *to, ptrdiff_t step, ptrdiff_t n)
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

static inline void fa_gather_wide_half(const uint16_t *h, ptrdiff_t step, double *to, ptrdiff_t n)
{
    float x[128];
    for (ptrdiff_t i = 0, count; i < n; i += count) {
        count = n - i < 128 ? n - i : 128;
        fa_gather_half(h + i * step, step, x, count);
        for (ptrdiff_t k = 0; k < count; k++)
            to[i + k] = (double)x[k];
    }
}

static inline void fa_scatter_wide_half(const double *x, uint16_t *to, ptrdiff_t step, ptrdiff_t n)
{
    float odd[128];
    for (ptrdiff_t i = 0, count; i < n; i += count) {
        count = n - i < 128 ? n - i : 128;
        for (ptrdiff_t k = 0; k < count; k++)
            odd[k] = fa_to_odd(x[i + k]);
        fa_scatter_half(odd, to + i * step, step, count);
    }
}

/* Whether y lies within `margin` ulp (a power of 2) of a midpoint between two numbers of float16; or is infinite or NaN,
   perhaps since something overflowed in float. 13 bits are lost when it is rounded: from what will be subnormal as well,
   once 2^-14 is added. FA_BEYOND is larger than any float16, and looks like a midpoint. */
#define FA_BEYOND 0x1.ffep+127f

static inline int fa_doubtful(float y, int32_t margin)
{
    float size = y < 0 ? -y : y;
    int32_t bits;
    size = size < 0x1p-14f ? size + 0x1p-14f : size;
    size = size < FA_BEYOND ? size : FA_BEYOND;
    memcpy(&bits, &size, 4);
    return ((bits + margin - 0x1000) & (0x2000 - 2 * margin)) == 0;
}

/* The same of sixteen numbers, a bit each. Where no instruction makes a mask, they are looked at one by one, if one
   is doubtful. */
static inline uint32_t fa_doubtful_of_16(const float *y, int32_t margin)
{
#ifdef __AVX512F__
    const __m512 least = _mm512_set1_ps(0x1p-14f);
    __m512 size = _mm512_abs_ps(_mm512_loadu_ps(y));
    size = _mm512_mask_add_ps(size, _mm512_cmp_ps_mask(size, least, _CMP_LT_OQ), size, least);
    size = _mm512_min_ps(size, _mm512_set1_ps(FA_BEYOND));
    __m512i bits = _mm512_add_epi32(_mm512_castps_si512(size), _mm512_set1_epi32(margin - 0x1000));
    return _mm512_testn_epi32_mask(bits, _mm512_set1_epi32(0x2000 - 2 * margin));
#elif defined(__AVX2__)
    const __m256 least = _mm256_set1_ps(0x1p-14f), sign = _mm256_set1_ps(-0.0f);
    uint32_t marks = 0;
    for (int k = 0; k < 16; k += 8) {
        __m256 size = _mm256_andnot_ps(sign, _mm256_loadu_ps(y + k));
        size = _mm256_blendv_ps(size, _mm256_add_ps(size, least), _mm256_cmp_ps(size, least, _CMP_LT_OQ));
        size = _mm256_min_ps(size, _mm256_set1_ps(FA_BEYOND));
        __m256i bits = _mm256_add_epi32(_mm256_castps_si256(size), _mm256_set1_epi32(margin - 0x1000));
        bits = _mm256_and_si256(bits, _mm256_set1_epi32(0x2000 - 2 * margin));
        bits = _mm256_cmpeq_epi32(bits, _mm256_setzero_si256());
        marks |= (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(bits)) << k;
    }
    return marks;
#else
    int any = 0;
    uint32_t marks = 0;
    for (int k = 0; k < 16; k++)
        any |= fa_doubtful(y[k], margin);
    for (int k = 0; any && k < 16; k++)
        marks |= (uint32_t)fa_doubtful(y[k], margin) << k;
    return marks;
#endif
}

/* The places of such numbers in an array; their number. One branch for 64 of them, since most have none. */
static inline ptrdiff_t fa_find_doubtful(const float *y, ptrdiff_t n, int32_t margin, int32_t *places)
{
    ptrdiff_t found = 0, i = 0;
    for (; i + 64 <= n; i += 64) {
        uint32_t marks[4], any = 0;
        for (int k = 0; k < 4; k++)
            any |= marks[k] = fa_doubtful_of_16(y + i + 16 * k, margin);
        for (int k = 0; any && k < 4; k++)
            for (uint32_t m = marks[k]; m; m &= m - 1)
                places[found++] = (int32_t)i + 16 * k + __builtin_popcount((m & -m) - 1); /* the lowest bit's */
    }
    for (; i < n; i++)
        if (fa_doubtful(y[i], margin))
            places[found++] = (int32_t)i;
    return found;
}

#endif
