"""Rival structures compared: the same people and plan under each option of every contested link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nadflux.errors import UnknownNameError
from nadflux.network.body_spec import BASE, read_body_spec
from nadflux.notes import Note
from nadflux.people import Person
from nadflux.plans.dose_limits import flags_of
from nadflux.plans.plan import Plan
from nadflux.shipped import BIOLOGY
from nadflux.simulation.progress import Progress
from nadflux.simulation.select_posterior import PRIORS
from nadflux.simulation.simulate import simulate
from nadflux.simulation.summary import SummaryRow, summarise

OBSERVABLES = ("whole_blood_nad", "liver_nad", "muscle_nad", "urine_2py")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a contested question.

    Attributes
    ----------
    switch, option : str
        As ``--switch SWITCH=OPTION`` takes them.
    question, says, source : str
    default : bool
    """

    switch: str
    option: str
    question: str
    says: str
    source: str
    default: bool


@dataclass(frozen=True, slots=True)
class Rival:
    """The result of a body with one option other than the default; ``option`` is None for the default body."""

    option: Option | None
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class Rivals:
    """The default body and its rivals, with their common settings."""

    who: str
    plan: str
    rivals: tuple[Rival, ...]
    notes: tuple[Note, ...]
    flags: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """Number of people with a result, for the row that has most."""
        return max((row.persons for rival in self.rivals for row in rival.rows), default=0)


def options_of(biology: Path | None = None) -> tuple[Option, ...]:
    """Return every option of every contested link of the NAD+ body, defaults first.

    Raises
    ------
    ModelError
        If ``body.yaml`` cannot be read.
    """
    return tuple(
        Option(switch, name, spec["question"], option["says"], option["source"], number == 0)
        for switch, spec in read_body_spec(biology or BIOLOGY, BASE).switches.items()
        for number, (name, option) in enumerate(spec["options"].items())
    )


def compare_rivals(
    who: Person | str,
    plan: Plan | str | None,
    *,
    switches: Sequence[str] | None = None,
    observables: Sequence[str] = OBSERVABLES,
    days: float | None = None,
    n: int = 64,
    seed: int = 0,
    research: bool = False,
    supervised: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Rivals:
    """Simulate the default body and every body that differs from it in one option.

    All draw from the tables' priors with the same random numbers: a posterior belongs to one structure, and would
    favour the structure it was fitted with.

    Parameters
    ----------
    who : Person or str
    plan : Plan or str, optional
    switches : sequence of str, optional
        Links to compare, all by default.
    observables, days, n, seed, research, supervised, threads, progress
        As in `nadflux.simulation.simulate`.

    Raises
    ------
    UnknownNameError
        For a link that does not exist.
    """
    options = options_of()
    known = list(dict.fromkeys(option.switch for option in options))
    for name in switches or ():
        if name not in known:
            raise UnknownNameError("switch", name, known)
    others = [option for option in options if not option.default and (not switches or option.switch in switches)]
    asked = {
        "outputs": tuple(observables),
        "n": n,
        "seed": seed,
        "days": days,
        "threads": threads,
        "research": research,
        "supervised": supervised,
    }
    rivals: list[Rival] = []
    notes: dict[Note, None] = {}
    # Option by option; notes common to several runs are collected once.
    for done, option in enumerate([None, *others]):
        chosen = {option.switch: option.option} if option is not None else {}
        run = simulate(who, plan, switches=chosen, posterior=PRIORS, **asked)  # type: ignore[arg-type]
        rivals.append(Rival(option, tuple(summarise(run, observables))))
        notes |= dict.fromkeys(run.notes)
        if progress is not None:
            progress((done + 1) / (len(others) + 1))
    return Rivals(run.record["who"], run.record["plan"], tuple(rivals), tuple(notes), flags_of(notes))
