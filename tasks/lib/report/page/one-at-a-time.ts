/** Shows the recording that the URL's hash names, or else the table; calls `open` when a recording is first shown. */
export function showOneAtATime(open: (article: HTMLElement) => void): void {
  const articles = [...document.querySelectorAll<HTMLElement>('article')];
  const opened = new Set<HTMLElement>();
  const show = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const current = articles.find(({ id }) => id === name);
    document.documentElement.classList.toggle('one', current !== undefined);
    for (const article of articles) article.classList.toggle('shown', article === current);
    if (!current) return false;
    if (!opened.has(current)) open(current);
    opened.add(current);
    return true;
  };
  let leftAt = 0;
  document.addEventListener('scroll', () => {
    if (!document.documentElement.classList.contains('one')) leftAt = scrollY;
  });
  show();
  addEventListener('hashchange', () => {
    const before = leftAt;
    const isRecording = show();
    scrollTo(0, isRecording ? 0 : before);
    if (isRecording) document.querySelector<HTMLElement>('article.shown h2')?.focus({ preventScroll: true });
  });
}
