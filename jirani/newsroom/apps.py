from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "jirani.newsroom"
    label = "newsroom"

    def ready(self) -> None:
        """Tell the reading pages where an event's report is read and what was published lately; take a report off with its event."""
        from jirani.events.registry import register_follower, register_report
        from jirani.ui.registry import register_listing, register_stories

        from .actions import follow, foresee
        from .models.latest import latest_stories, news_listing
        from .models.pages import report_address

        register_report(report_address)
        register_stories(latest_stories)
        register_listing(news_listing)
        for source in ("events.event", "events.session"):
            register_follower(source, foresee=foresee, follow=follow)
