"""Printing the equations of a model as straight-line IR, cut into functions of bounded size.

Every kernel is a list of nodes to compute and of places to store some of them. The list is cut where it
gets long; what one piece computes and a later one needs goes through the ``scratch`` array, so that compile time
grows linearly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nadflux.kernel.graph import COMPARISONS, LEAVES, TRUTH
from nadflux.kernel.ir import literal
from nadflux.kernel.program import PERSON, RUN, Program

PIECE = 400  # nodes in one function
ARRAYS = ("time", "states", "hoisted", "inputs", "scratch", "first", "second", "third")
SIGNATURE = ", ".join(f"ptr noalias %{name}" for name in ARRAYS)
PASS_ON = ", ".join(f"ptr %{name}" for name in ARRAYS)
COMPARE = {"lt": "olt", "le": "ole", "eq": "oeq", "ne": "une"}
EXACT = {"sqrt": "sqrt", "abs": "fabs", "floor": "floor", "ceil": "ceil", "trunc": "trunc"}


@dataclass(frozen=True)
class Store:
    """Order to write a node to an element of an array."""

    node: int
    array: str
    index: int


@dataclass
class Printed:
    """Text of the functions of a kernel, what they call, and how much scratch they need."""

    text: list[str]
    called: dict[str, str]
    scratch: int


class ModelPrinter:
    """Printer of the kernels of one program for a number of lanes."""

    def __init__(self, program: Program, width: int, hoisted: dict[int, int]) -> None:
        self.program = program
        self.width = width
        self.hoisted = hoisted
        self.position = {state: k for k, state in enumerate(program.order)}
        self.vector = f"<{width} x double>"
        self.truth = f"<{width} x i1>"

    def kernel(self, name: str, stores: Sequence[Store], level: int = RUN) -> Printed:
        """Print functions ``name_0 …`` and the function ``name`` that calls them in turn."""
        items = self._schedule(stores, level)
        pieces = [items[k : k + PIECE] for k in range(0, len(items), PIECE)]
        made = {item: k for k, piece in enumerate(pieces) for item in piece if isinstance(item, int)}
        slots = self._crossing(pieces, made)
        text, called = [], {}
        for k, piece in enumerate(pieces):
            printer = _Piece(self, level, slots, made, k)
            lines = printer.print(piece)
            called.update(printer.called)
            text.append(
                f"define internal void @{name}_{k}({SIGNATURE}) noinline nounwind {{\n"
                + "\n".join(lines)
                + "\n  ret void\n}"
            )
        calls = "\n".join(f"  call void @{name}_{k}({PASS_ON})" for k in range(len(pieces)))
        text.append(f"define void @{name}({SIGNATURE}) noinline nounwind {{\n{calls}\n  ret void\n}}")
        return Printed(text, called, len(slots))

    def is_leaf(self, node: int, level: int) -> bool:
        """Tell whether a kernel reads the node from an array instead of computing it."""
        if self.program.nodes[node][0] in LEAVES:
            return True
        return level == RUN and self.program.levels[node] < RUN

    def _schedule(self, stores: Sequence[Store], level: int) -> list[int | Store]:
        """Return the nodes in evaluation order, each store right after its node."""
        nodes = self.program.nodes
        items: list[int | Store] = []
        seen: set[int] = set()
        for store in stores:
            stack = [(store.node, False)]
            while stack:
                a, ready = stack.pop()
                if ready:
                    items.append(a)
                elif a not in seen and not self.is_leaf(a, level):
                    seen.add(a)
                    stack.append((a, True))
                    stack.extend((child, False) for child in nodes[a][1:] if child not in seen)
            items.append(store)
        return items

    def _crossing(self, pieces: list[list[int | Store]], made: dict[int, int]) -> dict[int, int]:
        """Return the scratch slots of the nodes that a later piece needs."""
        slots: dict[int, int] = {}
        for k, piece in enumerate(pieces):
            for item in piece:
                needs = [item.node] if isinstance(item, Store) else self.program.nodes[item][1:]
                for a in needs:
                    if made.get(a, k) != k and a not in slots:
                        slots[a] = len(slots)
        return slots


class _Piece:
    """One function being printed."""

    def __init__(self, owner: ModelPrinter, level: int, slots: dict[int, int], made: dict[int, int], k: int) -> None:
        self.owner = owner
        self.level = level
        self.slots = slots
        self.made = made
        self.number = k
        self.lines: list[str] = []
        self.called: dict[str, str] = {}
        self._texts: dict[int, str] = {}
        self._count = 0

    def print(self, items: list[int | Store]) -> list[str]:
        """Return the lines of the body."""
        for item in items:
            if isinstance(item, Store):
                self._write(self._number_text(item.node), item.array, item.index)
            else:
                self._texts[item] = self._compute(item)
                if item in self.slots:
                    self._write(self._number_text(item), "scratch", self.slots[item])
        return self.lines

    def _emit(self, text: str) -> str:
        self._count += 1
        self.lines.append(f"  %v{self._count} = {text}")
        return f"%v{self._count}"

    def _address(self, array: str, index: int) -> str:
        return self._emit(f"getelementptr {self.owner.vector}, ptr %{array}, i64 {index}")

    def _read(self, array: str, index: int) -> str:
        address = self._address(array, index)
        return self._emit(f"load {self.owner.vector}, ptr {address}, align {8 * self.owner.width}")

    def _write(self, text: str, array: str, index: int) -> None:
        address = self._address(array, index)
        self.lines.append(f"  store {self.owner.vector} {text}, ptr {address}, align {8 * self.owner.width}")

    def _splat(self, value: float) -> str:
        return "<" + ", ".join([f"double {literal(value)}"] * self.owner.width) + ">"

    def _number_text(self, node: int) -> str:
        text = self._text(node)
        if self.owner.program.nodes[node][0] in TRUTH:
            zero, one = self._splat(0.0), self._splat(1.0)
            return self._emit(
                f"select {self.owner.truth} {text}, {self.owner.vector} {one}, {self.owner.vector} {zero}"
            )
        return text

    def _text(self, node: int) -> str:
        """Return the value of a node: computed here, read from an array, or literal."""
        if node in self._texts:
            return self._texts[node]
        operation, *rest = self.owner.program.nodes[node]
        if operation == "c":
            return self._splat(rest[0])
        if operation == "b":
            return "<" + ", ".join([f"i1 {'true' if rest[0] else 'false'}"] * self.owner.width) + ">"
        self._texts[node] = text = self._fetch(node, operation, rest)
        return text

    def _fetch(self, node: int, operation: str, rest: list[Any]) -> str:
        owner = self.owner
        if operation == "y":
            return self._read("states", owner.position[rest[0]])
        if operation == "u":
            return self._read("inputs", rest[0])
        if operation == "t":
            return self._read("time", 0)
        if self.level == PERSON and operation == "p":
            return self._read("inputs", rest[0])
        if self.level == PERSON and operation == "o":
            return self._read("time", 0)
        if node in self.made:
            text = self._read("scratch", self.slots[node])
        else:
            text = self._read("hoisted", owner.hoisted[node])
        if operation in TRUTH:
            return self._emit(f"fcmp une {owner.vector} {text}, {self._splat(0.0)}")
        return text

    def _compute(self, node: int) -> str:
        operation, *children = self.owner.program.nodes[node]
        texts = [self._text(child) for child in children]
        vector, truth = self.owner.vector, self.owner.truth
        if operation in ("add", "sub", "mul", "div"):
            return self._emit(f"f{operation} {vector} {texts[0]}, {texts[1]}")
        if operation == "neg":
            return self._emit(f"fneg {vector} {texts[0]}")
        if operation == "inv":
            return self._emit(f"fdiv {vector} {self._splat(1.0)}, {texts[0]}")
        if operation == "select":
            return self._emit(f"select {truth} {texts[0]}, {vector} {texts[1]}, {vector} {texts[2]}")
        if operation in COMPARISONS:
            return self._emit(f"fcmp {COMPARE[operation]} {vector} {texts[0]}, {texts[1]}")
        if operation in ("and", "or"):
            return self._emit(f"{operation} {truth} {texts[0]}, {texts[1]}")
        if operation == "not":
            ones = "<" + ", ".join(["i1 true"] * self.owner.width) + ">"
            return self._emit(f"xor {truth} {texts[0]}, {ones}")
        name = f"llvm.{EXACT[operation]}.v{self.owner.width}f64" if operation in EXACT else f"nadflux_{operation}"
        self.called[name] = f"declare {vector} @{name}({', '.join([vector] * len(texts))})"
        return self._emit(f"call {vector} @{name}({', '.join(f'{vector} {text}' for text in texts)})")


def hoisted_nodes(program: Program) -> list[int]:
    """Return the nodes that the running kernels read per person: computed once, from parameters only."""
    roots = [
        *program.derivatives,
        *program.time_derivatives,
        *program.jacobian.values(),
        *program.output_nodes,
    ]
    seen: set[int] = set()
    found: list[int] = []
    stack = list(roots)
    while stack:
        a = stack.pop()
        if a in seen:
            continue
        seen.add(a)
        operation, *rest = program.nodes[a]
        if program.levels[a] < RUN:
            if operation not in ("c", "b"):
                found.append(a)
        elif operation not in LEAVES:
            stack.extend(rest)
    return sorted(found)
