"""Running Jirani: the embedded database, the supervised web and worker, the data folder.

Nothing in this package imports Django at module level: the command line stays quick, and every failure that happens
before Django is there ends in a sentence of our own.
"""
