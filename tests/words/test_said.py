"""A reworded text knows where each character was typed."""

from __future__ import annotations

from nadflux.words import Said, canonical
from nadflux.words.said import joined


def test_a_stretch_of_the_new_text_is_that_of_the_typed_one() -> None:
    said = canonical("NR 500 mg bid for one week").said
    assert said.text == "NR 500 mg twice daily for 1 week"
    for word, typed in (("NR", "NR"), ("twice daily", "bid"), ("1 week", "one week")):
        start = said.text.index(word)
        first, last = said.stretch(start, start + len(word))
        assert said.typed[first:last] == typed


def test_parts_and_joins_keep_their_places() -> None:
    said = Said.of("500 mg NR daily")
    turned = joined([said.part(7, 9), said.part(0, 6), said.part(9)])
    assert turned.text == "NR 500 mg daily"
    assert said.typed[slice(*turned.stretch(3, 9))] == "500 mg"
    assert turned.stretch(len(turned.text), len(turned.text)) == (15, 16)


def test_what_is_not_in_the_table_stays_as_it_is() -> None:
    text = "NR chloride 500 mg oral twice daily at 08:00 and 20:00 for 8 weeks"
    assert canonical(text).said == Said.of(text)
