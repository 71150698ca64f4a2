"""Reports of a fit and of a validation as text."""
