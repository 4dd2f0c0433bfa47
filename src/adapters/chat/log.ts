/** As much of a log as an adapter of a chat writes. */
export interface AdapterLog {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
