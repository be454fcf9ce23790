export { renderMarkdown } from '../../activities/evidence/page/markdown.ts';
export { renderPage } from '../../activities/evidence/page/page.ts';
