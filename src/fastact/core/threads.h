/* Threads: how many, and the two loops that NumPy calls, which share their elements or rows among them. */
#ifndef FASTACT_THREADS_H
#define FASTACT_THREADS_H
#include <stddef.h>

#ifdef _OPENMP
#define FA_OPENMP 1
#else
#define FA_OPENMP 0
#endif

/* The loop of every elementwise ufunc (`data` is its fa_job), and of every gufunc along an axis (an fa_row_job) */
void fa_threaded(char **args, const ptrdiff_t *dims, const ptrdiff_t *steps, void *data);
void fa_threaded_rows(char **args, const ptrdiff_t *dims, const ptrdiff_t *steps, void *data);

/* Elements that are worth a thread: of a function that takes as long as a copy, or of a `costly` one */
ptrdiff_t fa_grain(ptrdiff_t size_of_real, int costly);

void fa_set_limit(int n); /* the most threads that a call may use */
int fa_get_threads(void); /* what a large call from this thread may use */
int fa_is_forked(void); /* whether this is a child of fork(), where everything is computed serially */
void fa_watch_fork(void); /* once, before the first call */

#endif
