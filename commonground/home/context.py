"""What the frame of every signed-in page shows: who is here, and where one can go."""

from typing import Any

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the partnership and the navigation of a signed-in page."""
    return {"partnership": getattr(request, "partnership", None)}
