/* A function of one 16-bit number as the table of its 65,536 results. */
#ifndef FASTACT_LOOKUP_H
#define FASTACT_LOOKUP_H
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The empty asm keeps the compiler from gather instructions, which are slower.
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

#endif
