"""Common Ground: labor and management run a well-being initiative together, with trust that anyone can check."""
