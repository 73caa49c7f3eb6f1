"""Who must act on a fault, on clusters one runs oneself."""

_PARTIES = {
    "pod_security_context": "developer",
    "limits_concurrency_cost": "developer",
    "admission_pod_standards": "developer",
    "base_image_or_runtime": "devops",
    "image_signing_verify": "devops",
    "node_role_and_imds": "platform",
    "workload_cloud_identity": "devops",
}


def party(area: str) -> str:
    """The party that is accountable for an area of the responsibility matrix."""
    return _PARTIES.get(area, "platform")
