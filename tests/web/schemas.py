"""What the schema of any socket's messages must keep."""

import json
import re
from typing import Any


def check_references(schema: dict[str, Any]) -> None:
    """Every reference within the schema leads somewhere, and every message names its type."""
    references = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
    assert references <= set(schema["$defs"])
    for side in ("Client", "Server"):
        for each in schema["$defs"][side]["oneOf"]:
            kind = schema["$defs"][each["$ref"].rpartition("/")[2]]
            assert kind["properties"]["type"]["const"]
            assert "type" in kind["required"]
