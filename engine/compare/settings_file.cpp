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
    const Error refused(ErrorCode::InvalidInput, "neither a ConfigMap nor the data of one");
    if (!document->isMap())
        return std::unexpected(refused);
    const Value kind = (*document)["kind"];
    const bool isConfigMap = kind.stringOr() == "ConfigMap" || (kind.isNull() && (*document)["data"].isMap());
    if (isConfigMap)
        return (*document)["data"];
    for (const auto &[key, value] : document->entries()) {
        if (value.isMap() || value.isList())
            return std::unexpected(refused);
    }
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
