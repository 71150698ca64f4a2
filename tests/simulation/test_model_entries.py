"""What `nadflux describe` says of parameters that a fit informed, and of those that it did not."""

from __future__ import annotations

import numpy as np
import pytest

from nadflux.faces.documents.columns import fields
from nadflux.faces.documents.entries import ENTRIES
from nadflux.people import Posterior
from nadflux.simulation.compiled import prepare
from nadflux.simulation.describe import choose
from nadflux.simulation.model_entries import entries

KM, POOL = "red_cells.NAPRT.Km", "liver.NAD.total"


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    about = {
        "shrinkage": 0.5,
        "effective_samples": 200.0,
        "informed_by": {"Conze2019": 0.42},
        "prior": [0.1, 0.8, 2.0],
        "posterior": [0.3, 0.9, 1.7],
    }
    return Posterior("fit-x", (KM,), ("uM",), np.ones((1, 1)), "abc", {"parameters": {KM: about}})


def test_a_fitted_parameter_tells_posterior_shrinkage_and_data(posterior: Posterior) -> None:
    found = fields(choose(entries(prepare().body, posterior), KM)[0], ENTRIES)
    assert found["tier"] == "fitted" and found["tier of the row"] == "assumed"
    assert found["posterior"] == "0.9, 90 % interval 0.3 to 1.7 (fit-x)"
    assert found["shrinkage"].startswith("50% of the prior variance (± 5%")
    assert found["informed by"] == "Conze2019 42%"


def test_a_parameter_that_no_row_moves_keeps_its_tier_and_says_so(posterior: Posterior) -> None:
    found = fields(choose(entries(prepare().body, posterior), POOL)[0], ENTRIES)
    assert found["tier"] == prepare().body.table.row(POOL).tier
    assert "leaves it at its prior" in found["fit"]
    assert "fit" not in fields(choose(entries(prepare().body), POOL)[0], ENTRIES)
