"""The words by which a network sorts what it knows: themes, drivers and its own hubs."""
