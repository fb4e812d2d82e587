/* Between rows of any layout and a block of interleaved ones, for one storage: FA_BLOCKS(name, type, arithmetic, lanes)
   makes fa_load_block_NAME and fa_store_block_NAME from fa_load_NAME, fa_store_NAME, fa_widen_NAME and fa_narrow_NAME. */
#ifndef FASTACT_BLOCKS_H
#define FASTACT_BLOCKS_H
#include "transpose.h"

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
#define FA_SAME(type, arithmetic, outer) (sizeof(type) == sizeof(arithmetic) && (outer) % (ptrdiff_t)sizeof(type) == 0)

/* Rows that lie beside one another are taken a line at a time, contiguous ones are transposed, by tiles where they are
   converted; others go element by element. Lanes beyond the last row repeat it, so that nothing is computed on what is
   not there; they are not written back. */
#define FA_TILE 16
#define FA_BLOCKS(name, type, arithmetic, lanes)                                                                       \
    static void fa_load_block_##name(const char *x, ptrdiff_t outer, ptrdiff_t inner, int rows, ptrdiff_t n, void *out) \
    {                                                                                                                  \
        arithmetic *to = (arithmetic *)out;                                                                            \
        if (outer == sizeof(type) && rows == lanes) {                                                                  \
            for (ptrdiff_t k = 0; k < n; k++)                                                                          \
                fa_load_##name((const type *)(x + k * inner), 1, to + k * lanes, lanes);                               \
            return;                                                                                                    \
        }                                                                                                              \
        if (inner == sizeof(type) && rows == lanes && FA_SAME(type, arithmetic, outer)) {                              \
            fa_transpose_##arithmetic((const arithmetic *)x, outer / inner, to, lanes, n, lanes);                      \
            return;                                                                                                    \
        }                                                                                                              \
        if (inner == sizeof(type)) {                                                                                   \
            arithmetic tile[lanes * FA_TILE];                                                                          \
            for (ptrdiff_t k = 0, count; k < n; k += count) {                                                          \
                count = n - k < FA_TILE ? n - k : FA_TILE;                                                             \
                for (int l = 0; l < lanes; l++)                                                                        \
                    fa_load_##name((const type *)(x + (l < rows ? l : rows - 1) * outer) + k, 1,                       \
                                     tile + l * FA_TILE, count);                                                       \
                fa_transpose_##arithmetic(tile, FA_TILE, to + k * lanes, lanes, count, lanes);                         \
            }                                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
        FA_IN_ORDER(lanes, {                                                                                           \
            const char *at = x + (l < rows ? l : rows - 1) * outer + k * inner;                                        \
            to[k * lanes + l] = fa_widen_##name(*(const type *)at);                                                    \
        })                                                                                                             \
    }                                                                                                                  \
                                                                                                                       \
    static void fa_store_block_##name(const void *in, char *to, ptrdiff_t outer, ptrdiff_t inner, int rows, ptrdiff_t n) \
    {                                                                                                                  \
        const arithmetic *x = (const arithmetic *)in;                                                                  \
        if (outer == sizeof(type) && rows == lanes) {                                                                  \
            for (ptrdiff_t k = 0; k < n; k++)                                                                          \
                fa_store_##name(x + k * lanes, (type *)(to + k * inner), 1, lanes);                                    \
            return;                                                                                                    \
        }                                                                                                              \
        if (inner == sizeof(type) && FA_SAME(type, arithmetic, outer)) {                                               \
            fa_transpose_##arithmetic(x, lanes, (arithmetic *)to, outer / inner, rows, n);                             \
            return;                                                                                                    \
        }                                                                                                              \
        if (inner == sizeof(type)) {                                                                                   \
            arithmetic tile[lanes * FA_TILE];                                                                          \
            for (ptrdiff_t k = 0, count; k < n; k += count) {                                                          \
                count = n - k < FA_TILE ? n - k : FA_TILE;                                                             \
                fa_transpose_##arithmetic(x + k * lanes, lanes, tile, FA_TILE, rows, count);                           \
                for (int l = 0; l < rows; l++)                                                                         \
                    fa_store_##name(tile + l * FA_TILE, (type *)(to + l * outer) + k, 1, count);                       \
            }                                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
        FA_IN_ORDER(rows, {                                                                                            \
            *(type *)(to + l * outer + k * inner) = fa_narrow_##name(x[k * lanes + l]);                                \
        })                                                                                                             \
    }

#endif
