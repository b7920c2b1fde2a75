"""The optimizers of lessons 09 and 10 take torch's steps, 50 in a row."""

from __future__ import annotations

import copy

import numpy as np

from coursekit import network

from .stored import assert_same, of_kind

#: After 50 steps: a hundred roundings, and what a network makes of them.
RTOL, ATOL = 1e-10, 1e-12


def gradients_at(case, params, step):
    """The gradients of ``make.optimizers.Run``, written again in NumPy."""
    if case["given"] is not None:
        return {key: values[step] for key, values in case["given"].items()}
    if case["wells"] is not None:
        a, b = case["wells"]["a"], case["wells"]["b"]
        return {key: a[key] * params[key] ** 3 + b[key] * params[key] for key in params}
    return network.loss_and_gradients(params, case["X"], case["y"])[1]


def assert_path(case, step_once):
    """``step_once(number, params, state, learning_rate)`` passes where the oracle passes, and changes no input."""
    params, state = case["params"], copy.deepcopy(case["start"])
    for number, learning_rate in enumerate(case["learning_rates"]):
        given = copy.deepcopy((params, state))
        result = step_once(number, params, state, learning_rate)
        assert_same(list(given), [params, state], rtol=0)
        assert isinstance(result, tuple)
        params, state = result
        if str(number + 1) in case["path"]:
            assert_same([params, state], case["path"][str(number + 1)], RTOL, ATOL)
    assert number + 1 == max(map(int, case["path"])) == 50


@of_kind("steps")
def test_takes_the_oracles_steps(file, case, references):
    step = references[file][case["function"]]

    def step_once(number, params, state, learning_rate):
        grads = gradients_at(case, params, number)
        return step(params, grads, state, learning_rate, **case["options"])

    assert_path(case, step_once)


@of_kind("nesterov")
def test_takes_the_oracles_steps_with_gradients_ahead(file, case, references):
    def step_once(number, params, state, learning_rate):
        def gradient(at):
            assert all(np.shape(at[key]) == params[key].shape for key in params)
            return gradients_at(case, at, number)

        return references[file]["nesterov_step"](params, gradient, state, learning_rate, **case["options"])

    assert_path(case, step_once)


@of_kind("schedule")
def test_schedules_are_the_oracles(file, case, references):
    schedule, counter = references[file][case["function"]], case["counter"]
    rates = [schedule(**{counter: number}, **case["options"]) for number in range(len(case["rates"]))]
    np.testing.assert_allclose(rates, case["rates"], rtol=1e-12, atol=1e-14 * max(case["rates"]))
