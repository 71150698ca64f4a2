"""The specification of a body: which organ has which modules; one may extend another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nadflux.errors import UnknownNameError
from nadflux.network.read_yaml import read_yaml

BODIES = {"nad": "body.yaml", "whole": "whole.yaml"}
"""File of each body."""
BASE = "nad"
"""The body that others extend."""
_PARTS = ("species", "organs", "inputs")
_LISTS = ("modules", "absent", "replaces")
_MAPPINGS = ("size", "joins", "same")


@dataclass(frozen=True)
class BodySpec:
    """What a body is made of, extensions resolved.

    Attributes
    ----------
    files : tuple of str
        The YAML files, the extended one first.
    organs : mapping of str to mapping
        Modules, size, joins, species shared with others, absent reactions and replaced formulas of each organ.
    inputs : tuple of str
        Names that a schedule may step.
    cells : mapping of str to str
        Organs with the cell's observables, and how they are called in words.
    means : mapping of str to mapping
        Places whose observables are means over the cells: how they are called, by what weighed, and of what.
    tables : tuple of str
        Folders with parameter tables.
    """

    name: str
    files: tuple[str, ...]
    species: tuple[str, ...]
    organs: Mapping[str, Mapping[str, Any]]
    inputs: tuple[str, ...]
    switches: Mapping[str, Any]
    cells: Mapping[str, str]
    means: Mapping[str, Mapping[str, Any]]
    tables: tuple[str, ...]

    @property
    def modules(self) -> tuple[str, ...]:
        """Every module of the body, so that text of another assembly leaves its hash alone."""
        return tuple(sorted({name for spec in self.organs.values() for name in spec["modules"]}))


def read_body_spec(folder: Path, body: str) -> BodySpec:
    """The specification of a body of ``biology/``.

    Parameters
    ----------
    folder : Path
        The biology.
    body : str
        ``"nad"`` (body.yaml) or ``"whole"`` (whole.yaml).

    Raises
    ------
    UnknownNameError
        For an unknown body, or a group of modules that no specification names.
    ModelError
        For a file that cannot be read or lacks a part.
    """
    if body not in BODIES:
        raise UnknownNameError("body", body, BODIES)
    file = BODIES[body]
    content = read_yaml(folder / file, _PARTS if body == BASE else ("extends",))
    if body == BASE:
        return BodySpec(
            name=body,
            files=(file,),
            species=tuple(content["species"]),
            organs={organ: _organ(spec, {}) for organ, spec in content["organs"].items()},
            inputs=tuple(content["inputs"]),
            switches=content.get("switches", {}),
            cells={},
            means={},
            tables=("parameters",),
        )
    base = read_body_spec(folder, content["extends"])
    groups = content.get("groups", {})
    organs: dict[str, Mapping[str, Any]] = dict(base.organs)
    for organ, spec in content.get("organs", {}).items():
        organs[organ] = _extended(organs.get(organ, {}), _organ(spec, groups))
    inputs = [*base.inputs, *content.get("inputs", ())]
    inputs += [f"{organ}.{name}" for organ in content.get("cells", {}) for name in content.get("cell_inputs", ())]
    return BodySpec(
        name=body,
        files=(*base.files, file),
        species=base.species,
        organs=organs,
        inputs=tuple(dict.fromkeys(inputs)),
        switches={**base.switches, **content.get("switches", {})},
        cells=content.get("cells", {}),
        means=content.get("means", {}),
        tables=(*base.tables, *content.get("tables", ())),
    )


def _organ(spec: Mapping[str, Any], groups: Mapping[str, list[str]]) -> dict[str, Any]:
    """An organ's entry with its groups of modules written out."""
    modules: list[str] = []
    for name in spec.get("modules", ()):
        if name.endswith(".ant"):
            modules.append(name)
        elif name in groups:
            modules += groups[name]
        else:
            raise UnknownNameError("group of modules", name, groups)
    return {**spec, "modules": modules}


def _extended(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """An organ of the extended specification with what the extending one adds."""
    result = dict(base)
    for key in _LISTS:
        if base.get(key) or more.get(key):
            result[key] = [*base.get(key, ()), *more.get(key, ())]
    for key in _MAPPINGS:
        if base.get(key) or more.get(key):
            result[key] = {**base.get(key, {}), **more.get(key, {})}
    return result
