# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import numpy as np

from autograde.check import begin, check, progress
from coursekit.plots import show, use_course_style

begin("14-smarter-search")
use_course_style()

# %% nbgrader={"grade": false, "grade_id": "successive_halving", "locked": false, "schema_version": 3, "solution": true, "task": false}
def successive_halving(evaluate, configs, min_budget, factor=3):
    """Run all configs briefly, keep the best of them, give those more: a tuple (best_config, history).

    Nine configs, min_budget 1 and factor 3 make 9 runs at budget 1 and 3 runs at budget 3; one config is left.
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

# %% nbgrader={"grade": false, "grade_id": "expected_improvement", "locked": false, "schema_version": 3, "solution": true, "task": false}
def expected_improvement(mean, std, best, xi=0.01):
    """By how much a normal score (mean, std) is expected to exceed best + xi, counting only excess: (p,) to (p,).

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
            mean, std = gp_posterior(candidates[tried][known], scores[known], candidates[untried], length_scale)
            row = untried[np.argmax(expected_improvement(mean, std, scores[known].max()))]
        tried.append(row)
        history.append((candidates[row], objective(candidates[row])))
    best = np.nanargmax([score for _, score in history])
    return *history[best], history
    # END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "test_bayesian_search", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(bayesian_search)
