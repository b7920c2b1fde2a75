# %% [markdown]
# # Average a stream of values
#
# Losses, gradients and temperatures arrive one at a time, and each is noisy. An exponentially weighted average follows them
# with a single number of memory. Momentum, RMSprop, Adam and batch normalization are all built on it, so this lesson takes it
# apart before they use it.
#
# **What you will do.** Write the average in one line, run it over real weather, find out which days it remembers, mend its
# start, and measure what it costs.
#
# **What you will learn.**
# - what β does, and why a large β follows *slowly*
# - why the average starts near zero, and how dividing by the sum of the weights mends it
# - what "about 10 days" means for β = 0.9, and what it does not mean
# - how lag, smoothness and outliers hang together, and when not to average
#
# **What you need.** NumPy and geometric series. The network of lesson 00 appears at both ends.
# **Time.** About 70 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_weather
from coursekit.explorations import exponentially_weighted_averages as explorations
from coursekit.plots import show, use_course_style

begin("08-exponentially-weighted-averages")
use_course_style()

# %% [markdown]
# ## A curve that lies
#
# A network trains on 4,000 pictures of clothes. Each of its 250 updates reports the loss of its batch, and because the
# batches differ, the losses jump. A dashboard draws a smooth curve through them.

# %% nbgrader={"grade": false, "grade_id": "dashboard", "locked": true, "schema_version": 3, "solution": false, "task": false}
losses = explorations.training_losses()
print("first five losses:", np.round(losses[:5], 2), "  mean of the last 25:", round(losses[-25:].mean(), 2))
alt = (
    "Grey batch losses fall from 2.6 to about 0.7. The dashboard's smooth curve starts at 0.05, climbs to 0.97 "
    "at update 99 and only then falls."
)
show(explorations.plot_dashboard(), alt=alt)

# %% [markdown]
# The losses fall from the first update on, from 2.56 to about 0.72. The smooth curve starts at 0.05 and rises for
# 98 updates. Whoever looks at it alone stops a healthy training. The formula behind it is the right one for this lesson, and
# it is used everywhere; it lacks one division. By the end you will have found it.
#
# We leave the network for a while and take something everybody has a feeling for.

# %% nbgrader={"grade": false, "grade_id": "weather", "locked": true, "schema_version": 3, "solution": false, "task": false}
weather = load_weather("seattle")
T = weather.mean_temperature
print(f"{len(T)} days in Seattle, {weather.dates[0]} to {weather.dates[-1]}; the first five:", T[:5], "°C")
parameters = 784 * 64 + 64 + 64 * 10 + 10
print(f"the network has {parameters:,} parameters: one gradient takes {8 * parameters / 1e6:.1f} MB, "
      f"fifty take {50 * 8 * parameters / 1e6:.0f} MB")

# %% [markdown]
# ## One number instead of fifty
#
# How warm is it these days? The mean of the last ten days would answer, but it needs all ten of them. For temperatures that
# is nothing. For gradients it is much: the last fifty gradients of that small network take 20 MB, fifty times as much as
# the network itself.
#
# So keep a single value $v$. Each day, let it keep a share $\beta$ of itself and take the rest from the new value:
#
# $$v_t = \beta\, v_{t-1} + (1 - \beta)\, \theta_t, \qquad v_0 = 0.$$
#
# The two shares add up to 1, so $v$ stays on the scale of the values.
#
# ### Exercise 8.1 · ewa_update (1 point)
#
# Return the new average. `v` and `value` are two numbers, or two arrays of the same shape (all gradients of a layer, say);
# they stay as they are. With β = 0.9, $v$ = 10 and a new value of 20 it is $0.9 \cdot 10 + 0.1 \cdot 20 = 11$.
#
# <div class="alert alert-info">
#
# **Convention.** Here β is the share of the *old* value, 0.9 or more as a rule. TensorBoard's smoothing slider and the
# `momentum` of batch normalization in Keras mean the same. The `alpha` of pandas, and the `momentum` of batch normalization in
# PyTorch, are the share of the *new* value, $1 - \beta$. Some books write $v = \beta v + \theta$ without the $1 - \beta$: then
# $v$ grows to about $1/(1-\beta)$ times the values. Both are in use; this lesson has the $1 - \beta$.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "ewa_update", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ewa_update(v, value, beta):
    """One step of the average: the share ``beta`` of ``v``, the rest of ``value``; numbers or arrays of one shape.

    For v = 10, value = 20 and beta = 0.9 it is 11.0.
    """
    # BEGIN SOLUTION
    return beta * v + (1 - beta) * value
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_ewa_update", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(ewa_update)

# %% nbgrader={"grade": false, "grade_id": "first_days", "locked": true, "schema_version": 3, "solution": false, "task": false}
for beta in (0.9, 0.1):
    v = 0.0
    for day, value in enumerate(T[:4], start=1):
        v = ewa_update(v, value, beta)
        print(f"beta {beta}: day {day} {value:5.2f} °C, average {v:.2f} °C")

# %% [markdown]
# With β = 0.9 the first day of 8.9 °C gives an average of 0.89 °C. That is the dashboard's trouble; keep it in mind. With
# β = 0.1 the average is close to the day from the start, but then it hardly is an average.
#
# ## A whole series
#
# ### Exercise 8.2 · ewa (3 points)
#
# Run the update over a series and keep every $v_t$. `values` is an array whose axis 0 is time: `(m,)` for one series,
# `(m, n)` for $n$ series side by side, each with an average of its own, and so on. The result is an array of the same shape.
# For `[10, 20, 30]` with β = 0.9 it is `[1.0, 2.9, 5.61]`. Series are long and β may be small, even 0: formulas that
# divide by $\beta^t$ do not survive that.

# %% nbgrader={"grade": false, "grade_id": "ewa", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ewa(values, beta):
    """The averages v_t = beta v_(t-1) + (1 - beta) values_t along axis 0, from v_0 = 0: an array like ``values``.

    For [10, 20, 30] and beta = 0.9 it is [1.0, 2.9, 5.61].
    """
    # BEGIN SOLUTION
    v, averages = 0.0, []
    for value in values:
        v = ewa_update(v, value, beta)
        averages.append(v)
    return np.array(averages)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_ewa", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(ewa)

# %% [markdown]
# **Think.** Three averages of the temperatures, with β = 0.5, 0.9 and 0.98. Larger β, larger share of the past. Which of the
# three follows a warm spell fastest? Which one is smooth, and what will be wrong with its summer? Decide, then run.

# %% nbgrader={"grade": false, "grade_id": "three_betas", "locked": true, "schema_version": 3, "solution": false, "task": false}
curves = {f"β = {beta}": ewa(T, beta) for beta in (0.5, 0.9, 0.98)}
two = slice(0, 730)
alt = (
    "Two years of daily temperatures with three averages. Beta 0.5 follows nearly every day, 0.9 is smoother, 0.98 is very "
    "smooth, starts near 0, and its summers are lower and come weeks later."
)
title = "A larger β is smoother, and later"
show(explorations.plot_temperatures(weather.dates[two], T[two], {k: c[two] for k, c in curves.items()}, title), alt=alt)
for name, curve in {"the days": T, **curves}.items():
    summer = curve[366:731]
    print(f"{name:8}  highest of 2013: {summer.max():.1f} °C on {weather.dates[366 + summer.argmax()]}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# β = 0.5 follows fastest: half of what it says is from today. A *larger* β follows more slowly. With 0.98 the curve is smooth,
# but its summer of 2013 reaches 19.3 °C where the days reach 25.5 °C, and its warmest day is 12 September.
#
# </details>
#
# Time is axis 0; what stands side by side along the other axes are series of their own. Here are the daily maximum and
# minimum in one array of shape `(1461, 2)`.

# %% nbgrader={"grade": false, "grade_id": "two_series", "locked": true, "schema_version": 3, "solution": false, "task": false}
both = np.column_stack([weather.max_temperature, weather.min_temperature])
averages = ewa(both, 0.9)
print("shapes:", both.shape, averages.shape)
print("30 June 2012: max and min", both[181], " averages", np.round(averages[181], 2))
print("the same as one at a time:", np.allclose(averages[:, 0], ewa(both[:, 0], 0.9)))

# %% [markdown]
# ## Which days does it remember?
#
# $v_t$ looks like a sum of two terms. Put $v_{t-1}$ in, then $v_{t-2}$, and so on, until $v_0 = 0$ is left:
#
# $$v_t = (1-\beta)\,\theta_t + (1-\beta)\beta\,\theta_{t-1} + (1-\beta)\beta^2\,\theta_{t-2} + \dots + (1-\beta)\beta^{t-1}\,\theta_1.$$
#
# So $v_t$ is a weighted sum of *all* values so far. A value that is $k$ days old has the weight $(1-\beta)\beta^k$. The weights
# fall exponentially, hence the name.
#
# ### Exercise 8.3 · ewa_weights (3 points)
#
# Return the weights that `ewa` gives to the last `n` values, an array of shape `(n,)`: the oldest first, the newest last, as
# the values stand in a series. They are not normalised. For β = 0.9 and $n$ = 3 they are `[0.081, 0.09, 0.1]`. β = 0 is
# fine: only the newest value counts.

# %% nbgrader={"grade": false, "grade_id": "ewa_weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ewa_weights(beta, n):
    """The weights of the last ``n`` values in an exponentially weighted average, shape (n,), the newest last.

    For beta = 0.9 and n = 3 they are [0.081, 0.09, 0.1].
    """
    # BEGIN SOLUTION
    age = np.arange(n)[::-1]
    return (1 - beta) * beta**age
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_ewa_weights", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(ewa_weights)

# %% nbgrader={"grade": false, "grade_id": "weights_are_the_average", "locked": true, "schema_version": 3, "solution": false, "task": false}
for n in (1, 3, 30, 1461):
    weights = ewa_weights(0.9, n)
    print(f"day {n:4}: weights @ values {weights @ T[:n]:8.5f}, ewa {ewa(T, 0.9)[n - 1]:8.5f}, sum of weights {weights.sum():.5f}")
alt = "Weights against age. Beta 0.5 starts at 0.5 and is gone after a week, 0.9 starts at 0.1, 0.98 at 0.02 and is nearly flat."
show(explorations.plot_weights(ewa_weights), alt=alt)

# %% [markdown]
# Weights times values gives `ewa`, to the last digit. And look at the last column: on day 1 the weights add up to 0.1 and not
# to 1. An average whose weights add up to 0.1 is too small by a factor of 10.
#
# ## Mend the start
#
# How much is missing? The weights of the first $t$ values are a geometric series:
#
# $$(1-\beta)\,(1 + \beta + \beta^2 + \dots + \beta^{t-1}) = 1 - \beta^t.$$
#
# The rest, $\beta^t$, is the weight of $v_0 = 0$. Nobody measured that zero. Divide by the sum of the weights, and what comes
# out is a true weighted mean of the values that were seen:
#
# $$\hat v_t = \frac{v_t}{1 - \beta^t}, \qquad t = 1, 2, 3, \dots$$
#
# ### Exercise 8.4 · ewa_bias_corrected (4 points)
#
# Return all $\hat v_t$, an array of the shape of `values`, time along axis 0. The first value has $t = 1$. For `[10, 20, 30]`
# with β = 0.9 the first is $1 / 0.1 = 10$, the second $2.9 / 0.19 = 15.26$. A constant series stays what it is.
#
# The correction is for reading only: $v_t$ itself goes on uncorrected.

# %% nbgrader={"grade": false, "grade_id": "ewa_bias_corrected", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ewa_bias_corrected(values, beta):
    """The averages of ``ewa``, each divided by 1 - beta**t, t = 1, 2, ... along axis 0: an array like ``values``.

    For [10, 20, 30] and beta = 0.9 it is [10.0, 15.263, 20.701].
    """
    # BEGIN SOLUTION
    averages = ewa(values, beta)
    t = np.arange(1, len(averages) + 1)
    return (averages.T / (1 - beta**t)).T
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_ewa_bias_corrected", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(ewa_bias_corrected)

# %% nbgrader={"grade": false, "grade_id": "day_one", "locked": true, "schema_version": 3, "solution": false, "task": false}
print(f"day 1: {T[0]} °C, uncorrected {ewa(T, 0.9)[0]:.2f} °C, corrected {ewa_bias_corrected(T, 0.9)[0]:.1f} °C")
for beta in (0.9, 0.98, 0.999):
    gap = np.abs(ewa(np.ones(9000), beta) - 1)
    print(f"beta {beta}: the start is 1 % off or less from day {np.argmax(gap <= 0.01) + 1} on")

# %% [markdown]
# 0.89 °C becomes 8.9 °C. And the correction fades by itself: $1 - \beta^t$ goes to 1. With β = 0.9 it is done after 44 days.
# With 0.999, which Adam uses, it takes 4,603 steps, more than a short training has.
#
# **Think.** Why bother with zero at all, and not start at the first value, $v_1 = \theta_1$? That is correct on day 1. What
# is the weight of day 1 then, some days later?
#
# **Goal.** Find the smallest β for which the start from zero is more than 0.5 °C off on at least 50 of the first 200 days.
# Then compare the other two curves around day 20.

# %% nbgrader={"grade": false, "grade_id": "starts", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = (
    "The first 200 days with beta 0.98. The start from zero begins at 0.2 degrees and is too low for 150 days. The corrected "
    "curve is in the middle of the days from the start. The one from the first value, 8.9, stays too high for weeks."
)
day_20 = [ewa(T, 0.98)[19], ewa_bias_corrected(T, 0.98)[19], T[0] + ewa(T - T[0], 0.98)[19]]
print("day 20: from zero {:.1f}, corrected {:.1f}, from the first value {:.1f} °C;".format(*day_20), end=" ")
print(f"the mean of the 20 days is {T[:20].mean():.1f} °C")
show(explorations.plot_start(ewa, ewa_bias_corrected), alt=alt)
explorations.explore_start(ewa, ewa_bias_corrected)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Started at $\theta_1$, day 1 keeps the weight $\beta^{t-1}$ instead of $(1-\beta)\beta^{t-1}$: with β = 0.98 fifty times as
# much. That one mild New Year's Day holds the curve up for weeks: on day 20 it says 7.0 °C after twenty days with a mean of
# 3.7 °C. The corrected curve treats day 1 like any other and says 3.3 °C.
# The goal is reached at β = 0.96.
#
# </details>
#
# <div class="alert alert-info">
#
# **Convention.** Four starts are in use. From zero, uncorrected: `ewa` here, and momentum. From zero, corrected:
# `ewa_bias_corrected` here, Adam, and the default of pandas, `ewm(adjust=True)`. From the first value: pandas with
# `adjust=False`. From one: the running variance of batch normalization. Do one thing at a time: whoever starts at the first
# value *and* divides by $1 - \beta^t$ gets ten times too much on day 1.
#
# </div>
#
# **Find the error.** A colleague's version stores less: "I correct $v$ at once, then I need not keep two numbers."

# %% nbgrader={"grade": false, "grade_id": "corrected_and_fed_back", "locked": true, "schema_version": 3, "solution": false, "task": false}
def colleague(values, beta):
    v, averages = 0.0, []
    for t, value in enumerate(values, start=1):
        v = (beta * v + (1 - beta) * value) / (1 - beta**t)
        averages.append(v)
    return np.array(averages)


print("five days of 10 °C each:", np.round(colleague(np.full(5, 10.0), 0.9), 1))

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# Day 1 is right, day 2 is 52.6 °C. The corrected value goes back into the recursion, where it is corrected again, and again.
# $v_t$ must go on as it is; $\hat v_t$ is computed beside it and thrown away.
#
# </details>
#
# ## How long is the memory?
#
# The curve with β = 0.9 is said to average over "about ten days", the one with 0.98 over "about fifty". Where does that
# come from? The newest value has the weight $1 - \beta$. If all weights were that large, $1/(1-\beta)$ of them would add up
# to 1.
#
# ### Exercise 8.5 · effective_window (2 points)
#
# Return $1 / (1 - \beta)$. β = 0 is fine and gives 1. Outside $[0, 1)$ there is no such average: raise a `ValueError` that names
# the argument and the value, for β = 1 too.

# %% nbgrader={"grade": false, "grade_id": "effective_window", "locked": false, "schema_version": 3, "solution": true, "task": false}
def effective_window(beta):
    """About how many values the average looks back on: 1 / (1 - beta). ``ValueError`` outside [0, 1).

    For beta = 0.9 it is 10.
    """
    # BEGIN SOLUTION
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), got {beta}")
    return 1 / (1 - beta)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_effective_window", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(effective_window)

# %% nbgrader={"grade": false, "grade_id": "windows", "locked": true, "schema_version": 3, "solution": false, "task": false}
for beta in (0.5, 0.9, 0.98, 0.999):
    days = round(effective_window(beta))
    inside, edge = ewa_weights(beta, days).sum(), beta**days
    print(f"beta {beta:<5}: {days:4} days hold {inside:.0%} of the weight; the next day back weighs {edge:.2f} of today")

# %% [markdown]
# **Find the error.** From a slide that goes round: "With β = 0.9 the average is taken over exactly the last 10 days. What
# happened before that no longer counts. With β = 0.98 it is the last 50 days, with β = 0.5 the last 2."
#
# <details><summary>What is wrong with it?</summary>
#
# There is no edge. The last ten days hold 65 % of the weight, so 35 % belongs to older ones, and the eleventh day back still weighs
# 0.35 of today. $1/(1-\beta)$ is the age at which a weight has fallen to about $1/e$ = 0.37 of the newest one. "About 10,
# 50 and 2 days" is good for choosing β, and bad as a description of what is in the average.
#
# </details>
#
# ### Exercise 8.6 · half_life (2 points)
#
# A second measure needs no "about": after how many steps has a value's weight fallen to half? Solve $\beta^h = \frac{1}{2}$:
#
# $$h = \frac{\ln \frac{1}{2}}{\ln \beta}.$$
#
# Return it without rounding, for $0 < \beta < 1$. For β = 0.9 it is 6.579, for β = 0.5 exactly 1.

# %% nbgrader={"grade": false, "grade_id": "half_life", "locked": false, "schema_version": 3, "solution": true, "task": false}
def half_life(beta):
    """The number of steps after which a value's weight has halved, not rounded; 0 < beta < 1.

    For beta = 0.9 it is 6.579.
    """
    # BEGIN SOLUTION
    return np.log(0.5) / np.log(beta)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_half_life", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(half_life)

# %% [markdown]
# The half-life says more: since the sum of the last $h$ weights is $1 - \beta^h$, half of *all* weight lies within one half-life,
# a quarter in the next, and so on.
#
# **Goal.** You want half of the weight on the last seven days. Find β with the slider. Then look at the share inside the window
# while you move β from one end to the other: how much does it change?

# %% nbgrader={"grade": false, "grade_id": "memory", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = (
    "Left: bars of the weights for beta 0.9, fading without an edge; the window of 10 days is shaded. "
    "Right: half of the weight lies within 6.6 days, 65 percent within 10."
)
show(explorations.plot_memory(ewa_weights, effective_window, half_life), alt=alt)
explorations.explore_memory(ewa_weights, effective_window, half_life)

# %% [markdown]
# <details><summary>Answer</summary>
#
# $\beta = 2^{-1/7} = 0.906$. The share inside the window goes from 75 % at β = 0.5 to 64 % at 0.98, and tends to
# $1 - 1/e$ = 63 %.
#
# </details>
#
# <div class="alert alert-info">
#
# **Convention.** Several numbers are called the length of the memory. For β = 0.9: window $1/(1-\beta)$ = 10 · time constant
# $-1/\ln\beta$ = 9.5 · mean age $\beta/(1-\beta)$ = 9 · half-life 6.6 · span, in pandas, $(1+\beta)/(1-\beta)$ = 19. Each
# answers another question. When you read "an average of 20 days", ask which one is meant.
#
# </div>
#
# ## Smooth or late
#
# A value in the average is $\beta/(1-\beta)$ steps old in the mean: 9 days for 0.9, 49 for 0.98. So the average tells of
# that many days ago. On a straight line this is exact.
#
# **Think.** On a yearly wave, will the lag of β = 0.98 be 49 days as well?

# %% nbgrader={"grade": false, "grade_id": "lag", "locked": true, "schema_version": 3, "solution": false, "task": false}
for beta in (0.5, 0.9, 0.98):
    line = np.arange(5000.0)
    on_line = line[-1] - ewa_bias_corrected(line, beta)[-1]
    lag, change = explorations.lag_and_change(ewa_bias_corrected, T, beta)
    print(f"beta {beta:<4}: lag on a line {on_line:4.1f}, on the year {lag:4.1f} days; change a day {change:.2f} °C")
print(f"the days themselves change by {explorations.daily_change(T[365:]):.2f} °C")

# %% [markdown]
# <details><summary>Answer</summary>
#
# No, it is 40.5 days. On a line every old value delays. On a wave, those from another season cancel each other instead, and
# the wave gets flatter. With β = 0.9 hardly any weight reaches that far: the lag is 8.9 days, as on a line.
#
# </details>
#
# The gain is smoothness: from 1.49 °C a day to 0.21 °C with β = 0.9 and 0.07 °C with 0.98. Every bit of it is paid for with
# lag.
#
# **Goal.** Try to find a β whose average changes by less than 0.15 °C a day, a tenth of what the days do, and lags less
# than a week: the shaded corner.

# %% nbgrader={"grade": false, "grade_id": "trade", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = (
    "Left: the year 2013 with the average for beta 0.9. Right: change a day against lag. The curve falls steeply until "
    "beta 0.9, 0.21 degrees and 9 days, and is nearly flat from there on. It passes by the shaded goal."
)
show(explorations.plot_trade(ewa_bias_corrected), alt=alt)
explorations.explore_trade(ewa_bias_corrected)

# %% [markdown]
# <details><summary>Answer</summary>
#
# There is none. A lag below a week needs β of 0.87 or less, and that changes by 0.26 °C a day; a tenth needs β = 0.94 and 15 days.
# β slides along the curve, and nothing in this formula leaves it.
#
# </details>
#
# ### Does it forecast?
#
# A smooth curve looks wise. Take today's average as a forecast for tomorrow, and compare it with "the same as today"
# (β = 0).
#
# **Think.** For which of temperature, rain and wind will averaging help?

# %% nbgrader={"grade": false, "grade_id": "forecast", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name in ("mean_temperature", "precipitation", "wind"):
    x = getattr(weather, name)
    errors = [np.sqrt(np.mean((x[1:] - ewa_bias_corrected(x, beta)[:-1]) ** 2)) for beta in (0.0, 0.5, 0.9, 0.98)]
    print(f"{name:17} error of the next day, beta 0 / 0.5 / 0.9 / 0.98:", "  ".join(f"{e:.2f}" for e in errors))

# %% [markdown]
# For temperatures it does not help: 1.92 °C without averaging, 2.63 °C with β = 0.9. Tomorrow is like today, and lag costs
# more than noise. For rain it helps: the error falls from 7.85 to 6.49 mm, since one wet day says little about the next. Averaging pays
# where noise is larger than what really changes. The noise of mini-batches is such a case.
#
# ## A broken reading
#
# On 1 July 2013 somebody writes down ten times the temperature.
#
# **Think.** Which β suffers most on that day? Which one three weeks later?

# %% nbgrader={"grade": false, "grade_id": "outlier", "locked": true, "schema_version": 3, "solution": false, "task": false}
day = 547
broken = T.copy()
broken[day] *= 10
curves = {f"β = {b}": ewa_bias_corrected(broken, b) - ewa_bias_corrected(T, b) for b in (0.5, 0.9, 0.98)}
curves["median of 9 days"] = explorations.running_median(broken, 9) - explorations.running_median(T, 9)
for name, c in curves.items():
    print(f"{name:16}: {c.max():5.1f} °C at most, above 0.5 °C on {np.sum(c > 0.5):3} days, sum of errors {c.sum():.0f}")
alt = "Error after the broken reading: 112 degrees for beta 0.5, below half a degree after 8 days; 4.5 for 0.98, for months."
show(explorations.plot_outlier(curves, day), alt=alt)

# %% [markdown]
# On the day itself β = 0.5 suffers most: half of the error is in it. After 19 days 0.98 is the worst of the three, and stays
# so for months. All weights add up to 1, so the errors of each β add up to the same sum, the error of the reading. An average
# never throws anything away. A median does, and so does a check of the readings.
#
# A missing reading is worse. What does a single nan do?

# %% nbgrader={"grade": false, "grade_id": "missing", "locked": true, "schema_version": 3, "solution": false, "task": false}
hole = T.copy()
hole[day] = np.nan
for beta in (0.5, 0.98):
    print(f"beta {beta}: {np.isnan(ewa(hole, beta)).sum()} of {len(T)} averages are nan")

# %% [markdown]
# From that day on nothing comes back, with any β, because β times nan is nan. Plotting programs leave nan out of a line
# without a word. A dashboard that skips nan when it smooths is worse: the curve goes on as if the training were healthy.
#
# ## Back to the network
#
# **Think.** The losses of the opening, with your two functions. What will the corrected curve say about the first 98 updates?

# %% nbgrader={"grade": false, "grade_id": "dashboard_mended", "locked": true, "schema_version": 3, "solution": false, "task": false}
curves = {"smoothed from zero": ewa(losses, 0.98), "corrected": ewa_bias_corrected(losses, 0.98)}
for name, curve in curves.items():
    print(f"{name:18}: update 1 {curve[0]:.2f}, update 10 {curve[9]:.2f}, update 99 {curve[98]:.2f}, last {curve[-1]:.2f}")
print(f"mean loss of the updates 90 to 108: {losses[89:108].mean():.2f}")
fig = explorations.plot_losses(losses, curves)
fig.axes[0].set_title("Divided by 1 - β^t, the smoothed loss falls from the start")
show(fig, alt="The corrected curve falls from 2.56; the uncorrected one rises from 0.05, and they meet after about 200 updates.")

# %% [markdown]
# The curve falls from the start, and what it took was one division. It is still late: at update 99 it says 1.12, and the
# losses around there are 1.00 in the mean.
#
# And gradients? Here are 400 gradients of random batches of 16 digits, at one place in the space of the parameters. We know
# the gradient of all digits, so we can measure the noise.

# %% nbgrader={"grade": false, "grade_id": "gradients", "locked": true, "schema_version": 3, "solution": false, "task": false}
gradients, exact = explorations.batch_gradients()
averages = ewa_bias_corrected(gradients, 0.9)[50:]


def noise(estimates):
    return np.sqrt(np.mean(np.sum((estimates - exact) ** 2, axis=1))) / np.linalg.norm(exact)


means = {n: gradients[: 400 // n * n].reshape(-1, n, exact.size).mean(axis=1) for n in (10, 19)}
print(f"single {noise(gradients):.2f}, mean of 10 {noise(means[10]):.2f}, of 19 {noise(means[19]):.2f}, average {noise(averages):.2f}")

# %% [markdown]
# The average with β = 0.9 has less than a fourth of a single gradient's noise. For independent noise the variances add up,
# each times the square of its weight:
#
# $$\sum_k (1-\beta)^2 \beta^{2k} = \frac{(1-\beta)^2}{1-\beta^2} = \frac{1-\beta}{1+\beta} = \frac{1}{19} \quad \text{for } \beta = 0.9.$$
#
# The noise itself is the root of that, 0.23 of a single gradient's. The average does as well as a mean of 19, and stores
# one. There is a catch: a network moves while it averages, and old gradients belong to old places. That is lag again. The
# next lesson, on momentum, makes it work.
#
# ## Summary
#
# - $v_t = \beta v_{t-1} + (1-\beta)\theta_t$ remembers everything with one number per series. A larger β is smoother and slower.
# - A value $k$ steps old has the weight $(1-\beta)\beta^k$. There is no edge: from β = 0.5 up,
#   $1/(1-\beta)$ steps hold 63 to 75 % of the weight.
# - From zero, the weights add up to $1-\beta^t$. Dividing by it makes a true mean from day 1; the corrected value is read and
#   never fed back.
# - Lag is about $\beta/(1-\beta)$ steps. Noise falls like $\sqrt{(1-\beta)/(1+\beta)}$. You cannot have both.
# - It smooths; it is no forecast, it forgives no outlier, and one nan ends it.

# %%
progress()

# %% [markdown]
# ## On your own
#
# - The steps need not be equally long. A reading that comes $\Delta$ days after the last one gets $\beta^\Delta$ in the place
#   of β. Drop a random half of the days and average the rest both ways. How far apart are they?
# - Average an average: `ewa_bias_corrected(ewa_bias_corrected(T, b), b)`. How do its weights look? Compare lag and smoothness
#   with a single average of the same lag.
# - For a *record* of the past one may average forwards and then backwards in time. What happens to the lag, and why can no
#   training use it?
# - Compare New York, `load_weather("new_york")`: is the best β for tomorrow's temperature different there?
#
# ## Further reading
#
# - S. W. Roberts (1959), "Control chart tests based on geometric moving averages", *Technometrics* 1: the average as a tool
#   for quality control.
# - E. Gardner (2006), "Exponential smoothing: the state of the art, part II", *International Journal of Forecasting* 22.
# - D. Kingma and J. Ba (2015), [*Adam*](https://arxiv.org/abs/1412.6980), section 3: where the correction comes from.
# - The pandas manual on [exponentially weighted windows](https://pandas.pydata.org/docs/user_guide/window.html#exponentially-weighted-window):
#   `alpha`, `span`, `com`, `halflife` and `adjust`.
