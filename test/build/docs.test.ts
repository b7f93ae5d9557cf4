import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const ROOT = path.resolve(import.meta.dirname, "../..");
const DOCUMENTS = globSync(["*.md", "docs/**/*.md", "sdk/*.md", "deployments/*.md"], { cwd: ROOT }).sort();
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const isTest = (name: string): boolean => /\.(test\.ts|t\.sol)$/.test(name);

/** Everything between backquotes, code blocks apart. */
const quoted = (text: string): string[] =>
  [...text.replace(/^```.*?^```$/gms, "").matchAll(/`([^`\n]+)`/g)].map(([, name]) => name as string);

/** What a relative link leads to. */
function linked(document: string): string[] {
  const links = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  return links.filter((target) => !/^(https?:|#)/.test(target)).map((target) => target.replace(/#.*/, ""));
}

/** A test file that a document names without its folder is an integration test. */
const placeOf = (name: string): string => (name.includes("/") ? name : `test/integration/${name}`);

interface Reference {
  readonly file: string;
  /** Without one the whole file is meant. */
  readonly title?: string;
}

/** The last column of each table with the heading `test`: "`file`: title · title · `file`: …", each with a tick or without. */
function referencesIn(document: string): Reference[] {
  const tables = read(document).split(/\n(?!\|)/);
  const rows = tables.flatMap((table) => {
    const [heading, , ...body] = table.trim().split("\n");
    return heading !== undefined && /\| test \|$/.test(heading) ? body : [];
  });
  return rows.flatMap((row) => {
    const cell = row
      .replace(/\s*\|$/, "")
      .split(" | ")
      .at(-1) as string;
    let file = "";
    return cell.split(" · ").flatMap((part) => {
      const [, name, title] = part.match(/^(?:✔ )?(?:`([^`]+)`)?(?:: )?(.*)$/s) as RegExpMatchArray;
      if (name !== undefined) file = placeOf(name);
      return file === "" ? [] : [title ? { file, title } : { file }];
    });
  });
}

/** Titles of tests and groups in a file; what is filled in at run time matches anything. */
function titlesIn(file: string): RegExp[] {
  const source = read(file);
  const titles = file.endsWith(".sol")
    ? [...source.matchAll(/function test(?:Fuzz)?_?(\w+)\(/g)].map(([, name]) => name as string)
    : [...source.matchAll(/\b(?:describe|it)\(\s*(["'`])(.*?)\1,/gs)].map(([, , title]) => title as string);
  return titles.map((title) => pattern(title, /\$\{[^}]*\}/));
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9…]/g, "");
const pattern = (text: string, anything: RegExp): RegExp =>
  new RegExp(`^${text.split(anything).map(plain).join(".*")}$`);

/** True if a title is there; "…" in a reference stands for the rest. */
function isThere({ file, title }: Reference): boolean {
  if (title === undefined) return true;
  const wanted = title.replace(/ \([^)]*\)$/, "");
  return titlesIn(file).some(
    (known) => known.test(plain(wanted)) || pattern(wanted, /…/).test(known.source.slice(1, -1)),
  );
}

describe("documents", () => {
  for (const document of DOCUMENTS) {
    it(`${document} links to what is there`, () => {
      const missing = linked(document).filter((target) => !existsSync(path.join(ROOT, path.dirname(document), target)));
      expect(missing).to.deep.equal([]);
    });

    it(`${document} names files that are there`, () => {
      const names = quoted(read(document)).filter((name) =>
        /^(contracts|scripts|test|keeper|docs)\/[\w./-]+$/.test(name),
      );
      const tests = quoted(read(document)).filter((name) => isTest(name) && /^[\w./-]+$/.test(name));
      const missing = [...names, ...tests.map(placeOf)].filter((name) => !existsSync(path.join(ROOT, name)));
      expect(missing).to.deep.equal([]);
    });
  }

  for (const document of ["docs/pitfalls.md", "docs/tokens.md"]) {
    it(`${document} names tests that are there under that title`, () => {
      const references = referencesIn(document);
      const rows = read(document)
        .split("\n")
        .filter((line) => line.startsWith("| ")).length;
      expect(references.length).to.be.at.least(rows - 3);
      const missing = references.filter(
        (reference) => !existsSync(path.join(ROOT, reference.file)) || !isThere(reference),
      );
      expect(missing).to.deep.equal([]);
    });
  }

  it("docs/exits.md names the test that reads its table", () => {
    const [test] = quoted(read("docs/exits.md")).filter(isTest);
    expect(read(test as string)).to.contain("docs/exits.md");
  });
});
