"""Themes, drivers and hubs on one page, for the network's coordinators."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import sent
from jirani.core.models import is_pointed_at
from jirani.core.paging import Stretch, query_to_place, stretch_of
from jirani.core.routes import guarded, only_posts
from jirani.members.forms import WordChangeForm, WordForm
from jirani.members.models import Hub
from jirani.members.permissions import coordinates_network
from jirani.members.words.actions import add_word, edit_word, remove_word, retire_word
from jirani.taxonomy.models import Driver, Theme
from jirani.translation.models import Translation, translate_now
from jirani.ui.forms import form_page
from jirani.ui.text import language as language_name

#: What can be named, by its word in addresses.
KINDS: dict[str, Any] = {"theme": Theme, "driver": Driver, "hub": Hub}


def _model(kind: str) -> Any:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


@guarded(coordinates_network)
@require_safe
def taxonomy_list(request: HttpRequest) -> HttpResponse:
    """Everything that can be chosen, the languages in which it has no name yet, and what was retired."""
    every = {kind: _rows(kind) for kind in KINDS}
    pages = {kind: stretch_of(request, _outline(words), name=kind) for kind, words in every.items()}
    rows = {kind: _on(page, every[kind]) for kind, page in pages.items()}
    translate_now(list(rows.values()))
    missing = _missing(rows)
    for kind, words in rows.items():
        for word in words:
            word.missing = missing[kind, word.pk]
    context = {**rows, **{f"{kind}_page": page for kind, page in pages.items()}}
    return render(request, "members/words/taxonomy_list.html", context)


def _outline(words: list[Any]) -> dict[tuple[int, ...], int]:
    return {(place,): word.pk for place, word in enumerate(words, start=1)}


def _on(page: Stretch, words: list[Any]) -> list[Any]:
    keys = set(page.keys(1))
    return [word for word in words if word.pk in keys]


def _rows(kind: str) -> list[Any]:
    held = ExpressionWrapper(is_pointed_at(KINDS[kind]), output_field=BooleanField())
    words = list(KINDS[kind].objects.annotate(held=held))
    if kind != "theme":
        return words
    inner = defaultdict(list)
    for word in words:
        inner[word.parent_id].append(word)
    return [each for word in inner[None] for each in _with(word, inner)]


def _with(theme: Any, inner: dict[Any, list[Any]]) -> list[Any]:
    """Return a theme and its parts, in the order of the tree."""
    return [theme, *(each for part in inner[theme.pk] for each in _with(part, inner))]


def _missing(rows: dict[str, list[Any]]) -> dict[tuple[str, int], list[str]]:
    """Return the languages in which each has no name, in one query."""
    types = {ContentType.objects.get_for_model(KINDS[kind]).pk: kind for kind in rows}
    named = defaultdict(set)
    found = Translation.objects.filter(content_type__in=types, field="name")
    for content_type, pk, language in found.values_list("content_type", "object_id", "language"):
        named[types[content_type], pk].add(language)
    return {
        (kind, word.pk): [
            language_name(code)
            for code, _name in settings.LANGUAGES
            if code != word.language and code not in named[kind, word.pk]
        ]
        for kind, words in rows.items()
        for word in words
    }


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def taxonomy_create(request: HttpRequest, kind: str) -> HttpResponse:
    """Name a new one."""
    word = _model(kind)()
    form = WordForm(sent(request), word=word)
    if form.is_valid() and (added := form.submit(add_word, form.place(word), by=request.user)):
        messages.success(request, _("Saved. It can be chosen now."))
        return form.arrived(_back(kind, added))
    return _show(request, kind, form)


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def taxonomy_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Rename or translate one."""
    word = get_object_or_404(_model(kind), pk=pk)
    form = WordChangeForm(sent(request), word=word)
    if form.is_valid() and form.submit(edit_word, form.place(word), by=request.user):
        messages.success(request, _("Saved."))
        return _back(kind, word)
    translate_now(word)
    return _show(request, kind, form, word=word)


@guarded(coordinates_network)
@only_posts
def taxonomy_retire(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Offer a theme or driver no longer, or (`retired` left empty) again."""
    if kind == "hub":
        raise Http404
    word = get_object_or_404(_model(kind), pk=pk)
    retire_word(word, by=request.user, retired=bool(request.POST.get("retired")))
    return _back(kind, word)


@guarded(coordinates_network)
@require_http_methods(["GET", "POST"])
def taxonomy_delete(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask, then delete a term that no record uses."""
    word = get_object_or_404(_model(kind), pk=pk)
    if request.method == "GET":
        translate_now(word)
        return render(request, "members/words/taxonomy_delete.html", {"word": word, "links": _links()})
    place = _back(kind, word)
    try:
        remove_word(word, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return place


def _back(kind: str, word: Any) -> HttpResponse:
    """Redirect to the list, at the page on which a word stands."""
    query = query_to_place(_outline(_rows(kind)), word.pk, name=kind)
    return redirect(f"{reverse('members:taxonomy_list')}{query}#{kind}")


def _links() -> list[dict[str, str]]:
    return [{"name": _("Themes, drivers and hubs"), "url": reverse("members:taxonomy_list")}]


def _show(request: HttpRequest, kind: str, form: Any, **context: Any) -> HttpResponse:
    title = {"theme": _("A new theme"), "driver": _("A new driver"), "hub": _("A new hub")}[kind]
    shown = {"form": form, "links": _links(), "title": title} | context
    return form_page(request, "members/words/taxonomy_form.html", shown)
