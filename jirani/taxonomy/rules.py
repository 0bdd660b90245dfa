"""Rules between themes."""

from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Rule

RULES = (
    Rule(
        "theme_in_no_circle",
        "taxonomy.Theme",
        ("parent_id",),
        """EXISTS (WITH RECURSIVE above (id) AS (
        SELECT NEW.parent_id UNION SELECT t.parent_id FROM taxonomy_theme t JOIN above a ON t.id = a.id
      ) SELECT FROM above WHERE above.id = NEW.id)""",
        _("Choose another theme: this one is itself part of the theme."),
        "parent",
        in_turn=True,
    ),
)
