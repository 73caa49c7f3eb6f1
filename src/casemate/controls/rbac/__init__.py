"""Role-based access control: roles that give more than was meant, and bindings to the wrong holders."""

SUBJECTS = ("Role", "Binding")
