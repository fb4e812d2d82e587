/* The storages: loads and stores of each dtype, compiled for the level. */
#include "storage.h"
#include "bfloat16.h"
#include "blocks.h"
#include "half.h"
#include "rounding.h"
#include "strided.h"

/* ---- one number: what it is computed in, and back ---- */

static inline float fa_widen_half(uint16_t h) { return fa_half_to_float(h); }
static inline uint16_t fa_narrow_half(float x) { return fa_float_to_half(x); }
static inline double fa_widen_half_as_double(uint16_t h) { return (double)fa_half_to_float(h); }
static inline uint16_t fa_narrow_half_as_double(double x) { return fa_float_to_half(fa_to_odd(x)); }
static inline float fa_widen_bfloat16(uint16_t h) { return fa_bfloat16_to_float(h); }
static inline uint16_t fa_narrow_bfloat16(float x) { return fa_float_to_bfloat16(x); }
static inline double fa_widen_bfloat16_as_double(uint16_t h) { return (double)fa_bfloat16_to_float(h); }
static inline uint16_t fa_narrow_bfloat16_as_double(double x) { return fa_float_to_bfloat16(fa_narrow_to_bfloat16(x)); }
static inline double fa_widen_single_as_double(float x) { return (double)x; }
static inline float fa_narrow_single_as_double(double x) { return (float)x; }
static inline float fa_widen_single(float x) { return x; }
static inline float fa_narrow_single(float x) { return x; }
static inline double fa_widen_double(double x) { return x; }
static inline double fa_narrow_double(double x) { return x; }

/* ---- 16 bits and double, by way of float ---- */

#define FA_AS_DOUBLE(dtype, narrow)                                                                                    \
    static void fa_load_##dtype##_as_double(const uint16_t *h, ptrdiff_t step, double *to, ptrdiff_t n)                \
    {                                                                                                                  \
        float x[128];                                                                                                  \
        for (ptrdiff_t i = 0, count; i < n; i += count) {                                                              \
            count = n - i < 128 ? n - i : 128;                                                                         \
            fa_load_##dtype(h + i * step, step, x, count);                                                             \
            for (ptrdiff_t k = 0; k < count; k++)                                                                      \
                to[i + k] = (double)x[k];                                                                              \
        }                                                                                                              \
    }                                                                                                                  \
                                                                                                                       \
    static void fa_store_##dtype##_as_double(const double *x, uint16_t *to, ptrdiff_t step, ptrdiff_t n)               \
    {                                                                                                                  \
        float y[128];                                                                                                  \
        for (ptrdiff_t i = 0, count; i < n; i += count) {                                                              \
            count = n - i < 128 ? n - i : 128;                                                                         \
            for (ptrdiff_t k = 0; k < count; k++)                                                                      \
                y[k] = narrow(x[i + k]);                                                                               \
            fa_store_##dtype(y, to + i * step, step, count);                                                           \
        }                                                                                                              \
    }

FA_AS_DOUBLE(half, fa_to_odd)
FA_AS_DOUBLE(bfloat16, fa_narrow_to_bfloat16)

/* ---- blocks, and the functions of fa_storage, whose steps are in bytes; one number is common ---- */

#define FA_STORAGE(name, type, arithmetic)                                                                             \
    FA_BLOCKS(name, type, arithmetic, (FA_LINE / (int)sizeof(arithmetic)))                                             \
                                                                                                                       \
    static void fa_load_bytes_##name(const char *x, ptrdiff_t step, void *to, ptrdiff_t n)                             \
    {                                                                                                                  \
        if (n == 1)                                                                                                    \
            *(arithmetic *)to = fa_widen_##name(*(const type *)x);                                                     \
        else                                                                                                           \
            fa_load_##name((const type *)x, step / (ptrdiff_t)sizeof(type), (arithmetic *)to, n);                      \
    }                                                                                                                  \
                                                                                                                       \
    static void fa_store_bytes_##name(const void *x, char *to, ptrdiff_t step, ptrdiff_t n)                            \
    {                                                                                                                  \
        if (n == 1)                                                                                                    \
            *(type *)to = fa_narrow_##name(*(const arithmetic *)x);                                                    \
        else                                                                                                           \
            fa_store_##name((const arithmetic *)x, (type *)to, step / (ptrdiff_t)sizeof(type), n);                     \
    }

FA_STORAGE(half, uint16_t, float)
FA_STORAGE(bfloat16, uint16_t, float)
FA_STORAGE(single, float, float)
FA_STORAGE(double, double, double)
FA_STORAGE(half_as_double, uint16_t, double)
FA_STORAGE(bfloat16_as_double, uint16_t, double)
FA_STORAGE(single_as_double, float, double)

static ptrdiff_t fa_find_doubtful_half(const void *y, ptrdiff_t n, int32_t margin, int32_t *places)
{
    return fa_find_doubtful_float(y, n, margin, FA_HALF_MIDPOINTS, places);
}

static ptrdiff_t fa_find_doubtful_bfloat16(const void *y, ptrdiff_t n, int32_t margin, int32_t *places)
{
    return fa_find_doubtful_float(y, n, margin, FA_BFLOAT16_MIDPOINTS, places);
}

static ptrdiff_t fa_find_doubtful_single(const void *y, ptrdiff_t n, int32_t margin, int32_t *places)
{
    return fa_find_doubtful_double(y, n, margin, FA_SINGLE_MIDPOINTS, places);
}

#define FA_ENTRY(name, type, arithmetic, doubtful, narrow, spans_float)                                                \
    {                                                                                                                  \
        sizeof(type), sizeof(arithmetic), fa_load_bytes_##name, fa_store_bytes_##name, fa_load_block_##name,           \
            fa_store_block_##name, doubtful, narrow, spans_float                                                       \
    }

const fa_storage fa_storages[FA_STORAGES] = {
    [FA_HALF] = FA_ENTRY(half, uint16_t, float, fa_find_doubtful_half, fa_to_odd, 0),
    [FA_BFLOAT16] = FA_ENTRY(bfloat16, uint16_t, float, fa_find_doubtful_bfloat16, fa_narrow_to_bfloat16, 1),
    [FA_SINGLE] = FA_ENTRY(single, float, float, NULL, NULL, 0),
    [FA_DOUBLE] = FA_ENTRY(double, double, double, NULL, NULL, 0),
    [FA_HALF_AS_DOUBLE] = FA_ENTRY(half_as_double, uint16_t, double, NULL, NULL, 0),
    [FA_BFLOAT16_AS_DOUBLE] = FA_ENTRY(bfloat16_as_double, uint16_t, double, NULL, NULL, 0),
    [FA_SINGLE_AS_DOUBLE] = FA_ENTRY(single_as_double, float, double, fa_find_doubtful_single, NULL, 0),
    [FA_DOUBLE_AS_DOUBLE] = FA_ENTRY(double, double, double, NULL, NULL, 0),
};
