"""Writes the sessions that Scripts/record sends: one JSON object a line, the same for the same seed.

A session has its intent class, its endpoint and parameters, and the user's turns. The bodies of later turns are made
when they are sent, because they carry the answers that stable really gave.

    python3 make_traffic.py OUT.jsonl [--seed N]
"""

import argparse
import json
import random
import string

import material as m
import structures

MODEL = "smollm2-135m-instruct"

# class: (sessions, share with two turns, share with three turns, max_tokens)
PLAN = {
    "order_status": (176, 0.26, 0.08, 28),
    "payment": (184, 0.26, 0.08, 28),
    "refund": (176, 0.24, 0.07, 28),
    "extraction": (172, 0.0, 0.0, 56),
    "summarise": (172, 0.0, 0.0, 32),
    "classify": (172, 0.0, 0.0, 6),
    "translate": (172, 0.05, 0.0, 24),
    "small_talk": (176, 0.32, 0.18, 24),
    "how_to": (174, 0.22, 0.06, 36),
}
PASTED_PAYMENTS = 94

# One for each shop, as its web site sends it.
SYSTEMS = {
    "Larkfield": "You are the assistant of Larkfield, a home and garden shop. Be brief and friendly.",
    "Peak & Pine": "You help visitors of Peak & Pine, outdoor gear. Two sentences at most.",
    "Bytehaus": "Bytehaus assistant. Plain language, no lists.",
}
LANGUAGES = ["German", "French", "Spanish", "Italian", "Dutch", "Portuguese", "Swedish", "Polish"]
TRANSLATE = [
    "Translate into {lang}: {text}",
    "Please translate this sentence into {lang} for a sign in our {city} shop.\n\n{text}",
    'How do you say "{text}" in {lang}?',
    "translate to {lang}, formal please:\n{text}",
    "I need a {lang} translation of this line, nothing else: {text}",
    "Our customer only speaks {lang}. Can you translate what I want to write?\n\"{text}\"",
]
SUMMARISE = [
    "Summarise this in one sentence.\n\n{text}",
    "Please sum up the following note for {first}, who was away:\n\n{text}",
    "TL;DR please\n\n{text}",
    "{text}\n\nGive me a summary in at most 20 words.",
    "What are the key points here?\n{text}",
    "Write a short summary of this text for the staff newsletter.\n---\n{text}\n---",
    "{text}\n\n^ the gist of that in one line?",
]
LABELS = [
    ("Classify the review as positive, negative or mixed. Answer with one word.\n\n{text}", "review"),
    ("What is the sentiment of this review? positive / negative / mixed\n\"{text}\"", "review"),
    ("{text}\n\nIs this review positive or negative? One word.", "review"),
    ("Which category fits this message: complaint, question, request, praise? Only the category.\n\n{text}", "ticket"),
    ("Classify this e-mail by team (repairs, sales, accounts, lost property) and answer with the team only.\n\n{text}", "ticket"),
    ("Label this message as urgent or not urgent:\n{text}", "ticket"),
    ("Does this review talk about quality, price, delivery or service? Classify it with one label.\n{text}", "review"),
]
EXTRACT = [
    ("Extract the name, phone and e-mail from this message as JSON with the keys name, phone, email. Use null for what is missing.\n\n{text}", ["name", "phone", "email"], "ticket"),
    ("Pull out who wrote this and what they want, as JSON: {{\"customer\": ..., \"wish\": ...}}\n\n{text}", ["customer", "wish"], "ticket"),
    ("{text}\n\nTurn the message above into JSON with city, item and contact.", ["city", "item", "contact"], "ticket"),
    ("Extract product, stars (1 to 5, guess if none are given) and main_problem from the review into JSON.\n\n{text}", ["product", "stars", "main_problem"], "review"),
    ("Fill in this JSON object from the note: {{\"city\": \"\", \"month\": \"\", \"item\": \"\"}}\n\n{text}", ["city", "month", "item"], "notice"),
    ("extract all data you can find as json (name, city, date, reference)\n\n{text}", ["name", "city", "date", "reference"], "ticket"),
]


class Writer:
    """Fills the sentences' gaps; what a session says about itself stays the same throughout it."""

    def __init__(self, rng):
        self.rng = rng
        self.shop, (self.trade, self.goods) = rng.choice(list(m.SHOPS.items()))
        first, last = rng.choice(m.FIRST), rng.choice(m.LAST)
        first_day = rng.randint(2, 15)
        one, two = rng.sample(self.goods, 2)
        self.slots = {
            "shop": self.shop, "trade": self.trade, "first": first, "last": last, "f": first[0], "l": last[0],
            "first2": rng.choice(m.FIRST), "city": rng.choice(m.CITIES), "street": rng.choice(m.STREETS),
            "number": rng.randint(1, 140), "month": rng.choice(m.MONTHS), "weekday": rng.choice(m.WEEKDAYS),
            "d1": first_day, "d2": first_day + rng.randint(3, 13), "days": rng.randint(3, 26), "n": rng.randint(2, 9),
            "age": rng.randint(19, 84), "pct": rng.choice([8, 12, 14, 15, 18, 20, 24, 30, 35, 40]), "hour": self.hour(),
            "item": one[0], "item2": two[0], "price": self.money(rng.uniform(one[1], one[2])),
            "order": self.order(), "order2": self.order(), "inv": self.inv(), "cust": self.cust(), "track": self.track(),
            "carrier": self.carrier(), "phone": self.phone(), "iban": self.iban(), "four": f"{rng.randrange(10000):04d}",
            "email": self.email(first, last),
        }

    def fill(self, sentence, /, **more):
        return sentence.replace("\\n", "\n").format(**{**self.slots, **more})

    def money(self, value):
        value = round(value) - self.rng.choice([0, 0.01, 0.05, 0.5])
        return self.rng.choice(["€{:.2f}", "{:.2f} EUR", "£{:.2f}", "£{:.2f}", "{:.2f} euros"]).format(value)

    def amount(self):
        _, low, high = self.rng.choice(self.goods)
        return round(self.rng.uniform(low, high), 2)

    def item(self):
        return self.rng.choice(self.goods)[0]

    def order(self):
        r = self.rng
        return r.choice([lambda: f"LF-{r.randrange(10000, 99999)}", lambda: f"#{r.randrange(100000, 999999)}",
                         lambda: f"PP{r.randrange(1000000, 9999999)}", lambda: f"BH-2026-{r.randrange(1000, 9999)}"])()

    def inv(self):
        r = self.rng
        return r.choice([lambda: f"INV-{r.randrange(10000, 99999)}", lambda: f"2026/{r.randrange(1000, 9999)}",
                         lambda: f"R{r.randrange(100000, 999999)}"])()

    def cust(self):
        return f"C{self.rng.randrange(100000, 999999)}"

    def track(self):
        r = self.rng
        return "".join(r.choice(string.ascii_uppercase) for _ in range(2)) + str(r.randrange(10**8, 10**9)) + r.choice(["GB", "NL", "DE"])

    def hex(self, length):
        return "".join(self.rng.choice("0123456789abcdef") for _ in range(length))

    def carrier(self):
        return self.rng.choice(m.CARRIERS)

    def city(self):
        return self.rng.choice(m.CITIES)

    def full_name(self):
        return f"{self.rng.choice(m.FIRST)} {self.rng.choice(m.LAST)}"

    def hour(self):
        return f"{self.rng.randint(8, 19)}:{self.rng.choice(['00', '15', '30', '45'])}"

    def iso_date(self):
        return f"2026-{self.rng.randint(5, 11):02d}-{self.rng.randint(1, 28):02d}"

    def phone(self):
        """From the ranges that Ofcom keeps free for fiction."""
        r = self.rng
        return r.choice([lambda: f"07700 900{r.randrange(1000):03d}", lambda: f"020 7946 0{r.randrange(1000):03d}",
                         lambda: f"+44 7700 900{r.randrange(1000):03d}"])()

    def email(self, first, last):
        return self.rng.choice([f"{first}.{last}@example.com", f"{first[0]}{last}@example.com", f"{first}{self.rng.randrange(60, 99)}@example.com"]).lower()

    def iban(self):
        """Invented, with correct check digits (ISO 13616)."""
        r = self.rng
        country, bank = r.choice([("DE", "00000000"), ("GB", "XXXX000000")])
        account = "".join(r.choice(string.digits) for _ in range(10 if country == "DE" else 8))
        digits = "".join(str(int(c, 36)) for c in bank + account + country + "00")
        value = f"{country}{98 - int(digits) % 97:02d}{bank}{account}"
        return " ".join(value[i:i + 4] for i in range(0, len(value), 4)) if r.random() < 0.7 else value

    def review(self):
        r = self.rng
        facts = r.sample(m.REVIEW_GOOD, r.randint(0, 1)) + r.sample(m.REVIEW_BAD, r.choice([0, 0, 1, 1, 2])) or [r.choice(m.REVIEW_BAD)]
        r.shuffle(facts)
        return self.fill(" ".join([r.choice(m.REVIEW_OPEN), *facts, r.choice(m.REVIEW_END)]))

    def text(self, kind):
        if kind == "review":
            return self.review()
        return self.fill(self.rng.choice(m.TICKET if kind == "ticket" else m.NOTICE))

    def roughened(self, text):
        """Some people type carelessly."""
        if self.rng.random() < 0.12 and "{" not in text and "|" not in text:
            text = text[0].lower() + text[1:]
            text = text.replace("n't", "nt").replace("please", "pls").rstrip(".")
        return text


def turns(intent, w, count, pasted):
    """The user's turns, the pasted structure's kind if there is one, and the response format if one is asked for."""
    r = w.rng
    kind = form = None
    follow = {"order_status": m.ORDER_NEXT, "payment": m.PAYMENT_NEXT, "refund": m.REFUND_NEXT,
              "small_talk": m.SMALL_TALK_NEXT, "how_to": m.HOW_TO_NEXT}.get(intent, [])
    if intent == "order_status":
        if r.random() < 0.62:
            kind, paste = structures.order_paste(w, r)
            first = w.fill(r.choice(m.ORDER_PASTED), paste=paste)
        else:
            first = w.fill(r.choice(m.ORDER_PLAIN))
    elif intent == "payment":
        if pasted:
            kind, paste = structures.payment_paste(w, r)
            first = w.fill(r.choice(m.PAYMENT_PASTED), paste=paste)
        else:
            first = w.fill(r.choice(m.PAYMENT_PLAIN))
    elif intent == "refund":
        first = w.fill(r.choice(m.REFUND))
    elif intent == "how_to":
        first = w.fill(r.choice(m.HOW_TO))
    elif intent == "small_talk":
        first = w.fill(r.choice(m.SMALL_TALK))
    elif intent == "summarise":
        first = w.fill(r.choice(SUMMARISE), text=w.text(r.choice(["notice", "notice", "notice", "review"])))
    elif intent == "classify":
        ask, about = r.choice(LABELS)
        first = w.fill(ask, text=w.text(about))
    elif intent == "translate":
        lang = r.choice(LANGUAGES)
        text = w.fill(" ".join(r.sample(m.PHRASE, r.choice([1, 1, 2]))))
        first = w.fill(r.choice(TRANSLATE), text=text, lang=lang)
        other = r.choice([name for name in LANGUAGES if name != lang])
        follow = [f"And the {other} translation?", f"Thanks. Now translate it into {other}."]
    else:
        ask, keys, about = r.choice(EXTRACT)
        first = w.fill(ask, text=w.text(about))
        form = extraction_format(keys, r)
    later = [w.fill(text) for text in r.sample(follow, count - 1)] if count > 1 else []
    return [w.roughened(text) if kind is None else text for text in [first, *later]], kind, form


def extraction_format(keys, rng):
    choice = rng.random()
    if choice < 0.15:
        return None
    if choice < 0.5:
        return {"type": "json_object"}
    properties = {key: {"type": "integer"} if key == "stars" else {"type": ["string", "null"]} if len(keys) == 3 else {"type": "string"} for key in keys}
    return {"type": "json_schema", "json_schema": {"name": "record", "strict": True, "schema": {
        "type": "object", "properties": properties, "required": keys, "additionalProperties": False}}}


def completion_session(intent, w):
    """Plain completion, as an older client of the shop does it."""
    r = w.rng
    if intent == "translate":
        lang = r.choice(LANGUAGES)
        return f"Translate English to {lang}.\nEnglish: {w.fill(r.choice(m.PHRASE))}\n{lang}:"
    return f"Classify each review as positive, negative or mixed.\nReview: Lovely, would buy again.\nLabel: positive\nReview: {w.review()}\nLabel:"


def endpoint(intent, index, count):
    """A few dozen sessions leave the chat endpoint."""
    if intent in ("translate", "classify") and index < 18:
        return "/v1/completions"
    if intent in ("how_to", "small_talk") and index < 20 and count < 3:
        return "/v1/messages"
    if intent in ("summarise", "refund") and index < 18 and count == 1:
        return "/v1/responses"
    return "/v1/chat/completions"


def system_prompt(intent, w):
    """A share of the requests carries one; the others leave it to the model's template."""
    if w.rng.random() > 0.22:
        return None
    return {
        "translate": f"You are the translator of {w.shop}. Answer with the translation only.",
        "classify": f"You label messages for {w.shop}. Answer with one label.",
        "extraction": f"You read messages that reach {w.shop} and answer in JSON only.",
    }.get(intent, SYSTEMS[w.shop])


def sessions(seed):
    rng = random.Random(seed)
    seen = set()
    made = []
    for intent, (number, two, three, max_tokens) in PLAN.items():
        for index in range(number):
            draw = rng.random()
            count = 3 if draw < three else 2 if draw < three + two else 1
            path = endpoint(intent, index, count)
            while True:
                w = Writer(rng)
                kind = form = None
                if path == "/v1/completions":
                    count = 1
                    texts = [completion_session(intent, w)]
                else:
                    texts, kind, form = turns(intent, w, count, pasted=index < PASTED_PAYMENTS)
                if texts[0] not in seen:
                    break
            seen.add(texts[0])
            deterministic = rng.random() < 0.7
            stream = rng.random() < 2 / 3
            made.append({
                "intent": intent, "path": path, "pasted": kind, "system": None if path == "/v1/completions" else system_prompt(intent, w),
                "turns": texts, "max_tokens": max_tokens,
                "temperature": 0 if deterministic else 0.7, "seed": None if deterministic else rng.randrange(1, 10**6),
                "stream": stream, "include_usage": stream and rng.random() < 0.4, "response_format": form,
                "names_intent": rng.random() < 0.5,
            })
    rng.shuffle(made)
    for position, session in enumerate(made):
        session["session"] = f"s-{position:04d}-{rng.randrange(16**6):06x}"
    return [{"session": s.pop("session"), **s} for s in made]


def main():
    parser = argparse.ArgumentParser(description="Writes the sessions of the recorded traffic.")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=20261123)
    arguments = parser.parse_args()
    with open(arguments.out, "w", encoding="utf-8") as file:
        for session in sessions(arguments.seed):
            file.write(json.dumps(session, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
