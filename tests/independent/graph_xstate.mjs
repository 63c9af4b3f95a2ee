// Enumerates a machine with xstate/graph. Reads {config, tells, acts, to} and writes {stages, edges, paths} as JSON.
//
// `tells` are what is told of every case; `acts` are acts, each with what it says. An act and what is told before it are
// one event of the graph: the machine itself is sent one after the other.
import { readFileSync } from "node:fs";
import { getAdjacencyMap, getSimplePaths } from "xstate/graph";
import { createActor, getNextSnapshot } from "xstate";
import { machineOf } from "./setup.mjs";

const question = JSON.parse(readFileSync(0, "utf8"));
const machine = machineOf(question.config);
const tell = (snapshot, values) =>
  Object.entries(values).reduce(
    (one, [name, value]) => getNextSnapshot(machine, one, { type: `set.${name}`, value }),
    snapshot,
  );
const start = tell(createActor(machine).getSnapshot(), question.tells);
const told = Object.fromEntries(
  Object.keys(question.config.on).map((event) => event.slice("set.".length)).map((name) => [name, start.context[name]]),
);

// The acts that some row of a stage is about, with no limit over; and with those over that run, where a row asks that.
const asks = (rows) => new Set(JSON.stringify(rows.map(({ guard }) => guard)).match(/\w+_over/g) ?? []);
const provided = Object.fromEntries(
  Object.entries(question.config.states.case.states).map(([stage, { on = {} }]) => [
    stage,
    question.acts
      .filter(({ act }) => act in on)
      .map(({ act, says }) => ({ act, says, over: asks(on[act]), leads: on[act].some(({ target }) => target && target !== stage) })),
  ]),
);
function* ways({ inside: { value, context } }, leading) {
  for (const { act, says, over, leads } of provided[value.case]) {
    if (leading && !leads) continue;
    const type = `${act} ${Object.values(says)}`;
    yield { type, act, tells: says };
    const runs = [...over].filter((name) => name === "course_over" || context[name.replace(/_over$/, "_runs")] === 1);
    const ends = Object.fromEntries(runs.map((name) => [name, 1]));
    if (runs.length > 0) yield { type: `${type} later`, act, tells: { ...says, ...ends } };
  }
}

// What was told for one act is forgotten after it.
function after(state, event) {
  const asked = tell(state.inside, event.tells);
  const [taken] = machine.getTransitionData(asked, { type: event.act });
  if (taken === undefined) return undefined;
  const reached = getNextSnapshot(machine, asked, { type: event.act });
  const differing = Object.entries(told).filter(([name, value]) => name !== "origin" && reached.context[name] !== value);
  return { inside: tell(reached, Object.fromEntries(differing)), rule: taken.meta.rule };
}

const logic = (follow) => ({
  getInitialSnapshot: () => ({ status: "active", inside: start, been: [start.value.case], rules: [] }),
  transition: (state, event) => follow(state, event) ?? state,
});
// Where the case stands, and what it keeps beside its limits: those follow from the stage, but for what opened it.
const kept = ({ inside }) =>
  JSON.stringify([inside.value, ...Object.entries(inside.context).filter(([name]) => !/_(runs|over)$/.test(name))]);

const edges = new Set();
const stages = new Set();
const everywhere = logic((state, event) => {
  const next = after(state, event);
  if (next === undefined) return undefined;
  edges.add([state.inside.value.case, next.rule, next.inside.value.case].join(" "));
  return { ...state, inside: next.inside };
});
for (const { state } of Object.values(
  getAdjacencyMap(everywhere, { events: (state) => [...ways(state, false)], serializeState: kept, limit: 1e9 }),
)) {
  stages.add(state.inside.value.case);
}

// Every act changes the stage, and no stage is come to twice.
const once = logic((state, event) => {
  const next = after(state, event);
  const stage = next?.inside.value.case;
  if (next === undefined || state.been.includes(stage)) return undefined;
  return { ...state, inside: next.inside, been: [...state.been, stage], rules: [...state.rules, next.rule] };
});
const paths = getSimplePaths(once, {
  events: (state) => (state.inside.value.case === question.to || state.rules.length === question.longest ? [] : [...ways(state, true)]),
  serializeState: (state) => state.rules.join(" "),
  toState: (state) => state.inside.value.case === question.to,
  limit: 1e9,
});
process.stdout.write(
  JSON.stringify({ stages: [...stages], edges: [...edges], paths: paths.map(({ state }) => state.rules.join(" ")) }),
);
