"""A run: its exceptions, its folder, its manifest."""
