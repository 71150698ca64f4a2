"""Reading SBML: defaults of each level, inlining, renaming, refusals and bad files."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from nadflux.errors import ModelError, UnknownNameError, UnsupportedModelError
from nadflux.network.expression import Apply, Number, Symbol, Time
from nadflux.network.read_sbml import read_sbml


def document(body: str, level: int = 3, version: int = 2) -> str:
    """An SBML document around the elements of a model."""
    namespace = (
        f"http://www.sbml.org/sbml/level3/version{version}/core"
        if level == 3
        else f"http://www.sbml.org/sbml/level2/version{version}"
    )
    return f'<sbml xmlns="{namespace}" level="{level}" version="{version}"><model id="m">{body}</model></sbml>'


def formula(body: str) -> str:
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{body}</math>'


LEVEL_2 = document(
    """
    <listOfFunctionDefinitions><functionDefinition id="f">"""
    + formula("<lambda><bvar><ci>x</ci></bvar><apply><times/><ci>x</ci><ci>x</ci></apply></lambda>")
    + """</functionDefinition></listOfFunctionDefinitions>
    <listOfCompartments><compartment id="c" size="2"/></listOfCompartments>
    <listOfSpecies><species id="S" compartment="c" initialAmount="4"/></listOfSpecies>
    <listOfParameters><parameter id="k" value="7"/></listOfParameters>
    <listOfReactions><reaction id="J"><listOfReactants><speciesReference species="S"><stoichiometryMath>"""
    + formula("<apply><times/><cn>2</cn><ci>k</ci></apply>")
    + """</stoichiometryMath></speciesReference></listOfReactants><kineticLaw>"""
    + formula("<apply><times/><ci>k</ci><apply><ci>f</ci><ci>S</ci></apply></apply>")
    + """<listOfParameters><parameter id="k" value="3"/></listOfParameters></kineticLaw></reaction>
    </listOfReactions>
    <listOfEvents><event id="E"><trigger>"""
    + formula(
        '<apply><gt/><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t'
        "</csymbol><cn>1</cn></apply>"
    )
    + """</trigger><listOfEventAssignments><eventAssignment variable="S">"""
    + formula("<cn>1</cn>")
    + "</eventAssignment></listOfEventAssignments></event></listOfEvents>",
    2,
    4,
)


def test_level_2_defaults_and_inlining() -> None:
    model = read_sbml(LEVEL_2)
    assert model.compartments["c"].constant
    assert model.compartments["c"].dimensions == 3.0
    assert not model.species["S"].only_substance_units
    assert model.parameters["k"].constant
    assert model.parameters["J__k"].value == 3.0
    square = Apply("mul", (Symbol("S"), Symbol("S")))
    reaction = model.reactions["J"]
    assert reaction.law == Apply("mul", (Symbol("J__k"), square))
    assert reaction.reversible
    assert reaction.reactants[0].stoichiometry == Apply("mul", (Number(2.0), Symbol("k")))
    assert not reaction.reactants[0].constant
    event = model.events["E"]
    assert event.trigger == Apply("gt", (Time(), Number(1.0)))
    assert event.initial_value
    assert event.persistent
    assert event.use_values_from_trigger_time
    assert model.time_unit == "time"
    assert model.units["time"][0].kind == "second"


def test_path_and_text_give_the_same_model(tmp_path: Path) -> None:
    file = tmp_path / "m.xml"
    file.write_text("\n" + LEVEL_2)
    assert read_sbml(file) == read_sbml(str(file)) == read_sbml(LEVEL_2)


def test_level_3_without_stoichiometry_is_not_a_number() -> None:
    model = read_sbml(
        document(
            '<listOfCompartments><compartment id="c" constant="true"/></listOfCompartments><listOfSpecies>'
            '<species id="S" compartment="c" hasOnlySubstanceUnits="true" boundaryCondition="false" '
            'constant="false"/></listOfSpecies><listOfReactions><reaction id="J" reversible="false">'
            '<listOfProducts><speciesReference id="n" species="S" constant="false"/></listOfProducts>'
            "</reaction></listOfReactions>"
        )
    )
    reference = model.reactions["J"].products[0]
    assert isinstance(reference.stoichiometry, Number)
    assert math.isnan(reference.stoichiometry.value)
    assert reference.id == "n"
    assert model.compartments["c"].size is None


PARAMETER = '<listOfParameters><parameter id="p" value="1" constant="false"/></listOfParameters>'
DELAY = (
    '<apply><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/delay">delay</csymbol>'
    "<ci>p</ci><cn>1</cn></apply>"
)


def test_refusals_name_construct_and_place() -> None:
    text = document(
        PARAMETER
        + f"<listOfRules><algebraicRule>{formula('<ci>p</ci>')}</algebraicRule>"
        + f'<rateRule variable="p">{formula(DELAY)}</rateRule></listOfRules>'
    )
    with pytest.raises(UnsupportedModelError) as caught:
        read_sbml(text)
    assert caught.value.report == [("algebraic rule", "rule 1"), ("delay csymbol", "rule for p")]


def test_fast_reaction_is_refused() -> None:
    text = document('<listOfReactions><reaction id="J" reversible="false" fast="true"/></listOfReactions>', version=1)
    with pytest.raises(UnsupportedModelError, match="fast reaction"):
        read_sbml(text)


def test_required_unknown_package_is_refused() -> None:
    text = (
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1" '
        'xmlns:qual="http://www.sbml.org/sbml/level3/version1/qual/version1" qual:required="true">'
        "<model/></sbml>"
    )
    with pytest.raises(UnsupportedModelError, match="qual"):
        read_sbml(text)


def test_unknown_id_raises_with_the_nearest() -> None:
    rule = f'<rateRule variable="p">{formula("<ci>pp</ci>")}</rateRule>'
    with pytest.raises(UnknownNameError, match="'p'"):
        read_sbml(document(f"{PARAMETER}<listOfRules>{rule}</listOfRules>"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("<sbml", "not valid SBML"),
        ("hello", "not valid SBML"),
        (LEVEL_2[:900], "not valid SBML"),
    ],
)
def test_corrupt_files(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "m.xml"
    file.write_text(content)
    with pytest.raises(ModelError, match=message):
        read_sbml(file)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot read"):
        read_sbml(tmp_path / "absent.xml")
    with pytest.raises(ModelError, match="cannot read"):
        read_sbml(tmp_path)


def test_level_1_is_refused_with_a_remedy() -> None:
    text = '<sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="2"><model name="m"/></sbml>'
    with pytest.raises(ModelError, match="Level 1"):
        read_sbml(text)
