/**
 * Renders a Vega spec to SVG and PNG: the same bytes in every process and after any other figure.
 * Nothing of the machine enters: no system fonts, no canvas, no network, no files.
 */
import { readFileSync } from 'node:fs';
import type { Spec } from 'vega';
import { err, ok, type Result } from '../base/result.ts';
import { fontFilesFor, regular, semiBold } from './font-files.ts';
import { textWidths } from './font-metrics.ts';
import { encodePng } from './png.ts';

export interface Figure {
  readonly svg: string;
  /** Twice the size of the SVG, on white. */
  readonly png: Uint8Array;
}

export interface FigureProblem {
  /** `invalid-spec`: Vega refuses it. `warned`: Vega would draw something, but not as intended. */
  readonly kind: 'invalid-spec' | 'warned';
  readonly message: string;
}

type Vega = typeof import('vega') & {
  setRandom(random: () => number): void;
  randomLCG(seed: number): () => number;
  /** Public, but missing from the typings; meant to be replaced if there is no canvas. */
  readonly textMetrics: { width(item: TextItem, text: unknown): number };
};

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: number | string;
  /** Vega itself cuts the text to this width, and measures it again to do so. */
  readonly limit?: number;
}

/** In pixels: a mark far outside stretches a figure until its PNG takes all memory. */
const SIDE_LIMIT = 8192;

/** Renders a spec. If Vega logs an error or a warning, that is the problem's message. */
export async function renderFigure(spec: Spec): Promise<Result<Figure, FigureProblem>> {
  const svg = await inTurn(() => renderSvg(spec));
  return svg.ok ? ok({ svg: svg.value, png: await renderPng(svg.value) }) : svg;
}

/**
 * Renders a spec as SVG, for a page with several figures.
 *
 * @throws Error if Vega would log an error or a warning
 */
export async function figureSvg(spec: Spec): Promise<string> {
  const svg = await inTurn(() => renderSvg(spec));
  if (!svg.ok) throw new Error(svg.error.message);
  return svg.value;
}

let last: Promise<unknown> = Promise.resolve();

/** Runs the work of several callers in sequence: Vega numbers clips and gradients by a counter of the process. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}

async function renderSvg(spec: Spec): Promise<Result<string, FigureProblem>> {
  const vega = await loadVega();
  const schema = String((spec as { readonly $schema?: unknown } | null)?.$schema ?? '');
  if (schema.includes('vega-lite')) {
    return err({ kind: 'invalid-spec', message: `a Vega spec was expected, found Vega-Lite (${schema})` });
  }
  const logged: string[] = [];
  const view = await attempt(async () => {
    const options = { renderer: 'none', loader: refusingLoader(logged), logger: collectingLogger(logged) } as const;
    const unrun = new vega.View(vega.parse(spec), options as unknown as ConstructorParameters<Vega['View']>[1]);
    return unrun.runAsync();
  });
  if (!view.ok) return view;
  vega.resetSVGDefIds();
  const svg = await attempt(() => view.value.toSVG());
  view.value.finalize();
  if (!svg.ok) return svg;
  const broken = / (?:d|transform|x|y|width|height|x2|y2)="[^"]*(?:NaN|Infinity|undefined)[^"]*"/.exec(svg.value);
  if (broken !== null) logged.push(`a mark has a coordinate that is no number:${broken[0].slice(0, 120)}`);
  const [width = 0, height = 0] = /^<svg [^>]*viewBox="0 0 (\S+) (\S+)"/.exec(svg.value)?.slice(1).map(Number) ?? [];
  if (Math.max(width, height) > SIDE_LIMIT) {
    logged.push(`the figure is ${width} x ${height} pixels, more than ${SIDE_LIMIT} on a side (a mark far outside?)`);
  }
  return logged.length === 0 ? svg : err({ kind: 'warned', message: logged.join('; ') });
}

async function attempt<T>(work: () => Promise<T>): Promise<Result<T, FigureProblem>> {
  try {
    return ok(await work());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return err({ kind: 'invalid-spec', message: `Vega cannot draw this spec: ${reason}` });
  }
}

/** Loads Vega on first use (230 ms), and makes it measure text by the font that will be drawn. */
async function loadVega(): Promise<Vega> {
  const vega = (await import('vega')) as unknown as Vega;
  vega.textMetrics.width = measure;
  vega.setRandom(vega.randomLCG(1));
  return vega;
}

let widths: { regular: (text: string) => number; semiBold: (text: string) => number } | undefined;

function measure(item: TextItem, text: unknown): number {
  widths ??= { regular: textWidths(readFileSync(regular)), semiBold: textWidths(readFileSync(semiBold)) };
  const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600;
  const width = (bold ? widths.semiBold : widths.regular)(text === null || text === undefined ? '' : String(text));
  return width * (item.fontSize ?? 11);
}

/** Refuses to fetch, read or link to anything: data belongs in the spec. */
function refusingLoader(logged: string[]) {
  const refuse = async (uri: string, { context }: { readonly context?: string } = {}) => {
    const message = `figures load nothing, put the data into the spec (asked for ${uri})`;
    if (!logged.includes(message)) logged.push(message);
    // Vega leaves a refused link's rejection unhandled, which would end the process.
    if (context === 'href') return { href: '' };
    throw new Error(message);
  };
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse };
}

function collectingLogger(logged: string[]) {
  const logger = {
    level: () => logger,
    error: (...parts: unknown[]) => note(parts),
    warn: (...parts: unknown[]) => note(parts),
    info: () => logger,
    debug: () => logger,
  };
  const note = (parts: unknown[]) => {
    logged.push(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' '));
    return logger;
  };
  return logger;
}

async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const family = 'Inter';
  const font = {
    loadSystemFonts: false,
    fontFiles: fontFilesFor(svg),
    defaultFontFamily: family,
    serifFamily: family,
    sansSerifFamily: family,
    monospaceFamily: family,
  };
  const resvg = new Resvg(svg, { font, background: 'white', fitTo: { mode: 'zoom', value: 2 }, logLevel: 'off' });
  const image = resvg.render();
  return encodePng({ width: image.width, height: image.height, rgba: image.pixels });
}
