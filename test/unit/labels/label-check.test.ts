import { describe, expect, test } from 'vitest';
import { checkLabel, needsALook } from '../../../src/labels/label-check.ts';
import { aSheet, objectsOf, writePdf, type Sheet } from './corpus/write-pdf.ts';
import { aLabel } from './label-files.ts';

const [a5Label, thermoLabel] = await Promise.all([aLabel(1), aLabel(1, 'thermo-225')]);
const a5 = '/MediaBox [0 0 419.53 595.28]';
const label = (sheet: Sheet = {}) => aSheet({ media: a5, ...sheet });
const doubtsAbout = (pdf: Uint8Array) => checkLabel(pdf).doubts.map(({ code }) => code);
const opens = (action: string) => label({ catalog: `/OpenAction ${action}` });
const link = (action: string) =>
  label({ page: '/Annots [6 0 R]', more: [`<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << ${action} >> >>`] });

describe('the file of a label', () => {
  test.each([
    ['as the stand-in Posti draws A5', a5Label, ['A5']],
    ['as the stand-in Posti draws 107 × 225 mm', thermoLabel, ['107x225']],
    ['whose box is inherited', label({ media: '', pages: a5 }), ['A5']],
    ['that is turned', label({ media: '/MediaBox [0 0 595.28 419.53] /Rotate 90' }), ['A5']],
    ['that lies on its side', label({ media: '/MediaBox [0 0 595.28 419.53]' }), ['A5']],
    ['whose box is shifted and swapped', label({ media: '/MediaBox [439.53 605.28 20 10]' }), ['A5']],
    [
      'that is cropped out of an A4 page',
      label({ media: '/MediaBox [0 0 595.28 841.89] /CropBox [0 0 419.53 595.28]' }),
      ['A5'],
    ],
    ['in packed objects', label({ xref: 'packed' }), ['A5']],
    ['that opens at its page', opens('[3 0 R /Fit]'), ['A5']],
    ['that opens at its page by an action', opens('<< /S /GoTo /D [3 0 R /Fit] >>'), ['A5']],
    ['with a link to a page of the web', link('/S /URI /URI (https://www.posti.fi/)'), ['A5']],
  ])('a label file %s has a size of labels, and nothing odd', (_what, pdf, sizes) => {
    expect(checkLabel(pdf)).toEqual({ sizes, doubts: [] });
  });

  test.each([
    ['that is none', Buffer.from('<html>'), 'label_damaged'],
    ['that only begins like one', Buffer.from('%PDF-1.7\n'), 'label_damaged'],
    ['that is cut off', label().subarray(0, 400), 'label_damaged'],
    [
      'without a page',
      writePdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>']),
      'label_without_page',
    ],
    ['with an empty page', label({ contents: 'null' }), 'label_without_page'],
    ['that is encrypted', label({ trailer: '/Encrypt << /Filter /Standard >>' }), 'label_encrypted'],
    ['of A4', label({ media: '/MediaBox [0 0 595.28 841.89]' }), 'label_of_other_size'],
    ['without a box', label({ media: '' }), 'label_of_other_size'],
    [
      'whose fields the viewer draws',
      label({ catalog: '/AcroForm << /Fields [] /NeedAppearances true >>' }),
      'label_not_mergeable',
    ],
    ['with a script that opens it', opens('<< /S /JavaScript /JS (app.alert\\(1\\)) >>'), 'label_with_script'],
    ['with a script by another spelling', opens('<< /#53 /Java#53cript /JS (1) >>'), 'label_with_script'],
    [
      'with a script among its names',
      label({ catalog: '/Names << /JavaScript << /Names [(a) 6 0 R] >> >>', more: ['<< /S /JavaScript /JS (1) >>'] }),
      'label_with_script',
    ],
    [
      'with a script in a packed object',
      label({ xref: 'packed', more: ['<< /S /JavaScript /JS (1) >>'] }),
      'label_with_script',
    ],
    ['that prints itself', opens('<< /S /Named /N /Print >>'), 'label_with_script'],
    [
      'that does something when its page is shown',
      label({ page: '/AA << /O << /S /Named /N /Print >> >>' }),
      'label_with_script',
    ],
    ['with an XFA form', label({ catalog: '/AcroForm << /Fields [] /XFA (x) >>' }), 'label_with_script'],
    ['that starts a program', link('/S /Launch /F (cmd.exe)'), 'label_leads_out'],
    ['with a link to a file', link('/S /URI /URI (file:///etc/passwd)'), 'label_leads_out'],
    ['with a link to a share', link('/S /URI /URI <5c5c686f73745c73>'), 'label_leads_out'],
    ['that opens another file', link('/S /GoToR /F (other.pdf)'), 'label_leads_out'],
    ['that sends its form', link('/S /SubmitForm /F (https://example.com)'), 'label_leads_out'],
    ['with a file within it', label({ catalog: '/Names << /EmbeddedFiles << /Names [] >> >>' }), 'label_carries_files'],
    [
      'with a file that an annotation carries',
      label({ page: '/Annots [6 0 R]', more: ['<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] >>'] }),
      'label_carries_files',
    ],
    ['with a dictionary that says something twice', opens('<< /S /GoTo /S /URI /D [3 0 R /Fit] >>'), 'label_ambiguous'],
    [
      'that opens a page of the web after its own',
      opens('<< /S /GoTo /D [3 0 R /Fit] /Next << /S /URI /URI (https://example.com/) >> >>'),
      'label_with_script',
    ],
    [
      'whose catalog does not say that it is one, and prints itself',
      writePdf(['<< /Pages 2 0 R /OpenAction << /S /Named /N /Print >> >>', ...objectsOf({ media: a5 }).slice(1)]),
      'label_with_script',
    ],
    [
      'whose page does not say that it is one, and does something when it is shown',
      label({ more: ['<< /AA << /O << /S /Named /N /Print >> >> >>'] }),
      'label_with_script',
    ],
    ['with a file by no name', label({ more: ['<< /EF << /F 4 0 R >> >>'] }), 'label_carries_files'],
    [
      'with a form of another file',
      label({ more: ['<< /Subtype /Form /Ref << /F (other.pdf) /Page 0 >> >>'] }),
      'label_carries_files',
    ],
    [
      'with an annotation that carries a file by a name elsewhere',
      label({ page: '/Annots [6 0 R]', more: ['<< /Subtype 7 0 R /Rect [0 0 9 9] >>', '/FileAttachment'] }),
      'label_carries_files',
    ],
    [
      'of which viewers show other pages',
      writePdf([
        ...objectsOf({ media: a5 }).slice(0, 1),
        '<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>',
        ...objectsOf({ media: a5 }).slice(2),
      ]),
      'label_not_examined',
    ],
  ] as const)('a label file with %s is reported: %s', (_what, pdf, doubt) => {
    expect(doubtsAbout(pdf)).toContain(doubt);
  });
});

test('a label of the carrier that is encrypted, or cannot be checked, needs a look', () => {
  expect([...needsALook]).toEqual(expect.arrayContaining(['label_encrypted', 'label_not_examined', 'label_ambiguous']));
});
