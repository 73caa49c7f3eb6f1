"""Network plugins as data: what each makes of a policy."""
