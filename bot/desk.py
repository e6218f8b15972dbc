"""Makes the registration desk: what the use cases need of the settings and the reference data."""

import gc
from datetime import timedelta

from bot.settings import Settings
from db.reference import load_gazetteer, load_occupations
from domain.registration_form import REGISTRATION_FORM
from locales.formats import PHNOM_PENH
from services.desk import Desk


def make_desk(settings: Settings) -> Desk:
    """Make the registration desk that the settings describe, ready to look places up."""
    gazetteer = load_gazetteer()
    gazetteer.prepare()
    _leave_reference_data_out_of_collections()
    return Desk(
        form=REGISTRATION_FORM,
        gazetteer=gazetteer,
        occupations=load_occupations(),
        time_zone=PHNOM_PENH,
        default_locale=settings.default_locale,
        specimen=settings.specimen,
        minimum_age=settings.minimum_age,
        answer_within_working_days=settings.answer_within_working_days,
        web_url=settings.pages_url,
        session_idle=timedelta(minutes=settings.session_idle_minutes),
        notice_cancel_window=timedelta(minutes=settings.notice_cancel_minutes),
        notices_per_week=settings.notices_per_week,
    )


def _leave_reference_data_out_of_collections() -> None:
    """Spare the garbage collector what stays for ever: looking through it stops the bot."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
