import { refused, same, type CorpusFile } from './case.ts';
import { aSheet, drawing, helvetica, writePdf, type Body } from './write-pdf.ts';

const media = '/MediaBox [0 0 120 80]';
const fonts = '/Resources << /Font << /F1 5 0 R >> >>';
/** Objects: 1 catalog, 2 branch, 3 page, 4 contents, 5 font, 6 … */
const tree = (branch: string, page: string, ...more: Body[]): Uint8Array =>
  writePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< ${branch} >>`,
    `<< ${page} >>`,
    { dict: '', data: drawing('tree') },
    helvetica,
    ...more,
  ]);
const branch = '/Type /Pages /Kids [3 0 R] /Count 1';
const page = `/Type /Page /Parent 2 0 R ${media} ${fonts} /Contents 4 0 R`;
const second = (words: string): Body[] => [
  `<< /Type /Page /Parent 2 0 R ${media} ${fonts} /Contents 7 0 R >>`,
  { dict: '', data: drawing(words) },
];
const odd = (name: string, ...file: Parameters<typeof tree>) => refused('page_tree', `tree: ${name}`, tree(...file));

/** Trees of pages, and what pages inherit. */
export const trees: readonly CorpusFile[] = [
  same('tree: two pages', tree('/Type /Pages /Kids [3 0 R 6 0 R] /Count 2', page, ...second('two'))),
  same(
    'tree: branches beside pages',
    tree(
      '/Type /Pages /Kids [8 0 R 6 0 R] /Count 2',
      page.replace('2 0 R', '8 0 R'),
      ...second('beside'),
      '<< /Type /Pages /Parent 2 0 R /Kids [3 0 R] /Count 1 >>',
    ),
  ),
  same(
    'tree: an empty branch',
    tree('/Type /Pages /Kids [6 0 R 3 0 R] /Count 1', page, '<< /Type /Pages /Parent 2 0 R /Kids [] /Count 0 >>'),
  ),
  same('tree: no count', tree('/Type /Pages /Kids [3 0 R]', page)),
  same('tree: count and kids by reference', tree('/Type /Pages /Kids 6 0 R /Count 7 0 R', page, '[3 0 R]', '1')),
  same(
    'tree: types by reference',
    tree(branch.replace('/Type /Pages', '/Type 6 0 R'), page.replace('/Type /Page', '/Type 7 0 R'), '/Pages', '/Page'),
  ),
  odd('a page of another type, by reference', branch, page.replace('/Type /Page', '/Type 6 0 R'), '/Template'),
  same('tree: no types', tree('/Kids [3 0 R] /Count 1', page.replace('/Type /Page ', ''))),
  same('tree: no parent, and nothing to inherit', tree(branch, page.replace('/Parent 2 0 R', ''))),
  same('tree: resources of the branch', tree(`${branch} ${fonts}`, page.replace(fonts, ''))),
  same(
    'tree: resources on both levels',
    tree(`${branch} ${fonts}`, page.replace(fonts, '/Resources << /ProcSet [/PDF] >>')),
  ),
  same(
    'tree: resources on three levels',
    tree(
      `/Type /Pages /Kids [6 0 R] /Count 1 ${fonts}`,
      page.replace(fonts, '/Resources << >>').replace('2 0 R', '6 0 R'),
      '<< /Type /Pages /Parent 2 0 R /Kids [3 0 R] /Count 1 /Resources << /XObject << >> >> >>',
    ),
  ),
  same(
    'tree: resources by reference',
    tree(`${branch} /Resources 6 0 R`, page.replace(fonts, ''), '<< /Font 7 0 R >>', '<< /F1 5 0 R >>'),
  ),
  same('tree: no resources at all', tree(branch, page.replace(fonts, ''))),
  same(
    'tree: twelve branches, one in the other',
    writePdf([
      '<< /Type /Catalog /Pages 6 0 R >>',
      '<< /Type /Pages /Parent 17 0 R /Kids [3 0 R] /Count 1 >>',
      `<< ${page} >>`,
      { dict: '', data: drawing('deep') },
      helvetica,
      ...Array.from(
        { length: 12 },
        (_, i) =>
          `<< /Type /Pages ${i === 0 ? '' : `/Parent ${i + 5} 0 R`} /Kids [${i === 11 ? 2 : i + 7} 0 R] /Count 1 ${i === 3 ? '/Rotate 90' : ''} >>`,
      ),
    ]),
  ),
  same(
    'tree: contents of two pages are one',
    tree('/Type /Pages /Kids [3 0 R 6 0 R] /Count 2', page, page.replace('/Type', '<< /Type') + ' /Rotate 180 >>'),
  ),
  same(
    'tree: structure, threads and pieces',
    aSheet({
      catalog: '/StructTreeRoot 6 0 R /MarkInfo << /Marked true >> /Outlines 7 0 R /Lang (fi)',
      page: '/StructParents 0 /Metadata 8 0 R /PieceInfo << >> /Tabs /S /B [] /Thumb 8 0 R /LastModified (D:2026)',
      more: [
        '<< /Type /StructTreeRoot /K [] >>',
        '<< /Type /Outlines /Count 0 >>',
        { dict: '/Type /Metadata /Subtype /XML', data: '<x/>' },
      ],
      content: { dict: '', data: `/P << /MCID 0 >> BDC ${drawing('marked')} EMC` },
    }),
  ),
  odd('more pages than it says', '/Type /Pages /Kids [3 0 R 6 0 R] /Count 1', page, ...second('two')),
  odd('fewer pages than it says', '/Type /Pages /Kids [3 0 R] /Count 3', page),
  odd('the same page twice', '/Type /Pages /Kids [3 0 R 3 0 R] /Count 2', page),
  odd(
    'a circle',
    '/Type /Pages /Kids [6 0 R] /Count 1',
    page,
    '<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 1 >>',
  ),
  odd('another parent', branch, page.replace('2 0 R', '6 0 R'), '<< /Type /Pages /Kids [] /Count 0 /Rotate 90 >>'),
  odd('no parent to inherit from', `${branch} /Rotate 90`, page.replace('/Parent 2 0 R', '')),
  odd('nothing inherited', `${branch} /Rotate 90`, `${page} /Rotate null`),
  odd('a page that is no object', `/Type /Pages /Kids [<< ${page} >>] /Count 1`, page),
  odd('a page of another type', branch, page.replace('/Type /Page', '/Type /Template')),
  refused('no_page', 'tree: no page', tree('/Type /Pages /Kids [] /Count 0', page)),
  refused('damaged', 'tree: a box that is said twice', tree(branch, `${page} /MediaBox [0 0 50 50]`)),
];
