"""What lies on cards: the ledger, when it lapses, what is owed, what it is worth."""
