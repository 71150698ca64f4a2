"""Numbers of the tables put into an assembled model, of a body or of a cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from nadflux.errors import TableError
from nadflux.network.model import Model, Parameter
from nadflux.network.names import first_part, to_id, to_name
from nadflux.network.tables import ParameterRow, ParameterTable

FindRow = Callable[[str], ParameterRow | None]
# what the text itself may say: a multiplier of 1, or nothing there
_STRUCTURAL = (0.0, 1.0)


def fill(model: Model, find: FindRow, given: Mapping[str, float], home: str) -> tuple[Model, ParameterTable]:
    """Give every constant of a model its number.

    Parameters
    ----------
    model : Model
        Every symbol is declared; what a rule or initial assignment determines gets no number.
    find : callable
        The row of a parameter by SBML id, or None; see :func:`row_finder`.
    given : mapping of str to float
        Numbers from outside the tables (options of contested links, what an absent reaction leaves), by SBML id.
    home : str
        Folder of the tables, for messages.

    Returns
    -------
    model : Model
    table : ParameterTable
        The rows in use, in the order of the model's parameters, with the ids that each sets.

    Raises
    ------
    TableError
        For a row in another unit than the text, and where a constant has no row and is neither 0 nor 1 by the text.
    """
    determined = model.initial_assignments.keys() | model.assignment_rules.keys()
    varies = model.assignment_rules.keys() | model.rate_rules.keys()
    parameters: dict[str, Parameter] = {}
    targets: dict[str, tuple[str, ...]] = {}
    used: dict[str, ParameterRow] = {}
    missing: list[str] = []
    for identifier, parameter in model.parameters.items():
        value = None
        if identifier in determined:
            pass
        elif identifier in given:
            value = given[identifier]
        elif (row := find(identifier)) is not None:
            value = _number(row, identifier, parameter)
            targets[row.key] = (*targets.get(row.key, ()), identifier)
            used[row.key] = row
        elif parameter.value in _STRUCTURAL:
            value = parameter.value
        else:
            missing.append(to_name(identifier))
        parameters[identifier] = dataclasses.replace(parameter, value=value, constant=identifier not in varies)
    if missing:
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        raise TableError(f"no parameter row for {', '.join(missing[:8])}{more}; add rows to {home}")
    return dataclasses.replace(model, parameters=parameters), ParameterTable(tuple(used.values()), targets)


def row_finder(tables: Sequence[Sequence[ParameterRow]], species: Sequence[str]) -> FindRow:
    """Return the search for the row that sets a parameter.

    Parameters
    ----------
    tables : sequence of sequences of ParameterRow
        The first table that has the name wins.
    species : sequence of str
        Whose rows to take, the best first. Within a table and a species, the row of the organ comes before that of
        ``all`` organs.

    Raises
    ------
    TableError
        If a table has two rows of one key.
    """
    known: list[dict[tuple[str, str, str], ParameterRow]] = []
    for rows in tables:
        by_name: dict[tuple[str, str, str], ParameterRow] = {}
        for row in rows:
            twin = by_name.setdefault((row.organ, to_id(row.name), row.species), row)
            if twin is not row:
                raise TableError(f"{row.place}: {row.key} stands already in {twin.place}; keep one row")
        known.append(by_name)

    def find(identifier: str) -> ParameterRow | None:
        organ = first_part(identifier)
        name = identifier[len(organ) :].removeprefix("__")
        keys = [(place, name, whose) for whose in species for place in (organ, "all")]
        return next((by_name[key] for by_name in known for key in keys if key in by_name), None)

    return find


def refuse_idle(rows: Sequence[ParameterRow], table: ParameterTable, given: Mapping[str, float]) -> ParameterTable:
    """Return a table of all the rows of a body.

    Parameters
    ----------
    rows : sequence of ParameterRow
        All that the body's tables hold.
    table : ParameterTable
        The rows in use, from :func:`fill`.
    given : mapping of str to float
        Numbers from outside the tables, by SBML id: these may leave a row without effect.

    Raises
    ------
    TableError
        For a row that sets nothing, such as one with a misspelt name.
    """
    idle = [row for row in rows if row.key not in table.targets and to_id(row.key) not in given]
    if idle:
        raise TableError(
            f"{idle[0].place}: {idle[0].key} sets nothing in the model "
            f"({len(idle)} such rows); remove the row or correct its name"
        )
    return ParameterTable(tuple(rows), {row.key: table.targets.get(row.key, ()) for row in rows})


def _number(row: ParameterRow, identifier: str, parameter: Parameter) -> float:
    if row.unit != parameter.unit:
        raise TableError(
            f"{row.place}: {row.key} is given in {row.unit}, the text declares {parameter.unit} "
            f"for {to_name(identifier)}; write the number in {parameter.unit}"
        )
    return row.value
