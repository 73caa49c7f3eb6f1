"""Admission: who is asked before an object is let in, what they leave out, and what happens when they fail."""

SUBJECTS = ("Admitting", "AdmissionPolicyBinding", "Namespace", "PodSecurityPolicy")
