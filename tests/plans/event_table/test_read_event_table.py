"""Event tables of NONMEM and mrgsolve: what a row means, and what each mistake is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nadflux.errors import TableError, UnknownNameError
from nadflux.people import Person
from nadflux.plans import Plan
from nadflux.plans.event_table import EventTable, read_event_table, to_event_table
from nadflux.plans.schedule import schedule

ROW = {"ID": 1, "TIME": 0, "AMT": 500, "CMT": "NR chloride oral"}


def read(*rows: dict[str, Any], **options: Any) -> EventTable:
    return read_event_table(list(rows), **options)


def doses(plan: Plan, days: float) -> list[tuple[float, str, float, float]]:
    return [(d.time_h, d.compound, d.amount, d.infusion_h) for d in schedule(plan, days=days).doses]


def test_a_row_is_a_plan() -> None:
    (one,) = read({**ROW, "II": 12, "ADDL": 3, "EVID": 1}, {"ID": 1, "TIME": 50, "EVID": 0})
    assert [hour for hour, *_ in doses(one.plan, 10)] == [0.0, 12.0, 24.0, 36.0]
    assert one.observed_h == (50.0,) and one.who is None
    (mass,) = {round(amount * 0.29070, 9) for _, _, amount, _ in doses(one.plan, 10)}
    assert mass == 500.0


def test_a_rate_is_an_infusion_and_a_route_may_be_left_out() -> None:
    (one,) = read({"ID": 1, "TIME": 2, "AMT": 500, "RATE": 125, "CMT": "NAD+ IV"})
    assert doses(one.plan, 2)[0] == (2.0, "NAD+", pytest.approx(500 / 0.66343), 4.0)
    (one,) = read({"ID": 1, "TIME": 0, "AMT": 500, "COMPOUND": "NAM", "ROUTE": "oral"})
    assert one.plan.ways == {("NAM", "oral")}


def test_numbers_of_compartments_and_units_are_given() -> None:
    (one,) = read({"TIME": 1, "AMT": 0.5, "CMT": 1}, compartments={1: "NAM oral"}, amount_unit="g", time_unit="day")
    assert doses(one.plan, 3)[0][0] == 24.0 and one.id == "1"
    assert doses(one.plan, 3)[0][2] == pytest.approx(500 / 0.12212)


def test_people_come_from_the_columns() -> None:
    women = read({**ROW, "SEX": "F", "AGE": 62, "WT": 70}, {**ROW, "ID": 2, "SEX": "F", "AGE": 41, "WT": "."})
    assert [one.who for one in women] == [Person("woman", 62, weight=70), Person("woman", 41)]
    (one,) = read({**ROW, "WT": 81}, who="man, 50 y")
    assert one.who == Person("man", 50, weight=81)
    (one,) = read({**ROW, "FEMALE": 0, "AGE": 30})
    assert one.who == Person("man", 30)


def test_a_csv_file_reads_with_points_and_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("#ID,time,AMT,RATE,II,ADDL,EVID,CMT,DV,STUDY\n1,0,500,0,24,6,1,NMN oral,.,A\n1,5,.,.,.,.,0,.,3,A\n")
    (one,) = read_event_table(path, ignore=["STUDY"])
    assert str(one.plan) == "NMN 500 mg oral every 24 h for 168 h" and one.observed_h == (5.0,)
    with pytest.raises(UnknownNameError, match="STUDY"):
        read_event_table(path)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"AMT": 0, "EVID": 1}, "row 2, column AMT = '0': a dose must be above 0"),
        ({"AMT": "five"}, "row 2, column AMT = 'five': not a number"),
        ({"TIME": -1}, "row 2, column TIME = '-1': too small"),
        ({"SS": 1, "II": 12}, "row 2, column SS = '1': a steady state is not jumped to"),
        ({"RATE": -2}, "row 2, column RATE = '-2': a rate or duration from the model"),
        ({"EVID": 4}, "row 2, column EVID = '4': a reset"),
        ({"EVID": 7}, "row 2, column EVID = '7': no kind of event"),
        ({"EVID": 0}, "row 2, column AMT = '500': an amount in a row whose EVID is 0"),
        ({"ADDL": 3}, "row 2, column ADDL = '3': more doses without II"),
        ({"ADDL": 1.5, "II": 12}, "row 2, column ADDL = '1.5': not a whole number"),
        ({"CMT": 2}, "row 2, column CMT = '2': a number says neither compound nor route"),
        ({"CMT": "aspirin oral"}, "row 2, column CMT = 'aspirin oral'"),
        ({"CMT": "."}, "row 2, column CMT: what is given is missing"),
        ({"SEX": 1, "AGE": 62}, "row 2, column SEX = '1': may mean either sex"),
        ({"SEX": "F"}, "row 2, column AGE: age is missing"),
        ({"FEMALE": 2, "AGE": 62}, "row 2, column FEMALE = '2': neither 1"),
        ({"SEX": "F", "AGE": 300}, "300"),
        ({"AMT": 1e9}, "row 2, column AMT = '1000000000.0'"),
    ],
)
def test_each_mistake_names_row_column_value_and_remedy(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(TableError) as error:
        read({**ROW, **changes})
    assert says in str(error.value)


def test_rows_of_an_id_are_in_order_and_covariates_constant() -> None:
    with pytest.raises(TableError, match=r"row 3, column TIME = '2': earlier"):
        read({**ROW, "TIME": 5}, {**ROW, "TIME": 2})
    with pytest.raises(TableError, match=r"row 3, column WT = '71': changes within an ID \(row 2: 70\)"):
        read({**ROW, "WT": 70, "SEX": "F", "AGE": 62}, {**ROW, "WT": 71})
    with pytest.raises(TableError, match="no column TIME"):
        read({"ID": 1, "AMT": 500})


@pytest.mark.parametrize(
    "sentence",
    [
        "NR chloride 500 mg oral twice daily for 2 weeks",
        "NAD+ 500 mg IV over 4 h daily for 4 days",
        "NMN 250 mg oral daily for 4 weeks then 500 mg oral daily for 4 weeks + NAM 1 mmol oral 3 times daily for 7 d",
        "NAM 1 g oral 5 days on 2 days off for 3 weeks",
        "NR 300 mg oral daily at 20:00 for 10 days",
        "NR 1 g oral weekly for 3 weeks",
        "NMN 500 mg oral every 36 h for 9 days from day 2",
    ],
)
def test_a_plan_written_and_read_has_the_same_doses(sentence: str) -> None:
    plan = Plan.parse(sentence)
    table = plan.to_event_table()
    (one,) = read_event_table(pd.DataFrame(table))
    before, after = doses(plan, 70), doses(one.plan, 70)
    assert [dose[:2] for dose in sorted(after)] == [dose[:2] for dose in sorted(before)]
    assert np.allclose([dose[2:] for dose in sorted(after)], [dose[2:] for dose in sorted(before)], rtol=1e-12)


def test_what_is_no_dose_is_refused() -> None:
    for sentence, says in (
        ("16:8 for 2 weeks", "habits are no doses"),
        ("NAM 4 % topical on 300 cm² daily for 1 week", "strength"),
        ("NAM 10 mg/kg oral once", "needs a weight"),
        ("NAM 1 g oral daily", "no end"),
    ):
        with pytest.raises(Exception, match=says):
            Plan.parse(sentence).to_event_table()
    heavy = Plan.parse("NAM 10 mg/kg oral once").to_event_table(who=Person("man", 40, weight=90))
    assert heavy["AMT"].tolist() == [900.0] and heavy["WT"].tolist() == [90.0]
    assert to_event_table(Plan.parse("NAM 1 g oral daily"), days=3)["ADDL"].tolist() == [2]
