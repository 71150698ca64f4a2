"""A failing input made smaller while it fails in the same way."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from asking import UNEXPECTED, Kind, Outcome, outcome

LONGEST_S = 30.0


def smaller(kind: Kind, case: str, found: Outcome) -> str:
    """Return the shortest input met in half a minute that ends as ``found`` did: by what was left out of the case."""
    stop = time.monotonic() + LONGEST_S

    def fails_alike(text: str) -> bool:
        if time.monotonic() > stop:
            return False
        other = outcome(kind, text)
        return other.word == UNEXPECTED and same_fault(other) == same_fault(found)

    try:
        tree = json.loads(case)
    except ValueError:
        return _shrunk(case, fails_alike)
    if not isinstance(tree, list | dict):
        return _shrunk(case, fails_alike)
    return _shrunk_json(tree, lambda smaller_tree: fails_alike(json.dumps(smaller_tree)))


def same_fault(found: Outcome) -> tuple[str, str]:
    """What two failing inputs share where one fault is behind them: the place, and how the words begin."""
    return found.place.partition(" < ")[0], found.said[:20]


def _shrunk(text: str, fails: Callable[[str], bool]) -> str:
    length = max(1, len(text) // 2)
    while True:
        at, cut = 0, False
        while at < len(text):
            shorter = text[:at] + text[at + length :]
            if shorter != text and fails(shorter):
                text, cut = shorter, True
            else:
                at += length
        if length == 1 and not cut:
            return text
        length = max(1, length // 2)


def _shrunk_json(tree: Any, fails: Callable[[Any], bool]) -> str:
    done = False
    while not done:
        done = True
        for shorter in _without_one(tree):
            if fails(shorter):
                tree, done = shorter, False
                break
    return json.dumps(tree)


def _without_one(tree: Any) -> Iterator[Any]:
    """The tree without one of its parts, or with a text in it halved."""
    if isinstance(tree, list):
        for k in range(len(tree)):
            yield tree[:k] + tree[k + 1 :]
            for part in _without_one(tree[k]):
                yield [*tree[:k], part, *tree[k + 1 :]]
    elif isinstance(tree, dict):
        for key in tree:
            yield {name: value for name, value in tree.items() if name != key}
            for part in _without_one(tree[key]):
                yield {**tree, key: part}
    elif isinstance(tree, str) and len(tree) > 1:
        half = len(tree) // 2
        yield from (tree[:half], tree[half:], tree[1:], tree[:-1])
