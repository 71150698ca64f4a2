"""Progress is a bar where somebody looks, else a line now and then, and nothing of a short run."""

from __future__ import annotations

import pytest

from nadflux.faces.cli import _progress as module
from nadflux.faces.cli._results import deliver
from nadflux.faces.cli._say import say


class Clock:
    """Seconds that pass when the test says so."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "_watched", lambda: False)
    monkeypatch.setattr(module.Lines.__init__, "__defaults__", (clock,))
    return clock


def test_a_line_now_and_then_and_ever_fewer(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    with module.progress("simulating", 1000) as update:
        for second in range(1, 1001):
            clock.now = 100.0 + second
            assert update(second / 1000)
            lines = capsys.readouterr().err.splitlines()
            told += [(second, line) for line in lines]
    assert [second for second, _ in told] == [10, 30, 70, 150, 310, 610, 910]
    assert told[0][1] == "nadflux: simulating: 10 of 1000 people (1%) done, about 16 min left"
    assert told[-1][1] == "nadflux: simulating: 910 of 1000 people (91%) done, about 90 s left"


def test_nothing_of_a_short_run(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with module.progress("simulating", 64) as update:
        clock.now += 9.9
        update(0.99)
        clock.now += 9.9
        update(1.0)
    assert not capsys.readouterr().err


def test_stages_say_what_they_count(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with module.stages("members") as update:
        clock.now += 11
        update("prior", 64, 200)
    assert capsys.readouterr().err == "nadflux: prior: 64 of 200 members\n"


def test_a_step_that_fails_does_not_take_the_others_with_it() -> None:
    taken = []

    def fail() -> None:
        taken.append("fails")
        raise OSError("first")

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(OSError, match="first"):
        deliver(fail, None, stop, lambda: taken.append("printed"))
    assert taken == ["fails", "printed"]


def test_words_for_a_terminal_that_is_gone_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

        def flush(self) -> None:
            pass

    monkeypatch.setattr("sys.stderr", Gone())
    say("nobody hears")
    monkeypatch.setattr("sys.stderr", None)
    say("nobody hears")
