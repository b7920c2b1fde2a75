# %% [markdown]
# # Start here: build a network and find out why its units die
#
# **You will** write nine short functions, have each one checked at once, and put them together into the network that
# every later lesson trains. On the way you get to know how the course works.
#
# **You will learn** how data, parameters and gradients lie in arrays, how to turn scores into probabilities without
# overflow, what loss an untrained network must have, and how a ReLU unit can die in training and what prevents it.
#
# **You need** Python, NumPy arrays, the product of two matrices and the idea of a derivative.
#
# **Time** 60 to 90 minutes. Nothing here needs the internet.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np
from autograde.check import begin, check, progress

from coursekit.datasets import load_fashion
from coursekit.explorations import start_here
from coursekit.network import forward, loss_and_gradients
from coursekit.plots import show, use_course_style
from coursekit.training import train_network

begin("00-start-here")
use_course_style()

# %% [markdown]
# ## How a lesson works
#
# 1. **Write.** An answer cell holds a function with its description. Replace the line `raise NotImplementedError()` by
#    your code. Keep the function's name and its parameters.
# 2. **Check.** Run the cell below it, `check(name)`. It calls your function with a few small inputs and shows the call,
#    what came back and what was expected. Where it knows your mistake, it says how to think about it.
# 3. **Read a hint**, if you want one. Three stand folded under every check, from a nudge to nearly the answer. Opening
#    them costs nothing.
# 4. **Submit.** Choose *Run → Restart Kernel and Run All Cells*, save, and hand in this notebook. The grader calls the
#    same functions with other inputs too: other shapes, larger numbers, single rows. `check` says what it leaves open.
#
# You may add cells wherever you like. Locked cells are restored before grading, so a change there does no harm. A
# function returns its result and leaves its arguments as they were: work on a copy where you need to change an array.
# `progress()` shows which exercises are done.
#
# ## Why a network bends its numbers
#
# A layer multiplies its input by a matrix. What do two layers do, one after the other? Guess, then run the cell.

# %% nbgrader={"grade": false, "grade_id": "two_linear_layers", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
inputs = rng.standard_normal((5, 4))
first, second = rng.standard_normal((4, 6)), rng.standard_normal((6, 3))
two_layers = (inputs @ first) @ second
one_layer = inputs @ (first @ second)
print("the largest difference:", f"{np.abs(two_layers - one_layer).max():.0e}")

# %% [markdown]
# No more than one layer does: the two matrices are worth one. However many such layers you stack, the network stays a
# straight map. An **activation function** between the layers bends it. The most common one, the *rectified linear
# unit* or ReLU, sets everything below zero to zero.
#
# ### Exercise 0.1 · relu (2 points)
#
# $$\mathrm{relu}(z) = \max(z, 0)$$
#
# The function works entry by entry on an array of any shape and returns an array of the same shape.
#
# *Worked number:* `relu(np.array([-1.5, 0.0, 2.0]))` is `[0, 0, 2]`.
#
# Give a wrong answer first, if you are curious: return `np.abs(z)`, run the check, and read what it says.

# %% nbgrader={"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(z):
    """Replace every entry of `z` below 0 by 0.

    z: array of any shape. Returns an array of the same shape; `z` itself stays as it is.
    relu(np.array([-1.5, 0.0, 2.0])) is [0, 0, 2].
    """
    # BEGIN SOLUTION
    return np.maximum(z, 0)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_relu", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(relu)

# %% [markdown]
# ## Examples lie in rows
#
# The pictures below are from Fashion-MNIST. Each has 28 × 28 pixels; written out in a line, they make one row of 784
# numbers. The array `X` has a row for each example and a column for each feature, `(m, n)`. The labels `y` are `m`
# integers.

# %% nbgrader={"grade": false, "grade_id": "rows_of_pictures", "locked": true, "schema_version": 3, "solution": false, "task": false}
data = load_fashion()
print("X_train", data.X_train.shape, " y_train", data.y_train.shape, " first labels", data.y_train[:5])
fig = start_here.plot_examples(data)
show(fig, alt="Ten small grey pictures, one of each class: T-shirt, trouser, pullover, dress, "
     "coat, sandal, shirt, sneaker, bag and ankle boot.")

# %% [markdown]
# <div class="alert alert-info">
#
# **Two layouts.** Here, as in NumPy, scikit-learn and PyTorch, examples are **rows**: `Z = X @ W + b`, with `W` of shape
# `(n_in, n_out)` and `b` of shape `(n_out,)`. Older courses put examples in **columns**: `Z = W @ X + b`, with `W` of
# shape `(n_out, n_in)` and `b` of shape `(n_out, 1)`. One is the other transposed. To translate a formula, transpose
# every matrix and turn the order of each product round. This course grades rows.
#
# </div>
#
# ## The network, line by line: forward
#
# All lessons train the same kind of network. Its parameters are one dictionary, `W1`, `b1`, `W2`, `b2` and so on. Going
# **forward**, every layer computes `Z = A @ W + b` from the activations `A` of the layer before, and every layer but
# the last one applies the activation. What the last layer returns are scores, one per class: the **logits**.
#
# The cell below is the whole forward pass of a network with 64 hidden units. It uses your `relu`, and its last line
# compares it with `forward` of `coursekit`, which does the same for any number of layers. Before you run it, write
# down the shapes of `Z1`, `A1` and `logits`.

# %% nbgrader={"grade": false, "grade_id": "forward_line_by_line", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
params = {
    "W1": rng.standard_normal((784, 64)) * 0.05, "b1": np.zeros(64),
    "W2": rng.standard_normal((64, 10)) * 0.05, "b2": np.zeros(10),
}
X, y, m = data.X_train[:200], data.y_train[:200], 200
Z1 = X @ params["W1"] + params["b1"]
A1 = relu(Z1)
logits = A1 @ params["W2"] + params["b2"]
print("Z1", Z1.shape, " A1", A1.shape, " logits", logits.shape)
print("the same as coursekit's forward:", np.allclose(logits, forward(params, X)[0]))

# %% [markdown]
# Note how `b1` of shape `(64,)` is added to each of the 200 rows: NumPy repeats it along the first axis. (Lesson 01
# explains the 0.05.)
#
# ## From scores to probabilities
#
# **Softmax** turns a row of logits into probabilities: take the exponential of each, then divide by the row's sum.
#
# $$p_j = \frac{e^{s_j}}{\sum_i e^{s_i}}$$
#
# The formula is right, and copied into code it breaks. Think before you run: which of these three rows will fail?

# %% nbgrader={"grade": false, "grade_id": "softmax_overflows", "locked": true, "schema_version": 3, "solution": false, "task": false}
for row in ([1.0, 2.0, 3.0], [1001.0, 1002.0, 1003.0], [-1001.0, -1002.0, -1003.0]):
    with np.errstate(all="ignore"):
        e = np.exp(np.array(row))
        print(f"{row!s:28} exp: {e.round(2)}   probabilities: {(e / e.sum()).round(4)}")

# %% [markdown]
# The largest float64 is about $1.8 \cdot 10^{308}$, and $e^{710}$ is beyond it: infinity over infinity is `nan`. Far
# below zero every exponential is 0, and 0/0 is `nan` too. The cure is a shift. Subtract any number $c$ from all logits
# of a row: numerator and denominator both shrink by the factor $e^{-c}$, which cancels. With $c$ the row's largest
# logit, the largest exponential is $e^0 = 1$: nothing overflows, and the sum is at least 1.
#
# ### Exercise 0.2 · softmax (3 points)
#
# `logits` is `(m, k)`. Return the probabilities, `(m, k)`: each **row** sums to 1. Logits of ±1000 must give finite
# numbers, also where one row holds large ones and the next row small ones.
#
# *Worked number:* the row `[1, 2, 3]` gives `[0.0900, 0.2447, 0.6652]`, and so does `[1001, 1002, 1003]`.

# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(logits):
    """Turn every row of `logits` into probabilities, without overflow.

    logits: (m, k). Returns (m, k); each row sums to 1.
    softmax(np.array([[1001.0, 1002.0, 1003.0]])) is [[0.0900, 0.2447, 0.6652]].
    """
    # BEGIN SOLUTION
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(softmax)

# %% [markdown]
# ## The logarithm needs care of its own
#
# The loss will need the logarithm of these probabilities. The logits `[0, -1000]` give the second class the
# probability $e^{-1000}$. That is smaller than any float64, so softmax returns 0, and its logarithm is $-\infty$. The
# right logarithm, $-1000$, is an ordinary number. Written out, nothing has to be computed as a tiny probability:
#
# $$\log p_j = (s_j - c) - \log \sum_i e^{s_i - c}$$
#
# ### Exercise 0.3 · log_softmax (3 points)
#
# Return the logarithms of the softmax probabilities, `(m, k)`. They must be exact for logits of ±1000 as well.
#
# *Worked number:* the row `[0, -1000]` gives `[0, -1000]`.

# %% nbgrader={"grade": false, "grade_id": "log_softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_softmax(logits):
    """The logarithm of the softmax of every row, exact for large logits too.

    logits: (m, k). Returns (m, k), every entry at most 0.
    log_softmax(np.array([[0.0, -1000.0]])) is [[0, -1000]].
    """
    # BEGIN SOLUTION
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_log_softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(log_softmax)

# %% nbgrader={"grade": false, "grade_id": "log_of_softmax", "locked": true, "schema_version": 3, "solution": false, "task": false}
for low in (-10.0, -100.0, -700.0, -1000.0):
    pair = np.array([[0.0, low]])
    with np.errstate(divide="ignore"):
        in_two_steps = np.log(softmax(pair))[0, 1]
        print(f"logits [0, {low:7}]  log(softmax) {in_two_steps:9.3f}  log_softmax {log_softmax(pair)[0, 1]:9.3f}")

# %% [markdown]
# ## What a wrong answer costs
#
# The **cross-entropy** of an example is $-\log p_y$: the surer the network was of the right class $y$, the smaller.
# The cost of a batch is the mean over its examples.
#
# ### Exercise 0.4 · cross_entropy (3 points)
#
# `probs` is `(m, k)`, `y` is `(m,)` with integers 0 … k−1. Return the mean of `-log(probs[i, y[i]])`, one number. Add
# nothing inside the logarithm. Probabilities of exactly 0 for *other* classes must do no harm.
#
# *Worked number:* rows `[0.7, 0.2, 0.1]` and `[0.1, 0.8, 0.1]` with `y = [0, 2]`: (0.3567 + 2.3026) / 2 = 1.3296.

# %% nbgrader={"grade": false, "grade_id": "cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(probs, y):
    """The mean over the examples of -log of the probability that the right class got.

    probs: (m, k), rows sum to 1. y: (m,), integers 0 ... k-1. Returns a number.
    cross_entropy(np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]]), np.array([0, 2])) is 1.3296.
    """
    # BEGIN SOLUTION
    return -np.log(probs[np.arange(len(y)), y]).mean()
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_cross_entropy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(cross_entropy)

# %% nbgrader={"grade": false, "grade_id": "initial_loss", "locked": true, "schema_version": 3, "solution": false, "task": false}
equal = np.full((m, 10), 0.1)
print(f"ten equal probabilities: {cross_entropy(equal, y):.3f},  -ln(1/10) = {-np.log(1 / 10):.3f}")
print(f"the untrained network:   {cross_entropy(softmax(logits), y):.3f}")
print(f"coursekit's loss:        {loss_and_gradients(params, X, y)[0]:.3f}")

# %% [markdown]
# That is the first sanity check of every training run. A network that knows nothing gives ten classes about a tenth
# each, and its loss is near $-\ln(1/10) = 2.303$. A first loss of 14 means that something is wrong before training.
#
# **Find the error.** In much published code one reads `-np.log(probs[np.arange(m), y] + 1e-8)`, "so that the logarithm
# is safe". What does this loss say of a network that gives the right class the probability $10^{-12}$?
#
# <details><summary>Answer</summary>
#
# It says 18.4, and the truth is 27.6. Below $10^{-8}$ the loss no longer grows, however wrong the network is, and the
# gradient vanishes where it is needed most. The cure for a probability that became 0 is not an addition: compute the
# loss from `log_softmax`, where there is no zero.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "price_of_a_wrong_answer", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(f"-log(1e-12) = {-np.log(1e-12):.1f},  -log(1e-12 + 1e-8) = {-np.log(1e-12 + 1e-8):.1f}")
fig = start_here.plot_price(epsilons=(1e-8, 1e-12))
show(fig, alt="Loss of one example against the probability of its right class, on a logarithmic axis. "
     "-log(p) is a straight line up to 46; with 1e-12 added inside the log it goes no higher than 27.6, "
     "with 1e-8 no higher than 18.4.")

# %% [markdown]
# ## The network, line by line: backward
#
# Training needs the gradient of the loss for every parameter. It is computed from the loss backwards, one line for
# each line of the forward pass, turned round.
#
# - Softmax and cross-entropy together have a short derivative: **probabilities minus one-hot labels**, divided by $m$
#   because the cost is a mean.
# - `Z = A @ W + b` passes three things back: `A.T @ dZ` for `W`, the sum of `dZ` over the examples for `b`, and
#   `dZ @ W.T` for `A`.
# - ReLU passes the gradient where `Z > 0` and stops it where `Z <= 0`. Keep this line in mind.
#
# Check of shapes: every gradient has the shape of its parameter.

# %% nbgrader={"grade": false, "grade_id": "backward_line_by_line", "locked": true, "schema_version": 3, "solution": false, "task": false}
dlogits = softmax(logits).copy()
dlogits[np.arange(m), y] -= 1
dlogits /= m
grads = {"W2": A1.T @ dlogits, "b2": dlogits.sum(axis=0)}
dhidden = (dlogits @ params["W2"].T) * (Z1 > 0)
grads["W1"], grads["b1"] = X.T @ dhidden, dhidden.sum(axis=0)

loss, coursekit_grads = loss_and_gradients(params, X, y)
for key in params:
    print(key, grads[key].shape, "the same as coursekit's:", np.allclose(grads[key], coursekit_grads[key]))

# %% [markdown]
# Now train it: `train_network` repeats forward, loss and backward on batches of 64 examples and subtracts
# `learning_rate * gradient` from every parameter, for five passes over the 4,000 pictures.
#
# **Think.** The cell trains twice from the same start, with learning rate 0.1 and with 1.0. Both losses stay finite
# numbers. What will the second run look like? Write down a guess, then run it.

# %% nbgrader={"grade": false, "grade_id": "two_learning_rates", "locked": true, "schema_version": 3, "solution": false, "task": false}
runs = {}
for learning_rate in (0.1, 1.0):
    runs[learning_rate] = train_network(
        params, data.X_train, data.y_train, epochs=5, batch_size=64,
        learning_rate=learning_rate, rng=np.random.default_rng(1), X_dev=data.X_dev, y_dev=data.y_dev,
    )
    run = runs[learning_rate]
    print(f"learning rate {learning_rate}: loss by epoch {run.epoch_losses.round(2)},",
          f"dev accuracy {run.dev_accuracy[-1]:.2f}")

# %% [markdown]
# <details><summary>What happened</summary>
#
# The first run learns: about 0.8 of the new pictures are right. The second one is stuck near 2.3, the loss of a network
# that knows nothing, and gets about a quarter right. It did not overflow. Something in it has stopped working, and
# more epochs would not mend it.
#
# </details>
#
# ## Units that die
#
# A ReLU unit returns 0 for an example whose pre-activation is at or below 0, and passes no gradient back for it. What
# if that holds for **every** example? Then the unit returns nothing but zeros, its weights get no gradient from any
# example, and so it stays as it is. It is *dead*.
#
# ### Exercise 0.5 · dead_units (2 points)
#
# `Z` is `(m, n)`: the pre-activations of `n` units for `m` examples. Return a boolean array `(n,)`: `True` for each unit
# whose pre-activation is ≤ 0 for every example. Exact zeros count: ReLU returns 0 there too.
#
# *Worked number:* for `[[-1, 2, 0], [-3, -1, 0]]` the result is `[True, False, True]`.

# %% nbgrader={"grade": false, "grade_id": "dead_units", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dead_units(Z):
    """Which ReLU units are dead: pre-activation at or below 0 for every example.

    Z: (m, n), pre-activations. Returns booleans, (n,).
    dead_units(np.array([[-1.0, 2.0, 0.0], [-3.0, -1.0, 0.0]])) is [True, False, True].
    """
    # BEGIN SOLUTION
    return (Z <= 0).all(axis=0)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_dead_units", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(dead_units)

# %% nbgrader={"grade": false, "grade_id": "dead_after_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
for learning_rate, run in runs.items():
    Z1_after = forward(run.params, data.X_train)[1]["Z"][0]
    gone = dead_units(Z1_after)
    slopes = np.abs(loss_and_gradients(run.params, data.X_train, data.y_train)[1]["W1"])
    print(f"learning rate {learning_rate}: {gone.sum():2} of 64 units are dead; largest gradient of a weight",
          f"in the others {slopes[:, ~gone].max():.4f}, in the dead {slopes[:, gone].max(initial=0):.4f}")

# %% [markdown]
# There is the cause. A step that is too large moves a unit's weights and bias so far that no example reaches it any
# more. To watch it, take a smaller network: 16 hidden units, points on three spiral arms, all 240 examples in every
# update.
#
# In the picture on the left every row is a unit, dark from the update at which it fell silent. With this single hidden
# layer, and all examples in every update, no unit comes back. **Your goal** with the sliders: find a learning rate at
# which about half of the units die, and one at which the loss ends near $\ln 3 = 1.10$, the loss by chance. Then lower
# the biases at the start: how low until most units are dead before the first step?

# %% nbgrader={"grade": false, "grade_id": "units_die", "locked": true, "schema_version": 3, "solution": false, "task": false}
fig = start_here.plot_dying(relu, dead_units, learning_rate=6.0)
show(fig, alt="Left: 16 hidden units over 400 updates; one after another turns dark until 15 are dead. "
     "Right: the loss jumps for the first 130 updates, then stays flat, not far below the loss by chance.")
start_here.explore_dying(relu, dead_units)

# %% [markdown]
# ## A slope below zero
#
# A unit can only come back if something of the gradient passes below 0. The simplest way is a small slope there.
#
# ### Exercise 0.6 · leaky_relu (2 points)
#
# $$\mathrm{leaky}(z) = z \text{ where } z > 0, \qquad \mathrm{slope} \cdot z \text{ where } z \le 0$$
#
# `slope` lies in $[0, 1)$; with 0 it is the ReLU. Same shape as `z`, any shape.
#
# *Worked number:* `leaky_relu(np.array([-2.0, 3.0]), slope=0.1)` is `[-0.2, 3]`.

# %% nbgrader={"grade": false, "grade_id": "leaky_relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu(z, slope=0.01):
    """Leave entries above 0 as they are; multiply the others by `slope`.

    z: array of any shape. slope: number in [0, 1). Returns an array of the same shape.
    leaky_relu(np.array([-2.0, 3.0]), slope=0.1) is [-0.2, 3].
    """
    # BEGIN SOLUTION
    return np.where(z > 0, z, slope * z)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_leaky_relu", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(leaky_relu)

# %% [markdown]
# The *exponential linear unit*, ELU, bends smoothly instead.
#
# ### Exercise 0.7 · elu (3 points)
#
# $$\mathrm{elu}(z) = z \text{ where } z > 0, \qquad \alpha\,(e^{z} - 1) \text{ where } z \le 0$$
#
# The result must be right and finite for large positive entries as well, $z = 1000$ say: $e^{1000}$ is infinite, and
# infinity times 0 is `nan`. Choose between the branches; do not multiply by 0 and 1.
#
# *Worked number:* `elu(np.array([-1.0, 2.0]))` is `[-0.6321, 2]`.

# %% nbgrader={"grade": false, "grade_id": "elu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elu(z, alpha=1.0):
    """Leave entries above 0 as they are; the others become alpha * (e^z - 1).

    z: array of any shape. alpha: positive number. Returns an array of the same shape.
    elu(np.array([-1.0, 2.0])) is [-0.6321, 2].
    """
    # BEGIN SOLUTION
    below = np.minimum(z, 0)
    return np.where(z > 0, z, alpha * np.expm1(below))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_elu", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(elu)

# %% [markdown]
# **Find the error.** A widely copied table of activations lists for ELU: "range: $-\infty$ to $\infty$". Which end is
# wrong? Work it out from the formula, then look at the picture.
#
# <details><summary>Answer</summary>
#
# The lower one. As $z$ falls, $e^z$ goes to 0 and the activation to $-\alpha$: ELU levels off there. It is leaky ReLU
# that goes to $-\infty$. The floor has a price: far below 0 the slope of ELU, $\alpha e^z$, is nearly 0 as well.
#
# </details>
#
# **Your goal** with the sliders: which `alpha` makes the *slope* of ELU pass 0 without a jump? And where do leaky ReLU
# and ELU pass equal gradients?

# %% nbgrader={"grade": false, "grade_id": "activation_curves", "locked": true, "schema_version": 3, "solution": false, "task": false}
print("elu(-10), elu(-100), elu(-1000):", elu(np.array([-10.0, -100.0, -1000.0])))
fig = start_here.plot_activations(relu, leaky_relu, elu, slope=0.1, alpha=1.0)
show(fig, alt="Left: ReLU is 0 below 0, leaky ReLU falls along a line, ELU levels off at -1. "
     "Right: their slopes below 0 are 0 for ReLU, 0.1 for leaky ReLU, and from 1 down to 0 for ELU.")
start_here.explore_activations(relu, leaky_relu, elu)

# %% [markdown]
# ## Let the network choose
#
# Which slope is best? *Parametric* ReLU, PReLU, learns it from data like a weight. Forward, it is `leaky_relu`.
# Backward, it needs two gradients from `da`, the gradient of the loss for the unit's output: one for `z`, one for the
# slope. Where $z \le 0$ the output is $\mathrm{slope} \cdot z$: its derivative is the slope with respect to $z$, and
# $z$ with respect to the slope. Where $z > 0$ it is 1, and 0. All entries share one slope, so its gradient is a sum.
#
# ### Exercise 0.8 · prelu_backward (4 points)
#
# `da` and `z` have the same shape, `slope` is one number. Return the tuple `(dz, dslope)`: `dz` in the shape of `z`, `da`
# where `z > 0` and `slope * da` where `z <= 0`; `dslope` one number, the sum of `da * z` over the entries with `z <= 0`.
#
# *Worked number:* `da = [1, 2, 3]`, `z = [-1, 0.5, -2]`, slope 0.1: `dz = [0.1, 2, 0.3]`, `dslope = -1 - 6 = -7`.

# %% nbgrader={"grade": false, "grade_id": "prelu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prelu_backward(da, z, slope):
    """Gradients of a PReLU for its input and for the one slope that all entries share.

    da: gradient of the loss for the output. z: input of the same shape. slope: number.
    Returns (dz, dslope): an array of the shape of z, and a number.
    prelu_backward(np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.5, -2.0]), 0.1) is ([0.1, 2, 0.3], -7).
    """
    # BEGIN SOLUTION
    below = z <= 0
    dz = np.where(below, slope * da, da)
    return dz, (da * z)[below].sum()
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_prelu_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(prelu_backward)

# %% [markdown]
# *Maxout* goes further: a unit has several weight vectors, its **pieces**, and returns the largest of their results.
# There is no flat side: one piece always wins, and gets the gradient. The price is the number of weights.
#
# ### Exercise 0.9 · maxout (3 points)
#
# `z` is `(m, k * pieces)`, the pieces of a unit side by side: columns `j*pieces` to `j*pieces + pieces - 1` belong to
# unit `j`. Return `(m, k)`: for each example and unit the largest of its pieces.
#
# *Worked number:* `maxout(np.array([[1, 5, 2, -3, -1, -2]]), 3)` is `[[5, -1]]`.

# %% nbgrader={"grade": false, "grade_id": "maxout", "locked": false, "schema_version": 3, "solution": true, "task": false}
def maxout(z, pieces):
    """The largest of each unit's pieces, which lie side by side.

    z: (m, k * pieces). pieces: integer, at least 1. Returns (m, k).
    maxout(np.array([[1.0, 5.0, 2.0, -3.0, -1.0, -2.0]]), 3) is [[5, -1]].
    """
    # BEGIN SOLUTION
    m, columns = z.shape
    return z.reshape(m, columns // pieces, pieces).max(axis=2)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_maxout", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(maxout)

# %% [markdown]
# ## Who recovers?
#
# Now a race on the spirals, with your functions. All networks start from the same damage: every hidden bias at −2, as
# a careless step leaves it, so that nine units in ten are silent for all examples. Then 1,000 updates at the
# reasonable learning rate 0.5, averaged over four starts.
#
# **Think.** Put ReLU, leaky ReLU (0.1), PReLU (from 0.25), ELU and maxout in order before you run the cell. Does a
# learned slope beat a fixed one?
#
# <details><summary>What happened</summary>
#
# ReLU's silent units stay silent to the last update, and the few others reach an accuracy of little more than half.
# The rest recover, each as far as its slope lets it: leaky ReLU reaches about 0.8, ELU and maxout nearly 1. A *silent*
# unit of these kinds is not a dead one: more than half of the ELU units still are below 0 everywhere at the end, and
# they work and learn there. Maxout has no flat side (so nothing is counted for it), and twice the weights.
#
# The learned slope does not win here: PReLU ends near 0.7, and its slope, 0.23, has hardly moved. (It takes steps a
# tenth as large as the weights do, for all units add to its gradient.) To learn one more number is no promise. And one small network is an experiment, not a ranking of activations: started well, with all
# biases at 0, they all learn this task.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "who_recovers", "locked": true, "schema_version": 3, "solution": false, "task": false}
mine = {"relu": relu, "leaky_relu": leaky_relu, "prelu_backward": prelu_backward,
        "elu": elu, "maxout": maxout, "dead_units": dead_units}
results = start_here.race(mine, start_bias=-2.0)
for kind, run in results.items():
    print(f"{kind:15} accuracy {run.accuracies[-1]:.2f}",
          f"  silent units at first {run.silent[0]:.2f}, at last {run.silent[-1]:.2f}")
print(f"the slope that PReLU learned: {results['PReLU'].slope:.2f}")
fig = start_here.plot_race(results)
show(fig, alt="Left: the share of silent units stays at nine in ten for ReLU and falls for the others. "
     "Right: accuracy over 1,000 updates; maxout and ELU end near 1, leaky ReLU at 0.8, PReLU at 0.7, "
     "ReLU below 0.6.")

# %% [markdown]
# ## Summary
#
# - Examples are rows; a layer is `Z = A @ W + b`; without an activation, many layers are worth one.
# - Softmax subtracts the row's largest logit first. The loss is computed from the log-softmax, with nothing added
#   inside the logarithm.
# - A network that knows nothing has the loss $\ln k$: 2.303 for ten classes.
# - Backward mirrors forward, and every gradient has the shape of its parameter.
# - A ReLU unit that is silent for every example gets no gradient: it is dead. Too large a learning rate kills units
#   without any overflow. A slope below 0 lets them come back. ELU levels off at $-\alpha$.
#
# ## On your own
#
# - Repeat the race with all biases at 0: `start_here.race(mine, start_bias=0.0)`. What is left of the differences?
# - Train the Fashion network with learning rates between 0.1 and 1.0. At which one do the first units die, and does
#   the accuracy notice?
# - Give every one of your functions an array of shape `(2, 3, 4)`. Which ones work on any shape, and which ones need rows?
#
# ## Further reading
#
# - X. Glorot, A. Bordes, Y. Bengio: *Deep sparse rectifier neural networks*, AISTATS 2011 (ReLU).
# - I. Goodfellow et al.: *Maxout networks*, ICML 2013.
# - K. He et al.: *Delving deep into rectifiers*, ICCV 2015 (PReLU).
# - D.-A. Clevert, T. Unterthiner, S. Hochreiter: *Fast and accurate deep network learning by exponential linear units*,
#   ICLR 2016.
# - L. Lu et al.: *Dying ReLU and initialization: theory and numerical examples*, 2020.
#
# Next: lesson 01 asks where the 0.05 in the first weights came from.
