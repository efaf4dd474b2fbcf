// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/gotemplate/quote.h"
#include "text/sprig/regular_expression.h"

namespace tiphys::text::sprig {

namespace {

using types::kInt;
using types::kString;

/// What a bad pattern gives: the error itself, or the panic of MustCompile.
enum class BadPattern { Error, Panic };
using RegexBody = CallResult (*)(const RegularExpression &, Arguments);

std::unexpected<TemplateError> compilePanic(std::string_view pattern, const TemplateError &error)
{
    const std::string quoted = canBackquote(pattern) ? "`" + std::string(pattern) + "`" : goQuoted(pattern);
    return templateError("regexp: Compile(" + quoted + "): " + error.text);
}

void addOne(FunctionTable &table, std::string name, std::initializer_list<const Type *> parameters,
            BadPattern badPattern, RegexBody body)
{
    table.add(std::move(name), parameters, [badPattern, body](Arguments args, CallContext &context) -> CallResult {
        if (!takeBytes(context, 1 + args[1].text().size()))
            return budgetExceeded("regular expressions");
        const TemplateExpected<RegularExpression> regex = RegularExpression::compile(args[0].text());
        if (regex)
            return body(*regex, args);
        if (badPattern == BadPattern::Panic)
            return compilePanic(args[0].text(), regex.error());
        return std::unexpected(regex.error());
    });
}

/// "regexFind" and "mustRegexFind".
void addPair(FunctionTable &table, const std::string &rest, std::initializer_list<const Type *> parameters,
             RegexBody body)
{
    addOne(table, "regex" + rest, parameters, BadPattern::Panic, body);
    addOne(table, "mustRegex" + rest, parameters, BadPattern::Error, body);
}

CallResult replaced(const RegularExpression &regex, Arguments args, RegularExpression::Replacement kind)
{
    const TemplateExpected<std::string> text = regex.replaceAll(args[1].text(), args[2].text(), kind, kByteLimit);
    if (!text)
        return std::unexpected(text.error());
    return textResult(*text);
}

/// A list of texts; without any it is nil.
TemplateValue listOrNil(const std::vector<std::string_view> &texts)
{
    return texts.empty() ? TemplateValue::nilOf(types::kStringList) : TemplateValue::stringList(texts);
}

} // namespace

void addRegexFunctions(FunctionTable &table)
{
    table.add("regexMatch", {&kString, &kString}, [](Arguments args, CallContext &) -> CallResult {
        const TemplateExpected<RegularExpression> regex = RegularExpression::compile(args[0].text());
        return TemplateValue::boolean(regex && regex->matches(args[1].text()));
    });
    addOne(table, "mustRegexMatch", {&kString, &kString}, BadPattern::Error,
           [](const RegularExpression &regex, Arguments args) -> CallResult {
               return TemplateValue::boolean(regex.matches(args[1].text()));
           });
    addPair(table, "Find", {&kString, &kString}, [](const RegularExpression &regex, Arguments args) {
        return textResult(regex.find(args[1].text()).value_or(std::string_view()));
    });
    addPair(table, "FindAll", {&kString, &kString, &kInt},
            [](const RegularExpression &regex, Arguments args) -> CallResult {
                return listOrNil(regex.findAll(args[1].text(), args[2].integer()));
            });
    addPair(table, "Split", {&kString, &kString, &kInt},
            [](const RegularExpression &regex, Arguments args) -> CallResult {
                const std::vector<std::string_view> parts = regex.split(args[1].text(), args[2].integer());
                return args[2].integer() == 0 ? listOrNil(parts) : TemplateValue::stringList(parts);
            });
    addPair(table, "ReplaceAll", {&kString, &kString, &kString}, [](const RegularExpression &regex, Arguments args) {
        return replaced(regex, args, RegularExpression::Replacement::Expanded);
    });
    addPair(table, "ReplaceAllLiteral", {&kString, &kString, &kString},
            [](const RegularExpression &regex, Arguments args) {
                return replaced(regex, args, RegularExpression::Replacement::Literal);
            });
    table.add("regexQuoteMeta", {&kString},
              [](Arguments args, CallContext &) { return textResult(quotedForRegex(args[0].text())); });
}

} // namespace tiphys::text::sprig
