/* The float32 results of each function that are hard to round. They do not depend on the level. */
#ifndef FASTACT_HARD_CASES_H
#define FASTACT_HARD_CASES_H
#include "level.h"

extern const fa_hard_cases fa_all_hard_cases[]; /* in hard_cases.c; a name that is NULL ends it */

#endif
