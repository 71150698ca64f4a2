"""Faces: the command line, documents for terminal and JSON, figures and reports."""
