// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/gotemplate/function.h"
#include "text/sprig/world.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::text::sprig {

/// Each adds the functions of one part of Sprig. Source: Masterminds/sprig functions.go (genericMap)@v3.3.0
void addTextFunctions(FunctionTable &table);
void addTextListFunctions(FunctionTable &table);
void addRegexFunctions(FunctionTable &table);
void addNumberFunctions(FunctionTable &table);
void addDecimalFunctions(FunctionTable &table);
void addSequenceFunctions(FunctionTable &table);
void addDefaultFunctions(FunctionTable &table);
void addReflectionFunctions(FunctionTable &table);
void addDictionaryFunctions(FunctionTable &table);
void addMergeFunctions(FunctionTable &table);
void addListFunctions(FunctionTable &table);
void addEncodingFunctions(FunctionTable &table);
void addPathFunctions(FunctionTable &table);
void addUrlFunctions(FunctionTable &table);
void addVersionFunctions(FunctionTable &table);
void addDigestFunctions(FunctionTable &table);
void addDateFunctions(FunctionTable &table, const SprigWorldPtr &world);
void addRandomFunctions(FunctionTable &table, const SprigWorldPtr &world);
void addPasswordFunctions(FunctionTable &table, const SprigWorldPtr &world);
void addCertificateFunctions(FunctionTable &table, const SprigWorldPtr &world);
/// Helm's functions that need nothing but their arguments. Source: helm pkg/engine/funcs.go@v4.2.4
void addHelmFunctions(FunctionTable &table);

/// Bytes or items that one call may make.
inline constexpr std::uint64_t kByteLimit = std::uint64_t(1) << 28;
inline constexpr std::uint64_t kItemLimit = 10'000'000;

/// Takes \p bytes of text from the budget; false if they are too many.
bool takeBytes(CallContext &context, std::uint64_t bytes);
/// Takes \p items of a list from the budget.
bool takeItems(CallContext &context, std::uint64_t items);

/// Go's panic on a nil that has no type.
std::unexpected<TemplateError> nilPointer();

/// Sprig's text of a value: text and bytes as they are, errors and Stringers by their text, all others as `%v`.
/// Source: Masterminds/sprig strings.go (strval)@v3.3.0
std::string textOfValue(const TemplateValue &value);
/// Sprig's list of texts, nil left out: of a list its items, of anything else the text of it.
/// Source: Masterminds/sprig strings.go (strslice)@v3.3.0
std::vector<std::string> textsOfValue(const TemplateValue &value);

/// Source: spf13/cast caste.go (ToInt64, ToInt, ToFloat64)@v1.7.0
std::int64_t integerOf(const TemplateValue &value);
double floatOf(const TemplateValue &value);
/// As Go converts on amd64: what does not fit is the smallest number.
std::int64_t integerOfFloat(double value);

/// A number in [0, limit), each as likely as the others.
std::uint64_t randomBelow(const SprigWorld &world, std::uint64_t limit);

/// Short ways to make results.
inline CallResult textResult(std::string_view text)
{
    return TemplateValue::string(text);
}

} // namespace tiphys::text::sprig
