"""Check that the tests notice a slightly wrong number in src/fastact/kernels/vmath.h.

    python tools/mutate.py                           every coefficient and constant; an hour or two
    python tools/mutate.py MILLS_f LN2_LO_d          these
    python tools/mutate.py "LOG1P_d[3]" --ulps -1    one coefficient, from the constant term up, moved down

Each number is moved by a few units in its last place, one at a time. A copy of the working tree is built with it, for
one level, and two kinds of test run there: golden bits must notice every change of a result, and bounds every result
that is worse than the catalogue promises. A high coefficient has little effect: move it further, with --ulps.

A change that no test notices is compared with the original on more inputs. If no result changes there, it is not a gap
of the tests. Exit status 1 if golden bits missed a change.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from coefficients import literal
from mpmath import mpf
from tqdm import tqdm

import fastact

ROOT = Path(__file__).resolve().parent.parent
HEADER = Path("src/fastact/kernels/vmath.h")
TESTS = {"golden bits": ["tests/test_golden.py"], "bounds": ["tests/test_bounds.py", "tests/test_values.py"]}

DEFINE = re.compile(r"^#define (\w+_[fd]) ((?:.*\\\n)*.*)", re.MULTILINE)
NUMBER = re.compile(r"-?0x1(?:\.[0-9a-f]+)?p[+-]\d+f?")

BUILD = ("setup.py", "build_py", "--build-lib", "out", "build_ext", "--build-lib", "out")
# The digests of tests/test_golden.py, for more inputs
COUNT = 4_000_000
DIGESTS = f"""
import sys
sys.path.insert(0, "tests")
import fastact, numpy, test_golden
test_golden.COUNT = {COUNT}
for f in fastact.catalogue.FUNCTIONS:
    print(f.name, test_golden.digest(f, getattr(numpy, sys.argv[1])))
"""
WHICH = "import fastact; print(fastact.__file__, fastact.level, sep='\\n')"


class Mutant(NamedTuple):
    """A number of vmath.h, and its replacement."""

    define: str
    name: str  # with an index if the #define is a list
    start: int
    old: str
    new: str

    @property
    def dtype(self) -> str:
        return "float32" if self.define.endswith("_f") else "float64"

    def applied(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.start + len(self.old) :]


def moved(number: str, ulps: int) -> str:
    dtype, integer = (np.float32, np.int32) if number.endswith("f") else (np.float64, np.int64)
    x = dtype(float.fromhex(number.removesuffix("f")))
    x = (x.view(integer) + integer(-ulps if x < 0 else ulps)).view(dtype)
    return literal(mpf(float(x)), dtype)


def mutants(text: str, ulps: int) -> Iterator[Mutant]:
    """All mutants: of every hex float of a name in _f or _d. A single power of two is an exact scale, and left out."""
    for define in DEFINE.finditer(text):
        found = list(NUMBER.finditer(define[2].split("/*")[0]))
        for k, number in enumerate(found):
            if len(found) > 1 or "." in number[0]:
                name = f"{define[1]}[{k}]" if len(found) > 1 else define[1]
                start = define.start(2) + number.start()
                yield Mutant(define[1], name, start, number[0], moved(number[0], ulps))


class Copy:
    """A copy of the working tree, in which one level is built."""

    def __init__(self, folder: Path, level: str) -> None:
        self.folder, self.level = folder, level
        self.environment = os.environ | {
            "PYTHONPATH": str(folder / "out"),
            "FASTACT_ISA": level,
            "FASTACT_LEVELS": level,
        }
        words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():  # a deleted file is still listed
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        self.text = (folder / HEADER).read_text()

    def prepare(self) -> None:
        """Build the unchanged copy, and keep the commands that compile and link, which setuptools prints."""
        lines = self.python(*BUILD).splitlines()
        self.commands = [shlex.split(line) for line in lines if " -o " in line and f"_{self.level}" in line]
        assert len(self.commands) > 2, lines
        file, level = self.python("-c", WHICH).splitlines()
        assert Path(file).is_relative_to(self.folder) and level == self.level, f"the tests would see {file}, {level}"

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False)

    def python(self, *words: str) -> str:
        """The output of a program that must not fail."""
        return self.checked(self.run(sys.executable, *words))

    def checked(self, done: subprocess.CompletedProcess[str]) -> str:
        if done.returncode:
            sys.exit(f"{shlex.join(done.args)}\n{done.stdout}{done.stderr}")
        return done.stdout

    def build(self, text: str) -> None:
        (self.folder / HEADER).write_text(text)
        for command in self.commands:
            self.checked(self.run(*command))

    def passes(self, kind: str, dtype: str) -> bool:
        """Whether the tests pass that use a number of the dtype; float16 is computed with both."""
        others = "not float32" if dtype == "float64" else "not float64"
        done = self.run(
            sys.executable, "-m", "pytest", "-x", "-q", "-m", "complete or not slow", "-p", "no:cacheprovider",
            "-k", others, *TESTS[kind],
        )  # fmt: skip
        if done.returncode not in (0, 1):  # neither passed nor failed
            self.checked(done)
        self.last = done.stdout
        return done.returncode == 0

    def digests(self, dtype: str) -> dict[str, str]:
        return dict(line.split() for line in self.python("-c", DIGESTS, dtype).splitlines())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="all if none is named")
    parser.add_argument("--ulps", type=int, default=4, help="how far each number is moved; down if negative")
    levels = fastact.available_levels()
    parser.add_argument("--level", choices=levels, default=levels[-1], help="default: the best of this machine")
    options = parser.parse_args()
    if not options.ulps:
        parser.error("--ulps 0 changes nothing")

    counts: Counter[str] = Counter()
    unnoticed, missed = [], 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder).resolve(), options.level)
        every = list(mutants(copy.text, options.ulps))
        chosen = [m for m in every if not options.names or {m.name, m.define} & set(options.names)]
        for name in set(options.names) - {part for m in chosen for part in (m.name, m.define)}:
            parser.error(f"{name} is not one of {', '.join(dict.fromkeys(m.define for m in every))}")
        copy.prepare()
        original = {}
        for dtype in dict.fromkeys(m.dtype for m in chosen):
            for kind in TESTS:
                if not copy.passes(kind, dtype):
                    sys.exit(f"without any change, {kind} fail for {dtype}:\n{copy.last}")
            original[dtype] = copy.digests(dtype)
        for mutant in tqdm(chosen, desc=options.level):
            copy.build(mutant.applied(copy.text))
            noticed = [kind for kind in TESTS if not copy.passes(kind, mutant.dtype)]
            verdict, where = " and ".join(noticed) or "NOTHING", ""
            if not noticed:
                digests = copy.digests(mutant.dtype)
                where = ", ".join(name for name in digests if digests[name] != original[mutant.dtype][name])
                verdict += ", though results change" if where else f"; no result of {COUNT:,} a function changes"
            missed += "golden bits" not in noticed and bool(noticed or where)
            line = f"{mutant.name}: {mutant.old} -> {mutant.new}: {verdict}{where and ': ' + where}"
            tqdm.write(line)
            counts[verdict] += 1
            unnoticed += [] if noticed else [line]
    print(f"{len(chosen)} numbers moved by {options.ulps} ulp:")
    print(*(f"{count:4} {verdict}" for verdict, count in counts.items()), sep="\n")
    print("noticed by nothing:", *(unnoticed or ["none"]), sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
