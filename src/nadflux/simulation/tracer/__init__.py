"""Labelled doses followed through the body."""
