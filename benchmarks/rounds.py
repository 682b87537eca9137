"""Ours and its peers in turns: all take a figure within the same seconds, since a shared machine's speed wanders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from statistics import fmean, median
from typing import Any, NamedTuple

from benchmarks.measure import percentiles
from benchmarks.peers import PeerError, Worker

ROUNDS = 3
PEER_FRAMES = 20  # of a figure in a round

Ours = Callable[[str, int], list[float]]  # figure, frames -> ms each
Theirs = Callable[[str, int], Mapping[str, Any]]  # the same under "ms", and what else they say: numbers


class Outcome(NamedTuple):
    """What some rounds come to."""

    ours: dict[str, dict[str, float]]  # by figure: percentiles
    peers: dict[str, dict[str, Any]]  # by peer, by figure: the same, and medians of what else it said; or its `error`
    ratio: dict[str, dict[str, float]]  # by peer, by figure: how many times ours


def compare(
    figures: Sequence[str], ours: Ours, peers: Mapping[str, Theirs], frames: int, rounds: int = ROUNDS, digits: int = 1
) -> Outcome:
    """Take every figure of all of them, `rounds` times over.

    A ratio is the median over the rounds of the quotient of two neighbours' medians. A peer that cannot take a figure
    is not asked for it again.
    """
    costs: dict[str, list[float]] = defaultdict(list)
    of_peer: dict[tuple[str, str], list[float]] = defaultdict(list)
    extra: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    quotients: dict[tuple[str, str], list[float]] = defaultdict(list)
    errors: dict[tuple[str, str], str] = {}
    for _ in range(rounds):
        for figure in figures:
            mine = ours(figure, frames)
            costs[figure] += mine
            for name, take in peers.items():
                key = name, figure
                if key in errors:
                    continue
                try:
                    told = dict(take(figure, PEER_FRAMES))
                except PeerError as why:
                    errors[key] = str(why)
                    continue
                theirs = told.pop("ms")
                of_peer[key] += theirs
                quotients[key].append(median(theirs) / max(median(mine), 1e-6))
                for what, number in told.items():
                    extra[key][what].append(number)
    told_of: dict[str, dict[str, Any]] = {name: {} for name in peers}
    for name, figure in ((n, f) for n in peers for f in figures):
        key = name, figure
        if key in errors:
            told_of[name][figure] = {"error": errors[key]}
        elif key in of_peer:
            more = {what: round(fmean(numbers), 3) for what, numbers in extra[key].items()}
            told_of[name][figure] = percentiles(of_peer[key]) | more
    return Outcome(
        {figure: percentiles(costs[figure]) for figure in figures},
        told_of,
        {
            name: {f: round(median(quotients[name, f]), digits) for f in figures if (name, f) in quotients}
            for name in peers
        },
    )


def compare_with(
    figures: Sequence[str],
    ours: Ours,
    starts: Mapping[str, Callable[[], Worker]],
    inside: Mapping[str, Theirs],
    frames: int,
) -> Outcome:
    """Start peers and compare; what does not start has its `error`.

    Args:
        starts: by name, what starts a peer in a process of its own.
        inside: peers in this process.
    """
    with ExitStack() as stack:
        others, told = dict(inside), {}
        for name, start in starts.items():
            try:
                worker = stack.enter_context(start())
            except PeerError as why:
                told[name] = {"error": str(why)}
                continue
            others[name] = worker.take
            told[name] = {key: said for key, said in worker.ready.items() if key != "figures"}
        outcome = compare(figures, ours, others, frames)
    return outcome._replace(peers={name: told.get(name, {}) | outcome.peers.get(name, {}) for name in [*others, *told]})
