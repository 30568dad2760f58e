// Becomes dist/padmin.cjs. Scripts call padmin again and again, and compiling it took a third of its time: so it is
// started from code that the build has compiled for its own Node. With any other Node, or when V8 does not take it, it
// is compiled from its text as ever. BUILD names the text: code of another one is never looked at.
if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`psaver needs Node 20.19 or later, this is ${process.version}\n`);
  process.exit(70);
}
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');

const filename = `${__dirname}/padmin.main.cjs`;
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData: readCode() });
script.runInThisContext()(exports, require, module, filename, __dirname);

function readCode() {
  try {
    return readFileSync(`${__dirname}/padmin.${BUILD}.${process.version}-${process.arch}.code`);
  } catch {
    // ENOENT: built with another Node.
    return undefined;
  }
}
