"""Find out and write down what tests and pages need to know about a new function. `make add NAME=...` calls this.

    python tools/add.py hard_mish            minutes; needs every level
    python tools/add.py hard_mish --quick    a trial, with the levels that are built; keeps nothing but golden bits

NAME is an entry of the catalogue that has been built. First a few million inputs show whether the kernel is right at
all. Then tools/exhaustive.py finds the largest errors (tools/row_accuracy.py those of a function along an axis). Where
the entry has other bounds, the right ones are printed, and this ends: correct the entry, build, and run it again. It
also ends where tools/hard_cases.py has found results that are hard to round. What was found is kept. In the end the
commands below write golden bits, instructions and pages.
"""

import argparse
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import accuracy
import exhaustive
import hard_cases
import instructions
import row_accuracy

import fastact
from fastact.catalogue import ACTIVATIONS, GATES, ROWWISE, Activation, Gate, Rowwise
from fastact.catalogue.derived import functions

TOOLS = Path(__file__).resolve().parent
# Tools and their arguments, in order. {functions} are those that the entry becomes, {checked} those that have a bound.
SEARCH = "exhaustive.py --keep {checked}"
HARD = "hard_cases.py {hard}"
PRECISE = "hard_cases.py --check {precise}"
ROW_SEARCH = "row_accuracy.py --keep {checked}"
GOLDEN = "golden.py"
COUNT = "instructions.py --keep {functions}"
PAGES = ("accuracy.py", "function_tables.py")

Entry = Activation | Gate | Rowwise
ENTRIES: dict[str, Entry] = {entry.name: entry for entry in (*ACTIVATIONS, *GATES, *ROWWISE)}
LEVELS = tuple(level for group in accuracy.GROUPS.values() for level in group)
BUILD = "pip install -e . --no-build-isolation"


def add(entry: Activation | Gate, quick: bool) -> None:
    every = [f.name for f in functions(entry)]
    checked = [f for f in accuracy.CHECKED if f.entry is entry]
    names = {"checked": [f.name for f in checked], "functions": every}
    kept = tried(names["checked"])
    stop_at(entry, kept, list(exceeded(kept, checked)))
    if not quick:
        run(SEARCH, names)
        kept = json.loads(exhaustive.RESULTS.read_text())
        stop_at(entry, kept, list(accuracy.problems(kept, checked)))
        add_precise(entry, names["checked"])
    run(GOLDEN, names)
    if quick:
        print(f"{entry.name}: no error above its bounds so far; make add NAME={entry.name} looks at all inputs")
    else:
        finish(names)


def add_precise(entry: Activation | Gate, checked: list[str]) -> None:
    """Find the results that are hard to round; check those of fastact.precise."""
    before = hard_cases.read()
    hard = [n for n in hard_cases.LISTED if n in checked and before.get(n, ("",))[0] != hard_cases.oracle(n).hash]
    if hard:
        run(HARD, {"hard": hard})
        if hard_cases.read() != before:
            sys.exit(f"{hard_cases.FILE.name} has more now: {BUILD}, and make add NAME={entry.name}")
    precise = [n for n in hard_cases.NAMES if n in checked]
    if precise:
        run(PRECISE, {"precise": precise})


def add_rowwise(entry: Rowwise, quick: bool) -> None:
    names = {"checked": [entry.name], "functions": [entry.name]}
    if quick:
        print(f"{entry.name}: a function along an axis has no trial: run make add NAME={entry.name}")
        return
    if entry.name in row_accuracy.NAMES:
        run(ROW_SEARCH, names)
        wrong = list(accuracy.row_problems(json.loads(accuracy.ROWS.read_text()), [entry]))
        if wrong:
            sys.exit("\n".join(wrong))
    finish(names)


def finish(names: dict[str, list[str]]) -> None:
    kept_by = json.loads(instructions.FILE.read_text())["compiler"]
    if why := instructions.obstacle(instructions.compiler(), kept_by):
        print(f"Instructions not counted: {why}")
    else:
        run(COUNT, names)
    for command in PAGES:
        run(command, names)


def tried(names: list[str]) -> accuracy.Kept:
    """The largest errors at a few million inputs, in the form of tests/data/accuracy.json."""
    version, workers = exhaustive.commit(), max(1, fastact.get_num_threads())
    found: accuracy.Kept = {}
    for name in names:
        for dtype in ("float16", *accuracy.DTYPES):
            for part in exhaustive.runs(name, dtype, fastact.available_levels(), quick=True):
                results = exhaustive.check(part, workers, True, version)
                print(*exhaustive.lines(part, results, False), sep="\n", flush=True)
                found.setdefault(name, {})[part.key] = results
    return found


def exceeded(kept: accuracy.Kept, checked: list[accuracy.Function]) -> Iterator[str]:
    """Errors above the bounds of the entry. That a few inputs stay below says little."""
    for f in checked:
        for dtype in accuracy.DTYPES:
            for fused in accuracy.GROUPS:
                text = accuracy.problem(kept, f, dtype, fused, f.bound(dtype, fused))
                if "more than" in text:
                    yield text
        yield from accuracy.misrounded(kept, f)


def stop_at(entry: Activation | Gate, kept: accuracy.Kept, wrong: list[str]) -> None:
    """End with what is wrong, and with the bounds that the entry should have."""
    if wrong:
        again = f"correct the entry, then {BUILD}, and make add NAME={entry.name}"
        sys.exit("\n".join([*wrong, f"The errors that were found: {accuracy.bounds(kept, entry)}", again]))


def run(command: str, names: dict[str, list[str]]) -> None:
    words = shlex.split(command.format(**{key: " ".join(value) for key, value in names.items()}))
    print("+ python", f"tools/{words[0]}", *words[1:], flush=True)
    done = subprocess.run([sys.executable, str(TOOLS / words[0]), *words[1:]], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("name", metavar="NAME", help="an entry of the catalogue")
    parser.add_argument("--quick", action="store_true", help="a trial: few inputs, the levels that are built")
    options = parser.parse_args()
    if options.name not in ENTRIES:
        parser.error(f"{options.name!r} is no entry of src/fastact/catalogue/")
    entry = ENTRIES[options.name]
    missing = set(LEVELS) - set(fastact.available_levels())
    if missing and not options.quick:
        parser.error(
            f"the levels {', '.join(sorted(missing))} are not built, or do not run here: {BUILD}; or try QUICK=1"
        )
    add_rowwise(entry, options.quick) if isinstance(entry, Rowwise) else add(entry, options.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
