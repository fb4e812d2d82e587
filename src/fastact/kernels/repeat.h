/* One number for a whole block: a parameter that does not vary */
#ifndef FASTACT_REPEAT_H
#define FASTACT_REPEAT_H
#include <stddef.h>

/* The first of n numbers of `size` bytes into all of them */
static inline void fa_repeat(void *to, size_t size, ptrdiff_t n)
{
    if (size == sizeof(float)) {
        const float first = *(const float *)to;
        for (ptrdiff_t i = 0; i < n; i++)
            ((float *)to)[i] = first;
    } else {
        const double first = *(const double *)to;
        for (ptrdiff_t i = 0; i < n; i++)
            ((double *)to)[i] = first;
    }
}

#endif
