"""The REST routes of the contract, one file for each noun."""

from fastapi import APIRouter

from unrolled.web.api import (
    bptt,
    cells,
    descriptions,
    explanations,
    exports,
    figures,
    health,
    jacobians,
    language_models,
    lessons,
    samples,
    scenes,
    surfaces,
    traces,
)


def routers() -> list[APIRouter]:
    """All routes below /api/v1, and those of the operator."""
    return [
        module.router
        for module in (
            bptt,
            cells,
            descriptions,
            explanations,
            exports,
            figures,
            jacobians,
            language_models,
            lessons,
            samples,
            scenes,
            surfaces,
            traces,
            health,
        )
    ]
