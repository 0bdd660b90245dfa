"""The forms of members: the only way in, for pages and spreadsheets alike."""

from .authorities.forms.authorities import AuthorityCreateForm, AuthorityForm, MembershipForm
from .authorities.forms.uploads import ConfirmForm, UploadForm
from .organisations.forms.agreements import AgreementChangeForm, AgreementForm, offer_papers
from .organisations.forms.organisations import OrganisationChangeForm, OrganisationForm, offer_organisations
from .people.forms.consents import ConsentForm
from .people.forms.personal import PersonForm
from .people.forms.posts import DutyForm, EndForm, NamedForm, PostForm
from .upkeep.forms.clock import ClockForm
from .upkeep.forms.letters import LettersForm
from .words.forms import WordChangeForm, WordForm

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
    "offer_papers",
]
