"""Which shops are found: around a point, by words, on a map, in which order."""
