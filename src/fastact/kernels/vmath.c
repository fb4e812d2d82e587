/* What vmath.h keeps from the compiler of the kernels, in a file of its own. */
#include "vmath.h"

const float fa_onef = 1;
const double fa_one = 1;
