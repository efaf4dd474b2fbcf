// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include <string>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using types::kInt;

/// The integers from \p start to \p stop (without it).
/// Source: Masterminds/sprig numeric.go (untilStep)@v3.3.0
TemplateExpected<std::vector<std::int64_t>> steps(std::int64_t start, std::int64_t stop, std::int64_t step,
                                                  CallContext &context)
{
    std::vector<std::int64_t> numbers;
    const bool isDown = stop < start;
    if ((isDown && step >= 0) || (!isDown && step <= 0))
        return numbers;
    const std::uint64_t distance = isDown ? static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(stop)
                                          : static_cast<std::uint64_t>(stop) - static_cast<std::uint64_t>(start);
    const std::uint64_t stride = isDown ? 0 - static_cast<std::uint64_t>(step) : static_cast<std::uint64_t>(step);
    const std::uint64_t count = distance / stride + (distance % stride != 0 ? 1 : 0);
    if (!takeItems(context, count))
        return budgetExceeded("a list of numbers");
    numbers.reserve(count);
    std::uint64_t number = static_cast<std::uint64_t>(start);
    for (std::uint64_t i = 0; i < count; ++i) {
        numbers.push_back(static_cast<std::int64_t>(number));
        number += static_cast<std::uint64_t>(step);
    }
    return numbers;
}

CallResult listOf(const TemplateExpected<std::vector<std::int64_t>> &numbers)
{
    if (!numbers)
        return std::unexpected(numbers.error());
    std::vector<TemplateValue> items;
    items.reserve(numbers->size());
    for (const std::int64_t number : *numbers)
        items.push_back(TemplateValue::integer(number));
    return TemplateValue::list(std::move(items), types::kIntList);
}

/// The numbers of seq's arguments: LAST, FIRST LAST, or FIRST STEP LAST; the last one is included.
/// Source: Masterminds/sprig numeric.go (seq)@v3.3.0
TemplateExpected<std::vector<std::int64_t>> sequence(Arguments args, CallContext &context)
{
    if (args.empty() || args.size() > 3)
        return std::vector<std::int64_t>();
    const std::int64_t start = args.size() == 1 ? 1 : args[0].integer();
    const std::int64_t end = args.back().integer();
    const std::int64_t direction = end < start ? -1 : 1;
    const std::int64_t step = args.size() == 3 ? args[1].integer() : direction;
    if (direction < 0 && step > 0)
        return std::vector<std::int64_t>();
    const auto beyond =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(end) + static_cast<std::uint64_t>(direction));
    return steps(start, beyond, step, context);
}

} // namespace

void addSequenceFunctions(FunctionTable &table)
{
    table.add("until", {&kInt}, [](Arguments args, CallContext &context) {
        const std::int64_t count = args[0].integer();
        return listOf(steps(0, count, count < 0 ? -1 : 1, context));
    });
    table.add("untilStep", {&kInt, &kInt, &kInt}, [](Arguments args, CallContext &context) {
        return listOf(steps(args[0].integer(), args[1].integer(), args[2].integer(), context));
    });
    table.addVariadic("seq", {&kInt}, [](Arguments args, CallContext &context) -> CallResult {
        const TemplateExpected<std::vector<std::int64_t>> numbers = sequence(args, context);
        if (!numbers)
            return std::unexpected(numbers.error());
        std::string text;
        for (const std::int64_t number : *numbers) {
            if (!text.empty())
                text += ' ';
            text += std::to_string(number);
        }
        return textResult(text);
    });
}

} // namespace tiphys::text::sprig
