"""What errors say: the thing and the remedy."""

from __future__ import annotations

from nadflux.errors import UnknownNameError, shortened, shortened_lines


def test_an_unknown_name_always_says_what_is_known() -> None:
    names = [f"liver.E{number}.Km" for number in range(40)]
    assert "did you mean 'liver.E7.Km'" in str(UnknownNameError("parameter", "livr.E7.Km", names))
    assert str(UnknownNameError("parameter", "💊", names[:2])).endswith("known: liver.E0.Km, liver.E1.Km")
    assert "40 are known, such as liver.E0.Km" in str(UnknownNameError("parameter", "💊", names))
    assert str(UnknownNameError("parameter", "💊", names, "(try this)")) == "unknown parameter '💊' (try this)"
    assert str(UnknownNameError("word", "💊", names, "Describe it.")) == "unknown word '💊'. Describe it."


def test_long_names_and_lines_are_cut() -> None:
    error = UnknownNameError("parameter", "x" * 10_000, ["liver.NAD"])
    assert len(str(error)) < 200 and error.name == "x" * 10_000
    assert shortened(10**5000) == "a number of thousands of digits"
    assert shortened("short") == "'short'"
    text = shortened_lines(f"first\n{'x' * 5000}; the remedy")
    assert text.startswith("first\nxxx") and text.endswith("x; the remedy") and len(text) < 2100
    assert shortened_lines("one\ntwo") == "one\ntwo"
