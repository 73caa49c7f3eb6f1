"""The rules, one a line: verbs | API groups | resources | names, or verbs | URLs.

Written by docs/bootstrap_roles.py from Kubernetes 1.16.15 to 1.37.2.
"""

RULES = """
* | * | *
* | *
create | authorization.k8s.io | localsubjectaccessreviews
READ WRITE | rbac.authorization.k8s.io | rolebindings roles
READ | core | pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy
impersonate | core | serviceaccounts
WRITE | core | pods pods/attach pods/exec pods/portforward pods/proxy
WRITE | core | configmaps endpoints persistentvolumeclaims replicationcontrollers
    replicationcontrollers/scale secrets serviceaccounts services services/proxy
WRITE | apps | daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale
    statefulsets statefulsets/scale
WRITE | autoscaling | horizontalpodautoscalers
WRITE | batch | cronjobs jobs
WRITE | extensions | daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies
    replicasets replicasets/scale replicationcontrollers/scale
WRITE | policy | poddisruptionbudgets
WRITE | networking.k8s.io | ingresses networkpolicies
WRITE | core | configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale
    secrets serviceaccounts services services/proxy
create | core | pods/eviction
create | core | serviceaccounts/token
READ WRITE | coordination.k8s.io | leases
WRITE | resource.k8s.io | resourceclaims resourceclaimtemplates
WRITE | core | configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets
    serviceaccounts services services/proxy
WRITE | core events.k8s.io | events
WRITE | scheduling.k8s.io | podgroups workloads
WRITE | scheduling.k8s.io | compositepodgroups
WRITE | lifecycle.k8s.io | evictionrequests
READ | core | configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods
    replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status
READ | core | bindings events limitranges namespaces/status pods/log pods/status
    replicationcontrollers/status resourcequotas resourcequotas/status
READ | core | namespaces
READ | apps | controllerrevisions daemonsets daemonsets/status deployments deployments/scale
    deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale
    statefulsets/status
READ | autoscaling | horizontalpodautoscalers horizontalpodautoscalers/status
READ | batch | cronjobs cronjobs/status jobs jobs/status
READ | extensions | daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses
    ingresses/status networkpolicies replicasets replicasets/scale replicasets/status
    replicationcontrollers/scale
READ | policy | poddisruptionbudgets poddisruptionbudgets/status
READ | networking.k8s.io | ingresses ingresses/status networkpolicies
READ | discovery.k8s.io | endpointslices
READ | resource.k8s.io | resourceclaims resourceclaims/status resourceclaimtemplates
READ | core | bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status
    resourcequotas resourcequotas/status
READ | core events.k8s.io | events
READ | scheduling.k8s.io | podgroups podgroups/status workloads
READ | scheduling.k8s.io | compositepodgroups compositepodgroups/status
READ | lifecycle.k8s.io | evictionrequests evictions
create | authentication.k8s.io | tokenreviews
create | authorization.k8s.io | subjectaccessreviews
create | authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews
create | authentication.k8s.io | selfsubjectreviews
create | certificates.k8s.io | certificatesigningrequests/nodeclient
create | certificates.k8s.io | certificatesigningrequests/selfnodeclient
approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client
approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client-kubelet
approve | certificates.k8s.io | signers | kubernetes.io/kubelet-serving
approve | certificates.k8s.io | signers | kubernetes.io/legacy-unknown
READ | certificates.k8s.io | clustertrustbundles
list watch | core | persistentvolumeclaims persistentvolumes
READ | core | nodes
patch update | core | nodes/status
list watch | core | pods
create patch update | core events.k8s.io | events
READ create delete | storage.k8s.io | volumeattachments
READ | storage.k8s.io | csidrivers
READ | storage.k8s.io | csinodes
READ delete | certificates.k8s.io | certificatesigningrequests
update | certificates.k8s.io | certificatesigningrequests/approval certificatesigningrequests/status
sign | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client
    kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving kubernetes.io/legacy-unknown
READ escalate patch update | rbac.authorization.k8s.io | clusterroles
READ update | batch | cronjobs
READ create delete patch update | batch | jobs
update | batch | cronjobs/status
update | batch | cronjobs/finalizers
delete list | core | pods
delete list watch | core | pods
READ | apps extensions | daemonsets
update | apps extensions | daemonsets/status
update | apps extensions | daemonsets/finalizers
list watch | core | nodes
create delete list patch watch | core | pods
create | core | pods/binding
READ create delete patch update | apps | controllerrevisions
READ update | apps extensions | deployments
update | apps extensions | deployments/status
update | apps extensions | deployments/finalizers
READ create delete patch update | apps extensions | replicasets
READ update | core | pods
READ delete | core | pods
patch update | core | pods/status
READ | resource.k8s.io | resourceclaims
READ | resource.k8s.io | resourceslices
READ | resource.k8s.io | deviceclasses
patch update | resource.k8s.io | devicetaintrules/status
READ | resource.k8s.io | devicetaintrules
READ | apps extensions | deployments
READ | apps extensions | replicasets
READ | core | replicationcontrollers
READ | policy | poddisruptionbudgets
READ | apps | statefulsets
update | policy | poddisruptionbudgets/status
get | * | */scale
READ | core | pods services
create delete get list update | core | endpoints
create | core | endpoints/restricted
READ create delete update | core | endpoints
READ | core | nodes pods services
update | core | services/finalizers
create delete get list update | discovery.k8s.io | endpointslices
READ create delete update | discovery.k8s.io | endpointslices
READ | core | endpoints services
update | core | endpoints/finalizers
READ | core | pods
update | core | pods/finalizers
READ create | core | persistentvolumeclaims
READ patch update | core | persistentvolumes
patch update | core | persistentvolumeclaims/status
READ | core | persistentvolumeclaims
READ | storage.k8s.io | storageclasses
get | core | endpoints services
get | core | secrets
get | core | services
READ delete patch update | * | *
READ | autoscaling | horizontalpodautoscalers
update | autoscaling | horizontalpodautoscalers/status
get update | * | */scale
list | core | pods
get | core | services/proxy | http:heapster: https:heapster:
list | metrics.k8s.io | pods
get list | custom.metrics.k8s.io | *
get list | external.metrics.k8s.io | *
list watch | metrics.k8s.io | pods
READ | custom.metrics.k8s.io | *
READ | external.metrics.k8s.io | *
READ update | batch | jobs
update | batch | jobs/status
update | batch | jobs/finalizers
READ patch update | batch | jobs
READ create | scheduling.k8s.io | podgroups workloads
READ create patch update | scheduling.k8s.io | podgroups workloads
attest | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-serving
create delete list update watch | certificates.k8s.io | clustertrustbundles
get | core | configmaps | kube-apiserver-legacy-service-account-token-tracking
delete patch | core | secrets
delete | core | secrets
READ delete | core | namespaces
update | core | namespaces/finalize namespaces/status
delete deletecollection get list | * | *
READ delete deletecollection | * | *
delete get list patch update | core | nodes
update | core | pods/status
create get list update | networking.k8s.io | clustercidrs
get | core | pods
delete get list | core | pods
READ delete patch update | core | nodes
READ | coordination.k8s.io | leases
patch | core | pods/status
READ create delete update | core | persistentvolumes
update | core | persistentvolumes/status
READ update | core | persistentvolumeclaims
update | core | persistentvolumeclaims/status
READ create delete | core | pods
create delete get update | core | endpoints
create delete get | core | services
get list | core | nodes
watch | core | events
list | core | nodes
READ delete | certificates.k8s.io | podcertificaterequests
READ update | scheduling.k8s.io | podgroups
READ update | core | persistentvolumes
READ update | apps extensions | replicasets
update | apps extensions | replicasets/status
update | apps extensions | replicasets/finalizers
READ update | core | replicationcontrollers
update | core | replicationcontrollers/status
update | core | replicationcontrollers/finalizers
READ create delete | resource.k8s.io | resourceclaims
patch update | resource.k8s.io | resourceclaims resourceclaims/status
patch update | resource.k8s.io | resourceclaims/binding
READ create | resource.k8s.io | resourceclaims
patch update | resource.k8s.io | resourceclaims/status
READ create patch update | resource.k8s.io | podschedulingcontexts
READ | scheduling.k8s.io | podgroups
patch update | scheduling.k8s.io | podgroups/status
READ delete | resource.k8s.io | resourcepoolstatusrequests
patch update | resource.k8s.io | resourcepoolstatusrequests/status
list watch | * | *
update | core | resourcequotas/status
create update | core | configmaps
patch | core | nodes/status
READ | core | persistentvolumes
create | core | serviceaccounts
READ patch update | networking.k8s.io | servicecidrs
patch update | networking.k8s.io | servicecidrs/finalizers
patch update | networking.k8s.io | servicecidrs/status
READ | networking.k8s.io | ipaddresses
READ | core | services
patch update | core | services/status
update | apps | statefulsets/status
update | apps | statefulsets/finalizers
create delete get patch update | core | pods
create get | core | persistentvolumeclaims
delete update | core | persistentvolumeclaims
update | core | persistentvolumeclaims
READ delete patch update | internal.apiserver.k8s.io | storageversions
get patch update | internal.apiserver.k8s.io | storageversions/status
list patch | * | *
get | apiextensions.k8s.io | customresourcedefinitions
patch | apiextensions.k8s.io | customresourcedefinitions/status
update | storagemigration.k8s.io | storageversionmigrations/status
create list patch | * | *
create list patch watch | * | *
READ delete | batch | jobs
list patch update watch | core | nodes
READ | admissionregistration.k8s.io | validatingadmissionpolicies
get patch update | admissionregistration.k8s.io | validatingadmissionpolicies/status
READ update | storage.k8s.io | volumeattributesclasses
READ patch update | storage.k8s.io | volumeattachments
READ create patch update | core | events
READ create delete | core | persistentvolumes
READ patch update | core | persistentvolumeclaims
list watch | storage.k8s.io | storageclasses
get | /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/
READ | core | events namespaces nodes pods
READ | extensions | deployments
create | core | endpoints secrets serviceaccounts
get | core | configmaps endpoints namespaces secrets serviceaccounts
update | core | endpoints secrets serviceaccounts
create | coordination.k8s.io | leases
get update | coordination.k8s.io | leases | kube-controller-manager
create | core | endpoints
get update | core | endpoints | kube-controller-manager
create | core | secrets serviceaccounts
get | core | configmaps namespaces secrets serviceaccounts
update | core | secrets serviceaccounts
list watch | core | endpoints services
delete get patch update | core | endpoints | kube-scheduler
create | core | bindings pods/binding
READ | core | replicationcontrollers services
READ | core | persistentvolumeclaims persistentvolumes
get update | coordination.k8s.io | leases | kube-scheduler
get update | core | endpoints | kube-scheduler
READ | storage.k8s.io | csistoragecapacities
READ update | coordination.k8s.io | leases | kube-scheduler
READ WRITE | coordination.k8s.io | leasecandidates
READ | storage.k8s.io | volumeattachments
READ patch update | resource.k8s.io | resourceclaims
READ patch update | resource.k8s.io | resourceclaims/status
create delete | resource.k8s.io | resourceclaims
READ | resource.k8s.io | resourceclaims resourceclasses
READ WRITE | resource.k8s.io | podschedulings
READ | resource.k8s.io | podschedulings/status
READ WRITE | resource.k8s.io | podschedulingcontexts
READ | resource.k8s.io | podschedulingcontexts/status
READ | resource.k8s.io | resourceclasses
READ patch update | core | pods/finalizers
READ | resource.k8s.io | resourceclaimparameters resourceclassparameters resourceslices
READ | scheduling.k8s.io | workloads
READ | scheduling.k8s.io | compositepodgroups
patch update | scheduling.k8s.io | compositepodgroups/status
proxy | core | nodes
* | core | nodes/log nodes/metrics nodes/proxy nodes/spec nodes/stats
* | core | nodes/log nodes/metrics nodes/proxy nodes/stats
* | core | nodes/configz nodes/healthz nodes/pods
get | /healthz /healthz/* /livez /livez/* /metrics /readyz /readyz/*
get | /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*
get | core | nodes/metrics
get | /flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz
get | /flagz
get | /statusz
create | authorization.k8s.io | localsubjectaccessreviews subjectaccessreviews
READ create | core | nodes
patch update | core | nodes
create patch update | core | events
create delete | core | pods
READ | core | configmaps secrets
get | core | persistentvolumeclaims persistentvolumes
get | core | endpoints
READ create | certificates.k8s.io | certificatesigningrequests
get | storage.k8s.io | volumeattachments
get patch update | core | persistentvolumeclaims/status
create delete get patch update | storage.k8s.io | csinodes
create delete get patch update | coordination.k8s.io | leases
READ | node.k8s.io | runtimeclasses
get | resource.k8s.io | resourceclaims
deletecollection | resource.k8s.io | resourceslices
get | core | serviceaccounts
READ create | certificates.k8s.io | podcertificaterequests
get patch update | storage.k8s.io | csinodes/status
get | core | nodes
list watch | discovery.k8s.io | endpointslices
list watch | networking.k8s.io | servicecidrs
get | /healthz /livez /readyz /version /version/
get | /.well-known/openid-configuration /openid/v1/jwks
get | /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/
READ | core | configmaps
update | core | configmaps | cluster-info
READ | core | configmaps | extension-apiserver-authentication
watch | core | configmaps
get update | core | configmaps | kube-controller-manager
READ create update | coordination.k8s.io | leases
READ create update | coordination.k8s.io | leasecandidates
get update | core | configmaps | kube-scheduler
READ | core | secrets
READ create | core | configmaps
READ delete | core | secrets
"""
