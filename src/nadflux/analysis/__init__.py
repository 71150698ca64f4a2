"""Analyses of runs: non-compartmental analysis, predictive checks, diagnoses and citations."""
