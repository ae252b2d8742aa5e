"""Why people complain, as a tree; and why the portal itself moved a case."""
