"""What came of what was sent: who was reached, what it brought, how sure that is."""
