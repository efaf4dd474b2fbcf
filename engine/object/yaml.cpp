// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"

#include "object/yaml_block.h"
#include "object/yaml_decoder.h"
#include "object/yaml_tree.h"

#include <memory>
#include <optional>
#include <string>

namespace tiphys::object {

namespace {

/// \p text with line feeds for its line ends, nothing if other carriage returns are in it.
std::optional<std::string> withLineFeeds(std::string_view text)
{
    std::string plain;
    plain.reserve(text.size());
    std::size_t start = 0;
    for (std::size_t at; (at = text.find('\r', start)) != std::string_view::npos; start = at + 1) {
        if (at + 1 == text.size() || text[at + 1] != '\n')
            return std::nullopt;
        plain.append(text, start, at - start);
    }
    plain.append(text, start);
    return plain;
}

/// Simple documents, read fast; nothing for all others.
std::optional<Value> readFast(std::string_view text, const YamlOptions &options)
{
    if (text.find('\r') == std::string_view::npos)
        return detail::readBlockYaml(text, options);
    const std::optional<std::string> plain = withLineFeeds(text);
    return plain ? detail::readBlockYaml(*plain, options) : std::nullopt;
}

} // namespace

namespace detail {

Expected<Value> readFullYaml(std::string_view text, const YamlOptions &options)
{
    const ChunkHandle storage(Chunk::make());
    const Expected<YamlNode *> root = readYamlTree(text, *storage);
    if (!root)
        return std::unexpected(root.error());
    if (!*root)
        return Value();
    return decodeYamlTree(**root, options);
}

} // namespace detail

Expected<Value> parseYaml(std::string_view text, const YamlOptions &options)
{
    if (text.size() >= 0xFFFFFFFFu)
        return failure(ErrorCode::LimitExceeded, "yaml: a text of 4 GiB or more cannot be read");
    if (std::optional<Value> value = readFast(text, options))
        return std::move(*value);
    return detail::readFullYaml(text, options);
}

std::vector<std::string_view> splitYamlDocuments(std::string_view text)
{
    std::vector<std::string_view> documents;
    std::size_t start = 0;
    std::size_t line = 0;
    while (line < text.size()) {
        const std::size_t found = text.find('\n', line);
        const std::size_t end = found == std::string_view::npos ? text.size() : found;
        const std::size_t next = found == std::string_view::npos ? text.size() : found + 1;
        const std::string_view content = text.substr(line, end - line);
        if (content.starts_with("---")) {
            const std::size_t rest = content.find_first_not_of(" \t\r", 3);
            const bool isBare = rest == std::string_view::npos || content[rest] == '#';
            const bool hasContent = !isBare && rest > 3;
            if (isBare || hasContent) {
                documents.push_back(text.substr(start, line - start));
                start = isBare ? next : line;
            }
        }
        line = next;
    }
    documents.push_back(text.substr(start));
    return documents;
}

} // namespace tiphys::object
