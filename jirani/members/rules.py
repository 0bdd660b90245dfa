"""Rules between local authorities, and between memberships of one of them."""

from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Rule

from .authorities.text.subdivisions import OWN_CODE

_OWN = ", ".join(f"('{kind}', '{country}')" for kind in sorted(OWN_CODE) for country in sorted(OWN_CODE[kind]))


def _begins_before_end(one: str, other: str) -> str:
    """Return SQL that is true if `one` surely began before `other` ended: an unknown day contradicts nothing, and a member that left by a day left no earlier than
    they joined. Days are compared as days if both are known to the day, else by their years.
    """
    return f"""({other}.left_on IS NULL OR CASE
          WHEN {other}.left_precision IN ('by', 'by-month') THEN CASE
            WHEN {one}.joined_precision = 'day' AND {other}.joined_precision = 'day' THEN {one}.joined_on < {other}.joined_on
            ELSE extract(year FROM {one}.joined_on) < extract(year FROM {other}.joined_on) END
          WHEN {one}.joined_precision = 'day' AND {other}.left_precision = 'day' THEN {one}.joined_on < {other}.left_on
          ELSE extract(year FROM {one}.joined_on) < extract(year FROM {other}.left_on) END)"""


RULES = (
    Rule(
        "authority_code_once",
        "members.LocalAuthority",
        ("subdivision", "kind", "country"),
        f"""NEW.subdivision <> '' AND (NEW.kind, NEW.country) IN ({_OWN})
      AND EXISTS (SELECT FROM members_localauthority o
        WHERE o.subdivision = NEW.subdivision AND o.kind = NEW.kind AND o.id <> NEW.id)""",
        _("Enter its own code: this one is another local authority’s."),
        "subdivision",
        in_turn=True,
    ),
    Rule(
        "membership_apart",
        "members.Membership",
        ("authority_id", "joined_on", "left_on", "joined_precision", "left_precision"),
        f"""EXISTS (SELECT FROM members_membership o
        WHERE o.authority_id = NEW.authority_id AND o.id <> NEW.id
        AND {_begins_before_end("NEW", "o")}
        AND {_begins_before_end("o", "NEW")})""",
        _("Enter days that do not overlap with those of another membership."),
        "joined_on",
        in_turn=True,
    ),
)
