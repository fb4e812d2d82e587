"""The built modules: what they contain, what chooses among them, and what the build says to the impossible."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import fastact
from fastact.published import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent
LEVELS = [name for name in fastact._LEVELS if importlib.util.find_spec(f"fastact._{name}")]
x86_only = pytest.mark.skipif(not LEVELS, reason="levels are built on x86-64 only")
needs_objdump = pytest.mark.skipif(not shutil.which("objdump"), reason="needs objdump")


def module_file(name: str) -> Path:
    spec = importlib.util.find_spec(f"fastact.{name}")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin)


def disassembled(name: str) -> str:
    command = ["objdump", "-d", "--no-show-raw-insn", str(module_file(name))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@x86_only
@needs_objdump
@pytest.mark.parametrize("name", ["_cpu", *(f"_{level}" for level in LEVELS)])
def test_no_wider_instruction(name: str) -> None:
    """What runs before the CPU check, and the baseline, have no wide register; AVX2 has none of AVX-512's."""
    code = disassembled(name)
    if name in ("_cpu", "_x86_64_v2"):
        assert not re.search(r"%[yz]mm|\tv[a-z]+[ps][sd] ", code)
        assert not re.search(r"\t(shlx|sarx|rorx|mulx|andn|tzcnt|lzcnt)\b", code)
    if name == "_x86_64_v3":
        assert not re.search(r"%zmm|\{%k|%xmm(1[6-9]|2\d|3[01])\b|%ymm(1[6-9]|2\d|3[01])\b", code)
    if name == "_x86_64_v4":
        assert "%zmm" in code


@x86_only
@needs_objdump
@pytest.mark.parametrize("level", LEVELS)
def test_every_kernel_is_vectorised_and_inlined(level: str) -> None:
    """Each kernel's loop works on whole registers, and calls nothing."""
    packed = {"x86_64_v2": r"\t(?:mul|add|and|movu)ps ", "x86_64_v3": r"%ymm", "x86_64_v4": r"%zmm"}[level]
    bodies = dict(
        re.findall(r"<__pyx_f_7fastact_\d+_x86_64_v\d__(\w+_[fd])>:\n(.*?)\n\n", disassembled(f"_{level}"), re.S)
    )
    assert len(bodies) >= 2 * len(FUNCTIONS) * 0.9  # identical loops are folded into one
    for name, body in bodies.items():
        jump = re.fullmatch(r".*\tjmp +[0-9a-f]+ <\w+_[fd]>", body.strip(), re.S)
        assert jump or re.search(packed, body.replace("pd ", "ps ")), f"{name} is not vectorised"
        assert "\tcall" not in body, f"{name} calls a function"


@x86_only
@needs_objdump
@pytest.mark.parametrize("level", LEVELS)
def test_row_kernels_are_vectorised(level: str) -> None:
    packed = {"x86_64_v2": r"\t(?:mul|add|max|cmp\w+)p[sd] ", "x86_64_v3": r"%ymm", "x86_64_v4": r"%zmm"}[level]
    bodies = dict(re.findall(r"<(fa_\w+_(?:reduce|apply)f?)>:\n(.*?)\n\n", disassembled(f"_{level}"), re.S))
    assert len(bodies) > 15
    for name, body in bodies.items():
        copies = "one_hot" in name or re.search(r"\tjmp +[0-9a-f]+ <fa_\w+>", body)
        assert copies or len(re.findall(packed, body)) > 3, f"{name} is not vectorised"


@x86_only
@pytest.mark.skipif(not shutil.which("nm"), reason="needs nm")
@pytest.mark.parametrize("level", LEVELS)
def test_symbols(level: str) -> None:
    """Only the init function is exported, and nothing of libm or a vector libm is used by the kernels."""
    listing = subprocess.run(
        ["nm", "-D", str(module_file(f"_{level}"))], capture_output=True, text=True, check=True
    ).stdout
    defined = [line.split()[-1] for line in listing.splitlines() if line.split()[-2] in "TDBR"]
    assert defined == [f"PyInit__{level}"]
    assert not re.search(r" U (_ZGV|f?exp|expm1|log1p|tanh|erfc?|pow)f?\b", listing)


@pytest.mark.parametrize("level", LEVELS if LEVELS else ["baseline"])
def test_small(level: str) -> None:
    """9 kB for each ufunc, where three dtypes, fastact.precise and a docstring are counted in."""
    assert module_file(f"_{level}").stat().st_size < 9_000 * len(FUNCTIONS)


def imported(level: str) -> subprocess.CompletedProcess[str]:
    code = "import fastact; print(fastact.level)"
    env = {"FASTACT_ISA": level, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)


def test_forced_level() -> None:
    for level in fastact.available_levels():
        assert imported(level).stdout.strip() == level
    assert imported("").stdout.strip() == fastact.available_levels()[-1]
    for level in (*fastact._LEVELS, "avx2", "../x"):
        if level not in fastact.available_levels():
            result = imported(level)
            assert result.returncode == 1 and f"ImportError: FASTACT_ISA={level!r}" in result.stderr


def test_what_this_machine_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on an older processor: the best of what it runs, and a clear error for what it does not."""
    if not LEVELS:
        pytest.skip("one level only")
    monkeypatch.delenv("FASTACT_ISA", raising=False)
    monkeypatch.setattr(fastact, "supported_levels", lambda known: known[:1])
    assert fastact._choose_level() == "x86_64_v2"
    monkeypatch.setenv("FASTACT_ISA", "x86_64_v3")
    with pytest.raises(ImportError, match=r"FASTACT_ISA='x86_64_v3' is not what this machine runs: x86_64_v2"):
        fastact._choose_level()
    monkeypatch.setattr(fastact, "supported_levels", lambda known: ())
    monkeypatch.delenv("FASTACT_ISA")
    with pytest.raises(ImportError, match="needs a machine that runs one of x86_64_v2"):
        fastact._choose_level()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name == "fastact._x86_64_v2" or None)
    monkeypatch.setenv("FASTACT_ISA", "x86_64_v4")
    with pytest.raises(ImportError, match=r"'x86_64_v4' was not built: this installation has x86_64_v2"):
        fastact._choose_level()


def test_import_is_light() -> None:
    """No subprocess, no SciPy or matplotlib, and little time beyond NumPy's."""
    code = (
        "import sys, time, numpy; t = time.perf_counter(); import fastact; t = time.perf_counter() - t\n"
        "heavy = {'scipy', 'matplotlib', 'subprocess', 'tqdm', 'mpmath', 'argparse'} & set(sys.modules)\n"
        "print(t, *heavy)"
    )
    paths = os.pathsep.join(p for p in sys.path if p)
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONPATH": paths}, capture_output=True, text=True, check=True
        )
        for _ in range(5)
    ]
    words = [run.stdout.split() for run in runs]
    assert not words[0][1:]
    assert min(float(w[0]) for w in words) < 0.5  # the promise is 0.05; a busy machine may take longer


@pytest.mark.skipif(not (ROOT / "src").is_dir(), reason="needs the source tree")
def test_the_tree_can_be_read() -> None:
    tracked = subprocess.run(["git", "ls-files", "src/fastact"], cwd=ROOT, capture_output=True, text=True, check=False)
    files = [ROOT / name for name in tracked.stdout.split()]
    assert len(files) <= 32
    for file in files:
        if file.suffix != ".npy":
            assert len(file.read_text().splitlines()) <= 600, file


# ---- builds: minutes, so only with -m slow ----


def build(folder: Path, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A build of a copy of the sources."""
    if not folder.exists():
        others = ("build", ".git", "*.so", "*.egg-info", ".venv", "__pycache__", ".hypothesis", ".pytest_cache")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*others))
    command = [sys.executable, "setup.py", "build_ext", *options, "--build-lib", "out"]
    return subprocess.run(command, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False)


def modules(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in (folder / "out" / "fastact").glob("*.so")}


@pytest.mark.slow
def test_parallel_build_is_the_serial_one(tmp_path: Path) -> None:
    made, some = [], ",".join(LEVELS[:2])
    for options in (("-j1",), ("-j4",)):
        folder = tmp_path / "fastact"  # the same place, since paths are in the modules
        result = build(folder, *options, FASTACT_WERROR="1", FASTACT_LEVELS=some)
        assert result.returncode == 0, result.stderr[-3000:]
        made.append(modules(folder))
        shutil.rmtree(folder)
    assert made[0] == made[1] and len(made[0]) == len(LEVELS[:2] or [1]) + 1


@pytest.mark.slow
def test_build_without_openmp(tmp_path: Path) -> None:
    """Asked for, or because the compiler has none; and an error where it was demanded."""
    compiler = tmp_path / "cc-without-openmp"
    compiler.write_text('#!/bin/sh\nfor a in "$@"; do [ "$a" = -fopenmp ] && exit 1; done\nexec gcc "$@"\n')
    compiler.chmod(0o755)
    folder = tmp_path / "fastact"
    refused = build(folder, FASTACT_OPENMP="1", CC=str(compiler))
    assert refused.returncode != 0 and "FASTACT_OPENMP=1" in refused.stderr
    wrong = build(folder, FASTACT_OPENMP="yes")
    assert wrong.returncode != 0 and "FASTACT_OPENMP must be 0, 1 or auto" in wrong.stderr
    unknown = build(folder, FASTACT_LEVELS="x86_64_v2,avx9")
    assert unknown.returncode != 0 and "avx9 is not one of" in unknown.stderr
    fallen_back = build(folder, FASTACT_OPENMP="auto", CC=str(compiler), FASTACT_LEVELS=",".join(LEVELS[:1]))
    assert fallen_back.returncode == 0 and "without threads" in fallen_back.stderr
    out = folder / "out" / "fastact"
    for file in (folder / "src" / "fastact").glob("*.*"):
        if file.suffix in (".py", ".npy"):
            shutil.copy(file, out)
    code = (
        "import numpy as np, fastact\n"
        "print(fastact._module.OPENMP, fastact.get_num_threads(), fastact.silu(np.ones(10**6)).sum())"
    )
    env = os.environ | {"PYTHONPATH": str(folder / "out")}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=folder / "out", env=env, capture_output=True, text=True, check=False
    )
    assert run.stdout.startswith("False 1 731058.57"), run.stderr
