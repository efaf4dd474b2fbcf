// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "object/builder.h"
#include "text/gotemplate/value.h"

#include <utility>

namespace tiphys::text {

namespace {

/// Values may contain themselves and share their parts: the rest is null.
constexpr int kMaxDepth = 1000;
constexpr int kMaxNodes = 10000000;

TemplateValue numberOf(const object::Value &value, Numbers numbers)
{
    if (numbers == Numbers::Exact && value.isInteger()) {
        if (const auto integer = value.asInt())
            return TemplateValue::int64(*integer);
        return TemplateValue::uint64(value.asUint().value_or(0));
    }
    return TemplateValue::float64(value.asNumber().value_or(0));
}

class DataWriter
{
public:
    object::Value finish() { return m_builder.finish(); }

    void write(const TemplateValue &value, int depth)
    {
        if (depth > kMaxDepth || ++m_nodes > kMaxNodes || value.isNilOfItsType()) {
            m_builder.null();
            return;
        }
        switch (value.kind()) {
        case Kind::Map: writeMap(value, depth); return;
        case Kind::Slice: writeList(value, depth); return;
        default: writeScalar(value, depth);
        }
    }

private:
    void writeMap(const TemplateValue &value, int depth)
    {
        m_builder.beginMap();
        for (const MapEntry &entry : value.entries()) {
            m_builder.key(entry.key.text());
            write(entry.value, depth + 1);
        }
        m_builder.endMap();
    }
    void writeList(const TemplateValue &value, int depth)
    {
        if (value.isBytes()) {
            m_builder.string(base64Of(value.text()));
            return;
        }
        m_builder.beginList();
        for (const TemplateValue &item : value.items())
            write(item, depth + 1);
        m_builder.endList();
    }
    void writeScalar(const TemplateValue &value, int depth)
    {
        const Type &type = value.type();
        if (type.kind == Kind::Bool)
            m_builder.boolean(value.boolean());
        else if (type.isInteger())
            m_builder.integer(value.integer());
        else if (type.isUnsigned())
            m_builder.unsignedInteger(value.unsignedInteger());
        else if (type.isFloat())
            m_builder.number(value.number());
        else if (type.kind == Kind::String || value.is(types::kErrorString))
            m_builder.string(value.text());
        else
            writeObject(value, depth);
    }
    void writeObject(const TemplateValue &value, int depth)
    {
        const TypeMethods *methods = value.type().methods;
        if (!methods || value.kind() == Kind::Func) {
            m_builder.null();
            return;
        }
        if (methods->isError() || methods->isStringer()) {
            m_builder.string(methods->text(value));
            return;
        }
        m_builder.beginMap();
        for (const auto &[name, field] : methods->fields(value)) {
            m_builder.key(name);
            write(field, depth + 1);
        }
        m_builder.endMap();
    }

    object::Builder m_builder;
    int m_nodes = 0;
};

} // namespace

TemplateValue templateValueOf(const object::Value &value, Numbers numbers)
{
    switch (value.type()) {
    case object::Type::Null: return {};
    case object::Type::Bool: return TemplateValue::boolean(value.boolOr(false));
    case object::Type::String: return TemplateValue::string(value.stringOr());
    case object::Type::List: {
        std::vector<TemplateValue> items;
        items.reserve(value.size());
        for (const object::Value &item : value.items())
            items.push_back(templateValueOf(item, numbers));
        return TemplateValue::list(std::move(items));
    }
    case object::Type::Map: {
        std::vector<MapEntry> entries;
        entries.reserve(value.size());
        for (const auto &[key, member] : value.entries())
            entries.push_back({TemplateValue::string(key), templateValueOf(member, numbers)});
        return TemplateValue::map(std::move(entries));
    }
    default: return numberOf(value, numbers);
    }
}

object::Value objectValueOf(const TemplateValue &value)
{
    DataWriter writer;
    writer.write(value, 0);
    return writer.finish();
}

void releaseTree(const TemplateValue &root)
{
    std::vector<TemplateValue> open{root};
    while (!open.empty()) {
        const TemplateValue next = std::move(open.back());
        open.pop_back();
        for (const TemplateValue &item : next.items())
            open.push_back(item);
        const std::vector<MapEntry> entries = next.snapshot();
        for (const MapEntry &entry : entries) {
            next.unset(entry.key.text());
            if (entry.value.isMap() || entry.value.isList())
                open.push_back(entry.value);
        }
    }
}

} // namespace tiphys::text
