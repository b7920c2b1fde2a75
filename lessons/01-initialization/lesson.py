# %% [markdown]
# # Start a network so that it can learn
#
# **You will** write nine small functions: six ways to draw the first weights of a network, a measure of how the signal
# fares on its way through the layers, and a method that looks at the data before it decides.
#
# **You will learn** why a network of equal weights cannot learn, why signals vanish or explode with depth, where the
# famous factors $1/n$, $2/(n_{in}+n_{out})$ and $2/n$ come from, and how to see a bad start in a minute.
#
# **You need** the array layout of lesson 00 (examples are rows, $Z = A W + b$), variances, and NumPy's `@`.
#
# **Time** about 90 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np
from autograde.check import begin, check, progress

from coursekit.datasets import load_fashion, make_circles
from coursekit.explorations import initialization as explore
from coursekit.network import forward
from coursekit.plots import show, use_course_style
from coursekit.training import train_network

begin("01-initialization")
use_course_style()

# %% [markdown]
# ## Fifty layers multiply
#
# Take the simplest deep network there is: every layer is `weight * I`, a multiple of the identity matrix, without bias
# and without activation. One layer multiplies its input by `weight`. The next one multiplies the result again. The
# gradient travels the same road backwards and meets the same factors.
#
# ### Exercise 1.1 · linear_gain (1 point)
#
# Return the factor by which `depth` such layers scale a signal. `weight` is a number of either sign, `depth` an integer
# from 0.
#
# *Worked number:* two layers of weight 3 turn 1 into 9, so `linear_gain(3.0, 2)` is 9.

# %% nbgrader={"grade": false, "grade_id": "linear_gain", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_gain(weight, depth):
    """The factor by which `depth` layers `weight * I` scale a signal: a number.

    linear_gain(3.0, 2) is 9.0.
    """
    # BEGIN SOLUTION
    return float(weight) ** depth
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_linear_gain", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(linear_gain)

# %% [markdown]
# Half as much again per layer, or half as much: how far is that from harmless after fifty layers? Write down a guess
# for both before you run the cell.

# %% nbgrader={"grade": false, "grade_id": "gain_after_fifty_layers", "locked": true, "schema_version": 3, "solution": false, "task": false}
for weight in (1.5, 0.5):
    print(f"{weight}^50 = {linear_gain(weight, 50):.3g}")

fig = explore.plot_gain(linear_gain, weight=1.1, depth=50)
show(fig, alt="Factor by layers, log scale: weight 1.5 climbs to 6e8, 0.5 falls to 9e-16, 1.1 reaches 117.")

# %% [markdown]
# The curves are straight lines on a log scale: **signals do not drift away with depth, they do so exponentially**. A
# factor of 640 million overflows the softmax; a factor of $10^{-15}$ is lost in rounding.
#
# **Goal:** with the depth at 50, find the smallest and the largest weight for which the end of the curve stays in the
# green band (a factor between 0.5 and 2).

# %% nbgrader={"grade": false, "grade_id": "explore_gain", "locked": true, "schema_version": 3, "solution": false, "task": false}
explore.explore_gain(linear_gain)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# About 0.986 to 1.014, the fiftieth roots of 0.5 and 2. Fifty layers forgive an error of 1.4 % per layer. The first
# weights of a deep network have to be right *on purpose*; nobody hits such a band by luck.
#
# </details>
#
# ## A network of zeros
#
# If the size of the weights is so delicate, why not start at zero and let the gradients decide? To find out you need such
# a network. All initialisers of this lesson return the same kind of dict: for `layer_sizes = [n0, n1, n2]` the arrays
# `W1 (n0, n1)`, `b1 (n1,)`, `W2 (n1, n2)`, `b2 (n2,)`.
#
# ### Exercise 1.2 · initialize_zeros (2 points)
#
# Return the parameters of a network with all weights and all biases zero.
#
# *Worked number:* `[4, 3, 2]` gives `W1` of shape (4, 3), `b1` of shape (3,), `W2` of shape (3, 2) and `b2` of shape (2,).

# %% nbgrader={"grade": false, "grade_id": "initialize_zeros", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_zeros(layer_sizes):
    """Parameters of a fully connected network, all zero.

    layer_sizes: a list or tuple of L + 1 integers, inputs first.
    Returns {"W1": (n0, n1), "b1": (n1,), "W2": ...}.
    """
    # BEGIN SOLUTION
    params = {}
    for l in range(1, len(layer_sizes)):
        params[f"W{l}"] = np.zeros((layer_sizes[l - 1], layer_sizes[l]))
        params[f"b{l}"] = np.zeros(layer_sizes[l])
    return params
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_zeros", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(initialize_zeros)

# %% [markdown]
# What does such a network learn? Write the gradients of the last layer's inputs and of its weights,
#
# $$ \frac{\partial J}{\partial A_1} = \frac{\partial J}{\partial Z_2}\, W_2^\top, \qquad
# \frac{\partial J}{\partial W_2} = A_1^\top \frac{\partial J}{\partial Z_2}. $$
#
# With $W_2 = 0$ nothing flows back to layer 1. With $W_1 = 0$ and $b_1 = 0$ the activations $A_1$ are zero (for ReLU and
# tanh), so nothing moves $W_2$ either. Only the last bias learns, and all it can learn is how frequent the classes are.
#
# Other equal numbers are no cure. If all units of a layer have the same weights in and out, they compute the same
# activation, receive the same gradient and take the same step. They stay copies for ever: eight units do the work of one.
# This is the **symmetry** that a start has to break.
#
# **Think.** Two rings, eight hidden ReLU units, three starts: all zero, all weights 0.5, small random weights with zero
# biases. Which of them will separate the rings? Will the zero biases do harm?

# %% nbgrader={"grade": false, "grade_id": "symmetry", "locked": true, "schema_version": 3, "solution": false, "task": false}
X_rings, y_rings = make_circles(200, np.random.default_rng(0))
zeros, rng = initialize_zeros([2, 8, 2]), np.random.default_rng(1)
equal = {k: v + 0.5 if k.startswith("W") else v for k, v in zeros.items()}
random = {k: rng.normal(0, 0.5, v.shape) if k.startswith("W") else v for k, v in zeros.items()}
starts = {"all zero": zeros, "all weights 0.5": equal, "random": random}
plan = {"epochs": 60, "batch_size": 20, "learning_rate": 0.3}
rings = {}
for name, start in starts.items():
    rings[name] = train_network(start, X_rings, y_rings, rng=np.random.default_rng(1), **plan)
print({name: f"{run.train_accuracy[-1]:.2f}" for name, run in rings.items()})
alt = "Left: only the random start's loss nears zero. Right: the units of the equal starts lie on one point."
show(explore.plot_symmetry(rings), alt=alt)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# Zeros stay at guessing: accuracy 0.50, loss near $\ln 2$. The network of halves does learn something (0.62), but after 60
# epochs its eight units still lie on **one** point: it is a network with one hidden unit. The random start separates the
# rings. Its biases began at zero too: random weights alone break the symmetry, and biases need not.
#
# </details>
#
# ## How large should random weights be?
#
# Random, then. But how large? Make the size a parameter and look.
#
# ### Exercise 1.3 · initialize_random (3 points)
#
# Draw every weight from the standard normal distribution and multiply it by `scale`; biases are zero. All randomness
# comes from `rng`, a `numpy.random.Generator`: the same seed must give the same network. The order in which you draw is
# up to you, the checks look at the distribution only.
#
# *Worked number:* for `scale=0.2` the weights of a large layer have a mean near 0 and a standard deviation near 0.2.

# %% nbgrader={"grade": false, "grade_id": "initialize_random", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_random(layer_sizes, rng, scale=1.0):
    """Parameters with standard normal weights times `scale`, biases zero.

    rng: numpy.random.Generator, the only source of randomness.
    Returns {"W1": (n0, n1), "b1": (n1,), "W2": ...}.
    """
    # BEGIN SOLUTION
    params = {}
    for l in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[l - 1], layer_sizes[l]
        params[f"W{l}"] = rng.standard_normal((n_in, n_out)) * scale
        params[f"b{l}"] = np.zeros(n_out)
    return params
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_random", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(initialize_random)

# %% [markdown]
# To look, you need an instrument: one number per layer that says how large the signal is there. The standard deviation
# over all entries of the layer's activations will do.
#
# ### Exercise 1.4 · activation_stds (3 points)
#
# Send `X (m, n0)` through the network and return a 1-d array with one standard deviation per layer. `activation` is a
# function; apply it to **every** layer, the last included. Do not forget the biases.
#
# *Worked number:* one layer with `W1 = [[2.0]]`, `b1 = [1.0]`, `X = [[0.0], [1.0]]` and an activation that doubles: the
# activations are 2 and 6, so the result is `array([2.])`.

# %% nbgrader={"grade": false, "grade_id": "activation_stds", "locked": false, "schema_version": 3, "solution": true, "task": false}
def activation_stds(params, X, activation):
    """The standard deviation of each layer's activations, over all entries: an array of shape (L,).

    params: {"W1", "b1", ...}; X: (m, n0); activation: a function of an array, applied to every layer.
    """
    # BEGIN SOLUTION
    A, stds = X, []
    for l in range(1, len(params) // 2 + 1):
        A = activation(A @ params[f"W{l}"] + params[f"b{l}"])
        stds.append(A.std())
    return np.array(stds)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_activation_stds", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(activation_stds)

# %% [markdown]
# Ten layers of 256 units, inputs of standard deviation 1. The factor 0.01 is a common piece of advice for shallow networks;
# 1 is what `standard_normal` gives if you do nothing.

# %% nbgrader={"grade": false, "grade_id": "scales_through_ten_layers", "locked": true, "schema_version": 3, "solution": false, "task": false}
def relu_signal(z):
    return np.maximum(z, 0)

X_normal = np.random.default_rng(0).standard_normal((200, 256))
curves = {}
for scale in (0.01, 1.0):
    params = initialize_random([256] * 11, np.random.default_rng(1), scale)
    curves[f"ReLU, scale {scale}"] = activation_stds(params, X_normal, relu_signal)
    curves[f"tanh, scale {scale}"] = activation_stds(params, X_normal, np.tanh)
print({name: f"{values[-1]:.2g}" for name, values in curves.items()})
fig = explore.plot_signal(curves, "Too small dies, too large explodes or saturates", "std of the activations")
show(fig, alt="Std per layer, log scale: 0.01 falls exponentially, ReLU with 1 climbs, tanh with 1 stays near 1.")

# %% [markdown]
# With scale 0.01 the last layer hardly hears the input. With scale 1 ReLU explodes. tanh cannot explode, and its curve
# looks healthy, but it is not: nearly all its activations are pinned at $\pm 1$, where the slope of tanh is zero. One number
# per layer does not show that; a histogram will.
#
# **Goal:** for ReLU, find a scale for which all ten layers stay in the green band. Then try the same scale with tanh, and
# look at what sigmoid does.

# %% nbgrader={"grade": false, "grade_id": "explore_scale", "locked": true, "schema_version": 3, "solution": false, "task": false}
fig = explore.plot_scale(initialize_random, activation_stds, scale=0.05)
show(fig, alt="ReLU with weights of scale 0.05: the signal shrinks from layer to layer, 0.46 to 0.002.")
explore.explore_scale(initialize_random, activation_stds)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# ReLU keeps the signal for a scale near 0.09, which is $\sqrt{2/256}$. tanh at the same scale settles near 0.55, because it
# is flatter than the identity. Sigmoid has no good scale here: its outputs lie around 0.5, and their spread stays small.
#
# </details>
#
# ## Keep the variance: Xavier
#
# The slider's answer can be computed. A unit sums over its $n_{in}$ inputs, $z = \sum_i a_i w_i$. If weights and inputs
# are independent and the weights have mean 0, the variances add:
#
# $$ \operatorname{Var}(z) = n_{in} \, \operatorname{Var}(w) \, \operatorname{E}[a^2]. $$
#
# Near zero tanh is almost the identity, so for a signal around zero $\operatorname{E}[a^2]$ is the variance of the layer
# before. The signal keeps its size if $n_{in} \operatorname{Var}(w) = 1$.
#
# ### Exercise 1.5 · initialize_xavier (3 points)
#
# Normal weights with the **standard deviation** $\sqrt{1 / n_{in}}$, biases zero. `n_in` is the layer's number of inputs,
# so each layer has its own factor.
#
# *Worked number:* a layer with 400 inputs has weights of standard deviation 0.05.

# %% nbgrader={"grade": false, "grade_id": "initialize_xavier", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_xavier(layer_sizes, rng):
    """Parameters with normal weights of standard deviation sqrt(1 / n_in), biases zero.

    Returns {"W1": (n0, n1), "b1": (n1,), "W2": ...}.
    """
    # BEGIN SOLUTION
    params = {}
    for l in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[l - 1], layer_sizes[l]
        params[f"W{l}"] = rng.standard_normal((n_in, n_out)) * np.sqrt(1 / n_in)
        params[f"b{l}"] = np.zeros(n_out)
    return params
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_xavier", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(initialize_xavier)

# %% [markdown]
# The gradient makes the same journey backwards. There a unit of the layer before sums over the $n_{out}$ units it feeds,
# so the gradient keeps its size if $n_{out} \operatorname{Var}(w) = 1$. Unless the layer is square, both conditions cannot
# hold. Glorot and Bengio (2010) took the mean of the two fans: $\operatorname{Var}(w) = 2 / (n_{in} + n_{out})$.
#
# They drew from a uniform distribution. On $\pm c$ its variance is $c^2 / 3$, hence $c = \sqrt{6 / (n_{in} + n_{out})}$.
#
# <div class="alert alert-info">
#
# **Where books differ.** "Xavier" stands for $1/n_{in}$ in some courses and for $2/(n_{in}+n_{out})$ in PyTorch
# and in the paper by Xavier Glorot; Keras calls the first `lecun_normal`, the second `glorot_normal`. Here
# `initialize_xavier` has $1/n_{in}$ and `initialize_glorot_uniform` has $2/(n_{in}+n_{out})$. He's $2/n_{in}$ is the same
# everywhere, but papers state variances and code needs standard deviations. Libraries that store weights as
# `(n_out, n_in)` read the fan-in from the other axis.
#
# </div>
#
# ### Exercise 1.6 · initialize_glorot_uniform (3 points)
#
# Weights uniform between $-c$ and $c$ with $c = \sqrt{6 / (n_{in} + n_{out})}$, biases zero.
#
# *Worked number:* for 100 inputs and 50 outputs $c = \sqrt{6/150} = 0.2$.

# %% nbgrader={"grade": false, "grade_id": "initialize_glorot_uniform", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_glorot_uniform(layer_sizes, rng):
    """Parameters with weights uniform on plus or minus sqrt(6 / (n_in + n_out)), biases zero.

    Returns {"W1": (n0, n1), "b1": (n1,), "W2": ...}.
    """
    # BEGIN SOLUTION
    params = {}
    for l in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[l - 1], layer_sizes[l]
        limit = np.sqrt(6 / (n_in + n_out))
        params[f"W{l}"] = rng.uniform(-limit, limit, (n_in, n_out))
        params[f"b{l}"] = np.zeros(n_out)
    return params
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_glorot_uniform", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(initialize_glorot_uniform)

# %% [markdown]
# ## ReLU throws half away: He
#
# For ReLU $\operatorname{E}[a^2]$ is not the variance of the layer before. If $z$ is symmetric around zero, ReLU sets the
# negative half to zero and keeps the rest, so $\operatorname{E}[a^2] = \tfrac12 \operatorname{Var}(z)$. Each layer halves
# the mean square; ten layers with Xavier weights leave $2^{-5} \approx 0.031$ of the signal's size. Twice the variance
# makes up for it (He et al., 2015).
#
# ### Exercise 1.7 · initialize_he (3 points)
#
# Normal weights with the standard deviation $\sqrt{2 / n_{in}}$, biases zero.
#
# *Worked number:* a layer with 200 inputs has weights of standard deviation 0.1.

# %% nbgrader={"grade": false, "grade_id": "initialize_he", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_he(layer_sizes, rng):
    """Parameters with normal weights of standard deviation sqrt(2 / n_in), biases zero.

    Returns {"W1": (n0, n1), "b1": (n1,), "W2": ...}.
    """
    # BEGIN SOLUTION
    params = {}
    for l in range(1, len(layer_sizes)):
        n_in, n_out = layer_sizes[l - 1], layer_sizes[l]
        params[f"W{l}"] = rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
        params[f"b{l}"] = np.zeros(n_out)
    return params
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_he", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(initialize_he)

# %% [markdown]
# **Find the error.** Two lines that circulate, both under the name of He:
#
# `W = rng.standard_normal((n_in, n_out)) * 2 / np.sqrt(n_in)`  and  `W = rng.normal(0, 2 / n_in, (n_in, n_out))`
#
# What is wrong with each? By which factor will the signal be off after ten ReLU layers of 256 units?

# %% nbgrader={"grade": false, "grade_id": "circulating_errors", "locked": true, "schema_version": 3, "solution": false, "task": false}
sizes = [256] * 11
networks = {
    "He": initialize_he(sizes, np.random.default_rng(1)),
    "Xavier": initialize_xavier(sizes, np.random.default_rng(1)),
    "2 / sqrt(n)": initialize_random(sizes, np.random.default_rng(1), 2 / np.sqrt(256)),
    "2 / n": initialize_random(sizes, np.random.default_rng(1), 2 / 256),
}
curves = {name: activation_stds(params, X_normal, relu_signal) for name, params in networks.items()}
for name, stds in curves.items():
    print(f"{name:12} after ten layers: {stds[-1]:.2g}, which is {stds[-1] / curves['He'][-1]:.2g} times that of He")
fig = explore.plot_signal(curves, "A misplaced root is off by a factor per layer", "std of the activations")
show(fig, alt="He stays near 0.8, 2 over root n climbs to 24, Xavier falls to 0.02, 2 over n to 2e-11.")

# %% [markdown]
# <details><summary>The errors</summary>
#
# `2 / sqrt(n)` leaves the 2 outside the root: the weights are $\sqrt2$ too large, and ten layers make $\sqrt2^{10} = 32$ of
# it. `2 / n` is He's *variance*, handed to a parameter that wants the *standard deviation*: 2e-11, the signal is dead. Both
# lines run without a warning. Measure before you train.
#
# </details>
#
# ## See a start before you train
#
# Now the histograms. For five starts of a network on Fashion-MNIST (784 pixels, five hidden layers of 64, ten classes):
# each hidden layer's activations, and below them the gradients of its weights. The number beside a histogram is its
# standard deviation.
#
# **Think.** Before you run it: in which columns will the histograms of layer 5 look like those of layer 1? Where will tanh
# be pinned at $\pm 1$? What will sigmoid do to the gradients?

# %% nbgrader={"grade": false, "grade_id": "five_starts", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion = load_fashion()
sizes = [784] + [64] * 5 + [10]
schemes = {
    "scale 0.01": lambda rng: initialize_random(sizes, rng, 0.01),
    "scale 1": lambda rng: initialize_random(sizes, rng),
    "Xavier": lambda rng: initialize_xavier(sizes, rng),
    "Glorot uniform": lambda rng: initialize_glorot_uniform(sizes, rng),
    "He": lambda rng: initialize_he(sizes, rng),
}
networks = {name: start(np.random.default_rng(2)) for name, start in schemes.items()}

# %% nbgrader={"grade": false, "grade_id": "histograms", "locked": true, "schema_version": 3, "solution": false, "task": false}
findings = {
    "tanh": "tanh: too small fades, too large sticks at -1 and 1, Xavier keeps its shape",
    "relu": "ReLU: only He holds activations and gradients level",
    "sigmoid": "Sigmoid: the gradients fade on their way back, whatever the start",
}
for name, finding in findings.items():
    fig = explore.plot_histograms(networks, fashion.X_train[:500], fashion.y_train[:500], name, title=finding)
    show(fig, alt=f"{finding}. Histograms per hidden layer, activations and weight gradients, five starts.")

# %% [markdown]
# <details><summary>What there is to see</summary>
#
# The heights are square roots of counts, so that tails show beside a spike.
#
# - **tanh.** Scale 0.01: each layer is about twelve times quieter than the one before. Scale 1: two spikes at $\pm 1$, all
#   units saturated. Xavier and Glorot: the histograms keep their shape, slowly narrowing.
# - **ReLU.** Xavier loses a factor of about $\sqrt2$ per layer (0.26 to 0.06). He holds the activations *and* the gradients
#   level from layer 1 to layer 5.
# - **Sigmoid.** No column is good. Its slope is at most 1/4, so gradients fade on the way back: with Xavier weights
#   the gradient of layer 1 is 200 times smaller than that of layer 5. This is how gradients vanished in the
#   networks of the 1990s.
#
# </details>
#
# ## Orthogonal weights
#
# A normal matrix keeps the variance *on average over directions*. A product of many is another matter. An **orthogonal**
# matrix keeps the length of every single vector, and so does a product of any number of them.
#
# ### Exercise 1.8 · initialize_orthogonal (4 points)
#
# Return a random `(n_in, n_out)` matrix with orthonormal columns, $W^\top W = I$. If `n_in < n_out` there is no room for so
# many orthonormal columns; then the rows are orthonormal, $W W^\top = I$. Signs and distribution are up to you.
#
# *Worked number:* for `n_in = n_out = 1` the only such matrices are `[[1.0]]` and `[[-1.0]]`.

# %% nbgrader={"grade": false, "grade_id": "initialize_orthogonal", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_orthogonal(n_in, n_out, rng):
    """A random (n_in, n_out) matrix with orthonormal columns, or orthonormal rows if n_in < n_out."""
    # BEGIN SOLUTION
    tall = rng.standard_normal((max(n_in, n_out), min(n_in, n_out)))
    Q, _ = np.linalg.qr(tall)
    return Q if n_in >= n_out else Q.T
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_orthogonal", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(initialize_orthogonal)

# %% nbgrader={"grade": false, "grade_id": "products_of_fifty_matrices", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(2)
orthogonal, normal = np.eye(64), np.eye(64)
for _ in range(50):
    orthogonal = orthogonal @ initialize_orthogonal(64, 64, rng)
    normal = normal @ initialize_xavier([64, 64], rng)["W1"]
for name, product in (("orthogonal", orthogonal), ("normal", normal)):
    stretch = np.linalg.svd(product, compute_uv=False)
    print(f"{name}: largest stretch {stretch[0]:.2g}, in the middle {stretch[32]:.2g}, smallest {stretch[-1]:.2g}")

# %% [markdown]
# Fifty linear Xavier layers keep a few directions and crush the others to nothing; fifty orthogonal ones keep all 64. This
# is why Saxe et al. (2014) start deep networks so. ReLU, though, still takes half of the mean square per layer, as the next
# figure will show; orthogonal weights alone do not mend that.
#
# ## Let the data decide: LSUV
#
# All formulas so far assume something: inputs around zero, independence, a certain activation. Pixels between 0 and 1 are
# not centred. Mishkin and Matas (2016) propose to measure instead: **layer-sequential unit variance**.
#
# 1. Draw an orthonormal `W` for the layer.
# 2. Send the data through the layers so far and measure the variance $v$ of this layer's pre-activations $Z = A W$, over
#    all entries. While $|v - 1|$ exceeds `tol`, and at most `max_iter` times, divide `W` by $\sqrt v$.
# 3. Pass $\operatorname{ReLU}(Z)$ on to the next layer. The output layer is scaled as well.
#
# ### Exercise 1.9 · lsuv (6 points)
#
# Return the parameters of a ReLU network started this way on `X (m, n0)`; biases are zero. Use your
# `initialize_orthogonal`, and leave `X` as it is.
#
# *Worked number:* if a layer's pre-activations have variance 4, its weights are halved; the variance is then 1.

# %% nbgrader={"grade": false, "grade_id": "lsuv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lsuv(layer_sizes, X, rng, tol=0.05, max_iter=10):
    """Parameters of a ReLU network, each layer scaled to unit variance on X (m, n0); biases zero.

    tol: how far a layer's variance may be from 1; max_iter: at most so many corrections per layer.
    """
    # BEGIN SOLUTION
    params, A = {}, X
    for l in range(1, len(layer_sizes)):
        W = initialize_orthogonal(layer_sizes[l - 1], layer_sizes[l], rng)
        for _ in range(max_iter):
            variance = (A @ W).var()
            if abs(variance - 1) <= tol:
                break
            W = W / np.sqrt(variance)
        params[f"W{l}"], params[f"b{l}"] = W, np.zeros(layer_sizes[l])
        A = np.maximum(A @ W, 0)
    return params
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_lsuv", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(lsuv)

# %% [markdown]
# **Think.** A ReLU network of twenty hidden layers of 64 on raw pixels, started three ways. LSUV looks at 500 training
# images; the figure measures on the dev images, which it has not seen. Will its variances still be near 1?

# %% nbgrader={"grade": false, "grade_id": "twenty_layers", "locked": true, "schema_version": 3, "solution": false, "task": false}
deep = [784] + [64] * 20 + [10]
orthonormal, first = initialize_zeros(deep), fashion.X_train[:500]
for layer in range(1, 22):
    orthonormal[f"W{layer}"] = initialize_orthogonal(deep[layer - 1], deep[layer], rng)
starts = {
    "orthonormal": orthonormal,
    "He": initialize_he(deep, np.random.default_rng(1)),
    "LSUV": lsuv(deep, first, np.random.default_rng(1)),
}
variances = {name: [Z.var() for Z in forward(p, fashion.X_dev)[1]["Z"]] for name, p in starts.items()}
fig = explore.plot_signal(variances, "LSUV holds the variance on new images", "variance of the pre-activations")
show(fig, alt="Variances on dev images: orthonormal falls to 1e-7, He lies between 0.1 and 0.5, LSUV stays at 1.")

# %% [markdown]
# Orthonormal weights alone halve the variance at every ReLU. He's variances are stable but not 1: pixels have a mean, and a network of width 64 has its own accidents. LSUV stays
# within a few percent of 1 at every layer, on the dev images too.
#
# ## Side by side
#
# Now the race: Fashion-MNIST, 4,000 training images, five hidden ReLU layers of 64, plain SGD with learning rate 0.1 and
# batches of 100, five epochs. Seven starts, three seeds each. The cell needs about ten seconds.
#
# **Think.** Which starts will not move at all? Which one will overflow? Will the differences among the rest be large?

# %% nbgrader={"grade": false, "grade_id": "race_of_the_starts", "locked": true, "schema_version": 3, "solution": false, "task": false}
schemes = {"zeros": lambda rng: initialize_zeros(sizes), **schemes}
schemes["LSUV"] = lambda rng: lsuv(sizes, fashion.X_train[:500], rng)
plan = {"epochs": 5, "batch_size": 100, "learning_rate": 0.1, "X_dev": fashion.X_dev, "y_dev": fashion.y_dev}
race = {name: [] for name in schemes}
for name, start in schemes.items():
    for seed in range(3):
        params, order = start(np.random.default_rng(seed)), np.random.default_rng(100 + seed)
        race[name].append(train_network(params, fashion.X_train, fashion.y_train, rng=order, **plan))
    accuracies = [run.dev_accuracy[-1] for run in race[name]]
    print(f"{name:15} dev accuracy {np.round(accuracies, 3)}  mean {np.mean(accuracies):.2f}")
alt = "Zeros and scale 0.01 stay at loss 2.303 and accuracy 0.1, scale 1 overflows, Xavier reaches 0.69, He 0.73."
show(explore.plot_training(race), alt=alt)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# Zeros and scale 0.01 stay at 10 %: the loss does not leave $\ln 10 = 2.303$. For 0.01 the symmetry is broken, but
# gradients of $10^{-8}$, seen in the histograms above, move nothing in 200 updates. Scale 1 overflows within the first
# epoch. Xavier arrives at 0.69, Glorot at 0.70, He at 0.73, LSUV at 0.75: minding ReLU pays.
#
# How sure is that order? The marks of one start differ by up to 0.06, and the dev set's own standard error is 0.014. Even
# He's worst seed beats Xavier's best, if by a hair; LSUV against He is within the noise.
#
# </details>
#
# ## The seed is a hyperparameter nobody chose
#
# Same network, same data, same order of batches. Only the seed of the start differs.

# %% nbgrader={"grade": false, "grade_id": "effect_of_the_seed", "locked": true, "schema_version": 3, "solution": false, "task": false}
plan = {"epochs": 60, "batch_size": 20, "learning_rate": 0.1}
seeds = []
for s in range(12):
    start = initialize_he([2, 4, 2], np.random.default_rng(s))
    seeds.append(train_network(start, X_rings, y_rings, rng=np.random.default_rng(1), **plan))
print(sorted(round(float(run.train_accuracy[-1]), 2) for run in seeds))
alt = "Twelve seeds of a network with four hidden units end between 0.76 and 0.99 training accuracy."
show(explore.plot_seeds(seeds, X_rings, y_rings), alt=alt)

# %% [markdown]
# With four hidden units the worst seed finds a strip between two lines and stays there: 0.76 instead of 0.99. A wider
# network has spares and depends less on luck; try `[2, 16, 2]` below. **One seed is an anecdote.** When you compare two
# methods, run several seeds of each.

# %%
# Your playground: widths, schemes, seeds.
wide = initialize_he([2, 16, 2], np.random.default_rng(0))
train_network(wide, X_rings, y_rings, rng=np.random.default_rng(1), **plan).train_accuracy[-1]

# %% [markdown]
# ## Summary
#
# - A layer multiplies the signal, so depth acts exponentially: $1.5^{50} = 6.4 \cdot 10^8$, $0.5^{50} = 8.9 \cdot 10^{-16}$.
# - Equal units stay equal. Random weights break the symmetry; biases may start at zero.
# - A layer keeps the variance when $n_{in} \operatorname{Var}(w) \operatorname{E}[a^2] = \operatorname{Var}(z)$: $1/n_{in}$ for
#   signals around zero, $2/n_{in}$ after ReLU. Glorot's $2/(n_{in}+n_{out})$ minds the gradients too. These are variances;
#   code takes their roots.
# - Orthogonal matrices keep every direction. LSUV measures and corrects instead of assuming.
# - Look before you train: ten layers' standard deviations cost one forward pass.
#
# ## On your own
#
# 1. Multiply all of He's weights by 1.1 and find the depth at which training on Fashion-MNIST breaks.
# 2. Start the **last** layer near zero and the others with He. What happens to the first loss, and why is it close to
#    $\ln 10$?
# 3. Work out the factor for leaky ReLU with slope $s$. (Hint: $\operatorname{E}[a^2]$ is now
#    $\tfrac12 (1 + s^2) \operatorname{Var}(z)$.) Check it with `activation_stds`.
#
# ## Further reading
#
# - X. Glorot, Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010.
# - K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers*, 2015.
# - A. Saxe, J. McClelland, S. Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear networks*, 2014.
# - D. Mishkin, J. Matas, *All you need is a good init*, 2016.
# - Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, *Efficient backprop*, 1998, section 4.6.

# %%
progress()
