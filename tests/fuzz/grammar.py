"""Sentences made from the words and tables of nadflux itself, nearly right, and then damaged.

Every maker takes a random number generator and gives text: `random.Random` for a numbered case, hypothesis' own where a
test shrinks what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random

Maker = Callable[[Random], str]

UNITS = (
    "mg", "g", "µg", "ug", "kg", "µmol", "mmol", "µM", "uM", "mM", "L", "mL", "L/h", "µmol/h", "1/h", "%", "h", "min",
    "d", "day", "days", "weeks", "months", "y", "yr", "years", "cm", "m", "cm²", "kg/m²", "VO2max", "kcal", "°C", "Hz",
    "fraction", "percent", "dimensionless", "mg/kg", "µmol/h/kg", "(µM)", "µM^2", "µM**-1", "mol·L^-1", "µmol/(L*h)",
)  # fmt: skip
NUMBERS = (
    "0", "1", "2", "3.5", "8", "12", "16", "24", "36", "60", "70", "168", "250", "500", "1000", "0.3", "-1", "+4",
    "1e3", "1e-9", ".5", "5.",
)  # fmt: skip
ODD_NUMBERS = (
    "1e308", "1e309", "1e-320", "-0", "nan", "inf", "-inf", "infinity", "1e", "1e+", "1_000", "1,000", "0x10", "1/0",
    "½", "²", "٣", "４０", "०", "১২", "𝟗", "Ⅷ", "1٫5", "9" * 400, "1e99999", "0." + "0" * 300 + "1", "--1", "+-1",
    "1.2.3",
)  # fmt: skip
STRAY = (
    "(", ")", "[", "]", "{", "}", ":", ";", ",", ".", "+", "-", "*", "**", "/", "^", "%", "%%", "%s", "{0}", "=",
    "==", "'", '"', "`", "\\", "|", "<", ">", "&", "#", "@", "!", "?", "~", "$", "_", "\t", "\n", "\r\n", "\x00",
    "\x1b[31m", "\x7f", "\u00a0", "\u200b", "\u202e", "\u0301", "\ufeff", "\ud800", "é", "µ", "μ", "ﬁ", "ß", "İ", "ı",
    "Ｎ", "Ａ", "،", "−", "–", "×", "·", "∞", "¹", "⁻¹", "℃", "Ω", "💊", "👩🏽‍🔬", "ا", "漢", "()", "[]", "((", "))",
    "//",    "/ /", "/1/", "^^", "^2^3", "**2", "^-1", "^999", "^99999999", "((((((((", "1", "٣", "0",
)  # fmt: skip
SEXES = ("woman", "man", "female", "male", "f", "m", "women", "Woman", "WOMAN", "person", "she")
LONGEST = 4_000


def pick(rng: Random, words: Sequence[str]) -> str:
    """Return one of the words."""
    return words[rng.randrange(len(words))]


def number(rng: Random) -> str:
    """Return a number as people write it, now and then an odd one."""
    return pick(rng, ODD_NUMBERS) if rng.random() < 0.08 else pick(rng, NUMBERS)


def unit(rng: Random) -> str:
    """Return a unit, now and then one made of two."""
    first = pick(rng, UNITS)
    return first if rng.random() < 0.8 else first + pick(rng, ("/", "*", "·", " ", "^", " per ")) + pick(rng, UNITS)


def quantity(rng: Random) -> str:
    """Return a number with its unit."""
    return number(rng) + pick(rng, (" ", " ", "", "  ")) + (unit(rng) if rng.random() < 0.9 else "")


def person(rng: Random) -> str:
    """Return a described person, with some habits of their usual life."""
    parts = [pick(rng, SEXES), f"{pick(rng, ('62', '25', '18', '110', number(rng)))} {pick(rng, ('y', 'years', 'yo'))}"]
    if rng.random() < 0.5:
        parts.append(f"{pick(rng, ('70', '55', number(rng)))} kg")
    if rng.random() < 0.5:
        parts.append(f"{pick(rng, ('168', '180', number(rng)))} cm")
    parts += [pick(rng, _habits()) for _ in range(rng.randrange(3)) if rng.random() < 0.5]
    if rng.random() < 0.1:
        parts.append(pick(rng, ("pregnant", "diabetes", "BMI 30", "quantity", quantity(rng))))
    if rng.random() < 0.2:
        rng.shuffle(parts)
    return ", ".join(parts)


def dose(rng: Random) -> str:
    """Return one regimen: compound, dose, route and clauses."""
    compound, route = _ways()[rng.randrange(len(_ways()))]
    if rng.random() < 0.1:
        compound, route = pick(rng, _compounds()), pick(rng, _routes())
    words = [
        compound,
        f"{pick(rng, ('500', '1', '4', number(rng)))} {pick(rng, ('mg', 'mg', 'mg', 'g', unit(rng)))}",
        route,
    ]
    words += [clause(rng) for _ in range(rng.randrange(4))]
    if rng.random() < 0.2:
        words += ["then", f"{number(rng)} mg", clause(rng)]
    return " ".join(words)


def clause(rng: Random) -> str:
    """Return one clause of a regimen or habit."""
    kind = rng.randrange(9)
    if kind == 0:
        return pick(
            rng, ("daily", "twice daily", "3 times a day", "weekly", "3 sessions/week", "every other day", "once")
        )
    if kind == 1:
        return f"every {quantity(rng)}"
    if kind == 2:
        return f"at {pick(rng, ('08:00', '20:30', '8:00 and 20:00', '24:00', '8', '٠٨:٠٠', '08:60'))}"
    if kind == 3:
        return f"for {pick(rng, ('1 d', '2 weeks', '3 months', quantity(rng)))}"
    if kind == 4:
        return f"from {pick(rng, ('day 3', 'day 0', 'day -1', '2 weeks', quantity(rng)))}"
    if kind == 5:
        return f"over {pick(rng, ('4 h', '30 min', quantity(rng)))}"
    if kind == 6:
        return f"on {pick(rng, ('300 cm²', '1e9 cm2', quantity(rng)))}"
    if kind == 7:
        return pick(rng, ("with food", "fasted", "with or without food", "with a meal"))
    return pick(rng, _clause_words())


def plan(rng: Random) -> str:
    """Return a plan: an example of the language, or regimens and habits put together."""
    chance = rng.random()
    if chance < 0.35:
        return pick(rng, _examples())
    parts = [dose(rng) if rng.random() < 0.5 else habit(rng) for _ in range(1 + rng.randrange(3))]
    return pick(rng, (" + ", "; ", " and ", "+")).join(parts) if chance < 0.5 else " + ".join(parts)


def habit(rng: Random) -> str:
    """Return one habit with a clause or two."""
    return " ".join([pick(rng, _habits()), *(clause(rng) for _ in range(rng.randrange(3)))])


def setting(rng: Random) -> str:
    """Return what follows ``--set``: a name of the model and a quantity."""
    name = pick(rng, _parameters())
    value = pick(rng, _values()[name]) if rng.random() < 0.5 else quantity(rng)
    return f"{name}={value}"


def outputs(rng: Random) -> str:
    """Return names of observables, joined by commas, some in words."""
    words = []
    for _ in range(1 + rng.randrange(3)):
        name = pick(rng, _observables())
        if rng.random() < 0.4:
            name = pick(rng, ("autophagy", "all", f"autophagy of {pick(rng, _organs())}", "autophagy in all organs"))
        words.append(name)
    return ",".join(words)


def damaged(rng: Random, text: str) -> str:
    """Return the text with none to four faults: strays, losses, repeats, changed letters, great length."""
    for _ in range(pick_count(rng)):
        text = pick_fault(rng)(rng, text)[:LONGEST]
    return text


def pick_count(rng: Random) -> int:
    """Return how many faults: mostly one or two."""
    return (0, 0, 0, 1, 1, 1, 2, 4)[rng.randrange(8)]


def pick_fault(rng: Random) -> Callable[[Random, str], str]:
    """Return one way to damage a text."""
    return _FAULTS[rng.randrange(len(_FAULTS))]


def _insert(rng: Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + pick(rng, STRAY) + text[at:]


def _insert_number(rng: Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + pick(rng, ODD_NUMBERS) + text[at:]


def _drop(rng: Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + text[at + 1 + rng.randrange(6) :]


def _drop_word(rng: Random, text: str) -> str:
    words = text.split(" ")
    del words[rng.randrange(len(words))]
    return " ".join(words)


def _repeat_word(rng: Random, text: str) -> str:
    words = text.split(" ")
    at = rng.randrange(len(words))
    words[at:at] = [words[at]] * (1 + rng.randrange(3))
    return " ".join(words)


def _swap_words(rng: Random, text: str) -> str:
    words = text.split(" ")
    a, b = rng.randrange(len(words)), rng.randrange(len(words))
    words[a], words[b] = words[b], words[a]
    return " ".join(words)


def _word_for_word(rng: Random, text: str) -> str:
    words = text.split(" ")
    words[rng.randrange(len(words))] = pick(rng, (*STRAY, *ODD_NUMBERS, *UNITS))
    return " ".join(words)


def _change_digits(rng: Random, text: str) -> str:
    zero = ord(pick(rng, ("٠", "０", "०", "𝟎")))
    return "".join(chr(zero + int(letter)) if "0" <= letter <= "9" else letter for letter in text)


def _change_letters(rng: Random, text: str) -> str:
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(ord("A"), ord("z") + 1)})
    return pick(rng, (text.upper(), text.swapcase(), text.translate(wide), text.replace("a", "а"), text[::-1]))


def _nest(rng: Random, text: str) -> str:
    depth = (1, 3, 50, 700)[rng.randrange(4)]
    left, right = (("(", ")"), ("[", "]"), ("{", "}"))[rng.randrange(3)]
    return left * depth + text + right * (depth if rng.random() < 0.8 else depth - 1)


def _lengthen(rng: Random, text: str) -> str:
    times = (2, 5, 60)[rng.randrange(3)]
    return pick(rng, (" + ", ", ", " ", "")).join([text] * times)


_FAULTS = (
    _insert, _insert, _insert, _insert, _insert_number, _drop, _drop, _drop_word, _repeat_word, _swap_words,
    _word_for_word, _change_digits, _change_letters, _nest, _lengthen,
)  # fmt: skip


@lru_cache(maxsize=1)
def _examples() -> tuple[str, ...]:
    from nadflux.plans.language.examples import examples

    return tuple(example.sentence for example in examples())


@lru_cache(maxsize=1)
def _compounds() -> tuple[str, ...]:
    from nadflux.plans.catalogue import shipped

    return tuple(sorted(shipped().names))


@lru_cache(maxsize=1)
def _ways() -> tuple[tuple[str, str], ...]:
    from nadflux.plans.catalogue import shipped

    return tuple(sorted(shipped().routes))


@lru_cache(maxsize=1)
def _routes() -> tuple[str, ...]:
    from nadflux.plans.catalogue import route_words

    return tuple(sorted(set(route_words())))


@lru_cache(maxsize=1)
def _habits() -> tuple[str, ...]:
    from nadflux.plans.habits.registry import HABIT_WORDS
    from nadflux.plans.lifestyle_tables import shipped_lifestyle

    tables = shipped_lifestyle()
    said = (
        "trains 3 times a week", "sleeps 6 h", "vegetarian", "16:8 eating window", "sleep 23:00-07:00", "fast 36 h",
        "endurance 45 min at 70% VO2max 3/week", "resistance 40 min 2/week", "3 meals a day", "night shift work",
        "caloric restriction 20 % for 2 weeks", "overfeeding 50 %", "glucose 75 g oral once", "ethanol 20 g daily",
        "meal of 800 kcal at 12:00", "diet 20 mg NE daily", "diet of 150 g chicken breast, 300 g milk daily",
    )  # fmt: skip
    return (*said, *HABIT_WORDS, *sorted(tables.style_names), *sorted(tables.nutrient_names))


@lru_cache(maxsize=1)
def _clause_words() -> tuple[str, ...]:
    from nadflux.plans.language.clauses import CLAUSE_WORDS

    return CLAUSE_WORDS


@lru_cache(maxsize=1)
def _values() -> dict[str, tuple[str, ...]]:
    """Names that ``--set`` takes, with values that fit."""
    from nadflux.network.names import to_name
    from nadflux.simulation.compiled import prepare
    from nadflux.simulation.parameters import unit_of

    values: dict[str, tuple[str, ...]] = {}
    for body in ("nad", "whole"):
        prepared = prepare(body=body)
        for name, default in zip(prepared.program.parameters, prepared.program.defaults, strict=True):
            unit = unit_of(prepared, name)
            values[to_name(name)] = tuple(f"{default * k:.6g} {unit}" for k in (0.0, 0.5, 1.0, 1.5, -1.0, 1e12))
        for key in prepared.body.table.targets:
            values.setdefault(key, ("1", "0.5 µM", "2 µmol/h"))
    return dict(sorted(values.items()))


@lru_cache(maxsize=1)
def _parameters() -> tuple[str, ...]:
    return tuple(_values())


@lru_cache(maxsize=1)
def _observables() -> tuple[str, ...]:
    from nadflux.simulation.compiled import prepare

    return tuple(o.id for o in prepare(body="whole").body.observables)


@lru_cache(maxsize=1)
def _organs() -> tuple[str, ...]:
    return tuple(sorted({name.split("_")[0] for name in _observables()}))
