"""The plain trainer: what it updates, what it records, and what it does when the loss overflows."""

import numpy as np
import pytest

from coursekit.datasets import make_moons
from coursekit.network import accuracy, loss_and_gradients, mean_loss
from coursekit.training import _BLOCK, _Adam, first_parameters, fit_network, train_network

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


def test_a_step_of_ones_own_replaces_gradient_descent():
    X, y = make_moons(50, np.random.default_rng(0))
    params = make_params([2, 8, 2])
    _, grads = loss_and_gradients(params, X, y)

    def signs(now, grads):
        return {key: now[key] - 0.01 * np.sign(grads[key]) for key in now}

    history = train_network(params, X, y, epochs=1, batch_size=50, rng=np.random.default_rng(0), step=signs)
    for key in params:
        assert np.allclose(history.params[key], params[key] - 0.01 * np.sign(grads[key]))


def test_dev_losses_are_the_mean_loss_on_the_dev_set():
    X_dev, y_dev = make_moons(30, np.random.default_rng(5))
    history, *_ = run(epochs=2, X_dev=X_dev, y_dev=y_dev)
    assert history.dev_losses[-1] == pytest.approx(mean_loss(history.params, X_dev, y_dev))


def fit(hidden=(16,), *, epochs=40, learning_rate=0.02, seed=0, m=60, **more):
    X, y = make_moons(m, np.random.default_rng(0))
    rng = np.random.default_rng(seed)
    return fit_network(hidden, X, y, epochs=epochs, batch_size=16, learning_rate=learning_rate, rng=rng, **more)


def test_fit_network_learns_from_parameters_of_its_own():
    history = fit(optimizer="adam")
    assert [history.params[f"W{i}"].shape for i in (1, 2)] == [(2, 16), (16, 2)]
    assert history.train_accuracy[-1] > 0.9
    again = fit(optimizer="adam")
    assert all(np.array_equal(history.params[k], again.params[k]) for k in history.params)
    assert not np.allclose(history.params["W1"], fit(seed=1, optimizer="adam").params["W1"])


def test_without_hidden_layers_it_is_softmax_regression():
    assert sorted(fit(hidden=()).params) == ["W1", "b1"]


def test_a_penalty_shrinks_the_weights_and_not_the_biases():
    free, held = fit(optimizer="adam", epochs=100), fit(optimizer="adam", epochs=100, lam=5.0)
    assert np.linalg.norm(held.params["W1"]) < 0.7 * np.linalg.norm(free.params["W1"])
    # The stationary point of the cost: the gradient of the loss and that of the penalty cancel, biases have none.
    X, y = make_moons(60, np.random.default_rng(0))
    full = fit_network(
        (), X, y, epochs=4000, batch_size=60, learning_rate=0.5, lam=2.0, rng=np.random.default_rng(0)
    ).params
    _, grads = loss_and_gradients(full, X, y)
    assert np.allclose(grads["W1"], -2.0 / 60 * full["W1"], atol=1e-6)
    assert np.allclose(grads["b1"], 0.0, atol=1e-6)


def test_dropout_has_the_gradients_of_the_thinned_network():
    from coursekit.network import _loss_and_gradients

    X, y = make_moons(20, np.random.default_rng(0))
    params = make_params([2, 3, 2])
    rng = np.random.default_rng(0)
    kept = [(rng.random((20, 3)) < 0.5) / 0.5]
    loss, grads = _loss_and_gradients(params, X, y, "relu", kept)
    step = 1e-6
    for key in params:
        bumped = {k: v.copy() for k, v in params.items()}
        bumped[key].flat[0] += step
        up, _ = _loss_and_gradients(bumped, X, y, "relu", kept)
        assert (up - loss) / step == pytest.approx(grads[key].flat[0], abs=1e-4)
    dropped = fit(hidden=(64,), keep_prob=0.5, optimizer="adam", epochs=200, m=40)
    free = fit(hidden=(64,), optimizer="adam", epochs=200, m=40)
    assert mean_loss(dropped.params, *make_moons(40, np.random.default_rng(0))) > mean_loss(
        free.params, *make_moons(40, np.random.default_rng(0))
    )


def test_fit_network_takes_gradients_of_ones_own():
    from coursekit.network import loss_and_gradients

    asked = []

    def gradients(params, X, y):
        asked.append(len(X))
        return loss_and_gradients(params, X, y)

    own, plain = fit(gradients=gradients, epochs=3), fit(epochs=3)
    assert asked
    assert all(np.array_equal(own.params[k], plain.params[k]) for k in plain.params)
    frozen = fit(gradients=lambda p, X, y: (1.0, {k: 0 * v for k, v in p.items()}), epochs=3)
    assert np.array_equal(frozen.losses, np.ones_like(frozen.losses))


@pytest.mark.parametrize(
    "wrong", [{"learning_rate": 0.0}, {"lam": -1.0}, {"keep_prob": 0.0}, {"optimizer": "none"}, {"hidden": (0,)}]
)
def test_fit_network_names_what_is_out_of_range(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        fit(**wrong)


def test_first_parameters_keep_the_size_of_signals():
    X, y = np.zeros((5, 300)), np.array([0, 2, 1, 0, 2])
    params = first_parameters((400,), X, y, np.random.default_rng(0))
    assert {key: value.shape for key, value in params.items()} == {
        "W1": (300, 400),
        "b1": (400,),
        "W2": (400, 3),
        "b2": (3,),
    }
    assert params["W1"].std() == pytest.approx(np.sqrt(2 / 300), rel=0.02)
    assert not params["b1"].any() and not params["b2"].any()
    again = first_parameters((400,), X, y, np.random.default_rng(0))
    assert all(np.array_equal(params[key], again[key]) for key in params)


@pytest.mark.parametrize("precision", [np.float64, np.float32])
@pytest.mark.parametrize("order", ["C", "F"])
def test_adam_in_blocks_gives_the_formulas_numbers_bit_for_bit(precision, order):
    """The built notebooks' figures depend on every bit; three blocks, the last one cut short."""
    rng = np.random.default_rng(0)
    value = rng.standard_normal((41, _BLOCK // 20)).astype(precision)
    assert value.size > 2 * _BLOCK and value.size % _BLOCK
    move, wanted = _Adam(2e-3), value
    first = second = np.zeros_like(value)
    for t in (1, 2, 3):
        grad = np.array(rng.standard_normal(value.shape).astype(precision), order=order)
        first, second = 0.9 * first + 0.1 * grad, 0.999 * second + 0.001 * grad**2
        wanted = wanted - 2e-3 * (first / (1 - 0.9**t)) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)
        value = move("W1", value, grad)
        assert value.dtype == wanted.dtype == precision
        assert value.tobytes() == np.ascontiguousarray(wanted).tobytes()
