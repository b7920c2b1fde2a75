"""Keras in float64 with torch underneath: imported from here, so that both are set before anything uses it."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras

keras.config.set_floatx("float64")

__all__ = ["keras"]
