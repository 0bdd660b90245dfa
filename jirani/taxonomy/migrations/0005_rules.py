"""Triggers for the rules of this app (rules.py) as they were then; a rule that changes is replaced by another migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("taxonomy", "0004_checks"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION theme_in_no_circle() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.parent_id) IS NOT DISTINCT FROM (OLD.parent_id) THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('theme_in_no_circle', 0));
  IF EXISTS (WITH RECURSIVE above (id) AS (
        SELECT NEW.parent_id UNION SELECT t.parent_id FROM taxonomy_theme t JOIN above a ON t.id = a.id
      ) SELECT FROM above WHERE above.id = NEW.id) THEN
    RAISE EXCEPTION 'rule theme_in_no_circle' USING ERRCODE = 'check_violation', CONSTRAINT = 'theme_in_no_circle';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER theme_in_no_circle BEFORE INSERT OR UPDATE ON taxonomy_theme FOR EACH ROW EXECUTE FUNCTION theme_in_no_circle();
""",
            "DROP TRIGGER theme_in_no_circle ON taxonomy_theme; DROP FUNCTION theme_in_no_circle();",
        ),
    ]
