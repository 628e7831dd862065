"""What users paste: JSON, tables and CSV of orders, invoices and transactions."""

import json

ORDER_STATES = ["processing", "packed", "shipped", "in transit", "out for delivery", "delivered", "on hold at customs", "returned to sender"]
INVOICE_STATES = ["paid", "open", "overdue", "paid", "partly paid", "cancelled"]
TRANSACTION_STATES = ["captured", "pending", "declined", "captured", "reversed"]


def table(rows, style):
    """A list of equal dictionaries as a pipe table (Markdown), a ruled table, or CSV with commas or semicolons."""
    heads = list(rows[0])
    cells = [[str(row[h]) for h in heads] for row in rows]
    if style == "csv":
        return "\n".join(",".join(line) for line in [heads] + cells)
    if style == "semicolons":
        return "\n".join(";".join(line) for line in [heads] + cells)
    widths = [max(len(line[i]) for line in [heads] + cells) for i in range(len(heads))]
    if style == "markdown":
        lines = [heads, ["-" * max(3, w) for w in widths]] + cells
        return "\n".join("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths)) + " |" for line in lines)
    return "\n".join(" | ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip() for line in [heads] + cells)


def as_json(value, rng):
    """JSON as people paste it: indented from a page, or on one line from a log."""
    if rng.random() < 0.8:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=2 if rng.random() < 0.7 else 1)


def plain(item):
    """A name of goods that can stand in a CSV cell."""
    return item.replace(",", "")


def order_paste(p, rng):
    kind = rng.choice(["json", "json", "table", "table", "csv"])
    if kind == "json":
        lines = [{"item": p.item(), "qty": rng.choice([1, 1, 1, 2, 3]), "status": rng.choice(ORDER_STATES)}
                 for _ in range(rng.choice([1, 1, 2]))]
        value = rng.choice([
            lambda: {"order_id": p.order(), "customer": p.full_name(), "placed": p.iso_date(), "carrier": p.carrier(), "tracking": p.track(), "items": lines},
            lambda: {"order": p.order(), "status": rng.choice(ORDER_STATES), "eta": p.iso_date(), "ship_to": {"name": p.full_name(), "city": p.city()}, "lines": lines},
            lambda: {"orderNumber": p.order(), "events": [{"at": p.iso_date() + "T" + p.hour(), "where": p.city(), "what": rng.choice(ORDER_STATES)} for _ in range(2)]},
        ])()
        return kind, as_json(value, rng)
    make = rng.choice([
        lambda: {"Order": p.order(), "Item": plain(p.item()), "Status": rng.choice(ORDER_STATES)},
        lambda: {"Date": p.iso_date(), "Order no.": p.order(), "Carrier": p.carrier(), "State": rng.choice(ORDER_STATES)},
        lambda: {"parcel": p.track(), "weight_kg": f"{rng.uniform(0.3, 12):.1f}", "last_scan": p.city(), "status": rng.choice(ORDER_STATES)},
    ])
    rows = [make() for _ in range(rng.choice([2, 2, 3]))]
    return kind, table(rows, rng.choice(["csv", "csv", "semicolons"]) if kind == "csv" else rng.choice(["markdown", "pipes"]))


def payment_paste(p, rng):
    kind = rng.choice(["json", "json", "table", "table", "csv", "csv"])
    if kind == "json":
        value = rng.choice([
            lambda: {"invoice": p.inv(), "customer": p.full_name(), "lines": [{"item": p.item(), "net": p.amount()} for _ in range(2)], "vat": 0.2, "total": p.amount(), "status": rng.choice(INVOICE_STATES)},
            lambda: [{"invoice": p.inv(), "due": p.iso_date(), "amount": p.amount(), "status": rng.choice(INVOICE_STATES)} for _ in range(2)],
            lambda: {"payment_id": "pay_" + p.hex(8), "order": p.order(), "amount": {"value": p.amount(), "currency": rng.choice(["EUR", "GBP", "DKK"])}, "method": rng.choice(["card", "sepa_debit", "transfer"]), "state": rng.choice(TRANSACTION_STATES), "reason": rng.choice(["insufficient_funds", "3ds_failed", "none", "expired_card"])},
            lambda: {"account": p.cust(), "transactions": [{"on": p.iso_date(), "text": p.item(), "amount": -p.amount(), "state": rng.choice(TRANSACTION_STATES)} for _ in range(2)]},
        ])()
        return kind, as_json(value, rng)
    make = rng.choice([
        lambda: {"Invoice": p.inv(), "Due": p.iso_date(), "Amount": f"{p.amount():.2f}", "Status": rng.choice(INVOICE_STATES)},
        lambda: {"date": p.iso_date(), "description": plain(p.item()), "amount": f"-{p.amount():.2f}", "state": rng.choice(TRANSACTION_STATES)},
        lambda: {"Payment": "P" + str(rng.randrange(10000, 99999)), "Order": p.order(), "Method": rng.choice(["card", "transfer", "voucher"]), "EUR": f"{p.amount():.2f}"},
    ])
    rows = [make() for _ in range(rng.choice([2, 2, 3]))]
    return kind, table(rows, rng.choice(["csv", "csv", "semicolons"]) if kind == "csv" else rng.choice(["markdown", "pipes"]))
