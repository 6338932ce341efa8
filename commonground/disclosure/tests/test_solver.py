import ctypes

import pytest

from commonground.disclosure.solver import new


def printed(capfd):
    ctypes.CDLL(None).fflush(None)
    return capfd.readouterr().out


@pytest.mark.parametrize("stopped_by_keys", [False, True])
def test_the_solver_says_nothing_on_the_terminal(capfd, stopped_by_keys):
    solver = new()
    if stopped_by_keys:
        solver.enableCallbacks()
    solver.addVar(0, 1)
    solver.run()
    assert printed(capfd) == ""
    assert solver.getOptionValue("parallel")[1] == "off"
    solver.setOptionValue("output_flag", True)
    solver.setOptionValue("log_to_console", True)
    solver.run()
    assert printed(capfd)
