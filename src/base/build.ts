/** Identifies this build of the engine. `scripts/build.mjs` defines both constants. */
declare const GROUNDPROOF_ENGINE: string | undefined;
declare const GROUNDPROOF_VERSION: string | undefined;

/** Digest of the engine's own sources: pipelines and records that another build stored are not trusted. */
export const ENGINE: string = typeof GROUNDPROOF_ENGINE === 'string' ? GROUNDPROOF_ENGINE : 'source';

export const VERSION: string = typeof GROUNDPROOF_VERSION === 'string' ? GROUNDPROOF_VERSION : '0.0.0-source';
