"""The world of the whole body without its organs: places, fuels and work, lowered and compiled for tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nadflux.kernel import Batch, Engine, EventArrays, compile_program, integrate, lower
from nadflux.kernel.batch import ADD, SET
from nadflux.network.assemble import joined
from nadflux.network.evaluate import initial_values
from nadflux.network.expression import Symbol, symbols
from nadflux.network.infix import parse_infix
from nadflux.network.model import Model, Parameter
from nadflux.network.names import to_id, to_name
from nadflux.network.organs import Parts, add_organ, organ_modules
from nadflux.network.read_module import shared_units
from nadflux.network.tables import Observable, ParameterRow, read_observables, read_parameters
from nadflux.people.draws import draw
from nadflux.shipped import BIOLOGY

PLACES = {
    "person": ["world/person.ant"],
    "feeding": ["world/feeding.ant"],
    "stomach": ["world/meals.ant"],
    "fuels": [
        f"world/{name}.ant" for name in
        ("fuels", "glycogen", "fat", "amino", "protein_turnover", "alcohol", "energy_balance", "readings")
    ],
    "exercise": ["world/exercise.ant"],
    "sleep": ["world/sleep.ant"],
    "stress": ["world/stress.ant"],
}  # fmt: skip
INPUTS = (
    "feeding__constant", "exercise__intensity", "exercise__resistance", "sleep__asleep", "sleep__lacking",
    "stress__psychological", "stress__management", "person__filtering", "fuels__sensitivity", "fuels__secretory",
    "fuels__beta_cells", "fuels__adiposity", "fuels__output_set", "fuels__fat_counted",
)  # fmt: skip

# µmol: what a gram of glucose, of mixed protein and of fat holds, as feeding.ant counts them
GLUCOSE, FAT, ETHANOL, LEUCINE = 1e6 / 180.16, 3e6 / 860, 1e6 / 46.07, 1e6 / 131.17
RESIDUES = 1e6 / 110


@dataclass(frozen=True)
class World:
    """The assembled world, its rows and its machine code; outputs are all species, rules and reaction rates."""

    model: Model
    rows: tuple[ParameterRow, ...]
    observables: tuple[Observable, ...]
    engine: Engine

    def people(self, count: int = 1, seed: int = 1, **changes: float) -> np.ndarray:
        """People drawn from the tables; with one person the typical values, shape (person, parameter)."""
        program = self.engine.program
        values = np.tile(program.defaults, (count, 1))
        column = {name: k for k, name in enumerate(program.parameters)}
        if count > 1:
            drawn = draw(self.rows, count, seed)
            for k, key in enumerate(drawn.names):
                if to_id(key) in column:
                    values[:, column[to_id(key)]] = drawn.values[:, k]
            rng = np.random.default_rng(seed)
            female = rng.random(count) < 0.5
            values[:, column["person__female"]] = female
            values[:, column["person__age"]] = rng.uniform(20, 85, count)
            values[:, column["person__weight"]] = np.clip(rng.normal(75, 14, count), 45, 140)
            values[:, column["person__height"]] = rng.normal(177, 7, count) - 12 * female
        for name, value in changes.items():
            values[:, column[name]] = value
        return values

    def run(
        self,
        times: Sequence[float] | np.ndarray,
        people: np.ndarray | None = None,
        steps: Sequence[tuple[float, str, float]] = (),
        meals: Sequence[tuple[float, Mapping[str, float]]] = (),
        rtol: float = 1e-6,
    ) -> dict[str, np.ndarray]:
        """Outputs of shape (person, time) under steps (hour, input, value) and meals (hour, {stomach state: µmol})."""
        program = self.engine.program
        who = self.people() if people is None else people
        order = [(t, SET, program.inputs.index(name), value) for t, name, value in steps]
        order += [
            (t, ADD, program.states.index(f"stomach__{what}"), amount)
            for t, meal in meals
            for what, amount in meal.items()
        ]
        order.sort(key=lambda event: event[0])
        count, events = len(who), len(order)
        time, kind, target, value = (np.tile([event[k] for event in order], count) for k in range(4))
        arrays = EventArrays(
            offsets=np.arange(count + 1, dtype=np.int64) * events,
            time=time.astype(float),
            kind=kind.astype(np.int64),
            target=target.astype(np.int64),
            value=value.astype(float),
        )
        grid = np.asarray(times, dtype=float)
        solution = integrate(self.engine, Batch(who, 0.0, float(grid[-1]), grid, events=arrays), rtol=rtol)
        assert not solution.failures, solution.failures[:5]
        return {name: solution.outputs[:, :, k] for k, name in enumerate(program.outputs)}

    def start(self, people: np.ndarray | None = None) -> Mapping[str, np.ndarray]:
        """Every quantity at time zero, each of shape (person,)."""
        who = self.people() if people is None else people
        return initial_values(self.model, {n: who[:, k] for k, n in enumerate(self.engine.program.parameters)})


def assemble_world(ledgers: Mapping[str, str] | None = None) -> tuple[Model, tuple[ParameterRow, ...]]:
    """The world's places joined, with the numbers of their rows; ``ledgers`` add up formulas (umol/h) over time."""
    parts = Parts(frozenset(PLACES), units=shared_units())
    for place, modules in PLACES.items():
        spec = {"modules": modules}
        add_organ(parts, place, spec, organ_modules(BIOLOGY, place, spec), frozenset())
    # a module may use the rate of another's reaction by declaring its name
    parts.parameters = {name: p for name, p in parts.parameters.items() if name not in parts.reactions}
    for name, formula in (ledgers or {}).items():
        parts.parameters[name] = Parameter(name, value=0.0, unit="umol", constant=False)
        parts.rate_rules[name] = parse_infix(formula)
    model = joined(parts, "nadflux_world", "The world of the whole body")
    rows = (
        *read_parameters(BIOLOGY / "parameters").rows,
        *read_parameters(BIOLOGY / "whole" / "parameters").rows,
        *read_parameters(BIOLOGY / "whole" / "alone").rows,
    )
    by_id = {to_id(row.key): row for row in rows if row.species == "human" and row.organ in PLACES}
    general = {to_id(row.name): row for row in rows if row.species == "human" and row.organ == "all"}
    determined = {*model.initial_assignments, *model.assignment_rules}
    parameters, used = {}, []
    for identifier, parameter in model.parameters.items():
        varies = identifier in model.assignment_rules or identifier in model.rate_rules
        value = parameter.value
        place, name = identifier.split("__", 1)
        row = by_id.get(identifier) or general.get(name)
        if identifier in determined:
            value = None
        elif row is not None:
            assert row.unit == parameter.unit, (row.key, row.unit, parameter.unit)
            used.append(dataclasses.replace(row, organ=place))
            value = row.value
        else:
            assert value in (0.0, 1.0), f"no row for {to_name(identifier)}"
        parameters[identifier] = dataclasses.replace(parameter, value=value, constant=not varies)
    return dataclasses.replace(model, parameters=parameters), tuple(used)


def make_world(ledgers: Mapping[str, str] | None = None) -> World:
    """The world compiled; its ledgers are outputs too."""
    model, rows = assemble_world(ledgers)
    names = [*model.species, *model.assignment_rules, *model.rate_rules, *model.reactions]
    program = lower(model, {name: Symbol(name) for name in names}, INPUTS)
    file = BIOLOGY / "whole" / "observables.csv"
    shown = {*model.species, *model.parameters, *model.reactions}
    observables = tuple(o for o in read_observables(file) if symbols(parse_infix(o.formula)) <= shown)
    return World(model, rows, observables, compile_program(program))
