import numpy as np

def one_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta)) / eps

def two_sided_difference(f, theta, eps):
    return (f(theta + eps) - f(theta - eps)) / (2 * eps)

def params_to_vector(params):
    return np.concatenate([params[key].ravel() for key in sorted(params)])

def vector_to_params(vector, like):
    params, start = {}, 0
    for key in sorted(like):
        size = like[key].size
        params[key] = vector[start : start + size].reshape(like[key].shape)
        start += size
    return params

def numerical_gradient(cost, params, eps=1e-6):
    theta = params_to_vector(params)
    slopes = np.zeros(theta.size)
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = eps
        right, left = vector_to_params(theta + step, params), vector_to_params(theta - step, params)
        slopes[i] = (cost(right) - cost(left)) / (2 * eps)
    return vector_to_params(slopes, params)

def relative_difference(grads, approx):
    g, a = params_to_vector(grads), params_to_vector(approx)
    total = np.linalg.norm(g) + np.linalg.norm(a)
    if total == 0:
        return 0.0
    return np.linalg.norm(g - a) / total

def gradient_check(cost, params, grads, eps=1e-6):
    difference = relative_difference(grads, numerical_gradient(cost, params, eps))
    if difference < 1e-7:
        return difference, "correct"
    if difference < 1e-3:
        return difference, "suspicious"
    return difference, "wrong"

def worst_components(grads, approx, k=3):
    components = [
        (key, index, abs(grads[key][index] - approx[key][index]))
        for key in grads
        for index in np.ndindex(grads[key].shape)
    ]
    return sorted(components, key=lambda component: component[2], reverse=True)[:k]

def faulty_gradients(cost, params, grads, eps=1e-6, tol=1e-5):
    approx = numerical_gradient(cost, params, eps)
    own = {key: relative_difference({key: grads[key]}, {key: approx[key]}) for key in sorted(params)}
    return [key for key in own if not own[key] <= tol]
