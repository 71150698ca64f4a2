"""``docs/ageing.md``: a life in years, its laws and numbers, hits and misses, and what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from _text import code, count, figure, folded, number, page, table

from nadflux.faces.documents.facts import tolerance
from nadflux.faces.documents.life import SHOWN
from nadflux.faces.plot.life import draw_life
from nadflux.faces.plot.paths import save_figure
from nadflux.network.assemble_life import assemble_life, read_life
from nadflux.network.body_spec import LIFE
from nadflux.people import Person
from nadflux.shipped import BIOLOGY
from nadflux.simulation.experiments.life import GAIN, simulate_life
from nadflux.studies.experiments.facts import Fact, verdict_counts
from nadflux.studies.life.facts import check_ageing
from nadflux.studies.life.lives import Lives, hazard_ratios, live_side_by_side, spread_at
from nadflux.studies.life.ways import way_rows

WHO, WAYS = "woman, trained", ("sedentary", "caloric restriction 12%")
BEGIN, END = 25.0, 90.0
COMMAND = f'nadflux age "{WHO}" --from {BEGIN:g} --to {END:g} ' + " ".join(f'--compare "{way}"' for way in WAYS)
_CLAMPED = ("il6", "skin_senescent", "liver_NAD", "muscle_NAD", "hazard")


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page, and write its figure."""
    people = 32 if quick else 256
    lives = live_side_by_side(WHO, WAYS, begin=BEGIN, end=END, people=people)
    save_figure(draw_life(lives, SHOWN), folder / "figures" / "ageing_life.png", dpi=110)
    say("lives drawn")
    facts = check_ageing(people=people)
    body = assemble_life()
    plan = read_life()
    return page(
        "# A life in years",
        "Slow states of a person from 20 years on: DNA damage and repair, senescent cells, inflammation, immune "
        "competence, CD38, NAMPT and NAD+ of six tissues, body fat, aerobic capacity, and the hazard of death. The "
        f"text is in `src/nadflux/biology/{LIFE}`: {count(len(body.model.rate_rules), 'state')} and "
        f"{count(len(body.table), 'row')} of numbers, run by the engine of the body as a small body of its own. "
        "Neither the NAD body nor the whole body reads it. No law reads age: what has changed with the years is a "
        "state, and with all states held the 80-year-old is as they were at 30, which a test checks.",
        "Almost every size is recalled, with a wide range and tier *assumed*. It is a model of cohorts, for research: "
        "it prints hazard ratios and never years of life, and is no medical advice.",
        "## Three ways of living",
        code(COMMAND),
        figure(
            "ageing_life.png",
            f"Slow states of {people} women in three ways of living from {BEGIN:g} years on. Lines are medians, bands "
            "the central 50 and 90 % of people; the last panel is the hazard of death of the trained over that of the "
            "same people in each other way.",
        ),
        "Hazard ratio of the trained against the same people in another way; median and 90 % of people, then the ratio "
        "of the groups among those still alive, which is what a cohort study sees.",
        table(("against", "age", "hazard ratio", "5 to 95 %", "of the group"), _ratios(lives)),
        _gain(lives),
        "## What runs through what",
        "Medians at 75 years of women who live as the reference, over those of the same women at 25: with nothing "
        "held, and with one group of states held where it was at 25 (`--hold`). A fall that is gone where a group is "
        "held runs through it.",
        table(("held", *_CLAMPED), _clamped(plan, people)),
        "## Laws",
        table(("part", "law, as its text begins"), _laws(plan)),
        "### What is reduced",
        "- NAD+ of a tissue is salvage against four consumers with the rows of the NAD body, and nicotinamide stays at "
        "rest. Under the CD38, NAMPT and PARP activities of a 75-year-old it agrees with the whole NAD body within "
        "12 % in each tissue (`tests/simulation/experiments/test_life.py`).\n"
        "- Nothing of meals, nights and bouts: a way of living is a constant input. Autophagy is no state here, so no "
        "share of the fall of completed degradation through NAD+ is reported.\n"
        "- Body fat, aerobic capacity and repair capacity change by one rate each, not by causes of their own.\n"
        "- The gain of the loop leaves out the way through NAD+.\n"
        "- Noise of the mortality law is not integrated; the hazard is that of the quasi-steady distribution. What "
        "differs between people is in its threshold. The pace of living acts on production alone; inflammation, NAD+ "
        "and senescent cells do not reach it, and no molecule acts on it.\n"
        "- NAD+ precursors and medicines are no part of a life: what precursors did to function in people is null, "
        "small or unknown.",
        "### Who is drawn again",
        "Rows are drawn one by one, and some draws contradict each other: the gain of the loop reaches 1, or more "
        f"senescent cells are made than can be removed, by {plan['settled']:g} years of the reference life. Such a "
        "person is drawn again, the same in every way of living.",
        "## Published facts",
        f"`nadflux facts --ageing` on {people} people: hits and misses alike.",
        _totals(facts),
        table(("fact", "use", "part", "published", "simulated", "tolerance", "verdict", "why"), _facts(facts)),
        "## Ways of living",
        table(("words", "input"), ((", ".join(row.words), f"`{row.input}`") for row in way_rows())),
        "## Numbers",
        folded("rows of a life", table(("number", "value", "unit", "5 to 95 %", "tier", "source", "note"), _numbers())),
    )


def _ratios(lives: Lives) -> Iterator[tuple[str, ...]]:
    for one in hazard_ratios(lives):
        if one.age >= 50.0:
            yield (
                one.against, f"{one.age:g} y", f"{one.median:.2f}", f"{one.low:.2f} to {one.high:.2f}",
                f"{one.group:.2f}",
            )  # fmt: skip


def _gain(lives: Lives) -> str:
    run = lives.lives[1].run
    low, median, high = spread_at(run, GAIN, 80.0)
    again = f"{run.drawn_again} of {len(run[GAIN])} people were drawn again"
    return (
        f"The gain of the loop damage – senescence – inflammation – damage is {median:.2f} ({low:.2f} to {high:.2f}) "
        f"at 80 years in the sedentary: a rise dies away. {again}."
    )


def _clamped(plan: dict[str, dict[str, object]], people: int) -> Iterator[tuple[str, ...]]:
    for held in ("", *plan["moves"], "all"):
        run = simulate_life(
            Person("woman", BEGIN), begin=BEGIN, end=75.0, step=50.0, hold=(held,) if held else (), n=min(people, 64)
        )
        ratios = (float(np.median(run[name][:, -1] / run[name][:, 0])) for name in _CLAMPED)
        yield (held or "nothing", *map(number, ratios))


def _laws(plan: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, str]]:
    """Yield the modules with the comment at their head."""
    modules = dict.fromkeys([*(name for names in plan["places"].values() for name in names), *plan["modules"]])
    for name in modules:
        lines = (BIOLOGY / name).read_text(encoding="utf-8").splitlines()
        head = [line.removeprefix("// ") for line in lines if line.startswith("//")]
        yield f"`{name}`", " ".join(head)


def _totals(facts: tuple[Fact, ...]) -> str:
    lines = []
    for use in dict.fromkeys(fact.use for fact in facts):
        counts = verdict_counts(part.verdict for fact in facts if fact.use == use for part in fact.parts)
        lines.append(f"{use}, parts: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    return "; ".join(lines) + "."


def _facts(facts: tuple[Fact, ...]) -> Iterator[tuple[str, ...]]:
    for fact in facts:
        for part in fact.parts:
            value = "–" if part.simulated is None else f"{number(part.simulated)} {part.unit}".removesuffix(" 1")
            yield (
                f"{fact.id} {fact.fact}", fact.use, part.name, part.published, value, tolerance(part.within),
                part.verdict, part.note,
            )  # fmt: skip


def _numbers() -> Iterator[tuple[str, ...]]:
    own = {f"{path.name}" for path in (BIOLOGY / LIFE / "parameters").glob("*.csv")}
    for row in assemble_life().table:
        if row.place.split(" line")[0] in own - {"nad.csv"} or row.key.startswith(
            ("all.PARP.most", "all.CD38.settling")
        ):
            spread = "fixed" if row.distribution == "fixed" else f"{row.low:g} to {row.high:g}"
            yield row.key, f"{row.value:g}", row.unit, spread, row.tier, row.source, row.note
