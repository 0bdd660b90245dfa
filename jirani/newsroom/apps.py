from django.apps import AppConfig

from jirani.changes.registry import leave, watch


class NewsroomConfig(AppConfig):
    name = "jirani.newsroom"
    label = "newsroom"

    def ready(self) -> None:
        """Register where an event's report is read and what was published lately; unpublish a report together with its event."""
        from jirani.events.registry import register_follower, register_report, register_writing
        from jirani.reading.registry import register_listing, register_stories

        from .actions import follow, foresee
        from .models.latest import latest_stories, news_listing
        from .models.pages import report_address, report_written

        register_report(report_address)
        register_writing(report_written)
        register_stories(latest_stories)
        register_listing(news_listing)
        for source in ("events.event", "events.session"):
            register_follower(source, foresee=foresee, follow=follow)
        _watch_pages()


def _watch_pages() -> None:
    drafts = (
        "latest_revision",
        "latest_revision_created_at",
        "draft_title",
        "has_unpublished_changes",
        "live_revision",
    )
    editing = ("locked", "locked_at", "locked_by", "owner", "go_live_at", "expire_at")
    watch("wagtailcore.Page", state=("live",), unread=(*drafts, *editing), shown=[{"live": True}])
    watch(
        *(
            f"newsroom.{name}"
            for name in ("NewsIndexPage", "NewsPage", "ArticlePage", "EventReportPage", "ReportLesson")
        )
    )
    watch("wagtailcore.Locale", "wagtailcore.Site", "wagtailcore.PageViewRestriction")
    watch("wagtailcore.Collection", "wagtailcore.CollectionViewRestriction")
    watch("wagtailimages.Image", "wagtaildocs.Document", state=("file",))
    watch(*(f"wagtail_localize.{name}" for name in (
        "TranslationSource", "Translation", "StringTranslation", "StringSegment", "OverridableSegment", "SegmentOverride",
    )))  # fmt: skip
    leave("What editors are at; a page is told of when it is published.", *(f"wagtailcore.{name}" for name in (
        "Revision", "PageLogEntry", "ModelLogEntry", "Comment", "CommentReply", "PageSubscription", "ReferenceIndex",
        "UploadedFile", "WorkflowState", "TaskState", "Workflow", "WorkflowTask", "WorkflowPage", "WorkflowContentType",
        "Task", "GroupApprovalTask",
    )))  # fmt: skip
    leave("Who may edit: no visitor's page.", *(f"wagtailcore.{name}" for name in (
        "GroupPagePermission", "GroupSitePermission", "GroupCollectionPermission", "APIToken",
    )))  # fmt: skip
    leave("Made from an image when somebody first looks at it.", "wagtailimages.Rendition")
    leave("Wagtail's own pages and its search.", "wagtailusers", "wagtailadmin", "wagtailsearch", "taggit")
    leave("Made from what is translated, which is watched.", *(f"wagtail_localize.{name}" for name in (
        "TranslatableObject", "TranslationLog", "String", "TranslationContext", "Template", "TemplateSegment",
        "RelatedObjectSegment", "LocaleSynchronization",
    )))  # fmt: skip
