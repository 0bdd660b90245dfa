"""Rules between plans, and between a plan and the forum responsible for it."""

from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Rule

RULES = (
    Rule(
        "plan_in_no_circle",
        "plans.ActionPlan",
        ("supersedes_id",),
        """EXISTS (WITH RECURSIVE before (id) AS (
        SELECT NEW.supersedes_id UNION SELECT p.supersedes_id FROM plans_actionplan p JOIN before b ON p.id = b.id
      ) SELECT FROM before WHERE before.id = NEW.id)""",
        _("Choose another plan: that one replaces this one."),
        "supersedes",
        in_turn=True,
    ),
    Rule(
        "plan_after_own_plan",
        "plans.ActionPlan",
        ("supersedes_id", "authority_id"),
        "(SELECT p.authority_id FROM plans_actionplan p WHERE p.id = NEW.supersedes_id) <> NEW.authority_id",
        _("Choose an earlier plan of the same local authority."),
        "supersedes",
    ),
    Rule(
        "plan_version_once",
        "plans.ActionPlan",
        ("authority_id", "version"),
        """EXISTS (SELECT FROM plans_actionplan o
        WHERE o.authority_id = NEW.authority_id AND o.version = NEW.version AND o.id <> NEW.id)""",
        _("Enter another version: there is already a plan with this one."),
        "number",
        in_turn=True,
    ),
    Rule(
        "plan_of_own_forum",
        "plans.ActionPlan",
        ("authority_id", "forum_id"),
        "(SELECT f.authority_id FROM forums_forum f WHERE f.id = NEW.forum_id) <> NEW.authority_id",
        _("Choose a forum of the same local authority."),
        "forum",
    ),
    Rule(
        "pillar_of_own_group",
        "plans.Pillar",
        ("plan_id", "working_group_id"),
        """(SELECT g.forum_id FROM forums_workinggroup g WHERE g.id = NEW.working_group_id)
      IS DISTINCT FROM (SELECT p.forum_id FROM plans_actionplan p WHERE p.id = NEW.plan_id) AND NEW.working_group_id IS NOT NULL""",
        _("Choose a working group of the forum responsible for the plan."),
        "working_group",
    ),
    Rule(
        "activity_of_own_decision",
        "plans.Activity",
        ("objective_id", "decided_in_id"),
        """(SELECT m.forum_id FROM forums_decision d JOIN forums_meeting m ON m.id = d.meeting_id WHERE d.id = NEW.decided_in_id)
      <> (SELECT p.forum_id FROM plans_objective o JOIN plans_pillar i ON i.id = o.pillar_id
        JOIN plans_actionplan p ON p.id = i.plan_id WHERE o.id = NEW.objective_id)""",
        _("Choose a decision of the forum responsible for the plan."),
        "decided_in",
    ),
    Rule(
        "activity_within_plan",
        "plans.Activity",
        ("objective_id", "from_on", "until_on"),
        """EXISTS (SELECT FROM plans_objective o JOIN plans_pillar i ON i.id = o.pillar_id JOIN plans_actionplan p ON p.id = i.plan_id
        WHERE o.id = NEW.objective_id AND (LEAST(NEW.from_on, NEW.until_on) < p.from_on
          OR GREATEST(NEW.from_on, NEW.until_on) > CASE
            WHEN p.until_precision = 'year' THEN (date_trunc('year', p.until_on) + interval '1 year - 1 day')::date
            WHEN p.until_precision IN ('month', 'by-month') THEN (date_trunc('month', p.until_on) + interval '1 month - 1 day')::date
            ELSE p.until_on END))""",
        _("Enter days within those of the plan."),
        "until_on",
    ),
)
