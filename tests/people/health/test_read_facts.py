"""Facts of health read in people's words: denied, past, with units, and never with another meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.people.health import FactValue, read_facts, say_facts, shipped_facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("type 2 diabetes on metformin", {"type_2_diabetes": True, "on_metformin": True}),
        ("metformin 1000 mg twice daily", {"on_metformin": True}),
        ("no history of cancer", {"cancer": False, "past_cancer": False}),
        ("history of breast cancer", {"past_cancer": True}),
        ("breast cancer in remission", {"past_cancer": True}),
        ("breast cancer 10 years ago", {"past_cancer": True}),
        ("cancer survivor", {"past_cancer": True}),
        ("past anorexia", {"eating_disorder": True}),
        ("not pregnant", {"pregnant": False}),
        ("no longer pregnant", {"pregnant": False}),
        ("nursing", {"breastfeeding": True}),
        ("no diabetes, gout or cancer", {"diabetes": False, "gout": False, "cancer": False}),
        ("no cancer but gout", {"cancer": False, "gout": True}),
        ("non-diabetic", {"diabetes": False}),
        ("Ozempic", {"on_glp1_agonist": True}),
        ("on simvastatin", {"on_statin": True, "on_simvastatin": True}),
        ("not on simvastatin", {"on_simvastatin": False}),
        ("not on a statin", {"on_statin": False}),
        ("not on atorvastatin", {}),
        ("no melanoma", {}),
        ("severe kidney disease", {"kidney_failure": True}),
        ("CKD stage 4", {"kidney_failure": True}),
        ("on dialysis", {"dialysis": True}),
        ("eGFR 45", {"egfr": 45.0}),
        ("creatinine 1.8 mg/dL", {"creatinine": 159.156}),
        ("creatinine 160 µmol/L", {"creatinine": 160.0}),
        ("phosphate 2.1 mg/dL", {"phosphate": 0.67809}),
        ("ALT 90 U/L", {"alt": 2.25}),
        ("ALT 4 x ULN", {"alt": 4.0}),
        ("BP 185/100", {"systolic": 185.0, "diastolic": 100.0}),
        ("heart attack 8 weeks ago", {"weeks_since_infarction": 8.0}),
        ("surgery in 2 weeks", {"weeks_to_surgery": 2.0}),
        ("takes 6 medicines", {"medicines": 6.0}),
        ("no medicines", {"medicines": 0.0}),
        ("4 drinks a day", {"alcohol": 4.0}),
        ("kidney stones", {"kidney_stones": True}),
        ("diabetes and a pacemaker and green hair", None),
        ("70 kg", None),
    ],
)
def test_words_are_read_with_their_meaning(text: str, facts: dict[str, FactValue] | None) -> None:
    assert read_facts(text) == facts


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("creatinine 1.8", "unit"),
        ("ALT 90", "unit"),
        ("platelets 200000", "200000"),
        ("eGFR 4500", "4500"),
        ("family history of breast cancer", "family"),
        ("diabetes, no diabetes", "two meanings"),
    ],
)
def test_what_may_mean_two_things_is_refused_with_a_remedy(text: str, word: str) -> None:
    with pytest.raises(ValueOutOfRangeError, match=word):
        read_facts(text)


def _values() -> st.SearchStrategy[dict[str, FactValue]]:
    facts = [fact for fact in shipped_facts() if fact.name not in ("female", "age", "bmi")]

    def value(name: str) -> st.SearchStrategy[FactValue]:
        fact = shipped_facts().fact(name)
        if not fact.number:
            return st.booleans()
        return st.floats(fact.low, fact.high).map(lambda number: round(float(f"{number:.5g}"), 9))

    names = st.lists(st.sampled_from([fact.name for fact in facts]), max_size=6, unique=True)
    return names.flatmap(lambda names: st.fixed_dictionaries({name: value(name) for name in names}))


@given(_values())
def test_every_fact_is_said_so_that_it_reads_back(facts: dict[str, FactValue]) -> None:
    medicines = {name for name in facts if name.startswith("on_")}
    kept = {name: value for name, value in facts.items() if name not in medicines}
    back: dict[str, FactValue] = {}
    for words in say_facts(kept):
        read = read_facts(words)
        assert read is not None, words
        back |= read
    assert back == kept


@pytest.mark.parametrize("medicine", shipped_facts().medicines, ids=lambda medicine: medicine.words[0])
def test_every_name_of_a_medicine_sets_its_facts_and_reads_back(medicine: object) -> None:
    for word in medicine.words:  # type: ignore[attr-defined]
        facts = read_facts(f"on {word}")
        assert facts == dict.fromkeys(medicine.sets, True), word  # type: ignore[attr-defined]
        back: dict[str, FactValue] = {}
        for words in say_facts(facts):
            back |= read_facts(words) or {}
        assert back == facts, word


@given(st.text(alphabet="abcdeghinoprst 0123456789/.,-+%", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_facts(text)
    except NadfluxError as error:
        assert str(error)
