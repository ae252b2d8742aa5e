"""Cards as such: their numbers, their codes, finding them, one for another."""
