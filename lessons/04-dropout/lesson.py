# %% [markdown]
# # Drop units so that none is indispensable
#
# **You will** write dropout as a layer, forwards and backwards, put it into a network of any depth, and use it once
# more after the training: to ask a network how sure it is.
#
# **You will learn** why units that may vanish at any moment learn better habits, where the factor $1/k$ comes from,
# why dropout is switched off at test time, what it has in common with an L2 penalty, and what its uncertainty is
# worth.
#
# **You need** the network of lesson 00 and its gradients (lesson 06 helps), means and variances.
#
# **Time** about 80 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_churn_parts, load_fashion
from coursekit.explorations import dropout as explore
from coursekit.plots import show, use_course_style
from coursekit.training import fit_network

begin("04-dropout")
use_course_style()


def softmax(logits):
    """Probabilities (m, k) of logits (m, k): each row adds up to 1. Divides by the sum while all are logarithms."""
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))

# %% [markdown]
# ## A network that knows its pictures by heart
#
# 1,000 pictures of clothes, 256 hidden units, 40 epochs. The network has 200,000 weights for 1,000 examples.

# %% nbgrader={"grade": false, "grade_id": "by_heart", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion = load_fashion()
X_small, y_small = fashion.X_train[:1000], fashion.y_train[:1000]
plan = {"epochs": 40, "batch_size": 64, "learning_rate": 2e-3, "optimizer": "adam"}
dev = {"X_dev": fashion.X_dev, "y_dev": fashion.y_dev}
plain = fit_network([256], X_small, y_small, rng=np.random.default_rng(0), **plan, **dev)
for name, epoch in (("at the least dev loss", plain.dev_losses.argmin()), ("at the end", -1)):
    print(f"{name}: accuracy training {plain.train_accuracy[epoch]:.3f}, dev {plain.dev_accuracy[epoch]:.3f}", end="")
    print(f", dev loss {plain.dev_losses[epoch]:.3f}")
alt = "The training loss falls to nearly 0. The dev loss is least in epoch 12 (0.61) and climbs to 0.76."
show(explore.plot_by_heart(plain), alt=alt)

# %% [markdown]
# In the end every training picture is right and one dev picture in five is wrong. The dev loss was best in epoch 12;
# since then it has climbed from 0.61 to 0.76, though the dev accuracy has not fallen. The network does not make more
# mistakes. It grows more *certain* of those it makes.
#
# The usual explanation is that hidden units conspire: one repairs what another gets wrong, on these very pictures.
# The cure sounds absurd: in every step, **switch off a random part of the units**. A unit whose partners may be
# missing has to be of use by itself.
#
# ## Switch units off, and keep the mean
#
# Let $a$ be an activation and $k$ the probability to keep it. Multiply by a random $d$ that is 1 with probability
# $k$, and 0 otherwise. On average
#
# $$ \operatorname{E}[d \, a] = k \, a : $$
#
# the next layer hears a signal that is smaller by the factor $k$ than the one it will hear when all units are back.
# So divide what is kept by $k$. This is **inverted dropout**: with the mask $m = d / k$,
#
# $$ \operatorname{E}[m \, a] = \tfrac{1}{k} \, k \, a = a, \qquad
# \operatorname{Var}(m\,a) = \tfrac{1 - k}{k} \, a^2. $$
#
# The mean is right, and there is noise, the more the smaller $k$ is.
#
# ### Exercise 4.1 · dropout_forward (5 points)
#
# `A (m, n)` holds the activations of `m` examples. Return `(out, mask)`, both `(m, n)`.
#
# - In training, each entry of `mask` is `1 / keep_prob` with probability `keep_prob` and 0 otherwise, **each unit of
#   each example by itself**, and `out` is `A * mask`. All randomness comes from `rng`.
# - With `training=False` nothing happens: `out` equals `A`, `mask` is all ones.
# - Outside (0, 1], `keep_prob` raises a `ValueError` that names it and its value, training or not. 1 is allowed.
#
# *Worked number:* with `keep_prob` 0.8 the row `[3, 0, 2]` may become `[3.75, 0, 0]` with the mask `[1.25, 1.25, 0]`.

# %% nbgrader={"grade": false, "grade_id": "dropout_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_forward(A, keep_prob, rng, training=True):
    """Inverted dropout: `(out, mask)`, both of the shape (m, n) of A.

    mask: 0 or 1 / keep_prob in training, ones otherwise; out = A * mask. keep_prob outside (0, 1] raises ValueError.
    """
    # BEGIN SOLUTION
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob must be in (0, 1], got {keep_prob}")
    if not training:
        return A, np.ones_like(A)
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_dropout_forward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(dropout_forward)

# %% [markdown]
# <div class="alert alert-info">
#
# **Where books differ.** *Keep or drop:* here, in the first paper's formulas and in TensorFlow 1 the number says how
# many units **stay**. `torch.nn.Dropout(p)` and Keras' `Dropout(rate)` say how many **go**: their 0.2 is our 0.8.
# With 0.5 the mix-up stays hidden. *When to scale:* the first papers dropped without scaling and multiplied the
# weights by $k$ at test time. Today's libraries scale in training, as here, and leave the test pass alone. Do one of
# the two, never both.
#
# </div>
#
# **Think.** Somebody wrote `rng.standard_normal(A.shape) < keep_prob` where `rng.random` belongs. For which
# `keep_prob` would you notice it by the share of units kept?

# %% nbgrader={"grade": false, "grade_id": "normal_for_uniform", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(10)
for keep_prob in (0.5, 0.7, 0.8, 0.9):
    right, wrong = (draw((1000, 1000)) < keep_prob for draw in (rng.random, rng.standard_normal))
    print(f"keep_prob {keep_prob}: uniform keeps {right.mean():.3f}, normal keeps {wrong.mean():.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The normal distribution has 69.1 % of its mass below 0.5, 75.8 % below 0.7, **78.8 % below 0.8** and 81.6 % below
# 0.9. At 0.8, a common choice, the slip is nearly invisible. Test with 0.5 and with 0.9; the checks do.
#
# </details>
#
# **Goal.** How noisy is it? The figure puts a layer of ones through your function, 4,000 times. With 50 units, find
# the smallest `keep_prob` for which the spread of the layer's mean stays below 0.20. Then halve the number of units.

# %% nbgrader={"grade": false, "grade_id": "explore_mask", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "Left: half of the cells of a mask are dark. Right: the mean of 50 units scatters around 1 with a spread of 0.14."
show(explore.plot_mask(dropout_forward, 0.5, 50), alt=alt)
explore.explore_mask(dropout_forward)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# About 0.34. The variance of one unit's part is $(1-k)/k$, and of the mean of $n$ units $(1-k)/(kn)$; the root of
# that is 0.2 for $k = 1/3$ and $n = 50$. With 25 units you need a little more
# than 0.5. Wide layers bear more dropout than narrow ones.
#
# </details>
#
# ## And back
#
# The layer computes $out = A * m$, entry by entry, and $m$ does not depend on $A$. So the chain rule has one factor
# for each entry:
#
# $$ \frac{\partial J}{\partial A} = \frac{\partial J}{\partial out} * m. $$
#
# A dropped unit had no part in the cost and learns nothing in this step. A kept one was amplified, and so is its
# gradient.
#
# ### Exercise 4.2 · dropout_backward (1 point)
#
# `dout` and `mask` have one shape; return the gradient of the same shape, and leave both as they are.
#
# *Worked number:* `dout = [[4, 5]]` and `mask = [[2, 0]]` give `[[8, 0]]`.

# %% nbgrader={"grade": false, "grade_id": "dropout_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_backward(dout, mask):
    """The gradient by the layer's input, from `dout`, the one by its output: same shape as both.

    dropout_backward([[4, 5]], [[2, 0]]) is [[8, 0]], as arrays.
    """
    # BEGIN SOLUTION
    return dout * mask
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_dropout_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(dropout_backward)

# %% [markdown]
# ## No feature to lean on
#
# What does a unit do whose inputs may fail? Take a single one, logistic, with six sensors that all read the same
# quantity. Sensor 1 is precise, the other five are noisier. We train it on sensors that always work, and with dropout
# on its inputs.
#
# **Think.** How will the weights differ? And when sensor 1 breaks, who suffers?

# %% nbgrader={"grade": false, "grade_id": "six_sensors", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_six, y_six = explore.make_sensors(1000, np.random.default_rng(0))


def train_unit(keep_prob):
    w, b, rng = np.zeros(6), 0.0, np.random.default_rng(2)
    for _ in range(1000):
        out, _ = dropout_forward(X_six, keep_prob, rng)
        error = (1 / (1 + np.exp(-(out @ w + b))) - y_six) / len(y_six)
        w, b = w - 0.5 * out.T @ error, b - 0.5 * error.sum()
    return w, b

# %% nbgrader={"grade": false, "grade_id": "one_sensor_breaks", "locked": true, "schema_version": 3, "solution": false, "task": false}
units = {name: train_unit(keep) for name, keep in (("keep 1", 1.0), ("keep 0.8", 0.8), ("keep 0.5", 0.5))}
X_new, y_new = explore.make_sensors(5000, np.random.default_rng(1))
X_broken = X_new.copy()
X_broken[:, 0] = 3 * np.random.default_rng(3).standard_normal(5000)
for name, (w, b) in units.items():
    fine, broken = (((X @ w + b > 0) == y_new).mean() for X in (X_new, X_broken))
    print(f"{name}: accuracy {fine:.2f}, with sensor 1 broken {broken:.2f}")
alt = "Bars of six weights. Without dropout sensor 1 has 52 % of the weight, with keep 0.5 it has 27 %."
show(explore.plot_sensors({name: w for name, (w, _) in units.items()}), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# All three are equally good as long as the sensors work (0.92). Without dropout half of the weight lies on the best
# sensor; with keep 0.5 it is a quarter, and the other five share the rest about evenly. When sensor 1 only tells
# noise, the first falls to 0.62, the last to 0.77.
#
# In a network the "sensors" of a unit are the units of the layer before. They learn, too: dropout asks each of them
# to be worth listening to.
#
# </details>
#
# ## A whole network
#
# Dropout comes **after the ReLU of every hidden layer**, with a keep probability for each. The inputs and the logits
# are left alone: a dropped logit would not be a weaker opinion but a wrong one.
#
# ### Exercise 4.3 · forward_with_dropout (5 points)
#
# Return `(logits, cache)` for a ReLU network with linear output. `X` is `(m, n0)`; `keep_probs` is a list with one
# number per hidden layer, `keep_probs[l]` for hidden layer `l + 1`, and empty without hidden layers. `training=False`
# gives the plain network.
#
# The `cache` is yours: put in whatever your backward pass will need, in any form. Nobody else looks into it.
#
# *Worked number:* one hidden unit with activation 3, output weight 2, bias 1, keep 0.5: the logit is
# $3 \cdot 2 \cdot 2 + 1 = 13$ or, dropped, 1. Without dropout it is 7, the mean of the two.

# %% nbgrader={"grade": false, "grade_id": "forward_with_dropout", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward_with_dropout(params, X, keep_probs, rng, training=True):
    """Logits (m, k) of a ReLU network with dropout after each hidden layer, and a cache for the backward pass.

    params: {"W1", "b1", ...}; keep_probs[l] belongs to hidden layer l + 1. The cache has any form you like.
    """
    # BEGIN SOLUTION
    A, cache, last = X, [], len(params) // 2
    for l in range(1, last):
        Z = A @ params[f"W{l}"] + params[f"b{l}"]
        out, mask = dropout_forward(np.maximum(Z, 0), keep_probs[l - 1], rng, training)
        cache.append((A, Z, mask))
        A = out
    logits = A @ params[f"W{last}"] + params[f"b{last}"]
    return logits, [*cache, (A, logits, None)]
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_forward_with_dropout", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(forward_with_dropout)

# %% [markdown]
# Backwards, the signal meets everything in the opposite order: through $W$ into the hidden layer's output, through
# the **mask**, through the ReLU. The masks are those of the forward pass. A new mask would send the gradient through
# units that had no part in the cost. And $\partial J / \partial W = A^\top \, \partial J / \partial Z$ needs the $A$
# that the layer *saw*, with dropped units as zeros.
#
# You will need the softmax once more. The set-up cell has one, `softmax(logits)`: probabilities `(m, k)`, row by row.
#
# ### Exercise 4.4 · backward_with_dropout (6 points)
#
# Return the gradients of the **mean** cross-entropy under the keys of `params`. `cache` is what your
# `forward_with_dropout` returned, from training or not; `y` is `(m,)` with integers. Leave the cache as it is.
#
# The check compares with the slopes of your own forward pass: it moves the parameters a little and calls it with a
# generator of the same seed, so that the masks are the same.
#
# *Worked number:* for one example with probabilities `[0.2, 0.8]` and `y = [1]`, the gradient of the last bias is
# `[0.2, -0.2]`.

# %% nbgrader={"grade": false, "grade_id": "backward_with_dropout", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward_with_dropout(params, cache, y):
    """Gradients of the mean cross-entropy, {"W1", "b1", ...}, from the cache of forward_with_dropout.

    y: (m,) integers. For probabilities [0.2, 0.8] and y = [1] the last bias has the gradient [0.2, -0.2].
    """
    # BEGIN SOLUTION
    m, grads = len(y), {}
    dZ = softmax(cache[-1][1])
    dZ[np.arange(m), y] -= 1
    dZ /= m
    for l in range(len(cache), 0, -1):
        grads[f"W{l}"], grads[f"b{l}"] = cache[l - 1][0].T @ dZ, dZ.sum(axis=0)
        if l > 1:
            _, Z, mask = cache[l - 2]
            dZ = dropout_backward(dZ @ params[f"W{l}"].T, mask) * (Z > 0)
    return grads
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_backward_with_dropout", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(backward_with_dropout)

# %% [markdown]
# ## Does it help?
#
# The same network, the same pictures, the same order of batches; only the gradients are yours, with keep 0.3.
#
# **Think.** After 40 epochs, what will have changed, compared with the plain network: the training accuracy, the dev
# accuracy, the dev loss?

# %% nbgrader={"grade": false, "grade_id": "with_dropout", "locked": true, "schema_version": 3, "solution": false, "task": false}
def gradients_with_dropout(keep_probs, rng):
    def gradients(params, X, y):
        logits, cache = forward_with_dropout(params, X, keep_probs, rng)
        loss = -np.log(softmax(logits)[np.arange(len(y)), y]).mean()
        return loss, backward_with_dropout(params, cache, y)

    return gradients

# %% nbgrader={"grade": false, "grade_id": "gap_and_loss", "locked": true, "schema_version": 3, "solution": false, "task": false}
mine = gradients_with_dropout([0.3], np.random.default_rng(1))
dropped = fit_network([256], X_small, y_small, rng=np.random.default_rng(0), gradients=mine, **plan, **dev)
runs = {"plain": plain, "keep 0.3": dropped}
for name, run in runs.items():
    train_accuracy, dev_accuracy = run.train_accuracy[-1], run.dev_accuracy[-1]
    print(f"{name:8}  training {train_accuracy:.3f}  dev {dev_accuracy:.3f}", end="  ")
    print(f"gap {train_accuracy - dev_accuracy:.3f}  dev loss {run.dev_losses[-1]:.3f}")
print(f"keep 0.3, epoch 5: training loss {dropped.epoch_losses[4]:.3f}, dev loss {dropped.dev_losses[4]:.3f}")
alt = "Plain: dev loss climbs to 0.76, accuracy gap 0.193. With keep 0.3 it stays near 0.59, and the gap is 0.117."
show(explore.plot_gap(runs), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The dev accuracy hardly moves: 0.807 and 0.798, and the standard error of 1,000 pictures is 0.013. Who looks at
# nothing else will say that dropout does not help. But the gap between training and dev falls from 0.193 to 0.117,
# and the dev loss from 0.758 to 0.591: the network is right as often, and much less sure where it is wrong.
#
# By the way: in epoch 5 the training loss is *above* the dev loss. That is no bug. The first is measured on thinned
# networks, the second on the whole one.
#
# </details>
#
# Is it true that no unit is indispensable now? Remove hidden units at random, without any further training. Your
# layer can do that: a smaller `keep_prob` *is* the damage, rescaled.

# %% nbgrader={"grade": false, "grade_id": "damage", "locked": true, "schema_version": 3, "solution": false, "task": false}
shares = [1.0, 0.8, 0.6, 0.4, 0.3, 0.2, 0.1, 0.05]
curves = {}
for name, run in runs.items():
    curves[name] = []
    for share in shares:
        logits, _ = forward_with_dropout(run.params, fashion.X_dev, [share], np.random.default_rng(2))
        curves[name].append((logits.argmax(axis=1) == fashion.y_dev).mean())
    print(name, np.round(curves[name], 2))
alt = "Dev accuracy against the share of units removed. At 0.8 the plain network has 0.56, the other one 0.73."
show(explore.plot_damage(curves, shares, 0.3), alt=alt)

# %% [markdown]
# With 70 % of the units gone, as many as were missing in training, the plain network is down to 0.66 and the other
# one has 0.75. With 80 % gone it is 0.56 against 0.73.
#
# ## Not at test time
#
# In training the noise is the point. And afterwards?
#
# **Think.** The network above, trained with keep 0.3, judges the dev pictures in three ways: without dropout; with
# dropout still on; and with the activations multiplied by 0.3, as the older books say. What happens to the accuracy,
# and what to the loss?

# %% nbgrader={"grade": false, "grade_id": "at_test_time", "locked": true, "schema_version": 3, "solution": false, "task": false}
params, X_dev, y_dev = dropped.params, fashion.X_dev, fashion.y_dev
passes = [forward_with_dropout(params, X_dev, [0.3], np.random.default_rng(s))[0] for s in range(10)]
off, _ = forward_with_dropout(params, X_dev, [0.3], np.random.default_rng(0), training=False)
twice = (off - params["b2"]) * 0.3 + params["b2"]
for name, logits in (("off", off), ("on", passes[0]), ("on, again", passes[1]), ("scaled twice", twice)):
    right = (logits.argmax(axis=1) == y_dev).mean()
    loss = -np.log(softmax(logits)[np.arange(1000), y_dev]).mean()
    print(f"{name:12}  accuracy {right:.3f}  loss {loss:.3f}")
labels = np.array([logits.argmax(axis=1) for logits in passes])
print(f"pictures whose label changes within ten passes: {(labels != labels[0]).any(axis=0).mean():.0%}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Off has the least loss, 0.591, and an accuracy of 0.798. With dropout on, three points of accuracy are lost, and the
# answers become a matter of luck: 42 % of the pictures get more than one label within ten passes. Scaling twice hardly
# touches the accuracy here (0.800), since all logits shrink together, but the loss rises to 0.766: the network is too
# timid.
#
# </details>
#
# ## What the test pass averages
#
# **Find the error.** A post that goes round explains: "Dropout trains many small networks. When the training is over,
# their weights are averaged, and the averaged weights make the predictions."

# %% nbgrader={"grade": false, "grade_id": "mean_of_passes", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
x = rng.standard_normal((1, 5))
for hidden in ([8], [8, 8]):
    sizes, params = [5, *hidden, 2], {}
    for l in range(1, len(sizes)):
        params[f"W{l}"], params[f"b{l}"] = rng.standard_normal((sizes[l - 1], sizes[l])), rng.standard_normal(sizes[l])
    keep_probs = [0.5] * len(hidden)
    whole, _ = forward_with_dropout(params, x, keep_probs, rng, training=False)
    thinned, _ = forward_with_dropout(params, np.repeat(x, 200_000, axis=0), keep_probs, rng)
    print(f"{len(hidden)} hidden: logits of the whole {whole[0].round(2)}", end=", ")
    print(f"mean of the thinned {thinned.mean(axis=0).round(2)}")

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# There is nothing to average: all the thinned networks share **one** set of weights, and every step moves it. After
# the training those weights are used as they are (in the older form, times $k$: a change of scale, not a mean).
#
# What is averaged, in a way, is *predictions*. With one hidden layer the logits of the whole network are exactly the
# mean of the logits of all $2^n$ thinned ones; the experiment agrees, up to the noise of 200,000 draws. With two
# hidden layers the second ReLU comes in between, and the whole network is only an approximation: the first logit is
# −0.22 for the whole network and 1.36 on average.
#
# </details>
#
# ## Dropout against L2
#
# What does the noise do to a linear unit with squared error? Its masks have mean 1 and variance $(1-k)/k$, so on
# average
#
# $$ \operatorname{E}\Big(y - \sum_i m_i a_i w_i\Big)^2 = \Big(y - \sum_i a_i w_i\Big)^2
# + \tfrac{1-k}{k} \sum_i a_i^2 w_i^2. $$
#
# That is an L2 penalty whose strength follows the activations. How does it compare with the plain one, in a network?
#
# The data are 7,032 customers of a (fictional) telephone company; a quarter of them leaves. The network has two
# hidden layers of 64 and trains for 60 epochs, far too long.
#
# **Think.** Which of the three will do best on new customers? Will any of them beat logistic regression?

# %% nbgrader={"grade": false, "grade_id": "churn", "locked": true, "schema_version": 3, "solution": false, "task": false}
churn = load_churn_parts()
plan = {"epochs": 60, "batch_size": 64, "learning_rate": 1e-3, "optimizer": "adam"}
parts = {"X": churn.X_train, "y": churn.y_train, "X_dev": churn.X_dev, "y_dev": churn.y_dev}
mine = gradients_with_dropout([0.5, 0.5], np.random.default_rng(1))
customers = {}
for name, cure in (("plain", {}), ("dropout, keep 0.5", {"gradients": mine}), ("L2, lambda 50", {"lam": 50})):
    customers[name] = fit_network([64, 64], rng=np.random.default_rng(0), **plan, **parts, **cure)
logistic = fit_network((), rng=np.random.default_rng(0), **(plan | {"epochs": 15}), **parts).dev_accuracy[-1]
alt = "Dev accuracy by epoch: plain falls to 0.74; dropout and L2 stay near 0.80, as good as logistic regression."
show(explore.plot_churn(customers, logistic), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The plain network ends at 0.742, with 0.928 on the training part. Dropout ends at 0.802, L2 at 0.799: either cure
# saves what the long training spoilt, and between them there is only noise (the standard error of 1,406 customers is
# 0.011). Neither ends above logistic regression, 0.803. Regularization keeps a network from getting worse; it cannot
# find what the table does not tell. A published "tuned" network reports 0.806 on these data.
#
# </details>
#
# **Goal.** Now tune it yourself. Sixty noisy points of two moons, two hidden layers: the plain network has a dev
# error of 0.121. Bring it **below 0.10** with 64 units, then **below 0.085** with any width. What happens to narrow
# layers, and for a very small `keep_prob`?

# %% nbgrader={"grade": false, "grade_id": "explore_moons", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "Without dropout the boundary of the two moons bends around single points; dev error 0.121."
show(explore.plot_moons(explore.train_on_moons(gradients_with_dropout, 1.0, 64), 1.0, 64), alt=alt)
explore.explore_moons(gradients_with_dropout)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# 64 units and `keep_prob` 0.75 give 0.098. 16 units do better, 0.079 for 0.75, and even without dropout they have
# 0.101: a smaller network is a regularizer, too. Four units have none to spare: from
# 0.3 to 1 they stay near 0.16, and below 0.3 they get worse. With 16 units and 0.1, hardly anything of the signal is
# left: 0.489 is guessing. Do not trust the third digit: the standard error of 1,000 points is about 0.01.
#
# </details>
#
# ## How sure are you?
#
# A softmax always answers, even far from all it has seen. Gal and Ghahramani (2016) propose to leave dropout **on**
# and ask the same question many times. Where the thinned networks agree, the training data pinned the answer down.
# Where they do not, it was left to chance. This is **Monte Carlo dropout**.
#
# ### Exercise 4.5 · mc_dropout_predict (3 points)
#
# Make `samples` passes in training mode, each with fresh masks for every example, and take the softmax of each. Return
# `(mean_probs, std_probs)`, both `(m, k)`: mean and standard deviation (`ddof=0`) over the same passes.
#
# *Worked number:* two passes with the probabilities 0.9 and 0.5 have the mean 0.7 and the standard deviation 0.2.

# %% nbgrader={"grade": false, "grade_id": "mc_dropout_predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mc_dropout_predict(params, X, keep_probs, rng, samples):
    """Mean and standard deviation (ddof 0) of the probabilities over `samples` passes with dropout: both (m, k)."""
    # BEGIN SOLUTION
    passes = [softmax(forward_with_dropout(params, X, keep_probs, rng)[0]) for _ in range(samples)]
    return np.mean(passes, axis=0), np.std(passes, axis=0)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_mc_dropout_predict", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(mc_dropout_predict)

# %% [markdown]
# **Think.** A network learns two clean moons with keep 0.5. Then we go away from them, in all directions. Will the
# plain network grow less sure? Will the passes disagree *everywhere* out there?

# %% nbgrader={"grade": false, "grade_id": "far_from_the_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
net, X_moons, y_moons = explore.train_for_uncertainty(gradients_with_dropout, 0.5)


def sure(points):
    return softmax(forward_with_dropout(net, points, [0.5, 0.5], rng, training=False)[0]).max(axis=1)


def spread(points):
    return mc_dropout_predict(net, points, [0.5, 0.5], np.random.default_rng(0), 100)[1][:, 0]


alt = "Left: the plain network is sure nearly everywhere. Right: the passes disagree in a fan around the boundary."
show(explore.plot_uncertainty(sure, spread, X_moons, y_moons), alt=alt)

# %% nbgrader={"grade": false, "grade_id": "rings_around_the_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name, places in [("the data", X_moons), *((f"radius {r}", explore.ring(r)) for r in (2, 5, 20))]:
    wide = spread(places)
    print(f"{name:10} plain confidence {sure(places).mean():.2f}   spread {wide.mean():.2f}", end="   ")
    print(f"directions with a spread above 0.1: {(wide > 0.1).mean():.0%}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The plain network is *more* sure out there than among its data: 1.00 against 0.97. The passes disagree, but only in
# a third of the directions, in a fan around the continued boundary, no wider at radius 20 than at radius 2. In the
# other two thirds they all agree on places of which the data say nothing. Far out a ReLU network is linear, and
# thinned networks that share their weights mostly agree on the sign.
#
# So a large spread is a good reason to doubt. **A small one is no proof of knowledge.**
#
# </details>

# %%
# Your playground: other keep probabilities, more passes, other places.
places = np.array([[0.5, 0.25], [5.0, 5.0], [20.0, 0.0]])
mc_dropout_predict(net, places, [0.5, 0.5], np.random.default_rng(0), 500)

# %% [markdown]
# ## Summary
#
# - A mask holds 0 or $1/k$, anew for each unit of each example and each step. The mean is right, the variance is
#   $\frac{1-k}{k}a^2$.
# - Backwards the same mask multiplies the gradient. Test with keep 0.3, 0.5 and 0.9: each hides other slips.
# - Hidden layers only. Off at test time, and not scaled again.
# - It spreads weight over many features. The gap and the loss show it before the accuracy does.
# - All thinned networks share one set of weights; the whole network stands in for the mean of their logits.
# - Monte Carlo dropout finds doubt that the softmax hides. It does not find all of it.
#
# ## On your own
#
# 1. Train the Fashion network with the keep probabilities 0.9, 0.5 and 0.1 and draw gap and dev loss against them.
# 2. Is dropout still of use with all 4,000 pictures?
# 3. Give `mc_dropout_predict` pictures of noise. Is the spread larger than for clothes?
#
# ## Further reading
#
# - N. Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, 2014.
# - S. Wager, S. Wang, P. Liang, *Dropout training as adaptive regularization*, 2013: why it resembles L2.
# - P. Baldi, P. Sadowski, *Understanding dropout*, 2013: what the whole network averages.
# - Y. Gal, Z. Ghahramani, *Dropout as a Bayesian approximation*, 2016.

# %%
progress()
