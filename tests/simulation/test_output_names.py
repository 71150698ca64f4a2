"""What is asked for in words: autophagy is three fluxes and markers, of one organ or all that have them."""

from __future__ import annotations

import pytest

from nadflux.errors import UnknownNameError
from nadflux.network.tables import Observable
from nadflux.simulation.output_names import autophagy_names, expand, places_of


def observables(*organs: str, without: str = "") -> tuple[Observable, ...]:
    rows = [
        Observable(f"{organ}_{name}", name, organ.replace("_", " "), "flux" if "J_" in name else "marker", "1", "x", "")
        for organ in organs
        for name in autophagy_names()
        if f"{organ}_{name}" != without
    ]
    return (Observable("plasma_nad", "NAD+", "plasma", "level", "uM", "x", ""), *rows)


def test_three_fluxes_stand_first() -> None:
    assert autophagy_names()[:3] == ("J_init", "J_seq", "J_deg")
    assert len(set(autophagy_names())) == len(autophagy_names()) > 5


def test_autophagy_of_one_organ_and_of_all() -> None:
    known = observables("liver", "gut_wall")
    assert expand(["autophagy of liver"], known) == tuple(f"liver_{name}" for name in autophagy_names())
    assert expand(["autophagy of the gut wall"], known)[0] == "gut_wall_J_init"
    assert expand(["autophagy of all organs", "autophagy"], observables("liver", "body")) == (
        *(f"liver_{name}" for name in autophagy_names()),
        *(f"body_{name}" for name in autophagy_names()),
    )
    every = expand(["plasma_nad", "autophagy", "liver_J_deg"], known)
    assert every[0] == "plasma_nad" and len(every) == 1 + 2 * len(autophagy_names())


def test_an_organ_that_lacks_one_of_them_is_left_out() -> None:
    known = observables("liver", "red_cells", without="red_cells_TFEB")
    assert places_of("autophagy", known) == {"liver": "liver"}
    with pytest.raises(UnknownNameError, match="unknown organ 'red cells'"):
        expand(["autophagy of red cells"], known)


def test_unknown_names() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'autophagy'"):
        expand(["autophagi"], observables("liver"))
    with pytest.raises(UnknownNameError, match="only the whole body"):
        expand(["autophagy"], observables())
    with pytest.raises(UnknownNameError, match="did you mean 'liver'"):
        expand(["autophagy of livre"], observables("liver"))
