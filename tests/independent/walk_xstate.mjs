// Follows runs of acts on a machine of XState. Reads {config, walks} and writes {steps, disagreements} as JSON.
import { readFileSync } from "node:fs";
import { createActor, getNextSnapshot } from "xstate";
import { machineOf } from "./setup.mjs";

const MOST = 20;
const question = JSON.parse(readFileSync(0, "utf8"));
const machine = machineOf(question.config);
const start = createActor(machine).getSnapshot();
const disagreements = [];
let steps = 0;

for (const [number, walk] of question.walks.entries()) {
  let snapshot = start;
  for (const [place, [tells, act, stage, hold, changed]] of walk.entries()) {
    steps += 1;
    const expected = { ...snapshot.context, ...tells, ...changed };
    for (const [name, value] of Object.entries(tells)) {
      snapshot = getNextSnapshot(machine, snapshot, { type: `set.${name}`, value });
    }
    snapshot = getNextSnapshot(machine, snapshot, { type: act });
    const wrong = Object.keys(expected).filter(
      (name) => !name.endsWith("_over") && snapshot.context[name] !== expected[name],
    );
    if (snapshot.value.case !== stage || snapshot.value.hold !== hold || wrong.length > 0) {
      const stands = JSON.stringify(snapshot.value);
      disagreements.push(`run ${number}, act ${place} (${act}): ${stands}, not ${stage}, ${hold}; ${wrong}`);
      break;
    }
  }
  if (disagreements.length >= MOST) break;
}
process.stdout.write(JSON.stringify({ steps, disagreements }));
