/* The floating-point state of a thread: control (rounding, flushing) and flags. */
#ifndef FASTACT_FPSTATE_H
#define FASTACT_FPSTATE_H
#if defined(__SSE2__) || defined(_M_X64)
#include <xmmintrin.h>
typedef unsigned fa_state;
#define FA_OVERFLOW 0x08u
#define FA_UNDERFLOW 0x10u
static inline fa_state fa_get_state(void) { return _mm_getcsr(); }
/* Start from the control bits of `caller`, without flags. */
static inline void fa_enter(fa_state caller) { _mm_setcsr(caller & ~0x3fu); }
/* Back to `before`; whether something overflowed. Writing the register costs more than reading it, so only where more
   has changed than the flag of inexact results, which every operation raises. */
static inline int fa_leave(fa_state before)
{
    unsigned now = _mm_getcsr();
    if ((now ^ before) & ~0x20u) _mm_setcsr(before);
    return (now & ~before & FA_OVERFLOW) != 0;
}
static inline void fa_raise_overflow(void) { _mm_setcsr(_mm_getcsr() | FA_OVERFLOW); }
static inline int fa_overflowed(void) { return (_mm_getcsr() & FA_OVERFLOW) != 0; }
static inline int fa_underflowed(void) { return (_mm_getcsr() & FA_UNDERFLOW) != 0; }
/* Whether results are rounded to nearest, and nothing is flushed */
static inline int fa_usual_modes(void) { return (_mm_getcsr() & 0xe040u) == 0; }
#else
#include <fenv.h>
typedef fenv_t fa_state;
static inline fa_state fa_get_state(void) { fenv_t state; fegetenv(&state); return state; }
static inline void fa_enter(fa_state caller) { fesetenv(&caller); feclearexcept(FE_ALL_EXCEPT); }
static inline int fa_leave(fa_state before)
{
    int overflow = fetestexcept(FE_OVERFLOW) != 0;
    fesetenv(&before);
    return overflow;
}
static inline void fa_raise_overflow(void) { feraiseexcept(FE_OVERFLOW); }
static inline int fa_overflowed(void) { return fetestexcept(FE_OVERFLOW) != 0; }
static inline int fa_underflowed(void) { return fetestexcept(FE_UNDERFLOW) != 0; }
static inline int fa_usual_modes(void) { return fegetround() == FE_TONEAREST; }
#endif

#endif
