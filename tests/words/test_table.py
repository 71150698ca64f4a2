"""The table of words: its rows, and the mistakes that are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nadflux.errors import TableError
from nadflux.words import canonical
from nadflux.words.table import (
    ASK,
    CONDITION,
    FILE,
    MASS,
    NUMBER,
    PERSON,
    PLAN,
    READ,
    TIME,
    Entry,
    words_table,
)

HEADER = "topic,of,words,means,adds,unless,answer,note,tier,source\n"
SAMPLES = {"n": "3", "m": "2", "k": "1", "u": "mg", "t": "weeks"}
HOURS = {"sleep.start": "23:00", "breakfast.time": "08:00", "lunch.time": "13:00", "dinner.time": "19:00"}
ENTRIES = [(what, entry) for what in (PLAN, PERSON) for entry in words_table().of(what)]


def typed(entry: Entry) -> str:
    """The words of an entry as somebody types them."""
    text = re.sub(r"\{([nmkut])\}", lambda match: SAMPLES[match.group(1)], entry.words)
    return text.removesuffix("*")


def test_every_entry_is_found_by_its_own_words() -> None:
    missed = []
    for what, entry in ENTRIES:
        found = canonical(f" {typed(entry)} ", what, numbers=HOURS).found
        if not found or found[0].typed != typed(entry) or "{" in found[0].means + found[0].adds + found[0].note:
            missed.append((what, entry.words))
    assert not missed


@pytest.mark.parametrize("what", [PLAN, PERSON])
def test_the_canonical_wording_has_nothing_left_to_reword(what: str) -> None:
    for entry in words_table().of(what):
        if entry.answer != READ:
            continue
        once = canonical(typed(entry), what, numbers=HOURS).said.text
        again = canonical(once, what, numbers=HOURS).said.text
        assert pieces(again) == pieces(once), entry.words


def pieces(text: str) -> list[str]:
    return [piece.strip() for piece in text.split(",") if piece.strip()]


def test_rows_with_numbers_have_a_tier_and_a_source() -> None:
    numbers = [
        entry for entry in words_table().entries if entry.topic in ("drinks", "exercise") and "at " in entry.adds
    ]
    assert numbers and all(entry.tier and entry.source for entry in numbers)


def test_what_is_asked_back_has_two_readings() -> None:
    asked = [entry for _, entry in ENTRIES if entry.answer == ASK]
    assert asked and all(len(entry.means.split("|")) >= 2 and entry.note for entry in asked)


def test_conditions_say_what_they_may_be() -> None:
    conditions = [entry for _, entry in ENTRIES if entry.answer == CONDITION]
    assert len(conditions) > 100 and all(entry.note for entry in conditions)


def test_numbers_and_units_have_one_canonical_word() -> None:
    table = words_table()
    assert table.canonical_of(NUMBER)["twelve"] == "12"
    assert table.canonical_of(MASS)["milligrams"] == "mg"
    assert table.canonical_of(TIME)["wks"] == "weeks"
    assert FILE.name == "words.csv"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("how often,plans,bid,twice daily,,,read,,,", "of 'plans'"),
        ("how often,plan,bid,twice daily,,,maybe,,,", "answer 'maybe'"),
        ("how often,plan,bid,twice daily,,,ask,,,", "two|readings"),
        ("how often,plan,bid,,,,refuse,,,", "needs a note"),
        ("how often,plan,bid,twice daily,,,read,,,\nhow often,both,BID,daily,,,read,,,", "listed already"),
        ("how often,plan,,twice daily,,,read,,,", "'words' is empty"),
    ],
)
def test_mistakes_in_the_table_are_refused(tmp_path: Path, row: str, says: str) -> None:
    file = tmp_path / "words.csv"
    file.write_text(f"{HEADER}{row}\n", encoding="utf-8")
    with pytest.raises(TableError, match=says):
        words_table(file)
