// Writes the pages of the documentation that are made of the source.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { MESSAGES_PAGE, renderMessages } = await load('scripts/messages.ts');
writeFileSync(MESSAGES_PAGE, renderMessages());
const { SOURCE_MAP_PAGE, renderSourceMap } = await load('scripts/source-map.ts');
writeFileSync(SOURCE_MAP_PAGE, renderSourceMap());

async function load(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}
