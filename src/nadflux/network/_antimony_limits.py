"""Bounds on an Antimony text, checked before the library sees it, which has none of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nadflux.errors import ModelError

DEEPEST_BRACKETS = 150  # brackets
LONGEST = 100_000  # letters of a statement; the library takes seconds for more
MOST_PARTS = 10_000  # modules in modules
MOST_FILES = 1_000
MOST_WORK = 1e7  # rules times ways from rule to rule, which the library walks for every rule; some seconds
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)
_TEXT = re.compile(r'"[^"\n]*"')
_IMPORT = re.compile(r'\bimport\s+"([^"\n]+)"')
_MODULE_TEXT = re.compile(r"^\s*(?:model|module)\s+\*?\s*(\w+)(.*?)^\s*end\b", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"^\s*(\w+)\s*:=(.*)$", re.DOTALL)
_NAME = re.compile(r"\b[A-Za-z_]\w*")
# With a name of its own or without one: `liver: organ()` and, as a statement, `organ()`.
_PART = re.compile(r"(?:\b\w+\s*:|^|;)[^\S\n]*(\w+)\s*\(", re.MULTILINE)


def check_antimony(text: str, folder: Path, label: str) -> None:
    """Raise ``ModelError`` for a text on which the Antimony library would run without end or end the process.

    Parameters
    ----------
    text : str
    folder : Path
        Where imported files lie.
    label : str
        Name of the text in errors.
    """
    texts = [_COMMENT.sub("", text)]
    _check_imports(texts[0], folder, label, (), texts)
    parts: dict[str, list[str]] = {}
    for content in texts:
        plain = _TEXT.sub('""', content)
        _check_statements(plain, label)
        for name, body in _modules(plain):
            parts[name] = _PART.findall(body)
            _check_rules(body, label)
        _check_rules(_MODULE_TEXT.sub("", plain), label)
    _check_parts(parts, label)


def _check_imports(text: str, folder: Path, label: str, path: tuple[Path, ...], texts: list[str]) -> None:
    for name in _IMPORT.findall(text):
        file = (folder / name).resolve()
        if file in path or len(path) > 100:
            raise ModelError(f"{label} imports {name!r}, which imports itself; remove one of the imports")
        if len(texts) > MOST_FILES:
            raise ModelError(f"{label} imports more than {MOST_FILES} files, counted as often as each is imported")
        try:
            content = file.read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            continue  # the library itself reports the missing file
        texts.append(_COMMENT.sub("", content))
        _check_imports(texts[-1], folder, label, (*path, file), texts)


def _check_statements(text: str, label: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        for statement in line.split(";"):
            if len(statement) > LONGEST:
                raise ModelError(
                    f"{label} holds a statement of {len(statement)} letters in line {number}; at most {LONGEST} are "
                    "read: write parts of the formula as rules of their own"
                )
            if _deepest(statement) > DEEPEST_BRACKETS:
                raise ModelError(
                    f"{label} holds a formula nested deeper than {DEEPEST_BRACKETS} brackets in line {number}; write "
                    "parts of it as rules of their own"
                )


def _deepest(statement: str) -> int:
    depth = deepest = 0
    for letter in re.findall(r"[()]", statement):
        depth += 1 if letter == "(" else -1
        deepest = max(deepest, depth)
    return deepest


def _modules(text: str) -> Iterator[tuple[str, str]]:
    """Yield each module and the text in it."""
    for found in _MODULE_TEXT.finditer(text):
        yield found[1], found[2]


def _check_rules(text: str, label: str) -> None:
    """Refuse chains of rules through which there are more ways than the library can walk."""
    uses: dict[str, list[str]] = {}
    for statement in re.split(r"[;\n]", text):
        rule = _RULE.match(statement)
        if rule is not None:
            uses[rule[1]] = _NAME.findall(rule[2])
    ways: dict[str, float] = {}
    for name in uses:
        _count_ways(name, uses, ways)
    work = len(uses) * sum(ways.values())
    if work > MOST_WORK:
        raise ModelError(
            f"{label} holds {len(uses)} rules with too many ways from rule to rule for the Antimony library; "
            "give the model as SBML, put intermediate results into one formula, or remove the chain"
        )


def _count_ways(name: str, uses: Mapping[str, list[str]], ways: dict[str, float]) -> None:
    """Count the ways from a rule down to rules without rules below; one for each use of a name."""
    stack, path = [name], set()
    while stack:
        current = stack[-1]
        missing = [n for n in uses[current] if n in uses and n not in ways and n not in path]
        if current in ways or not missing:
            ways.setdefault(current, 1.0 + sum(ways.get(n, 0.0) for n in uses[current]))
            path.discard(stack.pop())
        else:
            path.add(current)
            stack.append(missing[0])


def _check_parts(parts: Mapping[str, list[str]], label: str) -> None:
    """Refuse modules that hold themselves, or more modules in modules than anyone writes."""
    sizes: dict[str, int] = {}

    def size(name: str, path: tuple[str, ...]) -> int:
        if name in path or len(path) > DEEPEST_BRACKETS:
            raise ModelError(f"{label} holds module {name!r} within itself: {' in '.join((name, *path[::-1][:5]))}")
        if name not in sizes:
            sizes[name] = 1 + sum(size(part, (*path, name)) for part in parts.get(name, []))
        return sizes[name]

    for name in parts:
        if size(name, ()) > MOST_PARTS:
            raise ModelError(
                f"{label} puts {sizes[name]} modules together in module {name!r}; at most {MOST_PARTS} are read"
            )
