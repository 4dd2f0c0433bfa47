import { useEffect, useRef, useState } from 'react';
import type { RecordRow } from '../shapes.ts';
import { rowsAfter } from './ask.ts';

/** All rows of the record that the server has, fetched as they come. */
export function useRows(entries: number): readonly RecordRow[] {
  const [rows, setRows] = useState<readonly RecordRow[]>([]);
  const isBusy = useRef(false);
  useEffect(() => {
    if (isBusy.current || rows.length >= entries) return;
    isBusy.current = true;
    rowsAfter(rows.length)
      .then((news) => setRows((before) => [...before, ...news]))
      .catch(() => undefined)
      .finally(() => {
        isBusy.current = false;
      });
  }, [entries, rows.length]);
  return rows;
}
