"""Drafts that an older version of the form began."""

from dataclasses import replace

from domain.drafts import Draft
from domain.form import Form, Upgrade


def upgrade(form: Form, draft: Draft) -> Draft:
    """Bring a draft to the form's version, one named step after the other.

    What was answered stays; a question that is new is asked because it has no answer yet.
    """
    while draft.form_version < form.version:
        step = form.upgrades[draft.form_version]
        draft = replace(_take(step, draft), form_version=draft.form_version + 1)
    return draft


def _take(step: Upgrade, draft: Draft) -> Draft:
    if not draft.revises:
        return step(draft)
    return replace(step(draft), sent=step(replace(draft, answers=draft.sent)).answers)
