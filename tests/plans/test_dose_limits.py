"""Doses and rates beyond any studied are said, not refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import PlanError, TableError
from nadflux.network.tables import Compound, Route
from nadflux.plans.catalogue import Catalogue, shipped
from nadflux.plans.dose_limits import (
    BEYOND,
    StudiedDose,
    flag_of,
    read_studied,
    read_typical,
    shipped_studied,
    shipped_typical,
    warnings_of,
)
from nadflux.plans.plan import Plan
from nadflux.plans.schedule import Dose, schedule

HEADER = "compound,route,quantity,value,unit,tier,source,note,kind,at\n"


def notes(sentence: str) -> list[str]:
    return [str(note) for note in schedule(Plan.parse(sentence)).notes if flag_of(note) == BEYOND]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("NR chloride 3000 mg oral daily for 2 days", ""),
        ("NR chloride 3001 mg oral daily for 2 days", "3001 mg in a day of NR chloride oral"),
        ("NR chloride 2 g oral twice daily for 2 days", "4000 mg in a day"),
        ("NAD+ 500 mg IV over 4 h once", ""),
        ("NAD+ 500 mg IV over 1 h once", "an infusion at 8.333 mg/min"),
        ("NAD+ 600 mg IV over 5 h once + NAD+ 600 mg IV over 5 h once", "an infusion at 4 mg/min"),
        ("NMN 100 mg IV over 4 h once", "no human dose of NMN IV"),
        ("NAD+ 500 mg oral daily for 2 days", "no human dose of NAD+ oral"),
        ("tryptophan 1000 mg oral daily for 2 days", ""),
        ("tryptophan 2 g oral daily for 2 days", "2000 mg in a day of tryptophan oral"),
        ("NAM 5 % topical twice daily on 300 cm2 for 2 days", ""),
        ("NAM 5 % topical twice daily on 600 cm2 for 2 days", "60 mg in a day of NAM topical"),
    ],
)
def test_what_is_said(sentence: str, said: str) -> None:
    found = notes(sentence)
    assert (said in found[0] and len(found) == 1) if said else not found


def test_the_source_is_named() -> None:
    assert "route:D001" in notes("NR chloride 5 g oral once")[0]


def test_a_day_is_any_24_hours() -> None:
    doses = [Dose(20.0, "NMN", "oral", 1200 / 0.33422), Dose(26.0, "NMN", "oral", 1200 / 0.33422)]
    assert "2400 mg in a day" in str(warnings_of(doses, shipped())[0])
    assert not warnings_of([doses[0], Dose(44.0, "NMN", "oral", 1200 / 0.33422)], shipped())


def test_a_route_without_kinetics_says_so() -> None:
    compound = Compound("X", (), "free", "NAD", 1.0, "mg/umol", "assumed", "s")
    route = Route("X", "subcutaneous", "bolus", "a", 1.0, "none", "assumed", "s", "wide prior")
    limit = StudiedDose("X", "subcutaneous", "daily", 10.0, "mg/day", "assumed", "s", "")
    found = warnings_of([Dose(0.0, "X", "subcutaneous", 5.0)], Catalogue.of([compound], [route]), [limit])
    assert [str(note) for note in found] == ["X subcutaneous: no PK data; what is shown rests on a wide prior"]


def test_a_route_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PlanError, match="not modelled; there is: oral"):
        Plan.parse("NA ER 500 mg IV over 1 h once")
    with pytest.raises(PlanError, match="no human data exist"):
        Plan.parse("NMN 500 mg sublingual daily for 2 days")


def test_the_tables_name_known_compounds_and_routes() -> None:
    catalogue = shipped()
    for row in (*shipped_studied(), *shipped_typical()):
        assert row.compound in catalogue.compounds, row
        assert row.source


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("NMN,oral,weekly,5,mg/day,measured,s,,studied,", "quantity 'weekly'"),
        ("NMN,oral,daily,5,mg,measured,s,,studied,", "needs a unit like 'mg/day'"),
        ("NMN,oral,daily,-5,mg/day,measured,s,,studied,", "above 0"),
        ("NMN,oral,daily,much,mg/day,measured,s,,studied,", "above 0"),
        ("NMN,oral,daily,5,mg/day,measured,,,studied,", "'source' is empty"),
        ("NMN,oral,daily,5,mg/day,measured,s,,borne,", "kind 'borne'"),
        ("NMN,oral,duration,5,mg,measured,s,,studied,", "needs a unit like 'd'"),
        ("NMN,oral,duration,5,d,measured,s,,studied,250 mg", "at needs a unit like 'mg/day'"),
        ("NMN,oral,duration,5,d,measured,s,,studied,much mg/day", "above 0"),
        ("NMN,oral,daily,5,mg/day,measured,s,,studied,250 mg/day", "leave it empty for daily"),
    ],
)
def test_bad_rows_are_refused(tmp_path: Path, row: str, said: str) -> None:
    file = tmp_path / "studied_doses.csv"
    file.write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(TableError, match=said):
        read_studied(file)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    file = tmp_path / "typical_use.csv"
    file.write_text("compound,route\nNMN,oral\n", encoding="utf-8")
    with pytest.raises(TableError, match="column 'use'"):
        read_typical(file)
