"""Words of the field: no secret."""

from jirani.taxonomy.models import Goal, Target

from .. import factories as make
from .tokens import Stage, everybody


def fill(stage: Stage) -> None:
    """A goal with a target, a theme and a driver."""
    goal = Goal.objects.first() or Goal.objects.create(number=17, title="Partnerships")
    target = goal.targets.first() or Target.objects.create(goal=goal, code="17.16", title="Partnership")
    for record in (goal, target, make.theme(), make.driver()):
        stage.keep(record, may=everybody)
