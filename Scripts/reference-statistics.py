#!/usr/bin/env python3
"""Writes the reference values that the tests of Statistics compare with.

Usage: reference-statistics.py OUTPUT_DIRECTORY        (in the repository: Tests/StatisticsTests/Reference)

Needs: numpy, scipy, statsmodels, krippendorff, ppi-python (all on PyPI). Everything is seeded; running it again with
the same versions gives the same files. Each file is {"made_with": {...}, "cases": [{...}, ...]}; a case holds its input
and what the reference library says. Where no library has a method (Tango, tail mass, grid-mixture e-process), the formula
is written out here a second time, in another way than the Swift one (root finding, plain sums).
"""
import json
import math
import sys
from pathlib import Path

import numpy
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats import inter_rater, multitest, proportion
from statsmodels.stats.contingency_tables import mcnemar

VERSIONS = {"numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}


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
    return cases


def proportions():
    cases = []
    for events, trials in ((0, 1), (1, 1), (0, 299), (1, 30), (4, 100), (5, 100), (50, 100), (99, 100), (100, 100),
                           (17, 1000), (3, 20000), (19990, 20000)):
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
                        (10, 10, 0), (12, 3, 9), (20000, 400, 350), (1, 0, 0), (1, 1, 0)):
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
        if largest == 1 and not weighted:
            one = stats.ttest_1samp(values, 0).confidence_interval(0.95)
            assert math.isclose(one.low, case["interval"][0], rel_tol=1e-9)
        cases.append(case)
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
    for kind in ("continuous", "ties"):
        sessions = 420
        stable, shadow, numbers = [], [], []
        for session in range(sessions):
            level = random.normal()
            for _ in range(random.integers(1, 4)):
                x, y = level + random.normal(), level + random.normal() - 0.2
                if kind == "ties":
                    x, y = (min(1.0, max(0.0, round(v / 2 + 0.8) / 2 + 0.25)) for v in (x, y))
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


def e_processes():
    random = numpy.random.default_rng(23)
    grid = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.75]
    cases = []
    for count, margin, rate in ((0, 0.02, 0.1), (1, 0.02, 1.0), (60, 0.02, 0.3), (200, 0.01, 0.05), (500, 0.05, 0.0)):
        values = [float(v) for v in random.choice([-1, 0, 1, 0.5], count, p=[0.03, 0.92 - rate / 2, rate / 2, 0.05])] \
            if rate < 1 else [1.0] * count
        products = [math.prod(1 + stake * (value - margin) for value in values) for stake in grid]
        cases.append({"margin": margin, "values": values, "e_value": sum(products) / len(products)})
    return cases


def t_tests():
    random = numpy.random.default_rng(24)
    cases = []
    for first, second, gap, spread in ((2, 2, 0.0, 1.0), (30, 30, 0.5, 1.0), (40, 200, 0.1, 3.0), (500, 400, -0.3, 0.2),
                                       (35, 31, 5.0, 1.0), (1000, 1000, 0.0, 1.0)):
        a = [round(float(v), 6) for v in random.normal(0, 1, first)]
        b = [round(float(v), 6) for v in random.normal(gap, spread, second)]
        if first >= 500:
            a, b = a[:60], b[:55]
        student = stats.ttest_ind(a, b)
        welch = stats.ttest_ind(a, b, equal_var=False)
        single = stats.ttest_1samp(a, 0.1)
        pooled = math.sqrt(((len(a) - 1) * numpy.var(a, ddof=1) + (len(b) - 1) * numpy.var(b, ddof=1))
                           / (len(a) + len(b) - 2))
        cases.append({"first": a, "second": b,
                      "student": [number(student.statistic), number(student.pvalue), number(student.df)],
                      "welch": [number(welch.statistic), number(welch.pvalue), number(welch.df)],
                      "one_sample": [number(single.statistic), number(single.pvalue), number(single.df)],
                      "cohens_d": number((numpy.mean(a) - numpy.mean(b)) / pooled)})
    return cases


def rank_tests():
    random = numpy.random.default_rng(25)
    cases = []
    for count, kind in ((1, "plain"), (8, "plain"), (25, "plain"), (50, "plain"), (80, "plain"), (40, "ties"), (60, "zeros")):
        d = random.normal(0.3, 1, count)
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
                                (30, 25, "ties")):
        a, b = random.normal(0, 1, first), random.normal(0.4, 1, second)
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
    for table in ([[20, 5], [10, 15]], [[44, 5, 1], [7, 20, 3], [9, 5, 6]], [[10, 0], [0, 10]], [[1, 2], [3, 0]]):
        result = inter_rater.cohens_kappa(numpy.array(table), return_results=True)
        kappas.append({"table": table, "kappa": number(result.kappa), "standard_error": number(result.std_kappa)})
    return alphas, kappas


def multiplicity():
    random = numpy.random.default_rng(27)
    cases = []
    for count in (1, 2, 5, 20):
        p = [number(v) for v in random.random(count) ** 3]
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
    # The chance that a gate passes, by summing over every outcome.
    gates = []
    for n, discordance, harm, margin in ((99, 0.01, 0.0, 0.03), (160, 0.06, 0.0, 0.05), (149, 0.02, 0.02, 0.02)):
        z = stats.norm.ppf(0.95)
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
                if b < 5:
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


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    quantile_cases, rank_cases = quantiles()
    alpha_cases, kappa_cases = agreement()
    group_cases, pair_cases, gate_cases = sample_sizes()
    files = {
        "distributions": distributions(), "proportions": proportions(), "paired": paired(),
        "cluster-means": cluster_means(), "quantiles": quantile_cases, "order-statistics": rank_cases, "tails": tails(),
        "e-processes": e_processes(), "t-tests": t_tests(), "rank-tests": rank_tests(), "alpha": alpha_cases,
        "kappa": kappa_cases, "holm": multiplicity(), "bootstrap": bootstrap(), "two-groups": group_cases,
        "paired-sizes": pair_cases, "gate-power": gate_cases, "prediction-powered": prediction_powered(),
    }
    for name, cases in files.items():
        text = json.dumps({"made_with": VERSIONS, "cases": cases}, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text.replace('},{', '},\n{') + "\n")
        print(f"{name}: {len(cases)} cases")


if __name__ == "__main__":
    main()
