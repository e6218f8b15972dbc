"""360 realistic updates with one field damaged each, among good ones."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.database import Database
from simulator.server import Simulator
from tests.serving import eventually, make_settings, serving

DAMAGES: tuple[object, ...] = (
    None,
    17,
    "ខូច",
    [],
    {},
    True,
    2**70,
    -1.5,
    ["x", {"y": None}],
    {"id": {"id": []}},
)
HOW_MANY = 360


def realistic_updates(simulator: Simulator, person_id: int) -> list[dict[str, Any]]:
    """Let a person do one of each, and take the updates as they were queued."""
    people = simulator.people
    people.type_text(person_id, "លក់បន្លែ")
    people.share_contact(person_id)
    people.share_location(person_id, 13.1, 103.2)
    people.send_file(person_id, "photo")
    people.send_file(person_id, "voice")
    people.edit(person_id, people.type_text(person_id, "first").message_id or 0, "changed")
    people.tap(person_id, 2, "abc123/category/self_employed")
    people.block(person_id)
    people.unblock(person_id)
    return [json.loads(entry.body) for entry in simulator.telegram.updates.pending.values()]


def list_paths(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, below in items:
        yield (*path, key)
        yield from list_paths(below, (*path, key))


def damage(update: dict[str, Any], path: tuple[Any, ...], with_: object) -> dict[str, Any]:
    damaged = copy.deepcopy(update)
    inside: Any = damaged
    for key in path[:-1]:
        inside = inside[key]
    if with_ is None:
        del inside[path[-1]]
    else:
        inside[path[-1]] = copy.deepcopy(with_)
    return damaged


def make_damaged(updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    places = [
        (update, path)
        for update in updates
        for path in list_paths(update)
        if path[0] != "update_id"
    ]
    chance = random.Random(20261122)
    chance.shuffle(places)
    chosen = [places[number % len(places)] for number in range(HOW_MANY)]
    return [damage(update, path, chance.choice(DAMAGES)) for update, path in chosen]


async def test_every_good_update_is_answered_and_every_bad_one_is_one_line_and_one_dead_letter(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with Simulator() as simulator:
        vandal = simulator.people.add("Vandal", phone_number="+85512999999").id
        simulator.people.start(vandal)
        damaged = make_damaged(realistic_updates(simulator, vandal))
        simulator.telegram.updates.pending.clear()
        good = []
        for number, update in enumerate(damaged):
            update["update_id"] = simulator.telegram.updates.next_id
            simulator.people.inject(update)
            if number % 6 == 0:
                good.append(simulator.people.add("Dara").id)
                simulator.people.start(good[-1])
        settings = make_settings(simulator, tmp_path)
        async with serving(settings):
            await eventually(lambda: not simulator.telegram.updates.pending, seconds=60)
            await eventually(lambda: all(is_answered(simulator, person) for person in good))
        letters = await read_dead_letters(settings.database_url)
    lines = [line for line in "".join(capfd.readouterr()).splitlines() if "update buried" in line]
    assert len(letters) > HOW_MANY / 10
    assert len(lines) == len(letters) == len({update_id for update_id, _ in letters})
    for _, reason in letters:
        assert "ខូច" not in reason
        assert "999999" not in reason


def is_answered(simulator: Simulator, person_id: int) -> bool:
    messages = simulator.telegram.chats[person_id].messages.values()
    return any(message["from"]["is_bot"] for message in messages)


async def read_dead_letters(url: str) -> list[tuple[int, str]]:
    database = Database(url)
    try:
        async with database.read() as connection:
            rows = await connection.execute(text("SELECT update_id, reason FROM dead_letters"))
            return [(row.update_id, row.reason) for row in rows]
    finally:
        await database.close()
