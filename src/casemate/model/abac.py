"""A line of an ABAC policy file, as the API server holds it once it has read the file.

Source: pkg/apis/abac types.go, and the conversions of its versions v0 and v1beta1, of Kubernetes.
"""

import msgspec

ABAC = "abac.authorization.kubernetes.io"
ALL = "*"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What one line grants, converted to the form that the authorizer matches.

    `line` counts from 1; `version` is that of the line. `stated_user` and `stated_group` are what the line
    says where the conversion drops it: `*` becomes system:authenticated and the other of the two is lost.
    `ignored` are keys that the API server reads over; `text` is the line.
    """

    user: str = ""
    group: str = ""
    readonly: bool = False
    api_group: str = ""
    namespace: str = ""
    resource: str = ""
    non_resource_path: str = ""
    line: int = 0
    version: str = "v1beta1"
    stated_user: str = ""
    stated_group: str = ""
    ignored: tuple[str, ...] = ()
    text: str = ""
