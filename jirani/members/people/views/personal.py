"""My data: see it, export it, consent or not, have it erased."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jirani.accounts.permissions import fresh
from jirani.acting.forms import sent
from jirani.core.routes import only_posts, signed_in
from jirani.members.actions import change_own_facts, erase_person, export_person, save_consents
from jirani.members.forms import ConsentForm, PersonForm
from jirani.members.models import Person
from jirani.translation.models import translate_now
from jirani.ui.forms import form_page


@signed_in
@require_safe
def person_detail(request: HttpRequest) -> HttpResponse:
    """Show what is kept about me and what I can do with it."""
    person = Person.objects.filter(user=request.user.pk).first()
    posts = list(person.tenures.select_related("organisation")) if person else []
    duties = list(person.network_roles.select_related("hub")) if person else []
    translate_now(posts, [post.organisation for post in posts], [duty.hub for duty in duties])
    consents = list(person.consents.all()) if person else []
    context = {"person": person, "posts": posts, "duties": duties, "consents": consents}
    return render(request, "members/people/person_detail.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest) -> HttpResponse:
    """Change my name, language and sector."""
    person = get_object_or_404(Person, user=request.user.pk)
    form = PersonForm(sent(request), person=person)
    if form.is_valid() and form.submit(change_own_facts, person, by=request.user):
        messages.success(request, _("Your details are saved."))
        return redirect("members:person_detail")
    return form_page(request, "members/people/person_edit.html", {"form": form})


@signed_in
@only_posts
def person_export(request: HttpRequest) -> HttpResponse:
    """All of it as one file."""
    person = get_object_or_404(Person, user=request.user.pk)
    kept = export_person(person, by=request.user)
    name = f"jirani-{timezone.localdate().isoformat()}.json"
    answer = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@signed_in
@fresh
@require_http_methods(["GET", "POST"])
def person_erase(request: HttpRequest) -> HttpResponse:
    """Ask, then erase me and sign me out."""
    person = get_object_or_404(Person, user=request.user.pk)
    if request.method != "POST":
        return render(request, "members/people/person_erase.html")
    try:
        erase_person(person, by=request.user)
    except ValidationError as refusal:
        return render(
            request, "members/people/person_erase.html", {"refusal": refusal.messages, "error": True}, status=422
        )
    logout(request)
    messages.success(request, _("Your data has been erased. What you contributed stays, without your name."))
    return redirect("public:home")


@signed_in
@require_http_methods(["GET", "POST"])
def consent_edit(request: HttpRequest) -> HttpResponse:
    """Choose what may be done with my name and picture."""
    person = get_object_or_404(Person, user=request.user.pk)
    form = ConsentForm(sent(request), person=person)
    if form.is_valid():
        save_consents(person, offered=list(form.fields), given=form.given, by=request.user)
        messages.success(request, _("Your choices are saved with today’s date."))
        return redirect("members:person_detail")
    return form_page(request, "members/people/consent_edit.html", {"form": form})
