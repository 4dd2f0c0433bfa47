import type { MailItem } from '../tenant/types.ts';

/** How Graph tells what a mail says: as it was written, or as text where that is preferred. */
export type BodyForm = 'text' | 'as written';

export function bodyForm(headers: Readonly<Record<string, string>>): BodyForm {
  return /(?:^|[,;\s])outlook\.body-content-type\s*=\s*"text"/i.test(headers['prefer'] ?? '') ? 'text' : 'as written';
}

export function bodyJson({ body, bodyType }: Pick<MailItem, 'body' | 'bodyType'>, form: BodyForm) {
  return bodyType === 'html' && form === 'as written'
    ? { contentType: 'html', content: body }
    : { contentType: 'text', content: textOf({ body, bodyType }) };
}

/** [belief] Links stand behind their words, in angle brackets; what is only for looks is gone. */
export function textOf({ body, bodyType }: Pick<MailItem, 'body' | 'bodyType'>): string {
  if (bodyType === 'text') return body;
  return body
    .replace(/<(style|script|head)\b[^>]*>[\s\S]*?<\/\1>/gi, '')
    .replace(/<a\b[^>]*\bhref="([^"]*)"[^>]*>([^<]*)<\/a>/gi, '$2<$1>')
    .replace(/<(?:br|\/p|\/div|\/tr)\b[^>]*>/gi, '\r\n')
    .replace(/<(?!https?:)[^>]*>/gi, '')
    .replaceAll('&nbsp;', '\u00A0')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
