"""Models of one function for LiteRT, whose CPU kernels are those of XNNPACK.

A model is a FlatBuffer of the TFLite schema, which the package tflite knows: float32, of one shape, with its operators
in a row. Its tensors are the inputs, the output and what lies between.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

MULTIPLY = "MulOptions"


class Operator(NamedTuple):
    code: int  # BuiltinOperator of the schema
    inputs: tuple[str, ...] = ("x",)
    output: str = "out"
    options: str = ""  # the name of its table of options
    values: tuple[tuple[str, Any], ...] = ()  # what the table holds


OPERATORS: dict[str, tuple[Operator, ...]] = {
    "relu": (Operator(19),),
    "leaky_relu": (Operator(98, options="LeakyReluOptions", values=(("Alpha", 0.01),)),),
    "elu": (Operator(111),),
    "sigmoid": (Operator(14),),
    "tanh": (Operator(28),),
    "hard_swish": (Operator(117),),
    "silu": (Operator(14, ("x",), "s"), Operator(18, ("x", "s"), "out", MULTIPLY)),
    "gelu": (Operator(150, options="GeluOptions", values=(("Approximate", False),)),),
    "gelu_tanh": (Operator(150, options="GeluOptions", values=(("Approximate", True),)),),
    "softmax": (Operator(25, options="SoftmaxOptions", values=(("Beta", 1.0),)),),
    "swiglu": (
        Operator(14, ("x",), "s"),
        Operator(18, ("x", "s"), "g", MULTIPLY),
        Operator(18, ("g", "up"), "out", MULTIPLY),
    ),
    "geglu": (
        Operator(150, ("x",), "g", "GeluOptions", (("Approximate", False),)),
        Operator(18, ("g", "up"), "out", MULTIPLY),
    ),
}
FLOAT32 = 0  # TensorType
SCHEMA = 3  # its version
OLD_CODES = 127  # the largest code that fits the first field for codes


class Writer:
    """Writes tables, whose setters the package tflite has, and vectors."""

    def __init__(self) -> None:
        self.builder = import_module("flatbuffers").Builder(1024)

    def table(self, name: str, **fields: Any) -> int:
        module = import_module(f"tflite.{name}")
        getattr(module, f"{name}Start")(self.builder)
        for field, value in fields.items():
            getattr(module, f"{name}Add{field}")(self.builder, value)
        return int(getattr(module, f"{name}End")(self.builder))

    def numbers(self, values: Sequence[int]) -> int:
        self.builder.StartVector(4, len(values), 4)
        for value in reversed(values):
            self.builder.PrependInt32(value)
        return int(self.builder.EndVector())

    def offsets(self, values: Sequence[int]) -> int:
        self.builder.StartVector(4, len(values), 4)
        for value in reversed(values):
            self.builder.PrependUOffsetTRelative(value)
        return int(self.builder.EndVector())

    def operator(self, index: int, operator: Operator, place: dict[str, int]) -> int:
        inputs = self.numbers([place[name] for name in operator.inputs])
        given = {"OpcodeIndex": index, "Inputs": inputs, "Outputs": self.numbers([place[operator.output]])}
        if operator.options:
            kinds = import_module("tflite.BuiltinOptions").BuiltinOptions
            given["BuiltinOptions"] = self.table(operator.options, **dict(operator.values))
            given["BuiltinOptionsType"] = getattr(kinds, operator.options)
        return self.table("Operator", **given)


def model(name: str, shape: Sequence[int]) -> bytes:
    """The model of a function for inputs of a shape."""
    writer, operators = Writer(), OPERATORS[name]
    names = list(dict.fromkeys(name for o in operators for name in (*o.inputs, o.output)))
    place = {name: i for i, name in enumerate(names)}
    tensors = []
    for tensor in names:
        label, dims = writer.builder.CreateString(tensor), writer.numbers(list(shape))
        tensors.append(writer.table("Tensor", Shape=dims, Type=FLOAT32, Buffer=0, Name=label))
    codes = [
        writer.table("OperatorCode", BuiltinCode=o.code, DeprecatedBuiltinCode=min(o.code, OLD_CODES), Version=1)
        for o in operators
    ]
    graph = writer.table(
        "SubGraph",
        Tensors=writer.offsets(tensors),
        Inputs=writer.numbers([place[n] for n in ("x", "up") if n in place]),
        Outputs=writer.numbers([place["out"]]),
        Operators=writer.offsets([writer.operator(i, o, place) for i, o in enumerate(operators)]),
    )
    whole = {
        "OperatorCodes": writer.offsets(codes),
        "Subgraphs": writer.offsets([graph]),
        "Buffers": writer.offsets([writer.table("Buffer")]),
    }
    writer.builder.Finish(writer.table("Model", Version=SCHEMA, **whole), file_identifier=b"TFL3")
    return bytes(writer.builder.Output())
