# %% [markdown]
# # Find out why a network does not learn
#
# Most bugs in a network raise no error. The loss falls a little less than it could, and nobody knows. These checks
# find such bugs in minutes.
#
# **What you will do.** Write six instruments, try them on networks that are sick on purpose, and mend one of those.
#
# **What you will learn.**
# - which loss an untrained network must have, and why regularization is switched off to see it
# - why a network has to learn twenty pictures by heart before it may see more
# - how large an update should be, and what histograms of activations tell
# - how to read a loss curve, and when a curve lies
#
# **What you need.** NumPy, the network of lesson 00, gradients (06) and gradient descent (07). **Time.** About 80
# minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_fashion
from coursekit.explorations import training_diagnostics as explore
from coursekit.plots import show, use_course_style

begin("12-training-diagnostics")
use_course_style()

# %% [markdown]
# ## Two networks, one bug
#
# Two networks of 64 hidden units learn 2,000 pictures of clothes, from the same initial weights, in the same batches.
# Their code differs in one line.
#
# **Think.** Before you run it: how would you tell from a loss curve that the code behind it is wrong?

# %% nbgrader={"grade": false, "grade_id": "two_networks", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion = load_fashion()
runs = explore.opening(fashion)
for name, curves in runs.items():
    first, last = curves.train[[0, -1]]
    print(f"network {name}: loss {first:.3f} to {last:.3f}, dev accuracy {curves.dev_accuracy:.3f}")
alt = "Network A's training loss falls from 1.36 to 0.35; network B's from 2.23 to 1.73, ever more slowly."
show(explore.plot_opening(runs), alt=alt)

# %% [markdown]
# B learns: 73 % of the dev pictures are right. Had we never seen A, we might call the problem hard, add layers, and
# search for better learning rates. Keep B in mind.
#
# ## Check 1: the loss before training
#
# A network that knows nothing should give each of $k$ classes the probability $1/k$. Its loss is known beforehand:
#
# $$-\ln \frac1k = \ln k.$$
#
# For ten classes that is $-\ln(1/10) = 2.303$. A first loss of 14 says: some logits are huge before anything was learned.
#
# ### Exercise 12.1 · chance_loss (1 point)
#
# Return this loss for `classes` classes, a positive integer. *Worked number:* `chance_loss(2)` is 0.693.
#
# ### Exercise 12.2 · initial_loss_is_sane (2 points)
#
# Return True where $|\text{loss} - \ln k| \le \text{tolerance} \cdot \ln k$, else False. The tolerance is relative: for
# ten classes 0.1 allows 2.07 to 2.53. A loss that is NaN or infinite is never sane, whatever the tolerance.
#
# *Worked number:* 2.41 is sane with ten classes; 2.6 is not, and neither is 1.9.
#
# <div class="alert alert-info">
#
# **Convention.** Most books compare by eye; the tolerance of 10 % is ours. And $\ln k$ is chance for a network that
# does not know how frequent the classes are. One that has learned nothing but the frequencies is lower: 0.58 in place
# of 0.693 on the churn data.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "chance_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def chance_loss(classes):
    """The mean cross-entropy of equal probabilities: 2.303 for 10 classes."""
    # BEGIN SOLUTION
    return math.log(classes)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_chance_loss", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(chance_loss)

# %% nbgrader={"grade": false, "grade_id": "initial_loss_is_sane", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initial_loss_is_sane(loss, classes, tolerance=0.1):
    """Whether a loss is as near to the loss of chance as it should be: True for 2.41 and 10 classes."""
    # BEGIN SOLUTION
    return bool(abs(loss - chance_loss(classes)) <= tolerance * chance_loss(classes))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initial_loss_is_sane", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(initial_loss_is_sane)

# %% [markdown]
# **Think.** The cost that is trained is often the cross-entropy plus the penalty
# $\frac{\lambda}{2m} \sum W^2$ of lesson 03. What will the check say of it when $\lambda$ grows? And which of the
# two networks of the opening will it find?

# %% nbgrader={"grade": false, "grade_id": "initial_losses", "locked": true, "schema_version": 3, "solution": false, "task": false}
found = {lam: explore.initial_loss(fashion, explore.Patient(), lam) for lam in (0, 1, 10, 30, 100)}
for lam, (loss, more) in found.items():
    print(f"lambda {lam:3}: {loss:.3f} + {more:.3f}, sane: {initial_loss_is_sane(loss + more, 10)}")
alt = "Bars of the initial loss: 2.5 without penalty, 9.8 with lambda 100. Only lambda 0 is sane."
show(explore.plot_initial_losses(found, initial_loss_is_sane), alt=alt)
for name in "AB":
    loss = runs[name].updates[0]
    print(f"network {name}: first loss {loss:.3f}, sane: {initial_loss_is_sane(loss, 10)}")
frequencies = -sum(p * math.log(p) for p in (0.734, 0.266))
print(f"churn: {chance_loss(2):.3f} by chance, {frequencies:.3f} from the frequencies")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Stronger regularization raises the initial loss. A loss that does *not* rise with
# $\lambda$ has lost its penalty. For the comparison with $\ln k$, set $\lambda = 0$ first.
#
# Both networks pass. The bug makes B's first loss even a little better, 2.314. No single check finds every bug.
#
# </details>
#
# ## Check 2: twenty pictures by heart
#
# A network with 50,000 parameters must be able to memorise twenty pictures. Without regularization its loss
# should go to 0. If it does not, the fault is in the code or in the learning rate, and more data will not help.
#
# ### Exercise 12.3 · overfits_tiny_subset (4 points)
#
# `train_step()` makes one update on the small set. `evaluate()` returns the loss on it at this moment, without
# training. Neither takes an argument. Return how many updates were needed until `evaluate()` was at most `target`:
#
# - 0 if it is so before any update;
# - the loss after the last of the `max_steps` updates counts too; more updates are not allowed;
# - a NaN is never at most the target, and no reason to stop;
# - `None` if the target is never reached.
#
# *Worked number:* with the losses 2, 0.5, 0.1, 0.008 after 0, 1, 2 and 3 updates the answer is 3, for any `max_steps`
# from 3 up, and `None` for 2. What `train_step()` returns is of no use: here it is the loss from *before* its update.

# %% nbgrader={"grade": false, "grade_id": "overfits_tiny_subset", "locked": false, "schema_version": 3, "solution": true, "task": false}
def overfits_tiny_subset(train_step, evaluate, max_steps, target=0.01):
    """The number of updates, up to ``max_steps``, until ``evaluate()`` is at most ``target``; or None.

    With the losses 2, 0.5, 0.1, 0.008 after 0, 1, 2 and 3 updates it is 3.
    """
    # BEGIN SOLUTION
    for steps in range(max_steps + 1):
        if steps > 0:
            train_step()
        if evaluate() <= target:
            return steps
    return None
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_overfits_tiny_subset", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(overfits_tiny_subset)

# %% [markdown]
# **Think.** Four networks with a bug each, B among them. "Labels shuffled alone" means that the pictures and their labels
# no longer belong together. Which of the five will learn twenty pictures?

# %% nbgrader={"grade": false, "grade_id": "tiny_subset", "locked": true, "schema_version": 3, "solution": false, "task": false}
suspects = ["no bug", "network B", "plus for minus", "rate 1,000 times too small", "labels shuffled alone"]
for name in suspects:
    train_step, evaluate = explore.tiny_run(fashion, explore.BUGS[name])
    first = evaluate()
    steps = overfits_tiny_subset(train_step, evaluate, 400)
    print(f"{name:27} starts at {first:.3f}, ends at {evaluate():.3g}; steps needed: {steps}")
alt = "Losses on 20 pictures: under 0.01 after 169 updates; network B stays above 1.46; a plus explodes."
losses = {name: explore.tiny_losses(fashion, explore.BUGS[name], 400) for name in suspects}
show(explore.plot_tiny(losses), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The healthy network needs 169 updates. Three never arrive: the plus explodes, the small rate creeps, and B stands
# still at 1.56. The fifth arrives, after 335: a network memorises wrong labels too, it only takes longer. For those,
# look at twenty pictures with their labels yourself.
#
# B's loss has a floor. The fault is neither in the data nor in the rate: it is in the code. Exercise 12.7 hands it to
# you.
#
# </details>
#
# ## Check 3: how far does an update move the weights?
#
# Whether a learning rate of 0.1 is large depends on the gradients and on the weights. How long is the change of a weight
# matrix, in units of the matrix? A rule of thumb says **about one in a thousand**.
#
# ### Exercise 12.4 · update_ratios (3 points)
#
# For every key that starts with `"W"`, return $\lVert W_\text{after} - W_\text{before} \rVert / \lVert W_\text{before}
# \rVert$, in a dict. $\lVert \cdot \rVert$ is the Frobenius norm: the root of the sum of all squared entries of the
# matrix. Other keys (biases may start at 0) stay out.
#
# *Worked number:* if $W = \begin{pmatrix} 3 & 0 \\ 0 & 4 \end{pmatrix}$ (norm 5) changes by
# $\begin{pmatrix} 0 & 0.3 \\ 0.4 & 0 \end{pmatrix}$ (norm 0.5), its ratio is 0.1.
#
# <div class="alert alert-info">
#
# **Convention.** Karpathy's *makemore* plots the logarithm of the ratio of *standard deviations*, and uses the
# gradient times the rate as the update. CS231n takes norms, as we do. Where means are near 0 they hardly differ.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "update_ratios", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update_ratios(params_before, params_after):
    """The norm of the change over the norm before it, for every key that starts with "W": a dict.

    A matrix of norm 5 whose change has norm 0.5 has the ratio 0.1.
    """
    # BEGIN SOLUTION
    ratios = {}
    for key, before in params_before.items():
        if key.startswith("W"):
            ratios[key] = np.linalg.norm(params_after[key] - before) / np.linalg.norm(before)
    return ratios
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_update_ratios", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(update_ratios)

# %% [markdown]
# **Think.** A network with two hidden layers trains for five epochs at four rates. Where will the ratios of the best of
# them lie: below, at, or above 1e-3?

# %% nbgrader={"grade": false, "grade_id": "ratios_of_four_rates", "locked": true, "schema_version": 3, "solution": false, "task": false}
watched = {rate: explore.ratio_run(fashion, update_ratios, rate) for rate in (0.0001, 0.01, 0.1, 1.0)}
for rate, (ratios, curves) in watched.items():
    first = ", ".join(f"{key} {values[0]:.0e}" for key, values in ratios.items())
    middle = ", ".join(f"{key} {np.median(values):.0e}" for key, values in ratios.items())
    print(f"rate {rate:<6}: first {first}; median {middle}; dev accuracy {curves.dev_accuracy:.3f}")
alt = "Ratios: near 1e-5 at rate 0.0001, 1e-3 at 0.01, 1e-2 at 0.1; at rate 1 from 1 down to nothing."
show(explore.plot_update_ratios(watched), alt=alt)
explore.explore_update_ratios(fashion, update_ratios)

# %% [markdown]
# <details><summary>Answer</summary>
#
# - **0.0001**: about 2e-5. At that pace, 50,000 updates move the weights by their own length at most. Too small.
# - **0.01**: around 1e-3, as the rule wants it.
# - **1**: the first update moves `W1` by a fifth of its length, the next ones pass 1. Then they fall to 0, or nearly: the
#   hidden units are dead (lesson 00), and a dead network looks calm.
# - **0.1**: around 1e-2, above the rule, and the best of the four: 0.719 against 0.663.
#
# The rule finds what works, not what is best. With few epochs and plain descent ten times more is fine. What means
# trouble is a ratio of 1e-5 or of 1, or one layer far from the others.
#
# </details>
#
# **Goal.** With the slider, find the rate with the best dev accuracy and read its ratios. How far do they lie from 1e-3?
#
# <details><summary>What did you find?</summary>
#
# Of the half decades $10^{-1}$ is best (0.719), with medians of 7e-3 to 2e-2. $10^{-0.5}$ is behind (0.677), and at
# $10^0$ it dies.
#
# </details>
#
# ## Histograms: are the signals alive?
#
# The ratios tell that a layer does not move, not why. Look at its activations and gradients before
# training. Here are five layers of 64 tanh units with Xavier's weights, in four conditions.
#
# **Think.** tanh flattens out near ±1. What do its activations look like if the pixels were not scaled to 0…1? Which
# layer suffers?

# %% nbgrader={"grade": false, "grade_id": "histograms", "locked": true, "schema_version": 3, "solution": false, "task": false}
print("layers 1 and 5")
for name, (gain, bright) in explore.HISTOGRAMS.items():
    print(f"{name:16} {explore.signals_in_words(fashion, gain, bright)}")
alt = "Healthy hills; small weights, needles at 0; large ones, heaps at both ends; raw pixels, layer 1 too."
show(explore.plot_histograms(fashion, explore.HISTOGRAMS), alt=alt)
explore.explore_histograms(fashion)

# %% [markdown]
# <details><summary>Answer</summary>
#
# - **healthy**: wide hills that narrow slowly, and gradients of the same size in every layer.
# - **small weights** (0.3 times): the activations shrink from 0.124 to 0.001. The gradients are 240 times smaller, and
#   small in *all* layers: early ones lose on the way back what late ones lose on the way forward.
# - **large weights** (4 times): 56 % of the fifth layer is saturated, beyond ±0.97, where tanh has no slope.
# - **pixels 0 to 255**: the first layer is saturated, 98 %; the others look healthy. Its gradients are not small on
#   average, since the pixels multiply them: many are near 0 and few are huge. A mean would have hidden it.
#
# </details>
#
# **Goal.** For which gain are layers 1 and 5 equally active, their activations as wide? From which brightness on is a
# quarter of layer 1 saturated?
#
# <details><summary>What did you find?</summary>
#
# Between 1.1 (0.385 and 0.361) and 1.2 (0.410 and 0.432): tanh shrinks, so its weights need a little more than
# Xavier's. At a brightness of 5, 29 % are saturated.
#
# </details>
#
# ## When gradients explode: clipping
#
# A deep network with weights that are half again too large has a first gradient of norm 46. One step, and the next is
# larger. **Clipping** shortens such a gradient and keeps its direction: all arrays together are one long vector $g$,
# and where $\lVert g \rVert > c$ it becomes $g \cdot c / \lVert g \rVert$.
#
# ### Exercise 12.5 · clip_gradients (3 points)
#
# Take *one* norm, over all entries of all keys, biases and everything else included. If it is at most `max_norm`,
# return the gradients as they are. Otherwise scale all of them by the one factor that makes the norm `max_norm`. Return
# a dict; the given arrays stay unchanged.
#
# *Worked number:* `{"W1": [[6, 0]], "b1": [8]}` has the norm 10. With `max_norm` 5 it becomes `{"W1": [[3, 0]], "b1":
# [4]}`; with 9 each array alone would pass, but together they are scaled by 0.9.
#
# <div class="alert alert-info">
#
# **Convention.** This is clipping by the *global norm* (`clip_grad_norm_` in PyTorch, which divides by the norm plus
# 1e-6). Keras's `clipnorm` takes each array by itself, `clipvalue` cuts off each entry: both change the direction of
# the step.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "clip_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_gradients(grads, max_norm):
    """The gradients, scaled by one factor if their norm over all keys is above ``max_norm``: a dict.

    {"W1": [[6, 0]], "b1": [8]} has norm 10; with max_norm 5 it becomes {"W1": [[3, 0]], "b1": [4]}.
    """
    # BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    if norm <= max_norm:
        return dict(grads)
    return {key: g * (max_norm / norm) for key, g in grads.items()}
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_clip_gradients", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(clip_gradients)

# %% [markdown]
# **Think.** Five hidden layers, weights 1.5 times He's, rate 0.1. Will clipping to norm 1 save it? What would you try
# instead?

# %% nbgrader={"grade": false, "grade_id": "clipping", "locked": true, "schema_version": 3, "solution": false, "task": false}
clipped = {
    "not clipped": explore.clipped_run(fashion, None),
    "clipped to norm 1": explore.clipped_run(fashion, lambda grads: clip_gradients(grads, 1.0)),
    "not clipped, rate 0.03": explore.clipped_run(fashion, None, rate=0.03),
}
for name, (curves, norms) in clipped.items():
    size = f"first norm {norms[0]:.1f}, largest {norms.max():.3g}"
    print(f"{name:22} {size}; dev accuracy {curves.dev_accuracy:.3f}")
alt = "Unclipped, loss and norm shoot up, then lie still at chance. Clipped, or at rate 0.03, the loss falls."
show(explore.plot_clipping(clipped), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# It will: 0.662 in place of 0.100. But a rate of 0.03 saves it too: 0.639, a difference that 1,000 dev pictures cannot
# settle. Clipping treats a symptom.
# It pays where rare batches have huge gradients, as in recurrent networks; here the weights are to blame.
#
# </details>
#
# ## Check 4: read the curve
#
# After some epochs there are two curves. Eight diagnoses cover most of what they show.
#
# | ask in this order | answer |
# |---|---|
# | any training loss NaN or infinite | `"numerical overflow"` |
# | last training loss ≥ 1.5 × the first | `"diverging"` |
# | all training losses within 3.5 % of the first, above or below | `"not learning"` |
# | last training loss > 0.7 × the first | `"too slow"` |
# | the first 30 % of the epochs all ≥ 0.95 × the first training loss | `"slow start"` |
# | mean absolute change of the dev loss from epoch to epoch > 0.12 × mean dev loss | `"noisy dev set"` |
# | last dev loss > 1.3 × the least dev loss | `"overfitting"` |
# | otherwise | `"healthy"` |
#
# The order matters: a flat curve is slow as well, and a curve that ends in NaN may have risen before.
#
# ### Exercise 12.6 · diagnose_loss_curve (5 points)
#
# Return the first answer that holds. Both arguments are lists or 1-d arrays with a loss for each of at least 20 epochs;
# losses are positive unless they overflowed. The thresholds are this course's own; with 30 epochs, the first 30 % are
# the first 9.
#
# *Worked number:* training losses from 2.3 down to 2.0 are `"too slow"`: $2.0 / 2.3 = 0.87$.

# %% nbgrader={"grade": false, "grade_id": "diagnose_loss_curve", "locked": false, "schema_version": 3, "solution": true, "task": false}
def diagnose_loss_curve(train_losses, dev_losses):
    """The first answer of the table that holds, a string: "too slow" for training losses from 2.3 to 2.0."""
    # BEGIN SOLUTION
    train, dev = np.asarray(train_losses), np.asarray(dev_losses)
    first, last = train[0], train[-1]
    if not np.isfinite(train).all():
        return "numerical overflow"
    if last >= 1.5 * first:
        return "diverging"
    if (np.abs(train - first) <= 0.035 * first).all():
        return "not learning"
    if last > 0.7 * first:
        return "too slow"
    if (train[: int(0.3 * len(train))] >= 0.95 * first).all():
        return "slow start"
    if np.abs(np.diff(dev)).mean() / dev.mean() > 0.12:
        return "noisy dev set"
    return "overfitting" if dev[-1] > 1.3 * dev.min() else "healthy"
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_diagnose_loss_curve", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(diagnose_loss_curve)

# %% [markdown]
# ## A gallery of sick curves
#
# **Think.** Nine trainings of small networks. Give each letter a diagnosis and guess its cause, before you run the cell
# after the next. The causes, in another order: all weights zero · gradients added in place of subtracted · never
# shuffled, sorted by class · weights of standard deviation 1 in six layers · weights of 0.02 in four layers · a dev set
# of ten pictures · 100 pictures, 30 % of the labels drawn anew · a rate 200 times too small · none.

# %% nbgrader={"grade": false, "grade_id": "gallery_to_guess", "locked": true, "schema_version": 3, "solution": false, "task": false}
sick = explore.gallery(fashion)
alt = "Nine panels: falling, rising, empty, flat, slow, late, restless, a rising dev loss, restless again."
show(explore.plot_gallery(sick), alt=alt)

# %% [markdown]
# Now with your function's verdicts, and the causes.

# %% nbgrader={"grade": false, "grade_id": "gallery_with_verdicts", "locked": true, "schema_version": 3, "solution": false, "task": false}
for letter, (cause, curves) in zip("ABCDEFGHI", sick.items(), strict=True):
    verdict = diagnose_loss_curve(curves.train, curves.dev)
    first, last = curves.train[[0, -1]]
    ends = f"loss {first:.3f} to {last:.3f}, dev accuracy {curves.dev_accuracy:.3f}"
    print(f"{letter}: {verdict:18} cause: {cause:34} {ends}")
alt = "The same nine panels, each with its diagnosis and its cause; G and I are both a noisy dev set."
show(explore.plot_gallery(sick, diagnose_loss_curve), alt=alt)
explore.explore_patient(fashion, diagnose_loss_curve)

# %% [markdown]
# <details><summary>What there is to see</summary>
#
# - B is the famous `x += lr * dx`: descent subtracts the gradient.
# - C never shows a loss: six layers of weights of size 1 multiply the signal until it is infinite, and infinity minus
#   infinity is NaN.
# - E could be trained on; F got off its plateau by itself, late.
# - G's network is fine (0.766). Ten dev pictures cannot tell it from a bad one.
# - **I has the same verdict as G and another cause.** Its dev set has 1,000 pictures. The *network* swings, since each
#   epoch ends with ankle boots alone. A verdict names a symptom; G needs more dev data, I needs shuffling.
#
# </details>
#
# **Goal.** From the explorer's first setting, change one control at a time and collect diagnoses. Then find a setting
# that is called `"healthy"` although nothing is learned.
#
# <details><summary>What did you find?</summary>
#
# Rates up to $10^{-3}$: too slow. Weights 0: not learning. Weights 0.01: slow start. Ten dev pictures, or sorted: noisy
# dev set. **The lie:** at rates from $10^0$ on the first epoch's loss is 65 or more, then the network is dead near 2.3.
# Such a fall passes all the rules. A look at $\ln 10$, the dotted line, tells.
#
# </details>
#
# ## Look at the first layer
#
# The weights of a first-layer unit can be drawn as a picture: where does it want ink, where none? Twelve units learn
# digits, twelve others clothes.
#
# **Think.** Which rows will be smooth? What does a unit look like that died early?

# %% nbgrader={"grade": false, "grade_id": "first_layer_pictures", "locked": true, "schema_version": 3, "solution": false, "task": false}
rows = {
    "digits, before training": explore.first_layer(epochs=0),
    "digits, trained": explore.first_layer(),
    "digits, lambda 20": explore.first_layer(lam=20.0),
    "clothes, trained": explore.first_layer(fashion, epochs=20),
}
for name, seen in rows.items():
    rough = explore.roughness(seen)
    print(f"{name:24} roughness {rough:.2f}, {seen.dead.sum()} dead, dev accuracy {seen.dev_accuracy:.3f}")
alt = "Noise before training, strokes after it, clearer with lambda 20; clothes have four crossed-out units."
show(explore.plot_first_layer(rows), alt=alt)
explore.explore_first_layer(fashion)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Roughness is 1 for noise and falls as neighbours agree: 1.04, 0.85, 0.73. Strokes appear with training, and clearer
# with $\lambda = 20$. The crossed-out units are 0 for every training picture: they have no gradient and keep the noise
# they started with. A third of the clothes network is dead, and neither its loss nor its accuracy told us.
#
# </details>
#
# **Goal.** Raise $\lambda$ on the digits until the roughness is below 0.7. What does it cost?
#
# <details><summary>What did you find?</summary>
#
# $\lambda = 40$ gives 0.68 and a dev accuracy of 0.896, against 0.916 without.
#
# </details>
#
# ## Mend network B
#
# The cell below holds B's loss as it was found: `found_loss`. It runs, it raises no error, and the `softmax` above it is
# right. A clue: on a row of ten logits that is as sure as can be, and right, it returns 1.461.
#
# ### Exercise 12.7 · mend_softmax_loss (4 points)
#
# Find the fault and return the right mean cross-entropy, $-\frac1m \sum_i \ln p_{i, y_i}$ with $p =
# \text{softmax}(\text{logits})$. `logits` is $(m, k)$, `y` is $(m,)$ integers. Removing the fault is not all: one part
# of the points is for logits of ±1,000, for which the result must be finite *and* right. There $p$ is stored as 0, so
# compute
#
# $$\ln p_j = z_j - \max z - \ln \sum_i e^{z_i - \max z} \quad \text{row by row.}$$
#
# Mend the given function or write your own; `mend_softmax_loss` is what counts.
#
# *Worked number:* for the logits $(1000, -1000)$ the loss is 0 if $y = 0$ and 2,000 if $y = 1$. With four equal logits
# it is $\ln 4 = 1.386$.

# %% nbgrader={"grade": false, "grade_id": "mend_softmax_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def found_loss(logits, y):
    """The loss of network B, as it was found. It runs, and it is wrong."""
    probs = softmax(logits)
    picked = softmax(probs)[np.arange(len(y)), y]
    return -np.log(picked).mean()


def mend_softmax_loss(logits, y):
    """The mean cross-entropy of logits (m, k) at the labels y (m,): a number, right for logits of ±1,000.

    Four equal logits have the loss 1.386; the logits (1000, -1000) and the label 1 have 2,000.
    """
    # BEGIN SOLUTION
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(y)), y].mean()
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_mend_softmax_loss", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(mend_softmax_loss)

# %% nbgrader={"grade": false, "grade_id": "network_b_mended", "locked": true, "schema_version": 3, "solution": false, "task": false}
sure = np.array([[1000.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
for label in (0, 1):
    print(f"sure of class 0, label {label}: {abs(mend_softmax_loss(sure, np.array([label]))):.3f}")
mended = explore.Patient(rows=2000, gradients=explore.with_loss(mend_softmax_loss))
steps = overfits_tiny_subset(*explore.tiny_run(fashion, mended), 400)
runs["B, mended"] = explore.train(fashion, mended)
print(f"B, mended: {steps} steps for twenty pictures, dev accuracy {runs['B, mended'].dev_accuracy:.3f}")
alt = "Network B levels off above its floor at 1.461. Mended, its curve is the same as that of network A."
show(explore.plot_opening(runs, floor=True), alt=alt)

# %% [markdown]
# B is A now. The bug had cost 8 points of accuracy.
#
# <details><summary>What was the floor?</summary>
#
# `found_loss` takes the softmax of probabilities, numbers between 0 and 1. Even 1 for the right class and 0 for the
# other nine becomes $e / (e + 9) = 0.232$, and $-\ln 0.232 = 1.461$. And where all ten probabilities are about equal,
# two softmaxes are as good as one: that is why check 1 saw nothing.
#
# </details>
#
# **Find the error.** A tutorial that goes round ends its network with a sigmoid and compiles it with
# `BinaryCrossentropy(from_logits=True)`. It reports that the loss "converges to a good value". Which values can it
# reach for the two labels, at best?

# %% nbgrader={"grade": false, "grade_id": "sigmoid_from_logits", "locked": true, "schema_version": 3, "solution": false, "task": false}
best = [explore.from_logits_floor(label, float(label)) for label in (0, 1)]
for label in (0, 1):
    print(f"label {label}: the sigmoid says {label}, and the loss is {best[label]:.3f}")
mean = sum(best) / 2
print(f"with as many of either label: {mean:.3f}; by chance: {chance_loss(2):.3f}")

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# `from_logits=True` takes the number for a logit and applies a second sigmoid. Certainty for label 1 costs 0.313 in
# place of
# 0. Certainty for label 0 costs 0.693, as much as knowing nothing. Leave the sigmoid out, or say `from_logits=False`.
#
# </details>
#
# ## Which check finds which bug?
#
# **Think.** Four checks, seven bugs. Is there a bug that only one check finds? Is there one that the loss curve calls
# healthy?

# %% nbgrader={"grade": false, "grade_id": "checks_against_bugs", "locked": true, "schema_version": 3, "solution": false, "task": false}
mine = (initial_loss_is_sane, overfits_tiny_subset, update_ratios, diagnose_loss_curve)
table = explore.examine(fashion, *mine)
print(f"{'bug':27}{'first loss':>11}{'20 pictures':>13}{'usual ratio':>13}   {'curve':19}{'dev accuracy':>12}")
for name, (loss, steps, ratio, verdict, right) in table.items():
    print(f"{name:27}{loss:>11}{steps:>13}{ratio:>13}   {verdict:19}{right:>12.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# - The curve calls two bugs healthy, raw pixels and large weights: their loss falls from hundreds to something still
#   bad. Their *first loss* gives both away at once.
# - Network B, with its two softmaxes, passes the first check and has fine ratios. Twenty pictures find it, in seconds.
# - Labels shuffled alone pass all but the curve, and that one only says slow. The eye finds the cause.
# - All weights zero has no ratio, 0 divided by 0. It has *exactly* the loss of chance.
#
# The first two checks find six of the seven, within seconds.
#
# </details>
#
# ## Summary
#
# - Before training, the loss is near $\ln k$, with the penalty off. With it on, it rises.
# - A network that cannot memorise twenty examples has a bug. One that can may still have wrong labels.
# - Updates of about 1e-3 of the weights are a sound order of magnitude, not an optimum. 1e-5 is asleep, 1 is exploding,
#   0 may be dead.
# - Histograms show saturation and vanishing signals; pictures of weights show dead units.
# - Clipping by the global norm keeps the direction of the step.
# - A loss curve names symptoms. The same symptom has several causes, and a falling curve can lie.
# - Some losses take logits, others probabilities. Know which.
#
# ## On your own
#
# 1. Train A with labels of which 10 % are wrong. Which check notices?
# 2. Which bugs of lesson 06's bug hunt does the tiny subset find?
# 3. Plot the update ratios of Adam at rate 0.001. Do they lie at 1e-3, and do they stay there?
#
# ## Further reading
#
# - A. Karpathy, [*A recipe for training neural networks*](https://karpathy.github.io/2019/04/25/recipe/), 2019.
# - CS231n, [*Babysitting the learning process*](https://cs231n.github.io/neural-networks-3/).
# - R. Pascanu, T. Mikolov, Y. Bengio, *On the difficulty of training recurrent neural networks*, 2013: clipping.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, chapter 11.5: debugging strategies.

# %%
progress()
