"""What a release says of itself: what share of people its tables still describe, and the figures of its proof."""

from commonground.disclosure.account import loss_of, pattern_of, rank_of, remainders_of
from commonground.disclosure.elimination import PRIMES
from commonground.disclosure.reading import Released
from commonground.disclosure.tests.survey import cell, one_way, released, two_way
from commonground.disclosure.weaker import hide


def test_what_is_lost_is_counted_table_by_table():
    hidden = [frozenset({("site", place)}) for place in (1, 2)]
    release = Released(hide(released(*one_way([60, 10, 20, 0])), hidden))
    assert [each["n"] for each in release.cells.values()] == [90, 60, None, None, None]
    table = {"groups": ["site"], "cells": 4, "hidden": 3, "people": 66}
    assert loss_of(release) == {"cells": 5, "hidden": 3, "tables": [table]}
    assert pattern_of(release) == [{"groups": [], "cells": "P"}, {"groups": ["site"], "cells": "PHHH"}]
    assert remainders_of(release) == {"lines": 1, "least_remainder": 30}
    assert rank_of(release, PRIMES[0]) == 2


def test_of_a_number_that_reads_nearly_all_the_least_is_counted():
    release = released(*one_way([40, 25, 35, 0]))
    cell(release, site=0).update(n={"at_least": 36, "at_most": 40})
    assert loss_of(Released(release))["tables"][0]["people"] == 96
    assert [each["cells"] for each in pattern_of(Released(release))] == ["P", "NPPH"]
    cell(release)["n"] = {"at_least": 96, "at_most": 100}
    assert loss_of(Released(release))["tables"][0]["people"] is None
    assert remainders_of(Released(release)) == {"lines": 0, "least_remainder": None}


def test_the_rank_is_that_of_the_cells_that_do_not_follow_from_others():
    whole = released(*two_way([[30, 20, 0], [25, 25, 0], [0, 0, 0]]))
    assert [each["n"] for each in whole["cells"]].count(None) == 7, "nobody left a group out"
    assert rank_of(Released(whole), PRIMES[0]) == rank_of(Released(whole), PRIMES[1]) == 9
    crossed = [frozenset(each["at"].items()) for each in whole["cells"] if len(each["at"]) == 2]
    margins = Released(hide(whole, crossed))
    assert rank_of(margins, PRIMES[0]) == 5
    assert remainders_of(Released(whole)) == {"lines": 7, "least_remainder": None}
    assert remainders_of(margins) == {"lines": 7, "least_remainder": 45}
