"""One Pod Security check per module; each module's `CHECK` is the check."""
