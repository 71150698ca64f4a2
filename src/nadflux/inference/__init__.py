"""Calibration, posterior files and sensitivity."""
