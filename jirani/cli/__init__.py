"""The `jirani` command: one module a subcommand, each with `add(subparsers)`; Django is imported only where it is used."""
