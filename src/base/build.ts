/** What this build of the engine is. Both are set by the build. */
declare const GROUNDPROOF_ENGINE: string | undefined;
declare const GROUNDPROOF_VERSION: string | undefined;

/** A digest of the engine's own sources, so that no plan or record kept by another build is trusted. */
export const ENGINE: string = typeof GROUNDPROOF_ENGINE === 'string' ? GROUNDPROOF_ENGINE : 'source';

export const VERSION: string = typeof GROUNDPROOF_VERSION === 'string' ? GROUNDPROOF_VERSION : '0.0.0-source';
