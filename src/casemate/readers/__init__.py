"""The world in: files, archives, charts and kustomizations become an estate of typed entities."""
