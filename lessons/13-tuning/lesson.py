# %% [markdown]
# # Choose hyperparameters honestly
#
# A network has weights, which training finds, and settings, which somebody has to choose: learning rate, penalty, number of
# units. This lesson builds the usual searches. Then it asks the harder question: how much of the winner's score is
# skill, and how much is luck?
#
# **What you will do.** Write two samplers, grid search, random search, k-fold and nested cross-validation. Replay searches
# trial by trial, and a published "tuned" result.
#
# **What you will learn.**
# - on which scale to search, and what to do when the winner stands at the edge of the range
# - when random search beats a grid, and when it does not
# - why the best of many scores is too good, and how to get an honest one
# - when a difference is smaller than the noise
#
# **What you need.** NumPy, train, dev and test sets (lesson 02), L2 and dropout (lessons 03 and 04).
# **Time.** About 80 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import itertools
import math

import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_churn_parts, load_digits
from coursekit.explorations import tuning as explore
from coursekit.network import accuracy
from coursekit.plots import show, use_course_style

begin("13-tuning")
use_course_style()

# %% [markdown]
# ## A tuned result, replayed
#
# A published notebook predicts which customers leave a (fictional) telephone company. Its network is right for 78.1 % of the test
# customers; after "hyperparameter tuning" for 80.6 %. We train four models on the same table. The test part is sealed: it can
# be opened once, and we keep that for the end.
#
# **Think.** Two layers of 64 units, trained for 60 epochs, learn the training set to 95 %. What will the other three reach on
# dev: the same network with dropout, with L2, and a plain logistic regression?

# %% nbgrader={"grade": false, "grade_id": "churn_replayed", "locked": true, "schema_version": 3, "solution": false, "task": false}
churn = explore.Sealed(load_churn_parts())
runs = explore.churn_runs(churn)
for name, history in runs.items():
    print(f"{name:20} training {history.train_accuracy[-1]:.3f}, dev {history.dev_accuracy[-1]:.3f}")
error = explore.standard_error(0.8, len(churn.y_dev))
print(f"standard error of a dev accuracy of 0.8: {error:.4f}")
alt = "Points with error bars: trained long 0.743; dropout, L2, logistic regression and tuned near 0.80."
scores = {name: history.dev_accuracy[-1] for name, history in runs.items()}
show(explore.plot_churn(scores, len(churn.y_dev)), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Trained long, the network falls to 0.743. Dropout (0.797) and L2 (0.802) repair that. Logistic regression, without any hidden layer,
# has 0.807. The standard error is 0.0107, so the last three are level, and the tuned 0.806 is level with them. About 0.80 is all
# that this table gives. Tuning mended a bad setting; it did not beat the simple model.
#
# </details>
#
# **Find the error.** The notebook made three mistakes that this lesson is about:
#
# 1. The encoder and the scaler were fitted on the whole table, then it was split.
# 2. The customer's id was one of the features.
# 3. The tuner picked its settings by their score on the test set, and this score was published.
#
# Which of them can make a result look better than it is? Write down a guess; we come back to each.
#
# ## On which scale?
#
# A learning rate may lie anywhere from 0.0001 to 10. Draw it evenly from this range, and nine of ten draws are above 1. But
# training cares for *factors*: 0.01 and 0.02 differ as much as 1 and 2. So each decade should get the same share of the draws.
# Then the **logarithm** is uniform:
#
# $$\log x \sim U(\log \text{low}, \log \text{high}).$$
#
# ### Exercise 13.1 · sample_log_uniform (2 points)
#
# Return `size` independent values between `low` and `high`, an array `(size,)`, whose logarithm is uniform. Draw only from `rng`.
#
# *Worked number:* between 0.0001 and 1 the middle on this scale is 0.01: half of the values lie below.
#
# <div class="alert alert-info">
#
# **Convention.** Here the ends are **values**, as in SciPy's `loguniform` and in Keras Tuner. NumPy's `logspace`, and old code
# with `10 ** rng.uniform(-4, 0)`, take **exponents**. Mixed up, `10 ** rng.uniform(0.0001, 1)` gives values from 1 to 10.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "sample_log_uniform", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_log_uniform(low, high, size, rng):
    """``size`` values between ``low`` and ``high`` whose logarithm is uniform: an array (size,).

    Between 0.0001 and 1 about a quarter of the values lies in each decade.
    """
    # BEGIN SOLUTION
    return np.exp(rng.uniform(np.log(low), np.log(high), size))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_sample_log_uniform", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(sample_log_uniform)

# %% [markdown]
# To replay many searches, we train 155 small networks once: 31 learning rates times 5 penalties, each for 8 epochs on 600 handwritten
# digits, measured on 400 others. From now on a "trial" looks up the nearest of them.
#
# **Think.** Ten trials with the learning rate on a linear scale, ten on a log scale. In how many of 300 searches will the best of
# the ten stay below 0.9?

# %% nbgrader={"grade": false, "grade_id": "linear_against_log", "locked": true, "schema_version": 3, "solution": false, "task": false}
digits = explore.Sealed(explore.digit_parts(load_digits()))
done = explore.train_all(digits)
rng = np.random.default_rng(0)
samples = {"linear": rng.uniform(1e-4, 10, 1000), "log": sample_log_uniform(1e-4, 10, 1000, rng)}
for name, values in samples.items():
    trials = rng.choice(values, (300, 10))
    best = np.array([max(done.score({"learning_rate": v, "lam": 0.01}) for v in row) for row in trials])
    print(f"{name:6}: {(values > 1).mean():.0%} of the draws above 1,", end=" ")
    print(f"best of ten {best.mean():.3f}, below 0.9 in {(best < 0.9).mean():.0%}")
alt = "Accuracy is high only from 0.07 to 1. Linear draws pile up above 1, log draws are even."
show(explore.plot_scales(done, samples), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# In 49 % with the linear scale, in 9 % with the log scale. Of the linear draws 91 % lie above 1, where the training fails. The good rates
# run from about 0.07 to 1, a quarter of the decades and a tenth of the linear range.
#
# </details>
#
# ## Momentum needs another log scale
#
# For the momentum β, 0.9 to 0.999 is a usual range. What counts is the window $1 / (1 - \beta)$ (lesson 08): 10 steps for 0.9, 100 for
# 0.99, 1,000 for 0.999. From 0.9 to 0.905 the window hardly changes; from 0.99 to 0.995 it doubles. So $1 - \beta$ should be
# log-uniform.
#
# ### Exercise 13.2 · sample_beta (2 points)
#
# Return `size` values of β between `low` and `high` such that $1 - \beta$ is log-uniform. `low` may be 0; `high` is below 1.
#
# *Worked number:* from 0.9 to 0.999, half of the values lie above 0.99.

# %% nbgrader={"grade": false, "grade_id": "sample_beta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_beta(low, high, size, rng):
    """``size`` values between ``low`` and ``high``, 1 minus them log-uniform: an array (size,).

    From 0.9 to 0.999 half of the values lie above 0.99.
    """
    # BEGIN SOLUTION
    return 1 - sample_log_uniform(1 - high, 1 - low, size, rng)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_sample_beta", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(sample_beta)

# %% nbgrader={"grade": false, "grade_id": "windows", "locked": true, "schema_version": 3, "solution": false, "task": false}
rng = np.random.default_rng(0)
draws = {"uniform": rng.uniform(0.9, 0.999, 10_000), "yours": sample_beta(0.9, 0.999, 10_000, rng)}
for name, betas in draws.items():
    short, middle, long = np.percentile(1 / (1 - betas), [10, 50, 90])
    print(f"{name:8} {(betas > 0.99).mean():.0%} above 0.99;", end=" ")
    print(f"windows of {short:.0f}, {middle:.0f} and {long:.0f} steps (10, 50, 90 %)")

# %% [markdown]
# ## Try every combination
#
# The oldest search writes down a few values for each setting, and tries them all.
#
# ### Exercise 13.3 · grid_search (4 points)
#
# `grid` is a dict of names and lists of values. For every combination make a **new dict** `config` and call `objective(config)`, once; it
# returns a score, and higher is better. Go in the order of `itertools.product`: the last name runs fastest. Return
# `(best_config, best_score, history)`, where `history` is the list of all `(config, score)` in order.
#
# A training that overflowed may give `nan`. It stays in the history and never wins; at least one score is a number. Of equal
# scores the first one wins.
#
# *Worked number:* for `{"a": [1, 2], "b": [5, 6]}` and the sum as objective, the order is 1 5, 1 6, 2 5, 2 6, and the best is
# `{"a": 2, "b": 6}` with 8.
#
# <div class="alert alert-info">
#
# **Convention.** Here **higher is better**, as in scikit-learn. Optuna and Hyperopt minimise unless told otherwise. A loss is
# handed over with its sign turned, which is why scikit-learn has a `neg_log_loss`.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "grid_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grid_search(objective, grid):
    """Try every config of ``grid`` (name -> list): (best_config, best_score, history); higher is better.

    For {"a": [1, 2], "b": [5, 6]} the configs come in the order 1 5, 1 6, 2 5, 2 6.
    A nan never wins; a tie keeps the first.
    """
    # BEGIN SOLUTION
    history = []
    for values in itertools.product(*grid.values()):
        config = dict(zip(grid, values, strict=True))
        history.append((config, objective(config)))
    numbers = [trial for trial in history if not math.isnan(trial[1])]
    best_config, best_score = max(numbers, key=lambda trial: trial[1])
    return best_config, best_score, history
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_grid_search", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(grid_search)

# %% [markdown]
# **Think.** Somebody tries the learning rates 0.0001, 0.001 and 0.01 on the digits, and reports the winner. What is wrong, and which
# value would you try next?

# %% nbgrader={"grade": false, "grade_id": "winner_at_the_edge", "locked": true, "schema_version": 3, "solution": false, "task": false}
rates = [0.0001, 0.001, 0.01]
for _ in range(4):
    best, score, history = grid_search(done.score, {"learning_rate": rates, "lam": [0.01]})
    winner = best["learning_rate"]
    print(f"{rates}: {winner} wins with {score:.3f}, at the edge: {winner in (rates[0], rates[-1])}")
    if winner < rates[-1]:
        break
    rates = [*rates, round(10 * rates[-1], 6)]

# %% [markdown]
# <details><summary>Answer</summary>
#
# The winner stands at the **edge of the range**: nobody knows what lies beyond. One more value, 0.1, raises the accuracy from 0.427 to
# 0.938, and only after 1 has been tried, too, is the best one surrounded. Widen the range until the winner is inside.
#
# </details>
#
# ## Draw at random
#
# A grid with $n$ values for each of $d$ settings takes $n^d$ trials. And if only one of the settings matters, $n$ different
# values of it are all that these trials test. Bergstra and Bengio (2012) proposed to draw each config at random: then every
# trial tests a new value of *every* setting.
#
# ### Exercise 13.4 · random_search (3 points)
#
# `sampler(rng)` draws one config, a dict. Draw and score `trials` of them, and return `(best_config, best_score, history)` by
# the rules of `grid_search`. Hand the same `rng` to every call; it goes on by itself. A config that comes twice is scored twice.
#
# *Worked number:* three trials with the scores nan, 0.5 and 0.5 give the second config, and a history of three.

# %% nbgrader={"grade": false, "grade_id": "random_search", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_search(objective, sampler, trials, rng):
    """Try ``trials`` configs drawn by ``sampler(rng)``: (best_config, best_score, history), higher is better.

    The scores nan, 0.5 and 0.5 give the second config. The history holds all three.
    """
    # BEGIN SOLUTION
    history = []
    for _ in range(trials):
        config = sampler(rng)
        history.append((config, objective(config)))
    numbers = [trial for trial in history if not math.isnan(trial[1])]
    best_config, best_score = max(numbers, key=lambda trial: trial[1])
    return best_config, best_score, history
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_random_search", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(random_search)

# %% [markdown]
# On our digits the learning rate decides, and these penalties hardly matter. Nine trials each: a grid of 3 × 3 over both ranges, and nine
# random ones.
#
# **Think.** How many different learning rates does each of them try?

# %% nbgrader={"grade": false, "grade_id": "grid_against_random", "locked": true, "schema_version": 3, "solution": false, "task": false}
def draw_config(rng):
    rate, lam = sample_log_uniform(1e-4, 10, 1, rng)[0], sample_log_uniform(1e-4, 1, 1, rng)[0]
    return {"learning_rate": float(rate), "lam": float(lam)}

grid = {"learning_rate": [1e-4, 10**-1.5, 10.0], "lam": [1e-4, 1e-2, 1.0]}
searches = {
    "grid": grid_search(done.score, grid)[2],
    "random": random_search(done.score, draw_config, 9, np.random.default_rng(3))[2],
}
show(explore.plot_search(done, searches), alt=explore.search_in_words(searches, 9))
explore.explore_search(done, searches)

# %% [markdown]
# **Goal.** Move the slider. In which trial does each search reach 0.8, and which of the grid's nine trials told you something new?
#
# <details><summary>What did you find?</summary>
#
# Random search has 0.8 in trial 2, the grid in trial 4. The grid tries three learning rates, three times each: only trials 1, 4 and 7
# are news. In the end it has 0.833, random search 0.950.
#
# </details>
#
# One grid and one seed prove little: a grid with a lucky value would win. So here are 500 of each, the grids shifted at random within
# the range.

# %% nbgrader={"grade": false, "grade_id": "five_hundred_searches", "locked": true, "schema_version": 3, "solution": false, "task": false}
def shifted_grid(n, rng):
    rates, lams = ((rng.random() + np.arange(n)) / n for _ in range(2))
    return {"learning_rate": (10 ** (5 * rates - 4)).tolist(), "lam": (10 ** (4 * lams - 4)).tolist()}

for n in (2, 3, 4):
    rngs = [np.random.default_rng(seed) for seed in range(500)]
    by_grid = np.array([grid_search(done.score, shifted_grid(n, rng))[1] for rng in rngs])
    by_chance = np.array([random_search(done.score, draw_config, n * n, rng)[1] for rng in rngs])
    for name, best in ((f"grid {n} x {n}", by_grid), (f"random, {n * n}", by_chance)):
        print(f"{name:11} best {best.mean():.3f} on average, below 0.9 in {(best < 0.9).mean():.0%}")

# %% [markdown]
# With 4 and with 9 trials, random search fails less often: 35 % against 51 %, and 10 % against 21 %. With 16 the grid's four learning
# rates are close enough to hit the good decade every time, and nothing is left to win. On average over nine trials the two
# are even level, 0.921 and 0.924. Random search is the safer bet with few trials and several settings, no more; and it can be stopped or prolonged
# at any time.
#
# ## The best of many is too good
#
# Every dev score is a measurement with an error. Whoever takes the largest of many takes the largest error, too. Here are 40 networks of
# *one and the same* config; only the seed differs. We measure each on 300 dev customers, pick the best, and then look at the
# other 1,107 dev customers.
#
# **Think.** The winner scores 0.817 on the 300. What will it score on the others, where the average network has 0.775?

# %% nbgrader={"grade": false, "grade_id": "best_of_forty", "locked": true, "schema_version": 3, "solution": false, "task": false}
few, many = explore.same_network_many_times(churn, 40, 300)
best = int(few.argmax())
print(f"300 customers: average {few.mean():.3f}, the winner {few[best]:.3f}")
print(f"the others:    average {many.mean():.3f}, the winner {many[best]:.3f},", end=" ")
print(f"its rank {1 + (many > many[best]).sum()} of 40")
alt = "A cloud of 40 points. The winner stands far right, at 0.817, but its height of 0.784 is ordinary."
show(explore.plot_winner(few, many, 300), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0.784: of its lead of 0.044 over the average, about 0.01 is left, and ten networks are better there. Most of the lead was luck with 300 customers.
#
# </details>
#
# How large is the luck? Let all models be truly right in 80 % of the cases, and take the best of `trials` on a dev set of `m`.

# %% nbgrader={"grade": false, "grade_id": "luck_of_the_best", "locked": true, "schema_version": 3, "solution": false, "task": false}
for trials, m in ((1, 300), (10, 300), (100, 300), (10, 1407), (100, 1407)):
    print(f"the best of {trials:3} on {m:4}: {explore.best_mean(trials, m):.3f}")
show(explore.plot_best_of(20, 300), alt=explore.best_of_in_words(20, 300))
explore.explore_best_of()

# %% [markdown]
# **Goal.** The published tuning gained 0.025 over its untuned score. Set the dev set to 1,400. How many trials between *equal* models
# gain as much by luck alone? Then find a dev set on which 100 trials gain less than 0.015.
#
# <details><summary>What did you find?</summary>
#
# About 70 trials gain 0.025; nobody says how many the notebook made. For 100 trials to gain less than 0.015 it takes about 4,400
# customers: the gain falls with the *root* of the size.
#
# </details>
#
# So the winner's own score is no result. The test part is there to score the winner **once**. Whoever picks by the test part and then quotes it
# has made it a dev part, and has no test left: that was the third mistake of the notebook.
#
# ## Measure with less noise: k folds
#
# A dev set of 20 % is a small sample. **k-fold cross-validation** uses all examples: cut them into $k$ parts, hold out each part once, train on
# all the others. Every example is asked once, by a model that has not seen it.
#
# ### Exercise 13.5 · k_fold_indices (3 points)
#
# Return a list of `k` tuples `(train, validation)` of index arrays. `rng` shuffles; the sizes of the validation parts differ by at most one;
# `train` holds all examples that are not in `validation`. The order within an array is free. With `k = m` one example is left out at
# a time.
#
# *Worked number:* ten examples in four folds have validation parts of the sizes 3, 3, 2 and 2, in any order. Nobody is lost.

# %% nbgrader={"grade": false, "grade_id": "k_fold_indices", "locked": false, "schema_version": 3, "solution": true, "task": false}
def k_fold_indices(m, k, rng):
    """A list of k tuples (train, validation) of index arrays, shuffled; each of 0 ... m-1 is validated once.

    Ten examples in four folds have validation parts of 3, 3, 2 and 2.
    """
    # BEGIN SOLUTION
    parts = np.array_split(rng.permutation(m), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_k_fold_indices", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(k_fold_indices)

# %% nbgrader={"grade": false, "grade_id": "folds", "locked": true, "schema_version": 3, "solution": false, "task": false}
folds = k_fold_indices(23, 5, np.random.default_rng(0))
print("sizes", [len(validation) for _, validation in folds])
alt = "Five rows of 23 points. In each row four or five are triangles, held out; no column has two triangles."
show(explore.plot_folds(folds), alt=alt)

# %% [markdown]
# ### Exercise 13.6 · cross_validate (3 points)
#
# `fit(X, y)` trains and returns `predict`; `predict(X)` returns labels. Return the `k` accuracies, one for each fold: a list or an array. Fit
# anew in every fold, on its training part; measure on its validation part.
#
# *Worked number:* four examples in two folds, one of two right in the first and both in the second: `[0.5, 1.0]`.

# %% nbgrader={"grade": false, "grade_id": "cross_validate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_validate(fit, X, y, k, rng):
    """The accuracies of k folds: ``fit(X, y)`` on the others returns ``predict``, asked for the fold.

    One of two right in the first fold and both in the second give [0.5, 1.0].
    """
    # BEGIN SOLUTION
    scores = []
    for train, validation in k_fold_indices(len(X), k, rng):
        predict = fit(X[train], y[train])
        scores.append(np.mean(predict(X[validation]) == y[validation]))
    return np.array(scores)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_cross_validate", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(cross_validate)

# %% [markdown]
# Now choose the penalty of a small churn network by the mean of five folds, on 1,500 customers. We do it six times, each
# with other folds and other first weights.
#
# **Think.** Five candidates, six repeats. How often will the same λ win?

# %% nbgrader={"grade": false, "grade_id": "smaller_than_the_noise", "locked": true, "schema_version": 3, "solution": false, "task": false}
scores = {}
for lam in (0.0, 3.0, 10.0, 30.0, 100.0):
    scores[lam] = []
    for repeat in range(6):
        rng = np.random.default_rng(repeat)
        fit = explore.penalised_fit(lam, rng)
        scores[lam].append(cross_validate(fit, churn.X_train[:1500], churn.y_train[:1500], 5, rng).mean())
    print(f"lam {lam:5}: mean {np.mean(scores[lam]):.4f}, repeats differ by {np.ptp(scores[lam]):.4f}")
print("the winners:", [list(scores)[i] for i in np.argmax(list(scores.values()), axis=0)])
alt = "Six lines over five values of lam cross each other; their winners are 10, 30 and 100."
show(explore.plot_noise(scores), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Three times 100, twice 30, once 10. The means differ by 0.003, the repeats of one λ by 0.009 to 0.020: the candidates cannot be told apart.
# Say so. Then take the simplest, or the cheapest, and report the spread beside the mean.
#
# </details>
#
# **Find the error.** Customers get 1,000 columns of random numbers, and their labels are tossed with a coin. Somebody keeps the ten columns
# that differ most between the two classes, cross-validates, and is proud of the result. Where is the leak?

# %% nbgrader={"grade": false, "grade_id": "chosen_before_the_split", "locked": true, "schema_version": 3, "solution": false, "task": false}
def choose(X, y):
    return explore.strongest_columns(X, y, 10)

before, within = [], []
for seed in range(10):
    X, y = explore.coins(seed, 60, 1000)
    kept = choose(X, y)
    fit, careful_fit = explore.nearest_mean_fit(), explore.nearest_mean_fit(choose)
    before.append(cross_validate(fit, X[:, kept], y, 5, np.random.default_rng(0)).mean())
    within.append(cross_validate(careful_fit, X, y, 5, np.random.default_rng(0)).mean())
print(f"columns chosen before the split: {np.mean(before):.3f}")
print(f"columns chosen within each fold: {np.mean(within):.3f}")

# %% [markdown]
# <details><summary>What is wrong with it?</summary>
#
# The columns were chosen with the help of *all* labels, those of the validation parts included. Cross-validation came too late: it says
# 0.825 for labels that are coins. With the choice inside `fit`, made anew in every fold, it says 0.463: chance.
#
# Everything that is *learned* belongs inside `fit`: chosen columns, means and standard deviations of a scaler, categories of an
# encoder. That was the notebook's first mistake. A scaler looks at no
# labels and leaks little; what is chosen by the labels leaks most. The second, an id, is a column that
# means nothing for a new customer: a model can only memorise with it.
#
# </details>
#
# ## An honest score for the whole search
#
# Suppose there are few examples, no test part to spare, and a choice of 24 configs. The mean of the best config's folds is a best of 24,
# and so it is too good. **Nested** cross-validation puts the whole search inside a fold: the outer fold holds out a part, the inner
# folds choose a config without it, and the chosen one, refitted, is asked for the part.
#
# ### Exercise 13.7 · nested_cross_validate (5 points)
#
# `fit_with(config)` gives a `fit`. Cut all examples into `outer` folds. In each of them:
#
# 1. For every config take the mean of `inner` cross-validation accuracies **on the outer training part**.
# 2. Choose the config with the largest mean, the first one of a tie.
# 3. Refit it on the **whole** outer training part.
# 4. Score it on the outer validation part.
#
# Return `(scores, chosen)`: the accuracies of step 4 (a list or an array), and the list of chosen configs. Outer folds may choose
# different configs.
#
# *Worked number:* in one outer fold two configs have inner accuracies of `[0.5, 0.9]` and `[0.8, 0.8]`: the second is chosen, 0.8 against 0.7. The
# reported score is neither; it comes from step 4.
#
# <div class="alert alert-info">
#
# **Convention.** Whether all configs share the same inner folds is left open. Shared ones compare them with less noise. Nested
# cross-validation scores a *procedure*, "search, then refit"; which config to ship is decided by one more search on all examples.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "nested_cross_validate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nested_cross_validate(fit_with, configs, X, y, outer, inner, rng):
    """(scores, chosen), one per outer fold: its config is chosen by inner folds, refitted, scored outside.

    Inner accuracies [0.5, 0.9] and [0.8, 0.8] choose the second config; its score is made outside.
    """
    # BEGIN SOLUTION
    scores, chosen = [], []
    for train, validation in k_fold_indices(len(X), outer, rng):
        means = [np.mean(cross_validate(fit_with(c), X[train], y[train], inner, rng)) for c in configs]
        best = configs[int(np.argmax(means))]
        predict = fit_with(best)(X[train], y[train])
        scores.append(np.mean(predict(X[validation]) == y[validation]))
        chosen.append(best)
    return np.array(scores), chosen
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_nested_cross_validate", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(nested_cross_validate)

# %% [markdown]
# Ten data sets of 60 examples with labels from a coin, and 24 nearest-neighbour configs. The truth is known: 0.5.
#
# **Think.** What will the best of 24 cross-validated means be, and the nested score?

# %% nbgrader={"grade": false, "grade_id": "nested_on_coins", "locked": true, "schema_version": 3, "solution": false, "task": false}
configs, fit_with = explore.neighbour_configs(), explore.neighbours_fit_with
winners, nested = [], []
for seed in range(10):
    X, y = explore.coins(seed)
    rng = np.random.default_rng(seed)
    winners.append(max(cross_validate(fit_with(config), X, y, 5, rng).mean() for config in configs))
    nested.append(nested_cross_validate(fit_with, configs, X, y, 5, 5, rng)[0].mean())
print(f"the winner's own score {np.mean(winners):.3f}, the nested score {np.mean(nested):.3f}")
alt = "For all ten data sets the best score lies above the nested one, which scatters around 0.5."
show(explore.plot_nested(winners, nested), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0.635 against 0.520. The first finds skill where there is none. The second scatters around 0.5; single ones stray by 0.08, since 60 coins have a standard
# error of 0.065. Nested cross-validation takes away the optimism, not the noise. Here it cost 605 trainings a data set instead of 120.
#
# </details>
#
# ## The churn search, done honestly
#
# Now search for a churn network with twelve trials. The objective trains on the training part and scores on dev. The winner meets the test part
# once, and so does logistic regression, decided on before.
#
# **Think.** Will the winner's test score be above or below its dev score? Will it beat logistic regression?

# %% nbgrader={"grade": false, "grade_id": "honest_search", "locked": true, "schema_version": 3, "solution": false, "task": false}
def churn_config(rng):
    rate, lam = sample_log_uniform(1e-4, 1e-1, 1, rng)[0], sample_log_uniform(1, 300, 1, rng)[0]
    keep_prob, units = float(rng.choice([1.0, 0.8, 0.5])), int(rng.choice([16, 32, 64]))
    return {"learning_rate": float(rate), "lam": float(lam), "keep_prob": keep_prob, "units": units}

train = explore.churn_trainer(churn)

def dev_accuracy(config):
    return accuracy(train(config).params, churn.X_dev, churn.y_dev)

best, score, history = random_search(dev_accuracy, churn_config, 12, np.random.default_rng(1))
print("dev scores:", " ".join(f"{s:.3f}" for _, s in sorted(history, key=lambda trial: -trial[1])))
print("the winner:", {name: round(value, 4) for name, value in best.items()})

# %% nbgrader={"grade": false, "grade_id": "test_opened_once", "locked": true, "schema_version": 3, "solution": false, "task": false}
final = churn.open({"the winner": train(best), "logistic regression": runs["logistic regression"]})
dev = {"the winner": score, "logistic regression": runs["logistic regression"].dev_accuracy[-1]}
for name, right in final.items():
    print(f"{name:20} dev {dev[name]:.3f}, test {right:.3f} +- {explore.standard_error(right, 1407):.3f}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Below: 0.806 on dev, 0.800 on test. The best of twelve dev scores happens to be the published 0.806 to the third digit. Logistic
# regression has 0.807 on dev and 0.806 on test, without any search. All four numbers lie within one standard error of each other. That is
# the honest result: a network of this kind reaches the ceiling of the table, about 0.80, and does not pass it.
#
# </details>
#
# ## Summary
#
# - Search learning rates, penalties and $1 - \beta$ on a log scale. If the winner stands at the edge, widen the range.
# - A grid tries few values of the setting that matters. Random search tries a new one in every trial; with many trials both find it.
# - The best of many scores is too good, the more so the more trials and the fewer examples. Its own score is no result.
# - Cross-validation uses every example once; all that is learned belongs inside `fit`. Nested cross-validation scores the search itself.
# - A difference below the standard error decides nothing. Take the simpler model.
# - The test part is opened once. A plain baseline belongs beside every tuned number.
#
# ## On your own
#
# 1. Cross-validate "predict the most frequent label" on ten ones and ten zeros with `k = 20`. Why is it right in *no* fold?
# 2. Give all configs the same inner folds in your `nested_cross_validate`. Do the nested scores on coins stray less?
# 3. Repeat the churn search with other seeds. How often does its winner have a dev score above that of logistic regression?
#
# ## Further reading
#
# - J. Bergstra, Y. Bengio, *Random search for hyper-parameter optimization*, 2012.
# - G. Cawley, N. Talbot, *On over-fitting in model selection and subsequent selection bias in performance evaluation*, 2010.
# - S. Varma, R. Simon, *Bias in error estimation when using cross-validation for model selection*, 2006.
# - T. Hastie, R. Tibshirani, J. Friedman, *The elements of statistical learning*, 2009, section 7.10: the wrong and the right way to
#   cross-validate.

# %%
progress()
