"""Who coordinates and answers for the network."""

from typing import Any

from jirani.members.models import standing_of


def coordinates_network(user: Any) -> bool:
    """Whether the user is a network coordinator."""
    return standing_of(user).coordinator


def coordinates(user: Any) -> bool:
    """Whether the user coordinates the network or one of its hubs."""
    return standing_of(user).coordinates


def translates(user: Any) -> bool:
    """Whether the user looks after the network's texts in other languages: its translators, and its coordinators."""
    return standing_of(user).translator


def answers_for_network(user: Any) -> bool:
    """Whether the user coordinates the network or a hub, edits its pages or administers it: much is in the hands of their account."""
    standing = standing_of(user)
    return standing.coordinates or standing.editor
