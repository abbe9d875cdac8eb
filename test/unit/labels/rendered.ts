import { createCanvas } from '@napi-rs/canvas';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** A page as a renderer draws it. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Draws all pages of a file. */
export type Renderer = (pdf: Uint8Array, dotsPerInch: number) => Promise<Picture[]>;

export interface Renderers {
  /** Chrome's. */
  readonly pdfium: Renderer;
  /** Firefox's. */
  readonly pdfjs: Renderer;
  close(): void;
}

/** Two that share no code: what both draw alike, other viewers and printers most likely do, too. */
export async function startRenderers(): Promise<Renderers> {
  const library = await PDFiumLibrary.init();
  return {
    async pdfium(pdf, dotsPerInch) {
      const document = await library.loadDocument(pdf);
      try {
        const pictures: Picture[] = [];
        for (const page of document.pages()) {
          const { width, height, data } = await page.render({
            scale: dotsPerInch / 72,
            render: 'bitmap',
            renderFormFields: true,
          });
          pictures.push({ width, height, pixels: data });
        }
        return pictures;
      } finally {
        document.destroy();
      }
    },
    async pdfjs(pdf, dotsPerInch) {
      const loading = getDocument({
        data: new Uint8Array(pdf),
        ...{ verbosity: VerbosityLevel.ERRORS, useSystemFonts: false, disableFontFace: true, isEvalSupported: false },
        standardFontDataUrl: new URL('../../../node_modules/pdfjs-dist/standard_fonts/', import.meta.url).pathname,
      });
      const document = await loading.promise;
      try {
        const pictures: Picture[] = [];
        for (let n = 1; n <= document.numPages; n++) {
          const page = await document.getPage(n);
          const viewport = page.getViewport({ scale: dotsPerInch / 72 });
          const canvas = createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height));
          const context = canvas.getContext('2d');
          // Its types are the browser's, which a server does not have.
          await page.render({ canvas: null, canvasContext: context as never, viewport }).promise;
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          pictures.push({ width: canvas.width, height: canvas.height, pixels: new Uint8Array(data.buffer) });
        }
        return pictures;
      } finally {
        await loading.destroy();
      }
    },
    close: () => library.destroy(),
  };
}
