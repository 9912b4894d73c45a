/** A .wasm file as its bytes, as the engine bundles it into a task. */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** A module bundled as a script for a page, as text. */
declare module '*?script' {
  const text: string;
  export default text;
}

/** A style sheet as text. */
declare module '*.css' {
  const text: string;
  export default text;
}

declare module '*.txt' {
  const text: string;
  export default text;
}
