"""The scheduler as it is started.

Source: kubernetes/kubernetes cmd/kube-scheduler/app/options/options.go (`ApplyTo`): where --config
names a file, flags such as --profiling count for nothing.
"""

from casemate.analysis.cluster.files import file_named
from casemate.analysis.cluster.program import Program
from casemate.model.control import Unanswered
from casemate.model.scheduler import KubeSchedulerConfiguration


class Scheduler(Program):
    """kube-scheduler."""

    NAME = "kube-scheduler"

    @property
    def configuration(self) -> KubeSchedulerConfiguration | Unanswered | None:
        """The file that --config names, or what is missing to know it; None without the flag."""
        setting = self.setting("config")
        if not setting.value:
            return None
        found = file_named(setting.value, self.component, KubeSchedulerConfiguration, self.estate)
        return found or Unanswered(f"the file {setting.value} that --config names")
