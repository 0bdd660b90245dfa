"""What holds between local authorities, and between memberships of one."""

from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Rule

from .text.subdivisions import OWN_CODE

_OWN = ", ".join(f"('{kind}', '{country}')" for kind in sorted(OWN_CODE) for country in sorted(OWN_CODE[kind]))

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
        ("joined_on", "left_on", "joined_precision", "left_precision"),
        """EXISTS (SELECT FROM members_membership o
        WHERE o.authority_id = NEW.authority_id AND o.id <> NEW.id
        AND COALESCE(o.joined_on < NEW.left_on, TRUE) AND o.left_precision NOT IN ('by', 'by-month')
        AND CASE WHEN o.left_precision = 'day' AND NEW.joined_precision = 'day' THEN NEW.joined_on < o.left_on
          ELSE extract(year FROM NEW.joined_on) < extract(year FROM o.left_on) END)""",
        _("Enter a day after the one on which it left before."),
        "joined_on",
        in_turn=True,
    ),
)
