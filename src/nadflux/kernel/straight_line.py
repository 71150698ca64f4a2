"""Printing the equations of a model as straight-line IR, cut into functions of bounded size.

Every kernel is a list of nodes to compute and of places to store some of them. The list is cut where it
gets long; what one piece computes and a later one needs goes through the ``scratch`` array, so that compile time
grows linearly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """Write a node to an element of an array."""

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
    """Prints kernels of one program for a number of lanes."""

    def __init__(self, program: Program, width: int, hoisted: dict[int, int]) -> None:
        self.program = program
        self.width = width
        self.hoisted = hoisted
        self.position = {state: k for k, state in enumerate(program.order)}
        self.vector = f"<{width} x double>"
        self.truth = f"<{width} x i1>"

    def kernel(self, name: str, stores: Sequence[Store], level: int = RUN) -> Printed:
        """Functions ``name_0 …`` and the function ``name`` that calls them in turn."""
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
        """Whether a kernel reads the node from an array instead of computing it."""
        if self.program.nodes[node][0] in LEAVES:
            return True
        return level == RUN and self.program.levels[node] < RUN

    def _schedule(self, stores: Sequence[Store], level: int) -> list[int | Store]:
        """Nodes in evaluation order, each store right after its node."""
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
        """Scratch slots of the nodes that a later piece needs."""
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
        """Lines of the body."""
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
        """The value of a node, computed here, read from an array, or literal."""
        if node in self._texts:
            return self._texts[node]
        operation, *rest = self.owner.program.nodes[node]
        if operation == "c":
            return self._splat(rest[0])
        if operation == "b":
            return "<" + ", ".join([f"i1 {'true' if rest[0] else 'false'}"] * self.owner.width) + ">"
        self._texts[node] = text = self._fetch(node, operation, rest)
        return text

    def _fetch(self, node: int, operation: str, rest: list) -> str:
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
    """What the running kernels read per person: computed once, from parameters only."""
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


class _Linear:
    """Straight-line sparse algebra: rows are printed in groups of bounded size."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.vector = f"<{width} x double>"
        self.groups: list[list[str]] = [[]]
        self._known: dict[tuple[str, int], str] = {}
        self._count = 0

    def emit(self, text: str) -> str:
        self._count += 1
        self.groups[-1].append(f"  %v{self._count} = {text}")
        return f"%v{self._count}"

    def operation(self, name: str, a: str, b: str) -> str:
        return self.emit(f"{name} {self.vector} {a}, {b}")

    def read(self, array: str, index: int) -> str:
        key = (array, index)
        if key not in self._known:
            address = self.emit(f"getelementptr {self.vector}, ptr %{array}, i64 {index}")
            self._known[key] = self.emit(f"load {self.vector}, ptr {address}, align {8 * self.width}")
        return self._known[key]

    def write(self, text: str, array: str, index: int) -> None:
        address = self.emit(f"getelementptr {self.vector}, ptr %{array}, i64 {index}")
        self.groups[-1].append(f"  store {self.vector} {text}, ptr {address}, align {8 * self.width}")
        self._known[array, index] = text

    def end_row(self) -> None:
        if len(self.groups[-1]) > 3 * PIECE:
            self.groups.append([])
            self._known.clear()

    def text(self, name: str, arrays: Sequence[str]) -> list[str]:
        signature = ", ".join(f"ptr noalias %{a}" for a in arrays)
        pass_on = ", ".join(f"ptr %{a}" for a in arrays)
        text = []
        for k, group in enumerate(self.groups):
            body = "\n".join([*group, "  ret void"])
            text.append(f"define internal void @{name}_{k}({signature}) noinline nounwind {{\n{body}\n}}")
        calls = "\n".join(f"  call void @{name}_{k}({pass_on})" for k in range(len(self.groups)))
        text.append(f"define void @{name}({signature}) noinline nounwind {{\n{calls}\n  ret void\n}}")
        return text


def print_factorise(program: Program, width: int, entries: dict[tuple[int, int], int]) -> list[str]:
    """``factorise(jacobian, shift, factors)``: LU of shift·I - J, reciprocals on the diagonal.

    ``entries`` gives the index of each Jacobian entry by (row, column) position.
    """
    out = _Linear(width)
    one = "<" + ", ".join([f"double {literal(1.0)}"] * width) + ">"
    slots = _slots(program)
    for i, row in enumerate(program.rows):
        shift = out.read("shift", 0)
        values: dict[int, str | None] = {}
        for j in row:
            entry = out.read("jacobian", entries[i, j]) if (i, j) in entries else None
            if i == j:
                values[j] = out.operation("fsub", shift, entry) if entry else shift
            else:
                values[j] = out.emit(f"fneg {out.vector} {entry}") if entry else None
        for k in row:
            pivot = values[k]
            if k >= i or pivot is None:
                continue
            values[k] = factor = out.operation("fmul", pivot, out.read("factors", slots[k, k]))
            for j in program.rows[k]:
                if j > k:
                    product = out.operation("fmul", factor, out.read("factors", slots[k, j]))
                    old = values[j]
                    values[j] = out.operation("fsub", old, product) if old else out.emit(f"fneg {out.vector} {product}")
        for j in row:
            text = values[j]
            assert text is not None
            if j == i:
                text = out.operation("fdiv", one, text)
            out.write(text, "factors", slots[i, j])
        out.end_row()
    return out.text("factorise", ("jacobian", "shift", "factors"))


def print_solve(program: Program, width: int) -> list[str]:
    """``solve(factors, addend, x)``: x becomes the solution for the right-hand side x + addend."""
    out = _Linear(width)
    slots = _slots(program)
    for i, row in enumerate(program.rows):
        total = out.operation("fadd", out.read("x", i), out.read("addend", i))
        for j in row:
            if j < i:
                total = out.operation(
                    "fsub", total, out.operation("fmul", out.read("factors", slots[i, j]), out.read("x", j))
                )
        out.write(total, "x", i)
        out.end_row()
    for i in reversed(range(len(program.rows))):
        total = out.read("x", i)
        for j in program.rows[i]:
            if j > i:
                total = out.operation(
                    "fsub", total, out.operation("fmul", out.read("factors", slots[i, j]), out.read("x", j))
                )
        out.write(out.operation("fmul", total, out.read("factors", slots[i, i])), "x", i)
        out.end_row()
    return out.text("solve", ("factors", "addend", "x"))


def print_multiply(program: Program, width: int, entries: dict[tuple[int, int], int]) -> list[str]:
    """``multiply(jacobian, x, product)``: J x."""
    out = _Linear(width)
    zero = "<" + ", ".join([f"double {literal(0.0)}"] * width) + ">"
    rows: dict[int, list[int]] = {}
    for i, j in entries:
        rows.setdefault(i, []).append(j)
    for i in range(len(program.rows)):
        total = zero
        for j in sorted(rows.get(i, [])):
            product = out.operation("fmul", out.read("jacobian", entries[i, j]), out.read("x", j))
            total = product if total == zero else out.operation("fadd", total, product)
        out.write(total, "product", i)
        out.end_row()
    return out.text("multiply", ("jacobian", "x", "product"))


def _slots(program: Program) -> dict[tuple[int, int], int]:
    slots: dict[tuple[int, int], int] = {}
    for i, row in enumerate(program.rows):
        for j in row:
            slots[i, j] = len(slots)
    return slots
