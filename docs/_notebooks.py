"""``docs/notebooks.md``: nadflux in Python and notebooks; every line of code on the page is run to make it."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

from _text import code, figure, page

_EVENTS = """\
ID,TIME,AMT,RATE,II,ADDL,EVID,CMT,SEX,AGE,WT
1,0,500,0,12,13,1,NR chloride oral,F,62,70
1,168,.,.,.,.,0,.,F,62,70
2,0,1000,0,24,6,1,NMN oral,M,45,.
"""


def build(folder: Path, quick: bool, say: Callable[[str], None]) -> str:
    """Return the page."""
    people = 12 if quick else 128
    figures = folder / "figures"
    names: dict[str, Any] = {}
    with chdir(figures):
        Path("events.csv").write_text(_EVENTS, encoding="utf-8")
        try:
            parts = _parts(names, people)
        finally:
            os.remove("events.csv")
    return page(
        "# Python and notebooks",
        "All that the command prints and draws can be had from Python. In a notebook a run shows its table with a "
        "small figure in each row; `print(run)` shows the same as text. [The Python package](api.md) lists all "
        "functions.",
        *parts,
    )


def _parts(names: dict[str, Any], people: int) -> list[str]:
    """Return the sections, running their code in one namespace."""

    def shown(text: str) -> str:
        return code(f"{text}\n\n{_value(text, names)}".rstrip())

    return [
        "## A run, its table and figure",
        shown(
            "import nadflux as nf\n"
            'who = "woman, 62 y, 70 kg"\n'
            f'run = nf.simulate(who, "NR chloride 500 mg oral twice daily for 2 weeks", n={people})\n'
            'run.table()[["matrix", "unit", "end_median", "end_low", "end_high", "tier"]].round(3)'
        ),
        shown("run.diagnose()"),
        shown(
            f'other = nf.simulate(who, "NMN 1 g oral daily for 2 weeks", n={people})\n'
            'measured = [{"day": 14, "quantity": "NAD+ in whole blood", "value": 50, "sd": 9, "unit": "µM"}]\n'
            'nf.plot.compare(run, other, show=["whole_blood_nad", "urine_mna"], observed=measured,\n'
            '                path="notebook_arms.png")'
        ),
        figure("notebook_arms.png", "Two plans on the same people, and a value that somebody measured."),
        "`interactive=True` draws the same with plotly, where it is installed: zoom, values on hover, arms on and off. "
        '`run.data` is an xarray Dataset, `run.in_units("ng/mL")` the run in other units, `run.citations().bibtex()` '
        "the sources of its numbers.",
        "## AUC, Cmax, half-life",
        "Areas are linear where values rise and logarithmic where they fall; the baseline is each person's own; the "
        "extrapolated share, the points of λz and every rule are stated. `run.nca().people()` has each person.",
        shown(
            f'single = nf.simulate(who, "NAM 500 mg oral once", n={people}, outputs=["plasma_nam"])\n'
            'single.nca().table()[["parameter", "unit", "median", "low", "high"]].round(3)'
        ),
        "## Event tables of NONMEM and mrgsolve",
        "`CMT` is compound and route, `AMT` mg of the salt, `TIME` hours from 08:00; a number of `CMT` is explained by "
        '`compartments={1: "NR chloride oral"}`. A mistake is named with its row, column, value and remedy. `SS` is '
        "refused, since some pools of NAD+ take weeks to settle: write the doses that lead to it.",
        code(_EVENTS),
        shown(
            f'runs = nf.simulate_events("events.csv", n={people}, outputs=["whole_blood_nad"])\n'
            'runs.table()[["ID", "unit", "baseline_median", "end_median"]].round(2)'
        ),
        shown('nf.Plan.parse("NR chloride 500 mg oral twice daily for 2 weeks").to_event_table()'),
        "## A person who has been measured",
        "People of the description are drawn, and weighted by how likely the measured value were theirs, by the errors "
        "of the assay. One laboratory's scale is most of that error for whole blood, so that a single value says less "
        "than it seems. With too small an effective sample the question is refused.",
        shown(
            'mine = nf.simulate_measured(who, "whole blood NAD+ 40 µM; urine MNA excretion 8 mg/day",\n'
            f'                            "NR chloride 500 mg oral daily for 4 days", n={people})\n'
            "str(mine.notes[1])"
        ),
    ]


def _value(text: str, names: dict[str, Any]) -> str:
    """Run code; return its last line's value as text, or nothing for a figure."""
    tree = ast.parse(text)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    exec(compile(tree, "page", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "page", "eval"), names)
    if hasattr(value, "savefig"):
        return ""
    return value.to_string(line_width=110) if hasattr(value, "to_string") else str(value)
