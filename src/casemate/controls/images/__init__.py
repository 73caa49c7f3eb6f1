"""Images as manifests name them: which one runs, from where, and whether it can change."""

SUBJECTS = ("Workload",)
