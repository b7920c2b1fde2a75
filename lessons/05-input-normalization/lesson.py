# %% [markdown]
# # Put the inputs on one scale
#
# Inputs come in the units in which somebody measured them. A network knows nothing of units: it sees large and small
# numbers. This lesson shows what that costs, why, and how to mend it without cheating.
#
# **What you will do.** Write a standardizer, prepare pictures, measure how badly a cost is conditioned, count the steps of
# gradient descent, and whiten data until the cost is round.
#
# **What you will learn.**
# - why one wide feature sets the learning rate and the narrow ones pay for it
# - what the eigenvalues of $X^\top X / m$ say about the speed of learning
# - which traps lie in constant features and in bytes
# - why new data are scaled with old numbers, and what leaks when they are not
#
# **What you need.** NumPy, the network of lesson 00, and a rough idea of what an eigenvector is.
# **Time.** About 80 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_breast_cancer, load_cells, load_fashion, load_wine
from coursekit.explorations import input_normalization as explorations
from coursekit.network import accuracy
from coursekit.plots import show, use_course_style
from coursekit.training import fit_network

begin("05-input-normalization")
use_course_style()

# %% [markdown]
# ## Wine that no learning rate can sort
#
# 178 Italian wines, 13 measurements each, three grapes. The task is easy: a network without any hidden layer can solve it.
# We train one for 50 epochs, with eight learning rates, on five random splits each. Once the measurements are fed as they
# are, once with each brought to mean 0 and standard deviation 1.
#
# **Think.** Will raw inputs need a larger learning rate or a smaller one? Will any do?

# %% nbgrader={"grade": false, "grade_id": "no_learning_rate_saves_raw_inputs", "locked": true, "schema_version": 3, "solution": false, "task": false}
wine, breast, rates = load_wine(), load_breast_cancer(), 10.0 ** np.arange(-7, 1)
found = {
    name: [explorations.split_accuracies(wine, rate, 5, scaled).mean() for rate in rates]
    for name, scaled in (("raw", False), ("standardised", True))
}
alt = "Dev accuracy by learning rate. Raw inputs never get beyond 0.56; standardised ones reach 0.9 at 0.01 and 0.98 at 1."
show(explorations.plot_rates(rates, found, np.bincount(wine.y).max() / len(wine.y)), alt=alt)
for name, table in (("wine", wine), ("breast cancer", breast)):
    raw, scaled = (explorations.split_accuracies(table, 0.1, 15, scaled).mean() for scaled in (False, True))
    print(f"{name}, learning rate 0.1, mean of 15 splits: raw {raw:.3f}, standardised {scaled:.3f}")
show(explorations.plot_features(wine), alt="Left: 13 raw features from 0.1 to 1,700. Right: standardised, all around 0.")

# %% [markdown]
# <details><summary>Answer</summary>
#
# A smaller one: raw inputs do best at 0.0001, standardised ones at 1. But none will do. The guess "always the most
# frequent grape" is right for 0.40, the best of the eight for 0.56. With standardised inputs the network labels nearly all
# wines. Nothing was learned about wine in between: only units changed. Breast cancer tells the same story, less harshly.
#
# </details>
#
# The second figure says why. Proline is about 750, hue about 1. A step of 0.1 in proline's weight moves the logits by 75, the
# same step in hue's weight by 0.1. No learning rate suits both.
#
# ## The cure: standardize
#
# Measure each feature's mean $\mu_j$ and standard deviation $\sigma_j$ on the training set, and use
# $z_j = (x_j - \mu_j) / \sigma_j$ instead of $x_j$. Measuring and using are two functions, because they happen at different
# times: once on the training set, and then for every example that will ever come.
#
# A feature that never changes has $\sigma_j = 0$, and dividing gives `nan`. Give it $\sigma_j = 1$ instead. But how do you
# know a constant feature?

# %% nbgrader={"grade": false, "grade_id": "crumbs_of_rounding", "locked": true, "schema_version": 3, "solution": false, "task": false}
constant, billionths = np.full(3, 0.1), np.array([3e-9, 5e-9, -2e-9])
print("always 0.1:  std", constant.std(), " standardised", (constant - constant.mean()) / constant.std())
print("billionths:  std", billionths.std(), " standardised", (billionths - billionths.mean()) / billionths.std())

# %% [markdown]
# Three times 0.1 has a standard deviation of 1.4e-17, a crumb of rounding. `std == 0` does not see it, and the result is -1,
# made of nothing. A threshold such as `std < 1e-8` would see it, but also throw away the second feature, which is fine:
# somebody measures in metres. A feature is constant when **its largest value equals its smallest**.
#
# ### Exercise 5.1 · fit_standardizer (3 points)
#
# For `X` of shape `(m, n)` return the pair `(mean, std)`, both of shape `(n,)`: one number per feature. `std` is 1 where
# the feature's largest value equals its smallest; its mean stays what it is.
#
# *Worked number:* for the columns `[1, 3, 5]` and `[7, 7, 7]` the means are `[3, 7]`. The first variance is
# $(4 + 0 + 4) / 3$, so the deviations are `[1.633, 1]`.
#
# <div class="alert alert-info">
#
# **Convention.** Standard deviations of this course divide by $m$ (`ddof=0`), like NumPy and scikit-learn's
# `StandardScaler`. Pandas, R and many books divide by $m - 1$; as a scale for inputs both do. "Normalising" may mean this,
# or *min-max scaling* $(x - \min) / (\max - \min)$, which one outlier can squeeze, or dividing each *example* by its
# length. Ask which one is meant.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "fit_standardizer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit_standardizer(X):
    """Mean and standard deviation (ddof=0) of every column of ``X`` (m, n).

    Returns the pair ``(mean, std)``, each (n,). ``std`` is 1 where a column's largest value equals its smallest.
    For [[1, 7], [3, 7], [5, 7]] it is ([3, 7], [1.633, 1]).
    """
    # BEGIN SOLUTION
    constant = X.max(axis=0) == X.min(axis=0)
    return X.mean(axis=0), np.where(constant, 1.0, X.std(axis=0))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_fit_standardizer", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(fit_standardizer)

# %% [markdown]
# ### Exercise 5.2 · standardize (2 points)
#
# Return $(X - \text{mean}) / \text{std}$, column by column, as a new array; `X` must stay as it is. `mean` and `std` have
# the shape `(n,)` and may come from other data than `X`: that is their point.
#
# *Worked number:* `[[5.0]]` with mean `[3.0]` and std `[4.0]` becomes `[[0.5]]`.

# %% nbgrader={"grade": false, "grade_id": "standardize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardize(X, mean, std):
    """``(X - mean) / std`` for every row of ``X`` (m, n); ``mean`` and ``std`` are (n,).

    [[5.0]] with mean [3.0] and std [4.0] becomes [[0.5]].
    """
    # BEGIN SOLUTION
    return (X - mean) / std
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_standardize", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(standardize)

# %% [markdown]
# A line that goes round says that such scaling "brings the values into −1…1". Look at the figure above: a third of the
# values lie outside, one beyond 4. What it fixes is the typical size, and that is enough.
#
# ## Why it works: the shape of the cost
#
# Take the simplest model there is, least squares: $J(w) = \frac{1}{2m} \lVert Xw - y \rVert^2$. Its gradient is
# $\frac{1}{m} X^\top (Xw - y)$, and its second derivatives form a matrix that does not even depend on $w$, the
# **Hessian** $H = \frac{1}{m} X^\top X$. So $J$ is a bowl, and $H$ says how steep it is in which direction.
#
# Let $w^*$ be the minimum. The gradient is zero there, so elsewhere it is $\nabla J = H (w - w^*)$. One step of descent gives
#
# $$w - \alpha\, \nabla J - w^* = (I - \alpha H)(w - w^*).$$
#
# Along an eigenvector of $H$ with eigenvalue $\lambda$ the error is thus multiplied by $1 - \alpha\lambda$, step after step.
# - It shrinks only if $|1 - \alpha\lambda| < 1$, for **every** eigenvalue. So $\alpha < 2 / \lambda_{\max}$: the steepest
#   direction sets the limit.
# - With such an $\alpha$ the flattest direction shrinks by $1 - \alpha\lambda_{\min}$ a step, which is close to 1 if
#   $\lambda_{\min}$ is much smaller than $\lambda_{\max}$.
#
# So the number of steps grows with the ratio $\kappa = \lambda_{\max} / \lambda_{\min}$, the **condition number**.
#
# ### Exercise 5.3 · hessian_condition_number (3 points)
#
# Return the largest eigenvalue of $X^\top X / m$ divided by the smallest. Take `X` as it is, without centring it. If the
# matrix is singular, the smallest eigenvalue is 0 and the answer is `np.inf`. Rounding may make a tiny *negative* number of
# that 0; and where `X` is all zeros, beware of 0 / 0. (For singular matrices any number above $10^{12}$ passes too.)
#
# *Worked number:* the rows `[1, 2]` and `[1, -2]` give $X^\top X / 2$ = `[[1, 0], [0, 4]]`, so the answer is 4.

# %% nbgrader={"grade": false, "grade_id": "hessian_condition_number", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hessian_condition_number(X):
    """Largest over smallest eigenvalue of ``X.T @ X / m`` for ``X`` (m, n).

    ``np.inf`` where that matrix is singular. For [[1, 2], [1, -2]] it is 4.
    """
    # BEGIN SOLUTION
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    if eigenvalues[0] <= 0:
        return np.inf
    return eigenvalues[-1] / eigenvalues[0]
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_hessian_condition_number", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(hessian_condition_number)

# %% [markdown]
# ### Exercise 5.4 · gd_iterations (4 points)
#
# Start at $w = 0$ and descend on the least-squares cost with a fixed learning rate. Return the number of updates made
# until the Euclidean norm of the gradient is **below** `tol`.
# - Look at the norm before each update: if it is below `tol` at once, the answer is 0.
# - If that never happens, return `max_iter`. Never includes divergence: the numbers overflow to `inf` and `nan` then, and
#   NumPy may warn of it. `nan < tol` is false, and so is `nan >= tol`.
#
# `X` is `(m, n)`, `y` is `(m,)`.
#
# *Worked number:* `X = [[1], [1]]`, `y = [2, 2]`, learning rate 0.5. The gradient at $w = 0$ is $-2$, then $-1$,
# $-0.5$, $-0.25$, $-0.125$, $-0.0625$. With `tol=0.1` the answer is 5.

# %% nbgrader={"grade": false, "grade_id": "gd_iterations", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gd_iterations(X, y, learning_rate, tol=1e-6, max_iter=100000):
    """Number of updates of gradient descent on ``||Xw - y||² / (2m)`` from w = 0.

    ``X`` (m, n), ``y`` (m,). It ends when the gradient's norm is below ``tol``: 0 if it is so at once, ``max_iter`` if
    never, overflow included.
    For X = [[1], [1]], y = [2, 2], learning_rate 0.5 and tol 0.1 it is 5.
    """
    # BEGIN SOLUTION
    w, updates = np.zeros(X.shape[1]), 0
    with np.errstate(all="ignore"):
        while updates < max_iter and np.isfinite(w).all():
            gradient = X.T @ (X @ w - y) / len(y)
            if np.linalg.norm(gradient) < tol:
                return updates
            w, updates = w - learning_rate * gradient, updates + 1
    return max_iter
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_gd_iterations", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(gd_iterations)

# %% [markdown]
# Now look at it: two features, one five times as wide as the other, against two of equal width. Lines join points of equal
# cost; the square is the start, the star the minimum. In these figures a norm below 0.001 counts as arrived.

# %% nbgrader={"grade": false, "grade_id": "zigzag", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "Left: on narrow ellipses the path zigzags across the valley, 122 updates. Right: on circles it goes straight, 3."
show(explorations.plot_zigzag(gd_iterations), alt=alt)

# %% [markdown]
# The gradient is perpendicular to the contour. On circles it points at the minimum. On ellipses it points across the
# valley: a large learning rate bounces from wall to wall, a small one crawls.
#
# **Your turn.** With the stretch at 5, get below 90 updates; the figure says when you are there. What happens at a share of 1 and above? Then set the stretch to
# 1: for which share does a single update do? And what does a stretch of 10 cost at best?

# %% nbgrader={"grade": false, "grade_id": "explore_descent", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "Contours and path for widths 5 and 1, and the updates by learning rate: 93 at best, 1 for equal widths."
show(explorations.plot_descent(gd_iterations), alt=alt)
explorations.explore_descent(gd_iterations)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# Stretch 5: a share of 0.94 takes 89 updates. Above it the steep direction bounces too long, below it the flat one crawls.
# From 1 on it never arrives. Stretch 1: at 0.5, $\alpha = 1/\lambda$ and the factor $1 - \alpha\lambda$ is 0, so one
# update suffices. Stretch 10: 350 updates at 0.98. Four times the condition number, four times the updates.
#
# </details>
#
# ## Real data: the limit before and after
#
# Now wine, breast cancer, and a set of cells with two measurements, all with a column of ones for the intercept. We search
# the largest learning rate that does not blow up, by trying, and compare it with $2 / \lambda_{\max}$.

# %% nbgrader={"grade": false, "grade_id": "largest_stable_learning_rate", "locked": true, "schema_version": 3, "solution": false, "task": false}
def with_ones(X):
    return np.column_stack([np.ones(len(X)), X])


cells = load_cells()
tables = {"wine": wine.X, "breast cancer": breast.X, "cells": cells.X_train}
for name, X in tables.items():
    for kind, data in (("raw", X), ("standardised", standardize(X, *fit_standardizer(X)))):
        A = with_ones(data)
        limit, formula = explorations.largest_stable_rate(A), 2 / np.linalg.eigvalsh(A.T @ A / len(A))[-1]
        kappa = hessian_condition_number(A)
        print(f"{name:13} {kind:12} condition {kappa:9.3g}   limit {limit:.3g}, by the formula {formula:.3g}")

# %% [markdown]
# For wine the condition number falls from 4.6e8 to 45.5, and the largest stable learning rate rises from 3.0e-6 to 0.425.
# The formula is right each time. Breast cancer falls from 2.4e12 too, but stays at 1.0e5. How bad is that?
#
# **Think.** Wine takes 419 updates in the next cell. Multiply by the ratio of the condition numbers: how many will breast
# cancer take?

# %% nbgrader={"grade": false, "grade_id": "breast_cancer_is_not_done", "locked": true, "schema_version": 3, "solution": false, "task": false}
counts = {}
for name, X, y in (("wine", wine.X, wine.y == 0), ("breast cancer", breast.X, breast.y)):
    A = with_ones(standardize(X, *fit_standardizer(X)))
    rate = 1 / np.linalg.eigvalsh(A.T @ A / len(A))[-1]
    counts[name] = gd_iterations(A, y.astype(float), rate, max_iter=20000)
    print(f"{name}: {counts[name]:,} updates" + " and not done" * (counts[name] == 20000))
Z_breast = standardize(breast.X, *fit_standardizer(breast.X))
correlations = Z_breast.T @ Z_breast / len(Z_breast)
print("correlation of radius, perimeter and area:", np.round(correlations[0, 2:4], 3))

# %% [markdown]
# <details><summary>Answer</summary>
#
# The ratio is 2,200, so about a million. After 20,000 it is not done. Standardising makes the features equally wide, one by
# one. It cannot see that they go together: radius, perimeter and area say almost the same (correlations 0.998 and
# 0.987), and along the difference of two such features the data hardly vary. (Momentum, in lesson 09, needs about 3,000.)
#
# </details>
#
# ## Whitening: make the cost round
#
# Features that go together give ellipses that lie askew. No scaling of the axes makes them round: turn the axes first. Take
# the covariance $C = \frac{1}{m} (X - \mu)^\top (X - \mu)$. Its eigenvectors, the columns of $V$, are the axes of the
# ellipse; its eigenvalues $\lambda_j$ are the variances along them. Turn by $V$, then divide by each standard deviation:
#
# $$Z = (X - \mu)\, P, \qquad P = V \,/ \sqrt{\lambda + \varepsilon} \quad \text{(column } j \text{ by entry } j).$$
#
# The covariance of $Z$ is diagonal with entries $\lambda_j / (\lambda_j + \varepsilon)$: nearly 1, unless $\lambda_j$ is not
# large beside $\varepsilon$.
#
# ### Exercise 5.5 · fit_whitener (4 points)
#
# Return the pair `(mean, P)` for `X` of shape `(m, n)`: `mean` is `(n,)`, `P` is `(n, n)`, with the covariance over $m$.
# The order of the columns and their signs are free, and so is the basis where eigenvalues are equal. `np.linalg.eigh`
# returns eigenvalues and $V$ of a symmetric matrix.
#
# *Worked number:* the rows `[2, 0]`, `[-2, 0]`, `[0, 1]`, `[0, -1]` have the covariance `[[2, 0], [0, 0.5]]`. With
# `eps=0` the columns of $P$ are $\pm (0.707, 0)$ and $\pm (0, 1.414)$, in either order.
#
# <div class="alert alert-info">
#
# **Convention.** This is *PCA whitening*. *ZCA whitening* turns back at the end, $P V^\top$: whitened pictures still look
# like pictures then. *Cholesky whitening* uses a triangular matrix. All three make the covariance the identity, for any
# rotation of white data is white. Some books put $\varepsilon$ outside the root, some leave it out; here it stands inside.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "fit_whitener", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit_whitener(X, eps=1e-5):
    """The pair ``(mean, P)`` for PCA whitening of ``X`` (m, n).

    ``P = V / sqrt(eigenvalues + eps)``, with those of the covariance over m. ``mean`` is (n,), ``P`` is (n, n); the
    order and the signs of its columns are free.
    """
    # BEGIN SOLUTION
    mean = X.mean(axis=0)
    centred = X - mean
    eigenvalues, V = np.linalg.eigh(centred.T @ centred / len(X))
    return mean, V / np.sqrt(eigenvalues + eps)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_fit_whitener", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(fit_whitener)

# %% [markdown]
# ### Exercise 5.6 · whiten (2 points)
#
# Return $(X - \text{mean})\, P$. As before, `mean` and `P` may come from other data; `P` may have fewer columns than rows,
# when somebody keeps only some components.
#
# *Worked number:* `[[3.0, 5.0]]` with mean `[1.0, 5.0]` and `P = [[0, 2], [1, 0]]` becomes `[[0, 4]]`.

# %% nbgrader={"grade": false, "grade_id": "whiten", "locked": false, "schema_version": 3, "solution": true, "task": false}
def whiten(X, mean, P):
    """``(X - mean) @ P`` for ``X`` (m, n), ``mean`` (n,) and ``P`` (n, k).

    [[3, 5]] with mean [1, 5] and P = [[0, 2], [1, 0]] becomes [[0, 4]].
    """
    # BEGIN SOLUTION
    return (X - mean) @ P
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_whiten", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(whiten)

# %% nbgrader={"grade": false, "grade_id": "elongated_against_round", "locked": true, "schema_version": 3, "solution": false, "task": false}
X, target = cells.X_train, cells.y_train - cells.y_train.mean()
kinds = {"raw": X, "standardised": standardize(X, *fit_standardizer(X)), "whitened": whiten(X, *fit_whitener(X))}
alt = "Cost of two weights on the cells: straight stripes for raw inputs, a tilted ellipse standardised, circles whitened."
show(explorations.plot_cost(kinds, target, hessian_condition_number), alt=alt)
A = with_ones(whiten(Z_breast, *fit_whitener(Z_breast)))
print(f"breast cancer, standardised and whitened: condition number {hessian_condition_number(A):.2f}")
print(f"updates until the gradient is below 1e-6: {gd_iterations(A, breast.y, learning_rate=1.0)}")

# %% [markdown]
# The stripes are ellipses too, $\sqrt{2626} = 51$ times as long as wide. Standardised and whitened breast cancer data have a
# condition number of 1.08, and the descent that was not done in 20,000 updates needs 4.
#
# Why does not everybody whiten? It costs $n^3$ operations for $n$ features. The outputs of the first hidden layer go
# together again. And it blows up directions in which the data hardly vary, which are often noise: hence $\varepsilon$.
#
# **Your turn.** With the correlation at 0.95, find the $\varepsilon$ at which the flat direction comes out with a variance of
# about 0.5. Compare it with the small variance in the left title. What does $\varepsilon = 10$ do?

# %% nbgrader={"grade": false, "grade_id": "explore_whitening", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "Left: a tilted cloud with its two principal directions, variances 1.91 and 0.05. Right: whitened, a round cloud."
show(explorations.plot_whitening(fit_whitener, whiten), alt=alt)
explorations.explore_whitening(fit_whitener, whiten)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# $\lambda / (\lambda + \varepsilon) = \tfrac12$ where $\varepsilon = \lambda = 0.05$, which is $10^{-1.3}$. Directions with a
# variance well above $\varepsilon$ come out near 1, those below stay small. At 10 the cloud is only turned and shrunk.
#
# </details>
#
# ## Pictures: a scale that is known
#
# A pixel is a byte, 0 to 255. All pixels have the same unit, so two simpler things are usual: bring the bytes to [0, 1], and
# subtract one mean for each colour.
#
# ### Exercise 5.7 · scale_pixels (1 point)
#
# Turn bytes (`uint8`) into floats from 0 (byte 0) to 1 (byte 255). `images` may have any number of axes, and the scale must
# not depend on which pictures come.
#
# *Worked number:* the byte 51 becomes 0.2.

# %% nbgrader={"grade": false, "grade_id": "scale_pixels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def scale_pixels(images):
    """Bytes 0 ... 255 of any shape as floats 0 ... 1 of the same shape. 51 becomes 0.2."""
    # BEGIN SOLUTION
    return images / 255
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_scale_pixels", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(scale_pixels)

# %% [markdown]
# ### Exercise 5.8 · channel_means (2 points)
#
# Colour pictures have the shape `(m, h, w, c)`: pictures, rows, columns, channels. Return the mean of each channel over
# all pictures and all pixels, shape `(c,)`. The pictures may be bytes or floats; their scale is kept.
#
# *Worked number:* two pictures of one pixel, `(10, 0, 200)` and `(20, 3, 250)`, have the means `[15, 1.5, 225]`.

# %% nbgrader={"grade": false, "grade_id": "channel_means", "locked": false, "schema_version": 3, "solution": true, "task": false}
def channel_means(images):
    """Mean of every channel of ``images`` (m, h, w, c) over pictures, rows and columns: (c,)."""
    # BEGIN SOLUTION
    return images.mean(axis=(0, 1, 2))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_channel_means", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(channel_means)

# %% nbgrader={"grade": false, "grade_id": "bytes_wrap_around", "locked": true, "schema_version": 3, "solution": false, "task": false}
dark = np.array([10, 20, 30], dtype=np.uint8)
print("bytes minus bytes:   ", dark - np.full(3, 25, dtype=np.uint8))
print("bytes minus floats:  ", dark - np.full(3, 25.0))

# %% [markdown]
# A byte cannot be negative: 10 − 25 becomes 241, the dark pixel turns bright, and NumPy says nothing. (`images -= means` is
# no way out: NumPy refuses to store floats in bytes.)
#
# ### Exercise 5.9 · subtract_channel_means (2 points)
#
# Subtract `means`, shape `(c,)`, from every pixel of `images`, shape `(m, h, w, c)`, bytes or floats. The result is a new
# array of floats on the same scale, negative where a pixel is darker than the mean. `means` are those of the training
# set, so do not measure `images`.
#
# *Worked number:* the pixel `(10, 200)` with means `[25.5, 100.0]` becomes `(-15.5, 100.0)`.

# %% nbgrader={"grade": false, "grade_id": "subtract_channel_means", "locked": false, "schema_version": 3, "solution": true, "task": false}
def subtract_channel_means(images, means):
    """``images`` (m, h, w, c), bytes or floats, minus ``means`` (c,) of each channel, as floats."""
    # BEGIN SOLUTION
    return images.astype(float) - means
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_subtract_channel_means", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(subtract_channel_means)

# %% [markdown]
# Fashion-MNIST has one channel, so one mean. What does it do for training? A network with 64 hidden units, four epochs on
# each kind of input, the same learning rate and order of batches.
#
# **Think.** Pixels in [0, 1] are never negative. Is there a direction in which *every* picture is large? What does that do
# to the largest eigenvalue of $X^\top X / m$? And what becomes of a corner pixel that is black in nearly all pictures, when
# it is divided by its own standard deviation?

# %% nbgrader={"grade": false, "grade_id": "pixels_and_eigenvalues", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion = load_fashion()
pictures = [np.round(255 * X).astype(np.uint8).reshape(-1, 28, 28, 1) for X in (fashion.X_train, fashion.X_dev)]
scaled = [scale_pixels(X) for X in pictures]
centred = [subtract_channel_means(X, channel_means(scaled[0])) for X in scaled]
inputs = {"bytes": pictures, "scaled": scaled, "scaled, mean subtracted": centred}
inputs = {name: [X.reshape(-1, 784).astype(float) for X in both] for name, both in inputs.items()}
scaler = fit_standardizer(inputs["bytes"][0])
inputs["each pixel standardised"] = [standardize(X, *scaler) for X in inputs["bytes"]]
for name, (train, _) in inputs.items():
    limit = 2 / np.linalg.eigvalsh(train.T @ train / len(train))[-1]
    print(f"{name:24} largest input {abs(train).max():6.1f}   least squares stable below {limit:.2g}")

# %% nbgrader={"grade": false, "grade_id": "pixels_and_losses", "locked": true, "schema_version": 3, "solution": false, "task": false}
runs = {}
for name, (train, dev) in inputs.items():
    plan = {"epochs": 4, "batch_size": 50, "learning_rate": 0.1, "X_dev": dev, "y_dev": fashion.y_dev}
    runs[name] = fit_network([64], train, fashion.y_train, rng=np.random.default_rng(0), **plan)
alt = "Training loss: on bytes far above the picture, then at guessing. Scaled falls, centred faster, standardised fastest."
show(explorations.plot_losses(runs, 10, "Bytes overwhelm the network, scaled pixels train it"), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The direction of the mean picture: every picture points that way. Subtracting a single number triples the learning rate
# that least squares can bear (0.018 to 0.054), and the loss falls faster.
#
# Standardising each pixel does even better at this learning rate. It has its price. All 784 pixels are equally wide now,
# and many go together: the curvature along their common direction grows, and the limit falls to 0.011. And a pixel that
# lights up in one picture of 4,000 becomes 63, though it may be mere noise. Look at the largest values before you divide.
#
# </details>
#
# ## The test set: old numbers for new data
#
# Mean and standard deviation belong to the model, like its weights: measured on the training set, stored with the model,
# used for everything that comes later. A common mistake gives new data a standardizer of "their own". We train a network
# on 60 % of the breast cancer data and scale the test set both ways.
#
# **Think.** All 228 test examples are scaled together by their own statistics: how much accuracy is lost? And if they come
# one at a time, as patients do: what will `standardize` make of a single row?

# %% nbgrader={"grade": false, "grade_id": "network_for_the_tumours", "locked": true, "schema_version": 3, "solution": false, "task": false}
train, test = np.split(np.random.default_rng(0).permutation(len(breast.y)), [341])
scaler = fit_standardizer(breast.X[train])
plan = {"epochs": 50, "batch_size": 20, "learning_rate": 0.1, "rng": np.random.default_rng(0)}
params = fit_network([16], standardize(breast.X[train], *scaler), breast.y[train], **plan).params
right = accuracy(params, standardize(breast.X[test], *scaler), breast.y[test])
print(f"scaled by the training set's statistics: {right:.3f}")

# %% nbgrader={"grade": false, "grade_id": "scaled_by_its_own_statistics", "locked": true, "schema_version": 3, "solution": false, "task": false}
def share_right(rows, size):
    hits = 0
    for batch in np.split(rows, range(size, len(rows), size)):
        Z = standardize(breast.X[batch], *fit_standardizer(breast.X[batch]))
        hits += accuracy(params, Z, breast.y[batch]) * len(batch)
    return hits / len(rows)


sizes = [1, 2, 5, 10, 20, 50, 100, 228]
arrivals = {"mixed": test, "one class after the other": test[np.argsort(breast.y[test], kind="stable")]}
own = {f"by their own, {name}": [share_right(rows, s) for s in sizes] for name, rows in arrivals.items()}
alt = "Accuracy by number of test examples scaled together: 0.62 for one, 0.98 for 228; near 0.52 when sorted by class."
show(explorations.plot_own_statistics(sizes, own, right), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# All together: nothing is lost, and that is the danger. The mistake passes on a large, mixed test set. A single row minus
# its own mean is all zeros: every patient gets the same answer, right for 62 %. Batches of 5 reach 0.85. And where batches
# are not mixed, even 100 at a time reach only 0.52: what marks a malignant tumour is its distance from the *training
# set's* mean, and that is just what was subtracted.
#
# </details>
#
# **Find the error.** Code of a kind that goes round, about customers who leave a company. It reports a test accuracy far
# above the 0.80 of everybody else:
#
# ```python
# # each value becomes the mean label of its customers
# data["customer"] = encode(data["customer"], data["leaves"])
# data = scale(data)
# train, test = split(data)
# ```
#
# <details><summary>What is wrong with it?</summary>
#
# Encoder and scaler are fitted before the split. The scaler lets a little of the test set through, its means and
# deviations. The encoder lets the **labels** through: a customer id occurs once, so its mean label *is* the label, for test
# customers too. And an id should not be a feature in the first place.
#
# </details>
#
# How much does each do? The churn table of a fictional company has no ids, but `TotalCharges` is nearly one: most of its
# values occur once. The dev part plays the test set.

# %% nbgrader={"grade": false, "grade_id": "fitted_before_the_split", "locked": true, "schema_version": 3, "solution": false, "task": false}
for how, value in explorations.churn_accuracies(fit_standardizer, standardize).items():
    print(f"{how:45} {value:.3f}")

# %% [markdown]
# The early scaler changes nothing in three digits: among thousands of rows its numbers hardly differ. With few rows or an
# outlier they do, and a clean split costs nothing. The early encoder lifts the accuracy to 0.985, and none of it is real.
# Fitted on the training set alone, the same encoder does harm, 0.732 instead of 0.796: the model learned to trust a column
# that says nothing about new customers. Only the honest figure shows it.
#
# ## Summary
#
# - Gradient descent shrinks the error along each eigenvector of $H = X^\top X / m$ by $1 - \alpha\lambda$ a step: the largest
#   eigenvalue limits the learning rate to $2 / \lambda_{\max}$, and the smallest one sets the pace.
# - Standardize measured features: mean 0, standard deviation 1, and 1 in place of the deviation of a constant. It mends
#   unequal widths, not features that go together; whitening mends both, at a price.
# - Pictures have a known scale: divide by 255, subtract the mean of each channel, and keep bytes away from subtraction.
# - Fit every scaler and every encoder on the training set alone, store it with the model, and use it for all that comes.
#
# ## On your own
#
# - Replace one wine's proline by 16,800, a slipped comma. Compare what that does to all other wines under standardising and
#   under min-max scaling. What would scaling by the median and the quartiles do?
# - Train on Fashion pixels with a learning rate of 0.4. Which kinds of input survive it? Do the limits of least squares tell
#   you beforehand?
# - Add momentum to `gd_iterations`, $v \leftarrow 0.9\, v - \alpha \nabla J$, $w \leftarrow w + v$, and let it run on the
#   standardised breast cancer data.
#
# ## Further reading
#
# - Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, *Efficient backprop*, 1998, sections 4.3 and 5: why centred and decorrelated
#   inputs learn faster.
# - A. Kessy, A. Lewin, K. Strimmer, "Optimal whitening and decorrelation", *The American Statistician* 72, 2018: PCA, ZCA,
#   Cholesky and their relatives.
# - scikit-learn's guide, [common pitfalls](https://scikit-learn.org/stable/common_pitfalls.html): inconsistent preprocessing and
#   leakage.
# - Stanford's CS231n notes, [data preprocessing](https://cs231n.github.io/neural-networks-2/).

# %%
progress()
