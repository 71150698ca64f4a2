"""A row that lacks something, repeats another or holds no number does not load, and the error says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import TableError, UnknownNameError
from nadflux.network.tables import (
    PARAMETER_COLUMNS,
    read_compounds,
    read_moieties,
    read_observables,
    read_parameters,
    read_routes,
)

GOOD = {
    "name": "NAMPT.Km", "organ": "liver", "species": "human", "value": "0.1", "unit": "uM", "low": "0.01",
    "high": "0.9", "distribution": "lognormal", "between_cv": "0.2", "tier": "measured",
    "source": "10.1021/bi801198m", "note": "",
}  # fmt: skip


def _folder(tmp_path: Path, *rows: dict[str, str]) -> Path:
    lines = [",".join(PARAMETER_COLUMNS)] + [",".join(row[c] for c in PARAMETER_COLUMNS) for row in rows]
    (tmp_path / "p.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_a_good_row_loads(tmp_path: Path) -> None:
    table = read_parameters(_folder(tmp_path, GOOD))
    row = table.row("liver.NAMPT.Km")
    assert (row.value, row.low, row.high, row.between_cv, row.unit) == (0.1, 0.01, 0.9, 0.2, "uM")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": ""}, "'unit' is empty"),
        ({"source": ""}, "'source' is empty"),
        ({"tier": ""}, "'tier' is empty"),
        ({"value": ""}, "'value' is empty"),
        ({"tier": "guessed"}, "tier 'guessed'"),
        ({"distribution": "gamma"}, "distribution 'gamma'"),
        ({"value": "many"}, "not a finite number"),
        ({"value": "nan"}, "not a finite number"),
        ({"value": "2"}, "outside low"),
        ({"low": ""}, "'low' is empty"),
        ({"high": ""}, "'high' is empty"),
        ({"low": "0"}, "needs low above 0"),
        ({"low": "0.1", "high": "0.1"}, "needs low below high"),
        ({"distribution": "logitnormal", "high": "1.5"}, "within 0 and 1"),
        ({"between_cv": "-0.1"}, "must not be negative"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(TableError, match=r"p\.csv line 2") as caught:
        read_parameters(_folder(tmp_path, {**GOOD, **change}))
    assert message in str(caught.value)


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TableError, match="UTF-8"):
        read_parameters(tmp_path)


def test_a_row_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="stands already"):
        read_parameters(_folder(tmp_path, GOOD, GOOD))


def test_a_missing_column_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no parameter table"):
        read_parameters(tmp_path)
    (tmp_path / "p.csv").write_text("name,organ\nx,y\n")
    with pytest.raises(TableError, match="column 'species' is missing"):
        read_parameters(tmp_path)


def test_a_row_with_a_loose_comma_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, GOOD)
    file = folder / "p.csv"
    file.write_text(file.read_text().rstrip("\n") + "one, two\n")
    with pytest.raises(TableError, match="cells for"):
        read_parameters(folder)


def test_an_unknown_row_names_the_nearest(tmp_path: Path) -> None:
    table = read_parameters(_folder(tmp_path, GOOD))
    with pytest.raises(UnknownNameError, match=r"liver\.NAMPT\.Km"):
        table.row("liver.NAMPT.KM2")


def test_other_tables_are_strict_too(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("id,label,matrix,kind,unit,formula,note\na,A,plasma,amount,uM,x,\n")
    with pytest.raises(TableError, match="kind 'amount'"):
        read_observables(file)
    file.write_text("id,label,matrix,kind,unit,formula,note\na,A,plasma,level,uM,x,\na,B,plasma,level,uM,x,\n")
    with pytest.raises(TableError, match="is given twice"):
        read_observables(file)
    header = "compound,aliases,salt,moiety_species,molar_mass,unit,tier,source\n"
    file.write_text(header + "NAM,,,NAM,0,mg/umol,measured,x\n")
    with pytest.raises(TableError, match="above 0"):
        read_compounds(file)
    header = "compound,route,kind,target,fraction,kinetics,tier,source,note\n"
    file.write_text(header + "NAM,oral,bolus,a.b,1.5,some,measured,x,\n")
    with pytest.raises(TableError, match="fraction"):
        read_routes(file)
    file.write_text(header + "NAM,oral,bolus,a.b,1,no PK data,measured,x,\n")
    with pytest.raises(TableError, match="kinetics 'no PK data'"):
        read_routes(file)
    file.write_text("name,moiety,weight,note\na.b,NAD,one,\n")
    with pytest.raises(TableError, match="not a finite number"):
        read_moieties(file)


def test_a_cumulative_amount_names_the_flux_it_is_the_integral_of(tmp_path: Path) -> None:
    file = tmp_path / "observables.csv"
    head = "id,label,matrix,kind,unit,formula,note,analyte,integral_of\n"
    flux = "urine_mna,MNA excretion,urine,flux,umol/day,x,,MNA,\n"
    file.write_text(f"{head}{flux}out,MNA excreted,urine,cumulative,umol,y,,,urine_mna\n")
    assert [(o.analyte, o.integral_of) for o in read_observables(file)] == [("MNA", ""), ("", "urine_mna")]
    for wrong, words in (
        ("out,MNA excreted,urine,cumulative,umol,y,,,\n", "'out' is a cumulative with integral_of ''"),
        ("out,MNA excreted,urine,level,umol,y,,,urine_mna\n", "'out' is a level with integral_of 'urine_mna'"),
        ("out,MNA excreted,urine,cumulative,umol,y,,,urine_2py\n", "'urine_2py', which is no flux of the table"),
    ):
        file.write_text(head + flux + wrong)
        with pytest.raises(TableError, match=words):
            read_observables(file)


def test_what_a_clinic_can_measure_is_said_in_known_words(tmp_path: Path) -> None:
    file = tmp_path / "observables.csv"
    head = "id,label,matrix,kind,unit,formula,note,clinic\n"
    file.write_text(f"{head}J_deg,degradation,cell,flux,%/h,x,,not measurable\nNAD,NAD+,cell,level,uM,y,,\n")
    assert [o.clinic for o in read_observables(file)] == ["not measurable", ""]
    file.write_text(f"{head}J_deg,degradation,cell,flux,%/h,x,,perhaps\n")
    with pytest.raises(TableError, match="clinic 'perhaps' is not one of"):
        read_observables(file)
