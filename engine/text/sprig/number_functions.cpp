// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "text/gotemplate/format.h"
#include "text/sprig/go_number.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tiphys::text::sprig {

namespace {

using types::kAny;
using types::kFloat64;
using types::kInt;
using types::kString;

/// Arithmetic of int64 that wraps around.
std::int64_t wrapped(std::uint64_t value)
{
    return static_cast<std::int64_t>(value);
}
std::uint64_t bitsOf(const TemplateValue &value)
{
    return static_cast<std::uint64_t>(integerOf(value));
}

std::unexpected<TemplateError> divideByZero()
{
    return templateError("runtime error: integer divide by zero");
}

void addConversions(FunctionTable &table)
{
    table.add("atoi", {&kString}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::integer(parseInteger(args[0].text(), 10).value);
    });
    table.add("int64", {&kAny},
              [](Arguments args, CallContext &) -> CallResult { return TemplateValue::int64(integerOf(args[0])); });
    table.add("int", {&kAny},
              [](Arguments args, CallContext &) -> CallResult { return TemplateValue::integer(integerOf(args[0])); });
    table.add("float64", {&kAny},
              [](Arguments args, CallContext &) -> CallResult { return TemplateValue::float64(floatOf(args[0])); });
    table.add("toDecimal", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        const ParsedInteger parsed = parseInteger(sprint(args.first(1)), 8);
        return TemplateValue::int64(parsed.fault == NumberFault::None ? parsed.value : 0);
    });
}

void addArithmetic(FunctionTable &table)
{
    table.add("add1", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::int64(wrapped(bitsOf(args[0]) + 1));
    });
    table.addVariadic("add", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        std::uint64_t sum = 0;
        for (const TemplateValue &arg : args)
            sum += bitsOf(arg);
        return TemplateValue::int64(wrapped(sum));
    });
    table.add("sub", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::int64(wrapped(bitsOf(args[0]) - bitsOf(args[1])));
    });
    table.addVariadic("mul", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        std::uint64_t product = 1;
        for (const TemplateValue &arg : args)
            product *= bitsOf(arg);
        return TemplateValue::int64(wrapped(product));
    });
    table.add("div", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        const std::int64_t divisor = integerOf(args[1]);
        if (divisor == 0)
            return divideByZero();
        return TemplateValue::int64(divisor == -1 ? wrapped(0 - bitsOf(args[0])) : integerOf(args[0]) / divisor);
    });
    table.add("mod", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        const std::int64_t divisor = integerOf(args[1]);
        if (divisor == 0)
            return divideByZero();
        return TemplateValue::int64(divisor == -1 ? 0 : integerOf(args[0]) % divisor);
    });
}

/// Go's math.Max and math.Min, which tell apart signs of zero.
double largerOf(double left, double right)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (left == kInfinity || right == kInfinity)
        return kInfinity;
    if (std::isnan(left) || std::isnan(right))
        return std::numeric_limits<double>::quiet_NaN();
    if (left == 0 && right == 0)
        return std::signbit(left) ? right : left;
    return left > right ? left : right;
}
double smallerOf(double left, double right)
{
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (left == -kInfinity || right == -kInfinity)
        return -kInfinity;
    if (std::isnan(left) || std::isnan(right))
        return std::numeric_limits<double>::quiet_NaN();
    if (left == 0 && right == 0)
        return std::signbit(left) ? left : right;
    return left < right ? left : right;
}

void addExtremes(FunctionTable &table)
{
    for (const char *const name : {"max", "biggest"}) {
        table.addVariadic(name, {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
            std::int64_t best = integerOf(args[0]);
            for (const TemplateValue &arg : args.subspan(1))
                best = std::max(best, integerOf(arg));
            return TemplateValue::int64(best);
        });
    }
    table.addVariadic("min", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        std::int64_t best = integerOf(args[0]);
        for (const TemplateValue &arg : args.subspan(1))
            best = std::min(best, integerOf(arg));
        return TemplateValue::int64(best);
    });
    table.addVariadic("maxf", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        double best = floatOf(args[0]);
        for (const TemplateValue &arg : args.subspan(1))
            best = largerOf(best, floatOf(arg));
        return TemplateValue::float64(best);
    });
    table.addVariadic("minf", {&kAny, &kAny}, [](Arguments args, CallContext &) -> CallResult {
        double best = floatOf(args[0]);
        for (const TemplateValue &arg : args.subspan(1))
            best = smallerOf(best, floatOf(arg));
        return TemplateValue::float64(best);
    });
}

/// Ten to an integral power as Go computes it (by squaring), bit for bit.
/// Source: golang src/math/pow.go@go1.26
double powerOfTen(double places)
{
    const double absolute = std::fabs(places);
    if (absolute > 400)
        return places > 0 ? std::numeric_limits<double>::infinity() : 0;
    if (places == 0)
        return 1;
    double result = 1;
    int resultExponent = 0;
    int exponent = 0;
    double base = std::frexp(10.0, &exponent);
    for (auto rest = static_cast<std::int64_t>(absolute); rest != 0; rest >>= 1) {
        if (rest & 1) {
            result *= base;
            resultExponent += exponent;
        }
        base *= base;
        exponent <<= 1;
        if (base < 0.5) {
            base += base;
            --exponent;
        }
    }
    if (places < 0) {
        result = 1 / result;
        resultExponent = -resultExponent;
    }
    return std::ldexp(result, resultExponent);
}

double rounded(double value, double places, double roundOn)
{
    const double power = powerOfTen(places);
    const double scaled = power * value;
    double whole = 0;
    const double fraction = std::isinf(scaled) ? std::numeric_limits<double>::quiet_NaN() : std::modf(scaled, &whole);
    return (fraction >= roundOn ? std::ceil(scaled) : std::floor(scaled)) / power;
}

void addRounding(FunctionTable &table)
{
    table.add("floor", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::float64(std::floor(floatOf(args[0])));
    });
    table.add("ceil", {&kAny}, [](Arguments args, CallContext &) -> CallResult {
        return TemplateValue::float64(std::ceil(floatOf(args[0])));
    });
    table.addVariadic("round", {&kAny, &kInt, &kFloat64}, [](Arguments args, CallContext &) -> CallResult {
        const double roundOn = args.size() > 2 ? args[2].number() : 0.5;
        return TemplateValue::float64(rounded(floatOf(args[0]), static_cast<double>(args[1].integer()), roundOn));
    });
}

} // namespace

void addNumberFunctions(FunctionTable &table)
{
    addConversions(table);
    addArithmetic(table);
    addExtremes(table);
    addRounding(table);
}

} // namespace tiphys::text::sprig
