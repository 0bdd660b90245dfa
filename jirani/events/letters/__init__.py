"""What an event’s people are told: of changes, of its end, and what those who run it are told of answers."""
