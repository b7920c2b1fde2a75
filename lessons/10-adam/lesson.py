# %% [markdown]
# # Give every parameter its own learning rate
#
# Plain descent has one learning rate for all parameters, though their gradients may differ by a factor of a thousand. This
# lesson builds the optimizers that scale each parameter's step by the gradients it has seen, up to Adam, and the
# schedules that change the learning rate with time. Then they race, and the result may not be what you expect.
#
# **What you will do.** Write Adagrad, RMSprop, Adam, AdamW and five schedules. Watch them on a ravine, a saddle,
# Beale's function, and on a network that learns pictures.
#
# **What you will learn.**
# - what dividing by the size of past gradients buys, and what it cannot do
# - why Adagrad stalls, and why Adam needs a correction at the start
# - why weight decay should not pass through Adam's division
# - what Adam does *not* save you: the search for a learning rate
#
# **What you need.** NumPy, the network of lesson 00, moving averages (lesson 08) and momentum (lesson 09).
# **Time.** About 90 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_fashion
from coursekit.explorations import adam as explore
from coursekit.plots import show, use_course_style

begin("10-adam")
use_course_style()

# %% [markdown]
# ## Not all gradients are alike
#
# A small network learns 2,000 pictures of clothes by plain descent. Each of the 784 pixels has 32 weights in the first
# layer. We keep the size of their gradients (root mean square) over 80 updates.
#
# **Think.** The corners of most pictures are blank. How many times smaller will the gradients there be than in the middle?

# %% nbgrader={"grade": false, "grade_id": "gradient_sizes", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion = load_fashion()
sizes = explore.gradient_sizes(fashion)
for share in (0, 1, 5, 50, 100):
    print(f"{share:3} % of the pixels have gradients of at most {np.percentile(sizes, share):.6f}")
alt = "Left: the mean picture, dark in the middle. Right: gradient sizes, bright in the middle, thousands of times smaller at the corners."
show(explore.plot_gradient_sizes(sizes, fashion), alt=alt)

# %% [markdown]
# Half of the pixels have gradients between 0.0115 and 0.0170, nearly alike. One in twenty stays below 0.0009, and the smallest
# is 1,700 times below the largest. With one learning rate for all, the steps differ by the same factor. But keep in mind
# that most gradients here are alike.
#
# ## Adagrad: divide by what has been
#
# Let every parameter keep the sum of its squared gradients, and divide its step by the root of that sum:
#
# $$c \leftarrow c + g^2, \qquad \theta \leftarrow \theta - \alpha \frac{g}{\sqrt{c} + \varepsilon}.$$
#
# All operations are entry by entry. In the first step $c = g^2$, so each parameter moves by $\alpha$, whatever the
# size of its gradient: only the sign is left. Multiply the cost by 1,000, and the steps stay the same.
#
# ### Exercise 10.1 · initialize_cache (1 point)
#
# The cache starts at zero: a dict with the keys and shapes of `params`. `{"b": [5.0, 6.0]}` gives `{"b": [0.0, 0.0]}`.
#
# ### Exercise 10.2 · adagrad_step (3 points)
#
# Return the pair `(params, cache)` after the step, both new dicts; the given ones and their arrays stay as they are. Add the
# new square first, then divide. Parameters may have any names; `grads` and `cache` may list them in another order.
#
# *Worked number:* with the gradients 3, then 4 and $\alpha = 1$, the cache is 9, then 25; the steps are $3/3 = 1$ and
# $4/5 = 0.8$.
#
# <div class="alert alert-info">
#
# **Convention.** $\varepsilon$ keeps a parameter without any gradient from dividing 0 by 0. Here it stands **outside** the
# root, as in PyTorch and in the Adam paper. Others write $\sqrt{c + \varepsilon}$. With gradients near 1
# nobody sees the difference; with a first gradient of $10^{-4}$ and $\varepsilon = 10^{-8}$ the step is 0.707 times as long.
#
# </div>
#
# **Find the error.** A post that goes round says: "Adagrad keeps the sum of all gradients so far. It squares this sum, takes
# the root, and divides the gradient by it."
#
# **Think.** A parameter swings across a valley, with the gradients 1, −1, 1, −1. What is divided by what?

# %% nbgrader={"grade": false, "grade_id": "initialize_cache", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_cache(params):
    """Zeros in the shapes of ``params``, under the same keys."""
    # BEGIN SOLUTION
    return {key: np.zeros_like(value) for key, value in params.items()}
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_cache", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(initialize_cache)

# %% nbgrader={"grade": false, "grade_id": "adagrad_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adagrad_step(params, grads, cache, learning_rate, eps=1e-8):
    """One step of Adagrad: a tuple (params, cache) of new dicts.

    The gradients 3, then 4 with the learning rate 1 move a parameter by 1 and 0.8; the cache is 9, then 25.
    """
    # BEGIN SOLUTION
    cache = {key: cache[key] + grads[key] ** 2 for key in params}
    moved = {key: params[key] - learning_rate * grads[key] / (np.sqrt(cache[key]) + eps) for key in params}
    return moved, cache
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_adagrad_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(adagrad_step)

# %% nbgrader={"grade": false, "grade_id": "sum_then_square", "locked": true, "schema_version": 3, "solution": false, "task": false}
start = {"theta": np.zeros(1)}
cache, total = initialize_cache(start), 0.0
for g in (1.0, -1.0, 1.0, -1.0):
    total += g
    moved, cache = adagrad_step(start, {"theta": np.array([g])}, cache, 1.0)
    wrong = 1 / (math.sqrt(total**2) + 1e-8)
    print(f"gradient {g:4}: squares summed, step {abs(moved['theta'][0]):.3f}; sum squared, step {wrong:.3g}")

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# Sum and square have changed places. The sum of swinging gradients comes back to 0, and the step is a hundred million long:
# only $\varepsilon$ holds it. Squares cannot cancel, so $\sqrt c$ measures the gradients' *size*.
#
# </details>
#
# ## RMSprop: forget what is long past
#
# A sum of squares never falls. If the gradient is always 1, then $c = t$ and step $t$ has the length $\alpha / \sqrt t$.
# RMSprop keeps a moving average instead (lesson 08), which forgets:
#
# $$c \leftarrow \beta c + (1 - \beta) g^2, \qquad \theta \leftarrow \theta - \alpha \frac{g}{\sqrt{c} + \varepsilon}.$$
#
# ### Exercise 10.3 · rmsprop_step (3 points)
#
# Return `(params, cache)` as before. The cache starts from `initialize_cache(params)`; its start is not corrected.
#
# *Worked number:* for the first gradient 2 with $\beta = 0.9$ and $\alpha = 1$ the cache is 0.4, and the step is
# $2 / \sqrt{0.4} = 3.162$.

# %% nbgrader={"grade": false, "grade_id": "rmsprop_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rmsprop_step(params, grads, cache, learning_rate, beta=0.9, eps=1e-8):
    """One step of RMSprop: a tuple (params, cache) of new dicts.

    The first gradient 2 with the learning rate 1 moves a parameter by 3.162; its cache is 0.4.
    """
    # BEGIN SOLUTION
    cache = {key: beta * cache[key] + (1 - beta) * grads[key] ** 2 for key in params}
    moved = {key: params[key] - learning_rate * grads[key] / (np.sqrt(cache[key]) + eps) for key in params}
    return moved, cache
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_rmsprop_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(rmsprop_step)

# %% [markdown]
# **Think.** First a parameter whose gradient is always 1: how far does each method come in 1,000 steps with $\alpha = 0.01$?
# Then Beale's function, a flat valley with steep walls (its picture comes below), from a place where the slope is
# 222. What will Adagrad do in the valley, and RMSprop at the minimum?

# %% nbgrader={"grade": false, "grade_id": "adagrad_stalls", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name, step in (("Adagrad", adagrad_step), ("RMSprop", rmsprop_step)):
    moves = explore.constant_gradient(step, initialize_cache(start), 0.01, 1000)
    print(f"{name}: steps 1, 4, 100 and 1000 are {moves[[0, 3, 99, 999]].round(5)}, in all {moves.sum():.2f}")
rivals = {
    "Adagrad 0.1": (adagrad_step, initialize_cache, 0.1),
    "Adagrad 0.5": (adagrad_step, initialize_cache, 0.5),
    "RMSprop 0.01": (rmsprop_step, initialize_cache, 0.01),
}
for name, rival in rivals.items():
    print(f"{name:12} is {explore.stall_distances(*rival)} away after 100, 999 and 1,000 steps")
alt = "Adagrad's distance from the minimum stays near 0.6, or falls slowly with a larger rate. RMSprop falls to 0.006 and stays there."
show(explore.plot_stall(rivals), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# On the constant slope 1,000 steps of Adagrad add up to 0.62, about $2 \alpha \sqrt{1000}$. RMSprop starts with
# 3.16 learning rates, settles at one per step, and comes to 10.09.
#
# On Beale's function Adagrad with 0.1 is 0.72 away after 100 steps and 0.60 after 1,000: the steep start stays in its sum for
# good. A rate of 0.5 helps, to 0.046. RMSprop arrives, and then divides even the smallest gradient by its
# own size: its steps keep the length of a learning rate per parameter, and it hops to and fro at a distance of 0.006 to
# 0.009. It never stalls, and it never rests.
#
# </details>
#
# ## Adam: both averages, and a fair start
#
# Momentum averages the gradient, RMSprop its square. **Adam** (Kingma and Ba 2015) keeps both:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2.$$
#
# Both start at 0, so both are too small at first. If the gradient is always $g$, then after $t$ steps
# $m = (1 - \beta_1^t)\, g$ and $v = (1 - \beta_2^t)\, g^2$. Divide by what is missing:
#
# $$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad
# \theta \leftarrow \theta - \alpha \frac{\hat m}{\sqrt{\hat v} + \varepsilon}.$$
#
# ### Exercise 10.4 · initialize_adam (1 point)
#
# Return the state before any step: `{"m": …, "v": …, "t": 0}`, with zeros in the shapes of `params` under `"m"` and under
# `"v"`, and the integer 0 as the number of steps made.
#
# ### Exercise 10.5 · adam_step (5 points)
#
# Return `(params, state)`, both new. Count first: in the first step $t = 1$. All parameters share one $t$. The new state
# holds the **uncorrected** $m$ and $v$: the next step averages on with them.
#
# *Worked number:* the first gradient 2 with $\alpha = 0.1$ gives $m = 0.2$, $v = 0.004$, $\hat m = 2$, $\hat v = 4$ and a
# step of $0.1 \cdot 2 / 2 = 0.1$.
#
# <div class="alert alert-info">
#
# **Convention.** The state's `t` counts finished steps. Code that keeps the number of the *next* step starts at 1; what must
# not happen is $t = 0$ in the formula, since $1 - \beta^0 = 0$. The paper also gives a shorter form, with
# $\alpha \sqrt{1 - \beta_2^t} / (1 - \beta_1^t)$ and $\varepsilon$ beside the raw $\sqrt v$. TensorFlow computes that one, so its
# $\varepsilon$ counts for more in the first steps. Here it is $\sqrt{\hat v} + \varepsilon$.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "initialize_adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_adam(params):
    """Adam's state before any step: {"m": zeros, "v": zeros, "t": 0}, zeros in the shapes of ``params``."""
    # BEGIN SOLUTION
    return {"m": initialize_cache(params), "v": initialize_cache(params), "t": 0}
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_adam", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(initialize_adam)

# %% nbgrader={"grade": false, "grade_id": "adam_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam with corrected averages: a tuple (params, state), both new.

    The first gradient 2 with the learning rate 0.1 moves a parameter by 0.1; m is 0.2, v is 0.004 and t is 1.
    """
    # BEGIN SOLUTION
    t = state["t"] + 1
    m = {key: beta1 * state["m"][key] + (1 - beta1) * grads[key] for key in params}
    v = {key: beta2 * state["v"][key] + (1 - beta2) * grads[key] ** 2 for key in params}
    moved = {}
    for key in params:
        m_hat, v_hat = m[key] / (1 - beta1**t), v[key] / (1 - beta2**t)
        moved[key] = params[key] - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return moved, {"m": m, "v": v, "t": t}
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_adam_step", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(adam_step)

# %% [markdown]
# ## Adam without its correction
#
# **Think.** In step 1, $m$ is 10 times too small and $v$ 1,000 times. Will the first steps without correction be too
# short or too long? What if only one of the two is corrected?

# %% nbgrader={"grade": false, "grade_id": "without_correction", "locked": true, "schema_version": 3, "solution": false, "task": false}
moves, m, v = explore.raw_averages(adam_step, initialize_adam, 3000)
for t in (1, 2, 10, 100, 1000, 3000):
    raw = m[t - 1] / np.sqrt(v[t - 1])
    print(
        f"step {t:4}: corrected {moves[t - 1]:.3f}, nothing {raw:.3f}, only m {1 / np.sqrt(v[t - 1]):6.3f}, only v {m[t - 1]:.3f}"
    )
alt = "The corrected step is 1 throughout. Uncorrected it starts at 3.16, peaks near 7 and needs thousands of steps to come back to 1."
show(explore.plot_correction(adam_step, initialize_adam), alt=alt)
explore.explore_correction(adam_step, initialize_adam)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Too long: $m$ lacks a factor 10 and $\sqrt v$ a factor $\sqrt{1000} = 31.6$, so the first step is 3.162 learning
# rates. It gets worse, since $m$ catches up quickly and $v$ slowly: 6.5 in step 10, still 1.26 in step 1,000.
# With only $m$ corrected the first step is 31.6 learning rates; with only $v$ it is 0.1, a kind of warm-up.
#
# </details>
#
# **Goal.** Set $\beta_2 = 0.96$ and find the $\beta_1$ for which the first uncorrected step is exactly right. Is the tenth?
#
# <details><summary>What did you find?</summary>
#
# $\beta_1 = 0.8$: the first step is $0.2 / \sqrt{0.04} = 1$. The tenth is 1.54 all the same.
#
# </details>
#
# Now the network of the opening, five epochs, three seeds each. **Think.** Will the correction pay at every learning rate?

# %% nbgrader={"grade": false, "grade_id": "correction_on_a_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
variants = {"corrected": adam_step}
variants |= {f"without {what}": explore.without_correction(adam_step, what) for what in ("m and v", "v", "m")}
for rate in (0.001, 0.01):
    for name, step in variants.items():
        runs = [explore.run(fashion, step, initialize_adam, rate, seed) for seed in range(3)]
        worst, right = np.mean([(h.losses[:40].max(), h.dev_accuracy[-1]) for h in runs], axis=0)
        print(f"rate {rate:<5}  {name:15} highest loss {worst:6.2f}, dev accuracy {right:.3f}")

# %% [markdown]
# No. With 0.001 it does no harm to leave it out: steps three to seven times longer are still good steps (0.780 and 0.761 are
# equal within the noise). With 0.01 they are not, and 0.645 is left of 0.766. To correct $m$ only is the disaster: a loss of
# 569, and 0.181 in the end. What the correction buys: the learning rate means the same in step 1 as in step 1,000.
#
# ## AdamW: decay that is not divided
#
# L2 regularization (lesson 03) adds $\lambda \theta$ to the gradient. For plain descent this is the same as shrinking the
# weights a little in every step. For Adam it is not: what is added to $g$ is divided by $\sqrt{\hat v}$ as well. **AdamW**
# (Loshchilov and Hutter 2019) leaves the gradient alone and shrinks the parameter itself:
#
# $$\theta \leftarrow \theta - \alpha \lambda \theta - \alpha \frac{\hat m}{\sqrt{\hat v} + \varepsilon}.$$
#
# ### Exercise 10.6 · adamw_step (3 points)
#
# Return `(params, state)`; the state is Adam's. `weight_decay` is $\lambda$; the $\theta$ on the right is the value **before**
# the step; every parameter decays, biases too. *Worked number:* $\theta = 10$, first gradient 2, $\alpha = 0.1$ and
# $\lambda = 0.5$ give $10 - 0.1 \cdot 0.5 \cdot 10 - 0.1 = 9.4$.
#
# <div class="alert alert-info">
#
# **Convention.** As in PyTorch, the decay is multiplied by the learning rate. The paper multiplies it by the factor of the
# schedule only. Many recipes leave biases alone.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "adamw_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adamw_step(params, grads, state, learning_rate=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=1e-2):
    """One step of Adam with decoupled weight decay of every parameter: a tuple (params, state), both new.

    theta 10, the first gradient 2, learning rate 0.1 and decay 0.5 give 9.4.
    """
    # BEGIN SOLUTION
    moved, state = adam_step(params, grads, state, learning_rate, beta1, beta2, eps)
    return {key: moved[key] - learning_rate * weight_decay * params[key] for key in params}, state
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_adamw_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(adamw_step)

# %% [markdown]
# **Think.** A thousand weights of each of two kinds, all 1. Their gradients are pure noise, of size 10 for one kind and 0.1
# for the other. Which kind will shrink too fast when the penalty goes through the gradient?

# %% nbgrader={"grade": false, "grade_id": "two_ways_to_decay", "locked": true, "schema_version": 3, "solution": false, "task": false}
kinds = {"gradients of size 10": 10.0, "gradients of size 0.1": 0.1}
state = initialize_adam({kind: np.ones(1000) for kind in kinds})
means = {
    "L2 in the gradient: it depends on the noise": explore.shrinking(adam_step, state, kinds, penalty=0.2),
    "AdamW: both shrink alike": explore.shrinking(adamw_step, state, kinds, weight_decay=0.2),
}
for name, curves in means.items():
    print(f"{name.split(':')[0]:18}", {kind: round(abs(float(values[-1])), 2) for kind, values in curves.items()})
alt = "L2 through Adam: the weights with small gradients fall to 0, the others stay near 1. AdamW: both fall to 0.37."
show(explore.plot_shrinking(means, (1 - 0.005 * 0.2) ** np.arange(1001)), alt=alt)

# %% [markdown]
# The dotted curve is $(1 - \alpha\lambda)^t$, 0.37 after 1,000 steps. AdamW follows it for both kinds (0.37 and
# 0.36). Through the gradient, the weights with small gradients end at 0, and those with large ones still have 0.90:
# the smaller the gradients, the harder the pull.
#
# ## The zoo
#
# Five optimizers on four grounds: a ravine 100 times as steep across, the same ravine turned by 45°, a saddle, and
# Beale's function. Plain descent and momentum are given; Adagrad, RMSprop and Adam are yours. Each has a rate
# that suits it there. The square is the start, stars are minima.
#
# **Think.** In the straight ravine one parameter has the steep slope and one the flat. In the turned one
# both share both. Who will mind the turn, and who will not?
#
# Then pull the step slider. **Goal.** Raise all rates tenfold (1 on the log scale). Who still arrives within 200 steps?

# %% nbgrader={"grade": false, "grade_id": "zoo", "locked": true, "schema_version": 3, "solution": false, "task": false}
zoo = explore.zoo(
    Adagrad=(adagrad_step, initialize_cache),
    RMSprop=(rmsprop_step, initialize_cache),
    Adam=(adam_step, initialize_adam),
)
for ground in explore.landscapes():
    show(explore.plot_zoo(zoo, ground), alt=explore.zoo_in_words(zoo, ground))
explore.explore_zoo(zoo)

# %% [markdown]
# And with other rates? Here are twelve for each, from 0.005 to 20. A walk arrives in the step from which on it stays within
# 0.01 of a minimum. The table gives the first arrival, its rate, and how many of the twelve arrive within 1,000 steps.

# %% nbgrader={"grade": false, "grade_id": "arrivals", "locked": true, "schema_version": 3, "solution": false, "task": false}
found = {ground: explore.arrivals(zoo, land) for ground, land in explore.landscapes().items()}
print(" " * 9, *(ground.ljust(16) for ground in found))
for name in zoo:
    best = {ground: explore.fastest(steps[name]) for ground, steps in found.items()}
    works = {ground: sum(n is not None for n in steps[name]) for ground, steps in found.items()}
    print(f"{name:9}", *(f"{n} at {rate:g} ({works[g]})".ljust(16) for g, (n, rate) in best.items()))
alt = "Steps to arrive against the learning rate. Adam's curves are the widest, in the ravine from 0.02 to 20; plain descent has one rate."
show(explore.plot_arrivals(found), alt=alt)

# %% [markdown]
# <details><summary>What there is to see</summary>
#
# - **Adam is nowhere the fastest.** In the straight ravine Adagrad needs 5 steps and Adam 103, level with momentum. In the turned
#   ravine (103 against 106) and on Beale's function (97 against 106) momentum is a little ahead. On the saddle
#   Adagrad (7) and plain descent (25) win.
# - **Adam works with the most rates**: 10, 9, 12 and 7 of twelve. Plain descent has a single one on three grounds.
# - **The turn.** Plain descent and momentum take exactly as many steps as before, Adagrad 466 in place of 5: dividing
#   entry by entry can stretch the axes, not turn them. Adam falls back on its momentum.
# - **The saddle.** Beside the ridge one slope is 1.5 and the other 0.0001. Those that divide blow up the tiny one and
#   leave at once; plain descent and momentum first slide down to the saddle and wait.
# - **Goal:** with tenfold rates only Adam (on all but Beale's function) and Adagrad (in the straight ravine).
#
# </details>
#
# ## The race on pictures
#
# Now the network of the opening, with noise in every gradient. Each optimizer gets eight learning rates, and three more
# seeds with its best one.
#
# **Think.** A forum says: "Adam needs no tuning, take the rate you have." Plain descent is best near 0.1 here. What
# will Adam reach with 0.1?

# %% nbgrader={"grade": false, "grade_id": "race_on_pictures", "locked": true, "schema_version": 3, "solution": false, "task": false}
rates = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
table = {}
for name, member in zoo.items():
    first = [explore.run(fashion, *member, rate) for rate in rates]
    table[name] = [h.dev_accuracy[-1] for h in first]
    best = rates[int(np.argmax(table[name]))]
    more = [explore.run(fashion, *member, best, seed) for seed in (1, 2, 3)]
    loss, right = np.mean([h.epoch_losses[-1] for h in more]), [round(float(h.dev_accuracy[-1]), 3) for h in more]
    print(f"{name:9} best rate {best:<6} training loss {loss:.2f}, dev {right}, mean {np.mean(right):.3f}")
alt = "Five hills of about the same height: RMSprop and Adam near 0.001 to 0.01, Adagrad near 0.03, momentum and plain near 0.1."
show(explore.plot_rates(rates, table), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0.19. Adam's hill lies to the left: its best rate is 100 times below that of plain descent. "No tuning" is wrong, and so is
# "the same rate".
#
# Who wins? Nobody. The means lie between 0.736 and 0.772, the seeds of one optimizer differ by up to 0.07, and the
# standard error of 1,000 dev pictures is 0.013. Adam's hill is hardly wider than others: above 0.7 it has five of eight rates,
# plain descent two, the rest four each. Most gradients were alike here, as the opening showed; where they are not, as with rare
# words, the balance may tip.
#
# </details>
#
# ## Schedules: large steps first, small ones later
#
# With a constant rate, noise never lets the parameters rest (lesson 07): they tremble, the wider the larger the rate. Small
# rates take for ever. So start large and end small. Each schedule returns one number; epochs and updates are integers that
# count from 0.
#
# ### Exercise 10.7 · step_decay (2 points)
#
# Multiply the rate by `drop` once in `every` epochs: the first `every` epochs have the full rate. With 0.1, `drop` 0.5 and
# `every` 10, epoch 9 has 0.1, epoch 10 has 0.05 and epoch 25 has 0.025.

# %% nbgrader={"grade": false, "grade_id": "step_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_decay(learning_rate, epoch, drop=0.5, every=10):
    """The rate of ``epoch`` when it is multiplied by ``drop`` after every ``every`` epochs: a number.

    From 0.1, epoch 9 has 0.1, epoch 10 has 0.05 and epoch 25 has 0.025.
    """
    # BEGIN SOLUTION
    return learning_rate * drop ** (epoch // every)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_step_decay", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(step_decay)

# %% [markdown]
# ### Exercise 10.8 · exponential_decay (1 point)
#
# The same factor in every epoch: $\alpha \, e^{-k \cdot \text{epoch}}$. With 0.1 and $k = 0.5$, epoch 2 has
# $0.1 \, e^{-1} = 0.0368$.
#
# ### Exercise 10.9 · inverse_time_decay (1 point)
#
# $\alpha / (1 + k \cdot \text{epoch})$: fast at first, then slower and slower. With 0.1 and $k = 0.5$, epoch 2 has 0.05.
#
# <div class="alert alert-info">
#
# **Convention.** Courses that go round call $1 / (1 + kt)$ "exponential decay". It is not: with $k = 0.5$, after 20 epochs
# it is 1/11, and $e^{-kt}$ is 1/22,026.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "exponential_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exponential_decay(learning_rate, epoch, k):
    """The rate of ``epoch`` under learning_rate * e^(-k * epoch): 0.0368 for 0.1, epoch 2 and k = 0.5."""
    # BEGIN SOLUTION
    return learning_rate * math.exp(-k * epoch)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_exponential_decay", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(exponential_decay)

# %% nbgrader={"grade": false, "grade_id": "inverse_time_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inverse_time_decay(learning_rate, epoch, k):
    """The rate of ``epoch`` under learning_rate / (1 + k * epoch): 0.05 for 0.1, epoch 2 and k = 0.5."""
    # BEGIN SOLUTION
    return learning_rate / (1 + k * epoch)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_inverse_time_decay", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(inverse_time_decay)

# %% [markdown]
# ### Exercise 10.10 · cyclical_learning_rate (3 points)
#
# A triangle (Smith 2017): `low` at step 0, up in a straight line to `high` at step `half_cycle`, down to `low` at
# twice that, and so on for ever. Between 0.1 and 0.5 with a `half_cycle` of 4, step 1 has 0.2, step 4 has 0.5, step 6 has 0.3.

# %% nbgrader={"grade": false, "grade_id": "cyclical_learning_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cyclical_learning_rate(step, low, high, half_cycle):
    """The rate of update ``step``: a triangle from ``low`` (step 0) to ``high`` (step ``half_cycle``) and back.

    Between 0.1 and 0.5 with half_cycle 4, step 1 has 0.2, step 4 has 0.5 and step 6 has 0.3.
    """
    # BEGIN SOLUTION
    place = step % (2 * half_cycle)
    return low + (high - low) * min(place, 2 * half_cycle - place) / half_cycle
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_cyclical_learning_rate", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(cyclical_learning_rate)

# %% [markdown]
# ### Exercise 10.11 · warmup_cosine (3 points)
#
# A straight line from 0 up to `peak` at step `warmup`, then half a cosine wave down to 0 at step `total`, and 0 after that:
#
# $$\alpha_t = \begin{cases} \text{peak} \cdot t / \text{warmup} & t < \text{warmup} \\
# \tfrac12 \, \text{peak} \left(1 + \cos \left(\pi \, \frac{t - \text{warmup}}{\text{total} - \text{warmup}}\right)\right)
# & \text{warmup} \le t \le \text{total} \\ 0 & t > \text{total.} \end{cases}$$
#
# `warmup` is less than `total`; with `warmup` 0 step 0 has the peak. For `total` 100, `peak` 1 and `warmup` 20, step 5 has
# 0.25, step 20 has 1, step 60 has 0.5, and step 150 has 0.

# %% nbgrader={"grade": false, "grade_id": "warmup_cosine", "locked": false, "schema_version": 3, "solution": true, "task": false}
def warmup_cosine(step, total, peak, warmup):
    """The rate of update ``step``: a line from 0 to ``peak`` at ``warmup``, a half cosine to 0 at ``total``, then 0.

    For total 100, peak 1 and warmup 20, step 5 has 0.25, step 60 has 0.5 and step 150 has 0.
    """
    # BEGIN SOLUTION
    if step < warmup:
        return peak * step / warmup
    if step >= total:
        return 0.0
    return peak / 2 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_warmup_cosine", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(warmup_cosine)

# %% [markdown]
# **Think.** Plain descent for 15 epochs, that is 600 updates. A rate of 0.3 was too much for it in the race. Which of the
# six schedules that reach 0.3 will do better than a constant 0.03?

# %% nbgrader={"grade": false, "grade_id": "schedules_on_a_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
mine = (step_decay, exponential_decay, inverse_time_decay, cyclical_learning_rate, warmup_cosine)
schedules, runs = explore.plans(*mine), {}
alt = "Eight panels: two constants, a staircase, two falling curves, a zigzag, a cosine, and one with a ramp."
show(explore.plot_schedules(schedules, 600), alt=alt)
for name, schedule in schedules.items():
    runs[name] = [explore.run(fashion, *zoo["plain"], schedule, seed, epochs=15) for seed in range(3)]
    loss, right = np.mean([h.epoch_losses[-1] for h in runs[name]]), [h.dev_accuracy[-1] for h in runs[name]]
    print(f"{name:19} training loss {loss:.2f}, dev accuracy {np.mean(right):.3f} ({min(right):.3f} to {max(right):.3f})")
alt = "Training loss and dev accuracy: warm-up and cosine end best, the cycle just behind; constant 0.3 and the staircase are worst."
show(explore.plot_runs(runs), alt=alt)
explore.explore_warmup(fashion, warmup_cosine)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Two: the cycle (0.794) and the warm-up with cosine (0.797), which also have the least training loss (0.41 and 0.36). They
# begin small. The others take 0.3 at once, on weights that are still random, and some seeds do not recover. The cycle was
# caught at its low end; in the middle of a cycle its accuracy dips.
#
# </details>
#
# **Goal.** The sliders train with a warm-up and cosine (seed 0). The peak 0.3 without a warm-up ends at 0.727. Find a
# warm-up with which it reaches 0.79. Then: what does a peak of 0.1 need?
#
# <details><summary>What did you find?</summary>
#
# 60 updates do (0.792). A peak of 0.1 reaches 0.802 with no warm-up at all. A warm-up mends a peak that is too high for the
# start; it is no source of accuracy by itself.
#
# </details>
#
# ## Off a saddle
#
# Plain descent starts beside the ridge of the zoo's saddle, at a distance of 0.0001. Smith (2017) recommends cyclical rates,
# because their high phases cross saddles quickly.
#
# **Think.** Close to the ridge the distance $y$ obeys $y \leftarrow (1 + \alpha) y$. A rate that cycles between 0.02 and 0.38 has the
# mean 0.2. Will it leave before a constant 0.2?

# %% nbgrader={"grade": false, "grade_id": "off_a_saddle", "locked": true, "schema_version": 3, "solution": false, "task": false}
plans = {
    "constant 0.02": lambda t: 0.02,
    "constant 0.2": lambda t: 0.2,
    "cyclical, 0.02 to 0.38": lambda t: cyclical_learning_rate(t, 0.02, 0.38, 10),
}
paths = {name: explore.escape(plan) for name, plan in plans.items()}
for name, path in paths.items():
    left = explore.left_after(path)
    total = sum(plans[name](t) for t in range(left))
    print(f"{name:23} leaves in step {left:3}; the rates until then add up to {total:.2f}")
alt = "The distance from the ridge grows along straight lines on a log scale; constant 0.2 and the cycle leave together, 0.02 ten times later."
show(explore.plot_escape(paths), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# No: step 50 against step 48. To come from 0.0001 to 0.5, the product of all $(1 + \alpha)$ must reach 5,000, and $\ln (1 + \alpha)$
# is about $\alpha$: what counts is the *sum* of the rates, 8.8 to 9.8 here. The cycle leaves nine times sooner than its low
# rate would, because its mean is ten times larger.
#
# </details>
#
# ## Summary
#
# - Adagrad, RMSprop and Adam divide each parameter's step by the size of its past gradients: by a root of their sum of squares,
#   which stalls, or of their moving average.
# - Averages that start at 0 are too small at first. Adam divides by $1 - \beta^t$. Without it the first steps are 3 to 7 times too
#   long; with only $m$ corrected, 32 times.
# - A penalty in the gradient is divided too. AdamW shrinks the parameter itself.
# - Dividing entry by entry helps when the axes are the right ones. Turn the ravine, and it is gone.
# - Adam was nowhere the fastest. On the drawn grounds it worked with the most rates; on the pictures all five tied, each at
#   its own rate. It needs tuning too.
# - A good schedule starts as large as the network bears and ends near 0; a warm-up raises what it bears.
#
# ## On your own
#
# 1. Feed the gradients of the turned ravine to your `adagrad_step` in turned coordinates. Does it arrive in 11 steps again?
# 2. Adam with $\beta_2 = 0.9$: does it still come to rest at Beale's minimum? Why does RMSprop not?
# 3. Find a `weight_decay` for `adamw_step` that raises the dev accuracy of the race by more than the noise, 0.013.
#
# ## Further reading
#
# - J. Duchi, E. Hazan, Y. Singer, *Adaptive subgradient methods for online learning and stochastic optimization*, 2011.
# - G. Hinton, [lecture 6e](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf), 2012: RMSprop.
# - D. Kingma, J. Ba, *Adam: a method for stochastic optimization*, 2015.
# - A. Wilson et al., *The marginal value of adaptive gradient methods in machine learning*, 2017: where Adam does not win.
# - L. Smith, *Cyclical learning rates for training neural networks*, 2017.
# - I. Loshchilov, F. Hutter, *Decoupled weight decay regularization*, 2019.

# %%
progress()
