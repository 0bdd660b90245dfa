"""Resend or give up letters that could not be delivered."""

from typing import Any

from django.db import transaction

from jirani.audit.actions import record
from jirani.core.permissions import require
from jirani.members.permissions import coordinates_network
from jirani.notifications.actions import delete_messages, given_up, send_again, tell_undelivered


@transaction.atomic
def send_letters_again(address: str, *, by: Any) -> int:
    """Try again to deliver letters to an address. Returns how many."""
    require(coordinates_network(by))
    number = send_again(given_up().filter(to=address))
    tell_undelivered()
    record("members.send_letters_again", by, by=by, letters=number)
    return number


@transaction.atomic
def leave_letters(address: str, *, by: Any) -> int:
    """Delete letters that could not be delivered to an address. Returns how many."""
    require(coordinates_network(by))
    number = delete_messages(given_up().filter(to=address))
    tell_undelivered()
    record("members.leave_letters", by, by=by, letters=number)
    return number
