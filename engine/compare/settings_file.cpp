// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/settings_file.h"

#include "object/yaml.h"

namespace tiphys::compare {

using object::Value;

Expected<Value> settingsDataIn(std::string_view yaml)
{
    const Expected<Value> document = object::parseYaml(yaml);
    if (!document)
        return std::unexpected(document.error());
    if (document->isNull())
        return Value();
    if (!document->isMap())
        return failure(ErrorCode::InvalidInput, "neither a ConfigMap nor the data of one");
    if ((*document)["kind"].stringOr() == "ConfigMap")
        return (*document)["data"];
    return *document;
}

Value settingsDataWith(const Value &data, const Value &upper)
{
    if (!upper.isMap())
        return data;
    if (!data.isMap())
        return upper;
    Value merged = data;
    for (const auto &[key, value] : upper.entries())
        merged = merged.with(key, value);
    return merged;
}

} // namespace tiphys::compare
