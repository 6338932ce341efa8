"""Writing one's own account."""

from commonground.people.models import Person


def change_settings(person: Person, *, name: str, language: str) -> None:
    """Change the own name and language; this touches no right and is not recorded."""
    person.name, person.language = name.strip(), language
    person.save(update_fields=["name", "language"])
