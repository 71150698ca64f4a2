"""The LC3 flux assay on the model: blots with and without block, their reading, and the true flux."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from nadflux.counts import MORE_DRAWS, MOST_DRAWS, check_count
from nadflux.elementary import exp, log1p
from nadflux.errors import ValueOutOfRangeError
from nadflux.kinds import Change, Flux, flux_change
from nadflux.simulation.evidence_tier import tiers_of
from nadflux.simulation.experiments.cell_experiment import prepare_cell, simulate_cell
from nadflux.simulation.experiments.experiment import CellRun, CellStep
from nadflux.simulation.summary import middle_and_bounds
from nadflux.simulation.views import Drawn
from nadflux.studies.experiments.assay_design import Block, Condition, Design, assay_text
from nadflux.studies.experiments.cell_reading import read

MOST_REPLICATES = 10_000

INDETERMINATE, INCONCLUSIVE = "indeterminate", "inconclusive"
BOUND, P62 = "ΔLC3-II is a lower bound", "p62 is inconclusive"
_Z95 = 1.96


@dataclass(frozen=True, slots=True)
class Blot:
    """A level in replicates, as from densitometry (µM before noise).

    Attributes
    ----------
    true : float
        The level in the model, without noise.
    replicates : tuple of float
    """

    true: float
    replicates: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean of the replicates."""
        return float(np.mean(self.replicates))

    @property
    def error(self) -> float:
        """Standard error of that mean."""
        return float(np.std(self.replicates, ddof=1) / np.sqrt(len(self.replicates)))


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition of an assay.

    Attributes
    ----------
    lc3, lc3_blocked, p62, p62_blocked : Blot or None
        Levels without and with block; None where there is no block.
    difference : float or None
        ΔLC3-II, µM.
    rate : float or None
        ΔLC3-II per hour of block, µM/h: a read-out of J, and a lower bound unless the block is short and saturating.
    tau : float or None
        LC3-II without block over that rate, h.
    achieved_block : float or None
        Share of LC3-II clearance removed by the block, mean over its time.
    without, with_block : Change or None
        LC3-II against the first condition.
    means, assay_flux : str
        Reading of the pair by the interpretation table, and its conclusion on flux.
    p62_flux : str
        Conclusion on flux of p62, the second assay: its accumulation under the block against the first condition;
        ``inconclusive`` if its synthesis changes.
    true_flux : Flux
        J_deg without block at the end.
    true_change : Change
    initiation : Flux
        J_init without block at the end.
    warnings : tuple of str
    rules : tuple of str
        Names of the rules that limit the conclusion from this condition.
    true_draws : tuple of float
        J_deg in draws of the tables' uncertain numbers, %/h; the same draws in every condition, NaN for failed ones.
    """

    condition: Condition
    lc3: Blot
    p62: Blot
    lc3_blocked: Blot | None
    p62_blocked: Blot | None
    difference: float | None
    rate: float | None
    tau: float | None
    achieved_block: float | None
    without: Change | None
    with_block: Change | None
    means: str
    assay_flux: str
    p62_flux: str
    true_flux: Flux
    true_change: Change
    initiation: Flux
    warnings: tuple[str, ...]
    rules: tuple[str, ...]
    true_draws: tuple[float, ...] = ()

    @property
    def rate_error(self) -> float | None:
        """Standard error of ``rate`` by the replicates, µM/h."""
        if self.rate is None or self.lc3_blocked is None or self.difference is None or self.difference == 0:
            return None
        return abs(self.rate / self.difference) * float(np.hypot(self.lc3.error, self.lc3_blocked.error))

    @property
    def true_interval(self) -> tuple[float, float] | None:
        """Bounds of the central 90 % of ``true_draws``, %/h; None without draws."""
        known = np.array([value for value in self.true_draws if np.isfinite(value)])
        return middle_and_bounds(known)[1:] if known.size else None

    @property
    def verdict(self) -> str:
        """Conclusion on flux: that of LC3-II, marked as supported by p62, unsupported, or in dispute."""
        if self.assay_flux == INDETERMINATE or self.without is None:
            return self.means
        said = self.assay_flux if self.assay_flux != Change.EQUAL.value else self.means
        if self.p62_flux == self.assay_flux:
            return f"{said}, by two assays"
        if self.p62_flux == INCONCLUSIVE:
            return f"{said}, by LC3-II alone"
        return f"LC3-II {self.assay_flux}, p62 {self.p62_flux}: in dispute"

    @property
    def misleads(self) -> bool:
        """True if the assay's conclusion on flux is false."""
        return self.assay_flux != INDETERMINATE and self.assay_flux != self.true_change.value


@dataclass(frozen=True, slots=True, repr=False)
class AssayResult(Drawn):
    """An assay with its conditions, and the rules that apply to it, by name and in words."""

    shown_as: ClassVar[str] = "assay"

    design: Design
    conditions: tuple[ConditionResult, ...]
    rules: tuple[tuple[str, str], ...]
    replicates: int
    cv: float
    seed: int
    tier: str = ""
    """Tier of fluxes and levels: that of the weakest number behind J_deg."""


def run_assay(
    design: Design, *, replicates: int | None = None, cv: float | None = None, seed: int = 0, draws: int = 0
) -> AssayResult:
    """Simulate the blots of a design and read them by the interpretation table.

    Parameters
    ----------
    design : Design
    replicates : int, optional
        Blots per condition; the number in ``assay.yaml`` by default.
    cv : float, optional
        Coefficient of variation of a blot; 0 for an assay without noise.
    seed : int
    draws : int
        Draws of the tables' uncertain numbers for the interval of the true flux.

    Raises
    ------
    ValueOutOfRangeError
        For fewer than two replicates, more replicates or draws than are sensible, or a negative or absurd cv.
    """
    noise = assay_text()["noise"]
    replicates = noise["replicates"] if replicates is None else replicates
    cv = float(noise["cv"] if cv is None else cv)
    if replicates < 2:
        raise ValueOutOfRangeError(f"{replicates} replicates give no spread; use at least 2")
    replicates = check_count("replicates", replicates, MOST_REPLICATES, remedy="noise 0 shows the means themselves")
    check_count("draws", draws, MOST_DRAWS, least=0, remedy=MORE_DRAWS)
    if not 0 <= cv <= 1:
        raise ValueOutOfRangeError(f"a coefficient of variation of {cv:g} is no assay noise; give 0 to 1")
    streams = np.random.SeedSequence(seed).spawn(len(design.conditions))
    runs = [_runs(design, condition) for condition in design.conditions]
    blots = [_blots(pair, replicates, cv, stream) for pair, stream in zip(runs, streams, strict=True)]
    results = [_result(design, k, runs, blots) for k in range(len(design.conditions))]
    if draws:
        results = [replace(one, true_draws=_drawn(design, one.condition, draws, seed)) for one in results]
    tier = tiers_of(prepare_cell(design.cell, design.species).body)["J_deg"]
    return AssayResult(design, tuple(results), _rules(design, results), replicates, cv, seed, tier)


Pair = tuple[CellRun, CellRun | None]
Blots = tuple[Blot, Blot, Blot | None, Blot | None]


def _runs(design: Design, condition: Condition) -> Pair:
    """Simulate the condition without and with block, both ending at the lysis."""
    hours, steps = _course(design, condition)
    times = np.unique(np.append(np.linspace(0.0, hours, 201), _from(hours, design.block)))
    without = simulate_cell(design.cell, species=design.species, steps=steps, times=times)
    if design.block is None:
        return without, None
    added = [CellStep(hours - design.block.hours, name, value) for name, value in design.block.drugs]
    return without, simulate_cell(design.cell, species=design.species, steps=[*steps, *added], times=times)


def _course(design: Design, condition: Condition) -> tuple[float, list[CellStep]]:
    """Return the hours until the lysis, and the steps of the condition without block."""
    hours = max(condition.hours, design.block.hours if design.block else 0.0, 0.5)
    return hours, [CellStep(hours - condition.hours, name, value) for name, value in condition.settings]


def _drawn(design: Design, condition: Condition, draws: int, seed: int) -> tuple[float, ...]:
    """Return J_deg (%/h) at the lysis without block in draws of the tables."""
    hours, steps = _course(design, condition)
    run = simulate_cell(
        design.cell, species=design.species, steps=steps, times=[0.0, hours], n=draws, seed=seed, uncertain=True
    )
    return tuple(float(value) for value in run["J_deg"][:, -1])


def _from(hours: float, block: Block | None) -> float:
    return hours - block.hours if block else 0.0


def _blots(pair: Pair, replicates: int, cv: float, stream: np.random.SeedSequence) -> Blots:
    generator = np.random.default_rng(stream)
    spread = np.sqrt(log1p(cv * cv))

    def blot(run: CellRun | None, name: str) -> Blot | None:
        factors = exp(spread * generator.standard_normal(replicates) - spread * spread / 2.0)
        if run is None:
            return None
        true = float(run[name][0, -1])
        return Blot(true, tuple(float(true * f) for f in factors))

    without, blocked = pair
    lc3, p62 = blot(without, "LC3_II"), blot(without, "p62")
    assert lc3 is not None
    assert p62 is not None
    return lc3, p62, blot(blocked, "LC3_II"), blot(blocked, "p62")


def _result(design: Design, k: int, runs: Sequence[Pair], blots: Sequence[Blots]) -> ConditionResult:
    condition, (run, blocked) = design.conditions[k], runs[k]
    end = float(run.times[-1])
    lc3, p62, lc3_blocked, p62_blocked = blots[k]
    true_flux, reference = read(run, "J_deg", end), read(runs[0][0], "J_deg", float(runs[0][0].times[-1]))
    initiation = read(run, "J_init", end)
    assert isinstance(true_flux, Flux)
    assert isinstance(initiation, Flux)
    difference = rate = tau = achieved = None
    without = with_block = None
    means = flux = INDETERMINATE
    if design.block is not None and blocked is not None and lc3_blocked is not None:
        difference = lc3_blocked.mean - lc3.mean
        rate = difference / design.block.hours
        tau = lc3.mean / rate if rate > 0 else None
        achieved = _achieved(run, blocked, _from(end, design.block))
        if k == 0:
            means, flux = "reference", Change.EQUAL.value
        else:
            reference_lc3, reference_blocked = blots[0][0], blots[0][2]
            assert reference_blocked is not None
            without = _level_change(lc3, reference_lc3)
            with_block = _level_change(lc3_blocked, reference_blocked)
            means, flux = _interpret(without, with_block)
    warnings = _warnings(design, run, runs[0][0], blocked, achieved)
    p62_flux = _second(k, blots, warnings)
    return ConditionResult(
        condition=condition,
        lc3=lc3,
        p62=p62,
        lc3_blocked=lc3_blocked,
        p62_blocked=p62_blocked,
        difference=difference,
        rate=rate,
        tau=tau,
        achieved_block=achieved,
        without=without,
        with_block=with_block,
        means=means,
        assay_flux=flux,
        p62_flux=p62_flux,
        true_flux=true_flux,
        true_change=flux_change(true_flux, reference),
        initiation=initiation,
        warnings=warnings,
        rules=_limits(k, warnings, without, flux, p62_flux, paired=difference is not None),
    )


def _second(k: int, blots: Sequence[Blots], warnings: Sequence[str]) -> str:
    """Return the conclusion from p62: its rise under the block against the first condition, beyond band and noise."""
    differences: list[float] = []
    errors: list[float] = []
    for _, p62, _, blocked in (blots[k], blots[0]):
        if blocked is None:
            return INDETERMINATE
        differences.append(blocked.mean - p62.mean)
        errors.append(float(np.hypot(p62.error, blocked.error)))
    if k == 0:
        return Change.EQUAL.value
    if any(P62 in warning for warning in warnings):
        return INCONCLUSIVE
    more = differences[0] - differences[1]
    if abs(more) <= max(
        float(assay_text()["noise"]["band"]) * abs(differences[1]), _Z95 * float(np.hypot(errors[0], errors[1]))
    ):
        return Change.EQUAL.value
    return (Change.UP if more > 0 else Change.DOWN).value


def _limits(
    k: int, warnings: Sequence[str], without: Change | None, flux: str, p62_flux: str, *, paired: bool
) -> tuple[str, ...]:
    """Return the names of the rules that limit the conclusion from one condition."""
    if not paired:
        return ("pair", "biopsy")
    named = [name for name, words in (("saturating", BOUND), ("p62", P62)) if any(words in w for w in warnings)]
    if without is Change.UP and flux != Change.UP.value:
        named.append("count")
    if k and p62_flux != flux:
        named.append("second")
    return tuple(named)


def _level_change(level: Blot, reference: Blot) -> Change:
    """Return up or down if the replicates differ by more than the band and their noise, else equal."""
    band = float(assay_text()["noise"]["band"])
    a, b = np.log(level.replicates), np.log(reference.replicates)
    difference = float(a.mean() - b.mean())
    error = float(np.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size))
    if abs(difference) <= max(np.log1p(band), _Z95 * error):
        return Change.EQUAL
    return Change.UP if difference > 0 else Change.DOWN


def _interpret(without: Change, with_block: Change) -> tuple[str, str]:
    for row in assay_text()["table"]:
        if row["without"] == without.value and row["with"] == with_block.value:
            return str(row["means"]), str(row["flux"])
    return f"{without.value}/{with_block.value}: not in the table", INDETERMINATE


def _achieved(run: CellRun, blocked: CellRun, start: float) -> float:
    chosen = run.times >= start
    ratio = blocked["LC3_clearance"][0, chosen] / run["LC3_clearance"][0, chosen]
    return float(1.0 - np.trapezoid(ratio, run.times[chosen]) / (run.times[-1] - start))


def _warnings(
    design: Design, run: CellRun, reference: CellRun, blocked: CellRun | None, achieved: float | None
) -> tuple[str, ...]:
    text = assay_text()
    found: list[str] = []
    if blocked is not None and achieved is not None and design.block is not None:
        if achieved < text["saturating"]:
            found.append(f"block not saturating ({achieved:.0%}): {BOUND} (rule saturating)")
        if design.block.hours > text["short"]:
            found.append(f"block of {design.block.hours:g} h is long: {BOUND} (rule saturating)")
        own = float(blocked["J_init"][0, -1] / run["J_init"][0, -1] - 1.0)
        if abs(own) > text["side_effect"]:
            found.append(f"the inhibitor itself changes initiation by {own:+.0%} by the end")
    synthesis = float(run["p62_synthesis"][0, -1] / reference["p62_synthesis"][0, -1] - 1.0)
    if abs(synthesis) > text["side_effect"]:
        found.append(f"p62 synthesis differs by {synthesis:+.0%}: {P62} (rule p62)")
    return tuple(found)


def _rules(design: Design, results: Sequence[ConditionResult]) -> tuple[tuple[str, str], ...]:
    """Return the rules that apply to this design, in the order of the table."""
    rules = assay_text()["rules"]
    named = {"loading", "count"}
    if design.block is None:
        named |= {"pair", "biopsy"}
    else:
        named |= {"second", "achieved"}
    named.update(name for result in results for name in result.rules)
    if any(P62 in w for r in results for w in r.warnings):
        named.add("p62")
    return tuple((name, str(rule)) for name, rule in rules.items() if name in named)
