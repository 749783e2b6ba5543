"""Many small modules, one file on the wire: links the page's ES modules from their own text.

The scripts stay as they are written and there is no build step; a page still loads them in one
request. Every module becomes a function called once, in the order of their imports; comments of
documentation, casts of types and indents are left out, so that no text in backquotes may go over
the end of a line. Only the plain forms that the scripts use are understood; any other is an error
that names the file.
"""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(
    r'^(?P<kind>import|export)\s+(?:\{(?P<names>[^}]*)\}\s+from\s+)?"(?P<path>\.[^"]+)";\n',
    re.MULTILINE,
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)
_LIST = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_DOCUMENTATION = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
_REMARK = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_CAST = re.compile(r"/\*\* @type .*?\*/ ?")
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


class LinkError(ValueError):
    """A module cannot be linked: an unknown form, a missing file or a circle of imports."""


def link(entry: Path) -> str:
    """The module at `entry` and all it imports, as the text of one module that exports the same.

    Raises:
        LinkError: naming the file and the line that is not understood.
    """
    order: list[Path] = []
    texts: dict[Path, str] = {}
    _visit(entry.resolve(), order, texts, ())
    number = {path: f"m{index}" for index, path in enumerate(order)}
    modules = "".join(_wrapped(path, texts[path], number) for path in order)
    names = [match[1] for match in _EXPORT.finditer(texts[order[-1]])]
    if not names:
        return modules
    return f"{modules}export const {{ {', '.join(names)} }} = {number[order[-1]]};\n"


def _visit(path: Path, order: list[Path], texts: dict[Path, str], above: tuple[Path, ...]) -> None:
    if path in above:
        raise LinkError(f"{path.name}: imports itself through {above[-1].name}")
    if path in order:
        return
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise LinkError(f"{above[-1].name if above else 'page'}: imports no such {path}") from None
    texts[path] = _uncommented(text)
    for match in _IMPORT.finditer(texts[path]):
        _visit((path.parent / match["path"]).resolve(), order, texts, (*above, path))
    order.append(path)


def _uncommented(text: str) -> str:
    said = _REMARK.sub("", _DOCUMENTATION.sub("", text))
    return _INDENT.sub("", _CAST.sub("", said))


def _wrapped(path: Path, text: str, number: dict[Path, str]) -> str:
    exports = [match[1] for match in _EXPORT.finditer(text)]
    head: list[str] = []
    for match in _IMPORT.finditer(text):
        pairs = _pairs(match["names"] or "")
        source = number[(path.parent / match["path"]).resolve()]
        if match["kind"] == "export":
            exports += [f"{alias}: {source}.{name}" for name, alias in pairs]
        elif pairs:
            taken = ", ".join(n if n == a else f"{n}: {a}" for n, a in pairs)
            head.append(f"const {{ {taken} }} = {source};\n")
    for match in _LIST.finditer(text):
        exports += [n if n == a else f"{a}: {n}" for n, a in _pairs(match[1])]
    body = _LIST.sub("", _IMPORT.sub("", _EXPORT.sub("", text)))
    if unknown := _OTHER.search(body):
        raise LinkError(f"{path.name}: not understood: {unknown[0]}")
    made = f"return {{ {', '.join(exports)} }};\n" if exports else ""
    return f"const {number[path]} = (() => {{\n{''.join(head)}{body}{made}}})();\n"


def _pairs(names: str) -> list[tuple[str, str]]:
    parts = [part.split(" as ") for part in names.split(",") if part.strip()]
    return [(part[0].strip(), part[-1].strip()) for part in parts]
