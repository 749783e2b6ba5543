"""Derivatives of the dataflow graph: what a node's gradient passes to the nodes beneath it.

The backward pass is linear in the gradients. The factor between two nodes is the sum over all
elementwise paths between them of the products of local derivatives (Bauer 1974); each factor is
a node of the same graph and is computed for all timesteps at once.
"""

from __future__ import annotations

from collections.abc import Collection

from .dataflow import Dataflow, Node
from .operations import OPERATIONS
from .parse import expression

Factors = dict[int, int]
"""Node that receives a gradient → node that holds the factor."""


def locals_of(graph: Dataflow, node: Node) -> list[tuple[int, int]]:
    """(argument, local derivative) of a sum or an elementwise operation.

    Products of matrices, softmax and concat are edges of their own kind and give nothing here.
    """
    if node.kind == "sum":
        terms = zip(node.signs, node.arguments, strict=True)
        return [(a, graph.number(s)) for s, a in terms if graph[a].kind != "product"]
    if node.kind != "apply":
        return []
    operands = {"y": node.index, **dict(zip("ab", node.arguments, strict=False))}
    return [
        (argument, graph.lower(expression(derivative), operands))
        for argument, derivative in zip(
            node.arguments, OPERATIONS[node.key].derivative, strict=False
        )
    ]


def factors(graph: Dataflow, source: int, known: Collection[int]) -> Factors:
    """Factors from `source` down to the first `known` node or leaf on every path."""
    pending: Factors = {source: graph.number(1)}
    reached: Factors = {}
    for index in range(source, -1, -1):
        if index not in pending:
            continue
        node = graph[index]
        if index != source and (node.leaf or index in known):
            if node.kind != "number" and not graph.is_number(pending[index], 0):
                reached[index] = pending[index]
            continue
        for argument, local in locals_of(graph, node):
            through = graph.multiply(pending[index], local)
            held = pending.get(argument)
            pending[argument] = through if held is None else graph.apply("add", held, through)
    return reached
