"""What an officer is told of the columns is what the import understands."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import select

from db.database import Database
from db.tables import activities, workers
from domain.import_columns import HEADINGS, REQUIRED, read_heading
from locales.catalogue import LOCALES
from services.desk import Desk
from services.import_guide import list_guides, write_sample
from tests.services.imported import import_bytes

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "register.csv"


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_sample_can_be_imported_with_nothing_left_out(
    sqlite_database: Database, desk: Desk, locale: str
) -> None:
    result = await import_bytes(sqlite_database, desk, write_sample(locale).encode())
    assert (result.counts.added, result.counts.warned, result.counts.refused) == (2, 0, 0)
    async with sqlite_database.read() as connection:
        homes = list(await connection.scalars(select(workers.c.home)))
        jobs = list(await connection.scalars(select(activities.c.occupation)))
    assert homes == ["0203", "0203"]
    assert jobs == ["street_food_vendor", "street_vendor"]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_heading_that_is_told_is_understood(locale: str) -> None:
    told = []
    for guide in list_guides(locale):
        [column] = {
            column
            for heading in (guide.heading, *guide.others)
            for column in read_heading([heading]).places
        }
        assert guide.is_needed == (column in REQUIRED)
        told.append(column)
    assert sorted(told) == sorted(HEADINGS)


def test_the_headings_of_the_sample_are_in_the_language_of_the_reader() -> None:
    assert list_guides("km")[0].heading == "លេខចុះបញ្ជី"
    assert list_guides("en")[0].heading == "register_number"


def test_the_example_of_the_documents_is_the_sample_of_the_page() -> None:
    documented, sample = EXAMPLE.read_text("utf-8-sig"), write_sample("en")
    read = [
        list(csv.reader(io.StringIO(one.removeprefix("\ufeff")))) for one in (documented, sample)
    ]
    assert read[0] == read[1]
