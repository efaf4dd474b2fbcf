// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/open_api_schemas.h"

#include "object/json.h"

namespace tiphys::compare {

Expected<std::map<object::Gvk, object::Value>> openApiSchemas(std::string_view document)
{
    const Expected<object::Value> parsed = object::parseJson(document);
    if (!parsed)
        return std::unexpected(parsed.error().in("OpenAPI document"));
    std::map<object::Gvk, object::Value> schemas;
    const object::Value all = parsed->path({"components", "schemas"});
    for (const auto &[name, schema] : all.entries()) {
        const object::Value kinds = schema["x-kubernetes-group-version-kind"];
        for (const object::Value &kind : kinds.items()) {
            const object::Gvk gvk{std::string(kind["group"].stringOr()), std::string(kind["version"].stringOr()),
                                  std::string(kind["kind"].stringOr())};
            // Each document also lists the kinds of all groups that DeleteOptions and WatchEvent serve.
            if (schema.path({"properties", "metadata"}).isMap())
                schemas.emplace(gvk, schema.compacted());
        }
    }
    return schemas;
}

} // namespace tiphys::compare
