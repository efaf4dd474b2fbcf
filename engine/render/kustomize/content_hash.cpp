// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/content_hash.h"

#include "base/sha256.h"
#include "object/json.h"
#include "render/kustomize/document.h"
#include "render/kustomize/meta.h"

namespace tiphys::render::kustomize {

using object::Value;

namespace {

/// A member as the hash sees it: "" if absent.
Expected<Value> memberOf(const Node &resource, std::string_view name)
{
    const Node *node = field(&resource, name);
    if (!node)
        return Value("");
    if (node->isScalar())
        return Value(node->value);
    return valueOf(node);
}

} // namespace

Expected<std::string> contentHash(const Node &resource)
{
    const std::string_view kind = kindOf(resource);
    Value hashed;
    if (kind == "ConfigMap" || kind == "Secret") {
        const bool isSecret = kind == "Secret";
        const Expected<Value> data = memberOf(resource, "data");
        const Expected<Value> more = memberOf(resource, isSecret ? "stringData" : "binaryData");
        const Expected<Value> type = memberOf(resource, "type");
        for (const Expected<Value> *part : {&data, &more, &type}) {
            if (!*part)
                return std::unexpected(part->error());
        }
        hashed = Value::map({{"data", *data}, {"kind", kind}, {"name", ""}});
        if (isSecret)
            hashed = hashed.with("type", *type);
        if (more->isMap())
            hashed = hashed.with(isSecret ? "stringData" : "binaryData", *more);
    } else {
        const Expected<Value> all = valueOf(&resource);
        if (!all)
            return std::unexpected(all.error());
        hashed = *all;
    }
    std::string hash = sha256Of(object::toJson(hashed, {.escapesHtml = true})).substr(0, 10);
    for (char &c : hash) {
        constexpr std::string_view kFrom = "013ae";
        constexpr std::string_view kTo = "ghkmt";
        if (const std::size_t at = kFrom.find(c); at != std::string_view::npos)
            c = kTo[at];
    }
    return hash;
}

} // namespace tiphys::render::kustomize
