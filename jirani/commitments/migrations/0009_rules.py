"""Triggers for the rules of this app (rules.py) as they were then; a rule that changes is replaced by another migration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0008_checks"),
    ]

    operations = [
        migrations.RunSQL(
            """
CREATE FUNCTION commitment_no_wider_than_lesson() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.lesson_id, NEW.access) IS NOT DISTINCT FROM (OLD.lesson_id, OLD.access) THEN RETURN NEW; END IF;
  IF array_position(ARRAY['public', 'network', 'closed']::varchar[], NEW.access)
      < (SELECT array_position(ARRAY['public', 'network', 'closed']::varchar[], l.access)
        FROM lessons_lesson l WHERE l.id = NEW.lesson_id) THEN
    RAISE EXCEPTION 'rule commitment_no_wider_than_lesson' USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_no_wider_than_lesson';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER commitment_no_wider_than_lesson BEFORE INSERT OR UPDATE ON commitments_commitment FOR EACH ROW EXECUTE FUNCTION commitment_no_wider_than_lesson();
""",
            "DROP TRIGGER commitment_no_wider_than_lesson ON commitments_commitment; DROP FUNCTION commitment_no_wider_than_lesson();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION commitment_to_shown_lesson() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.lesson_id) IS NOT DISTINCT FROM (OLD.lesson_id) THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM lessons_lesson l WHERE l.id = NEW.lesson_id AND l.state = 'draft') THEN
    RAISE EXCEPTION 'rule commitment_to_shown_lesson' USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_to_shown_lesson';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER commitment_to_shown_lesson BEFORE INSERT OR UPDATE ON commitments_commitment FOR EACH ROW EXECUTE FUNCTION commitment_to_shown_lesson();
""",
            "DROP TRIGGER commitment_to_shown_lesson ON commitments_commitment; DROP FUNCTION commitment_to_shown_lesson();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION commitment_in_own_plan() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.organisation_id, NEW.activity_id) IS NOT DISTINCT FROM (OLD.organisation_id, OLD.activity_id) THEN RETURN NEW; END IF;
  IF (SELECT p.authority_id FROM plans_activity a JOIN plans_objective o ON o.id = a.objective_id
        JOIN plans_pillar i ON i.id = o.pillar_id JOIN plans_actionplan p ON p.id = i.plan_id WHERE a.id = NEW.activity_id)
      <> (SELECT c.id FROM members_localauthority c WHERE c.organisation_id = NEW.organisation_id) THEN
    RAISE EXCEPTION 'rule commitment_in_own_plan' USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_in_own_plan';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER commitment_in_own_plan BEFORE INSERT OR UPDATE ON commitments_commitment FOR EACH ROW EXECUTE FUNCTION commitment_in_own_plan();
""",
            "DROP TRIGGER commitment_in_own_plan ON commitments_commitment; DROP FUNCTION commitment_in_own_plan();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION evidence_of_own_outcome() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.commitment_id, NEW.outcome_id) IS NOT DISTINCT FROM (OLD.commitment_id, OLD.outcome_id) THEN RETURN NEW; END IF;
  IF (SELECT o.commitment_id FROM commitments_outcome o WHERE o.id = NEW.outcome_id) <> NEW.commitment_id THEN
    RAISE EXCEPTION 'rule evidence_of_own_outcome' USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_of_own_outcome';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER evidence_of_own_outcome BEFORE INSERT OR UPDATE ON commitments_evidence FOR EACH ROW EXECUTE FUNCTION evidence_of_own_outcome();
""",
            "DROP TRIGGER evidence_of_own_outcome ON commitments_evidence; DROP FUNCTION evidence_of_own_outcome();",
        ),
    ]
