"""Days as they are lived: patterns of habits become steps of inputs."""
