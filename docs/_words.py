"""``docs/words.md``: people's own words for plans and persons, from the table that they are read by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from _text import folded, page, table

from nadflux.errors import PlanError
from nadflux.plans import parse_plan
from nadflux.plans.language.person import read_person
from nadflux.words import Entry, words_table
from nadflux.words.table import ASK, BOTH, CONDITION, NOTHING, PERSON, PLAN, READ, REFUSE, SAY

_SHOWN = 14
"""Words of a row that the page lists before it counts the rest."""
PLANS = (
    "500 mg NR twice a day for 8 weeks", "Niaspan 1000 mg at bedtime for 4 weeks", "NMN 10 mg/kg/day for 4 weeks",
    "NR 1,000 mg q12h for one week", "two 300 mg capsules of NR with breakfast daily for 12 wks",
    "NR 250 mg daily week 1, 500 mg week 2", "NR 500 mg weekdays for 4 weeks",
    "NR 500 mg daily for 4 weeks, washout 2 weeks, then NMN 500 mg daily for 4 weeks",
    "NR 500 mg daily for 8 weeks and 16:8 intermittent fasting", "72 h fast", "OMAD for 2 weeks",
    "HIIT 20 min 3x/week for 6 weeks", "walks 30 min daily", "two beers every evening for 1 week",
    "vitamin B3 50 mg daily", "NR 500 mg and NMN 250 mg daily for 4 weeks", "no-flush niacin 500 mg daily",
)  # fmt: skip
PEOPLE = (
    "a 62-year-old woman weighing 70 kg", "62yo F 70kg", "man 45, 5'11\", 180 lbs", "woman, about 60, BMI 31",
    "man, 45 y, shift worker, runs 3 times a week", "person, 40 y", "man, 58 y, smoker", "man, 58 y, eGFR 25",
)  # fmt: skip
_MEANS = {
    READ: "is read as", NOTHING: "has no effect, and is left out", ASK: "is asked back, with these readings",
    SAY: "is refused: something is missing", REFUSE: "is refused: not modelled",
}  # fmt: skip


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page."""
    return page(
        "# People's own words",
        "Plans and persons may be written as people write them. What is unambiguous is read, and the first line of "
        "every answer says what was understood, in canonical form. What may mean two things is asked back with both "
        "readings. What is not modelled is refused with what can be written instead. The canonical form is that of "
        "[plans](plans.md); every plan is printed in it and reads back the same.",
        "## Plans",
        table(("written", "understood"), ((f"`{text}`", _answer(parse_plan, text)) for text in PLANS)),
        "Where a compound has no route, the usual one is taken and the answer says so. `and`, `with`, `plus` and a "
        "comma join as ` + ` does, before the name of a compound or a habit; `then` before a name starts it when what "
        "came before has ended. Doses in mg/kg need a described person with a weight. `nothing` (or `placebo`) is a "
        "plan too, to compare with: given more than one `--plan`, `nadflux simulate` compares them on the same people. "
        "A plan may be a file as well: `--plan plan.yaml`, as `nadflux plans SENTENCE --yaml` prints it.",
        "## Persons",
        table(("written", "understood"), ((f"`{text}`", _answer(read_person, text)) for text in PEOPLE)),
        "A number without a unit is the age where no other is given. Conditions, medicines and laboratory values are "
        "read for [screening](safety.md) and change no number; variants of genes are not modelled.",
        "## The table of words",
        "All of it is one table, `src/nadflux/words/words.csv`, which other programs can read too. A row holds words "
        "with one meaning, joined by `;`. `{n}`, `{m}` and `{k}` are numbers, in digits or words, `{u}` the unit of a "
        "dose and `{t}` one of time; the meaning may compute with them, as in `{n*7} days on {m*7} days off`. "
        "The longest words "
        "win. `adds` is a clause for a part of a plan that lacks the words `unless`. A number has a tier and a source.",
        *(_topics(PLAN, "plans")),
        *(_topics(PERSON, "persons")),
    )


def _answer(read: Callable[[str], object], text: str) -> str:
    """Return the canonical form of a sentence, or the first line of the answer to it."""
    try:
        return f"`{read(text)}`"
    except PlanError as error:
        return f"*{str(error).splitlines()[0]}*"


def _topics(what: str, name: str) -> Iterator[str]:
    """Yield a folded table of each topic."""
    topics: dict[str, list[Entry]] = defaultdict(list)
    for entry in words_table().entries:
        if entry.of in (what, BOTH) and not (entry.of == BOTH and what == PERSON):
            topics[entry.topic].append(entry)
    for topic, entries in topics.items():
        yield folded(f"{topic} (of {name})", table(("words", "mean", "note", "tier", "source"), _rows(entries)))


def _rows(entries: list[Entry]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each row of the table of words."""
    by_place: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_place[entry.place].append(entry)
    for same in by_place.values():
        first = same[0]
        words = ", ".join(f"`{entry.words}`" for entry in same[:_SHOWN])
        rest = f" and {len(same) - _SHOWN} more" if len(same) > _SHOWN else ""
        yield words + rest, _meaning(first), first.note, first.tier, first.source


def _meaning(entry: Entry) -> str:
    if entry.answer == CONDITION:
        return "is refused: a condition" + (f"; instead: {entry.means}" if entry.means else "")
    if entry.answer != READ:
        readings = (
            ", ".join(f"`{reading.strip()}`" for reading in entry.means.split("|")) if entry.answer == ASK else ""
        )
        return f"{_MEANS[entry.answer]} {readings}".strip()
    adds = f", and `{entry.adds}` where not said" if entry.adds else ""
    means = entry.means.strip(" ,") or ("" if entry.means else "itself" if "unit" in entry.topic else "nothing")
    return f"`{means}`{adds}" if entry.means.strip(" ,") else f"{means or 'nothing'}{adds}"
