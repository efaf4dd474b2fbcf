// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/replacement_transform.h"

#include "base/text.h"
#include "object/json.h"
#include "object/yaml.h"
#include "render/kustomize/document.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/go_text.h"
#include "render/kustomize/kustomization_fields.h"
#include "render/kustomize/node_text.h"
#include "render/kustomize/noted_text.h"
#include "render/kustomize/path_matcher.h"

#include <algorithm>

namespace tiphys::render::kustomize {

using object::Value;

namespace {

constexpr std::string_view kDefaultPath = "metadata.name";

std::vector<std::string> splitText(std::string_view text, std::string_view delimiter)
{
    std::vector<std::string> parts;
    std::size_t at = 0;
    while ((at = text.find(delimiter)) != std::string_view::npos) {
        parts.emplace_back(text.substr(0, at));
        text.remove_prefix(at + delimiter.size());
    }
    parts.emplace_back(text);
    return parts;
}

/// The current id and then the previous ones, none of them known to be cluster-scoped.
std::vector<ResourceId> idsOf(const Resource &resource)
{
    std::vector<ResourceId> ids{resource.currentId()};
    ids.front().isClusterScoped = false;
    ids.insert(ids.end(), resource.previousIds().begin(), resource.previousIds().end());
    return ids;
}

Expected<bool> fitsTexts(const Resource &resource, const Selector &selector)
{
    const Expected<bool> fits = matchesLabels(selector.annotationSelector, annotationsOf(resource.tree()));
    if (!fits || !*fits)
        return fits;
    return matchesLabels(selector.labelSelector, labelsOf(resource.tree()));
}

/// The resources that a target of a replacement selects.
class TargetMatcher
{
public:
    static Expected<TargetMatcher> compile(const TargetSelector &target)
    {
        TargetMatcher matcher(target);
        const Expected<SelectorPattern> select = SelectorPattern::compile(*target.select);
        if (!select)
            return std::unexpected(select.error().in("error creating target selector"));
        matcher.m_select = *select;
        for (const Selector &selector : target.reject) {
            const Expected<SelectorPattern> reject = SelectorPattern::compile(selector);
            if (!reject)
                return std::unexpected(reject.error().in("error creating target selector"));
            matcher.m_reject.push_back(*reject);
        }
        return matcher;
    }

    Expected<bool> selects(const Resource &resource) const
    {
        const Expected<bool> fits = fitsSelectors(resource);
        if (!fits || !*fits)
            return fits;
        const std::vector<ResourceId> ids = idsOf(resource);
        for (std::size_t i = 0; i < m_reject.size(); ++i) {
            const bool isBlank = m_target->reject[i].id.isEmpty();
            if (!isBlank && std::ranges::any_of(ids, [&](const ResourceId &id) { return matches(m_reject[i], id); }))
                return false;
        }
        return std::ranges::any_of(ids, [&](const ResourceId &id) { return matches(m_select, id); });
    }

private:
    explicit TargetMatcher(const TargetSelector &target) : m_target(&target) {}

    static bool matches(const SelectorPattern &pattern, const ResourceId &id)
    {
        return pattern.matchesGvk(id.gvk) && pattern.matchesName(id.name) && pattern.matchesNamespace(id.ns);
    }

    Expected<bool> fitsSelectors(const Resource &resource) const
    {
        const Expected<bool> fits = fitsTexts(resource, *m_target->select);
        if (!fits || !*fits)
            return fits;
        for (const Selector &reject : m_target->reject) {
            if (reject.annotationSelector.empty() && reject.labelSelector.empty())
                continue;
            const Expected<bool> rejected = fitsTexts(resource, reject);
            if (!rejected || *rejected)
                return rejected ? Expected<bool>(false) : rejected;
        }
        return true;
    }

    const TargetSelector *m_target;
    SelectorPattern m_select;
    std::vector<SelectorPattern> m_reject;
};

/// Carries out one replacement.
class Replacer
{
public:
    Replacer(const Replacement &replacement, ResourceList &resources)
        : m_replacement(replacement), m_resources(resources)
    {
    }

    Expected<void> run()
    {
        if ((!m_replacement.sourceValue && !m_replacement.source) || !m_replacement.targets)
            return failure(ErrorCode::InvalidInput, "replacements must specify a source and at least one target");
        if (m_resources.size() == 0 && m_replacement.sourceValue)
            return {};
        const Expected<Node *> value = sourceNode();
        if (!value)
            return std::unexpected(value.error());
        for (const TargetSelector &target : *m_replacement.targets) {
            const Expected<void> done = applyTo(target, **value);
            if (!done)
                return done;
        }
        return {};
    }

private:
    Expected<Node *> sourceNode()
    {
        if (m_replacement.sourceValue && m_replacement.source)
            return failure(ErrorCode::InvalidInput, "value and resource selectors are mutually exclusive");
        if (m_replacement.sourceValue)
            return m_resources.all().front()->arena().scalar(*m_replacement.sourceValue);
        const SourceSelector &source = *m_replacement.source;
        const Expected<Resource *> resource = sourceResource(source);
        if (!resource)
            return std::unexpected(resource.error());
        const std::string path = source.fieldPath.empty() ? std::string(kDefaultPath) : source.fieldPath;
        const Expected<Node *> node = lookup((*resource)->root(), splitFieldPath(path));
        if (!node)
            return std::unexpected(node.error().in("error looking up replacement source"));
        if (isEmpty(*node))
            return failure(ErrorCode::InvalidInput,
                           "fieldPath `" + path + "` is missing for replacement source " + source.id.text());
        return refined(**node, source.options, (*resource)->arena());
    }

    Expected<Resource *> sourceResource(const SourceSelector &source) const
    {
        Resource *found = nullptr;
        for (const ResourcePtr &resource : m_resources.all()) {
            const auto isSelected = [&](const ResourceId &id) { return id.isSelectedBy(source.id); };
            if (!std::ranges::any_of(idsOf(*resource), isSelected))
                continue;
            if (found)
                return failure(ErrorCode::InvalidInput, "multiple matches for selector " + source.text());
            found = resource.get();
        }
        if (!found)
            return failure(ErrorCode::InvalidInput, "nothing selected by " + source.text());
        return found;
    }

    static Expected<Node *> refined(Node &node, const std::optional<FieldOptions> &options, Arena &arena)
    {
        if (!options || options->delimiter.empty())
            return &node;
        if (!node.isScalar())
            return failure(ErrorCode::InvalidInput, "delimiter option can only be used with scalar nodes");
        const std::vector<std::string> parts = splitText(textOf(&node), options->delimiter);
        if (options->index < 0 || options->index >= static_cast<std::int64_t>(parts.size()))
            return failure(ErrorCode::InvalidInput, "options.index " + std::to_string(options->index)
                                                        + " is out of bounds for value " + std::string(textOf(&node)));
        Node *part = arena.copy(node);
        part->value = arena.keep(parts[static_cast<std::size_t>(options->index)]);
        return part;
    }

    Expected<void> applyTo(const TargetSelector &target, const Node &value)
    {
        if (!target.select)
            return failure(ErrorCode::InvalidInput, "target must specify resources to select");
        const Expected<TargetMatcher> matcher = TargetMatcher::compile(target);
        if (!matcher)
            return std::unexpected(matcher.error());
        for (const ResourcePtr &resource : m_resources.all()) {
            const Expected<bool> isSelected = matcher->selects(*resource);
            if (!isSelected)
                return std::unexpected(isSelected.error());
            if (!*isSelected)
                continue;
            const Expected<void> done = copyTo(*resource, target, value);
            resource->touch();
            if (!done)
                return done;
        }
        return {};
    }

    Expected<void> copyTo(Resource &resource, const TargetSelector &target, const Node &value)
    {
        std::vector<std::string> paths = target.fieldPaths;
        if (paths.empty())
            paths.emplace_back(kDefaultPath);
        const bool creates = target.options && target.options->creates;
        const Kind kind = creates ? value.kind : Kind::None;
        for (const std::string &path : paths) {
            const std::vector<std::string> parts = splitFieldPath(path);
            if (setInsideText(resource, parts, value, kind))
                continue;
            const std::string problem = std::string("unable to find ") + (creates ? "or create " : "") + "field "
                                        + goQuoted(path) + " in replacement target";
            const Expected<std::vector<Node *>> fields = matchingNodes(resource.arena(), resource.root(), parts, kind);
            if (!fields)
                return std::unexpected(fields.error().in(problem));
            if (fields->empty())
                return failure(ErrorCode::InvalidInput, problem);
            for (Node *field : *fields) {
                const Expected<void> done = set(resource.arena(), *field, value, target.options);
                if (!done)
                    return done;
            }
        }
        return {};
    }

    static Expected<void> set(Arena &arena, Node &field, const Node &value, const std::optional<FieldOptions> &options)
    {
        Node *copy = arena.deepCopy(&value);
        if (options && !options->delimiter.empty()) {
            if (!field.isScalar())
                return failure(ErrorCode::InvalidInput, "delimiter option can only be used with scalar nodes");
            std::vector<std::string> parts = splitText(field.value, options->delimiter);
            const std::string text(textOf(copy));
            if (options->index < 0)
                parts.insert(parts.begin(), text);
            else if (options->index >= static_cast<std::int64_t>(parts.size()))
                parts.push_back(text);
            else
                parts[static_cast<std::size_t>(options->index)] = text;
            copy->value = arena.keep(join(parts, options->delimiter));
        }
        // The tag and style of a scalar stay: a text that takes a number stays a text.
        if (field.isScalar())
            field.value = copy->value;
        else
            field = *copy;
        return {};
    }

    /// A field of JSON or YAML that is held by a text; false if the path leads to none.
    static bool setInsideText(Resource &resource, const std::vector<std::string> &path, const Node &value, Kind creates)
    {
        Arena &arena = resource.arena();
        for (std::size_t length = 1; length < path.size(); ++length) {
            const Expected<Node *> node = lookup(resource.root(), std::span(path).first(length));
            if (!node || !*node || !(*node)->isScalar())
                continue;
            Expected<NotedText> inside = readNotedText(arena, (*node)->value);
            if (!inside)
                continue;
            if (!inside->root)
                return false;
            const Expected<std::vector<Node *>> fields =
                matchingNodes(arena, inside->root, std::span(path).subspan(length), creates);
            if (!fields || fields->empty())
                return false;
            for (Node *field : *fields) {
                const auto notes = inside->notes.find(field);
                const bool isAlias = notes != inside->notes.end() && notes->second.isAlias;
                if (field->isScalar() && !isAlias) {
                    field->value = value.value;
                    continue;
                }
                *field = value;
                if (notes != inside->notes.end())
                    inside->notes.erase(notes);
            }
            const std::optional<std::string> text = writtenLike((*node)->value, arena, *inside);
            if (!text)
                return false;
            (*node)->value = arena.keep(*text);
            return true;
        }
        return false;
    }

    /// \p inside as text in the manner of \p original: JSON or YAML, on one line or several.
    static std::optional<std::string> writtenLike(std::string_view original, Arena &arena, const NotedText &inside)
    {
        if (!isLikeJson(original))
            return std::string(trimmed(yamlText(inside)));
        Expected<Node *> node = inside.root;
        if (inside.hasAnchors())
            node = readFullNode(arena, arena.keep(yamlText(inside)));
        const Expected<Value> value = node ? valueOf(*node) : std::unexpected(node.error());
        if (!value)
            return std::nullopt;
        const bool isIndented = original.contains('\n') && original.contains("  ");
        return object::toJson(*value, {.style = isIndented ? object::JsonStyle::Indented : object::JsonStyle::Compact,
                                       .escapesHtml = true});
    }

    const Replacement &m_replacement;
    ResourceList &m_resources;
};

Expected<std::vector<Replacement>> replacementsIn(std::string_view text)
{
    const Expected<Value> value = object::parseYaml(text);
    if (!value)
        return std::unexpected(value.error().in("error converting YAML to JSON"));
    std::vector<Replacement> replacements;
    StructReader reader(Unknown::Ignored, Scalars::Converted);
    if (value->isList()) {
        reader.read(*value, replacements);
    } else if (value->isMap()) {
        replacements.emplace_back();
        reader.read(*value, replacements.back());
    } else {
        return failure(ErrorCode::InvalidInput,
                       "unsupported replacement type encountered within replacement path: invalid");
    }
    if (reader.problem())
        return failure(ErrorCode::InvalidInput, "error unmarshaling JSON: while decoding JSON: " + *reader.problem());
    return replacements;
}

} // namespace

Expected<Transform> replacementTransform(const std::vector<ReplacementField> &fields, const Loader &loader)
{
    std::vector<Replacement> all;
    for (const ReplacementField &field : fields) {
        const bool hasTargets = field.replacement.targets && !field.replacement.targets->empty();
        if (!field.path.empty() && (field.replacement.source || hasTargets))
            return failure(ErrorCode::InvalidInput, "cannot specify both path and inline replacement");
        if (field.path.empty()) {
            all.push_back(field.replacement);
            if (!hasTargets)
                all.back().targets.reset();
            continue;
        }
        const Expected<FileContent> content = loader.load(field.path);
        if (!content)
            return std::unexpected(content.error());
        const Expected<std::vector<Replacement>> more = replacementsIn(content->text);
        if (!more)
            return std::unexpected(more.error());
        all.insert(all.end(), more->begin(), more->end());
    }
    return [all](ResourceList &resources) -> Expected<void> {
        resources.touch();
        for (const Replacement &replacement : all) {
            const Expected<void> done = Replacer(replacement, resources).run();
            if (!done)
                return done;
        }
        resources.dropGone();
        return {};
    };
}

} // namespace tiphys::render::kustomize
