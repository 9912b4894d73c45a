/** Shows the recording that the address names, or all of them in the table; `open` is called once for each. */
export function showOneAtATime(open: (article: HTMLElement) => void): void {
  const articles = [...document.querySelectorAll<HTMLElement>('article')];
  const opened = new Set<HTMLElement>();
  const show = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const shown = articles.find(({ id }) => id === name);
    document.documentElement.classList.toggle('one', shown !== undefined);
    for (const article of articles) article.classList.toggle('shown', article === shown);
    if (!shown) return false;
    if (!opened.has(shown)) open(shown);
    opened.add(shown);
    return true;
  };
  let leftAt = 0;
  document.addEventListener('scroll', () => {
    if (!document.documentElement.classList.contains('one')) leftAt = scrollY;
  });
  show();
  addEventListener('hashchange', () => {
    const before = leftAt;
    const one = show();
    scrollTo(0, one ? 0 : before);
    if (one) document.querySelector<HTMLElement>('article.shown h2')?.focus({ preventScroll: true });
  });
}
