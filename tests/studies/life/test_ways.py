"""Ways of living in words: every row is read, numbers are in bounds, other words are refused by name."""

from __future__ import annotations

import pytest

from nadflux.errors import NadfluxError, NotModelledError, PlanError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.assemble_life import read_life as read_plan
from nadflux.studies.life.ways import REFERENCE, read_life, read_way, way_rows


@pytest.mark.parametrize("row", way_rows(), ids=lambda row: row.words[0])
def test_every_word_of_the_table_is_read(row: object) -> None:
    assert row.input in read_plan()["ways"]  # type: ignore[attr-defined]
    for words in row.words:  # type: ignore[attr-defined]
        number = row.least or row.most / 2  # type: ignore[attr-defined]
        way = read_way(words.replace("#", f"{number:g}"))
        assert list(way.inputs) == [row.input]  # type: ignore[attr-defined]
        assert way.inputs[row.input] >= 0.0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("trained", {"living.training": 1.0}),
        ("trains 3 times a week", {"living.training": 1.0}),
        ("Trains 75 min a week", {"living.training": 0.5}),
        ("caloric restriction 12%", {"living.restriction": 0.12}),
        ("smoker, sleeps 5.5 h", {"living.smoking": 1.0, "living.sleep_lost": 1.5}),
        ("sleeps 9 h", {"living.sleep_lost": 0.0}),
        ("20 g alcohol a day; stressed", {"living.drinks": 2.0, "living.stress": 1.0}),
        ("smokes 10 cigarettes a day", {"living.smoking": 0.5}),
    ],
)
def test_a_way_sets_its_inputs(text: str, inputs: dict[str, float]) -> None:
    assert dict(read_way(text).inputs) == pytest.approx(inputs, rel=1e-5)


def test_a_person_keeps_sex_and_way_and_says_what_is_idle() -> None:
    person, way, idle = read_life("woman, trained, 70 kg", 25.0)
    assert (person.sex, person.age, way.words) == ("woman", 25.0, "trained")
    assert idle == ("weight",)
    assert read_life("woman, pregnant", 25.0)[2] == ("pregnant",)
    assert read_life("man, 40 y", 40.0)[1].words == REFERENCE


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("woman, traned", UnknownNameError, "trained"),
        ("woman, NR 500 mg", NotModelledError, "nadflux simulate"),
        ("woman, trained, sedentary", PlanError, "training"),
        ("woman, 30 y", ValueOutOfRangeError, "--from is 25"),
        ("trained", ValueOutOfRangeError, "woman or man"),
        ("woman, caloric restriction 40%", ValueOutOfRangeError, "0 to 25"),
        ("woman, sleeps 0 h", ValueOutOfRangeError, "3 to 12"),
        ("", ValueOutOfRangeError, "woman or man"),
    ],
)
def test_what_is_not_understood_is_named(text: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        read_life(text, 25.0)


@pytest.mark.parametrize("text", ["", "woman", "metformin", "NMN 250 mg"])
def test_another_way_names_a_way(text: str) -> None:
    with pytest.raises(NadfluxError):
        read_way(text)
