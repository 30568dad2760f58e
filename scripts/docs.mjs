// Writes the page of the documentation that is made of the source.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['scripts/messages.ts'],
  bundle: true,
  write: false,
  format: 'esm',
});
const { MESSAGES_PAGE, renderMessages } = await import(
  `data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`
);
writeFileSync(MESSAGES_PAGE, renderMessages());
