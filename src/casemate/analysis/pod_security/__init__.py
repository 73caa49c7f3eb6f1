"""Pod Security Standards, exact for every Kubernetes minor from 1.0 on."""

from casemate.analysis.pod_security.check import Level
from casemate.analysis.pod_security.evaluate import Verdict, Violation, evaluate

__all__ = ["Level", "Verdict", "Violation", "evaluate"]
