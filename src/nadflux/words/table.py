"""The table of words: what people say, what it means in the canonical wording, and what cannot be read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from nadflux.errors import TableError
from nadflux.network.records import records

FILE = Path(__file__).parent / "words.csv"
COLUMNS = ("topic", "of", "words", "means", "adds", "unless", "answer", "note", "tier", "source")
_OPTIONAL = ("means", "adds", "unless", "note", "tier", "source")
PLAN, PERSON, BOTH = "plan", "person", "both"
READ, NOTHING, ASK, SAY, REFUSE, CONDITION = "read", "nothing", "ask", "say", "refuse", "condition"
"""Answers to words; the canonical wording of what has no effect is ``nothing`` as well, and such a part is left out."""
ANSWERS = (READ, NOTHING, ASK, SAY, REFUSE, CONDITION)
NUMBER, MASS, TIME = "number", "unit of a dose", "unit of time"
"""Topics whose rows fill the placeholders ``{n}``, ``{m}`` and ``{k}``; ``{u}``; and ``{t}``."""
_PLACEHOLDERS = {"n": NUMBER, "m": NUMBER, "k": NUMBER, "u": MASS, "t": TIME}
_DIGITS = r"\d+(?:\.\d+)?"
_TOKEN = re.compile(r"\{([nmkut])\}|\s+|[^\s{]+")
_BEFORE, _AFTER = r"(?<![\w.+/:±-])", r"(?![\w]|[-/:.]\w)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to say something, of a row of the table.

    Attributes
    ----------
    topic : str
    of : str
        ``plan``, ``person`` or ``both``: where it is read.
    words : str
        As typed, with ``{n}``, ``{m}``, ``{k}`` for numbers, ``{u}`` for the unit of a dose, ``{t}`` for one of time;
        a star at the end for any ending.
    means : str
        The canonical wording, with the same placeholders and sums of them such as ``{n*7}``; of what is asked back,
        the readings, with ``|`` between them; of a condition, what can be described instead.
    adds : str
        A clause for a part of a plan that does not have the words ``unless``.
    unless : str
    answer : str
        ``read``; ``nothing`` (it has no effect); ``ask`` (it may mean two things); ``say`` (something is missing);
        ``refuse`` (it is not modelled); ``condition`` (a condition of a person, which is not modelled).
    note : str
        Said of it in the answer, or why it is refused.
    tier, source : str
        Of the numbers in ``means`` and ``adds``.
    place : str
        File and line.
    """

    topic: str
    of: str
    words: str
    means: str
    adds: str
    unless: str
    answer: str
    note: str
    tier: str
    source: str
    place: str


class Pattern:
    """The pattern of an entry, compiled where a text may match it."""

    def __init__(self, entry: Entry, filled: Mapping[str, str]) -> None:
        self.entry = entry
        self._filled = filled

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern, of whole words."""
        text, star = self.entry.words.removesuffix("*"), self.entry.words.endswith("*")
        tokens = [(match.group(1), match.group()) for match in _TOKEN.finditer(text)]
        pattern = "".join(self._piece(tokens, index) for index in range(len(tokens)))
        return re.compile(_BEFORE + pattern + (r"\w*" if star else "") + _AFTER, re.IGNORECASE)

    @property
    def key(self) -> str:
        """The letter it begins with; after a number ``#`` and the letter behind it, or ``{`` for a placeholder."""
        text = self.entry.words.casefold()
        if text[0] != "{":
            return text[0]
        return f"#{text[text.index('}') + 1 :].lstrip(' -')[:1]}"

    def _piece(self, tokens: list[tuple[str | None, str]], index: int) -> str:
        name, text = tokens[index]
        if name is not None:
            return f"(?P<{name}>{self._filled[_PLACEHOLDERS[name]]})"
        if text.strip():
            return re.escape(text)
        before, after = tokens[index - 1][0], tokens[index + 1][0]
        if before is not None and after is not None and _PLACEHOLDERS[after] == NUMBER:
            return r"[\s-]+"
        if after is not None and _PLACEHOLDERS[after] == NUMBER:
            return r"\s*"
        return r"[\s-]*" if before in ("n", "m", "k") else r"(?:\s+|-)"


@dataclass(frozen=True)
class WordsTable:
    """All entries, in the order of the table."""

    entries: tuple[Entry, ...]

    def of(self, what: str) -> Iterator[Entry]:
        """Yield the entries that are read in a plan or a person, without units and numbers."""
        fills = set(_PLACEHOLDERS.values())
        return (entry for entry in self.entries if entry.of in (what, BOTH) and entry.topic not in fills)

    def canonical_of(self, topic: str) -> dict[str, str]:
        """Return the canonical word of each word of a topic, in lower case."""
        return self._canonical[topic]

    def candidates(self, what: str, text: str, start: int) -> Iterator[Pattern]:
        """Yield the patterns that a text may match from ``start`` on, in a plan or a person, the longest first."""
        keys = {text[start].casefold()}
        number = self._number.match(text, start)
        if number is not None:
            keys |= {"#{", f"#{text[number.end() : number.end() + 1].casefold()}"}
        every = self._patterns[what]
        return (pattern for _, pattern in sorted((pair for key in keys for pair in every.get(key, ())), key=_first))

    @cached_property
    def _patterns(self) -> dict[str, dict[str, list[tuple[int, Pattern]]]]:
        result: dict[str, dict[str, list[tuple[int, Pattern]]]] = {}
        for what in (PLAN, PERSON):
            longest = sorted(self.of(what), key=_most_words_first)
            keyed: dict[str, list[tuple[int, Pattern]]] = defaultdict(list)
            for index, pattern in enumerate(Pattern(entry, self._filled) for entry in longest):
                keyed[pattern.key].append((index, pattern))
            result[what] = dict(keyed)
        return result

    @cached_property
    def _number(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self._filled[NUMBER]})[\s-]*", re.IGNORECASE)

    @cached_property
    def _canonical(self) -> dict[str, dict[str, str]]:
        result: dict[str, dict[str, str]] = defaultdict(dict)
        for entry in self.entries:
            result[entry.topic][entry.words.casefold()] = entry.means or entry.words
        return dict(result)

    @cached_property
    def _filled(self) -> dict[str, str]:
        """Return the pattern of each kind of placeholder."""

        def any_of(topic: str) -> str:
            return "|".join(sorted(map(re.escape, self.canonical_of(topic)), key=len, reverse=True))

        return {NUMBER: rf"{_DIGITS}|(?:{any_of(NUMBER)})\b", MASS: any_of(MASS), TIME: any_of(TIME)}


def _most_words_first(entry: Entry) -> tuple[int, int, int]:
    return -len(re.findall(r"[^\s-]+", entry.words)), entry.words.count("{"), -len(entry.words)


def _first(pair: tuple[int, Pattern]) -> int:
    return pair[0]


@lru_cache(maxsize=4)
def words_table(file: Path = FILE) -> WordsTable:
    """Read the table of words.

    Raises
    ------
    TableError
        For a row that cannot be used; the message names file and line.
    """
    entries: list[Entry] = []
    seen: dict[tuple[str, str, str], str] = {}
    for place, cells in records(file, COLUMNS, _OPTIONAL):
        _check(place, cells)
        for words in (words.strip() for words in cells["words"].split(";")):
            for what in (PLAN, PERSON) if cells["of"] == BOTH else (cells["of"],):
                fills = cells["topic"] if cells["topic"] in _PLACEHOLDERS.values() else ""
                other = seen.setdefault((what, fills, words.casefold()), place)
                if other != place:
                    raise TableError(f"{place}: {words!r} is listed already in {other}; keep one")
            entries.append(Entry(**{**cells, "words": words}, place=place))
    return WordsTable(tuple(entries))


def _check(place: str, cells: dict[str, str]) -> None:
    if cells["of"] not in (PLAN, PERSON, BOTH):
        raise TableError(f"{place}: of {cells['of']!r}; write plan, person or both")
    if cells["answer"] not in ANSWERS:
        raise TableError(f"{place}: answer {cells['answer']!r}; write one of {', '.join(ANSWERS)}")
    if cells["answer"] == ASK and "|" not in cells["means"]:
        raise TableError(f"{place}: what is asked back needs its readings in means, with | between them")
    if cells["answer"] in (SAY, REFUSE) and not cells["note"]:
        raise TableError(f"{place}: a refusal needs a note that names what can be written instead")
