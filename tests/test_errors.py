"""What errors say: the thing and the remedy."""

from __future__ import annotations

from nadflux.errors import UnknownNameError


def test_an_unknown_name_always_says_what_is_known() -> None:
    names = [f"liver.E{number}.Km" for number in range(40)]
    assert "did you mean 'liver.E7.Km'" in str(UnknownNameError("parameter", "livr.E7.Km", names))
    assert str(UnknownNameError("parameter", "💊", names[:2])).endswith("known: liver.E0.Km, liver.E1.Km")
    assert "40 are known, such as liver.E0.Km" in str(UnknownNameError("parameter", "💊", names))
    assert str(UnknownNameError("parameter", "💊", names, "(try this)")) == "unknown parameter '💊' (try this)"
    assert str(UnknownNameError("word", "💊", names, "Describe it.")) == "unknown word '💊'. Describe it."
