// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/hook.h"

#include "base/text.h"
#include "crd/names.h"
#include "crd/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace tiphys::crd {

namespace {

constexpr std::array<std::string_view, 5> kHookWords{"PreSync", "Sync", "PostSync", "SyncFail", "Skip"};

void addOnce(std::vector<HookType> &types, HookType type)
{
    if (std::ranges::find(types, type) == types.end())
        types.push_back(type);
}

std::vector<HookType> argoTypes(const object::Object &object)
{
    std::vector<HookType> types;
    for (const std::string &item : annotationItems(object, kHookAnnotation)) {
        const auto word = std::ranges::find(kHookWords, item);
        if (word != kHookWords.end())
            addOnce(types, static_cast<HookType>(word - kHookWords.begin()));
    }
    return types;
}

std::vector<HookType> helmTypes(const object::Object &object)
{
    std::vector<HookType> types;
    for (const std::string &item : annotationItems(object, kHelmHookAnnotation)) {
        if (item == "pre-install" || item == "pre-upgrade")
            addOnce(types, HookType::PreSync);
        else if (item == "post-install" || item == "post-upgrade")
            addOnce(types, HookType::PostSync);
    }
    return types;
}

/// True if annotation \p annotation lists \p word.
bool lists(const object::Object &object, std::string_view annotation, std::string_view word)
{
    return hasAnnotationOption(object, annotation, word);
}

/// A decimal integer with an optional sign, as Go's strconv.Atoi takes it.
std::optional<std::int64_t> integerOf(std::string_view text)
{
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

} // namespace

std::string_view text(HookType type)
{
    return kHookWords[static_cast<std::size_t>(type)];
}

std::vector<HookType> hookTypesOf(const object::Object &object)
{
    std::vector<HookType> types = argoTypes(object);
    if (types.empty())
        return helmTypes(object);
    if (types.size() > 1)
        std::erase(types, HookType::Skip);
    return types;
}

bool isSkipped(const object::Object &object)
{
    const std::vector<HookType> types = hookTypesOf(object);
    return types.size() == 1 && types.front() == HookType::Skip;
}

bool isHook(const object::Object &object)
{
    if (object.annotation(kHookAnnotation))
        return !isSkipped(object);
    const std::optional<std::string_view> helm = object.annotation(kHelmHookAnnotation);
    return helm && *helm != "crd-install";
}

bool isIgnoredHook(const object::Object &object)
{
    return isHook(object) && hookTypesOf(object).empty();
}

bool isPreDeleteHook(const object::Object &object)
{
    return lists(object, kHookAnnotation, "PreDelete") || lists(object, kHelmHookAnnotation, "pre-delete");
}

bool isPostDeleteHook(const object::Object &object)
{
    return lists(object, kHookAnnotation, "PostDelete") || lists(object, kHelmHookAnnotation, "post-delete");
}

std::int64_t waveOf(const object::Object &object)
{
    for (const std::string_view name : {kSyncWaveAnnotation, kHelmHookWeightAnnotation}) {
        const std::optional<std::string_view> text = object.annotation(name);
        if (const std::optional<std::int64_t> wave = integerOf(text.value_or(std::string_view())))
            return *wave;
    }
    return 0;
}

} // namespace tiphys::crd
