"""The world against published figures of healthy people.

Tolerances were written before this list was first run, after numbers had been chosen with the calibrated ones in view.

Each figure says whether its numbers were in view when parameters were chosen (``calibrated``) or not (``independent``).
All people but those of the glucose load rest, fast overnight (12 h) and then begin; a load begins in the morning.
Those whose liver was looked at fast from dinner at 19 o'clock after three days of meals, as theirs held a dinner; until
then they were compared with a fast from the mean of the day. Their figures were in view when breakdown was put in
proportion to glycogen, and the tolerance of the night's breakdown was written after its first run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from world_bench import ETHANOL, FAT, GLUCOSE, LEUCINE, RESIDUES, World, make_world

NIGHT = 12.0
DINNER = 24.0 * 3 + 19
FASTED = [(0.0, "feeding__constant", 0.0)]
MG_PER_KG_MIN = 180.16e-3 / 60  # of glucose, from µmol/kg/h
OTHER = 1e6 / 134  # µmol in a gram of the other essential amino acids


@dataclass(frozen=True)
class Figure:
    """A published figure: what is read, when (h after the start), its value and the fold or absolute tolerance."""

    id: str
    source: str
    use: str
    scene: str
    read: str
    at: float
    value: float
    fold: float = 1.0
    within: float = 0.0


SCENES: Mapping[str, tuple[Sequence[tuple[float, str, float]], Sequence[tuple[float, Mapping[str, float]]]]] = {
    "fast": (FASTED, ()),
    "glucose": (FASTED, [(NIGHT, {"glucose": 75 * GLUCOSE})]),
    "leucine": (FASTED, [(NIGHT, {"LEU": 3.5 * LEUCINE, "AA": 6.5 * OTHER})]),
    "less leucine": (FASTED, [(NIGHT, {"LEU": 1.85 * LEUCINE, "AA": 8.15 * OTHER})]),
    "mixed meal": (
        FASTED,
        [(NIGHT, {"glucose": 149 * GLUCOSE, "AA": 31 * RESIDUES, "LEU": 2.5 * RESIDUES, "fat": 18 * FAT})],
    ),
    "ethanol": (FASTED, [(NIGHT, {"ethanol": 40 * ETHANOL})]),
    "cycling": (
        [*FASTED, (NIGHT, "exercise__intensity", 0.7), (NIGHT + 1, "exercise__intensity", 0.0)],
        (),
    ),
    "easy cycling": ([*FASTED, (NIGHT, "exercise__intensity", 0.45)], ()),
}
WINEK, WORK = "10.1016/0379-0738(84)90189-0", "10.1177/193229680700100305"
BURNT = "10.1152/jappl.1991.70.1.43"
CIRRHOSIS = "Petersen 1999, net hepatic glycogenolysis in cirrhosis and health, 23 to 7 o'clock: 40 % of 10.0"
KETONES, RISE = "aut:S020", "Glynn 2010 via 10.1016/j.isci.2023.108634 (aut:S031-S033)"
FIGURES = (
    Figure("night glucose", "10.2337/db11-1478", "calibrated", "fast", "glucose", 12, 4.8, within=0.4),
    Figure("night insulin", "aut:S018", "calibrated", "fast", "insulin", 12, 50, fold=1.4),
    Figure("night fatty acids", "biology.md section 4", "calibrated", "fast", "FFA", 12, 0.45, fold=1.4),
    Figure("night glucose output", "10.1172/JCI118379", "independent", "fast", "output", 12, 1.9, fold=1.25),
    Figure("night 3-hydroxybutyrate", KETONES, "calibrated", "fast", "ketone", 12, 0.1, fold=2.0),
    Figure("24-h 3-hydroxybutyrate", KETONES, "calibrated", "fast", "ketone", 24, 0.4, fold=1.6),
    Figure("48-h 3-hydroxybutyrate", KETONES, "calibrated", "fast", "ketone", 48, 1.8, fold=1.4),
    Figure("72-h 3-hydroxybutyrate", KETONES, "calibrated", "fast", "ketone", 72, 3.0, fold=1.4),
    Figure("72-h glucose", "aut:S019", "calibrated", "fast", "glucose", 72, 3.7, within=0.5),
    Figure("72-h fatty acids", "biology.md section 4", "calibrated", "fast", "FFA", 72, 1.3, fold=1.5),
    Figure("night leucine", RISE, "calibrated", "fast", "LEU", 12, 123, fold=1.15),
    Figure("72-h leucine", "aut:S021", "calibrated", "fast", "LEU", 72, 230, fold=1.3),
    Figure("new glucose at 14 h", "10.1172/JCI118803", "calibrated", "dinner", "new share", 14, 47, within=15),
    Figure("new glucose at 22 h", "10.1172/JCI118803", "calibrated", "dinner", "new share", 22, 67, within=15),
    Figure("new glucose at 42 h", "10.1172/JCI118803", "calibrated", "dinner", "new share", 42, 93, within=10),
    Figure("night liver glycogen", "10.1172/JCI118379", "calibrated", "dinner", "liver glycogen", 12, 207, fold=1.5),
    Figure("glycogen burnt at night", CIRRHOSIS, "calibrated", "dinner", "liver burnt", 12, 4.0, fold=1.4),
    Figure("64-h liver glycogen", "10.1126/science.1948033", "calibrated", "fast", "liver glycogen", 64, 0, within=40),
    Figure("load 0.5 h", "recalled mean curve", "calibrated", "glucose", "glucose", 12.5, 7.8, within=1.2),
    Figure("load 2 h", "recalled mean curve", "calibrated", "glucose", "glucose", 14, 5.8, within=1.2),
    Figure("insulin of load 0.5 h", "recalled mean curve", "calibrated", "glucose", "insulin", 12.5, 300, fold=1.6),
    Figure("leucine 15 min", RISE, "calibrated", "leucine", "LEU", 12.25, 519, fold=1.3),
    Figure("leucine 45 min", RISE, "calibrated", "leucine", "LEU", 12.75, 890, fold=1.3),
    Figure("leucine 90 min", RISE, "calibrated", "leucine", "LEU", 13.5, 519, fold=1.3),
    Figure("leucine 180 min", RISE, "calibrated", "leucine", "LEU", 15, 231, fold=1.3),
    Figure("insulin 30 min", RISE, "calibrated", "leucine", "insulin", 12.5, 92, fold=1.4),
    Figure("insulin 60 min", RISE, "calibrated", "leucine", "insulin", 13, 56, fold=1.4),
    Figure("less leucine 45 min", "aut:S032", "independent", "less leucine", "LEU", 12.75, 362, fold=1.3),
    Figure("less leucine 120 min", "aut:S032", "independent", "less leucine", "LEU", 14, 210, fold=1.3),
    Figure("output 1 h", "10.1172/JCI118379", "independent", "mixed meal", "output", 13, 0.31, within=0.4),
    Figure("output 4 h", "10.1172/JCI118379", "independent", "mixed meal", "output", 16, 0.49, within=0.4),
    Figure("glycogen stored", "10.1172/JCI118379", "independent", "mixed meal", "liver rise", 17.3, 109, fold=1.5),
    Figure("ethanol 1 h", "Widmark: 0.53 g/kg, recalled", "independent", "ethanol", "ethanol", 13, 0.74, fold=1.2),
    Figure("ethanol fall", WINEK, "independent", "ethanol", "ethanol fall", 15, 0.15, fold=1.4),
    Figure("working glucose", WORK, "calibrated", "cycling", "glucose", 13, 4.5, within=0.7),
    Figure("working insulin", WORK, "calibrated", "cycling", "insulin ratio", 13, 0.5, fold=1.4),
    Figure("working lactate", "recalled", "calibrated", "cycling", "lactate", 12.5, 3.0, fold=1.5),
    Figure("working fatty acids", "10.1152/ajpendo.1993.265.3.E380", "calibrated", "cycling", "FFA", 13, 0.7, fold=1.5),
    Figure("leucine burnt", BURNT, "calibrated", "easy cycling", "leucine burnt", 12.5, 52, fold=1.5),
)  # fmt: skip
MISSED = {
    "72-h glucose": "the stand-in for protein turnover gives 100 g of protein a day; with organs joined it is 4.1 mM",
    "leucine 90 min": "plasma leucine falls back too fast",
    "leucine 180 min": "plasma leucine falls back too fast",
    "less leucine 120 min": "plasma leucine falls back too fast",
}


@pytest.fixture(scope="module")
def world() -> World:
    return make_world()


@pytest.fixture(scope="module")
def runs(world: World) -> Mapping[str, tuple[np.ndarray, dict[str, np.ndarray]]]:
    times = np.unique(np.concatenate([np.arange(0, 72.5, 0.5), 12 + np.arange(0, 6, 0.05)]))
    found = {name: (times, world.run(times, None, *scene)) for name, scene in SCENES.items()}
    dinner = np.arange(0, DINNER + 48.1, 0.5)
    return found | {"dinner": (dinner - DINNER, world.run(dinner, None, [*FASTED, *nights(5)], three_meals(world, 4)))}


def reading(figure: Figure, times: np.ndarray, run: Mapping[str, np.ndarray], start: Mapping[str, np.ndarray]) -> float:
    """What the model shows for a figure, in its unit."""

    def at(name: str, hour: float) -> float:
        return float(np.interp(hour, times, run[name][0]))

    fuels = {"glucose": 1e-3, "insulin": 1e6, "FFA": 1e-3, "ketone": 1e-3, "lactate": 1e-3, "LEU": 1.0}
    if figure.read in fuels:
        return at(f"fuels__{figure.read}", figure.at) * fuels[figure.read]
    new = sum(at(f"fuels__{kind}_gluconeogenesis", figure.at) for kind in ("lactate", "amino", "glycerol"))
    glycogen = "fuels__liver_glycogen"
    weight, liver = (float(start[f"person__{size}"][0]) for size in ("weight", "liver_volume"))
    return {
        "output": at("fuels__glucose_output", figure.at) * MG_PER_KG_MIN,
        "new share": 100 * new / at("fuels__endogenous_output", figure.at),
        "liver glycogen": at(glycogen, figure.at) * 1e-3,
        "liver burnt": (at(glycogen, figure.at - 8) - at(glycogen, figure.at)) * liver / weight / 8 / 60,
        "liver rise": (at(glycogen, figure.at) - at(glycogen, NIGHT)) * 1e-3,
        "ethanol": at("fuels__blood_ethanol", figure.at),
        "ethanol fall": at("fuels__blood_ethanol", figure.at - 1) - at("fuels__blood_ethanol", figure.at),
        "insulin ratio": at("fuels__insulin", figure.at) / at("fuels__insulin", NIGHT),
        "leucine burnt": at("fuels__LEU_oxidation", figure.at) / weight,
    }[figure.read]


def holds(figure: Figure, shown: float) -> bool:
    """Whether the figure comes out within its tolerance."""
    if figure.within:
        return abs(shown - figure.value) <= figure.within
    return figure.value / figure.fold <= shown <= figure.value * figure.fold


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.id)
def test_published_figures(figure: Figure, world: World, runs: Mapping[str, tuple]) -> None:
    times, run = runs[figure.scene]
    shown = reading(figure, times, run, world.start())
    if figure.id in MISSED:
        assert not holds(figure, shown), f"{figure.id} comes out now ({shown:.3g}); take it off the list of misses"
        pytest.xfail(f"{MISSED[figure.id]}: {shown:.3g} against {figure.value:g}")
    assert holds(figure, shown), f"{figure.id}: {shown:.3g} against {figure.value:g} ({figure.source}, {figure.use})"


def three_meals(world: World, days: int) -> list[tuple[float, dict[str, float]]]:
    """A quarter, 35 % and 40 % of a day's food at 8, 13 and 19 o'clock, from midnight on."""
    rates = world.start()
    food = {what: 24 * float(rates[f"feeding__{what}__rate"][0]) for what in ("glucose", "protein", "fat")}
    return [
        (24.0 * day + hour, {what: share * amount for what, amount in food.items()})
        for day in range(days)
        for hour, share in ((8, 0.25), (13, 0.35), (19, 0.40))
    ]


def nights(days: int) -> list[tuple[float, str, float]]:
    """Asleep from 23 to 7 o'clock."""
    hours = ((23, 1.0), (31, 0.0))
    return [(24.0 * day + hour, "sleep__asleep", value) for day in range(days) for hour, value in hours]


def test_three_meals_a_day_repeat_after_two_days(world: World) -> None:
    times = np.arange(0, 24 * 5 + 0.01, 0.25)
    run = world.run(times, None, [*FASTED, *nights(5)], three_meals(world, 5))
    for name, tolerance in (("glucose", 0.03), ("insulin", 0.1), ("FFA", 0.1), ("LEU", 0.03), ("AA", 0.03)):
        series = run[f"fuels__{name}"][0]
        third, fourth = (series[(times >= 24 * d) & (times < 24 * d + 24)] for d in (3, 4))
        assert np.max(np.abs(fourth / third - 1)) < tolerance, name
    morning = {n: float(np.interp(24 * 4 + 7.9, times, run[f"fuels__{n}"][0])) for n in ("glucose", "insulin", "FFA")}
    assert 4600 < morning["glucose"] < 5300
    assert 35e-6 < morning["insulin"] < 65e-6
    assert 330 < morning["FFA"] < 650
    day = (times >= 96) & (times < 120)
    assert 60e-6 < np.mean(run["fuels__insulin"][0, day]) < 160e-6
    assert 5.0e3 < np.mean(run["fuels__glucose"][0, day]) < 5.9e3
    assert np.max(run["fuels__glucose"][0, day]) < 9e3


def test_a_kind_of_figure_is_said(world: World) -> None:
    assert {figure.use for figure in FIGURES} == {"calibrated", "independent"}
    assert {figure.id for figure in FIGURES} >= set(MISSED)
    assert len({figure.id for figure in FIGURES}) == len(FIGURES)
