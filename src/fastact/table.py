"""The catalogue of functions, for programs: `ACTIVATIONS`, `GATES` and `ROWWISE`, tuples of named tuples."""

from .catalogue import ACTIVATIONS, EXACT, GATES, ROUNDED, ROWWISE, Activation, Bounds, Gate, Rowwise

__all__ = ["ACTIVATIONS", "EXACT", "GATES", "ROUNDED", "ROWWISE", "Activation", "Bounds", "Gate", "Rowwise"]
