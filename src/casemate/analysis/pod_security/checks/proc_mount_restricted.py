"""The masks over /proc stay on, also in user namespaces (policy/check_procMount_restricted.go).

Up to 1.34 the baseline check asks this of every pod; from 1.35 it lets pods in a user
namespace pass, and this check keeps them out of level restricted.
"""

from casemate.analysis.pod_security.check import Check, Level, since
from casemate.analysis.pod_security.checks.proc_mount import judge

CHECK = Check("procMount_restricted", Level.RESTRICTED, ((since(35), judge),), replaces="procMount")
