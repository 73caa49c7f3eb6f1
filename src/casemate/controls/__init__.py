"""One question per file, by family. A family's `SUBJECTS` say which entities it asks about."""
