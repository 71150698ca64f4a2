"""Rewording: a text in people's words becomes the canonical wording that plans and persons are read from."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from nadflux.words.said import Said
from nadflux.words.table import MASS, NOTHING, NUMBER, PLAN, READ, TIME, Entry, words_table

_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_WORD_START = re.compile(r"(?<![\w])[\w~\"'@×]")
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
_SUMS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of the table where it was read.

    Attributes
    ----------
    entry : Entry
    typed : str
        The words typed for it.
    means, adds, note : str
        Of the entry, with the numbers filled in.
    start, stop : int
        Place in the new text.
    """

    entry: Entry
    typed: str
    means: str
    adds: str
    note: str
    start: int = 0
    stop: int = 0


@dataclass(frozen=True)
class Reading:
    """A text in the canonical wording, and the entries of the table by which it was read."""

    said: Said
    found: tuple[Found, ...]


def canonical(
    text: str, what: str = PLAN, known: Collection[str] = (), numbers: Mapping[str, str] | None = None
) -> Reading:
    """Return a text in the canonical wording.

    Parameters
    ----------
    text : str
    what : str
        ``plan`` or ``person``.
    known : collection of str
        Names, in lower case, that are read as they are: an entry that says less of one is skipped.
    numbers : mapping of str to str, optional
        Numbers of other tables that the entries name, such as ``dinner.time``.
    """
    plain = _without_thousands(Said.of(text))
    new, found, position = plain.before(0), list[Found](), 0
    # From word to word: each is reworded by the longest entry that begins there, or kept.
    for start, end, one in _matches(plain.text, what, known, numbers or {}):
        new = new.followed_by(plain.after(position).before(start - position))
        begin = len(new.text)
        kept = one.means == one.typed or one.entry.answer not in (READ, NOTHING)
        new = new.followed_by(plain.after(start).before(end - start) if kept else plain.reworded(start, end, one.means))
        found.append(replace(one, start=begin, stop=len(new.text)))
        position = end
    return Reading(new.followed_by(plain.after(position)), tuple(found))


def _matches(
    text: str, what: str, known: Collection[str], numbers: Mapping[str, str]
) -> Iterator[tuple[int, int, Found]]:
    names = _names(tuple(known))
    position = 0
    # From word to word: ``position`` is the end of what has been read.
    for start in _WORD_START.finditer(text):
        if start.start() < position:
            continue
        name = names.match(text, start.start()) if names is not None else None
        least = name.end() if name is not None else start.start()
        for pattern in words_table().candidates(what, text, start.start()):
            match = pattern.regex.match(text, start.start())
            if match is not None and match.end() > least:
                yield match.start(), match.end(), _found(pattern.entry, match, numbers)
                position = match.end()
                break
        else:
            position = least


def _found(entry: Entry, match: re.Match[str], numbers: Mapping[str, str]) -> Found:
    given = {**numbers, "typed": match.group()}
    means, adds, note = (_filled(text, match, given) for text in (entry.means, entry.adds, entry.note))
    return Found(entry, match.group(), means, adds, note)


@lru_cache(maxsize=8)
def _names(known: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern of names that are read as they are."""
    every = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.compile(rf"(?<![\w+-])(?:{every})(?![\w+-])", re.IGNORECASE) if every else None


def _filled(text: str, match: re.Match[str], numbers: Mapping[str, str]) -> str:
    """Return a text of an entry with its placeholders filled."""
    if "{" not in text:
        return text
    given = {name: typed for name, typed in match.groupdict().items() if typed is not None}
    table = words_table()
    digits = {n: table.canonical_of(NUMBER).get(t.casefold(), t) for n, t in given.items() if n not in "ut"}

    def fill(placeholder: re.Match[str]) -> str:
        name = placeholder.group(1)
        if name in numbers:
            return numbers[name]
        if name in ("u", "t"):
            return table.canonical_of(MASS if name == "u" else TIME)[given[name].casefold()]
        return digits[name] if name in digits else _plain(_sum(name, digits))

    return _PLACEHOLDER.sub(fill, text)


def _sum(text: str, given: Mapping[str, str]) -> float:
    """Return the value of a sum such as ``n*7``."""

    def value(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp):
            return _SUMS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.Name):
            return float(given[node.id])
        return float(ast.literal_eval(node))

    return value(ast.parse(text, mode="eval").body)


def _plain(value: float) -> str:
    return f"{value:.10g}"


def _without_thousands(said: Said) -> Said:
    """Return the text without the commas of thousands, as in ``1,000 mg``."""
    new, position = said.before(0), 0
    for match in _THOUSANDS.finditer(said.text):
        new = new.followed_by(said.after(position).before(match.start() - position))
        new = new.followed_by(said.reworded(*match.span(), match.group().replace(",", "")))
        position = match.end()
    return new.followed_by(said.after(position))
