// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_decoder.h"

#include "object/builder.h"
#include "object/number_text.h"
#include "object/utf8.h"
#include "object/yaml_scalar.h"
#include "object/yaml_words.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace tiphys::object::detail {

namespace {

using Kind = YamlScalar::Kind;
using NodeKind = YamlNode::Kind;

constexpr std::size_t kDeepestDocument = 10'000;
constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";
/// Marks keys that JSON cannot have until the whole document is read; no text of a document starts with it.
constexpr std::string_view kBadKey = "\xFF\xFE";

std::string shortTag(std::string_view tag)
{
    return tag.starts_with(kTagPrefix) ? "!!" + std::string(tag.substr(kTagPrefix.size())) : std::string(tag);
}

std::string_view tagName(Kind kind)
{
    switch (kind) {
    case Kind::String: return "str";
    case Kind::Null: return "null";
    case Kind::Bool: return "bool";
    case Kind::Int:
    case Kind::Uint: return "int";
    case Kind::Double: return "float";
    case Kind::Timestamp: return "timestamp";
    case Kind::Merge: return "merge";
    }
    return "str";
}

/// Share of decoding that aliases may cause: 99% for small documents, falling to 10% for large ones.
double allowedAliasShare(std::size_t decoded)
{
    constexpr double kLow = 400'000;
    constexpr double kHigh = 4'000'000;
    const auto count = static_cast<double>(decoded);
    if (count <= kLow)
        return 0.99;
    if (count >= kHigh)
        return 0.10;
    return 0.99 - 0.89 * (count - kLow) / (kHigh - kLow);
}

class Decoder
{
public:
    explicit Decoder(const YamlOptions &options) : m_options(options) {}

    Expected<Value> decode(YamlNode &root)
    {
        bool ok = value(root);
        while (ok && !m_frames.empty())
            ok = step();
        if (!ok)
            return std::unexpected(std::move(*m_error));
        if (!m_duplicates.empty())
            return failure(ErrorCode::InvalidInput, "yaml: unmarshal errors:" + m_duplicates);
        const Value result = m_builder.finish();
        if (m_hasBadKey && !checkKeys(result))
            return std::unexpected(std::move(*m_error));
        if (m_hasBadNumber && !checkNumbers(result))
            return std::unexpected(std::move(*m_error));
        return result;
    }

private:
    enum class Mode : std::uint8_t { List, Map, Merge, MergeList };
    struct Frame
    {
        Mode mode;
        YamlNode *next = nullptr;   ///< the child to decode next
        YamlNode *alias = nullptr;  ///< closed with the frame
        std::size_t mergesFrom = 0; ///< MergeList: where its maps start in m_merges
        std::size_t keys = 0;       ///< Map, Merge: index of the seen keys
    };

    bool fail(std::string text, ErrorCode code = ErrorCode::InvalidInput)
    {
        m_error = Error(code, std::move(text));
        return false;
    }

    bool count()
    {
        ++m_decoded;
        if (m_aliasDepth > 0)
            ++m_aliased;
        const bool isExcessive =
            m_aliased > 100 && m_decoded > 1000
            && static_cast<double>(m_aliased) / static_cast<double>(m_decoded) > allowedAliasShare(m_decoded);
        return !isExcessive || fail("yaml: document contains excessive aliasing", ErrorCode::LimitExceeded);
    }

    /// Follows an alias: \p node becomes its target, \p alias what closeAlias needs.
    bool follow(YamlNode *&node, YamlNode *&alias)
    {
        if (!count())
            return false;
        if (node->kind != NodeKind::Alias)
            return true;
        alias = node;
        if (alias->isOpen)
            return fail("yaml: anchor '" + std::string(alias->text) + "' value contains itself");
        alias->isOpen = true;
        ++m_aliasDepth;
        node = alias->target;
        return count();
    }
    void closeAlias(YamlNode *alias)
    {
        if (!alias)
            return;
        alias->isOpen = false;
        --m_aliasDepth;
    }

    bool push(const Frame &frame)
    {
        if (m_frames.size() >= kDeepestDocument)
            return fail("yaml: nested deeper than 10000 levels", ErrorCode::LimitExceeded);
        m_frames.push_back(frame);
        return true;
    }

    bool value(YamlNode &written)
    {
        YamlNode *node = &written;
        YamlNode *alias = nullptr;
        if (!follow(node, alias))
            return false;
        switch (node->kind) {
        case NodeKind::Scalar: {
            const bool ok = scalar(*node);
            closeAlias(alias);
            return ok;
        }
        case NodeKind::Sequence:
            m_builder.beginList();
            return push({.mode = Mode::List, .next = node->firstChild, .alias = alias});
        case NodeKind::Mapping:
            m_builder.beginMap();
            if (m_options.duplicateKeys == DuplicateKeys::Refused)
                m_seenKeys.emplace_back();
            return push({.mode = Mode::Map, .next = node->firstChild, .alias = alias, .keys = m_seenKeys.size()});
        case NodeKind::Alias: break;
        }
        return false;
    }

    bool step()
    {
        Frame &frame = m_frames.back();
        if (frame.mode == Mode::MergeList) {
            if (m_merges.size() == frame.mergesFrom)
                return pop();
            YamlNode *map = m_merges.back();
            m_merges.pop_back();
            return mergeMap(*map, frame.keys);
        }
        YamlNode *child = frame.next;
        if (!child)
            return pop();
        if (frame.mode == Mode::List) {
            frame.next = child->nextSibling;
            return value(*child);
        }
        YamlNode *held = child->nextSibling;
        frame.next = held->nextSibling;
        return isMergeKey(*child) ? merge(*held, frame.keys) : entry(*child, *held, frame.keys);
    }

    bool pop()
    {
        const Frame frame = m_frames.back();
        m_frames.pop_back();
        closeAlias(frame.alias);
        if (!m_laterDuplicates.empty() && m_laterDuplicates.back().first == m_frames.size()) {
            m_duplicates += m_laterDuplicates.back().second;
            m_laterDuplicates.pop_back();
        }
        if (frame.mode == Mode::List) {
            m_builder.endList();
        } else if (frame.mode == Mode::Map) {
            m_builder.endMap();
            if (m_options.duplicateKeys == DuplicateKeys::Refused)
                m_seenKeys.pop_back();
        }
        return true;
    }

    static bool isMergeKey(const YamlNode &node)
    {
        return node.kind == NodeKind::Scalar && node.text == "<<"
               && (node.isImplicit || node.tag == "tag:yaml.org,2002:merge");
    }

    bool merge(YamlNode &node, std::size_t keys)
    {
        if (node.kind == NodeKind::Sequence) {
            const std::size_t from = m_merges.size();
            for (YamlNode *item = node.firstChild; item; item = item->nextSibling)
                m_merges.push_back(item);
            return push({.mode = Mode::MergeList, .mergesFrom = from, .keys = keys});
        }
        return mergeMap(node, keys);
    }

    bool mergeMap(YamlNode &written, std::size_t keys)
    {
        YamlNode *node = &written;
        const NodeKind kind = node->kind == NodeKind::Alias ? node->target->kind : node->kind;
        if (kind != NodeKind::Mapping)
            return fail("yaml: map merge requires map or sequence of maps as the value");
        YamlNode *alias = nullptr;
        return follow(node, alias)
               && push({.mode = Mode::Merge, .next = node->firstChild, .alias = alias, .keys = keys});
    }

    bool entry(YamlNode &writtenKey, YamlNode &held, std::size_t keys)
    {
        YamlNode *node = &writtenKey;
        YamlNode *alias = nullptr;
        if (!follow(node, alias))
            return false;
        if (node->kind != NodeKind::Scalar)
            return refuseKey(*node);
        closeAlias(alias);
        std::string text;
        if (!keyText(*node, text))
            return false;
        m_builder.key(text);
        if (keys == 0 || m_seenKeys[keys - 1].insert(text).second)
            return value(held);
        std::string duplicate =
            "\n  line " + std::to_string(held.line + 1) + ": key " + goSyntax(*node) + " already set in map";
        // go-yaml notices it after the value, whose own duplicates come first.
        const std::size_t depth = m_frames.size();
        if (!value(held))
            return false;
        if (m_frames.size() > depth)
            m_laterDuplicates.emplace_back(depth, std::move(duplicate));
        else
            m_duplicates += duplicate;
        return true;
    }

    /// A list or map as key is refused, but only after what else may be wrong in it.
    bool refuseKey(YamlNode &node)
    {
        Decoder key(m_options);
        key.m_decoded = m_decoded;
        key.m_aliased = m_aliased;
        key.m_aliasDepth = m_aliasDepth;
        --key.m_decoded;
        bool ok = key.value(node);
        while (ok && !key.m_frames.empty())
            ok = key.step();
        m_error = std::move(key.m_error);
        return ok ? fail("yaml: invalid map key: " + goSyntax(node)) : false;
    }

    bool keyText(const YamlNode &node, std::string &text)
    {
        YamlScalar scalar;
        std::string decoded;
        if (!resolve(node, scalar, decoded))
            return false;
        switch (scalar.kind) {
        case Kind::Null: text = std::string(kBadKey) + "null"; break;
        case Kind::Uint: text = std::string(kBadKey) + std::to_string(scalar.unsignedInteger); break;
        case Kind::Bool: text = scalar.boolean ? "true" : "false"; return true;
        case Kind::Int: text = std::to_string(scalar.integer); return true;
        case Kind::Double: appendShortest(text, scalar.number, FloatWidth::Single); return true;
        case Kind::String:
        case Kind::Timestamp:
        case Kind::Merge: text = std::move(decoded); return true;
        }
        m_hasBadKey = true;
        return true;
    }

    bool scalar(const YamlNode &node)
    {
        if (node.tag.empty() && (!node.isImplicit || (!node.text.empty() && startsYamlString(node.text[0])))) {
            m_builder.string(node.text);
            return true;
        }
        YamlScalar scalar;
        std::string decoded;
        if (!resolve(node, scalar, decoded))
            return false;
        switch (scalar.kind) {
        case Kind::Null: m_builder.null(); break;
        case Kind::Bool: m_builder.boolean(scalar.boolean); break;
        case Kind::Int: m_builder.integer(scalar.integer); break;
        case Kind::Uint: m_builder.unsignedInteger(scalar.unsignedInteger); break;
        case Kind::Double:
            m_hasBadNumber = m_hasBadNumber || !std::isfinite(scalar.number);
            if (m_options.wholeFloats == WholeFloats::Doubles)
                m_builder.number(scalar.number);
            else
                addYamlNumber(m_builder, scalar.number);
            break;
        case Kind::String:
        case Kind::Timestamp:
        case Kind::Merge: m_builder.string(decoded); break;
        }
        return true;
    }

    /// The type of a scalar; \p text is its text if it is one.
    bool resolve(const YamlNode &node, YamlScalar &scalar, std::string &text)
    {
        text = node.text;
        std::string_view tag = node.tag;
        if (tag.empty() && !node.isImplicit)
            return true;
        if (tag == "tag:yaml.org,2002:binary")
            return decodeBase64(node.text, text) || fail("yaml: !!binary value contains invalid base64 data");
        constexpr std::string_view kResolvable[] = {"bool", "int", "float", "null", "timestamp"};
        const bool hasPrefix = tag.starts_with(kTagPrefix);
        const std::string_view name = hasPrefix ? tag.substr(kTagPrefix.size()) : tag;
        const bool isResolvable =
            tag.empty() || (hasPrefix && std::ranges::find(kResolvable, name) != std::end(kResolvable));
        if (!isResolvable)
            return true;
        scalar = resolveYamlScalar(node.text, tag.empty() || name == "timestamp" ? YamlTimestamps::Recognised
                                                                                 : YamlTimestamps::Ignored);
        if (tag.empty() || tagName(scalar.kind) == name)
            return true;
        if (name == "float" && scalar.kind == Kind::Int) {
            scalar = {.kind = Kind::Double, .number = static_cast<double>(scalar.integer)};
            return true;
        }
        return fail("yaml: cannot decode !!" + std::string(tagName(scalar.kind)) + " `" + std::string(node.text)
                    + "` as a " + shortTag(tag));
    }

    bool checkKeys(const Value &value)
    {
        for (const auto &[key, held] : value.entries()) {
            if (key.starts_with(kBadKey)) {
                const std::string_view rest = key.substr(kBadKey.size());
                if (rest == "null")
                    return fail("unsupported map key of type: %!s(<nil>), key: <nil>, value: " + goSyntax(held));
                return fail("unsupported map key of type: uint64, key: 0x" + hexText(rest)
                            + ", value: " + goSyntax(held));
            }
            if (!checkKeys(held))
                return false;
        }
        for (const Value &item : value.items()) {
            if (!checkKeys(item))
                return false;
        }
        return true;
    }

    bool checkNumbers(const Value &value)
    {
        if (value.type() == Type::Double && !std::isfinite(*value.asNumber())) {
            const double number = *value.asNumber();
            return fail(std::string("json: unsupported value: ")
                        + (std::isnan(number) ? "NaN"
                           : number > 0       ? "+Inf"
                                              : "-Inf"));
        }
        for (const auto &[key, held] : value.sortedEntries()) {
            if (!checkNumbers(held))
                return false;
        }
        for (const Value &item : value.items()) {
            if (!checkNumbers(item))
                return false;
        }
        return true;
    }

    const YamlOptions m_options;
    Builder m_builder;
    std::vector<Frame> m_frames;
    std::vector<YamlNode *> m_merges;
    std::vector<std::set<std::string>> m_seenKeys;
    std::string m_duplicates;
    std::vector<std::pair<std::size_t, std::string>> m_laterDuplicates; ///< by depth of the map's frame
    std::size_t m_decoded = 0;
    std::size_t m_aliased = 0;
    std::size_t m_aliasDepth = 0;
    bool m_hasBadKey = false;
    bool m_hasBadNumber = false;
    std::optional<Error> m_error;
};

} // namespace

Expected<Value> decodeYamlTree(YamlNode &root, const YamlOptions &options)
{
    return Decoder(options).decode(root);
}

} // namespace tiphys::object::detail
