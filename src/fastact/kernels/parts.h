/* What elementwise.c, rowwise.c and storage.c give to level.c; hidden from every other module */
#ifndef FASTACT_PARTS_H
#define FASTACT_PARTS_H
#include "level.h"

extern const fa_storage fa_storages[FA_STORAGES];
extern const fa_row_kernels fa_row_kernel_list[];

void fa_run(const fa_job *job, char **args, const ptrdiff_t *outer, const ptrdiff_t *inner, ptrdiff_t n, ptrdiff_t begin,
            ptrdiff_t end);
void fa_run_rows(const fa_rows *rows, ptrdiff_t begin, ptrdiff_t end);
void fa_begin_row(const fa_rows *rows, ptrdiff_t row, fa_row_state *s);
void fa_summarise_span(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row_state *s, int tops,
                       fa_part *summary);
int fa_join_spans(const fa_rows *rows, fa_part *summaries, int tops, fa_row_state *s);
void fa_write_span(const fa_rows *rows, ptrdiff_t row, ptrdiff_t begin, const fa_row_state *s);
void fa_write_values(const fa_rows *rows, ptrdiff_t row, int count, const fa_row_state *s);

#endif
