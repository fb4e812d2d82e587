"""The counts of tests/data/instructions.json: sorted, equal to those of the compiled loops, and compared correctly."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import fastact
from fastact.catalogue import FUNCTIONS, ROWWISE

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "tests" / "data" / "instructions.json"
if not ((ROOT / "tools").is_dir() and FILE.exists()):
    pytest.skip("needs the source tree", allow_module_level=True)
sys.path.insert(0, str(ROOT / "tools"))
import instructions  # noqa: E402

KEPT = json.loads(FILE.read_text())


def test_one_line_a_function() -> None:
    """Sorted, so that a change of one kernel changes one line. `--check` finds missing ones."""
    names = sorted(KEPT["functions"].keys() & {*instructions.FAST, *(f.name for f in (*FUNCTIONS, *ROWWISE))})
    assert list(KEPT["functions"]) == names
    assert all(tuple(counts) == instructions.dtypes(name) for name, counts in KEPT["functions"].items())
    assert all(count > 0 for counts in KEPT["functions"].values() for count in counts.values())
    lines = FILE.read_text().splitlines()
    assert [re.match(r'  "(\w+)": \{', line)[1] for line in lines if line.startswith("  ")] == names


def vector_loop(text: str) -> list[str]:
    """The instructions of the innermost loop that works on whole AVX2 registers."""
    lines = [(int(at, 16), what) for at, what in re.findall(r"^ +([0-9a-f]+):\t(.*)", text, re.MULTILINE)]
    loops = []
    for at, what in lines:
        back = re.match(r"j\w+ +([0-9a-f]+) ", what)  # a loop, or the way back from a rare branch
        if back and int(back[1], 16) < at:
            body = [inside for place, inside in lines if int(back[1], 16) <= place <= at]
            loops += [body] if any("%ymm" in inside for inside in body) else []
    return min(loops, key=len, default=[])


@pytest.mark.skipif(not shutil.which("objdump"), reason="needs objdump")
@pytest.mark.skipif(instructions.compiler() != KEPT["compiler"], reason="counted with another compiler")
def test_counts_are_those_of_the_loops() -> None:
    """Against the disassembly, without Callgrind: the instructions of a round over the elements of a register."""
    module = importlib.util.find_spec(f"fastact._{instructions.LEVEL}").origin
    command = ["objdump", "-d", "--no-show-raw-insn", module]
    code = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    kernels = r"<fa_loop_(\w+)_(float|double)>:\n(.*?)\n\n"
    seen, wrong = 0, {}
    for name, real, text in re.findall(kernels, code, re.DOTALL):
        dtype, lanes = {"float": ("float32", 8), "double": ("float64", 4)}[real]
        loop = vector_loop(text)
        if loop and name in KEPT["functions"]:  # a function without a loop jumps to an identical one
            count, kept = len(loop) / lanes, KEPT["functions"][name][dtype]
            seen += 1
            if count != pytest.approx(kept, rel=0.03):
                wrong[name, dtype] = (count, kept)
    assert seen > 0.8 * 2 * len(FUNCTIONS) and not wrong


def test_every_function_can_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    kernels = fastact._dispatch.kernels
    spies = {
        kind: {name: spy(calls, prefix + name, made) for name, made in getattr(kernels, kind).items()}
        for kind, prefix in (("ufuncs", ""), ("rowwise", ""), ("fast", "fast_"))
    }
    monkeypatch.setattr(fastact._dispatch, "kernels", kernels._replace(**spies))
    instructions.call(instructions.NAMES)
    assert calls == [
        (name, dtype, size)
        for name in instructions.NAMES
        for dtype in instructions.dtypes(name)
        for size in (4096, 8192)
    ]


def spy(calls: list, name: str, function: object) -> object:
    """Records the elements of each call."""

    def call(*args, **kwargs):
        assert all(a.flags.c_contiguous for a in args)
        calls.append((name, args[0].dtype.name, args[0].size))
        return function(*args, **kwargs)

    return call


def test_comparison() -> None:
    old = {"same": {"float32": 8.0}, "grown": {"float32": 8.0}, "shrunk": {"float32": 8.0}, "near": {"float32": 100.0}}
    new = {"same": {"float32": 8.0}, "grown": {"float32": 8.25}, "shrunk": {"float32": 7.0}, "near": {"float32": 102.9}}
    worse, better = instructions.compared(old, new)
    assert worse == ["grown, float32: 8.000 instructions an element before, 8.250 now"]
    assert better == ["shrunk, float32: 8.000 instructions an element before, 7.000 now"]
    worse, better = instructions.compared(old, {"other": {"float32": 1.0}} | {k: old[k] for k in list(old)[1:]})
    missing = "other: not in the file: python tools/instructions.py --keep other"
    assert worse == [missing, "same: in the file, but not in the table"] and not better


@pytest.mark.parametrize(("factor", "status", "said"), [(1.0, 0, "within 3 %"), (1.04, 1, "gelu,"), (0.96, 0, "gelu,")])
def test_check(factor: float, status: int, said: str, monkeypatch, capsys) -> None:
    changed = {dtype: factor * count for dtype, count in KEPT["functions"]["gelu"].items()}
    monkeypatch.setattr(instructions, "measured", lambda names: KEPT["functions"] | {"gelu": changed})
    monkeypatch.setattr(instructions, "compiler", lambda: KEPT["compiler"])
    monkeypatch.setattr(instructions.shutil, "which", lambda name: name)
    monkeypatch.setattr(sys, "argv", ["instructions.py", "--check"])
    before = FILE.read_bytes()
    assert instructions.main() == status
    assert said in capsys.readouterr().out and FILE.read_bytes() == before


@pytest.mark.parametrize(
    ("program", "made_by", "said"),
    [
        (None, KEPT["compiler"], "valgrind is not installed"),
        ("valgrind", None, "does not run here"),
        ("valgrind", "GCC 1", f"compiled by GCC 1, the counts in instructions.json are those of {KEPT['compiler']}"),
    ],
)
def test_nothing_to_compare(program, made_by, said, monkeypatch, capsys) -> None:
    """Reported, but not a failure."""
    monkeypatch.setattr(instructions, "compiler", lambda: made_by)
    monkeypatch.setattr(instructions.shutil, "which", lambda name: program)
    monkeypatch.setattr(sys, "argv", ["instructions.py", "--check"])
    assert instructions.main() == 0
    assert said in capsys.readouterr().out
