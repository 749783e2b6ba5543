"""The player that fits a scene."""

from __future__ import annotations

from unrolled.scenes.limits import Limits
from unrolled.scenes.live.decoder_player import DecoderPlayer
from unrolled.scenes.live.player import Player
from unrolled.scenes.live.stack_player import StackPlayer
from unrolled.scenes.plan import Plan


def player(scene: Plan, limits: Limits, history: int) -> Player:
    """A player before its scene's first step; it may take `history` steps past the end."""
    kind = StackPlayer if scene.decoder is None else DecoderPlayer
    return kind(scene, limits, history)
