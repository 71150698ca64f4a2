"""Types of the arguments of `simulate`, checked before any work."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nadflux.counts import check_threads
from nadflux.errors import ValueOutOfRangeError, shortened
from nadflux.people import Cohort, Person, Posterior
from nadflux.plans.plan import Plan

MOST_PEOPLE = 1_000_000


def check_question(given: Mapping[str, Any]) -> None:
    """Refuse arguments of `nadflux.simulate` that are of another type than it takes.

    Parameters
    ----------
    given : mapping
        Arguments by name; those that are missing, or None where None is allowed, pass. Whether names are known and
        numbers make sense is checked where they are used.

    Raises
    ------
    ValueOutOfRangeError
        Names the argument, its value and what to give.
    """
    for name, value in given.items():
        check = _CHECKS.get(name)
        if check is not None and not (value is None and name in _MAY_BE_NONE):
            check(name, value)


def _who(name: str, value: object) -> None:
    if not isinstance(value, Person | Cohort | str):
        raise _wrong(name, value, "give a description such as 'woman, 62 y', a Person or a Cohort")


def _plan(name: str, value: object) -> None:
    if not isinstance(value, Plan | str):
        raise _wrong(name, value, "give a sentence such as 'NR chloride 500 mg oral daily for 8 weeks', or a Plan")


def _count(name: str, value: object) -> None:
    if not _is_whole(value) or value < 1:  # type: ignore[operator]
        raise ValueOutOfRangeError(f"n = {_short(value)}: simulate at least one person, and a whole number of them")
    if value > MOST_PEOPLE:  # type: ignore[operator]
        raise ValueOutOfRangeError(
            f"n = {_short(value)}: at most {MOST_PEOPLE} people in one run; ask for fewer, or in Python for "
            "parts of them with people=range(first, last)"
        )


def _whole(name: str, value: object) -> None:
    if not _is_whole(value):
        raise _wrong(name, value, "give a whole number")


def _group(name: str, value: object) -> None:
    if not _is_whole(value) or value < 1:  # type: ignore[operator]
        raise ValueOutOfRangeError(f"{name} = {_short(value)}: a whole number of at least one is needed")


def _threads(name: str, value: object) -> None:
    check_threads(value)


def _number(name: str, value: object) -> None:
    if not _is_number(value):
        raise _wrong(name, value, "give a number")


def _truth(name: str, value: object) -> None:
    if not isinstance(value, bool | np.bool_):
        raise _wrong(name, value, "give True or False")


def _names(name: str, value: object) -> None:
    if isinstance(value, str):
        raise ValueOutOfRangeError(f"{name} = {_short(value)} is one text; give a list of names, {name}=[{value!r}]")
    if not isinstance(value, Sequence) or not all(isinstance(one, str) for one in value):
        raise _wrong(name, value, "give a list of names of observables, e.g. ['whole_blood_nad']")


def _people(name: str, value: object) -> None:
    if _is_whole(value):
        raise ValueOutOfRangeError(
            f"people = {_short(value)}: these are the indices of the people to simulate, such as [0, 7]; "
            f"for {_short(value)} people say n={_short(value)}"
        )
    index = _array(value)
    if index is None or index.ndim != 1 or not index.size or index.dtype.kind not in "iu" or index.min() < 0:
        raise ValueOutOfRangeError(
            f"people = {_short(value)}: give a list of whole numbers from 0 on, one for each person to draw"
        )


def _hours(name: str, value: object) -> None:
    hours = _array(value)
    if hours is None or hours.ndim != 1 or hours.dtype.kind not in "iuf":
        raise _wrong(name, value, "give a list of hours, e.g. [0, 1, 24]")


def _settings(name: str, value: object) -> None:
    fits = isinstance(value, Mapping) and all(
        isinstance(key, str) and (isinstance(one, str) or _is_number(one)) for key, one in value.items()
    )
    if not fits:
        raise _wrong(name, value, "give names with values, e.g. {'liver.NAMPT.Km': '0.3 µM'}")


def _options(name: str, value: object) -> None:
    fits = isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair)
    if not fits:
        raise _wrong(name, value, "give links with options, e.g. {'red_cells.NA': 'plasma'}")


def _posterior(name: str, value: object) -> None:
    if not isinstance(value, Posterior | str | os.PathLike):
        raise _wrong(name, value, "give a .zarr folder, 'shipped' or 'none'")


def _text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise _wrong(name, value, "give 'nad' or 'whole', or leave it out")


_CHECKS: dict[str, Callable[[str, object], None]] = {
    "who": _who, "plan": _plan, "n": _count, "seed": _whole, "set": _settings, "times": _hours, "days": _number,
    "outputs": _names, "peaks": _names, "people": _people, "uncertainty": _truth, "spread": _truth,
    "group": _group, "posterior": _posterior, "switches": _options, "body": _text, "rtol": _number,
    "research": _truth, "supervised": _truth,
    "threads": _threads,
}  # fmt: skip
_MAY_BE_NONE = (
    "plan", "n", "set", "times", "days", "outputs", "people", "posterior", "switches", "body", "rtol", "threads",
)  # fmt: skip


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    """Tell whether it is a number that fits a float; NaN and infinity are refused where they are used."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    return not isinstance(value, int) or abs(value) < 2**1000


def _array(value: object) -> np.ndarray | None:
    """Return an array of what may be a list of numbers; None for anything else."""
    if not isinstance(value, Sequence | np.ndarray) or isinstance(value, str | bytes):
        return None
    try:
        return np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None


def _short(value: object) -> str:
    return shortened(value, 60)


def _wrong(name: str, value: object, remedy: str) -> ValueOutOfRangeError:
    return ValueOutOfRangeError(f"{name} = {_short(value)} is not understood; {remedy}")
