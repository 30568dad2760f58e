// Becomes dist/pcheck.cjs and dist/padmin.cjs, which start the program of that name or end with 70, and dist/psaver.cjs,
// which only says whether this Node can be used, and one of these two (bin/launch.sh). An old Node has to understand it:
// the build makes ES5 of it, and puts in PROGRAM, MAIN (the program's bytes and digest) and STARTERS (digests of the two).
// biome-ignore lint/style/useNodejsImportProtocol: an old Node does not know it.
var fs = require('fs');

var DEFECT = 70;
var HELP = 'run npm run build, or install psaver again';

// Also for an end that nobody has decided, when there is nothing left to wait for.
process.exitCode = DEFECT;
try {
  requireNode();
  if (PROGRAM === 'psaver') sayWhichNode(process.argv[2], process.argv[3]);
  else start();
} catch (error) {
  fail(error.stack || error);
}

function requireNode() {
  var version = process.versions.node.split('.').map(Number);
  if (version[0] > 20 || (version[0] === 20 && version[1] >= 19)) return;
  fail(`psaver needs Node 20.19 or later, this is ${process.version} (${process.execPath})`);
}

/** `asked`: the file that is run as Node. Where that is something else, what it leads to may change unseen. */
function sayWhichNode(asked, starter) {
  var text = readText(starter);
  // Cut, it could end Node with 1, or with 0 where nothing of it is left.
  var digest = require('node:crypto').createHash('sha256').update(text, 'latin1').digest('hex');
  if (digest !== STARTERS[require('node:path').basename(starter)])
    fail(`${starter} is cut, or of another build: ${HELP}`);
  var isItself = fs.realpathSync(asked) === fs.realpathSync(process.execPath);
  fs.writeSync(1, `psaver: node ${isItself ? 'itself' : 'behind it'}\n`);
}

function start() {
  refuseCutLibraries();
  if (PROGRAM === 'pcheck') requireKoffi();
  var filename = `${__dirname}/${PROGRAM}.main.cjs`;
  var text = readText(filename);
  if (text.length !== MAIN.bytes) fail(`${filename} is cut, or of another build: ${HELP}`);
  compile(filename, text)(exports, require, module, filename, __dirname);
}

/** Before anything is done. Also for pcheck -t: it says how pcheck would end. */
function requireKoffi() {
  try {
    if (typeof require('koffi').load !== 'function') throw new Error('it is not whole');
  } catch (error) {
    fail(`koffi cannot be loaded (is psaver installed whole?): ${error.code || error.message}`);
  }
}

/** The kernel maps a library that was cut too, and SIGBUS ends who touches what is not there. */
function refuseCutLibraries() {
  var dlopen = process.dlopen;
  process.dlopen = (module, filename, flags) => {
    refuseCut(filename);
    return flags === undefined ? dlopen(module, filename) : dlopen(module, filename, flags);
  };
}

/** The table of sections is the last part of a library (elf(5)). */
function refuseCut(filename) {
  var header = Buffer.alloc(64);
  var file = fs.openSync(filename, 'r');
  fs.readSync(file, header, 0, 64, 0);
  var size = fs.fstatSync(file).size;
  fs.closeSync(file);
  var is64Bit = header[4] === 2;
  if (!is64Bit) return;
  var end = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
  if (size < end) throw new Error(`${filename} is cut`);
}

/** The function that is all of the program. */
function compile(filename, text) {
  var vm = require('node:vm');
  try {
    return new vm.Script(text, { filename, cachedData: readCode() }).runInThisContext();
  } catch (error) {
    return fail(`${filename} is spoilt (${error.message}): ${HELP}`);
  }
}

function readText(filename) {
  try {
    return fs.readFileSync(filename, 'latin1');
  } catch (error) {
    return fail(`${filename} cannot be read (${error.code}): ${HELP}`);
  }
}

/**
 * Scripts call padmin again and again, and compiling it took a third of its time: so it is started from code that the
 * build has compiled for its own Node. With any other Node, or when V8 does not take it, it is compiled from its text as
 * ever. The digest names the text: code of another one is never looked at.
 */
function readCode() {
  if (PROGRAM !== 'padmin') return undefined;
  try {
    return fs.readFileSync(`${__dirname}/padmin.${MAIN.digest}.${process.version}-${process.arch}.code`);
  } catch {
    // ENOENT: built with another Node.
    return undefined;
  }
}

function fail(reason) {
  try {
    fs.writeSync(2, `${PROGRAM}: ${reason}\n`);
  } catch {
    // EBADF, EPIPE, EAGAIN: nobody reads it; the status says it too.
  }
  process.exit(DEFECT);
}
