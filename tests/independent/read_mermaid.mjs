// Reads a state diagram with mermaid's own parser. Reads {text} and writes {states, arrows} as JSON.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid cleans labels with a page at hand, and so looks for one when it is loaded.
globalThis.window = new JSDOM("").window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");

mermaid.initialize({ startOnLoad: false });
const { text } = JSON.parse(readFileSync(0, "utf8"));
await mermaid.parse(text);
const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
const arrows = diagram.db.getRelations().map(({ id1, id2 }) => [id1, id2]);
const states = [...diagram.db.getStates().keys()];
process.stdout.write(JSON.stringify({ states, arrows }));
