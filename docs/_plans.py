"""``docs/plans.md``: what a plan may say, with examples, the numbers behind habits, and lived days."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from _text import code, figure, page, table

import nadflux as nf
from nadflux import plans
from nadflux.faces.plot.day import write_day
from nadflux.faces.plot.time_course import write_time_course
from nadflux.plans.habits import HABITS
from nadflux.plans.language.examples import examples
from nadflux.shipped import BIOLOGY

WHOLE = BIOLOGY / "whole"
WHO = "man, 45 y, 80 kg"
FAST, WINDOW = "fast 36 h", "16:8 eating window for 2 weeks + NR 500 mg oral daily"
FUELS = ("plasma_glucose", "plasma_insulin", "plasma_fatty_acids", "plasma_ketone", "liver_nad", "body_J_deg")
WORDS = (
    ("`COMPOUND DOSE ROUTE HOW-OFTEN`", "a regimen; `then` starts another phase of it"),
    *(row for kind in HABITS for row in kind.says),
    ("`daily`, `twice daily`, `3/week`, `every 2 weeks`, `5 days on 2 days off`, `once`", "how often"),
    ("`at 20:00`", "a time of day"),
    ("`with food`, `fasted`", "of a dose by mouth: whether food keeps it in the stomach"),
    ("`for 4 weeks`, `from day 7`", "how long, from when; what has no length runs as long as the rest"),
    ("`then nothing for 2 weeks`", "a time without doses, between phases or at the end"),
    ("` + ` or `;`", "side by side"),
)


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page."""
    return page(
        "# Plans: doses and the way a person lives",
        "A plan is a sentence, a Python object or YAML; the three say the same and turn into each other. A mistake "
        "is pointed at in the sentence. `nadflux plans` prints the examples below; with a sentence it says how that "
        "one is read and what happens when. Below is the canonical wording; [people's own words](words.md) are brought "
        "into it.",
        table(("words", "mean"), WORDS),
        "## Examples",
        *_examples(),
        "## In Python and YAML",
        code(_python()),
        code(plans.to_yaml(plans.parse_plan(f"{WINDOW} + endurance 45 min at 70% VO2max 3/week at 18:00"))),
        "## The usual day",
        "Where a plan holds a habit, the rest of the day is the usual one below: meals that together hold what "
        "the person uses in a day (from lean mass, sex, age and a sedentary activity level), regular sleep, no "
        "exercise. People begin where such days repeat themselves, each from their own state, as after years of "
        "them; the last day before time 0 is stored with times below 0. The same people also go on with their "
        "usual days without the plan: that day over and over, with what adds up (urine, body fat) growing by the "
        "same amount each day. What a plan does is its difference from these at the same time "
        "(`run.without_plan`), never from time 0. A plan without habits is fed evenly, day and night, as the "
        "resting body is. Habits need the whole body, which is then taken by itself.",
        'A described person may have a usual life of their own, in the same words: `"woman, 60 y, 70 kg, trains 3 '
        'times a week, sleeps 6 h, vegetarian"`. It takes the place of the usual day before time 0, beside the '
        "plan and wherever the plan says nothing; a habit of the plan about the same thing (meals, sleep, "
        "endurance, resistance, a drink) replaces theirs while it holds. Where it is not the same every day or "
        "every other day, 28 days of it are simulated before time 0, and it is integrated beside the plan; people "
        "who train are trained from the start.",
        table(("of", "number", "value", "low to high", "tier", "source"), _numbers()),
        "## Meals and nutrients",
        table(("style", "carbohydrate", "protein", "fat", "tier"), _styles()),
        table(("nutrient", "enters", "g per g", "molar mass", "tier"), _nutrients()),
        "## Lived days",
        *_figures(folder, quick, say),
        "Doses and habits beyond anything in the collected data are simulated and marked *beyond data*. Every plan is "
        "[screened](safety.md) first.",
    )


def _examples() -> Iterator[str]:
    for topic in dict.fromkeys(example.topic for example in examples()):
        yield f"### {topic.capitalize()}"
        yield table(("sentence", "means"), ((f"`{e.sentence}`", e.means) for e in examples() if e.topic == topic))


def _python() -> str:
    return (
        "from nadflux.plans import Amount, EatingWindow, Plan, Sleep\n"
        'plan = Plan((), lifestyle=(EatingWindow(12.0, 20.0, duration=Amount(2, "weeks")), Sleep(23.0, 7.0)))\n'
        "str(plan)  # "
        + str(
            plans.Plan(
                (),
                lifestyle=(
                    plans.EatingWindow(12.0, 20.0, duration=plans.Amount(2, "weeks")),
                    plans.Sleep(23.0, 7.0),
                ),
            )
        )
    )


def _numbers() -> Iterator[tuple[str, ...]]:
    for row in _rows("lifestyle.csv"):
        span = f"{row['low']} to {row['high']}" if row["low"] else "–"
        about = f"{row['source']}{'; ' + row['note'] if row['note'] else ''}"
        yield row["what"], row["quantity"], f"{row['value']} {row['unit']}", span, row["tier"], about


def _styles() -> Iterator[tuple[str, ...]]:
    for row in _rows("meals.csv"):
        yield row["style"], *(f"{row[part]} %" for part in ("carbohydrate", "protein", "fat")), row["tier"]


def _nutrients() -> Iterator[tuple[str, ...]]:
    for row in _rows("nutrients.csv"):
        mass = f"{float(row['molar_mass']) * 1000:.4g} g/mol"
        yield row["nutrient"], f"`{row['target']}`", row["share"], mass, row["tier"]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (WHOLE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _figures(folder: Path, quick: bool, say: Callable[[str], None]) -> Iterator[str]:
    people = 2 if quick else 64
    run = nf.simulate(WHO, FAST, n=people, outputs=FUELS)
    write_time_course(run, FUELS, str(folder / "figures" / "plan_fast.png"))
    say("a fast")
    yield figure("plan_fast.png", f"A fast of 36 h. {WHO}, `{FAST}`, {people} people.")
    run = nf.simulate(WHO, WINDOW, n=people, outputs=["autophagy", "plasma_glucose", "liver_nad", "muscle_nad"])
    names = [quantity.id for quantity in run.quantities]
    write_day(run, names, str(folder / "figures" / "plan_window.png"))
    say("an eating window")
    yield figure(
        "plan_window.png",
        f"The last day of an eating window over the same day in usual life. {WHO}, `{WINDOW}`, {people} people.",
    )
    yield "\n".join(
        (
            "The same from the command line:",
            "",
            f'    nadflux simulate "{WHO}" --plan "{WINDOW}" --output autophagy --plot day.png',
        )
    )
