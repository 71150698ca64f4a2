"""The posterior that is shipped belongs to the biology that is shipped."""

from __future__ import annotations

from nadflux.simulation import simulate


def test_the_shipped_posterior_fits_the_shipped_biology() -> None:
    run = simulate("woman, 62 y, 70 kg, 165 cm", n=1, days=1)
    assert run.record["posterior"].startswith("fit-"), (
        "the biology changed after the fit; make src/nadflux/biology/posterior/shipped.zarr anew (its README says how)"
    )
