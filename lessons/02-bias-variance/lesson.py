# %% [markdown]
# # Tell bias from variance, and know what to do
#
# **You will** write seven small functions: the error rate, two ways to split data, a measure of how far a split can
# be trusted, a verdict on a model, its learning curve, and the two parts of its error.
#
# **You will learn** why the training error proves nothing, how large a dev set must be, how to read two numbers as a
# diagnosis, and which remedy helps against which disease.
#
# **You need** the array layout of lesson 00 (examples are rows) and the idea of a variance.
#
# **Time** about 80 minutes.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import matplotlib.pyplot as plt
import numpy as np

from autograde.check import begin, check, progress
from coursekit.datasets import load_cells, load_fashion
from coursekit.explorations import bias_variance as explore
from coursekit.network import mean_loss
from coursekit.plots import show, use_course_style
from coursekit.training import fit_network

begin("02-bias-variance")
use_course_style()

# %% [markdown]
# ## A perfect score
#
# Somebody hands you a network that makes no mistake at all on 500 pictures of clothes. Before we look at it, we need
# the number that the whole lesson is about.
#
# ### Exercise 2.1 · error_rate (1 point)
#
# `y_true` and `y_pred` are integer labels of shape `(m,)`. Return the share of examples on which they differ, a
# number between 0 and 1. Labels are names: taking class 7 for class 1 is one error, not six.
#
# *Worked number:* labels `[3, 1, 1, 0]` predicted as `[3, 7, 1, 2]` have the error rate 0.5.

# %% nbgrader={"grade": false, "grade_id": "error_rate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def error_rate(y_true, y_pred):
    """The share of examples whose predicted label is wrong: a number from 0 to 1.

    y_true, y_pred: (m,) integers. error_rate([3, 1, 1, 0], [3, 7, 1, 2]) as arrays is 0.5.
    """
    # BEGIN SOLUTION
    return np.mean(y_true != y_pred)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_error_rate", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(error_rate)

# %% [markdown]
# **Think.** The 500 pictures come from Fashion-MNIST: ten kinds of clothes, fifty of each or so. Their labels were
# shuffled first: a picture of a boot may be called a dress. There is nothing to learn here. Which training error will
# a network with 128 hidden units reach, and which error on new pictures with their right labels?

# %% nbgrader={"grade": false, "grade_id": "learning_nonsense", "locked": true, "schema_version": 3, "solution": false, "task": false}
fashion = load_fashion()
X_500, nonsense = fashion.X_train[:500], np.random.default_rng(0).permutation(fashion.y_train[:500])
predict = explore.network_fit((128,), epochs=80)(X_500, nonsense)
print(f"training error {error_rate(nonsense, predict(X_500)):.3f}")
print(f"error on 1,000 new pictures {error_rate(fashion.y_dev, predict(fashion.X_dev)):.3f}")

# %% [markdown]
# <details><summary>What happened?</summary>
#
# No error at all on the training pictures, and 90 % on new ones, just like guessing among ten classes. The network
# has learned the 500 labels by heart. Zhang et al. (2017) saw the same on a million photographs.
#
# </details>
#
# So the training error alone says nothing. Errors have to be measured on examples that took no part in the training.
# Keep three parts:
#
# - **train**: the parameters are fitted to it;
# - **dev**: you look at it as often as you like, to choose between models;
# - **test**: opened once, at the end, for an honest number.
#
# <div class="alert alert-info">
#
# **Where books differ.** The dev set is also called validation set or hold-out set. Some courses say "test set" for
# what you tune on; then they have none. Shares are no law: 60/20/20 for thousands of examples, 98/1/1 for millions.
# What counts is how many examples dev and test hold, as you will see.
#
# </div>
#
# ### Exercise 2.2 · train_dev_test_split (5 points)
#
# Return `(X_train, y_train, X_dev, y_dev, X_test, y_test)`. A random permutation decides who goes where. The dev part
# gets `round(dev_fraction * m)` examples, the test part `round(test_fraction * m)`, training the rest; `round` is
# Python's, so `round(2.5)` is 2. Each example lands in exactly one part, together with its label; the order within a
# part is free. Draw from `rng`, a `numpy.random.Generator`. If no training example is left, raise a `ValueError` that
# says why. `X` is `(m, n)`, `y` is `(m,)`; both stay as they are.
#
# *Worked number:* 13 examples with the default fractions: `round(2.6)` is 3, so the sizes are 7, 3 and 3.

# %% nbgrader={"grade": false, "grade_id": "train_dev_test_split", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_dev_test_split(X, y, rng, dev_fraction=0.2, test_fraction=0.2):
    """Random parts of the examples X (m, n) with labels y (m,), rounded sizes, the rest for training.

    Returns (X_train, y_train, X_dev, y_dev, X_test, y_test): 13 examples give 7, 3 and 3.
    Raises ValueError when no training example is left.
    """
    # BEGIN SOLUTION
    m = len(X)
    n_dev, n_test = round(dev_fraction * m), round(test_fraction * m)
    if m - n_dev - n_test < 1:
        raise ValueError(f"dev_fraction {dev_fraction} and test_fraction {test_fraction} leave none of {m} to train on")
    dev, test, train = np.split(rng.permutation(m), [n_dev, n_dev + n_test])
    return X[train], y[train], X[dev], y[dev], X[test], y[test]
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_train_dev_test_split", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(train_dev_test_split)

# %% [markdown]
# Why random? Files are often sorted. The next data are two measurements of 2,019 cells under a microscope; 1,300 of
# them are of class 1. Suppose that the file lists class 0 first.

# %% nbgrader={"grade": false, "grade_id": "a_sorted_file", "locked": true, "schema_version": 3, "solution": false, "task": false}
cells = load_cells()
X_cells = np.log(np.vstack([cells.X_train, cells.X_dev, cells.X_test]))
y_cells = np.concatenate([cells.y_train, cells.y_dev, cells.y_test])
order = np.argsort(y_cells, kind="stable")
X_sorted, y_sorted = X_cells[order], y_cells[order]
in_order = y_sorted[:1211], y_sorted[1211:1615], y_sorted[1615:]
random = train_dev_test_split(X_sorted, y_sorted, np.random.default_rng(0))[1::2]
for name, (train, dev, test) in (("in order", in_order), ("at random", random)):
    print(f"cut {name:9}  class 1 is {train.mean():.2f} of train, {dev.mean():.2f} of dev, {test.mean():.2f} of test")

# %% [markdown]
# Cut in order, dev and test hold class 1 alone: a model that always says 1 makes no error there. Cut at random, the
# shares agree to within eight points. Not exactly: luck remains, and small classes suffer from it most.
#
# ### Exercise 2.3 · stratified_indices (4 points)
#
# Return the indices of a random sample that takes `round(fraction * count)` examples of **every** class, where
# `count` is how many of them `y` has. `y (m,)` holds any integers, in any order. The result is a 1-d array of
# integers, in any order, without repetition.
#
# *Worked number:* 10 examples of class 0 and 5 of class 1 with `fraction=0.4` give 4 of class 0 and 2 of class 1.

# %% nbgrader={"grade": false, "grade_id": "stratified_indices", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stratified_indices(y, fraction, rng):
    """Indices of a random sample with round(fraction * count) examples of every class of y (m,).

    Ten labels 0 and five labels 1 with fraction 0.4 give the indices of four 0s and two 1s.
    """
    # BEGIN SOLUTION
    chosen = []
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen.append(rng.permutation(members)[: round(fraction * len(members))])
    return np.concatenate(chosen)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_stratified_indices", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(stratified_indices)

# %% nbgrader={"grade": false, "grade_id": "a_rare_class", "locked": true, "schema_version": 3, "solution": false, "task": false}
boots = np.flatnonzero(fashion.y_train == 9)
rare = np.delete(fashion.y_train, boots[40:])
rng = np.random.default_rng(0)
plain = [int((rare[rng.permutation(len(rare))[:182]] == 9).sum()) for _ in range(2000)]
fixed = [int((rare[stratified_indices(rare, 0.05, rng)] == 9).sum()) for _ in range(2000)]
print(f"{len(rare)} pictures, 40 of them boots; samples of 5 %")
print(f"plain random: {min(plain)} to {max(plain)} boots, none at all in {np.mean(np.array(plain) == 0):.1%} of the samples")
print(f"stratified:   {min(fixed)} to {max(fixed)} boots")

# %% [markdown]
# A sample without a single boot cannot tell whether the model knows boots. Stratify when a class is rare or the
# sample small.
#
# ## How far can you trust a dev set?
#
# Each dev example is right or wrong. If the model is right with probability $p$, one example is a coin with variance
# $p(1-p)$. The accuracy is the mean of $m$ independent coins, so its variance is $p(1-p)/m$. The root of it is the
# **standard error**: how far the measured accuracy typically lies from the true one.
#
# ### Exercise 2.4 · accuracy_standard_error (1 point)
#
# $$\text{SE} = \sqrt{\frac{p\,(1-p)}{m}}$$
#
# *Worked number:* an accuracy of 0.9 on 225 examples has a standard error of $\sqrt{0.09 / 225} = 0.02$.

# %% nbgrader={"grade": false, "grade_id": "accuracy_standard_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accuracy_standard_error(accuracy, m):
    """The standard error of an accuracy measured on m examples: 0.02 for 0.9 on 225 examples."""
    # BEGIN SOLUTION
    return np.sqrt(accuracy * (1 - accuracy) / m)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_accuracy_standard_error", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(accuracy_standard_error)

# %% nbgrader={"grade": false, "grade_id": "many_dev_sets", "locked": true, "schema_version": 3, "solution": false, "task": false}
predict = explore.network_fit((64,), epochs=10)(fashion.X_train[:1000], fashion.y_train[:1000])
right = predict(fashion.X_dev) == fashion.y_dev
for size in (50, 200, 1000):
    measured = explore.measured_accuracies(right, size)
    print(f"{size:5} examples: spread {measured.std():.4f}, formula {accuracy_standard_error(right.mean(), size):.4f}")
fig = explore.plot_dev_sizes(accuracy_standard_error, right)
show(fig, alt="Histograms of one model's accuracy on 2,000 dev sets: wide for 50 examples, narrow for 1,000.")

# %% [markdown]
# The same model every time; only the dev examples were drawn anew. Two out of three accuracies lie within one
# standard error, one in twenty more than two away. On 50 examples this model of 77 % may well show 66 % or 89 %.
#
# **Goal.** Two models, of which one is better by 0.02. Each is measured on a dev set of its own. Find the smallest
# dev set on which the better one wins in at least 95 % of all cases. Then halve the difference: how many examples
# does it take now?

# %% nbgrader={"grade": false, "grade_id": "explore_two_models", "locked": true, "schema_version": 3, "solution": false, "task": false}
fig = explore.plot_two_models(accuracy_standard_error, difference=0.02, examples=300)
show(fig, alt="Two overlapping bell curves around 0.80 and 0.82; on 300 examples the better model wins in 73 %.")
explore.explore_two_models(accuracy_standard_error)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# About 2,100 examples. For half the difference it takes four times as many, more than 8,000: the standard error falls
# with the *root* of $m$.
#
# </details>
#
# **Find the error.** A post that goes round tells: "We trained 40 networks, evaluated all of them on our 60 test
# cells and kept the best. Its test error is 18 %. That is our result."

# %% nbgrader={"grade": false, "grade_id": "best_of_forty", "locked": true, "schema_version": 3, "solution": false, "task": false}
split = list(train_dev_test_split(X_cells, y_cells, np.random.default_rng(0), dev_fraction=0.45, test_fraction=0.5))
mean, std = split[0].mean(axis=0), split[0].std(axis=0)
split[0::2] = [(part - mean) / std for part in split[0::2]]
X_100, y_100, X_dev, y_dev, _, _ = split
few, others = [], []
for seed in range(40):
    predict = explore.network_fit((8,), epochs=30, batch_size=20, learning_rate=0.01, seed=seed)(X_100, y_100)
    few.append(error_rate(y_dev[:60], predict(X_dev[:60])))
    others.append(error_rate(y_dev[60:], predict(X_dev[60:])))
best = int(np.argmin(few))
print(f"best of 40 on 60 cells: {few[best]:.3f}, the same network on 849 other cells: {others[best]:.3f}")

# %% [markdown]
# <details><summary>The error</summary>
#
# What they call a test set served to choose: it was a dev set. The winner is the network that is good *and* lucky on
# these 60 cells, and luck does not come along to new ones: 18 % becomes 25 %. The more models you compare, the
# luckier the best. Choose on dev, then open the test set once.
#
# </details>
#
# ## Too simple, too clever
#
# Now the errors of single models. The cells again: 100 to train on, 909 dev cells, both measurements on a log scale.
# They are scaled by the training part's own mean and spread (lesson 05). Three models: a straight cut through
# measurement B alone, a small network, and two layers of 64 units, trained for long.
#
# **Think.** Which has the largest training error? Which the smallest? And on dev?

# %% nbgrader={"grade": false, "grade_id": "three_boundaries", "locked": true, "schema_version": 3, "solution": false, "task": false}
fits = {
    "too simple": explore.network_fit((), columns=[1], epochs=100, batch_size=20, learning_rate=0.01),
    "about right": explore.network_fit((4,), epochs=100, batch_size=20, learning_rate=0.01),
    "too clever": explore.network_fit((64, 64), epochs=300, batch_size=20, learning_rate=0.01),
}
models = {name: fit(X_100, y_100) for name, fit in fits.items()}
errors = {n: (error_rate(y_100, f(X_100)), error_rate(y_dev, f(X_dev))) for n, f in models.items()}
for name, (train, dev) in errors.items():
    print(f"{name:12} train {train:.3f}, dev {dev:.3f}")
alt = "Three boundaries: a level cut that ignores measurement A, a simple bend, and tongues that wind between single cells."
show(explore.plot_boundaries(models, X_100, y_100, errors, cells.classes), alt=alt)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# On train 34 %, 24 % and 9 %. On dev the middle one wins: 35 %, 25 % and 32 %.
#
# </details>
#
# The first model is too stiff: it errs on the very cells it was trained on. That is **bias**. The third bends around
# single cells; it does well on its own hundred and worse on others. With another hundred it would bend elsewhere. That
# is **variance**. Two gaps tell them apart:
#
# $$\text{bias} = \text{train error} - \text{optimal error}, \qquad \text{variance} = \text{dev error} - \text{train error}.$$
#
# The **optimal error** is the best that anybody could do: of an ideal classifier, or of experts as a stand-in.
# Classes that overlap, as these cells do, cannot be told apart without error.
#
# ### Exercise 2.5 · diagnose (3 points)
#
# Return `"just right"`, `"high bias"`, `"high variance"` or `"high bias and high variance"`. A gap is high if it is
# larger than `tolerance` (`>`). Both can be high at once. A negative gap is not high.
#
# *Worked number:* errors of 0.08 (train) and 0.09 (dev) with `optimal_error=0.01` have a bias of 0.07 and a variance
# of 0.01: `"high bias"`.
#
# <div class="alert alert-info">
#
# **Where books differ.** In statistics bias is a property of a method over *all* training sets, and squared error
# splits into bias² and variance; you will compute that below. The two gaps are the practitioner's stand-ins, taken
# from one training set; Andrew Ng calls the first *avoidable* bias. Neither has to do with the bias parameter `b` of
# a layer, or with the variance of activations.
#
# </div>

# %% nbgrader={"grade": false, "grade_id": "diagnose", "locked": false, "schema_version": 3, "solution": true, "task": false}
def diagnose(train_error, dev_error, optimal_error=0.0, tolerance=0.02):
    """The verdict: "just right", "high bias", "high variance" or "high bias and high variance".

    Bias is train - optimal, variance is dev - train; high is > tolerance. diagnose(0.08, 0.09) is "high bias".
    """
    # BEGIN SOLUTION
    high_bias = train_error - optimal_error > tolerance
    high_variance = dev_error - train_error > tolerance
    if high_bias and high_variance:
        return "high bias and high variance"
    if high_bias:
        return "high bias"
    return "high variance" if high_variance else "just right"
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_diagnose", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(diagnose)

# %% [markdown]
# **Think.** A model errs on 15 % of its training examples and on 30 % of dev. What is wrong with it? And is a
# training error of 24 % on our cells a bias? To see how low one can get, the next cell borrows 600 dev cells for
# training, once.

# %% nbgrader={"grade": false, "grade_id": "verdicts", "locked": true, "schema_version": 3, "solution": false, "task": false}
print("15 % and 30 %:", diagnose(0.15, 0.30))
predict = explore.network_fit((16,), epochs=40, learning_rate=0.005)(X_dev[:600], y_dev[:600])
low = error_rate(y_dev[:600], predict(X_dev[:600])), error_rate(y_dev[600:], predict(X_dev[600:]))
print(f"16 units on 600 cells: train {low[0]:.3f}, 309 others {low[1]:.3f}")
for name, (train, dev) in errors.items():
    naive, fair = diagnose(train, dev, tolerance=0.05), diagnose(train, dev, optimal_error=0.22, tolerance=0.05)
    print(f"{name:12} {train:.3f} {dev:.3f}   optimal 0: {naive:28} optimal 0.22: {fair}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 15 % and 30 % are **both**: 15 points away from perfect, and 15 more on dev. Bias and variance are no two ends of
# one scale. For the cells the optimal error decides. With 600 of them, training and dev error meet between 22 and 24
# %: the classes overlap, and 22 % is about the best one can do. Held against 0, even the right model seems to have a
# high bias, and you would enlarge it in vain. Held against 22 %, it is just right.
#
# The tolerance is 0.05 here because 100 training cells tell errors no better: their standard error is 0.04.
#
# </details>
#
# **Goal.** Your workbench: the same cells, two hidden layers of equal width, 300 epochs. The verdict is "high
# variance". Bring the dev error below 25 % with all 100 cells in three ways: by the width alone (0 is a straight
# line), by the epochs alone, by λ alone (a penalty on large weights, lesson 03). Then produce "high bias".

# %% nbgrader={"grade": false, "grade_id": "explore_bench", "locked": true, "schema_version": 3, "solution": false, "task": false}
fig = explore.plot_bench(split, error_rate, diagnose, hidden=64, epochs=300, examples=100)
show(fig, alt="Boundary of two layers of 64 units on 100 cells, and bars: training error 9 %, dev error 31.7 %.")
explore.explore_bench(split, error_rate, diagnose)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# The straight line reaches 23.5 %, 5 epochs instead of 300 reach 24.4 %, λ = 5 reaches 23.3 %, all from 31.7 %. Three
# brakes, one effect: they keep the network from bending around single cells. With λ = 10 the brake is stronger than
# the data: 41 % on train, high bias. (Differences below 2 or 3 points mean nothing here: that is two standard errors
# of 909 dev cells.)
#
# </details>
#
# ## The recipe
#
# The verdict names the remedy. Ask in this order:
#
# 1. **High bias?** A bigger network; longer training; another architecture or better features. Again, until the
#    training error is near the optimal one.
# 2. **High variance?** More data; regularization (lessons 03 and 04); a fitting architecture. Then back to 1.
#
# Fashion-MNIST: the best published networks, trained on all 60,000 pictures, err on about 4 %. We begin with 1,000
# pictures and a linear model.
#
# **Think.** Which step will lower the training error, which the dev error? Will one remedy make the other disease
# worse?

# %% nbgrader={"grade": false, "grade_id": "the_recipe", "locked": true, "schema_version": 3, "solution": false, "task": false}
plan = {
    "linear,\n3 epochs": (1000, explore.network_fit((), epochs=3)),
    "bigger:\n64 units": (1000, explore.network_fit((64,), epochs=3)),
    "longer:\n30 epochs": (1000, explore.network_fit((64,), epochs=30)),
    "more data:\n4,000": (4000, explore.network_fit((64,), epochs=20)),
    "regularize:\ndropout": (4000, explore.network_fit((64,), epochs=20, keep_prob=0.8)),
}
steps, trained = explore.train_steps(plan, error_rate, fashion)
for name, pair in steps.items():
    print("{:24} train {:.3f}  dev {:.3f}  {}".format(name.replace("\n", " "), *pair, diagnose(*pair, 0.04, 0.03)))
alt = "Bars: bigger and longer bring the training error from 26 to 2 %, more data the dev error from 20 to 15 %."
show(explore.plot_steps(steps, 0.04, "Bigger and longer mend the bias, more data the variance"), alt=alt)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# Bigger and longer bring the training error from 26 % to 2 %, and the dev error falls along, from 31 % to 20 %. What
# is left is variance. Four times the data bring dev to 15 %; the training error *rises* to 5 %, since 4,000 pictures
# are harder to fit than 1,000. Dropout narrows the gap from 10 to 8 points by raising the training error; the dev
# error stays where it was, within its standard error of 1.1 points. The aim is not a smaller gap but a smaller dev
# error.
#
# </details>
#
# ## Would more data help?
#
# Data are dear. Before you collect more, look at what you gained by those you have.
#
# ### Exercise 2.6 · learning_curve (4 points)
#
# `fit(X, y)` trains a model and returns its `predict`; `predict(X)` gives labels. For each of `sizes`: fit on the
# **first** `size` training examples, then measure the error rate on these same examples and on **all** of dev. Return
# the pair `(train_errors, dev_errors)`, arrays with one entry per size, in the order of `sizes`.
#
# *Worked number:* a `fit` that always predicts the most frequent label it saw, trained on the first three labels `[0,
# 0, 1]`, has the training error 1/3; on dev labels `[1, 1, 0, 1]` it errs on 0.75.

# %% nbgrader={"grade": false, "grade_id": "learning_curve", "locked": false, "schema_version": 3, "solution": true, "task": false}
def learning_curve(fit, X_train, y_train, X_dev, y_dev, sizes):
    """Error rates after training on the first `size` examples, for each of `sizes`.

    fit(X, y) returns predict(X) -> labels. Returns (train_errors, dev_errors), arrays of shape (len(sizes),): the
    training error is measured on the same `size` examples, the dev error on all of dev.
    """
    # BEGIN SOLUTION
    train_errors, dev_errors = [], []
    for size in sizes:
        predict = fit(X_train[:size], y_train[:size])
        train_errors.append(error_rate(y_train[:size], predict(X_train[:size])))
        dev_errors.append(error_rate(y_dev, predict(X_dev)))
    return np.array(train_errors), np.array(dev_errors)
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_learning_curve", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(learning_curve)

# %% [markdown]
# **Think.** Two models on 500 to 4,000 pictures. One is linear and sees four numbers per picture: the mean brightness
# of its quarters. The other has 64 hidden units and sees all 784 pixels. Sketch both pairs of curves. Can more data
# lower a *training* error?

# %% nbgrader={"grade": false, "grade_id": "learning_curves", "locked": true, "schema_version": 3, "solution": false, "task": false}
def quarters(X):
    return X.reshape(-1, 2, 14, 2, 14).mean(axis=(2, 4)).reshape(-1, 4)

sizes, y, y_d = [500, 1000, 2000, 4000], fashion.y_train, fashion.y_dev
stiff, clever = explore.network_fit((), updates=1500, learning_rate=0.02), explore.network_fit((64,), updates=1000)
curves = {
    "Four numbers: high bias": learning_curve(stiff, quarters(fashion.X_train), y, quarters(fashion.X_dev), y_d, sizes),
    "All pixels: high variance": learning_curve(clever, fashion.X_train, y, fashion.X_dev, y_d, sizes),
}
for name, (train, dev) in curves.items():
    print(f"{name:26} train {np.round(train, 3)}  dev {np.round(dev, 3)}")
alt = "Left, both curves flat and close together near 54 %. Right, the training error climbs from 0, dev falls to 16 %."
show(explore.plot_learning_curves(curves, sizes, 0.04), alt=alt)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# Left, both curves lie close together, far above the optimum. Eight times the data bring the dev error from 54.4 % to
# 54.2 %: nothing. **More data do not cure bias.** Right, a gap of 21 points shrinks to 8, and the dev curve still
# falls, from 21 % to 16 %: here more data pay.
#
# The training error tends to rise with more data: more examples are harder to fit. (The dip of
# 3 points on the left is within two standard errors.) What more data can lower is the dev error, at best down to where
# the training error ends up.
#
# </details>
#
# ## Bias and variance as numbers
#
# Now the statistician's view. Let $f(x)$ be the truth, and let each training set give a model $\hat y(x)$. Over many
# training sets the models have a mean $\bar y(x)$. Write $\hat y - f = (\hat y - \bar y) + (\bar y - f)$ and square.
# The mixed term vanishes on average, because $\hat y - \bar y$ has mean zero:
#
# $$ \operatorname{E}\big[(\hat y - f)^2\big] = \underbrace{(\bar y - f)^2}_{\text{bias}^2} +
# \underbrace{\operatorname{E}\big[(\hat y - \bar y)^2\big]}_{\text{variance}}. $$
#
# Measured against fresh measurements $f + \text{noise}$, the variance of the noise is added.
#
# ### Exercise 2.7 · bias_variance (3 points)
#
# `predictions (models, m)` holds what each model predicts at each of `m` points, `y_true (m,)` the truth. Return the
# pair `(bias_squared, variance)`, two numbers: each computed at every point (the variance with `ddof=0`), then
# averaged over the points.
#
# *Worked number:* two models predict `[1, 5]` and `[3, 5]`, the truth is `[2, 4]`. The mean prediction is `[2, 5]`,
# so bias² is $(0 + 1)/2 = 0.5$; the variances are 1 and 0, so the variance is 0.5.

# %% nbgrader={"grade": false, "grade_id": "bias_variance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bias_variance(predictions, y_true):
    """Squared bias and variance of predictions (models, m) of y_true (m,), averaged over the points.

    For [[1, 5], [3, 5]] and the truth [2, 4] it is (0.5, 0.5).
    """
    # BEGIN SOLUTION
    mean = predictions.mean(axis=0)
    return np.mean((mean - y_true) ** 2), np.mean(predictions.var(axis=0))
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_bias_variance", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(bias_variance)

# %% [markdown]
# **Think.** Twenty points of a sine curve, measured with noise; 200 such training sets, each fitted by a polynomial.
# Where will the *mean* of the models lie for degree 1? For degree 13?

# %% nbgrader={"grade": false, "grade_id": "polynomials", "locked": true, "schema_version": 3, "solution": false, "task": false}
noise = np.random.default_rng(1).normal(0, 0.3, (200, 101))
for degree in (1, 5, 13):
    found = explore.fit_polynomials(degree, points=20, noise=0.3)
    truth = explore.curve(found.x)
    bias_squared, variance = bias_variance(found.predictions, truth)
    measured = np.mean((found.predictions - (truth + noise)) ** 2)
    total = bias_squared + variance + 0.3**2
    print(f"degree {degree:2}: {bias_squared:.3f} + {variance:.3f} + noise {0.3**2:.3f} = {total:.3f}, measured {measured:.3f}")
alt = "Degree 1: lines close together, far from the sine. Degree 5: near it. Degree 13: wild, but right on average."
show(explore.plot_polynomials(bias_variance, (1, 5, 13)), alt=alt)

# %% [markdown]
# <details><summary>What happened?</summary>
#
# The lines agree with each other and are wrong: bias. The wild ones are right on average, and each alone is off:
# variance.
#
# </details>
#
# The three parts add up to the measured error, and only if the noise is counted. Two cautions: variance is over
# *training sets*, so one model has none to show. And the sum holds for squared error; for the error rate, bias and
# variance do not simply add.
#
# **Goal.** With 20 points, find the best degree. Then bring bias² + variance below 0.005 without touching the noise.
# Which slider moves which part?

# %% nbgrader={"grade": false, "grade_id": "explore_degree", "locked": true, "schema_version": 3, "solution": false, "task": false}
fig = explore.plot_degree(bias_variance, degree=9, points=20)
show(fig, alt="Left, polynomials of degree 9. Right, bias² falls with the degree, the variance rises, the sum has a valley.")
explore.explore_degree(bias_variance)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# Degree 3 with 20 points. More points lower the variance alone, in proportion; the degree moves both. With 200 points
# the best degree is 5: more data do not only help, they pay for a richer model. From about 110 points on, degree 5
# stays below 0.005.
#
# </details>
#
# Here the two parts pull against each other. Is that a law, "less bias means more variance"? Ask networks: the same
# decomposition of the probabilities they give to each class, for five training sets of 500 pictures.

# %% nbgrader={"grade": false, "grade_id": "a_law", "locked": true, "schema_version": 3, "solution": false, "task": false}
truth, widths, parts = np.eye(10)[fashion.y_dev].ravel(), (4, 16, 64), []
for width in widths:
    chunks = [slice(500 * i, 500 * (i + 1)) for i in range(5)]
    X, y = fashion.X_train, fashion.y_train
    rows = [explore.class_probabilities((width,), X[c], y[c], fashion.X_dev, i) for i, c in enumerate(chunks)]
    parts.append(bias_variance(np.array(rows), truth))
    print(f"{width:3} hidden units: bias² {parts[-1][0]:.4f}, variance {parts[-1][1]:.4f}")
alt = "Stacked bars for 4, 16 and 64 hidden units: both the squared bias and the variance are smaller at 16 than at 4."
show(explore.plot_widths(widths, parts), alt=alt)

# %% [markdown]
# From 4 to 16 units **both** parts shrink. From 16 to 64 the bias falls further and the variance grows a little; the
# sum does not. So the trade-off is no law for networks (Neal et al. 2018 follow them to thousands of units), and the
# recipe can fight the two gaps one after the other.
#
# ## Three puzzles
#
# Two reports that look like bugs. **Think** first: the dev loss lies *below* the training loss; the dev loss rises by
# a third while the accuracy does not fall. How can that be?

# %% nbgrader={"grade": false, "grade_id": "puzzles", "locked": true, "schema_version": 3, "solution": false, "task": false}
plan = {"batch_size": 50, "learning_rate": 0.002, "optimizer": "adam", "X_dev": fashion.X_dev, "y_dev": fashion.y_dev}
X, y = fashion.X_train[:1000], fashion.y_train[:1000]
thinned = fit_network((64,), X, y, epochs=10, keep_prob=0.5, rng=np.random.default_rng(1), **plan)
long = fit_network((64,), X, y, epochs=60, rng=np.random.default_rng(1), **plan)
print(f"dropout: reported training loss {thinned.epoch_losses[-1]:.2f}, dev loss {thinned.dev_losses[-1]:.2f}")
for epoch in (20, 60):
    print(f"epoch {epoch}: dev loss {long.dev_losses[epoch - 1]:.2f}, dev accuracy {long.dev_accuracy[epoch - 1]:.3f}")
alt = "Left, the training loss with dropout stays above the dev loss. Right, dev loss climbs, accuracy stays level."
show(explore.plot_puzzles(thinned, long, mean_loss(thinned.params, X, y)), alt=alt)

# %% [markdown]
# <details><summary>Answers</summary>
#
# **Left.** The reported training loss was taken with dropout on, and averaged over the epoch while the network was
# still learning. The dev loss is that of the whole network, after the epoch. Penalties that only training counts do
# the same. Measured alike, train lies below dev (the square).
#
# **Right.** The loss punishes confidence. The network grows ever more certain, also where it is wrong: a few examples
# cost more and more, while the labels hardly change.
#
# </details>
#
# The third puzzle: train 5 %, dev 40 %. "High variance, get more data"? This time the dev pictures come from an app
# that mirrors them.

# %% nbgrader={"grade": false, "grade_id": "another_distribution", "locked": true, "schema_version": 3, "solution": false, "task": false}
predict = trained["more data:\n4,000"]
mirrored = fashion.X_dev.reshape(-1, 28, 28)[:, :, ::-1].reshape(-1, 784)
same, other = slice(0, 500), slice(500, 1000)
print(f"train      {steps['more data:' + chr(10) + '4,000'][0]:.3f}")
print(f"train-dev  {error_rate(fashion.y_dev[same], predict(fashion.X_dev[same])):.3f}  new pictures, as in training")
print(f"dev        {error_rate(fashion.y_dev[other], predict(mirrored[other])):.3f}  new pictures, mirrored")

# %% [markdown]
# A **train-dev set**, new examples from the *training* distribution, tells the two gaps apart: from train to
# train-dev is variance (10 points), from train-dev to dev is mismatch (25 points). Against mismatch, only data that
# look like dev help.
#
# ## Summary
#
# - The training error can be 0 for nonsense. Measure on examples that took no part; choose on dev; open test once.
# - Split at random, rows with their labels; stratify where classes are rare.
# - A dev accuracy has a standard error of $\sqrt{p(1-p)/m}$. Half the error takes four times the examples.
# - Bias is train − optimal, variance is dev − train. Both, one or none can be high.
# - Bias: bigger, longer, other features. Variance: more data, regularization. The learning curve tells whether data
#   will pay.
# - bias² + variance + noise is the expected squared error. The trade-off is no law for networks.
#
# ## On your own
#
# 1. Remove the shuffling from your split and train on the sorted cells. What does dev say?
# 2. Compare two models on the *same* dev examples: estimate the standard error of the difference by drawing dev
#    examples with replacement, and compare it with the widget's.
# 3. Draw the learning curve of a linear model on all 784 pixels. Which disease does it have at 500 pictures, which at
#    4,000?
#
# ## Further reading
#
# - A. Ng, *Machine Learning Yearning*, chapters 20 to 32: errors as a compass.
# - S. Geman, E. Bienenstock, R. Doursat, *Neural networks and the bias/variance dilemma*, 1992.
# - C. Zhang et al., *Understanding deep learning requires rethinking generalization*, 2017.
# - B. Neal et al., *A modern take on the bias-variance tradeoff in neural networks*, 2018.
# - M. Belkin et al., *Reconciling modern machine-learning practice and the bias–variance trade-off*, 2019.

# %%
progress()
