"""Scenarios from files: YAML or JSON that people write, and the record of a run that was saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nadflux.errors import RecordMismatchError, SimulationError, nearest
from nadflux.network.read_yaml import read_yaml
from nadflux.people import Cohort, Distribution, Person
from nadflux.plans.language.person import read_person, usual_habits
from nadflux.plans.plan import Plan
from nadflux.simulation.scenario import IN_MEMORY, VERSION, Scenario

if TYPE_CHECKING:
    from pydantic import ValidationError

WRITTEN, SAVED = (".yaml", ".yml", ".json"), ".zarr"
_UNIONS = ("who", "people")
_REMEDY = "docs/scenario.schema.json lists every field"


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario from a ``.yaml`` or ``.json`` file, or from a run that was saved as ``.zarr``.

    Raises
    ------
    SimulationError
        For a file that is missing or no scenario; the message names field, value and remedy.
    RecordMismatchError
        For a run or a file of another version.
    """
    path = Path(path)
    if path.suffix == SAVED:
        return scenario_of(_recorded(path), str(path))
    if path.suffix not in WRITTEN:
        raise SimulationError(f"{path} is no scenario: name it *{', *'.join((*WRITTEN, SAVED))}")
    return scenario_of(read_yaml(path, ("version", "who"), SimulationError), str(path))


def scenario_of(document: Mapping[str, Any], name: str = "scenario") -> Scenario:
    """Return the scenario that a document describes.

    Parameters
    ----------
    document : mapping
        As `nadflux.simulation.scenario.document_of` makes it; fields that are left out have their defaults.
    name : str
        Its name in messages, such as the path of a file.

    Raises
    ------
    SimulationError
        For an unknown field or a value of the wrong type.
    RecordMismatchError
        For a document of another version, or one whose posterior was never a file.
    NadfluxError
        For a person or a plan that cannot be read.
    """
    from pydantic import ValidationError

    from nadflux.simulation.scenario_schema import ScenarioDocument

    version = document.get("version")
    if version != VERSION or isinstance(version, bool):
        raise RecordMismatchError(
            f"{name}: version {version!r} of a scenario, nadflux reads {VERSION}; "
            f"write 'version: {VERSION}' and check the fields ({_REMEDY})"
        )
    try:
        read = ScenarioDocument.model_validate(dict(document)).model_dump(exclude={"version"})
    except ValidationError as error:
        raise SimulationError(_explained(error, name)) from error
    if read["posterior"].startswith(IN_MEMORY):
        raise RecordMismatchError(
            f"{name}: posterior = {read['posterior']!r} was no file; write it to one, and name that as posterior"
        )
    for field in ("peaks", "outputs", "times", "people"):
        read[field] = tuple(read[field]) if isinstance(read[field], list) else read[field]
    plan = None if read["plan"] is None else Plan.parse(read["plan"])
    return Scenario(**{**read, "who": _who(read["who"]), "plan": plan})


def _who(written: str | Mapping[str, Any]) -> Person | Cohort:
    if isinstance(written, str):
        return read_person(written)
    fields: dict[str, Any] = {key: _spread(value) for key, value in written.items()}
    fields["habits"] = tuple(written["habits"])
    fields["covariates"] = {name: _spread(value) for name, value in written["covariates"].items()}
    if "sex" in fields:
        fields["health"] = dict(written["health"])
    who = Person(**fields) if "sex" in fields else Cohort(**fields)
    usual_habits(who)
    return who


def _spread(value: Any) -> Any:
    """Return a distribution where mean and standard deviation are given; all else as it is."""
    return Distribution(**value) if isinstance(value, dict) and "mean" in value else value


def _recorded(path: Path) -> Mapping[str, Any]:
    """Read the scenario in the record of a saved run, without reading its numbers."""
    try:
        attributes = json.loads((path / "zarr.json").read_text(encoding="utf-8"))["attributes"]
        record = json.loads(attributes["record"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SimulationError(f"{path} is no run that nadflux saved; give a .zarr folder written with --out") from error
    if "scenario" not in record:
        raise RecordMismatchError(f"{path}: its record holds no scenario, an older version wrote it; simulate it again")
    if "measured" in record:
        values = "; ".join(record["measured"]["values"])
        raise RecordMismatchError(
            f"{path}: its people were chosen by what was measured ({values}), which a scenario does not hold; "
            "ask again with --measured, or simulate_measured in Python"
        )
    found: Mapping[str, Any] = record["scenario"]
    return found


def _explained(error: ValidationError, name: str) -> str:
    """Describe every mistake in a line: field, value, fault and remedy."""
    lines: dict[str, None] = {}
    for item in error.errors():
        top, *below = (str(part) for part in item["loc"])
        meant = _branch(error, top)
        if top == "settings" and below:
            remedy = "give a text with its unit, such as '0.3 µM', or a number"
            lines[f"{name}: settings.{below[0]} = {item['input']!r} will not do; {remedy}"] = None
        elif top in _UNIONS and not meant:
            lines[f"{name}: {top} = {_given(error, top)!r} will not do; give {_about(top)}"] = None
        elif top not in _UNIONS or below[0] == meant:
            field = ".".join((top, *(below[1:] if meant else below)))
            lines[f"{name}: {field} = {item['input']!r}: {_wrong(item['type'], item['msg'], field)}"] = None
    return "\n".join(lines)


def _about(field: str) -> str:
    """Return the description of a field, for use within a sentence."""
    from nadflux.simulation.scenario_schema import ScenarioDocument

    words = ScenarioDocument.model_fields[field].description or field
    return f"{words[0].lower()}{words[1:]}".rstrip(".")


def _wrong(kind: str, message: str, field: str) -> str:
    from nadflux.simulation.scenario_schema import ScenarioDocument

    if kind == "extra_forbidden":
        close = nearest(field, ScenarioDocument.model_fields)
        return f"unknown field; {f'did you mean {close[0]!r}?' if close else _REMEDY}"
    if kind == "missing":
        return f"a field is missing; add it ({_REMEDY})"
    return f"{message[0].lower()}{message[1:]}; {_REMEDY}"


def _branch(error: ValidationError, field: str) -> str:
    """Return the branch of a union that a mapping is meant as; empty for anything else."""
    given = _given(error, field)
    if field != "who" or not isinstance(given, Mapping):
        return ""
    return "PersonDocument" if "sex" in given else "CohortDocument"


def _given(error: ValidationError, field: str) -> Any:
    """Return the value of a field with several branches: the input of the shortest location."""
    found = [item for item in error.errors() if item["loc"][0] == field]
    return min(found, key=lambda item: len(item["loc"]))["input"]
