"""Reaching the context from generated code."""

from __future__ import annotations

from nadflux.kernel.ir import Function, Value
from nadflux.kernel.layout import LANES, SLOTS
from nadflux.kernel.print_equations import ARRAYS
from nadflux.kernel.program import Program


class ContextPrinter:
    """Base of what prints the integration loop of one program for a number of lanes."""

    def __init__(self, program: Program, width: int, needed: list[int]) -> None:
        self.program = program
        self.width = width
        self.count = len(program.states)
        self.outputs = len(program.outputs)
        self.needed = needed

    # access to the context

    def new(self, name: str, arguments: list[tuple[str, str]] | None = None, result: str = "void") -> Function:
        """Begin a function whose first argument is the context."""
        return Function(name, [("ptr", "context"), *(arguments or [])], self.width, result)

    @staticmethod
    def array(f: Function, name: str) -> Value:
        """Return the address of an array of the context."""
        return f.read(f.argument("context"), SLOTS[name], "ptr")

    @staticmethod
    def integer(f: Function, name: str) -> Value:
        """Read a whole number of the context."""
        return f.read(f.argument("context"), SLOTS[name], "i64")

    @staticmethod
    def double(f: Function, name: str) -> Value:
        """Read a double of the context."""
        return f.read(f.argument("context"), SLOTS[name], "double")

    def splat(self, f: Function, scalar: Value) -> Value:
        """Spread a scalar over every lane."""
        first = f.emit(f.vector, f"insertelement {f.vector} poison, double {scalar.text}, i32 0")
        return f.emit(
            f.vector,
            f"shufflevector {f.vector} {first.text}, {f.vector} poison, <{f.width} x i32> zeroinitializer",
        )

    def model(self, f: Function, name: str, states: str, time: str, *stored: str) -> None:
        """Call a kernel of the model."""
        names = dict(zip(ARRAYS, (time, states, "hoisted", "inputs", "scratch"), strict=False))
        extra = [*stored, *["work"] * (3 - len(stored))]
        f.call(name, *(self.array(f, n) for n in (*names.values(), *extra)))

    @staticmethod
    def lane(f: Function, name: str, lane: Value) -> Value:
        """Read an element of an array over the lanes."""
        return f.read(ContextPrinter.array(f, name), lane, "i64" if name in LANES else "double")

    @staticmethod
    def set_lane(f: Function, name: str, lane: Value, value: Value | float | int) -> None:
        """Write an element of an array over the lanes."""
        type_ = "i64" if name in LANES else "double"
        f.write(f.like(value, Value(f, type_, "")), ContextPrinter.array(f, name), lane)
