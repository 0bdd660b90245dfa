"""Letters to an event’s people about changes and cancellation, and to those who run it about answers."""
