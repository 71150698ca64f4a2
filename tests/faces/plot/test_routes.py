"""The figure of routes side by side: every route with its flags, usual practice in words, shares by organ."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from matplotlib.figure import Figure, FigureBase
from matplotlib.text import Text

from nadflux.faces.plot.routes import draw_routes
from nadflux.plans import catalogue
from nadflux.plans.catalogue import Catalogue
from nadflux.studies.experiments.compare_routes import compare_routes

WAYS = (("NR chloride", "oral"), ("NAD+", "subcutaneous"), ("NMN", "IV"))


@pytest.fixture(scope="module")
def figure() -> Figure:
    whole = catalogue.shipped()
    few = Catalogue(whole.compounds, {way: whole.routes[way] for way in WAYS}, whole.names)
    return draw_routes(compare_routes("500 mg", n=4, days=3, catalogue=few), ["liver", "muscle"])


def words(figure: FigureBase) -> Iterator[str]:
    for text in figure.findobj(Text):
        yield " ".join(str(text.get_text()).split())


def test_what_the_figure_says(figure: Figure) -> None:
    said = list(words(figure))
    for expected in (
        "NR chloride oral",
        "NAD+ subcutaneous (no PK data, beyond data)",
        "NMN IV (beyond data)",
        "tier usual practice (its tier)",
        "subcutaneous (no PK data, beyond data)",
        "100 to 1000 mg daily in trials (measured)",
        "none in the collected data",
        "ripple within a day (%)",
        "liver",
        "muscle",
    ):
        assert expected in said
    assert any("not a recommendation" in text and "shares may pass 100%" in text for text in said)


def test_routes_without_kinetics_have_open_dots(figure: Figure) -> None:
    panel = figure.subfigs[0].axes[0]
    faces = [line.get_markerfacecolor() for line in panel.lines if line.get_marker() == "o"]
    assert [face == "white" for face in faces] == [True, True, False]  # from below: NMN IV, NAD+ by needle, NR


def test_every_row_has_its_tier_and_no_route_is_lost_at_zero(figure: Figure) -> None:
    tiers = [text for text in words(figure.subfigs[0]) if text in ("measured", "derived", "fitted", "assumed")]
    assert len(tiers) == len(WAYS)
    rise = figure.subfigs[0].axes[0]
    assert rise.get_xscale() == "symlog" and rise.get_xlim()[0] == 0


def test_salts_of_a_compound_share_its_colour() -> None:
    whole = catalogue.shipped()
    ways = (("NR chloride", "oral"), ("NRPT", "oral"), ("NMN", "oral"))
    few = Catalogue(whole.compounds, {way: whole.routes[way] for way in ways}, whole.names)
    panel = draw_routes(compare_routes("500 mg", n=2, days=2, catalogue=few), ["liver"]).subfigs[0].axes[0]
    nmn, blend, riboside = (line.get_color() for line in panel.lines if line.get_marker() == "o")
    assert blend == riboside != nmn
