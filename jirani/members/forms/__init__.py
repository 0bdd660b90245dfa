"""The forms of members: the only way in, for pages and spreadsheets alike."""

from .agreements import AgreementChangeForm, AgreementForm
from .authorities import AuthorityCreateForm, AuthorityForm, MembershipForm
from .clock import ClockForm
from .consents import ConsentForm
from .letters import LettersForm
from .organisations import OrganisationChangeForm, OrganisationForm, offer_organisations
from .personal import PersonForm
from .posts import DutyForm, EndForm, NamedForm, PostForm
from .taxonomy import WordChangeForm, WordForm
from .uploads import ConfirmForm, UploadForm

__all__ = [
    "AgreementChangeForm",
    "AgreementForm",
    "AuthorityCreateForm",
    "AuthorityForm",
    "ClockForm",
    "ConfirmForm",
    "ConsentForm",
    "DutyForm",
    "EndForm",
    "LettersForm",
    "MembershipForm",
    "NamedForm",
    "OrganisationChangeForm",
    "OrganisationForm",
    "PersonForm",
    "PostForm",
    "UploadForm",
    "WordChangeForm",
    "WordForm",
    "offer_organisations",
]
