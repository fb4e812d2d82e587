# cython: language_level=3
"""Which instruction sets this machine runs. Built for the plainest machine: it is what runs before anything is known."""

cdef extern from *:
    """
    /* 0 for a machine that the package does not support, else the number of levels that it runs, baseline first. */
    static int fa_levels(void)
    {
    #if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
        __builtin_cpu_init();
        if (!(__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt"))) return 0;
        if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi")
              && __builtin_cpu_supports("bmi2"))) return 1;
        /* f16c, lzcnt and movbe came with or before these on every processor that was made */
        if (!(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
              && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
              && __builtin_cpu_supports("avx512vl"))) return 2;
        return 3;
    #else
        return 1;
    #endif
    }
    """
    int fa_levels()


def supported_levels(tuple known):
    """Those of the `known` levels, plainest first, that this machine runs."""
    return known[:fa_levels()]
