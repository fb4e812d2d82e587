"""What is compiled once a level: arithmetic, loops over memory and functions along an axis. No Python and no threads.

    linear, smooth, weighted, gates (.pxd)   a kernel for each function and derivative, as its formula
    fast.pxd, vmath_fast.h                   the kernels of fastact.fast, in float alone
    vmath.pxd, vmath*.h, vmath.c             the primitives that carry the accuracy
    loops.pyx.in                             the loops over kernels, filled in by the build for each file of kernels
    storage.h, storage.c                     how each dtype is loaded and stored
    elementwise.c                            elementwise functions over any layout
    rowwise.c, rowmath.h, rowkernels.h       functions along an axis
    vectors.h                                their vectors, of the width of the level's registers
    level.h, level.c                         what a level exports to core/

A kernel is a scalar function without branches. It has the name of its entry in the catalogue and takes x, then the
parameters. NAME_derivative is the derivative with respect to x, NAME_derivative_PARAMETER that with respect to a
parameter, NAME_derivative_from_output the derivative as a function of y = NAME(x). Backward passes, dtypes, layouts and
threads are made from these.

A bare 1 or 0.5 is a C double and makes a float kernel compute in double: use typed names. NaN passes through every
kernel, so comparisons are written such that NaN takes the branch that computes.
"""
