"""Observables asked for by what tables print: ``NAD+ in whole blood``, or ``NAD+ in blood`` where only one fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from nadflux.errors import UnknownNameError
from nadflux.network.body_spec import WHOLE, read_body_spec
from nadflux.network.observables import read_body_observables
from nadflux.network.tables import Observable
from nadflux.shipped import BIOLOGY

_JOIN = re.compile(r"\s+(?:in|of)\s+(?:the\s+)?", re.IGNORECASE)


def label_of(observable: Observable) -> str:
    """Return the label of an observable with its matrix, as people write it: ``NAD+ in whole blood``."""
    return f"{observable.label} in {observable.matrix}"


def id_of_label(name: str, observables: Sequence[Observable]) -> str | None:
    """Return the id of the observable with this label; None where the name is no label.

    The matrix may be shortened as long as one observable fits, and left out where only one has the label.

    Raises
    ------
    UnknownNameError
        For a label that several observables have; the message names them.
    """
    fitting = next(
        (found for same in (str.casefold, _key) if (found := _with_label(name.strip(), observables, same))), []
    )
    fitting = fitting or next((f for same in (str.casefold, _key) if (f := _in_place(name, observables, same))), [])
    if len(fitting) > 1:
        named = ", ".join(f"{label_of(o)!r} ({o.id})" for o in fitting[:6]) + (", …" if len(fitting) > 6 else "")
        raise UnknownNameError("observable", name, (), f"alone: {len(fitting)} have this label: {named}")
    return fitting[0].id if fitting else None


def ids_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of observables of any body, with labels as ids; other names, such as ids and words, stay.

    Raises
    ------
    UnknownNameError
        As `id_of_label`.
    """
    return tuple(name if name in _known() else id_of_label(name, _every()) or name for name in names)


def _with_label(name: str, observables: Sequence[Observable], same: Callable[[str], str]) -> list[Observable]:
    """Return the observables whose label, with or without its matrix, is a name."""
    wanted = same(name)
    whole = [o for o in observables if wanted in (same(label_of(o)), same(f"{o.matrix} {o.label}"))]
    return whole or [o for o in observables if wanted == same(o.label)]


def _in_place(name: str, observables: Sequence[Observable], same: Callable[[str], str]) -> list[Observable]:
    """Return the observables with a label in a matrix that is shortened: ``NAD+ in blood``."""
    found: list[Observable] = []
    for join in _JOIN.finditer(name):
        what, place = same(name[: join.start()]).strip(), set(_key(name[join.end() :]).split())
        found += [o for o in observables if same(o.label) == what and place <= set(_key(o.matrix).split())]
    return found


@lru_cache(maxsize=1)
def _every() -> tuple[Observable, ...]:
    return read_body_observables(BIOLOGY, read_body_spec(BIOLOGY, WHOLE))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(o.id for o in _every())


def _key(text: str) -> str:
    """Return a text without case, signs and doubled spaces, for comparison."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
