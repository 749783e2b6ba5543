"""How every figure looks and speaks: a theme's colours, a language's words, numbers in print."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from unrolled.engine.digits import decimal, exact, result_style
from unrolled.figures.palette import Palette, palette
from unrolled.words import translator

Json = dict[str, Any]


def plain(words: str) -> str:
    """Words from a scene as Plotly may set them: what looks like a tag, or a link, is none."""
    return words.replace("&", "&amp;").replace("<", "&lt;")


@dataclass(frozen=True)
class Style:
    """A theme and a language."""

    theme: str = "light"
    lang: str = "en"

    @property
    def palette(self) -> Palette:
        """The theme's colours."""
        return palette(self.theme)

    def t(self, message: str, **values: object) -> str:
        """A message in the reader's language, its names filled in."""
        text = translator(self.lang, "figures")(message)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def number(self, value: float) -> str:
        """A number in a sentence: five decimals at most, small ones with their power of ten."""
        if math.isnan(value):
            return self.t("not a number")
        if math.isinf(value):
            return exact(value)
        text = result_style(value).text(decimal(value))
        return text.rstrip("0").rstrip(".") if "." in text and "·" not in text else text

    def joined(self, sentences: list[str]) -> str:
        """Sentences one after another, as the language sets them."""
        return ("" if self.lang == "zh" else " ").join(sentences)

    def layout(self, **more: Any) -> Json:
        """The layout that all figures share, and what one of them adds."""
        colours = self.palette
        font = {"family": colours.font, "size": colours.size, "color": colours["ink"]}
        return {
            "paper_bgcolor": colours["panel"],
            "plot_bgcolor": colours["panel"],
            "font": font,
            "margin": {"l": 12, "r": 12, "t": 12, "b": 12},
            "hoverlabel": {"font": font, "bgcolor": colours["panel"],
                           "bordercolor": colours["line"]},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0,
                       "itemclick": False, "itemdoubleclick": False},
            "dragmode": False,
            **more,
        }  # fmt: skip

    def axis(self, title: str, **more: Any) -> Json:
        """An axis that makes room for its own words."""
        colours = self.palette
        return {"title": {"text": title, "standoff": 8}, "automargin": True, "fixedrange": True,
                "gridcolor": colours["line"], "zerolinecolor": colours["line"],
                "linecolor": colours["line"], "ticks": "outside", "tickcolor": colours["line"],
                **more}  # fmt: skip

    def steps(self, count: int, **more: Any) -> Json:
        """The axis of timesteps, counted from 1 in whole numbers."""
        ticks = {"tick0": 1, "dtick": 1} if count <= 12 else {"nticks": 8}
        ends = [0.5, count + 0.5]
        return self.axis(self.t("step"), range=ends, tickformat="d", **ticks, **more)

    def powers(self, low: float, high: float) -> Json:
        """Ticks of a scale of logarithms from `low` to `high`: the numbers they stand for."""
        least, most = math.ceil(low - 1e-9), math.floor(high + 1e-9)
        if most - least < 2:
            values = [low + share * (high - low) for share in (0, 0.25, 0.5, 0.75, 1)]
            return {"tickvals": values, "ticktext": [f"{10**v:.3g}" for v in values]}
        every = math.ceil((most - least) / 6)
        whole = range(least, most + 1, every)
        return {"tickvals": list(whole), "ticktext": [f"10<sup>{v}</sup>" for v in whole]}
