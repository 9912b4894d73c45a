/** A module bundled for the page, as text. */
declare module '*?script' {
  const text: string;
  export default text;
}

/** A style sheet as text. */
declare module '*.css' {
  const text: string;
  export default text;
}
