"""Printing LLVM IR: values with operators, and structured loops and branches. No fast-math flags anywhere."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

COMPARE_FLOAT = {"<": "olt", "<=": "ole", ">": "ogt", ">=": "oge", "==": "oeq", "!=": "une"}
COMPARE_INTEGER = {"<": "slt", "<=": "sle", ">": "sgt", ">=": "sge", "==": "eq", "!=": "ne"}


def literal(value: float) -> str:
    """Write a double in the bits that LLVM reads without rounding."""
    return "0x" + struct.pack(">d", value).hex().upper()


@dataclass(frozen=True)
class Value:
    """A typed IR value; arithmetic between values prints instructions."""

    builder: Function
    type: str
    text: str

    @property
    def is_float(self) -> bool:
        """True if the elements are doubles."""
        return "double" in self.type

    def _binary(self, other: Value | float | int, float_name: str, integer_name: str, swap: bool = False) -> Value:
        other = self.builder.like(other, self)
        a, b = (other, self) if swap else (self, other)
        name = float_name if self.is_float else integer_name
        return self.builder.emit(self.type, f"{name} {self.type} {a.text}, {b.text}")

    def __add__(self, other: Value | float | int) -> Value:
        return self._binary(other, "fadd", "add")

    def __radd__(self, other: float | int) -> Value:
        return self._binary(other, "fadd", "add", swap=True)

    def __sub__(self, other: Value | float | int) -> Value:
        return self._binary(other, "fsub", "sub")

    def __rsub__(self, other: float | int) -> Value:
        return self._binary(other, "fsub", "sub", swap=True)

    def __mul__(self, other: Value | float | int) -> Value:
        return self._binary(other, "fmul", "mul")

    def __rmul__(self, other: float | int) -> Value:
        return self._binary(other, "fmul", "mul", swap=True)

    def __truediv__(self, other: Value | float | int) -> Value:
        return self._binary(other, "fdiv", "sdiv")

    def __rtruediv__(self, other: float | int) -> Value:
        return self._binary(other, "fdiv", "sdiv", swap=True)

    def __and__(self, other: Value | int) -> Value:
        return self._binary(other, "", "and")

    def __or__(self, other: Value | int) -> Value:
        return self._binary(other, "", "or")

    def __xor__(self, other: Value | int) -> Value:
        return self._binary(other, "", "xor")

    def __lshift__(self, other: int) -> Value:
        return self._binary(other, "", "shl")

    def __rshift__(self, other: int) -> Value:
        return self._binary(other, "", "lshr")

    def arithmetic_shift(self, other: int) -> Value:
        """Shift integers to the right and keep the sign."""
        return self._binary(other, "", "ashr")

    def __neg__(self) -> Value:
        return self.builder.emit(self.type, f"fneg {self.type} {self.text}")

    def compare(self, sign: str, other: Value | float | int) -> Value:
        """Return a comparison; with NaN every sign but ``!=`` is false."""
        other = self.builder.like(other, self)
        name = f"fcmp {COMPARE_FLOAT[sign]}" if self.is_float else f"icmp {COMPARE_INTEGER[sign]}"
        return self.builder.emit(self.builder.truth_type(self.type), f"{name} {self.type} {self.text}, {other.text}")

    def __lt__(self, other: Value | float | int) -> Value:
        return self.compare("<", other)

    def __le__(self, other: Value | float | int) -> Value:
        return self.compare("<=", other)

    def __gt__(self, other: Value | float | int) -> Value:
        return self.compare(">", other)

    def __ge__(self, other: Value | float | int) -> Value:
        return self.compare(">=", other)

    def equals(self, other: Value | float | int) -> Value:
        """Return a == b, elementwise."""
        return self.compare("==", other)

    def differs(self, other: Value | float | int) -> Value:
        """Return a != b, elementwise; true for NaN."""
        return self.compare("!=", other)

    def invert(self) -> Value:
        """Return the logical not of a truth value."""
        return self ^ 1

    def where(self, a: Value | float | int, b: Value | float | int) -> Value:
        """Return ``a`` where this truth value holds, else ``b``."""
        model = next((v for v in (a, b) if isinstance(v, Value)), None)
        type_ = model.type if model else self.type.replace("i1", "double")
        a, b = (v if isinstance(v, Value) else self.builder.constant(v, type_) for v in (a, b))
        return self.builder.emit(a.type, f"select {self.type} {self.text}, {a.type} {a.text}, {b.type} {b.text}")

    def bits(self) -> Value:
        """Return the bits of doubles as integers."""
        return self.cast("bitcast", self.type.replace("double", "i64"))

    def double(self) -> Value:
        """Return integers taken as the bits of doubles."""
        return self.cast("bitcast", self.type.replace("i64", "double"))

    def cast(self, name: str, target: str) -> Value:
        """Return an IR conversion such as ``sitofp`` or ``zext``."""
        return self.builder.emit(target, f"{name} {self.type} {self.text} to {target}")


class Variable:
    """A local that changes: a stack slot which LLVM turns into registers."""

    def __init__(self, builder: Function, start: Value) -> None:
        self.builder = builder
        self.type = start.type
        self.slot = builder.reserve(start.type)
        self.set(start)

    def get(self) -> Value:
        """Load the current value."""
        return self.builder.load(self.slot, self.type)

    def set(self, value: Value | float | int) -> None:
        """Change the value."""
        value = self.builder.like(value, Value(self.builder, self.type, ""))
        self.builder.store(value, self.slot)


class Function:
    """One IR function being printed, for a given number of lanes.

    Attributes
    ----------
    called : set of str
        Names of the functions and intrinsics it calls, which the module must hold or declare.
    """

    def __init__(self, name: str, arguments: list[tuple[str, str]], width: int, result: str = "void") -> None:
        self.name = name
        self.arguments = arguments
        self.width = width
        self.result = result
        self.vector = f"<{width} x double>"
        self.called: dict[str, str] = {}
        self._lines: list[str] = []
        self._slots: list[str] = []
        self._count = 0

    def argument(self, name: str) -> Value:
        """Return an argument by name."""
        return Value(self, {n: t for t, n in self.arguments}[name], f"%{name}")

    def fresh(self) -> str:
        """Return an unused number for names."""
        self._count += 1
        return str(self._count)

    def line(self, text: str) -> None:
        """Append a line."""
        self._lines.append(text)

    def emit(self, type_: str, text: str) -> Value:
        """Append an instruction and return its result."""
        name = f"%v{self.fresh()}"
        self._lines.append(f"  {name} = {text}")
        return Value(self, type_, name)

    @staticmethod
    def truth_type(type_: str) -> str:
        """Return the type of comparisons between values of a type."""
        return type_.replace("double", "i1").replace("i64", "i1") if type_.startswith("<") else "i1"

    def constant(self, value: float | int, type_: str) -> Value:
        """Return a literal of a scalar or vector type."""
        element = type_.split(" x ")[1][:-1] if type_.startswith("<") else type_
        if element == "double":
            text = literal(float(value))
        elif element == "i1":
            text = "true" if value else "false"
        else:
            text = str(int(value))
        if type_.startswith("<"):
            text = "<" + ", ".join([f"{element} {text}"] * self.width) + ">"
        return Value(self, type_, text)

    def vector_of(self, value: float) -> Value:
        """Return a literal in every lane."""
        return self.constant(value, self.vector)

    def like(self, other: Value | float | int, model: Value) -> Value:
        """Return a literal in the type of another value, and a value as it is."""
        return other if isinstance(other, Value) else self.constant(other, model.type)

    def integer(self, value: int) -> Value:
        """Return a 64-bit integer literal."""
        return self.constant(value, "i64")

    # memory

    def reserve(self, type_: str, count: int = 1) -> Value:
        """Reserve stack memory for values of a type."""
        name = f"%s{self.fresh()}"
        self._slots.append(f"  {name} = alloca {type_}, i64 {count}, align 64")
        return Value(self, "ptr", name)

    def at(self, base: Value, index: Value | int, type_: str) -> Value:
        """Return the address of an element."""
        index = self.like(index, self.integer(0))
        return self.emit("ptr", f"getelementptr {type_}, ptr {base.text}, i64 {index.text}")

    def load(self, pointer: Value, type_: str) -> Value:
        """Read a value."""
        return self.emit(type_, f"load {type_}, ptr {pointer.text}, align {self.alignment(type_)}")

    def store(self, value: Value, pointer: Value) -> None:
        """Write a value."""
        self.line(f"  store {value.type} {value.text}, ptr {pointer.text}, align {self.alignment(value.type)}")

    def alignment(self, type_: str) -> int:
        """Return the alignment in bytes of loads and stores."""
        return 8 * self.width if type_.startswith("<") else 8

    def read(self, base: Value, index: Value | int, type_: str | None = None) -> Value:
        """Read an element of an array, a vector over the lanes by default."""
        type_ = type_ or self.vector
        return self.load(self.at(base, index, type_), type_)

    def write(self, value: Value, base: Value, index: Value | int) -> None:
        """Write an element of an array."""
        self.store(value, self.at(base, index, value.type))

    # calls

    def call(self, name: str, *arguments: Value, result: str = "void") -> Value:
        """Call a function of this module or an LLVM intrinsic."""
        types = ", ".join(a.type for a in arguments)
        text = f"call {result} @{name}({', '.join(f'{a.type} {a.text}' for a in arguments)})"
        self.called[name] = f"declare {result} @{name}({types})"
        if result == "void":
            self.line(f"  {text}")
            return Value(self, "void", "")
        return self.emit(result, text)

    def intrinsic(self, name: str, *arguments: Value) -> Value:
        """Call an exact operation of LLVM (``sqrt fabs floor ceil trunc``)."""
        type_ = arguments[0].type
        suffix = f"v{self.width}f64" if type_.startswith("<") else "f64"
        return self.call(f"llvm.{name}.{suffix}", *arguments, result=type_)

    def function(self, name: str, *arguments: Value) -> Value:
        """Call an elementary function (see ``elementary.py``)."""
        return self.call(f"nadflux_{name}", *arguments, result=self.vector)

    # control flow

    @contextmanager
    def loop(self, count: Value | int, start: Value | int = 0) -> Iterator[Value]:
        """Run the body for each i from start to count - 1."""
        counter = Variable(self, self.like(start, self.integer(0)))
        with self.loop_while(lambda: counter.get() < count):
            yield counter.get()
            counter.set(counter.get() + 1)

    @contextmanager
    def loop_while(self, condition: Callable[[], Value]) -> Iterator[None]:
        """Run the body as long as the condition holds, which is computed again each time."""
        label = self.fresh()
        self.line(f"  br label %test{label}\ntest{label}:")
        self.line(f"  br i1 {condition().text}, label %body{label}, label %after{label}\nbody{label}:")
        yield
        self.line(f"  br label %test{label}\nafter{label}:")

    @contextmanager
    def when(self, condition: Value) -> Iterator[None]:
        """Run the body if the condition holds."""
        label = self.fresh()
        self.line(f"  br i1 {condition.text}, label %then{label}, label %after{label}\nthen{label}:")
        yield
        self.line(f"  br label %after{label}\nafter{label}:")

    def either(self, condition: Value, then: Callable[[], None], otherwise: Callable[[], None]) -> None:
        """Run one of two bodies."""
        label = self.fresh()
        self.line(f"  br i1 {condition.text}, label %then{label}, label %else{label}\nthen{label}:")
        then()
        self.line(f"  br label %after{label}\nelse{label}:")
        otherwise()
        self.line(f"  br label %after{label}\nafter{label}:")

    def give(self, value: Value | None = None) -> None:
        """Return."""
        self.line("  ret void" if value is None else f"  ret {value.type} {value.text}")

    def text(self, attributes: str = "nounwind", linkage: str = "") -> str:
        """Return the text of the finished function."""
        arguments = ", ".join(
            f"{t} noalias %{n}" if t == "ptr" and n != "context" else f"{t} %{n}" for t, n in self.arguments
        )
        head = f"define {linkage} {self.result} @{self.name}({arguments}) {attributes} {{\nentry:"
        return "\n".join([head, *self._slots, *self._lines, "}"])
