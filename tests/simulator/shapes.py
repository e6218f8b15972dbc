"""What aiogram's models know, as a measure of what is valid."""

from pydantic import BaseModel


def list_unknown(model: BaseModel) -> list[str]:
    """List the fields that aiogram does not know, however deep."""
    found = [f"{type(model).__name__}.{name}" for name in model.model_extra or {}]
    for name in type(model).model_fields:
        for part in list_models(getattr(model, name)):
            found += list_unknown(part)
    return found


def list_models(value: object) -> list[BaseModel]:
    """List the models in a value, in lists of lists too."""
    if isinstance(value, BaseModel):
        return [value]
    return (
        [model for part in value for model in list_models(part)] if isinstance(value, list) else []
    )
