"""The bindings: in which releases they give their role to whom.

Written by docs/bootstrap_roles.py from Kubernetes 1.16.15 to 1.37.2.
"""

BINDINGS = """
ClusterRoleBinding /cluster-admin ClusterRole/cluster-admin
  default 16-37: Group//system:masters
ClusterRoleBinding /system:basic-user ClusterRole/system:basic-user
  default 16-37: Group//system:authenticated
ClusterRoleBinding /system:cluster-trust-bundle-discovery ClusterRole/system:cluster-trust-bundle-discovery
  default 37-37: Group//system:serviceaccounts
  gated 27-36: Group//system:serviceaccounts
ClusterRoleBinding /system:controller:attachdetach-controller
    ClusterRole/system:controller:attachdetach-controller
  default 16-37: ServiceAccount/kube-system/attachdetach-controller
ClusterRoleBinding /system:controller:certificate-controller
    ClusterRole/system:controller:certificate-controller
  default 16-37: ServiceAccount/kube-system/certificate-controller
ClusterRoleBinding /system:controller:clusterrole-aggregation-controller
    ClusterRole/system:controller:clusterrole-aggregation-controller
  default 16-37: ServiceAccount/kube-system/clusterrole-aggregation-controller
ClusterRoleBinding /system:controller:cronjob-controller ClusterRole/system:controller:cronjob-controller
  default 16-37: ServiceAccount/kube-system/cronjob-controller
ClusterRoleBinding /system:controller:daemon-set-controller
    ClusterRole/system:controller:daemon-set-controller
  default 16-37: ServiceAccount/kube-system/daemon-set-controller
ClusterRoleBinding /system:controller:deployment-controller
    ClusterRole/system:controller:deployment-controller
  default 16-37: ServiceAccount/kube-system/deployment-controller
ClusterRoleBinding /system:controller:device-taint-eviction-controller
    ClusterRole/system:controller:device-taint-eviction-controller
  default 36-37: ServiceAccount/kube-system/device-taint-eviction-controller
  gated 33-35: ServiceAccount/kube-system/device-taint-eviction-controller
ClusterRoleBinding /system:controller:disruption-controller
    ClusterRole/system:controller:disruption-controller
  default 16-37: ServiceAccount/kube-system/disruption-controller
ClusterRoleBinding /system:controller:endpoint-controller ClusterRole/system:controller:endpoint-controller
  default 16-37: ServiceAccount/kube-system/endpoint-controller
ClusterRoleBinding /system:controller:endpointslice-controller
    ClusterRole/system:controller:endpointslice-controller
  default 18-37: ServiceAccount/kube-system/endpointslice-controller
  gated 16-17: ServiceAccount/kube-system/endpointslice-controller
ClusterRoleBinding /system:controller:endpointslicemirroring-controller
    ClusterRole/system:controller:endpointslicemirroring-controller
  default 19-37: ServiceAccount/kube-system/endpointslicemirroring-controller
ClusterRoleBinding /system:controller:ephemeral-volume-controller
    ClusterRole/system:controller:ephemeral-volume-controller
  default 21-37: ServiceAccount/kube-system/ephemeral-volume-controller
  gated 19-20: ServiceAccount/kube-system/ephemeral-volume-controller
ClusterRoleBinding /system:controller:expand-controller ClusterRole/system:controller:expand-controller
  default 16-37: ServiceAccount/kube-system/expand-controller
ClusterRoleBinding /system:controller:generic-garbage-collector
    ClusterRole/system:controller:generic-garbage-collector
  default 16-37: ServiceAccount/kube-system/generic-garbage-collector
ClusterRoleBinding /system:controller:horizontal-pod-autoscaler
    ClusterRole/system:controller:horizontal-pod-autoscaler
  default 16-37: ServiceAccount/kube-system/horizontal-pod-autoscaler
ClusterRoleBinding /system:controller:job-controller ClusterRole/system:controller:job-controller
  default 16-37: ServiceAccount/kube-system/job-controller
ClusterRoleBinding /system:controller:kube-apiserver-serving-clustertrustbundle-publisher
    ClusterRole/system:controller:kube-apiserver-serving-clustertrustbundle-publisher
  default 37-37: ServiceAccount/kube-system/kube-apiserver-serving-clustertrustbundle-publisher
  gated 32-36: ServiceAccount/kube-system/kube-apiserver-serving-clustertrustbundle-publisher
ClusterRoleBinding /system:controller:legacy-service-account-token-cleaner
    ClusterRole/system:controller:legacy-service-account-token-cleaner
  default 29-37: ServiceAccount/kube-system/legacy-service-account-token-cleaner
  gated 28-28: ServiceAccount/kube-system/legacy-service-account-token-cleaner
ClusterRoleBinding /system:controller:namespace-controller
    ClusterRole/system:controller:namespace-controller
  default 16-37: ServiceAccount/kube-system/namespace-controller
ClusterRoleBinding /system:controller:node-controller ClusterRole/system:controller:node-controller
  default 16-37: ServiceAccount/kube-system/node-controller
ClusterRoleBinding /system:controller:persistent-volume-binder
    ClusterRole/system:controller:persistent-volume-binder
  default 16-37: ServiceAccount/kube-system/persistent-volume-binder
ClusterRoleBinding /system:controller:pod-garbage-collector
    ClusterRole/system:controller:pod-garbage-collector
  default 16-37: ServiceAccount/kube-system/pod-garbage-collector
ClusterRoleBinding /system:controller:podcertificaterequestcleaner
    ClusterRole/system:controller:podcertificaterequestcleaner
  default 37-37: ServiceAccount/kube-system/podcertificaterequestcleaner
  gated 34-36: ServiceAccount/kube-system/podcertificaterequestcleaner
ClusterRoleBinding /system:controller:podgroup-protection-controller
    ClusterRole/system:controller:podgroup-protection-controller
  gated 36-37: ServiceAccount/kube-system/podgroup-protection-controller
ClusterRoleBinding /system:controller:pv-protection-controller
    ClusterRole/system:controller:pv-protection-controller
  default 16-37: ServiceAccount/kube-system/pv-protection-controller
ClusterRoleBinding /system:controller:pvc-protection-controller
    ClusterRole/system:controller:pvc-protection-controller
  default 16-37: ServiceAccount/kube-system/pvc-protection-controller
ClusterRoleBinding /system:controller:replicaset-controller
    ClusterRole/system:controller:replicaset-controller
  default 16-37: ServiceAccount/kube-system/replicaset-controller
ClusterRoleBinding /system:controller:replication-controller
    ClusterRole/system:controller:replication-controller
  default 16-37: ServiceAccount/kube-system/replication-controller
ClusterRoleBinding /system:controller:resource-claim-controller
    ClusterRole/system:controller:resource-claim-controller
  default 34-37: ServiceAccount/kube-system/resource-claim-controller
  gated 26-33: ServiceAccount/kube-system/resource-claim-controller
ClusterRoleBinding /system:controller:resourcepoolstatusrequest-controller
    ClusterRole/system:controller:resourcepoolstatusrequest-controller
  gated 36-37: ServiceAccount/kube-system/resourcepoolstatusrequest-controller
ClusterRoleBinding /system:controller:resourcequota-controller
    ClusterRole/system:controller:resourcequota-controller
  default 16-37: ServiceAccount/kube-system/resourcequota-controller
ClusterRoleBinding /system:controller:root-ca-cert-publisher
    ClusterRole/system:controller:root-ca-cert-publisher
  default 20-37: ServiceAccount/kube-system/root-ca-cert-publisher
  gated 16-19: ServiceAccount/kube-system/root-ca-cert-publisher
ClusterRoleBinding /system:controller:route-controller ClusterRole/system:controller:route-controller
  default 16-37: ServiceAccount/kube-system/route-controller
ClusterRoleBinding /system:controller:selinux-warning-controller
    ClusterRole/system:controller:selinux-warning-controller
  default 33-37: ServiceAccount/kube-system/selinux-warning-controller
  gated 32-32: ServiceAccount/kube-system/selinux-warning-controller
ClusterRoleBinding /system:controller:service-account-controller
    ClusterRole/system:controller:service-account-controller
  default 16-37: ServiceAccount/kube-system/service-account-controller
ClusterRoleBinding /system:controller:service-cidrs-controller
    ClusterRole/system:controller:service-cidrs-controller
  default 33-37: ServiceAccount/kube-system/service-cidrs-controller
  gated 29-32: ServiceAccount/kube-system/service-cidrs-controller
ClusterRoleBinding /system:controller:service-controller ClusterRole/system:controller:service-controller
  default 16-37: ServiceAccount/kube-system/service-controller
ClusterRoleBinding /system:controller:statefulset-controller
    ClusterRole/system:controller:statefulset-controller
  default 16-37: ServiceAccount/kube-system/statefulset-controller
ClusterRoleBinding /system:controller:storage-version-garbage-collector
    ClusterRole/system:controller:storage-version-garbage-collector
  gated 21-37: ServiceAccount/kube-system/storage-version-garbage-collector
ClusterRoleBinding /system:controller:storage-version-migrator-controller
    ClusterRole/system:controller:storage-version-migrator-controller
  default 37-37: ServiceAccount/kube-system/storage-version-migrator-controller
  gated 30-36: ServiceAccount/kube-system/storage-version-migrator-controller
ClusterRoleBinding /system:controller:ttl-after-finished-controller
    ClusterRole/system:controller:ttl-after-finished-controller
  default 21-37: ServiceAccount/kube-system/ttl-after-finished-controller
  gated 16-20: ServiceAccount/kube-system/ttl-after-finished-controller
ClusterRoleBinding /system:controller:ttl-controller ClusterRole/system:controller:ttl-controller
  default 16-37: ServiceAccount/kube-system/ttl-controller
ClusterRoleBinding /system:controller:validatingadmissionpolicy-status-controller
    ClusterRole/system:controller:validatingadmissionpolicy-status-controller
  default 30-37: ServiceAccount/kube-system/validatingadmissionpolicy-status-controller
  gated 28-29: ServiceAccount/kube-system/validatingadmissionpolicy-status-controller
ClusterRoleBinding /system:controller:volumeattributesclass-protection-controller
    ClusterRole/system:controller:volumeattributesclass-protection-controller
  default 34-37: ServiceAccount/kube-system/volumeattributesclass-protection-controller
  gated 32-33: ServiceAccount/kube-system/volumeattributesclass-protection-controller
ClusterRoleBinding /system:discovery ClusterRole/system:discovery
  default 16-37: Group//system:authenticated
ClusterRoleBinding /system:kube-controller-manager ClusterRole/system:kube-controller-manager
  default 16-37: User//system:kube-controller-manager
ClusterRoleBinding /system:kube-dns ClusterRole/system:kube-dns
  default 16-37: ServiceAccount/kube-system/kube-dns
ClusterRoleBinding /system:kube-scheduler ClusterRole/system:kube-scheduler
  default 16-37: User//system:kube-scheduler
ClusterRoleBinding /system:monitoring ClusterRole/system:monitoring
  default 20-37: Group//system:monitoring
ClusterRoleBinding /system:node ClusterRole/system:node
  default 16-37:
ClusterRoleBinding /system:node-proxier ClusterRole/system:node-proxier
  default 16-37: User//system:kube-proxy
ClusterRoleBinding /system:public-info-viewer ClusterRole/system:public-info-viewer
  default 16-37: Group//system:authenticated Group//system:unauthenticated
ClusterRoleBinding /system:service-account-issuer-discovery
    ClusterRole/system:service-account-issuer-discovery
  default 20-37: Group//system:serviceaccounts
  gated 19-19: Group//system:serviceaccounts
ClusterRoleBinding /system:volume-scheduler ClusterRole/system:volume-scheduler
  default 16-37: User//system:kube-scheduler
RoleBinding kube-public/system:controller:bootstrap-signer Role/system:controller:bootstrap-signer
  default 16-37: ServiceAccount/kube-system/bootstrap-signer
RoleBinding kube-system/system::extension-apiserver-authentication-reader
    Role/extension-apiserver-authentication-reader
  default 16-37: User//system:kube-controller-manager User//system:kube-scheduler
RoleBinding kube-system/system::leader-locking-kube-controller-manager
    Role/system::leader-locking-kube-controller-manager
  default 16-30: User//system:kube-controller-manager ServiceAccount/kube-system/kube-controller-manager
  default 31-37: User//system:kube-controller-manager ServiceAccount/kube-system/kube-controller-manager
      ServiceAccount/kube-system/leader-election-controller
RoleBinding kube-system/system::leader-locking-kube-scheduler Role/system::leader-locking-kube-scheduler
  default 16-37: User//system:kube-scheduler ServiceAccount/kube-system/kube-scheduler
RoleBinding kube-system/system:controller:bootstrap-signer Role/system:controller:bootstrap-signer
  default 16-37: ServiceAccount/kube-system/bootstrap-signer
RoleBinding kube-system/system:controller:cloud-provider Role/system:controller:cloud-provider
  default 16-37: ServiceAccount/kube-system/cloud-provider
RoleBinding kube-system/system:controller:token-cleaner Role/system:controller:token-cleaner
  default 16-37: ServiceAccount/kube-system/token-cleaner
"""
