// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/version_value.h"

#include "base/text.h"
#include "text/gotemplate/quote.h"
#include "text/sprig/go_json.h"
#include "text/sprig/groups.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>

namespace tiphys::text::sprig {

namespace {

using types::kString;

constexpr std::size_t kVersionLimit = 256;
constexpr std::size_t kConstraintLimit = 512;
constexpr std::size_t kGroupLimit = 32;

class VersionContent final : public ObjectContent
{
public:
    explicit VersionContent(SemVersion held) : version(std::move(held)) {}
    const SemVersion version;
};

const SemVersion &versionOf(const TemplateValue &value)
{
    return static_cast<const VersionContent *>(value.objectContent())->version;
}

class VersionMethods final : public JsonMethods
{
public:
    bool isStringer() const override { return true; }
    std::string text(const TemplateValue &value) const override { return versionOf(value).text(); }
    object::Value jsonValue(const TemplateValue &value) const override { return versionOf(value).text(); }
    FunctionPtr method(const TemplateValue &receiver, std::string_view name) const override;
};

const VersionMethods kMethods;
const Type kVersion{Kind::Struct, "semver.Version", nullptr, nullptr, &kMethods};
const Type kVersionPointer{Kind::Pointer, "*semver.Version", &kVersion, nullptr, &kMethods};

FunctionPtr bound(std::vector<const Type *> parameters, Callable call)
{
    return std::make_shared<Function>(Function{{std::move(parameters), false}, std::move(call)});
}

FunctionPtr constant(TemplateValue value)
{
    return bound({}, [value = std::move(value)](Arguments, CallContext &) -> CallResult { return value; });
}

/// The version after \p version: part 0 is the major number.
CallResult incremented(const SemVersion &version, int part)
{
    static constexpr std::string_view kNames[] = {"major", "minor", "patch"};
    std::array<std::uint64_t, 3> numbers{version.major(), version.minor(), version.patch()};
    // A pre-release of a patch comes before that patch itself.
    if (part < 2 || version.prerelease().empty()) {
        if (numbers[static_cast<std::size_t>(part)] == std::numeric_limits<std::uint64_t>::max())
            return templateError(std::string(kNames[part]) + " version increment would overflow uint64");
        ++numbers[static_cast<std::size_t>(part)];
    }
    std::fill(numbers.begin() + part + 1, numbers.end(), 0);
    std::string text = version.original().starts_with('v') ? "v" : "";
    text += std::to_string(numbers[0]) + "." + std::to_string(numbers[1]) + "." + std::to_string(numbers[2]);
    Expected<SemVersion> next = SemVersion::parse(text);
    if (!next)
        return std::unexpected(TemplateError(next.error()));
    return TemplateValue::object(kVersion, std::make_unique<VersionContent>(*std::move(next)));
}

using Comparison = TemplateValue (*)(std::weak_ordering);

FunctionPtr comparing(const TemplateValue &receiver, Comparison comparison)
{
    return bound({&kVersionPointer}, [receiver, comparison](Arguments args, CallContext &) -> CallResult {
        if (args[0].isNilOfItsType())
            return nilPointer();
        return comparison(versionOf(receiver) <=> versionOf(args[0]));
    });
}

Comparison comparisonNamed(std::string_view name)
{
    static constexpr std::pair<std::string_view, Comparison> kComparisons[] = {
        {"Compare",
         [](std::weak_ordering order) {
             return TemplateValue::integer(order < 0 ? -1 : order > 0 ? 1 : 0);
         }},
        {"Equal", [](std::weak_ordering order) { return TemplateValue::boolean(order == 0); }},
        {"LessThan", [](std::weak_ordering order) { return TemplateValue::boolean(order < 0); }},
        {"LessThanEqual", [](std::weak_ordering order) { return TemplateValue::boolean(order <= 0); }},
        {"GreaterThan", [](std::weak_ordering order) { return TemplateValue::boolean(order > 0); }},
        {"GreaterThanEqual", [](std::weak_ordering order) { return TemplateValue::boolean(order >= 0); }}};
    const auto found = std::ranges::find(kComparisons, name, [](const auto &row) { return row.first; });
    return found == std::end(kComparisons) ? nullptr : found->second;
}

FunctionPtr VersionMethods::method(const TemplateValue &receiver, std::string_view name) const
{
    const SemVersion &version = versionOf(receiver);
    if (name == "Major")
        return constant(TemplateValue::uint64(version.major()));
    if (name == "Minor")
        return constant(TemplateValue::uint64(version.minor()));
    if (name == "Patch")
        return constant(TemplateValue::uint64(version.patch()));
    if (name == "Prerelease")
        return constant(TemplateValue::string(version.prerelease()));
    if (name == "Metadata")
        return constant(TemplateValue::string(version.metadata()));
    if (name == "String")
        return constant(TemplateValue::string(version.text()));
    static constexpr std::string_view kIncrements[] = {"IncMajor", "IncMinor", "IncPatch"};
    for (int part = 0; part < 3; ++part) {
        if (name == kIncrements[part])
            return bound({},
                         [receiver, part](Arguments, CallContext &) { return incremented(versionOf(receiver), part); });
    }
    if (!receiver.is(kVersionPointer))
        return nullptr;
    if (name == "Original")
        return constant(TemplateValue::string(version.original()));
    const Comparison comparison = comparisonNamed(name);
    return comparison ? comparing(receiver, comparison) : nullptr;
}

/// The error for a number of \p text above 64 bits.
std::unexpected<TemplateError> numberTooLarge(std::string_view text)
{
    if (text.starts_with('v'))
        text.remove_prefix(1);
    for (const std::string_view part : tiphys::split(text.substr(0, text.find_first_of("-+")), '.')) {
        if (part.size() > 19 && part.substr(std::min(part.find_first_not_of('0'), part.size() - 1)).size() >= 20)
            return templateError("error parsing version segment: strconv.ParseUint: parsing " + goQuoted(part)
                                 + ": value out of range");
    }
    return templateError("invalid semantic version");
}

std::size_t groupCount(std::string_view constraint)
{
    std::size_t count = 1;
    for (std::size_t at = constraint.find("||"); at != std::string_view::npos; at = constraint.find("||", at + 2))
        ++count;
    return count;
}

} // namespace

TemplateExpected<SemVersion> parseVersion(std::string_view text)
{
    if (text.size() > kVersionLimit)
        return templateError("version string is too long (max 256 bytes)");
    Expected<SemVersion> version = SemVersion::parse(text);
    if (version)
        return *std::move(version);
    if (version.error().message().starts_with("number out of range"))
        return numberTooLarge(text);
    return templateError(version.error().message().starts_with("leading zero") ? "version segment starts with 0"
                                                                               : "invalid semantic version");
}

TemplateExpected<SemConstraint> parseConstraint(std::string_view text)
{
    if (text.size() > kConstraintLimit)
        return templateError("constraint string is too long (max 512 bytes)");
    if (groupCount(text) > kGroupLimit)
        return templateError("too many constraint groups (max 32)");
    Expected<SemConstraint> constraint = SemConstraint::parse(text);
    if (constraint)
        return *std::move(constraint);
    constexpr std::string_view kImproper = "improper constraint: ";
    const std::string_view message = constraint.error().message();
    if (!message.starts_with(kImproper))
        return templateError("constraint parser error");
    return templateError(std::string(kImproper) + goQuoted(message.substr(kImproper.size())));
}

TemplateValue versionValue(SemVersion version)
{
    return TemplateValue::object(kVersionPointer, std::make_unique<VersionContent>(std::move(version)));
}

void addVersionFunctions(FunctionTable &table)
{
    table.add("semver", {&kString}, [](Arguments args, CallContext &) -> CallResult {
        TemplateExpected<SemVersion> version = parseVersion(args[0].text());
        if (!version)
            return std::unexpected(version.error());
        return versionValue(*std::move(version));
    });
    table.add("semverCompare", {&kString, &kString}, [](Arguments args, CallContext &) -> CallResult {
        const TemplateExpected<SemConstraint> constraint = parseConstraint(args[0].text());
        if (!constraint)
            return std::unexpected(constraint.error());
        const TemplateExpected<SemVersion> version = parseVersion(args[1].text());
        if (!version)
            return std::unexpected(version.error());
        return TemplateValue::boolean(constraint->allows(*version));
    });
}

} // namespace tiphys::text::sprig
