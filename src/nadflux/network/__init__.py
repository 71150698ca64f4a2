"""Network: reading, checking, assembling and writing of models."""
