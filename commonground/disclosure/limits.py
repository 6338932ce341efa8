"""The most people that a hidden cell can hold, given the printed numbers of people alone: one linear program."""

from dataclasses import dataclass

import highspy
import numpy as np

from commonground.disclosure.printed import NO_BOUND, Flags, Numbers, Printed
from commonground.disclosure.solver import new

SLIGHT = 1e-7


@dataclass(frozen=True)
class Limit:
    """The most people of a cell, a table of atoms in which it holds them, the atoms that must then be empty, and by
    how much each printed cell limits it (tables in order)."""

    most: float
    people: Numbers
    emptied: Flags
    price: list[Numbers]


def most_people(printed: Printed, table: int, cell: int) -> Limit:
    """Return the most people that the cell can hold. Raises ArithmeticError if the solver fails."""
    model = _model(printed, printed.tables[table].cell_of_atom == cell)
    solver = solved(model)
    solution = solver.getSolution()
    people, prices = np.array(solution.col_value)[:-1], np.abs(np.array(solution.row_dual)[1:])
    ends = np.cumsum([len(each.cells) for each in printed.tables])[:-1]
    emptied = np.array(solution.col_dual)[:-1] > SLIGHT
    return Limit(-solver.getInfo().objective_function_value, people, emptied, np.split(prices, ends))


def solved(model: highspy.HighsLp) -> highspy.Highs:
    """Return a solver that solved the model, by simplex. Raises ArithmeticError if it did not."""
    solver = new(solver="simplex")
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError("The linear program was not solved.")
    return solver


def _model(printed: Printed, inside: Flags) -> highspy.HighsLp:
    """Return: the most people t, where the cell holds t people and every cell keeps to its bounds."""
    first = np.append(np.flatnonzero(inside), printed.atoms)
    rows = [first, *(table.by_cell[0] for table in printed.tables)]
    sizes = np.concatenate(
        [[len(first)], *(np.bincount(table.cell_of_atom, minlength=len(table.cells)) for table in printed.tables)]
    )
    values = np.ones(sum(len(row) for row in rows))
    values[len(first) - 1] = -1
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = printed.atoms + 1, len(sizes)
    model.col_cost_ = np.append(np.zeros(printed.atoms), -1.0)
    model.col_lower_ = np.zeros(printed.atoms + 1)
    model.col_upper_ = np.append(np.where(printed.empty, 0.0, highspy.kHighsInf), float(printed.people[0].most[0]))
    model.row_lower_ = np.concatenate([[0.0], *(each.least for each in printed.people)])
    most = np.concatenate([[highspy.kHighsInf], *(each.most for each in printed.people)])
    model.row_upper_ = np.where(most >= NO_BOUND, highspy.kHighsInf, most)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.append(0, np.cumsum(sizes))
    model.a_matrix_.index_ = np.concatenate(rows)
    model.a_matrix_.value_ = values
    return model
