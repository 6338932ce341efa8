"""The linear-programming solver as it is used here: one thread, always the same, and silent."""

import highspy

OPTIONS: dict[str, str | float] = {"log_to_console": False, "parallel": "off", "random_seed": 0}


class _Silent(highspy.Highs):
    """It names itself on the terminal when it is made ready for callbacks, unless it was told before not to."""

    def enableCallbacks(self) -> None:  # noqa: N802
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def new(**options: str | float) -> highspy.Highs:
    """Return a solver with these options besides those that are always the same."""
    solver = _Silent()  # type: ignore[no-untyped-call]
    for name, value in {**OPTIONS, **options}.items():
        solver.setOptionValue(name, value)
    return solver
