"""When a shop is open: the usual week, special days, holidays."""
