"""Who takes part: the list of an event, invitations, answers, who was there, and guests."""
