"""The plain trainer: what it updates, what it records, and what it does when the loss overflows."""

import numpy as np
import pytest

from coursekit.datasets import make_moons
from coursekit.network import accuracy, loss_and_gradients
from coursekit.training import train_network

from .test_network import make_params


def run(params=None, *, epochs=3, batch_size=8, learning_rate=0.1, seed=0, **more):
    X, y = make_moons(50, np.random.default_rng(0))
    params = make_params([2, 8, 2]) if params is None else params
    rng = np.random.default_rng(seed)
    history = train_network(
        params, X, y, epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, rng=rng, **more
    )
    return history, params, X, y


def test_one_full_batch_update_is_a_gradient_step():
    history, params, X, y = run(epochs=1, batch_size=50)
    loss, grads = loss_and_gradients(params, X, y)
    assert history.losses == pytest.approx([loss])
    assert history.epoch_losses == pytest.approx([loss])
    for key in params:
        assert np.allclose(history.params[key], params[key] - 0.1 * grads[key])


def test_history_has_one_entry_per_update_and_epoch():
    history, _, X, y = run(epochs=3, batch_size=8)
    assert history.losses.shape == (3 * 7,)
    assert history.epoch_losses.shape == history.train_accuracy.shape == (3,)
    assert history.dev_accuracy.size == 0
    sizes = [8] * 6 + [2]
    assert history.epoch_losses[1] == pytest.approx(np.average(history.losses[7:14], weights=sizes))
    assert history.train_accuracy[-1] == accuracy(history.params, X, y)
    assert not history.diverged


def test_dev_accuracy_is_of_the_dev_set():
    X_dev, y_dev = make_moons(30, np.random.default_rng(5))
    history, *_ = run(epochs=2, X_dev=X_dev, y_dev=y_dev)
    assert history.dev_accuracy[-1] == accuracy(history.params, X_dev, y_dev)
    assert history.dev_accuracy.shape == (2,)


def test_every_epoch_has_its_own_order():
    _, params, X, y = run(epochs=1)
    frozen = train_network(params, X, y, epochs=2, batch_size=1, learning_rate=0.0, rng=np.random.default_rng(3))
    first, second = frozen.losses[:50], frozen.losses[50:]
    assert not np.array_equal(first, second)
    assert np.allclose(np.sort(first), np.sort(second))


def test_same_seed_same_run_and_parameters_left_alone():
    params = make_params([2, 8, 2])
    before = {k: v.copy() for k, v in params.items()}
    one, two, other = (run(params, seed=s)[0] for s in (1, 1, 2))
    assert np.array_equal(one.losses, two.losses)
    assert not np.array_equal(one.losses, other.losses)
    assert all(np.array_equal(before[k], params[k]) for k in params)


def test_it_learns_the_moons():
    history, *_ = run(epochs=200, learning_rate=0.3)
    assert history.train_accuracy[-1] >= 0.9


@pytest.mark.filterwarnings("error")
def test_overflow_is_recorded_not_raised():
    huge = {k: v * 1e200 for k, v in make_params([2, 8, 2]).items()}
    history, *_ = run(huge, X_dev=np.zeros((2, 2)), y_dev=np.array([0, 1]))
    assert history.diverged
    assert np.isnan(history.losses).all()
    assert np.isnan(history.epoch_losses).all()
    assert np.isnan(history.dev_accuracy).all()
    late, *_ = run(learning_rate=1e200, epochs=4)
    assert late.diverged
    assert np.isfinite(late.losses[0])
    assert np.isnan(late.losses[-1])


def test_float32_stays_float32():
    history, *_ = run(make_params([2, 8, 2], dtype=np.float32))
    assert {v.dtype for v in history.params.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["epochs", "batch_size"])
def test_bad_numbers_are_named(name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        run(**{name: 0})
