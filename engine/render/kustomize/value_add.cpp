// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/value_add.h"

#include "base/text.h"
#include "object/yaml.h"
#include "render/kustomize/edit.h"

namespace tiphys::render::kustomize {

namespace {

/// \p path with \p part put in front of its part \p position; a leading slash stays in front.
/// Source: kustomize kyaml/filesys/util.go (InsertPathPart)@v5.8.1
std::string withPart(std::string_view path, std::int64_t position, std::string_view part)
{
    std::vector<std::string> parts;
    if (!path.empty()) {
        for (const std::string_view each : split(path, '/')) {
            if (!each.empty() || parts.empty())
                parts.emplace_back(each);
        }
    }
    if (path == "/")
        parts = {""};
    auto at = static_cast<std::size_t>(position);
    at = std::min(at, parts.size());
    if (!parts.empty() && parts[0].empty() && at < parts.size())
        ++at;
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(at), std::string(part));
    return join(parts, "/");
}

Expected<void> setValue(Resource &resource, const std::string &value, const ValueTarget &target)
{
    Arena &arena = resource.arena();
    const std::vector<std::string> path = splitPath(target.fieldPath, '/');
    const Expected<Node *> node = lookupOrMake(arena, resource.root(), path, Kind::Scalar);
    if (!node)
        return std::unexpected(node.error());
    const Expected<void> valid = checkKind(*node, Kind::Scalar);
    if (!valid || !*node)
        return valid;
    const std::string text =
        target.filePathPosition > 0 ? withPart((*node)->value, target.filePathPosition - 1, value) : value;
    return setScalar(*node, arena.scalar(text));
}

} // namespace

Expected<Transform> valueAddTransform(ValueAddConfig config, const Loader &loader)
{
    config.value = trimmed(config.value);
    if (config.value.empty()) {
        const std::string &root = loader.root();
        config.value = root.substr(root.rfind('/') + 1);
    }
    if (!config.targetFilePath.empty()) {
        const Expected<FileContent> content = loader.load(config.targetFilePath);
        if (!content)
            return std::unexpected(content.error());
        const Expected<object::Value> value = object::parseYaml(content->text);
        if (!value)
            return std::unexpected(value.error().in("error converting YAML to JSON"));
        ValueAddConfig more;
        StructReader reader(Unknown::Ignored, Scalars::Converted);
        reader.read(*value, more);
        if (reader.problem())
            return failure(ErrorCode::InvalidInput,
                           "error unmarshaling JSON: while decoding JSON: " + *reader.problem());
        config.targets.insert(config.targets.end(), more.targets.begin(), more.targets.end());
    }
    if (config.targets.empty())
        return failure(ErrorCode::InvalidInput, "must specify at least one target");
    for (const ValueTarget &target : config.targets) {
        if (target.fieldPath.empty())
            return failure(ErrorCode::InvalidInput, "fieldPath cannot be empty");
        if (target.filePathPosition < 0)
            return failure(ErrorCode::InvalidInput, "value of FilePathPosition ("
                                                        + std::to_string(target.filePathPosition)
                                                        + ") cannot be negative");
    }
    return [config](ResourceList &resources) -> Expected<void> {
        resources.touch();
        for (const ValueTarget &target : config.targets) {
            const Expected<std::vector<ResourcePtr>> chosen =
                target.selector ? selected(resources, *target.selector) : resources.all();
            if (!chosen)
                return std::unexpected(chosen.error());
            for (const ResourcePtr &resource : *chosen) {
                const Expected<void> done =
                    target.fieldPath == "metadata/namespace"
                        ? applyNamespace({.ns = config.value, .specs = preparedSpecs({})}, *resource)
                        : setValue(*resource, config.value, target);
                if (!done)
                    return done;
                resource->touch();
            }
        }
        return {};
    };
}

} // namespace tiphys::render::kustomize
