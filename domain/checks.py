"""What an officer can have checked before approving."""

from collections.abc import Mapping

from domain.texts import Text, message

CHECKS: Mapping[str, Text] = {
    "id_card": message("check.id_card"),
    "photo": message("check.photo"),
    "phone_call": message("check.phone_call"),
    "place": message("check.place"),
    "association": message("check.association"),
}
"""The checks by their keys, which the audit log keeps, with their labels."""
