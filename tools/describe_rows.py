"""Type stubs of the row-wise functions, from the rows of the table. Used by the build."""

from fastact.rowtable import ROWWISE

TYPES = {
    "x": "ArrayLike",
    "grad": "ArrayLike",
    "y": "ArrayLike",
    "which": "ArrayLike",
    "pieces": "int",
    "axis": "int | tuple[int, ...] | None",
    "temperature": "ArrayLike",
    "sink": "ArrayLike",
    "keepdims": "bool",
    "out": "Any",
    "**kwargs": "Any",
}

GUMBEL = """\
def gumbel_softmax(
    x: ArrayLike,
    temperature: ArrayLike = 1.0,
    rng: Any = None,
    hard: bool = False,
    axis: int | tuple[int, ...] | None = -1,
    out: NDArray[Any] | None = None,
) -> Any: ...
"""


def stubs() -> str:
    out = []
    for row in ROWWISE:
        arguments = []
        for part in row.signature.split(", "):
            name, _, default = part.partition("=")
            arguments.append(f"{name}: {TYPES[name]}" + (f" = {default}" if default else ""))
        out.append(
            f"@type_check_only\nclass _{row.name}(Protocol):\n"
            "    @property\n    def ufunc(self) -> np.ufunc: ...\n"
            f"    def __call__(self, {', '.join(arguments)}) -> Any: ...\n\n"
            f"{row.name}: _{row.name}\n"
        )
        out += [f"{alias}: _{row.name}\n" for alias in row.aliases]
    return "".join(out) + GUMBEL
