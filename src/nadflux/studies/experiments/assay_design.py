"""Designs of a flux assay, read from words: cells, inhibitor and conditions."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nadflux.errors import PlanError, StudyError, UnitError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.read_yaml import read_yaml
from nadflux.shipped import BIOLOGY
from nadflux.units import convert, parse_quantity

_FOR = re.compile(r"\s+for\s+(?P<time>\S+\s*\S+)\s*$", re.IGNORECASE)
_AMOUNT = re.compile(r"\s+(?P<number>[\d.eE+-]+)\s*(?P<unit>\S+)\s*$")
_LONGEST = 240.0


@dataclass(frozen=True, slots=True)
class Block:
    """An inhibitor, or several at once, on the cells for some hours.

    Attributes
    ----------
    text : str
        As the user wrote it.
    drugs : tuple of (str, float)
        Input of the model and concentration (µM).
    hours : float
    """

    text: str
    drugs: tuple[tuple[str, float], ...]
    hours: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A state of the cells: ``settings`` of inputs, in the model's units, kept for ``hours`` until the lysis."""

    text: str
    settings: tuple[tuple[str, float], ...]
    hours: float


@dataclass(frozen=True, slots=True)
class Design:
    """Cells, conditions (the first is the reference) and the block; without a block there is no pair."""

    cell: str
    species: str
    conditions: tuple[Condition, ...]
    block: Block | None


@functools.cache
def assay_text() -> Mapping[str, Any]:
    """Return the content of ``biology/dish/assay.yaml``: drugs, conditions, noise, interpretation table and rules."""
    parts = ("noise", "inhibitors", "treatments", "conditions", "presets", "table", "rules")
    return read_yaml(BIOLOGY / "dish" / "assay.yaml", parts, StudyError)


def read_design(cell: str, species: str, conditions: Sequence[str], inhibitor: str | None) -> Design:
    """Read a design from words.

    Parameters
    ----------
    cell, species : str
    conditions : sequence of str
        E.g. ``"fed"``, ``"starved 4 h"``, ``"rapamycin 100 nM for 4 h"``; the first is the reference.
    inhibitor : str or None
        E.g. ``"bafilomycin 100 nM for 4 h"``, ``"leupeptin 40 µM + E64d 30 µM for 2 h"``.

    Raises
    ------
    PlanError
        If there is no condition, or one is given twice.
    UnknownNameError, UnitError, ValueOutOfRangeError
        For unknown words, wrong units and impossible numbers; the message names them.
    """
    if not conditions:
        raise PlanError("an assay needs at least one condition; give --condition fed")
    if len(set(conditions)) < len(conditions):
        raise PlanError("a condition is given twice; give each once")
    read = tuple(read_condition(text) for text in conditions)
    return Design(cell, species, read, read_block(inhibitor) if inhibitor else None)


def preset_design(name: str) -> Design:
    """Read a design of ``assay.yaml`` by name, e.g. ``"pbmc"``; raises `UnknownNameError`."""
    presets = assay_text()["presets"]
    if name not in presets:
        raise UnknownNameError("assay preset", name, presets)
    one = presets[name]
    return read_design(one["cell"], one["species"], one["conditions"], one["inhibitor"])


def read_block(text: str) -> Block:
    """Read an inhibitor phrase; concentration and time default to the usual ones."""
    words, hours = _hours(text)
    drugs, usual = _drugs(words, assay_text()["inhibitors"], "inhibitor")
    return Block(text, drugs, usual if hours is None else hours)


def read_condition(text: str) -> Condition:
    """Read a condition phrase: a state such as ``starved 4 h``, or a drug such as ``rapamycin 100 nM for 4 h``."""
    states = assay_text()["conditions"]
    words, hours = _hours(text)
    bare = words.strip()
    for spec in states.values():
        for name in sorted(spec["names"], key=len, reverse=True):
            if not bare.casefold().startswith(name.casefold()):
                continue
            rest = bare[len(name) :].strip()
            if rest and hours is None:
                hours, rest = _time(rest), ""
            if not rest:
                steps = tuple((k, float(v)) for k, v in spec["steps"].items())
                return Condition(text, steps, float(spec["hours"]) if hours is None else hours)
    known = {**assay_text()["treatments"], **{n: {"names": s["names"]} for n, s in states.items()}}
    drugs, usual = _drugs(words, known, "condition")
    return Condition(text, drugs, usual if hours is None else hours)


def _hours(text: str) -> tuple[str, float | None]:
    found = _FOR.search(text)
    return (text[: found.start()], _time(found["time"])) if found else (text, None)


def _time(text: str) -> float:
    hours = _converted(text, "h")
    if not 0 < hours <= _LONGEST:
        raise ValueOutOfRangeError(f"{text.strip()!r} is no time for an assay; give more than 0 and up to 240 h")
    return hours


def _converted(text: str, target: str) -> float:
    """Convert a quantity to a unit; raises `UnitError`, which names it."""
    value, unit = parse_quantity(text)
    try:
        return convert(value, unit, target)
    except UnitError as error:
        raise UnitError(f"{text.strip()!r}: {error}") from error


def _drugs(words: str, known: Mapping[str, Any], what: str) -> tuple[tuple[tuple[str, float], ...], float]:
    drugs: list[tuple[str, float]] = []
    hours = 0.0
    for part in re.split(r"\s\+\s", words.strip()):
        amount = _AMOUNT.search(part)
        name = (part[: amount.start()] if amount else part).strip()
        names = {alias.casefold(): key for key, spec in known.items() for alias in spec["names"]}
        if name.casefold() not in names:
            raise UnknownNameError(what, name, [alias for spec in known.values() for alias in spec["names"]])
        key = names[name.casefold()]
        spec = known[key]
        if amount:
            concentration = _converted(f"{amount['number']} {amount['unit']}", "µM")
        else:
            concentration = float(spec["usual"])
        if concentration <= 0:
            raise ValueOutOfRangeError(f"{part.strip()!r}: a concentration must be above 0; leave the drug out instead")
        drugs.append((key, concentration))
        hours = max(hours, float(spec["hours"]))
    return tuple(drugs), hours
