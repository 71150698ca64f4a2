"""A model from anywhere: SBML, Antimony or a COMBINE archive, with the questions that can be put to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nadflux.network.model import Model as Network

if TYPE_CHECKING:
    import pandas as pd

    from nadflux.models.fitted import ModelFit
    from nadflux.sbml.control import Control
    from nadflux.sbml.scan import Scan
    from nadflux.sbml.sensitivity import TimeSensitivity
    from nadflux.sbml.steady_state import SteadyState
    from nadflux.sbml.table import NamedTable
    from nadflux.sbml.time_course import TimeCourse

Times = Sequence[float] | np.ndarray


@dataclass(frozen=True, repr=False)
class Model:
    """A model that can be changed, simulated, analysed and fitted.

    A model does not change: `set` and `doses` return a changed copy, ``model = model.set(k=2)``.

    Attributes
    ----------
    network : nadflux.network.model.Model
        Species, reactions, rules and events as data.
    hidden : frozenset of str
        Counters of doses that results leave out.

    Examples
    --------
    >>> import nadflux as nf
    >>> model = nf.Model.load("S -> P; k*S; S = 8; P = 0; k = 0.5;")
    >>> float(model.set(k=1.0).simulate([0, 1, 2])["S"][1])  # doctest: +ELLIPSIS
    2.943...
    """

    network: Network
    hidden: frozenset[str] = field(default=frozenset())

    @classmethod
    def load(cls, source: str | os.PathLike[str]) -> Model:
        """Read a model from a file (.xml, .ant, .omex, also .gz), or from SBML or Antimony text.

        Raises
        ------
        ModelError
            For a missing file, with the nearest names; and for what cannot be read.
        UnsupportedModelError
            With a list of what is not simulated and where it stands.
        """
        from nadflux.models.load import load_model

        return cls(load_model(source))

    @property
    def name(self) -> str:
        """Name of the model, or its id."""
        return self.network.name or self.network.id

    def __repr__(self) -> str:
        parts = (
            (len(self.network.species), "species"),
            (len(self.network.reactions), "reactions"),
            (len(self.network.parameters), "parameters"),
            (len(self.network.events), "events"),
        )
        return f"<Model {self.name!r}: {', '.join(f'{count} {what}' for count, what in parts)}>"

    def quantities(self) -> pd.DataFrame:
        """Return a table of all numbers and variables: kind, value in the text, unit and name."""
        from nadflux.models.quantities import quantities

        return quantities(self.network)

    def sbml(self) -> str:
        """Return the model as SBML Level 3 Version 2."""
        from nadflux.network.write_sbml import write_sbml

        return write_sbml(self.network)

    def antimony(self) -> str:
        """Return the model as Antimony."""
        from nadflux.network.write_antimony import write_antimony

        return write_antimony(self.network)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the model as what the name ends in: .xml, .ant or .omex.

        Raises
        ------
        NadfluxError
            For another ending, or a file that cannot be written.
        """
        from nadflux.models.quantities import save_model

        return save_model(self.network, Path(path))

    def set(self, numbers: Mapping[str, float | str] | None = None, /, **more: float | str) -> Model:
        """Return the model with numbers changed: ``model.set(k=2, S="3 uM")``, ``model.set({"[S]": 3, "J1.Km": 0.5})``.

        Parameters
        ----------
        numbers, more : mapping of str to float or str
            Parameters, sizes of compartments and starts of species by id; ``[S]`` is a concentration, ``amount(S)`` an
            amount, ``J.k`` a number of one reaction's law. A bare number is in the unit of the model.

        Raises
        ------
        UnknownNameError
            For a name that the model does not have, with the nearest names.
        ModelError
            For a name that a rule determines.
        ValueOutOfRangeError, UnitError
            For a value that is not finite or whose unit does not fit.
        """
        from nadflux.sbml.numbers import with_numbers

        return replace(self, network=with_numbers(self.network, {**(numbers or {}), **more}))

    def simulate(
        self,
        times: Times | float,
        *,
        select: Sequence[str] | None = None,
        rtol: float = 1e-6,
        seed: int = 0,
        progress: Callable[[float], object] | None = None,
    ) -> TimeCourse:
        """Return the values of quantities over time.

        Parameters
        ----------
        times : sequence of float, shape (time,), or float
            In the time unit of the model; the first is the start. One number: 101 times from 0 to it.
        select : sequence of str, optional
            ``S`` (what the id means in formulas), ``[S]``, ``amount(S)``, reactions; all that changes by default.
        rtol : float
            Relative tolerance.
        seed : int
            Seed for the order of simultaneous events, where it matters.
        progress : callable, optional
            Called with the fraction done.

        Raises
        ------
        UnknownNameError, ValueOutOfRangeError
            For an unknown name, or times that do not increase.
        SimulationError
            If the integration cannot go on; the message names state and time.
        """
        from nadflux.sbml.simulate import run_model

        names = self._shown() if select is None else select
        return run_model(self.network, _grid(times), select=names, rtol=rtol, seed=seed, progress=progress)

    def scan(
        self,
        over: Mapping[str, Sequence[float]],
        times: Times | float | None = None,
        *,
        select: Sequence[str] | None = None,
        rtol: float = 1e-6,
        progress: Callable[[float], object] | None = None,
    ) -> Scan:
        """Return quantities at every combination of values: over time, or at steady state without ``times``.

        Parameters
        ----------
        over : mapping of str to sequence of float
            Values of each number, in the units of the model.
        times : sequence of float, shape (time,), or float, optional
            In the time unit of the model.
        select : sequence of str, optional
            As for `simulate`.
        rtol : float
        progress : callable, optional
            Called with the fraction done.

        Raises
        ------
        UnknownNameError, ValueOutOfRangeError
            For an unknown name, or nothing to scan over.
        """
        from nadflux.sbml.scan import scan

        names = self._shown() if select is None else select
        grid = None if times is None else _grid(times)
        return scan(self.network, over, grid, select=names, rtol=rtol, progress=progress)

    def doses(
        self,
        species: str,
        sentence: str,
        *,
        molar_mass: float | None = None,
        time_unit: str | None = None,
    ) -> Model:
        """Return the model with doses onto a species: ``model.doses("drug", "100 mg every 12 h for 3 days")``.

        Parameters
        ----------
        species : str
            Id of a species, or of a variable that a rate rule moves.
        sentence : str
            A dose and its timing as in a plan; ``over 2 h`` infuses. A dose without unit is in the unit of the model.
        molar_mass : float, optional
            g/mol, for a dose by mass onto a model in moles.
        time_unit : str, optional
            Unit of time of a model that declares none.

        Raises
        ------
        PlanError
            For a sentence that is not understood; the message points at the word.
        UnknownNameError, ModelError, UnitError
            For a species that does not exist or that a rule determines, and units that do not fit.
        """
        from nadflux.sbml.dosing import with_doses

        dosed = with_doses(self.network, species, sentence, molar_mass=molar_mass, time_unit=time_unit)
        new = dosed.parameters.keys() - self.network.parameters.keys()
        return replace(self, network=dosed, hidden=self.hidden | new)

    def steady_state(self) -> SteadyState:
        """Return the stable steady state that the model reaches from its start.

        Raises
        ------
        SimulationError
            Where none is reached; the message names what still changes.
        ModelError
            Where a rate depends on time itself.
        """
        from nadflux.sbml.steady_state import steady_state

        return steady_state(self.network)

    def jacobian(self, at: str | float = "start") -> NamedTable:
        """Return the exact Jacobian at ``"start"``, at ``"steady state"`` or at a time.

        Raises
        ------
        UnknownNameError, ValueOutOfRangeError
            For another place.
        SimulationError
            Where no steady state is reached.
        """
        from nadflux.sbml.jacobian import jacobian

        return jacobian(self.network, at)

    def stoichiometry(self) -> NamedTable:
        """Return the stoichiometric matrix: species by reaction.

        Raises
        ------
        UnsupportedModelError
            For a stoichiometry that is not a number.
        """
        from nadflux.sbml.stoichiometry import stoichiometry

        return stoichiometry(self.network)

    def moieties(self) -> NamedTable:
        """Return the conserved sums of amounts, with their totals at the start."""
        from nadflux.sbml.stoichiometry import moieties

        return moieties(self.network)

    def control_coefficients(self) -> Control:
        """Return the scaled control coefficients of fluxes and concentrations, and elasticities, at steady state.

        Raises
        ------
        ModelError
            For states that a rate rule moves.
        SimulationError
            Where no steady state is reached.
        """
        from nadflux.sbml.control import control_coefficients

        return control_coefficients(self.network)

    def sensitivity(
        self,
        by: Sequence[str] | None = None,
        times: Times | float | None = None,
        *,
        select: Sequence[str] | None = None,
        scaled: bool = True,
        progress: Callable[[float], object] | None = None,
    ) -> NamedTable | TimeSensitivity:
        """Return how quantities change with numbers of the model: at steady state, or over time.

        Parameters
        ----------
        by : sequence of str, optional
            Numbers of the model; by default all parameters that are not zero.
        times : sequence of float, shape (time,), or float, optional
            In the time unit of the model. Without it: exact response coefficients at steady state.
        select : sequence of str, optional
            As for `simulate`; over time only.
        scaled : bool
            Whether to give relative change for relative change; over time only.
        progress : callable, optional
            Called with the fraction done.

        Raises
        ------
        UnknownNameError, ModelError, ValueOutOfRangeError
            For an unknown number, one that a formula gives, or that is zero.
        SimulationError
            Where no steady state is reached, or the integration cannot go on.
        """
        from nadflux.sbml.control import response_coefficients
        from nadflux.sbml.sensitivity import default_numbers, time_sensitivity

        numbers = tuple(by) if by is not None else default_numbers(self.network)
        numbers = numbers if by is not None else tuple(n for n in numbers if n not in self.hidden)
        if times is None:
            return response_coefficients(self.network, numbers)
        names = self._shown() if select is None else select
        return time_sensitivity(self.network, _grid(times), numbers, select=names, scaled=scaled, progress=progress)

    def fit(
        self,
        data: pd.DataFrame,
        ranges: Mapping[str, tuple[float, float]],
        *,
        error: float | Mapping[str, float] = 0.1,
        members: int = 200,
        seed: int = 0,
        progress: Callable[[str, int, int], object] | None = None,
    ) -> ModelFit:
        """Return samples of the posterior of some numbers given data.

        Parameters
        ----------
        data : DataFrame
            A column ``time`` in the time unit of the model, and a column for each measured quantity (named as for
            `simulate`), with NaN where nothing was measured.
        ranges : mapping of str to (float, float)
            Numbers to fit, each with the range that holds 90 % of its lognormal prior.
        error : float or mapping of str to float
            Relative standard deviation of the data, or of each quantity.
        members : int
            Size of the ensemble.
        seed : int
        progress : callable, optional
            ``progress(stage, done, of)``.

        Raises
        ------
        UnknownNameError, ValueOutOfRangeError
            For unknown names, and data or ranges that are not above zero.
        SimulationError
            If most members cannot be simulated.
        """
        from nadflux.models.fitted import fit_model

        return fit_model(self.network, data, ranges, error=error, members=members, seed=seed, progress=progress)

    def write_petab(
        self,
        folder: str | os.PathLike[str],
        data: pd.DataFrame,
        ranges: Mapping[str, tuple[float, float]],
        *,
        error: float | Mapping[str, float] = 0.1,
    ) -> Path:
        """Write the problem of `fit` as PEtab 1 into a folder, for other tools, and return its YAML file.

        Parameters
        ----------
        folder : str or path
        data, ranges, error
            As for `fit`; numbers must be parameters, quantities ids.

        Raises
        ------
        UnknownNameError, ValueOutOfRangeError
            For names that the model does not have, and data or ranges that are not above zero.
        NadfluxError
            For a quantity that PEtab cannot name, and a folder that cannot be written.
        """
        from nadflux.models.write_petab import write_petab

        return write_petab(self.network, Path(folder), data, ranges, error)

    def _shown(self) -> tuple[str, ...]:
        from nadflux.sbml.simulate import default_selection

        return tuple(name for name in default_selection(self.network) if name not in self.hidden)


def _grid(times: Times | float) -> np.ndarray:
    """Return times, shape (time,), in the time unit of the model: 101 from 0 where one number is given."""
    grid = np.asarray(times, dtype=np.float64)
    return np.linspace(0.0, float(grid), 101) if grid.ndim == 0 else grid
