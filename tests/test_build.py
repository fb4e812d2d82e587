"""The built modules: what they contain, how one is chosen, and what the build refuses."""

import ast
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest

import fastact
from fastact import _core, _dispatch, levels
from fastact.catalogue import FUNCTIONS

ROOT = Path(__file__).resolve().parent.parent
BUILT = _dispatch.built_levels()
WIDE = {"x86_64_v2": r"\t(?:mul|add|and|movu|max|cmp\w+)p[sd] ", "x86_64_v3": r"%ymm", "x86_64_v4": r"%zmm"}
x86_only = pytest.mark.skipif("x86_64_v2" not in _dispatch.KNOWN, reason="reads x86-64 code")
needs_objdump = pytest.mark.skipif(not shutil.which("objdump"), reason="needs objdump")
needs_source = pytest.mark.skipif(not (ROOT / "src").is_dir(), reason="needs the source tree")


def module_file(name: str) -> Path:
    spec = importlib.util.find_spec(f"fastact.{name}")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin)


def disassembled(name: str) -> str:
    command = ["objdump", "-d", "--no-show-raw-insn", str(module_file(name))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@x86_only
@needs_objdump
@pytest.mark.parametrize("name", ["_core", *(f"_{level}" for level in BUILT)])
def test_no_wider_instruction(name: str) -> None:
    """What runs before the CPU check, and the first level, have no wide register; AVX2 has none of AVX-512's.

    tzcnt is not looked for: compilers write it for bsf, as which older processors read it.
    """
    code = disassembled(name)
    if name in ("_core", "_x86_64_v2"):
        assert not re.search(r"%[yz]mm|\tv[a-z]+[ps][sd] ", code)
        assert not re.search(r"\t(shlx|sarx|rorx|mulx|andn|lzcnt)\b", code)
    if name == "_x86_64_v3":
        assert not re.search(r"%zmm|\{%k|%xmm(1[6-9]|2\d|3[01])\b|%ymm(1[6-9]|2\d|3[01])\b", code)
    if name == "_x86_64_v4":
        assert "%zmm" in code


@x86_only
@needs_objdump
@pytest.mark.parametrize("level", BUILT)
def test_every_kernel_is_vectorised_and_inlined(level: str) -> None:
    """The loop of each kernel works on whole registers, and calls nothing."""
    found = re.findall(r"<fa_loop_(\w+_(?:float|double))>:\n(.*?)\n\n", disassembled(f"_{level}"), re.S)
    bodies = dict(found)
    assert len(bodies) >= 2 * len(FUNCTIONS) * 0.9  # identical loops are folded into one
    for name, body in bodies.items():
        jump = re.match(r".*\tjmp +[0-9a-f]+ <fa_loop_\w+>", body.strip())  # the first instruction
        assert jump or re.search(WIDE[level], body), f"{name} is not vectorised"
        assert "\tcall" not in body, f"{name} calls a function"


@x86_only
@needs_objdump
@pytest.mark.parametrize("level", BUILT)
def test_row_kernels_are_vectorised(level: str) -> None:
    bodies = dict(re.findall(r"<(fa_\w+_(?:reduce|apply)f?)>:\n(.*?)\n\n", disassembled(f"_{level}"), re.S))
    assert len(bodies) > 15
    for name, body in bodies.items():
        copies = "one_hot" in name or re.search(r"\tjmp +[0-9a-f]+ <fa_\w+>", body)
        assert copies or len(re.findall(WIDE[level], body)) > 3, f"{name} is not vectorised"


@x86_only
@pytest.mark.skipif(not shutil.which("nm"), reason="needs nm")
@pytest.mark.parametrize("name", ["core", *BUILT])
def test_symbols(name: str) -> None:
    """Only the init function is exported, and nothing of libm or a vector libm is used by the kernels.

    A lock of Clang's OpenMP has to be visible: all modules of a process share it.
    """
    command = ["nm", "-D", str(module_file(f"_{name}"))]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    defined = [line.split()[-1] for line in listing.splitlines() if line.split()[-2] in "TDBR"]
    defined = [symbol for symbol in defined if not symbol.startswith(".gomp_critical_user_")]
    assert defined == [f"PyInit__{name}"]
    assert not re.search(r" U (_ZGV|f?exp|expm1|log1p|tanh|erfc?|pow)f?\b", listing)


@pytest.mark.parametrize("level", BUILT)
def test_small(level: str) -> None:
    """8 kB for each function, which has two loops."""
    assert module_file(f"_{level}").stat().st_size < 8_000 * len(FUNCTIONS)


def imported(level: str) -> subprocess.CompletedProcess[str]:
    code = "import fastact; print(fastact.level)"
    env = {"FASTACT_ISA": level, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)


def test_forced_level() -> None:
    for level in fastact.available_levels():
        assert imported(level).stdout.strip() == level
    assert imported("").stdout.strip() == fastact.available_levels()[-1]
    for level in (*_dispatch.KNOWN, "avx2", "../x"):
        if level not in fastact.available_levels():
            result = imported(level)
            assert result.returncode == 1 and f"ImportError: FASTACT_ISA={level!r}" in result.stderr


def test_list_of_levels() -> None:
    """The compiler got the flags of the list of levels, and each machine has its own levels."""
    for name in fastact.available_levels():
        (level,) = (level for level in levels.LEVELS if level.name == name)
        made = _dispatch.load(name)
        assert (made.name, made.flags.split(), made.fma) == (name, list(level.flags), level.fma)
    assert [level.name for level in levels.of_machine("x86_64")] == ["x86_64_v2", "x86_64_v3", "x86_64_v4"]
    assert [level.name for level in levels.of_machine("riscv64")] == ["baseline"]


def test_what_this_machine_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on an older processor: the best level that it runs, and a clear error for another one."""
    if not {"x86_64_v2", "x86_64_v3"} <= set(BUILT):
        pytest.skip("needs two levels")
    monkeypatch.delenv("FASTACT_ISA", raising=False)
    monkeypatch.setattr(_core, "supported_levels", lambda: ("x86_64_v2",))
    assert _dispatch.choose_level() == "x86_64_v2"
    monkeypatch.setenv("FASTACT_ISA", "x86_64_v3")
    with pytest.raises(
        ImportError, match=r"FASTACT_ISA='x86_64_v3' does not run on this machine, which runs x86_64_v2"
    ):
        _dispatch.choose_level()
    monkeypatch.setattr(_core, "supported_levels", lambda: ())
    monkeypatch.delenv("FASTACT_ISA")
    with pytest.raises(ImportError, match=r"was built for x86_64_v2.*; this machine runs none"):
        _dispatch.choose_level()
    monkeypatch.setattr(_dispatch, "built_levels", lambda: ("x86_64_v2",))
    monkeypatch.setenv("FASTACT_ISA", "x86_64_v4")
    with pytest.raises(ImportError, match=r"'x86_64_v4' was not built: this installation has x86_64_v2"):
        _dispatch.choose_level()
    monkeypatch.setattr(_dispatch, "built_levels", lambda: ())
    monkeypatch.delenv("FASTACT_ISA")
    with pytest.raises(ImportError, match="no kernels"):
        _dispatch.choose_level()


def test_import_is_light() -> None:
    """An import loads no subprocess, SciPy, matplotlib or command line."""
    code = (
        "import sys, numpy, fastact\n"
        "heavy = {'scipy', 'matplotlib', 'subprocess', 'tqdm', 'mpmath', 'argparse', 'fastact.cli'}\n"
        "heavy &= set(sys.modules)\n"
        "print(*heavy)"
    )
    paths = os.pathsep.join(p for p in sys.path if p)
    env = {"PYTHONPATH": paths}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


# ---- the tree ----


@needs_source
def test_no_import_cycle() -> None:
    """The modules of the package have an order in which each imports only earlier ones."""
    folder = ROOT / "src" / "fastact"
    imports = {}
    for file in folder.rglob("*.py"):
        parts = ["fastact", *file.relative_to(folder).with_suffix("").parts]
        package = parts[:-1]
        parts = package if parts[-1] == "__init__" else parts
        wanted = set()
        for node in ast.parse(file.read_text()).body:  # imports at the top level, not in functions
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*base, *([node.module] if node.module else [])])
                parts_of = {f"{module}.{alias.name}" for alias in node.names}  # modules, or names of this module
                wanted |= parts_of | ({module} if node.module else set())
        imports[".".join(parts)] = wanted
    imports = {name: {w for w in wanted if w in imports and w != name} for name, wanted in imports.items()}
    while free := [name for name, wanted in imports.items() if not wanted & imports.keys()]:
        for name in free:
            del imports[name]
    assert not imports


@needs_source
@pytest.mark.skipif(not shutil.which("gcc"), reason="needs GCC")
def test_every_header_compiles_alone() -> None:
    folder = ROOT / "src" / "fastact"
    paths = [folder / "kernels", folder / "core", np.get_include(), sysconfig.get_paths()["include"]]
    command = ["gcc", "-fsyntax-only", "-std=c11", "-Wall", "-Wno-unused", *(f"-I{path}" for path in paths)]
    inner = {"vmath_exp.h", "vmath_normal.h", "rowkernels.h"}  # included by the header of their name only
    for header in (*folder.glob("kernels/*.h"), *folder.glob("core/*.h")):
        if header.name not in inner:
            done = subprocess.run([*command, "-x", "c", str(header)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr


# ---- builds: minutes, so only with -m slow ----


def build(folder: Path, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A build of a copy of the sources."""
    if not folder.exists():
        others = ("build", ".git", "*.so", "*.egg-info", ".venv", "__pycache__", ".hypothesis", ".pytest_cache")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*others))
    into = ["--build-lib", "out"]
    command = [sys.executable, "setup.py", "-q", "build_py", *into, "build_ext", *options, *into]
    return subprocess.run(command, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False)


def modules(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in (folder / "out" / "fastact").glob("*.so")}


@pytest.mark.slow
def test_parallel_build_is_the_serial_one(tmp_path: Path) -> None:
    made, some = [], ",".join(BUILT[:2])
    for options in (("-j1",), ("-j4",)):
        folder = tmp_path / "fastact"  # in the same place, because the modules contain paths
        result = build(folder, *options, FASTACT_WERROR="1", FASTACT_LEVELS=some)
        assert result.returncode == 0, result.stderr[-3000:]
        made.append(modules(folder))
        shutil.rmtree(folder)
    assert made[0] == made[1] and len(made[0]) == len(BUILT[:2]) + 1


@pytest.mark.slow
def test_build_without_openmp(tmp_path: Path) -> None:
    """Without OpenMP on request, or where the compiler has none; an error where it is required."""
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
    fallen_back = build(folder, FASTACT_OPENMP="auto", CC=str(compiler), FASTACT_LEVELS=",".join(BUILT[:1]))
    assert fallen_back.returncode == 0 and "without threads" in fallen_back.stderr
    code = "import fastact._core, numpy as np\nprint(fastact._core.OPENMP, fastact.get_num_threads())\n"
    code += "print(fastact.silu(np.ones(10**6)).sum())"
    env = os.environ | {"PYTHONPATH": str(folder / "out"), "FASTACT_ISA": BUILT[0]}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=folder / "out", env=env, capture_output=True, text=True, check=False
    )
    assert run.stdout.split()[:2] == ["False", "1"] and run.stdout.split()[2].startswith("731058.57"), run.stderr
