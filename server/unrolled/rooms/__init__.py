"""Classes: rooms in which many browsers follow one.

`room.py` is what a room is and how a message changes it, without any I/O; `frames.py` what is said
about the change; `brokers/` keep rooms and tell all processes of changes; `hub.py` brings sockets
and brokers together and is the only one that waits for anything.
"""
