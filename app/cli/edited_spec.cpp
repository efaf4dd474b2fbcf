// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/edited_spec.h"

#include "base/text.h"
#include "object/yaml.h"

namespace tiphys::cli {

namespace {

constexpr std::string_view kProblem = "# error: ";
constexpr std::string_view kMoreProblem = "#        ";

} // namespace

std::string specText(const object::Value &spec, const std::string &name)
{
    return "# The spec of application " + name
           + ".\n# It is stored when the editor ends; an empty or unchanged text stores nothing.\n"
           + object::toYaml(spec);
}

std::string withProblem(std::string_view text, std::string_view problem)
{
    std::string result;
    for (const std::string_view line : split(trimmed(problem), '\n'))
        result += std::string(result.empty() ? kProblem : kMoreProblem) + std::string(line) + "\n";
    bool isHead = true;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        const bool isOld = isHead && (line.starts_with(kProblem) || line.starts_with(kMoreProblem));
        isHead = isOld;
        if (!isOld)
            result += text.substr(0, end == std::string_view::npos ? end : end + 1);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return result;
}

bool isEmptySpec(std::string_view text)
{
    for (const std::string_view line : split(text, '\n')) {
        const std::string_view words = trimmed(line);
        if (!words.empty() && !words.starts_with('#'))
            return false;
    }
    return true;
}

Expected<object::Value> editedSpec(std::string_view text)
{
    const Expected<object::Value> spec = object::parseYaml(text);
    if (!spec)
        return failure(ErrorCode::InvalidInput, spec.error().text());
    if (!spec->isMap())
        return failure(ErrorCode::InvalidInput, "the spec is no map");
    return spec;
}

} // namespace tiphys::cli
