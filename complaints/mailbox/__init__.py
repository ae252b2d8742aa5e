"""Complaints by e-mail: the mailbox, and what can be read in a mail. Nothing here writes to the database."""
