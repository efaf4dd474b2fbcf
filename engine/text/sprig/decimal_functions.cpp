// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/sprig/decimal.h"

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using Operation = TemplateExpected<Decimal> (Decimal::*)(const Decimal &) const;

/// \p first with each of \p others in turn.
CallResult folded(double first, Arguments others, Operation operation)
{
    TemplateExpected<Decimal> result = Decimal::ofFloat(first);
    for (const TemplateValue &other : others) {
        if (!result)
            break;
        const TemplateExpected<Decimal> operand = Decimal::ofFloat(floatOf(other));
        if (!operand)
            return std::unexpected(operand.error());
        result = ((*result).*operation)(*operand);
    }
    if (!result)
        return std::unexpected(result.error());
    return TemplateValue::float64(result->toFloat());
}

void addOperation(FunctionTable &table, std::string name, Operation operation)
{
    table.addVariadic(std::move(name), {&kAny, &kAny}, [operation](Arguments args, CallContext &) {
        return folded(floatOf(args[0]), args.subspan(1), operation);
    });
}

} // namespace

void addDecimalFunctions(FunctionTable &table)
{
    table.add("add1f", {&kAny}, [](Arguments args, CallContext &) {
        TemplateValue one[] = {TemplateValue::integer(1)};
        return folded(floatOf(args[0]), one, &Decimal::plus);
    });
    table.addVariadic("addf", {&kAny}, [](Arguments args, CallContext &) { return folded(0, args, &Decimal::plus); });
    addOperation(table, "subf", &Decimal::minus);
    addOperation(table, "mulf", &Decimal::times);
    addOperation(table, "divf", &Decimal::dividedBy);
}

} // namespace tiphys::text::sprig
