/* Rounding once: of floats to 16 bits and of doubles to float, where they may be off by a few ulp; of doubles to 16 bits. */
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

/* Midpoints between two numbers of a dtype, as bits of the wider one that results are computed in */
typedef struct {
    int32_t half; /* half of what one unit in the last place is, in ulp of the wider */
    double least; /* added to what is smaller: what will be subnormal loses as many bits then */
    float beyond; /* 16 bits: above the largest number, and looks like a midpoint */
} fa_midpoints;

#define FA_HALF_MIDPOINTS ((fa_midpoints){0x1000, 0x1p-14, 0x1.ffep+127f})
#define FA_BFLOAT16_MIDPOINTS ((fa_midpoints){0x8000, 0.0, 0x1.ffp+127f})
#define FA_SINGLE_MIDPOINTS ((fa_midpoints){0x10000000, 0x1p-126, 0.0f})

static inline int32_t fa_upper_half(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, 8);
    return (int32_t)(bits >> 32);
}

/* Whether y lies within `margin` ulp (a power of 2) of a midpoint; or is infinite or NaN, perhaps since something
   overflowed in float. */
static inline int fa_doubtful_float(float y, int32_t margin, fa_midpoints to)
{
    float size = y < 0 ? -y : y, least = (float)to.least;
    int32_t bits;
    size = size < least ? size + least : size;
    size = size < to.beyond ? size : to.beyond;
    memcpy(&bits, &size, 4);
    return ((bits + margin - to.half) & (2 * to.half - 2 * margin)) == 0;
}

static inline int fa_doubtful_double(double y, int32_t margin, fa_midpoints to)
{
    double size = y < 0 ? -y : y;
    uint64_t bits;
    size = size < to.least ? size + to.least : size;
    memcpy(&bits, &size, 8);
    return (((uint32_t)bits + (uint32_t)(margin - to.half)) & (uint32_t)(2 * to.half - 2 * margin)) == 0;
}

/* The same of sixteen numbers, a bit each. Where no instruction makes a mask, they are looked at one by one, if one
   is doubtful. The lower halves of doubles have all bits that count. */
#if defined(__AVX512F__)
static inline uint32_t fa_doubtful_bits(__m512i bits, int32_t margin, fa_midpoints to)
{
    bits = _mm512_add_epi32(bits, _mm512_set1_epi32(margin - to.half));
    return _mm512_testn_epi32_mask(bits, _mm512_set1_epi32(2 * to.half - 2 * margin));
}

static inline uint32_t fa_doubtful_float_of_16(const float *y, int32_t margin, fa_midpoints to)
{
    const __m512 least = _mm512_set1_ps((float)to.least);
    __m512 size = _mm512_abs_ps(_mm512_loadu_ps(y));
    size = _mm512_mask_add_ps(size, _mm512_cmp_ps_mask(size, least, _CMP_LT_OQ), size, least);
    size = _mm512_min_ps(size, _mm512_set1_ps(to.beyond));
    return fa_doubtful_bits(_mm512_castps_si512(size), margin, to);
}

static inline uint32_t fa_doubtful_double_of_16(const double *y, int32_t margin, fa_midpoints to)
{
    const __m512d least = _mm512_set1_pd(to.least);
    const __m512i lower = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    __m512d size[2];
    for (int k = 0; k < 2; k++) {
        size[k] = _mm512_abs_pd(_mm512_loadu_pd(y + 8 * k));
        size[k] = _mm512_mask_add_pd(size[k], _mm512_cmp_pd_mask(size[k], least, _CMP_LT_OQ), size[k], least);
    }
    return fa_doubtful_bits(_mm512_permutex2var_epi32(_mm512_castpd_si512(size[0]), lower, _mm512_castpd_si512(size[1])),
                            margin, to);
}
#elif defined(__AVX2__)
static inline uint32_t fa_doubtful_bits(__m256i bits, int32_t margin, fa_midpoints to)
{
    bits = _mm256_add_epi32(bits, _mm256_set1_epi32(margin - to.half));
    bits = _mm256_and_si256(bits, _mm256_set1_epi32(2 * to.half - 2 * margin));
    bits = _mm256_cmpeq_epi32(bits, _mm256_setzero_si256());
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(bits));
}

static inline uint32_t fa_doubtful_float_of_16(const float *y, int32_t margin, fa_midpoints to)
{
    const __m256 least = _mm256_set1_ps((float)to.least), sign = _mm256_set1_ps(-0.0f);
    uint32_t marks = 0;
    for (int k = 0; k < 16; k += 8) {
        __m256 size = _mm256_andnot_ps(sign, _mm256_loadu_ps(y + k));
        size = _mm256_blendv_ps(size, _mm256_add_ps(size, least), _mm256_cmp_ps(size, least, _CMP_LT_OQ));
        size = _mm256_min_ps(size, _mm256_set1_ps(to.beyond));
        marks |= fa_doubtful_bits(_mm256_castps_si256(size), margin, to) << k;
    }
    return marks;
}

static inline uint32_t fa_doubtful_double_of_16(const double *y, int32_t margin, fa_midpoints to)
{
    const __m256d least = _mm256_set1_pd(to.least), sign = _mm256_set1_pd(-0.0);
    uint32_t marks = 0;
    for (int k = 0; k < 16; k += 8) {
        __m256d size[2];
        for (int j = 0; j < 2; j++) {
            size[j] = _mm256_andnot_pd(sign, _mm256_loadu_pd(y + k + 4 * j));
            size[j] = _mm256_add_pd(size[j], _mm256_and_pd(_mm256_cmp_pd(size[j], least, _CMP_LT_OQ), least));
        }
        __m256 lower = _mm256_shuffle_ps(_mm256_castpd_ps(size[0]), _mm256_castpd_ps(size[1]), _MM_SHUFFLE(2, 0, 2, 0));
        __m256i bits = _mm256_permute4x64_epi64(_mm256_castps_si256(lower), _MM_SHUFFLE(3, 1, 2, 0));
        marks |= fa_doubtful_bits(bits, margin, to) << k;
    }
    return marks;
}
#else
#define FA_DOUBTFUL_OF_16(real)                                                                                        \
    static inline uint32_t fa_doubtful_##real##_of_16(const real *y, int32_t margin, fa_midpoints to)                  \
    {                                                                                                                  \
        int any = 0;                                                                                                   \
        uint32_t marks = 0;                                                                                            \
        for (int k = 0; k < 16; k++)                                                                                   \
            any |= fa_doubtful_##real(y[k], margin, to);                                                               \
        for (int k = 0; any && k < 16; k++)                                                                            \
            marks |= (uint32_t)fa_doubtful_##real(y[k], margin, to) << k;                                              \
        return marks;                                                                                                  \
    }
FA_DOUBTFUL_OF_16(float)
FA_DOUBTFUL_OF_16(double)
#endif

/* Whether one of 64 numbers may be doubtful. This takes less time than to find out which. For doubles it compares the
   least distance above the beginning of what is doubtful, and the least size but zero, by their halves. */
static inline int fa_look_closer_float(const float *y, int32_t margin, fa_midpoints to)
{
    (void)y, (void)margin, (void)to;
    return 1;
}

static inline int fa_look_closer_double(const double *y, int32_t margin, fa_midpoints to)
{
#if defined(__AVX512F__)
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
    const __m512i from = _mm512_set1_epi32((int32_t)(8 * (uint32_t)(margin - to.half)));
    __m512i distance = _mm512_set1_epi32(-1), size = distance;
    for (int k = 0; k < 64; k += 16) {
        __m512i a = _mm512_loadu_si512(y + k), b = _mm512_loadu_si512(y + k + 8);
        __m512i lower = _mm512_permutex2var_epi32(a, even, b), upper = _mm512_permutex2var_epi32(a, odd, b);
        distance = _mm512_min_epu32(distance, _mm512_add_epi32(_mm512_slli_epi32(lower, 3), from));
        size = _mm512_min_epu32(size, _mm512_sub_epi32(_mm512_slli_epi32(upper, 1), _mm512_set1_epi32(1)));
    }
    return _mm512_cmplt_epu32_mask(distance, _mm512_set1_epi32(16 * margin)) ||
           _mm512_cmplt_epu32_mask(size, _mm512_set1_epi32(2 * fa_upper_half(to.least) - 1));
#elif defined(__AVX2__)
    const __m256i from = _mm256_set1_epi32((int32_t)(8 * (uint32_t)(margin - to.half)));
    const __m256i one = _mm256_set1_epi32(1), far = _mm256_set1_epi32(16 * margin);
    const __m256i normal = _mm256_set1_epi32(2 * fa_upper_half(to.least) - 1);
    __m256i distance = _mm256_set1_epi32(-1), size = distance;
    for (int k = 0; k < 64; k += 8) {
        __m256 a = _mm256_loadu_ps((const float *)(y + k)), b = _mm256_loadu_ps((const float *)(y + k + 4));
        __m256i lower = _mm256_castps_si256(_mm256_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0)));
        __m256i upper = _mm256_castps_si256(_mm256_shuffle_ps(a, b, _MM_SHUFFLE(3, 1, 3, 1)));
        distance = _mm256_min_epu32(distance, _mm256_add_epi32(_mm256_slli_epi32(lower, 3), from));
        size = _mm256_min_epu32(size, _mm256_sub_epi32(_mm256_slli_epi32(upper, 1), one));
    }
    __m256i far_off = _mm256_cmpeq_epi32(_mm256_max_epu32(distance, far), distance);
    __m256i all = _mm256_and_si256(far_off, _mm256_cmpeq_epi32(_mm256_max_epu32(size, normal), size));
    return !_mm256_testc_si256(all, _mm256_set1_epi32(-1));
#else
    (void)y, (void)margin, (void)to;
    return 1;
#endif
}

/* The places of such numbers in an array; their number. One branch for 64 of them, since most have none. */
#define FA_FIND_DOUBTFUL(real)                                                                                         \
    static inline ptrdiff_t fa_find_doubtful_##real(const real *y, ptrdiff_t n, int32_t margin, fa_midpoints to,       \
                                                    int32_t *places)                                                   \
    {                                                                                                                  \
        ptrdiff_t found = 0, i = 0;                                                                                    \
        for (; i + 64 <= n; i += 64) {                                                                                 \
            uint32_t marks[4], any = 0;                                                                                \
            if (!fa_look_closer_##real(y + i, margin, to))                                                             \
                continue;                                                                                              \
            for (int k = 0; k < 4; k++)                                                                                \
                any |= marks[k] = fa_doubtful_##real##_of_16(y + i + 16 * k, margin, to);                              \
            for (int k = 0; any && k < 4; k++)                                                                         \
                for (uint32_t m = marks[k]; m; m &= m - 1)                                                             \
                    places[found++] = (int32_t)i + 16 * k + __builtin_popcount((m & -m) - 1); /* the lowest bit's */   \
        }                                                                                                              \
        for (; i < n; i++)                                                                                             \
            if (fa_doubtful_##real(y[i], margin, to))                                                                  \
                places[found++] = (int32_t)i;                                                                          \
        return found;                                                                                                  \
    }
FA_FIND_DOUBTFUL(float)
FA_FIND_DOUBTFUL(double)

#endif
