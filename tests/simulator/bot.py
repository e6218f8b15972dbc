"""A bot's side of the Bot API, as plain HTTP calls."""

import json
from typing import Any

import aiohttp

from simulator.server import Simulator


class Bot:
    """Call the simulator as a bot does: urlencoded, nested values as JSON text."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self.session = session
        self.root = f"{simulator.url}/bot{simulator.telegram.token}/"

    async def call(self, method: str, **parameters: Any) -> Any:
        data = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in parameters.items()
        }
        async with self.session.post(self.root + method, data=data) as answer:
            body = await answer.json()
        assert body["ok"] == (answer.status == 200)
        return body["result"] if body["ok"] else body

    async def refusal(self, method: str, **parameters: Any) -> str:
        body = await self.call(method, **parameters)
        return f"{body['error_code']} {body['description']}"

    async def updates(self, **parameters: Any) -> list[Any]:
        found = await self.call("getUpdates", **parameters)
        assert isinstance(found, list), found
        return found

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        async with self.session.request(method, self.simulator.url + path, json=body) as answer:
            return await answer.json()
