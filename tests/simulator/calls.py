"""Hold the bot's calls against aiogram's models of the Bot API, a second opinion beside our own."""

from typing import Any

import aiogram.methods
from pydantic import ValidationError

from simulator.control_api import describe_call
from simulator.server import Simulator
from tests.simulator.shapes import list_unknown


def list_problems(simulator: Simulator) -> list[str]:
    """List what aiogram would not have sent, one line for each wrong call."""
    calls = [describe_call(call) for call in simulator.calls.calls]
    found = [(call["method"], find_problem(call["method"], call["parameters"])) for call in calls]
    return [f"{method}: {problem}" for method, problem in found if problem]


def find_problem(method: str, parameters: dict[str, Any]) -> str | None:
    """Find what is wrong with one call."""
    model = getattr(aiogram.methods, method[0].upper() + method[1:], None)
    if model is None:
        return "no such method"
    try:
        call = model.model_validate(_without_uploads(parameters))
    except ValidationError as error:
        return "; ".join(f"{e['loc']} {e['msg']}" for e in error.errors(include_input=False))
    return ", ".join(list_unknown(call)) or None


def _without_uploads(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        name: "attach://file" if isinstance(value, dict) and "file_size" in value else value
        for name, value in parameters.items()
    }
