"""How far a listing can be believed: where its facts come from, how old they are, and doubles."""
