"""The event itself: its days, its place, the organisations behind it and the grants that pay for it."""
