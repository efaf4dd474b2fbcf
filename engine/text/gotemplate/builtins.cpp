// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/builtins.h"

#include "text/gotemplate/printer.h"

#include <algorithm>

namespace tiphys::text {

namespace {

using types::kAny;
using types::kReflectValue;

CallResult booleanResult(std::expected<bool, std::string> result)
{
    if (!result)
        return templateError(std::move(result.error()));
    return TemplateValue::boolean(*result);
}

using Print = void (*)(detail::Printer &printer, Arguments arguments);
using Escape = std::string (*)(std::string_view text);

/// What \p print writes, within what is left of the output.
TemplateExpected<std::string> printed(CallContext &context, Arguments arguments, Print print)
{
    const std::uint64_t limit = std::min<std::uint64_t>(kMaxPrintedBytes, context.budget().outputBytes);
    std::string text;
    detail::Printer printer(text, limit);
    print(printer, arguments);
    if (text.size() > limit || !context.budget().takeOutput(text.size()))
        return budgetExceeded("output");
    return text;
}

void printSpaced(detail::Printer &printer, Arguments arguments)
{
    printer.spaced(arguments);
}

Callable printing(Print print)
{
    return [print](Arguments arguments, CallContext &context) -> CallResult {
        return printed(context, arguments, print).transform([](const std::string &text) {
            return TemplateValue::string(text);
        });
    };
}

/// Go prints missing values as the template itself would.
Callable escaping(Escape escape)
{
    return [escape](Arguments arguments, CallContext &context) -> CallResult {
        for (TemplateValue &argument : arguments) {
            if (argument.isNil())
                argument = TemplateValue::string("<no value>");
        }
        return printed(context, arguments, printSpaced).transform([escape](const std::string &text) {
            return TemplateValue::string(escape(text));
        });
    };
}

CallResult lengthOf(const TemplateValue &value)
{
    if (value.isNil())
        return templateError("reflect: call of reflect.Value.Type on zero Value");
    if (value.kind() == Kind::Pointer && value.isNilOfItsType())
        return templateError("len of nil pointer");
    if (value.isString() || value.isList() || value.isMap())
        return TemplateValue::integer(static_cast<std::int64_t>(value.size()));
    std::string_view name = value.typeName();
    if (value.kind() == Kind::Pointer && name.starts_with('*'))
        name.remove_prefix(1);
    return templateError("len of type " + std::string(name));
}

std::expected<bool, std::string> isLessOrEqual(const TemplateValue &left, const TemplateValue &right)
{
    std::expected<bool, std::string> less = detail::isLess(left, right);
    if (!less || *less)
        return less;
    return detail::isEqualToAny(left, {&right, 1});
}

std::expected<bool, std::string> negated(std::expected<bool, std::string> result)
{
    if (result)
        *result = !*result;
    return result;
}

void addComparisons(FunctionTable &table)
{
    const Signature two{{&kReflectValue, &kReflectValue}, false};
    table.addVariadic("eq", {&kReflectValue, &kReflectValue}, [](Arguments arguments, CallContext &) {
        return booleanResult(detail::isEqualToAny(arguments[0], arguments.subspan(1)));
    });
    table.add("ne", two, [](Arguments arguments, CallContext &) {
        return booleanResult(negated(detail::isEqualToAny(arguments[0], arguments.subspan(1))));
    });
    table.add("lt", two, [](Arguments arguments, CallContext &) {
        return booleanResult(detail::isLess(arguments[0], arguments[1]));
    });
    table.add("le", two, [](Arguments arguments, CallContext &) {
        return booleanResult(isLessOrEqual(arguments[0], arguments[1]));
    });
    table.add("gt", two, [](Arguments arguments, CallContext &) {
        return booleanResult(negated(isLessOrEqual(arguments[0], arguments[1])));
    });
    table.add("ge", two, [](Arguments arguments, CallContext &) {
        return booleanResult(negated(detail::isLess(arguments[0], arguments[1])));
    });
}

void addPrinting(FunctionTable &table)
{
    table.addVariadic("print", {&kAny}, printing(printSpaced));
    table.addVariadic("println", {&kAny},
                      printing([](detail::Printer &printer, Arguments arguments) { printer.line(arguments); }));
    table.addVariadic("printf", {&types::kString, &kAny}, printing([](detail::Printer &printer, Arguments arguments) {
                          printer.formatted(arguments[0].text(), arguments.subspan(1));
                      }));
    table.addVariadic("html", {&kAny}, escaping(detail::htmlEscaped));
    table.addVariadic("js", {&kAny}, escaping(detail::jsEscaped));
    table.addVariadic("urlquery", {&kAny}, escaping(detail::queryEscaped));
}

/// The executor evaluates these itself: not every argument is looked at.
CallResult isSpecial(Arguments arguments, CallContext &)
{
    return arguments.empty() ? TemplateValue() : arguments.back();
}

FunctionTable madeBuiltins()
{
    FunctionTable table;
    table.addVariadic("and", {&kReflectValue, &kReflectValue}, isSpecial);
    table.addVariadic("or", {&kReflectValue, &kReflectValue}, isSpecial);
    table.addVariadic("call", {&kReflectValue, &kReflectValue}, isSpecial);
    table.add("not", {&kReflectValue}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::boolean(!isTrue(arguments[0]));
    });
    table.add("len", {&kReflectValue}, [](Arguments arguments, CallContext &) { return lengthOf(arguments[0]); });
    table.addVariadic("index", {&kReflectValue, &kReflectValue},
                      [](Arguments arguments, CallContext &) { return detail::indexed(arguments); });
    table.addVariadic("slice", {&kReflectValue, &kReflectValue},
                      [](Arguments arguments, CallContext &) { return detail::sliced(arguments); });
    addComparisons(table);
    addPrinting(table);
    return table;
}

} // namespace

const FunctionTable &builtinFunctions()
{
    static const FunctionTable table = madeBuiltins();
    return table;
}

} // namespace tiphys::text
