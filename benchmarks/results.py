"""Reads the cells that peers.py has measured."""

import math
from collections.abc import Iterable
from typing import Any

from contenders import PEERS

Cell = dict[str, Any]
MODE_TITLES = {"out": "preallocated output", "in place": "in place", "fresh": "new array"}


def least(cell: Cell, who: str) -> float:
    """The least nanoseconds of a call."""
    return cell["times"][who][0]


def best(cell: Cell, statistic: int = 0) -> tuple[str, float] | None:
    """The fastest peer, and its time over ours, by the least times or, with 1, by the medians."""
    peers = {who: t[statistic] for who, t in cell["times"].items() if who in PEERS}
    if not peers:
        return None
    who = min(peers, key=peers.__getitem__)
    return who, peers[who] / cell["times"]["fastact"][statistic]


def mean(ratios: Iterable[float]) -> float:
    """The geometric mean."""
    logs = [math.log(r) for r in ratios]
    return math.exp(sum(logs) / len(logs)) if logs else math.nan


def shown(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'s' if number != 1 else ''}"


def line(cell: Cell) -> str:
    """A cell as a printed line."""
    found = best(cell)
    against = f"{found[1]:6.2f} {found[0]}" if found else "no peer"
    where = f"{cell['function']:28} {cell['dtype']:7} {cell['size']:>10,} {cell['threads']} {cell['mode']:8}"
    ours = least(cell, "fastact")
    numbers = f"{shown(ours / cell['elements']):>6} ns; {ours / least(cell, 'copy'):5.1f} copies; {against}"
    return f"{where} {cell['inputs']:6} {numbers}"
