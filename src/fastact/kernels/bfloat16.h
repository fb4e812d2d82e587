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

static inline uint16_t fa_float_to_bfloat16(float x)
{
    uint32_t bits, nan;
    float size = x < 0 ? -x : x;
    x = size >= FA_BFLOAT16_MIDPOINTS.beyond ? x * 2 : x; /* to infinity, with the flag of overflow */
    memcpy(&bits, &x, 4);
    nan = bits >> 16 | 0x40u;
    bits = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16; /* to even */
    return (uint16_t)(x == x ? bits : nan);
}

/* A float that rounds to the bfloat16 nearest to x. Subnormals, which are subnormal floats too, are rounded here. */
static inline float fa_narrow_to_bfloat16(double x)
{
    const double grid = 0x1.8p-81; /* its ulp is the smallest subnormal */
    double size = x < 0 ? -x : x, rounded = (size + grid) - grid;
    float small = (float)rounded;
    small = x < 0 ? -small : small;
    return size < 0x1p-126 && size > 0 ? small : fa_to_odd(x);
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

static inline void fa_store_bfloat16(const float *x, uint16_t *to, ptrdiff_t step, ptrdiff_t n)
{
    if (step == 1)
        for (ptrdiff_t i = 0; i < n; i++)
            to[i] = fa_float_to_bfloat16(x[i]);
    else
        for (ptrdiff_t i = 0; i < n; i++)
            to[i * step] = fa_float_to_bfloat16(x[i]);
}

#endif
