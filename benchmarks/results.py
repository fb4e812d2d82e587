"""What peers.py has measured, as docs/performance.csv and docs/performance.json keep it for each level.

A cell has its `ns` (nanoseconds an element) by contender, and the ratio `medians`. The rest of a level's results is its
environment, errors, layouts and so on. Pages and figures are made of what is kept, so that they agree with it.
"""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from contenders import CONTENDERS, MODES, NAMES, OURS, PEERS

Cell = dict[str, Any]
Found = dict[str, Any]
KEY = ("function", "dtype", "size", "threads", "mode", "inputs", "shape")
MODE_TITLES = {"out": "preallocated output", "in place": "in place", "fresh": "new array"}
TITLES = {"x86_64_v2": "SSE4.2", "x86_64_v3": "AVX2", "x86_64_v4": "AVX-512"}
HEADLINES = ("sigmoid", "tanh", "silu", "gelu", "gelu_tanh", "softmax")
HEADLINE_SIZES = (10_000, 100_000, 1_000_000)
FRONT_SIZE = 100_000
WHOLE = ("environment", "date", "load", "missing", "capable", "peaks", "layouts", "linear", "operations", "errors")


def title(found: Found) -> str:
    return TITLES.get(level := found["environment"]["level"], level)


def key(cell: Cell) -> tuple[Any, ...]:
    return tuple(cell[k] for k in KEY)


def least(cell: Cell, who: str) -> float:
    """The least nanoseconds an element. A function without a fast form of its own is in `fastact.fast` as it is."""
    ns: dict[str, float] = cell["ns"]
    return ns["fastact"] if who == "fastact.fast" and who not in ns else ns[who]


def fastest(ns: dict[str, float]) -> str | None:
    return min((who for who in ns if who in PEERS), key=ns.__getitem__, default=None)


def best(cell: Cell, tier: str = "fastact") -> tuple[str, float] | None:
    """The fastest peer, and its time over that of a tier of ours."""
    who = fastest(cell["ns"])
    return None if who is None else (who, cell["ns"][who] / least(cell, tier))


def ahead(cell: Cell) -> tuple[str, float] | None:
    """The fastest peer and its time over that of our fastest tier, where the peer is faster."""
    found = best(cell, "fastact.fast")
    return found if found and found[1] < 1 else None


def mean(ratios: Iterable[float]) -> float:
    """The geometric mean."""
    logs = [math.log(r) for r in ratios]
    return math.exp(sum(logs) / len(logs)) if logs else math.nan


def usual(cell: Cell) -> bool:
    """Whether it is of float32, one thread, a preallocated output and real inputs, and has no shape."""
    wanted = {"dtype": "float32", "threads": 1, "mode": "out", "inputs": "real", "shape": ""}
    return all(cell[k] == v for k, v in wanted.items())


def headline(cell: Cell) -> bool:
    """Whether it is a cell of the six functions that people time first."""
    return usual(cell) and cell["function"] in HEADLINES and cell["size"] in HEADLINE_SIZES


def headlines(found: Found) -> list[Cell]:
    """These cells, by function and size, where a peer was measured."""
    cells = [c for c in found["cells"] if headline(c) and best(c)]
    return sorted(cells, key=lambda c: (HEADLINES.index(c["function"]), c["size"]))


def front(points: dict[str, tuple[float, float]]) -> list[str]:
    """The points (time, error) that no other one beats in one without being worse in the other, the fastest first."""
    chosen: list[str] = []
    for who, (_, error) in sorted(points.items(), key=lambda item: item[1]):
        if not chosen or error < points[chosen[-1]][1]:
            chosen.append(who)
    return chosen


def dominated(cell: Cell, errors: dict[str, Any]) -> list[tuple[str, str]]:
    """Tiers of ours, each with a peer that is faster and at least as accurate, in every measure of the error."""
    pairs = []
    for tier in OURS:
        for who in PEERS:
            if not {tier, who} <= cell["ns"].keys() & errors.keys() or cell["ns"][who] >= cell["ns"][tier]:
                continue
            (relative, _, scaled), (relative_2, _, scaled_2) = errors[who], errors[tier]
            if relative <= relative_2 and (scaled is None or scaled <= scaled_2):
                pairs.append((tier, who))
    return pairs


def shown(value: float) -> str:
    """Three digits: a time or an error."""
    if value != value or math.isinf(value):
        return "inf"
    if value < 100:
        return f"{value:.3g}"
    return f"{value:,.0f}" if value < 1e5 else f"{value:.1e}".replace("e+0", "e").replace("e+", "e")


def counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'s' if number != 1 else ''}"


def line(cell: Cell) -> str:
    """A cell as a printed line."""
    against = " ".join(f"{best(cell, tier)[1]:.2f}" for tier in OURS if tier in cell["ns"]) if best(cell) else "no peer"
    where = f"{cell['function']:28} {cell['dtype']:7} {cell['shape'] or format(cell['size'], ','):>20}"
    ours = least(cell, "fastact")
    times = f"{shown(ours):>6} ns; {ours / least(cell, 'copy'):5.1f} copies; {fastest(cell['ns']) or ''} {against}"
    return f"{where} {cell['threads']} {cell['mode']:8} {cell['inputs']:6} {times}"


def cell_of(measured: Cell) -> Cell:
    """A cell as it is kept, of what peers.py measured."""
    ns = {who: float(f"{t[0] / measured['elements']:.4g}") for who, t in measured["times"].items()}
    medians = {who: t[1] for who, t in measured["times"].items()}
    who = fastest(medians)
    ratio = round(medians[who] / medians["fastact"], 3) if who else None
    return {k: measured[k] for k in KEY} | {"ns": ns, "medians": ratio}


def kept(measured: Found) -> Found:
    """The results of a level as they are kept."""
    found = {name: measured[name] for name in WHOLE if name in measured}
    why: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for cell in measured["cells"]:
        for who, reason in cell["left out"].items():
            modes = why[who][reason][f"{cell['function']} {cell['dtype']}"]
            if cell["mode"] not in modes:
                modes.append(cell["mode"])
    return found | {"cells": list(map(cell_of, measured["cells"])), "left out": json.loads(json.dumps(why))}


def ordered(cells: Sequence[Cell]) -> list[Cell]:
    """By dtype and mode, then by function and threads, then by size; shapes last."""
    order = {name: i for i, name in enumerate(dict.fromkeys([*(c["dtype"] for c in cells), *MODES, *NAMES]))}

    def place(c: Cell) -> tuple[Any, ...]:
        return (
            order[c["dtype"]], order[c["mode"]], order[c["function"]], c["shape"] != "", c["threads"], c["size"],
            c["shape"], c["inputs"] == "random",
        )  # fmt: skip

    return sorted(cells, key=place)


WHERE = ("level", "function", "dtype", "elements", "threads", "mode", "inputs", "shape")
DERIVED = ("fastest peer", *(f"fastest peer / {tier}" for tier in OURS), "of medians", "limit")


def write(machines: Sequence[Found], docs: Path, limit: Callable[[Found], Callable[[Cell], str]]) -> None:
    """Keeps the results. The last columns of the table are for readers: they follow from the others."""
    with (docs / "performance.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*WHERE, "copy", *CONTENDERS, *DERIVED))
        for found in machines:
            why = limit(found)
            for cell in ordered(found["cells"]):
                where = (cell["function"], cell["dtype"], cell["size"], cell["threads"], MODE_TITLES[cell["mode"]])
                times = [cell["ns"].get(who, "") for who in ("copy", *CONTENDERS)]
                ratios = [f"{best(cell, tier)[1]:.3g}" if best(cell) and tier in cell["ns"] else "" for tier in OURS]
                last = (fastest(cell["ns"]) or "", *ratios, "" if cell["medians"] is None else cell["medians"])
                limited = why(cell) if ahead(cell) else ""
                level = found["environment"]["level"]
                writer.writerow((level, *where, cell["inputs"], cell["shape"], *times, *last, limited))
    whole = {m["environment"]["level"]: {k: v for k, v in m.items() if k != "cells"} for m in machines}
    (docs / "performance.json").write_text(text_of(whole), encoding="utf-8")


def text_of(whole: dict[str, Any]) -> str:
    """JSON with a line for each entry of the third layer."""

    def layer(value: Any, depth: int) -> str:
        if depth == 0 or not isinstance(value, dict) or not value:
            return json.dumps(value)
        inner = (f"{' ' * (4 - depth)}{json.dumps(k)}: {layer(v, depth - 1)}" for k, v in value.items())
        return "{\n" + ",\n".join(inner) + "\n" + " " * (3 - depth) + "}"

    return layer(whole, 3) + "\n"


def read(docs: Path) -> list[Found]:
    """The kept results of each level."""
    if not (docs / "performance.json").exists():
        return []
    machines: dict[str, Found] = json.loads((docs / "performance.json").read_text(encoding="utf-8"))
    modes = {title: mode for mode, title in MODE_TITLES.items()}
    for found in machines.values():
        found["cells"] = []
    with (docs / "performance.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ns = {who: float(row[who]) for who in ("copy", *CONTENDERS) if row[who]}
            cell = {"function": row["function"], "dtype": row["dtype"], "size": int(row["elements"])}
            cell |= {"threads": int(row["threads"]), "mode": modes[row["mode"]], "inputs": row["inputs"]}
            medians = float(row["of medians"]) if row["of medians"] else None
            cell |= {"shape": row["shape"], "ns": ns, "medians": medians}
            machines[row["level"]]["cells"].append(cell)
    return list(machines.values())
