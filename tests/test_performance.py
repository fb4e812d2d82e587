"""benchmarks/peers.py measures; benchmarks/performance_page.py makes pages, tables and figures of the results."""

import csv
import importlib
import json
import math
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib")
pytest.importorskip("psutil")
pytest.importorskip("tqdm")
FOLDER = Path(__file__).parent.parent / "benchmarks"
DOCS = FOLDER.parent / "docs"
FEW = ("relu", "silu_backward", "--quick", "--peers=numpy", "--size=1,100", "--mode=out,fresh", "--seconds=0.001")
MODES = {"preallocated output": "out", "in place": "in place", "new array": "fresh"}


def program(name, *args):
    command = [sys.executable, str(FOLDER / name), *args]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"TQDM_DISABLE": "1"}, timeout=120)


def module(name):
    """A module of the benchmarks, which are no package."""
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("performance")
    run = program("peers.py", *FEW, "--rounds=4", f"--into={folder}")
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="module")
def written(measured, tmp_path_factory):
    """The folder of the pages that are made of it."""
    root = tmp_path_factory.mktemp("root")
    run = program("performance_page.py", f"--measured={measured}", f"--root={root}")
    assert run.returncode == 0, run.stderr
    return root / "docs"


def result(folder):
    (file,) = folder.glob("*.json")
    return json.loads(file.read_text())


def table(file):
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_cell_is_measured_once(measured):
    found = result(measured)
    cells = [(c["function"], c["size"], c["mode"]) for c in found["cells"]]
    assert sorted(cells) == sorted({(f, n, m) for f in FEW[:2] for n in (1, 100) for m in ("out", "fresh")})
    for cell in found["cells"]:
        assert {"fastact", "fastact.precise", "copy", "numpy"} <= cell["times"].keys() and not cell["left out"]
        assert all(0 < least <= median for least, median, _ in cell["times"].values())
    run = program("peers.py", *FEW, "--rounds=4", f"--into={measured}")
    assert run.returncode == 0 and result(measured) == found


def test_errors_are_measured(measured):
    """relu has none, and precise results are rounded once or nearly; a NumPy expression loses the tail."""
    errors = result(measured)["errors"]
    assert set(errors) == set(FEW[:2])
    assert all(e == [0, e[1], 0] for e in errors["relu"].values())
    relative = {who: e[0] for who, e in errors["silu_backward"].items()}
    assert 0.49 < relative["fastact.precise"] < 0.51 < relative["fastact"] < 2.5 < 1e6 < relative["numpy"]


def test_page_and_figures(written):
    text = (written / "performance.md").read_text()
    (level,) = json.loads((written / "performance.json").read_text())
    for name in ("ratio", "time"):
        picture = f"performance_{name}_{level}.png"
        assert f"({picture})" in text and (written / picture).stat().st_size > 1000
    assert program("performance_page.py", "--check", f"--root={written.parent}").returncode == 0


def test_every_cell_is_a_line_of_the_table(measured, written):
    lines, found = table(written / "performance.csv"), result(measured)
    assert len(lines) == len(found["cells"])
    by_cell = {(line["function"], int(line["elements"]), MODES[line["mode"]]): line for line in lines}
    for cell in found["cells"]:
        line, times = by_cell[cell["function"], cell["size"], cell["mode"]], cell["times"]
        where = (line["level"], line["dtype"], line["inputs"], line["threads"], line["shape"])
        assert where == (found["environment"]["level"], "float32", "real", "1", "")
        for who in ("copy", "fastact", "fastact.precise", "numpy"):
            assert float(line[who]) == pytest.approx(times[who][0] / cell["elements"], rel=1e-3)
        assert line["fastest peer"] == "numpy" and line["torch"] == ""
        for tier in ("fastact", "fastact.precise"):
            of = times["numpy"][0] / times[tier][0]
            assert float(line[f"fastest peer / {tier}"]) == pytest.approx(of, rel=0.01)


def test_what_is_kept_is_read_again(written, tmp_path):
    results, models = module("results"), module("models")
    machines = results.read(written)
    results.write(machines, tmp_path, models.limit)
    for name in ("performance.csv", "performance.json"):
        assert (tmp_path / name).read_text() == (written / name).read_text()


def test_three_tiers_and_two_levels(measured, tmp_path):
    """Side by side: the ratios of each tier, for each level; a function without a fast form counts as the default."""
    (file,) = measured.glob("*.json")
    found = json.loads(file.read_text())
    silu = {"fastact.fast": 0.5, "fastact": 1.0, "fastact.precise": 3.0, "numpy": 0.8, "torch": 0.75, "copy": 0.1}
    tanh = {"fastact": 1.0, "fastact.precise": 3.0, "numpy": 0.5, "copy": 0.1}
    base = found["cells"][0] | {"size": 100_000, "elements": 1, "mode": "out", "left out": {}}
    found["cells"] = [
        base | {"function": name, "times": {who: [ns, ns, 9] for who, ns in times.items()}}
        for name, times in (("silu", silu), ("tanh", tanh))
    ]
    errors = {"fastact.fast": [9e6, 0, 3], "fastact": [2, 0, 1.5], "fastact.precise": [0.5, 0, 0.5]}
    found["errors"] = {"silu": errors | {"numpy": [1e7, 0, 2], "torch": [1.9, 0, 1.4]}}
    for level in ("x86_64_v3", "x86_64_v4"):
        found["environment"]["level"] = level
        (tmp_path / f"{level}.json").write_text(json.dumps(found))
    run = program("performance_page.py", f"--measured={tmp_path}", f"--root={tmp_path}")
    assert run.returncode == 0, run.stderr
    text = (tmp_path / "docs" / "performance.md").read_text()
    silu_line, tanh_line = "torch | 0.750 | 1.50 | 0.75 | 0.25", "numpy | 0.500 | 0.50 | 0.50 | 0.17"
    assert f"| `silu` | 100,000 | {silu_line} | {silu_line} |" in text
    assert f"| `tanh` | 100,000 | {tanh_line} | {tanh_line} |" in text
    assert "| geometric mean | 100,000 |  |  | 0.87 | 0.61 | 0.20 |  |  | 0.87 | 0.61 | 0.20 |" in text
    why = module("models").EXPLAINED["tanh"]
    for machine in ("AVX2", "AVX-512"):  # torch beats the default in both errors, numpy only in time
        assert text.count(f"| {machine} | `silu` | default | torch | 100,000 |") == 1
        assert f"| {machine} | `tanh` | 100,000 | numpy | 0.50 | arithmetic | {why} |" in text
    for level in ("x86_64_v3", "x86_64_v4"):
        for name in ("front", "front_scaled"):
            assert (tmp_path / "docs" / f"performance_{name}_{level}.png").stat().st_size > 1000
    assert (tmp_path / "docs" / "front.png").stat().st_size > 1000


def test_table_and_summary_of_the_documentation_agree():
    text = (DOCS / "performance.md").read_text(encoding="utf-8")
    lines = table(DOCS / "performance.csv")
    titles = module("results").TITLES
    for level in dict.fromkeys(line["level"] for line in lines):
        here = [line for line in lines if line["level"] == level]
        ratios = [float(line["fastest peer / fastact"]) for line in here if line["fastest peer"]]
        of = text.partition(f"## {titles[level]}: times")[2].partition("\n| all | ")[2].partition("\n")[0]
        number, ahead, _, mean, _, lowest, _ = (cell.strip(" |").replace(",", "") for cell in of.split(" | "))
        assert len(ratios) == int(number) and min(ratios) == pytest.approx(float(lowest), abs=0.006)
        assert math.exp(sum(map(math.log, ratios)) / len(ratios)) == pytest.approx(float(mean), abs=0.006)
        assert sum(r > 1 for r in ratios) <= int(ahead) <= sum(r >= 1 for r in ratios)  # rounded to 1.00


def test_pages_are_what_the_tool_writes():
    run = program("performance_page.py", "--check")
    assert run.returncode == 0, run.stdout + run.stderr


def test_errors_of_known_functions():
    """Results rounded once, results some ulp away, and NumPy's own functions, whose errors its authors state."""
    errors = module("errors")
    for name in ("tanh", "gelu", "silu_backward", "swiglu", "softmax"):
        given = errors.inputs(name, coarser=64)
        want = errors.truth(name, given)
        for ulp in (0, 1, 7):
            with np.errstate(under="ignore"):
                got = want.astype(np.float32)
            got = (got.view(np.int32) + np.where(got == 0, 0, ulp)).astype(np.int32).view(np.float32)
            most = 2 * ulp + 0.5  # below a power of two, ulp are half as large
            assert max(0, ulp - 0.5) <= errors.largest(got, want, None, given[0]).relative <= most
    for name, function, least, most in (("exponential", np.exp, 0.5, 2.6), ("tanh", np.tanh, 0.5, 4.0)):
        given = errors.inputs(name, coarser=8)
        with np.errstate(all="ignore"):
            error = errors.measure(name, {"numpy": partial(function, given[0])}, given)["numpy"]
        assert least < error.relative < most


def test_measures_of_errors():
    errors = module("errors")
    x = np.array([-1, -100, 3], np.float32)
    want = np.array([-0.2, -1e-40, 2.5])
    got = np.array([-0.2, 0, 2.5], np.float32)
    error = errors.largest(got, want, x, x)  # the lost tail is not a normal number
    assert error.relative < 0.5 and error.scaled < 0.5
    error = errors.largest(np.array([-0.2, 0, 2.5 + 2.0**-21], np.float32), want, x, x)
    assert error.relative == error.scaled == 2 and error.where == 3
    error = errors.largest(np.array([0, 0, 2.5], np.float32), want, x, x)  # 0.2 in ulp of 0.2, and of 1
    assert error.relative == pytest.approx(0.2 * 2**26) and error.scaled == pytest.approx(0.2 * 2**23)
    assert errors.largest(np.array([np.nan, 0, 2.5], np.float32), want, x, x).relative == np.inf


def test_front():
    results = module("results")
    rng = np.random.default_rng(1)
    for _ in range(200):
        points = {f"p{i}": tuple(rng.integers(1, 8, 2).tolist()) for i in range(rng.integers(1, 9))}
        chosen = results.front(points)
        better = {
            who: any(a <= x and b <= y and (a, b) != (x, y) for a, b in points.values())
            for who, (x, y) in points.items()
        }
        assert {points[who] for who in chosen} == {at for who, at in points.items() if not better[who]}
        assert len({points[who] for who in chosen}) == len(chosen)
        assert [points[who] for who in chosen] == sorted(points[who] for who in chosen)


def test_labels_do_not_overlap():
    labels = module("labels")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(5, 4))
    axis.set(xscale="log", yscale="log", xlim=(0.1, 10), ylim=(0.3, 1e8))
    figure.canvas.draw()
    at = [(0.5, 1.0), (0.52, 1.1), (0.55, 1.0), (0.5, 1.2), (9.5, 5e7), (0.11, 0.4)]
    labels.place(axis, [labels.Label(f"contender {i}", p, "k", 8) for i, p in enumerate(at)], [(0.1, 1), (0.5, 1)])
    boxes = [text.get_window_extent() for text in axis.texts]
    assert len(boxes) == len(at)
    frame = axis.get_window_extent()
    for i, box in enumerate(boxes):
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
        assert not any(box.overlaps(other) for other in boxes[:i])
    plt.close(figure)


@pytest.mark.complete
def test_layouts_and_layers(measured, tmp_path):
    """Each is on the page with a time, and relu also with that of NumPy."""
    code = (
        "import json, layouts, linear\n"
        "layouts.SIDE, layouts.SECONDS, linear.SECONDS, linear.SIZES = 20, 0, 0, ((2, 3, 4),)\n"
        "print(json.dumps({'layouts': {'1': layouts.measure()}, 'linear': {'1': linear.measure()}}))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    rows = found["layouts"]["1"]
    assert all(0 < row[kind] < float("inf") for row in rows for kind in ("contiguous", "time"))
    assert all(("numpy" in row) == (row["function"] == "relu") for row in rows)
    (tmp_path / "more.json").write_text(json.dumps(result(measured) | found))
    page = program("performance_page.py", f"--measured={tmp_path}", f"--root={tmp_path}")
    assert page.returncode == 0, page.stderr
    text = (tmp_path / "docs" / "performance.md").read_text()
    for row in rows:
        assert f"| `{row['function']}` | {row['layout']} |" in text
    assert "| 2 x 3 x 4 | 1 |" in text


@pytest.mark.complete
def test_rows_in_other_shapes(tmp_path):
    """Without --size, functions of rows are measured in the shapes of peers.SHAPES too, along their axes."""
    options = ("softmax", "--quick", "--peers=numpy", "--seconds=0.001", "--rounds=2", f"--into={tmp_path}")
    run = program("peers.py", *options)
    assert run.returncode == 0, run.stderr
    shapes = {c["shape"]: c for c in result(tmp_path)["cells"] if c["shape"]}
    assert shapes.keys() == module("peers").SHAPED.keys()
    assert all({"fastact", "numpy"} <= c["times"].keys() and not c["left out"] for c in shapes.values())


def test_what_does_not_exist_is_refused():
    for wrong in ("gellu", "--peers=tourch", "--dtype=bfloat16", "--level=x86_64_v9"):
        run = program("peers.py", wrong)
        assert run.returncode == 2 and wrong.partition("=")[2] in run.stderr
