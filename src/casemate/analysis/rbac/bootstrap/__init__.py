"""The roles and bindings that the API server of each Kubernetes release makes by itself.

`objects` has them as typed objects, `compare` says what a role or binding of that name has beyond them. The
data take a few milliseconds to import: nothing imports them before a name occurs that may be one of these.

Source: plugin/pkg/auth/authorizer/rbac/bootstrappolicy and pkg/registry/rbac/rest/storage_rbac.go of
Kubernetes.
"""
