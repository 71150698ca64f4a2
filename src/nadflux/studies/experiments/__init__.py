"""Experiments on cells and bodies."""
