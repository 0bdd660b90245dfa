"""A day and how exactly it is known go together; an outcome comes after its commitment, as far as both days are known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0014_known_to_the_day")]

    operations = [
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("made_on__isnull", True), ("made_precision", "unknown"))
                | models.Q(("made_on__isnull", False), models.Q(("made_precision", "unknown"), _negated=True)),
                name="commitment_made_on_as_precise",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(("made_precision__in", ["day", "month", "year", "inferred", "unknown"])),
                name="commitment_made_precision_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("observed_on__isnull", True), ("observed_precision", "unknown"))
                | models.Q(("observed_on__isnull", False), models.Q(("observed_precision", "unknown"), _negated=True)),
                name="outcome_observed_on_as_precise",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("observed_precision__in", ["day", "month", "year", "inferred", "unknown"])),
                name="outcome_observed_precision_known",
            ),
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION outcome_after_commitment() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.commitment_id, NEW.observed_on, NEW.observed_precision) IS NOT DISTINCT FROM (OLD.commitment_id, OLD.observed_on, OLD.observed_precision) THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM commitments_commitment c WHERE c.id = NEW.commitment_id
        AND c.made_on > CASE NEW.observed_precision
        WHEN 'year' THEN (date_trunc('year', NEW.observed_on) + interval '1 year - 1 day')::date
        WHEN 'month' THEN (date_trunc('month', NEW.observed_on) + interval '1 month - 1 day')::date
        ELSE NEW.observed_on END) THEN
    RAISE EXCEPTION 'rule outcome_after_commitment' USING ERRCODE = 'check_violation', CONSTRAINT = 'outcome_after_commitment';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER outcome_after_commitment BEFORE INSERT OR UPDATE ON commitments_outcome FOR EACH ROW EXECUTE FUNCTION outcome_after_commitment();
""",
            "DROP TRIGGER outcome_after_commitment ON commitments_outcome; DROP FUNCTION outcome_after_commitment();",
        ),
        migrations.RunSQL(
            """
CREATE FUNCTION commitment_before_outcomes() RETURNS trigger LANGUAGE plpgsql AS $rule$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.made_on, NEW.made_precision) IS NOT DISTINCT FROM (OLD.made_on, OLD.made_precision) THEN RETURN NEW; END IF;
  IF EXISTS (SELECT FROM commitments_outcome o WHERE o.commitment_id = NEW.id
        AND NEW.made_on > CASE o.observed_precision
        WHEN 'year' THEN (date_trunc('year', o.observed_on) + interval '1 year - 1 day')::date
        WHEN 'month' THEN (date_trunc('month', o.observed_on) + interval '1 month - 1 day')::date
        ELSE o.observed_on END) THEN
    RAISE EXCEPTION 'rule commitment_before_outcomes' USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_before_outcomes';
  END IF;
  RETURN NEW;
END
$rule$;
CREATE TRIGGER commitment_before_outcomes BEFORE INSERT OR UPDATE ON commitments_commitment FOR EACH ROW EXECUTE FUNCTION commitment_before_outcomes();
""",
            "DROP TRIGGER commitment_before_outcomes ON commitments_commitment; DROP FUNCTION commitment_before_outcomes();",
        ),
    ]
