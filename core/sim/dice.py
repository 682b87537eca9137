"""Chance that remembers: every number is a pure function of the words that name it."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
F64 = NDArray[np.float64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_MASK = (1 << 64) - 1
_UNIT = 2.0**-53


def key(*words: int | str) -> int:
    """Return the 64-bit number that `words` name."""
    return int.from_bytes(blake2b("/".join(map(str, words)).encode(), digest_size=8).digest(), "little")


def generator(*words: int | str) -> np.random.Generator:
    """Return a fresh stream of random numbers, the same one for the same words."""
    return np.random.Generator(np.random.SFC64(key(*words)))


def one(name: int, i: int) -> int:
    """Return the i-th 64-bit number of the series `name`; the scalar twin of `many`."""
    z = (name + (i + 1) * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def many(name: U64 | int, i: NDArray[np.int64] | int) -> U64:
    """Return 64-bit numbers, the `i`-th of series `name`; both broadcast."""
    names = np.asarray(name, dtype=np.uint64)
    z = names + (np.atleast_1d(i).astype(np.uint64) + np.uint64(1)) * _STEP
    z = (z ^ (z >> _S30)) * _MIX_A
    z = (z ^ (z >> _S27)) * _MIX_B
    mixed: U64 = z ^ (z >> _S31)
    return mixed


def unit(bits: U64) -> F64:
    """Return 64-bit numbers as floats in (0, 1)."""
    return ((bits >> _S11).astype(np.float64) + 0.5) * _UNIT


def unit_of(bits: int) -> float:
    """Return one 64-bit number as a float in (0, 1)."""
    return ((bits >> 11) + 0.5) * _UNIT


def uuid(name: int, i: int) -> str:
    """Return the i-th UUID (version 4) of the series `name`."""
    digits = f"{one(name, 2 * i):016x}{one(name, 2 * i + 1):016x}"
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
