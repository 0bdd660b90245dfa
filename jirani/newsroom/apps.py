from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "jirani.newsroom"
    label = "newsroom"

    def ready(self) -> None:
        """Tell the reading pages where an event's report is read, and what was published lately."""
        from jirani.events.registry import register_report
        from jirani.ui.registry import register_stories

        from .models.latest import latest_stories
        from .models.pages import report_address

        register_report(report_address)
        register_stories(latest_stories)
