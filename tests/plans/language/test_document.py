"""A plan as plain data: what is written, what may be left out, and what is refused with a name."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from nadflux.errors import PlanError
from nadflux.notes import NoteCode
from nadflux.plans import (
    Amount,
    EatingWindow,
    Exercise,
    Fast,
    Frequency,
    Nutrient,
    Phase,
    Plan,
    Regimen,
    from_yaml,
    parse_plan,
    to_yaml,
)
from nadflux.plans.language.document import from_document, to_document

TWICE, DAILY = Frequency("daily", 2), Frequency("daily")
# Plans as objects and the document of each, written by hand.
DOCUMENTS: list[tuple[Plan, list[dict[str, Any]]]] = [
    (
        Plan((Regimen("NR chloride", "oral", (Phase(Amount(500, "mg"), TWICE, duration=Amount(8, "weeks")),)),)),
        [
            {
                "compound": "NR chloride", "route": "oral",
                "phases": [{"dose": "500 mg", "frequency": "twice daily", "for": "8 weeks"}],
            }
        ],
    ),
    (
        Plan((Regimen("NR chloride", "oral", (
            Phase(Amount(250, "mg"), DAILY, duration=Amount(2, "weeks"), food="with food"),
            Phase(Amount(1, "g"), TWICE, times_of_day=(8.5, 20.0), start=Amount(4, "weeks"), food="with food"),
        )),)),
        [
            {
                "compound": "NR chloride", "route": "oral",
                "phases": [
                    {"dose": "250 mg", "frequency": "daily", "for": "2 weeks", "food": "with food"},
                    {"dose": "1 g", "frequency": "twice daily", "at": "08:30 and 20:00", "from": "4 weeks",
                     "food": "with food"},
                ],
            }
        ],
    ),
    (
        Plan((Regimen("NAD+", "IV", (Phase(Amount(250, "mg"), Frequency("weekly"), infusion=Amount(2, "h")),)),)),
        [
            {
                "compound": "NAD+", "route": "IV",
                "phases": [{"dose": "250 mg", "frequency": "weekly", "over": "2 h"}],
            }
        ],
    ),
    (
        Plan((Regimen("NAM", "topical", (Phase(Amount(4, "%"), DAILY, area=Amount(300, "cm²")),)),)),
        [
            {
                "compound": "NAM", "route": "topical",
                "phases": [{"dose": "4 %", "frequency": "daily", "on": "300 cm²"}],
            }
        ],
    ),
    (
        Plan((), lifestyle=(EatingWindow(12.0, 20.0, duration=Amount(2, "weeks")),)),
        [{"lifestyle": "16:8 eating window 12:00-20:00", "for": "2 weeks"}],
    ),
    (
        Plan((), lifestyle=(Fast(Amount(36, "h"), times_of_day=(20.0,), start=Amount(1, "days")),)),
        [{"lifestyle": "fast 36 h", "frequency": "once", "at": "20:00", "from": "1 days"}],
    ),
    (
        Plan((), lifestyle=(Nutrient("glucose", (Phase(Amount(75, "g"), times_of_day=(8.0,)),)),)),
        [{"nutrient": "glucose", "phases": [{"dose": "75 g", "frequency": "once", "at": "08:00"}]}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "document"), DOCUMENTS)
def test_document_and_plan_are_the_same_thing(plan: Plan, document: list[dict[str, Any]]) -> None:
    assert to_document(plan) == document
    assert from_document(document) == plan
    assert yaml.safe_load(to_yaml(plan)) == document
    assert from_yaml(yaml.safe_dump(document, allow_unicode=True)) == plan


def test_habits_come_first_and_each_kind_keeps_its_order() -> None:
    plan = parse_plan("NR 500 mg oral daily for 2 weeks; 16:8 eating window; NAM 1 g oral; sleep 23:00-07:00")
    document = to_document(plan)
    assert [entry.get("lifestyle", entry.get("compound")) for entry in document] == [
        "16:8 eating window 12:00-20:00",
        "sleep 23:00-07:00",
        "NR chloride",
        "NAM",
    ]
    # in what order habits and regimens stand among each other does not matter
    assert from_document(document) == from_document(document[2:] + document[:2]) == plan


def test_what_is_left_out_has_its_default() -> None:
    (regimen,) = from_document([{"compound": "NAM", "route": "oral", "phases": [{"dose": "1 g"}]}]).regimens
    assert regimen.phases == (Phase(Amount(1.0, "g")),)
    (habit,) = from_document([{"lifestyle": "endurance 45 min at 70% VO2max"}]).lifestyle
    assert habit == Exercise("endurance", Amount(45.0, "min"), 70.0)


def test_names_are_read_as_people_write_them_and_a_salt_is_noted_once() -> None:
    entry = {"compound": "nr", "route": "Oral", "phases": [{"dose": "500 mg"}]}
    plan = from_document([entry, entry])
    assert {(regimen.compound, regimen.route) for regimen in plan.regimens} == {("NR chloride", "oral")}
    assert [note.code for note in plan.notes] == [NoteCode.SALT_ASSUMED]
    exact = from_document([{**entry, "compound": "NR chloride"}])
    assert exact.notes == () and exact.regimens == plan.regimens[:1]


def test_a_sentence_is_a_document_too() -> None:
    sentence = "NMN 300 mg oral daily for 1 week"
    assert from_document(sentence) == from_yaml(sentence) == parse_plan(sentence)


ORAL = {"compound": "NAM", "route": "oral", "phases": [{"dose": "1 g"}]}


def _phase(**fields: object) -> list[dict[str, object]]:
    return [{**ORAL, "phases": [{"dose": "1 g", **fields}]}]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "a plan is a sentence or a list"),
        ({"compound": "NAM"}, "a plan is a sentence or a list"),
        (7, "a plan is a sentence or a list"),
        (["NAM 1 g oral"], "a regimen must be a mapping with compound, route, phases"),
        ([{"compound": "NAM", "route": "oral"}], "a regimen lacks its phases"),
        ([{**ORAL, "dose": "1 g"}], "unknown field of a regimen 'dose'"),
        ([{**ORAL, "compound": "NAMN chlorid"}], "unknown compound 'NAMN chlorid'"),
        ([{**ORAL, "route": "orall"}], "unknown route 'orall'; did you mean 'oral'"),
        ([{**ORAL, "phases": {"dose": "1 g"}}], "phases of NAM must be a list"),
        ([{**ORAL, "phases": []}], "NAM oral has no dose"),
        ([{**ORAL, "phases": ["1 g"]}], "a phase must be a mapping"),
        ([{**ORAL, "phases": [{"frequency": "daily"}]}], "a phase lacks its dose"),
        (_phase(until="8 weeks"), "unknown field of a phase 'until'"),
        (_phase(dose="1"), "no unit"),
        (_phase(dose="1 g daily"), "dose '1 g daily' is not one number with a unit"),
        (_phase(dose="-1 g"), "."),
        (_phase(dose="200 g"), "200 g .* at most 100 g"),
        (_phase(frequency="often"), "'often' is no frequency"),
        (_phase(frequency="daily for 8 weeks"), "'daily for 8 weeks' is no frequency"),
        (_phase(frequency="daily", **{"for": "8 kg"}), "8 kg"),
        (_phase(at="25:00"), "25:00 is not a time of day"),
        (_phase(at="dawn"), "a time of day such as 08:00 is needed"),
        (_phase(at="08:00 and 08:00"), "a time of day is named twice"),
        (_phase(at="08:00 nonsense"), "'08:00 nonsense' is more than times of day; write e.g. '08:00'"),
        (_phase(at=1230), "at 1230 is no time of day; YAML takes 20:30 for that number: write it in quotes, '20:30'"),
        (_phase(at=20), "a time of day such as 08:00 is needed"),
        (_phase(at="08:00 daily"), "'08:00 daily' is more than times of day"),
        (_phase(frequency="daily", **{"for": "5"}), r"the duration \('for'\) has no unit"),
        (_phase(frequency="daily", **{"from": "soon"}), r"a start \('from'\) with its unit is needed here"),
        (_phase(over="for"), r"an infusion time \('over'\) with its unit is needed here"),
        (_phase(food="with wine"), "'with wine' does not say how a dose goes with food"),
        (_phase(on="300 cm²"), "an area goes with a strength"),
        ([{"lifestyle": "fast 36 h", "for": "long"}], "."),
        ([{"lifestyle": "sleep 23:00-07:00", "at": "23:00"}], "leave out 'frequency' and 'at'"),
        ([{"lifestyle": "glucose 75 g"}], "unknown habit 'glucose'"),
        ([{"lifestyle": "fast 36 h", "phases": []}], "unknown field of a habit 'phases'"),
        ([{"nutrient": "glucose"}], "a nutrient lacks its phases"),
        ([{"nutrient": "glukose", "phases": [{"dose": "75 g"}]}], "unknown nutrient 'glukose'; did you mean 'glucose'"),
        ([ORAL, {**ORAL, "phases": [{"dose": "nothing"}]}], "."),
    ],
)  # fmt: skip
def test_mistakes_are_refused_by_name(document: object, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        from_document(document)


def test_text_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(PlanError, match="the plan is not valid YAML"):
        from_yaml("- {compound: NAM, route: oral")
