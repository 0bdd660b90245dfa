"""Mend what the checks of the next migration would refuse; what is taken from a record stands in the audit."""

from django.db import migrations

from jirani.core.mending import day, mending, near, none_of, precise, put, text, word


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_fill_name_keys"),
        ("audit", "0003_forgetting"),
    ]

    operations = [
        mending(
            "members",
            text("organisation", "language", "name"),
            text("hub", "language", "name"),
            put("localauthority", "r.country !~ '\\S'", country="'ZZ'"),
            put(
                "localauthority",
                "NOT r.contexts <@ ARRAY['urban', 'rural', 'border', 'coastal', 'capital', 'pastoralist']::varchar[]",
                contexts="ARRAY(SELECT c FROM unnest(r.contexts) c WHERE c IN ('urban', 'rural', 'border', 'coastal', 'capital', "
                "'pastoralist'))",
            ),
            put("localauthority", "(r.latitude IS NULL) <> (r.longitude IS NULL)", latitude="NULL", longitude="NULL"),
            put("localauthority", "r.population_year NOT BETWEEN 1800 AND 2100", population_year="NULL"),
            text("membership", "language"),
            day("membership", "joined_on", unknown="joined_precision"),
            precise("membership", "joined_on", "joined_precision"),
            near("membership", "left_on"),
            put("membership", "r.state <> 'left' AND r.left_on IS NOT NULL", left_on="NULL", left_precision="'unknown'"),
            # When it left is not known but for this: it had by the day on which somebody wrote so.
            put(
                "membership",
                "r.state = 'left' AND r.left_on IS NULL",
                left_on="GREATEST(r.joined_on, r.updated_at::date)",
                left_precision="'by'",
            ),
            precise("membership", "left_on", "left_precision"),
            text("agreement", "language", "title"),
            word("agreement", "access", "public network", "closed"),
            word("agreement", "kind", "declaration partnership", "memorandum"),
            day("agreement", "signed_on", unknown="signed_precision"),
            precise("agreement", "signed_on", "signed_precision"),
            day("agreement", "until_on"),
            put("agreement", "r.until_on < r.signed_on", until_on="NULL"),
            text("grant", "language", "programme"),
            word("grant", "access", "public network", "closed"),
            day("grant", "from_on"),
            day("grant", "until_on"),
            put("grant", "r.amount < 0", amount="NULL"),
            put(
                "grant",
                "r.currency <> '' AND r.currency !~ '^[A-Z]{3}$'",
                currency="CASE WHEN upper(trim(r.currency)) ~ '^[A-Z]{3}$' THEN upper(trim(r.currency)) ELSE '' END",
                amount="CASE WHEN upper(trim(r.currency)) ~ '^[A-Z]{3}$' THEN r.amount END",
            ),
            text("person", "language"),
            word("person", "sector", "local-government national-government civil-society private health faith education youth women media research security multilateral", "", kept=False),
            put("person", "r.erased_at IS NULL AND r.name !~ '\\S'", kept=False, name="'…'"),
            # Of what a person holds nothing is kept elsewhere, where nobody would forget it; and nobody comes to hold more than before.
            text("tenure", "language"),
            word("tenure", "role", "focal-point head lead", "official", kept=False),
            near("tenure", "from_on", "until_on", kept=False),
            precise("tenure", "from_on", "from_precision"),
            put(
                "tenure",
                "r.until_on IS NULL AND EXISTS (SELECT FROM {app}_tenure o WHERE o.until_on IS NULL AND o.id < r.id "
                "AND o.person_id IS NOT DISTINCT FROM r.person_id AND o.organisation_id IS NOT DISTINCT FROM r.organisation_id AND o.role IS NOT DISTINCT FROM r.role)",
                kept=False,
                until_on="GREATEST(r.from_on, CURRENT_DATE - 1)",
            ),
            put(
                "networkrole",
                none_of("duty", "coordinator hub-coordinator editor translator"),
                kept=False,
                duty="'translator'",
                hub_id="NULL",
                until_on="CURRENT_DATE - 1",
            ),
            near("networkrole", "from_on", "until_on", kept=False),
            put("networkrole", "r.until_on < r.from_on", kept=False, from_on="r.until_on"),
            put(
                "networkrole",
                "r.until_on IS NULL AND EXISTS (SELECT FROM {app}_networkrole o WHERE o.until_on IS NULL AND o.id < r.id "
                "AND o.person_id IS NOT DISTINCT FROM r.person_id AND o.duty IS NOT DISTINCT FROM r.duty AND o.hub_id IS NOT DISTINCT FROM r.hub_id)",
                kept=False,
                until_on="GREATEST(r.from_on, CURRENT_DATE - 1)",
            ),
            text("consent", "wording"),
            put(
                "consent",
                none_of("purpose", "directory photographs named news"),
                kept=False,
                purpose="'news'",
                withdrawn_at="COALESCE(r.withdrawn_at, now())",
            ),
        ),
    ]
