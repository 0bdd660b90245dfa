"""No models: the rows of the generation are written by triggers. Django says `post_migrate` only to apps with this module."""
