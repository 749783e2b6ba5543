"""The operations table: one row a primitive — forward, derivative, notation.

A row's `forward` is a sequence of NumPy functions, each written into the result ``y``: sigmoid
is ``y = -a; y = exp(y); y = y + 1; y = 1 / y``, which keeps the left tail (σ(-110) = 1.7e-48)
where forms over tanh lose it. `derivative` holds one expression an argument, in ``a``, ``b``
and the result ``y``, in the language cells are written in, so that it can be compiled, printed
and explained like any cell. The two operations that mix units, softmax and concat, have none:
their gradients are edges of their own in `plan_backward.py`.

Adding a primitive is adding a row.
"""

from __future__ import annotations

from dataclasses import dataclass

Step = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One primitive.

    `forward`: NumPy functions applied in turn, operands ``a``, ``b``, ``y`` or a number.
    `derivative`: dy/da, dy/db as expressions, for operations that act on each unit alone, in a
    form that keeps its digits; `reading`: the same as textbooks write it, where that differs.
    `analytic`: whether the complex step may be taken through it (Squire & Trapp 1998).
    `infix`, `precedence`: how it is written between its arguments; otherwise it is a function
    written `symbol`(…). `numpy`, `torch`: the same as code to copy, a function's name or a call
    with ``{}`` for its arguments; where `numpy` names no function of NumPy's, `forward` makes it.
    """

    name: str
    arity: int | None
    forward: tuple[Step, ...]
    derivative: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    analytic: bool = True
    infix: str = ""
    precedence: int = 4
    latex: str = ""
    symbol: str = ""
    numpy: str = ""
    torch: str = ""

    @property
    def elementwise(self) -> bool:
        """Whether each unit of the result depends on the same unit of the arguments only."""
        return bool(self.derivative)


def _function(
    name: str, forward: tuple[Step, ...], derivative: str, latex: str, symbol: str,
    numpy: str, torch: str, *, analytic: bool = True, reading: str = "",
) -> Operation:  # fmt: skip
    return Operation(
        name, 1, forward, (derivative,), reading=(reading or derivative,), analytic=analytic,
        latex=latex, symbol=symbol, numpy=numpy, torch=torch,
    )  # fmt: skip


# Negation is a product with −1: np.negative of NumPy 2.4 answers wrongly for some strides.
_SIGMOID = (("multiply", "a", "-1"), ("exp", "y"), ("add", "y", "1"), ("divide", "1", "y"))
_ROWS = (
    Operation(
        "add", 2, (("add", "a", "b"),), ("1", "1"), infix="+", precedence=1, latex="+",
        numpy="+", torch="+",
    ),
    Operation(
        "subtract", 2, (("subtract", "a", "b"),), ("1", "-1"), infix="−", precedence=1, latex="-",
        numpy="-", torch="-",
    ),
    Operation(
        "multiply", 2, (("multiply", "a", "b"),), ("b", "a"),
        infix="⊙", precedence=2, latex=r"\odot", numpy="*", torch="*",
    ),
    Operation(
        "divide", 2, (("divide", "a", "b"),), ("1 / b", "-y / b"),
        infix="/", precedence=2, latex="/", numpy="/", torch="/",
    ),
    Operation(
        "negative", 1, (("negative", "a"),), ("-1",), infix="−", precedence=3, latex="-",
        numpy="-", torch="-",
    ),
    Operation("matmul", 2, (("matmul", "a", "b"),), infix="", precedence=2, numpy="@", torch="@"),
    # Textbooks write y(1 − y) and 1 − y²; both lose every digit where y is within 1e-16 of 1.
    _function(
        "sigmoid", _SIGMOID, "0.5 / (1 + cosh(a))",
        r"\sigma", "σ", "sigmoid", "torch.sigmoid", reading="y * (1 - y)",
    ),
    _function(
        "tanh", (("tanh", "a"),), "1 / (cosh(a) * cosh(a))",
        r"\tanh", "tanh", "np.tanh", "torch.tanh", reading="1 - y * y",
    ),
    _function(
        "relu", (("maximum", "a", "0"),), "step(a)",
        r"\operatorname{ReLU}", "ReLU", "relu", "torch.relu", analytic=False,
    ),
    _function("identity", (("positive", "a"),), "1", "", "id", "", ""),
    _function("exp", (("exp", "a"),), "y", r"\exp", "exp", "np.exp", "torch.exp"),
    _function("cosh", (("cosh", "a"),), "sinh(a)", r"\cosh", "cosh", "np.cosh", "torch.cosh"),
    _function("sinh", (("sinh", "a"),), "cosh(a)", r"\sinh", "sinh", "np.sinh", "torch.sinh"),
    _function("log", (("log", "a"),), "1 / a", r"\log", "log", "np.log", "torch.log"),
    _function("sqrt", (("sqrt", "a"),), "1 / (2 * y)", r"\sqrt", "√", "np.sqrt", "torch.sqrt"),
    _function(
        "softplus", (("logaddexp", "a", "0"),), "sigmoid(a)",
        r"\operatorname{softplus}", "softplus", "softplus", "torch.nn.functional.softplus",
        analytic=False,
    ),
    _function(
        "absolute", (("absolute", "a"),), "sign(a)",
        r"\operatorname{abs}", "abs", "np.abs", "torch.abs", analytic=False,
    ),
    _function(
        "step", (("heaviside", "a", "0"),), "0",
        r"\operatorname{step}", "step",
        "np.heaviside({}, 0)", "torch.heaviside({0}, torch.zeros_like({0}))", analytic=False,
    ),
    _function(
        "sign", (("sign", "a"),), "0",
        r"\operatorname{sign}", "sign", "np.sign", "torch.sign", analytic=False,
    ),
    # At a tie each argument carries half the gradient, as PyTorch has it.
    Operation(
        "maximum", 2, (("maximum", "a", "b"),), ("(1 + sign(a - b)) / 2", "(1 + sign(b - a)) / 2"),
        analytic=False, latex=r"\max", symbol="max", numpy="np.maximum", torch="torch.maximum",
    ),
    Operation(
        "minimum", 2, (("minimum", "a", "b"),), ("(1 + sign(b - a)) / 2", "(1 + sign(a - b)) / 2"),
        analytic=False, latex=r"\min", symbol="min", numpy="np.minimum", torch="torch.minimum",
    ),
    # These two mix units.
    Operation(
        "softmax", 1, (("softmax", "a"),), latex=r"\operatorname{softmax}", symbol="softmax",
        numpy="softmax", torch="torch.softmax({}, dim=-1)",
    ),
    Operation(
        "concat", None, (("concat", "a"),),
        numpy="np.concatenate([{}])", torch="torch.cat([{}])",
    ),
)  # fmt: skip

OPERATIONS: dict[str, Operation] = {row.name: row for row in _ROWS}
"""Every primitive by name. Operators of the language are rows too."""

OPERATORS = ("add", "subtract", "multiply", "divide", "negative", "matmul")
FUNCTIONS: tuple[str, ...] = tuple(name for name in OPERATIONS if name not in OPERATORS)
"""What may be called by name in a cell's equations."""
