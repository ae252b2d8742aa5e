"""Reading a shop's old list of members: from whatever file it lies in to rows that can be judged."""
