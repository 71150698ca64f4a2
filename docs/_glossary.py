"""``docs/glossary.md``: the words of the model, of the field and of this code, from ``glossary.csv``."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from _text import page, table

TABLE = Path(__file__).resolve().parent / "glossary.csv"


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page."""
    del folder, quick, say
    with TABLE.open(encoding="utf-8", newline="") as file:
        terms = sorted(csv.DictReader(file), key=lambda row: row["term"].casefold())
    rows = [
        (row["term"], row["kind"], row["unit"], row["meaning"], f"`{row['in_code']}`" if row["in_code"] else "")
        for row in terms
    ]
    return page(
        "# Glossary",
        f"{len(rows)} terms. Where the field has a word, the code uses it; *in code* is where it stands.",
        table(("term", "belongs to", "unit", "meaning", "in code"), rows),
    )
