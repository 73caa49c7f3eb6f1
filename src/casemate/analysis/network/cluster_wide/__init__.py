"""The cluster-wide policies of Kubernetes, in the common form."""
