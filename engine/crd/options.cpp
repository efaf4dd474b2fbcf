// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/options.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace tiphys::crd {

std::vector<std::string> listItems(std::string_view text)
{
    std::vector<std::string> items;
    for (const std::string_view part : split(text, ',')) {
        const std::string_view item = trimmed(part);
        if (!item.empty() && std::ranges::find(items, item) == items.end())
            items.emplace_back(item);
    }
    return items;
}

std::vector<std::string> annotationItems(const object::Object &object, std::string_view annotation)
{
    return listItems(object.annotation(annotation).value_or(std::string_view()));
}

bool hasAnnotationOption(const object::Object &object, std::string_view annotation, std::string_view option)
{
    const std::vector<std::string> items = annotationItems(object, annotation);
    return std::ranges::find(items, option) != items.end();
}

std::optional<std::string> optionValue(const std::vector<std::string> &options, std::string_view key)
{
    const std::string prefix = std::string(key) + "=";
    for (const std::string &option : options) {
        if (option.starts_with(prefix))
            return option.substr(prefix.size());
    }
    return std::nullopt;
}

std::optional<bool> goBooleanOf(std::string_view text)
{
    constexpr std::array<std::string_view, 6> truths{"1", "t", "T", "true", "TRUE", "True"};
    constexpr std::array<std::string_view, 6> falsehoods{"0", "f", "F", "false", "FALSE", "False"};
    if (std::ranges::find(truths, text) != truths.end())
        return true;
    if (std::ranges::find(falsehoods, text) != falsehoods.end())
        return false;
    return std::nullopt;
}

} // namespace tiphys::crd
