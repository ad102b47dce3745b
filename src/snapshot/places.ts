/** Where things of a snapshot stand in the code that makes them: kept beside the snapshot, by ARN and setting. */

/** A place in somebody's code, by the words of the tool that it is written for. */
export interface Place {
  readonly tool: "pulumi" | "terraform" | "cloudformation" | "cdk";
  /**
   * What the tool calls the resource: a Pulumi URN, a Terraform address (`module.replica.aws_kms_key.this["eu"]`), a
   * logical id, the path of a construct.
   */
  readonly address: string;
  /** What was read: the file of a template, a plan or a state. Left out: there is none. */
  readonly file?: string;
  /** Line of `file`, from 1. Left out: not known. */
  readonly line?: number;
  /** The stack that a template makes, as `<account>/<Region>/<name>`: one template may make several. */
  readonly stack?: string;
}

/** A name that only the deployment knows, and that is made up here. */
export interface GeneratedName {
  /** What the template, the app or the root calls the thing. */
  readonly address: string;
  /** The stack that makes it, as in a place; of a root of Terraform its file. */
  readonly stack: string;
}

/** What is not known of a setting, and where it would come from. */
export interface UnknownSetting {
  /** For people, after "because": `it is known only after the deployment`. */
  readonly why: string;
  /** How to make it known. */
  readonly remedy?: string | undefined;
  readonly place: Place | undefined;
  /** Whether it is to be set, so that what is there says nothing of it. Default: false. */
  readonly isPlanned?: boolean;
}

/**
 * Settings are named as in `unread` of a snapshot: `policy`, `versioning`, `replication`, `trust`; a policy of a role is
 * `policy <its name>`. The thing itself is the empty setting.
 */
export class Places {
  private readonly places = new Map<string, Place>();
  private readonly unknowns = new Map<string, UnknownSetting>();
  private readonly generated = new Map<string, GeneratedName>();

  /** Notes what makes a thing, or a setting of it. Of several, the last one counts, as it does in AWS. */
  note(arn: string, setting: string, place: Place): void {
    const key = keyOf(arn, setting);
    this.places.set(key, place);
    this.unknowns.delete(key);
  }

  /** Notes that the name or id in an ARN is made up. */
  noteGenerated(arn: string, name: GeneratedName): void {
    this.generated.set(arn, name);
  }

  /** What a text begins with that is made up, and what follows it: `/*` behind the ARN of a bucket. */
  generatedIn(text: string): { readonly name: GeneratedName; readonly rest: string } | undefined {
    for (const [arn, name] of this.generated) {
      const rest = text.slice(arn.length);
      if (text.startsWith(arn) && (rest === "" || rest.startsWith("/"))) return { name, rest };
    }
    return undefined;
  }

  /** Notes why a setting is unread. */
  noteUnknown(arn: string, setting: string, unknown: UnknownSetting): void {
    this.unknowns.set(keyOf(arn, setting), unknown);
  }

  /** What makes the setting; where nothing does, what makes the thing. Undefined where neither is known. */
  of(arn: string, setting = ""): Place | undefined {
    return this.places.get(keyOf(arn, setting)) ?? this.places.get(keyOf(arn, ""));
  }

  /** The one place that makes settings whose names begin so; undefined where there are several, or none. */
  only(arn: string, prefix: string): Place | undefined {
    const start = keyOf(arn, prefix);
    const found = [...this.places].filter(([key]) => key.startsWith(start));
    return found.length === 1 ? found[0]?.[1] : undefined;
  }

  /** Whether something makes the setting itself. */
  says(arn: string, setting: string): boolean {
    return this.places.has(keyOf(arn, setting));
  }

  /** Why a setting is not known, and how to make it known where somebody knows how. */
  explain(arn: string, setting: string): string | undefined {
    const { why, remedy } = this.unknown(arn, setting) ?? {};
    return why === undefined || remedy === undefined ? why : `${why}; ${remedy}`;
  }

  unknown(arn: string, setting: string): UnknownSetting | undefined {
    return this.unknowns.get(keyOf(arn, setting));
  }
}

function keyOf(arn: string, setting: string): string {
  return `${arn} ${setting}`;
}
