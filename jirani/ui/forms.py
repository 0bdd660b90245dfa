"""Widgets that every form uses."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day, chosen with the browser's own calendar in the reader's own way of writing dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")
