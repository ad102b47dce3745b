/** What a change of properties does to a resource, as the provider tells the engine. */
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { typeOf } from "./resourceTypes";
import { canonical, type Properties, sameDocument } from "./values";

/** Property by property; documents that say the same are the same. */
export function difference(
  olds: Properties,
  news: Properties,
  type: string,
  ignored: readonly string[] = [],
): proto.DiffResponse {
  const { documents = [], replaceOn } = typeOf(type);
  const response = new proto.DiffResponse();
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
    .filter((key) => !key.startsWith("__") && !ignored.includes(key))
    .filter((key) =>
      documents.includes(key)
        ? !sameDocument(olds[key], news[key])
        : canonical(olds[key] ?? null) !== canonical(news[key] ?? null),
    );
  const replaces = changed.filter((key) => replaceOn.includes(key));
  response.setChanges(
    changed.length > 0 ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList(changed);
  response.setReplacesList(replaces);
  // Names are unique: of two with the same name the old one goes first.
  response.setDeletebeforereplace(replaces.length > 0);
  response.setHasdetaileddiff(true);
  for (const key of changed) {
    const detail = new proto.PropertyDiff();
    detail.setInputdiff(true);
    detail.setKind(kindOfChange(key in olds, key in news, replaces.includes(key)));
    response.getDetaileddiffMap().set(key, detail);
  }
  return response;
}

function kindOfChange(wasThere: boolean, isThere: boolean, replaces: boolean): proto.PropertyDiff.Kind {
  const { Kind } = proto.PropertyDiff;
  if (!wasThere) return replaces ? Kind.ADD_REPLACE : Kind.ADD;
  if (!isThere) return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}
