"""The language of cells: what is understood, and what every mistake is told with."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.random_cells import documents
from unrolled.engine.cell import Cell, catalogue, cell_from_document
from unrolled.engine.errors import CellError
from unrolled.engine.expressions import Apply, Name, Number
from unrolled.engine.operations import FUNCTIONS
from unrolled.engine.parse import MAX_BYTES, MAX_HEIGHT, MAX_NESTING, equations, expression


def mistake(text: str, **fields: Any) -> CellError:
    """The error of a cell with this text."""
    document = {"id": "mine", "state": ["h"], "output": "h", "equations": text, **fields}
    with pytest.raises(CellError) as caught:
        cell_from_document(document)
    return caught.value


def test_operators_bind_as_in_python() -> None:
    a, b, c = Name("a"), Name("b"), Name("c")
    product = Apply("multiply", (b, c))
    assert expression("a + b * c") == Apply("add", (a, product))
    assert expression("(a + b) * c") == Apply("multiply", (Apply("add", (a, b)), c))
    assert expression("a - b - c") == Apply("subtract", (Apply("subtract", (a, b)), c))
    assert expression("W @ a * b") == Apply("multiply", (Apply("matmul", (Name("W"), a)), b))
    assert expression("-a * b") == Apply("multiply", (Apply("negative", (a,)), b))
    assert expression("a / -2") == Apply("divide", (a, Number(-2)))
    assert expression("c[t-1]") == Name("c", previous=True)


def test_a_matrix_stands_left_of_its_product_even_after_a_factor() -> None:
    """@ and * bind alike, left to right: a * W @ b is (a * W) @ b, which is none."""
    assert mistake("h = a * W @ x").expected == "a parameter's bare name on the left of @"
    assert equations("h = a * (W @ x)")[0].expression == expression("a * (W @ x)")


def test_lines_may_stand_in_any_order_and_keep_it() -> None:
    cell = cell_from_document(
        {"id": "mine", "state": ["h"], "output": "h",
         "equations": "h = tanh(z)  # a word\n\nz = W @ x + h[t-1]"}
    )  # fmt: skip
    assert [e.name for e in cell.equations] == ["h", "z"]
    assert [e.name for e in cell.evaluation] == ["z", "h"]
    assert [(e.at.line, e.source) for e in cell.equations] == [
        (1, "h = tanh(z)"),
        (3, "z = W @ x + h[t-1]"),
    ]


def nested(levels: int) -> str:
    return "tanh(" * levels + "x" + ")" * levels


@pytest.mark.parametrize(
    ("text", "line", "column", "expected", "got"),
    [
        ("h = W @", 1, 8, "an equation such as h = tanh(W @ x)", "invalid syntax"),
        ("h = x\nk = a b", 2, 7, "an equation such as", "invalid syntax"),
        ("h = x\n  k = x", 2, 2, "an equation such as", "unexpected indent"),
        ("h = x\n\nk = foo(x)", 3, 5, "one of the primitives sigmoid, tanh, relu", "'foo'"),
        ("h = np.tanh(x)", 1, 5, "a primitive with plain arguments", "np.tanh"),
        ("h = tanh(x, x)", 1, 5, "1 argument of tanh", "2"),
        ("h = maximum(x)", 1, 5, "2 arguments of maximum", "1"),
        ("h = concat()", 1, 5, "at least one argument of concat", "none"),
        ("h = tanh", 1, 5, "tanh(…)", "'tanh' without arguments"),
        ("h = tanh(x=x)", 1, 5, "a primitive with plain arguments", "tanh"),
        ("h = tanh(*x)", 1, 10, "a value, a number", "Starred"),
        ("h = x ** 2", 1, 5, "one of + - * / @", "Pow"),
        ("h = +x", 1, 5, "a value, a number", "UnaryOp"),
        ("h = x.y", 1, 5, "a value, a number", "Attribute"),
        ("h = x < x", 1, 5, "a value, a number", "Compare"),
        ("h = 'x'", 1, 5, "a number", "'x'"),
        ("h = 2j", 1, 5, "a number", "2j"),
        ("h = 1e999", 1, 5, "a finite number", "one too large for 64 bits"),
        ("h += x", 1, 1, "name = expression", "AugAssign"),
        ("h = g = x", 1, 1, "name = expression", "Assign"),
        ("h[t-1] = x", 1, 1, "name = expression", "Assign"),
        ("h = x\nh = x", 2, 1, "each value defined once", "a second 'h'"),
        ("h = x\nx = h", 2, 1, "a name of its own for the value", "'x'"),
        ("h = x + t", 1, 9, "a value", "'t', which stands for the timestep"),
        ("h = _y", 1, 5, "a name of a letter and up to 31 letters", "'_y'"),
        ("h = lambda", 1, 5, "a name that is not a keyword of Python", "'lambda'"),
        ("h = é", 1, 5, "printable ASCII", "'é'"),
        ("h = x\nh\x0b = x", 2, 2, "printable ASCII", r"'\x0b'"),
        ("h = y[t-1]", 1, 5, "[t-1] of a state (h)", "y[t-1]"),
        ("h = x[t-1]", 1, 5, "[t-1] of a state (h)", "x[t-1]"),
        ("h = h[t-2]", 1, 5, "name[t-1]; a bare name means [t]", "h[t - 2]"),
        ("h = h[t+1]", 1, 5, "name[t-1]; a bare name means [t]", "h[t + 1]"),
        ("h = h", 1, 5, "no cycle within a timestep", "h → h"),
        ("h = a\na = b\nb = x + a", 3, 9, "no cycle within a timestep", "a → b → a"),
        ("h = W", 1, 5, "W @ a vector", "the matrix 'W' alone"),
        ("h = w @ x", 1, 5, "a matrix, its name starting with a capital", "'w'"),
        ("h = W @ 3", 1, 5, "W @ a vector", "a number"),
        ("h = W @ x @ x", 1, 5, "a parameter's bare name on the left of @", "an expression"),
        ("h = h[t-1] @ x", 1, 5, "a parameter's bare name on the left of @", "an expression"),
        ("h = softmax(2)", 1, 5, "a vector", "a number"),
        ("h = concat(x, 1)", 1, 15, "a vector", "a number"),
        ("h = x + v", 1, 5, "values of one size, input entries", "static entries"),
        ("k = W @ x\nh = k + W @ v", 2, 9, "one size, input entries", "static entries"),
        ("h = concat(x, h[t-1])", 1, 1, "values of one size", "input + units entries"),
        ("# nothing", 1, 1, "at least one equation", "none"),
        (f"h = {nested(MAX_NESTING + 1)}", 1, 4 + 5 * (MAX_NESTING + 1), "nesting of at most", ""),
        ("h = " + "-" * 3000 + "x", 1, 1, "nesting of at most 50", "more"),
        ("h = x" + " + x" * (MAX_HEIGHT + 1), 1, 5, f"at most {MAX_HEIGHT} operations", "more"),
        ("h = x #" + "a" * MAX_BYTES, 1, 1, f"equations of at most {MAX_BYTES} bytes", "100"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(
    text: str, line: int, column: int, expected: str, got: str
) -> None:
    error = mistake(text)
    assert (error.line, error.column) == (line, column), str(error)
    assert expected in error.expected
    assert got in error.got
    assert str(error).startswith(f"equations, line {line}, column {column}: expected ")


@pytest.mark.parametrize(
    ("fields", "field", "expected"),
    [
        ({"id": "1a"}, "id", "a letter and up to 31 letters, digits or _"),
        ({"id": None}, "id", "text"),
        ({"equations": " \n"}, "equations", "text"),
        ({"state": "h"}, "state", "a list of names"),
        ({"state": ["h", "h"]}, "state", "each state once"),
        ({"state": ["k"]}, "state", "a value that an equation defines"),
        ({"output": "k"}, "output", "a value that an equation defines"),
        ({"sizes": {"k": "outputs"}}, "sizes.k", "a value that an equation defines"),
        ({"sizes": {3: "outputs"}}, "sizes.3", "a value that an equation defines"),
        ({"sizes": {"h": "a b"}}, "sizes.h", "the name of a size"),
        ({"sizes": []}, "sizes", "a table of sizes"),
        ({"options": {"f": ["maximum"]}}, "options.f", "primitives of one argument"),
        ({"options": {"f": []}}, "options.f", "a list of primitives"),
        ({"options": {"tanh": ["tanh"]}}, "options.tanh", "a name that is not a primitive"),
        ({"options": {3: ["tanh"]}}, "options.3", "a name of a letter"),
        ({"colour": "red"}, "colour", "one of diagram, equations, id"),
    ],
)
def test_a_mistake_in_another_field_names_the_field(
    fields: dict[str, Any], field: str, expected: str
) -> None:
    error = mistake(**{"text": "h = tanh(x)", **fields}) if "equations" not in fields else None
    if error is None:
        error = mistake(fields["equations"])
    assert error.field == field
    assert error.expected.startswith(expected)


@pytest.mark.parametrize("levels", [1, 20, MAX_NESTING - 1])
def test_nesting_up_to_the_limit_is_understood(levels: int) -> None:
    assert equations(f"h = {nested(levels)}")[0].name == "h"


def test_names_of_thirty_two_characters_are_the_longest() -> None:
    assert equations("a" * 32 + " = x")[0].name == "a" * 32
    assert mistake("h = x\n" + "a" * 33 + " = x").line == 2


@pytest.mark.parametrize("count", [9, 30, 60])
def test_concatenating_a_value_with_itself_again_and_again_is_refused_at_once(count: int) -> None:
    lines = ["h = concat(x, x)", "a0 = concat(h, h)"]
    lines += [f"a{n} = concat(a{n - 1}, a{n - 1})" for n in range(1, count)]
    for ordered in (lines, lines[::-1]):
        begin = time.perf_counter()
        assert "parts in a concatenation" in mistake("\n".join(ordered)).expected
        assert time.perf_counter() - begin < 1


WORDS = ("h", "x", "W", "c[t-1]", "h[t-1]", "t", "=", "+", "-", "*", "/", "@", "(", ")", "[", "]",
         ",", "\n", " ", "#", "1", "0.5", "1e9", "tanh(", "concat(", "maximum(", "lambda", "\\\n",
         "'", '"""', "f'", ":", ";", "_", "**", "//", "not ", "é", "\x00", "\t", ".")  # fmt: skip


def judged(text: str) -> Cell | CellError:
    """A cell or a CellError; any other exception is a failure."""
    try:
        return cell_from_document({"id": "a", "state": ["h"], "output": "h", "equations": text})
    except CellError as error:
        return error


def is_judged(text: str) -> None:
    """A cell or a CellError with a place, within a second."""
    begin = time.perf_counter()
    found = judged(text)
    assert time.perf_counter() - begin < 1
    if isinstance(found, CellError):
        assert 1 <= found.line <= len(text.split("\n")) + 1
        assert found.column >= 1


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_any_text_is_a_cell_or_a_clear_mistake(text: str) -> None:
    is_judged(text)
    is_judged(f"h = {text}")


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_any_words_of_the_language_are_a_cell_or_a_clear_mistake(text: str) -> None:
    is_judged(text)
    is_judged(f"h = {text}")


@settings(max_examples=300)
@given(st.sampled_from([c.text for c in catalogue().values()]), st.data())
def test_a_mutated_cell_is_a_cell_or_a_clear_mistake(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        stop = data.draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + data.draw(st.sampled_from(WORDS) | st.text(max_size=3)) + text[stop:]
    is_judged(text)


@pytest.mark.parametrize(
    "unit", ["(", "[", "-", "x-", "x[t-1]", "not ", "tanh(", "concat(x,", "lambda:", "x if x else ",
             "9", "1e9", "x.", "x<", "x or ", "[t-1]", "{", "\\\n", "x;h=", '"', "f'{", "@"]
)  # fmt: skip
@pytest.mark.parametrize("times", [60, 1500])
def test_long_repetition_is_a_cell_or_a_clear_mistake(unit: str, times: int) -> None:
    for end in ("", "x"):
        is_judged("h = " + (unit * times)[: MAX_BYTES - 10] + end)


@settings(max_examples=100)
@given(documents())
def test_any_cell_of_the_language_is_understood(document: dict[str, Any]) -> None:
    cell = cell_from_document(document)
    assert cell.text == document["equations"]
    assert {p.name for p in cell.parameters}.isdisjoint([*cell.by_name, *FUNCTIONS])
