# %% [markdown]
# # Regularize a network that fits too well
#
# **What you will do.** Write two penalties on weights, a cap on them, a rule that ends training in time, and two ways to
# make new images from old ones. Each meets the same opponent: a network that learns its training set by heart.
#
# **What you will learn.**
# - what λ does to a cost, to its gradient, to a decision boundary and to 6,800 weights
# - why L2 shrinks weights and L1 removes them
# - why weight decay and an L2 penalty are one thing for gradient descent, and two things for Adam
# - when to stop, and which parameters to keep
# - what augmented images help with, and what they do not
#
# **What you need.** NumPy, gradients of a network (lesson 00), training and dev sets.
# **Time.** About 85 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_churn_parts, load_digits, load_fashion
from coursekit.explorations import regularization as explorations
from coursekit.network import accuracy, forward
from coursekit.plots import show, use_course_style
from coursekit.training import first_parameters, fit_network, train_network

begin("03-regularization")
use_course_style()

# %% [markdown]
# ## A network against a straight line
#
# A (fictional) telephone company has 40 numbers about each customer and wants to know who leaves. We train two models on
# 4,219 customers: logistic regression, which weighs, adds and so draws a straight line, and a network with two hidden
# layers of 64 units, for a good long while. Saying "nobody leaves" is right for 73 % of them.
#
# **Think.** Which model will label the training customers better? And the 1,406 customers of the dev part?

# %% nbgrader={"grade": false, "grade_id": "beaten_by_a_line", "locked": true, "schema_version": 3, "solution": false, "task": false}
churn = load_churn_parts()
plan = {"epochs": 60, "batch_size": 64, "learning_rate": 1e-3, "optimizer": "adam"}
dev = {"X_dev": churn.X_dev, "y_dev": churn.y_dev}
fits = {}
for name, hidden in {"logistic": (), "64-64": (64, 64)}.items():
    fits[name] = fit_network(hidden, churn.X_train, churn.y_train, rng=np.random.default_rng(0), **plan, **dev)
    print(f"{name:8} train {fits[name].train_accuracy[-1]:.3f}   dev {fits[name].dev_accuracy[-1]:.3f}")
majority = (churn.y_dev == 0).mean()
alt = "Accuracy: the network's training curve climbs to 0.93 while its dev curve sinks to 0.74; logistic stays at 0.80."
show(explorations.plot_fits(fits, majority), alt=alt)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# The network reaches 0.928 on the customers it has seen and 0.742 on those it has not: one point above "nobody leaves".
# The straight line gets 0.81. The network's 6,914 parameters had room for more than rules: they learned accidents too.
#
# </details>
#
# All tools of this lesson make learning by heart more expensive. They differ in what they charge for.
#
# ## A price on weights
#
# To bend sharply between two neighbouring customers, a network needs large weights. So let every weight pay:
#
# $$J = \underbrace{\frac{1}{m}\sum_{i=1}^m L_i}_{\text{mean loss}} + \underbrace{\frac{\lambda}{2m}\sum_{l}\|W_l\|^2}_{\text{L2 penalty}},
# \qquad \|W\|^2 = \sum_{i,j} W_{ij}^2 .$$
#
# A weight stays large only if it lowers the loss by more than it costs. $\lambda \ge 0$ is the price. Biases shift a
# function and do not bend it, so they are free, and so is everything else that is not a weight.
#
# ### Exercise 3.1 · l2_cost (2 points)
#
# Return the penalty, a number. In this course **keys that start with `"W"` are weights**: `"W1"`, `"W10"`, `"W_out"`. All
# other arrays are left out. Weight arrays may have any number of axes. `m` is the number of *training examples*, also when
# you train in batches: the penalty belongs to the whole training set.
#
# *Worked number:* for `{"W1": [[1, -2]], "b1": [7, 7]}`, λ = 4 and m = 2 it is $\frac{4}{4}(1 + 4) = 5$.

# %% nbgrader={"grade": false, "grade_id": "l2_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l2_cost(params, lam, m):
    """The penalty lam / (2 m) * sum of all squared weights: a number.

    Weights are the arrays whose keys start with "W". For {"W1": [[1, -2]], "b1": [7, 7]}, lam 4, m 2 it is 5.
    """
    # BEGIN SOLUTION
    return lam / (2 * m) * sum(np.sum(W**2) for key, W in params.items() if key.startswith("W"))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_l2_cost", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(l2_cost)

# %% [markdown]
# The derivative of $\frac{\lambda}{2m} w^2$ is $\frac{\lambda}{m} w$: the 2 has done its work. Backpropagation stays as it
# is. The penalty's part is added to what it returns.
#
# ### Exercise 3.2 · l2_gradients (3 points)
#
# Return a dict with the keys of `grads`: $\frac{\lambda}{m} W$ added to the gradients of weights, all others as they were.
# Leave `params` and `grads` unchanged.
#
# *Worked number:* for the weights and numbers above and a gradient of `[[0.5, 0.5]]`, the weights' new gradient is
# `[[2.5, -3.5]]`.
#
# <div class="alert alert-info">
#
# **Where books differ.** Here the penalty is $\frac{\lambda}{2m}\sum W^2$. Others write $\frac{\lambda}{2}\sum W^2$ beside a
# mean loss, so that their λ is ours divided by $m$; PyTorch's `weight_decay` is that number. Keras' `l2(c)` has neither half
# nor $m$: $c = \lambda / 2m$. scikit-learn's `LogisticRegression(C=…)` turns it round, $C = 1/\lambda$: a *large* `C` means
# little regularization. And PyTorch's SGD decays every parameter it is given, biases included.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "l2_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l2_gradients(params, grads, lam, m):
    """Gradients of the cost with its L2 penalty: a dict with the keys of ``grads``.

    Adds lam / m * W where the key starts with "W". For W [[1, -2]], gradient [[0.5, 0.5]], lam 4, m 2: [[2.5, -3.5]].
    """
    # BEGIN SOLUTION
    return {key: g + lam / m * params[key] if key.startswith("W") else g for key, g in grads.items()}
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_l2_gradients", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(l2_gradients)

# %% [markdown]
# Cost and gradient are a pair: change one without the other and a gradient check (lesson 06) fails. And the penalty is part
# of the *training* cost only. On the dev set we ask how good the predictions are, so we report the plain loss.
#
# Eighty points of two overlapping moons, a network with two hidden layers of 50, your gradients, four prices.
#
# **Think.** What will the boundary look like for λ = 0? For 10? And when a weight costs so much that it never pays?
#
# **Goal,** with the slider: find a λ with a dev error below 0.12 (the title tells). By how much has the sum of the squared
# weights fallen since λ = 0.01?

# %% nbgrader={"grade": false, "grade_id": "boundaries_as_lambda_grows", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = (
    "Four boundaries. Lambda 0 winds around single points: train error 0.025, dev error 0.159. "
    "Lambda 1 is a smooth wave, dev error 0.124. Lambda 10 is nearly straight, 0.192. At 30 one class is all there is."
)
show(explorations.plot_boundaries(l2_gradients), alt=alt)
alt = "Boundary and histogram of weights for lambda 0.1: train error 0.025, dev error 0.155, sum of squares 133."
show(explorations.plot_lambda(l2_gradients), alt=alt)
explorations.explore_lambda(l2_gradients)

# %% [markdown]
# <details><summary>What there is to see</summary>
#
# Without a penalty the boundary runs around single points: 2 of 80 training points are wrong, and 16 % of new ones. With
# λ = 1 the training error rises to 0.062 and the dev error *falls* to 0.124. With λ = 10 hardly more than a straight line is
# left, and both errors rise. With λ = 30 the weights are as good as zero, and the network says the same for every point.
#
# The slider: λ = $10^{0.25} \approx 1.8$ gives 0.117; the sum of squares falls from 235 to 13. This λ was picked by the dev
# error, so an honest error needs a test set. And one seed on 80 points is an anecdote.
#
# </details>
#
# "A larger λ overfits more" is a wrong answer that goes round. A larger λ asks for a simpler function, at some point one
# too simple.
#
# Back to the customers, with plain gradient descent so that every update is yours: 50 epochs, batches of 128, learning rate
# 0.2. `step` returns the parameters after one update.

# %% nbgrader={"grade": false, "grade_id": "lambda_on_churn", "locked": true, "schema_version": 3, "solution": false, "task": false}
def train_churn(step, seed=3, epochs=50):
    rng = np.random.default_rng(seed)
    params = first_parameters([64, 64], churn.X_train, churn.y_train, rng)
    plan = {"epochs": epochs, "batch_size": 128}
    return train_network(params, churn.X_train, churn.y_train, step=step, rng=rng, **plan, **dev)

# %% nbgrader={"grade": false, "grade_id": "strengths", "locked": true, "schema_version": 3, "solution": false, "task": false}
m, rate = len(churn.X_train), 0.2


def descend(params, grads):
    return {key: params[key] - rate * grads[key] for key in params}


strengths = {lam: train_churn(lambda p, g, lam=lam: descend(p, l2_gradients(p, g, lam, m))) for lam in (0, 5, 50, 500)}
squares = {lam: l2_cost(run.params, 2, 1) for lam, run in strengths.items()}  # lam 2 and m 1 leave the bare sum
for lam, run in strengths.items():
    print(f"lambda {lam:<4} train {run.train_accuracy[-1]:.3f}  dev {run.dev_accuracy[-1]:.3f}  squares {squares[lam]:.3g}")
alt = "Train accuracy falls from 0.90 to 0.79 as lambda grows, dev accuracy rises from 0.756 to 0.80; squares 310 to 1.4."
show(explorations.plot_strengths(strengths, squares, fits["logistic"].dev_accuracy[-1]), alt=alt)

# %% [markdown]
# With λ = 50 the network gives up eight points on the training part and gains four on the dev part: 0.798 instead of
# 0.756. The sum of its squared weights falls from 310 to 5. Ten times that price hardly changes the dev accuracy; at λ = 5
# little is gained. A wide range does well, so try powers of ten first.
#
# ## The same thing, seen from the weight: decay
#
# Put the new gradient into a step of gradient descent and collect the terms in $W$:
#
# $$W \leftarrow W - \alpha\left(g + \frac{\lambda}{m} W\right) = \left(1 - \frac{\alpha\lambda}{m}\right) W - \alpha g .$$
#
# Each step first shrinks the weights by a fixed factor a little below 1, then does what it always did. Hence the name
# **weight decay**.
#
# ### Exercise 3.3 · weight_decay_step (3 points)
#
# Return the parameters after one such step, a new dict. Weights (keys that start with `"W"`) decay, biases and all other
# arrays take a plain step. `grads` holds the gradients of the loss *without* the penalty.
#
# *Worked number:* for `[[1, -2]]` with a gradient of `[[0.5, 0.5]]`, α = 0.1, λ = 4 and m = 2 the factor is 0.8, and the new
# weights are `[[0.75, -1.65]]`.

# %% nbgrader={"grade": false, "grade_id": "weight_decay_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def weight_decay_step(params, grads, learning_rate, lam, m):
    """Parameters after one step with weight decay: a new dict with the keys of ``params``.

    Weights: W (1 - learning_rate lam / m) - learning_rate g; all others a plain step.
    For W [[1, -2]], g [[0.5, 0.5]], learning rate 0.1, lam 4, m 2: [[0.75, -1.65]].
    """
    # BEGIN SOLUTION
    new = {}
    for key, value in params.items():
        decay = 1 - learning_rate * lam / m if key.startswith("W") else 1
        new[key] = decay * value - learning_rate * grads[key]
    return new
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_weight_decay_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(weight_decay_step)

# %% nbgrader={"grade": false, "grade_id": "decay_is_l2_for_descent", "locked": true, "schema_version": 3, "solution": false, "task": false}
penalised = train_churn(lambda p, g: descend(p, l2_gradients(p, g, 50, m)), epochs=5)
decayed = train_churn(lambda p, g: weight_decay_step(p, g, rate, 50, m), epochs=5)
apart = max(np.abs(penalised.params[key] - decayed.params[key]).max() for key in penalised.params)
print(f"after {len(penalised.losses)} updates the two networks differ by {apart:.1e} at most")

alt = (
    "Two weights, one with gradients of plus and minus 0.1, one of 3. Descent with L2: both fall from 1 to about 0.68. "
    "Adam with L2: the quiet one falls to zero, the loud one only to 0.88. Adam with decay: both fall to about 0.68."
)
show(explorations.plot_adam_decay(), alt=alt)

# %% [markdown]
# For gradient descent the two are one, up to rounding. For **Adam they are not**. Adam divides each weight's gradient by
# its usual size (lesson 10), and a penalty inside the gradient is divided with it. The figure has two weights whose
# gradients jump around zero and teach nothing. Under Adam with L2 the quiet one is wiped out and the loud one let off.
# Decay outside the division, as in **AdamW**, shrinks both alike.
#
# <div class="alert alert-info">
#
# **One name, two things.** "Weight decay" and "L2" are used for each other; for plain gradient descent that is right.
# PyTorch's `Adam(weight_decay=…)` is L2 in the gradient, `AdamW` is decay. A good λ for one need not suit the other.
#
# </div>
#
# **Find the error.** A blog post says: "To regularize the weights, penalise the layer:
# `Dense(64, activity_regularizer=l2(0.01))`. Keras adds the squares of the layer to the loss and the weights stay small."
# What does it penalise? Before you run the cell: divide layer 1 by 10 and multiply the weights of layer 2 by 10. How do
# the predictions change, how the two penalties?

# %% nbgrader={"grade": false, "grade_id": "activity_is_not_weight", "locked": true, "schema_version": 3, "solution": false, "task": false}
before = strengths[50].params
after = {**before, "W1": before["W1"] / 10, "b1": before["b1"] / 10, "W2": before["W2"] * 10}
for name, params in {"as trained": before, "rescaled": after}.items():
    activity = (forward(params, churn.X_dev)[1]["A"][1] ** 2).sum() / len(churn.X_dev)
    right = accuracy(params, churn.X_dev, churn.y_dev)
    print(f"{name:11} accuracy {right:.4f}  activities of layer 1: {activity:.4f}  squared weights: {l2_cost(params, 2, 1):.1f}")

# %% [markdown]
# <details><summary>The error</summary>
#
# `activity_regularizer` penalises the layer's *outputs*. The rescaled network computes the same function (a ReLU lets
# positive factors through), its activities cost a hundredth, and its squared weights have *grown*, from 5 to 152. An
# activity penalty can be paid by shifting size to the next layer. The one for weights is called `kernel_regularizer`.
#
# </details>
#
# ## A flat price: L1
#
# L2 asks much of large weights and next to nothing of small ones: the push towards zero is $\frac{\lambda}{m} w$ and fades
# with the weight. So weights become small and hardly ever zero. Charge by absolute value instead, and the push is the same
# for all.
#
# ### Exercise 3.4 · l1_cost (1 point)
#
# Return $\frac{\lambda}{m} \sum |w|$ over all weights, with no half.
#
# *Worked number:* for `{"W1": [[1, -2]], "b1": [7, 7]}`, λ = 4 and m = 2 it is $2 \cdot 3 = 6$.

# %% nbgrader={"grade": false, "grade_id": "l1_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l1_cost(params, lam, m):
    """The penalty lam / m * sum of the absolute values of all weights: a number.

    For {"W1": [[1, -2]], "b1": [7, 7]}, lam 4, m 2 it is 6.
    """
    # BEGIN SOLUTION
    return lam / m * sum(np.sum(np.abs(W)) for key, W in params.items() if key.startswith("W"))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_l1_cost", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(l1_cost)

# %% [markdown]
# ### Exercise 3.5 · l1_gradients (2 points)
#
# The slope of $|w|$ is 1 to the right of zero and -1 to the left. At zero there is none; take 0, so that a weight that has
# reached zero is left in peace. Return `grads` with $\frac{\lambda}{m}\operatorname{sign}(W)$ added to the weights' gradients.
#
# *Worked number:* for W = `[[1, 0]]`, a gradient of `[[0.5, 0.5]]`, λ = 4 and m = 2: `[[2.5, 0.5]]`.

# %% nbgrader={"grade": false, "grade_id": "l1_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l1_gradients(params, grads, lam, m):
    """Gradients of the cost with its L1 penalty: a dict with the keys of ``grads``.

    Adds lam / m * sign(W) where the key starts with "W", sign(0) = 0. For W [[1, 0]], gradient [[0.5, 0.5]],
    lam 4, m 2: [[2.5, 0.5]].
    """
    # BEGIN SOLUTION
    return {key: g + lam / m * np.sign(params[key]) if key.startswith("W") else g for key, g in grads.items()}
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_l1_gradients", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(l1_gradients)

# %% [markdown]
# A step of fixed size seldom lands on zero: it steps over it, back, and over again, within $\alpha\lambda/m$ of it. So we
# count weights *near* zero.
#
# ### Exercise 3.6 · sparsity (2 points)
#
# Return the share of the weights with $|w| <$ `threshold`, over all weights of all layers together.
#
# *Worked number:* with `W1 = [[0, 0.5], [2, 0.0004]]` and `W2 = [[0], [1]]`, 3 of 6 weights are below 0.001: 0.5.

# %% nbgrader={"grade": false, "grade_id": "sparsity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sparsity(params, threshold=1e-3):
    """The share of all weights (keys that start with "W") with an absolute value below ``threshold``: 0 to 1.

    For W1 [[0, 0.5], [2, 0.0004]] and W2 [[0], [1]] it is 0.5.
    """
    # BEGIN SOLUTION
    weights = [W for key, W in params.items() if key.startswith("W")]
    return sum(np.sum(np.abs(W) < threshold) for W in weights) / sum(W.size for W in weights)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_sparsity", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(sparsity)

# %% [markdown]
# **Think.** The same network with L2 (λ = 50), with L1 (λ = 5), and with neither. Sketch the histogram of the weights'
# sizes for each, on a log scale. Where will the two penalties put their peaks?

# %% nbgrader={"grade": false, "grade_id": "small_or_gone", "locked": true, "schema_version": 3, "solution": false, "task": false}
lasso = train_churn(lambda p, g: descend(p, l1_gradients(p, g, 5, m)))
networks = {"no penalty": strengths[0].params, "L2": strengths[50].params, "L1": lasso.params}
for name, params in networks.items():
    print(f"{name:10} sparsity {sparsity(params):.3f}   largest weight of layer 1: {np.abs(params['W1']).max():.2f}")
print(f"L1: train {lasso.train_accuracy[-1]:.3f}, dev {lasso.dev_accuracy[-1]:.3f}; reach of a step: {rate * 5 / m:.1e}")
alt = "Weights' sizes on a log scale: around 0.2 without penalty, around 0.01 with L2, most below 0.001 with L1."
show(explorations.plot_weights(networks, 1e-3), alt=alt)

# %% [markdown]
# <details><summary>What there is to see</summary>
#
# L2 moves the whole heap to the left: the usual weight is now about 0.01, and only 8.5 % are below 0.001. L1 tears the heap
# apart. 84 % lie below 0.001, most of them within one step's reach of zero, 0.00024: they are gone. The largest are *larger*
# than under L2, 0.71 against 0.34, because to a large weight L1 is the milder of the two. A sixth of the weights is enough
# for a dev accuracy of 0.802.
#
# </details>
#
# ## A ceiling instead of a price: max-norm
#
# A third way: no price, but a limit. After each step, every column of $W$ that is longer than `limit` is shortened to
# `limit`. A column holds one unit's incoming weights, so no unit can shout, however large the learning rate.
#
# ### Exercise 3.7 · max_norm (3 points)
#
# Return `W (n_in, n_out)` with every column scaled down to a Euclidean norm of at most `limit`. Shorter columns stay
# exactly as they are, columns of zeros too.
#
# *Worked number:* with `limit` 1 the column (3, 4) has length 5 and becomes (0.6, 0.8).

# %% nbgrader={"grade": false, "grade_id": "max_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_norm(W, limit):
    """``W`` (n_in, n_out) with each column scaled down to a Euclidean norm of at most ``limit``; shorter ones untouched.

    The column (3, 4) with limit 1 becomes (0.6, 0.8).
    """
    # BEGIN SOLUTION
    norms = np.linalg.norm(W, axis=0)
    return W * (limit / norms.clip(limit))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_max_norm", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(max_norm)

# %% [markdown]
# ## Stop in time
#
# The cheapest regularizer costs nothing at all. In the first figure the dev loss fell for some epochs and then climbed. Stop
# there. But a dev loss is noisy: it also rises on its way down. So wait a little before you believe it: **patience**.
#
# ### Exercise 3.8 · early_stopping (5 points)
#
# `dev_losses` is a list or an array with one loss per epoch, epochs counted from 0; `patience` is at least 1. Walk through
# it as if training were going on:
#
# - An epoch **counts as an improvement** if it is below the best by *more* than `min_delta`. "The best" is the loss of the last
#   epoch that counted; gains that did not count do not move it.
# - The first loss that is a number always counts (at least one of the first `patience` losses is). `nan` never does: it is one more
#   epoch without an improvement.
# - **Stop** at the epoch that makes it `patience` epochs in a row without an improvement, or at the last one.
#
# Return `(best_epoch, stop_epoch)`. What lies behind the stop has not happened.
#
# *Worked number:* for `[1.0, 0.6, 0.7, 0.5, 0.52, 0.51, 0.53, 0.1]` patience 3 gives `(3, 6)`: epochs 4, 5 and 6 do not beat
# 0.5. Patience 1 gives `(1, 2)`.

# %% nbgrader={"grade": false, "grade_id": "early_stopping", "locked": false, "schema_version": 3, "solution": true, "task": false}
def early_stopping(dev_losses, patience, min_delta=0.0):
    """When to stop and what to keep: ``(best_epoch, stop_epoch)``, counted from 0.

    Stops when ``patience`` epochs in a row have not improved the best by more than ``min_delta``.
    For [1.0, 0.6, 0.7, 0.5, 0.52, 0.51, 0.53, 0.1] and patience 3 it is (3, 6).
    """
    # BEGIN SOLUTION
    best, best_epoch = np.nan, None
    for epoch, loss in enumerate(dev_losses):
        if best - loss > min_delta or (np.isnan(best) and not np.isnan(loss)):
            best, best_epoch = loss, epoch
        elif best_epoch is not None and epoch - best_epoch == patience:
            break
    return best_epoch, epoch
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_early_stopping", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(early_stopping)

# %% [markdown]
# Here is the real curve of the churn network without a penalty.
#
# **Goal:** find the smallest patience that still finds the best epoch of all (the title tells). Then set `min_delta` to
# 0.005: what happens to the best epoch, and why?

# %% nbgrader={"grade": false, "grade_id": "stop_in_time", "locked": true, "schema_version": 3, "solution": false, "task": false}
run = strengths[0]
alt = "The dev loss falls to 0.44 within a few epochs, bumps along and climbs to 0.55. Patience 1 stops at epoch 2."
show(explorations.plot_early_stopping(early_stopping, run, patience=1), alt=alt)
for patience in (1, 2, 8):
    best_epoch, stop_epoch = early_stopping(run.dev_losses, patience)
    losses, accuracies = run.dev_losses[[best_epoch, stop_epoch]], run.dev_accuracy[[best_epoch, stop_epoch]]
    print(f"patience {patience}: best {best_epoch}, stop {stop_epoch}; dev loss {losses.round(3)}, accuracy {accuracies.round(3)}")
print("the training loss would stop at", early_stopping(run.epoch_losses, 4))
explorations.explore_early_stopping(early_stopping, run)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# Patience 1 falls for the first bump. Patience 4 is the smallest that reaches epoch 8, with 13 epochs trained instead of 50.
# With a `min_delta` of 0.005 the best epoch falls back to 3: the gain from there to epoch 8 is only 0.002.
#
# </details>
#
# Two mistakes are common. At the stop the network is *past* its best (with patience 8: 0.461 against 0.437), so **keep a
# copy of the parameters whenever an epoch counts**, and give back that copy. And **watch the dev loss**: the training loss
# falls to the end, and a rule that watches it never stops.
#
# ## All of them, side by side
#
# Every method of this lesson on the same network, three seeds each. Early stopping comes for free from the plain runs.
#
# **Think.** Which will be best? Will any beat the straight line?

# %% nbgrader={"grade": false, "grade_id": "side_by_side", "locked": true, "schema_version": 3, "solution": false, "task": false}
def capped(params, grads):
    return {k: max_norm(v, 0.3) if k.startswith("W") else v for k, v in descend(params, grads).items()}


l2_step, l1_step = (lambda p, g: descend(p, l2_gradients(p, g, 50, m))), (lambda p, g: descend(p, l1_gradients(p, g, 5, m)))
runs = {"plain": [strengths[0]], "L2, 50": [strengths[50]], "L1, 5": [lasso], "max-norm, 0.3": [train_churn(capped)]}
for seed in (4, 5):
    for name, step in zip(runs, (descend, l2_step, l1_step, capped), strict=True):
        runs[name].append(train_churn(step, seed))
marks = {name: [run.dev_accuracy[-1] for run in of] for name, of in runs.items()}
marks["plain, stopped"] = [run.dev_accuracy[early_stopping(run.dev_losses, 5)[0]] for run in runs["plain"]]

# %% nbgrader={"grade": false, "grade_id": "comparison", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name, values in marks.items():
    print(f"{name:15} dev accuracy {np.round(values, 3)}  mean {np.mean(values):.3f}")
straight = fits["logistic"].dev_accuracy[-1]
error = np.sqrt(straight * (1 - straight) / len(churn.y_dev))
alt = "Dev accuracy: plain 0.73 to 0.76; L2, L1, max-norm and stopping 0.79 to 0.81, around logistic regression's 0.81."
show(explorations.plot_comparison(marks, straight, error), alt=alt)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# The plain network ends at 0.742 on average, all others between 0.79 and 0.80. Among those the order is noise: the standard
# error of one accuracy is 0.01. Stopping saves most of the time and loses perhaps a point.
#
# None passes the straight line. About 0.80 is the honest ceiling of this table: a regularizer keeps a network from learning
# accidents, it adds no knowledge. Even these figures flatter a little: λ, limit and patience were picked on this dev part.
# The test part is still closed.
#
# </details>
#
# ## More data, made from the old
#
# The best cure for learning by heart is more to learn. With images it can be made: a mirrored bag is a bag, a shoe two
# pixels further left is the same shoe. **Augmentation** draws such changes anew every epoch, so that the network never
# sees quite the same image twice.
#
# ### Exercise 3.9 · random_horizontal_flip (3 points)
#
# `images` is `(m, h, w)`. Mirror each image left to right with probability `p`, **each image by itself**, and leave the
# others as they are; no image changes its place. All randomness comes from `rng`. The order in which you draw is up to you.
#
# *Worked number:* with `p = 1` the image `[[1, 2, 3], [4, 5, 6]]` becomes `[[3, 2, 1], [6, 5, 4]]`.

# %% nbgrader={"grade": false, "grade_id": "random_horizontal_flip", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_horizontal_flip(images, rng, p=0.5):
    """New images (m, h, w), each mirrored left to right with probability ``p``, independently of the others.

    rng: numpy.random.Generator. With p = 1 [[1, 2, 3], [4, 5, 6]] becomes [[3, 2, 1], [6, 5, 4]].
    """
    # BEGIN SOLUTION
    mirrored = rng.random(len(images)) < p
    return np.where(mirrored[:, None, None], images[:, :, ::-1], images)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_random_horizontal_flip", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(random_horizontal_flip)

# %% [markdown]
# ### Exercise 3.10 · random_shift (4 points)
#
# Move each image by whole pixels. For each image and each of its two axes draw a shift of its own from `rng`: all whole
# numbers from `-max_shift` to `max_shift`, both ends included, are equally likely. What leaves the frame is lost, what moves
# in is **zero**.
# `max_shift` is smaller than the images; 0 moves nothing.
#
# *Worked number:* moved down by one pixel and not sideways, `[[1, 2], [3, 4]]` becomes `[[0, 0], [1, 2]]`.

# %% nbgrader={"grade": false, "grade_id": "random_shift", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_shift(images, rng, max_shift):
    """New images (m, h, w), each moved by its own whole number of pixels along both axes, filled with zeros.

    Both shifts are uniform over -max_shift ... max_shift. Down by one, [[1, 2], [3, 4]] becomes [[0, 0], [1, 2]].
    """
    # BEGIN SOLUTION
    m, h, w = images.shape
    shifted = np.empty_like(images)
    for i, (top, left) in enumerate(rng.integers(0, 2 * max_shift + 1, (m, 2))):
        shifted[i] = np.pad(images[i], max_shift)[top : top + h, left : left + w]
    return shifted
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_random_shift", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(random_shift)

# %% [markdown]
# **Think.** Look at the rows before you read on. For which pictures is the changed one still what its label says?

# %% nbgrader={"grade": false, "grade_id": "augmented_pictures", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion, digits = load_fashion(), load_digits()
rng = np.random.default_rng(2)
chosen = fashion.X_train[[np.flatnonzero(fashion.y_train == k)[0] for k in (0, 1, 3, 5, 7, 8, 9)]].reshape(7, 28, 28)
figures = digits.X[[2, 3, 4, 5, 6, 7, 9]].reshape(7, 8, 8)
rows = {"clothes": chosen, "flipped": random_horizontal_flip(chosen, rng), "up to 3 off": random_shift(chosen, rng, 3)}
alt = "Seven pictures of clothes, below them the same, some mirrored, and the same moved by up to three pixels."
show(explorations.plot_pictures(rows, "Clothes stay clothes"), alt=alt)
rows = {"digits": figures, "flipped": random_horizontal_flip(figures, rng, p=1.0)}
alt = "Digits 2, 3, 4, 5, 6, 7, 9, and below them mirrored: no longer digits, except by accident."
show(explorations.plot_pictures(rows, "Digits do not stay digits"), alt=alt)
pictures, names = fashion.X_train[:1000].reshape(-1, 28, 28), fashion.y_train[:1000]
plain_dev = fashion.X_dev.reshape(-1, 28, 28)

# %% [markdown]
# A flip keeps the label of a boot and destroys that of a 3. **An augmentation is a claim about the labels**; you have to
# know that it is true. Does it pay? A network with 128 hidden units, 1,000 images, fresh changes in each of 25 epochs.
# We measure on the dev images as they are (never augment them to choose a model), and then, to ask another question, on
# copies moved by up to 3 pixels and on mirrored copies.
#
# **Think.** Which network will have the highest training accuracy? Which the highest dev accuracy?

# %% nbgrader={"grade": false, "grade_id": "does_it_pay", "locked": true, "schema_version": 3, "solution": false, "task": false}
moved = random_shift(plain_dev, np.random.default_rng(9), 3)
views = {"train": pictures, "dev": plain_dev, "shifted": moved, "mirrored": plain_dev[:, :, ::-1]}
claims = {"nothing": lambda I, rng: I, "flips": random_horizontal_flip, "shifts": lambda I, rng: random_shift(I, rng, 3)}
one_epoch = {"epochs": 1, "batch_size": 25, "learning_rate": 0.05}
print("augmented with", "".join(f"{view:>9}" for view in views))
for name, augment in claims.items():
    params = first_parameters([128], fashion.X_train, names, rng := np.random.default_rng(1))
    for _ in range(25):
        fresh = augment(pictures, rng).reshape(1000, -1)
        params = train_network(params, fresh, names, **one_epoch, rng=rng).params
    scores = (accuracy(params, v.reshape(1000, -1), names if k == "train" else fashion.y_dev) for k, v in views.items())
    print(f"{name:14}", "".join(f"{score:9.3f}" for score in scores))

# %% [markdown]
# <details><summary>What happened?</summary>
#
# The plain network knows 94 % of its images and 78 % of the dev images. Flips cut that gap from 15 points to 9, shifts to 4:
# what changes every epoch is hard to learn by heart. The dev accuracy does not gain. Flips leave it where it was, shifts
# cost four points: dev images sit in the middle as the training images do, and knowing a shoe anywhere is harder.
#
# Move the dev images, and the picture turns. The plain network falls to 0.47, the one that has seen shifts holds 0.70. On
# mirrored images flips win by 25 points. **Augment with what you expect to meet.**
#
# </details>
#
# ## Summary
#
# - A network with room to spare learns accidents: 0.93 on the training part, 0.74 on the dev part, where a line gets 0.81.
# - L2 adds $\frac{\lambda}{2m}\sum W^2$ to the cost and $\frac{\lambda}{m} W$ to the gradient. For gradient descent that is
#   weight decay by $1 - \alpha\lambda/m$ a step; for Adam it is not.
# - L1 pushes all weights alike: most vanish. Max-norm caps each unit's incoming weights. Biases are left alone.
# - Early stopping keeps the parameters of the best epoch, judged by the dev loss, with patience.
# - Augmentation must be true of the labels. It helps where new images vary in just that way.
#
# ## On your own
#
# 1. Train with L1 and λ = 50 on churn. The sparsity *falls* to 0.41, though less is left of the network. Compare
#    $\alpha\lambda/m$ with the threshold, and choose a better one.
# 2. Penalise the biases too. Does the dev accuracy change with λ = 50? And the dev loss with λ = 5,000, where only biases
#    can still say that fewer than half of the customers leave?
# 3. Apply `random_shift` to the training images *once*, before training, instead of in each epoch. What is lost?
# 4. The plain network had bad luck with its three seeds. Run seeds 0 to 2. How much of the gap stays?
#
# ## Further reading
#
# - A. Krogh, J. Hertz, *A simple weight decay can improve generalization*, 1991.
# - R. Tibshirani, *Regression shrinkage and selection via the lasso*, 1996.
# - L. Prechelt, *Early stopping, but when?*, 1998.
# - I. Loshchilov, F. Hutter, *Decoupled weight decay regularization*, 2019.
# - N. Srivastava and others, *Dropout*, 2014, section 5.1, for max-norm.

# %%
progress()
