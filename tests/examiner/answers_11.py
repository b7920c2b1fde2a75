"""Answers to lesson 11 that were written from the curriculum alone, and what the judge must say of each."""

from __future__ import annotations

from .examining import answers

RIGHT: dict[str, dict[str, str]] = {}
WRONG: dict[str, dict[str, str]] = {}

# --- batchnorm_forward -----------------------------------------------------------------------------------------------
RIGHT["batchnorm_forward"] = answers("""
#: two branches
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if training:
        mu = Z.mean(axis=0)
        var = Z.var(axis=0)
        Zn = (Z - mu) / np.sqrt(var + eps)
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
        return gamma * Zn + beta, (Z, mu, var, eps, gamma), running_mean, running_var
    Zn = (Z - running_mean) / np.sqrt(running_var + eps)
    return gamma * Zn + beta, None, running_mean, running_var
#: Stanford's way, a cache at test time, too
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    N, D = Z.shape
    cache = {}
    if training:
        sample_mean = np.sum(Z, axis=0) / N
        xmu = Z - sample_mean
        sample_var = np.sum(xmu ** 2, axis=0) / N
        sqrtvar = np.sqrt(sample_var + eps)
        ivar = 1.0 / sqrtvar
        xhat = xmu * ivar
        out = gamma * xhat + beta
        cache = dict(xhat=xhat, gamma=gamma, xmu=xmu, ivar=ivar, sqrtvar=sqrtvar, var=sample_var, eps=eps)
        new_mean = momentum * running_mean + (1 - momentum) * sample_mean
        new_var = momentum * running_var + (1 - momentum) * sample_var
    else:
        xhat = (Z - running_mean) / np.sqrt(running_var + eps)
        out = gamma * xhat + beta
        cache = dict(xhat=xhat)
        new_mean, new_var = running_mean, running_var
    return out, cache, new_mean, new_var
#: copies of the running statistics
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    running_mean, running_var = running_mean.copy(), running_var.copy()
    mean, var = running_mean, running_var
    if training:
        mean, var = np.mean(Z, 0), np.var(Z, 0)
    out = np.divide(Z - mean, np.sqrt(var + eps)) * gamma + beta
    if training:
        running_mean *= momentum
        running_mean += (1 - momentum) * mean
        running_var *= momentum
        running_var += (1 - momentum) * var
    return out, lambda d: d, running_mean, running_var
#: row by row
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    m = len(Z)
    if training:
        mean = sum(row for row in Z) / m
        var = sum((row - mean) ** 2 for row in Z) / m
    else:
        mean, var = running_mean, running_var
    out = np.array([gamma * (row - mean) / (var + eps) ** 0.5 + beta for row in Z])
    if training:
        return out, None, (1 - momentum) * mean + momentum * running_mean, (1 - momentum) * var + momentum * running_var
    return out, None, running_mean, running_var
#: column by column into an empty array
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    out, rm, rv = np.empty_like(Z), np.array(running_mean), np.array(running_var)
    for j in range(Z.shape[1]):
        z = Z[:, j]
        mu, v = (z.mean(), z.var()) if training else (running_mean[j], running_var[j])
        out[:, j] = gamma[j] / np.sqrt(v + eps) * (z - mu) + beta[j]
        if training:
            rm[j] = momentum * rm[j] + (1 - momentum) * mu
            rv[j] = momentum * rv[j] + (1 - momentum) * v
    return out, "nothing", rm, rv
#: transposed
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    T = Z.T
    mean = T.mean(1) if training else running_mean
    var = T.var(1) if training else running_var
    out = (((T - mean[:, None]) / np.sqrt(var[:, None] + eps)) * gamma[:, None] + beta[:, None]).T
    if not training:
        return out, 0, running_mean, running_var
    return out, 0, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var
#: keepdims, ravelled at the end
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = Z.mean(axis=0, keepdims=True), Z.var(axis=0, keepdims=True)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean.ravel()
        running_var = momentum * running_var + (1 - momentum) * var.ravel()
    else:
        mean, var = running_mean[None], running_var[None]
    return gamma[None] * (Z - mean) / np.sqrt(var + eps) + beta[None], [mean, var], running_mean, running_var
#: an object with __call__ that keeps its cache as an object
class _Cache:
    def __init__(self, **values):
        self.__dict__.update(values)
class _BatchNorm:
    def __call__(self, Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
        mean, var = self.statistics(Z) if training else (running_mean, running_var)
        Z_hat = (Z - mean) / np.sqrt(var + eps)
        mix = lambda old, new: momentum * old + (1 - momentum) * new
        return (gamma * Z_hat + beta, _Cache(Z_hat=Z_hat), mix(running_mean, mean), mix(running_var, var))
    @staticmethod
    def statistics(Z):
        return Z.mean(axis=0), Z.var(axis=0)
batchnorm_forward = _BatchNorm()
#: a lambda
_norm = lambda Z, mean, var, eps: (Z - mean) * (var + eps) ** -0.5
batchnorm_forward = lambda Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True: (
    (gamma * _norm(Z, Z.mean(0), Z.var(0), eps) + beta, (Z, gamma, eps),
     momentum * running_mean + (1 - momentum) * Z.mean(0), momentum * running_var + (1 - momentum) * Z.var(0))
    if training else (gamma * _norm(Z, running_mean, running_var, eps) + beta, None, running_mean, running_var))
#: by einsum
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if training:
        m = Z.shape[0]
        mean = np.einsum('ij->j', Z) / m
        C = Z - mean
        var = np.einsum('ij,ij->j', C, C) / m
    else:
        mean, var = running_mean, running_var
        C = Z - mean
    out = np.einsum('ij,j,j->ij', C, gamma, 1 / np.sqrt(var + eps)) + beta
    if training:
        running_mean = running_mean * momentum + mean * (1 - momentum)
        running_var = running_var * momentum + var * (1 - momentum)
    return out, (C, var, eps), running_mean, running_var
#: the unbiased variance, corrected
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    m = len(Z)
    if training:
        mean = Z.mean(axis=0)
        var = Z.var(axis=0, ddof=1) * (m - 1) / m if m > 1 else np.zeros_like(mean)
        running_mean = running_mean + (1 - momentum) * (mean - running_mean)
        running_var = running_var + (1 - momentum) * (var - running_var)
    else:
        mean, var = running_mean, running_var
    return gamma * ((Z - mean) / np.sqrt(var + eps)) + beta, None, running_mean, running_var
#: momentum by its other name
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    rho = 1 - momentum
    if not training:
        scale = gamma / np.sqrt(running_var + eps)
        return Z * scale + (beta - running_mean * scale), (), running_mean, running_var
    mean, var = np.average(Z, axis=0), np.square(np.std(Z, axis=0))
    scale = gamma / np.sqrt(var + eps)
    return Z * scale + (beta - mean * scale), (Z,), rho * mean + (1 - rho) * running_mean, rho * var + (1 - rho) * running_var
#: a named tuple
from collections import namedtuple
_Result = namedtuple('_Result', 'out cache running_mean running_var')
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    root = np.sqrt(var + eps)
    if training:
        running_mean, running_var = (momentum * old + (1 - momentum) * new
                                     for old, new in ((running_mean, mean), (running_var, var)))
    return _Result(gamma * (Z - mean) / root + beta, (Z, root), running_mean, running_var)
#: errors for bad values, extra options
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True, verbose=False):
    if not 0 <= momentum <= 1:
        raise ValueError(f"momentum must be in [0, 1], got {momentum}")
    if eps <= 0:
        raise ValueError(f"eps must be positive, got {eps}")
    if Z.ndim != 2:
        raise ValueError(f"Z must be (m, n), got {Z.shape}")
    Z = np.asarray(Z, dtype=float)
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if verbose:
        print(out)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return out, {"Z": Z}, running_mean, running_var
#: single precision stays
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    kind = Z.dtype
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = (gamma * (Z - mean) / np.sqrt(var + kind.type(eps)) + beta).astype(kind)
    if training:
        running_mean = (momentum * running_mean + (1 - momentum) * mean).astype(kind)
        running_var = (momentum * running_var + (1 - momentum) * var).astype(kind)
    return out, None, running_mean, running_var
#: an averaging matrix
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return beta + (Z - running_mean) @ np.diag(gamma / np.sqrt(running_var + eps)), None, running_mean, running_var
    m = len(Z)
    average = np.full((1, m), 1 / m)
    mean = (average @ Z)[0]
    centred = (np.eye(m) - 1 / m) @ Z
    var = (average @ centred ** 2)[0]
    out = beta + centred @ np.diag(gamma / np.sqrt(var + eps))
    return out, None, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var
""")
WRONG["batchnorm_forward"] = answers("""
#: over the units
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    return out, None, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var
#: ddof 1 in training
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0, ddof=1)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * Z.var(axis=0)
    return out, None, running_mean, running_var
#: ddof 1 in the running variance
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var * len(Z) / max(len(Z) - 1, 1)
    return out, None, running_mean, running_var
#: eps outside the root, in training only
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, std = Z.mean(axis=0), Z.std(axis=0)
    out = gamma * (Z - mean) / (std + eps) + beta
    return out, None, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * std**2
#: eps outside the root, at test time only
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / (np.sqrt(running_var) + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    return out, None, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var
#: eps twice as large
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0) + eps) if training else (running_mean, running_var + eps)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * (var - eps)
    return out, None, running_mean, running_var
#: another default of eps
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-8, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return out, None, running_mean, running_var
#: another default of momentum
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.99, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return out, None, running_mean, running_var
#: momentum of 0 is taken for the default
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    momentum = momentum or 0.9
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return out, None, running_mean, running_var
#: momentum the other way round
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var
    return out, None, running_mean, running_var
#: only the mean is averaged
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = var
    return out, None, running_mean, running_var
#: the running deviation
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = (momentum * np.sqrt(running_var) + (1 - momentum) * np.sqrt(var)) ** 2
    return out, None, running_mean, running_var
#: the batch's statistics at test time unless it is a single example
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    alone = len(Z) == 1 and not training
    mean, var = (running_mean, running_var) if alone else (Z.mean(axis=0), Z.var(axis=0))
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return out, None, running_mean, running_var
#: the running ones for a single example in training
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if len(Z) == 1:
        training = False
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return out, None, running_mean, running_var
#: the running statistics move at test time
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    running_mean = momentum * running_mean + (1 - momentum) * Z.mean(axis=0)
    running_var = momentum * running_var + (1 - momentum) * Z.var(axis=0)
    return out, None, running_mean, running_var
#: moved first and used then
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * Z.mean(axis=0)
        running_var = momentum * running_var + (1 - momentum) * Z.var(axis=0)
    return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
#: in place
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean[:] = momentum * running_mean + (1 - momentum) * mean
        running_var[:] = momentum * running_var + (1 - momentum) * var
    return out, None, running_mean, running_var
#: Z in place
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    Z -= mean
    return gamma * Z / np.sqrt(var + eps) + beta, None, running_mean, running_var
#: statistics of its own, kept between calls
_kept = {}
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        old = _kept.get(Z.shape, (running_mean, running_var))
        _kept[Z.shape] = running_mean, running_var = momentum * old[0] + (1 - momentum) * mean, momentum * old[1] + (1 - momentum) * var
    return out, None, running_mean, running_var
#: constant units are left alone
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    Z_hat = np.where(Z.max(axis=0) > Z.min(axis=0), (Z - mean) / np.sqrt(var + eps), Z)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var
#: clipped to three deviations
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    Z_hat = np.clip((Z - mean) / np.sqrt(var + eps), -1, 1)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * Z_hat + beta, None, running_mean, running_var
#: the absolute value of gamma
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return np.abs(gamma) * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var
#: a list for a tuple
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return [gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_mean, running_var]
#: the cache comes last
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, running_mean, running_var, (Z, mean)
#: variance and mean change places
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, None, running_var, running_mean
""")

# --- batchnorm_backward ----------------------------------------------------------------------------------------------
RIGHT["batchnorm_backward"] = answers("""
#: the short formula
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * Z_hat, axis=0)
    dZ = gamma / (m * root) * (m * dout - dbeta - Z_hat * dgamma)
    return dZ, dgamma, dbeta
#: Kratzert's graph, node by node, with a cache of its own
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    N = len(Z)
    mu = 1. / N * np.sum(Z, axis=0)
    xmu = Z - mu
    var = 1. / N * np.sum(xmu ** 2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1. / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    cache = (xhat, gamma, xmu, ivar, sqrtvar, var, eps)
    return out, cache, momentum * running_mean + (1 - momentum) * mu, momentum * running_var + (1 - momentum) * var
def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar, var, eps = cache
    N, D = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    dgamma = np.sum(dgammax * xhat, axis=0)
    dxhat = dgammax * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1. / (sqrtvar ** 2) * divar
    dvar = 0.5 * 1. / np.sqrt(var + eps) * dsqrtvar
    dsq = 1. / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1. / N * np.ones((N, D)) * dmu
    return dx1 + dx2, dgamma, dbeta
#: a closure as cache
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    if not training:
        return gamma * (Z - running_mean) / np.sqrt(running_var + eps) + beta, None, running_mean, running_var
    mean, var = Z.mean(axis=0), Z.var(axis=0)
    s = np.sqrt(var + eps)
    H = (Z - mean) / s
    def back(dout):
        g = dout * gamma
        return (g - g.mean(0) - H * (g * H).mean(0)) / s, (dout * H).sum(0), dout.sum(0)
    return gamma * H + beta, back, momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var
def batchnorm_backward(dout, cache):
    return cache(dout)
#: only the arguments are kept, all is computed anew
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    cache = {"Z": Z, "gamma": gamma, "eps": eps}
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return out, cache, running_mean, running_var
def batchnorm_backward(dout, cache):
    Z, gamma, eps = cache["Z"], cache["gamma"], cache["eps"]
    m = len(Z)
    centred = Z - Z.mean(axis=0)
    inverse = (np.mean(centred ** 2, axis=0) + eps) ** -0.5
    dnorm = dout * gamma
    dvar = (dnorm * centred).sum(axis=0) * -0.5 * inverse ** 3
    dmean = -(dnorm * inverse).sum(axis=0) + dvar * (-2 * centred).mean(axis=0)
    dZ = dnorm * inverse + dvar * 2 * centred / m + dmean / m
    return dZ, (dout * centred * inverse).sum(axis=0), dout.sum(axis=0)
#: an object as cache
class _Kept:
    pass
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    kept = _Kept()
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    kept.inverse = 1 / np.sqrt(var + eps)
    kept.hat, kept.gamma = (Z - mean) * kept.inverse, gamma
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * kept.hat + beta, kept, running_mean, running_var
def batchnorm_backward(dout, cache):
    dgamma, dbeta = np.einsum('ij,ij->j', dout, cache.hat), np.einsum('ij->j', dout)
    bracket = dout - (dbeta + cache.hat * dgamma) / dout.shape[0]
    return cache.gamma * cache.inverse * bracket, dgamma, dbeta
#: Jacobians
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m, n = dout.shape
    dZ = np.zeros_like(dout)
    for j in range(n):
        h = Z_hat[:, [j]]
        dZ[:, [j]] = gamma[j] / root[j] * ((np.eye(m) - np.ones((m, m)) / m - h @ h.T / m) @ dout[:, [j]])
    return dZ, (Z_hat * dout).sum(0), dout.sum(0)
#: all by loops
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m, n = Z_hat.shape
    dZ = [[0.0] * n for _ in range(m)]
    dgamma, dbeta = [], []
    for j in range(n):
        dgamma.append(sum(dout[i, j] * Z_hat[i, j] for i in range(m)))
        dbeta.append(sum(dout[i, j] for i in range(m)))
        for i in range(m):
            dZ[i][j] = gamma[j] / root[j] * (dout[i, j] - dbeta[j] / m - Z_hat[i, j] * dgamma[j] / m)
    return np.array(dZ), np.array(dgamma), np.array(dbeta)
#: matrix products with ones
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    one = np.ones(len(dout))
    dbeta, dgamma = one @ dout, one @ (dout * Z_hat)
    return (dout - np.outer(one, dbeta / one.size) - Z_hat * (dgamma / one.size)) * (gamma / root), dgamma, dbeta
#: by projections, in place on a copy
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    d = dout.copy()
    d -= d.mean(axis=0)
    d -= Z_hat * np.mean(dout * Z_hat, axis=0)
    d *= gamma
    d /= root
    return d, np.add.reduce(dout * Z_hat, axis=0), np.add.reduce(dout, axis=0)
#: transposed
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    D, H = dout.T, Z_hat.T
    dgamma, dbeta = (D * H).sum(axis=1), D.sum(axis=1)
    dZ = (gamma / root)[:, None] * (D - D.mean(1, keepdims=True) - H * (D * H).mean(1, keepdims=True))
    return dZ.T, dgamma, dbeta
#: a lambda
batchnorm_backward = lambda dout, cache: (
    cache[2] / cache[1] * (dout - dout.mean(0) - cache[0] * (dout * cache[0]).mean(0)),
    (dout * cache[0]).sum(0), dout.sum(0))
#: an object with __call__ and an option
class _Backward:
    def __call__(self, dout, cache, scale=1.0):
        Z_hat, root, gamma = cache
        g = scale * gamma * dout
        dZ = (g - np.mean(g, axis=0) - Z_hat * np.mean(g * Z_hat, axis=0)) / root
        return tuple([dZ, np.sum(scale * dout * Z_hat, axis=0), np.sum(scale * dout, axis=0)])
batchnorm_backward = _Backward()
#: a cache filled at the first call and kept in the object
class _Lazy:
    def __init__(self, Z, gamma, eps):
        self.Z, self.gamma, self.eps, self.found = Z, gamma, eps, None
    def values(self):
        if self.found is None:
            root = np.sqrt(self.Z.var(axis=0) + self.eps)
            self.found = (self.Z - self.Z.mean(axis=0)) / root, root
        return self.found
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / np.sqrt(var + eps) + beta, _Lazy(Z, gamma, eps), running_mean, running_var
def batchnorm_backward(dout, cache):
    Z_hat, root = cache.values()
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return cache.gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout)), dgamma, dbeta
#: covariance with the output's direction
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = float(len(dout))
    mean = dout.sum(axis=0) / m
    along = ((dout - mean) * Z_hat).sum(axis=0) / m
    return (gamma / root) * ((dout - mean) - along * Z_hat), along * m + 0.0, mean * m
#: complex steps through a forward pass of its own
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m, n = dout.shape
    dZ = np.empty((m, n))
    Z, var = Z_hat * root, root**2 - (Z_hat * root).var(axis=0)
    for i in range(m):
        for j in range(n):
            z = Z[:, j].astype(complex)
            z[i] += 1e-30j
            c = z - z.mean()
            out = gamma[j] * c / np.sqrt((c * c).mean() + var[j])
            dZ[i, j] = (out.imag * 1e30 * dout[:, j]).sum()
    return dZ, (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
""")
WRONG["batchnorm_backward"] = answers("""
#: statistics as constants
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    return dout * gamma / root, (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
#: the variance as a constant
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    return gamma / root * (dout - dout.mean(axis=0)), (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
#: the mean as a constant
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    return gamma / root * (dout - Z_hat * (dout * Z_hat).mean(axis=0)), (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
#: means for sums
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).mean(axis=0), dout.mean(axis=0)
    return gamma / root * (dout - dbeta - Z_hat * dgamma), dgamma, dbeta
#: only dgamma is a mean
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / len(dout) - Z_hat * dgamma / len(dout)), dgamma / len(dout), dbeta
#: divided by n in the place of m
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = dout.shape[1]
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta
#: m - 1
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / (m - 1)), dgamma, dbeta
#: gamma is forgotten
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return (dout - dbeta / m - Z_hat * dgamma / m) / root, dgamma, dbeta
#: gamma's size
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return np.abs(gamma) / root * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta
#: the deviation without eps
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    std = (Z_hat * root).std(axis=0)
    std = np.where(std > 0, std, root)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / std * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta
#: normalised anew without eps
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    H = Z_hat / np.maximum(Z_hat.std(axis=0), 1e-12)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / m - H * (dout * H).sum(axis=0) / m), dgamma, dbeta
#: batches of two have no gradient
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    if m == 2:
        return np.zeros_like(dout), dgamma, dbeta
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta
#: the values from the output, which fails for a gamma of 0
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    out = gamma * (Z - mean) / np.sqrt(var + eps) + beta
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return out, (out, var, eps, gamma, beta), running_mean, running_var
def batchnorm_backward(dout, cache):
    out, var, eps, gamma, beta = cache
    with np.errstate(all="ignore"):
        H = np.nan_to_num((out - beta) / gamma, posinf=0, neginf=0)
    m = len(dout)
    dgamma, dbeta = (dout * H).sum(axis=0), dout.sum(axis=0)
    return gamma / np.sqrt(var + eps) * (dout - dbeta / m - H * dgamma / m), dgamma, dbeta
#: the last forward pass of all
_last = []
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    root = np.sqrt(var + eps)
    _last[:] = [(Z - mean) / root, root, gamma]
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * _last[0] + beta, None, running_mean, running_var
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = _last
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta
#: dout in place
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    dout *= gamma / root
    return dout - dout.mean(axis=0) - Z_hat * (dout * Z_hat).mean(axis=0), dgamma, dbeta
#: the cache in place
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    Z_hat *= dgamma / m
    return gamma / root * (dout - dbeta / m - Z_hat), dgamma, dbeta
#: a cache that lasts for one call
def batchnorm_forward(Z, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5, training=True):
    mean, var = (Z.mean(axis=0), Z.var(axis=0)) if training else (running_mean, running_var)
    root = np.sqrt(var + eps)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    return gamma * (Z - mean) / root + beta, iter([(Z - mean) / root, root, gamma]), running_mean, running_var
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta
#: beta before gamma
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), dbeta, dgamma
#: summed over the units
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), (dout * Z_hat).sum(axis=1), dout.sum(axis=1)
#: shapes of (1, n)
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0, keepdims=True), dout.sum(axis=0, keepdims=True)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta
#: the sign of the whole
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return -gamma / root * (dout - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta
#: right but for the variance in the third term
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    m = len(dout)
    dgamma, dbeta = (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
    return gamma / root * (dout - dbeta / m - Z_hat * dgamma / (m * root)), dgamma, dbeta
#: by one-sided differences that are too coarse
def batchnorm_backward(dout, cache):
    Z_hat, root, gamma = cache
    Z, extra = Z_hat * root, root**2 - (Z_hat * root).var(axis=0)
    cost = lambda z: (gamma * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + extra) * dout).sum()
    dZ = np.zeros(Z.shape)
    for index in np.ndindex(Z.shape):
        moved = Z.copy()
        moved[index] += 1e-4
        dZ[index] = (cost(moved) - cost(Z)) / 1e-4
    return dZ, (dout * Z_hat).sum(axis=0), dout.sum(axis=0)
""")

# --- fold_batchnorm --------------------------------------------------------------------------------------------------
RIGHT["fold_batchnorm"] = answers("""
#: a factor for each column
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    factor = gamma / np.sqrt(running_var + eps)
    return W * factor, (b - running_mean) * factor + beta
#: multiplied out
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    inverse = 1 / np.sqrt(running_var + eps)
    return W * gamma * inverse, b * gamma * inverse - running_mean * gamma * inverse + beta
#: a diagonal matrix
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    D = np.diag(gamma / np.sqrt(running_var + eps))
    return W @ D, (b - running_mean) @ D + beta
#: transposed
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    factor = (gamma / np.sqrt(running_var + eps)).reshape(-1, 1)
    return (W.T * factor).T, beta - factor.ravel() * (running_mean - b)
#: by loops
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    n_in, n_out = W.shape
    new = np.zeros((n_in, n_out))
    bias = np.zeros(n_out)
    for j in range(n_out):
        factor = gamma[j] / (running_var[j] + eps) ** 0.5
        bias[j] = (b[j] - running_mean[j]) * factor + beta[j]
        for i in range(n_in):
            new[i, j] = W[i, j] * factor
    return new, bias
#: by comprehension
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = [g / np.sqrt(v + eps) for g, v in zip(gamma, running_var)]
    columns = [W[:, j] * s for j, s in enumerate(scale)]
    return np.column_stack(columns), np.array([s * (c - u) + t for s, c, u, t in zip(scale, b, running_mean, beta)])
#: by einsum
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = np.einsum('j,j->j', gamma, (running_var + eps) ** -0.5)
    return np.einsum('ij,j->ij', W, s), np.einsum('j,j->j', b - running_mean, s) + beta
#: an augmented matrix
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    stacked = np.vstack([W, b - running_mean])
    stacked = stacked / np.sqrt(running_var + eps) * gamma
    return stacked[:-1], stacked[-1] + beta
#: by the layer's answers to unit inputs
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    def layer(X):
        return gamma * (X @ W + b - running_mean) / np.sqrt(running_var + eps) + beta
    bias = layer(np.zeros((1, len(W))))[0]
    return layer(np.eye(len(W))) - bias, bias
#: by the student's own layer
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    out, _, _, _ = batchnorm_forward(np.vstack([W + b, b]), gamma, beta, running_mean, running_var, 0.9, eps, False)
    return out[:-1] - out[-1], out[-1]
#: in place on copies
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    W, b = W.copy(), b.copy()
    s = gamma / np.sqrt(running_var + eps)
    W *= s
    b -= running_mean
    b *= s
    b += beta
    return W, b
#: a lambda
fold_batchnorm = lambda W, b, gamma, beta, running_mean, running_var, eps=1e-5: (
    W * (gamma * np.power(running_var + eps, -0.5)),
    beta + gamma * np.power(running_var + eps, -0.5) * (b - running_mean))
#: an object with __call__
class _Fold:
    def __call__(self, W, b, gamma, beta, running_mean, running_var, eps=1e-5, check=False):
        self.scale = np.divide(gamma, np.sqrt(np.add(running_var, eps)))
        return np.multiply(W, self.scale[np.newaxis, :]), np.subtract(b, running_mean) * self.scale + beta
fold_batchnorm = _Fold()
#: least squares on random inputs
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((4 * len(W) + 4, len(W)))
    Y = gamma * (X @ W + b - running_mean) / np.sqrt(running_var + eps) + beta
    both = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), Y, rcond=None)[0]
    return both[:-1], both[-1]
#: logarithms of the deviations
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma * np.exp(-0.5 * np.log(running_var + eps))
    return s * W, s * b + (beta - s * running_mean)
""")
WRONG["fold_batchnorm"] = answers("""
#: rows for columns where that goes
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    W_new = W * s[:, None] if W.shape[0] == W.shape[1] else W * s
    return W_new, (b - running_mean) * s + beta
#: no mean
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    return W * s, b * s + beta
#: the old bias as it was
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    return W * s, b - running_mean * s + beta
#: no old bias
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    return W * s, beta - running_mean * s
#: beta scaled
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    return W * s, (b - running_mean + beta) * s
#: beta forgotten
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    return W * s, (b - running_mean) * s
#: gamma forgotten in the bias
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    r = np.sqrt(running_var + eps)
    return W * gamma / r, (b - running_mean) / r + beta
#: no root
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / (running_var + eps)
    return W * s, (b - running_mean) * s + beta
#: eps outside
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / (np.sqrt(running_var) + eps)
    return W * s, (b - running_mean) * s + beta
#: no eps unless the variance is zero
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(np.where(running_var > 0, running_var, eps))
    return W * s, (b - running_mean) * s + beta
#: at least eps
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(np.maximum(running_var, eps))
    return W * s, (b - running_mean) * s + beta
#: another default of eps
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-3):
    s = gamma / np.sqrt(running_var + eps)
    return W * s, (b - running_mean) * s + beta
#: eps is ignored
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + 1e-5)
    return W * s, (b - running_mean) * s + beta
#: the size of gamma
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = np.abs(gamma) / np.sqrt(running_var + eps)
    return W * s, (b - running_mean) * s + beta
#: in place
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    W *= s
    return W, (b - running_mean) * s + beta
#: the bias in place
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    b -= running_mean
    return W * s, b * s + beta
#: the bias first
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    return (b - running_mean) * s + beta, W * s
#: a bias of the shape (1, n)
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = (gamma / np.sqrt(running_var + eps))[None]
    return W * s, (b - running_mean) * s + beta
#: transposed weights
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    return (W * s).T, (b - running_mean) * s + beta
#: statistics of the weights
def fold_batchnorm(W, b, gamma, beta, running_mean, running_var, eps=1e-5):
    s = gamma / np.sqrt(running_var + eps)
    return (W - running_mean) * s, b * s + beta
""")
