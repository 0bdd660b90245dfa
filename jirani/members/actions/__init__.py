"""Actions on organisations, local authorities, memberships, posts and duties, and on people's data."""

from .accounts import (
    address_fault,
    correct_facts,
    entered,
    give_account,
    held_person_at,
    known_at,
    named_person,
    tell_named,
)
from .agreements import change_agreement, create_agreement
from .authorities import name_fault, put_authority, put_membership, save_authority, save_membership
from .duties import duty_fault, end_duty, give_duty, those_who_coordinate
from .organisations import (
    NAMES,
    change_organisation,
    create_organisation,
    own_name_fault,
    save_organisation,
    slug_for,
)
from .personal import (
    change_own_facts,
    erase_again,
    erase_own,
    erase_person,
    export_own,
    export_person,
    forget,
    keep,
    keep_consents,
    list_erased,
    save_consents,
)
from .posts import add_post, end_post, post_fault

__all__ = [
    "NAMES",
    "add_post",
    "address_fault",
    "change_agreement",
    "change_organisation",
    "change_own_facts",
    "correct_facts",
    "create_agreement",
    "create_organisation",
    "duty_fault",
    "end_duty",
    "end_post",
    "entered",
    "erase_again",
    "erase_own",
    "erase_person",
    "export_own",
    "export_person",
    "forget",
    "give_account",
    "give_duty",
    "held_person_at",
    "keep",
    "keep_consents",
    "known_at",
    "list_erased",
    "name_fault",
    "named_person",
    "own_name_fault",
    "post_fault",
    "put_authority",
    "put_membership",
    "save_authority",
    "save_consents",
    "save_membership",
    "save_organisation",
    "slug_for",
    "tell_named",
    "those_who_coordinate",
]
