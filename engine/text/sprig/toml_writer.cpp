// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/toml_writer.h"

#include "text/gotemplate/float_text.h"
#include "text/sprig/go_json.h"
#include "text/sprig/go_layout.h"
#include "text/sprig/time_value.h"

#include <cmath>
#include <vector>

namespace tiphys::text::sprig {

namespace {

constexpr int kDepthLimit = 500;

/// What a value is in TOML.
enum class TomlKind { None, Plain, Table, List, TableList };

using Keys = std::vector<std::string>;

std::string quotedToml(std::string_view text)
{
    static constexpr char kHex[] = "0123456789abcdef";
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const std::string_view escapes = "\"\"\\\\\bb\tt\nn\ff\rr";
        const std::size_t at = escapes.find(c);
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (byte < 0x20 && at != std::string_view::npos) {
            quoted += '\\';
            quoted += escapes[at + 1];
        } else if (byte < 0x20 || byte == 0x7F) {
            quoted += "\\u00";
            quoted += kHex[byte >> 4];
            quoted += kHex[byte & 15];
        } else {
            quoted += c;
        }
    }
    return quoted + "\"";
}

std::string keyText(std::string_view key)
{
    for (const char c : key) {
        const bool isBare =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!isBare)
            return quotedToml(key);
    }
    return key.empty() ? "\"\"" : std::string(key);
}

std::string pathText(const Keys &keys)
{
    std::string text;
    for (const std::string &key : keys) {
        if (!text.empty())
            text += '.';
        text += keyText(key);
    }
    return text;
}

bool isNilValue(const TemplateValue &value)
{
    return value.isNil() || (value.isNilOfItsType() && value.kind() != Kind::Func);
}

/// The text of values that say themselves how they are written (encoding.TextMarshaler), versions for instance.
const JsonMethods *marshaler(const TemplateValue &value)
{
    return value.isNil() ? nullptr : dynamic_cast<const JsonMethods *>(value.type().methods);
}

/// Members of a map or fields of a struct.
std::vector<std::pair<std::string, TemplateValue>> membersOf(const TemplateValue &value)
{
    std::vector<std::pair<std::string, TemplateValue>> members;
    if (value.isMap()) {
        for (const MapEntry &entry : value.entries())
            members.emplace_back(entry.key.text(), entry.value);
    } else if (value.type().methods) {
        for (const auto &[name, field] : value.type().methods->fields(value))
            members.emplace_back(name, field);
    }
    return members;
}

class TomlWriter
{
public:
    TemplateExpected<TomlText> write(const TemplateValue &value)
    {
        if (value.isNil())
            return templateError("reflect: call of reflect.Value.Type on zero Value");
        encode({}, value);
        if (!m_panic.empty())
            return templateError(m_panic);
        return TomlText{std::move(m_out), std::move(m_refusal)};
    }

private:
    bool isStopped() const { return !m_refusal.empty() || !m_panic.empty(); }
    void refuse(std::string words)
    {
        if (!isStopped())
            m_refusal = std::move(words);
    }

    TomlKind kindOf(const TemplateValue &value)
    {
        if (isNilValue(value))
            return TomlKind::None;
        if (marshaler(value))
            return TomlKind::Plain;
        switch (value.kind()) {
        case Kind::Map:
        case Kind::Struct:
        case Kind::Pointer: return TomlKind::Table;
        case Kind::Slice: return isTableList(value) ? TomlKind::TableList : TomlKind::List;
        case Kind::Func:
        case Kind::Complex128:
        case Kind::Uintptr: refuse("unsupported type: " + std::string(kindName(value.kind()))); return TomlKind::None;
        default: return TomlKind::Plain;
        }
    }

    bool isTableList(const TemplateValue &list)
    {
        bool result = list.size() > 0;
        for (std::size_t i = 0; i < list.size() && !isStopped(); ++i) {
            const TomlKind kind = kindOf(list.item(i));
            if (kind == TomlKind::None)
                refuse("toml: cannot encode array with nil element");
            result = result && kind == TomlKind::Table;
        }
        return result;
    }

    void newLine()
    {
        if (!m_out.empty())
            m_out += '\n';
    }
    void indent(const Keys &keys) { m_out.append(2 * (keys.size() - 1), ' '); }

    void encode(const Keys &keys, const TemplateValue &value)
    {
        if (isStopped())
            return;
        if (keys.size() > kDepthLimit) {
            m_panic = "toml: value nests too deeply";
            return;
        }
        switch (kindOf(value)) {
        case TomlKind::None:
            if (value.kind() == Kind::Func && !value.isNil())
                refuse("unsupported type for key '" + pathText(keys) + "': " + std::string(kindName(value.kind())));
            return;
        case TomlKind::Plain:
        case TomlKind::List: keyValue(keys, value); return;
        case TomlKind::TableList: tableList(keys, value); return;
        case TomlKind::Table: table(keys, value); return;
        }
    }

    void keyValue(const Keys &keys, const TemplateValue &value)
    {
        if (keys.empty()) {
            element(value, 0);
            return;
        }
        indent(keys);
        m_out += keyText(keys.back()) + " = ";
        element(value, 0);
        newLine();
    }

    void tableList(const Keys &keys, const TemplateValue &list)
    {
        if (keys.empty()) {
            refuse("toml: top-level values must be Go maps or structs");
            return;
        }
        for (std::size_t i = 0; i < list.size() && !isStopped(); ++i) {
            newLine();
            indent(keys);
            m_out += "[[" + pathText(keys) + "]]";
            newLine();
            members(keys, list.item(i));
        }
    }

    void table(const Keys &keys, const TemplateValue &value)
    {
        if (keys.size() == 1)
            newLine();
        if (!keys.empty()) {
            indent(keys);
            m_out += "[" + pathText(keys) + "]";
            newLine();
        }
        members(keys, value);
    }

    /// Plain members first: what follows a table belongs to it.
    void members(const Keys &keys, const TemplateValue &value)
    {
        const auto all = membersOf(value);
        for (const bool wantsTables : {false, true}) {
            for (const auto &[key, member] : all) {
                const TomlKind kind = kindOf(member);
                if (isStopped())
                    return;
                if (isNilValue(member) || (kind == TomlKind::Table || kind == TomlKind::TableList) != wantsTables)
                    continue;
                Keys path = keys;
                path.push_back(key);
                encode(path, member);
            }
        }
    }

    void element(const TemplateValue &value, int depth)
    {
        if (depth > kDepthLimit)
            m_panic = "toml: value nests too deeply";
        if (isStopped())
            return;
        if (value.isNil()) {
            m_panic = "reflect: call of reflect.Value.Interface on zero Value";
            return;
        }
        if (value.is(types::kTime)) {
            m_out += formatTime(timeOf(value), kRfc3339Nano);
            return;
        }
        if (const JsonMethods *const methods = marshaler(value)) {
            m_out += quotedToml(methods->jsonValue(value).stringOr());
            return;
        }
        if (value.is(types::kDuration)) {
            m_out += quotedToml(value.type().methods->text(value));
            return;
        }
        switch (value.kind()) {
        case Kind::String: m_out += quotedToml(value.text()); return;
        case Kind::Bool: m_out += value.boolean() ? "true" : "false"; return;
        case Kind::Float32: number(value.number(), FloatBits::Single); return;
        case Kind::Float64: number(value.number(), FloatBits::Double); return;
        case Kind::Slice: inlineList(value, depth); return;
        case Kind::Map:
        case Kind::Struct:
        case Kind::Pointer: inlineTable(value, depth); return;
        default: break;
        }
        if (value.type().isInteger())
            m_out += std::to_string(value.integer());
        else if (value.type().isUnsigned())
            m_out += std::to_string(value.unsignedInteger());
        else
            refuse("unexpected type: " + std::string(value.typeName()));
    }

    void number(double value, FloatBits bits)
    {
        if (std::isnan(value) || std::isinf(value)) {
            m_out += std::signbit(value) ? "-" : "";
            m_out += std::isnan(value) ? "nan" : "inf";
            return;
        }
        std::string text;
        appendFloat(text, value, 'g', -1, bits);
        m_out += text;
        if (text.find_first_of("e.") == std::string::npos)
            m_out += ".0";
    }

    void inlineList(const TemplateValue &list, int depth)
    {
        m_out += '[';
        for (std::size_t i = 0; i < list.size() && !isStopped(); ++i) {
            if (i > 0)
                m_out += ", ";
            element(list.item(i), depth + 1);
        }
        m_out += ']';
    }

    /// Nil members are left out, but not the comma of the member before them.
    void inlineTable(const TemplateValue &value, int depth)
    {
        std::vector<std::pair<std::string, TemplateValue>> plain, tables;
        for (auto &member : membersOf(value)) {
            const TomlKind kind = kindOf(member.second);
            (kind == TomlKind::Table || kind == TomlKind::TableList ? tables : plain).push_back(std::move(member));
        }
        m_out += '{';
        const auto writeAll = [&](const auto &members, bool hasMore) {
            for (std::size_t i = 0; i < members.size() && !isStopped(); ++i) {
                if (isNilValue(members[i].second))
                    continue;
                m_out += keyText(members[i].first) + " = ";
                element(members[i].second, depth + 1);
                if (hasMore || i + 1 < members.size())
                    m_out += ", ";
            }
        };
        writeAll(plain, !tables.empty());
        writeAll(tables, false);
        m_out += '}';
    }

    std::string m_out;
    std::string m_refusal;
    std::string m_panic;
};

} // namespace

TemplateExpected<TomlText> tomlTextOf(const TemplateValue &value)
{
    return TomlWriter().write(value);
}

} // namespace tiphys::text::sprig
