"""Write docs/accuracy.md from what tools/exhaustive.py, hard_cases.py and row_accuracy.py keep in tests/data/.

python tools/accuracy.py            write the page
python tools/accuracy.py --check    exit status 1 when the page differs from the results, when a result is missing, or
                                    when a bound of the catalogue is too small or larger than necessary
python tools/accuracy.py --rows     print the bounds that the entries of the catalogue should have
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fastact import levels
from fastact.catalogue import ACTIVATIONS, FUNCTIONS, GATES, ROWWISE, Activation, Function, Gate, Rowwise

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "tests" / "data" / "accuracy.json"
PRECISE = ROOT / "tests" / "data" / "precise.json"
ROWS = ROOT / "tests" / "data" / "row_accuracy.json"
PAGE = ROOT / "docs" / "accuracy.md"
CHECKED = [f for f in FUNCTIONS if f.kind in ("forward", "derivative")]
# The levels with and without fused multiply-adds; those of a group have the same bits, and the last one is shown
GROUPS = {fma: tuple(level.name for level in levels.of_machine("x86_64") if level.fma == fma) for fma in (True, False)}
LABELS = {group[-1]: ", ".join(name.removeprefix("x86_64_") for name in group) for group in GROUPS.values()}
FAST_GROUP = tuple(f"{level} fast" for level in GROUPS[True])
DTYPES = ("float32", "float64")
UNCHECKED = "has not been checked: run make add NAME={}"
ENOUGH = 10**8  # inputs
RISING = ("relu", "leaky_relu", "prelu", "elu", "sigmoid", "tanh", "softplus")

Kept = dict[str, dict[str, Any]]  # of a function and a run of tools/exhaustive.py

HEAD = """\
# Accuracy

Written by `tools/accuracy.py` from the results of `tools/exhaustive.py --keep`. The code that was checked is that of
the commits {commit}. (A function whose 2^32 results had the bits of an earlier run was not checked again.)

The largest error of each function is given in ulp: units in the last place of the exact result. Correct rounding gives
0.5. The unit of a subnormal result is the smallest subnormal number. In float32 and float16, an infinity in place of a
number counts as the number after the largest. Derivatives in float64 are measured in units of max(|f'|, 1/8) where
|x| < 8, because some of them cross zero there; in float32 and float16, in units of f'. `xielu` itself crosses zero, and
is measured in units of max(|f|, |x|) and max(|f'|, 1/8) in float64.

* **all** inputs: all 2^32 float32 or 65,536 float16 numbers, with default parameters (`prelu`: 0.25), against the
  formula in double precision. Where that does not decide, quadruple precision and mpmath do. The table counts results
  that are not correctly rounded; a tie to 113 bits counts as correct either way.
* **10^8** inputs: for float64, and for functions of several numbers (gates, and parameters other than the defaults):
  random bits, the middle, the tails, thresholds and their neighbours, numbers near zeros, then a search around the
  worst. **6*10^6** inputs are those of a quick run: the complete one, which is still to be made, may find a slightly
  larger error.
* **v2** is `x86_64_v2`, which has no fused multiply-add; **v3, v4** are `x86_64_v3` and `x86_64_v4`. These two gave the
  same bits for every input (column "bits": a hash of all results in order). float16 has the same bits on all three.
* **fast** is `fastact.fast`. The bound names the unit where that is not the result: x, or what a gate multiplies; 1
  stands for max(|f'|, 1). No result has the wrong sign, but for derivatives in that unit. Where the result is the unit,
  one that is no normal number may be 0 (softplus: one that, times beta, is no normal number).

The bound is the largest error found, rounded up to a tenth (0.50004 still counts as 0.5). The docstring states it, with
the reason where it is above 2.5 ulp (4 for derivatives in float64), and `tests/test_bounds.py` asserts it. A backward
pass is the gradient times the derivative, with one more rounding.
"""


def found(kept: Kept, f: Function, dtype: str, fused: bool) -> float:
    """The largest error of a group of levels."""
    runs = [run for key, run in kept.get(f.name, {}).items() if key.split()[0] == dtype]
    return max((run[level]["error"] for run in runs for level in GROUPS[fused] if level in run), default=math.nan)


def rounded_up(error: float) -> float:
    return math.ceil(round(error * 10, 3)) / 10


def bounds(kept: Kept, entry: Activation | Gate) -> str:
    """The bounds that an entry should have, from the levels that have been checked."""
    functions = [f for f in CHECKED if f.entry is entry]
    errors = {(f, dtype, fused): found(kept, f, dtype, fused)
              for fused in GROUPS for f in functions for dtype in DTYPES}  # fmt: skip
    groups = [g for g in GROUPS if not any(math.isnan(e) for (_, _, fused), e in errors.items() if fused == g)]
    if not groups:
        return f"{entry.name} {UNCHECKED.format(entry.name)}"
    need = {key: rounded_up(error) for key, error in errors.items() if key[2] in groups}
    common = {key: max(need[*key[:2], fused] for fused in groups) for key in need}
    one = not any(problem(kept, *key, bound) for key, bound in common.items())
    text = {}
    for fused in groups:
        parts = [tuple((common if one else need)[f, dtype, fused] for dtype in DTYPES) for f in functions]
        text[fused] = f"Bounds({', '.join(map(str, parts))})"
    return f"{entry.name}: ulp={text[groups[0]]}," + ("" if one else f" ulp_plain={text[False]},")


def problem(kept: Kept, f: Function, dtype: str, fused: bool, bound: float) -> str:
    """A message if a bound is wrong, else an empty text."""
    error = found(kept, f, dtype, fused)
    where = f"{f.name} in {dtype} {'with' if fused else 'without'} fused multiply-adds"
    if math.isnan(error):
        return f"{where} {UNCHECKED.format(f.entry.name)}"
    if round(error, 4) > bound:
        return f"{where}: {error:.4f} ulp found, more than {bound}"
    if bound > max(round(1.1 * error, 1), rounded_up(error)):
        return f"{where}: {error:.4f} ulp found, the bound {bound} is too loose"
    return ""


def is_quick(kept: Kept, f: Function, dtype: str) -> bool:
    """Whether too few inputs were checked for the largest error: a bound may look too loose."""
    runs = [run for key, run in kept[f.name].items() if key.split()[0] == dtype]
    return any(r["points"] < ENOUGH for run in runs for r in run.values())


def fast_problem(kept: Kept, f: Function) -> str:
    """The same for fastact.fast, which has one bound for all levels."""
    runs = [run for key, run in kept.get(f.name, {}).items() if key.startswith("float32 fast")]
    variants = [f"{level} fast" for group in GROUPS.values() for level in group]
    error = max((run[variant]["error"] for run in runs for variant in variants if variant in run), default=math.nan)
    if math.isnan(error):
        return f"fast.{f.name} {UNCHECKED.format(f.entry.name)}"
    if round(error, 4) > f.fast:
        return f"fast.{f.name}: {error:.4f} ulp found, more than {f.fast}"
    if f.fast > max(round(1.1 * error, 1), rounded_up(error) + 0.1):
        return f"fast.{f.name}: {error:.4f} ulp found, the bound {f.fast} is too loose"
    return ""


def misrounded(kept: Kept, f: Function) -> Iterator[str]:
    """float16 results of a function of one number that are not correctly rounded."""
    for variant, result in kept[f.name].get("float16", {}).items():
        if result["misrounded"]:
            yield f"{f.name} in float16 on {variant}: {result['misrounded']} results not correctly rounded"


def problems(kept: Kept, checked: Sequence[Function] = CHECKED) -> Iterator[str]:
    for f in checked:
        if f.name not in kept:
            yield f"{f.name} {UNCHECKED.format(f.entry.name)}"
            continue
        for dtype in DTYPES:
            for fused in GROUPS:
                text = problem(kept, f, dtype, fused, f.bound(dtype, fused))
                if text and not (text.endswith("loose") and is_quick(kept, f, dtype)):
                    yield text
        yield from misrounded(kept, f)
        if f.fast and (text := fast_problem(kept, f)):
            yield text
        for key, run in kept[f.name].items():
            same = run if key == "float16" else GROUPS[True] if "fast" not in key else FAST_GROUP
            if len({run[level].get("hash") for level in same if level in run}) > 1:
                yield f"{f.name} {key}: {', '.join(same)} do not give the same bits"


def heading(f: Function, dtype: str, variant: str) -> tuple[str, str]:
    """The level and the bound of a line of the table; empty where there is none, because another level has its bits."""
    name, _, tier = variant.partition(" ")
    if tier == "precise":
        return tier, ""
    if name not in LABELS or (dtype == "float16" and name in GROUPS[False]):
        return "", ""
    if tier == "fast":
        return f"{LABELS[name]} fast", f"{f.fast:g} of {f.fast_unit}" if f.fast_unit else f"{f.fast:g}"
    return "all" if dtype == "float16" else LABELS[name], f"{f.bound(dtype, name not in GROUPS[False]):g}"


def table(kept: Kept) -> Iterator[str]:
    head = "| function | dtype | level | inputs | bound | largest error | at | not correctly rounded | bits |"
    yield head
    yield "|---|---|---|---|---|---|---|---|---|"
    for f in CHECKED:
        for dtype in ("float16", *DTYPES):
            for key in (dtype, f"{dtype} sampled", f"{dtype} fast", f"{dtype} fast sampled"):
                run = kept.get(f.name, {}).get(key, {})
                for variant, r in run.items():
                    level, bound = heading(f, dtype, variant)
                    if not level:
                        continue
                    count = f"{r['misrounded']:,}" if "misrounded" in r else ""
                    at = ", ".join(f"{float.fromhex(v):.9g}" for v in r["input"]) if r["error"] else ""
                    yield (
                        f"| `{f.name}` | {dtype} | {level} | {number(r['points']) if 'sampled' in key else 'all'} | "
                        f"{bound} | {shown(r['error'])} | {at} | {count} | "
                        f"{r.get('hash', '')[:8]} |"
                    )


PRECISE_HEAD = """\
## fastact.precise

Functions of one number and their derivatives are correctly rounded in float32, with default parameters: **{wrong:,} of
{count} times 2^32 results are not.** A result at a midpoint must have an even last digit, and one that differs from a
midpoint by 2^-120 must be on the right side. `tools/hard_cases.py --check` compared the results for all inputs with the
formula in double precision; where that does not decide, once in 4,000 times, with quadruple precision; and where that
does not, with an inequality or mpmath. Functions that are one operation are not in the table: they have a float kernel,
whose results are correctly rounded (above). The code that was checked is that of the commits {commits}.

* **hard cases** are inputs whose result lies within 16 ulp of double of a midpoint between two floats. Functions that
  are x/2 and a little more have them by the million, since half of an odd subnormal is a midpoint.
  `src/fastact/core/hard_cases.c` lists them, as runs.
* **kernel** is the largest error of the kernel in double, in its ulp, at the inputs that were left to quadruple
  precision. Below 8, all hard cases are found. Near a zero that is not at 0, the ulp is that of 1/8, for `xielu` that
  of 1.
* **oracle** is the hash of the formula in C.
"""


def precise_section(kept: dict[str, Any], wanted: Sequence[Function]) -> Iterator[str]:
    """The results of the functions that are wanted; those that have none are named."""
    names = [
        f.name
        for f in wanted
        if f.margin and isinstance(f.entry, Activation) and None not in dict(f.entry.params).values()
    ]
    missing = [f"`{name}`" for name in names if name not in kept]
    kept = {name: kept[name] for name in names if name in kept}
    results = [r for found in kept.values() for r in found.values()]
    yield PRECISE_HEAD.format(
        wrong=sum(r["misrounded"] for r in results),
        count=len(results),
        commits=", ".join(sorted({r["commit"] for r in results})),
    )
    if missing:
        yield f"Not compared for all inputs since the list or the kernel changed: {', '.join(missing)}.\n"
    yield "| function | level | hard cases | kernel | not correctly rounded | oracle |"
    yield "|---|---|---|---|---|---|"
    for name, found in kept.items():
        for level, r in found.items():
            short = level.removeprefix("x86_64_")
            yield f"| `{name}` | {short} | {r['hard']:,} | {r['error']:.1f} | {r['misrounded']} | {r['oracle']} |"


def precise_problems(kept: dict[str, Any]) -> Iterator[str]:
    for name, found in kept.items():
        for level, r in found.items():
            if r["misrounded"]:
                yield f"precise.{name} on {level}: {r['misrounded']} results not correctly rounded"
            if r["error"] > 8:
                yield f"precise.{name} on {level}: the kernel in double is off by {r['error']:.1f} ulp, more than 8"


ROW_HEAD = """\
## Functions along an axis

The largest errors that `tools/row_accuracy.py` found, on any level, in 1,600 rows of 1 to 320 elements (against mpmath)
and 207 rows of 3,000 and 100,000 (against long double). Rows are wide or narrow, have one or two elements far above the
others, equal elements, or elements as far apart as exponentials reach. The bounds leave room for errors that other rows
and temperatures showed; `tests/test_rows.py` asserts them. float16 is computed in float32 or float64, and rounded once.
"""


def row_table(kept: dict[str, Any]) -> Iterator[str]:
    yield "| function | ulp of | dtype | bound | largest error |"
    yield "|---|---|---|---|---|"
    for row in ROWWISE:
        unit = row.unit or "the result"
        if row.name not in kept:
            if not row.ulp.forward[0]:
                yield f"| `{row.name}` | {unit} | all | 0 | exact |"
            continue
        for k, dtype in enumerate(DTYPES):
            error = max(found[dtype] for found in kept[row.name].values())
            yield f"| `{row.name}` | {unit} | {dtype} | {row.ulp.forward[k]:g} | {shown(error)} |"


def row_problems(kept: dict[str, Any], rows: Sequence[Rowwise] = ROWWISE) -> Iterator[str]:
    for row in rows:
        if row.ulp.forward[0] and row.name not in kept:
            yield f"{row.name} {UNCHECKED.format(row.name)}"
        for k, dtype in enumerate(DTYPES if row.name in kept else ()):
            error, bound = max(found[dtype] for found in kept[row.name].values()), row.ulp.forward[k]
            if error > bound:
                yield f"{row.name} in {dtype}: {error:.4f} ulp found, more than {bound}"


def number(points: int) -> str:
    """As 10^8 or 6*10^6."""
    power = len(str(points)) - 1
    first = round(points / 10**power)
    return f"10^{power}" if first == 1 else f"{first}*10^{power}"


def shown(error: float) -> str:
    """With four digits, but never 0.5000 for less than 0.5."""
    return "0" if error == 0 else f"{min(error, 0.4999):.4f}" if error < 0.5 else f"{error:.4f}"


def page(kept: Kept) -> str:
    commits = sorted({r["commit"] for runs in kept.values() for run in runs.values() for r in run.values()})
    parts = [HEAD.format(commit=", ".join(commits))]
    rising = [name for name in RISING if "float32" in kept.get(name, {})]
    never = [f"`{name}`" for name in rising if not any(r["falls"] for r in kept[name]["float32"].values())]
    parts.append(f"These functions never fall from one float32 number to the next: {', '.join(never)}.\n")
    precise = precise_section(json.loads(PRECISE.read_text()), [f for f in CHECKED if f.name in kept])
    rows = row_table(json.loads(ROWS.read_text()))
    return "\n".join([*parts, *table(kept), "", *precise, "", ROW_HEAD, *rows, ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--rows", action="store_true", help="print the bounds of the rows")
    options = parser.parse_args()
    kept = json.loads(RESULTS.read_text())
    if options.rows:
        print(*(bounds(kept, entry) for entry in (*ACTIVATIONS, *GATES)), sep="\n")
        return 0
    wrong = [*problems(kept), *precise_problems(json.loads(PRECISE.read_text()))]
    wrong += row_problems(json.loads(ROWS.read_text()))
    print(*wrong, sep="\n", end="\n" if wrong else "", file=sys.stderr)
    if not options.check:
        PAGE.write_text(page(kept))
    elif PAGE.read_text() != page(kept):
        print(f"{PAGE.relative_to(ROOT)} is not what this tool writes", file=sys.stderr)
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
