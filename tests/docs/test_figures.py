"""Figures drawn from the model: nothing overlaps, nothing is left out."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from nadflux.network.assemble import Body, assemble
from nadflux.network.assemble_cell import assemble_cell
from nadflux.network.names import first_part, to_id
from nadflux.network.read_module import read_module


@pytest.fixture(scope="module")
def body() -> Body:
    return assemble()


def test_layers_keep_boxes_apart_and_edges_whole(generator: Path) -> None:
    from _layers import layered

    sizes = {name: (0.5 + 0.1 * k, 0.3) for k, name in enumerate("abcdefgh")}
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d"), ("d", "h"), ("a", "h"), ("e", "c"), ("f", "c"), ("g", "h")]
    layout = layered(sizes, edges)
    assert layout == layered(sizes, edges)
    assert set(layout.routes) == set(edges)
    for (tail, head), points in layout.routes.items():
        assert points[0] == layout.positions[tail]
        assert points[-1] == layout.positions[head]
    for one, other in itertools.combinations(sizes, 2):
        (x0, y0), (x1, y1) = layout.positions[one], layout.positions[other]
        beside = abs(x0 - x1) >= (sizes[one][0] + sizes[other][0]) / 2
        above = abs(y0 - y1) >= (sizes[one][1] + sizes[other][1]) / 2
        assert beside or above, (one, other)


def test_few_crossings(generator: Path) -> None:
    from _layers import layered

    sizes = dict.fromkeys("abcdef", (1.0, 0.3))
    at = layered(sizes, [("a", "f"), ("b", "e"), ("c", "d")]).positions
    assert sorted("abc", key=lambda n: at[n][0]) == sorted(
        "abc", key=lambda n: at[{"a": "f", "b": "e", "c": "d"}[n]][0]
    )


def test_body_figure_shows_every_place(generator: Path, body: Body, tmp_path: Path) -> None:
    from _body_figure import draw_body, organ_links

    links, hub = organ_links(body)
    shown = {place for ends in links for place in ends}
    assert shown == {first_part(to_id(moiety.name)) for moiety in body.moieties}
    assert hub == "plasma"
    assert "NAM" in links["gut_lumen", "gut_wall"].forward
    assert links["kidney", "urine"].forward
    places, _ = draw_body(body, tmp_path / "body.png", {})
    assert places == len(shown)
    assert (tmp_path / "body.png").stat().st_size > 5000


def test_cell_figure_shows_every_reaction_of_an_organ(generator: Path, body: Body, tmp_path: Path) -> None:
    from _cell_figure import draw_cell, richest_organ

    organ = richest_organ(body)
    own = [r for r in body.model.reactions.values() if first_part(r.id) == organ]
    assert draw_cell(body, organ, tmp_path / "cell.png") >= len(own)


def test_vesicles_follow_from_the_rate_rules(generator: Path, tmp_path: Path) -> None:
    from _autophagy_figures import acts_on, draw_vesicles, vesicle_states

    cell = assemble_cell("liver")
    module = read_module("cell/autophagy.ant")
    states = vesicle_states(cell.model, module, "liver")
    assert states["liver__phagophore"] == {"liver__J_init": 1, "liver__J_close": -1, "liver__J_stall": -1}
    assert states["liver__AP__volume"] == {"liver__J_seq": 1, "liver__J_fus": -1}
    assert draw_vesicles(cell.model, module, "liver", tmp_path / "v.png") >= 5
    found = acts_on(cell.model, "liver__J_fus", frozenset(cell.inputs))
    assert "drugs__bafilomycin" in found
    assert "drugs__rapamycin" not in found
