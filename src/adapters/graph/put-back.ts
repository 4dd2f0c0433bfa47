import { type MarkChange, markChange } from '../../core/action/marks.ts';
import type { Target } from '../../core/find/plan.ts';
import type { Effect, EffectAnswer, PutBackOrder } from '../../ports/effects.ts';
import { query } from '../microsoft/client.ts';
import { isGraphId } from '../microsoft/ids.ts';
import { effectOf, type InnerReply, mailboxProblem, targetProblem } from './answer.ts';
import type { InnerRequest } from './batch.ts';
import { messagePath, move } from './requests.ts';
import { marksOf, STATE_FIELDS, WireMessage } from './wire.ts';

type Send = (target: Target, request: InnerRequest) => Promise<InnerReply>;

/**
 * Moves it, looks, and sets the marks that differ: steps of their own, because Graph takes no batch in which some requests
 * wait for others and some do not. Whoever is cut off in between is told by the next look what is left to do.
 */
export async function putBackOne(send: Send, order: PutBackOrder): Promise<Effect> {
  const target = { mailbox: order.mailbox, message: order.message };
  const problem = targetProblem(target) ?? (isGraphId(order.folderId) ? null : 'not a folder id');
  if (problem !== null) return { target, requestId: '', status: 'refused', why: 'failed', detail: problem };
  const moved = order.moved ? null : await moveBack(send, target, order.folderId);
  const first = moved && effectOf(moved);
  if (first && first.status !== 'done') return { target, requestId: moved.requestId, ...first };
  const { requestId, ...answer } = await setMarks(send, target, order);
  return { target, requestId: moved?.requestId ?? requestId, ...answer };
}

async function moveBack(send: Send, target: Target, folderId: string): Promise<InnerReply> {
  const reply = await send(target, move(target, folderId));
  const isGone = reply.kind === 'answer' && reply.status === 404 && !mailboxProblem(reply.code);
  // A missing message and a missing folder answer alike; in the Inbox only a missing message still fails.
  return isGone ? send(target, move(target, 'inbox')) : reply;
}

type Marked = { readonly requestId: string } & EffectAnswer;

async function setMarks(send: Send, target: Target, order: PutBackOrder): Promise<Marked> {
  const path = `${messagePath(target)}${query({ $select: STATE_FIELDS })}`;
  const look = await send(target, { operation: 'read', method: 'GET', path });
  const seen = look.kind === 'answer' && look.status === 200 ? WireMessage.safeParse(look.body).data : undefined;
  if (!seen) return { requestId: look.requestId, ...unsure(effectOf(look)) };
  const change = markChange(order, marksOf(seen));
  if (!change) return { requestId: look.requestId, status: 'done' };
  const request: InnerRequest = { operation: 'mark', method: 'PATCH', path: messagePath(target), body: bodyOf(change) };
  const reply = await send(target, request);
  const answer = effectOf(reply);
  return { requestId: reply.requestId, ...(answer.status === 'done' ? answer : unsure(answer)) };
}

/** Moved but not marked is never `throttled` or `absent`: something was done, and only a new reading tells what. */
function unsure(answer: EffectAnswer): EffectAnswer {
  const why =
    'detail' in answer ? answer.detail : answer.status === 'done' ? 'the answer has an unknown shape' : 'throttled';
  const detail = `moved back, but read state and marks are not confirmed: ${why}`;
  const isRefused = answer.status === 'refused' && (answer.why === 'failed' || answer.why === 'denied');
  return isRefused ? { status: 'refused', why: 'failed', detail } : { status: 'unknown', detail };
}

/** A flag always whole: its status alone may lose its dates, and a due date is refused without a start. */
function bodyOf({ isRead, flag, categories }: MarkChange) {
  return { isRead, flag: flag && flagBody(flag), categories };
}

function flagBody({ status, dates }: NonNullable<MarkChange['flag']>) {
  if (dates === undefined || status === 'notFlagged') return { flagStatus: status };
  const { start, due, completed } = dates ?? {};
  return {
    flagStatus: status,
    startDateTime: start ?? due ?? null,
    dueDateTime: due ?? null,
    completedDateTime: completed,
  };
}
