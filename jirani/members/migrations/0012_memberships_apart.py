"""Two memberships lie apart in either order of writing: what comes later is asked too whether another one begins before it ends."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0011_tidy_names"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE OR REPLACE FUNCTION membership_apart() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.authority_id, NEW.joined_on, NEW.left_on, NEW.joined_precision, NEW.left_precision) IS NOT DISTINCT FROM (OLD.authority_id, OLD.joined_on, OLD.left_on, OLD.joined_precision, OLD.left_precision) THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('membership_apart', 0));
  IF EXISTS (SELECT FROM members_membership o
        WHERE o.authority_id = NEW.authority_id AND o.id <> NEW.id
        AND (o.left_on IS NULL OR CASE
          WHEN o.left_precision IN ('by', 'by-month') THEN CASE
            WHEN NEW.joined_precision = 'day' AND o.joined_precision = 'day' THEN NEW.joined_on < o.joined_on
            ELSE extract(year FROM NEW.joined_on) < extract(year FROM o.joined_on) END
          WHEN NEW.joined_precision = 'day' AND o.left_precision = 'day' THEN NEW.joined_on < o.left_on
          ELSE extract(year FROM NEW.joined_on) < extract(year FROM o.left_on) END)
        AND (NEW.left_on IS NULL OR CASE
          WHEN NEW.left_precision IN ('by', 'by-month') THEN CASE
            WHEN o.joined_precision = 'day' AND NEW.joined_precision = 'day' THEN o.joined_on < NEW.joined_on
            ELSE extract(year FROM o.joined_on) < extract(year FROM NEW.joined_on) END
          WHEN o.joined_precision = 'day' AND NEW.left_precision = 'day' THEN o.joined_on < NEW.left_on
          ELSE extract(year FROM o.joined_on) < extract(year FROM NEW.left_on) END)) THEN
    RAISE EXCEPTION 'rule membership_apart' USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_apart';
  END IF;
  RETURN NEW;
END
$rule$;
""",
            """
CREATE OR REPLACE FUNCTION membership_apart() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.joined_on, NEW.left_on, NEW.joined_precision, NEW.left_precision) IS NOT DISTINCT FROM (OLD.joined_on, OLD.left_on, OLD.joined_precision, OLD.left_precision) THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('membership_apart', 0));
  IF EXISTS (SELECT FROM members_membership o
        WHERE o.authority_id = NEW.authority_id AND o.id <> NEW.id
        AND COALESCE(o.joined_on < NEW.left_on, TRUE) AND o.left_precision NOT IN ('by', 'by-month')
        AND CASE WHEN o.left_precision = 'day' AND NEW.joined_precision = 'day' THEN NEW.joined_on < o.left_on
          ELSE extract(year FROM NEW.joined_on) < extract(year FROM o.left_on) END) THEN
    RAISE EXCEPTION 'rule membership_apart' USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_apart';
  END IF;
  RETURN NEW;
END
$rule$;
""",
        ),
    ]
