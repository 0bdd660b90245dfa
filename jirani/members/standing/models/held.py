"""Posts and duties, which are held from one day until another, both included. An unknown day is no limit."""

from datetime import date
from typing import TypeVar

from django.db import models
from django.db.models import Q

Holding = TypeVar("Holding", bound=models.Model)


def is_held(on: date, from_on: date | None, until_on: date | None) -> bool:
    """Whether it is held on that day; `HeldQuerySet.held` asks the same of rows that are not read yet."""
    return (from_on is None or from_on <= on) and (until_on is None or on <= until_on)


def going_on(on: date, of: str = "") -> Q:
    """Match what is held on that day or later. `of` is the lookup prefix from the queried model, such as "tenures__"."""
    return Q(**{f"{of}until_on__isnull": True}) | Q(**{f"{of}until_on__gte": on})


class HeldQuerySet(models.QuerySet[Holding]):
    """Posts and duties by their days."""

    def held(self, on: date) -> "HeldQuerySet[Holding]":
        return self.going_on(on).filter(Q(from_on__isnull=True) | Q(from_on__lte=on))

    def going_on(self, on: date) -> "HeldQuerySet[Holding]":
        """Posts and duties held on that day or later."""
        return self.filter(going_on(on))
