// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/edit.h"
#include "render/kustomize/transform.h"

#include <algorithm>

namespace tiphys::render::kustomize {

namespace {

constexpr int kDeepest = 1'100;

struct ImageParts
{
    std::string name;
    std::string tag;
    std::string digest;
};

/// Source: kustomize api/internal/image/image.go (Split)@v5.8.1
ImageParts partsOf(std::string_view image)
{
    const std::size_t slash = image.find('/');
    const std::size_t from = slash == std::string_view::npos || slash == 0 ? 0 : slash;
    const std::size_t at = image.find('@', from);
    const std::size_t colon = image.find(':', from);
    constexpr std::size_t kNone = std::string_view::npos;
    const auto str = [](std::string_view text) { return std::string(text); };
    if (at == kNone && colon == kNone)
        return {str(image), "", ""};
    if (at != kNone && (colon == kNone || at < colon))
        return {str(image.substr(0, at)), "", str(image.substr(at + 1))};
    if (at != kNone)
        return {str(image.substr(0, colon)), str(image.substr(colon + 1, at - colon - 1)), str(image.substr(at + 1))};
    return {str(image.substr(0, colon)), str(image.substr(colon + 1)), ""};
}

bool isTagCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || std::string_view("_.{}-").contains(c);
}

/// The name of an image entry, which is a regular expression; most are names where only "." is one.
class ImageName
{
public:
    static Expected<ImageName> compile(const std::string &name)
    {
        ImageName result;
        result.m_name = name;
        const bool isSimple = std::ranges::all_of(name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                   || std::string_view("_./:@-").contains(c);
        });
        if (isSimple)
            return result;
        Expected<Pattern> pattern = Pattern::compile("^" + name + "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$");
        if (!pattern)
            return std::unexpected(pattern.error());
        result.m_pattern = std::move(*pattern);
        result.m_hasPattern = true;
        return result;
    }

    bool matches(std::string_view image) const
    {
        if (m_hasPattern)
            return m_pattern.matches(image);
        if (image.size() < m_name.size())
            return false;
        for (std::size_t i = 0; i < m_name.size(); ++i) {
            if (m_name[i] != image[i] && (m_name[i] != '.' || image[i] == '\n'))
                return false;
        }
        std::string_view rest = image.substr(m_name.size());
        constexpr std::string_view kDigest = "@sha256:";
        if (rest.starts_with(':')) {
            rest.remove_prefix(1);
            while (!rest.empty() && isTagCharacter(rest[0]))
                rest.remove_prefix(1);
        }
        if (rest.starts_with(kDigest)) {
            rest.remove_prefix(kDigest.size());
            while (!rest.empty() && isTagCharacter(rest[0]))
                rest.remove_prefix(1);
        }
        return rest.empty();
    }

private:
    std::string m_name;
    Pattern m_pattern;
    bool m_hasPattern = false;
};

struct ImageChange
{
    Image image;
    ImageName name;
};

std::string changed(const Image &image, std::string_view old)
{
    ImageParts parts = partsOf(old);
    if (!image.newName.empty())
        parts.name = image.newName;
    if (!image.newTag.empty()) {
        parts.tag = image.newTag;
        parts.digest = image.digest;
    } else if (!image.digest.empty()) {
        parts.tag.clear();
        parts.digest = image.digest;
    } else if (!image.tagSuffix.empty()) {
        parts.tag += image.tagSuffix;
        parts.digest.clear();
    }
    std::string result = parts.name;
    if (!parts.tag.empty())
        result += ":" + parts.tag;
    if (!parts.digest.empty())
        result += "@" + parts.digest;
    return result;
}

Expected<void> setImage(Arena &arena, const ImageChange &change, Node &node)
{
    const Expected<void> valid = checkKind(&node, Kind::Scalar);
    if (!valid || !change.name.matches(node.value))
        return valid;
    return setScalar(&node, arena.scalar(changed(change.image, node.value)));
}

/// Images of every containers and initContainers list, at any depth.
Expected<void> setAnywhere(Arena &arena, const ImageChange &change, Node &node, int depth)
{
    if (depth > kDeepest)
        return failure(ErrorCode::LimitExceeded, "object is nested too deep");
    Expected<void> done;
    if (node.isList()) {
        for (std::uint32_t i = 0; done && i < node.size; ++i)
            done = setAnywhere(arena, change, *node.items[i], depth + 1);
        return done;
    }
    if (!node.isMap())
        return done;
    for (std::uint32_t i = 0; done && i + 1 < node.size; i += 2) {
        Node &value = *node.items[i + 1];
        done = setAnywhere(arena, change, value, depth + 1);
        const std::string_view key = node.items[i]->value;
        if (!done || !value.isList() || (key != "containers" && key != "initContainers"))
            continue;
        for (std::uint32_t k = 0; done && k < value.size; ++k) {
            const Expected<Node *> image = getField(value.items[k], "image");
            if (!image)
                return std::unexpected(image.error());
            if (*image)
                done = setImage(arena, change, **image);
        }
    }
    return done;
}

} // namespace

Expected<Transform> imageTransform(const Image &image, const FieldSpecs &specs)
{
    Expected<ImageName> name = ImageName::compile(image.name);
    if (!name)
        return std::unexpected(name.error());
    return
        [change = ImageChange{image, *name}, specs = preparedSpecs(specs)](ResourceList &resources) -> Expected<void> {
            const auto isCrd = [](const Resource &resource) {
                return resource.currentId().gvk.kind == "CustomResourceDefinition";
            };
            for (const ResourcePtr &resource : resources.all()) {
                if (isCrd(*resource))
                    continue;
                const Expected<void> done = setAnywhere(resource->arena(), change, resource->tree(), 0);
                if (!done)
                    return done;
            }
            for (const ResourcePtr &resource : resources.all()) {
                if (isCrd(*resource))
                    continue;
                const NodeAction sets = [&](Node &node) { return setImage(resource->arena(), change, node); };
                const Expected<void> done = specs->visit(*resource, {}, sets);
                if (!done)
                    return done;
            }
            return {};
        };
}

} // namespace tiphys::render::kustomize
