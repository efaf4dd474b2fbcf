// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/gotemplate/template_case.h"

#include "text/gotemplate/format.h"

#include <algorithm>

namespace tiphys::text {

namespace {

using namespace types;

FunctionPtr method(std::initializer_list<const Type *> parameters, bool isVariadic, Callable call)
{
    return std::make_shared<const Function>(Function{{parameters, isVariadic}, std::move(call)});
}

class ValuesMethods final : public TypeMethods
{
public:
    FunctionPtr method(const TemplateValue &receiver, std::string_view name) const override
    {
        const auto size = static_cast<std::int64_t>(receiver.size());
        if (name == "Keys")
            return text::method(
                {}, false, [size](Arguments, CallContext &) -> CallResult { return TemplateValue::integer(size); });
        if (name == "Join")
            return text::method({&kString, &kInt}, false, [size](Arguments arguments, CallContext &) -> CallResult {
                std::string out;
                for (std::int64_t i = 0; i < arguments[1].integer(); ++i)
                    out += std::to_string(size) + std::string(arguments[0].text());
                return TemplateValue::string(out);
            });
        if (name == "Broken")
            return text::method({}, false,
                                [](Arguments, CallContext &) -> CallResult { return templateError("broken method"); });
        if (name == "Many")
            return text::method({&kString, &kAny}, true, [](Arguments arguments, CallContext &) -> CallResult {
                return TemplateValue::integer(static_cast<std::int64_t>(arguments[0].size() + arguments.size() - 1));
            });
        return nullptr;
    }
};
const ValuesMethods kValuesMethods;
constexpr Type kValues{Kind::Map, "main.values", &kAny, &kAnyMap, &kValuesMethods};

class DayMethods final : public TypeMethods
{
public:
    bool isStringer() const override { return true; }
    std::string text(const TemplateValue &value) const override { return "day " + std::to_string(value.integer()); }
    FunctionPtr method(const TemplateValue &receiver, std::string_view name) const override
    {
        if (name != "String")
            return nullptr;
        return text::method({}, false, [receiver, this](Arguments, CallContext &) -> CallResult {
            return TemplateValue::string(text(receiver));
        });
    }
};
const DayMethods kDayMethods;
constexpr Type kDay{Kind::Int, "main.day", nullptr, &kInt, &kDayMethods};

TemplateValue dict(Arguments arguments)
{
    const TemplateValue map = TemplateValue::map();
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2)
        map.set(plainText(arguments[i]), arguments[i + 1]);
    return map;
}

TemplateValue words(const TemplateValue &keys)
{
    const TemplateValue map = TemplateValue::map(kStringMap);
    for (const MapEntry &entry : keys.entries())
        map.set(entry.key.text(), TemplateValue::string(std::string(entry.key.text()) + std::string(entry.key.text())));
    return map;
}

CallResult repeated(Arguments arguments)
{
    if (arguments[0].integer() < 0)
        return templateError("strings: negative Repeat count");
    std::string out;
    for (std::int64_t i = 0; i < arguments[0].integer(); ++i)
        out += arguments[1].text();
    return TemplateValue::string(out);
}

void addContainers(FunctionTable &table)
{
    table.addVariadic("list", {&kAny}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::list({arguments.begin(), arguments.end()});
    });
    table.addVariadic("strings", {&kString}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::list({arguments.begin(), arguments.end()}, kStringList);
    });
    table.addVariadic("dict", {&kAny},
                      [](Arguments arguments, CallContext &) -> CallResult { return dict(arguments); });
    table.add("set", {&kAnyMap, &kString, &kAny}, [](Arguments arguments, CallContext &) -> CallResult {
        if (arguments[0].isNilOfItsType())
            return templateError("assignment to entry in nil map");
        arguments[0].set(arguments[1], arguments[2]);
        return arguments[0];
    });
    table.add("values", {&kAnyMap},
              [](Arguments arguments, CallContext &) -> CallResult { return arguments[0].as(kValues); });
    table.add("words", {&kAnyMap},
              [](Arguments arguments, CallContext &) -> CallResult { return words(arguments[0]); });
    table.add("bytes", {&kString}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::bytes(arguments[0].text());
    });
    table.add("nothing", {}, [](Arguments, CallContext &) -> CallResult { return TemplateValue(); });
    table.add("nilList", {}, [](Arguments, CallContext &) -> CallResult { return TemplateValue::nilOf(kAnyList); });
    table.add("nilMap", {}, [](Arguments, CallContext &) -> CallResult { return TemplateValue::nilOf(kAnyMap); });
    table.add("countAll", {&kAnyList}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::integer(static_cast<std::int64_t>(arguments[0].size()));
    });
}

void addScalars(FunctionTable &table)
{
    const auto same = [](Arguments arguments, CallContext &) -> CallResult { return arguments[0]; };
    table.add("upper", {&kString}, [](Arguments arguments, CallContext &) -> CallResult {
        std::string text(arguments[0].text());
        std::ranges::transform(text, text.begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        return TemplateValue::string(text);
    });
    table.add("repeat", {&kInt, &kString}, [](Arguments arguments, CallContext &) { return repeated(arguments); });
    table.add("half", {&kFloat64}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::float64(arguments[0].number() / 2);
    });
    table.add("negate", {&kBool}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::boolean(!arguments[0].boolean());
    });
    table.add("unsigned", {&kUint64}, same);
    table.add("small", {&kInt32}, same);
    table.add("long", {&kInt64}, same);
    table.add("day", {&kInt}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::signedOf(kDay, arguments[0].integer());
    });
    table.add("single", {&kFloat64}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::floatOf(kFloat32, static_cast<double>(static_cast<float>(arguments[0].number())));
    });
    table.add("fault", {&kString}, [](Arguments arguments, CallContext &) -> CallResult {
        return TemplateValue::error(arguments[0].text());
    });
    table.add("fail", {&kString}, [](Arguments arguments, CallContext &) -> CallResult {
        return templateError(std::string(arguments[0].text()));
    });
    table.add("include", {&kString, &kAny}, [](Arguments arguments, CallContext &context) -> CallResult {
        return context.execute(arguments[0].text(), arguments[1]);
    });
}

TemplateOptions optionsOf(const object::Value &templateCase)
{
    TemplateOptions options;
    const std::string_view missing = templateCase["missingkey"].stringOr();
    if (missing == "zero")
        options.missingKey = MissingKey::Zero;
    else if (missing == "error")
        options.missingKey = MissingKey::Error;
    if (templateCase.contains("left"))
        options.leftDelimiter = templateCase["left"].stringOr();
    if (templateCase.contains("right"))
        options.rightDelimiter = templateCase["right"].stringOr();
    return options;
}

} // namespace

std::shared_ptr<const FunctionTable> caseFunctions()
{
    auto table = std::make_shared<FunctionTable>();
    addContainers(*table);
    addScalars(*table);
    return table;
}

Answer answerOf(const object::Value &templateCase)
{
    static const std::shared_ptr<const FunctionTable> functions = caseFunctions();
    TemplateSet set(functions, optionsOf(templateCase));
    const object::Value templates = templateCase["templates"];
    for (const object::Value &text : templates.items()) {
        if (auto read = set.parse(text["name"].stringOr(), text["text"].stringOr()); !read)
            return {"", read.error().text};
    }
    if (auto read = set.parse("main", templateCase["template"].stringOr()); !read)
        return {"", read.error().text};
    Budget budget;
    const TemplateValue data = templateValueOf(templateCase["data"]);
    auto text = set.execute("main", data, budget, "root");
    releaseTree(data);
    if (!text)
        return {"", text.error().text};
    return {*text, ""};
}

} // namespace tiphys::text
