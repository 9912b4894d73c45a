/** Recognises answers and connection errors that bring no content. */
import { DataError } from 'groundproof/task';
import { type Answer, discard, header } from './client.ts';

export interface Problem {
  readonly failed: string;
  /** Wait that the server asks for, in ms. */
  readonly wait?: number | undefined;
}

/** Status codes of failures that may pass. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Undefined for an answer with content (200, 206) and for 416, which the caller judges by the requested range.
 *
 * @throws DataError for an answer that a second request would not change.
 */
export function answerProblem(answer: Answer, url: string): Problem | undefined {
  const { statusCode } = answer;
  if (statusCode === 416) return undefined;
  if (statusCode === 200 || statusCode === 206) {
    if (!/^text\/html\b/i.test(header(answer, 'content-type') ?? '')) return undefined;
    discard(answer);
    return { failed: 'the server sends an HTML page instead of the file' };
  }
  const wait = retryAfter(answer);
  discard(answer);
  if (TRANSIENT.has(statusCode)) return { failed: `the server answers ${statusCode}`, wait };
  throw new DataError(`${url}: the server answers ${statusCode}, expected the file; check that the address is right`);
}

/** Retry-After in ms (RFC 9110, 10.2.3): seconds, or a date, which is compared with the server's own clock. */
function retryAfter(answer: Answer): number | undefined {
  const value = header(answer, 'retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const ms = Date.parse(value) - Date.parse(header(answer, 'date') ?? '');
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Puts an error of the connection into words. */
export function connectionProblem(error: unknown): Problem {
  const { message, code, cause } = error as Error & { readonly code?: string };
  const text = message || (cause instanceof Error ? cause.message : '') || code || String(error);
  return { failed: `the connection failed (${text})` };
}
