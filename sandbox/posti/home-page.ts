import type { Books } from './books.ts';
import { seedPoints } from './points/seed.ts';
import { scansOf, statusOf } from './tracking/progress.ts';

/** What a person sees who opens the stand-in in a browser. */
export function homePage(books: Books, now: Date): string {
  const rows = books.bookings
    .slice(-15)
    .toReversed()
    .flatMap((booking) =>
      booking.parcels.map((parcel) => {
        const status = statusOf(scansOf(booking, parcel, now));
        const cells = [booking.reference ?? '', parcel.parcelNo, booking.service, booking.receiver.city, status];
        return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`;
      }),
    );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Posti stand-in</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:54rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ddd}</style>
<h1>Posti stand-in</h1>
<p>A Posti on your own machine, for trying and testing. Nothing here reaches Posti, and no label of it is valid.</p>
<p>${books.bookings.length} bookings, ${seedPoints.length} pickup points, ${books.requests.total} requests.
Its clock shows ${now.toISOString()}. <a href="/_control/books">The books</a> as JSON.</p>
<table><tr><th>Reference<th>Tracking number<th>Service<th>To<th>Status</tr>${rows.join('')}</table></html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
