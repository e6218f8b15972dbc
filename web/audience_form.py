"""The form on which an audience is chosen: what was ticked and typed, and what it means."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from domain.audiences import Audience, Field, Filter, WrongAudience
from domain.khmer import to_latin_digits
from domain.texts import Text, message

ALL, NONE = "all.", "none."
"""Begin the names of what must hold, and of what must not."""

RANGES = (Field.REGISTERED, Field.AGE)
LISTED = tuple(name for name in Field if name not in RANGES)
"""The fields whose values are ticked or chosen."""

SOURCE_TYPED = "source_typed"
"""Where a source is written that is not listed."""

OTHER = "other"
"""What the form has no field of its own for: ticked as 'field=value', so that it can be dropped."""

_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Typed:
    """What was typed or ticked in a form, exactly so, by the names of its fields."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, form: FormData) -> "Typed":
        """Keep all of a form but its files."""
        named = {name for name, value in form.multi_items() if isinstance(value, str)}
        return cls({name: tuple(map(str, form.getlist(name))) for name in sorted(named)})

    def one(self, name: str) -> str:
        """Give the first value of a field, or nothing."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Give all values of a field."""
        return self.values.get(name, ())

    def has(self, name: str, value: str) -> bool:
        """Tell whether a value is ticked."""
        return value in self.all(name)

    def replace(self, prefixes: tuple[str, ...], values: Mapping[str, tuple[str, ...]]) -> "Typed":
        """Give the same with other values for all fields whose names begin so."""
        kept = {name: kept for name, kept in self.values.items() if not name.startswith(prefixes)}
        return Typed({**kept, **values})


_WRONG: Mapping[str, Text] = {
    Field.AGE: message("notices.wrong.ages"),
    Field.REGISTERED: message("notices.wrong.days"),
}

Problems = dict[str, list[Text]]
"""What is wrong, by the name of the field beside which it is said."""


def read_audience(typed: Typed, problems: Problems) -> Audience:
    """Read who is meant; what cannot be is noted beside its field."""
    try:
        return Audience(
            tuple(_list_filters(typed, ALL, problems)), tuple(_list_filters(typed, NONE, problems))
        )
    except WrongAudience:
        problems.setdefault("audience", []).append(message("notices.wrong.audience"))
        return Audience()


def write_audience(audience: Audience) -> dict[str, tuple[str, ...]]:
    """Write an audience as the values of the form's fields."""
    return {**_write(ALL, audience.all_of), **_write(NONE, audience.none_of)}


def _list_filters(typed: Typed, prefix: str, problems: Problems) -> Iterator[Filter]:
    for name in LISTED:
        values = typed.all(prefix + name)
        if name is Field.SOURCE:
            values = (*values, *_BETWEEN.split(typed.one(prefix + SOURCE_TYPED)))
        yield from _make_filter(name, values, prefix + name, problems)
    for name in RANGES:
        ends = [_read_end(typed.one(f"{prefix}{name}_{end}")) for end in ("from", "to")]
        values = ("..".join(ends),) if any(ends) else ()
        yield from _make_filter(name, values, f"{prefix}{name}_from", problems)
    for other, chosen in _group_others(typed.all(prefix + OTHER)).items():
        yield from _make_filter(other, chosen, prefix + OTHER, problems)


def _make_filter(
    name: str, values: tuple[str, ...], place: str, problems: Problems
) -> Iterator[Filter]:
    values = tuple(dict.fromkeys(value for value in values if value))
    if not values:
        return
    try:
        yield Filter(name, values)
    except WrongAudience:
        problems.setdefault(place, []).append(_WRONG.get(name, message("notices.wrong.filter")))


def _read_end(typed: str) -> str:
    return to_latin_digits(typed.strip())


def _group_others(ticked: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = {}
    for one in ticked:
        name, _, value = one.partition("=")
        grouped[name] = (*grouped.get(name, ()), value)
    return grouped


def _write(prefix: str, filters: tuple[Filter, ...]) -> dict[str, tuple[str, ...]]:
    written: dict[str, tuple[str, ...]] = {}
    for one in filters:
        if one.field in LISTED and prefix + one.field not in written:
            written[prefix + one.field] = one.values
        elif (
            one.field in RANGES
            and len(one.values) == 1
            and f"{prefix}{one.field}_from" not in written
        ):
            first, _, last = one.values[0].partition("..")
            written[f"{prefix}{one.field}_from"] = (first,)
            written[f"{prefix}{one.field}_to"] = (last,)
        else:
            others = tuple(f"{one.field}={value}" for value in one.values)
            written[prefix + OTHER] = (*written.get(prefix + OTHER, ()), *others)
    return written
