/* bfloat16, the upper half of a float, as the bits that ml_dtypes stores: to float and back, one number or an array with
   steps in elements; and from double. Exact, or rounded once. */
#ifndef FASTACT_BFLOAT16_H
#define FASTACT_BFLOAT16_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "rounding.h"

static inline float fa_bfloat16_to_float(uint16_t h)
{
    uint32_t bits = (uint32_t)h << 16;
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

/* Without sign, as integers: the least float that becomes infinity, and infinity */
enum { FA_BFLOAT16_BEYOND = 0x7f7f8000, FA_INFINITE = 0x7f800000 };

/* Rounded to even; not for NaN */
static inline uint16_t fa_round_to_bfloat16(uint32_t bits)
{
    return (uint16_t)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

static inline uint16_t fa_float_to_bfloat16(float x)
{
    uint32_t bits, size;
    memcpy(&bits, &x, 4);
    size = bits & 0x7fffffffu;
    if (size >= FA_BFLOAT16_BEYOND && size < FA_INFINITE) { /* raises the flag of overflow */
        volatile float large = x;
        large *= large;
    }
    return size > FA_INFINITE ? (uint16_t)(bits >> 16 | 0x40u) : fa_round_to_bfloat16(bits);
}

/* A float that rounds to the bfloat16 nearest to x: as by fa_to_odd, and subnormal floats likewise */
static inline float fa_narrow_to_bfloat16(double x)
{
    float nearest = (float)x;
    double back = (double)nearest;
    uint32_t bits, outward = (back < 0 ? -back : back) > (x < 0 ? -x : x), inexact = back != x;
    memcpy(&bits, &nearest, 4);
    bits = (bits - outward) | inexact;
    memcpy(&nearest, &bits, 4);
    return nearest;
}

static inline void fa_load_bfloat16(const uint16_t *h, ptrdiff_t step, float *to, ptrdiff_t n)
{
    if (step == 1)
        for (ptrdiff_t i = 0; i < n; i++)
            to[i] = fa_bfloat16_to_float(h[i]);
    else
        for (ptrdiff_t i = 0; i < n; i++)
            to[i] = fa_bfloat16_to_float(h[i * step]);
}

/* Once more one by one where something is not finite. */
static inline void fa_store_bfloat16(const float *x, uint16_t *to, ptrdiff_t step, ptrdiff_t n)
{
    int32_t largest = 0;
    for (ptrdiff_t i = 0; i < n && step == 1; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, 4);
        int32_t size = (int32_t)(bits & 0x7fffffffu);
        largest = size > largest ? size : largest;
        to[i] = fa_round_to_bfloat16(bits);
    }
    if (step != 1 || largest >= FA_BFLOAT16_BEYOND)
        for (ptrdiff_t i = 0; i < n; i++)
            to[i * step] = fa_float_to_bfloat16(x[i]);
}

#endif
