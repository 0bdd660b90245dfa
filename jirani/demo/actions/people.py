"""The demo's people: roles that one can sign in as, and nobody's name."""

from collections.abc import Mapping
from typing import Any

from jirani.accounts.models import User
from jirani.members.models import Person

from ..enums import DEMO_DOMAIN, DEMO_ROLES


def with_address(table: Mapping[str, Any]) -> dict[str, Any]:
    """A person's table with the address that their key gives them."""
    return {**table, "email": f"{table['key']}@{DEMO_DOMAIN}"}


def give_account(person: Person, key: str) -> None:
    """Give a person an account without a password if the demo offers their role."""
    if key not in DEMO_ROLES:
        return
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, language=person.language)
    if person.user_id != user.pk:
        person.user = user
        person.save(update_fields=["user", "updated_at"])
