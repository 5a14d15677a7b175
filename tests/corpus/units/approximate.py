def mean(values):
    return sum(values) / len(values)


def roots(a, b, c):
    d = (b * b - 4 * a * c) ** 0.5
    return {"low": (-b - d) / (2 * a), "high": (-b + d) / (2 * a)}


def steps(n):
    return [i / 10 for i in range(n)]
# tests
import math

import pytest
from pytest import approx
from solution import mean, roots, steps


def test_mean():
    assert mean([0.1, 0.2]) == approx(0.15)


def test_dict():
    assert roots(1, -3, 2) == approx({"low": 1, "high": 2})


def test_list():
    assert steps(3) == approx([0, 0.1, 0.2])


def test_far():
    assert mean([1, 2]) == approx(1.6)


def test_nan():
    assert math.isnan(mean([math.nan]))
    assert mean([math.inf]) == math.inf


@pytest.mark.parametrize("rel, holds", [(1e-3, True), (1e-9, False)])
def test_tolerance(rel, holds):
    assert (mean([1.0001, 1]) == approx(1, rel=rel)) is holds
