"""Role-based access control as the API server evaluates it: rules, capabilities, and who holds them."""
