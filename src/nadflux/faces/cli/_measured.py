"""A person who has been measured, for `nadflux simulate --measured`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nadflux.errors import ValueOutOfRangeError
from nadflux.faces.cli._progress import progress
from nadflux.faces.cli._say import say
from nadflux.faces.cli._simulated import Simulated

if TYPE_CHECKING:
    from nadflux.faces.cli._question import Case


def simulated_measured(
    case: Case, measured: Sequence[str], draws: int | None, threads: int | None, out: str | None
) -> Simulated:
    """Draw people, weight them by what was measured, simulate those chosen, and write them to ``out``.

    Raises
    ------
    NadfluxError
        For values that cannot be read, and where too few people agree with them.
    """
    from nadflux.inference.measured import read_measured
    from nadflux.inference.measured.simulate import simulate_settled_measured
    from nadflux.simulation.not_known import told_of

    values = read_measured(measured)
    with progress("simulating", case.settled.scenario.index.size) as update:
        run = simulate_settled_measured(case.settled, values, draws=draws, threads=threads, progress=update)
    run = told_of(run, case.settled, case.shown)
    if out is not None:
        run.save(out)
        say(f"data: {out}")
    return Simulated(run)


def refuse_beside_measured(*, draws: int | None, measured: Sequence[str] | None, **others: bool) -> None:
    """Raise ValueOutOfRangeError for options that do not go with measured values, and for --draws without them."""
    if draws is not None and not measured:
        raise ValueOutOfRangeError("--draws is the number of people drawn with --measured; give that, or -n")
    for name, given in others.items():
        if measured and given:
            raise ValueOutOfRangeError(f"--{name} does not go with --measured; leave one of them out")
