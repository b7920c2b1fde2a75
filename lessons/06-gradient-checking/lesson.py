# %% [markdown]
# # Check gradients by numbers
#
# Backpropagation is easy to get slightly wrong, and a network with slightly wrong gradients often trains. This lesson
# builds the tool that finds out: a check that needs nothing but the cost itself.
#
# **What you will do.** Take slopes from function values, turn them into a gradient of a whole network, measure how far
# two gradients are apart, and then hunt: six people wrote a backward pass, one of them is right.
#
# **What you will learn.**
# - why a step to both sides beats a step to one side, and how large the step should be
# - what a relative difference of 1e-9, of 1/3 or of 1 tells you
# - what makes the check itself go wrong: kinks, float32, dropout, a forgotten regularizer
# - how to find the faulty array and then the faulty entry
#
# **What you need.** NumPy, the network of lesson 00, and what a derivative is.
# **Time.** About 80 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import inspect

import matplotlib.pyplot as plt
import numpy as np

from autograde.check import begin, check, progress
from coursekit.bug_hunt import SUSPECTS, descend
from coursekit.datasets import load_wine
from coursekit.explorations import gradient_checking as explorations
from coursekit.network import forward, loss_and_gradients
from coursekit.plots import show, use_course_style

begin("06-gradient-checking")
use_course_style()

# %% [markdown]
# ## It trains, so it must be right?
#
# The data are 178 Italian wines: 13 measurements each, three grapes. The network has two hidden layers of 8 ReLU units.
# Six people, *a* to *f*, wrote its backward pass. We let each of them train the same network for 200 steps.

# %% nbgrader={"grade": false, "grade_id": "wrong_gradients_train_too", "locked": true, "schema_version": 3, "solution": false, "task": false}
wine = load_wine()
X = (wine.X - wine.X.mean(axis=0)) / wine.X.std(axis=0)
rng = np.random.default_rng(0)
params = {}
for layer, (n_in, n_out) in enumerate([(13, 8), (8, 8), (8, 3)], start=1):
    params[f"W{layer}"] = rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)
    params[f"b{layer}"] = 0.1 * rng.standard_normal(n_out)
runs = {name: descend(backward, params, X, wine.y) for name, backward in SUSPECTS.items()}
alt = "Six loss curves. Those of a, c, d and e fall to about 0.03 and end at 99 or 100 % accuracy; b stays high, f blows up."
show(explorations.plot_training(runs), alt=alt)

# %% [markdown]
# Four of the six label at least 99 % of the wines correctly, and their losses end between 0.024 and 0.034. Only one of
# the six computes the gradient. A falling loss proves nothing: any direction that leans downhill lowers the loss, a
# little more slowly. So training cannot tell the right one from the three that come close. We need a test that looks at
# the gradient itself.
#
# ## A slope from two values
#
# The gradient says how the cost changes when a parameter moves. So move the parameter and look. The derivative of
# $f$ at $\theta$ is the slope of the tangent; two points on the curve give a secant, whose slope needs no calculus.

# %% nbgrader={"grade": false, "grade_id": "secants", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = (
    "The curve of theta cubed with its tangent at 1. The secant from 1 to 1.4 is much steeper than the tangent; "
    "the secant from 0.6 to 1.4 is nearly parallel to it."
)
show(explorations.plot_secants(), alt=alt)

# %% [markdown]
# ### Exercise 6.1 · one_sided_difference (1 point)
#
# The secant from $\theta$ to $\theta + \varepsilon$ has the slope
#
# $$\frac{f(\theta + \varepsilon) - f(\theta)}{\varepsilon}.$$
#
# `f` takes a number and returns a number. For $f(\theta) = \theta^2$ at 3 with $\varepsilon = 0.5$ the slope is
# $(12.25 - 9) / 0.5 = 6.5$; the derivative is 6.

# %% nbgrader={"grade": false, "grade_id": "one_sided_difference", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_sided_difference(f, theta, eps):
    """Slope of the number-valued function ``f`` between ``theta`` and ``theta + eps``.

    For f(x) = x**2, theta = 3 and eps = 0.5 it is 6.5.
    """
    # BEGIN SOLUTION
    return (f(theta + eps) - f(theta)) / eps
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_one_sided_difference", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(one_sided_difference)

# %% [markdown]
# ### Exercise 6.2 · two_sided_difference (2 points)
#
# Step to both sides and take the secant between the two new points. Mind the length of the run:
#
# $$\frac{f(\theta + \varepsilon) - f(\theta - \varepsilon)}{2\varepsilon}.$$
#
# For $f(\theta) = \theta^2$ at 3 with $\varepsilon = 0.5$ it is $(12.25 - 6.25) / 1 = 6$, which is exact.

# %% nbgrader={"grade": false, "grade_id": "two_sided_difference", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_sided_difference(f, theta, eps):
    """Slope of the number-valued function ``f`` between ``theta - eps`` and ``theta + eps``.

    For f(x) = x**2, theta = 3 and eps = 0.5 it is 6.0.
    """
    # BEGIN SOLUTION
    return (f(theta + eps) - f(theta - eps)) / (2 * eps)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_two_sided_difference", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(two_sided_difference)

# %% nbgrader={"grade": false, "grade_id": "cube", "locked": true, "schema_version": 3, "solution": false, "task": false}
def cube(theta):
    return theta**3


print("the derivative of theta cubed at 1 is 3")
for eps in (0.1, 0.01, 0.001):
    one, two = one_sided_difference(cube, 1.0, eps), two_sided_difference(cube, 1.0, eps)
    print(f"eps {eps:<6g} one-sided {one:.6f} (error {one - 3:.6f})   two-sided {two:.6f} (error {two - 3:.6f})")

# %% [markdown]
# At $\varepsilon = 0.01$ the one-sided difference gives 3.0301 and the two-sided one 3.0001. Divide $\varepsilon$ by 10
# and the first error falls to a tenth, the second to a hundredth. Taylor's series says why:
#
# $$f(\theta \pm \varepsilon) = f \pm \varepsilon f' + \tfrac{1}{2}\varepsilon^2 f'' \pm \tfrac{1}{6}\varepsilon^3 f''' + \dots$$
#
# To one side, $\tfrac{1}{2}\varepsilon f''$ stays behind. In the difference of both sides all even terms cancel, and what
# stays is $\tfrac{1}{6}\varepsilon^2 f'''$.
#
# **Find the error.** A slide that goes round says: "For θ³ at 1 with ε = 0.01 the one-sided difference gives 3.0001 and
# the two-sided one 3.0301. The one-sided difference is more precise and costs half as much."
#
# <details><summary>What is wrong with it?</summary>
#
# The two numbers have changed places, and the conclusion with them. $1.01^3 = 1.030301$, so the one-sided difference is
# $0.030301 / 0.01 = 3.0301$. As for the price: the value $f(\theta)$ can be shared between all parameters, so one side
# does cost about half as many calls. You get an error of order $\varepsilon$ for it.
#
# </details>
#
# ## How small should the step be?
#
# The error shrinks with $\varepsilon$, so why not take $10^{-12}$? Because numbers have finitely many digits. In float64
# each value of $f$ is rounded by about $u = 10^{-16}$ of its size, in float32 by $6 \cdot 10^{-8}$. The difference of two
# nearly equal values keeps that error, and dividing by $\varepsilon$ blows it up:
#
# $$\text{error} \approx \underbrace{\tfrac{1}{6}\varepsilon^2 |f'''|}_{\text{truncation}} + \underbrace{u\,|f| / \varepsilon}_{\text{round-off}}.$$
#
# **Think.** One part grows with $\varepsilon$, the other falls. Before you run the next cell: what will the error look
# like against $\varepsilon$ with both axes logarithmic, and on which side does float32 put the best $\varepsilon$?
#
# Then use the slider. Find the $\varepsilon$ with the smallest two-sided error, once for float64 and once for float32.
# Can you get below $10^{-10}$ in float64? Can you get below $10^{-6}$ in float32?

# %% nbgrader={"grade": false, "grade_id": "error_against_eps", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = (
    "Two log-log plots of the slope's error against eps. Every curve is a V. In float64 the two-sided V reaches 1e-11 "
    "near eps 3e-6, the one-sided V 1e-8 near 1e-8. In float32 the two-sided V only reaches 1e-5, near 6e-3."
)
show(explorations.plot_error_against_eps(one_sided_difference, two_sided_difference), alt=alt)
explorations.explore_error_against_eps(one_sided_difference, two_sided_difference)

# %% [markdown]
# <details><summary>What the figure shows</summary>
#
# Every curve is a V. On the right arm truncation rules: slope 1 to one side, slope 2 to both sides. On the left arm
# rounding rules, and there both differences are equally bad. At the far left of float32 the step is lost altogether:
# $\theta + \varepsilon$ rounds to $\theta$, the slope comes out as 0, and the error is 1. The bottom lies where both parts
# are equally large, near $\varepsilon = (3u)^{1/3}$: $7 \cdot 10^{-6}$ in float64 and $6 \cdot 10^{-3}$ in float32.
#
# In float64 everything between about $10^{-6}$ and $10^{-5}$ does it. In float32 no step does: the best one, near
# $6 \cdot 10^{-3}$, is off by $10^{-5}$. Gradients are checked in float64, whatever the training uses.
#
# </details>
#
# ## All parameters in one vector
#
# A network has many parameters, in arrays of many shapes. For the check we line all of them up in one vector, and we need
# the way back. The order must be the same for `params` and for every gradient, even when two dicts were filled in
# different orders.
#
# ### Exercise 6.3 · params_to_vector (2 points)
#
# Take the keys in Python's string order (`sorted`), flatten each array row by row (C order), and join them: a dict of
# arrays in, an array of shape `(n,)` out. `{"b": [5, 6], "W": [[1, 2], [3, 4]]}` becomes `[1, 2, 3, 4, 5, 6]`.
#
# <div class="alert alert-info">
#
# **Convention.** String order is not the order of the layers: `"W10"` comes before `"W2"`, and capitals before small
# letters, so all of `W` comes before `b`. Other courses go layer by layer. Any fixed order works; this one needs no
# knowledge of what the keys mean.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "params_to_vector", "locked": false, "schema_version": 3, "solution": true, "task": false}
def params_to_vector(params):
    """All entries of the dict of arrays ``params`` in one array of shape (n,).

    Keys in string order, each array in C order: {"b": [5, 6], "W": [[1, 2], [3, 4]]} gives [1, 2, 3, 4, 5, 6].
    """
    # BEGIN SOLUTION
    return np.concatenate([params[key].ravel() for key in sorted(params)])
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_params_to_vector", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(params_to_vector)

# %% [markdown]
# ### Exercise 6.4 · vector_to_params (2 points)
#
# The way back. `vector` has the shape `(n,)`; `like` is a dict of arrays that tells keys and shapes. Its values do not
# matter, and it must stay as it is. With the `like` of the example above, `[1, 2, 3, 4, 5, 6]` becomes a `W` of
# shape `(2, 2)` and a `b` of shape `(2,)`.

# %% nbgrader={"grade": false, "grade_id": "vector_to_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vector_to_params(vector, like):
    """The entries of ``vector`` (n,) in a dict with the keys and shapes of ``like``.

    It undoes ``params_to_vector``: vector_to_params(params_to_vector(params), params) equals params.
    """
    # BEGIN SOLUTION
    params, start = {}, 0
    for key in sorted(like):
        size = like[key].size
        params[key] = vector[start : start + size].reshape(like[key].shape)
        start += size
    return params
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_vector_to_params", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(vector_to_params)

# %% [markdown]
# ## One entry at a time
#
# The gradient has one slope for each parameter: what the cost does when this one moves and all others stay.
#
# ### Exercise 6.5 · numerical_gradient (4 points)
#
# `cost(params)` returns a number. For every entry $i$ of the parameter vector,
#
# $$\text{approx}_i = \frac{J(\theta + \varepsilon e_i) - J(\theta - \varepsilon e_i)}{2\varepsilon},$$
#
# where $e_i$ is 1 in place $i$ and 0 elsewhere. Return a dict with the keys and shapes of `params`, and leave `params`
# as they were, to the last bit. For `{"w": [3.0, 5.0]}` and the cost $w_0 w_1$ the result is `{"w": [5.0, 3.0]}`.

# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(cost, params, eps=1e-6):
    """Gradient of ``cost(params)`` by two-sided differences: a dict with the keys and shapes of ``params``.

    For the cost w[0] * w[1] at {"w": [3.0, 5.0]} it is {"w": [5.0, 3.0]} up to rounding. ``params`` stay unchanged.
    """
    # BEGIN SOLUTION
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        right, left = vector_to_params(theta + step, params), vector_to_params(theta - step, params)
        slopes[i] = (cost(right) - cost(left)) / (2 * eps)
    return vector_to_params(slopes, params)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_numerical_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(numerical_gradient)

# %% nbgrader={"grade": false, "grade_id": "numbers_of_the_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The real thing: twelve wines, the network from above, and the gradients that the whole course trusts.
X_check, y_check = X[::15], wine.y[::15]


def cost(p):
    return loss_and_gradients(p, X_check, y_check)[0]


grads = loss_and_gradients(params, X_check, y_check)[1]
approx = numerical_gradient(cost, params)
for key in sorted(params):
    print(f"{key}  backward {np.round(grads[key].ravel()[:3], 8)}  numerical {np.round(approx[key].ravel()[:3], 8)}")
print(f"forward passes: {2 * params_to_vector(params).size}; for 784-128-10: {2 * (784 * 128 + 128 + 128 * 10 + 10):,}")

# %% [markdown]
# Eight decimals agree. It took 422 forward passes where backpropagation takes one and a pass back; for a
# small network on Fashion images it would take 203,540. So the check is for a small network and a few examples, once,
# after the code was written or changed. Running it in every training step is a mistake of its own.
#
# ## How far apart are two gradients?
#
# Is a difference of 0.001 much? For a gradient of 1000 it is nothing, for one of 0.001 it is everything. So compare it
# with the gradients' own size.
#
# ### Exercise 6.6 · relative_difference (3 points)
#
# With $\|\cdot\|$ the Euclidean norm over all entries of all arrays together,
#
# $$\text{difference} = \frac{\|g - a\|}{\|g\| + \|a\|},$$
#
# and 0 when both are zero. The two dicts have the same keys, not always in the same order. For `[3, 4]` against `[4, 3]`
# it is $\sqrt{2} / (5 + 5) = 0.1414$.

# %% nbgrader={"grade": false, "grade_id": "relative_difference", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_difference(grads, approx):
    """||g - a|| / (||g|| + ||a||) over all entries of the dicts ``grads`` and ``approx``; 0.0 when both are zero.

    For {"w": [3, 4]} against {"w": [4, 3]} it is 0.1414.
    """
    # BEGIN SOLUTION
    g, a = params_to_vector(grads), params_to_vector(approx)
    total = np.linalg.norm(g) + np.linalg.norm(a)
    if total == 0:
        return 0.0
    return np.linalg.norm(g - a) / total
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_relative_difference", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(relative_difference)

# %% [markdown]
# The number is more than a grade: its value often names the mistake.
#
# **Think.** What is the difference when one gradient is $k$ times the other? Work it out for $k = 2$, $k = -1$ and
# $k = 12$, then run the cell.

# %% nbgrader={"grade": false, "grade_id": "signatures", "locked": true, "schema_version": 3, "solution": false, "task": false}
mistakes = {"right": 1, "twice as large": 2, "half as large": 0.5, "12 times (no 1/m)": 12, "sign": -1, "zero": 0}
for name, factor in mistakes.items():
    claimed = {key: factor * g for key, g in grads.items()}
    print(f"{name:20} {relative_difference(claimed, approx):.2g}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# For positive $k$ the norms give $(k - 1) / (k + 1)$, or its negative for $k < 1$. So **1/3** means a factor of 2 one way
# or the other: a 2 forgotten in $2\varepsilon$, a ½ forgotten in the cost. **11/13 = 0.85** is $k = 12 = m$: the mean over
# the 12 examples is missing, or was taken twice. **1** means a wrong sign or a gradient of zero. And what is right still
# differs by about $10^{-9}$, because of rounding.
#
# </details>
#
# ### Exercise 6.7 · gradient_check (2 points)
#
# Put it together: return the pair `(difference, verdict)`. The verdict is `"correct"` below 1e-7, `"suspicious"` below
# 1e-3, and `"wrong"` for all the rest, nan included. Pass `eps` on. For the cost $\frac{1}{2}w^2$ at `{"w": [3.0]}`,
# `grads` of `{"w": [6.0]}` give `(0.333, "wrong")`.
#
# <div class="alert alert-info">
#
# **Convention.** The thresholds suit float64, smooth costs and $\varepsilon$ near 1e-6. They are no law: networks with
# kinks and many layers may be right at 1e-6. Some courses use $\varepsilon$ = 1e-7 or 1e-4. Some divide by
# $\max(\|g\|, \|a\|)$ instead of the sum, which doubles small differences, or look at single entries instead of norms.
# A threshold only makes sense together with the formula it belongs to.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "gradient_check", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_check(cost, params, grads, eps=1e-6):
    """Compare ``grads`` with the numerical gradient of ``cost`` at ``params``: ``(difference, verdict)``.

    "correct" below 1e-7, "suspicious" below 1e-3, else (nan too) "wrong".
    """
    # BEGIN SOLUTION
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    if difference < 1e-7:
        return difference, "correct"
    if difference < 1e-3:
        return difference, "suspicious"
    return difference, "wrong"
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_gradient_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(gradient_check)

# %% nbgrader={"grade": false, "grade_id": "precision_of_the_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
# The same network and wines, its cost computed in float64 and in float32.
X32 = X_check.astype(np.float32)


def cost32(p):
    return loss_and_gradients({k: v.astype(np.float32) for k, v in p.items()}, X32, y_check)[0]


for eps in (1e-6, 1e-5, 1e-4, 1e-3, 1e-2):
    in_64, in_32 = gradient_check(cost, params, grads, eps), gradient_check(cost32, params, grads, eps)
    print(f"eps {eps:.0e}   float64 {in_64[0]:.1e} {in_64[1]:10}   float32 {in_32[0]:.1e} {in_32[1]}")

# %% [markdown]
# In float64 the shared network passes with $\varepsilon = 10^{-6}$: the difference is 6.6e-10. In float32 none of
# the steps makes it "correct": the V once more.
#
# **Think.** From $\varepsilon = 10^{-3}$ to $10^{-2}$ the float64 difference jumps from 3e-8 to 4e-3. Truncation would
# make it a hundred times larger, not a hundred thousand times. What else happened?
#
# ## When the check is wrong
#
# A check compares two things, and the fault may lie on either side. Three honest gradients that fail:
#
# ### Kinks
#
# ReLU has no derivative at 0. If a step carries a pre-activation across the kink, the secant mixes both slopes. That was
# the jump: the smallest pre-activation of our network is 0.0085 away from zero, so steps of 0.01 cross kinks and steps
# of 0.001 do not.
#
# **Your turn.** With the sliders, put $\theta$ where the difference is 0.5. Then go back to $\theta$ = 0.004 and find an
# $\varepsilon$ for which the check is right. Does a smaller $\varepsilon$ help at $\theta$ = 0?

# %% nbgrader={"grade": false, "grade_id": "kink", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = (
    "Left: a secant across the kink of a ReLU has slope 0.70 where the gradient is 1. "
    "Right: within eps of the kink the two-sided difference climbs from 0 to 1 in a straight line; the gradient jumps."
)
show(explorations.plot_kink(two_sided_difference, theta=0.004, eps=0.01), alt=alt)
explorations.explore_kink(two_sided_difference)

# %% [markdown]
# Exactly on the kink nothing helps: the difference stays 0.5. This happens in practice. Biases often start at zero, and
# an example that is all zeros (a black picture, an empty row) then puts every unit of every layer on its kink.

# %% nbgrader={"grade": false, "grade_id": "kink_in_a_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_zero = np.vstack([np.zeros(13), X_check[1:]])
start = {key: value * (key[0] == "W") for key, value in params.items()}
moved = {key: value + 0.01 for key, value in start.items()}


def check_with_zeros(p, activation, eps):
    slopes = loss_and_gradients(p, X_zero, y_check, activation)[1]
    return gradient_check(lambda q: loss_and_gradients(q, X_zero, y_check, activation)[0], p, slopes, eps)


for name, p, activation in [("relu", start, "relu"), ("relu, moved", moved, "relu"), ("tanh", start, "tanh")]:
    print(f"{name:12}", *(f"eps {eps:.0e}: {check_with_zeros(p, activation, eps)[0]:.1e}  " for eps in (1e-5, 1e-6, 1e-7)))

# %% [markdown]
# The gradient is fine and the check calls it wrong, at 0.038, for each eps. Move the parameters by 0.01 and the
# difference falls below $10^{-8}$. So check at random parameters, biases included, or with a smooth activation first.
#
# ### Dropout
#
# **Think.** Dropout multiplies by a mask drawn anew at each call. What does $J(\theta + \varepsilon) - J(\theta - \varepsilon)$
# measure then, and what does dividing by $2 \cdot 10^{-6}$ make of it?

# %% nbgrader={"grade": false, "grade_id": "dropout_must_be_off", "locked": true, "schema_version": 3, "solution": false, "task": false}
def dropout_cost(p, mask_rng):
    mask = (mask_rng.random(X_check.shape) < 0.8) / 0.8
    return loss_and_gradients(p, X_check * mask, y_check)


live = np.random.default_rng(1)
frozen_grads = dropout_cost(params, np.random.default_rng(1))[1]
for name, noisy in {
    "fresh masks": lambda p: dropout_cost(p, live)[0],
    "frozen mask": lambda p: dropout_cost(p, np.random.default_rng(1))[0],
}.items():
    size = np.linalg.norm(params_to_vector(numerical_gradient(noisy, params)))
    difference, verdict = gradient_check(noisy, params, frozen_grads)
    print(f"{name}: norm of the numerical gradient {size:9.3g}, difference {difference:.1e} {verdict}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# It measures the luck of two masks. The costs differ by some hundredths, and divided by $2 \cdot 10^{-6}$ that becomes a
# "gradient" of a norm above $10^5$ beside a true one of 0.73. Turn dropout off, or freeze its mask by giving each call a
# generator with the same seed: then even the gradient through dropout can be checked. The same holds for
# batch statistics and for augmentation.
#
# </details>
#
# ### The regularizer
#
# If the cost holds the L2 penalty $\frac{\lambda}{2m}\sum W^2$ and the gradient does not (or the other way round), the two
# belong to different functions. The smaller λ, the better it hides.

# %% nbgrader={"grade": false, "grade_id": "regularizer_must_be_in", "locked": true, "schema_version": 3, "solution": false, "task": false}
m = len(y_check)
for lam in (1.0, 0.1, 0.01, 0.001, 0.0001):

    def penalised(p, lam=lam):
        return cost(p) + lam / (2 * m) * sum((p[key] ** 2).sum() for key in ("W1", "W2", "W3"))

    full = {k: g + lam / m * params[k] * (k[0] == "W") for k, g in grads.items()}
    without, included = gradient_check(penalised, params, grads), gradient_check(penalised, params, full)
    print(f"lambda {lam:<6g}  left out: {without[0]:.1e} {without[1]:10}  included: {included[0]:.1e} {included[1]}")

# %% [markdown]
# At λ = 0.001 the forgotten term is merely "suspicious". Check with a large λ, so that no part of the cost is small.
#
# ## From "wrong" to "where"
#
# One number for the whole network says that something is wrong. To mend it we want to know where.
#
# ### Exercise 6.8 · worst_components (2 points)
#
# Return the `k` entries with the largest absolute difference as a list of `(key, index, |difference|)`, largest first;
# all of them when there are fewer than `k`. `index` is a tuple, `(2, 0)` for a matrix and `(2,)` for a bias. For
# `{"b": [1.0, 5.0]}` against `{"b": [1.5, 2.0]}` and `k=1` it is `[("b", (1,), 3.0)]`.

# %% nbgrader={"grade": false, "grade_id": "worst_components", "locked": false, "schema_version": 3, "solution": true, "task": false}
def worst_components(grads, approx, k=3):
    """The ``k`` entries in which two dicts of arrays differ most: a list of (key, index tuple, |difference|).

    Largest first. For {"b": [1.0, 5.0]} against {"b": [1.5, 2.0]} and k=1 it is [("b", (1,), 3.0)].
    """
    # BEGIN SOLUTION
    components = [
        (key, index, abs(grads[key][index] - approx[key][index]))
        for key in grads
        for index in np.ndindex(grads[key].shape)
    ]
    return sorted(components, key=lambda component: component[2], reverse=True)[:k]
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_worst_components", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(worst_components)

# %% nbgrader={"grade": false, "grade_id": "pattern_of_the_worst", "locked": true, "schema_version": 3, "solution": false, "task": false}
spoilt = {**grads, "W2": grads["W2"].T}
print("relative difference:", round(float(relative_difference(spoilt, approx)), 3))
for key, index, difference in worst_components(spoilt, approx, k=6):
    print(key, tuple(int(i) for i in index), f"{difference:.6f}")

# %% [markdown]
# **Think.** Somebody spoilt one array. Look at the indices before you look at the code: what was done to it?
#
# <details><summary>Answer</summary>
#
# The entries come in pairs, (i, j) and (j, i), with equal differences, and the diagonal is right: the matrix was
# transposed. It is square, so no shape complained. Patterns to look for: one row, one column, all but the diagonal, only
# the biases.
#
# </details>
#
# ### Exercise 6.9 · faulty_gradients (2 points)
#
# A wrong bias can hide behind large, right weights. So give every key a relative difference of its own, from that key's
# arrays alone, and return the sorted list of the keys where it exceeds `tol` or is nan. Right gradients give `[]`; for
# the spoilt ones above it is `["W2"]`.

# %% nbgrader={"grade": false, "grade_id": "faulty_gradients", "locked": false, "schema_version": 3, "solution": true, "task": false}
def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    """Sorted list of the keys whose own relative difference to the numerical gradient exceeds ``tol`` or is nan."""
    # BEGIN SOLUTION
    approx = numerical_gradient(cost, params, eps)
    own = {key: relative_difference({key: grads[key]}, {key: approx[key]}) for key in sorted(params)}
    return [key for key in own if not own[key] <= tol]
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_faulty_gradients", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(faulty_gradients)

# %% [markdown]
# ## The bug hunt
#
# Back to the six. Each takes `params`, the cache of the forward pass and the labels. Here are the verdicts, and each key's
# own difference as a map.

# %% nbgrader={"grade": false, "grade_id": "the_bug_hunt", "locked": true, "schema_version": 3, "solution": false, "task": false}
cache, differences = forward(params, X_check)[1], {}
for name, backward in SUSPECTS.items():
    claimed = backward(params, cache, y_check)
    difference, verdict = gradient_check(cost, params, claimed)
    print(f"{name}  {difference:.1e}  {verdict:8} {faulty_gradients(cost, params, claimed)}")
    differences[name] = {k: relative_difference({k: claimed[k]}, {k: approx[k]}) for k in claimed}
alt = "A table of suspects and keys. Wrong are: a in all biases, b below layer 3, d in W1 and b1, e in W2, f everywhere."
show(explorations.plot_hunt(differences), alt=alt)

# %% [markdown]
# **Now find the five mistakes.** Gradients flow from the last layer to the first, so a wrong error signal spoils its own
# layer and all below it. What is right above it narrows the place down to a line or two. Read one suspect at a time, and
# use `worst_components` where it helps. This cell is yours.

# %%
suspect = "a"
print(inspect.getsource(SUSPECTS[suspect]))

# %% [markdown]
# <details><summary>The five mistakes</summary>
#
# - **a**: all biases, by 0.85 = 11/13. That is the factor $m$ = 12: the error was already divided by $m$, and
#   `mean` divides again. It should be `sum`.
# - **b**: everything below the last layer. The ReLU's mask looks at the sign of the gradient that arrives, not at the sign
#   of the pre-activation $Z$. On this network it does not train.
# - **c**: nothing. Its style is unusual, its numbers are right.
# - **d**: `W1` and `b1` only, so the error goes astray between layer 2 and layer 1: `W2` lacks its transpose. It is
#   square, so no shape complained.
# - **e**: `W2` alone. The error signal is right, since layer 1 is right; the activation is not. `A2` stands where `A1`
#   belongs, and both are 8 wide.
# - **f**: everything, by no simple factor. `delta[:, y] -= 1` takes 1 away from every class in `y`, for all examples.
#   `delta[np.arange(m), y] -= 1` was meant.
#
# </details>
#
# Suspects a, d and e trained to 99 %. The check needed 12 wines and no training. In d and e the equal widths of the two
# hidden layers hid the mistake: give the layers of a test network different sizes, and such mistakes show by their shapes.
#
# ## Summary
#
# - A falling loss does not prove a gradient right; a gradient check does, up to rounding.
# - Two-sided differences are off by $\varepsilon^2$, one-sided ones by $\varepsilon$. Rounding adds $u / \varepsilon$:
#   in float64 use 1e-6 to 1e-5, and do not check in float32.
# - Compare by one relative difference: 1e-9 is right, 1/3 a factor of 2, $(m-1)/(m+1)$ a lost mean, 1 a sign.
# - Before you blame the gradient: kinks, live dropout, a regularizer on one side only.
# - Then ask each key and each entry. The pattern points at the line.
#
# ## On your own
#
# - Check along a random direction $v$: compare $(J(\theta + \varepsilon v) - J(\theta - \varepsilon v)) / 2\varepsilon$ with
#   $g \cdot v$. Two passes instead of 422. Which suspects does it catch, and does it tell where?
# - For smooth $f$ that accept complex numbers, $\mathrm{Im} f(\theta + i\varepsilon) / \varepsilon$ has no cancellation. Draw its
#   error against $\varepsilon$ for `np.exp`. Why does it not help with a ReLU?
# - Give the network layers of 8 and 7 units. Which suspects now give themselves away before any check?
#
# ## Further reading
#
# - Stanford's CS231n notes, [gradient checks](https://cs231n.github.io/neural-networks-3/): a list of practical traps.
# - J. Nocedal and S. Wright, *Numerical Optimization*, chapter 8: finite differences and their errors.
# - W. Squire and G. Trapp (1998), "Using complex variables to estimate derivatives of real functions", *SIAM Review* 40.
# - PyTorch's [`torch.autograd.gradcheck`](https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.html): the
#   same tool for automatic differentiation; it asks for float64 too.
