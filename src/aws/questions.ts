/** Questions to AWS: a bounded number at once, and every one that was not answered is kept with what it takes. */
import pLimit from "p-limit";
import type { AwsAccount } from "./account";
import { describe, isAbsent, isRefused } from "./failures";
import { Unread } from "../snapshot/unread";

/** More than this at once, and IAM and KMS throttle. */
const QUESTIONS_AT_ONCE = 8;

/** What is asked for: the permission that it takes, and the ARN that it is asked about. */
export interface Question {
  readonly account: AwsAccount;
  /** IAM action, such as `s3:GetBucketPolicy`. */
  readonly action: string;
  readonly resource: string;
}

/** A question that AWS did not answer. */
export interface Unanswered {
  /** ARN of who asked. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  /** True: the caller lacks the action. False: AWS failed, or did not answer in time. */
  readonly refused: boolean;
  /** AWS's own words. */
  readonly reason: string;
}

type Send<T> = (options: { readonly abortSignal?: AbortSignal }) => Promise<T>;

export class Questions {
  readonly unanswered: Unanswered[] = [];
  private readonly limit = pLimit(QUESTIONS_AT_ONCE);

  /** @param signal Ends every question that is still open. */
  constructor(readonly signal?: AbortSignal) {}

  /** @returns AWS's answer; undefined where there is no such thing; Unread where AWS does not answer. */
  async ask<T>({ account, action, resource }: Question, send: Send<T>): Promise<T | undefined | Unread> {
    try {
      return await this.limit(() => {
        this.signal?.throwIfAborted();
        return send(this.signal === undefined ? {} : { abortSignal: this.signal });
      });
    } catch (error) {
      if (this.signal?.aborted === true) throw error;
      const refused = isRefused(error);
      if (!refused && isAbsent(error)) return undefined;
      return this.unread({ caller: account.callerArn, action, resource, refused, reason: describe(error) });
    }
  }

  /** Keeps a question that there was no use in asking. */
  unread(unanswered: Unanswered): Unread {
    const same = ({ caller, action, resource }: Unanswered) =>
      caller === unanswered.caller && action === unanswered.action && resource === unanswered.resource;
    if (!this.unanswered.some(same)) this.unanswered.push(unanswered);
    return new Unread(`${unanswered.action} was not answered`);
  }
}

/** Everything on all pages. */
export async function allOf<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}
