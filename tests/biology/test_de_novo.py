"""NAD+ from tryptophan: the branch at ACMSD and quinolinate on its way."""

from __future__ import annotations

import numpy as np
from body_bench import Bench


def test_less_acmsd_gives_more_niacin(bench: Bench) -> None:
    people = np.vstack(
        [bench.typical(), bench.typical(liver__ACMSD__activity=0.5), bench.typical(liver__TDO__activity=2.0)]
    )
    run = bench.run(people, [], [0.0, 24.0 * 30])
    made = run["liver__QPRT"][:, 1] / run["liver__QPRT"][0, 1]
    assert 1.7 < made[1] < 2.0 and abs(made[2] - 2.0) < 0.02
    assert np.all(run["urine_2py"][1:, 1] > 1.1 * run["urine_2py"][0, 1])


def test_without_qprt_quinolinate_builds_up(bench: Bench) -> None:
    """Kidney injury: QPRT falls and quinolinate rises (10.1038/s41591-018-0138-z)."""
    run = bench.run(np.vstack([bench.typical(), bench.typical(liver__QPRT__activity=0.3)]), [], [0.0, 24.0])
    assert run["liver__QA"][1, 1] > 2 * run["liver__QA"][0, 1]


def test_the_liver_makes_nearly_all_nad_from_tryptophan_and_the_kidney_a_little(bench: Bench) -> None:
    """10.1016/j.cmet.2018.03.018: in mice the liver alone; kynurenine pathway outside it 10.1177/1178646917691938."""
    made = [name for name in bench.body.model.reactions if name.endswith("__QPRT")]
    assert sorted(made) == ["kidney__QPRT", "liver__QPRT"]
    run = bench.run(bench.possible(32, seed=6), [], [0.0])
    assert np.all(run["kidney__QPRT"][:, 0] < 0.2 * run["liver__QPRT"][:, 0])
    assert np.all(run["kidney__QPRT"][:, 0] > 0)


def test_what_muscle_takes_as_nicotinic_acid_leaves_as_riboside(bench: Bench) -> None:
    """Muscle has no synthetase: none of it becomes NAD+ there."""
    run = bench.run(bench.possible(32, seed=6), [], [0.0])
    given = run["muscle__NAPRT"][:, 0] + run["muscle__base_exchange_NA"][:, 0]
    assert np.allclose(run["muscle__NaR_release"][:, 0], given, rtol=1e-9)
    assert "muscle__NADSYN" not in bench.body.model.reactions
