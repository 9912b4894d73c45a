/** Loads a task's code from the store, each time as if for the first time: it finds nothing that an earlier action left in it. */
import Module, { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';

/** Begins code that is the body of a function. Modules are strict; no line break, for the source map counts lines. */
export const FUNCTION_MARK = '/* a function */"use strict";';

/** Finds the modules that such code requires, each by its full name: Node's own, and the engine's by file URL. */
const REQUIRED = /\brequire\("((?:node|file):[^"]+)"\)/g;

/** Node runs CommonJS by this. */
interface Compiled extends Module {
  _compile(text: string, path: string): void;
}

interface TaskFunction {
  /** Node maps the places in errors of a file to the author's lines as long as what it compiled of it itself is there. */
  readonly first: Module;
  run(): unknown;
}

const functions = new Map<string, TaskFunction>();
let loads = 0;

/** The module's default export. Rejects with whatever its code throws. */
export async function loadModule(path: string, text: string): Promise<unknown> {
  if (text.startsWith(FUNCTION_MARK)) return defaultOf(functions.get(text)?.run() ?? (await firstRun(path, text)));
  return defaultOf(await import(`${pathToFileURL(path).href}?load=${++loads}`));
}

const defaultOf = (exports: unknown): unknown => (exports as { readonly default: unknown }).default;

async function firstRun(path: string, text: string): Promise<unknown> {
  const names = [...new Set([...text.matchAll(REQUIRED)].map(([, name = '']) => name))];
  const required = new Map(await Promise.all(names.map(async (name) => [name, await import(name)] as const)));
  const require = Object.assign((name: string) => required.get(name), createRequire(path));
  const first = new Module(path) as Compiled;
  first.require = require;
  first._compile(text, path);
  const body = compileFunction(text, ['require', 'module', 'exports'], { filename: path });
  const run = () => {
    const module = { exports: {} };
    body(require, module, module.exports);
    return module.exports;
  };
  functions.set(text, { first, run });
  return first.exports;
}
