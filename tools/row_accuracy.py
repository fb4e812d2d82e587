"""Find the largest errors of functions along an axis, on every level, and keep them in tests/data/row_accuracy.json.

    python tools/row_accuracy.py                   ten minutes
    python tools/row_accuracy.py softmax           print the errors of this function on the level in use
    python tools/row_accuracy.py --keep softmax    keep its errors on every level, and leave the others as they are

Rows of 1 to 320 elements are compared with mpmath, rows of 3,000 and 100,000 with long double. They are wide or narrow,
have one or two elements far above the others, equal elements, or elements as far apart as exponentials reach. A search
finds the worst rows of 2 to 8 elements. docs/accuracy.md shows the results.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import fastact
from fastact.catalogue import ROWWISE

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import row_reference  # noqa: E402

RESULTS = ROOT / "tests" / "data" / "row_accuracy.json"
SEEDS = 20
LONG = 3  # seeds for rows of 100,000
ROUNDS = 200  # rounds of the search
DTYPES = (np.float32, np.float64)
NAMES = [row.name for row in ROWWISE if row.ulp.forward[0]]  # the others have no rounding errors


def largest(name: str, dtype: type) -> float:
    rng = np.random.default_rng(0)

    def grad(x: np.ndarray) -> np.ndarray:
        return rng.normal(size=x.size).astype(dtype)

    found = 0.0
    for seed in tqdm(range(SEEDS), desc=f"{name} {np.dtype(dtype)}", leave=False):
        found = max(found, *(row_reference.error(name, x, grad(x)) for x in row_reference.some_rows(dtype, seed)))
        rows = row_reference.long_rows(dtype, 3000, seed)
        rows += row_reference.long_rows(dtype, 100_000, seed) if seed < LONG else []
        found = max(found, *(row_reference.long_error(name, x, grad(x)) for x in rows))
    return max(found, *(row_reference.hardest(name, dtype, n, ROUNDS) for n in (2, 3, 4, 5, 8)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="all, on every level, if none is named")
    parser.add_argument("--keep", action="store_true", help="keep the errors of the named functions")
    options = parser.parse_args()
    for name in options.functions:
        if name not in NAMES:
            parser.error(f"{name} is not one of {', '.join(NAMES)}")
    if options.functions and not options.keep:
        found = {n: {np.dtype(t).name: round(largest(n, t), 4) for t in DTYPES} for n in options.functions}
        print(json.dumps(found))
        return 0
    names = options.functions or NAMES
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept: dict[str, dict[str, dict[str, float]]] = {
        name: {} if name in names else before[name] for name in NAMES if name in names or name in before
    }
    command = [sys.executable, __file__, *names]
    levels = {
        level: subprocess.Popen(command, env=os.environ | {"FASTACT_ISA": level}, stdout=subprocess.PIPE, text=True)
        for level in fastact.available_levels()
    }
    for level, run in levels.items():
        for name, errors in json.loads(run.communicate()[0]).items():
            kept[name][level] = errors
    lines = (f" {json.dumps(name)}: {json.dumps(errors)}" for name, errors in kept.items())
    RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
