import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { artifacts } from "hardhat";

const FOLDER = "contracts/vault/";

interface Route {
  name: string;
  library: string;
  /** Function of the library, or undefined for the one of the call's own selector. */
  stated: string | undefined;
}

/** What the compiler's syntax tree tells of a function. */
interface FunctionNode {
  nodeType: string;
  name: string;
  functionSelector?: string;
  parameters: ParametersNode;
  returnParameters: ParametersNode;
}

interface ParametersNode {
  parameters: { typeName: { typeDescriptions: { typeString: string } } }[];
}

interface SourceNode {
  nodes: { nodeType: string; name: string; nodes: FunctionNode[] }[];
}

/** Code of the vault without comments, and without the definitions of the routes themselves. */
function sources(): string {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".sol") && file !== "VaultBase.sol");
  const code = files.map((file) => readFileSync(FOLDER + file, "utf8")).join("\n");
  return code.replace(/\/\/.*$/gm, "").replace(/\bmodifier \w+[^{]*\{[^}]*\}/g, "");
}

/** The library that a modifier such as `toQueue` hands on to. */
const LIBRARIES: Record<string, string> = { toQueue: "Queue", toQuotes: "Quotes", toNav: "Nav" };

function routesIn(code: string): Route[] {
  const routes: Route[] = [];
  for (const [, name = "", header = "", body = ""] of code.matchAll(
    /\bfunction (\w+)([^{;]*)\{((?:[^{}]|\{[^{}]*\})*)\}/g,
  )) {
    const modifier = /\b(to(?:Queue|Quotes|Nav))\b(?:\(\w+\.(\w+)\.selector\))?/.exec(header);
    if (modifier) {
      routes.push({ name, library: LIBRARIES[modifier[1] as string] as string, stated: modifier[2] });
      continue;
    }
    const call = /\b_route(?:AndUnlock)?\(address\((\w+)\), (?:msg\.sig|\w+\.(\w+)\.selector)/.exec(body);
    if (call) routes.push({ name, library: call[1] as string, stated: call[2] });
  }
  return routes;
}

interface Built {
  output: { sources: Record<string, { ast: SourceNode }> };
}

const built = new Map<string, Built>();

function outputAt(path: string): Built {
  const known = built.get(path) ?? (JSON.parse(readFileSync(path, "utf8")) as Built);
  built.set(path, known);
  return known;
}

/** External functions that stand in a contract or library itself. */
async function functionsOf(contract: string): Promise<FunctionNode[]> {
  const { buildInfoId, inputSourceName } = await artifacts.readArtifact(contract);
  const path = await artifacts.getBuildInfoOutputPath(buildInfoId as string);
  const source = outputAt(path as string).output.sources[inputSourceName as string];
  const definition = source?.ast.nodes.find((node) => node.nodeType === "ContractDefinition" && node.name === contract);
  return (definition?.nodes ?? []).filter(({ functionSelector }) => functionSelector !== undefined);
}

const PARTS = ["HedgeVault", "Redemptions", "Deposits", "Exits", "Fees"];
const typesOf = ({ parameters }: ParametersNode) =>
  parameters.map(({ typeName }) => typeName.typeDescriptions.typeString);
const shapeOf = (node: FunctionNode | undefined) => node && [typesOf(node.parameters), typesOf(node.returnParameters)];

describe("calls that the vault hands on as they come", () => {
  const routes = routesIn(sources());

  it("are all found in the source", () => {
    const code = sources();
    // Besides those of functions: where `_askQuotes` names its library.
    const used = code.match(/\bto(Queue|Quotes|Nav)\b|\b_route(AndUnlock)?\(/g) ?? [];
    expect(used).to.have.length(routes.length);
    expect(routes.length).to.be.greaterThan(20);
    expect(new Set(Object.values(LIBRARIES))).to.deep.equal(new Set(["Queue", "Quotes", "Nav"]));
    for (const modifier of code.match(/\bto[A-Z]\w+(?=\s*(returns|\{|\())/g) ?? []) {
      if (/^to(Shares|Assets|Uint|Int)/.test(modifier)) continue;
      expect(LIBRARIES, modifier).to.have.property(modifier);
    }
  });

  for (const { name, library, stated } of routes) {
    it(`${name} finds ${library}.${stated ?? name}, of the same types`, async () => {
      const all = (await Promise.all(PARTS.map(functionsOf))).flat().filter((each) => each.name === name);
      const theirs = (await functionsOf(library)).filter((each) => each.name === (stated ?? name));
      expect(theirs).to.have.length(1);
      // One of a name is routed; `deposit` and the like have several.
      const own = all.filter((each) => String(shapeOf(each)) === String(shapeOf(theirs[0])));
      expect(own, name).to.have.length(1);
      expect(shapeOf(own[0])).to.deep.equal(shapeOf(theirs[0]));
      // A library's selector differs where a struct is among the arguments: then it must be stated.
      if (stated === undefined) expect(own[0]?.functionSelector).to.equal(theirs[0]?.functionSelector);
    });
  }
});
