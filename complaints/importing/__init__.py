"""Old cases from a table: which column is what, and what its rows say."""
