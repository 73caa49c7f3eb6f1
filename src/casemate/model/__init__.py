"""The words: what is read, asked and answered."""
