"""Docstrings, stubs, pages and coefficients agree with the catalogue and with what runs."""

import ast
import csv
import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fastact
from fastact.catalogue import ACTIVATIONS, FUNCTIONS, GATES, ROWWISE, Function

ROOT = Path(__file__).resolve().parent.parent
source_tree = pytest.mark.skipif(not (ROOT / "tools").is_dir(), reason="needs the source tree")
PUBLIC = [name for name in fastact.__all__ if callable(getattr(fastact, name))]


@pytest.mark.parametrize("name", PUBLIC)
def test_examples(name: str) -> None:
    """Each docstring has an example, and its output is right."""
    text = inspect.getdoc(getattr(fastact, name))
    examples = doctest.DocTestParser().get_doctest(text, {"np": np}, name, None, None)
    assert examples.examples, f"{name} has no example"
    output: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(examples, out=output.append)
    assert not runner.failures, "".join(output)


def test_docstring(function: Function) -> None:
    text = inspect.getdoc(getattr(fastact, function.name))
    for section in ("Parameters", "Returns", "Raises", "See Also", "Notes", "Examples"):
        assert f"\n{section}\n{'-' * len(section)}\n" in text, f"no section {section}"
    for name in function.inputs:
        assert f"\n{name} : array_like" in text
    assert "ulp" in text and "Formula" in text and "\nReferences\n" in text
    if function.kind not in ("forward", "biased", "backward_params"):
        for place, _ in getattr(function.entry, "kinks", ()):
            assert f"the derivative at {place} is" in text
    if function.kind in ("forward", "derivative"):
        assert ("The reason: " in " ".join(text.split())) == function.wide(fastact._dispatch.kernels.fma)


@pytest.mark.parametrize("name", [n for n in PUBLIC if n not in {f.name for f in FUNCTIONS}])
def test_other_docstrings(name: str) -> None:
    text = inspect.getdoc(getattr(fastact, name))
    assert text and "\nExamples\n--------\n" in text


def test_signatures() -> None:
    assert str(inspect.signature(fastact.leaky_relu)) == "(x, negative_slope=0.01, out=None, **kwargs)"
    assert "layout" in inspect.signature(fastact.swiglu_packed).parameters
    assert inspect.signature(fastact.glu_packed).parameters["layout"].default == "up_gate"


@source_tree
def test_stubs() -> None:
    """Every public name has a stub, with the right parameters."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import stubs
    finally:
        del sys.path[0]
    tree = ast.parse(stubs.stubs())
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    names |= {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}
    assert names | {"table", "precise", "fast"} >= set(fastact.__all__)
    tree = ast.parse(stubs.precise_stubs())
    assert {n.target.id for n in tree.body if isinstance(n, ast.AnnAssign)} >= set(fastact.precise.__all__)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for f in FUNCTIONS:
        if f.defaults:
            (call,) = (n for n in classes[f"_{f.name}"].body if isinstance(n, ast.FunctionDef) and n.name == "__call__")
            stub = [a.arg for a in call.args.args[1:]]
            assert stub == [p for p in inspect.signature(getattr(fastact, f.name)).parameters if p != "kwargs"]
    installed = Path(fastact.__file__).with_suffix(".pyi")
    assert installed.read_text() == stubs.stubs()
    assert installed.with_name("precise.pyi").read_text() == stubs.precise_stubs()
    assert installed.with_name("fast.pyi").read_text() == stubs.fast_stubs()
    assert installed.with_name("py.typed").exists()
    imports = (n for n in ast.parse(stubs.fast_stubs()).body if isinstance(n, ast.ImportFrom))
    assert {n.names[0].asname for n in imports} == set(fastact.fast.__all__)


@source_tree
@pytest.mark.parametrize(
    "tool",
    ["function_tables.py", pytest.param("coefficients.py", marks=pytest.mark.complete), "accuracy.py", "porting.py"],
)
def test_what_is_written_is_what_the_tool_writes(tool: str) -> None:
    command = [sys.executable, str(ROOT / "tools" / tool), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def peer_rows(page: str) -> list[str]:
    """The table of errors beside those of other libraries, which benchmarks/peer_accuracy.py writes."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"^\| `\w+` \| [0-9.]+ \| [0-9.]+ \| .*$", text, re.M)


@source_tree
def test_bounds_beside_those_of_peers() -> None:
    functions = {f.name: f for f in FUNCTIONS}
    rows = peer_rows("docs/guide.md")
    assert len(rows) >= 10
    for row in rows:
        name, bound, measured = (cell.strip(" `") for cell in row.split("|")[1:4])
        assert float(bound) == functions[name].bound("float32", True) >= float(measured)


@source_tree
def test_numbers_in_the_readme() -> None:
    """Numbers of accuracy are those of the guide, numbers of speed those of docs/performance.csv."""
    rows = peer_rows("README.md")
    assert rows and set(rows) <= set(peer_rows("docs/guide.md"))
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    with (ROOT / "docs" / "performance.csv").open(newline="") as lines:
        ratios = [float(x) for line in csv.DictReader(lines) if (x := line["fastest peer / fastact"])]
    mean, ahead = np.exp(np.mean(np.log(ratios))), np.mean(np.array(ratios) >= 1)
    for words, value, unit in (
        (r"In ([\d,]+) measured cases", len(ratios), 0),
        (r"is ([\d.]+) times as fast", mean, 0.01),
        (r"in (\d+)% of the cases", 100 * ahead, 1),
        (r"lowest ratio is ([\d.]+)", min(ratios), 0.01),
    ):
        (found,) = re.findall(words, text)
        assert float(found.rstrip(".").replace(",", "")) == pytest.approx(value, abs=unit)


@source_tree
@pytest.mark.parametrize(
    "page", sorted(str(p.relative_to(ROOT)) for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
)
def test_links_lead_somewhere(page: str) -> None:
    """Relative links name files that exist, and headings that the file has."""
    for target, _, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)(#?)([^)\s]*)\)", (ROOT / page).read_text()):
        file = (ROOT / page).parent / target if target else ROOT / page
        assert file.exists(), f"{page} links to {target}"
        if heading:
            titles = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.M)
            assert heading in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


FILES = ("py", "pyi", "pyx", "pyx.in", "pxd", "h", "c", "md", "json", "csv", "png", "toml", "npy")


@source_tree
@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/design.md"])
def test_files_that_a_page_names_exist(page: str) -> None:
    """In backticks, or in a command: a path from the root of the tree, or the name of one file."""
    text = (ROOT / page).read_text(encoding="utf-8")
    words = {word for code in re.findall(r"`([^`\n]+)`|^    (\S.*)$", text, re.M) for word in " ".join(code).split()}
    paths = {word for word in words if re.fullmatch(rf"[\w*./-]*\w(\.({'|'.join(FILES)})|/)", word)}
    assert len(paths) >= 20
    everywhere = {
        file.name for folder in ("src", "tools", "tests", "benchmarks", "docs") for file in (ROOT / folder).rglob("*")
    }
    for path in sorted(paths):
        found = any(ROOT.glob(path)) if "/" in path else path in everywhere or (ROOT / path).is_file()
        assert found, f"{page} names {path}"


def test_rows_are_complete() -> None:
    for row in (*ACTIVATIONS, *GATES):
        assert row.title and row.source and row.name.isidentifier()
        wide = any(f.wide() for f in FUNCTIONS if f.entry is row and f.kind in ("forward", "derivative"))
        assert bool(row.why) == wide, f"{row.name}: a wide bound has a reason, no other has"
    for row in ROWWISE:
        assert bool(row.why) == (max(row.ulp.forward) > 2.5), f"{row.name}: a wide bound has a reason, no other has"
    names = [f.name for f in FUNCTIONS] + [a for row in (*ACTIVATIONS, *GATES) for a in row.aliases]
    assert len(names) == len(set(names))


@source_tree
def test_the_way_of_one_element_ends_at_the_kernel() -> None:
    """Each step of CONTRIBUTING names the file that has what it names."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## The way of one element")[2]
    steps = " ".join(text.partition("\n## ")[0].split())
    for name, place in re.findall(
        r"`(fast_call|fa_threaded|fa_run|fa_run_rows|silu)`[^`]*?(?:of|in) `(src/[\w/.]+)`", steps
    ):
        assert re.search(rf"\b{name}\(", (ROOT / place).read_text()), f"{place} has no {name}"
    assert re.search(r"`silu` in `src/fastact/kernels/\w+\.pxd`", steps)
