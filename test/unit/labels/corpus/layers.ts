import { refused, same, type CorpusFile } from './case.ts';
import { aSheet, type Sheet } from './write-pdf.ts';

const layered =
  '/OC /L1 BDC 0 g 30 30 20 40 re f EMC /OC /L2 BDC 0.5 g 60 30 20 40 re f EMC BT /F1 9 Tf 10 12 Td (always) Tj ET';
/** Two layers, objects 6 and 7. */
const file = (name: string, config: string, more: Sheet = {}): Uint8Array =>
  aSheet({
    words: name,
    resources: '/Properties << /L1 6 0 R /L2 7 0 R >>',
    content: { dict: '', data: layered },
    more: ['<< /Type /OCG /Name (Layer) >>', '<< /Type /OCG /Name (Layer) >>'],
    catalog: `/OCProperties << /OCGs [6 0 R 7 0 R] /D << ${config} >> >>`,
    ...more,
  });
const layer = (name: string, config: string, more?: Sheet) => same(`layers: ${name}`, file(name, config, more));
const doubtful = (name: string, config: string, more?: Sheet) =>
  refused('layers', `layers: ${name}`, file(name, config, more));
const two = ['<< /Type /OCG /Name (Layer) >>', '<< /Type /OCG /Name (Layer) >>'] as const;
const membership = (entries: string): Sheet => ({
  resources: '/Properties << /L1 8 0 R /L2 7 0 R >>',
  more: [...two, `<< /Type /OCMD ${entries} >>`],
});

/** Optional content. Several files have layers of the same names in other states. */
export const layers: readonly CorpusFile[] = [
  layer('both on', ''),
  layer('the first off', '/OFF [6 0 R]'),
  layer('the second off', '/OFF [7 0 R]'),
  layer('both off', '/OFF [6 0 R 7 0 R]'),
  layer('off unless on', '/BaseState /OFF /ON [7 0 R]'),
  layer('all off by their base', '/BaseState /OFF'),
  layer('off unless on, by reference', '/BaseState 8 0 R /ON [7 0 R]', { more: [...two, '/OFF'] }),
  layer('for viewing, by reference', '/Intent 8 0 R /OFF [6 0 R]', { more: [...two, '/View'] }),
  layer('on and off', '/ON [6 0 R] /OFF [6 0 R]'),
  layer('unchanged', '/BaseState /Unchanged /OFF [7 0 R]'),
  layer(
    'in an order and locked',
    '/OFF [6 0 R] /Order [6 0 R [(Group) 7 0 R]] /Locked [6 0 R] /RBGroups [[6 0 R 7 0 R]]',
  ),
  layer('for viewing', '/Intent /View /OFF [6 0 R]'),
  layer('one that is a design', '/OFF [7 0 R]', { more: [two[0], '<< /Type /OCG /Name (Plan) /Intent /Design >>'] }),
  layer('by their use', '/AS [<< /Event /View /OCGs [6 0 R 7 0 R] /Category [/View] >>]', {
    more: [
      '<< /Type /OCG /Name (Screen) /Usage << /View << /ViewState /ON >> /Print << /PrintState /OFF >> >> >>',
      '<< /Type /OCG /Name (Paper) /Usage << /View << /ViewState /OFF >> /Print << /PrintState /ON >> >> >>',
    ],
  }),
  layer('one of several off', '/OFF [6 0 R]', membership('/OCGs [6 0 R 7 0 R] /P /AllOn')),
  layer('shown where all are off', '/OFF [6 0 R 7 0 R]', membership('/OCGs [6 0 R 7 0 R] /P /AllOff')),
  layer('shown where one is off', '/OFF [6 0 R]', membership('/OCGs [6 0 R] /P /AnyOff')),
  layer('by an expression', '/OFF [6 0 R]', membership('/VE [/And [/Not 6 0 R] 7 0 R]')),
  layer('a form', '/OFF [6 0 R]', {
    resources: '/XObject << /X1 8 0 R /X2 9 0 R >>',
    content: { dict: '', data: '/X1 Do /X2 Do' },
    more: [
      ...two,
      { dict: '/Type /XObject /Subtype /Form /BBox [0 0 120 80] /OC 6 0 R', data: '0 g 30 30 20 40 re f' },
      { dict: '/Type /XObject /Subtype /Form /BBox [0 0 120 80] /OC 7 0 R', data: '0.5 g 60 30 20 40 re f' },
    ],
  }),
  layer('a picture', '/OFF [6 0 R]', {
    resources: '/XObject << /X1 8 0 R >>',
    content: { dict: '', data: '0.5 g 60 30 20 40 re f q 50 0 0 50 10 10 cm /X1 Do Q' },
    more: [
      ...two,
      {
        dict: '/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray /OC 6 0 R',
        data: '\x00\xff\x80\x40',
      },
    ],
  }),
  layer('an annotation', '/OFF [6 0 R]', {
    page: '/Annots [8 0 R]',
    more: [
      ...two,
      '<< /Type /Annot /Subtype /Stamp /Rect [10 10 60 60] /F 4 /OC 6 0 R /AP << /N 9 0 R >> >>',
      { dict: '/Type /XObject /Subtype /Form /BBox [0 0 50 50]', data: '0 g 0 0 50 50 re f' },
    ],
  }),
  layer('other states without a meaning', '/OFF [6 0 R]', {
    catalog:
      '/OCProperties << /OCGs [6 0 R 7 0 R] /D << /OFF [6 0 R] >> /Configs [<< /Name (Other) /OFF [7 0 R] >>] >>',
  }),
  doubtful('other states for viewing', '', {
    catalog:
      '/OCProperties << /OCGs [6 0 R 7 0 R] /D << /OFF [6 0 R] >> /Configs [<< /Intent /View /OFF [7 0 R] >>] >>',
  }),
  doubtful('for designing', '/Intent /Design /OFF [6 0 R]'),
  doubtful('for designing, by reference', '/Intent 8 0 R /OFF [6 0 R]', { more: [...two, '/Design'] }),
  doubtful('for several uses, by reference', '/Intent 8 0 R /OFF [6 0 R]', { more: [...two, '[/View /Design]'] }),
  doubtful('one that no list names', '', { catalog: '/OCProperties << /OCGs [6 0 R] /D << >> >>' }),
  doubtful('one off that no list names', '', { catalog: '/OCProperties << /OCGs [6 0 R] /D << /OFF [7 0 R] >> >>' }),
  doubtful('without a list', '', { catalog: '' }),
  doubtful('without a state', '', { catalog: '/OCProperties << /OCGs [6 0 R 7 0 R] >>' }),
];
