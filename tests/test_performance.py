"""benchmarks/peers.py measures; benchmarks/performance_page.py makes a page and a table of the results."""

import csv
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")
pytest.importorskip("psutil")
pytest.importorskip("tqdm")
FOLDER = Path(__file__).parent.parent / "benchmarks"
FEW = ("relu", "silu_backward", "--quick", "--peers=numpy", "--size=1,100", "--seconds=0.001", "--rounds=4")


def program(name, *args):
    command = [sys.executable, str(FOLDER / name), *args]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"TQDM_DISABLE": "1"}, timeout=120)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    file = tmp_path_factory.mktemp("performance") / "few.json"
    run = program("peers.py", *FEW, f"--json={file}")
    assert run.returncode == 0, run.stderr
    return file


def test_every_cell_is_measured_once(measured):
    found = json.loads(measured.read_text())
    cells = [(c["function"], c["size"], c["mode"]) for c in found["cells"]]
    assert sorted(cells) == sorted({(f, n, m) for f in FEW[:2] for n in (1, 100) for m in ("out", "fresh")})
    for cell in found["cells"]:
        assert {"fastact", "copy"} <= cell["times"].keys() and not cell["left out"]
        assert all(0 < least <= median for least, median, _ in cell["times"].values())
        assert ("numpy" in cell["times"]) == (cell["function"] == "relu" or cell["mode"] == "fresh")
    before = measured.read_text()
    run = program("peers.py", *FEW, f"--json={measured}")
    assert run.returncode == 0 and measured.read_text() == before


def test_page(measured, tmp_path):
    run = program("performance_page.py", f"--json={measured}", f"--docs={tmp_path}")
    assert run.returncode == 0, run.stderr
    text = (tmp_path / "performance.md").read_text()
    for picture in ("performance_ratio.png", "performance_time.png"):
        assert f"({picture})" in text and (tmp_path / picture).stat().st_size > 1000


def test_every_cell_is_a_line_of_the_table(measured, tmp_path):
    run = program("performance_page.py", f"--json={measured}", f"--docs={tmp_path}")
    assert run.returncode == 0, run.stderr
    lines = table(tmp_path / "performance.csv")
    cells = json.loads(measured.read_text())["cells"]
    assert len(lines) == len(cells)
    titles = {"preallocated output": "out", "in place": "in place", "new array": "fresh"}
    found = {(line["function"], int(line["elements"]), titles[line["mode"]]): line for line in lines}
    for cell in cells:
        line, times = found[cell["function"], cell["size"], cell["mode"]], cell["times"]
        assert (line["dtype"], line["inputs"], line["threads"]) == ("float32", "real", "1")
        assert float(line["ns an element"]) == pytest.approx(times["fastact"][0] / cell["elements"], rel=0.01)
        if "numpy" in times:
            assert line["fastest peer"] == "numpy"
            ratio = times["numpy"][0] / times["fastact"][0]
            assert float(line["fastest peer / ours"]) == pytest.approx(ratio, abs=0.006)
        else:
            assert line["fastest peer"] == line["fastest peer / ours"] == ""


def table(file):
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_table_and_summary_of_the_documentation_agree():
    docs = FOLDER.parent / "docs"
    ratios = [float(line["fastest peer / ours"]) for line in table(docs / "performance.csv") if line["fastest peer"]]
    text = (docs / "performance.md").read_text(encoding="utf-8").partition("\n| all | ")[2].partition("\n")[0]
    number, ahead, _, mean, _, lowest = (cell.strip(" |").replace(",", "") for cell in text.split(" | "))
    assert len(ratios) == int(number) and min(ratios) == float(lowest)
    assert math.exp(sum(map(math.log, ratios)) / len(ratios)) == pytest.approx(float(mean), abs=0.006)
    assert sum(ratio > 1 for ratio in ratios) <= int(ahead) <= sum(ratio >= 1 for ratio in ratios)  # rounded to 1.00


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
    file = tmp_path / "more.json"
    file.write_text(json.dumps(json.loads(measured.read_text()) | found))
    page = program("performance_page.py", f"--json={file}", f"--docs={tmp_path}")
    assert page.returncode == 0, page.stderr
    text = (tmp_path / "performance.md").read_text()
    for row in rows:
        assert f"| `{row['function']}` | {row['layout']} |" in text
    assert "| 2 x 3 x 4 | 1 |" in text


def test_what_does_not_exist_is_refused():
    for wrong in ("gellu", "--peers=tourch", "--dtype=bfloat16"):
        run = program("peers.py", wrong)
        assert run.returncode == 2 and wrong.partition("=")[2] in run.stderr
