"""Reading SBML: defaults of each level, inlining, renaming, refusals and bad files."""

from __future__ import annotations

import bz2
import gzip
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from nadflux.errors import ModelError, UnknownNameError, UnsupportedModelError
from nadflux.network.expression import Apply, Number, Symbol, Time
from nadflux.network.read_model import read_model
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


REACTING = document(
    """<listOfCompartments><compartment id="c" spatialDimensions="3" size="1" constant="true"/></listOfCompartments>
    <listOfSpecies><species id="A" compartment="c" initialAmount="2" hasOnlySubstanceUnits="false"
    boundaryCondition="false" constant="true"/></listOfSpecies>
    <listOfReactions><reaction id="J" reversible="false"><listOfReactants><speciesReference species="A"
    stoichiometry="1" constant="true"/></listOfReactants><kineticLaw>"""
    + formula("<cn>1</cn>")
    + "</kineticLaw></reaction></listOfReactions>"
)


def rule(body: str) -> str:
    """A document with one rule for x."""
    return document(
        '<listOfParameters><parameter id="x" constant="false"/></listOfParameters><listOfRules>'
        f'<assignmentRule variable="x">{formula(body)}</assignmentRule></listOfRules>'
    )


def test_constants_that_react_are_noted() -> None:
    assert read_sbml(REACTING).notes == ("held constant, as the model declares, although reactions use or make it: A",)


def test_level_1_is_converted_with_its_defaults() -> None:
    text = (
        '<sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="2"><model name="m"><listOfCompartments>'
        '<compartment name="c"/></listOfCompartments><listOfSpecies><species name="X" compartment="c" '
        'initialAmount="50"/></listOfSpecies><listOfReactions><reaction name="R"><listOfReactants><speciesReference '
        'species="X" stoichiometry="2"/></listOfReactants><kineticLaw formula="k * X * (X - 1)"><listOfParameters>'
        '<parameter name="k" value="0.01"/></listOfParameters></kineticLaw></reaction></listOfReactions></model></sbml>'
    )
    model = read_sbml(text)
    assert model.compartments["c"].size == 1.0
    assert model.parameters["R__k"].value == 0.01
    assert model.reactions["R"].reactants[0].stoichiometry == Number(2.0)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<apply><root/><degree><cn>0</cn></degree><cn>2</cn></apply>", "rule for x: a root of degree 0"),
        ("<apply><root/><degree><cn>3</cn></degree><cn>2</cn><cn>5</cn></apply>", "'root' has 3 arguments"),
        ("<apply><divide/><cn>1</cn></apply>", "'div' has 1 arguments; give it 2"),
        ("<apply><not/></apply>", "'not' has 0 arguments"),
        ("<apply><exp/><cn>1</cn><cn>2</cn></apply>", "'exp' has 2 arguments"),
        ("<apply><abs/>" * 200 + "<cn>1</cn>" + "</apply>" * 200, "deeper than 150 operations"),
        ("<apply><abs/>" * 5000 + "<cn>1</cn>" + "</apply>" * 5000, "deeper than 3000"),
    ],
)
def test_formulas_without_meaning_or_bounds_are_refused_with_their_place(body: str, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        read_sbml(rule(body))


@pytest.mark.parametrize("operator", ["plus", "times", "minus"])
def test_a_wide_formula_is_not_deep(operator: str) -> None:
    body = f"<apply><{operator}/>" * 900 + "<cn>1</cn>" + "<ci>y</ci></apply>" * 900
    text = rule(body).replace("<listOfParameters>", '<listOfParameters><parameter id="y" value="1" constant="true"/>')
    found = read_sbml(text).assignment_rules["x"]
    assert isinstance(found, Apply)
    assert len(found.args) == 901


def test_functions_that_double_are_refused_before_they_fill_the_memory() -> None:
    def function(number: int) -> str:
        inner = f"<apply><ci>f{number - 1}</ci><ci>x</ci></apply>" if number else "<ci>x</ci>"
        body = f"<lambda><bvar><ci>x</ci></bvar><apply><plus/>{inner}{inner}</apply></lambda>"
        return f'<functionDefinition id="f{number}">{formula(body)}</functionDefinition>'

    functions = "".join(function(number) for number in range(40))
    text = rule("<apply><ci>f39</ci><cn>1</cn></apply>").replace(
        "<listOfParameters>", f"<listOfFunctionDefinitions>{functions}</listOfFunctionDefinitions><listOfParameters>"
    )
    with pytest.raises(ModelError, match="more than 50000 terms"):
        read_sbml(text)


def test_a_fault_in_notes_is_noted_and_one_in_the_mathematics_refused() -> None:
    notes = "<notes><p>not in the namespace of XHTML</p></notes>"
    text = REACTING.replace('<model id="m">', f'<model id="m">\n{notes}\n')
    model = read_sbml(text)
    assert "does not touch the mathematics" in model.notes[0]
    assert "(in notes)" in model.notes[0]
    with pytest.raises(ModelError, match="not valid SBML"):
        read_sbml(REACTING.replace("<listOfReactants>", "<strange/><listOfReactants>"))


def test_a_fault_in_layout_is_noted() -> None:
    layout = (
        '<layout:listOfLayouts xmlns:layout="http://www.sbml.org/sbml/level3/version1/layout/version1">\n'
        "<layout:strange/>\n</layout:listOfLayouts>"
    )
    text = REACTING.replace(
        ' level="3"',
        ' xmlns:layout="http://www.sbml.org/sbml/level3/version1/layout/version1" layout:required="false" level="3"',
    ).replace("<listOfComp", f"{layout}\n<listOfComp")
    assert any("(in layout)" in note for note in read_sbml(text).notes)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lambda data: data])
def test_packed_files_are_read(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    file = tmp_path / "model.xml.gz"
    file.write_bytes(pack(LEVEL_2.encode()))
    assert set(read_model(file).species) == {"S"}


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_a_text_is_decoded_as_it_says(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "m.xml"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n' + LEVEL_2.replace(
        '<model id="m"', '<model id="m" name="Müller"'
    )
    file.write_bytes(text.encode(encoding))
    assert read_sbml(file).name == "Müller"


def test_a_packed_file_that_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "m.xml.gz"
    file.write_bytes(gzip.compress(LEVEL_2.encode())[:-20])
    with pytest.raises(ModelError, match="cannot read the model file"):
        read_model(file)
