"""The languages of the interface, each by its own name: the one list of them, from which settings, catalogues and sweeps are made."""

LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية"), ("sw", "Kiswahili")]
CODES = tuple(code for code, _name in LANGUAGES)
