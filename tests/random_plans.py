"""Random regimens, habits and plans, for what must hold of all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from nadflux.plans import (
    Amount,
    EatingWindow,
    Exercise,
    Fast,
    Frequency,
    Meals,
    Nutrient,
    Overfeeding,
    Phase,
    Plan,
    Regimen,
    Restriction,
    SetMeal,
    ShiftWork,
    Sleep,
)
from nadflux.plans.habits import Habit
from nadflux.plans.lifestyle_tables import shipped_lifestyle

TIME = st.builds(Amount, st.integers(1, 90).map(float), st.sampled_from(["d", "weeks", "months"]))
HOUR = st.integers(0, 47).map(lambda half: half / 2)
STYLE = st.sampled_from(sorted(shipped_lifestyle().styles))
SPAN = {"duration": st.none() | TIME, "start": st.none() | TIME}
ONCE_OR_DAILY = st.sampled_from([Frequency("once"), Frequency("daily"), Frequency("weekly", 3)])
GRAMS = st.builds(Amount, st.floats(0.1, 90), st.just("g"))


def timed(**fields: object) -> dict[str, st.SearchStrategy[object]]:
    return {**fields, "times_of_day": st.tuples(HOUR) | st.just(()), "start": st.none() | TIME}  # type: ignore[dict-item]


def an_amount(largest: int, unit: str) -> st.SearchStrategy[Amount]:
    return st.builds(Amount, st.floats(1, largest), st.just(unit))


def meals_at(hours: list[float], **span: object) -> Meals:
    return Meals(len(hours), tuple(hours), **span)  # type: ignore[arg-type]


def window(opens: float, length: int, **span: object) -> EatingWindow:
    return EatingWindow(opens, (opens + length) % 24, **span)  # type: ignore[arg-type]


def sleep(begins: float, length: int, **span: object) -> Sleep:
    return Sleep(begins, (begins + length) % 24, **span)  # type: ignore[arg-type]


def nutrient(name: str, dose: Amount, often: Frequency) -> Nutrient:
    return Nutrient(name, (Phase(dose, often),))


def bout(length: float, intensity: float | None, often: Frequency, **timing: object) -> Exercise:
    """Endurance that can be kept up: at a high intensity for a tenth of the time."""
    hard = intensity is not None and intensity > 80
    return Exercise("endurance", Amount(length / 10 if hard else length, "min"), intensity, often, **timing)  # type: ignore[arg-type]


HABITS: st.SearchStrategy[Habit] = st.one_of(
    st.builds(Meals, st.integers(1, 6), style=STYLE, **SPAN),
    st.builds(meals_at, st.lists(HOUR, min_size=1, unique=True, max_size=5), **SPAN),
    st.builds(window, HOUR, st.integers(1, 14), **SPAN),
    st.builds(Restriction, st.floats(0.5, 80), **SPAN),
    st.builds(Overfeeding, st.floats(0.5, 200), **SPAN),
    st.builds(sleep, HOUR, st.integers(1, 15), irregular=st.booleans(), **SPAN),
    st.builds(ShiftWork, **SPAN),
    st.builds(SetMeal, an_amount(5000, "kcal"), style=STYLE, **timed()),
    st.builds(SetMeal, st.none(), GRAMS, st.none() | GRAMS, st.none() | GRAMS, **timed()),
    st.builds(Fast, an_amount(24, "h"), ONCE_OR_DAILY, **timed()),
    st.builds(bout, st.floats(1, 200), st.none() | st.floats(1, 100), ONCE_OR_DAILY, **timed()),
    st.builds(Exercise, st.just("resistance"), an_amount(200, "min"), st.none(), ONCE_OR_DAILY, **timed()),
    st.builds(nutrient, st.sampled_from(sorted(shipped_lifestyle().nutrients)), GRAMS, ONCE_OR_DAILY),
)

COMPOUND_ROUTES = [
    ("NR chloride", "oral"),
    ("NMN", "oral"),
    ("NA ER", "oral"),
    ("NAD+", "IV"),
    ("NMN", "IV"),
    ("NAM", "topical"),
]
NUMBER = st.floats(0.01, 900, allow_nan=False) | st.integers(1, 900).map(float)
INTERVAL = st.builds(Amount, st.floats(0.5, 60) | st.integers(1, 60).map(float), st.just("d"))
LONG = st.builds(
    Amount, st.floats(0.5, 200) | st.integers(1, 200).map(float), st.sampled_from(["d", "weeks", "months"])
)


@st.composite
def phases(draw: st.DrawFn, route: str, last: bool) -> Phase:
    """A phase of a regimen; one that is not the last has an end."""
    frequency = draw(
        st.builds(Frequency, st.just("daily"), st.integers(1, 6))
        | st.builds(Frequency, st.just("weekly"), st.integers(1, 7))
        | st.builds(lambda i: Frequency("every", interval=i), INTERVAL)
        | st.just(Frequency("once"))
    )
    times_of_day: tuple[float, ...] = ()
    if frequency.kind != "every" and draw(st.booleans()):
        count = frequency.count if frequency.kind == "daily" else 1
        minutes = draw(st.lists(st.integers(0, 47), min_size=count, max_size=count, unique=True))
        times_of_day = tuple(m / 2 for m in minutes)
    needs_length = frequency.kind != "once" and (not last or draw(st.booleans()))
    strength = route == "topical" and draw(st.booleans())
    percent = st.builds(Amount, st.floats(0.01, 100), st.just("%"))
    dose = percent if strength else st.builds(Amount, NUMBER, st.sampled_from(["mg", "µmol", "mmol"]))
    return Phase(
        draw(dose),
        frequency,
        times_of_day,
        Amount(draw(st.floats(0.01, 0.4)), "h") if route == "IV" else None,
        draw(LONG.filter(lambda time: time.to("h") >= frequency.interval_h)) if needs_length else None,
        draw(st.none() | LONG),
        Amount(draw(st.floats(0.01, 20_000)), "cm²") if strength else None,
        draw(st.sampled_from(["", "with food", "fasted"])) if route == "oral" else "",
    )


@st.composite
def regimens(draw: st.DrawFn, most: int = 3) -> tuple[Regimen, ...]:
    """Regimens of any length, some of which cannot be scheduled."""
    result = []
    for _ in range(draw(st.integers(1, most))):
        compound, route = draw(st.sampled_from(COMPOUND_ROUTES))
        count = draw(st.integers(1, 3))
        made = tuple(draw(phases(route, i == count - 1)) for i in range(count))
        result.append(Regimen(compound, route, made))
    return tuple(result)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of regimens, of habits or of both."""
    habits = draw(st.lists(HABITS, max_size=3))
    return Plan(draw(st.just(()) | regimens()) if habits else draw(regimens()), lifestyle=tuple(habits))
