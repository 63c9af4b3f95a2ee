"""Walks paths of a chain by a library in a Python of its own: cimba, pm4py (AGPL), prosimos or pydtmc, as the argument says.

Reads the chain on the first line, as JSON, and from then on a number of paths a line; writes the mean of their days and the
CPU seconds of each as a line of JSON. It needs nothing but the standard library and the one that it asks; neither the
library nor its benchmarks import any of these.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from itertools import accumulate, count, pairwise
from pathlib import Path
from types import new_class
from typing import Any

_MOST = 512
"""Moves that pydtmc is asked for: no path of the chain has so many."""
_DAY = 86_400
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"

Chain = dict[str, Any]
"""For each place ``onward`` (the places and their shares) and, for each of these, the days and their shares; ``start``."""
Walk = Callable[[int], float]


class _Days:
    """The days of a place, or of a place that leads to another: drawn by one number."""

    def __init__(self, days: list[int], shares: list[float], unit: int = 1) -> None:
        self.days = [day * unit for day in days]
        self.sums = list(accumulate(shares))
        self.last = self.sums[-1]

    def one(self) -> int:
        """Return a stay."""
        return self.days[min(bisect_right(self.sums, random.random() * self.last), len(self.days) - 1)]  # noqa: S311

    def generate_sample(self, many: int) -> list[int]:
        """Return several, as prosimos asks for them."""
        return [self.one() for _ in range(many)]

    def generate_one_value_with_boundaries(self) -> int:
        """Return one, as prosimos asks for it."""
        return self.one()


def _by_pair(chain: Chain) -> dict[tuple[int, int], _Days]:
    return {
        (place, to): _Days(*chain["stay"][place][number])
        for place, onward in enumerate(chain["onward"])
        for number, (to, _) in enumerate(onward)
    }


def _by_place(chain: Chain, unit: int) -> dict[int, _Days]:
    """Return the days of each place, wherever it leads to: in the chain the two do not depend on each other."""
    return {place: _Days(stay[0][0], stay[0][1], unit) for place, stay in enumerate(chain["stay"]) if stay}


def pydtmc(chain: Chain) -> Walk:
    """Return pydtmc for the places, a walk a path, and a number for the days of each pair of places."""
    library: Any = import_module("pydtmc")
    places = len(chain["onward"])
    rows = [[0.0] * (places + 1) for _ in range(places + 1)]
    for place, onward in enumerate([*chain["onward"], []]):
        for to, share in onward or [(places, 1.0)]:  # behind each end one place, at which a walk stops
            rows[place][to] = share
    markov = library.MarkovChain(rows, [f"p{place}" for place in range(places + 1)])
    days = _by_pair(chain)

    def walk(n: int) -> float:
        total = 0
        for _ in range(n):
            walked = markov.simulate(_MOST, f"p{chain['start']}", f"p{places}", output_indices=True)
            total += sum(days[move].one() for move in pairwise(walked[:-1]))
        return total / n

    return walk


def pm4py(chain: Chain) -> Walk:
    """Return pm4py's stochastic play-out of a net with a weight on each transition, and a number for the days of each."""
    net_of: Any = import_module("pm4py.objects.petri_net.obj")
    add: Any = import_module("pm4py.objects.petri_net.utils.petri_utils").add_arc_from_to
    play: Any = import_module("pm4py.algo.simulation.playout.petri_net.variants.stochastic_playout")
    weight_of: Any = import_module("pm4py.objects.random_variables.random_variable").RandomVariable
    net = net_of.PetriNet("chain")
    places = [net_of.PetriNet.Place(f"p{place}") for place in range(len(chain["onward"]))]
    ends = net_of.PetriNet.Place("end")
    for place in (*places, ends):
        net.places.add(place)
    weights, days = {}, {}
    by_pair = _by_pair(chain)
    for place, onward in enumerate(chain["onward"]):
        for to, share in onward or [(None, 1.0)]:
            name = f"{place}>{to}"
            move = net_of.PetriNet.Transition(name, name if onward else None)
            net.transitions.add(move)
            add(places[place], move, net)
            add(move, ends if to is None else places[to], net)
            weights[move] = weight_of()
            weights[move].read_from_string("IMMEDIATE", None)
            weights[move].set_weight(share)
            if to is not None:
                days[name] = by_pair[place, to]
    initial, final = net_of.Marking({places[chain["start"]]: 1}), net_of.Marking({ends: 1})
    given = {play.Parameters.MAX_TRACE_LENGTH: _MOST, play.Parameters.STOCHASTIC_MAP: weights}

    def walk(n: int) -> float:
        log = play.apply(net, initial, final, parameters={**given, play.Parameters.NO_TRACES: n})
        return sum(days[event["concept:name"]].one() for trace in log for event in trace) / len(log)

    return walk


def prosimos(chain: Chain) -> Walk:
    """Return prosimos: an event that waits for each place, a gateway behind it, and nobody whose time is short."""
    engine: Any = import_module("prosimos.simulation_engine")
    setup: Any = import_module("prosimos.simulation_setup").SimDiffSetup
    folder = tempfile.TemporaryDirectory()
    model, settings = Path(folder.name, "chain.bpmn"), Path(folder.name, "chain.json")
    model.write_text("\n".join(_bpmn(chain)), encoding="utf-8")
    settings.write_text(json.dumps(_settings(chain)), encoding="utf-8")
    stays = {f"e{place}": days for place, days in _by_place(chain, _DAY).items()}

    def walk(n: int, kept: object = folder) -> float:  # noqa: ARG001 - so that the folder stays
        made = setup(str(model), str(settings), False, n)  # noqa: FBT003 - as its own programs call it
        made.set_starting_datetime(datetime(2024, 1, 1, tzinfo=UTC))
        made.bpmn_graph.event_distribution = stays
        _, told = engine.run_simpy_simulation(made, None, None)
        spent = sum((one.completed_at - one.started_at).total_seconds() for one in told.trace_list)
        return float(spent) / _DAY / n

    return walk


def cimba(chain: Chain) -> Walk:
    """Return cimba, which compiles a process that walks path after path; it keeps the sum of their days alone."""
    cb: Any = import_module("cimba")
    array: Any = import_module("numpy").asarray
    offsets, sums, days, target = [0], [], [], []
    for place, onward in enumerate(chain["onward"]):
        stays = chain["stay"][place]
        rows = [
            (to, day, share) for number, (to, _) in enumerate(onward) for day, share in zip(*stays[number], strict=True)
        ]
        sums += list(accumulate(share for _, _, share in rows))
        days += [float(day) for _, day, _ in rows]
        target += [to for to, _, _ in rows]
        offsets.append(len(target))

    def paths(self: Any) -> None:  # noqa: ANN401 - a process of cimba, which compiles it
        spent = 0.0
        for _ in range(self.many):
            place = self.start
            while self.closed[place] == 0:
                drawn = cb.random.uniform(0.0, 1.0)
                low = self.offsets[place]
                high = self.offsets[place + 1] - 1
                while low < high:
                    middle = (low + high) // 2
                    if self.sums[middle] > drawn:
                        high = middle
                    else:
                        low = middle + 1
                cb.hold(self.days[low])
                spent += self.days[low]
                place = self.target[low]
        self.total = spent

    body: dict[str, Any] = {
        "__module__": __name__,
        "__annotations__": {
            "many": cb.Param[int], "start": cb.Param[int], "sums": cb.Array[float], "days": cb.Array[float],
            "target": cb.Array[int], "offsets": cb.Array[int], "closed": cb.Array[int], "total": cb.Output[float],
        },
        "paths": cb.process(paths),
    }  # fmt: skip
    kind: Any = new_class("Paths", (cb.Model,), exec_body=lambda space: space.update(body))
    turn = count(2026)

    def walk(n: int) -> float:
        model = kind()
        model.many, model.start = n, chain["start"]
        model.sums, model.days = cb.Array(sums), cb.Array(days)
        model.target, model.offsets = cb.Array(target), cb.Array(offsets)
        model.closed = cb.Array([int(not onward) for onward in chain["onward"]])
        found = cb.Experiment(model, seed=next(turn)).run(workers=1, on_failure="raise")
        return float(array(found[model].total).ravel()[0]) / n

    return walk


def _bpmn(chain: Chain) -> Iterator[str]:
    """Yield the lines of the chain as BPMN: before each place a gateway that joins, behind it one that parts."""
    yield f'<definitions xmlns="{_BPMN}"><process id="chain">'
    yield '<startEvent id="begin" name="begin"/><endEvent id="end" name="end"/>'
    yield '<exclusiveGateway id="last" name="last"/>'  # prosimos has one end
    flows = [("begin", f"j{chain['start']}"), ("last", "end")]
    for place, onward in enumerate(chain["onward"]):
        yield f'<exclusiveGateway id="j{place}" name="j{place}"/>'
        if onward:
            yield f'<intermediateCatchEvent id="e{place}" name="e{place}"><timerEventDefinition/></intermediateCatchEvent>'
            yield f'<exclusiveGateway id="s{place}" name="s{place}"/>'
            flows += [(f"j{place}", f"e{place}"), (f"e{place}", f"s{place}")]
            flows += [(f"s{place}", f"j{to}") for to, _ in onward]
        else:
            flows.append((f"j{place}", "last"))
    for one, to in flows:
        yield f'<sequenceFlow id="{one}-{to}" sourceRef="{one}" targetRef="{to}"/>'
    yield "</process></definitions>"


def _settings(chain: Chain) -> dict[str, Any]:
    always = [{"from": "MONDAY", "to": "SUNDAY", "beginTime": "00:00:00", "endTime": "23:59:59.999999"}]
    fixed = {"distribution_name": "fix", "distribution_params": [{"value": 60}, {"value": 0}, {"value": 60}]}
    return {
        "resource_profiles": [],
        "resource_calendars": [{"id": "always", "name": "always", "time_periods": always}],
        "task_resource_distribution": [],
        "arrival_time_calendar": always,
        "arrival_time_distribution": fixed,
        "event_distribution": [{"event_id": f"e{place}", **fixed} for place, to in enumerate(chain["onward"]) if to],
        "gateway_branching_probabilities": [
            {
                "gateway_id": f"s{place}",
                "probabilities": [{"path_id": f"s{place}-j{to}", "value": share} for to, share in onward],
            }
            for place, onward in enumerate(chain["onward"])
            if onward
        ],
    }


_WALKS: dict[str, Callable[[Chain], Walk]] = {"cimba": cimba, "pm4py": pm4py, "prosimos": prosimos, "pydtmc": pydtmc}


def main() -> None:
    """Answer, line by line; what the library prints of itself goes to the errors."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    walk = _WALKS[sys.argv[1]](json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        begun = time.process_time()
        mean = walk(int(line))
        print(json.dumps({"mean": mean, "seconds": time.process_time() - begun}), file=answers, flush=True)


if __name__ == "__main__":
    main()
