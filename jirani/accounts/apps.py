from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jirani.changes.registry import leave
from jirani.core.registry import PersonalData, register_foreign, register_nightly

ERASED = _("Until the account is erased.")


class AccountsConfig(AppConfig):
    name = "jirani.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Register what the libraries we build on keep about accounts, and delete it when it expires."""
        from .actions import delete_expired_limits, delete_expired_sessions

        register_nightly("accounts.limits", delete_expired_limits)
        register_nightly("accounts.sessions", delete_expired_sessions)
        leave(
            "An account is a way to sign in; what a person is in the network stands in members.Person.", "accounts.User"
        )
        leave("Signing in is nobody else's business.", "account", "mfa", "sessions", "auth")
        leave("Django's own list of models.", "contenttypes")
        _follow_sign_in()
        _enter_sign_in()
        _enter_newsroom()


def _follow_sign_in() -> None:
    """Listen to the signals of Django and allauth for fresh proofs of identity and for factors that were set up or removed."""
    from allauth.account.signals import authentication_step_completed
    from allauth.mfa.signals import authenticator_added, authenticator_removed
    from django.contrib.auth.signals import user_logged_in

    from .actions import after_factor_added, after_factor_removed, after_sign_in, after_step

    user_logged_in.connect(after_sign_in)
    authentication_step_completed.connect(after_step)
    authenticator_added.connect(after_factor_added)
    authenticator_removed.connect(after_factor_removed)


def _enter_sign_in() -> None:
    register_foreign(
        _("sign-in"),
        PersonalData(name=_("e-mail address"), why=_("To sign in and to receive e-mails."), until=ERASED),
        "account.EmailAddress.user",
        "account.EmailAddress.email",
    )
    register_foreign(
        _("sign-in"),
        PersonalData(
            name=_("your app, passkeys and recovery codes, and the day on which each was set up and last used"),
            why=_("To check the second step of your sign-in."),
            until=_("Until you remove it, or the account is erased."),
        ),
        *(f"mfa.Authenticator.{name}" for name in ("user", "data", "created_at", "last_used_at")),
    )
    register_foreign(
        _("sign-in"),
        PersonalData(
            name=_("that you are signed in, or have asked for a code"),
            why=_("To recognise you on the next page."),
            until=_("Two weeks, or until you sign out."),
        ),
        "sessions.Session.session_data",
    )


def _enter_newsroom() -> None:
    register_foreign(
        _("newsroom"),
        PersonalData(
            name=_("who wrote, changed or uploaded it"),
            why=_("To tell editors whose work it is."),
            until=ERASED,
        ),
        *(f"wagtailcore.{name}" for name in (
            "Page.owner", "Page.locked_by", "Revision.user", "PageLogEntry.user", "ModelLogEntry.user",
            "Comment.user", "Comment.resolved_by", "CommentReply.user", "WorkflowState.requested_by",
            "TaskState.finished_by", "UploadedFile.uploaded_by_user",
        )),
        "wagtailimages.Image.uploaded_by_user",
        "wagtaildocs.Document.uploaded_by_user",
        "wagtail_localize.StringTranslation.last_translated_by",
        "wagtail_localize.SegmentOverride.last_translated_by",
    )  # fmt: skip
    register_foreign(
        _("newsroom"),
        PersonalData(
            name=_("how you set its pages up, and what you are editing"),
            why=_("To show it to you as you left it, and to editors that you are at work on a page."),
            until=ERASED,
        ),
        "wagtailusers.UserProfile.user",
        "wagtailadmin.EditingSession.user",
        "wagtailadmin.FormState.user",
        "wagtailcore.PageSubscription.user",
        "wagtailcore.APIToken.user",
    )
