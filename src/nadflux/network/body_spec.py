"""The specification of a body: which organ has which modules; one may extend another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.present import NOBODY, Present, read_present
from nadflux.network.read_yaml import read_yaml

BASE, WHOLE = "nad", "whole"
"""The body that others extend, and the one with energy, sensing, autophagy, food and lifestyle."""
BODIES = {BASE: "body.yaml", WHOLE: "whole.yaml"}
"""File of each body."""
LIFE = "life"
"""Folder, and name, of the body of slow states (`nadflux.network.assemble_life`); no other body reads it."""
CELLS = "cells"
"""Organ group of the organs with the cell's observables."""
_PARTS = ("species", "organs", "inputs")
_LISTS = ("modules", "absent", "replaces")
_MAPPINGS = ("size", "joins", "same")


@dataclass(frozen=True)
class Sums:
    """Quantities of one place that are sums over organs, and its numbers that each of these organs takes.

    Attributes
    ----------
    over : tuple of str
        The organs, in the order of addition.
    of : mapping of str to str
        Name of the sum within the place, and the formula of one term; ``cell__`` in it stands for the organ.
    each : mapping of str to str
        Name within each organ, and that within the place whose value it takes.
    rules : mapping of str to str
        As ``of``, for sums that follow their terms throughout a run; those of ``of`` are taken at rest.
    """

    over: tuple[str, ...]
    of: Mapping[str, str]
    each: Mapping[str, str]
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BodySpec:
    """Specification of a body, extensions resolved.

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
    sums : mapping of str to Sums
        Places with quantities that are sums over organs.
    organ_groups, module_groups : mapping of str to tuple of str
        Organs, and modules, by the name of their group.
    tables : tuple of str
        Folders with parameter tables.
    present : Present
        What people are now against the healthy reference.
    """

    name: str
    files: tuple[str, ...]
    species: tuple[str, ...]
    organs: Mapping[str, Mapping[str, Any]]
    inputs: tuple[str, ...]
    switches: Mapping[str, Any]
    cells: Mapping[str, str]
    means: Mapping[str, Mapping[str, Any]]
    sums: Mapping[str, Sums]
    organ_groups: Mapping[str, tuple[str, ...]]
    module_groups: Mapping[str, tuple[str, ...]]
    tables: tuple[str, ...]
    present: Present

    @property
    def modules(self) -> tuple[str, ...]:
        """Every module of the body, so that text of another assembly leaves its hash alone."""
        return tuple(sorted({name for spec in self.organs.values() for name in spec["modules"]}))


def read_body_spec(folder: Path, body: str) -> BodySpec:
    """Read the specification of a body of ``biology/``.

    Parameters
    ----------
    folder : Path
        The biology.
    body : str
        ``"nad"`` (body.yaml) or ``"whole"`` (whole.yaml).

    Raises
    ------
    UnknownNameError
        For an unknown body, or a group of modules or organs that no specification names.
    ModelError
        For a file that cannot be read or lacks a part, a group that holds itself, and one with the name of an organ.
    """
    if body not in BODIES:
        raise UnknownNameError("body", body, BODIES)
    file = BODIES[body]
    content = read_yaml(folder / file, _PARTS if body == BASE else ("extends",))
    base = _NOTHING if body == BASE else read_body_spec(folder, content["extends"])
    cells = content.get("cells", {})
    groups = {**base.organ_groups, **_written_out(content.get("organ_groups", {}), base.organ_groups)}
    groups[CELLS] = tuple(cells)
    modules = {**base.module_groups, **_written_out(content.get("module_groups", {}), base.module_groups)}
    organs = _organs(content.get("organs", {}), base.organs, groups, modules)
    for name in groups.keys() & {*organs, *chain.from_iterable(groups.values())}:
        raise ModelError(f"{file}: {name} is the name of an organ and of a group; rename the group")
    inputs = [*base.inputs, *_inputs(content.get("inputs", ()), groups)]
    inputs += [f"{organ}.{name}" for organ in cells for name in content.get("cell_inputs", ())]
    present = content.get("present", {})
    inputs += [*present.get("inputs", {}), *present.get("held", ())]
    return BodySpec(
        name=body,
        files=(*base.files, file),
        species=base.species or tuple(content["species"]),
        organs=organs,
        inputs=tuple(dict.fromkeys(inputs)),
        switches={**base.switches, **content.get("switches", {})},
        cells=cells,
        means=content.get("means", {}),
        sums={**base.sums, **{place: _sums(spec, groups) for place, spec in content.get("sums", {}).items()}},
        organ_groups=groups,
        module_groups=modules,
        tables=(*(base.tables or ("parameters",)), *content.get("tables", ())),
        present=read_present(present, base.present, file),
    )


_NOTHING = BodySpec("", (), (), {}, (), {}, {}, {}, {}, {}, {}, (), NOBODY)


def _written_out(groups: Mapping[str, list[str]], known: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Replace the groups within groups by their members."""

    def members(name: str, within: tuple[str, ...]) -> Iterable[str]:
        if name in within:
            raise ModelError(f"group {name} holds itself: {' holds '.join((*within, name))}; take it out of one")
        if name in groups:
            for entry in groups[name]:
                yield from members(entry, (*within, name))
        else:
            yield from known.get(name, (name,))

    return {name: tuple(members(name, ())) for name in groups}


def _organs(
    entries: Mapping[str, Mapping[str, Any]],
    base: Mapping[str, Mapping[str, Any]],
    groups: Mapping[str, tuple[str, ...]],
    modules: Mapping[str, tuple[str, ...]],
) -> dict[str, Mapping[str, Any]]:
    """Return organs with their own entries; an entry by the name of a group adds to each of its organs."""
    organs = dict(base)
    for name, entry in entries.items():
        spec = {**entry, "modules": _modules(entry.get("modules", ()), modules)}
        for organ in groups.get(name, (name,)):
            organs[organ] = _extended(organs.get(organ, {}), spec)
    return organs


def _modules(names: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    modules: list[str] = []
    for name in names:
        if not name.endswith(".ant") and name not in groups:
            raise UnknownNameError("group of modules", name, groups)
        modules += groups.get(name, (name,))
    return modules


def _inputs(names: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return names of inputs; one that begins with a group of organs stands for that input of each of them."""
    found = []
    for name in names:
        place, _, rest = name.partition(".")
        found += [f"{organ}.{rest}" for organ in groups[place]] if place in groups else [name]
    return found


def _sums(spec: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]]) -> Sums:
    if spec.get("over") not in groups:
        raise UnknownNameError("group of organs to sum over", str(spec.get("over")), groups)
    return Sums(groups[spec["over"]], spec.get("of", {}), spec.get("each", {}), spec.get("rules", {}))


def _extended(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return an organ of the extended specification with the additions of the extending one."""
    if not base:
        return dict(more)
    result = dict(base)
    for key in _LISTS:
        if base.get(key) or more.get(key):
            result[key] = [*base.get(key, ()), *more.get(key, ())]
    for key in _MAPPINGS:
        if base.get(key) or more.get(key):
            result[key] = {**base.get(key, {}), **more.get(key, {})}
    return result
