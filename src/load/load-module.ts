/** Loads a task's code from the store afresh each time: its variables keep nothing of an earlier action. */
import Module, { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';

/** Begins code that is a function body: strict, as modules are; no line break, for the source map counts lines. */
export const FUNCTION_MARK = '/* a function */"use strict";';

/** Finds the modules that a function's body requires by full name: Node's own, and the engine's by file URL. */
const REQUIRED = /\brequire\("((?:node|file):[^"]+)"\)/g;

/** Node's own, undocumented way to run CommonJS. */
interface Compiled extends Module {
  _compile(text: string, path: string): void;
}

interface TaskFunction {
  /** Keeps the module that Node itself compiled: without it Node does not map errors to the author's lines. */
  readonly first: Module;
  run(): unknown;
}

const functions = new Map<string, TaskFunction>();
let loads = 0;

/** Returns the module's default export. Rejects with any error that its code throws. */
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
