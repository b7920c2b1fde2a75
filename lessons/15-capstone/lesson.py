# %% [markdown]
# # Build a model, and say honestly how good it is
#
# This is the last lesson, and it is yours. You put your pieces together into one function that trains a network on data
# it has never seen before. Then you say how good it is, and how you know.
#
# **What you will do.** Check the data and the network, set a baseline, change one thing at a time, write `train_model`,
# rehearse, open the test part once, and answer one question in words.
#
# **What you will learn.**
# - why the best of many scores is too good, and a published one was
# - how to read a difference that is smaller than its noise
# - what a function needs so that a stranger can train and use it
# - how to keep a test part worth opening
#
# **What you need.** Your answers to the lessons before, as far as you want to use them.
# **Time.** Two to three hours, most of it your own experiments.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from autograde.check import begin, check, progress
from coursekit.explorations import capstone as explore
from coursekit.plots import show, use_course_style

begin("15-capstone")
use_course_style()

# %% [markdown]
# ## A score that cannot be repeated
#
# Two published notebooks train a network on the customers of a telephone company: who will leave? (The company is
# fictional, the table is IBM's sample.) Before tuning the network reaches 0.781. After tuning it reaches 0.806. So
# tuning is worth two and a half points.
#
# Let us tune as well. Thirty networks, all of them sensible: 16 to 64 units, 3 to 8 epochs, some dropout, some penalty, drawn
# at random. Each is measured on the same 1,406 customers.
#
# **Think.** All thirty are about equally good. How far apart will the best and the worst score be? The standard error of one is 0.011.

# %% nbgrader={"grade": false, "grade_id": "opening", "locked": true, "schema_version": 3, "solution": false, "task": false}
churn = explore.churn()
trials = explore.many_trials(churn, 30)
scores = np.array([trial.dev for trial in trials])
print(f"worst {scores.min():.3f}, mean {scores.mean():.3f}, best {scores.max():.3f} of {len(scores)} networks")
chosen, fresh = explore.best_on_one_half(trials)
print(f"best on the half that chose it {chosen.mean():.3f}, the same network on the other half {fresh.mean():.3f}")
alt = "Two histograms: the winner scores 0.810 on average on the half that chose it and 0.798 on the other half."
show(explore.plot_halves(chosen, fresh), alt=alt)

# %% [markdown]
# <details><summary>Answer</summary>
#
# From 0.789 to 0.807: the best of thirty stands where the published one does. To see what that is worth, cut the customers
# in two at random, 2,000 times. The network that wins on one half has 0.810 there on average, and 0.798 on the other half. The
# network did not get worse. The first number was never its accuracy: it was the *best of many noisy numbers*.
#
# </details>
#
# **Find the error.** The tuned notebook does it like this:
#
# 1. fit the encoder and the scaler on the whole table, the customer's id among the columns,
# 2. split it in two: a training part and a test part,
# 3. hand the *test part* to the tuner as its validation data, and keep the settings with the best score,
# 4. report that score: 0.806.
#
# <details><summary>What is wrong with it?</summary>
#
# Step 3 and 4 are the large ones: the test part chose the winner and then judged it. It is a dev part now, and nothing is left to
# test with. Step 1 lets the scaler see rows that it should not know, and an id is no feature: it names a
# row and says nothing about the next one. The untuned 0.781 was measured without choosing; the 0.806 was not. A plain logistic regression, without any tuning, equals it, as the end of this lesson shows.
#
# </details>
#
# How large the optimism is depends on two numbers that you control: how many you try, and on how many rows you measure them.
#
# **Goal.** All models here are right with probability 0.79. With 1,407 rows, after how many trials does the best one look as if it
# had 0.806? How many rows keep the best of 200 within one point of the truth?

# %% nbgrader={"grade": false, "grade_id": "best_of", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "The best of 50 scores on 1,407 rows is 0.814 on average; every model's true accuracy is 0.790."
show(explore.plot_best_of(50, 1407), alt=alt)
explore.explore_best_of()

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# About ten trials are enough for 0.806. With 5,600 rows, four times as many, the noise is half as large, and so is the
# optimism: the best of 200 is 0.015 too good there. More rows help slowly; a second, untouched set of rows helps at once.
#
# </details>
#
# So the plan has three parts of the data. Training rows teach. Dev rows choose, as often as you like. Test rows are opened **once**, when
# nothing is left to choose.
#
# ## What you hand in
#
# One function, `train_model(X, y, rng)`. The grader calls it on data it brings along, and asks the function that comes back
# for labels of rows that your code never holds.
#
# | | churn | images |
# |---|---|---|
# | trained on | 4,700 customers | 4,000 pictures |
# | scored on | 2,332 other customers | 5,000 other pictures |
# | a row of `X` | 40 raw numbers: flags, months up to 72, charges up to 8,684 | 784 pixels, 0 … 255 |
# | labels | 0, 1 | 0 … 9 |
# | always the most frequent class | 0.733 | 0.100 |
# | logistic regression | 0.798 | 0.837 |
# | the best possible | 0.803 | not known |
# | standard error of a score | 0.008 | 0.005 |
# | bars (points) | 0.745 (2), 0.760 (2), 0.775 (3) | 0.50 (1), 0.75 (2), 0.82 (2), 0.84 (3) |
#
# Each bar gives its points by itself; from the last one up there is nothing more to gain. The bars keep their distance from what is reached: the last
# one on churn lies nearly three standard errors below logistic regression, so luck does not decide it. The last one on images asks for a hidden layer: it
# lies just above the best line, and more than two standard errors below the author's network (0.853).
#
# - **Fresh data.** The pictures are none of those in `data/`. Their classes have other numbers, and each pixel is
#   brighter or darker by about 3 % of itself. The customers are real rows of the table; who leaves is drawn anew, from the probabilities of a fitted model.
#   That is why the best possible accuracy is known. Whatever you remember of the labels here is of no use there.
# - **Time and memory.** One training may take 60 s on one core, and all your code together 2 GB. The grader trains four times: the two
#   above, and the two small sets of `check`. The network of this lesson's author needs about 2 s.
# - **No data.** When `train_model` runs, `data/` is empty. Cells that load data stop there. So `train_model` and all it calls stand
#   in cells that load nothing, like the one below.
#
# <div class="alert alert-info">
#
# **Rules.** If one of them is broken, no bar counts.
#
# - `predict(X)` returns one integer for each row, shape `(m,)`: no probabilities, no floats.
# - It is deterministic: the same row gets the same label each time it is asked.
# - It judges each row by itself. Single rows are asked, as `(1, n)`, and batches that are anything but typical: the
#   brightest pictures, the customers of longest standing. Their labels must be those that they get among all.
# - `X` and `y` stay as they are. Random numbers come from `rng` alone.
# - The rows may come in any order, sorted by class too.
#
# </div>
#
# ## First, the sanity checks
#
# Before a network is tuned, it is tested for being one. Three checks from lesson 12, on a network with 64 units: is the
# loss before training that of guessing? Does it learn twenty rows by heart? Does it learn nothing when the labels are shuffled?

# %% nbgrader={"grade": false, "grade_id": "sanity", "locked": true, "schema_version": 3, "solution": false, "task": false}
images = explore.images()
for task in (churn, images):
    print(explore.sanity(task))

# %% [markdown]
# The initial loss is $\ln 2 = 0.69$ and $\ln 10 = 2.30$, up to rounding. (The last layer starts a hundred times smaller than He's
# for this check. With He's it would be 0.61 and 3.08: a fresh network has opinions, at random.)
# Twenty rows are learned by heart. With shuffled labels the dev accuracy is that of the majority, or of chance. So
# there is no error of sign, no label that leaks into the features, no row that is in both parts.
#
# **Think.** The same network on the raw numbers, as the grader hands them over, with plain gradient descent and the learning rate 0.1. What dev
# accuracy do you expect on churn?

# %% nbgrader={"grade": false, "grade_id": "raw", "locked": true, "schema_version": 3, "solution": false, "task": false}
raw = explore.attempt(churn, "raw numbers", [64], raw=True, optimizer="sgd", learning_rate=0.1)
print(raw)
print(f"share of customers who stay, dev: {1 - churn.y_dev.mean():.3f}")
print("largest value of the last column:", churn.X_train[:, -1].max())

# %% [markdown]
# <details><summary>Answer</summary>
#
# 0.734, the share of those who stay: it says "stays" to everybody. Total charges up to 8,672 meet weights made for inputs
# near 1. The first step is enormous, and what is left of the network is constant. Scale first, with mean and standard deviation of the *training* rows.
#
# </details>
#
# ## Then, a baseline
#
# Softmax regression: no hidden layer. Whatever you build has to beat it by more than noise, or it is not worth its weights.

# %% nbgrader={"grade": false, "grade_id": "baseline", "locked": true, "schema_version": 3, "solution": false, "task": false}
for task in (churn, images):
    print(f"{task.name:7}", explore.attempt(task, "softmax regression"))

# %% [markdown]
# Remember the two numbers after ±. With 1,406 and 1,000 dev rows, one standard error is 0.011 and 0.012. Two models that are one apart are, as far as
# you know, equal. (Measured on the *same* rows, two models share part of their luck, so the noise of their difference is somewhat smaller.)
#
# ## One change at a time
#
# Change one thing, measure, write it down, keep it or take it back. If two things change at once, you will not know which one it
# was. The log below starts from the baseline; each line changes one thing against the line it names.

# %% nbgrader={"grade": false, "grade_id": "churn_log", "locked": true, "schema_version": 3, "solution": false, "task": false}
log = [
    explore.attempt(churn, "baseline: softmax regression"),
    explore.attempt(churn, "+ 64 hidden units", [64]),
    explore.attempt(churn, "  that for 60 epochs", [64], epochs=60),
    explore.attempt(churn, "  and a second layer", [64, 64], epochs=60),
    explore.attempt(churn, "64 units, + dropout, keep 0.5", [64], keep_prob=0.5),
    explore.attempt(churn, "64 units, dropout, + L2, 100", [64], keep_prob=0.5, lam=100.0),
]
print(*log, sep="\n")
alt = "Dev accuracy 0.79 to 0.81 for all but the long trained ones: 0.785 with one layer, 0.742 with two."
show(explore.plot_trials(log, "Churn: only training too long stands out"), alt=alt)

# %% [markdown]
# What does the log prove? One thing: training two layers for 60 epochs is bad, 0.742 with 0.928 in training. It learns the
# customers by heart. All the others lie between 0.785 and 0.807, within two standard errors of the baseline. Hidden layer,
# dropout, L2: none is shown to be better than a straight line. On this table a plain logistic regression is as good as it gets, and it is honest to say so.
#
# **Goal.** Find settings that end with a gap of less than 0.01 between training and dev. Then find the
# largest gap. Which knob closes it best?

# %% nbgrader={"grade": false, "grade_id": "knobs", "locked": true, "schema_version": 3, "solution": false, "task": false}
alt = "64 units, 20 epochs: training accuracy rises to 0.82, dev accuracy stays near 0.80."
show(explore.plot_knobs(churn), alt=alt)
explore.explore_knobs(churn)

# %% [markdown]
# <details><summary>What did you find?</summary>
#
# No hidden units, keep 0.5, or a lambda of 100 and more: each of them closes the gap. 128 units for 30 epochs without any
# of these open it. None of it moves dev by more than noise, so take the setting that is safe, not the one with the best third digit.
#
# </details>
#
# And the pictures:

# %% nbgrader={"grade": false, "grade_id": "image_log", "locked": true, "schema_version": 3, "solution": false, "task": false}
picture_log = [
    explore.attempt(images, "baseline: softmax regression"),
    explore.attempt(images, "+ 128 hidden units", [128]),
    explore.attempt(images, "+ dropout, keep 0.5", [128], keep_prob=0.5),
    explore.attempt(images, "+ L2, 30", [128], keep_prob=0.5, lam=30.0),
]
print(*picture_log, sep="\n")
difference = picture_log[1].right.astype(float) - picture_log[0].right
spread = difference.std() / np.sqrt(len(difference))
print(f"hidden layer against none, on the same rows: {difference.mean():+.3f} ± {spread:.3f}")
alt = "Dev accuracy: 0.81 for softmax regression, 0.84 with a hidden layer; dropout and a penalty close the gap to training."
show(explore.plot_trials(picture_log, "Images: the hidden layer is worth it"), alt=alt)

# %% [markdown]
# Here the hidden layer pays: measured on the same rows, the difference is more than two of its own standard errors. Dropout and L2 close the gap between training and dev, and the dev
# score alone cannot tell whether that helps: with 1,000 pictures, differences of a point are noise. Three ways out:
# measure several seeds, use k folds (lesson 13), or decide by the dev *loss*, which is less coarse than right or wrong.
#
# Things to try, one at a time: the width; a learning rate that falls to 0 (lesson 10); batch normalization (lesson 11); the mean of
# several networks; another scale for pixels. Below is a cell for your log. Dev rows only.

# %%
# Your log. One change at a time, on the dev part.
mine = explore.attempt(images, "my first change", [128], keep_prob=0.7, learning_rate=5e-4)
print(mine)

# %% [markdown]
# ## Your function
#
# ### Exercise 15.1 · train_model (15 points)
#
# Train on `X` `(m, n)`, raw floats, and `y` `(m,)`, integers 0 … k−1. Return a function `predict`: `predict(X)` takes `(p, n)` raw
# rows and returns their `p` integer labels. One function serves both tasks, and any others: take n, k and the scales from the data.
# The bars and rules are above.
#
# Put your pieces together: scaling (5), initialization (1), dropout and L2 (3, 4), mini-batches (7), Adam and a schedule (10), batch
# normalization (11). Copy what you need into this cell or into cells above that load nothing; up to 30 lines are usual.
# Any way to train is right that keeps the rules, and `coursekit.network` may do the forward and backward pass for you.
#
# *Worked number:* after `predict = train_model(X, y, rng)` with 784 columns, `predict(X[:3])` has the shape `(3,)`, for instance
# `[9, 0, 4]`, and `predict(X[2:3])` is then `[4]`.


# %% nbgrader={"grade": false, "grade_id": "train_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_model(X, y, rng):
    """Train on raw rows X (m, n) and labels y (m,); return predict, which gives raw rows (p, n) their p integer labels.

    With 784 columns, ``predict(X[:3])`` has the shape (3,). All randomness comes from ``rng``.
    """
    # BEGIN SOLUTION
    mean, std = X.mean(axis=0), X.std(axis=0)
    std[std == 0] = 1
    A = ((X - mean) / std).astype(np.float32)
    m, n, k, hidden, keep, lam = len(X), X.shape[1], int(y.max()) + 1, 256, 0.5, 30.0
    epochs, batch, sizes = 20, 128, {"W1": (n, hidden), "b1": hidden, "W2": (hidden, k), "b2": k}
    params = {key: np.zeros(size, np.float32) for key, size in sizes.items()}
    for key in ("W1", "W2"):
        params[key] += np.sqrt(2 / sizes[key][0]) * rng.standard_normal(sizes[key])
    first, second = ({key: np.zeros_like(p) for key, p in params.items()} for _ in range(2))
    t, total = 0, epochs * -(-m // batch)
    for _ in range(epochs):
        order = rng.permutation(m)
        for rows in (order[i : i + batch] for i in range(0, m, batch)):
            kept = (rng.random((len(rows), hidden)) < keep) / np.float32(keep)
            H = np.maximum(A[rows] @ params["W1"] + params["b1"], 0) * kept
            Z = H @ params["W2"] + params["b2"]
            D = np.exp(Z - Z.max(axis=1, keepdims=True))
            D = (D / D.sum(axis=1, keepdims=True) - np.eye(k, dtype=np.float32)[y[rows]]) / len(rows)
            dH = D @ params["W2"].T * kept * (H > 0)
            grads = {"W1": A[rows].T @ dH, "b1": dH.sum(axis=0), "W2": H.T @ D, "b2": D.sum(axis=0)}
            t, rate = t + 1, 2e-3 * (1 + np.cos(np.pi * t / total)) / 2
            for key, p in params.items():
                g = grads[key] + lam / m * p * (key[0] == "W")
                first[key], second[key] = 0.9 * first[key] + 0.1 * g, 0.999 * second[key] + 0.001 * g**2
                move = first[key] / (1 - 0.9**t) / (np.sqrt(second[key] / (1 - 0.999**t)) + 1e-8)
                params[key] = p - np.float32(rate) * move

    def predict(X):
        H = np.maximum((X - mean) / std @ params["W1"] + params["b1"], 0)
        return (H @ params["W2"] + params["b2"]).argmax(axis=1)

    return predict
    # END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train_model", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
check(train_model)

# %% [markdown]
# `check` trains on two small sets that are made up. It looks at the rules, and whether the network tells shapes apart that no linear model can. It does
# not know your accuracy on the real tasks. You do, from the next cell.
#
# ## The rehearsal
#
# Here is what the grader does, on the public training and dev parts: train, ask everything, ask single rows, ask a skewed batch.
#
# **Think.** A `predict` that scales with the mean and standard deviation of *its own* rows has a fine accuracy on the
# whole dev part. What does it say about a single row?

# %% nbgrader={"grade": false, "grade_id": "rehearsal", "locked": true, "schema_version": 3, "solution": false, "task": false}
predictors, reports = {}, {}
for task in (churn, images):
    predictors[task.name], report = explore.rehearse(train_model, task)
    reports[task.name] = report
    print(f"{task.name:7} dev accuracy {report['dev accuracy']:.3f}, within 60 s: {report['seconds'] < 60}")
    print(*(f"        {key}: {value:.3f}" for key, value in report.items() if "change" in key), sep="\n")

# %% [markdown]
# <details><summary>Answer</summary>
#
# A single row has itself as mean and 0 as standard deviation. It becomes a row of zeros, or of nan, and so does each other one: they all get the
# same label. The same happens in part when all the rows are bright. That is why both numbers above must be 0, whatever the accuracy.
#
# </details>
#
# The author's network has 0.802 on the churn dev part and 0.841 on the images. A dev accuracy below the bar minus two standard errors
# means: go back to the log. Within the noise of it, you may stop: the fresh pictures of the grader are a little easier than these
# (the same network has 0.853 there, on average), and no one can tell from 1,000 rows.
#
# ## The test part, once
#
# All is chosen. Now, and only now, the test part. It lies sealed in the task: nothing so far has loaded it. The
# seal counts how often it is opened.

# %% nbgrader={"grade": false, "grade_id": "opened", "locked": true, "schema_version": 3, "solution": false, "task": false}
board = {
    "churn": {"published, untuned": 0.781, "published, 'tuned'": 0.806, "logistic regression": 0.807},
    "images": {"logistic regression": 0.813, "gradient boosting": 0.839},
}
tests = {"churn": churn.test, "images": images.test}
for name, test in tests.items():
    board[name][f"yours ({name})"] = score = test.open(predictors[name])
    print(f"{name:7} test {score:.3f}, dev {reports[name]['dev accuracy']:.3f}, opened {test.opened} time")
alt = "Leaderboards: on churn all lie within a standard error or two of 0.80; on images the network is level with gradient boosting, ahead of logistic regression."
show(explore.plot_board(board, {"churn": 1407, "images": 1000}), alt=alt)

# %% [markdown]
# This is your number, with its standard error: 0.011 on 1,407 customers, 0.012 on 1,000 pictures. Nothing was chosen by it, so it
# is not the best of anything. If you now change your function because of it, the seal will tell you what it has become.
#
# On the image board the author's network, 0.839, is level with gradient boosting and two standard errors above logistic regression. On the churn board look at the published "tuned" score: it was chosen on the rows that measured it, and an untuned logistic regression, opened once, equals it: 0.807.
#
# ## In your own words
#
# ### Question 15.2 (5 points, graded by a person)
#
# How did you choose the hyperparameters, and what is your honest estimate of the error? Write in the cell below, 150 words are enough:
# what you tried and on which rows (1), what you kept and why the evidence was enough, or that it was not (1), your estimate of the *error* for both tasks, each
# with its standard error and the rows it comes from (2), and what could make it too optimistic (1).

# %% [markdown] nbgrader={"grade": true, "grade_id": "honest_estimate", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# *An answer that earns all points:* I compared about ten settings on the dev parts, one change at a time, starting from softmax regression. On
# churn only overfitting was visible: two layers for 60 epochs lost six points. Everything else was within two standard errors (0.011), so I took
# dropout and an L2 penalty because they are safe, not because they won. On images the hidden layer gained more than two standard
# errors on the same rows; width and schedule I chose by dev scores that differ by less than noise. I opened the test parts once, after the
# last change. My estimates of the error: 0.20 ± 0.01 on churn (1,407 test rows), and 0.16 ± 0.01 on images (1,000 test rows). The dev scores
# are a little optimistic, since the settings were chosen on them. The test scores hold for customers and pictures
# drawn like these: next year's customers may differ.

# %% [markdown]
# ## Summary
#
# - The best of many scores is too good, by more the more you try and the fewer rows you measure on.
# - Sanity checks first, then a baseline, then one change at a time with its standard error.
# - Everything `predict` needs is fixed in training: scales, weights, classes. Each row is judged by itself.
# - The test part is opened once. What it says is an estimate with a standard error, and it stays one only as long as
#   nothing is chosen by it.
# - Sometimes a straight line is as good as a network. Saying so is a result.
#
# ## On your own
#
# 1. Average five networks with different seeds. Is the gain larger than the noise of the dev part? On the same rows?
# 2. Repeat the choice of settings by nested cross-validation (lesson 13). How much does the outer score differ from the best inner one?
# 3. Draw the calibration of your churn network: among those it gives 0.7, do seven in ten leave?
#
# ## Further reading
#
# - G. Cawley, N. Talbot, *On over-fitting in model selection and subsequent selection bias in performance evaluation*, 2010.
# - C. Dwork et al., *The reusable holdout: preserving validity in adaptive data analysis*, 2015.
# - H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST*, 2017: 0.842 by logistic regression and 0.871 by a small network, with 60,000 pictures.
# - A. Karpathy, *A recipe for training neural networks*, 2019.

# %%
progress()
