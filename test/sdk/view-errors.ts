import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A node of the compiler's tree, as far as it is looked at. */
interface Node {
  readonly id: number;
  readonly nodeType: string;
  readonly name?: string;
  readonly errorSelector?: string;
  readonly visibility?: string;
  readonly stateMutability?: string;
  readonly baseFunctions?: readonly number[];
  readonly referencedDeclaration?: number;
}

const DECLARATIONS = ["FunctionDefinition", "ModifierDefinition", "ErrorDefinition"];

/** All nodes below one, itself included. */
function* within(tree: unknown): Generator<Node> {
  if (typeof tree !== "object" || tree === null) return;
  if ("nodeType" in tree) yield tree as Node;
  for (const child of Object.values(tree)) yield* within(child);
}

/** True for a modifier, an error, and a function that changes nothing: a view calls no other. */
const isView = ({ nodeType, stateMutability = "" }: Node): boolean =>
  nodeType !== "FunctionDefinition" || ["view", "pure"].includes(stateMutability);

/** Every function, modifier and error of our contracts and their libraries, and by function those that override it in ours. */
function declarations(folder: string) {
  const declared = new Map<number, Node>();
  const overriders = new Map<number, number[]>();
  const roots: number[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".output.json"))) {
    const { output } = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as CompilerOutput;
    for (const [source, { ast }] of Object.entries(output.sources)) {
      if (!/^(project\/contracts|npm)\//.test(source)) continue;
      for (const node of within(ast)) {
        if (!DECLARATIONS.includes(node.nodeType) || !isView(node)) continue;
        declared.set(node.id, node);
        if (!source.startsWith("project/")) continue;
        for (const base of node.baseFunctions ?? []) overriders.set(base, [...(overriders.get(base) ?? []), node.id]);
        // Nobody reads the factory but who makes a vault.
        if (/external|public/.test(node.visibility ?? "") && !source.includes("/factory/")) roots.push(node.id);
      }
    }
  }
  return { declared, overriders, roots };
}

interface CompilerOutput {
  readonly output: { readonly sources: Readonly<Record<string, { readonly ast: unknown }>> };
}

/**
 * The custom errors that a view of our contracts can reach, through whatever views it calls, by selector.
 *
 * @param artifacts Where the compiler's output is
 */
export function errorsOfViews(artifacts: string): Map<string, string> {
  const { declared, overriders, roots } = declarations(path.join(artifacts, "build-info"));
  const reached = new Set(roots);
  // A set is walked in the order of insertion, and what is added while it is walked comes last.
  for (const id of reached) {
    for (const { referencedDeclaration = -1 } of within(declared.get(id))) {
      if (declared.has(referencedDeclaration)) reached.add(referencedDeclaration);
    }
    for (const overrider of overriders.get(id) ?? []) reached.add(overrider);
  }
  const found = [...reached].flatMap((id) => declared.get(id) ?? []);
  const errors = found.filter(({ nodeType }) => nodeType === "ErrorDefinition");
  return new Map(errors.map(({ errorSelector = "", name = "" }) => [`0x${errorSelector}`, name]));
}
