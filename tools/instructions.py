"""Count the instructions of each kernel for an element, and keep them in tests/data/instructions.json.

    python tools/instructions.py                measure every function and write the file; half a minute
    python tools/instructions.py --check        compare with the file; exit status 1 when a count grew by more than 3 %
    python tools/instructions.py gelu silu      print the counts of these functions, write nothing
    python tools/instructions.py --keep gelu    write these, and leave the others as they are

A count does not depend on the load of the machine, so a tight limit on it works. It is not a time: instructions have
different costs, and memory does not count. Callgrind runs one Python process that calls each function with two sizes,
and records the instructions of the loop that NumPy calls, with everything below. The difference of the two sizes is the
cost of the elements alone. (Kernels cannot be counted by their symbols, because the compiler merges identical ones.)
Elementwise kernels have no branches, so their counts do not depend on the values. The counts of some functions along an
axis do; their inputs are fixed.

Valgrind has no AVX-512, so the level is x86_64_v3. Another version of a compiler makes other code: the file names the
version, and counts of other versions are not compared.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from fastact.catalogue import FUNCTIONS, ROWWISE

FILE = Path(__file__).resolve().parent.parent / "tests" / "data" / "instructions.json"
LEVEL = "x86_64_v3"
LOOPS = ("fa_threaded", "fa_threaded_rows")
EITHER = "*a_threaded*"  # a pattern: with both names in this option too, Valgrind 3.19 ignores the other option
DTYPES = ("float32", "float64")
ELEMENTS = 4096  # of the smaller call; the larger one has twice as many, still too few for a second thread
# Elements of a row: twice as many elements are twice as many rows. From 2 KiB on, the C library sets memory on some
# processors by an instruction that counts once for each byte.
ROW = 128
MARGIN = 1.03

Counts = dict[str, dict[str, float]]  # by function and dtype
FAST = {f"fast_{f.name}": f.name for f in FUNCTIONS if f.fast}  # those of fastact.fast, by the names of their loops
# Without maxout_backward, which computes nothing: the count would be that of the C library clearing memory.
NAMES = [*(f.name for f in FUNCTIONS), *FAST, *(r.name for r in ROWWISE if r.name != "maxout_backward")]


def dtypes(name: str) -> tuple[str, ...]:
    return DTYPES[:1] if name in FAST else DTYPES


def arguments(name: str, dtype: str, size: int) -> list[Any]:
    """Inputs of the ufunc: contiguous arrays, also for parameters, so that one loop runs over all elements."""
    rows = {r.name: r for r in ROWWISE}
    period = (np.arange(ROW) * 53 % ROW - ROW // 2) / 16  # -4 to 4, unordered; all rows are equal
    x = np.tile(period, size // ROW).astype(dtype)
    if name not in rows:
        (f,) = (f for f in FUNCTIONS if f.name == FAST.get(name, name))
        params = {p: np.full(size, 0.25 if d is None else d, dtype) for p, d in getattr(f.entry, "params", ())}
        return [params.get(word, x) for word in f.inputs]
    each = size // ROW
    kinds = {"r": x.reshape(each, ROW), "s": np.ones(each)}
    return [kinds[c] for c in rows[name].operands.partition("->")[0]]


def call(names: list[str]) -> None:
    """The program under Callgrind: each function and dtype with ELEMENTS and with twice as many."""
    from fastact import _dispatch

    for name in names:
        made = _dispatch.kernels
        function = made.fast[FAST[name]] if name in FAST else made.rowwise.get(name) or made.ufuncs[name]
        for dtype in dtypes(name):
            for size in (ELEMENTS, 2 * ELEMENTS):
                function(*arguments(name, dtype, size))


def measured(names: list[str]) -> Counts:
    """The instructions for an element, by Callgrind."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={folder}/part"]
        words += [*(f"--toggle-collect={loop}" for loop in LOOPS), f"--dump-after={EITHER}"]
        alone = {"FASTACT_ISA": LEVEL, "FASTACT_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LD_BIND_NOW": "1"}
        subprocess.run([*words, sys.executable, __file__, "--call", *names], env=os.environ | alone, check=True)
        dumps = sorted(Path(folder).glob("part.*"), key=lambda path: int(path.suffix[1:]))
        found = [int(re.findall(r"^summary: (\d+)", path.read_text(), re.MULTILINE)[0]) for path in dumps]
    wanted = 2 * sum(len(dtypes(name)) for name in names)
    if len(found) != wanted or not all(found):
        counted = len(found) - found.count(0)
        sys.exit(f"Callgrind counted {counted} calls of {wanted}: has the module been stripped of its symbols?")
    costs = iter(found)
    return {name: {dtype: -(next(costs) - next(costs)) / ELEMENTS for dtype in dtypes(name)} for name in names}


def compiler() -> str | None:
    """The compiler of the level's module and its major version; None where the level does not run here."""
    words = [sys.executable, "-m", "fastact", "info", "--json"]
    done = subprocess.run(words, env=os.environ | {"FASTACT_ISA": LEVEL}, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    said = json.loads(done.stdout)["compiler"]
    return " ".join(re.findall(r"^\w+|\d+", said)[:2])


def obstacle(made_by: str | None, kept_by: str | None) -> str:
    """Why counts cannot be measured or compared; empty where they can."""
    if not shutil.which("valgrind"):
        return "valgrind is not installed"
    if made_by is None:
        return f"the level {LEVEL} is not built, or does not run here"
    if kept_by not in (None, made_by):
        return f"the module was compiled by {made_by}, the counts in {FILE.name} are those of {kept_by}"
    return ""


def compared(old: Counts, new: Counts) -> tuple[list[str], list[str]]:
    """Lines on counts that are wrong or larger than before, and on smaller ones."""
    worse = [
        f"{name}: not in the file: python tools/instructions.py --keep {name}"
        for name in sorted(new.keys() - old.keys())
    ]
    worse += [f"{name}: in the file, but not in the table" for name in sorted(old.keys() - new.keys())]
    better = []
    for name in sorted(old.keys() & new.keys()):
        for dtype, now in new[name].items():
            before = old[name][dtype]
            line = f"{name}, {dtype}: {before:.3f} instructions an element before, {now:.3f} now"
            if now > MARGIN * before:
                worse.append(line)
            elif before > MARGIN * now:
                better.append(line)
    return worse, better


def check(kept: dict[str, Any]) -> int:
    worse, better = compared(kept["functions"], measured(NAMES))
    if better:
        print("Fewer than before: run python tools/instructions.py to keep it", *better, sep="\n  ")
    if worse:
        print("More than before, or not comparable: python tools/instructions.py writes them", *worse, sep="\n  ")
    if not (worse or better):
        print(f"{FILE.name}: {len(NAMES)} functions, all within {100 * (MARGIN - 1):.0f} %")
    return int(bool(worse))


def write(counts: Counts, made_by: str | None) -> None:
    lines = [f"  {json.dumps(name)}: {json.dumps(shown(counts[name]))}" for name in sorted(counts)]
    head = f'{{\n "compiler": {json.dumps(made_by)},\n "level": {json.dumps(LEVEL)},\n "functions": {{\n'
    FILE.write_text(head + ",\n".join(lines) + "\n }\n}\n")


def shown(counts: dict[str, float]) -> dict[str, float]:
    return {dtype: round(count, 3) for dtype, count in counts.items()}


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="print these")
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    parser.add_argument("--keep", action="store_true", help="write the counts of the named functions")
    parser.add_argument("--call", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for name in options.functions:
        if name not in NAMES:
            parser.error(f"{name} is not a function of the table")
    if options.call:
        call(options.functions)
        return 0
    if options.keep and not options.functions:
        parser.error("--keep needs the names of functions; without, all are written")
    made_by = compiler()
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    if why := obstacle(made_by, kept.get("compiler") if options.check or options.keep else None):
        print(f"Instructions not {'compared' if options.check else 'counted'}: {why}")
        return int(not options.check)
    if options.check:
        return check(kept)
    counts = measured(options.functions or NAMES)
    if options.functions:
        for name in options.functions:
            print(f"{name:32}", *(f"{count:8.3f} {dtype}" for dtype, count in counts[name].items()))
        if options.keep:
            write(kept.get("functions", {}) | counts, made_by)
        return 0
    write(counts, made_by)
    print(f"{FILE.name}: {len(counts)} functions, compiled by {made_by}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
