"""The writing half of an encoder–decoder settled: what it is fed, where it starts, how it looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from unrolled.engine.attention import AttentionSpec
from unrolled.scenes import sequences, weights
from unrolled.scenes.errors import DocumentError, FieldError, shown
from unrolled.scenes.layers import ResolvedLayer
from unrolled.scenes.limits import Limits
from unrolled.scenes.schema import Attention, EncoderDecoder, Scene
from unrolled.scenes.weights import Array

FIELD, ADDRESS = "network.attention", "decoder.attention"


class Work(NamedTuple):
    """Numbers in the weights of attention, numbers its run records, multiplications it takes."""

    parameters: int
    recorded: int
    cost: int


@dataclass(frozen=True)
class ResolvedAttention:
    """Attention whose every size is a number."""

    attention: Attention
    spec: AttentionSpec

    def weights(self, seed: int) -> dict[str, Array]:
        """Effective weights; a parameter's fan-in are the entries of one of its rows."""
        shapes = self.spec.shapes
        if self.attention.weights:
            given = self.attention.weights
            return weights.effective(shapes, given, seed=seed, address=ADDRESS, fan=1)
        return {
            name: weights.seeded(seed, f"{ADDRESS}.{name}", shape, shape[-1])
            for name, shape in shapes.items()
        }

    def mistakes(self) -> Iterator[FieldError]:
        """Wrong weights, a size where nothing has one."""
        attention = self.attention
        yield from weights.mistakes(self.spec.shapes, attention.weights, f"{FIELD}.weights")
        if attention.size is not None and attention.kind != "additive":
            yield FieldError(f"{FIELD}.size", "nothing, unless the kind is additive",
                             shown(attention.size))  # fmt: skip

    def work(self, keys: int, queries: int) -> Work:
        """What a run takes."""
        spec, pairs = self.spec, keys * queries
        parameters = sum(prod(shape) for shape in spec.shapes.values())
        if spec.pairs:
            each = spec.query + spec.key
            own = Work(parameters, pairs * (each + 2 * spec.size), pairs * (each + 1) * spec.size)
        else:
            own = Work(parameters, queries * spec.key, pairs * spec.query + queries * parameters)
        recorded = own.recorded + 2 * pairs + queries * spec.key
        return Work(parameters, recorded, own.cost + pairs * spec.key)


@dataclass(frozen=True)
class DecoderPlan:
    """The layers that write, attention or none, and the rows they are fed: None where each step is
    fed the likeliest answer of the step before."""

    layers: list[ResolvedLayer]
    attention: ResolvedAttention | None
    inputs: list[list[float]] | None
    steps: int

    @property
    def context(self) -> int:
        """Entries that attention adds to what the readout sees."""
        return 0 if self.attention is None else self.attention.spec.key


@dataclass(frozen=True)
class Fed:
    """What the decoder is fed: rows or None, how many steps, how wide."""

    rows: list[list[float]] | None
    steps: int
    width: int

    @classmethod
    def of(cls, scene: Scene, network: EncoderDecoder, limits: Limits) -> Fed:
        """Given rows, or its own answers; raises `DocumentError`."""
        rows, readout = scene.decoder_inputs, network.decoder.readout
        if errors := list(_feeding_mistakes(scene, network)):
            raise DocumentError(errors)
        if rows is None:
            assert network.steps is not None
            assert readout is not None
            _bound(limits, "network.steps", network.steps, readout.outputs)
            return cls(None, network.steps, readout.outputs)
        _bound(limits, "decoder_inputs", len(rows), len(rows[0]) if rows else 1)
        return cls(sequences.checked_rows(rows, "decoder_inputs"), len(rows), len(rows[0]))


def _feeding_mistakes(scene: Scene, network: EncoderDecoder) -> Iterator[FieldError]:
    if scene.decoder_inputs is not None:
        for name in ("feedback", "steps"):
            value = getattr(network, name)
            if value is not None:
                expected = "nothing, the decoder's inputs are given"
                yield FieldError(f"network.{name}", expected, shown(value))
        return
    if network.feedback is None:
        expected = "a row for each step, or null with feedback greedy and steps"
        yield FieldError("decoder_inputs", expected, "nothing")
        return
    if network.steps is None:
        yield FieldError("network.steps", "how many steps the decoder feeds itself", "nothing")
    if network.decoder.readout is None:
        expected = "a readout, whose likeliest output is fed back"
        yield FieldError("network.decoder.readout", expected, "nothing")


def _bound(limits: Limits, field: str, steps: int, width: int) -> None:
    errors = [limits.exceeded("steps", field, steps), limits.exceeded("inputs", field, width)]
    if mistakes := [error for error in errors if error is not None]:
        raise DocumentError(mistakes)


def handover_mistakes(
    reading: Sequence[ResolvedLayer], writing: Sequence[ResolvedLayer]
) -> Iterator[FieldError]:
    """A decoder that cannot start from the encoder's final states."""
    if len(reading) != len(writing):
        expected = f"{len(reading)} layers, as the encoder has"
        yield FieldError("network.decoder.layers", expected, str(len(writing)))
        return
    for reader, writer in zip(reading, writing, strict=True):
        if writer.layer.direction != "forward":
            yield FieldError(f"{writer.field}.direction", "forward, a decoder writes step by step",
                             shown(writer.layer.direction))  # fmt: skip
            continue
        both = len(reader.directions)
        ended = {name: both * size for name, size in reader.state_sizes().items()}
        starts = writer.state_sizes()
        if ended != starts:
            whose = "both directions of the encoder's layer" if both == 2 else "the encoder's layer"
            yield FieldError(writer.field, f"the final state of {whose}, {_words(ended)}",
                             _words(starts))  # fmt: skip


def attention(
    given: Attention | None, query: int, key: int, limits: Limits
) -> ResolvedAttention | None:
    """Attention between a query and a key of so many entries; raises `DocumentError`."""
    if given is None:
        return None
    if given.kind == "dot" and query != key:
        raise DocumentError.of(
            FIELD, f"general or additive, as the decoder's output has {query} entries and the "
            f"encoder's {key}", '"dot", which wants as many',
        )  # fmt: skip
    size = given.size or query
    if error := limits.exceeded("units", f"{FIELD}.size", size):
        raise DocumentError([error])
    return ResolvedAttention(given, AttentionSpec(given.kind, query, key, size))


def _words(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} of {size}" for name, size in sizes.items()) or "no state"
