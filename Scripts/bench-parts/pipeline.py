"""What one would write in Python instead of Understudy's evaluator: pandas, rapidfuzz, sacrebleu, numpy, scipy.

    python3 pipeline.py PAIRS.jsonl --chrf sacrebleu|numpy|none [--count N]

Texts are scored in one process a core, chunk by chunk, so that memory holds numbers only; figures are computed from one
data frame. Prints one JSON line: counts, processor seconds of each phase (all processes), CPU, wall, memory, and some
figures to compare. Memory is the sum of every process's maximum.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import resource
import time

import numpy
import orjson
import pandas

import pipeline_figures
import pipeline_texts as texts

CHUNK = 500
OWN = ["error", "refusal", "partial_refusal", "empty", "truncated", "malformed", "repetition", "wrong_language", "leaked_markup",
       "injection_obeyed", "identifiers_ignored", "identifier_recall", "quality", "first_token", "total_time", "output_tokens",
       "length"]


class Clock:
    """Processor seconds by phase."""

    def __init__(self):
        self.seconds, self.last = {}, time.process_time()

    def lap(self, phase):
        now = time.process_time()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self.last
        self.last = now


def answer_scores(leg, tokens, refusal, related, other_language, codes, is_malformed, leaks, obeys):
    """The scores of one answer, and its magnitudes."""
    text, is_ok = leg.get("text", ""), leg["outcome"] == "ok"
    score = {"error": float(not is_ok), "identifier_recall": None, "identifiers_ignored": None}
    score["empty"] = float(not text.strip() and not leg.get("tool_calls"))
    score["refusal"], score["partial_refusal"] = float(refusal == "full"), float(refusal == "partial")
    score["wrong_language"] = None if other_language is None else float(other_language)
    score["leaked_markup"], score["injection_obeyed"] = float(leaks), None if obeys is None else float(obeys)
    score["truncated"] = float(leg["outcome"] == "truncated" or leg.get("finish_reason") in texts.CUT)
    score["malformed"] = None if is_malformed is None else float(is_malformed)
    score["repeated"] = texts.repeated_share(tokens)
    score["repetition"] = float(len(tokens) >= 24 and score["repeated"] > 0.5)
    if codes:
        said = text.lower().replace(",", "")
        score["identifier_recall"] = sum(code in said for code in codes) / len(codes)
        score["identifiers_ignored"] = float(score["identifier_recall"] == 0)
    score["quality"] = texts.quality(text, score, related, other_language)
    score["first_token"], score["total_time"] = leg.get("first_token_ms"), leg.get("total_ms")
    score["output_tokens"], score["length"] = leg.get("output_tokens"), float(len(text.encode()))
    if not is_ok:
        for name in OWN:
            if name not in ("error", "quality", "first_token"):
                score[name] = None
    return score


VALIDATORS = {}


def score_chunk(work):
    """The columns of a chunk of lines, the seconds of each phase, this process and its memory."""
    lines, chrf_by = work
    clock = Clock()
    pairs = [orjson.loads(line) for line in lines]
    prompts = [pair.get("prompt") or "" for pair in pairs]
    legs = {leg: [pair[leg] for pair in pairs] for leg in ("stable", "shadow")}
    said = {leg: [one.get("text", "") for one in legs[leg]] for leg in legs}
    both = list(zip(said["stable"], said["shadow"]))
    compared = [left["outcome"] == "ok" == right["outcome"] for left, right in zip(legs["stable"], legs["shadow"])]
    clock.lap("read")
    asked = [texts.words(prompt) for prompt in prompts]
    tokens = {leg: [texts.words(text) for text in said[leg]] for leg in said}
    clock.lap("words")
    columns = {"session": [pair.get("session") or pair["id"] for pair in pairs],
               "intent": [pair.get("intent", "other") for pair in pairs]}

    def agreement(name, score, values):
        columns[name] = [score(*value) if ok else None for value, ok in zip(values, compared)]
        clock.lap(name)

    agreement("exact_match", texts.exact_match, both)
    agreement("length_ratio", texts.length_ratio, both)
    agreement("rouge_l", texts.rouge_l, list(zip(tokens["stable"], tokens["shadow"])))
    if chrf_by != "none":
        agreement("chrf", texts.CHRF_BY[chrf_by], both)
    agreement("json_fields", texts.json_fields, both)
    agreement("tool_calls", texts.tool_calls, list(zip(*([one.get("tool_calls") or [] for one in legs[leg]] for leg in legs))))
    codes = [texts.identifiers(prompt) for prompt in prompts]
    clock.lap("identifiers")
    languages = [texts.language(words) for words in asked]
    content = [texts.content(words) for words in asked]
    clock.lap("relevance, language")
    demands = [texts.injected(prompt) for prompt in prompts]
    clock.lap("injections")
    for leg, answers in legs.items():
        related = [texts.relevance(words, own) for words, own in zip(content, tokens[leg])]
        spoken = [texts.language(own) for own in tokens[leg]]
        others = [mine != theirs if None not in (mine, theirs) else None for mine, theirs in zip(spoken, languages)]
        clock.lap("relevance, language")
        refusals = [texts.refusal(text) for text in said[leg]]
        clock.lap("refusals")
        leaks = [texts.leaks(text, prompt) for text, prompt in zip(said[leg], prompts)]
        clock.lap("leaked markup")
        obeyed = [texts.obeys(text, demand) for text, demand in zip(said[leg], demands)]
        clock.lap("injections")
        broken = [texts.malformed(one, pair.get("request") or {}, VALIDATORS) for one, pair in zip(answers, pairs)]
        clock.lap("malformed")
        rows = zip(answers, tokens[leg], refusals, related, others, codes, broken, leaks, obeyed)
        scores = [answer_scores(*row) for row in rows]
        for name in OWN:
            columns[f"{leg}.{name}"] = [score[name] for score in scores]
        for name in {name for one in answers for name in one.get("scores", ())}:
            columns[f"{leg}.score.{name}"] = [one.get("scores", {}).get(name) for one in answers]
        clock.lap("repetition, quality and the rest")
    for name in columns.keys() - {"session", "intent"}:
        columns[name] = numpy.array(columns[name], dtype=float)
    clock.lap("columns")
    return columns, clock.seconds, os.getpid(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def chunks(path, count, chrf_by):
    with open(path, "rb") as file:
        lines = itertools.islice(file, count)
        while chunk := list(itertools.islice(lines, CHUNK)):
            yield chunk, chrf_by


def frame_of(parts):
    """One frame of all chunks; a column that a chunk lacks is undefined there."""
    frame = pandas.concat([pandas.DataFrame(part) for part in parts], ignore_index=True)
    frame["session"] = pandas.factorize(frame["session"])[0]
    frame["intent"] = frame["intent"].astype("category")
    return frame


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("pairs")
    arguments.add_argument("--chrf", choices=texts.CHRF_BY, default="sacrebleu")
    arguments.add_argument("--count", type=int)
    options = arguments.parse_args()
    begin = time.monotonic()
    parts, phases, resident = [], {"start (imports)": time.process_time()}, {}
    # The workers are forked with the libraries loaded, and before the parent holds anything.
    with multiprocessing.get_context("fork").Pool() as pool:
        for columns, seconds, worker, memory in pool.imap(score_chunk, chunks(options.pairs, options.count, options.chrf)):
            parts.append(columns)
            resident[worker] = max(memory, resident.get(worker, 0))
            for phase, used in seconds.items():
                phases[phase] = phases.get(phase, 0.0) + used
        pool.close()
        pool.join()
    clock = Clock()
    frame = frame_of(parts)
    clock.lap("frame")
    figures = pipeline_figures.figures(frame)
    clock.lap("figures")
    phases.update(clock.seconds)
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    phases["handing over"] = cpu - sum(phases.values())
    overall = figures["overall"]
    print(json.dumps({
        "pairs": len(frame), "sessions": int(frame["session"].nunique()), "processes": len(resident) + 1,
        "cpu_seconds": cpu, "wall_seconds": time.monotonic() - begin,
        "memory_bytes": (own.ru_maxrss + sum(resident.values())) * 1024,
        "phases": phases,
        "churn": {name: overall[f"churn.{name}"][0] for name in pipeline_figures.AGREEMENTS if f"churn.{name}" in overall},
        "quality": overall["quality"]["shadow"]["mean"][0], "repetition": overall["repetition"]["shadow"][0],
        "refusal": overall["refusal"]["shadow"][0], "p99_ratio": overall["total_time"].get(0.99, {}).get("ratio", [None])[0],
    }))


if __name__ == "__main__":
    main()
