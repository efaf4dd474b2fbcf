// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/text_place.h"

#include "object/chunk.h"
#include "object/yaml.h"
#include "object/yaml_input.h"
#include "object/yaml_parser.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace tiphys::object {

namespace {

bool beginsCharacter(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
}

/// The byte that a "json: offset N" error names.
std::optional<std::size_t> jsonOffset(std::string_view message)
{
    constexpr std::string_view kStart = "json: offset ";
    const std::size_t found = message.find(kStart);
    if (found == std::string_view::npos)
        return std::nullopt;
    std::size_t offset = 0;
    const char *begin = message.data() + found + kStart.size();
    const auto [end, problem] = std::from_chars(begin, message.data() + message.size(), offset);
    return problem == std::errc() ? std::optional(offset) : std::nullopt;
}

/// The same for one document of a stream.
std::optional<TextPlace> faultIn(std::string_view document)
{
    const detail::ChunkHandle storage(detail::Chunk::make());
    const detail::YamlInput input = detail::yamlInputOf(document);
    detail::YamlParser parser(input, *storage);
    detail::YamlEvent event;
    while (parser.next(event)) {
        if (event.kind == detail::YamlEvent::Kind::StreamEnd || event.kind == detail::YamlEvent::Kind::DocumentEnd)
            return std::nullopt;
    }
    if (!parser.problem())
        return std::nullopt;
    if (parser.problem()->origin == detail::YamlProblem::Origin::Reader) // it has no mark
        return placeAt(document, std::min(input.refused, document.size()));
    const detail::YamlMark &at = parser.problem()->at;
    return TextPlace{static_cast<std::size_t>(at.line) + 1, static_cast<std::size_t>(at.column) + 1};
}

} // namespace

TextPlace placeAt(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const std::size_t lineStart = before.rfind('\n') + 1;
    return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
            static_cast<std::size_t>(std::ranges::count_if(before.substr(lineStart), beginsCharacter)) + 1};
}

std::optional<TextPlace> yamlFaultPlace(std::string_view text)
{
    for (const std::string_view document : splitYamlDocuments(text)) {
        if (std::optional<TextPlace> fault = faultIn(document)) {
            fault->line += placeAt(text, static_cast<std::size_t>(document.data() - text.data())).line - 1;
            return fault;
        }
    }
    return std::nullopt;
}

Error atPlace(const Error &error, std::string_view file, const TextPlace &place)
{
    Error placed(error.code(), error.message(),
                 std::string(file) + ':' + std::to_string(place.line) + ':' + std::to_string(place.column));
    for (const std::string &context : error.contexts())
        placed = std::move(placed).in(context);
    return placed;
}

std::string textWithPlace(const Error &error)
{
    const bool hasPlace = error.code() == ErrorCode::InvalidInput && error.reason().contains(':');
    return error.text() + (hasPlace ? " (at " + error.reason() + ")" : "");
}

Error withPlace(const Error &error, std::string_view file, std::string_view text)
{
    const std::optional<std::size_t> offset = jsonOffset(error.message());
    const std::optional<TextPlace> place = offset ? std::optional(placeAt(text, *offset)) : yamlFaultPlace(text);
    return place ? atPlace(error, file, *place) : error;
}

} // namespace tiphys::object
