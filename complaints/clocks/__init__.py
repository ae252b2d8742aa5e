"""When answers are due: working time, what is promised, what the law asks, how a clock stands."""
