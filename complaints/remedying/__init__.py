"""What may be offered to put a case right: by whom, what it is worth, who hears of it."""
