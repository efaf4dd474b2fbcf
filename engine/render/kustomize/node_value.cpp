// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/builder.h"
#include "object/number_text.h"
#include "object/yaml_words.h"
#include "render/kustomize/document.h"
#include "render/kustomize/folded_scalar.h"
#include "render/kustomize/scalar.h"

#include <cmath>
#include <optional>

namespace tiphys::render::kustomize {

using object::Value;

namespace {

constexpr int kDeepest = 1'100;

/// Whether go-yaml writes the text as a block that it then refuses to read: kustomize reads what it wrote.
bool isUnreadableBlock(const Node &node)
{
    const bool isBlock = node.style == Style::Literal || node.style == Style::Folded
                         || (node.style == Style::Plain && node.value.contains('\n'));
    return isBlock && node.value.starts_with('\t') && allowsBlock(node.value);
}

/// Whether go-yaml quotes the plain text between braces or brackets, which makes text of a null and of a time of day.
bool isQuotedInFlow(const Node &node)
{
    const bool isPlain = node.style == Style::Plain && !node.isTagged;
    return isPlain && (node.value.empty() || node.value.contains(':'))
           && (node.tag == Tag::None || meaningOf(node.value).tag == node.tag);
}

/// Writes nodes into one value.
class Writer
{
public:
    explicit Writer(object::Builder &builder) : m_builder(builder) {}

    bool write(const Node &node, int depth, bool isInFlow)
    {
        if (depth > kDeepest)
            return fail(ErrorCode::LimitExceeded, "nested deeper than 1000 levels");
        switch (node.kind) {
        case Kind::Scalar: return scalar(node, isInFlow);
        case Kind::Map: return map(node, depth, isInFlow || node.isFlow);
        case Kind::List:
            m_builder.beginList();
            for (const Node *item : node.content()) {
                if (!write(*item, depth + 1, isInFlow || node.isFlow))
                    return false;
            }
            m_builder.endList();
            return true;
        case Kind::None: m_builder.null(); return true;
        }
        return true;
    }

    const std::optional<Error> &error() const { return m_error; }

private:
    bool fail(ErrorCode code, std::string text)
    {
        m_error = Error(code, std::move(text));
        return false;
    }

    bool scalar(const Node &node, bool isInFlow)
    {
        if (isInFlow && (node.tag == Tag::String || isQuotedInFlow(node))) {
            m_builder.string(node.value);
            return true;
        }
        if (node.tag == Tag::String) {
            if (isUnreadableBlock(node))
                return fail(ErrorCode::InvalidInput,
                            "a block of text begins with a tab: yaml: found a tab character where an "
                            "indentation space is expected");
            m_builder.string(node.style == Style::Folded ? std::string_view(textAfterFolding(node.value)) : node.value);
            return true;
        }
        if (node.tag == Tag::Binary)
            return binary(node);
        const Expected<Meaning> meaning = writtenMeaning(node);
        if (!meaning) {
            m_error = meaning.error();
            return false;
        }
        switch (meaning->tag) {
        case Tag::Null: m_builder.null(); return true;
        case Tag::Bool: m_builder.boolean(meaning->boolean); return true;
        case Tag::Int:
            if (meaning->isUnsigned)
                m_builder.unsignedInteger(meaning->unsignedInteger);
            else
                m_builder.integer(meaning->integer);
            return true;
        case Tag::Float: return number(meaning->number);
        case Tag::Timestamp: m_builder.string(timestampText(node.value)); return true;
        default: m_builder.string(node.value); return true;
        }
    }

    bool binary(const Node &node)
    {
        std::string bytes;
        if (!object::detail::decodeBase64(node.value, bytes))
            return fail(ErrorCode::InvalidInput, "yaml: !!binary value contains invalid base64 data");
        m_builder.string(bytes);
        return true;
    }

    /// Floats are written as JSON and read as YAML: integral ones become integers.
    bool number(double value)
    {
        if (std::isinf(value) || std::isnan(value))
            return fail(ErrorCode::InvalidInput, std::string("json: unsupported value: ")
                                                     + (std::isnan(value) ? "NaN"
                                                        : value > 0       ? "+Inf"
                                                                          : "-Inf"));
        std::string text;
        object::detail::appendJsonNumber(text, value);
        const Meaning meaning = meaningOf(text);
        if (meaning.tag == Tag::Int && meaning.isUnsigned)
            m_builder.unsignedInteger(meaning.unsignedInteger);
        else if (meaning.tag == Tag::Int)
            m_builder.integer(meaning.integer);
        else
            m_builder.number(value);
        return true;
    }

    bool map(const Node &node, int depth, bool isInFlow)
    {
        m_builder.beginMap();
        for (std::uint32_t i = 0; i + 1 < node.size; i += 2) {
            const Node &key = *node.items[i];
            if (key.tag != Tag::String) {
                const Expected<Meaning> meaning = writtenMeaning(key);
                const bool isText = meaning && key.isScalar()
                                    && (meaning->tag == Tag::String || meaning->tag == Tag::Merge || depth == 0);
                if (!isText)
                    return fail(ErrorCode::InvalidInput, "json: unsupported type: map[interface {}]interface {}");
            }
            m_builder.key(key.value);
            if (!write(*node.items[i + 1], depth + 1, isInFlow))
                return false;
        }
        if (const auto twice = m_builder.endMap())
            return fail(ErrorCode::InvalidInput,
                        "yaml: unmarshal errors:\n  mapping key \"" + std::string(*twice) + "\" already defined");
        return true;
    }

    object::Builder &m_builder;
    std::optional<Error> m_error;
};

} // namespace

Expected<Value> valueOf(const Node *node)
{
    if (!node)
        return Value();
    object::Builder builder;
    Writer writer(builder);
    if (!writer.write(*node, 0, false)) {
        Error error = *writer.error();
        // Everything that was begun must be closed before the builder goes.
        return std::unexpected(std::move(error));
    }
    return builder.finish();
}

namespace {

Node *numberNode(Arena &arena, const Value &value, Numbers numbers)
{
    std::string text;
    if (numbers == Numbers::Floats)
        object::detail::appendShortest(text, *value.asNumber());
    else if (const auto integer = value.asInt())
        text = std::to_string(*integer);
    else if (const auto large = value.asUint())
        text = std::to_string(*large);
    else
        object::detail::appendJsonNumber(text, *value.asNumber());
    Node *node = arena.scalar(text);
    node->tag = meaningOf(text).tag;
    return node;
}

Node *textNode(Arena &arena, std::string_view text)
{
    Node *node = arena.string(text);
    if (node->style == Style::Plain && (meaningOf(text).tag != Tag::String || isNonStringText(text)))
        node->style = Style::DoubleQuoted;
    return node;
}

Node *wordNode(Arena &arena, std::string_view word, Tag tag)
{
    Node *node = arena.scalar(word);
    node->tag = tag;
    return node;
}

} // namespace

Node *nodeOf(Arena &arena, const Value &value, Numbers numbers)
{
    switch (value.type()) {
    case object::Type::Map: {
        Node *node = arena.map();
        node->tag = Tag::Map;
        for (const auto &[key, child] : value.entries()) {
            // Quoted where it must be: a merge takes over the style of a key, not its tag.
            arena.append(*node, textNode(arena, key));
            arena.append(*node, nodeOf(arena, child, numbers));
        }
        return node;
    }
    case object::Type::List: {
        Node *node = arena.list();
        node->tag = Tag::List;
        for (const Value &item : value.items())
            arena.append(*node, nodeOf(arena, item, numbers));
        return node;
    }
    case object::Type::String: return textNode(arena, *value.asString());
    case object::Type::Null: return wordNode(arena, "null", Tag::Null);
    case object::Type::Bool: return wordNode(arena, value.boolOr(false) ? "true" : "false", Tag::Bool);
    case object::Type::Int:
    case object::Type::Uint:
    case object::Type::Double: break;
    }
    return numberNode(arena, value, numbers);
}

} // namespace tiphys::render::kustomize
