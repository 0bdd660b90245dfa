"""Writing pages of notes and lessons."""
