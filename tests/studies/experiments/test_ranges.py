"""The range check: it sees who leaves a limit, and people of the tables stay within theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from nadflux.errors import StudyError, UnknownNameError
from nadflux.simulation.limits import read_limits
from nadflux.studies.experiments import ranges
from nadflux.studies.experiments.ranges import Ranges, check_ranges, read_states

ALLOWED = 0.01


def _held(found: Ranges) -> None:
    for result in found.results:
        told = (result.state, result.organ, result.limit.quantity, result.lowest, result.highest, result.outside)
        assert result.outside <= ALLOWED * result.people, told


def test_every_state_has_limits_for_every_organ_and_for_plasma() -> None:
    found = check_ranges(["exercised"], people=4)
    organs = {result.organ for result in found.results}
    assert {"", "liver", "muscle", "heart", "brain", "kidney", "rest"} <= organs
    quantities = {result.limit.quantity for result in found.results}
    assert {"ATP", "energy_charge", "NAD_NADH_cytosol", "lysosome_pH", "plasma_glucose", "plasma_leucine"} <= quantities


def test_who_leaves_a_limit_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "ranges.csv"
    rows = (ranges.WHOLE / "ranges.csv").read_text().splitlines()
    file.write_text("\n".join([rows[0], "ATP,all,yes,0.999,1.001,1,assumed,recalled,"]) + "\n")
    limits = read_limits(file)
    monkeypatch.setattr(ranges, "read_limits", lambda: limits)
    found = check_ranges(["mitochondrial_block"], people=8)
    assert {result.organ for result in found.broken} >= {"liver", "kidney"}
    assert all(0 < result.outside <= result.people for result in found.broken)


def test_mistakes_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="fasted"):
        check_ranges(["fastd"], people=1)
    file = tmp_path / "ranges.csv"
    rows = (ranges.WHOLE / "ranges.csv").read_text().splitlines()
    file.write_text(rows[0] + "\nATP,all,yes,2,1,1,assumed,recalled,\n")
    with pytest.raises(StudyError, match="low below high"):
        read_limits(file)


# what is known to be left, and why


@pytest.mark.slow
@pytest.mark.parametrize("state", read_states()["states"])
def test_at_most_one_in_a_hundred_people_leaves_a_limit(state: str) -> None:
    found = check_ranges([state], people=256)
    assert len(found.failures[state]) <= ALLOWED * 256
    _held(found)
