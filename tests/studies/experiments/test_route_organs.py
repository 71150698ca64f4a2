"""Organs of compared routes: shares by form, and which organs are worth a column."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nadflux.errors import UnknownNameError
from nadflux.studies.experiments.route_organs import SHOWN, built_share, known_organs, organs_shown

ORGANS = ("liver", "gut_wall", "kidney", "muscle", "heart", "brain", "skin")
FORMS = ("NR", "NAM")


def reach(scale: float) -> Any:
    """Two people; organ k builds in (k + 1) · scale as NR and a tenth of it as NAM by the end, nothing before."""
    built = np.zeros((2, 2, len(ORGANS), len(FORMS)))
    built[:, -1, :, 0] = scale * (1 + np.arange(len(ORGANS)))
    built[:, -1, :, 1] = 0.1 * built[:, -1, :, 0]
    return SimpleNamespace(organs=ORGANS, forms=FORMS, built=built)


def comparison() -> Any:
    routes = [SimpleNamespace(reach=reach(0.01)), SimpleNamespace(reach=None), SimpleNamespace(reach=reach(0.02))]
    return SimpleNamespace(routes=routes)


def test_shares_are_those_by_the_end_of_the_forms_asked_for() -> None:
    assert built_share(reach(0.1), "kidney", ("NR",)) == pytest.approx([0.3, 0.3])
    assert built_share(reach(0.1), "kidney") == pytest.approx([0.33, 0.33])
    assert built_share(reach(0.1), "kidney", ()) == pytest.approx([0.0, 0.0])


def test_without_a_wish_the_organs_that_build_in_most_are_shown_in_their_order() -> None:
    assert organs_shown(comparison()) == list(ORGANS[-SHOWN:])


def test_organs_are_chosen_by_name_and_all_of_them_by_all() -> None:
    assert organs_shown(comparison(), ["gut wall", "liver"]) == ["gut_wall", "liver"]
    assert organs_shown(comparison(), ["liver", "all"]) == known_organs(comparison()) == list(ORGANS)


def test_an_unknown_organ_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="liver"):
        organs_shown(comparison(), ["livr"])
