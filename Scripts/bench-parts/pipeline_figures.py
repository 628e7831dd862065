"""The figures of an evaluation with pandas, numpy and scipy: per class and overall, the session as the unit.

Everything is vectorised over pairs and sessions; loops run over scopes and metrics only.
"""

import numpy
from scipy import stats

HARMS = ["error", "refusal", "partial_refusal", "empty", "truncated", "malformed", "repetition", "wrong_language", "leaked_markup",
         "injection_obeyed", "identifiers_ignored"]
SCORES = ["quality", "identifier_recall"]
MAGNITUDES = ["first_token", "total_time", "output_tokens", "length"]
AGREEMENTS = ["exact_match", "rouge_l", "chrf", "length_ratio", "json_fields", "tool_calls"]
GATES = [("net", "refusal", 0.02), ("harm", "error", 0.01), ("harm", "malformed", 0.02), ("severe", "quality", 0.03)]
LAMBDAS = numpy.array([0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.75])
Z = stats.norm.ppf(0.975)


class Paired:
    """Two columns where both are defined, with their sessions numbered without gaps."""

    def __init__(self, left, right, sessions):
        defined = ~(numpy.isnan(left) | numpy.isnan(right))
        self.left, self.right = left[defined], right[defined]
        _, self.slot = numpy.unique(sessions[defined], return_inverse=True)
        self.counts = numpy.bincount(self.slot)
        self.weights = 1 / self.counts[self.slot]
        self.pairs, self.sessions = len(self.left), len(self.counts)

    def means(self, values):
        """The mean of each session."""
        return numpy.bincount(self.slot, values) / self.counts


def wilson(rate, trials):
    centre = (rate + Z * Z / (2 * trials)) / (1 + Z * Z / trials)
    half = Z / (1 + Z * Z / trials) * numpy.sqrt(rate * (1 - rate) / trials + Z * Z / (4 * trials * trials))
    return centre - half, centre + half


def rate(paired, values):
    """The mean over sessions with Wilson's interval on the effective number of answers (the design effect taken off)."""
    means = paired.means(values)
    share = means.mean()
    variance = means.var(ddof=1) / len(means) if len(means) > 1 else 0
    return share, wilson(share, share * (1 - share) / variance if variance > 0 else len(means))


def mean(values):
    """The mean of session values with Student's interval."""
    count = len(values)
    half = stats.t.ppf(0.975, count - 1) * values.std(ddof=1) / numpy.sqrt(count) if count > 1 else numpy.nan
    centre = values.mean()
    return centre, (centre - half, centre + half)


def severe(left, right):
    return (left - right >= 0.5 - 1e-9).astype(float) - (right - left >= 0.5 - 1e-9)


def e_value(values, margin):
    """The grid mixture over the session values."""
    return numpy.exp(numpy.log1p(numpy.outer(LAMBDAS, values - margin)).sum(axis=1)).mean()


class Distribution:
    """One side sorted, with the weights of its sessions."""

    def __init__(self, values, paired):
        order = numpy.argsort(values, kind="stable")
        self.values, self.slot, self.weights = values[order], paired.slot[order], paired.weights[order]
        self.cumulative, self.sessions = numpy.cumsum(self.weights), paired.sessions

    def share(self, below):
        """The share of weight of the first so many values."""
        return self.cumulative[below - 1] / self.cumulative[-1] if below else 0.0

    def quantile(self, p):
        place = numpy.searchsorted(self.cumulative, p * self.cumulative[-1] * (1 - 1e-12))
        return self.values[min(place, len(self.values) - 1)]

    def residuals(self, below):
        """What each session adds to the error of the share of the first so many values."""
        inside = numpy.bincount(self.slot[:below], self.weights[:below], self.sessions)
        return (inside - self.share(below)) / self.sessions

    def interval(self, p, width=Z):
        """Woodruff's: the distribution function's interval at the quantile, inverted."""
        residuals = self.residuals(numpy.searchsorted(self.values, self.quantile(p), "right"))
        half = width * numpy.sqrt((residuals ** 2).sum() * self.sessions / max(1, self.sessions - 1))
        return self.quantile(max(1e-9, p - half)), self.quantile(min(1.0, p + half))

    def worst_mean(self, p=0.05):
        """CVaR: the mean of the worst share."""
        weights = numpy.diff(numpy.minimum(self.cumulative, p * self.cumulative[-1]), prepend=0)
        return (weights * self.values).sum() / weights.sum()


def ratio(stable, shadow, p):
    """Shadow's quantile ÷ stable's with the interval by influence functions and the paired covariance, on the log scale."""
    sides = []
    for side in (stable, shadow):
        value, (lower, upper) = side.quantile(p), side.interval(p)
        residuals = side.residuals(numpy.searchsorted(side.values, value, "right"))
        if value <= 0 or lower <= 0 or not residuals.any():
            return value, None
        scale = (numpy.log(upper) - numpy.log(lower)) / 2
        sides.append((value, residuals * scale / numpy.sqrt((residuals ** 2).sum())))
    (left, left_residuals), (right, right_residuals) = sides
    half = numpy.sqrt(((right_residuals - left_residuals) ** 2).sum())
    return right / left, (right / left * numpy.exp(-half), right / left * numpy.exp(half))


def tail_mass(stable, shadow, p=0.05):
    """The shadow's share below stable's 5 % quantile, ties in proportion, with its linearised interval."""
    q = stable.quantile(p)
    edges = [(numpy.searchsorted(side.values, q, "left"), numpy.searchsorted(side.values, q, "right"))
             for side in (stable, shadow)]
    (stable_below, stable_upto), (shadow_below, shadow_upto) = edges
    tied = stable.share(stable_upto) - stable.share(stable_below)
    part = (p - stable.share(stable_below)) / tied if tied > 0 else 0.0
    estimate = shadow.share(shadow_below) + (shadow.share(shadow_upto) - shadow.share(shadow_below)) * part
    residuals = [(1 - part) * side.residuals(below) + part * side.residuals(upto)
                 for side, (below, upto) in zip((stable, shadow), edges)]
    difference = residuals[1] - residuals[0]
    half = Z * numpy.sqrt((difference ** 2).sum() * stable.sessions / max(1, stable.sessions - 1))
    return estimate, (estimate - half, estimate + half)


def harm(paired, value):
    difference = value(paired.left, paired.right)
    return {"stable": rate(paired, paired.left), "shadow": rate(paired, paired.right),
            "difference": mean(paired.means(difference)),
            "shadow_only": int((difference > 0).sum()), "stable_only": int((difference < 0).sum())}


def score(paired):
    sides = [Distribution(values, paired) for values in (paired.left, paired.right)]
    figures = {"difference": mean(paired.means(paired.right - paired.left)), "tail_mass": tail_mass(*sides)}
    for name, side, values in zip(("stable", "shadow"), sides, (paired.left, paired.right)):
        figures[name] = {"mean": mean(paired.means(values)), "cvar05": side.worst_mean(),
                         "histogram": numpy.histogram(values, 20, (0, 1), weights=paired.weights)[0],
                         **{f"p{round(p * 100):02}": (side.quantile(p), side.interval(p)) for p in (0.01, 0.05, 0.1)}}
    losses = paired.left - paired.right
    worst = numpy.argpartition(losses, -5)[-5:] if len(losses) > 5 else numpy.arange(len(losses))
    figures["worst"] = losses[worst]
    return figures


def magnitude(paired):
    stable, shadow = (Distribution(values, paired) for values in (paired.left, paired.right))
    figures = {}
    for p in (0.5, 0.95, 0.99, 0.999):
        if paired.sessions >= 4 * max(p, 1 - p) / min(p, 1 - p):
            figures[p] = {"stable": (stable.quantile(p), stable.interval(p)),
                          "shadow": (shadow.quantile(p), shadow.interval(p)), "ratio": ratio(stable, shadow, p)}
    return figures


def scope(frame):
    """All figures and e-values of some pairs."""
    sessions = frame["session"].to_numpy()

    def paired(name):
        return Paired(frame[f"stable.{name}"].to_numpy(), frame[f"shadow.{name}"].to_numpy(), sessions)

    figures = {"pairs": len(frame)}
    for name in HARMS:
        values = paired(name)
        if values.pairs:
            figures[name] = harm(values, lambda left, right: right - left)
    for name, column, value in (("new_refusal", "refusal", lambda left, right: right - left),
                                ("severe_regression", "quality", severe)):
        values = paired(column)
        if values.pairs:
            figures[name] = harm(values, value)
    outside = [name.split(".", 1)[1] for name in frame.columns if name.startswith("stable.score.")]
    for name in SCORES + outside:
        values = paired(name)
        if values.pairs:
            figures[name] = score(values)
    for name in MAGNITUDES:
        values = paired(name)
        if values.pairs:
            figures[name] = magnitude(values)
    for name in AGREEMENTS:
        if name in frame:
            column = frame[name].to_numpy()
            values = Paired(column, column, sessions)
            if values.pairs:
                figures[f"churn.{name}"] = mean(values.means(1 - values.left))
    figures["e"] = {}
    for kind, name, margin in GATES:
        values = paired(name)
        if values.pairs:
            difference = severe(values.left, values.right) if kind == "severe" else values.right - values.left
            figures["e"][name] = e_value(values.means(difference), margin)
    return figures


def figures(frame):
    """Every intent class and all of them."""
    return {"overall": scope(frame), **{intent: scope(part) for intent, part in frame.groupby("intent", observed=True)}}
