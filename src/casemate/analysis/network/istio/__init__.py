"""Istio at layer 4: who is in the mesh, who can prove who it is, and what its policies say."""
