"""Classes over HTTP: opening a room, and its results."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from unrolled.rooms import results, tokens
from unrolled.rooms.brokers import BrokerDownError
from unrolled.rooms.errors import RoomError
from unrolled.rooms.hub import Hub
from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.fields import Closed
from unrolled.web import addresses, bodies
from unrolled.web.api.answers import Json
from unrolled.web.api.scenes import unreachable
from unrolled.web.callers import Callers
from unrolled.web.class_scenes import ClassScenes
from unrolled.web.problems import ProblemError
from unrolled.web.room_sockets import RoomSockets
from unrolled.web.services import Services

HOUR = 3600.0


class RoomRequest(Closed):
    """A lesson (`lesson/scene` for one of its scenes), or a scene document or its id."""

    lesson: str | None = None
    scene: Any = None


class Classes:
    """The rooms of this server: the hub, its sockets, its routes."""

    def __init__(self, services: Services) -> None:
        self._services, self._settings = services, services.settings
        self._scenes = ClassScenes(services)
        self.hub = Hub(services.broker, self._scenes, self._settings.room_hours * HOUR)
        self.sockets = RoomSockets(self._settings, self.hub)
        self._callers = Callers(self._settings, "room_openings", "rooms")
        services.metrics.gauges["unrolled_room_sockets"] = lambda: self.sockets.open
        services.metrics.gauges["unrolled_rooms"] = lambda: self.hub.rooms

    def router(self) -> APIRouter:
        """The routes of rooms."""
        routes = APIRouter(prefix="/api/v1/rooms", tags=["rooms"])
        routes.add_api_route(
            "", self.open, methods=["POST"], status_code=201,
            dependencies=[bodies.takes(RoomRequest)],
        )  # fmt: skip
        routes.add_api_route("/{code}/results.csv", self.results, methods=["GET"])
        routes.add_api_websocket_route("/{code}", self.sockets.serve)
        return routes

    async def open(self, request: Request) -> Json:
        """Open a room on a scene: the code for everybody, the token for the presenter alone."""
        self._callers.admit(request)
        asked = reading.model(RoomRequest, await bodies.document(request))
        if (asked.lesson is None) == (asked.scene is None):
            raise DocumentError.of("lesson", "either a lesson or a scene", "both or neither")
        scene = asked.scene if asked.lesson is None else asked.lesson
        try:
            await self._scenes.checked(scene)  # here every mistake is listed by its field
            code, token = await self.hub.create(scene)
        except RoomError as error:
            raise _refused(error) from None
        except BrokerDownError:
            raise unreachable() from None
        base = addresses.base(request, self._settings)
        made = {
            "code": code,
            "presenter_token": token,
            "join_url": f"{base}/r/{code}",
            "presenter_url": f"{base}/class/{code}#{token}",
        }
        return Json(made, 201, {"Cache-Control": "no-store"})

    async def results(self, code: str, request: Request) -> Response:
        """Every vote of every poll as CSV, for who sends the presenter's token as a bearer."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        caller = addresses.caller(request)
        await self.sockets.guesses.turn(caller)
        read = tokens.read_code(code)
        try:
            room = await self.hub.authorised(read or "", token.strip())
            if room is None or scheme.lower() != "bearer":
                self.sockets.guesses.failed(caller)
                # The same for a wrong code and a wrong token: nobody learns which codes there are.
                raise ProblemError(
                    401,
                    "Authorization: expected Bearer and the presenter's token of this room",
                    headers={"WWW-Authenticate": "Bearer"},
                )
            broker = self._services.broker
            polls = await broker.rounds(room.code)
            rounds = [(poll, await broker.votes(room.code, poll.id)) for poll in polls]
        except BrokerDownError:
            raise unreachable() from None
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="class-{room.code}.csv"',
        }
        return Response(results.table(rounds), 200, headers, "text/csv; charset=utf-8")


def _refused(error: RoomError) -> ProblemError:
    if error.code == "offline":
        return unreachable()
    return ProblemError(503, error.detail, headers={"Retry-After": "1"})
