// docs/specification.md and docs/proofs.md as data: which rows and rules there are, and which tests prove them.
import { readFileSync } from 'node:fs';

export const SPECIFICATION = 'docs/specification.md';
export const PROOFS = 'docs/proofs.md';

/** A row of a table, a numbered rule, or a paragraph or bullet that begins with a bold word. */
export type Rule = {
  /** The heading that it stands under, without numbers of sections: `PARAM`, `3. Which process is meant`. */
  readonly section: string;
  /** What it is called: `IPCKEY`, `4.2 Death`, `Trust`. */
  readonly key: string;
  /** Its first line as it is written. */
  readonly text: string;
};

export type Proof = {
  readonly section: string;
  readonly key: string;
  /** What of the rule is proven: the words before the tests. */
  readonly claim: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  /** The branch of work that a proof is still expected from. */
  readonly todo: string | undefined;
};

export function readRules(): Rule[] {
  const rules: Rule[] = [];
  for (const { section, line } of linesOf(SPECIFICATION)) {
    const key = ruleKey(section, line);
    if (key !== undefined) rules.push({ section, key, text: line });
  }
  return rules;
}

/** `- **KEY**` begins what is said of a rule, each line `  - claim: `file` “title” …` below it is a proof. */
export function readProofs(): Proof[] {
  const proofs: Proof[] = [];
  let key = '';
  for (const { section, line } of linesOf(PROOFS)) {
    const [, began] = /^- \*\*(.+)\*\*$/.exec(line) ?? [];
    if (began !== undefined) key = withoutCode(began);
    const [, claim] = /^ {2}- (.*)$/.exec(line) ?? [];
    if (claim !== undefined) proofs.push({ section, key, ...readClaim(claim) });
  }
  return proofs;
}

function readClaim(text: string): Pick<Proof, 'claim' | 'tests' | 'todo'> {
  const found = [...text.matchAll(/`(test\/[^`]+)` “([^”]+)”/g)];
  return {
    claim: text.split(/: (?=`test\/|TODO:)/)[0] ?? '',
    tests: found.map(([, file = '', title = '']) => ({ file, title })),
    todo: /TODO:(\w+)/.exec(text)?.[1],
  };
}

/** Each line with the nearest heading before it; code blocks are left out. */
export function linesOf(path: string): { section: string; line: string }[] {
  let section = '';
  let isCode = false;
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) isCode = !isCode;
      const [, heading] = isCode ? [] : (/^##+ (.*)$/.exec(line) ?? []);
      if (heading !== undefined) section = heading;
      return isCode ? [] : [{ section, line }];
    });
}

function ruleKey(section: string, line: string): string | undefined {
  const [, cell] = /^\| (.+?) +\|/.exec(line) ?? [];
  if (cell !== undefined) {
    const [, row] = /^(.*) \[(?:C|X|C\/X)\]$/.exec(cell) ?? [];
    return row === undefined ? undefined : withoutCode(row);
  }
  const [, number, lead] = /^(?:(\d+)\. |- )?\*\*([^*]+?)\.?\*\*/.exec(line) ?? [];
  if (lead === undefined) return undefined;
  return number === undefined ? lead : `${section.split('.')[0]}.${number} ${lead}`;
}

function withoutCode(text: string): string {
  return text.replaceAll('`', '');
}
