// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/value.h"

#include "text/gotemplate/content.h"
#include "text/gotemplate/function.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace tiphys::text {

namespace detail {

TextContent *makeText(std::string_view text)
{
    void *memory = ::operator new(sizeof(TextContent) + text.size());
    auto *content = new (memory) TextContent;
    content->size = text.size();
    if (!text.empty())
        std::memcpy(static_cast<char *>(memory) + sizeof(TextContent), text.data(), text.size());
    return content;
}

std::vector<MapEntry>::iterator MapContent::lowerBound(std::string_view key)
{
    return std::lower_bound(entries.begin(), entries.end(), key,
                            [](const MapEntry &entry, std::string_view wanted) { return entry.key.text() < wanted; });
}

MapEntry *MapContent::find(std::string_view key)
{
    // Below this size a walk that mostly compares lengths beats the search.
    if (entries.size() <= 12) {
        for (MapEntry &entry : entries) {
            if (entry.key.text() == key)
                return &entry;
        }
        return nullptr;
    }
    const auto found = lowerBound(key);
    return found != entries.end() && found->key.text() == key ? &*found : nullptr;
}

} // namespace detail

namespace {

struct ComplexContent final : ObjectContent
{
    ComplexContent(double realPart, double imaginaryPart) : real(realPart), imaginary(imaginaryPart) {}
    double real;
    double imaginary;
};

struct FunctionContent final : ObjectContent
{
    explicit FunctionContent(FunctionPtr pointer) : function(std::move(pointer)) {}
    FunctionPtr function;
};

} // namespace

TemplateValue::Storage TemplateValue::storageOf(const Type &type)
{
    switch (type.kind) {
    case Kind::String: return Storage::Text;
    case Kind::Slice: return type.element->kind == Kind::Uint8 ? Storage::Text : Storage::List;
    case Kind::Map: return Storage::Map;
    case Kind::Pointer: return &type == &types::kErrorString ? Storage::Text : Storage::Object;
    case Kind::Complex128:
    case Kind::Func:
    case Kind::Struct: return Storage::Object;
    default: return Storage::Scalar;
    }
}

void TemplateValue::destroyContent() noexcept
{
    switch (storageOf(*m_type)) {
    case Storage::Text: {
        auto *content = static_cast<detail::TextContent *>(m_content.counted);
        if (content->isShared) {
            delete static_cast<detail::SharedText *>(content);
            break;
        }
        content->~TextContent();
        ::operator delete(content);
        break;
    }
    case Storage::List: delete static_cast<detail::ListContent *>(m_content.counted); break;
    case Storage::Map: delete static_cast<detail::MapContent *>(m_content.counted); break;
    case Storage::Object: delete static_cast<ObjectContent *>(m_content.counted); break;
    case Storage::Scalar: break;
    }
}

const detail::ListContent &TemplateValue::listContent() const
{
    return *static_cast<const detail::ListContent *>(m_content.counted);
}

detail::MapContent &TemplateValue::mapContent() const
{
    return *static_cast<detail::MapContent *>(m_content.counted);
}

ObjectContent *TemplateValue::anyObjectContent() const
{
    return static_cast<ObjectContent *>(m_content.counted);
}

TemplateValue TemplateValue::boolean(bool value)
{
    TemplateValue made;
    made.m_type = &types::kBool;
    made.m_content.boolean = value;
    return made;
}

TemplateValue TemplateValue::signedOf(const Type &type, std::int64_t value)
{
    TemplateValue made;
    made.m_type = &type;
    made.m_content.integer = value;
    return made;
}

TemplateValue TemplateValue::unsignedOf(const Type &type, std::uint64_t value)
{
    TemplateValue made;
    made.m_type = &type;
    made.m_content.unsignedInteger = value;
    return made;
}

TemplateValue TemplateValue::floatOf(const Type &type, double value)
{
    TemplateValue made;
    made.m_type = &type;
    made.m_content.number = value;
    return made;
}

TemplateValue TemplateValue::textOf(const Type &type, std::string_view text)
{
    assert(storageOf(type) == Storage::Text);
    TemplateValue made;
    made.m_content.counted = detail::makeText(text);
    made.m_type = &type;
    return made;
}

TemplateValue TemplateValue::bytes(std::shared_ptr<const void> owner, std::string_view content)
{
    auto *shared = new detail::SharedText;
    shared->isShared = true;
    shared->size = content.size();
    shared->bytes = content.data();
    shared->owner = std::move(owner);
    TemplateValue made;
    made.m_content.counted = shared;
    made.m_type = &types::kBytes;
    return made;
}

TemplateValue TemplateValue::list(std::vector<TemplateValue> items, const Type &type)
{
    assert(storageOf(type) == Storage::List);
    TemplateValue made;
    auto *content = new detail::ListContent;
    content->items = std::move(items);
    made.m_content.counted = content;
    made.m_type = &type;
    return made;
}

TemplateValue TemplateValue::stringList(std::span<const std::string> items)
{
    std::vector<TemplateValue> values;
    values.reserve(items.size());
    for (const std::string &item : items)
        values.push_back(string(item));
    return list(std::move(values), types::kStringList);
}

TemplateValue TemplateValue::stringList(std::span<const std::string_view> items)
{
    std::vector<TemplateValue> values;
    values.reserve(items.size());
    for (const std::string_view item : items)
        values.push_back(string(item));
    return list(std::move(values), types::kStringList);
}

TemplateValue TemplateValue::map(const Type &type)
{
    assert(storageOf(type) == Storage::Map);
    TemplateValue made;
    made.m_content.counted = new detail::MapContent;
    made.m_type = &type;
    return made;
}

TemplateValue TemplateValue::map(std::vector<MapEntry> entries, const Type &type)
{
    const auto isBefore = [](const MapEntry &a, const MapEntry &b) { return a.key.text() < b.key.text(); };
    if (!std::is_sorted(entries.begin(), entries.end(), isBefore))
        std::stable_sort(entries.begin(), entries.end(), isBefore);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i + 1 < entries.size() && entries[i].key.text() == entries[i + 1].key.text())
            continue;
        if (kept != i)
            entries[kept] = std::move(entries[i]);
        ++kept;
    }
    entries.resize(kept);
    TemplateValue made = map(type);
    made.mapContent().entries = std::move(entries);
    return made;
}

TemplateValue TemplateValue::object(const Type &type, std::unique_ptr<ObjectContent> content)
{
    assert(storageOf(type) == Storage::Object);
    TemplateValue made;
    made.m_content.counted = content.release();
    made.m_type = &type;
    return made;
}

TemplateValue TemplateValue::function(FunctionPtr function, const Type &type)
{
    if (!function)
        return nilOf(type);
    return object(type, std::make_unique<FunctionContent>(std::move(function)));
}

TemplateValue TemplateValue::complex(double real, double imaginary)
{
    return object(types::kComplex128, std::make_unique<ComplexContent>(real, imaginary));
}

TemplateValue TemplateValue::nilOf(const Type &type)
{
    assert(canBeNil(type) && type.kind != Kind::Interface);
    TemplateValue made;
    made.m_type = &type;
    return made;
}

TemplateValue TemplateValue::zeroOf(const Type &type)
{
    switch (type.kind) {
    case Kind::Invalid:
    case Kind::Interface:
    case Kind::Struct: return {};
    case Kind::String: return textOf(type, {});
    case Kind::Float32:
    case Kind::Float64: return floatOf(type, 0);
    case Kind::Complex128: return complex(0, 0);
    default: {
        TemplateValue made; // all bits zero: false, 0, or nil
        made.m_type = &type;
        return made;
    }
    }
}

TemplateValue TemplateValue::as(const Type &type) const
{
    assert(!m_type || storageOf(type) == storageOf(*m_type));
    TemplateValue made(*this);
    if (made.m_type)
        made.m_type = &type;
    return made;
}

bool TemplateValue::isNilOfItsType() const
{
    if (!m_type)
        return true;
    switch (m_type->kind) {
    case Kind::Func:
    case Kind::Map:
    case Kind::Pointer:
    case Kind::Slice: return m_content.counted == nullptr;
    default: return false;
    }
}

std::pair<double, double> TemplateValue::complexNumber() const
{
    if (kind() != Kind::Complex128)
        return {0, 0};
    const auto *content = static_cast<const ComplexContent *>(anyObjectContent());
    return {content->real, content->imaginary};
}

std::string_view TemplateValue::otherText() const
{
    if (!hasContent() || storageOf(*m_type) != Storage::Text)
        return {};
    return static_cast<const detail::TextContent *>(m_content.counted)->view();
}

std::size_t TemplateValue::size() const
{
    if (!hasContent())
        return 0;
    switch (storageOf(*m_type)) {
    case Storage::Text: return static_cast<const detail::TextContent *>(m_content.counted)->size;
    case Storage::List: return listContent().items.size();
    case Storage::Map: return mapContent().entries.size();
    default: return 0;
    }
}

std::span<const TemplateValue> TemplateValue::items() const
{
    if (!hasContent() || storageOf(*m_type) != Storage::List)
        return {};
    return listContent().items;
}

TemplateValue TemplateValue::item(std::size_t index) const
{
    assert(index < size());
    if (isBytes())
        return unsignedOf(*m_type->element, static_cast<unsigned char>(text()[index]));
    return items()[index];
}

std::span<const MapEntry> TemplateValue::entries() const
{
    if (!hasContent() || m_type->kind != Kind::Map)
        return {};
    return mapContent().entries;
}

std::vector<MapEntry> TemplateValue::snapshot() const
{
    const std::span<const MapEntry> all = entries();
    return {all.begin(), all.end()};
}

const TemplateValue *TemplateValue::find(std::string_view key) const
{
    if (!hasContent() || m_type->kind != Kind::Map)
        return nullptr;
    const MapEntry *entry = mapContent().find(key);
    return entry ? &entry->value : nullptr;
}

void TemplateValue::set(std::string_view key, TemplateValue value) const
{
    assert(isMap() && m_content.counted);
    detail::MapContent &map = mapContent();
    if (MapEntry *entry = map.find(key)) {
        // The old value goes last: its end may reach this map again.
        std::swap(entry->value, value);
        return;
    }
    map.entries.insert(map.lowerBound(key), MapEntry{string(key), std::move(value)});
}

void TemplateValue::set(const TemplateValue &key, TemplateValue value) const
{
    assert(isMap() && m_content.counted);
    detail::MapContent &map = mapContent();
    if (MapEntry *entry = map.find(key.text())) {
        std::swap(entry->value, value);
        return;
    }
    map.entries.insert(map.lowerBound(key.text()), MapEntry{key, std::move(value)});
}

void TemplateValue::unset(std::string_view key) const
{
    if (!isMap() || !m_content.counted)
        return;
    detail::MapContent &map = mapContent();
    const auto found = map.lowerBound(key);
    if (found == map.entries.end() || found->key.text() != key)
        return;
    const MapEntry removed = std::move(*found);
    map.entries.erase(found);
}

bool TemplateValue::isSameContent(const TemplateValue &other) const
{
    return hasContent() && other.hasContent() && m_content.counted == other.m_content.counted;
}

const ObjectContent *TemplateValue::objectContent() const
{
    if (!hasContent() || (m_type->kind != Kind::Struct && m_type->kind != Kind::Pointer)
        || storageOf(*m_type) != Storage::Object)
        return nullptr;
    return anyObjectContent();
}

const Function *TemplateValue::function() const
{
    if (kind() != Kind::Func || !m_content.counted)
        return nullptr;
    return static_cast<const FunctionContent *>(anyObjectContent())->function.get();
}

std::string TypeMethods::text(const TemplateValue &) const
{
    return {};
}

FunctionPtr TypeMethods::method(const TemplateValue &, std::string_view) const
{
    return nullptr;
}

std::vector<std::pair<std::string_view, TemplateValue>> TypeMethods::fields(const TemplateValue &) const
{
    return {};
}

std::optional<TemplateValue> TypeMethods::field(const TemplateValue &value, std::string_view name) const
{
    for (auto &[fieldName, fieldValue] : fields(value)) {
        if (fieldName == name)
            return std::move(fieldValue);
    }
    return std::nullopt;
}

bool isTrue(const TemplateValue &value)
{
    switch (value.kind()) {
    case Kind::Invalid: return false;
    case Kind::Bool: return value.boolean();
    case Kind::Map:
    case Kind::Slice:
    case Kind::String: return value.size() > 0;
    case Kind::Func:
    case Kind::Pointer: return !value.isNilOfItsType();
    case Kind::Float32:
    case Kind::Float64: return value.number() != 0;
    case Kind::Complex128: return value.complexNumber() != std::pair<double, double>(0, 0);
    case Kind::Struct:
    case Kind::Interface: return true;
    default: return value.unsignedInteger() != 0;
    }
}

} // namespace tiphys::text
