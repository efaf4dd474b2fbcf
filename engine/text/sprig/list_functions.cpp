// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kInt;

using Items = std::vector<TemplateValue>;

/// The items of a list. Errors: nil; and \p words with the kind of what is no list ("Cannot push on type string").
TemplateExpected<Items> itemsOf(const TemplateValue &list, std::string_view words)
{
    if (list.isNil())
        return nilPointer();
    if (!list.isList())
        return templateError(std::string(words) + " " + std::string(kindName(list.kind())));
    Items items;
    items.reserve(list.size() + 1);
    for (std::size_t i = 0; i < list.size(); ++i)
        items.push_back(list.item(i));
    return items;
}

/// A list function: gets the items and all arguments.
using Body = CallResult (*)(Items, Arguments);

/// How the work grows with the list.
enum class Cost { Linear, Quadratic };

/// Adds \p name and its "must" form, which differ in nothing that templates see: panics become errors too.
void addBoth(FunctionTable &table, const std::string &name, Signature signature, std::size_t listIndex,
             std::string words, Body body, Cost cost = Cost::Linear)
{
    std::string must = "must" + name;
    must[4] = static_cast<char>(must[4] - 'a' + 'A');
    const auto call = [listIndex, words = std::move(words), body, cost](Arguments args,
                                                                        CallContext &context) -> CallResult {
        TemplateExpected<Items> items = itemsOf(args[listIndex], words);
        if (!items)
            return std::unexpected(items.error());
        if (!context.budget().takeSteps(items->size() * (cost == Cost::Linear ? args.size() : items->size())))
            return budgetExceeded("items of lists");
        return body(*std::move(items), args);
    };
    table.add(name, signature, call);
    table.add(must, std::move(signature), call);
}

void addOfList(FunctionTable &table, const std::string &name, std::string words, Body body)
{
    addBoth(table, name, {{&kAny}, false}, 0, std::move(words), body);
}

bool isAmong(std::span<const TemplateValue> items, const TemplateValue &wanted)
{
    return std::ranges::any_of(items, [&](const TemplateValue &item) { return deepEqual(wanted, item); });
}

CallResult anyList(Items items)
{
    return TemplateValue::list(std::move(items));
}
CallResult nilList()
{
    return TemplateValue::nilOf(types::kAnyList);
}

void addEnds(FunctionTable &table)
{
    addOfList(table, "first", "Cannot find first on type",
              [](Items items, Arguments) -> CallResult { return items.empty() ? TemplateValue() : items.front(); });
    addOfList(table, "last", "Cannot find last on type",
              [](Items items, Arguments) -> CallResult { return items.empty() ? TemplateValue() : items.back(); });
    addOfList(table, "rest", "Cannot find rest on type", [](Items items, Arguments) {
        if (items.empty())
            return nilList();
        items.erase(items.begin());
        return anyList(std::move(items));
    });
    addOfList(table, "initial", "Cannot find initial on type", [](Items items, Arguments) {
        if (items.empty())
            return nilList();
        items.pop_back();
        return anyList(std::move(items));
    });
}

void addGrowth(FunctionTable &table)
{
    for (const char *const name : {"append", "push"}) {
        addBoth(table, name, {{&kAny, &kAny}, false}, 0, "Cannot push on type", [](Items items, Arguments args) {
            items.push_back(args[1]);
            return anyList(std::move(items));
        });
    }
    addBoth(table, "prepend", {{&kAny, &kAny}, false}, 0, "Cannot prepend on type", [](Items items, Arguments args) {
        items.insert(items.begin(), args[1]);
        return anyList(std::move(items));
    });
    table.addVariadic("concat", {&kAny}, [](Arguments args, CallContext &context) -> CallResult {
        Items all;
        for (const TemplateValue &list : args) {
            if (list.isNil())
                return nilPointer();
            if (!list.isList())
                return templateError("Cannot concat type " + std::string(kindName(list.kind())) + " as list");
            if (!takeItems(context, all.size() + list.size()))
                return budgetExceeded("items of lists");
            for (std::size_t i = 0; i < list.size(); ++i)
                all.push_back(list.item(i));
        }
        return all.empty() ? nilList() : anyList(std::move(all));
    });
    for (const char *const name : {"list", "tuple"}) {
        table.addVariadic(name, {&kAny},
                          [](Arguments args, CallContext &) { return anyList(Items(args.begin(), args.end())); });
    }
}

void addFilters(FunctionTable &table)
{
    addOfList(table, "reverse", "Cannot find reverse on type", [](Items items, Arguments) {
        std::ranges::reverse(items);
        return anyList(std::move(items));
    });
    addOfList(table, "compact", "Cannot compact on type", [](Items items, Arguments) {
        std::erase_if(items, [](const TemplateValue &item) { return !isTrue(item); });
        return anyList(std::move(items));
    });
    const Body withoutDoubles = [](Items items, Arguments) {
        Items unique;
        for (const TemplateValue &item : items) {
            if (!isAmong(unique, item))
                unique.push_back(item);
        }
        return anyList(std::move(unique));
    };
    addBoth(table, "uniq", {{&kAny}, false}, 0, "Cannot find uniq on type", withoutDoubles, Cost::Quadratic);
    addBoth(table, "without", {{&kAny, &kAny}, true}, 0, "Cannot find without on type",
            [](Items items, Arguments args) {
                std::erase_if(items, [&](const TemplateValue &item) { return isAmong(args.subspan(1), item); });
                return anyList(std::move(items));
            });
    for (const char *const name : {"has", "mustHas"}) {
        table.add(name, {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
            if (args[1].isNil())
                return TemplateValue::boolean(false);
            const TemplateExpected<Items> items = itemsOf(args[1], "Cannot find has on type");
            if (!items)
                return std::unexpected(items.error());
            return TemplateValue::boolean(isAmong(*items, args[0]));
        });
    }
}

/// \p items from one index to another, with the type of \p list.
CallResult sliced(const TemplateValue &list, Items items, Arguments indices)
{
    if (items.empty())
        return TemplateValue();
    const auto size = static_cast<std::int64_t>(items.size());
    const std::int64_t start = indices.empty() ? 0 : integerOf(indices[0]);
    const std::int64_t end = indices.size() < 2 ? size : integerOf(indices[1]);
    if (start < 0 || end < start || end > size)
        return templateError("reflect.Value.Slice: slice index out of bounds");
    if (list.isBytes())
        return TemplateValue::textOf(
            list.type(), list.text().substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start)));
    return TemplateValue::list(Items(items.begin() + start, items.begin() + end), list.type());
}

/// Lists of \p size items each, the last one shorter. Sizes below 1 give what Go's arithmetic makes of them.
/// Source: Masterminds/sprig list.go (mustChunk)@v3.3.0
CallResult chunked(std::int64_t size, const Items &items)
{
    const auto length = static_cast<double>(items.size());
    const std::int64_t counted = integerOfFloat(std::floor((length - 1) / static_cast<double>(size)));
    const auto count = static_cast<std::int64_t>(static_cast<std::uint64_t>(counted) + 1);
    if (count < 0 || static_cast<std::uint64_t>(count) > items.size() + 1)
        return templateError("runtime error: makeslice: len out of range");
    Items chunks;
    for (std::int64_t i = 0; i < count; ++i) {
        std::int64_t chunkSize = size;
        if (i == count - 1) {
            chunkSize = integerOfFloat(std::floor(std::fmod(length, static_cast<double>(size))));
            chunkSize = chunkSize == 0 ? size : chunkSize;
        }
        if (chunkSize < 0)
            return templateError("runtime error: makeslice: len out of range");
        const std::int64_t begin = i * size;
        if (begin < 0 || begin + chunkSize > static_cast<std::int64_t>(items.size()))
            return templateError("reflect: slice index out of range");
        chunks.push_back(TemplateValue::list(Items(items.begin() + begin, items.begin() + begin + chunkSize)));
    }
    return TemplateValue::list(std::move(chunks), types::kAnyListList);
}

} // namespace

void addListFunctions(FunctionTable &table)
{
    addEnds(table);
    addGrowth(table);
    addFilters(table);
    addBoth(table, "slice", {{&kAny, &kAny}, true}, 0, "list should be type of slice or array but",
            [](Items items, Arguments args) { return sliced(args[0], std::move(items), args.subspan(1)); });
    addBoth(table, "chunk", {{&kInt, &kAny}, false}, 1, "Cannot chunk type",
            [](Items items, Arguments args) { return chunked(args[0].integer(), items); });
}

} // namespace tiphys::text::sprig
