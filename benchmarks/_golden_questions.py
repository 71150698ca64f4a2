"""The questions of the golden rule: command lines and calls of public names, small enough to be asked often.

They use only what a user may have written down: the command line, ``--json``, ``--out`` and the names of `nadflux`.
Modules may move without touching this file. ``{side}`` is the source tree that is asked, ``{folder}`` an empty folder
of the question; files that a command leaves there belong to its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_NAD = (
    ("rest", '"woman, 62 y, 70 kg" --days 2 -n 16'),
    ("oral", '"woman, 62 y" --plan "NR chloride 500 mg oral twice daily for 9 days" -n 16'),
    ("peaks", '"man, 40 y, 80 kg" --plan "nicotinamide 1 g oral once" --show all -n 12 --seed 3'),
    ("infusion", '"man, 50 y" --plan "NAD+ 500 mg IV over 4 h once" -n 8'),
    ("skin", '"woman, 30 y" --plan "nicotinamide 4% topical twice daily on 300 cm2 for 2 days" -n 8'),
    ("diet", '"man, 25 y" --plan "diet 6.1 mg NE daily for 9 days" -n 8'),
    ("phases", '"man, 70 y" --plan "NMN 250 mg oral daily for 2 days then 500 mg once" -n 8'),
    ("set", '"woman, 62 y" --plan "NR 1 g oral once" --set liver.NAMPT.Km="0.3 µM" -n 8'),
    ("switch", '"woman, 62 y" --plan "NMN 1 g oral once" --switch red_cells.NA=plasma -n 8'),
    ("prior", '"woman, 62 y" --plan "nicotinic acid 500 mg oral once" --posterior none -n 8'),
    ("components", '"woman, 62 y" --plan "NR 500 mg oral daily for 3 days" --components -n 8'),
)
_WHOLE = (
    ("whole-rest", '"woman, 62 y" --body whole --days 1 -n 4 --show all'),
    ("drug", '"man, 40 y" --set drugs.rapamycin="0.1 µM" --days 1 --show autophagy -n 4'),
    ("fast", '"man, 45 y, 80 kg" --plan "fast 36 h" --show autophagy -n 8'),
    ("meals", '"woman, 62 y" --plan "16:8 eating window for 3 days + NR 500 mg oral daily with food" -n 4'),
    ("eaten", '"man, 30 y" --plan "meal 600 kcal high-protein at 12:00 + glucose 75 g oral at 8:00" -n 4'),
    ("energy", '"man, 30 y" --plan "overfeeding 30% for 2 days + ethanol 40 g at 20:00" -n 4'),
    ("endurance", '"man, 30 y" --plan "endurance 45 min at 70% VO2max at 10:00 daily for 3 days" -n 4'),
    ("resistance", '"man, 30 y" --plan "resistance 45 min at 17:00 + caloric restriction 25% for 2 days" -n 4'),
    ("sleep", '"woman, 40 y" --plan "sleep 6 h irregular for 3 days + essential amino acids 10 g" -n 4'),
    ("shift-work", '"woman, 40 y" --plan "shift work for 4 days" -n 4'),
    ("usual-life", '"woman, 60 y, trains 3 times a week, sleeps 6 h, vegetarian" --plan "fast 24 h" -n 4'),
)

COMMANDS: tuple[tuple[str, str], ...] = (
    *((name, f"simulate {line} --json --out {{folder}}/a.zarr") for name, line in (*_NAD, *_WHOLE)),
    ("table", 'simulate "man, 50 y" --plan "NMN 300 mg oral once" -n 4 --out {folder}/a.csv'),
    ("parquet", 'simulate "man, 50 y" --plan "fast 24 h" -n 4 --out {folder}/a.parquet'),
    ("trial-doses", "validate {side}/studies/Trammell2016.yaml -n 4 --draws 4 --json --out {folder}/a.csv"),
    ("trial-infusion", "validate {side}/studies/Grant2019.yaml -n 4 --draws 4 --json"),
    ("trial-weeks", "validate {side}/studies/Elhassan2019.yaml -n 4 --draws 4 --json"),
    ("trial-baseline", "validate {side}/studies/Deen2020_donors.yaml -n 4 --draws 4 --json"),
    ("mouse", "validate {side}/studies/mouse_CD38_loss.yaml -n 4 --draws 4 --json"),
    ("assay", 'assay --inhibitor "bafilomycin 100 nM for 4 h" --condition fed --condition "starved 4 h" --json'),
    ("assay-preset", "assay --preset pbmc --draws 4 --json"),
    ("cell", 'cell --organ muscle --condition fed --condition "rapamycin 100 nM for 4 h" --draws 8 --json'),
    ("cell-decides", "cell --decides --base 16 --json"),
    ("facts", "facts 1 5 12 M3 --draws 2 --json"),
    ("limits", "ranges fasted exercised -n 4 --json"),
    ("tracer", 'trace "man, 40 y" --plan "NR chloride 300 mg oral once" --hours 12 -n 4 --json'),
    ("fluxes", 'fluxes "man, 40 y, 80 kg" -n 32 --json'),
    ("routes", "compare-routes --days 2 -n 4 --json"),
    ("rivals", 'rivals "man, 40 y" --plan "NR 500 mg oral daily for 2 days" --link red_cells.NA,gut.NMN -n 4 --json'),
    ("sensitivity", 'sensitivity "man, 40 y" --output plasma_nam --plan "NR 1 g oral once" --base 8 --top 3 --json'),
    ("describe", "describe liver --json"),
    ("fit", "fit {side}/studies/Trammell2016.yaml --members 20 --iterations 1 --moves 1 --sweeps 4 --people 10 "
            "--out {folder}/a.zarr --json"),
    ("sbml", "run {folder}/model.ant --end 20 --points 201 --out {folder}/a.csv"),
    ("exported", "export --sbml {folder}/a.xml && run {folder}/a.xml --end 24 --points 25 --out {folder}/a.csv"),
)  # fmt: skip
"""Name and command line of each question; commands joined by && follow each other."""

MODEL = """model golden()
  compartment c = 2; species S in c, P in c, E in c; S = 8; P = 0; E = 1; k = 0.5; Km = 3;
  J: S -> P; c * k * E * S / (Km + S);
  R: P => ; c * 0.2 * P;
  at 1 after P > 1.5: S = S + 6;
end
"""
"""What ``{folder}/model.ant`` holds."""

_PLAN = "NR 500 mg oral daily for 2 days"


def _cohort(nf: Any) -> Any:
    people = nf.Cohort(12, nf.Distribution(58, 6), 0.6, weight=nf.Distribution(75, 9))
    return nf.simulate(people, _PLAN, seed=2)


def _cohort_with_habits(nf: Any) -> Any:
    people = nf.Cohort(4, nf.Distribution(40, 4), 0.5, habits=("sleep 6 h", "endurance 45 min at 70% VO2max 3/week"))
    return nf.simulate(people, days=1, outputs=["autophagy of muscle", "plasma_glucose"])


def _group(nf: Any) -> Any:
    return nf.simulate("woman, 50 y", _PLAN, n=12, group=4, posterior="none")


def _chosen_people(nf: Any) -> Any:
    return nf.simulate("woman, 50 y", _PLAN, people=[7, 2], times=[0, 1.5, 30, 48], peaks=["plasma_nam"], rtol=1e-6)


def _typical(nf: Any) -> Any:
    return nf.simulate("man, 50 y, 80 kg, 180 cm", _PLAN, n=1, uncertainty=False, spread=False)


def _resting(nf: Any) -> Any:
    return nf.resting_fluxes("man, 40 y", n=16)


def _tracer(nf: Any) -> Any:
    return nf.trace("woman, 40 y", "NMN 300 mg oral once", hours=6, n=4)


CALLS: dict[str, Callable[[Any], Any]] = {
    "cohort": _cohort,
    "cohort-with-habits": _cohort_with_habits,
    "group": _group,
    "chosen-people": _chosen_people,
    "typical": _typical,
    "resting-people": _resting,
    "tracer-people": _tracer,
}
"""Name and call of each question asked in Python: given the package `nadflux`, it returns a Run or another result."""

NAMES = (*(name for name, _ in COMMANDS), *CALLS)
