"""Triggers: what came of a commitment is shared no wider than it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0010_mend_access"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION outcome_no_wider_than_commitment() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.commitment_id, NEW.access) IS NOT DISTINCT FROM (OLD.commitment_id, OLD.access) THEN RETURN NEW; END IF;
  IF array_position(ARRAY['public', 'network', 'closed']::varchar[], NEW.access)
      < (SELECT array_position(ARRAY['public', 'network', 'closed']::varchar[], l.access)
        FROM commitments_commitment l WHERE l.id = NEW.commitment_id) THEN
    RAISE EXCEPTION 'rule outcome_no_wider_than_commitment' USING ERRCODE = 'check_violation', CONSTRAINT = 'outcome_no_wider_than_commitment';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER outcome_no_wider_than_commitment BEFORE INSERT OR UPDATE ON commitments_outcome FOR EACH ROW EXECUTE FUNCTION outcome_no_wider_than_commitment();
""",
            "DROP TRIGGER outcome_no_wider_than_commitment ON commitments_outcome; DROP FUNCTION outcome_no_wider_than_commitment();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION evidence_no_wider_than_commitment() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.commitment_id, NEW.access) IS NOT DISTINCT FROM (OLD.commitment_id, OLD.access) THEN RETURN NEW; END IF;
  IF array_position(ARRAY['public', 'network', 'closed']::varchar[], NEW.access)
      < (SELECT array_position(ARRAY['public', 'network', 'closed']::varchar[], l.access)
        FROM commitments_commitment l WHERE l.id = NEW.commitment_id) THEN
    RAISE EXCEPTION 'rule evidence_no_wider_than_commitment' USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_no_wider_than_commitment';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER evidence_no_wider_than_commitment BEFORE INSERT OR UPDATE ON commitments_evidence FOR EACH ROW EXECUTE FUNCTION evidence_no_wider_than_commitment();
""",
            "DROP TRIGGER evidence_no_wider_than_commitment ON commitments_evidence; DROP FUNCTION evidence_no_wider_than_commitment();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION evidence_no_wider_than_outcome() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.outcome_id, NEW.access) IS NOT DISTINCT FROM (OLD.outcome_id, OLD.access) THEN RETURN NEW; END IF;
  IF array_position(ARRAY['public', 'network', 'closed']::varchar[], NEW.access)
      < (SELECT array_position(ARRAY['public', 'network', 'closed']::varchar[], l.access)
        FROM commitments_outcome l WHERE l.id = NEW.outcome_id) THEN
    RAISE EXCEPTION 'rule evidence_no_wider_than_outcome' USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_no_wider_than_outcome';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER evidence_no_wider_than_outcome BEFORE INSERT OR UPDATE ON commitments_evidence FOR EACH ROW EXECUTE FUNCTION evidence_no_wider_than_outcome();
""",
            "DROP TRIGGER evidence_no_wider_than_outcome ON commitments_evidence; DROP FUNCTION evidence_no_wider_than_outcome();",
        ),
    ]
