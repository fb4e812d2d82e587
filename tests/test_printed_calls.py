"""Every call that README.md and the pages of docs/ print can be made: code blocks, calls in backticks, commands."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest

import fastact
from fastact.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/guide.md", "docs/functions.md", "docs/porting.md", "docs/design.md")
pytestmark = pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="needs the source tree")
FUNCTIONS = {name: getattr(fastact, name) for name in fastact.__all__ if callable(getattr(fastact, name))}


def variables() -> dict[str, object]:
    """What the variables in printed calls stand for."""
    rng = np.random.default_rng(1)
    arrays = "x X y Y grad dY gate up p grad_sum row_of_all g"
    made: dict[str, object] = {name: rng.uniform(0.1, 0.9, (3, 4, 6)) for name in arrays.split()}
    made |= {name: rng.uniform(0.1, 0.9, (6, 2)) for name in ("W", "V")}
    made |= {name: rng.uniform(0.1, 0.9, 2) for name in ("b", "c")}
    made |= {"which": rng.integers(0, 3, (3, 4, 6)), "pieces": 3, "axis": -1, "ends": [1, 2], "n": 2, "inf": np.inf}
    made |= {"alpha": 1.5, "beta": 1.2, "slope": 0.2, "offset": 0.5, "min_val": -1.0, "max_val": 1.0, "theta": 0.5}
    made |= {"min": -1.0, "max": 1.0, "limit": 2.0, "lower": 0.1, "upper": 0.3, "weight_p": 0.5, "weight_n": 0.5}
    made |= {"temperature": 0.5, "hard": True, "rng": rng, "np": np, "fastact": fastact}
    return FUNCTIONS | made


class WithoutEllipsis(ast.NodeTransformer):
    """`f(x, ...)` and `f(x, word=...)` as f(x)."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        node.args = [a for a in node.args if not (isinstance(a, ast.Constant) and a.value is ...)]
        values = {id(k): k.value for k in node.keywords}
        node.keywords = [k for k in node.keywords if getattr(values[id(k)], "value", None) is not ...]
        return node


def called(tree: ast.AST) -> list[str]:
    """The functions of fastact that are called."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            names.append(node.func.id)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("fastact."):
            names.append(ast.unparse(node.func))
    return names


def printed(page: str) -> list[str]:
    """Backticked code of a page that calls a function of fastact; each once."""
    text = re.sub(r"^```.*?^```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.M | re.S)
    found = []
    for code in dict.fromkeys(" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text)):
        code = code.removeprefix("with ").removesuffix(":")
        try:
            tree = ast.parse(code)
        except SyntaxError:
            continue
        if called(tree):
            found.append(code)
    return found


@pytest.mark.parametrize("page, code", [(page, code) for page in PAGES for code in printed(page)])
def test_call(page: str, code: str) -> None:
    with fastact.num_threads(None):  # restores the limit after a printed set_num_threads
        exec(compile(WithoutEllipsis().visit(ast.parse(code)), page, "exec"), variables())


def test_calls_are_found() -> None:
    """The pages are read as meant: these calls are among those that are made."""
    porting = printed("docs/porting.md")
    assert {"hard_tanh(x, min, max)", "swish(x, alpha)", "glu_backward(grad, gate, up)"} <= set(porting)
    assert "log1mexp(-1.0)" in printed("README.md") and "fastact.get_num_threads()" in printed("docs/guide.md")
    assert len(porting) > 30 and len(printed("docs/functions.md")) > 15


@pytest.mark.parametrize("page", PAGES[:2])
def test_code_blocks(page: str) -> None:
    """In order, each with what the ones before it have defined."""
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)
    assert blocks
    namespace: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), namespace)


@pytest.mark.parametrize("page", PAGES[:2])
def test_commands(page: str) -> None:
    """The command line takes the arguments that are printed. tests/test_cli.py runs the commands."""
    commands = re.findall(r"python -m fastact ([^`&|\n]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert commands
    for command in commands:
        main._parser().parse_args(command.split())


@pytest.mark.parametrize("name", [f.name for f in fastact.catalogue.FUNCTIONS if f.params])
def test_parameters_by_name(name: str) -> None:
    """As the pages print them: every parameter can be given by its name, with a default or without."""
    (f,) = (f for f in fastact.catalogue.FUNCTIONS if f.name == name)
    values = {p: 0.25 if default is None else default for p, default in f.entry.params}
    arrays = [np.linspace(0.1, 0.9, 5) for _ in f.inputs[: len(f.inputs) - len(values)]]
    by_name, by_place = FUNCTIONS[name](*arrays, **values), FUNCTIONS[name](*arrays, *values.values())
    np.testing.assert_array_equal(by_name, by_place)
