"""The network policies that leave only what is needed: what is needed and why, policies, and their proof."""
