#!/usr/bin/env python3
"""Writes the reference values that the tests of Statistics compare with.

Usage: reference-statistics.py OUTPUT_DIRECTORY [NAME…]    (in the repository: Tests/StatisticsTests/Reference)

Needs: numpy, scipy, statsmodels, krippendorff, ppi-python (all on PyPI). For `betting` alone: confseq 0.0.11, in an
environment of its own because it needs numpy 1.26; it compiles (libboost-math-dev, and pybind11, scikit-build, numpy==1.26.4,
then `pip install --no-build-isolation confseq`; matplotlib and multiprocess to run). Without names everything is written but
betting. Everything is seeded; running it again with the same versions gives the same files. Each file is {"made_with": {...}, "cases": [{...}, ...]}; a case holds its
input and what the reference library says. Where no library has a method (Tango, tail mass), the formula is written out here
a second time, in another way than the Swift one (root finding, plain sums). undefined.json holds inputs on which there is
no answer, with what the library makes of them.
"""
import contextlib
import importlib.metadata
import json
import math
import sys
import warnings
from pathlib import Path

import numpy
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats import inter_rater, multitest, proportion
from statsmodels.stats.contingency_tables import mcnemar

VERSIONS = {"numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
for name in ("confseq", "krippendorff", "ppi-python"):
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        VERSIONS[name] = importlib.metadata.version(name)


def number(value):
    return float(value)


def distributions():
    cases = []

    def add(name, arguments, value):
        cases.append({"function": name, "arguments": arguments, "value": number(value)})

    for x in (-8.0, -1.5, 0.0, 0.3, 2.0, 6.0):
        add("normal.cumulative", [x], stats.norm.cdf(x))
        add("normal.survival", [x], stats.norm.sf(x))
    for p in (1e-12, 0.001, 0.025, 0.5, 0.9, 0.975, 0.9999):
        add("normal.quantile", [p], stats.norm.ppf(p))
    for df in (1, 2.5, 7, 30, 399, 1e5):
        for x in (-4.0, 0.7, 3.0, 12.0):
            add("t.cumulative", [x, df], stats.t.cdf(x, df))
            add("t.survival", [x, df], stats.t.sf(x, df))
        for p in (0.001, 0.3, 0.95, 0.975):
            add("t.quantile", [p, df], stats.t.ppf(p, df))
    for a, b in ((0.5, 0.5), (1, 300), (5, 96), (40.5, 3.25)):
        for p in (0.025, 0.5, 0.95):
            add("beta.quantile", [p, a, b], stats.beta.ppf(p, a, b))
        add("beta.cumulative", [0.04, a, b], stats.beta.cdf(0.04, a, b))
    for k, n, p in ((0, 10, 0.3), (3, 10, 0.3), (10, 10, 0.3), (480, 1000, 0.5), (2, 5000, 0.001)):
        add("binomial.probability", [k, n, p], stats.binom.pmf(k, n, p))
        add("binomial.cumulative", [k, n, p], stats.binom.cdf(k, n, p))
        add("binomial.survival", [k, n, p], stats.binom.sf(k, n, p))
    for x, df in ((0.1, 1), (3.84, 1), (30.0, 12)):
        add("chi2.cumulative", [x, df], stats.chi2.cdf(x, df))
        add("chi2.survival", [x, df], stats.chi2.sf(x, df))
        add("chi2.quantile", [0.95, df], stats.chi2.ppf(0.95, df))
    for x, d1, d2 in ((0.5, 2, 10), (4.0, 5, 60)):
        add("f.cumulative", [x, d1, d2], stats.f.cdf(x, d1, d2))
        add("f.survival", [x, d1, d2], stats.f.sf(x, d1, d2))
        add("f.quantile", [0.9, d1, d2], stats.f.ppf(0.9, d1, d2))
    # The ends: p = 0 and 1, no trial, nothing and everything.
    for p in (0.0, 1.0):
        add("beta.quantile", [p, 5, 96], stats.beta.ppf(p, 5, 96))
        add("beta.cumulative", [p, 5, 96], stats.beta.cdf(p, 5, 96))
        for k, n in ((0, 10), (10, 10), (0, 0)):
            add("binomial.probability", [k, n, p], stats.binom.pmf(k, n, p))
            add("binomial.cumulative", [k, n, p], stats.binom.cdf(k, n, p))
    add("chi2.quantile", [0.0, 3], stats.chi2.ppf(0.0, 3))
    add("chi2.survival", [0.0, 3], stats.chi2.sf(0.0, 3))
    add("f.quantile", [0.0, 2, 10], stats.f.ppf(0.0, 2, 10))
    add("t.cumulative", [0.0, 1], stats.t.cdf(0.0, 1))
    return cases


def proportions():
    cases = []
    for events, trials in ((0, 1), (1, 1), (0, 299), (1, 30), (4, 100), (5, 100), (50, 100), (99, 100), (100, 100),
                           (17, 1000), (3, 20000), (19990, 20000), (0, 2), (1, 2), (2, 2), (0, 1000000),
                           (1000000, 1000000)):
        for confidence in (0.9, 0.95, 0.99):
            wilson = proportion.proportion_confint(events, trials, 1 - confidence, "wilson")
            exact = proportion.proportion_confint(events, trials, 1 - confidence, "beta")
            # binomtest's own interval is a root good to 1e-8 only; the quantile of the beta distribution is the same bound.
            upper = 1.0 if events == trials else stats.beta.ppf(confidence, events + 1, trials - events)
            lower = 0.0 if events == 0 else stats.beta.ppf(1 - confidence, events, trials - events + 1)
            cases.append({"events": events, "trials": trials, "confidence": confidence,
                          "wilson": [max(0.0, number(wilson[0])), min(1.0, number(wilson[1]))],
                          "exact": [number(exact[0]), number(exact[1])],
                          "upper": number(upper), "lower": number(lower)})
    return cases


def tango_bound(pairs, b, c, z, upper):
    """Tango's bound by Brent's method on the score statistic, the nuisance parameter by maximising the likelihood."""
    def statistic(delta):
        quadratic = 2 * pairs
        linear = -b - c + (2 * pairs - b + c) * delta
        constant = -c * delta * (1 - delta)
        roots = numpy.roots([quadratic, linear, constant]).real
        best, nuisance = -math.inf, None
        for root in roots:
            low = max(0.0, -delta)
            high = (1 - delta) / 2
            q = min(max(root, low), high)
            def term(count, p):
                return 0.0 if count == 0 else (count * math.log(p) if p > 0 else -math.inf)
            likelihood = term(b, q + delta) + term(c, q) + term(pairs - b - c, 1 - 2 * q - delta)
            if nuisance is None or likelihood > best:
                best, nuisance = likelihood, q
        variance = pairs * (2 * nuisance + delta * (1 - delta))
        return (b - c - pairs * delta) / math.sqrt(variance)
    estimate = (b - c) / pairs
    tiny = 1e-13
    if upper:
        if estimate == 1:
            return 1.0
        return optimize.brentq(lambda d: statistic(d) + z, estimate + tiny, 1 - tiny, xtol=1e-15, rtol=1e-14)
    if estimate == -1:
        return -1.0
    return optimize.brentq(lambda d: statistic(d) - z, -1 + tiny, estimate - tiny, xtol=1e-15, rtol=1e-14)


def paired():
    cases = []
    for pairs, b, c in ((44, 0, 1), (75, 12, 3), (100, 5, 0), (100, 0, 5), (300, 0, 0), (900, 130, 56), (1000, 30, 30),
                        (10, 10, 0), (12, 3, 9), (20000, 400, 350), (1, 0, 0), (1, 1, 0), (1, 0, 1), (2, 0, 0), (2, 1, 1), (2, 2, 0),
                        (2, 0, 2), (7, 0, 7), (50, 25, 25), (299, 0, 0), (1000, 0, 1)):
        for confidence in (0.9, 0.95):
            z = stats.norm.ppf((1 + confidence) / 2)
            case = {"pairs": pairs, "shadow_only": b, "stable_only": c, "confidence": confidence,
                    "tango": [tango_bound(pairs, b, c, z, False), tango_bound(pairs, b, c, z, True)]}
            if b + c > 0 and confidence == 0.95:
                table = [[pairs - b - c, b], [c, 0]]
                exact = mcnemar(table, exact=True)
                corrected = mcnemar(table, exact=False, correction=True)
                plain = mcnemar(table, exact=False, correction=False)
                case["mcnemar"] = {"exact": number(exact.pvalue), "corrected": [number(corrected.statistic),
                                   number(corrected.pvalue)], "plain": [number(plain.statistic), number(plain.pvalue)]}
            cases.append(case)
    return cases


def cluster_means():
    """Ratio estimator over clusters: statsmodels' cluster-robust weighted least squares on a constant.

    A constant regressed with weights and cluster covariance has exactly the linearised variance; the small-sample factor
    m/(m-1) is `use_correction` without the regressor part, applied by hand here.
    """
    import statsmodels.api as api
    random = numpy.random.default_rng(20)
    cases = []
    for sessions, largest, weighted in ((2, 1, False), (5, 3, False), (40, 1, False), (40, 1, True), (60, 6, True),
                                        (400, 8, True), (300, 4, False)):
        values, weights, numbers = [], [], []
        for session in range(sessions):
            level = random.normal(0, 0.2)
            weight = float(random.choice([1.0, 2.0, 10.0])) if weighted else 1.0
            for _ in range(random.integers(1, largest + 1)):
                values.append(float(numpy.clip(numpy.round(level + random.normal(0, 0.3), 3), -1, 1)))
                weights.append(weight)
                numbers.append(session)
        fit = api.WLS(values, numpy.ones(len(values)), weights=weights).fit(
            cov_type="cluster", cov_kwds={"groups": numbers, "use_correction": False})
        error = number(fit.bse[0]) * math.sqrt(sessions / (sessions - 1))
        mean = number(fit.params[0])
        half = stats.t.ppf(0.975, sessions - 1) * error
        case = {"values": values, "weights": weights, "sessions": numbers, "mean": mean, "standard_error": error,
                "interval": [mean - half, mean + half],
                "upper": mean + stats.t.ppf(0.95, sessions - 1) * error}
        if largest == 1 and not weighted and sessions > 1:
            one = stats.ttest_1samp(values, 0).confidence_interval(0.95)
            assert math.isclose(one.low, case["interval"][0], rel_tol=1e-9)
        cases.append(case)
    # Two sessions; zeros among the weights, which leave out; all equal but one; opposite extremes; a tiny spread.
    for values, weights in (([0.0, 1.0], [1, 1]), ([0.25, -1.0, 0.5], [1, 0, 1]), ([0.0] * 99 + [1.0], [1] * 100),
                            ([1.0, -1.0] * 20 + [1.0], [1] * 41), ([0.5, 0.5, 0.5, -0.25], [1, 0, 3, 2]),
                            ([0.3 + 1e-7 * (i % 2) for i in range(50)], [1] * 50)):
        kept = [(v, w) for v, w in zip(values, weights) if w > 0]
        m, total = len(kept), sum(w for _, w in kept)
        mean = sum(w * v for v, w in kept) / total
        error = math.sqrt(m / (m - 1) * sum((w * (v - mean)) ** 2 for v, w in kept)) / total
        if all(w == 1 for _, w in kept):
            assert math.isclose(error, stats.sem([v for v, _ in kept]), rel_tol=1e-9)
        half = stats.t.ppf(0.975, m - 1) * error
        cases.append({"values": values, "weights": [float(w) for w in weights], "sessions": list(range(len(values))),
                      "mean": mean, "standard_error": error, "interval": [mean - half, mean + half],
                      "upper": mean + stats.t.ppf(0.95, m - 1) * error})
    return cases


def quantiles():
    random = numpy.random.default_rng(21)
    cases = []
    for count, kind in ((101, "lognormal"), (400, "lognormal"), (997, "ties"), (4001, "pareto")):
        if kind == "lognormal":
            values = numpy.exp(random.normal(0, 1, count))
        elif kind == "ties":
            values = random.choice([0.0, 0.25, 0.5, 1.0], count, p=[0.03, 0.07, 0.2, 0.7])
        else:
            values = random.pareto(2, count) + 1
        values = numpy.round(values, 6)
        weights = random.choice([1.0, 3.0, 7.5], count)
        keep = count < 1000
        probabilities = [p for p in (0.013, 0.0517, 0.3141, 0.5003, 0.9107, 0.9507, 0.9907)
                         if count >= 4 * max(p / (1 - p), (1 - p) / p) + 1]
        cases.append({
            "kind": kind, "values": [number(v) for v in values] if keep else None, "count": count,
            "weights": [number(w) for w in weights] if keep else None,
            "probabilities": probabilities,
            "plain": [number(numpy.quantile(values, p, method="inverted_cdf")) for p in probabilities],
            "weighted": [number(numpy.quantile(values, p, method="inverted_cdf", weights=weights))
                         for p in probabilities]})
    cases = [case for case in cases if case["values"] is not None]
    # All equal; zeros among the weights; the smallest number of values; descending.
    for kind, values, weights, probabilities in (
            ("all equal", [2.5] * 80, [1.0] * 80, [0.05, 0.5, 0.95]),
            ("weights of 0", [float(v) for v in range(120)], [float(v % 3 != 0) for v in range(120)], [0.1017, 0.5003, 0.9107]),
            ("smallest", [4.0, 1.0, 3.0, 2.0], [1.0, 2.0, 1.0, 1.0], [0.5]),
            ("descending", [float(-v) for v in range(76)], [1.0] * 76, [0.0517, 0.5003, 0.9499])):
        # A weight of 0 leaves a value out, also where each counts alike.
        plain = numpy.array(values)
        cases.append({
            "kind": kind, "values": values, "count": len(values), "weights": weights, "probabilities": probabilities,
            "plain": [number(numpy.quantile(plain, p, method="inverted_cdf")) for p in probabilities],
            "weighted": [number(numpy.quantile(plain, p, method="inverted_cdf", weights=weights)) for p in probabilities]})
    ranks = []
    for p, n in ((0.5, 6), (0.5, 100), (0.9, 100), (0.95, 76), (0.95, 100), (0.99, 396), (0.99, 2000), (0.05, 100)):
        # scipy's own distribution-free interval of a quantile, whose ends are order statistics.
        sample = numpy.arange(1, n + 1, dtype=float)
        interval = stats.quantile_test(sample, q=float(n // 2), p=p).confidence_interval(0.95)
        ranks.append({"p": p, "count": n, "ranks": [number(interval.low), number(interval.high)]})
    return cases, ranks


def tails():
    """Tail mass and CVaR with their linearised errors, by plain sums over values."""
    random = numpy.random.default_rng(22)
    cases = []
    for kind in ("continuous", "ties", "all equal", "shadow all lowest"):
        sessions = 420
        stable, shadow, numbers = [], [], []
        for session in range(sessions):
            level = random.normal()
            for _ in range(random.integers(1, 4)):
                x, y = level + random.normal(), level + random.normal() - 0.2
                if kind == "ties":
                    x, y = (min(1.0, max(0.0, round(v / 2 + 0.8) / 2 + 0.25)) for v in (x, y))
                if kind == "all equal":
                    x = y = 0.75
                if kind == "shadow all lowest":
                    x, y = round(1 / (1 + math.exp(-x)), 6), 0.0
                stable.append(round(x, 6))
                shadow.append(round(y, 6))
                numbers.append(session)
        counts = numpy.bincount(numbers)
        weights = 1 / counts[numbers]
        weights = weights / weights.sum()
        x, y = numpy.array(stable), numpy.array(shadow)
        p = 0.05
        order = numpy.argsort(x, kind="stable")
        q = x[order][numpy.searchsorted(numpy.cumsum(weights[order]), p - 1e-12)]
        part = (p - weights[x < q].sum()) / weights[x == q].sum()
        mass = weights[y < q].sum() + weights[y == q].sum() * part

        def cvar(v):
            v_order = numpy.argsort(v, kind="stable")
            left, total = p, 0.0
            for index in v_order:
                take = min(left, weights[index])
                total += take * v[index]
                left -= take
                if left <= 0:
                    break
            return total / p
        cases.append({"kind": kind, "stable": stable, "shadow": shadow, "sessions": numbers,
                      "tail_mass": number(mass), "cvar_stable": number(cvar(x)), "cvar_shadow": number(cvar(y))})
    return cases


GRID = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.75]


def betting():
    """confseq's betting martingale with constant bets: one bet alone, and its equal mixture over the grid.

    It bets on values in 0 ... 1: with y = (x + 1)/2 and m = (margin + 1)/2 a bet of 2λ is our 1 + λ(x - margin).
    """
    from confseq.betting import betting_mart, diversified_betting_mart

    def constant(stake):
        return lambda y, m: numpy.repeat(2 * stake, len(y))
    random = numpy.random.default_rng(31)
    cases = []
    for values, margin in (
            ([1.0], 0.02), ([-1.0], 0.02), ([0.0, 0.0], 0.02), ([1.0, -1.0], 0.0), ([0.02] * 40, 0.02), ([0.0] * 500, 0.03),
            ([-1.0] * 300, 0.05), ([1.0] * 100, 0.02),
            ([float(v) for v in random.choice([-1, 0, 1], 700, p=[0.03, 0.9, 0.07])], 0.02),
            ([round(float(v), 6) for v in random.uniform(-1, 1, 200)], 0.01),
            ([round(float(v), 6) for v in random.uniform(-0.5, 0.7, 300)], 0.2)):
        y, m = (numpy.array(values) + 1) / 2, (margin + 1) / 2
        mixture = diversified_betting_mart(y, m, [constant(stake) for stake in GRID], theta=1, trunc_scale=1)
        single = {stake: betting_mart(y, m, lambdas_fn_positive=constant(stake), theta=1, trunc_scale=1)[-1]
                  for stake in (0.05, 0.4)}
        cases.append({"margin": margin, "values": values, "e_value": number(mixture[-1]),
                      "stakes": list(single), "single": [number(v) for v in single.values()]})
    return cases


def undefined():
    """Inputs without an answer: what the library makes of each (a number, nan, an infinity, an error)."""
    import krippendorff
    import statsmodels.api as api
    cases = []

    def add(function, values, call):
        try:
            with warnings.catch_warnings(), numpy.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                said = call()
                said = getattr(said, "pvalue", said)
                said = " ".join(str(float(v)) for v in numpy.ravel(said))
        except Exception as error:  # pylint: disable=broad-exception-caught
            said = f"{type(error).__name__}: {error}"
        cases.append({"function": function, "values": values, "reference": said})

    for p in (-0.1, 0.0, 1.0, 1.1):
        add("normal.quantile", [[p]], lambda: stats.norm.ppf(p))
        add("t.quantile", [[p]], lambda: stats.t.ppf(p, 7))
    add("chi2.quantile", [[1.0]], lambda: stats.chi2.ppf(1.0, 3))
    add("beta.quantile", [[1.5]], lambda: stats.beta.ppf(1.5, 2, 3))
    for function in ("wilson", "beta"):
        add("proportion." + function, [[]], lambda: proportion.proportion_confint(0, 0, 0.05, function))
    for values in ([], [0.4], [0.4, 0.4], [0.1] * 50):
        add("mean.interval", [values], lambda: api.WLS(values, numpy.ones(len(values))).fit(
            cov_type="cluster", cov_kwds={"groups": list(range(len(values)))}).conf_int())
        add("t.one_sample", [values], lambda: stats.ttest_1samp(values, 0.4))
    add("mean.interval", [[0.2, 0.4, 0.9], [0.0, 0.0, 0.0]], lambda: numpy.average([0.2, 0.4, 0.9], weights=[0, 0, 0]))
    for first, second in (([], [1.0, 2.0]), ([1.0], [1.0, 2.0]), ([1.0], [2.0]), ([3.0] * 4, [3.0] * 5), ([3.0] * 4, [4.0] * 5)):
        if len(first) + len(second) != 3 or not first:
            add("t.student", [first, second], lambda: stats.ttest_ind(first, second))
        add("t.welch", [first, second], lambda: stats.ttest_ind(first, second, equal_var=False))
    add("mcnemar", [[10.0, 0.0, 0.0]], lambda: mcnemar([[10, 0], [0, 0]], exact=False))
    add("mcnemar", [[0.0, 0.0, 0.0]], lambda: mcnemar([[0, 0], [0, 0]], exact=False))
    for values in ([], [0.0], [0.0, 0.0, 0.0]):
        add("wilcoxon", [values], lambda: stats.wilcoxon(values, method="asymptotic"))
    for first, second in (([], [1.0]), ([1.0], []), ([2.0, 2.0], [2.0, 2.0, 2.0])):
        add("mann_whitney", [first, second], lambda: stats.mannwhitneyu(first, second, method="asymptotic"))
    add("quantile", [[]], lambda: numpy.quantile([], 0.5))
    add("kappa", [[5.0, 0.0, 0.0, 0.0]], lambda: inter_rater.cohens_kappa(numpy.array([[5, 0], [0, 0]]), return_results=False))
    add("kappa", [[0.0, 0.0, 0.0, 0.0]], lambda: inter_rater.cohens_kappa(numpy.zeros((2, 2)), return_results=False))
    add("alpha", [[3.0, 0.0]], lambda: krippendorff.alpha(value_counts=numpy.array([[3, 0]]), level_of_measurement="nominal"))
    add("alpha", [[1.0, 0.0]], lambda: krippendorff.alpha(value_counts=numpy.array([[1, 0]]), level_of_measurement="nominal"))
    return cases


def e_processes():
    random = numpy.random.default_rng(23)
    grid = GRID
    cases = []
    for count, margin, rate in ((0, 0.02, 0.1), (1, 0.02, 1.0), (60, 0.02, 0.3), (200, 0.01, 0.05), (500, 0.05, 0.0)):
        values = [float(v) for v in random.choice([-1, 0, 1, 0.5], count, p=[0.03, 0.92 - rate / 2, rate / 2, 0.05])] \
            if rate < 1 else [1.0] * count
        # By plain products, with no data too; confseq's martingale is in betting.json.
        products = [math.prod(1 + stake * (value - margin) for value in values) for stake in grid]
        cases.append({"margin": margin, "values": values, "e_value": sum(products) / len(products)})
    return cases


def t_tests():
    random = numpy.random.default_rng(24)
    cases, samples = [], []
    for first, second, gap, spread in ((2, 2, 0.0, 1.0), (30, 30, 0.5, 1.0), (40, 200, 0.1, 3.0), (500, 400, -0.3, 0.2),
                                       (35, 31, 5.0, 1.0), (1000, 1000, 0.0, 1.0)):
        a = [round(float(v), 6) for v in random.normal(0, 1, first)]
        b = [round(float(v), 6) for v in random.normal(gap, spread, second)]
        if first >= 500:
            a, b = a[:60], b[:55]
        samples.append((a, b))
    # One value on a side; one side without spread; values that are equal but for one; two and two; large numbers.
    samples += [([3.0, 5.0], [1.0]), ([2.0] * 5, [1.0, 2.0, 4.0]), ([0.0] * 30 + [1.0], [0.0] * 31), ([0.0, 1.0], [1.0, 2.0]),
                ([1e3 + i % 3 for i in range(30)], [1e3 + 1 + i % 4 for i in range(40)])]
    for a, b in samples:
        student = stats.ttest_ind(a, b)
        welch = stats.ttest_ind(a, b, equal_var=False) if len(b) > 1 else None
        with numpy.errstate(all="ignore"):
            single = stats.ttest_1samp(a, 0.1)
        pooled = math.sqrt((len(a) * numpy.var(a) + len(b) * numpy.var(b)) / (len(a) + len(b) - 2))
        cases.append({"first": a, "second": b,
                      "student": [number(student.statistic), number(student.pvalue), number(student.df)],
                      "welch": welch and [number(welch.statistic), number(welch.pvalue), number(welch.df)],
                      "one_sample": [number(single.statistic), number(single.pvalue), number(single.df)]
                      if numpy.std(a) > 0 else None,
                      "cohens_d": number((numpy.mean(a) - numpy.mean(b)) / pooled)})
    return cases


def rank_tests():
    random = numpy.random.default_rng(25)
    cases = []
    for count, kind in ((1, "plain"), (8, "plain"), (25, "plain"), (50, "plain"), (80, "plain"), (40, "ties"), (60, "zeros"),
                        (2, "plain"), (1, "all ties"), (2, "all ties"), (12, "all ties")):
        # Generators of their own for what was added, so that the others stay.
        source = numpy.random.default_rng(32) if kind == "plain" and count == 2 else random
        d = source.normal(0.3, 1, count) if kind != "all ties" else numpy.ones(count)
        d = numpy.round(d, 6) if kind == "plain" else numpy.round(d)
        if kind == "ties":
            d[d == 0] = 1.0
        case = {"test": "wilcoxon", "differences": [number(v) for v in d]}
        if kind == "plain":
            exact = stats.wilcoxon(d, method="exact")
            case["exact"] = [number(exact.statistic), number(exact.pvalue)]
        normal = stats.wilcoxon(d, method="asymptotic")
        corrected = stats.wilcoxon(d, method="asymptotic", correction=True)
        case["asymptotic"] = [number(normal.statistic), number(normal.pvalue)]
        case["corrected"] = [number(corrected.statistic), number(corrected.pvalue)]
        cases.append(case)
    for first, second, kind in ((1, 1, "plain"), (3, 9, "plain"), (8, 40, "plain"), (20, 20, "plain"), (60, 45, "plain"),
                                (30, 25, "ties"), (1, 2, "plain"), (2, 2, "plain"), (2, 1, "apart"), (15, 20, "apart")):
        a, b = random.normal(0, 1, first), random.normal(0.4, 1, second)
        if kind == "apart":
            a, b = numpy.zeros(first), numpy.ones(second)
        a, b = (numpy.round(v, 6 if kind == "plain" else 0) for v in (a, b))
        case = {"test": "mann_whitney", "first": [number(v) for v in a], "second": [number(v) for v in b]}
        if kind == "plain" and first <= 20:
            exact = stats.mannwhitneyu(a, b, method="exact")
            case["exact"] = [number(exact.statistic), number(exact.pvalue)]
        normal = stats.mannwhitneyu(a, b, method="asymptotic")
        plain = stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=False)
        case["asymptotic"] = [number(normal.statistic), number(normal.pvalue)]
        case["uncorrected"] = [number(plain.statistic), number(plain.pvalue)]
        cases.append(case)
    return cases


def agreement():
    import krippendorff
    random = numpy.random.default_rng(26)
    alphas, kappas = [], []
    for items, raters, categories, missing in ((12, 2, 2, 0.0), (50, 3, 3, 0.2), (200, 5, 4, 0.5), (30, 2, 3, 0.3)):
        truth = random.integers(0, categories, items)
        ratings = numpy.where(random.random((raters, items)) < 0.7, truth, random.integers(0, categories, (raters, items)))
        ratings = numpy.where(random.random((raters, items)) < missing, numpy.nan, ratings.astype(float))
        counts = [[int((ratings[:, i] == c).sum()) for c in range(categories)] for i in range(items)]
        alphas.append({"categories": categories, "counts": counts,
                       "alpha": number(krippendorff.alpha(reliability_data=ratings, level_of_measurement="nominal"))})
    # Every rater agrees; nobody does; an item with one rating counts nothing; two raters of one item.
    for categories, counts in ((2, [[3, 0], [0, 3], [3, 0]]), (3, [[1, 1, 1], [1, 1, 1]]), (2, [[2, 0], [1, 0], [0, 2], [1, 1]]),
                               (2, [[1, 1]])):
        value_counts = numpy.array([row for row in counts if sum(row) > 1])
        alphas.append({"categories": categories, "counts": counts,
                       "alpha": number(krippendorff.alpha(value_counts=value_counts, level_of_measurement="nominal"))})
    for table in ([[20, 5], [10, 15]], [[44, 5, 1], [7, 20, 3], [9, 5, 6]], [[10, 0], [0, 10]], [[1, 2], [3, 0]],
                  [[0, 5], [5, 0]], [[1, 1], [1, 1]], [[2, 0], [1, 0]]):
        with numpy.errstate(invalid="ignore"):
            result = inter_rater.cohens_kappa(numpy.array(table), return_results=True)
        # Where everything or nothing agrees the variance is zero, and below it by rounding.
        error = 0.0 if result.var_kappa < 1e-15 else number(result.std_kappa)
        kappas.append({"table": table, "kappa": number(result.kappa), "standard_error": error})
    return alphas, kappas


def multiplicity():
    random = numpy.random.default_rng(27)
    cases = []
    for count in (1, 2, 5, 20):
        p = [number(v) for v in random.random(count) ** 3]
        cases.append({"p": p, "holm": [number(v) for v in multitest.multipletests(p, method="holm")[1]]})
    for p in ([0.04, 0.04, 0.04], [1.0, 1.0], [1e-300, 1.0, 0.5], [0.05, 0.01, 0.05, 0.01]):
        cases.append({"p": p, "holm": [number(v) for v in multitest.multipletests(p, method="holm")[1]]})
    return cases


def bootstrap():
    """scipy's BCa interval from replicates and leave-one-out values that are written down, so that no draw differs."""
    random = numpy.random.default_rng(28)
    cases = []
    for count in (15, 60):
        values = numpy.round(random.exponential(1, count), 6)
        drawn = stats.bootstrap((values,), numpy.mean, n_resamples=499, method="BCa", rng=numpy.random.default_rng(29))
        percentile = stats.bootstrap((values,), numpy.mean, n_resamples=499, method="percentile",
                                     rng=numpy.random.default_rng(29))
        jackknife = [number(numpy.delete(values, i).mean()) for i in range(count)]
        cases.append({"values": [number(v) for v in values], "estimate": number(values.mean()),
                      "replicates": [number(v) for v in drawn.bootstrap_distribution], "jackknife": jackknife,
                      "bca": [number(v) for v in drawn.confidence_interval],
                      "percentile": [number(v) for v in percentile.confidence_interval]})
    return cases


def sample_sizes():
    """statsmodels' power of a normal test with the variance at the baseline, solved for n."""
    from statsmodels.stats.power import normal_power
    cases = []
    for baseline, difference in ((0.85, 0.05), (0.03, 0.01), (0.5, 0.02)):
        for power in (0.5, 0.8, 0.9):
            spread = math.sqrt(baseline * (1 - baseline))
            # nobs of normal_power is the number in all that an effect of size d = difference/spread is divided by: n/2 for
            # two groups of n. "larger" at half the level leaves out the wrong tail, as the formula does.
            needed = optimize.brentq(
                lambda n: normal_power(difference / spread, n / 2, 0.025, alternative="larger") - power, 1, 1e8)
            cases.append({"baseline": baseline, "difference": difference, "power": power, "needed": math.ceil(needed)})
    pairs = []
    for discordance, difference, power in ((0.2, 0.05, 0.8), (0.06, 0.02, 0.9), (0.5, 0.1, 0.8)):
        def miss(n):
            z = (difference * math.sqrt(n) - stats.norm.ppf(0.975) * math.sqrt(discordance)) \
                / math.sqrt(discordance - difference ** 2)
            return stats.norm.cdf(z) - power
        pairs.append({"discordance": discordance, "difference": difference, "power": power,
                      "needed": math.ceil(optimize.brentq(miss, 1, 1e8))})
    # The chance that a gate passes, by summing over every outcome, with the bound that PairedBinary describes.
    gates = []
    for n, discordance, harm, margin in ((99, 0.01, 0.0, 0.03), (160, 0.06, 0.0, 0.05), (149, 0.02, 0.02, 0.02)):
        z = 1.005 * stats.t.ppf(0.95, n - 1)
        total = 0.0
        for b in range(0, n + 1):
            for c in range(0, n + 1 - b):
                p = stats.multinomial.pmf([b, c, n - b - c], n,
                                          [(discordance + harm) / 2, (discordance - harm) / 2, 1 - discordance])
                if p < 1e-13:
                    if c > n * discordance:
                        break
                    continue
                bound = tango_bound(n, b, c, z, True)
                if b < 5 or c == 0:
                    bound = max(bound, 1.0 if b == n else stats.beta.ppf(0.95, b + 1, n - b))
                total += p if bound < margin else 0.0
        gates.append({"sessions": n, "discordance": discordance, "harm": harm, "margin": margin, "passes": number(total)})
    return cases, pairs, gates


def prediction_powered():
    from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
    random = numpy.random.default_rng(30)
    cases = []
    for n, rest, noise in ((40, 400, 0.1), (100, 150, 0.6)):
        quality = random.random(n + rest)
        judge = numpy.round(numpy.clip(quality + random.normal(0, noise, n + rest) + 0.1, 0, 1), 6)
        human = (random.random(n) < quality[:n]).astype(float)
        point = ppi_mean_pointestimate(human, judge[:n], judge[n:])
        low, high = ppi_mean_ci(human, judge[:n], judge[n:], alpha=0.05)
        cases.append({"human": [number(v) for v in human], "judge": [number(v) for v in judge[:n]],
                      "unlabelled": [number(v) for v in judge[n:]], "estimate": number(numpy.ravel(point)[0]),
                      "interval": [number(numpy.ravel(low)[0]), number(numpy.ravel(high)[0])]})
    return cases


def files():
    """What writes each file."""
    return {
        "distributions": distributions, "proportions": proportions, "paired": paired, "cluster-means": cluster_means,
        "quantiles": lambda: quantiles()[0], "order-statistics": lambda: quantiles()[1], "tails": tails,
        "e-processes": e_processes, "betting": betting, "undefined": undefined, "t-tests": t_tests,
        "rank-tests": rank_tests, "alpha": lambda: agreement()[0], "kappa": lambda: agreement()[1],
        "holm": multiplicity, "bootstrap": bootstrap, "two-groups": lambda: sample_sizes()[0],
        "paired-sizes": lambda: sample_sizes()[1], "gate-power": lambda: sample_sizes()[2],
        "prediction-powered": prediction_powered,
    }


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, writers = Path(sys.argv[1]), files()
    names = sys.argv[2:] or [name for name in writers if name != "betting"]
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        cases = writers[name]()
        text = json.dumps({"made_with": VERSIONS, "cases": cases}, separators=(",", ":"), allow_nan=False)
        (folder / f"{name}.json").write_text(text.replace('},{', '},\n{') + "\n")
        print(f"{name}: {len(cases)} cases")


if __name__ == "__main__":
    main()
