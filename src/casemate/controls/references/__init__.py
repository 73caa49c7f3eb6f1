"""Names and selectors that lead nowhere: what was meant to be reached, scaled or fenced in is not."""

SUBJECTS = ("Service", "Ingress", "HorizontalPodAutoscaler", "NetworkPolicy", "ReplicatedWorkload")
