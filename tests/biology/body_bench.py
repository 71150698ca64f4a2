"""The shipped body, lowered and compiled, with people drawn from its tables: for tests of the biology."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from nadflux.kernel import Batch, Engine, EventArrays, compile_program, integrate, lower
from nadflux.kernel.batch import ADD, SET
from nadflux.kernel.program import Program
from nadflux.network.assemble import Body, assemble
from nadflux.network.capacities import resting_faults
from nadflux.network.infix import parse_infix
from nadflux.network.names import to_id
from nadflux.people.draws import draw

Mistaken = Callable[[str, str, str], Path]
"""From a file of the biology, what is right in it and what is wrong, to the folder of a copy with the mistake."""


@dataclass(frozen=True)
class Bench:
    """A body ready to run on people."""

    body: Body
    engine: Engine

    def typical(self, **changes: float) -> np.ndarray:
        """One person with typical values, shape (1, parameter)."""
        return self._changed(self.engine.program.defaults[None].copy(), changes)

    def people(self, count: int, seed: int = 1, **changes: float) -> np.ndarray:
        """People drawn from the tables, of both sexes and many ages and sizes, shape (person, parameter)."""
        program = self.engine.program
        values = np.tile(program.defaults, (count, 1))
        drawn = draw(self.body.table.rows, count, seed)
        for column, key in enumerate(drawn.names):
            for identifier in self.body.table.targets[key]:
                values[:, program.parameters.index(identifier)] = drawn.values[:, column]
        rng = np.random.default_rng(seed)
        female = rng.random(count) < 0.5
        described = {
            "person__female": female,
            "person__age": rng.uniform(20, 85, count),
            "person__weight": np.clip(rng.normal(75, 14, count), 45, 140),
            "person__height": rng.normal(177, 7, count) - 12 * female,
        }
        for name, column_values in described.items():
            values[:, program.parameters.index(name)] = column_values
        return self._changed(values, changes)

    def possible(self, count: int, seed: int = 1) -> np.ndarray:
        """As `people`, without the few (at most one in fifty, or two) whose numbers contradict each other."""
        people = self.people(count, seed)
        faulty = {person for person, _ in resting_faults(self.body.model, self.values(people))}
        assert len(faulty) <= max(2, count / 50), faulty
        return np.delete(people, sorted(faulty), axis=0)

    def values(self, people: np.ndarray) -> Mapping[str, np.ndarray]:
        """Every quantity at time zero, each of shape (person,)."""
        from nadflux.network.evaluate import initial_values

        names = self.engine.program.parameters
        return initial_values(self.body.model, {n: people[:, i] for i, n in enumerate(names)})

    def run(
        self, people: np.ndarray, doses: Sequence[tuple[float, str, float]], times: Sequence[float], rtol: float = 1e-6
    ) -> dict[str, np.ndarray]:
        """Outputs of shape (person, time) at ``times`` (h) under doses (hour, species, µmol) and steps of inputs."""
        program = self.engine.program
        order = sorted(doses)
        count = len(people)
        events = EventArrays(
            offsets=np.arange(count + 1) * len(order),
            time=np.tile([d[0] for d in order], count).astype(float),
            kind=np.tile([SET if to_id(d[1]) in program.inputs else ADD for d in order], count).astype(int),
            target=np.tile([_place(program, to_id(d[1])) for d in order], count).astype(int),
            value=np.tile([d[2] for d in order], count).astype(float),
        )
        batch = Batch(people, 0.0, float(max(times)), np.asarray(times, dtype=float), events=events)
        solution = integrate(self.engine, batch, rtol=rtol)
        assert not solution.failures, solution.failures
        return {name: solution.outputs[:, :, i] for i, name in enumerate(program.outputs)}

    def _changed(self, values: np.ndarray, changes: Mapping[str, float]) -> np.ndarray:
        for name, value in changes.items():
            values[:, self.engine.program.parameters.index(name)] = value
        return values


def _place(program: Program, name: str) -> int:
    """Where the target of a dose (a state) or of a step (an input) stands."""
    return program.inputs.index(name) if name in program.inputs else program.states.index(name)


def make_bench(switches: Mapping[str, str] | None = None, name: str = "nad") -> Bench:
    """A bench whose outputs are all observables, all species, and (of the NAD body) the rates of all reactions.

    Made once in a session for each body and choice of switches.
    """
    return _bench(name, tuple(sorted((switches or {}).items())))


@cache
def _bench(name: str, switches: tuple[tuple[str, str], ...]) -> Bench:
    body = assemble(body=name, switches=dict(switches))
    names = [*body.model.species, *(body.model.reactions if body.name == "nad" else ())]
    outputs = {n: parse_infix(n) for n in names} | {o.id: parse_infix(o.formula) for o in body.observables}
    return Bench(body, compile_program(lower(body.model, outputs, body.inputs)))


def daily(species: str, amount: float, days: int, per_day: int = 1) -> list[tuple[float, str, float]]:
    """``amount`` µmol a day in equal doses, from hour 0."""
    return [(24.0 * d + 24.0 / per_day * i, species, amount / per_day) for d in range(days) for i in range(per_day)]
