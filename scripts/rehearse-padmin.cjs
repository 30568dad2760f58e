// Runs padmin in this process, and at its end writes what V8 has compiled: MAIN CODE_FILE, then padmin's own words.
const { readFileSync, writeFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { Script } = require('node:vm');

const [node, , main, codeFile, ...words] = process.argv;
const filename = resolve(main);
const script = new Script(readFileSync(filename, 'latin1'), { filename });
process.argv = [node, filename, ...words];
// Root's pchecks are in /run: the one of the rehearsal is not.
process.getuid = () => 1;
process.on('exit', () => writeFileSync(codeFile, script.createCachedData()));
script.runInThisContext()(exports, require, module, filename, resolve('dist'));
