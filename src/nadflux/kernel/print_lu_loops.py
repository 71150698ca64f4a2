"""Sparse factorisation as loops over tables, for models whose straight-line form would take minutes to compile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from nadflux.kernel.ir import Function, Value
from nadflux.kernel.program import Program

_Table = Callable[[str, Value], Value]
MOST_UPDATES = 20_000  # multiplications of a factorisation that is printed line by line


def count_updates(rows: Sequence[Sequence[int]]) -> int:
    """Return how many products a factorisation subtracts.

    Parameters
    ----------
    rows : sequence of sequence of int
        For each row the columns of its factors, increasing.
    """
    above = [sum(j > i for j in row) for i, row in enumerate(rows)]
    return sum(above[k] for i, row in enumerate(rows) for k in row if k < i)


def print_factorise_loops(program: Program, width: int, entries: dict[tuple[int, int], int]) -> list[str]:
    """Return ``factorise(jacobian, shift, factors)`` as `print_lu.print_factorise`, its operations in the same order.

    A row is computed in a dense row of memory and then written to its slots.
    """
    rows = program.rows
    tables = {
        "start": [0, *accumulate(len(row) for row in rows)],
        "column": [j for row in rows for j in row],
        "entry": [entries.get((i, j), -1) for i, row in enumerate(rows) for j in row],
    }
    tables["diagonal"] = [tables["start"][i] + list(row).index(i) for i, row in enumerate(rows)]
    f = Function("factorise", [("ptr", "jacobian"), ("ptr", "shift"), ("ptr", "factors")], width)
    places = {name: Value(f, "ptr", f"@factorise_{name}") for name in tables}
    work = f.reserve(f.vector, max(len(rows), 1))

    def table(name: str, index: Value) -> Value:
        return f.read(places[name], index, "i64")

    with f.loop(len(rows)) as i:
        first, end, diagonal = table("start", i), table("start", i + 1), table("diagonal", i)
        _fill(f, work, (first, end), table, i)
        with f.loop(diagonal, start=first) as slot:
            _eliminate(f, work, table("column", slot), table)
        f.write(1.0 / f.read(work, i), work, i)
        with f.loop(end, start=first) as slot:
            f.write(f.read(work, table("column", slot)), f.argument("factors"), slot)
    f.give()
    return [f.text("noinline nounwind"), *(_constant(name, values) for name, values in tables.items())]


def _fill(f: Function, work: Value, slots: tuple[Value, Value], table: _Table, i: Value) -> None:
    """Fill the row of shift·I - J."""
    first, end = slots
    with f.loop(end, start=first) as slot:
        column, entry = table("column", slot), table("entry", slot)
        f.write(f.vector_of(0.0), work, column)
        with f.when(entry.differs(-1)):
            f.write(-f.read(f.argument("jacobian"), entry), work, column)
    f.write(f.read(f.argument("shift"), 0) + f.read(work, i), work, i)


def _eliminate(f: Function, work: Value, k: Value, table: _Table) -> None:
    """Subtract the multiple of row ``k`` that clears its column."""
    factors, pivot = f.argument("factors"), table("diagonal", k)
    factor = f.read(work, k) * f.read(factors, pivot)
    f.write(factor, work, k)
    with f.loop(table("start", k + 1), start=pivot + 1) as slot:
        column = table("column", slot)
        f.write(f.read(work, column) - factor * f.read(factors, slot), work, column)


def _constant(name: str, values: list[int]) -> str:
    values = values or [0]
    return f"@factorise_{name} = internal constant [{len(values)} x i64] [{', '.join(f'i64 {v}' for v in values)}]"
