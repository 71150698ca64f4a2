"""A described person is read, written and refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nadflux.errors import AmbiguousError, NadfluxError, UnitError, UnknownNameError, ValueOutOfRangeError
from nadflux.people import Person


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("woman, 62 y, 70 kg", Person("woman", 62, 70)),
        ("man, 30 years, 1.8 m, 90 kg", Person("man", 30, 90, 180)),
        ("70kg,female,62-year-old", Person("woman", 62, 70)),
        ("Male, 45 yo, 176.37 lb", Person("man", 45, 176.37 * 0.45359237)),
    ],
)
def test_reading(text: str, person: Person) -> None:
    read = Person.parse(text)
    assert (read.sex, read.age, read.height) == (person.sex, person.age, person.height)
    assert read.weight == pytest.approx(person.weight)


@given(
    st.sampled_from(["woman", "man"]),
    st.floats(18, 110),
    st.none() | st.floats(50, 120),
    st.none() | st.floats(150, 200),
)
def test_round_trip(sex: str, age: float, weight: float | None, height: float | None) -> None:
    person = Person(sex, age, weight, height)
    assert Person.parse(str(person)) == person


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("woman, 620 y, 70 kg", ValueOutOfRangeError, "age 620.* between 18 and 110"),
        ("woman, -3 y, 70 kg", ValueOutOfRangeError, "age -3"),
        ("woman, 0 y", ValueOutOfRangeError, "age 0"),
        ("woman, nan y, 70 kg", ValueOutOfRangeError, "age nan"),
        ("woman, 62 y, inf kg", ValueOutOfRangeError, "weight inf"),
        ("woman, 62 y, -70 kg", ValueOutOfRangeError, "weight -70"),
        ("woman, 62 y, 700 kg", ValueOutOfRangeError, "weight 700"),
        ("woman, 62 y, 70 kg, 16.8 m", ValueOutOfRangeError, "height 1680"),
        ("woman, 62 y, 250 kg, 130 cm", ValueOutOfRangeError, "body mass index"),
        ("woman, 62 y, 70", ValueOutOfRangeError, "no unit"),
        ("woman, 62, 70", AmbiguousError, "'62 y, 70 kg' or '70 y, 62 kg'"),
        ("62 y, 70 kg", ValueOutOfRangeError, "woman or man"),
        ("woman, 70 kg", ValueOutOfRangeError, "no age"),
        ("woman, 62 y, 61 y", ValueOutOfRangeError, "twice"),
        ("womann, 62 y", UnknownNameError, "'woman'"),
        ("woman, 62 y, 70 kgg", UnitError, "kgg"),
        ("woman, 62 y, 70 L", ValueOutOfRangeError, "neither"),
        ("", ValueOutOfRangeError, "woman or man"),
    ],
)
def test_refusals(text: str, error: type[NadfluxError], says: str) -> None:
    with pytest.raises(error, match=says):
        Person.parse(text)


@pytest.mark.parametrize(
    "word",
    [
        "may be pregnant", "suspected diabetes", "smoker", "CD38 variant", "menopausal",
    ],
)  # fmt: skip
def test_a_condition_is_not_modelled(word: str) -> None:
    with pytest.raises(NadfluxError, match=f"'{word}': conditions are not modelled.*see a clinician") as refused:
        Person.parse(f"woman, 30 y, 60 kg, {word}")
    assert "did you mean" not in str(refused.value)


def test_an_unknown_word_is_answered_in_sentences() -> None:
    with pytest.raises(UnknownNameError, match=r"'zxqvw'\. Describe a person"):
        Person.parse("woman, 30 y, zxqvw", habit=lambda text: None, habit_words=[f"habit {k}" for k in range(20)])


def test_unknown_covariates_are_listed() -> None:
    assert Person("man", 40).unknown == ("weight", "height")
