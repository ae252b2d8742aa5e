"""The demo town: a believable neighbourhood, built through the same verbs that people use."""
