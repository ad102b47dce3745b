/** All resources of a stack. */
import { PolicyResource } from "@pulumi/policy";
import { Resource, types } from "./resource";
import { Field, Unknown } from "./values";

/** The resources of a stack, grouped once, so that no rule walks through all of them for each of its own. */
export class Stack {
  private readonly byType = new Map<string, Resource[]>();
  private bucketIndex?: BucketIndex;
  private readonly groups = new Map<readonly string[], Settings>();

  constructor(readonly all: readonly PolicyResource[]) {
    for (const source of all) {
      if (!source.type.startsWith("aws:")) continue;
      const group = this.byType.get(source.type);
      if (group) group.push(new Resource(source));
      else this.byType.set(source.type, [new Resource(source)]);
    }
  }

  of(resourceTypes: readonly string[]): Resource[] {
    return resourceTypes.flatMap((type) => this.byType.get(type) ?? []);
  }

  get buckets(): readonly Resource[] {
    return this.index.buckets;
  }

  /** The bucket that a property means, by what the property came from and by its value. */
  findBucket(resource: Resource, property: string, field: Field): BucketMatch {
    return this.index.find(resource, property, field);
  }

  /** The resources of some types that each set something on a bucket, by that bucket. */
  settings(resourceTypes: readonly string[]): Settings {
    const known = this.groups.get(resourceTypes);
    if (known) return known;
    const settings = new Settings();
    for (const resource of this.of(resourceTypes)) {
      settings.add(resource, this.findBucket(resource, "bucket", resource.prop("bucket")));
    }
    this.groups.set(resourceTypes, settings);
    return settings;
  }

  private get index(): BucketIndex {
    return (this.bucketIndex ??= new BucketIndex(this.of(types.buckets)));
  }
}

/** A bucket of this stack, the name of one that is not, one that is not known yet, or no name at all. */
export type BucketMatch = { bucket: Resource } | { name: string } | { unknown: Unknown } | { missing: true };

/** Says which bucket two matches mean, so that they can be compared. */
export function bucketKey(match: BucketMatch): string | undefined {
  if ("bucket" in match) return match.bucket.urn;
  return "name" in match ? match.name : undefined;
}

/** What sets something on which bucket. */
export class Settings {
  private readonly byBucket = new Map<string, Resource[]>();
  /** The first setting whose bucket is not known yet: any bucket without a setting may be its bucket. */
  unplaced: Unknown | undefined;

  add(resource: Resource, match: BucketMatch): void {
    if ("unknown" in match) this.unplaced ??= match.unknown;
    const key = bucketKey(match);
    if (key === undefined) return;
    const found = this.byBucket.get(key);
    if (found) found.push(resource);
    else this.byBucket.set(key, [resource]);
  }

  for(bucket: Resource): readonly Resource[] {
    return this.byBucket.get(bucket.urn) ?? [];
  }
}

class BucketIndex {
  private readonly byUrn = new Map<string, Resource>();
  private readonly byName = new Map<string, Resource>();

  constructor(readonly buckets: readonly Resource[]) {
    for (const bucket of buckets) {
      this.byUrn.set(bucket.urn, bucket);
      for (const property of ["bucket", "id", "arn"]) {
        const name = bucket.prop(property).text;
        if (name !== undefined) this.byName.set(bucketName(name), bucket);
      }
    }
  }

  find(resource: Resource, property: string, field: Field): BucketMatch {
    const name = field.text === undefined ? undefined : bucketName(field.text);
    const named = name === undefined ? undefined : this.byName.get(name);
    if (named) return { bucket: named };
    const sources = resource
      .dependencies(property)
      .map(({ urn }) => this.byUrn.get(urn))
      .filter((bucket) => bucket !== undefined);
    if (name === undefined) {
      if (field.unknown === undefined) return { missing: true };
      return sources[0] && sources.length === 1 ? { bucket: sources[0] } : { unknown: field.unknown };
    }
    // A name can be built from one bucket's name and mean another ("<bucket>-logs"): then the name decides.
    const unnamed = sources.filter((bucket) => bucket.prop("bucket").text === undefined);
    return unnamed[0] && unnamed.length === 1 ? { bucket: unnamed[0] } : { name };
  }
}

/** The name of a bucket, from its name or its ARN. */
export function bucketName(nameOrArn: string): string {
  return nameOrArn.replace(/^arn:[\w-]+:s3:::/, "").replace(/\/.*$/, "");
}
