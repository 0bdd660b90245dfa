"""Who may see whom."""

from typing import Any

from jirani.core.permissions import pair
from jirani.members.models import Person


@pair(Person, "visible_to")
def can_see_person(user: Any, person: Person) -> bool:
    """Themselves, coordinators, and people of the network where the person agreed to be found."""
    return Person.objects.visible_to(user).filter(pk=person.pk).exists()
