"""Whether everything that went through a gateway is accounted for: the funnel, and the pairs in the store."""

import time

SETTLE_SECONDS = 300


def settle(checks, gateway, name, seen, sampled=None):
    """Waits until no leg is in flight, checks the funnel, and stops the gateway."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        funnel = gateway.funnel()
        ends = funnel["stored"] + sum(funnel["shed"].values()) + sum(funnel["failed"].values())
        if not (funnel["seen"] == funnel["not_eligible"] + funnel["not_sampled"] + funnel["sampled"]
                and funnel["sampled"] == funnel["in_flight"] + ends):
            break
        if (funnel["in_flight"] == 0 and funnel["seen"] >= seen) or time.monotonic() > deadline:
            break
        # Legs of the shadow end when its model is done; the funnel can only be asked.
        time.sleep(0.2)
    ends = funnel["stored"] + sum(funnel["shed"].values()) + sum(funnel["failed"].values())
    checks.check(f"{name}: the funnel adds up",
                 funnel["seen"] == funnel["not_eligible"] + funnel["not_sampled"] + funnel["sampled"]
                 and funnel["sampled"] == funnel["in_flight"] + ends, funnel)
    checks.equal(f"{name}: every one of the {seen} requests was seen", funnel["seen"], seen)
    checks.equal(f"{name}: nothing is in flight", funnel["in_flight"], 0)
    checks.equal(f"{name}: all that was sampled is stored ({funnel['sampled']})", funnel["stored"], funnel["sampled"])
    if sampled is not None:
        checks.equal(f"{name}: all that can be mirrored was sampled", funnel["sampled"], sampled)
    code, last = gateway.stop()
    checks.equal(f"{name}: SIGTERM ends serve with 0", code, 0)
    checks.equal(f"{name}: its last words are the funnel", last, "stopped: {seen} seen, {sampled} sampled, "
                 "{stored} stored, 0 shed, 0 failed, 0 in flight".format(**funnel))
    return funnel


def by_class(pairs):
    """The pairs of each class; a class is one check's request."""
    found = {}
    for pair in pairs:
        found.setdefault(pair.get("intent"), []).append(pair)
    return found
