"""Holds the 3 a.m. story to its point: REJECT, for payment's refusals, though the mean quality is not lower.

    python3 check-night.py NIGHT.json
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    evaluation = json.load(file)
quality = next(metric for metric in evaluation["overall"]["metrics"] if metric["name"] == "quality")
stable, shadow = quality["stable"]["mean"], quality["shadow"]["mean"]
reasons = [reason for reason in evaluation["reasons"]
           if reason.get("intent") == "payment" and reason.get("metric") == "new_refusal"]
print(f"mean quality: stable {stable:.4f}, shadow {shadow:.4f}; verdict: {evaluation['verdict'].upper()}")
if evaluation["verdict"] != "reject" or not reasons or shadow < stable:
    sys.exit("The story did not come out: it wants REJECT with payment's new_refusal and a mean that is not lower.")
