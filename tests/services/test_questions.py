"""What a person writes outside a form goes to an office, whose answer comes back in the chat."""

import pytest

from db.database import Database
from db.questions import AskedQuestion, count_open, list_open
from db.retention import CLOSED_QUESTIONS_KEPT, UNPLACED_QUESTIONS_KEPT, forget_old
from db.unit_of_work import UnitOfWork
from domain.events import Answered, PhotoSent, VoiceSent
from domain.questions import MOST_MESSAGES
from domain.staff import WHOLE_COUNTRY, Scope
from services.desk import Actor, Desk, Person
from services.questions import NoSuchQuestion, answer, take_back
from services.registration import take_event
from tests.conversation import Conversation
from tests.services.counter import Counter
from tests.services.office import Bureau, make_case_file
from tests.services.words import label, word

DARA, STRANGER = 7, 99
ASKED = "Which papers do I bring?"


@pytest.fixture
async def worker(counter: Counter, bureau: Bureau) -> Conversation:
    """Somebody who has registered in Battambang, and reads English."""
    await bureau.receive(make_case_file(DARA), locale="en")
    return Conversation(counter, DARA)


@pytest.fixture
def stranger(counter: Counter) -> Conversation:
    return Conversation(counter, STRANGER)


async def list_asked(database: Database, scope: Scope = WHOLE_COUNTRY) -> list[AskedQuestion]:
    async with database.read() as connection:
        found = await list_open(connection, scope)
        assert await count_open(connection, scope) == len(found)
        return found


async def get_asked(database: Database) -> AskedQuestion:
    [asked] = await list_asked(database)
    return asked


async def test_a_question_goes_to_the_office_of_the_application(
    database: Database, worker: Conversation
) -> None:
    [told, *_] = await worker.act(ASKED)
    assert "office of Battambang" in told
    assert "5 March 2026" in told

    asked = await get_asked(database)
    assert asked.office.startswith("02")
    assert [one.body for one in asked.messages] == [ASKED]


@pytest.mark.parametrize(
    ("places", "sees"),
    [({"02"}, True), ({"0203"}, True), ({"17"}, False), ({"0201"}, False), (set(), False)],
)
async def test_an_office_sees_only_the_questions_of_its_places(
    database: Database, worker: Conversation, places: set[str], sees: bool
) -> None:
    await worker.act(ASKED)
    assert bool(await list_asked(database, Scope(frozenset(places)))) == sees


async def test_further_messages_are_added_and_said_so_once_an_hour(
    counter: Counter, database: Database, worker: Conversation
) -> None:
    await worker.act(ASKED)
    heard = []
    for minutes in (10, 50, 10, 50):
        counter.clock.advance(minutes=minutes)
        heard.append(bool(await worker.act(f"And after {minutes}?")))

    assert heard == [False, True, False, True]
    assert len((await get_asked(database)).messages) == 5


async def test_two_messages_in_one_batch_are_one_question_with_one_answer(
    counter: Counter, database: Database, worker: Conversation
) -> None:
    async def ask_twice(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        await take_event(uow, desk, person, Answered(ASKED))
        await take_event(uow, desk, person, Answered("And when?"))

    await counter.serve(DARA, ask_twice)

    assert len(counter.texts(DARA)) == 1
    assert [one.body for one in (await get_asked(database)).messages] == [ASKED, "And when?"]


async def test_a_question_taken_back_and_another_asked_in_one_batch_leave_one_open(
    counter: Counter, database: Database, worker: Conversation
) -> None:
    await worker.act(ASKED)
    stamp = str(int(counter.clock.now.timestamp()))

    async def change_mind(uow: UnitOfWork, desk: Desk, person: Person) -> None:
        await take_back(uow, desk, person, "tap", stamp, None)
        await take_event(uow, desk, person, Answered("Where is the office?"))

    await counter.serve(DARA, change_mind)

    asked = await get_asked(database)
    assert [one.body for one in asked.messages] == ["Where is the office?"]


async def test_a_flood_of_messages_is_kept_up_to_a_limit(
    counter: Counter, database: Database, worker: Conversation
) -> None:
    for number in range(MOST_MESSAGES):
        await worker.act(f"Message {number}")
    told = await worker.act("One more")

    assert word(counter, "question.enough") in told[0]
    assert len((await get_asked(database)).messages) == MOST_MESSAGES


@pytest.mark.parametrize("event", [VoiceSent("voice"), PhotoSent("photo")])
async def test_only_text_is_passed_on(
    counter: Counter, worker: Conversation, event: VoiceSent | PhotoSent
) -> None:
    await worker.send(event)
    assert word(counter, "question.only_text") in (await worker.read())[0]
    assert await counter.count_rows("questions") == {}


@pytest.mark.parametrize("thanks", ["អរគុណ", "អរគុណ!", "Thank you 🙏", "OK"])
async def test_thanks_are_no_question(counter: Counter, worker: Conversation, thanks: str) -> None:
    assert word(counter, "question.courtesy") in (await worker.act(thanks))[0]
    assert await counter.count_rows("questions") == {}


async def test_a_question_can_be_taken_back_until_it_is_answered(
    counter: Counter, bureau: Bureau, database: Database, worker: Conversation
) -> None:
    take_back = label(counter, "question.take_back")
    await worker.act(ASKED)
    assert word(counter, "question.taken_back") in "\n".join(await worker.act(take_back))
    assert await list_asked(database) == []

    await worker.act(ASKED)
    await bureau.act(answer, await bureau.hire(), (await get_asked(database)).id, "Your card.")
    assert await worker.act(take_back) == [f"! {word(counter, 'question.too_late')}"]


async def test_the_button_of_an_old_question_does_not_take_a_new_one_back(
    counter: Counter, bureau: Bureau, database: Database, worker: Conversation
) -> None:
    await worker.act(ASKED)
    old = Conversation(counter, DARA, screen=list(worker.screen))
    await bureau.act(answer, await bureau.hire(), (await get_asked(database)).id, "Your card.")
    counter.clock.advance(seconds=1)
    await worker.act("Where is the office?")
    told = await old.act(label(counter, "question.take_back"))

    assert told == [f"! {word(counter, 'question.too_late')}"]
    assert len(await list_asked(database)) == 1


async def test_an_answer_comes_into_the_chat_with_the_question_and_is_written_down(
    counter: Counter, bureau: Bureau, database: Database, worker: Conversation
) -> None:
    officer = await bureau.hire()
    await worker.act(ASKED)
    asked = await get_asked(database)
    await bureau.act(answer, officer, asked.id, "Your <card>.")

    told = (await worker.read())[0]
    assert all(part in told for part in ("Battambang", "Your <card>.", ASKED))
    assert await list_asked(database) == []
    [event] = await bureau.list_events(f"question:{asked.id}")
    assert (event.event.act, event.event.actor_id) == ("answer_question", officer.staff.id)


async def test_a_second_answer_is_added_and_the_next_message_is_a_new_question(
    counter: Counter, bureau: Bureau, database: Database, worker: Conversation
) -> None:
    officer = await bureau.hire()
    await worker.act(ASKED)
    first = await get_asked(database)
    for words in ("Your card.", "And a photo."):
        await bureau.act(answer, officer, first.id, words)
    assert len(await worker.read()) >= 2

    await worker.act("Where is the office?")
    assert (await get_asked(database)).id != first.id


async def test_nobody_answers_outside_of_their_places_or_after_leaving(
    counter: Counter, bureau: Bureau, database: Database, worker: Conversation
) -> None:
    far, gone = await bureau.hire("far", places=("17",)), await bureau.hire("gone")
    await bureau.let_go(gone)
    await worker.act(ASKED)
    asked = await get_asked(database)
    counter.forget_sent()

    async def try_to_answer(officer: Actor, question_id: int) -> None:
        with pytest.raises(NoSuchQuestion):
            await bureau.act(answer, officer, question_id, "No.")

    for officer in (far, gone):
        await try_to_answer(officer, asked.id)
    await try_to_answer(await bureau.hire("here"), asked.id + 1)
    assert counter.sent == []
    assert len(await list_asked(database)) == 1


async def test_a_question_that_was_taken_back_is_not_answered(
    counter: Counter, bureau: Bureau, database: Database, worker: Conversation
) -> None:
    officer = await bureau.hire()
    await worker.act(ASKED)
    asked = await get_asked(database)
    await worker.act(label(counter, "question.take_back"))

    with pytest.raises(NoSuchQuestion):
        await bureau.act(answer, officer, asked.id, "Too late.")


async def test_a_stranger_names_the_province_by_a_tap(
    database: Database, stranger: Conversation
) -> None:
    await stranger.act(ASKED)
    assert len(stranger.labels()) == 25
    assert await list_asked(database) == []

    await stranger.act("[បាត់ដំបង]")
    asked = await get_asked(database)
    assert (asked.office, asked.number, [one.body for one in asked.messages]) == (
        "02",
        None,
        [ASKED],
    )


@pytest.mark.parametrize("typed", ["បាត់ដំបង", "battambang"])
async def test_a_stranger_may_type_the_province(
    database: Database, stranger: Conversation, typed: str
) -> None:
    await stranger.act(ASKED)
    await stranger.act(typed)
    assert [one.body for one in (await get_asked(database)).messages] == [ASKED]


async def test_a_question_without_a_province_is_forgotten_after_a_day(
    counter: Counter, database: Database, stranger: Conversation
) -> None:
    await stranger.act(ASKED)
    await forget_old(database, counter.clock.now + UNPLACED_QUESTIONS_KEPT)
    assert await counter.count_rows("questions") == {"questions": 1}

    counter.clock.advance(seconds=1)
    await forget_old(database, counter.clock.now + UNPLACED_QUESTIONS_KEPT)
    assert await counter.count_rows() == {}
    told = await stranger.act("[បាត់ដំបង]")
    assert told == [f"! {word(counter, 'question.nothing_waits', 'km')}"]


async def test_a_strangers_answered_question_is_forgotten_after_a_month(
    counter: Counter, bureau: Bureau, database: Database, stranger: Conversation
) -> None:
    officer = await bureau.hire()
    await stranger.act(ASKED)
    await stranger.act("[បាត់ដំបង]")
    await bureau.act(answer, officer, (await get_asked(database)).id, "Your card.")
    counter.clock.advance(seconds=1)
    await forget_old(database, counter.clock.now + CLOSED_QUESTIONS_KEPT)

    tables = ("questions", "question_messages", "contacts")
    assert await counter.count_rows(*tables) == {}


async def test_a_strangers_question_outlives_the_form_that_they_erase(
    counter: Counter, database: Database, stranger: Conversation
) -> None:
    await stranger.act(ASKED)
    await stranger.act("[បាត់ដំបង]")
    for act in ("/start", "[ខ្មែរ]", label(counter, "consent.no", "km")):
        await stranger.act(act)

    assert await counter.find_draft(STRANGER) is None
    assert len(await list_asked(database)) == 1
