"""Reports of what is kept when Ctrl-C stops a command."""

from __future__ import annotations

from pathlib import Path

NOTHING = "nothing is kept"


class StoppedError(KeyboardInterrupt):
    """Ctrl-C in a command that keeps some of its results; ``kept`` says what and where."""

    def __init__(self, kept: str) -> None:
        super().__init__(kept)
        self.kept = kept


def what_is_kept(stop: BaseException) -> str:
    """Return what is kept according to the command, found among the causes of ``stop``; by default nothing."""
    seen: BaseException | None = stop
    # Carries the exception that led to the one before.
    while seen is not None:
        if isinstance(seen, StoppedError):
            return seen.kept
        seen = seen.__cause__ or seen.__context__
    return NOTHING


def runs_in(folder: Path, remedy: str) -> StoppedError:
    """Return the error for runs kept in a folder, if any was finished; ``remedy`` says how to continue."""
    if not any(folder.glob("*.npy")):
        return StoppedError(NOTHING)
    return StoppedError(f"finished runs are kept in {folder}; {remedy}")
