"""A simulation that writes people as they are finished, and reports exactly what is kept if it is stopped."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nadflux.errors import NadfluxError, SimulationError
from nadflux.faces.cli._progress import progress, progress_below, tables_watched
from nadflux.faces.cli._say import say
from nadflux.faces.cli._signals import how_ended
from nadflux.faces.cli._stopped import NOTHING, StoppedError
from nadflux.interruptions import uninterrupted

if TYPE_CHECKING:
    from nadflux.simulation.run import Run
    from nadflux.simulation.settle import Settled
    from nadflux.simulation.storage import RunFile


@dataclass(frozen=True)
class Simulated:
    """Outcome of a simulation.

    Attributes
    ----------
    run : Run or None
        The people who were finished; None if there are none.
    interrupted : bool
        Whether a signal ended it.
    error : Exception or None
        Any other reason why it ended, to be raised once the results have been shown.
    """

    run: Run | None
    interrupted: bool = False
    error: Exception | None = None

    @property
    def partial(self) -> bool:
        """True unless everybody was finished and kept."""
        return self.interrupted or self.error is not None


def simulated(
    settled: Settled,
    threads: int | None,
    out: str | None,
    shown: Sequence[str],
    provisional: Callable[[Run, int], str] | None = None,
) -> Simulated:
    """Simulate, and write people to ``out`` as they are finished; whatever ends it, report where these are kept.

    Parameters
    ----------
    settled : Settled
    threads : int, optional
    out : str, optional
    shown : sequence of str
        Observables of the answer, for the note on effects that the model does not know.
    provisional : callable, optional
        Text to show of the people finished so far, from their run and how many are wanted; only on a terminal.

    Raises
    ------
    SimulationError
        If nobody could be simulated, or nothing can be written.
    StoppedError
        If the command is interrupted while results are being saved.
    """
    from nadflux.simulation import SimulationInterruptedError, SimulationStoppedError, simulate_settled
    from nadflux.simulation.not_known import told_of
    from nadflux.simulation.storage import RunFile

    wanted = settled.scenario.index.size
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(RunFile(out, wanted)) if out is not None else None
        with _watching(wanted, provisional) as (update, show):
            try:
                run = simulate_settled(settled, threads=threads, progress=update, keep=_keeping(file, show))
            except SimulationInterruptedError as stop:
                found = Simulated(stop.run, interrupted=True)
            except SimulationStoppedError as stop:
                found = Simulated(stop.run, error=stop if isinstance(stop.cause, OSError) else stop.cause)
            else:
                found = Simulated(run)
        if found.run is None:
            say(f"nadflux: {how_ended()} before the first people were finished; nothing is written")
            return found
        _refuse_nobody(found.run)
        try:
            with uninterrupted():
                try:
                    if not found.partial:
                        found = replace(found, run=told_of(found.run, settled, shown))
                finally:
                    found = _kept(found, file, wanted, out)
        except KeyboardInterrupt as stop:
            if not found.interrupted:
                raise StoppedError(NOTHING if out is None else "files named above are kept") from stop
    if found.partial and found.run is not None:
        found = replace(found, run=told_of(found.run, settled, shown))  # takes a while, so after their data are saved
    return found


@contextlib.contextmanager
def _watching(
    wanted: int, provisional: Callable[[Run, int], str] | None
) -> Iterator[tuple[Callable[[float], bool], Callable[[Run], None] | None]]:
    """Yield the progress of a simulation, and where somebody looks what shows the people who are finished."""
    if provisional is None or not tables_watched():
        with progress("simulating", wanted) as update:
            yield update, None
        return
    from nadflux.simulation.run import joined

    runs: list[Run] = []
    with progress_below("simulating", wanted) as (update, write):

        def show(run: Run) -> None:
            runs.append(run)
            whole = joined(runs)
            if len(whole.failures) < whole.persons < wanted:
                write(provisional(whole, wanted))

        yield update, show


def _keeping(file: RunFile | None, show: Callable[[Run], None] | None) -> Callable[[Run], None] | None:
    """Return what becomes of the next people who are finished: they are written first, then shown."""
    if file is None:
        return show

    def keep(run: Run) -> None:
        file.add(run)
        if show is not None:
            show(run)

    return keep


def _refuse_nobody(run: Run) -> None:
    """Raise SimulationError if all people failed."""
    if len(run.failures) == run.persons:
        reason = run.failures[0]
        raise SimulationError(
            f"no person could be simulated: at {reason.time:.4g} h, {reason.state}: {reason.reason}; "
            "check what was set by hand"
        )


def _kept(found: Simulated, file: RunFile | None, wanted: int, out: str | None) -> Simulated:
    """Close the file, report where it is, and return the outcome."""
    run = found.run
    assert run is not None
    if file is not None and not found.partial:
        try:
            file.finish(run)
        except OSError as error:
            found = Simulated(run, error=error)
        else:
            say(f"data: {out}")
            return found
    if found.partial:
        why = how_ended() if found.interrupted else "stopped"
        say(f"nadflux: {why} after {run.persons} of {wanted} people; {_where(file, run, why)}")
    return found


def _where(file: RunFile | None, run: Run, why: str) -> str:
    """Return in words where the data of a part are."""
    if file is None:
        return "only the table below is of them, give --out to keep their data"
    try:
        place = file.keep(run, why)
    except (OSError, NadfluxError) as error:
        return f"their data could not be kept ({error}), only the table below is of them"
    if place is None:
        return "their data could not be kept, only the table below is of them"
    few = "" if file.people == run.persons else f"; {file.people} of them are written"
    return f"their data are in {place}, a part, and the table below is of them{few}"
