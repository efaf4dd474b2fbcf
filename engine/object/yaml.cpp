// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml.h"

#include "object/yaml_decoder.h"
#include "object/yaml_tree.h"

#include <memory>

namespace tiphys::object {

namespace {

struct ReleaseChunk
{
    void operator()(detail::Chunk *chunk) const { detail::Chunk::release(chunk); }
};

} // namespace

Expected<Value> parseYaml(std::string_view text, const YamlOptions &options)
{
    if (text.size() >= 0xFFFFFFFFu)
        return failure(ErrorCode::LimitExceeded, "yaml: a text of 4 GiB or more cannot be read");
    const std::unique_ptr<detail::Chunk, ReleaseChunk> storage(new detail::Chunk);
    const Expected<detail::YamlNode *> root = detail::readYamlTree(text, *storage);
    if (!root)
        return std::unexpected(root.error());
    if (!*root)
        return Value();
    return detail::decodeYamlTree(**root, options);
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
