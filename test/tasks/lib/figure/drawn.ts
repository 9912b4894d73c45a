import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { Spec } from 'vega';
import { expect } from 'vitest';
import { renderFigure } from '../../../../src/task/render-figure.ts';

const schema = JSON.parse(readFileSync(new URL(import.meta.resolve('vega/vega-schema.json')), 'utf8'));
const isVega = new Ajv({ strict: false, validateFormats: false }).compile(schema);

/** Renders a figure to SVG and makes the checks that every figure must pass. */
export async function drawn(spec: Spec): Promise<string> {
  expect(isVega(JSON.parse(JSON.stringify(spec))), JSON.stringify(isVega.errors?.slice(0, 3))).toBe(true);
  const figure = await renderFigure(spec);
  if (!figure.ok) throw new Error(figure.error.message);
  const { svg } = figure.value;
  expect(svg.length).toBeLessThan(300_000);
  return svg;
}

/** All text in the figure, in document order. */
export const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, content = '']) => content.replace(/<[^>]*>/g, ' ').trim());

/** Reproducible uniform random numbers between 0 and 1. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Approximately Gaussian noise of standard deviation 1. */
export function noiseOf(seed: number): () => number {
  const next = uniform(seed);
  return () =>
    next() + next() + next() + next() + next() + next() + next() + next() + next() + next() + next() + next() - 6;
}
