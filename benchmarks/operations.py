"""The floating-point operations of our kernels for an element, counted in their machine code.

objdump prints the vector instructions of the innermost loop of a kernel. A fused multiply-add counts as two operations;
an addition, multiplication, division, minimum or maximum as one. Conversions, comparisons, blends and integer
instructions do not count.
"""

import re
import shutil
import subprocess

import fastact

LINE = re.compile(r"^\s+([0-9a-f]+):\s+(\S+)\s*(.*)$")
ARITHMETIC = re.compile(r"^v?(fn?m(?:add|sub)\w*|add|sub|mul|div|sqrt|max|min)p[sd]$")
STORE = re.compile(r"^v?mov(?:[au]p[sd]|dq\w+)$")
WIDTHS = {"zmm": 64, "ymm": 32, "xmm": 16}  # bytes
Instruction = tuple[int, str, str]  # address, name, operands


def width(operands: str) -> int:
    return max((size for register, size in WIDTHS.items() if register in operands), default=0)


def disassembled(symbol: str) -> list[Instruction]:
    module = fastact._dispatch.kernels.file
    command = ["objdump", "-d", "--no-show-raw-insn", "-M", "intel", f"--disassemble={symbol}", str(module)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = (LINE.match(line) for line in text.splitlines())
    return [(int(m.group(1), 16), m.group(2), m.group(3)) for m in found if m]


def innermost(code: list[Instruction]) -> list[list[Instruction]]:
    """The innermost loops: from the target of a backward jump to the jump."""
    spans = []
    for address, name, operands in code:
        target = re.match(r"([0-9a-f]+) <", operands)
        if name.startswith("j") and target and int(target.group(1), 16) < address:
            spans.append((int(target.group(1), 16), address))
    inner = [s for s in spans if not any(o != s and s[0] <= o[0] and o[1] <= s[1] for o in spans)]
    return [[i for i in code if start <= i[0] <= end] for start, end in inner]


def counted(loop: list[Instruction], bytes_each: int) -> tuple[int, float]:
    """The elements that one round of a loop stores, and the operations on each."""
    stored, spent = 0, 0
    for _, name, operands in loop:
        if STORE.match(name) and "PTR [" in operands.partition(",")[0] and not re.search("rsp|rbp", operands):
            stored += width(operands) // bytes_each
        kind = ARITHMETIC.match(name)
        if kind:
            each = 8 if name.endswith("d") else 4
            spent += (2 if kind.group(1).startswith("f") else 1) * width(operands) // each
    return stored, spent / stored if stored else 0.0


def operations(name: str, dtype: str) -> float | None:
    """The operations on one element; None where there is no such loop, or no objdump."""
    if not shutil.which("objdump"):
        return None
    real, bytes_each = {"float32": ("float", 4), "float64": ("double", 8)}[dtype]
    code = disassembled(f"fa_loop_{name}_{real}")
    found = [counted(loop, bytes_each) for loop in innermost(code)]
    full = [(stored, spent) for stored, spent in found if stored]
    return max(full)[1] if full else None  # the widest version that the compiler made
