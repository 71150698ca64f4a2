"""Colours of the figures, each named once: those of Okabe and Ito, which all readers can distinguish, and greys."""

from __future__ import annotations

BLUE, VERMILION = "#0072B2", "#D55E00"
PLANS = (BLUE, VERMILION, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Of plans side by side, in their order."""
GREY, DARK_GREY = "#777777", "#444444"
# Bars and points of reports.
INK, STEEL_BLUE, RUST = "#1a202c", "#2b6cb0", "#c05621"
