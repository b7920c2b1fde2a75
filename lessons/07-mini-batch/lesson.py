# %% [markdown]
# # Train on mini-batches
#
# Gradient descent as you know it looks at every example before it takes one step. With a few examples in hand you can
# step much sooner. This lesson builds the training loop that every later lesson uses, and looks at what the size of a
# batch buys and costs.
#
# **What you will do.** Count updates, shuffle pairs, cut them into batches, write the step and the loop, and add up
# gradients of batches that do not fit in memory.
#
# **What you will learn.**
# - what an epoch is, and why it is not an iteration
# - why a rough gradient is often good enough, and what its noise depends on
# - why the examples are shuffled, and shuffled again in every epoch
# - which rules about batch sizes are laws, and which are habits
#
# **What you need.** NumPy, and the network of lesson 00.
# **Time.** About 75 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_fashion
from coursekit.explorations import mini_batch as explore
from coursekit.network import accuracy, loss_and_gradients, predict
from coursekit.plots import show, use_course_style
from coursekit.training import first_parameters, fit_network

begin("07-mini-batch")
use_course_style()

# %% [markdown]
# ## Five times through the same pictures
#
# The data are 4,000 pictures of clothes, ten classes. A network with one hidden layer of 64 units sees each picture five
# times. The learning rate is 0.1, the first weights are the same. One thing differs: after how many pictures the weights
# are updated.
#
# **Think.** Each run looks at 20,000 pictures in all. After 16 pictures the gradient is rough, after 4,000 it is exact.
# Which of the sizes 16, 64, 512 and 4,000 will do best, and by how much?

# %% nbgrader={"grade": false, "grade_id": "opening", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion = load_fashion()
X, y = fashion.X_train, fashion.y_train
dev = {"X_dev": fashion.X_dev, "y_dev": fashion.y_dev}
runs = {}
for size in (16, 64, 512, 4000):
    plan = {"epochs": 5, "batch_size": size, "learning_rate": 0.1}
    runs[size] = fit_network([64], X, y, rng=np.random.default_rng(0), **plan, **dev)
    print(f"batch {size:5,}: {len(runs[size].losses):5,} updates, dev accuracy {runs[size].dev_accuracy[-1]:.3f}")
accuracies = {size: run.dev_accuracy[-1] for size, run in runs.items()}
updates = {size: len(run.losses) for size, run in runs.items()}
alt = "Dev accuracy after 5 epochs: 0.81 for batches of 16, 0.80 for 64, 0.65 for 512 and 0.49 for all 4,000."
show(explore.plot_opening(accuracies, updates), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The rough gradients win: 0.809 and 0.795 against 0.645 and 0.491. Between the first two there is only noise (the standard
# error of 1,000 pictures is 0.013). Exact gradients are no use when there are only five of them.
#
# </details>
#
# ## An epoch is not an update
#
# An **epoch** is one pass over all examples. An **update** (also: iteration, step) is one change of the parameters. A
# **batch** holds the examples of one update. With $m$ examples and batches of $b$,
#
# $$\text{updates per epoch} = \lceil m / b \rceil,$$
#
# rounded up, because the last batch may be smaller.
#
# <div class="alert alert-info">
#
# **Convention.** Words differ. *Batch gradient descent* uses all examples for an update, *stochastic gradient descent* one,
# *mini-batch gradient descent* something between. Libraries call all three SGD, and a "batch" there is a mini-batch. Some
# drop the last, smaller batch (`drop_last`); here it is kept.
#
# </div>
#
# ### Exercise 7.1 · updates_per_epoch (1 point)
#
# Return $\lceil m / b \rceil$ as an integer; both numbers are integers of at least 1. Ten examples in batches of four make
# 4 + 4 + 2, so 3 updates.

# %% nbgrader={"grade": false, "grade_id": "updates_per_epoch", "locked": false, "schema_version": 3, "solution": true, "task": false}
def updates_per_epoch(m, batch_size):
    """How many batches of ``batch_size`` cover ``m`` examples, the last one perhaps smaller: an int.

    For m = 10 and batches of 4 it is 3.
    """
    # BEGIN SOLUTION
    return -(-m // batch_size)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_updates_per_epoch", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(updates_per_epoch)

# %% nbgrader={"grade": false, "grade_id": "five_million", "locked": true, "schema_version": 3, "solution": false, "task": false}
for m, size in ((4000, 16), (4000, 512), (4000, 4000), (5_000_000, 1000)):
    print(f"{m:9,} examples in batches of {size:5,}: {updates_per_epoch(m, size):5,} updates an epoch")

# %% [markdown]
# With five million examples and batches of 1,000 there are 5,000 updates in one epoch. Batch gradient descent makes one. In
# the opening, 4,000 pictures gave 1,250 updates in five epochs of batches of 16, and 5 with all at once.
#
# ## How rough is a rough gradient?
#
# The gradient of the cost is a mean over the examples. The mean over $b$ examples drawn at random has the same expected
# value, and a standard error that falls like $1/\sqrt{b}$.
#
# **Think.** A batch of 1,024 costs 64 times the work of a batch of 16. How much smaller is its noise?

# %% nbgrader={"grade": false, "grade_id": "noise", "locked": true, "schema_version": 3, "solution": false, "task": false}
params = first_parameters([64], X, y, np.random.default_rng(0))
sizes = [1, 4, 16, 64, 256, 1024]
noise = explore.relative_noise(loss_and_gradients, params, X, y, sizes)
for size, value in zip(sizes, noise, strict=True):
    print(f"batch {size:5,}: noise {value:.2f} of the gradient's length")
alt = "Noise against batch size, both logarithmic: a straight fall from 5.4 for one example to 0.64 for 64 and 0.15 for 1,024."
show(explore.plot_noise(sizes, noise, len(X)), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The root of 64 is 8. We measure 1.32 for 16 and 0.15 for 1,024: nine times. The little more is because 1,024 of 4,000
# examples are drawn without replacement; a batch of all has no noise left. For one example the noise is five times as long
# as the gradient.
#
# </details>
#
# So each doubling of the batch doubles the work and takes away less than a third of the noise. That is a poor bargain as
# long as the step goes downhill anyway. Does it? The next figure shows steps in a plane. The data are 1,009 cells with two
# measurements, A and B, of two classes. Logistic regression gives them two weights. Each dot is the step that one batch
# proposes; the arrow is the one of all examples. Steps on the arrow's side of the dashed line go downhill.
#
# **Goal.** Find the smallest batch with at least 95 % of the dots on the downhill side, *far* from the least cost. Then go
# *near* it. How large must the batch be there?

# %% nbgrader={"grade": false, "grade_id": "cloud", "locked": true, "schema_version": 3, "solution": false, "task": false}
cells = explore.cells()
alt = "Near the least cost, steps of batches of 16 lie along a band through zero, on both sides of it; 67 % go downhill."
show(explore.plot_cloud(cells, 16, "near"), alt=alt)
explore.explore_cloud(cells)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# Far away, batches of 3 have 89 %, of 4 they have 95 %, and of 16 all. Near the least cost, 16 examples have 67 %, and
# even 256 have only 78 %; it takes about 600 of the 1,009 for 95 %. The gradient itself is small there (its arrow is hardly
# seen), and the noise is not. Small batches are good for the long way and bad for the last bit.
#
# </details>
#
# ## Keep the pairs together
#
# Batches should be random samples. The cheap way: put the whole set in random order, then cut. Rows and labels need the
# *same* order.
#
# ### Exercise 7.2 · shuffle_together (3 points)
#
# `X` is `(m, n)`, one example a row; `y` is `(m,)`, their labels. Return the tuple `(X, y)` in a random order, each label
# beside its own row. All $m!$ orders are equally likely. Draw from `rng`, and leave the given arrays as they are.
#
# *Worked number:* if the order is 2, 0, 1, then rows $a, b, c$ with labels 5, 6, 7 become $c, a, b$ with 7, 5, 6.

# %% nbgrader={"grade": false, "grade_id": "shuffle_together", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shuffle_together(X, y, rng):
    """Rows of ``X`` and labels ``y`` in one random order: a tuple (X, y) of new arrays.

    ``rng`` is a NumPy generator. All orders are equally likely.
    """
    # BEGIN SOLUTION
    order = rng.permutation(len(X))
    return X[order], y[order]
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_shuffle_together", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(shuffle_together)

# %% [markdown]
# **Think.** A colleague shuffles X and y one after the other, with the same generator. What accuracy does the network reach?

# %% nbgrader={"grade": false, "grade_id": "apart", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
plan = {"epochs": 5, "batch_size": 64, "learning_rate": 0.1}
together = fit_network([64], *shuffle_together(X, y, rng), rng=np.random.default_rng(0), **plan, **dev)
apart = fit_network([64], rng.permutation(X), rng.permutation(y), rng=np.random.default_rng(0), **plan, **dev)
for name, run in (("together", together), ("apart", apart)):
    print(f"{name:8}: training loss {run.epoch_losses[-1]:.2f}, dev accuracy {run.dev_accuracy[-1]:.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# No error, no warning, and next to nothing learned: the generator has moved on, so the second order is another one. The loss
# stays at 2.28, near $\ln 10 = 2.30$, the loss of a guess among ten classes. A loss that does not leave that value is a reason to look
# at the labels.
#
# </details>
#
# ## Cut into batches
#
# ### Exercise 7.3 · mini_batches (4 points)
#
# Shuffle, then cut. Return a list of tuples `(X_batch, y_batch)`. All batches have `batch_size` examples but the last,
# which has what is left; no batch is empty. If `batch_size` is larger than the set, there is one batch. Keep the dtypes of `X` and `y`: images
# in uint8 stay eight times smaller than float64. For `batch_size < 1` raise a `ValueError` that names the argument and the
# value.
#
# *Worked number:* ten examples in batches of four give three tuples, with 4, 4 and 2 examples.

# %% nbgrader={"grade": false, "grade_id": "mini_batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mini_batches(X, y, batch_size, rng):
    """Shuffled batches: a list of tuples (X_batch, y_batch), all full but the last.

    Raises ``ValueError`` for ``batch_size < 1``. Dtypes stay as they are.
    """
    # BEGIN SOLUTION
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    X, y = shuffle_together(X, y, rng)
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_mini_batches", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(mini_batches)

# %% nbgrader={"grade": false, "grade_id": "look_at_batches", "locked": true, "schema_version": 3, "solution": false, "task": false}
batches = mini_batches(X, y, 512, np.random.default_rng(0))
print([len(y_batch) for _, y_batch in batches], "sum", sum(len(y_batch) for _, y_batch in batches))
print("classes in the first batch:", np.bincount(batches[0][1]))

# %% [markdown]
# Seven full batches and one of 416. Each class has about 51 of the 512 places, more or less (40 to 73): a random sample.
#
# ## One step, one loop
#
# Now the update itself: $\theta \leftarrow \theta - \alpha \, \nabla J(\theta)$ for every array, weights and biases alike.
#
# ### Exercise 7.4 · gradient_descent_step (2 points)
#
# `params` and `grads` are dicts of arrays with the same keys, perhaps in another order and with any names. Return a new
# dict; leave the given ones and their arrays as they are.
#
# *Worked number:* the parameter 1.0 with the gradient 0.5 and the learning rate 0.1 becomes $1.0 - 0.1 \cdot 0.5 = 0.95$.

# %% nbgrader={"grade": false, "grade_id": "gradient_descent_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_descent_step(params, grads, learning_rate):
    """The parameters after one step of gradient descent: a new dict with the same keys."""
    # BEGIN SOLUTION
    return {key: params[key] - learning_rate * grads[key] for key in params}
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_gradient_descent_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(gradient_descent_step)

# %% [markdown]
# ### Exercise 7.5 · train (5 points)
#
# For each of `epochs` epochs make fresh mini-batches. For each batch:
#
# 1. `gradients(params, X_batch, y_batch)` returns `(loss, grads)`; keep the loss,
# 2. `step(params, grads)` returns the new parameters; go on with those.
#
# Return `(params, losses)`: the last parameters, and a list (or 1-d array) with the loss of every update, measured on its
# batch **just before** the update. `gradients` and `step` are functions that you are given, so the same loop will train with momentum and
# Adam later. The dict `params` of the caller stays as it is.
#
# *Worked number:* 7 examples, batches of 3, 2 epochs: $2 \cdot 3 = 6$ losses.

# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(params, X, y, gradients, step, rng, epochs, batch_size):
    """Train on mini-batches, freshly shuffled every epoch: a tuple (last params, one loss for every update)."""
    # BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        for X_batch, y_batch in mini_batches(X, y, batch_size, rng):
            loss, grads = gradients(params, X_batch, y_batch)
            losses.append(loss)
            params = step(params, grads)
    return params, losses
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_train", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(train)

# %% nbgrader={"grade": false, "grade_id": "plain_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
def plain(learning_rate):
    """Your step with a fixed learning rate, in the form that ``train`` wants."""

    def step(params, grads):
        return gradient_descent_step(params, grads, learning_rate)

    return step


start = first_parameters([64], X, y, np.random.default_rng(0))
mixed, losses = train(start, X, y, loss_and_gradients, plain(0.1), np.random.default_rng(0), 5, 64)
print(f"{len(losses)} updates, dev accuracy {accuracy(mixed, fashion.X_dev, fashion.y_dev):.3f}")

# %% [markdown]
# Your loop trains the network of the opening. The first weights are other ones, and so is the third digit.
#
# ## Three ways down a valley
#
# Back to the cells, where the cost has two weights and can be drawn. The path starts at the square, the star is the least
# cost. The same learning rate everywhere, and your own loop.
#
# **Think.** Which of the three paths is smooth? Which one comes to rest at the star?

# %% nbgrader={"grade": false, "grade_id": "paths", "locked": true, "schema_version": 3, "solution": false, "task": false}
paths = {
    "batch: 60 epochs": explore.descend(train, plain(0.5), cells, 1009, 60),
    "batches of 16: 4 epochs": explore.descend(train, plain(0.5), cells, 16, 256),
    "single examples: 1 epoch": explore.descend(train, plain(0.5), cells, 1, 1009),
}
for name, path in paths.items():
    print(f"{name:24} {len(path) - 1:5,} updates, distance from the star in the last fifth {explore.distance(cells, path):.2f}")
alt = "All examples: a smooth path that stops half-way. Batches of 16: a rough one that comes close. Single ones: a tangle."
show(explore.plot_paths(paths, cells), alt=alt)
explore.explore_paths(train, plain, cells)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The batch path is smooth. After 60 passes through the data it is still 1.62 away, for it has made only 60 updates. Batches of 16 waver, and after
# 4 passes they are close to the star, at 0.41. Single examples run all around the star and find no rest: on average they are
# 1.23 away. Only the first path would ever come to *rest*, since only its gradient is zero at the star.
#
# </details>
#
# **Goal.** Use the sliders (two epochs, at most 600 updates). Get the mean distance of the path's last fifth below 0.6 with batches of
# 64, and then with single examples. Does one learning rate do for both?
#
# <details><summary>What did you find?</summary>
#
# Batches of 64 come to 0.52 with the learning rate 4. With 0.5 they make only 32 small steps and stay 2.07 away. Single
# examples want a small rate, for instance 0.2: 0.56. With 8 they are thrown 17 away. Batch size and learning rate
# belong together: less noise allows longer steps.
#
# </details>
#
# ## Updates, epochs, seconds
#
# Which size is fastest? That depends on what you count. Here are five runs of the network on the pictures, all with
# learning rate 0.1, measured on the same 1,000 training pictures.

# %% nbgrader={"grade": false, "grade_id": "pace", "locked": true, "schema_version": 3, "solution": false, "task": false}
plans = {4: 3, 16: 8, 64: 12, 512: 20, 4000: 30}
pace = {}
for size, epochs in plans.items():
    pace[size] = explore.timed_run(train, plain(0.1), start, X, y, size, epochs)
for size, run in pace.items():
    to_one = np.argmax(run.costs < 1.0) if (run.costs < 1.0).any() else -1
    print(f"batch {size:5,}: cost below 1 after {run.updates[to_one]:4} updates, {run.updates[to_one] * size / 4000:5.2f} epochs")
alt = "Three panels. Per update the large batches are lowest, per epoch the small ones; per second those in between."
show(explore.plot_pace(pace, len(X)), alt=alt)

# %% [markdown]
# Per *update*, larger batches are better up to a point: to bring the cost below 1, batches of 4 need about 290 updates, of 64 and of
# 512 about 36. Eight times the work in each update gained nothing there. Per *epoch*, small batches win: 0.3 epochs against 26 with all
# pictures. What you wait for is *seconds*, and they lie in between: one call for 64 pictures is far cheaper than 64 calls for one,
# because NumPy multiplies matrices at once. The third panel depends on your machine; the two others do not.
#
# ## A sorted set
#
# Data often come sorted: by class, by date, by hospital. What if nobody shuffles? Here the pictures are sorted by class, and
# cut into batches of 64 in that order, in each of five epochs.
#
# **Think.** The network sees each picture as often as before. What will its accuracy be, and what will it say most often?

# %% nbgrader={"grade": false, "grade_id": "sorted_set", "locked": true, "schema_version": 3, "solution": false, "task": false}
order = np.argsort(y, kind="stable")
in_order, sorted_losses = explore.train_in_order(start, X[order], y[order], plain(0.1), 5, 64)
for name, net in (("sorted", in_order), ("shuffled", mixed)):
    labels = predict(net, fashion.X_dev)
    print(f"{name:9} dev accuracy {accuracy(net, fashion.X_dev, fashion.y_dev):.3f}, labels {np.bincount(labels, minlength=10)}")
print(f"smallest loss of a batch: sorted {min(sorted_losses):.4f}, shuffled {min(losses):.4f}")
alt = "The loss of the sorted run falls to 0.003 within a class and jumps at each new one; the shuffled one falls steadily."
show(explore.plot_sorted({"sorted": sorted_losses, "shuffled": losses}, 63), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0.141 against 0.791. The network forgets as it goes: at the end of an epoch it calls four in five dev pictures bag or
# ankle boot, the last two classes. And its losses look splendid, down to 0.003, since a batch of nothing but bags is easy.
# A small training loss tells nothing when the batches are no random samples.
#
# </details>
#
# **Think.** Would one shuffle at the start be enough, with the same batches in every epoch?

# %% nbgrader={"grade": false, "grade_id": "once_or_afresh", "locked": true, "schema_version": 3, "solution": false, "task": false}
for seed in range(3):
    fresh, _ = train(start, X, y, loss_and_gradients, plain(0.1), np.random.default_rng(seed), 5, 64)
    rows = shuffle_together(X, y, np.random.default_rng(seed))
    once, _ = explore.train_in_order(start, *rows, plain(0.1), 5, 64)
    right = [accuracy(net, fashion.X_dev, fashion.y_dev) for net in (fresh, once)]
    print(f"seed {seed}: dev accuracy with a fresh shuffle in each epoch {right[0]:.3f}, with one shuffle {right[1]:.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# One shuffle cures most of it: both are near 0.79, and neither is always ahead. Only one run stands out, 0.754 with one
# shuffle; three seeds do not tell whether that is luck. A fresh order costs next to nothing, and an unlucky one does not come
# again. So it is the habit, and `train` does it.
#
# </details>
#
# ## Laws and habits
#
# **Find the error.** A post that goes round says: "If the training set has fewer than 2,000 examples, use batch gradient
# descent. Otherwise the size must be a power of two, such as 64 or 128, because of the memory: others train badly."
#
# Try it with 1,000 pictures, 20 epochs each, and sizes that are powers of two and others.

# %% nbgrader={"grade": false, "grade_id": "laws", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_small, y_small = X[:1000], y[:1000]
for size in (32, 50, 64, 100, 128, 1000):
    rng = np.random.default_rng(0)
    net, _ = train(start, X_small, y_small, loss_and_gradients, plain(0.1), rng, 20, size)
    right = accuracy(net, fashion.X_dev, fashion.y_dev)
    print(f"batch {size:5,}: {20 * updates_per_epoch(1000, size):4} updates, dev accuracy {right:.3f}")

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# Neither half is a law. With 1,000 pictures, half of the limit, batches of 32 reach 0.793 and batch descent 0.648 after as
# many epochs. 50 and 100 are no powers of two and fit into the row between their neighbours. What counts is the number of
# updates and the noise of each.
#
# There is a grain of truth in both. A small set often fits in memory, and then batch descent is possible; it pays where one needs
# the last digits of the least cost. And some hardware works a little faster on sizes that fill its units. That is
# a question to measure, not one of learning.
#
# </details>
#
# ## More than memory holds
#
# Sometimes you want the gradient of a large batch and cannot hold its activations. A mean can be taken in parts: run
# through **micro-batches**, add up their gradients, and step only once.
#
# For micro-batches with $m_1, m_2, \dots$ examples and mean gradients $g_1, g_2, \dots$,
#
# $$g = \frac{1}{m} \sum_j m_j \, g_j, \qquad m = \sum_j m_j.$$
#
# ### Exercise 7.6 · accumulate_gradients (4 points)
#
# `gradients(params, X, y)` returns `(loss, grads)`, means over the rows it is given, and it can take at most `micro_batch`
# rows at once. Return the gradient of the mean loss over *all* rows: a dict with the keys of `params`. The last
# micro-batch may be smaller; the order of the rows does not matter.
#
# *Worked number:* three examples, two at a time, with the mean gradients 3 and 9: $(2 \cdot 3 + 1 \cdot 9) / 3 = 5$, not 6.

# %% nbgrader={"grade": false, "grade_id": "accumulate_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accumulate_gradients(gradients, params, X, y, micro_batch):
    """Mean gradient over all rows, taken from at most ``micro_batch`` rows at a time: a dict like ``params``."""
    # BEGIN SOLUTION
    total = {key: np.zeros(np.shape(value)) for key, value in params.items()}
    for i in range(0, len(X), micro_batch):
        X_micro, y_micro = X[i : i + micro_batch], y[i : i + micro_batch]
        _, grads = gradients(params, X_micro, y_micro)
        for key in total:
            total[key] = total[key] + len(X_micro) / len(X) * grads[key]
    return total
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_accumulate_gradients", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(accumulate_gradients)

# %% [markdown]
# **Think.** 4,000 pictures in micro-batches of 999 leave a last one of 4. How far is your result from the gradient of
# all at once? And how far is the plain mean of the five micro-batch gradients?

# %% nbgrader={"grade": false, "grade_id": "accumulated", "locked": true, "schema_version": 3, "solution": false, "task": false}
_, whole = loss_and_gradients(mixed, X, y)
pieces = [loss_and_gradients(mixed, X[i : i + 999], y[i : i + 999])[1] for i in range(0, 4000, 999)]
plain_mean = {key: np.mean([piece[key] for piece in pieces], axis=0) for key in whole}
weighted = accumulate_gradients(loss_and_gradients, mixed, X, y, 999)
for name, grads in (("weighted by rows", weighted), ("plain mean", plain_mean)):
    off = np.sqrt(sum(((grads[key] - whole[key]) ** 2).sum() for key in whole))
    print(f"{name:17} off by {off / np.sqrt(sum((g**2).sum() for g in whole.values())):.1e} of the gradient's length")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The weighted one is off by rounding alone. The plain mean is off by 1.2 times the gradient's own length: four pictures have as much say in it as
# 999, and near the end of training their noise is larger than the gradient. Where all
# micro-batches have the same size, the two agree, and that is why this mistake lives long.
#
# </details>
#
# The same holds for losses: the mean over an epoch weights each batch's loss by its size.

# %%
# Your playground: other sizes, other learning rates.
net, values = train(start, X, y, loss_and_gradients, plain(0.2), np.random.default_rng(1), 2, 32)
print(len(values), accuracy(net, fashion.X_dev, fashion.y_dev))

# %% [markdown]
# ## Summary
#
# - An epoch is a pass over all examples, an update a change of the parameters: $\lceil m/b \rceil$ updates an epoch.
# - The noise of a gradient falls like $1/\sqrt{b}$, the work grows like $b$.
# - Far from the least cost a rough gradient will do. Near it, noise keeps the path from settling.
# - One order for X and y, drawn afresh in every epoch. Sorted batches teach and forget.
# - The last, smaller batch counts, and counts for its size.
# - Batch size is a number to try, like the learning rate. 2,000 examples and powers of two are habits.
#
# ## On your own
#
# 1. Train with batches of 1 and the learning rate 0.1 on the pictures. What learning rate makes it work?
# 2. When the batch is four times as large, should the learning rate be four times as large? Try 16 and 64.
# 3. Let the batch grow during training: 16 for three epochs, then 256. Does the cost settle lower?
#
# ## Further reading
#
# - L. Bottou, F. Curtis, J. Nocedal, *Optimization methods for large-scale machine learning*, 2018.
# - D. Masters, C. Luschi, *Revisiting small batch training for deep neural networks*, 2018.
# - P. Goyal et al., *Accurate, large minibatch SGD*, 2017: large batches and the learning rate.
# - R. Fisher, F. Yates, *Statistical tables*, 1938; R. Durstenfeld, 1964: shuffling right.

# %%
progress()
