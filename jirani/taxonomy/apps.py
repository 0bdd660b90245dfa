from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "jirani.taxonomy"
    label = "taxonomy"
