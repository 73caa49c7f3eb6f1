"""Which connections a cluster allows: policies of every dialect in one form, evaluated exactly."""
