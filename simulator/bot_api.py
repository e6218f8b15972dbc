"""The Bot API over HTTP: addresses with the token, the answer's envelope, faults in between."""

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import web

from simulator.errors import Refusal, bad_request
from simulator.faults import REFUSING, Rule
from simulator.methods import call_method
from simulator.routing import answer_json, read_call
from simulator.updates import write_json

if TYPE_CHECKING:
    from simulator.server import Simulator

OPEN = '{"ok":true,"result":'


class BotApi:
    """Answer the bot's requests."""

    def __init__(self, simulator: "Simulator") -> None:
        self.simulator = simulator
        self._prefix = f"/bot{simulator.telegram.token}/"

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one call."""
        path = request.path
        if not path.startswith(self._prefix):
            known_form = ":" in path and "/" in path[1:]
            refusal = Refusal(401, "Unauthorized") if known_form else Refusal(404, "Not Found")
            return _say(refusal)
        method = path[len(self._prefix) :]
        try:
            given = await read_call(request)
        except (TypeError, ValueError):
            return _say(bad_request("can't parse request parameters"))
        return await self._call(request, method, given)

    async def _call(
        self, request: web.BaseRequest, method: str, given: dict[str, Any]
    ) -> web.StreamResponse:
        calls, faults = self.simulator.calls, self.simulator.faults
        chat_id = given.get("chat_id")
        rule = None
        try:
            rule = faults.find(method, chat_id)
            if rule is not None and rule.kind in REFUSING:
                raise faults.refuse(rule, chat_id)
            if rule is not None and not await _let_pass(rule, request):
                calls.note(method, given, rule.kind)
                return web.Response(status=502)
            body = await self.run(method, given)
        except Refusal as refusal:
            if method != "getUpdates":
                calls.note(method, given, str(refusal.code))
            return _say(refusal)
        if method != "getUpdates":
            calls.note(method, given, rule.kind if rule else "ok")
        if rule is not None:
            return await _spoil(rule, request, body)
        return answer_json(body)

    async def run(self, method: str, given: dict[str, Any]) -> str:
        """Run a method and return the answer's JSON."""
        if method == "getUpdates":
            return f"{OPEN}{await self.simulator.polling.get_updates(given)}}}"
        return f"{OPEN}{write_json(self.run_now(method, given))}}}"

    def run_now(self, method: str, given: dict[str, Any]) -> Any:
        """Run any method but getUpdates and return its result."""
        simulator = self.simulator
        if method == "setWebhook":
            simulator.polling.interrupt(Refusal(409, "Conflict: terminated by setWebhook request"))
            return simulator.webhook.set(given)
        if method == "deleteWebhook":
            return simulator.webhook.delete(given)
        if method == "getWebhookInfo":
            return simulator.webhook.describe(given)
        return call_method(simulator.telegram, method, given)

    def run_from_webhook(self, method: str, given: dict[str, Any]) -> None:
        """Run the call that a bot put into its answer to a webhook request."""
        try:
            self.run_now(method, given)
            outcome = "ok"
        except Refusal as refusal:
            outcome = str(refusal.code)
        self.simulator.calls.note(method, given, outcome)

    async def download(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send the bytes of a file whose path getFile gave."""
        prefix = f"/file{self._prefix}"
        if not request.path.startswith(prefix):
            return _say(Refusal(401, "Unauthorized"))
        stored = self.simulator.telegram.files.find_by_path(request.path[len(prefix) :])
        if stored is None:
            return _say(Refusal(404, "Not Found"))
        return web.Response(body=stored.data, content_type="application/octet-stream")


def _say(refusal: Refusal) -> web.Response:
    return answer_json(refusal.as_body(), refusal.code)


async def _let_pass(rule: Rule, request: web.BaseRequest) -> bool:
    """Delay a call, or cut it off before it does anything."""
    if rule.kind == "slow":
        await asyncio.sleep(rule.seconds)
    if rule.kind == "cut_before":
        _cut(request)
        return False
    return True


async def _spoil(rule: Rule, request: web.BaseRequest, body: str) -> web.StreamResponse:
    """Keep the answer of a call that was carried out from reaching the bot."""
    if rule.kind == "delivered_then_timeout":
        await asyncio.sleep(rule.seconds)
        return _say(Refusal(504, "Gateway Timeout"))
    if rule.kind == "cut_after":
        _cut(request)
    return answer_json(body)


def _cut(request: web.BaseRequest) -> None:
    if request.transport is not None:
        request.transport.close()
