# %% [markdown]
# # Normalise inside the network
#
# **You will** write batch normalization as a layer: forwards in training and at test time, backwards, and finally
# folded away into the layer before it.
#
# **You will learn** why a good start does not last in a deep network, what a normalised layer does to learning rates
# and to the size of the weights, why it needs two sets of statistics, and where it fails: in small batches.
#
# **You need** means and variances, the network of lesson 00, the running average of lesson 08, and the chain rule.
#
# **Time** about 80 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_fashion
from coursekit.explorations import batch_normalization as explore
from coursekit.network import accuracy, forward
from coursekit.plots import show, use_course_style

begin("11-batch-normalization")
use_course_style()

# %% [markdown]
# ## A good start does not last
#
# Twenty hidden layers of 64 ReLU units, 4,000 pictures of clothes, plain gradient descent with a learning rate of 0.1.
# The weights start as He proposed (lesson 01), so that the signal has a sensible size in every layer.
#
# **Think.** The start is right. Will the network learn?

# %% nbgrader={"grade": false, "grade_id": "twenty_plain_layers", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion = load_fashion()
plain = explore.train([64] * 20, fashion, learning_rate=0.1)
print(f"dev accuracy after five epochs: {plain.dev_accuracy:.3f}")
last = np.array(plain.spreads)[:, 19]
print(f"std of layer 20's pre-activations: {last[0]:.2f} at first, then between {last.min():.2f} and {last.max():.2f}")
alt = "Left: the loss stays at guessing for 130 updates and ends near 1.6. Right: layer 20's spread jumps from 0.05 to 3."
show(explore.plot_wandering(plain), alt=alt)

# %% [markdown]
# It hardly does. (Your digits may differ: twenty plain layers amplify even the rounding of another machine.) He's start
# is right for the first update only. Then all layers move at once, and what a layer in the middle hears is the work of
# all the layers below it: its mean and its spread change from update to update.
#
# Lesson 05 standardised the inputs, once, before training. What if the network standardised the inputs of **every
# layer, in every step**?
#
# ## One unit, one batch
#
# Take one unit and a batch of $m$ examples with the pre-activations $z_1, \dots, z_m$. Four lines:
#
# $$ \mu = \frac{1}{m} \sum_i z_i, \qquad \sigma^2 = \frac{1}{m} \sum_i (z_i - \mu)^2, \qquad
# \hat z_i = \frac{z_i - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad out_i = \gamma \hat z_i + \beta. $$
#
# Every unit has its own $\mu$ and $\sigma^2$, taken over the examples of the batch. The small $\varepsilon$ keeps the
# division alive where a unit is constant. $\gamma$ and $\beta$ are parameters, learned like the weights, from 1 and 0:
# the network may choose another mean and spread, but it chooses them *directly*, not through twenty layers.
#
# At test time there may be one example only, and its answer should not depend on its neighbours. So training keeps
# running averages of the statistics, as in lesson 08,
#
# $$ \mu_{run} \leftarrow \rho\, \mu_{run} + (1 - \rho)\, \mu, \qquad
# \sigma^2_{run} \leftarrow \rho\, \sigma^2_{run} + (1 - \rho)\, \sigma^2, $$
#
# with $\rho$ the `momentum`, and at test time they stand in for $\mu$ and $\sigma^2$.
#
# ### Exercise 11.1 · batchnorm_forward (8 points)
#
# `Z` is `(m, n)`; `gamma`, `beta`, `running_mean` and `running_var` are `(n,)`. Return
# `(out, cache, running_mean, running_var)`.
#
# - In training, normalise with the mean and variance of the batch, over `axis=0` and with `ddof=0`, and return the
#   running statistics moved on: `running = momentum * running + (1 - momentum) * batch`, without $\varepsilon$.
# - With `training=False`, normalise with the running statistics and return them unchanged.
# - In both cases `eps` is added to the variance inside the root. Change no argument.
#
# The `cache` is yours: put in whatever your backward pass will need, in any form. At test time it may be `None`.
#
# *Worked number:* `Z = [[0], [0], [2], [2]]`, `gamma = [3]`, `beta = [5]`. Mean and variance are 1, so `out` is
# `[[2], [2], [8], [8]]`, but for `eps`. From 0 and 1, the running mean becomes 0.1 and the running variance stays 1.
#
# <div class="alert alert-info">
#
# **Where books differ.** *Momentum:* here, in Keras and in Stanford's course it is the share of the **old** value. In
# PyTorch it is the share of the new one: its default 0.1 is our 0.9. *Variance:* all divide by $m$ to normalise. For
# the running variance PyTorch and the first paper use $m - 1$ instead, here it is $m$. *ε:* inside the root in all of
# them; $10^{-5}$ here and in PyTorch, $10^{-3}$ in Keras. *Place:* before the activation, as here and in the first
# paper; some nets put it behind.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "batchnorm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    """Batch normalization of Z (m, n): `(out, cache, running_mean, running_var)`; the other arrays are (n,).

    Training: the batch's statistics, and the running ones moved on. Else: the running ones, returned unchanged.
    """
    # BEGIN SOLUTION
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    root = np.sqrt(var + eps)
    Z_hat = (Z - mean) / root
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, (Z_hat, root, gamma), running_mean, running_var
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_batchnorm_forward", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check(batchnorm_forward)

# %% [markdown]
# **Goal.** Below is one unit with skewed pre-activations, mean 3 and standard deviation 2, before and after your layer.
# Find `gamma` and `beta` for which the layer **gives back its input**. And with 1 and 0: what share of the values lies
# outside of −1 … 1?

# %% nbgrader={"grade": false, "grade_id": "explore_unit", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "A skewed histogram with mean 3 becomes one with mean 0 and std 1, as skewed as before; 27 % lie outside of −1 … 1."
show(explore.plot_unit(batchnorm_forward, 1.0, 0.0), alt=alt)
explore.explore_unit(batchnorm_forward)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# `gamma` 2 and `beta` 3, the standard deviation and the mean that were taken away. So nothing is lost: the layer can
# undo itself if that lowers the cost. It moves and stretches; the shape stays skewed. With 1 and 0 a quarter of the
# values lies outside of −1 … 1, and none is cut off.
#
# </details>
#
# Now twenty layers with random weights, without any training. In lesson 01 you had to hit the right scale.
#
# **Goal.** Find the standard deviations of the weights (as a power of 10) for which the *plain* signal is still healthy
# in layer 20. Then go down until even the normalised one is lost. Which argument of your function is to blame?

# %% nbgrader={"grade": false, "grade_id": "explore_signals", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "Weights of std 0.01: the plain signal falls to 5e-26 in layer 20, the normalised one stays at 0.6."
show(explore.plot_signals(batchnorm_forward, 0.01, 20), alt=alt)
explore.explore_signals(batchnorm_forward)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# The plain signal survives at $10^{-0.75}$ and $10^{-0.7}$ and at no other mark: He's $\sqrt{2/64} = 0.18$ is
# $10^{-0.75}$. The normalised one does not care, until about $10^{-3.2}$. There the variance of the pre-activations
# gets as small as `eps`: the root is then nearly $\sqrt{\varepsilon}$, and each layer shrinks the signal again.
#
# </details>
#
# ## The way back
#
# Two gradients are easy: $\gamma$ and $\beta$ serve all examples, so their gradients are sums over the batch,
#
# $$ \frac{\partial J}{\partial \gamma} = \sum_i d_i \hat z_i, \qquad \frac{\partial J}{\partial \beta} = \sum_i d_i
# \qquad\text{with } d_i = \frac{\partial J}{\partial out_i}. $$
#
# For $z_i$ there are **three** ways to the cost. Write $s = \sqrt{\sigma^2 + \varepsilon}$ and $g_k = \gamma d_k$, the
# gradient that arrives at $\hat z_k$.
#
# 1. Directly: $\hat z_i$ grows by $1/s$. This gives $g_i / s$.
# 2. Through the mean: $\partial \mu / \partial z_i = 1/m$, and *every* $\hat z_k$ falls by $1/s$ with it. This gives
#    $-\frac{1}{s} \cdot \frac{1}{m} \sum_k g_k$.
# 3. Through the variance: $\partial \sigma^2 / \partial z_i = \frac{2}{m} (z_i - \mu) = \frac{2}{m} s \hat z_i$, and
#    every $\hat z_k$ changes by $-\frac{1}{2 s^2} \hat z_k$ with it. The 2 and the ½ cancel. This gives
#    $-\frac{1}{s} \, \hat z_i \cdot \frac{1}{m} \sum_k g_k \hat z_k$.
#
# Together, with $\gamma$ taken out again:
#
# $$ \frac{\partial J}{\partial z_i} = \frac{\gamma}{s} \Big( d_i - \frac{1}{m} \sum_k d_k
# - \hat z_i \cdot \frac{1}{m} \sum_k d_k \hat z_k \Big). $$
#
# The bracket has a meaning. To shift all $z$ of the batch, or to stretch them around their mean, makes no difference to
# the output (but for $\varepsilon$). So the gradient loses just these two directions: its mean, and its part along
# $\hat z$.
#
# ### Exercise 11.2 · batchnorm_backward (7 points)
#
# `dout` is `(m, n)`, the gradient by the layer's output; `cache` is what your `batchnorm_forward` returned in training,
# with $m \ge 2$. Return `(dZ, dgamma, dbeta)` of the shapes `(m, n)`, `(n,)`, `(n,)`. Leave `dout` and the cache as
# they are.
#
# The check also compares with the slopes of your own forward pass.
#
# *Worked number:* the batch from above, `Z = [[0], [0], [2], [2]]` with `gamma = [3]`, and
# `dout = [[1], [0], [0], [0]]`. Then $\hat z$ is $-1, -1, 1, 1$, `dgamma` is `[-1]`, `dbeta` is `[1]`, and `dZ` is
# `[[1.5], [-1.5], [0], [0]]`.

# %% nbgrader={"grade": false, "grade_id": "batchnorm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batchnorm_backward(dout, cache):
    """Gradients `(dZ, dgamma, dbeta)` of the shapes (m, n), (n,), (n,), from `dout` (m, n), that of the output.

    cache: what batchnorm_forward returned in training; it stays as it is.
    """
    # BEGIN SOLUTION
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    dZ = gamma / root * (dout - dbeta / m - Z_hat * dgamma / m)
    return dZ, dgamma, dbeta
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_batchnorm_backward", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check(batchnorm_backward)

# %% [markdown]
# **Think.** A hasty colleague leaves the third way out, and tests with the simplest cost there is: the sum of all
# outputs, so that `dout` is all ones. Then with random weights on the outputs. What will the two tests say?

# %% nbgrader={"grade": false, "grade_id": "check_with_ones", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
Z, gamma, beta, stats = rng.normal(2, 3, (6, 1)), np.array([1.5]), np.array([0.5]), (np.zeros(1), np.ones(1))
cache = batchnorm_forward(Z, gamma, beta, *stats)[1]
Z_hat = (Z - Z.mean()) / np.sqrt(Z.var() + 1e-5)
for name, dout in (("ones", np.ones((6, 1))), ("random numbers", rng.standard_normal((6, 1)))):
    steps = 1e-5 * np.vstack([np.eye(6), -np.eye(6)])[:, :, np.newaxis]
    costs = [(batchnorm_forward(Z + step, gamma, beta, *stats)[0] * dout).sum() for step in steps]
    slopes = (np.array(costs[:6]) - costs[6:]) / 2e-5
    hasty = (gamma / np.sqrt(Z.var() + 1e-5) * (dout - dout.mean())).ravel()
    yours = batchnorm_backward(dout, cache)[0].ravel()
    errors = [f"{abs(one - slopes).max():.0e}" for one in (yours, hasty)]
    print(f"dout of {name}: largest error of yours {errors[0]}, of the hasty one {errors[1]}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# With ones both are right, for the gradient is zero: the outputs of a unit always add up to $m \beta$, whatever the
# `Z`. With random numbers the hasty one is off by 0.2. Never check a layer with a cost to which it is blind.
#
# </details>
#
# ## Twenty layers, normalised
#
# Each hidden layer now computes `A @ W + b`, then your layer, then ReLU. Start, pictures and order of the batches are
# the same. Both networks get a second chance with a tenth of the learning rate.
#
# **Think.** Which of the four will be best, and which one worst?

# %% nbgrader={"grade": false, "grade_id": "twenty_normalised_layers", "locked": true, "schema_version": 3, "solution": false, "task": false}
norm = (batchnorm_forward, batchnorm_backward)
deep = {"plain, learning rate 0.1": plain}
deep["plain, learning rate 0.01"] = explore.train([64] * 20, fashion, learning_rate=0.01)
for rate in (0.1, 0.01):
    deep[f"normalised, learning rate {rate}"] = explore.train([64] * 20, fashion, norm, learning_rate=rate)
alt = "Losses: normalised with 0.1 falls at once to 0.7; plain with 0.01 gets there later; the other two end near 1.6."
show(explore.plot_depth(deep), alt=alt)
small = [explore.train([64] * 5, fashion, layer, learning_rate=0.1, epochs=3, scale=0.01) for layer in (None, norm)]
print("five layers, weights of std 0.01: plain {:.3f}, normalised {:.3f}".format(*(run.dev_accuracy for run in small)))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Normalised with 0.1 is best, 0.73; plain with 0.1 is worst, 0.30. But look at 0.01: there the plain network comes to
# 0.66 and the normalised one only to 0.50. So batch normalization does not make *everything* faster. It makes large
# steps possible, and it needs them.
#
# It also forgives a bad start: with weights of 0.01 (lesson 01) five plain layers are left guessing, at 0.100; the
# normalised ones come to 0.703.
#
# </details>
#
# ## Larger learning rates
#
# How much does it forgive? Five layers of 64, three epochs, five learning rates, two seeds.
#
# **Think.** Where will the plain network break? Where will the normalised one?

# %% nbgrader={"grade": false, "grade_id": "learning_rates", "locked": true, "schema_version": 3, "solution": false, "task": false}
rates, layers = [0.01, 0.1, 0.3, 1.0, 3.0], {"plain": None, "normalised": norm}
runs, found = {}, {name: [] for name in layers}
for name, layer in layers.items():
    for rate in rates:
        both = [explore.train([64] * 5, fashion, layer, learning_rate=rate, epochs=3, seed=seed) for seed in (0, 1)]
        runs[name, rate] = both
        found[name].append([run.dev_accuracy for run in both])
    print(f"{name:10}", *(f"{rate:g}: {np.mean(row):.2f}  " for rate, row in zip(rates, found[name], strict=True)))
alt = "Dev accuracy by learning rate. Plain: 0.66 at 0.01, overflow from 1 on. Normalised: above 0.7 from 0.01 to 1."
show(explore.plot_rates(rates, found), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The plain network does best with small steps (0.66) and overflows at 1 within a few updates. The normalised one stays
# above 0.7 from 0.01 to 1, and even at 3 it has 0.51. Zero in the figure stands for an overflow; at 3 one of the two
# plain networks did not overflow, but it only guesses (0.10).
#
# </details>
#
# One reason can be seen in a single layer. Multiply its weights by 10: mean and spread of `Z` grow alike, and the
# normalisation takes them away again.

# %% nbgrader={"grade": false, "grade_id": "ten_times_the_weights", "locked": true, "schema_version": 3, "solution": false, "task": false}
A, W, dout = rng.standard_normal((32, 8)), rng.standard_normal((8, 4)), rng.standard_normal((32, 4))
one, zero = np.ones(4), np.zeros(4)
for factor in (1, 10):
    out, cache, _, _ = batchnorm_forward(factor * A @ W, one, zero, zero, one)
    gradient = A.T @ batchnorm_backward(dout, cache)[0]
    print(f"{factor:2d} W: out[0] {out[0].round(3)}, norm of the gradient of W {np.linalg.norm(gradient):.3f}")
for rate in rates:
    norms = [np.linalg.norm(runs["normalised", rate][0].params[f"W{i}"]) for i in range(1, 6)]
    print(f"norms of W1 ... W5 after training with learning rate {rate:4}:", np.round(norms, 1))

# %% [markdown]
# The output is the same, and the gradient is a tenth. Steps that are too large make the weights large: W1 has grown
# from 11 to 25 with a learning rate of 3. Large weights have small gradients, and it takes more to turn them. So the
# layer puts a brake on itself. In a plain network larger weights mean larger signals and larger gradients.
#
# Is a normalised network better, then, or only faster? Take a good learning rate for both, and ten epochs.

# %% nbgrader={"grade": false, "grade_id": "ten_epochs", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name, layer in layers.items():
    both = [explore.train([64] * 5, fashion, layer, learning_rate=0.03, epochs=10, seed=seed) for seed in (0, 1)]
    print(f"{name:10}  seed 0: {both[0].dev_accuracy:.3f}   seed 1: {both[1].dev_accuracy:.3f}")

# %% [markdown]
# Once the one is ahead, once the other; the standard error of 1,000 pictures is 0.013. Five layers with He's start, a
# good rate and time enough do not need batch normalization.
#
# ## The bias that does nothing
#
# **Think.** A layer computes `A @ W + b` before the normalisation. What is the gradient of `b`? And what would a
# gradient check by relative difference (lesson 06) say about it?

# %% nbgrader={"grade": false, "grade_id": "useless_bias", "locked": true, "schema_version": 3, "solution": false, "task": false}
b = rng.standard_normal(4)
outs = [batchnorm_forward(A @ W + shift, one, zero, zero, one)[0] for shift in (b, b + 100)]
print(f"b + 100 changes the output by {abs(outs[0] - outs[1]).max():.0e}")
db = batchnorm_backward(dout, batchnorm_forward(A @ W + b, one, zero, zero, one)[1])[0].sum(axis=0)
moved = b + 1e-6 * np.vstack([np.eye(4), -np.eye(4)])
costs = [(batchnorm_forward(A @ W + shifted, one, zero, zero, one)[0] * dout).sum() for shifted in moved]
slopes = (np.array(costs[:4]) - costs[4:]) / 2e-6
difference = np.linalg.norm(db - slopes) / (np.linalg.norm(db) + np.linalg.norm(slopes))
print(f"gradient of b {abs(db).max():.0e}, by numbers {abs(slopes).max():.0e}, relative difference {difference:.2f}")
biases = max(abs(deep["normalised, learning rate 0.1"].params[f"b{i}"]).max() for i in range(1, 21))
print(f"largest bias of the twenty normalised layers after training: {biases:.0e}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The mean takes `b` away again: shifting is the first of the two directions that the gradient loses. What is left of it
# is rounding. The check compares the rounding of one side with that of the other, and calls a right gradient wrong.
# Leave such a bias out of the check, and out of the network: $\beta$ does its work.
#
# </details>
#
# ## Small batches
#
# The statistics are those of the batch. With $m$ examples the mean is off by about $\sigma / \sqrt m$, and the noise is
# the same for all examples of a batch.
#
# **Think.** What does your layer return for a batch of **one**? And for a batch of **two**?

# %% nbgrader={"grade": false, "grade_id": "one_and_two", "locked": true, "schema_version": 3, "solution": false, "task": false}
Z = np.array([[3.0, -50.0, 0.1], [4.0, 20.0, 0.9]])
one, zero = np.ones(3), np.zeros(3)
print("one example: ", batchnorm_forward(Z[:1], one, zero, zero, one)[0][0])
out, cache, _, _ = batchnorm_forward(Z, one, zero, zero, one)
print("two examples:", *out.round(3))
print("gradient for Z:", *batchnorm_backward(np.array([[1.0, 2.0, 3.0], [-1.0, 0.5, 0.0]]), cache)[0].round(5))

# %% [markdown]
# <details><summary>Answer</summary>
#
# One example is its own mean: the output is `beta`, whatever the picture shows. Of two, one is above the mean and the
# other below, and the spread is half their distance: always −1 and 1. The network learns which of two is larger and
# nothing else, and the gradient is nearly zero.
#
# </details>
#
# So what does the size of the batch do to training? One epoch of 2,000 pictures with a learning rate of 0.01: small
# batches mean more updates.

# %% nbgrader={"grade": false, "grade_id": "small_batches", "locked": true, "schema_version": 3, "solution": false, "task": false}
sizes = [2, 4, 8, 16, 64]
curves, plan = {}, {"learning_rate": 0.01, "epochs": 1, "examples": 2000}
for name, layer in layers.items():
    found = [explore.train([64] * 5, fashion, layer, batch_size=size, **plan) for size in sizes]
    curves[name] = [run.dev_accuracy for run in found]
    print(f"{name:10}", *(f"{size}: {value:.3f}  " for size, value in zip(sizes, curves[name], strict=True)))
alt = "Dev accuracy by batch size. Plain: 0.64 with 2, 0.37 with 64. Normalised: 0.20 with 2, 0.59 with 4, 0.67 with 8."
show(explore.plot_batch_sizes(sizes, curves), alt=alt)

# %% [markdown]
# Small batches suit the plain network, since it takes more steps: 0.64 with two, 0.37 with 64. The normalised one is
# ruined by batches of two (0.20) and needs about eight to keep up. Too large is no good either, within one epoch. Where
# memory allows only a few pictures at a time, take another normalisation: layer normalization averages over the units
# of one example and does not care about the batch.
#
# ## At test time
#
# Back to the network of five layers, trained with batches of 64 and a learning rate of 0.1. We let it judge the 1,000
# dev pictures in groups, each normalised by its own statistics, as if somebody had forgotten `training=False`; once in
# random order, once sorted by class, so that groups of up to 100 are all of one kind.
#
# **Think.** What accuracy do you expect for single pictures? For groups of 100? Does the order matter?

# %% nbgrader={"grade": false, "grade_id": "companions", "locked": true, "schema_version": 3, "solution": false, "task": false}
five = runs["normalised", 0.1][0]
X, y, together = fashion.X_dev, fashion.y_dev, [1, 2, 5, 10, 50, 100, 1000]
orders = {"in random order": np.arange(1000), "sorted by class": np.argsort(y, kind="stable")}
groups = {
    name: [explore.accuracy(five, X[order], y[order], norm, together=size) for size in together]
    for name, order in orders.items()
}
for name, values in groups.items():
    print(name, *(f"{size}: {value:.2f}  " for size, value in zip(together, values, strict=True)))
alt = "Accuracy by group size: 0.10 for single pictures, 0.79 for 100 in random order, 0.14 for 100 sorted by class."
show(explore.plot_companions(together, groups, five.dev_accuracy), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# A single picture is its own mean, so all of them get the same answer: 0.10. In random groups of 100 the statistics are
# close to those of all pictures: 0.79. Sorted by class it is 0.14: the normalisation takes away what the hundred
# pictures have in common, and that is the class. The same picture gets another answer in other company.
#
# Only the running statistics answer each picture for itself. They have 0.74 here, and that is less than the 0.80 of one
# large group. Why? Hold the question for a moment.
#
# </details>
#
# The running statistics average over about $1 / (1 - 0.9) = 10$ batches, so they are noisy, and they lag. How much of
# each is up to `momentum`.
#
# **Goal.** One unit with mean 2 and variance 9. From update 100 on the running variance should be off by less than a
# fifth. With batches of 8, find a `momentum` that does it. Can you do it with batches of 4?

# %% nbgrader={"grade": false, "grade_id": "explore_running", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "With momentum 0.9 and batches of 8 the running variance wanders around 9, off by up to 31 %."
show(explore.plot_running(batchnorm_forward, 0.9, 8), alt=alt)
explore.explore_running(batchnorm_forward)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# About 0.96 to 0.975. Below that the noise is too large. Above it the average has not yet forgotten that it started at
# 1: $0.99^{100} = 0.37$. With batches of 4 no momentum does it within 200 updates. The trade-off is the one of lesson
# 08.
#
# </details>
#
# **Find the error.** A post that goes round explains: "Batch normalization computes the mean and the standard deviation
# of each layer over the whole training set and brings the values into the range from −1 to 1."

# %% nbgrader={"grade": false, "grade_id": "whole_training_set", "locked": true, "schema_version": 3, "solution": false, "task": false}
for rate in (0.01, 0.1):
    for seed, run in enumerate(runs["normalised", rate]):
        whole = explore.recompute(run, fashion.X_train, norm)
        print(f"rate {rate}, seed {seed}: running statistics {run.dev_accuracy:.3f}", end=", ")
        print(f"statistics of the whole training set, taken afterwards {explore.accuracy(whole, X, y, norm):.3f}")

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# Two things. Each step uses the mean and standard deviation of **its batch**. Those of the whole training set would
# change with every update, and each would cost a pass through all the data. And the values get mean 0 and variance 1,
# which is no range: you saw a quarter of them outside of −1 … 1.
#
# *After* training there is time for one such pass. With a learning rate of 0.01 it changes nothing. With 0.1 it lifts
# 0.744 to 0.794, and here is the answer from above: the running averages reach back over ten batches, and the weights
# that they were measured with are gone.
#
# </details>
#
# ## Fold it away
#
# At test time $\mu_{run}$ and $\sigma^2_{run}$ are constants. Then the layer is one multiplication and one addition per
# unit, and it follows a layer that multiplies and adds anyway:
#
# $$ \gamma\, \frac{(x W + b) - \mu_{run}}{\sqrt{\sigma^2_{run} + \varepsilon}} + \beta. $$
#
# ### Exercise 11.3 · fold_batchnorm (3 points)
#
# `W` is `(n_in, n_out)`, all others `(n_out,)`. Return `(W, b)` of **one** linear layer that computes the same as
# linear layer and batch normalization together, at test time. Return new arrays.
#
# Mind the old bias. It did nothing in training, but the running mean has it inside.
#
# *Worked number:* one input, one unit, `W = [[2]]`, `b = [1]`, `gamma = [3]`, `beta = [5]`, running mean 4, running
# variance 9, `eps` 0. The factor is $3 / \sqrt 9 = 1$, so `W` stays `[[2]]`, and the new `b` is
# $(1 - 4) \cdot 1 + 5 = 2$.

# %% nbgrader={"grade": false, "grade_id": "fold_batchnorm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    """Weights (n_in, n_out) and bias (n_out,) of one linear layer that equals linear + batch norm at test time."""
    # BEGIN SOLUTION
    scale = gamma / np.sqrt(running_var + eps)
    return W * scale, (b - running_mean) * scale + beta
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_fold_batchnorm", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(fold_batchnorm)

# %% nbgrader={"grade": false, "grade_id": "folded_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
p, r = five.params, five.running
folded = {"W6": p["W6"], "b6": p["b6"]}
for i in range(1, 6):
    layer = [p[f"W{i}"], p[f"b{i}"], p[f"gamma{i}"], p[f"beta{i}"], r[f"mean{i}"], r[f"var{i}"]]
    folded[f"W{i}"], folded[f"b{i}"] = fold_batchnorm(*layer)
difference = abs(forward(folded, X)[0] - explore.logits(five, X, norm)).max()
print(f"arrays: {len(p) + len(r)} before, {len(folded)} after; largest difference of the logits {difference:.0e}")
print(f"dev accuracy: {five.dev_accuracy:.3f} before, {accuracy(folded, X, y):.3f} after")

# %% [markdown]
# The folded network is the plain network of lesson 00 and knows nothing of batches. It costs nothing extra. And it
# shows once more what batch normalization is: not a richer function, but an easier way to it.
#
# <div class="alert alert-info">
#
# **Why does it help?** The paper that introduced it (Ioffe and Szegedy 2015) says: because each layer's inputs no
# longer shift while the layers below learn ("internal covariate shift"). Santurkar and others (2018) put the shift back
# in, as noise behind the normalisation, and the networks trained as well as before; they hold that the cost gets
# smoother. The brake you saw above is part of it. The effect is certain, the explanation is still open.
#
# </div>

# %%
# Your playground: other depths, scales, momenta, seeds.
explore.train([64] * 5, fashion, norm, learning_rate=0.1, epochs=3, momentum=0.5).dev_accuracy

# %% [markdown]
# ## Summary
#
# - In training: mean and variance of each unit over the batch, `eps` inside the root, then $\gamma$ and $\beta$. At
#   test time: running averages of both, which nothing changes any more.
# - Mean 0 and variance 1, no range and no bell shape. $\gamma$ and $\beta$ can undo it.
# - Backwards there are three ways. The gradient loses its mean and its part along $\hat z$; so a bias before the layer
#   is useless, and the size of the weights only sets how fast they turn.
# - It forgives bad starts and learning rates. With a good start and a good rate the gain is small.
# - Batches of one say nothing, batches of two nearly nothing. Below about eight, do without it.
# - Folded into the weights it costs nothing at test time.
#
# ## On your own
#
# 1. Write layer normalization: the same function over `axis=1`, without running statistics. Repeat the experiment with
#    the batch sizes.
# 2. Start all `gamma` at 0 instead of 1. Which parameters get a gradient in the first update?
# 3. Fold a layer that stands *before* the linear one instead of behind it. What changes in the formula?
#
# ## Further reading
#
# - S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal covariate
#   shift*, 2015.
# - S. Santurkar, D. Tsipras, A. Ilyas, A. Mądry, *How does batch normalization help optimization?*, 2018.
# - Y. Wu, K. He, *Group normalization*, 2018: what to do with small batches.
# - Y. Wu, J. Johnson, *Rethinking "batch" in BatchNorm*, 2021: what goes wrong with batch and running statistics.

# %%
progress()
