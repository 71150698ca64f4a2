"""The rows of parameters that the engine takes, made from people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from nadflux import units
from nadflux.errors import NadfluxError, UnitError, UnknownNameError, ValueOutOfRangeError
from nadflux.network.assemble import Body
from nadflux.network.body_spec import WHOLE
from nadflux.network.names import to_id, to_name
from nadflux.network.tables import ParameterTable
from nadflux.notes import Note, NoteCode
from nadflux.people import Covariates, Draws
from nadflux.simulation.compiled import Prepared
from nadflux.simulation.covariate_laws import apply_laws, described_targets

_TOLERANCE = 1e-9  # of a bound, so that the bound itself lies inside


def parameter_rows(
    prepared: Prepared, draws: Draws, covariates: Covariates | None, overrides: Mapping[str, float]
) -> np.ndarray:
    """Return the parameters of each person, shape (person, parameter), each in its own unit.

    They are drawn, then described, then set by hand.

    Parameters
    ----------
    covariates : Covariates or None
        None for a cell, which nobody describes.
    overrides : mapping of str to float
        Parameter id to value in the model's unit (see ``read_overrides``).
    """
    rows = prepared.parameters(len(draws.values))
    column = {name: k for k, name in enumerate(prepared.program.parameters)}
    targets = prepared.body.table.targets
    for k, key in enumerate(draws.names):
        for identifier in targets[key]:
            if identifier in column:
                rows[:, column[identifier]] = draws.values[:, k]
    _set(rows, column, overrides)
    if covariates is not None:  # their laws see what is set by hand, and leave it
        apply_laws(prepared, rows, covariates)
        _set(rows, column, overrides)
    return rows


def _set(rows: np.ndarray, column: Mapping[str, int], overrides: Mapping[str, float]) -> None:
    for identifier, value in overrides.items():
        rows[:, column[identifier]] = value


def read_overrides(prepared: Prepared, settings: Mapping[str, str | float]) -> dict[str, float]:
    """Return ids and values of ``{"liver.NAMPT.Km": "0.3 µM"}``, in the model's units.

    A text needs its unit, unless the parameter has none; a Python number is taken in the model's unit. ``all.NAME``
    sets every organ without its own row.

    Raises
    ------
    UnknownNameError
        For a name the body does not have, with the nearest.
    UnitError
        For a text without unit where the parameter has one, or a unit that does not fit.
    ValueOutOfRangeError
        For a number that follows from others, is not finite, or is negative where none is allowed.
    """
    result: dict[str, float] = {}
    for name, given in settings.items():
        for identifier in _targets(prepared, name):
            result[identifier] = _value(prepared, identifier, name, given)
    return result


def from_time_zero(prepared: Prepared, overrides: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Split numbers set by hand into those that hold from rest on and inputs that hold from time 0 on.

    An input of the whole body, such as a drug or a stress, would otherwise be part of the resting state, from which
    capacities follow, and so do nothing. Inputs that are rows of the tables (the diet) stay part of it; those of the
    NAD body act as departures from rest anyway.

    Parameters
    ----------
    overrides : mapping of str to float
        As from `read_overrides`.
    """
    inputs = bare_inputs(prepared.body) if prepared.body.name == WHOLE else ()
    constants = {name: value for name, value in overrides.items() if name not in inputs}
    return constants, {name: value for name, value in overrides.items() if name in inputs}


def bare_inputs(body: Body) -> tuple[str, ...]:
    """Return the ids of the inputs that no row of the tables sets."""
    rows = {target for row in body.table for target in body.table.targets.get(row.key, ())}
    return tuple(name for name in body.inputs if name not in rows)


def notes_on_settings(
    prepared: Prepared,
    settings: Mapping[str, str | float],
    overrides: Mapping[str, float],
    stepped: Iterable[str] = (),
) -> list[Note]:
    """Return the notes on numbers that are set by hand.

    Parameters
    ----------
    settings : mapping of str to str or float
        As they were given.
    overrides : mapping of str to float
        The same, as `read_overrides` read them.
    stepped : iterable of str
        Ids of those that hold from time 0 on (`from_time_zero`).

    Returns
    -------
    list of Note
        One note for each row whose range the value leaves, and one on what follows from what was set.
    """
    if not settings:
        return []
    rows = {target: row for row in prepared.body.table for target in prepared.body.table.targets.get(row.key, ())}
    notes: dict[Note, None] = {}
    for name, given in settings.items():
        for identifier in _targets(prepared, name):
            row, value, unit = rows.get(identifier), overrides[identifier], unit_of(prepared, identifier)
            if row is None:
                continue
            low, high = (units.convert(bound, readable_unit(row.unit), unit) for bound in (row.low, row.high))
            if not low * (1.0 - _TOLERANCE) <= value <= high * (1.0 + _TOLERANCE):
                spans = f"fixed at {low:g}" if low == high else f"from {low:g} to {high:g}"
                said = f"outside the range of its row, which is {spans} {_with_micro(unit)} ({row.tier})"
                notes[Note(NoteCode.OUTSIDE_ROW, f"{name} = {given}: {said}", name)] = None
    follows = (
        "what was set holds from rest on: capacities follow, so that the resting levels and fluxes stay as far as they "
        "do not come from what was set"
    )
    later = sorted(map(to_name, stepped))
    since = f"{', '.join(later)}: from time 0 on, with and without the plan; before it people rest or live without"
    return [
        *notes,
        *([Note(NoteCode.SET_FROM_REST, follows)] if len(later) < len(overrides) else []),
        *([Note(NoteCode.SET_FROM_START, since, ", ".join(later))] if later else []),
    ]


def unit_of(prepared: Prepared, identifier: str) -> str:
    """Return the unit of a parameter, such as ``umol/h`` for what the text calls ``umol_per_h``."""
    model = prepared.body.model
    if identifier in model.parameters:
        return readable_unit(model.parameters[identifier].unit)
    return "litre" if identifier in model.compartments else "uM"


def readable_unit(unit_id: str | None) -> str:
    """Return a unit id of the text as people write units: ``umol_per_h`` as ``umol/h``, ``per_h`` as ``1/h``."""
    if not unit_id:
        return "dimensionless"
    top, *bottom = unit_id.split("per_") if unit_id.startswith("per_") else unit_id.split("_per_")
    return "/".join([top or "1", *bottom])


def _targets(prepared: Prepared, name: str) -> tuple[str, ...]:
    if to_name(name) in described_targets():
        raise ValueOutOfRangeError(
            f"{name} comes from the description of the person; write it there, e.g. 'woman, 62 y, 70 kg, 168 cm'"
        )
    table: ParameterTable = prepared.body.table
    settable = set(prepared.program.parameters)
    if name in table.targets:
        return tuple(t for t in table.targets[name] if t in settable)
    identifier = to_id(name)
    if identifier in settable:
        return (identifier,)
    model = prepared.body.model
    known: Iterable[str] = {*map(to_name, settable), *table.targets}
    if identifier in model.parameters or identifier in model.species or identifier in model.compartments:
        raise ValueOutOfRangeError(
            f"{name} follows from other numbers at rest and cannot be set itself; "
            f"`nadflux describe {name}` shows from which"
        )
    raise UnknownNameError("parameter", name, known)


def _value(prepared: Prepared, identifier: str, name: str, given: str | float) -> float:
    target = unit_of(prepared, identifier)
    if isinstance(given, str):
        try:
            number, unit = units.parse_quantity(given)
        except NadfluxError as error:
            raise type(error)(f"{name} = {given}: {error}") from error
        bare = unit == "dimensionless" and given.strip().lower().replace(".", "", 1).lstrip("+-")[-1:].isdigit()
        if bare and target != "dimensionless":
            raise UnitError(
                f"{name} = {given}: no unit; write one, e.g. {name}='{given.strip()} {_with_micro(target)}'"
            )
        try:
            value = units.convert(number, unit, target)
        except UnitError as error:
            raise UnitError(f"{name} = {given}: {error}") from error
    else:
        value = float(given)
    if not math.isfinite(value):
        raise ValueOutOfRangeError(f"{name} = {given}: not a finite number; give one in {target}")
    default = prepared.program.defaults[prepared.program.parameters.index(identifier)]
    if value < 0 <= default:
        raise ValueOutOfRangeError(f"{name} = {given}: negative; the table has {default:g} {target}")
    return value


def _with_micro(unit: str) -> str:
    """Write ``uM`` and ``umol/h`` with the sign of micro."""
    return "/".join(f"µ{part[1:]}" if part in ("uM", "umol") else part for part in unit.split("/"))
