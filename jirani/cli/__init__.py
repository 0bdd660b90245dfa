"""The `jirani` command: one module per subcommand, each with `add(subparsers)`; Django is imported only where it is used."""
