"""The programs of the control plane, as their flags and files start them."""
