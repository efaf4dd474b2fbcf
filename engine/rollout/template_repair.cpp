// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/template_repair.h"

#include "object/merge_patch.h"
#include "schema/typed.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout {

using object::Value;
using schema::Field;
using schema::Type;

namespace {

constexpr int kDeepest = 64;
using NamedFields = std::vector<std::pair<std::string, Value>>;

const Type &repairedType()
{
    static const Type *const type = schema::typeNamed("io.k8s.api.core.v1.PodTemplateSpec");
    return *type;
}

/// Members that the tables have and the controller's library (v0.34) lacks.
bool isUnknownToController(std::string_view model, std::string_view field)
{
    return (model == "io.k8s.api.core.v1.PodSpec" && field == "schedulingGroup")
           || (model == "io.k8s.api.core.v1.PodCertificateProjection" && field == "userAnnotations");
}

/// One of the two readings.
class TemplateReading
{
public:
    enum class Order { Fields, Names };

    explicit TemplateReading(Order order) : m_order(order) {}

    /// What fits of \p value; null if nothing does.
    Value read(const Value &value, const Type &type, int depth)
    {
        if (value.isNull() || depth > kDeepest)
            return {};
        switch (type.kind()) {
        case schema::Kind::Struct: return value.isMap() ? readStruct(value, type, depth) : misfit(type);
        case schema::Kind::Map: return value.isMap() ? readMap(value, type, depth) : misfit(type);
        case schema::Kind::List: return value.isList() ? readList(value, type, depth) : misfit(type);
        default: {
            const Expected<Value> typed = schema::asTyped(value, type, schema::UnknownFields::Drop);
            return typed ? *typed : misfit(type);
        }
        }
    }
    bool isOver() const { return m_isOver; }

private:
    Value misfit(const Type &type)
    {
        const bool ends = type.kind() == schema::Kind::Quantity || type.kind() == schema::Kind::IntOrString
                          || type.kind() == schema::Kind::Time;
        m_isOver = m_isOver || ends || m_order == Order::Fields;
        return {};
    }

    Value readStruct(const Value &value, const Type &type, int depth)
    {
        NamedFields members;
        for (const Field *field : fieldsOf(value, type)) {
            if (m_isOver)
                break;
            Value fit = read(value[field->name()], field->type(), depth + 1);
            // The one quantity that is a pointer: it is there before it is read.
            if (fit.isNull() && m_isOver && field->name() == "sizeLimit")
                fit = Value("0");
            if (!fit.isNull())
                members.emplace_back(std::string(field->name()), fit);
        }
        return Value::map(members);
    }

    std::vector<const Field *> fieldsOf(const Value &value, const Type &type) const
    {
        std::vector<const Field *> fields;
        for (const Field &field : type.fields()) {
            if (value.contains(field.name()) && !isUnknownToController(type.name(), field.name()))
                fields.push_back(&field);
        }
        if (m_order == Order::Names)
            std::ranges::sort(fields, {}, [](const Field *field) { return field->name(); });
        return fields;
    }

    Value readMap(const Value &value, const Type &type, int depth)
    {
        NamedFields sorted;
        for (const auto &[key, member] : value.entries())
            sorted.emplace_back(std::string(key), member);
        std::ranges::sort(sorted, {}, &NamedFields::value_type::first);
        NamedFields members;
        for (const auto &[key, member] : sorted) {
            if (m_isOver)
                break;
            const Value fit = read(member, *type.element(), depth + 1);
            if (!fit.isNull())
                members.emplace_back(key, fit);
        }
        return Value::map(members);
    }

    Value readList(const Value &value, const Type &type, int depth)
    {
        std::vector<Value> items;
        for (const Value &item : value.items()) {
            if (!m_isOver)
                items.push_back(read(item, *type.element(), depth + 1));
            else if (m_order == Order::Fields)
                items.push_back(type.element()->kind() == schema::Kind::Struct ? Value::map({}) : Value());
        }
        return Value::list(items);
    }

    Order m_order;
    bool m_isOver = false;
};

/// \p over laid over \p below.
Value laidOver(const Value &below, const Value &over)
{
    if (below.isMap() && over.isMap()) {
        Value result = below;
        for (const auto &[key, member] : over.entries())
            result = result.with(key, laidOver(below[key], member));
        return result;
    }
    if (below.isList() && over.isList()) {
        std::vector<Value> items;
        for (std::size_t i = 0; i < std::max(below.size(), over.size()); ++i)
            items.push_back(laidOver(below.at(i), over.at(i)));
        return Value::list(items);
    }
    return over.isNull() ? below : over;
}

} // namespace

Value repairedTemplate(const Value &podTemplate)
{
    const Type &type = repairedType();
    TemplateReading first(TemplateReading::Order::Fields);
    Value kept = first.read(podTemplate, type, 0);
    if (first.isOver()) {
        TemplateReading second(TemplateReading::Order::Names);
        const Value rest = second.read(podTemplate, type, 0);
        kept = laidOver(kept, rest);
    }
    const Expected<Value> typed = schema::asTyped(kept, type, schema::UnknownFields::Drop);
    return typed ? *typed : Value::map({});
}

std::optional<Value> templateRepair(const Value &podTemplate)
{
    if (podTemplate.isNull() || schema::asTyped(podTemplate, repairedType(), schema::UnknownFields::Drop))
        return std::nullopt;
    return object::mergePatchOf(podTemplate, repairedTemplate(podTemplate));
}

} // namespace tiphys::rollout
