"""Printing sparse linear algebra as straight-line IR: factorisation, solution and product."""

from __future__ import annotations

from collections.abc import Sequence

from nadflux.kernel.ir import literal
from nadflux.kernel.program import Program

GROUP = 1200  # instructions in one function


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
        if len(self.groups[-1]) > GROUP:
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
    """Print ``factorise(jacobian, shift, factors)``: LU of shift·I - J, reciprocals on the diagonal.

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
    """Print ``solve(factors, addend, x)``: x becomes the solution for the right-hand side x + addend."""
    out = _Linear(width)
    slots = _slots(program)
    for i, row in enumerate(program.rows):
        total = out.operation("fadd", out.read("x", i), out.read("addend", i))
        # Subtracts what the unknowns before it contribute.
        for j in row:
            if j < i:
                total = out.operation(
                    "fsub", total, out.operation("fmul", out.read("factors", slots[i, j]), out.read("x", j))
                )
        out.write(total, "x", i)
        out.end_row()
    for i in reversed(range(len(program.rows))):
        total = out.read("x", i)
        # Subtracts what the unknowns after it contribute.
        for j in program.rows[i]:
            if j > i:
                total = out.operation(
                    "fsub", total, out.operation("fmul", out.read("factors", slots[i, j]), out.read("x", j))
                )
        out.write(out.operation("fmul", total, out.read("factors", slots[i, i])), "x", i)
        out.end_row()
    return out.text("solve", ("factors", "addend", "x"))


def print_multiply(program: Program, width: int, entries: dict[tuple[int, int], int]) -> list[str]:
    """Print ``multiply(jacobian, x, product)``: J x."""
    out = _Linear(width)
    zero = "<" + ", ".join([f"double {literal(0.0)}"] * width) + ">"
    rows: dict[int, list[int]] = {}
    for i, j in entries:
        rows.setdefault(i, []).append(j)
    for i in range(len(program.rows)):
        total = zero
        # Sums the products of the row.
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
