"""Flows that network plugins saw: Hubble's, Calico's, and plain tables.

Each format is a module with a function that makes a `Flow` of a record, or says why it is none.
"""

from casemate.readers.flows.log import read_flows, unread

__all__ = ["read_flows", "unread"]
