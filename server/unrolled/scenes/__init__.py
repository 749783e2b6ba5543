"""The documents of the project: scenes, their hashes, and the lessons that carry them."""
