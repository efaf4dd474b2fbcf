// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/printer.h"

#include "object/utf8.h"
#include "text/gotemplate/format.h"

#include <utility>

namespace tiphys::text {

namespace detail {

namespace {

constexpr std::string_view kNil = "<nil>";
/// Maps that contain themselves end here (Go's stack overflows).
constexpr int kMaxDepth = 1000;

bool isTextVerb(char32_t verb)
{
    return verb == 'v' || verb == 's' || verb == 'x' || verb == 'X' || verb == 'q';
}

} // namespace

void Printer::badVerb(const TemplateValue &operand, char32_t verb)
{
    m_isInError = true;
    out() += "%!";
    object::detail::appendUtf8(out(), verb);
    out() += '(';
    if (operand.isNil()) {
        out() += kNil;
    } else {
        out() += operand.typeName();
        out() += '=';
        value(operand, 'v', 0);
    }
    out() += ')';
    m_isInError = false;
}

bool Printer::byMethod(const TemplateValue &operand, char32_t verb)
{
    if (m_isInError)
        return false;
    if (verb == 'w') {
        badVerb(operand, verb);
        return true;
    }
    const TypeMethods *methods = operand.isNil() ? nullptr : operand.type().methods;
    if (!methods || (!methods->isError() && !methods->isStringer()) || m_format.flags.sharpV || !isTextVerb(verb))
        return false;
    if (operand.kind() == Kind::Pointer && operand.isNilOfItsType()) {
        out() += kNil;
        return true;
    }
    text(operand, methods->text(operand), verb);
    return true;
}

void Printer::operand(const TemplateValue &operand, char32_t verb)
{
    if (operand.isNil()) {
        if (verb == 'T' || verb == 'v')
            m_format.padded(kNil);
        else
            badVerb(operand, verb);
        return;
    }
    if (verb == 'T') {
        m_format.text(operand.typeName());
        return;
    }
    if (verb == 'p') {
        address(operand, verb);
        return;
    }
    if (operand.is(types::kBytes)) {
        bytes(operand, verb, "[]byte");
        return;
    }
    const bool isBasic = !operand.type().methods && operand.type().kind != Kind::Struct;
    if ((verb == 'w' || !isBasic) && byMethod(operand, verb))
        return;
    value(operand, verb, 0);
}

void Printer::element(const TemplateValue &item, Holder holder, char32_t verb, int depth)
{
    if (item.isNil()) {
        if (holder == Holder::Interface && m_format.flags.sharpV)
            out() += "interface {}(nil)";
        else
            out() += kNil;
        return;
    }
    // An interface and what is in it count as two levels.
    const int inner = holder == Holder::Interface ? depth + 1 : depth;
    if ((item.type().methods || verb == 'w') && byMethod(item, verb))
        return;
    value(item, verb, inner);
}

void Printer::value(const TemplateValue &value, char32_t verb, int depth)
{
    if (depth > kMaxDepth || out().size() > m_limit) {
        out() += "...";
        return;
    }
    const Type &type = value.type();
    switch (type.kind) {
    case Kind::Bool: return boolean(value, verb);
    case Kind::Float32:
    case Kind::Float64: return number(value, value.number(), verb);
    case Kind::Complex128: return complex(value, verb);
    case Kind::String: return text(value, value.text(), verb);
    case Kind::Map: return map(value, verb, depth);
    case Kind::Slice: return list(value, verb, depth);
    case Kind::Struct:
    case Kind::Pointer: return object(value, verb, depth);
    case Kind::Func: return address(value, verb);
    case Kind::Invalid:
    case Kind::Interface: out() += kNil; return;
    default: return integer(value, value.unsignedInteger(), type.isInteger(), verb);
    }
}

void Printer::boolean(const TemplateValue &value, char32_t verb)
{
    if (verb == 't' || verb == 'v')
        m_format.boolean(value.boolean());
    else
        badVerb(value, verb);
}

void Printer::integer(const TemplateValue &value, std::uint64_t bits, bool isSigned, char32_t verb)
{
    switch (verb) {
    case 'v':
        if (m_format.flags.sharpV && !isSigned)
            m_format.hex0x(bits, true);
        else
            m_format.integer(bits, 10, isSigned, verb);
        break;
    case 'd': m_format.integer(bits, 10, isSigned, verb); break;
    case 'b': m_format.integer(bits, 2, isSigned, verb); break;
    case 'o':
    case 'O': m_format.integer(bits, 8, isSigned, verb); break;
    case 'x':
    case 'X': m_format.integer(bits, 16, isSigned, verb); break;
    case 'c': m_format.character(bits); break;
    case 'q': m_format.quotedCharacter(bits); break;
    case 'U': m_format.unicode(bits); break;
    default: badVerb(value, verb);
    }
}

void Printer::number(const TemplateValue &value, double number, char32_t verb)
{
    const FloatBits bits = value.kind() == Kind::Float32 ? FloatBits::Single : FloatBits::Double;
    switch (verb) {
    case 'v': m_format.number(number, bits, 'g', -1); break;
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X': m_format.number(number, bits, static_cast<char>(verb), -1); break;
    case 'f':
    case 'e':
    case 'E': m_format.number(number, bits, static_cast<char>(verb), 6); break;
    case 'F': m_format.number(number, bits, 'f', 6); break;
    default: badVerb(value, verb);
    }
}

void Printer::complex(const TemplateValue &value, char32_t verb)
{
    if (std::u32string_view(U"vbgGxXfFeE").find(verb) == std::u32string_view::npos) {
        badVerb(value, verb);
        return;
    }
    const auto [real, imaginary] = value.complexNumber();
    const bool oldPlus = m_format.flags.plus;
    out() += '(';
    number(value, real, verb);
    m_format.flags.plus = true;
    number(value, imaginary, verb);
    out() += "i)";
    m_format.flags.plus = oldPlus;
}

void Printer::text(const TemplateValue &value, std::string_view text, char32_t verb)
{
    switch (verb) {
    case 'v':
        if (m_format.flags.sharpV)
            m_format.quoted(text);
        else
            m_format.text(text);
        break;
    case 's': m_format.text(text); break;
    case 'x':
    case 'X': m_format.hexText(text, verb == 'X'); break;
    case 'q': m_format.quoted(text); break;
    default: badVerb(value, verb);
    }
}

void Printer::bytes(const TemplateValue &value, char32_t verb, std::string_view typeName)
{
    const std::string_view content = value.text();
    switch (verb) {
    case 's': m_format.text(content); return;
    case 'x':
    case 'X': m_format.hexText(content, verb == 'X'); return;
    case 'q': m_format.quoted(content); return;
    case 'v':
    case 'd': break;
    default: list(value, verb, 0); return;
    }
    const bool isSharp = m_format.flags.sharpV;
    if (isSharp) {
        out() += typeName;
        if (value.isNilOfItsType()) {
            out() += "(nil)";
            return;
        }
    }
    out() += isSharp ? '{' : '[';
    for (std::size_t i = 0; i < content.size(); ++i) {
        if (i > 0)
            out() += isSharp ? ", " : " ";
        const auto byte = static_cast<unsigned char>(content[i]);
        if (isSharp)
            m_format.hex0x(byte, true);
        else
            m_format.integer(byte, 10, false, verb);
    }
    out() += isSharp ? '}' : ']';
}

void Printer::map(const TemplateValue &value, char32_t verb, int depth)
{
    const bool isSharp = m_format.flags.sharpV;
    if (isSharp) {
        out() += value.typeName();
        if (value.isNilOfItsType()) {
            out() += "(nil)";
            return;
        }
        out() += '{';
    } else {
        out() += "map[";
    }
    const Holder holder = value.type().element->kind == Kind::Interface ? Holder::Interface : Holder::Concrete;
    bool isFirst = true;
    for (const MapEntry &entry : value.entries()) {
        if (out().size() > m_limit)
            break;
        if (!std::exchange(isFirst, false))
            out() += isSharp ? ", " : " ";
        element(entry.key, Holder::Concrete, verb, depth + 1);
        out() += ':';
        element(entry.value, holder, verb, depth + 1);
    }
    out() += isSharp ? '}' : ']';
}

void Printer::list(const TemplateValue &value, char32_t verb, int depth)
{
    if (value.isBytes() && isTextVerb(verb) && verb != 'v') {
        bytes(value, verb, value.typeName());
        return;
    }
    const bool isSharp = m_format.flags.sharpV;
    if (isSharp) {
        out() += value.typeName();
        if (value.isNilOfItsType()) {
            out() += "(nil)";
            return;
        }
    }
    out() += isSharp ? '{' : '[';
    const Holder holder = value.type().element->kind == Kind::Interface ? Holder::Interface : Holder::Concrete;
    for (std::size_t i = 0; i < value.size() && out().size() <= m_limit; ++i) {
        if (i > 0)
            out() += isSharp ? ", " : " ";
        if (value.isBytes())
            element(value.item(i), holder, verb, depth + 1);
        else
            element(value.items()[i], holder, verb, depth + 1);
    }
    out() += isSharp ? '}' : ']';
}

void Printer::object(const TemplateValue &value, char32_t verb, int depth)
{
    const bool isPointer = value.kind() == Kind::Pointer;
    if (isPointer && (depth > 0 || value.isNilOfItsType())) {
        address(value, verb);
        return;
    }
    const bool isSharp = m_format.flags.sharpV;
    if (isPointer)
        out() += '&';
    if (isSharp) {
        const std::string_view name = value.typeName();
        out() += isPointer && name.starts_with('*') ? name.substr(1) : name;
    }
    out() += '{';
    if (value.is(types::kErrorString)) {
        if (isSharp || m_format.flags.plusV)
            out() += "s:";
        text(TemplateValue::string(value.text()), value.text(), verb);
    } else if (const TypeMethods *methods = value.type().methods) {
        bool isFirst = true;
        for (const auto &[name, field] : methods->fields(value)) {
            if (!std::exchange(isFirst, false))
                out() += isSharp ? ", " : " ";
            if (isSharp || m_format.flags.plusV) {
                out() += name;
                out() += ':';
            }
            element(field, Holder::Concrete, verb, depth + 1);
        }
    }
    out() += '}';
}

void Printer::address(const TemplateValue &value, char32_t verb)
{
    // Addresses differ from run to run in Go: any number does.
    const std::uint64_t at = value.isNilOfItsType() ? 0 : 0xc000000000;
    switch (value.kind()) {
    case Kind::Func:
    case Kind::Map:
    case Kind::Pointer:
    case Kind::Slice: break;
    default: badVerb(value, verb); return;
    }
    switch (verb) {
    case 'v':
        if (m_format.flags.sharpV) {
            out() += '(';
            out() += value.typeName();
            out() += ")(";
            if (at == 0)
                out() += "nil";
            else
                m_format.hex0x(at, true);
            out() += ')';
        } else if (at == 0) {
            m_format.padded(kNil);
        } else {
            m_format.hex0x(at, !m_format.flags.sharp);
        }
        break;
    case 'p': m_format.hex0x(at, !m_format.flags.sharp); break;
    case 'b':
    case 'o':
    case 'd':
    case 'x':
    case 'X': integer(value, at, false, verb); break;
    default: badVerb(value, verb);
    }
}

void Printer::spaced(std::span<const TemplateValue> operands)
{
    bool wasString = false;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const bool isString = operands[i].isString();
        if (i > 0 && !isString && !wasString)
            out() += ' ';
        operand(operands[i], 'v');
        wasString = isString;
    }
}

void Printer::line(std::span<const TemplateValue> operands)
{
    for (std::size_t i = 0; i < operands.size(); ++i) {
        if (i > 0)
            out() += ' ';
        operand(operands[i], 'v');
    }
    out() += '\n';
}

} // namespace detail

std::string sprint(std::span<const TemplateValue> values)
{
    std::string out;
    detail::Printer(out).spaced(values);
    return out;
}

std::string sprintln(std::span<const TemplateValue> values)
{
    std::string out;
    detail::Printer(out).line(values);
    return out;
}

std::string sprintf(std::string_view format, std::span<const TemplateValue> values)
{
    std::string out;
    detail::Printer(out).formatted(format, values);
    return out;
}

void appendPlain(std::string &out, const TemplateValue &value)
{
    if (value.is(types::kString))
        out += value.text();
    else
        detail::Printer(out).operand(value, 'v');
}

std::string plainText(const TemplateValue &value)
{
    std::string out;
    appendPlain(out, value);
    return out;
}

} // namespace tiphys::text
