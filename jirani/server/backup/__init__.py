"""A network in one file, and back: the database, the uploaded files and the key, each with a checksum in a manifest.

archive    the file itself, read to its last byte
contents   what the database holds: rows, and the files that its records name
dumps      PostgreSQL's own programs, and a dump brought into an older server
writing    a backup is written whole or not at all
restoring  a restore can be interrupted at any moment and done again
erasing    whoever was erased since a backup was made is erased again
"""
