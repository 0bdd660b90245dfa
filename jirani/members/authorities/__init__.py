"""Local authorities: where they are, how they belong to the network and its hubs, and how many come in at once."""
