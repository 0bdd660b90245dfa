from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "jirani.newsroom"
    label = "newsroom"

    def ready(self) -> None:
        """Tell the reading pages where an event's report is read."""
        from jirani.events.registry import register_report

        from .models.pages import report_address

        register_report(report_address)
