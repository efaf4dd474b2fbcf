// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_fault.h"

#include "object/text_place.h"
#include "object/yaml.h"

namespace tiphys::object {

std::optional<Error> yamlFault(std::string_view text, std::string_view file)
{
    for (const std::string_view document : splitYamlDocuments(text)) {
        if (const Expected<Value> read = parseYaml(document); !read)
            return withPlace(read.error(), file, text);
    }
    return std::nullopt;
}

} // namespace tiphys::object
