"""Tables fit the terminal, and no figure is cut."""

from __future__ import annotations

import io
import re

import pytest

from nadflux.faces.documents.columns import Column
from nadflux.faces.documents.layout import layout, width_of

Row = tuple[str, ...]
NAMES = ("NR chloride subcutaneous (no PK data, beyond data)", "NAM oral")
ROWS = [(name, *(f"{k + 1}.25 ({k}.031 to {k + 2}.5)" for k in range(7))) for name in NAMES]


def cell(number: int) -> Column[Row]:
    return Column(head=f"figure {number}", below="µM", of=lambda row: row[number], right=True)


COLUMNS = [Column[Row](head="route", of=lambda row: row[0]), *map(cell, range(1, 8))]


def lines(width: int, columns: list[Column[Row]] = COLUMNS, rows: list[Row] = ROWS, **options: object) -> list[str]:
    from rich.console import Console

    out = io.StringIO()
    screen = Console(file=out, width=max(width, 400))
    for table in layout(rows, columns, width, **options):  # type: ignore[arg-type]
        screen.print(table)
    return out.getvalue().split("\n")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 132, 200])
def test_no_line_is_longer_than_the_terminal(width: int) -> None:
    assert max(map(len, lines(width))) <= width


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_figure_is_cut_or_broken_within_its_brackets(width: int) -> None:
    text = "\n".join(lines(width))
    for k in range(7):
        assert text.count(f"{k + 1}.25") == len(ROWS)
        assert text.count(f"({k}.031 to {k + 2}.5)") == len(ROWS)
    assert "…" not in text and "\N{NO-BREAK SPACE}" not in text


def test_a_wide_terminal_has_one_table_with_a_line_for_each_row() -> None:
    wide = width_of(ROWS, COLUMNS)
    assert len(layout(ROWS, COLUMNS, wide)) == 1
    assert len([line for line in lines(wide) if line.strip()]) == 2 + len(ROWS)
    assert all(name in "\n".join(lines(wide)) for name in NAMES)


def test_columns_without_room_follow_in_a_table_that_names_the_rows_again() -> None:
    tables = layout(ROWS, COLUMNS, 80)
    assert len(tables) > 1
    assert [str(table.columns[0].header).split("\n")[0] for table in tables] == ["route"] * len(tables)
    heads = [" ".join(str(column.header).split()) for table in tables for column in table.columns[1:]]
    assert heads == [f"figure {k} µM" for k in range(1, 8)]


def test_the_title_stands_once() -> None:
    assert len([line for line in lines(60, title="Levels") if line.strip() == "Levels"]) == 1


def test_a_name_keeps_room_enough_to_be_read() -> None:
    column = [line[:20] for line in lines(80) if line.strip()]
    assert any("NR chloride" in line for line in column)


def test_a_column_may_be_bounded_and_another_kept_whole() -> None:
    long = "between words this sentence may be broken"
    columns = [
        Column[Row](head="said", of=lambda row: row[0], widest=20),
        Column[Row](head="kept", of=lambda row: row[1], whole=True),
    ]
    found = lines(1000, columns, [(long, "0.8 to 1.25 of rest")])
    assert max(len(line.rstrip()) for line in found) <= 20 + 2 + len("0.8 to 1.25 of rest")
    assert re.sub(r"\s+", " ", " ".join(line[:20] for line in found[1:])).strip() == long
    assert any("0.8 to 1.25 of rest" in line for line in lines(40, columns, [(long, "0.8 to 1.25 of rest")]))


def test_text_is_never_taken_for_markup() -> None:
    columns = [Column[Row](head="[bold]", of=lambda row: row[0])]
    text = "\n".join(lines(80, columns, [("[NAD+] [red]",)]))
    assert "[bold]" in text and "[NAD+] [red]" in text
