/** What the provider says about itself, as far as other languages than Node.js ask for it: how it is configured. */
import { version } from "@pulumi/aws/package.json";

const TEXT = { type: "string" };

export const SCHEMA = {
  name: "aws",
  version,
  provider: {
    type: "object",
    inputProperties: {
      region: TEXT,
      allowedAccountIds: { type: "array", items: TEXT },
    },
  },
};
