# %% [markdown]
# # Descend with momentum
#
# Gradient descent forgets. Each step looks at the slope underfoot and at nothing that came before. This lesson gives it a
# memory of one array per parameter. It then measures what the memory is good for, and where it does nothing or harm.
#
# **What you will do.** Write momentum in the two forms that libraries use, and Nesterov's version. Compute how large a
# learning rate may be, and test the formula. Race the methods in a ravine, on real data and on a network.
#
# **What you will learn.**
# - what momentum averages away, and why it lets you take larger steps
# - why a learning rate means nothing without the form of momentum it belongs to
# - why a path with memory overshoots, and how much memory is too much
# - what Nesterov's look ahead changes, and what it costs
#
# **What you need.** NumPy, and gradient descent on dicts of parameters (lesson 07). Averages that fade (lesson 08) help.
# **Time.** About 75 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_fashion
from coursekit.explorations import momentum as explore
from coursekit.landscapes import walk
from coursekit.plots import plot_walks, show, use_course_style

begin("09-momentum")
use_course_style()

# %% [markdown]
# ## A descent that is not done
#
# The data are 569 tumours of the breast with 30 measurements each, standardised, and their diagnosis. The model is the simplest there is,
# least squares. Its cost is a bowl, so nothing can go wrong. We are done when the cost is within 0.00001 of the least one.
#
# **Think.** The learning rate is 0.9 times the largest that does not blow up. How many updates do you expect?

# %% nbgrader={"grade": false, "grade_id": "not_done", "locked": true, "schema_version": 3, "solution": false, "task": false}
def plain(learning_rate):
    def step(params, grads, state):
        return {key: params[key] - learning_rate * grads[key] for key in params}, state

    return step


bowl = explore.cancer()
runs = {"plain descent": bowl.descend(plain(0.9 * 2 / bowl.curvatures[-1]), None)}
print(f"after 20,000 updates: {runs['plain descent'][-1]:.5f} above the least cost")
print(f"curvature: steepest direction {bowl.curvatures[-1]:.3g}, flattest {bowl.curvatures[0]:.3g}")
alt = "Cost above the least cost against updates: it falls ever more slowly and is at 0.00004 after 20,000 updates."
show(explore.plot_progress(runs, "20,000 updates, and not done"), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# More than 20,000: then the cost is still 0.00004 above the least one, four times the goal. The steepest direction is 100,000
# times as curved as the flattest (13.3 against 0.00013). The steep one sets the learning rate, and the flat one waits.
#
# </details>
#
# ## What the gradient says across and along
#
# A ravine shows the same in two dimensions: $J = \frac12 \theta_1^2 + \frac{30}{2} \theta_2^2$, 30 times as curved across as along.
#
# **Think.** The path zigzags. What do the two entries of the gradient look like from step to step? What would an average over
# several steps make of each?

# %% nbgrader={"grade": false, "grade_id": "zigzag", "locked": true, "schema_version": 3, "solution": false, "task": false}
path = walk(explore.RAVINE, plain(0.06), None, 25)
alt = "Left: a path that zigzags through a ravine. Right: the gradient across alternates in sign and shrinks; along it stays negative."
show(explore.plot_zigzag(path), alt=alt)
slopes = np.array([explore.RAVINE.gradient({"theta": place})["theta"] for place in path])
for name, entry in (("along", slopes[:6, 0]), ("across", slopes[:6, 1])):
    print(f"{name:7} {np.round(entry, 1)}  mean {entry.mean():6.2f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Across, each step undoes most of the one before: 30, −24, 19.2, … The mean of six is 2.05, a fifteenth of the first. Along, all
# entries agree, and the mean −3.45 is nearly as large as each. An average keeps what is steady and cancels what alternates.
#
# </details>
#
# ## Step along an average
#
# So remember an average of the gradients, the **velocity** $v$, and step along that. The fading average of lesson 08 needs
# only its last value:
#
# $$v \leftarrow \beta\, v + (1 - \beta)\, g, \qquad \theta \leftarrow \theta - \alpha\, v.$$
#
# $\beta = 0$ is plain descent. $\beta = 0.9$ remembers about ten gradients. Before the first step nothing is remembered, so
# $v = 0$.
#
# ### Exercise 9.1 · initialize_velocity (1 point)
#
# `params` is a dict of arrays, with any names and shapes. Return a new dict with the same keys and an array of zeros of the
# same shape under each. `params` stay as they are.
#
# *Worked number:* `{"W": [[1, 2]], "b": [3, 4]}` gives `{"W": [[0, 0]], "b": [0, 0]}`.

# %% nbgrader={"grade": false, "grade_id": "initialize_velocity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_velocity(params):
    """A velocity of zero: a new dict with the keys of ``params`` and zeros in the shapes of its arrays."""
    # BEGIN SOLUTION
    return {key: np.zeros_like(value) for key, value in params.items()}
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_initialize_velocity", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(initialize_velocity)

# %% [markdown]
# ### Exercise 9.2 · momentum_step (4 points)
#
# `params`, `grads` and `velocity` are dicts of arrays with the same keys, perhaps listed in different orders. For every key
# compute the new velocity, then move the parameter with this *new* velocity. Return the tuple `(params, velocity)` of two new
# dicts. The given dicts and their arrays stay as they are: the caller may still need them.
#
# *Worked number:* $\theta = 1$, $g = 2$, $v = 0.5$, $\alpha = 0.1$, $\beta = 0.9$. The new velocity is
# $0.9 \cdot 0.5 + 0.1 \cdot 2 = 0.65$, the new parameter $1 - 0.1 \cdot 0.65 = 0.935$.

# %% nbgrader={"grade": false, "grade_id": "momentum_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def momentum_step(params, grads, velocity, learning_rate, beta=0.9):
    """One step of momentum in the average form: a tuple (params, velocity) of new dicts.

    v = beta v + (1 - beta) g, then θ = θ - learning_rate v.
    """
    # BEGIN SOLUTION
    velocity = {key: beta * velocity[key] + (1 - beta) * grads[key] for key in params}
    params = {key: params[key] - learning_rate * velocity[key] for key in params}
    return params, velocity
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_momentum_step", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(momentum_step)

# %% [markdown]
# **Think.** Now the ravine with $\beta = 0.5$ and the *same* learning rate. Will it arrive sooner? (To arrive is to stay within
# 0.05 of the minimum.)

# %% nbgrader={"grade": false, "grade_id": "calmer", "locked": true, "schema_version": 3, "solution": false, "task": false}
def with_momentum(learning_rate, beta):
    def step(params, grads, velocity):
        return momentum_step(params, grads, velocity, learning_rate, beta)

    return step


ravine, zeros = explore.RAVINE, explore.zeros()
paths = {f"β = {beta:g}": walk(ravine, with_momentum(0.06, beta), zeros, 100) for beta in (0, 0.5)}
for name, path in paths.items():
    print(f"{name:8} arrives at step {explore.arrival(ravine, path)}, furthest across after 5 steps {np.abs(path[5:, 1]).max():.2f}")
alt = "Without memory the path zigzags; with β = 0.5 it swings across a few times and then glides. Both take about 70 steps."
title = "The same learning rate: calmer, and no faster"
show(plot_walks(paths, ravine.height, ravine.window, minima=ravine.minima, title=title), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# No: 68 steps against 71. Across, the swing is damped. Along, the average of equal gradients is that gradient, so the step is as
# long as before. **An average by itself is not faster.** What it buys is calm, and calm can be spent on a larger learning
# rate.
#
# </details>
#
# ## How large may the learning rate be?
#
# Take one direction of a bowl, $J = \frac12 c\,\theta^2$ with curvature $c$, so $g = c\,\theta$. Put the two lines of momentum
# together. Because $\alpha v_t = \theta_{t-1} - \theta_t$, the velocity disappears:
#
# $$\theta_{t+1} = \big(1 + \beta - \alpha (1 - \beta) c\big)\, \theta_t - \beta\, \theta_{t-1}.$$
#
# Try $\theta_t = z^t$. It solves this if $z^2 - \big(1 + \beta - \alpha(1-\beta)c\big)\, z + \beta = 0$. The path settles when both
# roots are smaller than 1 in size. As $\alpha$ grows, the first to break this is a root that reaches $z = -1$, where the
# path flips from side to side for ever. Put $z = -1$: then $2 + 2\beta = \alpha (1-\beta)\, c$, and so
#
# $$\alpha_{\max} = \frac{2\,(1 + \beta)}{c\,(1 - \beta)}.$$
#
# ### Exercise 9.3 · largest_stable_learning_rate (2 points)
#
# Return this limit for a number `curvature` above 0 and a number `beta` in [0, 1).
#
# *Worked number:* for curvature 4, plain descent ($\beta = 0$) has the limit 0.5. With $\beta = 0.5$ it is
# $2 \cdot 1.5 / (4 \cdot 0.5) = 1.5$.

# %% nbgrader={"grade": false, "grade_id": "largest_stable_learning_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def largest_stable_learning_rate(curvature, beta):
    """The learning rate up to which ``momentum_step`` settles on ½ curvature θ²: a number.

    For curvature 4 and beta 0.5 it is 1.5.
    """
    # BEGIN SOLUTION
    return 2 * (1 + beta) / (curvature * (1 - beta))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_largest_stable_learning_rate", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(largest_stable_learning_rate)

# %% nbgrader={"grade": false, "grade_id": "the_limit_is_real", "locked": true, "schema_version": 3, "solution": false, "task": false}
for beta in (0, 0.5, 0.9, 0.99):
    limit = largest_stable_learning_rate(30, beta)
    sizes = []
    for share in (0.99, 1.01):
        path = explore.roll(momentum_step, lambda w: 30 * w, 1.0, share * limit, beta, 500)
        sizes.append(abs(path[-1, 0]))
    print(f"β {beta:<4}  limit {limit:7.4f}, {limit * 15:3.0f} times the plain one;  "
          f"|θ| after 500 steps: 1 % below {sizes[0]:.0e}, 1 % above {sizes[1]:.0e}")  # fmt: skip

# %% [markdown]
# The formula holds to the percent. (With 0.99 it settles, but slowly; why, you will see soon.) And here is where the speed comes from: $\beta = 0.9$ allows a learning rate 19 times as large,
# $\beta = 0.99$ one 199 times as large. Steady directions profit from all of it.
#
# **Think.** Back to the tumours, where plain descent was not done after 20,000 updates. Each $\beta$ now gets 0.9 of its own
# limit. How many updates for 0.9, for 0.99, for 0.999?

# %% nbgrader={"grade": false, "grade_id": "done_at_last", "locked": true, "schema_version": 3, "solution": false, "task": false}
for beta in (0.9, 0.98, 0.99, 0.999):
    rate = 0.9 * largest_stable_learning_rate(bowl.curvatures[-1], beta)
    start = initialize_velocity({"w": bowl.slope})
    run = runs[f"β = {beta}"] = bowl.descend(with_momentum(rate, beta), start)
    first, last = explore.first_below(run), explore.stays_below(run)
    print(f"β {beta:<5}  learning rate {rate:6.3g}: below after {first:5,} updates, for good after {last:6,}")
alt = "Cost above the least one. Plain descent is not done at 20,000 updates; β 0.9, 0.99, 0.999 are at 3,058, 727, 6,722."
shown = {name: runs[name] for name in runs if name != "β = 0.98"}
show(explore.plot_progress(shown, "Memory pays, until there is too much of it"), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 3,058 with 0.9 and 727 with 0.99. But 0.999 needs 6,722, and the best of these is 0.98 with 595. The pale lines show that the
# cost swings: below *for good* come 3,058, 1,111 and 11,178. More memory is not always better.
#
# The derivation says why. The product of the two roots is $\beta$, so the larger one is at least $\sqrt\beta$: **no direction shrinks
# faster than by $\sqrt\beta$ per step**. For 0.9 that is 0.949, for 0.999 it is 0.9995, or 1,400 steps to halve. The best $\beta$
# for a bowl, in the long run, makes $\sqrt\beta = (\sqrt\kappa - 1)/(\sqrt\kappa + 1)$, with $\kappa$ the ratio of the curvatures.
# Here $\kappa$ is 100,000 and $\beta = 0.987$.
#
# </details>
#
# **Goal.** Find $\beta$ and a learning rate with which the path arrives in the ravine in at most 15 steps. The figure tells when you
# are there. Pull *step* to watch it run. How long does the habit, $\beta = 0.9$, take at best?

# %% nbgrader={"grade": false, "grade_id": "explore_ravine", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "With β 0.9 and learning rate 0.6 the path swings along and across the ravine and arrives only at step 80."
show(explore.plot_ravine(momentum_step, beta=0.9, learning_rate=0.6, step=40), alt=alt)
explore.explore_ravine(momentum_step)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# $\beta = 0.56$ with 0.2 arrives at step 13. (The formula says 0.48, for the long run.) With $\beta = 0.9$ it takes 71 steps at best,
# at 0.14. Plain descent with 0.06 takes 71 too. In a ravine this mild 0.9 is too much memory: a good first guess, not a law.
#
# </details>
#
# ## Overshooting
#
# **Think.** One parameter, $J = \frac12 \theta^2$, from $\theta = 1$ with learning rate 0.5. Plain descent halves $\theta$ in each
# step and never passes the minimum. What will a memory do there, where the slope is zero and the velocity is not?

# %% nbgrader={"grade": false, "grade_id": "overshooting", "locked": true, "schema_version": 3, "solution": false, "task": false}
swings = {f"β = {beta:g}": explore.roll(momentum_step, lambda w: w, 1.0, 0.5, beta, 120) for beta in (0, 0.5, 0.9, 0.99)}
for name, path in swings.items():
    print(f"{name:8} lowest {path.min():6.3f}, largest of the last 20 steps {np.abs(path[-20:]).max():.0e}")
alt = "θ against step: β 0 falls to 0; 0.5 dips a little below; 0.9 swings and fades; 0.99 swings widely to the end."
show(explore.plot_overshoot(swings), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# It carries $\theta$ past the minimum: to −0.478 for 0.9, to −0.8 for 0.99. The swing fades by $\sqrt\beta$ per step, so with 0.9 it is
# gone after 120 steps and with 0.99 it is not. Long waves in a training loss may mean this: too much memory.
#
# </details>
#
# <div class="alert alert-info">
#
# **Convention.** The average starts at 0, so the first step is only $(1 - \beta)\, \alpha\, g$, a tenth of a plain one for 0.9.
# Lesson 08 called this a bias, and corrected it. Momentum is not corrected: a slow start does no harm and fades after some
# $1/(1-\beta)$ steps. Adam, in lesson 10, is.
#
# </div>
#
# **A claim that goes round.** "Momentum rolls through local minima and so finds the global one." Here is a cost with a deep dip
# on the left and a shallow one on the right. We start at 401 places between −2 and 2.
#
# **Think.** Which share will end in the deep dip without memory, and which with $\beta = 0.9$?

# %% nbgrader={"grade": false, "grade_id": "two_dips", "locked": true, "schema_version": 3, "solution": false, "task": false}
deep, hump, shallow = explore.dips()
starts = np.linspace(-2, 2, 401)
for beta in (0, 0.9, 0.97):
    ends = explore.roll(momentum_step, explore.dips_slope, starts, 0.3, beta, 3000)[-1]
    found = ends < hump
    print(f"β {beta:<4}  in the deep dip {found.mean():.0%};  rescued from the shallow side {found[starts > hump].mean():.0%}, "
          f"lost from the deep side {(~found)[starts < hump].mean():.0%}")  # fmt: skip
alt = "A start at 1.8 rolls over the hump with β 0.9 and settles in the deep dip."
show(explore.plot_dips(momentum_step), alt=alt)
explore.explore_dips(momentum_step)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 56 % without memory, 67 % with 0.9. (The 2 % rescued without memory are single long jumps.) Of those that began on the shallow side 29 % are rescued, most are not. Of those that
# began on the deep side 3 % roll out of it and are lost; with 0.97 it is 8 %. Momentum knows nothing of other dips. Its velocity
# carries it into *another* one, sometimes a better one.
#
# </details>
#
# **Goal.** Set $\beta = 0.95$. Find a start on the deep side that is lost, and a start on the shallow side that is not rescued.
#
# <details><summary>What did you find?</summary>
#
# From −2 to −1.85 the walks are lost: they come down so fast that they roll over the hump. From 0.25 to 1.35 none is rescued.
#
# </details>
#
# ## The other form
#
# Older books and many libraries write momentum without the average:
#
# $$v \leftarrow \mu\, v - \alpha\, g, \qquad \theta \leftarrow \theta + v.$$
#
# The velocity is now the step itself. The learning rate is inside, and no $1 - \mu$ tames the gradient.
#
# **Find the error.** A post that goes round writes "momentum as in physics" with these two lines. Run them in the ravine.

# %% nbgrader={"grade": false, "grade_id": "posted", "locked": true, "schema_version": 3, "solution": false, "task": false}
def posted(params, dx, v, mu=0.9, learning_rate=0.01):
    v = {key: mu * v[key] + learning_rate * dx[key] for key in v}
    return {key: params[key] + v[key] for key in params}, v


path = walk(ravine, posted, zeros, 20)
print("height after 0, 5, 10, 20 steps:", *(f"{ravine.height(*path[i]):.3g}" for i in (0, 5, 10, 20)))

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# Both signs are plus, so it climbs. It is the old mistake `x += learning_rate * dx` with a memory. One minus, not none, and not two.
#
# </details>
#
# ### Exercise 9.4 · classical_momentum_step (3 points)
#
# The same dicts as in 9.2, the classical form: first the new velocity $v = \mu v - \alpha g$, then the parameter plus that. Return the
# tuple `(params, velocity)` of new dicts.
#
# *Worked number:* $\theta = 1$, $g = 2$, $v = 0.5$, $\alpha = 0.1$, $\mu = 0.9$. The new velocity is
# $0.9 \cdot 0.5 - 0.1 \cdot 2 = 0.25$, the new parameter $1.25$.

# %% nbgrader={"grade": false, "grade_id": "classical_momentum_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def classical_momentum_step(params, grads, velocity, learning_rate, mu=0.9):
    """One step of momentum in the classical form: a tuple (params, velocity) of new dicts.

    v = mu v - learning_rate g, then θ = θ + v.
    """
    # BEGIN SOLUTION
    velocity = {key: mu * velocity[key] - learning_rate * grads[key] for key in params}
    params = {key: params[key] + velocity[key] for key in params}
    return params, velocity
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_classical_momentum_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(classical_momentum_step)

# %% [markdown]
# **Think.** A long slope with the constant gradient 1, $\alpha = 0.1$, $\beta = \mu = 0.9$. How long does each form's step become in the
# end? And what happens when the learning rate is cut to a tenth?

# %% nbgrader={"grade": false, "grade_id": "two_forms", "locked": true, "schema_version": 3, "solution": false, "task": false}
def steps_taken(step, plan):
    params, velocity, sizes = {"w": np.zeros(1)}, {"w": np.zeros(1)}, []
    for rate in plan:
        moved, velocity = step(params, {"w": np.ones(1)}, velocity, rate, 0.9)
        sizes.append(abs(moved["w"][0] - params["w"][0]))
        params = moved
    return np.array(sizes)


forms = {"average": (momentum_step, 0.1), "classical": (classical_momentum_step, 0.1), "classical, 0.01": (classical_momentum_step, 0.01)}
for name, (step, rate) in forms.items():
    sizes = steps_taken(step, [rate] * 100 + [rate / 10] * 20)
    print(f"{name:16} first {sizes[0]:.3f}, 100th {sizes[99]:.3f};  rate cut: next {sizes[100]:.4f}, 20 later {sizes[-1]:.4f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The average form ends at $\alpha g = 0.1$. The classical one ends at $\alpha g / (1 - \mu) = 1$, its **terminal velocity**: ten times as much.
# With the learning rate $\alpha (1 - \mu) = 0.01$ it takes the same steps as the average form, number for number. They part only when the rate changes: the average
# form slows down at once (0.01), the classical one has the old rate in its velocity and slows down over many steps (0.091).
#
# </details>
#
# <div class="alert alert-info">
#
# **Convention.** Three forms go round. Ask which one a learning rate belongs to: 0.1 in one is 0.01 in another.
# - *average*, graded in 9.2: $v = \beta v + (1-\beta) g$, $\theta = \theta - \alpha v$. Its steps are as long as plain ones.
# - *classical*, graded in 9.4: $v = \mu v - \alpha g$, $\theta = \theta + v$. Keras and Caffe do this.
# - *PyTorch*: $v = \mu v + g$, $\theta = \theta - \alpha v$. Steps as long as the classical ones, but a cut in the rate acts at once. `dampening=0.9`
#   there makes it the average form, after the first step.
#
# </div>
#
# **Think.** What is the largest stable learning rate of the classical form?
#
# <details><summary>Answer</summary>
#
# Its rate is the average form's times $1 - \mu$, so the limit is $2 (1 + \mu) / c$: not even twice that of plain descent.
#
# </details>
#
# ## Look ahead
#
# Momentum will carry $\theta$ by $\mu v$, whatever the gradient says. So why ask for the gradient *here*? Yurii Nesterov asks for
# it where the memory will put us. If that is up the other wall, the gradient there already says so.

# %% nbgrader={"grade": false, "grade_id": "look_ahead", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = (
    "Two panels in a ravine. Classical: the gradient is taken at θ, on the upper wall, and pushes further down. "
    "Nesterov: taken at the end of the carried step, on the lower wall, it pushes back up."
)
show(explore.plot_look_ahead(), alt=alt)

# %% [markdown]
# $$v \leftarrow \mu\, v - \alpha\, \nabla J(\theta + \mu v), \qquad \theta \leftarrow \theta + v.$$
#
# ### Exercise 9.5 · nesterov_step (4 points)
#
# `gradient` is a function: `gradient(params)` takes a dict with the keys and shapes of `params` and returns the dict of gradients there. Move *all*
# arrays ahead by $\mu v$ with the old velocity, in a new dict, and ask for the gradients at that place. The new velocity is then
# added to `params`, not to the place ahead. Return the tuple `(params, velocity)` of new dicts.
#
# *Worked number:* $\theta = 1$, $v = 0.5$, $\alpha = 0.1$, $\mu = 0.9$ and the gradient $2\theta$. The place ahead is $1.45$, the gradient there $2.9$. The
# new velocity is $0.45 - 0.29 = 0.16$, the new parameter $1.16$.

# %% nbgrader={"grade": false, "grade_id": "nesterov_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nesterov_step(params, gradient, velocity, learning_rate, mu=0.9):
    """One step of Nesterov's method: a tuple (params, velocity) of new dicts.

    v = mu v - learning_rate ∇J(θ + mu v), then θ = θ + v. ``gradient(params)`` gives a dict of gradients.
    """
    # BEGIN SOLUTION
    ahead = {key: params[key] + mu * velocity[key] for key in params}
    return classical_momentum_step(params, gradient(ahead), velocity, learning_rate, mu)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_nesterov_step", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(nesterov_step)

# %% [markdown]
# <div class="alert alert-info">
#
# **Convention.** Libraries keep the place ahead in the place of $\theta$: then one gradient per step at the stored parameters will
# do, and the formula looks different, in PyTorch and in Keras. The path is the same, seen from $\mu v$ ahead. Mixing both, the
# formula with the stored place and the plain place, is the usual mistake; calling the classical form "Nesterov" is another.
#
# </div>
#
# **Goal.** At $\mu = 0.9$ find the learning rate at which Nesterov does not swing across the ravine at all. Then one at which it runs away
# while the classical form still arrives. Pull *step* to watch.

# %% nbgrader={"grade": false, "grade_id": "nesterov_against_momentum", "locked": true, "schema_version": 3, "solution": false, "task": false}
race = explore.look_ahead_paths(classical_momentum_step, nesterov_step, 0.9, 0.03)
for name, path in race.items():
    print(f"{name:9} arrives at step {explore.arrival(ravine, path)}, overshoots by {path[:, 0].max():.2f}, "
          f"across after 5 steps {np.abs(path[5:, 1]).max():.2f}")  # fmt: skip
alt = "Classical momentum swings across and runs 1.52 past the minimum; Nesterov glides along the floor and runs 1.11 past it."
show(explore.plot_race(classical_momentum_step, nesterov_step, 0.9, 0.03, None), alt=alt)
explore.explore_race(classical_momentum_step, nesterov_step)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# At $1/30 = 0.033$ the place ahead gets a gradient step that lands on the floor: across the ravine Nesterov is there in one step, and stays. But its limit is
# lower. The same derivation as above gives $\alpha_{\max} = \frac{2 (1 + \mu)}{c\,(1 + 2\mu)}$, 0.045 here, against 0.127 for
# the classical form. At 0.06 it runs away.
#
# </details>
#
# Which is better, then? Let both have 0.9 of their own limit on the tumours.

# %% nbgrader={"grade": false, "grade_id": "who_wins", "locked": true, "schema_version": 3, "solution": false, "task": false}
def with_nesterov(learning_rate, mu):
    def step(params, grads, velocity):
        return nesterov_step(params, bowl.gradient, velocity, learning_rate, mu)

    return step


for mu in (0.9, 0.98, 0.99, 0.995):
    limit = largest_stable_learning_rate(bowl.curvatures[-1], mu) * (1 - mu)
    start = initialize_velocity({"w": bowl.slope})
    classical = bowl.descend(with_momentum(0.9 * limit / (1 - mu), mu), start)
    ahead = bowl.descend(with_nesterov(0.9 * limit / (1 + 2 * mu), mu), start)
    counts = [explore.first_below(run) for run in (classical, ahead)]
    print(f"μ {mu:<5}  below the goal: classical after {counts[0]:5,} updates, Nesterov after {counts[1]:5,}")

# %% [markdown]
# On this bowl the classical form wins wherever the memory is short, because it may take larger steps: 3,058 against 8,563. With a long memory, 0.995,
# Nesterov damps the waves and wins: 733 against 1,342. Each at its best of these four, 595 against 733. Nesterov's method is famous for a proof: on
# smooth convex costs no method that only asks for gradients can guarantee a better order of convergence. A guarantee for the worst case is no promise for yours.
#
# ## A network, and noise
#
# Last, a network with 64 hidden units on 4,000 pictures of clothes, in batches of 64, whose gradients are noisy. The step has to
# keep its velocity between calls:

# %% nbgrader={"grade": false, "grade_id": "on_a_network", "locked": true, "schema_version": 3, "solution": false, "task": false}
def remembering(params, learning_rate, beta):
    velocity = initialize_velocity(params)

    def step(params, grads):
        nonlocal velocity
        params, velocity = momentum_step(params, grads, velocity, learning_rate, beta)
        return params

    return step


rates, fashion = (0.03, 0.1, 0.4, 0.8), load_fashion()

# %% [markdown]
# **Think.** Three epochs, three seeds, $\beta$ of 0, 0.9 and 0.99, four learning rates. Where will momentum gain nothing? Where most?

# %% nbgrader={"grade": false, "grade_id": "network_sweep", "locked": true, "schema_version": 3, "solution": false, "task": false}
found = explore.sweep(remembering, fashion, (0, 0.9, 0.99), rates)
for beta, table in found.items():
    print(f"β {beta:<4} ", *(f" rate {rate:<4} {row.mean():.3f} ± {row.std():.3f}" for rate, row in zip(rates, table, strict=True)))
alt = "Dev accuracy by learning rate. At 0.03 β 0 and 0.9 agree near 0.72; at 0.8 β 0 falls to 0.21, β 0.9 stays at 0.79."
show(explore.plot_sweep(rates, found), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# At 0.03 nothing: 0.714 against 0.717, well within the noise of 1,000 pictures (0.014). At 0.8 plain descent fails with 0.208 and
# $\beta = 0.9$ reaches 0.785. Each at its best rate, 0.752 against 0.795: some four points, with three seeds. And 0.99 is worse than 0.9 at all
# four: 189 updates are few for a memory of 100. You pay with one more array per parameter and one more number to choose.
#
# </details>

# %%
# Your playground: other memories, other rates.
mine = explore.sweep(remembering, fashion, (0.8,), (0.4,), seeds=1)
print(mine)

# %% [markdown]
# ## Summary
#
# - The velocity is a fading average of gradients: what alternates cancels, what is steady stays.
# - At the same learning rate the average form is calmer, not faster. Speed comes from the larger rate it allows: $(1 + \beta)/(1 - \beta)$ times.
# - Nothing shrinks faster than by $\sqrt\beta$ per step. Too much memory swings, and is slow.
# - With 0.9, the same $\alpha$ makes steps ten times as long in the classical form and PyTorch's as in the average form.
# - Nesterov asks for the gradient ahead. It damps better and allows smaller steps.
# - Momentum finds no global minima. On small rates it gains nothing.
#
# ## On your own
#
# 1. Correct the velocity as in lesson 08, $v / (1 - \beta^t)$. Which of the runs above change, and by how much?
# 2. Let $\mu$ grow from 0.5 to 0.99 on the tumours. Do you beat 595 updates?
# 3. Set the velocity to zero whenever the cost rises (a *restart*). Try it with $\beta = 0.999$.
#
# ## Further reading
#
# - B. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964: the heavy ball.
# - Y. Nesterov, *Introductory Lectures on Convex Optimization*, 2004: the look ahead, and the guarantee.
# - I. Sutskever, J. Martens, G. Dahl, G. Hinton, *On the importance of initialization and momentum in deep learning*, 2013.
# - G. Goh, [*Why momentum really works*](https://distill.pub/2017/momentum/), 2017: the two roots, drawn.
# - B. O'Donoghue, E. Candès, *Adaptive restart for accelerated gradient schemes*, 2015.

# %%
progress()
