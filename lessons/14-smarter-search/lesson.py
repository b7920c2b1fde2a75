# %% [markdown]
# # Spend the budget where it pays
#
# Lesson 13 tried configurations one after the other and trained each of them to the end. Most of that budget went to
# configurations that anybody could have given up early. This lesson builds searches that give up early, and one that thinks before it
# tries. Then they race against random search.
#
# **What you will do.** Write successive halving and Hyperband, a Gaussian process, expected improvement and the Bayesian search
# made of them. Replay each search step by step, and race them on a real network.
#
# **What you will learn.**
# - how to compare many configurations on a small budget, and what can go wrong
# - how Hyperband hedges between many configurations and long runs
# - what a Gaussian process knows between the points it has seen, and how to choose the next point
# - when random search is enough
#
# **What you need.** NumPy, random search from lesson 13, a little linear algebra.
# **Time.** About 90 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import numpy as np

from autograde.check import begin, check, progress
from coursekit.explorations import smarter_search as explore
from coursekit.plots import show, use_course_style

begin("14-smarter-search")
use_course_style()

# %% [markdown]
# ## Where the budget goes
#
# A network with one hidden layer learns handwritten digits: 600 to train on, 600 in the dev part, and a test part that no trial will
# touch. The learning rate, the number of hidden units and $\lambda$ are drawn on a log scale, as in lesson 13. We train 150
# configurations for 27 epochs and keep the dev accuracy after every epoch. All searches of this lesson are replayed from this table: a run of 3
# epochs is really the start of the run of 27.
#
# **Think.** Of the first 27 configurations, how many will end above 0.9? After how many epochs could you tell?

# %% nbgrader={"grade": false, "grade_id": "where_the_budget_goes", "locked": true, "schema_version": 3, "solution": false, "task": false}
parts = explore.digit_parts()
trials = explore.train_trials(parts)
curves = trials.curves[:27]
early, final = curves[:, 2], curves[:, -1]
print(f"of 27, {np.sum(final >= 0.9)} end at 0.9 or more, {np.sum(final < 0.5)} below 0.5")
late = np.sum((early < 0.5) & (final > 0.9))
print(f"after 3 epochs {np.sum(early < 0.5)} are below 0.5; of these, {late} end above 0.9")
ranks = [1 + np.sum(curves[:, 0] > curves[i, 0]) for i in np.argsort(-final)[:3]]
print("the best three at the end were number", *ranks, "after one epoch")
alt = "27 learning curves. Most stay low. Of the best three, one starts poorly and then overtakes others."
show(explore.plot_curves(trials), alt=alt)

# %% [markdown]
# <details><summary>What there is to see</summary>
#
# Six end at 0.9 or more, and 14 below 0.5. After 3 of 27 epochs 19 are below 0.5, and none of these ends above 0.9: 24 epochs of
# each were wasted. But a short run is no oracle. The best three were number 1, 2 and 12 after one epoch.
#
# </details>
#
# ## Successive halving
#
# Give everybody a little. Keep the best third, give those three times as much, and repeat until one is left. Every round costs about
# the same: a third as many runs, each three times as long.
#
# ### Exercise 14.1 · successive_halving (5 points)
#
# Round $r = 0, 1, 2, \dots$ evaluates every survivor once, `evaluate(config, budget)`, at the budget
# `min_budget * factor**r`. Higher scores are better. Of $n$ survivors it keeps the best `n // factor`, but at least one. Of
# equal scores the config that comes earlier in `configs` wins, and nan counts as worse than any number. Stop when one is left; it is
# not run again.
#
# Return `(best_config, history)`. The history is a list of tuples `(config, budget, score)`, one for each run, round after round; within a
# round the order is yours. `configs` is a list of at least two configs of any kind; leave it as it is. Budgets are not rounded.
#
# *Worked number:* 11 configs with `min_budget` 5 and `factor` 2 make 11 runs at 5, five at 10 and two at 20. That is 145 in all; 11 runs
# at 20 would cost 220.

# %% nbgrader={"grade": false, "grade_id": "successive_halving", "locked": false, "schema_version": 3, "solution": true, "task": false}
def successive_halving(evaluate, configs, min_budget, factor=3):
    """Run all configs briefly, keep the best of them, give those more: a tuple (best_config, history).

    Nine configs, min_budget 1 and factor 3 make 9 runs at budget 1 and 3 runs at 3; one config is left.
    """
    # BEGIN SOLUTION
    survivors, history, budget = list(configs), [], min_budget
    while len(survivors) > 1:
        entries = [(config, budget, evaluate(config, budget)) for config in survivors]
        history += entries
        entries.sort(key=lambda entry: (np.isnan(entry[2]), -entry[2]))
        survivors = [entry[0] for entry in entries[: len(entries) // factor or 1]]
        budget = budget * factor
    return survivors.pop(), history
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_successive_halving", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(successive_halving)

# %% [markdown]
# **Think.** 27 configurations, 1 epoch at first. How many epochs will it spend, of the 729 that 27 full runs cost? Will it find the best of
# the 27?

# %% nbgrader={"grade": false, "grade_id": "halving_on_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
best, history = successive_halving(trials.evaluate, trials.configs[:27], 1)
for budget, entries in explore.rounds_of(history):
    print(f"{len(entries):2} runs, epochs: {budget:g}, best {max(score for _, score in entries):.3f}")
place = 1 + np.sum(final > trials.curves[best["number"], -1])
print(f"{explore.cost_of(history):g} epochs; the winner is number {place} of 27, {final.max():.3f}")
for step in (1, 3):
    alt = explore.halving_in_words(history, step)
    show(explore.plot_halving(trials, history, step), alt=alt)
explore.explore_halving(trials, history)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 81 epochs of 729, a ninth, and here it finds the best. Each round costs 27. But of the runners-up, the one that was number 12 is out
# after the first round, and the one that was number 2 after the second.
#
# </details>
#
# **Goal.** Move the slider to round 2. How many of the nine survivors reach 0.8 there?
#
# <details><summary>What did you find?</summary>
#
# One, the later winner. It leads in every round. Where leaders are close, halving is a gamble.
#
# </details>
#
# **Think.** Halving assumes that those who lead early lead later. Which kind of configuration breaks this?

# %% nbgrader={"grade": false, "grade_id": "slow_starters", "locked": true, "schema_version": 3, "solution": false, "task": false}
first, last = (1 + np.sum(trials.curves[:, e] > trials.curves[62, e]) for e in (0, -1))
config = trials.configs[62]
print(f"number 62: learning rate {config['learning_rate']:.3f}, lambda {config['lam']:.1f}")
print("dev accuracy after 1, 3, 9 and 27 epochs:", trials.curves[62, [0, 2, 8, 26]].round(2))
print(f"it is number {first} of 150 after 1 epoch and number {last} at the end")
_, all_runs = successive_halving(trials.evaluate, trials.configs, 1)
print("runs it gets in a halving of all 150:", sum(config["number"] == 62 for config, _, _ in all_runs))

# %% [markdown]
# <details><summary>Answer</summary>
#
# Slow starters: a small learning rate, or anything that pays off late. Number 62 guesses after one epoch (0.10) and reaches
# 0.91. It is number 103 of 150 at first and number 32 at the end, and gets a single run. A larger `min_budget` would be fair to it, and
# leave room for fewer configurations.
#
# </details>
#
# ## Hyperband: hedge
#
# So: many configurations with short runs, or few with long ones? The best answer depends on curves that nobody knows beforehand. **Hyperband** (Li
# et al. 2018) tries all of these answers and gives each about the same budget. Each is called a bracket: successive halving that
# starts with fewer configs at a larger budget than the bracket before it. The last bracket, $s = 0$, runs its configs at the full budget at
# once. It is random search.
#
# Let $R$ be `max_budget` and $\eta$ the `factor`. The largest $s$ with $\eta^s \le R$ is $s_{\max}$. Bracket $s$ starts with
#
# $$n_s = \left\lceil \frac{(s_{\max} + 1)\, \eta^s}{s + 1} \right\rceil$$
#
# configs, and its round $i = 0, \dots, s$ runs $\lfloor n_s / \eta^i \rfloor$ of them at the budget $R\, / \,\eta^{s - i}$.
#
# ### Exercise 14.2 · hyperband (6 points)
#
# For $s = s_{\max}, \dots, 1, 0$ draw $n_s$ new configs, each by `sampler(rng)`. Round $i$ evaluates the best `n // factor**i` of them,
# judged by the round before. The last round, at the full budget, is run even when one config is left. Return
# `(best_config, history)`: the config with the best score at the full budget, of all brackets, and the runs in the order of the rounds,
# as before. nan is worse than any number here too. Budgets are not rounded: $R = 6$ and $\eta = 2$ start at 1.5.
# `max_budget` is at least 1, and `factor` a whole number from 2.
#
# *Worked number:* $R = 9$, $\eta = 3$: $s_{\max} = 2$. Bracket 2 has $3 \cdot 9 / 3 = 9$ configs: 9 runs at 1, 3 at 3, 1 at 9. Bracket 1
# has $3 \cdot 3 / 2 = 4.5$, so 5: 5 at 3, 1 at 9. Bracket 0 has 3 at 9.
#
# <div class="alert alert-info">
#
# **Convention.** For $R = 81$, $\eta = 3$ the formula gives 81, 34, 15, 8 and 5 configs. The table printed in the paper has 81, 27, 9, 6
# and 5, because it cuts the fraction $(s_{\max} + 1) / (s + 1)$ before it multiplies. Programs follow the one or the other. Here it is
# the formula, which is the paper's algorithm. The authors' sketch trains each run from its start, and so do our costs. Whoever goes on from a
# checkpoint pays less.
#
# </div>
#
# **Find the error.** A much-copied line says `s_max = int(math.log(max_budget, factor))`. For $R = 81$ it is right. Try 243.

# %% nbgrader={"grade": false, "grade_id": "hyperband", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hyperband(evaluate, sampler, max_budget, rng, factor=3):
    """Successive halving with every trade-off between many configs and large budgets: (best_config, history).

    For max_budget 81 and factor 3 the brackets start with 81, 34, 15, 8 and 5 configs.
    """
    # BEGIN SOLUTION
    s_max = 0
    while factor ** (s_max + 1) <= max_budget:
        s_max += 1
    history, finals = [], []
    for s in range(s_max, -1, -1):
        n = -(-(s_max + 1) * factor**s // (s + 1))
        survivors = [sampler(rng) for _ in range(n)]
        for i in range(s + 1):
            budget = max_budget / factor ** (s - i)
            entries = [(config, budget, evaluate(config, budget)) for config in survivors[: n // factor**i]]
            history += entries
            entries.sort(key=lambda entry: (np.isnan(entry[2]), -entry[2]))
            survivors = [entry[0] for entry in entries]
        finals.append(entries[0])
    best = min(finals, key=lambda entry: (np.isnan(entry[2]), -entry[2]))
    return best[0], history
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_hyperband", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(hyperband)

# %% nbgrader={"grade": false, "grade_id": "the_logarithm", "locked": true, "schema_version": 3, "solution": false, "task": false}
for max_budget, factor in ((81, 3), (243, 3), (1000, 10)):
    log = math.log(max_budget, factor)
    right = len(explore.rehearse(hyperband, max_budget, factor)) - 1
    print(f"log of {max_budget} to the base {factor} is {log!r}: int(log) is {int(log)}, your s_max {right}")

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# $\log_3 243$ is exactly 5, but the computed one is 4.999999999999999, and `int` cuts it to 4. A whole bracket is lost, the one with
# 243 configs, and nothing complains. Several libraries shipped this. Multiply whole numbers instead.
#
# </details>
#
# **Think.** $R = 81$, $\eta = 3$: is the whole of Hyperband dearer than 5, 20 or 80 full runs?

# %% nbgrader={"grade": false, "grade_id": "brackets", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = explore.brackets_in_words(hyperband, 81)
show(explore.plot_brackets(hyperband, 81), alt=alt)
explore.explore_brackets(hyperband)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 23.5 full runs, for 143 configurations. Each row costs between 4.3 and 5 full runs: that is the hedge. If short runs mislead, the lower
# rows are there; if they do not, four fifths of the budget could have gone into the top row.
#
# </details>
#
# **Goal.** Keep `max_budget` at 81. With which factor do the fewest configs get a full run, and with which is the bill smallest?
#
# <details><summary>What did you find?</summary>
#
# Both with 5: three brackets, five configs at the full budget, and a bill of 8.6 full runs. Factor 2 has seven brackets and costs 46.1.
#
# </details>
#
# ## What two points know of each other
#
# The other idea is to choose better configurations. Each score tells something about its neighbours: if the learning
# rate 0.1 does well, 0.11 will hardly be a catastrophe. A **kernel** puts a number on "neighbour":
#
# $$k(a, b) = \exp\left(-\frac{\lVert a - b \rVert^2}{2\, \ell^2}\right).$$
#
# It is 1 for the same point and falls to 0. The `length_scale` $\ell$ says how far news travels.
#
# ### Exercise 14.3 · rbf_kernel (2 points)
#
# For the rows of `A`, (p, d), and of `B`, (q, d), return all pairs, (p, q): row i belongs to A's point i, column j to B's point j.
#
# *Worked number:* for the points 0 and 2 with $\ell = 1$ it is $e^{-4/2} = 0.1353$.

# %% nbgrader={"grade": false, "grade_id": "rbf_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rbf_kernel(A, B, length_scale=1.0):
    """How much two points have to do with each other: (p, d) and (q, d) to (p, q).

    For the points 0 and 2 with length_scale 1 it is exp(-2) = 0.1353.
    """
    # BEGIN SOLUTION
    differences = A[:, np.newaxis, :] - B[np.newaxis, :, :]
    return np.exp(-(differences**2).sum(axis=2) / (2 * length_scale**2))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_rbf_kernel", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(rbf_kernel)

# %% [markdown]
# ## A Gaussian process
#
# Before any score is known, we suppose that the score at every point is normal with mean 0 and variance 1, and that the scores
# at $a$ and $b$ have the covariance $k(a, b)$. This is a **Gaussian process**. Now scores $y$ at the points $X$ come in. Each is
# measured with noise of a given variance. Let $K$ be the kernel of $X$ with itself with the noise added on its diagonal, and
# $k_*$ the kernel between $X$ and one new point. The rule for conditioning a normal distribution gives the new point's mean and variance:
#
# $$\mu = k_*^\top K^{-1} y, \qquad \sigma^2 = 1 - k_*^\top K^{-1} k_*.$$
#
# The mean is a weighted sum of the scores. The variance starts at 1, and what the neighbours know is taken away. It does not
# depend on the scores at all.
#
# ### Exercise 14.4 · gp_posterior (5 points)
#
# Return `(mean, std)` at the points `X_new`, each (p,). `noise` is a variance, not a standard deviation. `std` belongs to the function
# itself: no noise is added to the new points. The scores go in as they are, not centred.
#
# Rounding can make $\sigma^2$ come out at $-10^{-16}$ where it should be 0, and a root of that is nan. This happens where known
# points nearly coincide, or are asked again. The std must never be nan or negative. `np.linalg.solve(K, B)` computes $K^{-1} B$ and
# is more exact than an inverse.
#
# *Worked number:* one score 1 at the point 0, noise 0.25, $\ell = 1$. At the point 1, $k_* = e^{-1/2} = 0.6065$ and $K = 1.25$. The mean is
# $0.6065 / 1.25 = 0.4852$, the std $\sqrt{1 - 0.6065^2 / 1.25} = 0.8401$.
#
# <div class="alert alert-info">
#
# **Convention.** Books write the noise as a variance or as a standard deviation, and report the spread of the *function* or of a new *measurement*,
# which has the noise added. Libraries often scale the scores to mean 0 and variance 1 first (scikit-learn's `normalize_y`), and learn $\ell$
# from the data. Here: a variance, the function, raw scores, and an $\ell$ that you choose.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "gp_posterior", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gp_posterior(X, y, X_new, length_scale=1.0, noise=1e-6):
    """What scores y (m,) at the points X (m, d) say about the points X_new (p, d): (mean, std), each (p,).

    From the score 1 at the point 0, noise 0.25, the point 1 has the mean 0.4852 and the std 0.8401.
    """
    # BEGIN SOLUTION
    K = rbf_kernel(X, X, length_scale) + noise * np.eye(len(X))
    K_new = rbf_kernel(X, X_new, length_scale)
    weights = np.linalg.solve(K, K_new)
    variance = 1 - (K_new * weights).sum(axis=0)
    return weights.T @ y, np.sqrt(variance.clip(0))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_gp_posterior", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(gp_posterior)

# %% [markdown]
# Five scores of a curve are known. **Think.** Where will the band be widest? What happens to it if you claim that news travels far, with a large
# `length_scale`?

# %% nbgrader={"grade": false, "grade_id": "length_scales", "locked": true, "schema_version": 3, "solution": false, "task": false}
for length_scale in (0.02, 0.1, 0.5):
    alt = f"A process with length_scale {length_scale} through five scores; between two the curve has a hill."
    show(explore.plot_posterior(gp_posterior, length_scale), alt=alt)
explore.explore_posterior(gp_posterior)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The band is widest between the scores. With 0.02 the process knows nothing a little way off: mean 0, a wide band. With 0.5 it is
# sure of itself and wrong: the second hill lies far outside the band. The band tells what follows from the assumption,
# not whether the assumption is right.
#
# </details>
#
# **Goal.** Set the `length_scale` to 0.5 and find how many known scores it takes until the mean shows two hills.
#
# <details><summary>What did you find?</summary>
#
# Six. With five, no score lies on the second hill, and the process does not miss it.
#
# </details>
#
# ## Which point next?
#
# The highest mean? Then the search never looks where it knows nothing. The widest band? Then it never uses what it found. Ask
# instead what each point is expected to *gain*. If its score $f$ is normal with mean $\mu$ and std $\sigma$, and the best score so
# far is $f^+$, the gain is $f - f^+$ if that is positive and 0 otherwise. A small hurdle $\xi$ keeps the search from counting crumbs. The
# expectation of $\max(f - f^+ - \xi, 0)$ can be written down. With $g = \mu - f^+ - \xi$ and $z = g / \sigma$:
#
# $$\text{EI} = g\, \Phi(z) + \sigma\, \varphi(z), \qquad
# \Phi(z) = \frac{1 + \operatorname{erf}(z / \sqrt 2)}{2}, \quad \varphi(z) = \frac{e^{-z^2 / 2}}{\sqrt{2 \pi}}.$$
#
# The first term rewards a high mean, the second a wide band.
#
# ### Exercise 14.5 · expected_improvement (4 points)
#
# `mean` and `std` are arrays (p,), `best` and `xi` numbers; higher is better. Return (p,). Where `std` is 0 there is no doubt: the result is
# `max(mean - best - xi, 0)`.
#
# NumPy has no erf. Python has `math.erf`, for one number at a time; `np.array([math.erf(v) for v in z])` makes an array of it.
#
# *Worked number:* for mean 1.01, std 1 and best 1, $g = 0$ and EI is $\varphi(0) = 0.3989$. For mean 2 and std 0 it is 0.99.

# %% nbgrader={"grade": false, "grade_id": "expected_improvement", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expected_improvement(mean, std, best, xi=0.01):
    """By how much a normal score (mean, std) is expected to exceed best + xi, at least 0: (p,) to (p,).

    For mean 1.01, std 1 and best 1 it is 0.3989; for mean 2 and std 0 it is 0.99.
    """
    # BEGIN SOLUTION
    gain, certain = mean - best - xi, std == 0
    z = gain / (std + certain)
    cdf = (1 + np.array([math.erf(v) for v in z / math.sqrt(2)])) / 2
    pdf = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return np.where(certain, gain.clip(0), gain * cdf + std * pdf)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_expected_improvement", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(expected_improvement)

# %% [markdown]
# Here the gain is added up over a fine grid of scores, weighted by their density, with neither $\Phi$ nor erf. **Think.** The
# last three points have means half a std, two and four below the best. How much will EI fall?

# %% nbgrader={"grade": false, "grade_id": "against_an_integral", "locked": true, "schema_version": 3, "solution": false, "task": false}
for mean, std in ((1.2, 0.1), (0.5, 1.0), (0.0, 0.5), (0.8, 0.05)):
    formula = expected_improvement(np.array([mean]), np.array([std]), 1.0)[0]
    added_up = explore.integrated_improvement(mean, std, 1.0, 0.01)
    print(f"mean {mean:.1f}, std {std:.2f}: formula {formula:.3e}, added up {added_up:.3e}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The two agree. Half a std below the best is worth 0.194, two std (of 0.5) 0.0040, four std (of 0.05) 1.4e-07: a
# point that is surely worse is worth nothing.
#
# </details>
#
# <div class="alert alert-info">
#
# **Convention.** Half of all software minimises. Then the gain is $f^+ - \mu - \xi$. Mix the two, and the
# search carefully looks for the worst point. Some authors leave $\xi$ out. Here we maximise, with $\xi = 0.01$ in units of
# the score.
#
# </div>
#
# ## Bayesian search
#
# Put the parts together: try a few points at random, then always the one with the largest expected improvement.
#
# ### Exercise 14.6 · bayesian_search (6 points)
#
# `candidates` is (n, d), one config a row. First draw `initial` distinct rows at random with `rng`. Then, until there are `trials` evaluations, the
# initial ones included: fit `gp_posterior` to the scores so far, and try the untried row with the largest `expected_improvement` over the best score
# so far. Of rows whose improvement is the same, any will do. Fit the raw scores with the given `length_scale`, the default noise and
# $\xi = 0.01$. A score may be nan: it counts as a trial, and is left out of the fit and of the best. At least one initial score is a
# number.
#
# Call `objective(row)` once for each trial. Return `(best_config, best_score, history)`; the history is a list of tuples
# `(row, score)` in the order tried.

# %% nbgrader={"grade": false, "grade_id": "bayesian_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bayesian_search(objective, candidates, initial, trials, rng, length_scale=1.0):
    """Try rows of candidates (n, d), the most promising one next: (best_config, best_score, history).

    With initial 3 and trials 10, three random rows are tried, then seven that are chosen.
    """
    # BEGIN SOLUTION
    tried, history = [], []
    first = rng.permutation(len(candidates))[:initial]
    while len(history) < trials:
        if len(history) < initial:
            row = first[len(history)]
        else:
            scores = np.array([score for _, score in history])
            known = ~np.isnan(scores)
            untried = np.setdiff1d(np.arange(len(candidates)), tried)
            X, y = candidates[tried][known], scores[known]
            mean, std = gp_posterior(X, y, candidates[untried], length_scale)
            row = untried[np.argmax(expected_improvement(mean, std, y.max()))]
        tried.append(row)
        history.append((candidates[row], objective(candidates[row])))
    best = np.nanargmax([score for _, score in history])
    return *history[best], history
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_bayesian_search", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(bayesian_search)

# %% [markdown]
# **Think.** The curve has a wide hill of 0.55 and a narrow one of 0.8. The search may try 15 of 61 places. Random search hits the top of the
# narrow hill in about 15 of 61 cases, one in four. And the Bayesian search?

# %% nbgrader={"grade": false, "grade_id": "step_by_step", "locked": true, "schema_version": 3, "solution": false, "task": false}
places, seeded = explore.places(), np.random.default_rng
runs = [bayesian_search(explore.hilly, places, 3, 15, seeded(seed), 0.1) for seed in range(40)]
random = [seeded(seed).permutation(places)[:15] for seed in range(400)]
lucky = np.mean([max(map(explore.hilly, tried)) > 0.78 for tried in random])
found = np.mean([score > 0.78 for _, score, _ in runs])
print(f"the top is found in {found:.0%} of the searches; by random search in {lucky:.0%}")
for step in (3, 6, 15):
    alt = explore.step_in_words(runs[0][2], step)
    show(explore.plot_step(gp_posterior, expected_improvement, runs[0][2], step, 0.1), alt=alt)
explore.explore_steps(gp_posterior, expected_improvement, bayesian_search)

# %% [markdown]
# <details><summary>Answer</summary>
#
# With every one of 40 seeds. It spreads out first, because the band is wide everywhere. Then the second hill has nowhere to hide.
#
# </details>
#
# **Goal.** Find a `length_scale` with which the search of seed 0 misses the narrow hill. What does the band look like there?
#
# <details><summary>What did you find?</summary>
#
# 0.5, for example: it ends at 0.55. The band has all but vanished: the process believes that it knows the whole curve. The search is as
# good as its assumptions.
#
# </details>
#
# ## The race
#
# All searches on the digits, each with 423 epochs. That is what one Hyperband with $R = 27$ costs, or 15 full runs. Successive halving starts with 100
# configs at 1 epoch. The Bayesian search makes 5 of its 15 runs at random, with length scale 0.3 in log coordinates from 0 to 1. One hundred seeds.
#
# **Think.** Which one wins? By how much? The standard error of 600 dev digits near 0.96 is 0.008.

# %% nbgrader={"grade": false, "grade_id": "race", "locked": true, "schema_version": 3, "solution": false, "task": false}
winners = explore.race(trials, successive_halving, hyperband, bayesian_search, seeds=100)
for name, found in winners.items():
    scores = explore.final_scores(trials, found)
    reached = np.mean(scores >= 0.95)
    print(f"{name:18} mean {scores.mean():.4f}, worst {scores.min():.3f}, at least 0.95 in {reached:.0%}")
alt = "Winners' dev accuracies. All means are between 0.955 and 0.963; random search reaches down to 0.905."
show(explore.plot_race(trials, winners), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Successive halving, at 0.9625, before Hyperband (0.9604), the Bayesian search (0.9597) and random search (0.9550). All gaps are below one standard error of
# the dev set. What differs is the risk. Random search ends below 0.95 in one case of four, successive halving in one of a hundred.
#
# Halving saw 100 of the 150 configurations, the others fewer, and early scores say much here. Hyperband pays for a hedge that was not
# needed.
#
# </details>
#
# The winners were picked by their dev score, which flatters them (lesson 13). Only now we open the test part, once, for the winners of seed 0.

# %% nbgrader={"grade": false, "grade_id": "open_the_test_part", "locked": true, "schema_version": 3, "solution": false, "task": false}
for name, found in winners.items():
    dev, test = explore.final_scores(trials, found)[0], explore.test_accuracy(trials, parts, found[0])
    print(f"{name:18} dev {dev:.3f}, test {test:.3f}")

# %% [markdown]
# They differ by 0.010 at most, less than the standard error of a difference, 0.011. And the order is another one.
#
# ## When random search is enough
#
# **Think.** One configuration in 14 reaches 0.95. How likely is it that at least one of $n$ random runs does? At which number of full runs will
# the lead of the Bayesian search be gone?

# %% nbgrader={"grade": false, "grade_id": "random_is_enough", "locked": true, "schema_version": 3, "solution": false, "task": false}
budgets = (3, 6, 12, 24, 48)
means = explore.by_budget(trials, bayesian_search, budgets, seeds=40)
good = np.mean(trials.curves[:, -1] >= 0.95)
for i, n in enumerate(budgets):
    random, chosen = means["random search"][i], means["Bayesian search"][i]
    chance = 1 - (1 - good) ** n
    print(f"{n:2} runs: random {random:.3f}, Bayesian {chosen:.3f}; chance of a good one {chance:.0%}")
alt = "Winners improve with the runs and meet near 0.963; with 3 to 12 runs the Bayesian search is ahead."
show(explore.plot_by_budget(budgets, means, 0.008), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# The chance is $1 - (1 - p)^n$. With 48 runs it is 97 %, and the lead is 0.002. Random search is enough when good
# configurations are not rare and you can afford a few times $1 / p$ runs. It runs on any number of machines, and cannot
# be fooled by slow starters. Smarter search pays when runs are dear, when early scores tell much, or when good places are rare.
#
# </details>
#
# ## Summary
#
# - Most bad configurations show early. Successive halving spends a ninth and often keeps the winner; slow starters are its victims.
# - Hyperband hedges between many short runs and few long ones. Compute $s_{\max}$ with whole numbers.
# - A Gaussian process gives a mean and an honest-looking band. Its `length_scale` is an assumption, and a wrong one makes it blind.
# - Expected improvement weighs a high mean against a wide band. Mind the sign, and std 0.
# - On the digits all searches ended within one standard error of the dev set. What they saved is risk and time, not accuracy.
#
# ## On your own
#
# 1. Give `successive_halving` the 150 configurations with `min_budget` 3. Does number 62 get further?
# 2. Let `bayesian_search` propose, and score each proposal after 9 epochs only. What do you gain with 423 epochs?
# 3. Replace expected improvement by `mean + 2 * std`. Race the two on the curve.
#
# ## Further reading
#
# - K. Jamieson, A. Talwalkar, *Non-stochastic best arm identification and hyperparameter optimization*, 2016: successive halving.
# - L. Li et al., *Hyperband: a novel bandit-based approach to hyperparameter optimization*, 2018.
# - J. Snoek, H. Larochelle, R. Adams, *Practical Bayesian optimization of machine learning algorithms*, 2012.
# - C. Rasmussen, C. Williams, [Gaussian processes for machine learning](https://gaussianprocess.org/gpml/), 2006, chapter 2.
# - J. Bergstra, Y. Bengio, *Random search for hyper-parameter optimization*, 2012.

# %%
progress()
