"""The tutorial of CONTRIBUTING.md is followed to the letter, and data that is missing is named with its command."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import fastact
from fastact.catalogue import ACTIVATIONS, ROWWISE

ROOT = Path(__file__).resolve().parent.parent
if not ((ROOT / "tools").is_dir() and (ROOT / "CONTRIBUTING.md").exists()):
    pytest.skip("needs the source tree", allow_module_level=True)
sys.path.insert(0, str(ROOT / "tools"))
import accuracy  # noqa: E402
import instructions  # noqa: E402

NOT_COPIED = ("build", ".git", "*.so", "*.egg-info", ".venv", "__pycache__", ".hypothesis", ".*_cache")


# ---- data that is missing ----


def test_what_has_not_been_built(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("gelu", "softmax"):
        with monkeypatch.context() as patch, pytest.raises(ImportError, match=f"^{name} has not been built: run pip "):
            patch.delitem(fastact._dispatch._docstrings.DOCSTRINGS, name)
            fastact._dispatch.load(fastact.level)


def test_errors_that_have_not_been_searched() -> None:
    kept = json.loads(accuracy.RESULTS.read_text())
    del kept["gelu"], kept["gelu_derivative"]
    wrong = [f"{name} has not been checked: run make add NAME=gelu" for name in ("gelu", "gelu_derivative")]
    assert list(accuracy.problems(kept)) == wrong
    assert "`silu`" in accuracy.page(kept) and "`gelu`" not in accuracy.page(kept)
    rows = json.loads(accuracy.ROWS.read_text())
    del rows["softmax"]
    assert list(accuracy.row_problems(rows)) == ["softmax has not been checked: run make add NAME=softmax"]
    assert not any("`softmax`" in line for line in accuracy.row_table(rows))
    assert not list(accuracy.row_problems(rows, [row for row in ROWWISE if row.name == "logsumexp"]))


def test_bounds_of_an_entry() -> None:
    """Those of its levels, once where they are the same; of one level, where the others have not been checked."""
    kept = json.loads(accuracy.RESULTS.read_text())
    entries = {entry.name: entry for entry in ACTIVATIONS}
    assert accuracy.bounds(kept, entries["selu"]) == f"selu: ulp=Bounds{tuple(entries['selu'].ulp)},"
    fused, plain = (f"Bounds{tuple(bounds)}" for bounds in (entries["laplace"].ulp, entries["laplace"].ulp_plain))
    assert accuracy.bounds(kept, entries["laplace"]) == f"laplace: ulp={fused}, ulp_plain={plain},"
    for level, bounds in (("x86_64_v3", fused), ("x86_64_v2", plain)):
        alone = {
            f: {key: {level: run[level]} for key, run in kept[f].items()} for f in ("laplace", "laplace_derivative")
        }
        assert accuracy.bounds(alone, entries["laplace"]) == f"laplace: ulp={bounds},"
    assert accuracy.bounds({}, entries["gelu"]) == "gelu has not been checked: run make add NAME=gelu"


def test_counts_of_some_functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """`--keep` writes those that are named, and is refused where another compiler has counted the others."""
    before = instructions.FILE.read_text()
    file = tmp_path / "instructions.json"
    file.write_text(before)
    made_by = json.loads(before)["compiler"]
    monkeypatch.setattr(instructions, "FILE", file)
    monkeypatch.setattr(
        instructions, "measured", lambda names: {name: {"float32": 1.5, "float64": 3.0} for name in names}
    )
    monkeypatch.setattr(instructions.shutil, "which", lambda name: name)
    monkeypatch.setattr(sys, "argv", ["instructions.py", "--keep", "gelu"])
    monkeypatch.setattr(instructions, "compiler", lambda: "GCC 1")
    assert instructions.main() == 1 and file.read_text() == before
    assert f"those of {made_by}" in capsys.readouterr().out
    monkeypatch.setattr(instructions, "compiler", lambda: made_by)
    assert instructions.main() == 0
    changed = [line for line in file.read_text().splitlines() if line not in before.splitlines()]
    assert changed == ['  "gelu": {"float32": 1.5, "float64": 3.0},']
    assert len(file.read_text().splitlines()) == len(before.splitlines())


# ---- the tutorial ----


def tutorial() -> tuple[str, list[tuple[str, str]]]:
    """The text of the section, and its blocks of code with their languages."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    text = page.partition("\n## Add an activation")[2].partition("\n## ")[0]
    return text, re.findall(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)


def commands(folder: Path, text: str) -> str:
    """What a shell with the environment in `folder` prints; it must not fail."""
    path = f"{folder / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "FASTACT_ISA", "FASTACT_LEVELS")}
    run = subprocess.run(
        ["bash", "-ec", text], cwd=folder / "fastact", env=env | {"PATH": path}, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-5000:]
    return run.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the tree, and an environment that has the packages of this one."""
    folder = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(ROOT, folder / "fastact", ignore=shutil.ignore_patterns(*NOT_COPIED))
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    for old in [*site.glob("setuptools*"), *site.glob("*distutils*"), *site.glob("pkg_resources")]:
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    (site / "packages.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return folder


@pytest.mark.slow
@pytest.mark.skipif("x86_64_v3" not in fastact.available_levels(), reason="the tutorial builds x86_64_v3")
def test_tutorial(copy: Path) -> None:
    text, blocks = tutorial()
    assert [language for language, _ in blocks] == ["cython", "python", "sh", "sh"]
    (_, kernel), (_, entry), (_, trial), (_, whole) = blocks
    name = re.search(r'"(\w+)"', entry)[1]
    assert not hasattr(fastact, name), f"{name} exists: the tutorial needs another example"
    kernels, catalogue = (copy / "fastact" / path for path in re.findall(r"`(src/\S+)`[^`]*:\n\n```", text)[:2])
    kernels.write_text(kernels.read_text() + "\n\n" + kernel)
    before, end, after = catalogue.read_text().rpartition(")\n")
    catalogue.write_text(before + entry.rstrip() + ",\n" + end + after)

    build, add, tests = trial.splitlines()
    commands(copy, build)
    # Without golden bits it is said how to make them
    command = f"{tests} tests/test_golden.py || true"
    assert f"no golden bits for {name}: run make add NAME={name}" in commands(copy, command)
    command = "python tools/accuracy.py --check || true"
    assert f"{name} has not been checked: run make add NAME={name}" in commands(copy, command)

    assert f"{name}: no error above its bounds" in commands(copy, add)
    assert int(re.search(r"(\d+) passed", commands(copy, tests))[1]) > 100
    assert whole.splitlines()[1] == f"make add NAME={name}"
    refused = commands(copy, f"{whole.splitlines()[1]} || true")
    assert "are not built" in refused and "QUICK=1" in refused

    # A bound that is passed stops it, with the bounds that were found
    catalogue.write_text(catalogue.read_text().replace(entry.splitlines()[6].strip(), "ulp=Bounds((0.5, 0.5)),"))
    said = commands(copy, f"{add} || true")
    assert f"{name} in float32 with fused multiply-adds" in said and f"{name}: ulp=Bounds((1." in said
