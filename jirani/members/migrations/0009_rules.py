"""Triggers for the rules of this app (rules.py) as they were then; a rule that changes is replaced by another migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_checks"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION authority_code_once() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.subdivision, NEW.kind, NEW.country) IS NOT DISTINCT FROM (OLD.subdivision, OLD.kind, OLD.country) THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('authority_code_once', 0));
  IF NEW.subdivision <> '' AND (NEW.kind, NEW.country) IN (('county', 'AL'), ('county', 'EE'), ('county', 'HR'), ('county', 'HU'), ('county', 'IE'), ('county', 'KE'), ('county', 'LR'), ('county', 'LT'), ('county', 'NO'), ('county', 'SE'), ('district', 'BT'), ('district', 'BW'), ('district', 'BZ'), ('district', 'LK'), ('district', 'LS'), ('district', 'MU'), ('district', 'PT'), ('district', 'UG'), ('region', 'BE'), ('region', 'BF'), ('region', 'CL'), ('region', 'CM'), ('region', 'CZ'), ('region', 'DJ'), ('region', 'DK'), ('region', 'ER'), ('region', 'FI'), ('region', 'GH'), ('region', 'GW'), ('region', 'GY'), ('region', 'IT'), ('region', 'MA'), ('region', 'ML'), ('region', 'MM'), ('region', 'MR'), ('region', 'MW'), ('region', 'NA'), ('region', 'NE'), ('region', 'NZ'), ('region', 'PE'), ('region', 'PH'), ('region', 'SA'), ('region', 'SK'), ('region', 'SN'), ('region', 'SO'), ('region', 'SZ'), ('region', 'TD'), ('region', 'TG'), ('region', 'TM'), ('region', 'TZ'))
      AND EXISTS (SELECT FROM members_localauthority o
        WHERE o.subdivision = NEW.subdivision AND o.kind = NEW.kind AND o.id <> NEW.id) THEN
    RAISE EXCEPTION 'rule authority_code_once' USING ERRCODE = 'check_violation', CONSTRAINT = 'authority_code_once';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER authority_code_once BEFORE INSERT OR UPDATE ON members_localauthority FOR EACH ROW EXECUTE FUNCTION authority_code_once();
""",
            "DROP TRIGGER authority_code_once ON members_localauthority; DROP FUNCTION authority_code_once();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION membership_apart() RETURNS trigger LANGUAGE plpgsql AS $rule$
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
CREATE TRIGGER membership_apart BEFORE INSERT OR UPDATE ON members_membership FOR EACH ROW EXECUTE FUNCTION membership_apart();
""",
            "DROP TRIGGER membership_apart ON members_membership; DROP FUNCTION membership_apart();",
        ),
    ]
