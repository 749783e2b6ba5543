"""The sampled curve of an activation lies on the function and reaches past its argument."""

import math
from collections.abc import Callable

import pytest

from unrolled.engine.curve import curve

KNOWN: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "tanh": math.tanh,
    "relu": lambda a: max(a, 0.0),
    "identity": lambda a: a,
}


@pytest.mark.parametrize("operation", KNOWN)
@pytest.mark.parametrize("argument", [-90.0, 0.0, 0.5, 10.0])
def test_points_lie_on_the_function(operation: str, argument: float) -> None:
    points = curve(operation, argument)
    assert points is not None
    assert points[0][0] <= min(-6, argument)
    assert points[-1][0] >= max(6, argument)
    for a, y in points:
        assert y == pytest.approx(KNOWN[operation](a), rel=1e-4, abs=1e-6)


def test_points_without_a_value_are_left_out() -> None:
    points = curve("log", 2.0)
    assert points is not None
    assert min(a for a, _ in points) > 0


@pytest.mark.parametrize(
    ("operation", "argument"),
    [("softmax", 1.0), ("add", 1.0), ("tanh", math.inf), ("tanh", 1.7e308)],
)
def test_there_is_no_curve_where_there_is_no_picture(operation: str, argument: float) -> None:
    assert curve(operation, argument) is None
