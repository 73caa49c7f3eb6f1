"""Admission: who is asked before an object is let in, what is left out, and what happens on failure."""

SUBJECTS = (
    "Admitting",
    "WebhookConfiguration",
    "AdmissionPolicy",
    "AdmissionPolicyBinding",
    "Namespace",
    "PodSecurityPolicy",
)
