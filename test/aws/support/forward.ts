/** Sends a request on to the emulator, for what stands before it and plays a part that it has not. */
import { type IncomingMessage, request as sendRequest } from "node:http";

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly content: string | Buffer;
}

export function forward(emulator: string, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { method, url = "/", headers } = incoming;
    const onward = sendRequest(new URL(url, emulator), { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        // It is sent on in one piece.
        const headers = { ...answer.headers, "transfer-encoding": undefined };
        resolve({ status: answer.statusCode ?? 500, headers, content: Buffer.concat(chunks) });
      });
    });
    onward.on("error", reject);
    onward.end(body);
  });
}
