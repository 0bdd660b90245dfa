"""Who holds which post at an organisation. These pages name people, so only those who name them there see them."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.acting.forms import sent
from jirani.core.paging import page_by_place, page_of, query_to
from jirani.core.routes import guarded
from jirani.members.actions import add_post, end_post
from jirani.members.enums import TenureRole
from jirani.members.forms import EndForm, PostForm
from jirani.members.models import Entered, Organisation, Tenure, going_on, with_known
from jirani.members.organisations.views.organisations import found
from jirani.members.permissions import coordinates
from jirani.translation.forms import named
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page


def endable(request: HttpRequest, held: Any) -> Any:
    """Return those that have not ended; all of them for a form that is sent again."""
    return held if request.method == "POST" else held.going_on(timezone.localdate())


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    organisation = get_object_or_404(Organisation.objects.staffed_by(request.user), slug=slug)
    translate_now(organisation)
    return organisation


def _crumbs(organisation: Organisation | None = None) -> list[dict[str, str]]:
    links = [{"name": _("People"), "url": reverse("members:people_list")}]
    if organisation is not None:
        links.append({"name": named(organisation), "url": reverse("members:post_list", args=[organisation.slug])})
    return links


@guarded(coordinates)
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """The organisations at which the user may name people, with how many hold a post there and whether one speaks for it."""
    held = going_on(timezone.localdate(), "tenures__")
    rows = Organisation.objects.staffed_by(request.user).annotate(
        posts=Count("tenures", held), focal=Count("tenures", held & Q(tenures__role=TenureRole.FOCAL_POINT))
    )
    return render(request, "members/people/people_list.html", found(request, rows))


@guarded(coordinates)
@require_safe
def post_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who holds a post there, and who held one."""
    organisation = _organisation(request, slug)
    posts = with_known(Tenure.objects.filter(organisation=organisation), request.user).select_related("person")
    today = timezone.localdate()
    present, now = page_by_place(request, posts.filter(going_on(today)).order_by("role", "pk"), name="now")
    past = page_of(request, posts.exclude(going_on(today)), ("-until_on", "-id"))
    translate_now(present, past.rows)
    context = {"organisation": organisation, "present": present, "now": now, "past": past, "links": _crumbs()}
    return render(request, "members/people/post_list.html", context)


def _to_list(organisation: Organisation, post: Tenure) -> str:
    """The list, at the page on which a post stands."""
    going = organisation.tenures.filter(going_on(timezone.localdate())).order_by("role", "pk")
    return reverse("members:post_list", args=[organisation.slug]) + query_to(going, post, name="now")


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def post_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Name somebody to a post."""
    organisation = _organisation(request, slug)
    form = PostForm(sent(request), organisation=organisation)
    if form.is_valid() and (post := form.submit(add_post, organisation, by=request.user)):
        say_named(request, post)
        return form.arrived(redirect(_to_list(organisation, post)))
    context = {"form": form, "organisation": organisation, "links": _crumbs(organisation)}
    return form_page(request, "members/people/post_create.html", context)


def say_named(request: HttpRequest, held: Entered) -> None:
    """Who was named, as they were entered, and that a letter goes to them."""
    messages.success(request, _("%(name)s has been added. An e-mail to them is on its way.") % {"name": held.called})


@guarded(coordinates)
@require_http_methods(["GET", "POST"])
def post_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say which day is the last one of a post."""
    organisation = _organisation(request, slug)
    posts = with_known(organisation.tenures.all(), request.user).select_related("person", "organisation")
    post = get_object_or_404(endable(request, posts), pk=pk)
    form = EndForm(sent(request), record=post)
    if form.is_valid() and form.submit(end_post, by=request.user):
        messages.success(request, _("The last day is saved."))
        return redirect("members:post_list", slug)
    context = {"form": form, "organisation": organisation, "post": post, "links": _crumbs(organisation)}
    return form_page(request, "members/people/post_end.html", context)
