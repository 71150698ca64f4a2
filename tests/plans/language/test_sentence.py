"""The regimen language: read, written, and mistakes pointed at."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nadflux.errors import PlanError
from nadflux.plans import Amount, Frequency, Phase, Plan, Regimen, from_yaml, parse_plan
from refusals import refusal_of


def test_the_readme_sentence() -> None:
    plan = parse_plan("NR chloride 500 mg oral twice daily for 8 weeks")
    phase = Phase(Amount(500, "mg"), Frequency("daily", 2), duration=Amount(8, "weeks"))
    assert plan == Plan((Regimen("NR chloride", "oral", (phase,)),))
    assert plan.notes == ()


def test_phases_keep_what_is_not_said_again() -> None:
    plan = parse_plan("NAD+ 500 mg IV over 4 h, 3 sessions/week for 4 weeks then 500 mg every 4 weeks for 3 months")
    first, second = plan.regimens[0].phases
    assert first.infusion == second.infusion == Amount(4, "h")
    assert first.frequency == Frequency("weekly", 3)
    assert second.frequency == Frequency("every", interval=Amount(4, "weeks"))


def test_plus_joins_only_between_spaces() -> None:
    plan = parse_plan("NAD+ 500 mg IV over 4 h + NR chloride 300 mg oral daily for 1 week; NA 50 mg oral")
    assert [regimen.compound for regimen in plan.regimens] == ["NAD+", "NR chloride", "NA"]


@pytest.mark.parametrize("name", ["NR", "nr", "nicotinamide riboside"])
def test_open_salt_is_read_as_the_chloride_and_said(name: str) -> None:
    plan = parse_plan(f"{name} 500 mg oral daily for 1 week")
    assert plan.regimens[0].compound == "NR chloride"
    assert "read as NR chloride" in str(plan.notes[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NAM 1 g oral", "niacinamide 1 g by mouth once"),
        ("NAM 1 g oral 2x/day for 3 d", "NAM 1 g po twice a day for 3 d"),
        ("NAM 1 g oral every other day for 2 weeks", "NAM 1 g oral every 2 days for 2 weeks"),
        ("NAM 1 g oral weekly for 2 weeks", "NAM 1 g oral once a week for 2 weeks"),
        ("NAM 1 g oral 3/week for 2 weeks", "NAM 1 g oral three times a week, for 2 weeks"),
        ("nicotinamide 4% topical twice daily on 300 cm2 for 1 week", "NAM 4 % topical on 300 cm² 2x/day for 1 week"),
        ("NAM 1 g oral daily at 08:00 for 2 d", "NAM 1 g orally for 2 d, at 08:00, every day"),
    ],
)
def test_ways_to_say_the_same(one: str, other: str) -> None:
    assert parse_plan(one) == parse_plan(other)


@pytest.mark.parametrize(
    ("sentence", "says", "word"),
    [
        ("NRR 500 mg oral", "did you mean 'NR'", "NRR"),
        ("nicotinamid 500 mg oral", "did you mean 'nicotinamide'", "nicotinamid"),
        ("NR 500 mgg oral", "did you mean 'mg'", "500 mgg"),
        ("NR 500 mL oral", "not understood", "500 mL"),
        ("NR 500 oral daily", "no unit", "500"),
        ("NR oral", "a dose with its unit", "oral"),
        ("NR 500 for 8 weeks oral", "the dose has no unit", "500"),
        ("NR 500 mg oral every", "an interval with its unit", ""),
        ("NR 500 mg oral for for 3 d", "a duration with its unit", "for"),
        ("NR 500 mg orral", "did you mean 'oral'", "orral"),
        ("NR 500 mg sublingual", "refused: no human data", "sublingual"),
        ("NMN 500 mg intranasal", "refused: no human data", "intranasal"),
        ("NMN 500 mg subcutaneous", "not modelled; there is: oral", "subcutaneous"),
        ("NR 500 mg oral twize daily for 8 weeks", "did you mean 'twice'", "twize"),
        ("NR -5 mg oral", "above 0", "-5 mg"),
        ("NAD+ 500 mg daily for 1 week", "by which route? of NAD+ none is usual", "NAD+ 500 mg daily for 1 week"),
        ("quinine 3 mg oral", "`nadflux plans` lists all", "quinine"),
        ("NR 500 mg oral 2 d", "how often", "2 d"),
        (
            "NAD+ 500 mg subcutaneous daily with food",
            "does not pass the stomach",
            "NAD+ 500 mg subcutaneous daily with food",
        ),
        ("NAD+ 500 mg IV over 4 h fasted", "leave out 'fasted'", "NAD+ 500 mg IV over 4 h fasted"),
        (
            "nicotinamide 4% topical daily on 300 cm2 with food",
            "food does not act on it",
            "nicotinamide 4% topical daily on 300 cm2 with food",
        ),
        ("NR 500 mg oral with food daily fasted", "food is given twice", "fasted"),
        ("NR 500 mg oral daily with fod", "did you mean 'with food'", "with"),
        ("glucose 75 g oral with food", "food or drink itself", "glucose 75 g oral with food"),
        ("NR 0 mg oral", "above 0", "0 mg"),
        ("NR nan mg oral", "above 0", "nan mg"),
        ("NR inf mg oral", "above 0", "inf mg"),
        ("NR 200 g oral daily for 2 d", "at most 100 g", "200 g"),
        ("NR 5 mg oral daily for 0 weeks", "above 0", "0 weeks"),
        ("NR 5 mg oral daily for -8 weeks", "above 0", "-8 weeks"),
        ("NR 5 mg oral daily for nan weeks", "above 0", "nan weeks"),
        ("NR 5 mg oral daily for 4000 years", "at most 100 years", "4000 years"),
        ("NR 5 mg oral daily for 8 weekz", "did you mean 'week", "8 weekz"),
        ("NR 5 mg oral daily for 8 mg", "not a time", "8 mg"),
        ("NR 5 mg oral daily from day -3 for 1 week", "from 0", "from day -3"),
        ("NR 5 mg oral every 1 min for 2 d", "infusion", "1 min"),
        ("NR 5 mg oral for 8 weeks", "how often", "for 8 weeks"),
        ("NR 5 mg oral daily twice daily", "given twice", "twice daily"),
        ("NR 5 mg oral daily at 25:00", "not a time of day", "25:00"),
        ("NR 5 mg oral daily at dawn", "time of day", "dawn"),
        ("NR 5 mg oral twice daily at 08:00 for 1 week", "2 times of day", "twice daily at 08:00 for 1 week"),
        ("NAD+ 500 mg IV over 30 h daily for 2 d", "runs into the next", "over 30 h daily for 2 d"),
        ("stress for 2 weeks", "not modelled", "stress"),
        ("nicotinamide 4% topical twice daily for 1 week", "needs the skin", "twice daily for 1 week"),
        ("nicotinamide 4% topical daily on 300 for 1 week", "an area such as", "300"),
        ("nicotinamide 4% topical daily on 0 cm2 for 1 week", "above 0", "on 0 cm2"),
        ("nicotinamide 4% topical daily on 9e9 cm2 for 1 week", "up to 25000", "on 9e9 cm2"),
        ("nicotinamide 400% topical daily on 300 cm2", "at most 100 %", "400%"),
        ("nicotinamide 20 mg topical daily on 300 cm2", "goes with a strength", "daily on 300 cm2"),
        ("NAM 4 % oral daily on 300 cm2", "for topical use", "NAM 4 % oral daily on 300 cm2"),
        ("NR 500 mg oral daily for 8 weeks then NMNX 3 mg oral", "unknown word 'NMNX'", "NMNX"),
        ("NR 500 mg oral daily then NMN 3 mg oral", "for how long before that?", "NMN 3 mg oral"),
    ],
)
def test_errors_point_at_the_word(sentence: str, says: str, word: str) -> None:
    message, marked = refusal_of(sentence)
    assert says in message
    assert marked == word


@pytest.mark.parametrize("word", ["twice", "three"])
def test_a_word_that_is_known_elsewhere_is_not_offered_in_its_own_place(word: str) -> None:
    message, marked = refusal_of(f"NR 500 mg oral {word} for 2 weeks")
    assert marked == word
    offered = message.split("did you mean")[-1].split("\n")[0]
    assert repr(word) not in offered


@pytest.mark.parametrize(
    "sentence",
    ["", "  ", "NR 5 mg oral daily for 8 weeks +", "; NR 5 mg oral", "NR 5 mg oral daily for 1 week then"],
)
def test_missing_parts(sentence: str) -> None:
    with pytest.raises(PlanError, match=r"empty|missing"):
        parse_plan(sentence)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {compound: NRR, route: oral, phases: [{dose: 5 mg}]}", "did you mean"),
        ("- {compound: NR, route: orl, phases: [{dose: 5 mg}]}", "did you mean"),
        ("- {compound: NR, route: oral, phases: [{dose: 5 mg, often: daily}]}", "often"),
        ("- {compound: NR, route: oral, phases: [{frequency: daily}]}", "lacks its dose"),
        ("- {compound: NR, route: oral, phases: [{dose: -5 mg}]}", "above 0"),
        ("- {compound: NR, route: oral, phases: [{dose: 5 mg, frequency: sometimes}]}", "sometimes"),
        ("- {compound: NR, route: oral, phases: []}", "no dose"),
        ("7", "sentence or a list"),
        ("{", "not valid YAML"),
    ],
)
def test_bad_yaml(text: str, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        from_yaml(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="NRADM 0123456789+-;,.mgorlaIVdyfwks%:th", max_size=50))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_plan(text)
    except PlanError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("words", "food"),
    [
        ("with food", "with food"),
        ("with a meal", "with food"),
        ("with meals", "with food"),
        ("fed", "with food"),
        ("fasted", "fasted"),
        ("on an empty stomach", "fasted"),
        ("without food", "fasted"),
        ("with or without food", ""),
    ],
)
def test_food_is_a_word_of_a_dose(words: str, food: str) -> None:
    for sentence in (f"NR 500 mg oral daily {words} for 2 d", f"NR 500 mg oral {words} daily for 2 d"):
        (regimen,) = parse_plan(sentence).regimens
        assert regimen.phases[0].food == food


def test_food_is_kept_over_then_unless_said() -> None:
    plan = parse_plan("NR 1 g oral daily with food for 2 d then 2 g for 2 d then 1 g daily with or without food")
    assert [phase.food for phase in plan.regimens[0].phases] == ["with food", "with food", ""]
    assert parse_plan(str(plan)) == plan


@pytest.mark.parametrize(
    ("sentence", "said", "words"),
    [
        ("NMN 250 mg sublingual daily", "NMN sublingual is refused: no human data exist for this route", "sublingual"),
        ("NAD+ 50 mg intranasal once", "NAD+ intranasal is refused: no human data exist for this route", "intranasal"),
        ("NA ER 500 mg topical once", "NA ER topical is not modelled; there is: oral", "topical"),
        (
            "NMN 250 mg transdermal once",
            "unknown route 'transdermal'; of NMN there is: oral, IV, topical",
            "transdermal",
        ),
        ("NMN 250 mg orall once", "or 'oral'?", "orall"),
    ],
)
def test_routes_that_are_not_there_say_which_are(sentence: str, said: str, words: str) -> None:
    message, pointed = refusal_of(sentence)
    assert said in message and pointed == words
    assert "there is: oral" in message


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("FK866 10 mg oral once", "drugs.FK866"),
        ("78c 10 mg oral once", "drugs.compound_78c"),
        ("PARP inhibitor 300 mg oral daily", "drugs.PARP_inhibitor"),
        ("rapamycin 5 mg oral weekly", "drugs.rapamycin"),
    ],
)
def test_drugs_are_inputs_and_say_how_to_be_given(sentence: str, name: str) -> None:
    assert f"--set {name}=" in refusal_of(sentence)[0]


def test_oral_nad_enters_as_what_the_gut_splits_it_into() -> None:
    from nadflux.plans.schedule import schedule

    planned = schedule(parse_plan("NAD+ 663.43 mg oral once"))
    (event,) = [event for event in planned.events if event.target == "gut_lumen.NMN"]
    assert event.value == pytest.approx(1000.0)
    assert any("no PK data" in str(note) for note in planned.notes)
