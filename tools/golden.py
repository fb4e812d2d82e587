"""Write tests/data/golden.json, the bits that tests/test_golden.py expects, from every level of this machine.

    python tools/golden.py

Run it after a change of a kernel, once its accuracy has been checked. It fails when levels differ that should agree.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

import fastact
from fastact.catalogue import FUNCTIONS

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))
import test_golden  # noqa: E402
from conftest import DTYPES  # noqa: E402

Digests = dict[str, dict[str, str]]  # by function and dtype


def digests() -> Digests:
    """The digests of the level in use. Names of fastact.fast, which has loops of its own for float32, begin with it."""
    made = {f.name: {np.dtype(t).name: test_golden.digest(f, t) for t in DTYPES} for f in FUNCTIONS}
    fast = [f for f in FUNCTIONS if f.fast]
    return made | {f"fast.{f.name}": {"float32": test_golden.digest(f, np.float32, fastact.fast)} for f in fast}


def main() -> int:
    if "--level" in sys.argv:
        print(json.dumps({test_golden.KIND: digests()}))
        return 0
    file = test_golden.FILE
    golden = json.loads(file.read_text()) if file.exists() else {}
    made: dict[str, Digests] = {}
    for level in fastact.available_levels():
        words = [sys.executable, __file__, "--level"]
        run = subprocess.run(words, env=os.environ | {"FASTACT_ISA": level}, capture_output=True, text=True, check=True)
        for kind, found in json.loads(run.stdout).items():
            if made.setdefault(kind, found) != found:
                names = [name for name in found if found[name] != made[kind][name]]
                print(f"{level} differs from another level that is {kind}: {', '.join(names)}", file=sys.stderr)
                return 1
    kinds = [kind for kind in ("fused", "plain") if kind in made]
    new = {
        name: {
            dtype: golden.get(name, {}).get(dtype, {}) | {kind: made[kind][name][dtype] for kind in kinds}
            for dtype in found
        }
        for name, found in made[kinds[0]].items()
    }
    changed = [name for name in new if new[name] != golden.get(name)]
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(new, indent=1) + "\n")
    print(f"{file.name}: {len(new)} functions, changed: {', '.join(changed) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
