"""Sources of users and groups: directories, exports of them, and certificates."""
