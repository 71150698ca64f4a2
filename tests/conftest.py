"""Fixtures shared by all tests."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of shared inputs beside the repository; the test skips where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip(f"needs the shared inputs in {folder.name}/ beside the repository, which are absent here")
    return folder


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Return 0 where one file is asked for: it would stay on one worker, whose start takes seconds."""
    files = {argument.split("::")[0] for argument in config.args}
    return 0 if len(files) == 1 and files.pop().endswith(".py") else None


@pytest.fixture(autouse=True, scope="session")
def _control_c() -> Iterator[None]:
    """Ctrl-C raises, although a shell that runs the tests in the background ignores it."""
    former = signal.getsignal(signal.SIGINT)
    if former is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.fixture(autouse=True, scope="session")
def _nothing_goes_on() -> Iterator[None]:
    """Changed bodies are compiled once, quickly: no process optimises them after the tests are over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nadflux.kernel.behind.start", lambda program: None)
        yield


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests print as into a pipe, whatever a test runner or another test says of the terminal."""
    monkeypatch.delenv("COLUMNS", raising=False)
