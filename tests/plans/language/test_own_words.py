"""Plans in people's own words: what they are read as, what is asked back, and what is refused."""

from __future__ import annotations

import csv
import itertools
import re
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nadflux.errors import AmbiguousError, NadfluxError, NotModelledError, PlanError
from nadflux.notes import NoteCode
from nadflux.plans import Amount, Frequency, Phase, Plan, Regimen, parse_plan
from nadflux.plans.catalogue import NO_DATA
from nadflux.plans.language.clauses import frequency_from
from nadflux.plans.language.person import read_person
from nadflux.plans.schedule import schedule
from nadflux.words.table import PLAN, READ, Entry, words_table
from refusals import refusal_of

REVIEWED = Path(__file__).parent / "reviewed.csv"
SHARED = Path(__file__).parents[4] / "shared" / "sentences"
READERS = {"plan": parse_plan, "person": read_person}


def reviewed() -> list[dict[str, str]]:
    with REVIEWED.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def answer(of: str, sentence: str) -> str:
    """The canonical form of a sentence, empty where it is not accepted."""
    try:
        return str(READERS[of](sentence))
    except NadfluxError as error:
        assert str(error).strip()
        return ""


def test_reviewed_sentences_mean_what_was_reviewed() -> None:
    rows = reviewed()
    wrong = {
        row["sentence"]: (found, row["canonical"])
        for row in rows
        if (found := answer(row["of"], row["sentence"])) != row["canonical"]
    }
    assert len(rows) > 300 and not wrong


def test_every_accepted_sentence_reads_back_the_same() -> None:
    for row in reviewed():
        if row["canonical"]:
            read = READERS[row["of"]]
            assert read(row["canonical"]) == read(row["sentence"]), row["sentence"]
            assert str(read(row["canonical"])) == row["canonical"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sentences are not beside this checkout")
@pytest.mark.parametrize("name", ["persons", "plans", "plans-with-route"])
def test_nine_of_ten_shared_sentences_are_read_or_asked_back(name: str) -> None:
    lines = (SHARED / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line.strip() for line in lines if line.strip()]
    of = "person" if name == "persons" else "plan"
    understood, exists = 0, 0
    for sentence in sentences:
        try:
            READERS[of](sentence)
        except (AmbiguousError, NotModelledError) as error:
            understood += isinstance(error, AmbiguousError)
            exists += isinstance(error, AmbiguousError)
        except NadfluxError as error:
            exists += isinstance(error, PlanError)
        else:
            understood, exists = understood + 1, exists + 1
    assert exists > len(sentences) / 2 and understood / exists >= 0.9


ANY = ("{w}", "NR 500 mg {w}", "NR 500 mg daily {w}", "NR 500 mg {w} for 8 weeks", "NR 500 mg daily {w} for 8 weeks")
FRAMES = {
    "amounts": ("NR {w} daily for 8 weeks", "NR {w} for 8 weeks", "NR 500 mg daily for {w}",
                "endurance {w} for 4 weeks"),
    "brands and chemical names": ("{w} 500 mg daily for 8 weeks", "{w} 500 mg over 2 h weekly for 8 weeks"),
    "routes": ("NAD+ 500 mg {w} 2 h once", "NAD+ 500 mg {w} over 2 h once", "NAD+ 100 mg {w} weekly for 4 weeks",
               "NAM 4% {w} twice daily on 300 cm2", "NAM 4% topical twice daily {w}", "NMN 250 mg {w} daily"),
    "durations": ("NR 250 mg daily for 2 weeks {w} 500 mg daily for 2 weeks", "NR 250 mg daily for 2 weeks {w} 2 weeks",
                  "NR 250 mg daily for 2 weeks {w}", "NR 250 mg daily {w} 2 weeks", "{w} NR 250 mg daily"),
    "times of day": ("NR 500 mg daily at {w} for 8 weeks", "sleep {w} for 2 weeks", "time-restricted eating {w}"),
    "joins": ("NR 500 mg daily for 4 weeks {w} NMN 250 mg daily for 4 weeks",),
    "words without meaning": ("{w} NR 500 mg daily for 2 weeks",),
    "fasting and eating": ("{w} 36 h", "{w} 25%", "{w} 12:00-20:00 for 2 weeks", "{w} 3 meals a day", "{w} 600 kcal",
                           "meal 50 g {w}", "{w} 30 g"),
    "drinks": ("{w} ethanol 20 g",),
    "exercise": ("{w} 30 min 3/week for 4 weeks", "endurance 45 min at 70% {w}"),
    "sleep": ("{w} 8 h",),
}  # fmt: skip
NUMBERS = ((16.0, 8.0), (3.0, 2.0), (8.0, 30.0), (2.0, 6.0), (500.0, 2.0), (2.0, 500.0))


def typed(entry: Entry, n: float, m: float) -> str:
    """The words of an entry as somebody types them."""
    filled = {"n": f"{n:g}", "m": f"{m:g}", "k": "1", "u": "mg", "t": "weeks"}
    return re.sub(r"\{([nmkut])\}", lambda match: filled[match.group(1)], entry.words)


def test_every_word_of_the_table_is_read_in_some_plan() -> None:
    """And every plan that it is read in has a canonical form that reads back."""
    unread = []
    for entry in words_table().of(PLAN):
        frames = (*FRAMES.get(entry.topic, ()), *ANY)
        tried = itertools.product(frames, NUMBERS if "{" in entry.words else NUMBERS[:1])
        if (
            entry.answer == READ
            and entry.means not in NO_DATA
            and not any(reads_back(f.replace("{w}", typed(entry, *n))) for f, n in tried)
        ):
            unread.append(entry.words)
    assert not unread


def reads_back(sentence: str) -> bool:
    try:
        plan = parse_plan(sentence)
    except PlanError:
        return False
    assert parse_plan(str(plan)) == plan, sentence
    return True


def said(topic: str) -> list[Entry]:
    return [e for e in words_table().of(PLAN) if e.topic == topic and e.answer == READ and "{" not in e.words]


@lru_cache(maxsize=1)
def frequencies() -> list[tuple[str, Frequency]]:
    """Words for a frequency alone, with what they mean."""
    found = []
    for entry in said("how often"):
        try:
            found.append((entry.words, frequency_from(entry.means)))
        except PlanError:
            continue
    return found


COMPOUNDS = [(e.words, e.means) for e in said("brands and chemical names") if e.means in ("NR", "NMN", "NAM", "NA ER")]
COMPOUNDS += [("NR", "NR"), ("nicotinamide riboside", "NR"), ("niacinamide", "NAM"), ("NMN", "NMN")]
NAMES = {"NR": "NR chloride"}
DURATIONS = [("for {} weeks", "weeks"), ("for {} wks", "weeks"), ("{} weeks", "weeks"), ("x {} weeks", "weeks")]
DURATIONS += [("for {} days", "days"), ("for {} months", "months"), ("for a total of {} weeks", "weeks")]
DOSES = [("{} mg", "mg"), ("{}mg", "mg"), ("{} milligrams", "mg"), ("{} g", "g"), ("{} mg/kg", "mg/kg")]
JOINS = (" ", "  ", ", ")


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_regimen_in_any_words_and_order_means_what_it_is_made_of(data: st.DataObject) -> None:
    name, compound = data.draw(st.sampled_from(COMPOUNDS))
    dose, unit = data.draw(st.sampled_from(DOSES))
    number = data.draw(st.integers(1, 40))
    often, frequency = data.draw(st.sampled_from(frequencies()))
    long, time = data.draw(st.sampled_from(DURATIONS))
    length = data.draw(st.integers(4, 20))
    clauses = data.draw(st.permutations([often, long.format(length)]))
    first = [name, dose.format(number)] if data.draw(st.booleans()) else [dose.format(number), name]
    sentence = data.draw(st.sampled_from(JOINS)).join([*first, *clauses])
    if re.search(r"\bdays +per week", sentence):
        with pytest.raises(PlanError):  # "7 days per week" is no length
            parse_plan(sentence)
        return
    if frequency.kind == "once":
        with pytest.raises(PlanError, match="single dose has no duration"):
            parse_plan(sentence)
        return
    duration = Amount(float(length), time)
    if duration.to("h") < frequency.interval_h and not frequency.on:
        with pytest.raises(PlanError, match="shorter than"):
            parse_plan(sentence)
        return
    expected = Phase(Amount(float(number), unit), frequency, duration=duration)
    plan = parse_plan(sentence)
    assert plan == Plan((Regimen(NAMES.get(compound, compound), "oral", (expected,)),)), sentence
    assert parse_plan(str(plan)) == plan
    assumed = [note for note in plan.notes if note.code is NoteCode.READ_AS and "as no route is given" in str(note)]
    assert bool(assumed) == (compound != "NA ER")


@pytest.mark.parametrize(
    ("sentence", "readings"),
    [
        ("vitamin B3 50 mg daily", ("'NAM 50 mg oral daily'", "'NA 50 mg oral daily'")),
        (
            "intermittent fasting for 4 weeks",
            ("16:8 eating window 12:00-20:00 for 4 weeks", "fast 24 h 2 sessions/week"),
        ),
        (
            "NR 500 mg and NMN 250 mg daily for 4 weeks",
            ("NR chloride 500 mg oral daily", "NR chloride 500 mg oral once"),
        ),
        ("NR 500 mg with coffee daily for 4 weeks", ("NR chloride 500 mg oral daily", "NR chloride 500 mg oral once")),
        ("NR 1 g daily for 1 week, NMN 1 g daily for 1 week", ("for 1 week'", "for 1 week from 1 week'")),
        ("NAD+ 100 mg daily", ("NAD+ 100 mg oral daily", "NAD+ 100 mg subcutaneous daily")),
        ("NR 500 mg daily days 1-14", ("for 14 d from day 0", "for 13 d from day 1")),
        ("NR 1.000 mg daily", ("NR chloride 1000 mg oral daily", "NR chloride 1 mg oral daily")),
        ("500 mg NR + 500 mg NMN daily for 4 weeks", ("500 mg oral daily for 4 weeks", "500 mg oral once")),
        ("NR 500 mg daily with a glass of wine", ("ethanol 14 g oral daily", "ethanol 14 g oral once")),
        ("NR 2 x 250 mg daily", ("NR chloride 500 mg oral daily", "NR chloride 250 mg oral twice daily")),
    ],
)
def test_what_may_mean_two_things_is_asked_back(sentence: str, readings: tuple[str, str]) -> None:
    with pytest.raises(AmbiguousError) as asked:
        parse_plan(sentence)
    assert all(reading in str(asked.value) for reading in readings)


@pytest.mark.parametrize(
    ("sentence", "word", "useful"),
    [
        ("no-flush niacin 500 mg daily", "no-flush niacin", "NA ER"),
        ("Slo-Niacin 500 mg daily", "Slo-Niacin", "extended release"),
        ("senolytics for 2 weeks", "senolytics", "name one with its dose"),
        ("NMNH 100 mg daily", "NMNH", "NMN"),
        ("NR 500 mg daily + pterostilbene 100 mg", "pterostilbene", "NRPT"),
        ("walk 10000 steps daily", "walk 10000 steps", "walks 60 min daily"),
        ("NR 2 capsules daily", "2 capsules", "'2 capsules of 300 mg'"),
        ("NAD+ 250 mg IV push", "IV push", "over 30 min"),
        ("jet lag 6 h", "jet lag 6 h", "sleep 5:00-13:00"),
        ("NR 500-1000 mg daily", "500-1000 mg", "say one amount"),
        ("NR 500 mg daily for a long while", "for", "with its unit"),
        ("drinks wine", "wine", "a glass of wine"),
        ("NR 500 mg daily sometimes", "sometimes", "3 times a week"),
    ],
)
def test_refusals_point_at_the_word_and_name_a_useful_one(sentence: str, word: str, useful: str) -> None:
    message, marked = refusal_of(sentence)
    assert useful in message
    assert marked.strip() in (word, "a")


def test_what_is_without_effect_is_left_out_and_reported() -> None:
    plan = parse_plan("NR 500 mg daily for 1 week + 3 cups of coffee daily")
    assert str(plan) == "NR chloride 500 mg oral daily for 1 week"
    assert any("coffee is without effect" in str(note) for note in plan.notes)
    nothing = parse_plan("coffee")
    assert nothing.empty and str(nothing) == "nothing" and parse_plan("nothing") == nothing


def test_days_on_and_days_off() -> None:
    plan = parse_plan("NR 500 mg twice daily weekdays for 2 weeks")
    assert str(plan) == "NR chloride 500 mg oral twice daily 5 days on 2 days off for 2 weeks" or "given twice" in str(
        plan
    )
    days = sorted({dose.time_h // 24 for dose in schedule(parse_plan("NR 1 g 5 days on 2 days off for 2 weeks")).doses})
    assert days == [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]
    at_times = schedule(parse_plan("NR 1 g daily 2 days on 1 day off at 20:00 for 6 days")).doses
    assert [dose.time_h for dose in at_times] == [12.0, 36.0, 84.0, 108.0]
    with pytest.raises(PlanError, match="cannot be planned"):
        parse_plan("NR 1 g 0 days on 7 days off for 2 weeks")


def test_a_washout_between_and_after() -> None:
    plan = parse_plan("NR 500 mg daily for 4 weeks then nothing for 2 weeks then 250 mg daily for 4 weeks")
    assert plan.regimens[0].phases[1].start == Amount(6.0, "weeks")
    after = parse_plan("NR 500 mg daily for 1 week, washout 2 weeks")
    assert after.regimens[0].washout == Amount(2.0, "weeks")
    planned = schedule(after)
    assert planned.end_h == 21 * 24 and len(planned.doses) == 7 and planned.over_h == 7 * 24
    crossed = parse_plan("NR 500 mg daily for 1 week, washout 1 week, NMN 250 mg daily for 1 week")
    assert str(crossed.regimens[1]) != str(crossed.regimens[0])
    assert [dose.time_h // 24 for dose in schedule(crossed).doses if dose.compound == "NMN"] == list(range(14, 21))
    after_placebo = parse_plan("placebo for 4 weeks then NR 500 mg daily for 4 weeks")
    assert after_placebo == parse_plan("NR chloride 500 mg oral daily for 4 weeks from 4 weeks")
    with pytest.raises(PlanError, match="for how long before that"):
        parse_plan("placebo then NR 500 mg daily for 4 weeks")
    with pytest.raises(PlanError, match="--days"):
        parse_plan("glucose 75 g then nothing for 1 day")
    with pytest.raises(PlanError, match="for how long nothing"):
        parse_plan("NR 500 mg daily for 1 week then nothing")


def test_doses_by_weight_need_a_person() -> None:
    plan = parse_plan("NMN 10 mg/kg daily for 4 weeks")
    assert plan.by_weight and str(plan) == "NMN 10 mg/kg oral daily for 4 weeks"
    assert str(plan.of_weight(70.0)) == "NMN 700 mg oral daily for 4 weeks"
    with pytest.raises(PlanError, match="needs the weight"):
        schedule(plan)
    with pytest.raises(PlanError, match="at most 100 g"):
        parse_plan("NMN 200000 mg/kg daily")
    with pytest.raises(PlanError, match="diet"):
        parse_plan("diet 1 mg/kg NE daily for 5 days")


def test_and_joins_plans_and_parts_of_a_meal() -> None:
    assert str(parse_plan("500 mg NR bid for one week and a 72 h fast")) == (
        "fast 72 h once + NR chloride 500 mg oral twice daily for 1 week"
    )
    assert parse_plan("meal 50 g carbs and 20 g protein at 12:00") == parse_plan(
        "meal 50 g carbohydrate 20 g protein at 12:00"
    )
    foods = "150 g chicken breast{} 300 g milk daily for 2 weeks"
    assert parse_plan(f"diet of {foods.format(' and')}") == parse_plan(f"diet of {foods.format(',')}")
    assert len(parse_plan("500 mg NMN and 500 mg NR once").regimens) == 2


def test_a_walk_and_a_drink_have_the_numbers_of_the_table() -> None:
    assert "at 40 % VO2max" in str(parse_plan("walks 30 min daily"))
    assert "at 50 % VO2max" in str(parse_plan("walks 30 min at 50% VO2max daily"))
    assert str(parse_plan("two beers")) == "ethanol 26 g oral once at 20:00"
    assert str(parse_plan("two beers at 18:00")) == "ethanol 26 g oral once at 18:00"


def test_a_window_longer_than_the_fast_is_asked_back() -> None:
    with pytest.raises(PlanError, match="16 hours without food or 16 hours of eating"):
        parse_plan("8:16 for 1 week")
    assert parse_plan(str(parse_plan("14:10 for 1 week"))) == parse_plan("14:10 for 1 week")


def test_the_length_of_nothing_is_not_lost_silently() -> None:
    (note,) = [note for note in parse_plan("placebo for 8 weeks").notes if note.code is NoteCode.READ_AS]
    assert "--days" in str(note)
    assert not parse_plan("nothing").notes
