"""A scene stepped live: messages in, answers out, without any input or output of its own."""
