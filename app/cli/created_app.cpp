// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/created_app.h"

#include "crd/names.h"
#include "object/merge_patch.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tiphys::cli {

using object::Object;
using object::Value;

namespace {

/// Name and value of "NAME=VALUE".
std::pair<std::string_view, std::string_view> pairOf(std::string_view text)
{
    const std::size_t equal = text.find('=');
    if (equal == std::string_view::npos)
        return {text, {}};
    return {text.substr(0, equal), text.substr(equal + 1)};
}

Expected<Value> specWithFlags(const crd::ApplicationSpec &spec, const CreateFlags &flags)
{
    Value value = spec.value;
    if (!flags.source.isEmpty() && !flags.spec.hasHydrator() && !spec.hasMultipleSources()) {
        const Expected<crd::ApplicationSource> source =
            crd::edited(spec.source.value_or(crd::ApplicationSource()), flags.source);
        if (!source)
            return std::unexpected(source.error());
        value = value.with("source", crd::toValue(*source));
    }
    return crd::edited(value, flags.spec);
}

} // namespace

Expected<void> checkSourceFlags(const Object &app, const CreateFlags &flags)
{
    const Expected<crd::Application> read = crd::applicationOf(app);
    if (!read)
        return std::unexpected(read.error());
    if (read->spec.hasMultipleSources() && !flags.source.isEmpty())
        return failure(ErrorCode::InvalidInput,
                       "it has spec.sources, and flags of a source do not say which of them they change");
    return {};
}

Expected<Object> withCreateFlags(const Object &app, const CreateFlags &flags)
{
    const Expected<crd::Application> read = crd::applicationOf(app);
    if (!read)
        return std::unexpected(read.error());
    const Expected<Value> spec = specWithFlags(read->spec, flags);
    if (!spec)
        return std::unexpected(spec.error());
    Object result(app.value().with("spec", *spec));
    for (const std::string &label : flags.labels)
        result = result.withLabel(pairOf(label).first, pairOf(label).second);
    for (const std::string &annotation : flags.annotations)
        result = result.withAnnotation(pairOf(annotation).first, pairOf(annotation).second);
    if (flags.hasFinalizer && !result.hasFinalizer(crd::kResourcesFinalizer)) {
        const Value before = result.path({"metadata", "finalizers"});
        std::vector<Value> finalizers(before.items().begin(), before.items().end());
        finalizers.emplace_back(crd::kResourcesFinalizer);
        result = Object(result.value().withPath({"metadata", "finalizers"}, Value::list(finalizers)));
    }
    return result;
}

Expected<Value> upserted(const crd::Application &existing, const Object &wanted)
{
    const Expected<crd::Application> read = crd::applicationOf(wanted);
    if (!read)
        return std::unexpected(read.error());
    Value after = existing.object.value();
    const Value spec = crd::normalizedSpec(read->spec);
    if (spec != crd::normalizedSpec(existing.spec))
        after = after.with("spec", spec);
    for (const std::string_view field : {"labels", "annotations"}) {
        if (const Value over = wanted.path({"metadata", field}); over.isMap() && !over.isEmpty())
            after = after.withPath({"metadata", field}, object::applyMergePatch(after.path({"metadata", field}), over));
    }
    if (wanted.finalizers() == existing.object.finalizers())
        return after;
    const Value finalizers = wanted.path({"metadata", "finalizers"});
    return finalizers.isEmpty() ? after.withoutPath({"metadata", "finalizers"})
                                : after.withPath({"metadata", "finalizers"}, finalizers);
}

} // namespace tiphys::cli
