"""The levels: instruction sets that the kernels are compiled for. Build, CPU check, tests and tools read this list.

A further level is one entry. Nothing of the package is imported here, so that setup.py can import this module.
"""

import platform
from typing import NamedTuple


class Level(NamedTuple):
    """One level. It needs every feature in `cpu`, which are names for __builtin_cpu_supports of GCC and Clang."""

    name: str
    machines: tuple[str, ...]  # values of platform.machine(), in lower case; empty: all other machines
    flags: tuple[str, ...]  # of the compiler
    cpu: tuple[str, ...]
    fma: bool  # whether it has fused multiply-adds: a level without them has other bits, and its own bounds


X86_64 = ("x86_64", "amd64")

# The fewest instructions first. Every processor with AVX2 also has f16c, lzcnt and movbe.
LEVELS = (
    Level("x86_64_v2", X86_64, ("-march=x86-64-v2",), ("sse4.2", "popcnt"), fma=False),
    Level("x86_64_v3", X86_64, ("-march=x86-64-v3",), ("avx2", "fma", "bmi", "bmi2"), fma=True),
    Level(
        "x86_64_v4",
        X86_64,
        ("-march=x86-64-v4", "-mprefer-vector-width=512"),
        ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
        fma=True,
    ),
    Level("baseline", (), (), (), fma=True),
)


def of_machine(machine: str = "") -> tuple[Level, ...]:
    """The levels of a machine, the fewest instructions first; of this machine when no name is given."""
    machine = (machine or platform.machine()).lower()
    named = tuple(level for level in LEVELS if machine in level.machines)
    return named or tuple(level for level in LEVELS if not level.machines)
