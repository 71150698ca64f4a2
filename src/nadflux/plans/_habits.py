"""Habits read off a sentence, and written as one; see `nadflux.plans.lifestyle`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from nadflux import units
from nadflux.errors import NadfluxError
from nadflux.plans.language.clauses import COUNTS, read_clause
from nadflux.plans.language.phases import HOW_MANY, format_clauses, read_dose, read_phases
from nadflux.plans.language.reader import Reader, word_pattern
from nadflux.plans.lifestyle import (
    ENDURANCE,
    RESISTANCE,
    USUAL,
    EatingWindow,
    EnergyEaten,
    Exercise,
    Fast,
    Habit,
    Meals,
    Nutrient,
    Overfeeding,
    Restriction,
    SetMeal,
    ShiftWork,
    Sleep,
)
from nadflux.plans.lifestyle_tables import MACRONUTRIENTS, shipped_lifestyle
from nadflux.plans.timing import Amount, Frequency, Timed, clock_text, clock_words, span_words

HABIT_WORDS = (
    "meals", "meal", "eating window", "time-restricted eating", "fast", "caloric restriction", "overfeeding",
    "endurance", "resistance", "sleep", "shift work",
)  # fmt: skip
_LASTING = ("duration", "start")
_TIMED = ("frequency", "clock", "duration", "start")
_DAILY = Frequency("daily")
_WORDS = ("at", "for", "from")


_COUNT = "|".join(COUNTS)
_MEALS = word_pattern(rf"(?P<count>{_COUNT}|\d+)\s+meals?(?:\s*(?:a day|per day|daily|/\s*d(?:ay)?))?|meals(?=\s|$)")
_MEAL = word_pattern(r"meal(?:\s+of)?")
_RATIO = word_pattern(
    r"(?P<fasted>\d{1,2}):(?P<fed>\d{1,2})\s+(?:eating window|time-restricted eating|time-restricted feeding|fasting)"
)
_WINDOW = word_pattern(r"eating window|time-restricted eating|time-restricted feeding")
_FAST = word_pattern(r"fast(?:s|ing)?(?:\s+(?:for|of))?")
_OVERFEEDING = word_pattern(r"(?:overfeeding|(?:caloric|calorie|energy) (?:surplus|excess))(?:\s+(?:of|by))?")
_RESTRICTION = word_pattern(r"(?:caloric|calorie|energy) restriction(?:\s+(?:of|by))?")
_ENDURANCE = word_pattern(r"trains|exercises|endurance(?:\s+(?:exercise|training))?|aerobic (?:exercise|training)")
_RESISTANCE = word_pattern(r"lifts(?: weights)?|resistance(?:\s+(?:exercise|training))?|strength training")
_SLEEP = word_pattern(r"sleeps?")
_SHIFT = word_pattern(r"(?:night )?shift work|works (?:night )?shifts")
_EATS = word_pattern(r"eats|drinks|takes")
_DIET = word_pattern(r"diet")
_RANGE = word_pattern(
    r"(?:(?:from|between)\s+)?(?P<h1>\d{1,2}):(?P<m1>\d{2})\s*(?:-|–|to|and)\s*(?P<h2>\d{1,2}):(?P<m2>\d{2})"
)
_SHARE = word_pattern(r"(?:at|@)?\s*(?P<value>[-+]?\d+(?:\.\d+)?)\s*%(?P<of>\s*(?:of\s+)?VO(?:2|₂)[\s-]?(?:max|peak))?")
_IRREGULAR = word_pattern(r"irregular(?:ly)?")
_ORAL = word_pattern(r"oral(?:ly)?|by mouth|po")


def read_habit(reader: Reader) -> Habit | None:
    """The habit that a stretch of a sentence says, or None where it says none; raises `PlanError`."""
    begin = reader.position
    reader.take(_EATS)
    found = reader.take(_MEALS)
    if found:
        return _meals(reader, begin, found.group("count"))
    for pattern, read in _HEADS:
        head = reader.take(pattern)
        if head:
            return read(reader, begin, head)
    style = _read_style(reader)
    if style is not None:
        reader.take(_DIET)
        return Meals(style=style, **_clauses(reader, _LASTING))
    found_nutrient = _nutrient(reader, begin)
    if found_nutrient is None:
        reader.position = begin
    return found_nutrient


def format_habit(habit: Habit) -> str:
    """The sentence of a habit; reads back to the same habit."""
    if isinstance(habit, Nutrient):
        words = [habit.name]
        for phase in habit.phases:
            words += ["then"] * (phase is not habit.phases[0]) + [str(phase.dose)]
            words += ["oral"] * (phase is habit.phases[0]) + [format_clauses(phase)]
        return " ".join(words)
    return " ".join((head_of(habit), *_timing(habit)))


def head_of(habit: Habit) -> str:
    """A habit without frequency, duration and start."""
    match habit:
        case Meals():
            named = " ".join(("meals", *clock_words(habit.clock))) if habit.clock else f"{habit.count} meals a day"
            return named + _style(habit.style)
        case EatingWindow():
            length = habit.length
            ratio = f"{24 - int(length)}:{int(length)} " if length == int(length) and length < 24 else ""
            return f"{ratio}eating window {_range(habit.opens, habit.closes)}{_style(habit.style)}"
        case EnergyEaten():
            return f"{habit.name} {Amount(habit.percent, '%')}"
        case Sleep():
            return f"sleep {_range(habit.begins, habit.ends)}{' irregular' if habit.irregular else ''}"
        case ShiftWork():
            return "shift work"
        case SetMeal():
            parts = [str(habit.energy)] if habit.energy is not None else [f"{m} {n}" for n, m in habit.parts.items()]
            return " ".join(("meal", *parts)) + _style(habit.style)
        case Fast():
            return f"fast {habit.length}"
        case Exercise():
            share = "" if habit.intensity is None else f" at {Amount(habit.intensity, '%')} VO2max"
            return f"{habit.sort} {habit.length}{share}"
    raise TypeError(f"{habit!r} is no habit")


def _timing(habit: Habit) -> tuple[str, ...]:
    return habit.timing() if isinstance(habit, Timed) else span_words(habit.duration, habit.start)  # type: ignore[union-attr]


def _meals(reader: Reader, begin: int, count: str | None) -> Meals:
    number = None if count is None else COUNTS.get(count.casefold()) or int(count)
    found = _clauses(reader, ("clock", *_LASTING), {"style": _read_style})
    clock = found.get("clock", ())
    if number is None and not clock:
        raise reader.error("how many? say 'three meals a day' or 'meals at 08:00, 13:00 and 19:00'", begin, begin + 5)
    with reader.pointing(begin, reader.end):
        return Meals(number or len(clock), **found)


def _ratio(reader: Reader, begin: int, head: re.Match[str]) -> EatingWindow:
    fasted, fed = int(head.group("fasted")), int(head.group("fed"))
    if fasted + fed != 24 or not fed:
        raise reader.error(f"{fasted} and {fed} hours do not make a day", begin, begin + len(f"{fasted}:{fed}"))
    start = reader.position
    hours = _hours(reader)
    opens = shipped_lifestyle().number("eating window", "start", "h") if hours is None else hours[0]
    closes = (opens + fed) % 24.0
    if hours is not None and abs(hours[1] - closes) > 1e-9:
        raise reader.error(f"these hours are not the {fed} of {fasted}:{fed}", start, reader.position)
    return _window_of(reader, begin, opens, closes)


def _window(reader: Reader, begin: int, head: re.Match[str]) -> EatingWindow:
    hours = _hours(reader)
    if hours is None:
        raise reader.error("hours are needed, e.g. '12:00-20:00'", *_next(reader))
    return _window_of(reader, begin, *hours)


def _window_of(reader: Reader, begin: int, opens: float, closes: float) -> EatingWindow:
    found = _clauses(reader, _LASTING, {"style": _read_style})
    with reader.pointing(begin, reader.end):
        return EatingWindow(opens, closes, **found)


def _fast(reader: Reader, begin: int, head: re.Match[str]) -> Fast:
    length, start, end = reader.amount("length of a fast")
    found = _clauses(reader, _TIMED)
    _needs_frequency(reader, found, begin)
    with reader.pointing(start, end):
        return Fast(length, **found)


def _energy_eaten(
    kind: type[Restriction] | type[Overfeeding], what: str
) -> Callable[[Reader, int, re.Match[str]], Habit]:
    def read(reader: Reader, begin: int, head: re.Match[str]) -> Habit:
        percent, start, end = reader.amount(what)
        if percent.unit != "%":
            raise reader.error(f"{what} is given in %, e.g. '25 %'", start, end)
        found = _clauses(reader, _LASTING)
        with reader.pointing(start, end):
            return kind(percent.value, **found)

    return read


def _sleep(reader: Reader, begin: int, head: re.Match[str]) -> Sleep:
    hours = _hours(reader)
    start, end = begin, reader.position
    if hours is None:
        length, start, end = reader.amount("time of sleep, e.g. '23:00-07:00' or '7 h',")
        with reader.pointing(start, end):
            ends = shipped_lifestyle().number("sleep", "end", "h")
            hours = (ends - length.to("h")) % 24.0, ends
            if not 0 < length.to("h") <= 24:
                raise NadfluxError(f"{length} of sleep cannot be planned; between 1 and 16 h can")
    found = _clauses(reader, _LASTING, {"irregular": lambda r: True if r.take(_IRREGULAR) else None})
    with reader.pointing(start, end):
        return Sleep(*hours, **found)


def _shift(reader: Reader, begin: int, head: re.Match[str]) -> ShiftWork:
    return ShiftWork(**_clauses(reader, _LASTING))


def _bouts(sort: str) -> Callable[[Reader, int, re.Match[str]], Exercise]:
    def read(reader: Reader, begin: int, head: re.Match[str]) -> Exercise:
        numbered = re.match(r"[-+.\d]|nan|inf", reader.word(), re.IGNORECASE)
        if numbered and not HOW_MANY.match(reader.text, reader.position, reader.end):
            length, _, _ = reader.amount("length of exercise")
        else:
            length = Amount(shipped_lifestyle().number(sort, "length", "min"), "min")
        found = _clauses(reader, _TIMED, {"intensity": _read_intensity})
        _needs_frequency(reader, found, begin)
        with reader.pointing(begin, reader.end):
            return Exercise(sort, length, **found)

    return read


def _meal(reader: Reader, begin: int, head: re.Match[str]) -> SetMeal:
    parts: dict[str, Any] = {}
    while re.match(r"[-+.\d]|nan|inf", reader.word(), re.IGNORECASE):
        amount, start, end = reader.amount("content of the meal")
        with reader.pointing(start, end):
            energy = units.compatible(amount.unit, "kcal")
        name = "energy" if energy else _macronutrient(reader)
        if name in parts:
            raise reader.error(f"{name} of the meal is given twice; give it once", start, end)
        parts[name] = amount
    if not parts:
        raise reader.error("what is in the meal? say '600 kcal' or '50 g carbohydrate 20 g protein'", *_next(reader))
    found = _clauses(reader, _TIMED, {"style": _read_style})
    _needs_frequency(reader, found, begin)
    with reader.pointing(begin, reader.end):
        return SetMeal(**parts, **found)


def _nutrient(reader: Reader, begin: int) -> Nutrient | None:
    names = shipped_lifestyle().nutrient_names
    written = _name_here(reader, names)
    if written is None:
        return None
    reader.position += len(written)
    reader.skip()
    dose = read_dose(reader)
    reader.take(_ORAL)
    phases = read_phases(reader, dose, lambda: reader.take(_ORAL))
    with reader.pointing(begin, reader.end):
        return Nutrient(names[written.casefold()], phases)


_HEADS: tuple[tuple[re.Pattern[str], Callable[[Reader, int, re.Match[str]], Habit]], ...] = (
    (_MEAL, _meal),
    (_RATIO, _ratio),
    (_WINDOW, _window),
    (_FAST, _fast),
    (_RESTRICTION, _energy_eaten(Restriction, "a restriction")),
    (_OVERFEEDING, _energy_eaten(Overfeeding, "overfeeding")),
    (_ENDURANCE, _bouts(ENDURANCE)),
    (_RESISTANCE, _bouts(RESISTANCE)),
    (_SLEEP, _sleep),
    (_SHIFT, _shift),
)


def _clauses(
    reader: Reader, allowed: Iterable[str], own: dict[str, Callable[[Reader], Any]] | None = None
) -> dict[str, Any]:
    """Clauses up to the end, of the kinds that fit; ``own`` reads words of one sort of habit."""
    found: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}
    while not reader.done:
        start = reader.position
        for name, read in (own or {}).items():
            value = read(reader)
            if value is not None:
                if name in found:
                    raise reader.error(f"the {name} is given twice; give it once", start, reader.position)
                found[name] = value
                break
        else:
            if not read_clause(reader, found, spans):
                words = [*_WORDS, *(["daily", "weekly"] if "frequency" in allowed else [])]
                words += [word for name in own or {} for word in _own_words(name)]
                raise reader.unknown("word", words)
    for name, span in spans.items():
        if name == "frequency" and name not in allowed and found[name] == _DAILY:
            del found[name]
        elif name not in allowed:
            raise reader.error(f"no {name} fits here; leave it out", *span)
    return found


def _own_words(name: str) -> tuple[str, ...]:
    """Words that one sort of habit knows besides the clauses."""
    return {"style": tuple(shipped_lifestyle().style_names), "irregular": ("irregular",)}.get(name, ())


def _needs_frequency(reader: Reader, found: dict[str, Any], begin: int) -> None:
    if "duration" in found and "frequency" not in found:
        raise reader.error("how often? say e.g. 'daily' or '3/week'", begin, reader.end)


def _hours(reader: Reader) -> tuple[float, float] | None:
    """Two hours of the day such as ``23:00-7:00``, moved over."""
    match = reader.take(_RANGE)
    if match is None:
        return None
    result = []
    for hour, minute in (("h1", "m1"), ("h2", "m2")):
        if int(match.group(hour)) > 24 or int(match.group(minute)) > 59:
            start, end = match.start(hour), match.end(minute)
            raise reader.error(f"{reader.text[start:end]} is not a time of day; write 00:00 to 23:59", start, end)
        result.append((int(match.group(hour)) + int(match.group(minute)) / 60.0) % 24.0)
    return result[0], result[1]


def _read_style(reader: Reader) -> str | None:
    names = shipped_lifestyle().style_names
    written = _name_here(reader, names)
    if written is None:
        return None
    reader.position += len(written)
    reader.skip()
    return names[written.casefold()]


def _read_intensity(reader: Reader) -> float | None:
    start = reader.position
    match = reader.take(_SHARE)
    if match is None:
        return None
    if not match.group("of"):
        raise reader.error("of what? say e.g. 'at 70% VO2max'", start, match.end())
    return float(match.group("value"))


def _macronutrient(reader: Reader) -> str:
    names = shipped_lifestyle().nutrient_names
    written = _name_here(reader, names)
    if written is None or names[written.casefold()] not in MACRONUTRIENTS:
        raise reader.unknown("part of a meal", MACRONUTRIENTS)
    reader.position += len(written)
    reader.skip()
    return names[written.casefold()]


def _name_here(reader: Reader, names: Iterable[str]) -> str | None:
    """The longest of the names that stands here as whole words, as written."""
    rest = reader.text[reader.position : reader.end]
    for name in sorted(names, key=len, reverse=True):
        if re.match(rf"{re.escape(name)}(?![\w-])", rest, re.IGNORECASE):
            return rest[: len(name)]
    return None


def _next(reader: Reader) -> tuple[int, int]:
    return reader.position, reader.position + max(1, len(reader.word()))


def _style(style: str) -> str:
    return "" if style == USUAL else f" {style}"


def _range(first: float, second: float) -> str:
    return f"{clock_text((first,))}-{clock_text((second,))}"
