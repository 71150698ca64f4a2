"""Signals wait until what must not be torn is written."""

from __future__ import annotations

import signal
import threading

import pytest

from nadflux.interruptions import uninterrupted


def test_control_c_waits_for_the_end_of_the_block() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted() as waiting:
        signal.raise_signal(signal.SIGINT)
        assert not waiting.urgent
        signal.raise_signal(signal.SIGINT)
        assert waiting.urgent
        done.append("all of it")
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_signal_that_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    former = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with uninterrupted() as waiting:
            signal.raise_signal(signal.SIGTERM)
        assert not waiting.signals
    finally:
        signal.signal(signal.SIGTERM, former)


def test_other_threads_hear_no_signals() -> None:
    done = []

    def work() -> None:
        with uninterrupted():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
