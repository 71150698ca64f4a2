"""The parts of a plan: regimens and habits side by side or one after another, each with its name first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nadflux.notes import Note
from nadflux.plans.catalogue import Catalogue, route_words
from nadflux.plans.habits.registry import HABIT_WORDS
from nadflux.plans.language.clauses import COUNTS
from nadflux.plans.language.reader import Reader
from nadflux.plans.language.wording import Worded, with_additions, worded
from nadflux.plans.lifestyle_tables import USUAL_STYLE, shipped_lifestyle
from nadflux.words import Said
from nadflux.words.said import joined
from nadflux.words.table import NOTHING

FIRST, BESIDE, SOFTLY, COMMA, AFTER = "", "+", "and", ",", "then"
"""How a part is joined to the one before it: ``+`` or ``;``; in words, such as *and*; by a comma; or *then*."""
_PLUS = re.compile(r"\s\+(?=\s|$)|;")
_SOFT = re.compile(r"\s*,?\s+(?:and|&|with)\s+(?:an?\s+|the\s+)?|\s*,\s*", re.IGNORECASE)
_THEN = re.compile(r"\s*,?\s+(?:and\s+)?then\s+", re.IGNORECASE)
_AMOUNT = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)\s*(?:%|(?!x\b)[^\W\d_]+(?:/kg)?(?![\w/]))(?:\s+of\b)?", re.IGNORECASE)
_VERBS = ("trains", "exercises", "lifts", "sleeps", "fasts")
_OFTEN = r"daily|once|twice|thrice|three|four|every|each|weekly|at|for"
_LENGTH = re.compile(r"[\d.]+\s*(?:d|days?|weeks?|months?|y|years?)\b", re.IGNORECASE)
_FAST = re.compile(r"fast", re.IGNORECASE)
_FOR = re.compile(r"\b(?:for|every|over)$", re.IGNORECASE)
_SINGULAR, _ONE = re.compile(r"(?:minute|hour|day|week|month)$", re.IGNORECASE), re.compile(r"1\b(?!\.)")
_OF_FOODS = re.compile(r"(?:diet|meal)\b", re.IGNORECASE)
_COUNT = rf"(?:{'|'.join(COUNTS)}|\d+)"
_COUNTED = (
    rf"{_COUNT}\s+meals?\b|meals?(?=\s+(?:at|of|\d))|\d{{1,2}}:\d{{1,2}}(?=\s+(?:eating|time-restricted))"
    r"|\d{2}:\d(?!\d)"
)
_RATIO_ALONE = re.compile(r"\d{1,2}:\d{1,2}(?!\d)")


@dataclass(frozen=True)
class Part:
    """A part of a plan in the canonical wording.

    Attributes
    ----------
    said : Said
    join : str
        How it is joined to the one before.
    notes : tuple of Note
    """

    said: Said
    join: str
    notes: tuple[Note, ...] = ()


def parts_of(sentence: str, catalogue: Catalogue, again: Callable[[str], object]) -> list[Part]:
    """Return the parts of a plan, in order.

    Parameters
    ----------
    sentence : str
    catalogue : Catalogue
    again : callable
        Reads a sentence and returns the plan, for the readings that are asked back.

    Raises
    ------
    PlanError
        For a part that is missing, and as `nadflux.plans.language.wording.worded`.
    """
    known = _known(tuple(catalogue.names))
    whole = worded(sentence, known, again)
    names = _names(known)
    compounds = _names(tuple(catalogue.names))
    result = []
    for start, end, join in _stretches(whole, names, compounds):
        notes = tuple(note for at, note in whole.notes if start <= at < end)
        additions = [(entry, clause) for at, entry, clause in whole.additions if start <= at < end]
        part = whole.said.part(start, end)
        part = part.before(len(part.text.rstrip(" .")))
        said = with_additions(_name_first(part, names), additions)
        result.append(Part(said, join, notes))
    return result


def _stretches(whole: Worded, names: re.Pattern[str], compounds: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and join of each part."""
    text, position, join = whole.said.text, 0, FIRST
    for plus in [*_PLUS.finditer(text), None]:
        end = plus.start() if plus else len(text)
        if not text[position:end].strip(" ,"):
            raise Reader(whole.said).error("a regimen is missing here", position, max(position, end))
        yield from _in_words(text, position, end, join, names, compounds)
        position, join = (plus.end() if plus else end), BESIDE


def _in_words(
    text: str, start: int, end: int, join: str, names: re.Pattern[str], compounds: re.Pattern[str]
) -> Iterator[tuple[int, int, str]]:
    """Yield the parts of a stretch that are joined in words: *and*, *with*, *then* or a comma before a name."""
    foods = _OF_FOODS.match(text[start:end].lstrip())
    position = start
    # From join to join: ``start`` is that of the part being read, ``position`` where the next join is looked for.
    while True:
        found = [m for m in (_SOFT.search(text, position, end), _THEN.search(text, position, end)) if m]
        if not found:
            break
        match = min(found, key=lambda one: (one.start(), -one.end()))
        then = _THEN.fullmatch(match.group()) is not None
        amount = None if foods else _AMOUNT.match(text, match.end(), end)
        after = re.compile(r"\s*").match(text, amount.end(), end).end() if amount else match.end()  # type: ignore[union-attr]
        named = compounds if amount and match.group().strip() == COMMA else names
        known = named.match(text, after, end)
        nothing = known is not None and known.group().casefold() == NOTHING
        if known is not None and not (then and nothing) and _has_name(text[start : match.start()], names):
            yield start, match.start(), join
            start, join = match.end(), AFTER if then else COMMA if match.group().strip() == COMMA else SOFTLY
        position = match.end()
    yield start, end, join


def _has_name(text: str, names: re.Pattern[str]) -> bool:
    """Tell whether a stretch names a compound or habit, and so can be a part of its own."""
    return bool(text.strip()) and (names.search(text) is not None or _RATIO_ALONE.match(text.strip()) is not None)


def _name_first(part: Said, names: re.Pattern[str]) -> Said:
    """Return a part with its name before its amount and the clauses typed before it: ``500 mg NR daily``."""
    if names.match(part.text) or _RATIO_ALONE.match(part.text):
        return part
    name = names.search(part.text)
    if name is None or not _begins_before_name().match(part.text):
        return part
    length = None if _FAST.match(part.text, name.start()) else _LENGTH
    amounts, clauses, position = [], [], 0
    # From amount to amount: a length of days is a clause, any other amount belongs to the name.
    for amount in _AMOUNT.finditer(part.text[: name.start()]):
        before = part.part(position, amount.start())
        if length is not None and length.match(amount.group()):
            lasts = part.part(*amount.span())
            lasts = lasts.before(len(lasts.text.removesuffix("of").rstrip()))
            clauses += [
                before if _FOR.search(before.text) else joined([before, part.reworded(*amount.span(), "for")]),
                lasts,
            ]
        else:
            clauses.append(before)
            amounts.append(_plural(part.part(amount.start(), amount.end() - len(_trailing_of(amount.group())))))
        position = amount.end()
    clauses.append(part.part(position, name.start()))
    return joined([part.part(*name.span()), *amounts, *clauses, part.part(name.end())])


def _plural(amount: Said) -> Said:
    """Return an amount before a name, ``48-hour``, as it is after one: ``48 hours``."""
    if not _SINGULAR.search(amount.text) or _ONE.match(amount.text):
        return amount
    return amount.reworded(0, len(amount.text), f"{amount.text}s")


def _trailing_of(text: str) -> str:
    return text[len(text.removesuffix("of")) :]


@lru_cache(maxsize=1)
def _begins_before_name() -> re.Pattern[str]:
    return re.compile(rf"\.?\d|(?:{_OFTEN}|{'|'.join(map(re.escape, route_words()))})\b", re.IGNORECASE)


@lru_cache(maxsize=8)
def _known(compounds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that are read as they are, in lower case: compounds, nutrients, styles of meals and habits."""
    tables = shipped_lifestyle()
    return (*compounds, *tables.nutrient_names, *tables.style_names, *HABIT_WORDS)


@lru_cache(maxsize=8)
def _names(known: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of the names that a part may begin with: compounds, nutrients, styles and habits."""
    usual = {name for name, style in shipped_lifestyle().style_names.items() if style == USUAL_STYLE}
    every = sorted({*known, *_VERBS, NOTHING} - usual - {"meal", "meals"}, key=len, reverse=True)
    return re.compile(rf"(?<![\w+-])(?:{_COUNTED}|(?:{'|'.join(map(re.escape, every))})(?![\w+-]))", re.IGNORECASE)
