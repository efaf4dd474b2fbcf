// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/gotemplate/format.h"
#include "text/sprig/go_number.h"

#include <array>
#include <limits>

namespace tiphys::text::sprig {

namespace {

/// A text without ".0…" at its end.
std::string_view withoutZeroFraction(std::string_view text)
{
    bool hasZero = false;
    for (std::size_t i = text.size(); i > 0; --i) {
        if (text[i - 1] == '.' && hasZero)
            return text.substr(0, i - 1);
        if (text[i - 1] == '0')
            hasZero = true;
        else if (text[i - 1] != '.')
            return text;
    }
    return text;
}

/// Whether cast knows the type: Go's own, not one defined from it (but for time.Month and time.Weekday).
bool isCastable(const TemplateValue &value)
{
    return value.type().underlying == nullptr || value.typeName() == "time.Month" || value.typeName() == "time.Weekday";
}

} // namespace

bool takeBytes(CallContext &context, std::uint64_t bytes)
{
    return bytes <= kByteLimit && context.budget().takeOutput(bytes);
}

bool takeItems(CallContext &context, std::uint64_t items)
{
    return items <= kItemLimit && context.budget().takeSteps(items);
}

std::unexpected<TemplateError> nilPointer()
{
    return templateError("runtime error: invalid memory address or nil pointer dereference");
}

std::string textOfValue(const TemplateValue &value)
{
    if (value.is(types::kBytes) || value.is(types::kString))
        return std::string(value.text());
    return plainText(value);
}

std::vector<std::string> textsOfValue(const TemplateValue &value)
{
    std::vector<std::string> texts;
    if (value.isList()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (const TemplateValue item = value.item(i); !item.isNil())
                texts.push_back(textOfValue(item));
        }
    } else if (!value.isNil()) {
        texts.push_back(textOfValue(value));
    }
    return texts;
}

std::int64_t integerOfFloat(double value)
{
    if (value >= -9223372036854775808.0 && value < 9223372036854775808.0)
        return static_cast<std::int64_t>(value);
    return std::numeric_limits<std::int64_t>::min();
}

std::int64_t integerOf(const TemplateValue &value)
{
    if (value.isNil() || !isCastable(value))
        return 0;
    switch (value.kind()) {
    case Kind::Bool: return value.boolean() ? 1 : 0;
    case Kind::Int:
    case Kind::Int8:
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64: return value.integer();
    case Kind::Uint:
    case Kind::Uint8:
    case Kind::Uint16:
    case Kind::Uint32:
    case Kind::Uint64: return static_cast<std::int64_t>(value.unsignedInteger());
    case Kind::Float32:
    case Kind::Float64: return integerOfFloat(value.number());
    case Kind::String: {
        const ParsedInteger parsed = parseInteger(withoutZeroFraction(value.text()), 0);
        return parsed.fault == NumberFault::None ? parsed.value : 0;
    }
    default: return 0;
    }
}

double floatOf(const TemplateValue &value)
{
    if (value.isNil() || !isCastable(value))
        return 0;
    switch (value.kind()) {
    case Kind::Bool: return value.boolean() ? 1 : 0;
    case Kind::Int:
    case Kind::Int8:
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64: return static_cast<double>(value.integer());
    case Kind::Uint:
    case Kind::Uint8:
    case Kind::Uint16:
    case Kind::Uint32:
    case Kind::Uint64: return static_cast<double>(value.unsignedInteger());
    case Kind::Float32:
    case Kind::Float64: return value.number();
    case Kind::String: return parseFloat(value.text()).value_or(0);
    default: return 0;
    }
}

std::uint64_t randomBelow(const SprigWorld &world, std::uint64_t limit)
{
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t fair = kMax - kMax % limit;
    for (int attempt = 0; attempt < 100; ++attempt) {
        std::array<std::uint8_t, 8> bytes{};
        if (world.random)
            world.random(bytes);
        std::uint64_t number = 0;
        for (const std::uint8_t byte : bytes)
            number = number << 8 | byte;
        if (number < fair)
            return number % limit;
    }
    return 0;
}

} // namespace tiphys::text::sprig
