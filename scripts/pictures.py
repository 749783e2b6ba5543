"""The drawings of the documents, as SVG in docs/images/: drawn here, so that they can be redrawn.

    python scripts/documents.py         writes them, and the tables

A test holds the files to what this module draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from unrolled.engine.cell import catalogue
from unrolled.engine.program import compile_cell

PAPER, PANEL, INK, QUIET, LINE = "#fafaf7", "#ffffff", "#14181d", "#56606d", "#c9d1da"
FORGET, INPUT, OUTPUT, MEMORY, CANDIDATE = "#b04a00", "#007a5e", "#0b5ca8", "#7b1e5e", "#6a7180"
GRADIENT = "#be202e"
SANS = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


@dataclass
class Sheet:
    """A sheet of paper to draw on; `words` is its text for those who cannot see it."""

    width: int
    height: int
    words: str
    parts: list[str] = field(default_factory=list)

    def add(self, tag: str, text: str = "", **attributes: object) -> None:
        """An element; underscores in names of attributes become hyphens."""
        written = "".join(
            f' {k.rstrip("_").replace("_", "-")}="{v}"' for k, v in attributes.items()
        )
        body = f">{escape(text)}</{tag}>" if text else "/>"
        self.parts.append(f"<{tag}{written}{body}")

    def say(self, x: float, y: float, text: str, *, size: int = 15, fill: str = INK,
            weight: int = 400, anchor: str = "middle") -> None:  # fmt: skip
        """One line of words."""
        self.add("text", text, x=_n(x), y=_n(y), font_size=size, fill=fill, font_weight=weight,
                 text_anchor=anchor)  # fmt: skip

    def box(self, x: float, y: float, w: float, h: float, lines: Iterable[str], *,
            hue: str = QUIET, fill: str = PANEL) -> None:  # fmt: skip
        """A rounded box; the first line is its name, the others explain it."""
        self.add("rect", x=_n(x), y=_n(y), width=_n(w), height=_n(h), rx=10, fill=fill,
                 stroke=hue, stroke_width=2)  # fmt: skip
        lines = list(lines)
        top = y + h / 2 + 5 - 10 * (len(lines) - 1)
        for number, line in enumerate(lines):
            first = number == 0
            self.say(x + w / 2, top + 20 * number, line, size=15 if first else 13,
                     fill=INK if first else QUIET, weight=600 if first else 400)  # fmt: skip

    def line(self, *points: tuple[float, float], hue: str = QUIET, width: float = 2,
             dash: str = "", head: bool = True) -> None:  # fmt: skip
        """A line through points, with an arrow's head at its end."""
        path = "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        more = {"stroke_dasharray": dash} if dash else {}
        self.add("path", d=path, fill="none", stroke=hue, stroke_width=width, **more)
        if head:
            (x0, y0), (x, y) = points[-2:]
            dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
            wings = [(x + 3 * dx, y + 3 * dy), (x - 8 * dx - 5 * dy, y - 8 * dy - 5 * dx),
                     (x - 8 * dx + 5 * dy, y - 8 * dy + 5 * dx)]  # fmt: skip
            shape = " ".join(f"{_n(a)},{_n(b)}" for a, b in wings)
            self.add("polygon", points=shape, fill=hue)

    def text(self) -> str:
        """The file."""
        size = f'width="{self.width}" height="{self.height}"'
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
            f' viewBox="0 0 {self.width} {self.height}" role="img" font-family="{SANS}">',
            f"<title>{escape(self.words)}</title>",
            f'<rect {size} rx="12" fill="{PAPER}"/>',
            *self.parts,
            "</svg>",
        ]
        return "\n".join(lines) + "\n"


def derived() -> Sheet:
    """One text, and what is made of it."""
    sheet = Sheet(860, 300, "From one text to program, notation, diagram, arithmetic")
    sheet.box(20, 110, 190, 80, ["equations", "one text, one file"], hue=MEMORY)
    sheet.box(270, 110, 190, 80, ["expressions", "frozen nodes"])
    sheet.line((210, 150), (265, 150))
    made = [
        ("dataflow graph", "then instructions, then loops", OUTPUT),
        ("notation", "LaTeX, MathML, words, code", INPUT),
        ("diagram", "nodes, edges, lanes, ranks", FORGET),
        ("arithmetic", "0·3 + 100·1 − 10 = 90", CANDIDATE),
    ]
    for number, (name, words, hue) in enumerate(made):
        y = 15 + 70 * number
        sheet.box(540, y, 300, 56, [name, words], hue=hue)
        sheet.line((460, 150), (500, 150), (500, y + 28), (535, y + 28))
    return sheet


def rooms() -> Sheet:
    """Which package may import which."""
    sheet = Sheet(860, 350, "Imports point one way: command line, web, then scenes, then engine")
    sheet.box(260, 15, 340, 54, ["cli, commands", "serve, lessons, trace, check"])
    sheet.box(260, 105, 340, 54, ["web", "routes, pages, problems, caches"])
    sheet.box(20, 195, 220, 54, ["scenes", "documents, lessons, hashes"], hue=MEMORY)
    sheet.box(260, 195, 160, 54, ["figures", "to come"], hue=LINE)
    sheet.box(440, 195, 160, 54, ["models", "to come"], hue=LINE)
    sheet.box(640, 195, 200, 54, ["rooms", "to come; knows no engine"], hue=LINE)
    sheet.box(20, 282, 580, 54, ["engine", "NumPy and the standard library alone"], hue=OUTPUT)
    sheet.line((430, 69), (430, 100))
    for x in (130, 340, 520):
        sheet.line((430, 159), (430, 177), (x, 177), (x, 190))
        sheet.line((x, 249), (x, 277))
    sheet.line((430, 159), (430, 177), (740, 177), (740, 190))
    return sheet


def phases() -> Sheet:
    """What is computed for all steps at once, and what step by step."""
    sheet = Sheet(860, 330, "Before the loop, in the loop, after the loop; forwards and backwards")
    steps = [270 + 78 * k for k in range(4)]

    def row(y: int, title: str, hue: str, words: list[tuple[str, str]], back: bool) -> None:
        sheet.say(20, y - 12, title, size=15, weight=600, anchor="start")
        (left, right) = words
        sheet.box(20, y, 210, 84, left, hue=hue)
        sheet.box(630, y, 210, 84, right, hue=hue)
        for number, x in enumerate(steps):
            label = ["4", "3", "2", "1"] if back else ["1", "2", "3", "4"]
            sheet.box(x, y + 14, 56, 56, [label[number]], hue=hue)
            if number:
                sheet.line((x - 22, y + 42), (x - 5, y + 42), hue=hue)
        sheet.line((230, y + 42), (265, y + 42), hue=hue)
        sheet.line((560, y + 42), (625, y + 42), hue=hue)

    before, after = ("before", "W @ x of all steps"), ("after", "what no later step needs")
    early, late = ("early", "factors of all steps"), ("late", "all other gradients")
    row(40, "forward", MEMORY, [before, after], back=False)
    row(200, "backward", GRADIENT, [early, late], back=True)
    sheet.say(417, 148, "loop: what a later step needs, one small call after another", size=13,
              fill=QUIET)  # fmt: skip
    sheet.say(417, 308, "loop: gradients of states, g = g·factor + …", size=13, fill=QUIET)
    return sheet


def state() -> Sheet:
    """The page's one state and the one way round."""
    sheet = Sheet(860, 250, "The page: actions change the state, views draw it and call actions")
    sheet.box(300, 90, 260, 70, ["state", "{scene, cursor, view}"], hue=MEMORY)
    sheet.box(630, 90, 210, 70, ["views", "each draws its own part"], hue=OUTPUT)
    sheet.box(20, 90, 210, 70, ["actions", "the only writers"], hue=FORGET)
    sheet.box(20, 15, 210, 46, ["net: answers"])
    sheet.box(300, 15, 260, 46, ["address bar, host page, keys"])
    sheet.line((125, 61), (125, 85))
    sheet.line((300, 38), (265, 38), (265, 110), (235, 110))
    sheet.line((230, 130), (295, 130))
    sheet.line((560, 125), (625, 125))
    sheet.line((735, 160), (735, 210), (125, 210), (125, 165))
    sheet.say(430, 202, "a click, a key, a drag", size=13, fill=QUIET)
    sheet.say(592, 115, "reads", size=13, fill=QUIET)
    return sheet


def valve(sheet: Sheet, x: float, y: float, value: float, hue: str) -> None:
    """A gate as the player draws it: a circle filled to its value, what passes beneath."""
    radius = 26.0
    level = 2 * radius * value
    name = f"valve-{_n(x)}"
    circle = f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'
    sheet.parts.append(f'<clipPath id="{name}">{circle}</clipPath>')
    sheet.add("circle", cx=_n(x), cy=_n(y), r=26, fill=PANEL)
    sheet.add("rect", x=_n(x - radius), y=_n(y + radius - level), width=52, height=_n(level),
              fill=hue, fill_opacity=0.3, clip_path=f"url(#{name})")  # fmt: skip
    sheet.add("circle", cx=_n(x), cy=_n(y), r=26, fill="none", stroke=hue, stroke_width=3)
    sheet.say(x, y + 5, f"{value:g}", weight=600)


def signs() -> Sheet:
    """The signs of the diagram and of time."""
    sheet = Sheet(860, 380, "Belt, valve, candidate, operation, function; past, present, future")
    sheet.line((30, 48), (250, 48), hue=MEMORY, width=8, head=False)
    sheet.say(140, 28, "belt: the memory, carried on", size=13, fill=QUIET)
    valves = [(340, 1.0, "open", 4.0, ""), (430, 0.4, "half open", 1.8, ""),
              (520, 0.0, "shut", 1.6, "2 5")]  # fmt: skip
    for x, value, words, width, dash in valves:
        valve(sheet, x, 100, value, FORGET)
        sheet.line((x, 74), (x, 30), hue=FORGET, width=width, dash=dash)
        sheet.say(x, 148, words, size=13, fill=QUIET)
    sheet.say(430, 168, "valve: a gate; the line above shows what passes", size=13, fill=QUIET)
    sheet.add("rect", x=594, y=74, width=52, height=52, rx=12, fill=PANEL, stroke=CANDIDATE,
              stroke_width=3)  # fmt: skip
    sheet.say(620, 105, "2", weight=600)
    sheet.say(620, 148, "candidate", size=13, fill=QUIET)
    sheet.add("circle", cx=710, cy=100, r=15, fill=PANEL, stroke=INPUT, stroke_width=3)
    sheet.say(710, 106, "×", size=18)
    sheet.say(710, 148, "operation", size=13, fill=QUIET)
    sheet.add("rect", x=766, y=87, width=58, height=26, rx=13, fill=PANEL, stroke=MEMORY,
              stroke_width=3)  # fmt: skip
    sheet.say(795, 105, "tanh")
    sheet.say(795, 148, "function", size=13, fill=QUIET)
    _time(sheet)
    return sheet


def _time(sheet: Sheet) -> None:
    sheet.line((30, 262), (510, 262), hue=MEMORY, width=6, head=False)
    sheet.line((510, 262), (830, 262), hue=MEMORY, width=6, dash="1 0", head=False)
    sheet.parts[-1] = sheet.parts[-1].replace("/>", ' stroke-opacity="0.3"/>')
    columns = [(60, "3", "past"), (230, "7", "past"), (400, "7", "present"), (570, "?", "future"),
               (740, "?", "future")]  # fmt: skip
    for x, number, when in columns:
        pale = when == "future"
        sheet.add("rect", x=x - 2, y=236, width=90, height=52, rx=10,
                  fill="#f0e4ec" if when == "present" else PANEL,
                  stroke=LINE if pale else MEMORY, stroke_width=4 if when == "present" else 2,
                  stroke_dasharray="6 5" if pale else "none")  # fmt: skip
        sheet.say(x + 43, 268, number, weight=600, fill=QUIET if pale else INK)
        sheet.say(x + 43, 318, when, size=13, fill=QUIET)
    sheet.say(430, 350, "time: what was is solid, what is is marked, what comes is pale", size=13,
              fill=QUIET)  # fmt: skip


def rows() -> Sheet:
    """The record of one step of an LSTM, as the compiler lays it out today."""
    sheet = Sheet(860, 240, "Rows of one step of the LSTM's record, and what one call computes")
    units = 256  # a small cell has its input between the rows
    program = compile_cell(catalogue()["lstm"], {}, {"input": units, "units": units})
    place = {name: program.layout.rows[i][0] // units for name, i in program.graph.named.items()}
    hues = {"f": FORGET, "i": INPUT, "o": OUTPUT, "c": MEMORY, "g": CANDIDATE}
    left = {name: 26 + 74 * row for name, row in place.items()}
    for name in place:
        words = f"{name}[t−1]" if name in program.layout.states else name
        sheet.box(left[name], 92, 68, 50, [words], hue=hues.get(name[-1], INK))

    def brace(first: str, last: str, words: str, y: int, *, above: bool) -> None:
        ends, turn = (left[first], left[last] + 68), 12 if above else -12
        points = [(ends[0], y + turn), (ends[0], y), (ends[1], y), (ends[1], y + turn)]
        sheet.line(*points, head=False)
        sheet.say(sum(ends) / 2, y - 8 if above else y + 19, words, size=13, fill=QUIET)

    order = sorted(place, key=lambda name: place[name])
    sums = [name for name in order if name.startswith("z_")]
    gates = [name for name in order if name in ("f", "i", "o")]
    assert place["g"] == place["c"] + 1
    assert place["i"] == place["f"] + 1, "f·c[t−1] and i·g are one call"
    brace(sums[0], sums[-1], "one product with all U, one with all W", 70, above=True)
    brace(sums[1], sums[-1], "one σ makes", 164, above=False)
    brace(gates[0], gates[-1], "these three", 164, above=False)
    brace("c", "g", "one product of", 34, above=True)
    brace("f", "i", "these two pairs", 34, above=True)
    sheet.say(430, 222, "a run of rows is one operand, however many values it holds", size=13,
              fill=QUIET)  # fmt: skip
    return sheet


PICTURES: dict[str, Callable[[], Sheet]] = {
    "derived.svg": derived,
    "phases.svg": phases,
    "rooms.svg": rooms,
    "rows.svg": rows,
    "signs.svg": signs,
    "state.svg": state,
}
"""Every drawing by the name of its file."""


def _n(value: float) -> str:
    return f"{value:g}"
