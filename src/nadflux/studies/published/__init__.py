"""Published studies: read, predicted and scored."""
