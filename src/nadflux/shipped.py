"""Place of the shipped biology."""

from __future__ import annotations

from pathlib import Path

BIOLOGY = Path(__file__).resolve().parent / "biology"
"""Folder of texts and tables."""
