/* Vectors of a level's registers, by the extension of GCC and Clang, and the few operations that it does not have. Loads
   and stores may be anywhere. */
#ifndef FASTACT_VECTORS_H
#define FASTACT_VECTORS_H
#include <stdint.h>
#include "vmath.h"
#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__AVX512F__)
#define FA_REGISTER 64
#define FA_X86(name, type) _mm512_##name##_##type
#elif defined(__AVX2__)
#define FA_REGISTER 32
#define FA_X86(name, type) _mm256_##name##_##type
#else
#define FA_REGISTER 16
#define FA_X86(name, type) _mm_##name##_##type
#endif
#define FA_VECTOR(type, size) type __attribute__((vector_size(size)))
#define FA_ANYWHERE(type, size) type __attribute__((vector_size(size), aligned(4), may_alias))

typedef FA_VECTOR(float, FA_REGISTER) fa_vf;
typedef FA_VECTOR(double, FA_REGISTER) fa_vd;
typedef FA_VECTOR(uint32_t, FA_REGISTER) fa_bits_vf;
typedef FA_VECTOR(uint64_t, FA_REGISTER) fa_bits_vd;
typedef FA_ANYWHERE(float, FA_REGISTER) fa_any_vf; /* in memory; doubles in records may be aligned to 4 */
typedef FA_ANYWHERE(double, FA_REGISTER) fa_any_vd;

/* The larger; b where one is NaN */
#if defined(__SSE2__)
FA_INLINE fa_vf fa_vmaxf(fa_vf a, fa_vf b) { return FA_X86(max, ps)(a, b); }
FA_INLINE fa_vd fa_vmax(fa_vd a, fa_vd b) { return FA_X86(max, pd)(a, b); }
#else
FA_INLINE fa_vf fa_vmaxf(fa_vf a, fa_vf b)
{
    fa_bits_vf more = (fa_bits_vf)(a > b);
    return (fa_vf)(((fa_bits_vf)a & more) | ((fa_bits_vf)b & ~more));
}
FA_INLINE fa_vd fa_vmax(fa_vd a, fa_vd b)
{
    fa_bits_vd more = (fa_bits_vd)(a > b);
    return (fa_vd)(((fa_bits_vd)a & more) | ((fa_bits_vd)b & ~more));
}
#endif

/* a*b + c; with one rounding where the level has that */
#if !FASTACT_FMA
FA_INLINE fa_vf fa_vfmaf(fa_vf a, fa_vf b, fa_vf c) { return a * b + c; }
FA_INLINE fa_vd fa_vfma(fa_vd a, fa_vd b, fa_vd c) { return a * b + c; }
#elif defined(__SSE2__)
FA_INLINE fa_vf fa_vfmaf(fa_vf a, fa_vf b, fa_vf c) { return FA_X86(fmadd, ps)(a, b, c); }
FA_INLINE fa_vd fa_vfma(fa_vd a, fa_vd b, fa_vd c) { return FA_X86(fmadd, pd)(a, b, c); }
#elif defined(__aarch64__)
FA_INLINE fa_vf fa_vfmaf(fa_vf a, fa_vf b, fa_vf c)
{
    return (fa_vf)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
FA_INLINE fa_vd fa_vfma(fa_vd a, fa_vd b, fa_vd c)
{
    return (fa_vd)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
}
#else
FA_INLINE fa_vf fa_vfmaf(fa_vf a, fa_vf b, fa_vf c)
{
    for (int j = 0; j < FA_REGISTER / 4; j++)
        c[j] = fa_fmaf(a[j], b[j], c[j]);
    return c;
}
FA_INLINE fa_vd fa_vfma(fa_vd a, fa_vd b, fa_vd c)
{
    for (int j = 0; j < FA_REGISTER / 8; j++)
        c[j] = fa_fma(a[j], b[j], c[j]);
    return c;
}
#endif

FA_INLINE fa_vd fa_vsqrt(fa_vd x)
{
#if defined(__SSE2__)
    return FA_X86(sqrt, pd)(x);
#else
    for (int j = 0; j < FA_REGISTER / 8; j++)
        x[j] = __builtin_sqrt(x[j]);
    return x;
#endif
}

/* Whether any lane of a mask is set */
FA_INLINE int fa_vany(fa_bits_vf mask)
{
#if defined(__AVX512F__)
    return _mm512_movepi32_mask((__m512i)mask) != 0;
#elif defined(__SSE2__)
    return FA_X86(movemask, ps)((fa_vf)mask) != 0;
#else
    fa_bits_vd pairs = (fa_bits_vd)mask;
    uint64_t any = 0;
    for (int j = 0; j < FA_REGISTER / 8; j++)
        any |= pairs[j];
    return any != 0;
#endif
}

/* The first n numbers of a vector at x, in front of `fill`; and back. Nothing else is read or written. */
#if defined(__AVX512F__)
FA_INLINE unsigned fa_vmask(ptrdiff_t n) { return n > 15 ? 0xffffu : (1u << (n > 0 ? n : 0)) - 1; }
FA_INLINE fa_vf fa_vloadf(const float *x, ptrdiff_t n, fa_vf fill)
{
    return _mm512_mask_loadu_ps(fill, (__mmask16)fa_vmask(n), x);
}
FA_INLINE fa_vd fa_vload(const double *x, ptrdiff_t n, fa_vd fill)
{
    return _mm512_mask_loadu_pd(fill, (__mmask8)fa_vmask(n), x);
}
FA_INLINE void fa_vstoref(float *x, ptrdiff_t n, fa_vf v) { _mm512_mask_storeu_ps(x, (__mmask16)fa_vmask(n), v); }
FA_INLINE void fa_vstore(double *x, ptrdiff_t n, fa_vd v) { _mm512_mask_storeu_pd(x, (__mmask8)fa_vmask(n), v); }
#elif defined(__AVX2__)
FA_INLINE __m256i fa_vmask(ptrdiff_t n, ptrdiff_t size)
{
    static const int32_t masks[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    n *= size;
    return _mm256_loadu_si256((const __m256i *)(masks + (n > 8 ? 0 : n < 0 ? 8 : 8 - n)));
}
FA_INLINE fa_vf fa_vloadf(const float *x, ptrdiff_t n, fa_vf fill)
{
    __m256i mask = fa_vmask(n, 1);
    return _mm256_blendv_ps(fill, _mm256_maskload_ps(x, mask), (__m256)mask);
}
FA_INLINE fa_vd fa_vload(const double *x, ptrdiff_t n, fa_vd fill)
{
    __m256i mask = fa_vmask(n, 2);
    return _mm256_blendv_pd(fill, _mm256_maskload_pd(x, mask), (__m256d)mask);
}
FA_INLINE void fa_vstoref(float *x, ptrdiff_t n, fa_vf v) { _mm256_maskstore_ps(x, fa_vmask(n, 1), v); }
FA_INLINE void fa_vstore(double *x, ptrdiff_t n, fa_vd v) { _mm256_maskstore_pd(x, fa_vmask(n, 2), v); }
#else
#define FA_PARTS(type, vector, load, store)                                                                            \
    FA_INLINE vector load(const type *x, ptrdiff_t n, vector fill)                                                     \
    {                                                                                                                  \
        for (int j = 0; j < FA_REGISTER / (int)sizeof(type) && j < n; j++)                                             \
            fill[j] = x[j];                                                                                            \
        return fill;                                                                                                   \
    }                                                                                                                  \
    FA_INLINE void store(type *x, ptrdiff_t n, vector v)                                                               \
    {                                                                                                                  \
        for (int j = 0; j < FA_REGISTER / (int)sizeof(type) && j < n; j++)                                             \
            x[j] = v[j];                                                                                               \
    }
FA_PARTS(float, fa_vf, fa_vloadf, fa_vstoref)
FA_PARTS(double, fa_vd, fa_vload, fa_vstore)
#endif

/* As many floats, as doubles, as a register has of these; GCC 12 converts them in parts where it may choose. */
FA_INLINE fa_vd fa_vwidenf(const float *x)
{
#if defined(__AVX512F__)
    return _mm512_cvtps_pd(_mm256_loadu_ps(x));
#elif defined(__AVX2__)
    return _mm256_cvtps_pd(_mm_loadu_ps(x));
#elif defined(__SSE2__)
    return _mm_cvtps_pd(_mm_castpd_ps(_mm_load_sd((const double *)(const void *)x)));
#elif defined(__aarch64__)
    return (fa_vd)vcvt_f64_f32(vld1_f32(x));
#else
    fa_vd v;
    for (int j = 0; j < FA_REGISTER / 8; j++)
        v[j] = (double)x[j];
    return v;
#endif
}

FA_INLINE fa_vd fa_vwiden(const double *x) { return *(const fa_any_vd *)x; }

#endif
