// docs/reference/source-map.md, made of the first comment of each file of src. docs.mjs writes it, a test compares it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const SOURCE_MAP_PAGE = 'docs/reference/source-map.md';

export function renderSourceMap(): string {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name}`);
  const folders = [...new Set(files.map((file) => dirname(file)))].sort();
  return [HEAD, ...folders.map((folder) => renderFolder(folder, files))].join('\n');
}

const HEAD = `<!-- Made by \`npm run docs\` from the first comment of each file: change it there. -->

# The files of the source
`;

function renderFolder(folder: string, files: readonly string[]): string {
  const lines = files
    .filter((file) => dirname(file) === folder)
    .sort()
    .map((file) => `- \`${file.slice(folder.length + 1)}\`: ${firstComment(file)}`);
  return `## ${folder}\n\n${lines.join('\n')}\n`;
}

/** All lines of the comment at the top, as one. */
function firstComment(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
}
