"""Forms of what became of a promise."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jirani.acting.facts import OWN, held, type_held
from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.commitments.actions import Proof
from jirani.commitments.enums import APPLIED
from jirani.commitments.models import Adaptation, Commitment, Evidence, FollowUp, Outcome
from jirani.core.enums import AccessMode, last_day, wider_than
from jirani.core.files import ACCEPT, checked_upload
from jirani.core.text import active_language
from jirani.lessons.actions import modes_within
from jirani.members.entry.forms.fields import PartialDateField
from jirani.members.forms import offer_organisations
from jirani.members.models import Organisation
from jirani.plans.enums import Completion, Status
from jirani.translation.forms import ask_in_its_language, language_choices
from jirani.ui.forms import Need, type_needs


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _language() -> str:
    here = active_language()
    return here if here in dict(language_choices()) else "en"


class _ProofFields(forms.Form):
    """Evidence as a link, a file or both, with its title. If both are empty, no evidence is added."""

    title = forms.CharField(
        label=_("Evidence: what it is"), max_length=200, required=False,
        help_text=_("Such as “Minutes of the meeting of 4 May”."),
    )  # fmt: skip
    link = forms.URLField(
        label=_("Link"), max_length=600, required=False, assume_scheme="https",
        help_text=_("Give a link or a file, or both."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a file"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_(
            "PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT, TXT or CSV, up to 10 MB. Show no face without consent. The names of a document’s authors are "
            "removed, except from an encrypted or signed PDF; the content of its pages is kept."
        ),
    )  # fmt: skip
    proof_access = forms.ChoiceField(label=_("Who may see the evidence"), widget=forms.RadioSelect)
    #: They make a record of their own, beside the one that the form changes.
    held: ClassVar[type_held] = dict.fromkeys(("title", "link", "file", "proof_access"), OWN)

    needed: type_needs = {
        "title": Need(
            _("needed with a link or a file"), _("Say what the link or the file shows."),
            lambda data: bool(data.get("link") or data.get("file")),
        ),
    }  # fmt: skip

    def offer_modes(self, commitment: Commitment, outcome: Outcome | None = None) -> None:
        """Offer no mode wider than that of the record that the evidence belongs to."""
        modes = modes_within(commitment, outcome)
        self.fields["proof_access"].choices = [(mode.value, mode.label) for mode in modes]  # type: ignore[attr-defined]
        self.fields["proof_access"].initial = modes[0].value

    def clean_file(self) -> ContentFile[bytes] | None:
        """The file as it may be stored: told by its content, small enough."""
        upload = self.cleaned_data.get("file")
        return checked_upload(upload, limit=settings.MAX_UPLOAD_BYTES) if upload else None

    def clean(self) -> dict[str, Any]:
        """Require a title with a link or a file."""
        cleaned: dict[str, Any] = super().clean() or {}
        link, file = cleaned.get("link"), cleaned.get("file")
        if cleaned.get("title") and not (link or file) and not {"link", "file"} & self.errors.keys():
            self.add_error("link", _("Add a link or a file that shows it."))
        return cleaned

    @property
    def proof(self) -> Proof | None:
        """The evidence that came with the form."""
        cleaned = self.cleaned_data
        if not (cleaned.get("link") or cleaned.get("file")):
            return None
        return Proof(
            title=cleaned["title"], link=cleaned.get("link") or "", file=cleaned.get("file"),
            access=cleaned["proof_access"], language=_language(),
        )  # fmt: skip


class EvidenceForm(OnceForm, _ProofFields):
    def __init__(self, *args: Any, commitment: Commitment, outcome: Outcome | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commitment, self.outcome = commitment, outcome
        self.offer_modes(commitment, outcome)
        self.fields["title"].required = True

    @property
    def about(self) -> tuple[Commitment]:
        """Return the commitment that the evidence belongs to."""
        return (self.commitment,)

    @property
    def facts(self) -> dict[str, Any]:
        """The evidence, and of which outcome it is."""
        return {**super().facts, "proof": self.proof, "outcome": self.outcome}

    def clean(self) -> dict[str, Any]:
        """Require a link or a file."""
        cleaned = super().clean()
        if not (cleaned.get("link") or cleaned.get("file")) and not self.errors:
            self.add_error("link", _("Add a link or a file that shows it."))
        return cleaned


class CompletionForm(VersionForm, _ProofFields):
    """How far a promise was carried out, and what shows it."""

    completion = forms.ChoiceField(
        label=_("How far it got"), choices=Completion.choices, widget=forms.RadioSelect,
        help_text=_("“Limited”, “substantial” and “complete” need evidence. This does not change the plan activity’s own level."),
    )  # fmt: skip
    close = forms.BooleanField(label=_("It is finished: nothing more will be done for it"), required=False)
    held: ClassVar[type_held] = {"close": held(read=lambda commitment: commitment.status == Status.DONE)}

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, record=commitment, **kwargs)
        self.shown_already = commitment.evidence.exists()
        self.offer_modes(commitment)
        if self.shown_already and commitment.completion == Completion.NO_EVIDENCE:
            self.initial["completion"] = None  # nobody has said it since there is evidence

    def clean(self) -> dict[str, Any]:
        """Require evidence if the completion level needs it."""
        cleaned = super().clean()
        wanted = cleaned.get("completion") in APPLIED and not self.shown_already
        if (
            wanted
            and not (cleaned.get("link") or cleaned.get("file"))
            and not {"title", "link", "file"} & self.errors.keys()
        ):
            self.add_error("title", _("Add evidence: a link or a file that somebody else can look at."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """How far it got, and the evidence that came along."""
        return {**super().facts, "proof": self.proof}


class EvidenceChangeForm(VersionForm):
    """What a piece of evidence is, and who may see it."""

    title = forms.CharField(label=_("Evidence: what it is"), max_length=200)
    access = forms.ChoiceField(label=_("Who may see the evidence"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, evidence: Evidence, **kwargs: Any) -> None:
        super().__init__(*args, record=evidence, **kwargs)
        modes = modes_within(evidence.commitment, evidence.outcome)
        self.fields["access"].choices = [(mode.value, mode.label) for mode in modes]  # type: ignore[attr-defined]
        ask_in_its_language(self.fields["title"], evidence)


class _OutcomeFields(InstanceForm[Outcome]):
    observed = PartialDateField(
        label=_("Observed"), required=False, past=True, latest=False, help_text=_("2021-03-25, 2021-03 or 2021.")
    )
    held: ClassVar[type_held] = {"observed": held("observed_on", "observed_precision")}

    class Meta:
        model = Outcome
        fields = ("change", "significance", "contribution", "substantiated_by", "access", "language", "source_url")
        widgets = {
            "change": _area(4),
            "significance": _area(3),
            "contribution": _area(3),
            "access": forms.RadioSelect,
        }
        help_texts = {
            "change": _("Who does what differently now, where, and since when."),
            "contribution": _("What would not have happened without it, and who else had a part."),
            "substantiated_by": _("An organisation other than yours that knows and can be asked."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        commitment = self.instance.commitment
        access: Any = self.fields["access"]
        access.choices = [(mode.value, mode.label) for mode in modes_within(commitment)]
        self.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=language_choices())
        near = Q(country__in=[commitment.organisation.country, ""])
        if self.instance.substantiated_by_id is not None:
            near |= Q(pk=self.instance.substantiated_by_id)
        own, nobody = commitment.organisation, str(_("Nobody yet"))
        others = Organisation.objects.filter(near).exclude(pk=own.pk)
        offer_organisations(self, "substantiated_by", others, but=own.pk, country=own.country, empty=nobody)

    def clean_observed(self) -> tuple[date | None, str]:
        """Refuse an outcome observed before the promise was made, as far as both days are known."""
        seen: tuple[date | None, str] = self.cleaned_data["observed"]
        made = self.instance.commitment.made_on
        if seen[0] and made and last_day(seen[0], seen[1]) < made and "observed" in self.changed_data:
            raise ValidationError(_("Enter a day no earlier than the one on which it was made."))
        return seen


class OutcomeForm(OnceForm, _ProofFields, _OutcomeFields):
    """What changed, why it matters, what the promise had to do with it, who confirms it, and what shows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        commitment = self.instance.commitment
        self.offer_modes(commitment)
        self.initial.update(access=modes_within(commitment)[0].value, language=_language())

    def clean(self) -> dict[str, Any]:
        """Refuse evidence that is shown wider than the outcome it belongs to."""
        cleaned = super().clean()
        if cleaned.get("proof_access") in wider_than(cleaned.get("access") or AccessMode.PUBLIC) and (
            cleaned.get("link") or cleaned.get("file")
        ):
            self.add_error(
                "proof_access", _("Choose fewer people: evidence is never shared more widely than what it shows.")
            )
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """The evidence that came along."""
        return {**super().facts, "proof": self.proof}


class OutcomeChangeForm(VersionForm, _OutcomeFields):
    """An outcome, changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["access"].help_text = _("Its evidence is never shared more widely.")


class _AdaptationFields(forms.Form):
    kept = forms.CharField(label=_("What was kept"), required=False, max_length=5000, widget=_area(3))
    changed = forms.CharField(label=_("What changed"), required=False, max_length=5000, widget=_area(3))
    left_out = forms.CharField(label=_("What was left out"), required=False, max_length=5000, widget=_area(3))
    why = forms.CharField(
        label=_("Why"), max_length=5000, widget=_area(3), help_text=_("What is different where you are.")
    )
    language = forms.ChoiceField(label=_("Written in"))

    needed: type_needs = {name: Need(_("one of these three is needed")) for name in ("kept", "changed", "left_out")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]
        self.fields["language"].initial = _language()

    def clean(self) -> dict[str, Any]:
        """Require that something was kept, changed or left out."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.needed.keys() & self.errors.keys() and not any(cleaned.get(name) for name in self.needed):
            self.add_error(None, _("Say what was kept, what changed, or what was left out."))
        return cleaned


class AdaptationForm(OnceForm, _AdaptationFields):
    """What was kept of a lesson, what changed, what was left out, and why."""

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commitment = commitment

    @property
    def about(self) -> tuple[Commitment]:
        """The promise by which it was adapted."""
        return (self.commitment,)


class AdaptationChangeForm(VersionForm, _AdaptationFields):
    """An adaptation, changed."""

    def __init__(self, *args: Any, adaptation: Adaptation, **kwargs: Any) -> None:
        super().__init__(*args, record=adaptation, **kwargs)


class DropForm(VersionForm):
    """Why a promise will not be kept."""

    because = forms.CharField(
        label=_("Why it is dropped"), max_length=5000, widget=_area(5),
        help_text=_("It is shown with the commitment. What did not work here may save another city a year."),
    )  # fmt: skip
    held: ClassVar[type_held] = {"because": held(read=lambda commitment: commitment.dropped_because)}

    def __init__(self, *args: Any, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, record=commitment, **kwargs)
        ask_in_its_language(self.fields["because"], commitment)


class AnswerForm(VersionForm):
    """One side's answer to a follow-up."""

    completion = forms.ChoiceField(
        label=_("How far it got, as you see it"), choices=Completion.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In a few words"), required=False, max_length=5000, widget=_area(4),
        help_text=_("What was done, what stands in the way, and what would help."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Written in"))
    #: The first words are in the language of whoever writes them.
    held: ClassVar[type_held] = {
        "language": held("language", read=lambda one: one.language if one.words else _language())
    }

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, record=follow_up, **kwargs)
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]
