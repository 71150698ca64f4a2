"""Submodels of the comp package, in one file and across files."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import ModelError
from nadflux.network.read_sbml import read_sbml

HEAD = (
    '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1" '
    'xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">'
)
INNER = '<listOfParameters><parameter id="p" value="3" constant="true"/></listOfParameters>'
OUTER = (
    '<model id="outer"><comp:listOfSubmodels><comp:submodel comp:id="A" comp:modelRef="inner"/>'
    '<comp:submodel comp:id="B" comp:modelRef="inner"/></comp:listOfSubmodels></model>'
)


def test_submodels_become_prefixed_parts() -> None:
    text = (
        f"{HEAD}{OUTER}<comp:listOfModelDefinitions><comp:modelDefinition id='inner'>{INNER}"
        "</comp:modelDefinition></comp:listOfModelDefinitions></sbml>"
    )
    model = read_sbml(text)
    assert set(model.parameters) == {"A__p", "B__p"}
    assert model.parameters["B__p"].value == 3.0


EXTERNAL = (
    f"{HEAD}{OUTER}<comp:listOfExternalModelDefinitions><comp:externalModelDefinition comp:id='inner' "
    "comp:source='inner.xml'/></comp:listOfExternalModelDefinitions></sbml>"
)


def test_a_submodel_in_a_file_beside(tmp_path: Path) -> None:
    (tmp_path / "inner.xml").write_text(f"{HEAD}<model id='inner'>{INNER}</model></sbml>")
    (tmp_path / "outer.xml").write_text(EXTERNAL)
    assert set(read_sbml(tmp_path / "outer.xml").parameters) == {"A__p", "B__p"}


def test_a_missing_file_of_a_submodel_is_named(tmp_path: Path) -> None:
    (tmp_path / "outer.xml").write_text(EXTERNAL)
    with pytest.raises(ModelError, match="inner"):
        read_sbml(tmp_path / "outer.xml")


def nested(count: int, last: str) -> str:
    """Model definitions of which each holds the next one twice; the last one holds what is given."""
    inner = "".join(
        f"<comp:modelDefinition id='m{i}'><comp:listOfSubmodels><comp:submodel comp:id='A' comp:modelRef='m{i + 1}'/>"
        f"<comp:submodel comp:id='B' comp:modelRef='m{i + 1}'/></comp:listOfSubmodels></comp:modelDefinition>"
        for i in range(count)
    )
    end = f"<comp:modelDefinition id='m{count}'>{last}</comp:modelDefinition>"
    outer = OUTER.replace("inner", "m0")
    return f"{HEAD}{outer}<comp:listOfModelDefinitions>{inner}{end}</comp:listOfModelDefinitions></sbml>"


def test_submodels_without_end_are_refused_before_they_are_put_together() -> None:
    with pytest.raises(ModelError, match="at most 10000"):
        read_sbml(nested(40, INNER))
    itself = "<comp:listOfSubmodels><comp:submodel comp:id='A' comp:modelRef='m0'/></comp:listOfSubmodels>"
    with pytest.raises(ModelError, match="holds itself"):
        read_sbml(nested(3, itself))
    assert len(read_sbml(nested(3, INNER)).parameters) == 16
