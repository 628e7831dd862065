"""The ordered intent rules of Fixtures/README.md in Python, to check that the traffic is classified as it was written."""

import re

CLASSES = ["order_status", "payment", "refund", "extraction", "summarise", "classify", "translate", "small_talk", "how_to"]

# (class, any_of, matches): each has one of the two.
RULES = [
    ("translate", ["translate", "translation", "how do you say"], None),
    ("classify", ["classify", "sentiment", "which category", "label this", "positive or negative"], None),
    ("summarise", ["summarise", "summary", "sum up", "tl;dr", "key points", "the gist"], None),
    ("extraction", None, r"(?i)\b(extract|pull out|fill in|turn)\b[\s\S]*\bjson\b"),
    ("payment", ["payment", "payments", "invoice", "invoices", "paid", "unpaid", "charged", "charge", "charges", "billed",
                 "direct debit", "credit card", "transaction", "transactions", "my statement", "bank transfer"], None),
    ("refund", None, r"(?i)\b(refund(s|ed)?|money back|returns?|returning|returned(?! to sender)|send it back|back for)\b"),
    ("how_to", None, r"(?i)\bhow (do|can|should|would) (i|you|we|my)\b|\bwalk me through\b|\bbest way to\b|\bsteps to\b"),
    ("order_status", ["order", "orders", "ordered", "parcel", "parcels", "delivery", "delivered", "courier"], None),
    ("small_talk", None, r"(?i)\b(hello|hi|hey|good (morning|evening|night|one)|thanks|thank you|joke|weekend|weather|birthday|"
                         r"favou?rite|happy|bored|funny|robot|book|cook|dog|nice|do you like|what do you think|what would you do|"
                         r"feeling|christmas|i see|my name)\b"),
]


def classify(text):
    """The class that the first matching rule gives, as the gateway would without the caller's word."""
    for name, any_of, pattern in RULES:
        if any_of and any(re.search(r"(?<!\w)" + re.escape(words) + r"(?!\w)", text, re.I) for words in any_of):
            return name
        if pattern and re.search(pattern, text):
            return name
    return "other"
