// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/manifest_stream.h"

#include "base/text.h"
#include "object/json.h"
#include "object/text_place.h"
#include "object/utf8.h"
#include "object/yaml.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

namespace tiphys::render {

using object::Object;
using object::TextPlace;
using object::Value;

namespace {

constexpr std::size_t kGuessedFrom = 4096;
constexpr std::size_t kLeastRest = 4;
constexpr std::string_view kDecoding = "error unmarshaling JSON: while decoding JSON";

enum class Syntax { Json, Yaml };

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Where the JSON list or map at the start of \p text ends; the length of \p text where it does not.
std::size_t endOfBrackets(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (inString) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return at + 1;
        }
    }
    return text.size();
}

/// What is wrong with a JSON text, and at which byte of it.
struct JsonFault
{
    std::string message;
    std::optional<std::size_t> offset;
};

/// Takes a "json: offset N: …" error apart.
JsonFault faultOf(const Error &error)
{
    constexpr std::string_view kStart = "json: offset ";
    const std::string_view text = error.message();
    if (!text.starts_with(kStart))
        return {error.text(), std::nullopt};
    std::size_t offset = 0;
    const auto [end, problem] = std::from_chars(text.data() + kStart.size(), text.data() + text.size(), offset);
    const std::size_t colon = text.find(": ", kStart.size());
    if (problem != std::errc() || colon == std::string_view::npos)
        return {error.text(), std::nullopt};
    return {std::string(text.substr(colon + 2)), offset};
}

/// The value at the start of \p text, and how many bytes it takes.
struct JsonStart
{
    Value value;
    std::size_t size = 0;
};

std::expected<JsonStart, JsonFault> firstJsonValue(std::string_view text)
{
    const bool hasBrackets = text.starts_with('{') || text.starts_with('[');
    std::size_t size = hasBrackets ? endOfBrackets(text) : text.size();
    Expected<Value> value = object::parseJson(text.substr(0, size));
    if (value)
        return JsonStart{*std::move(value), size};
    JsonFault fault = faultOf(value.error());
    if (!hasBrackets && fault.offset && *fault.offset > 0 && fault.message.contains("after top-level value")) {
        size = *fault.offset;
        value = object::parseJson(text.substr(0, size));
        if (value)
            return JsonStart{*std::move(value), size};
        fault = faultOf(value.error());
    }
    if (fault.message == "unexpected end of JSON input")
        fault.message = "unexpected EOF";
    return std::unexpected(std::move(fault));
}

/// Where the first field of a document stands that begins at \p start.
std::size_t contentStart(std::string_view text, std::size_t start)
{
    while (start < text.size()) {
        if (isSpace(text[start]))
            ++start;
        else if (text[start] == '#')
            start = std::min(text.find('\n', start), text.size());
        else
            break;
    }
    return std::min(start, text.size());
}

/// \p value as an object; nothing for null. \p text is its JSON, "" where it was YAML.
Expected<std::optional<Object>> objectOf(const Value &value, std::string_view text, Syntax syntax)
{
    if (value.isNull())
        return std::optional<Object>();
    std::string message;
    if (!value.isMap()) {
        const std::string_view type = value.isList()     ? "array"
                                      : value.isString() ? "string"
                                      : value.isBool()   ? "bool"
                                                         : "number";
        message = "json: cannot unmarshal " + std::string(type) + " into Go value of type map[string]interface {}";
    } else if (const Object object(value); !object.kind().empty()) {
        return std::optional(object);
    } else {
        message = "Object 'Kind' is missing in '"
                  + (syntax == Syntax::Json ? std::string(text) : object::toJson(value, {.escapesHtml = true})) + "'";
    }
    Error error(ErrorCode::InvalidInput, std::move(message));
    return std::unexpected(syntax == Syntax::Json ? std::move(error) : std::move(error).in(std::string(kDecoding)));
}

/// Takes a document: its value, its text, and how it was written.
using Take = std::function<Expected<void>(const Value &value, std::string_view text, Syntax syntax)>;

class ManifestStream
{
public:
    ManifestStream(std::string_view text, std::string_view file, const Take &take)
        : m_text(text), m_file(file), m_take(take)
    {
    }

    Expected<void> run()
    {
        if (!trimmed(m_text.substr(0, kGuessedFrom)).starts_with('{'))
            return readYaml(0, std::nullopt);
        std::size_t consumed = 0;
        for (int count = 0;; ++count) {
            std::size_t start = consumed;
            while (start < m_text.size() && isSpace(m_text[start]))
                ++start;
            if (start == m_text.size())
                return {};
            Expected<std::size_t> end = readJson(start, count > 1 ? Offset::Hidden : Offset::Shown);
            if (end)
                consumed = *end;
            else if (count > 1)
                return std::unexpected(std::move(end.error()));
            else
                return readRest(consumed, std::move(end.error()));
        }
    }

private:
    enum class Offset { Shown, Hidden };

    Error placed(const Error &error, std::size_t offset) const
    {
        return object::atPlace(error, m_file, object::placeAt(m_text, offset));
    }

    /// Where the JSON value at \p start ends, once it is taken.
    Expected<std::size_t> readJson(std::size_t start, Offset offset) const
    {
        const auto first = firstJsonValue(m_text.substr(start));
        if (!first) {
            const std::size_t at = start + first.error().offset.value_or(0);
            const bool isShown =
                offset == Offset::Shown && first.error().offset && first.error().message != "unexpected EOF";
            std::string message =
                (isShown ? "json: offset " + std::to_string(at + 1) + ": " : std::string()) + first.error().message;
            return std::unexpected(placed(Error(ErrorCode::InvalidInput, std::move(message)), at));
        }
        if (const Expected<void> taken = m_take(first->value, m_text.substr(start, first->size), Syntax::Json); !taken)
            return std::unexpected(placed(taken.error(), start));
        return start + first->size;
    }

    /// What follows the JSON up to \p start is perhaps YAML; where it is none, \p fault says why it is no JSON.
    Expected<void> readRest(std::size_t start, Error fault) const
    {
        bool isLineOver = false;
        while (!isLineOver) {
            if (m_text.size() - start < kLeastRest)
                return std::unexpected(std::move(fault));
            if (!isSpace(m_text[start]))
                break;
            isLineOver = m_text[start++] == '\n';
        }
        return readYaml(start, std::move(fault));
    }

    /// \p fault is told instead of what is wrong with the first document.
    Expected<void> readYaml(std::size_t start, std::optional<Error> fault) const
    {
        for (std::size_t line = start; start < m_text.size();) {
            const std::size_t found = m_text.find('\n', line);
            const std::size_t next = found == std::string_view::npos ? m_text.size() : found + 1;
            const std::string_view content = m_text.substr(line, next - line);
            const bool isSeparator = content.starts_with("---");
            const std::string_view rest = isSeparator ? trimmed(content.substr(3)) : std::string_view();
            if (!rest.empty() && rest.front() != '#')
                return std::unexpected(fault ? *std::move(fault)
                                             : placed(Error(ErrorCode::InvalidInput,
                                                            "invalid Yaml document separator: " + std::string(rest)),
                                                      line));
            const bool isLast = !isSeparator && next == m_text.size();
            if ((isSeparator && line > start) || isLast) {
                if (Expected<void> taken = document(start, isLast ? next : line); !taken)
                    return std::unexpected(fault ? *std::move(fault) : std::move(taken.error()));
                fault.reset();
            }
            if (isSeparator || isLast)
                start = next;
            line = next;
        }
        return {};
    }

    Expected<void> document(std::size_t start, std::size_t end) const
    {
        std::string_view text = m_text.substr(start, end - start);
        std::string ended;
        if (!text.ends_with('\n')) // ends the last block scalar
            text = ended.append(text).append("\n");
        const Expected<Value> value = object::parseYaml(text);
        if (!value) {
            const std::optional<TextPlace> fault = object::yamlFaultPlace(text);
            const Error error = value.error().in("error converting YAML to JSON");
            if (!fault)
                return std::unexpected(placed(error, contentStart(m_text, start)));
            const std::size_t above = object::placeAt(m_text, start).line - 1;
            return std::unexpected(
                object::atPlace(error, m_file, {.line = above + fault->line, .column = fault->column}));
        }
        if (const Expected<void> taken = m_take(*value, {}, Syntax::Yaml); !taken)
            return std::unexpected(placed(taken.error(), contentStart(m_text, start)));
        return {};
    }

    std::string_view m_text;
    std::string_view m_file;
    const Take &m_take;
};

/// How many of the bytes at \p at, which are no character, begin one: they are replaced together.
/// Source: golang.org/x/text encoding/unicode/unicode.go (utf8Decoder)@v0.38.0
std::size_t brokenSize(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    const unsigned first = byte(0);
    if (first < 0xE0 || first > 0xF4)
        return 1;
    const unsigned least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < least || byte(1) > most)
        return 1;
    return first >= 0xF0 && byte(2) >= 0x80 && byte(2) <= 0xBF ? 3 : 2;
}

/// \p text with U+FFFD in place of what is no UTF-8.
std::string repaired(std::string_view text)
{
    std::string whole;
    whole.reserve(text.size() + 64);
    for (std::size_t at = 0; at < text.size();) {
        const object::detail::CodePoint point = object::detail::codePointAt(text, at);
        if (point.isValid)
            whole.append(text, at, point.size);
        else
            object::detail::appendUtf8(whole, 0xFFFD);
        at += point.isValid ? point.size : brokenSize(text, at);
    }
    return whole;
}

} // namespace

std::string_view utf8Text(std::string_view text, std::string &storage)
{
    using namespace std::string_view_literals;
    if (text.starts_with("\xEF\xBB\xBF"sv))
        return text.substr(3);
    const bool isLittle = text.starts_with("\xFF\xFE"sv);
    if (!isLittle && !text.starts_with("\xFE\xFF"sv)) {
        if (object::detail::isValidUtf8(text))
            return text;
        storage = repaired(text);
        return storage;
    }
    const auto unit = [&](std::size_t at) -> char32_t {
        if (at + 1 >= text.size())
            return 0xFFFD;
        const char32_t first = static_cast<unsigned char>(text[at]);
        const char32_t second = static_cast<unsigned char>(text[at + 1]);
        return isLittle ? first | (second << 8) : (first << 8) | second;
    };
    storage.clear();
    storage.reserve(text.size());
    for (std::size_t at = 2; at < text.size(); at += 2) {
        const char32_t high = unit(at);
        const bool isPair = (high & 0xFC00u) == 0xD800u && at + 3 < text.size() && (unit(at + 2) & 0xFC00u) == 0xDC00u;
        if (isPair) {
            object::detail::appendUtf8(storage, 0x10000 + ((high & 0x3FFu) << 10) + (unit(at + 2) & 0x3FFu));
            at += 2;
        } else {
            object::detail::appendUtf8(storage, high);
        }
    }
    return storage;
}

Expected<void> readManifestStream(std::string_view text, std::string_view file, std::vector<Object> &objects)
{
    const Take take = [&](const Value &value, std::string_view document, Syntax syntax) -> Expected<void> {
        Expected<std::optional<Object>> object = objectOf(value, document, syntax);
        if (!object)
            return std::unexpected(std::move(object.error()));
        if (*object)
            objects.push_back(**std::move(object));
        return {};
    };
    const Expected<void> read = ManifestStream(text, file, take).run();
    return read ? read : std::unexpected(read.error().in("failed to unmarshal manifest"));
}

Expected<std::vector<Object>> readPrintedStream(std::string_view text)
{
    std::vector<Value> values;
    const Take take = [&](const Value &value, std::string_view, Syntax) -> Expected<void> {
        values.push_back(value);
        return {};
    };
    if (const Expected<void> read = ManifestStream(text, {}, take).run(); !read)
        return std::unexpected(read.error().in("failed to unmarshal manifest"));
    std::vector<Object> objects;
    for (const Value &value : values) {
        Expected<std::optional<Object>> object = objectOf(value, {}, Syntax::Yaml);
        if (!object)
            return std::unexpected(std::move(object.error()).in("failed to unmarshal manifest"));
        if (*object)
            objects.push_back(**std::move(object));
    }
    return objects;
}

Expected<std::vector<Object>> readJsonManifest(std::string_view text, std::string_view file)
{
    const std::string shown = '"' + std::string(file.substr(file.rfind('/') + 1)) + '"';
    std::size_t start = 0;
    while (start < text.size() && isSpace(text[start]))
        ++start;
    const auto failed = [&](std::string message, std::size_t offset) {
        const Error error = Error(ErrorCode::InvalidInput, std::move(message)).in("Failed to unmarshal " + shown);
        return std::unexpected(object::atPlace(error, file, object::placeAt(text, offset)));
    };
    if (start == text.size())
        return failed("EOF", start);
    const auto first = firstJsonValue(text.substr(start));
    if (!first)
        return failed(first.error().message, start + first.error().offset.value_or(0));
    const std::string_view document = text.substr(start, first->size);
    const std::string_view rest = trimmed(text.substr(start + first->size));
    const Expected<std::optional<Object>> object = objectOf(first->value, document, Syntax::Json);
    const bool isImage =
        first->value.isMap() && first->value.contains("schemaVersion") && first->value.contains("mediaType");
    if (!object && !isImage)
        return failed(object.error().message(), start);
    if (object && !*object)
        return failed("Object 'Kind' is missing in 'null'", start);
    if (!rest.empty() && rest.front() != '}' && rest.front() != ']')
        return failure(ErrorCode::InvalidInput,
                       "Found multiple objects in " + shown + ". Only single objects are allowed in JSON files.");
    return object ? std::vector{**object} : std::vector<Object>{};
}

} // namespace tiphys::render
