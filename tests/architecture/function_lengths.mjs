/**
 * Prints the length in lines of every function in the scripts named as arguments, as JSON:
 * [{"file", "name", "line", "lines"}]. The lines of functions inside it do not count twice: each
 * line belongs to the innermost function that holds it.
 */
import { readFileSync } from "node:fs";
import { parse } from "espree";
import { KEYS } from "eslint-visitor-keys";

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

function span(node) {
  return node.loc.end.line - node.loc.start.line + 1;
}

/** Visits a node; returns how many lines the functions inside it take away from its own. */
function walk(node, found, file, name) {
  let inner = 0;
  for (const key of KEYS[node.type] ?? []) {
    for (const child of [node[key]].flat()) {
      if (child) inner += walk(child, found, file, node.id?.name ?? node.key?.name ?? name);
    }
  }
  if (!FUNCTIONS.has(node.type)) return inner;
  found.push({ file, name: node.id?.name ?? name, line: node.loc.start.line, lines: span(node) - inner });
  return span(node) > 1 ? span(node) : 0;
}

const found = [];
for (const file of process.argv.slice(2)) {
  const tree = parse(readFileSync(file, "utf8"), { ecmaVersion: 2022, sourceType: "module", loc: true });
  walk(tree, found, file, "(anonymous)");
}
console.log(JSON.stringify(found));
