"""The addresses under `/control`: how tests inject faults and look at the bot's calls."""

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from simulator.errors import Refusal
from simulator.faults import CallRecord
from simulator.files import Upload
from simulator.methods import METHODS
from simulator.routing import Router, read_object

if TYPE_CHECKING:
    from simulator.server import Simulator


class ControlApi:
    """Answer the requests under `/control`."""

    def __init__(self, simulator: "Simulator") -> None:
        self.simulator = simulator

    async def add_fault(self, request: web.BaseRequest) -> dict[str, int]:
        """Add a rule of faults."""
        return {"id": self.simulator.faults.add(**await read_object(request)).id}

    async def clear_faults(self, _: web.BaseRequest) -> dict[str, bool]:
        """Remove every rule."""
        self.simulator.faults.clear()
        return {"ok": True}

    async def get_state(self, _: web.BaseRequest) -> dict[str, Any]:
        """Say how things stand."""
        simulator = self.simulator
        return {
            "pid": os.getpid(),
            "now": simulator.clock.now(),
            "pending_updates": len(simulator.telegram.updates.pending),
            "next_update_id": simulator.telegram.updates.next_id,
            "faults": dict(simulator.faults.hits),
            "violations": simulator.faults.violations,
            "calls": dict(simulator.calls.by_method),
            "worst_second": simulator.calls.worst_second,
            "connected": simulator.is_bot_connected,
        }

    async def list_calls(self, request: web.BaseRequest) -> list[dict[str, Any]]:
        """List the bot's calls after a number."""
        since = int(request.query.get("since", "0"))
        return [describe_call(call) for call in self.simulator.calls.list_since(since)]

    async def advance_clock(self, request: web.BaseRequest) -> dict[str, float]:
        """Push the clock forward."""
        clock = self.simulator.clock
        now = clock.advance(float((await read_object(request))["advance_seconds"]))
        self.simulator.telegram.updates.drop_expired()
        self.simulator.telegram.journal.record("setting", "clock_offset", clock.offset_seconds)
        return {"now": now}

    async def repeat(self, request: web.BaseRequest) -> dict[str, int]:
        """Deliver the last updates once more."""
        last = int((await read_object(request))["last"])
        return {"repeated": self.simulator.telegram.updates.repeat(last)}

    async def jump(self, request: web.BaseRequest) -> dict[str, int]:
        """Let update numbers go on from somewhere else."""
        to = int((await read_object(request))["to"])
        self.simulator.telegram.updates.jump(to)
        return {"next_update_id": to}

    async def inject(self, request: web.BaseRequest) -> dict[str, Any]:
        """Queue an update exactly as given."""
        return asdict(self.simulator.people.inject((await read_object(request))["update"]))

    async def stop(self, _: web.BaseRequest) -> dict[str, bool]:
        """Ask for an orderly stop."""
        self.simulator.stopped.set()
        return {"ok": True}


def describe_call(call: CallRecord) -> dict[str, Any]:
    """Return a call with its parameters as values, whatever way they came."""
    method = METHODS.get(call.method.lower())
    known = method.known if method else {}
    values = {name: _read(known.get(name), value) for name, value in call.parameters.items()}
    return {
        "number": call.number,
        "at": call.at,
        "method": call.method,
        "parameters": values,
        "outcome": call.outcome,
    }


def _read(check: Any, value: object) -> object:
    if isinstance(value, Upload):
        return {"file_name": value.name, "file_size": len(value.data)}
    try:
        return check(value) if check else value
    except (TypeError, ValueError, Refusal):
        return value


def add_control_routes(router: Router, simulator: "Simulator") -> None:
    """Let the router know the addresses under `/control`."""
    api = ControlApi(simulator)
    router.add("POST", "/control/faults", api.add_fault)
    router.add("DELETE", "/control/faults", api.clear_faults)
    router.add("GET", "/control/state", api.get_state)
    router.add("GET", "/control/calls", api.list_calls)
    router.add("POST", "/control/clock", api.advance_clock)
    router.add("POST", "/control/repeat", api.repeat)
    router.add("POST", "/control/jump", api.jump)
    router.add("POST", "/control/updates", api.inject)
    router.add("POST", "/control/stop", api.stop)
