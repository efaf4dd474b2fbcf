// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/kustomize/vars.h"

#include "base/text.h"
#include "object/number_text.h"
#include "render/kustomize/edit.h"
#include "render/kustomize/scalar.h"

#include <algorithm>
#include <optional>
#include <set>

namespace tiphys::render::kustomize {

namespace {

/// The value of a var: text with the tag that a whole reference takes over; nothing for lists and maps.
struct VarValue
{
    std::string text;
    Tag tag = Tag::String;
};
using VarValues = std::map<std::string, std::optional<VarValue>, std::less<>>;

/// "a[0]" becomes "a" and "0".
std::vector<std::string> withIndexes(const std::vector<std::string> &parts)
{
    std::vector<std::string> result;
    for (const std::string &part : parts) {
        const std::size_t open = part.rfind('[');
        const bool isIndex = part.ends_with(']') && open != std::string::npos && part.size() > open + 2
                             && std::all_of(part.begin() + static_cast<std::ptrdiff_t>(open) + 1, part.end() - 1,
                                            [](char c) { return c >= '0' && c <= '9'; });
        if (!isIndex) {
            result.push_back(part);
            continue;
        }
        if (open > 0)
            result.push_back(part.substr(0, open));
        result.push_back(part.substr(open + 1, part.size() - open - 2));
    }
    return result;
}

/// A field's value as Go prints it. Source: kustomize kyaml/yaml/rnode.go (GetFieldValue)@v5.8.1
Expected<std::optional<VarValue>> valueAt(Resource &resource, const Var &var)
{
    const std::string path = var.field.fieldPath.empty() ? "metadata.name" : var.field.fieldPath;
    const Expected<Node *> node = lookup(resource.root(), withIndexes(splitFieldPath(path)));
    if (!node || !*node)
        return failure(ErrorCode::InvalidInput,
                       "field specified in var '" + var.text() + "' not found in corresponding resource");
    if (!(*node)->isScalar())
        return std::optional<VarValue>();
    const std::string text((*node)->value);
    switch ((*node)->tag) {
    case Tag::Int:
        if (const auto number = integerOf(text))
            return VarValue{std::to_string(*number), Tag::Int};
        return failure(ErrorCode::InvalidInput,
                       "field specified in var '" + var.text() + "' not found in corresponding resource");
    case Tag::Float: return VarValue{text, Tag::Float};
    case Tag::Bool: return VarValue{asciiLower(text), Tag::Bool};
    default: return VarValue{text, Tag::String};
    }
}

class Substitution
{
public:
    explicit Substitution(const VarValues &values) : m_values(values) {}

    const std::set<std::string, std::less<>> &used() const { return m_used; }

    Expected<void> set(Arena &arena, Node &node)
    {
        if (isMissing(&node))
            return {};
        switch (node.kind) {
        case Kind::Scalar:
            if (node.isStringValue())
                update(arena, node);
            return {};
        case Kind::Map: return setMap(arena, node);
        case Kind::List: break;
        case Kind::None: return failure(ErrorCode::InvalidInput, "invalid type encountered 0");
        }
        for (Node *item : node.content()) {
            if (!item->isStringValue())
                return failure(ErrorCode::InvalidInput, "invalid value type expect a string");
            update(arena, *item);
        }
        return {};
    }

private:
    Expected<void> setMap(Arena &arena, Node &node)
    {
        for (std::uint32_t i = 0; i + 1 < node.size; i += 2) {
            const Node &key = *node.items[i];
            if (!key.isStringValue())
                return failure(ErrorCode::InvalidInput, "invalid map key: value='" + std::string(key.value) + "', tag='"
                                                            + std::string(tagWord(key)) + "'");
            if (node.items[i + 1]->isStringValue())
                update(arena, *node.items[i + 1]);
        }
        return {};
    }

    void update(Arena &arena, Node &node)
    {
        const VarValue value = expanded(node.value);
        node.value = arena.keep(value.text);
        node.tag = value.tag;
        node.style = Style::Plain;
        node.isTagged = false;
    }

    /// What stands for `$(name)`; the reference itself where nothing does.
    VarValue mapped(std::string_view name)
    {
        const auto found = m_values.find(name);
        if (found == m_values.end() || !found->second)
            return {"$(" + std::string(name) + ")", Tag::String};
        m_used.emplace(name);
        return *found->second;
    }

    /// Source: kustomize api/filters/refvar/expand.go (DoReplacements)@v5.8.1
    VarValue expanded(std::string_view text)
    {
        std::string out;
        std::size_t checkpoint = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] != '$' || at + 1 >= text.size())
                continue;
            out += text.substr(checkpoint, at - checkpoint);
            const char next = text[at + 1];
            const std::size_t close = next == '(' ? text.find(')', at + 2) : std::string_view::npos;
            if (next == '$') {
                out += '$';
                at += 1;
            } else if (close != std::string_view::npos) {
                const std::string_view name = text.substr(at + 2, close - at - 2);
                VarValue value = mapped(name);
                if (at == 0 && close + 1 == text.size())
                    return value;
                out += value.text;
                at = close;
            } else {
                out += '$';
                out += next;
                at += 1;
            }
            checkpoint = at + 1;
        }
        if (checkpoint < text.size())
            out += text.substr(checkpoint);
        return {out, Tag::String};
    }

    const VarValues &m_values;
    std::set<std::string, std::less<>> m_used;
};

Expected<VarValues> valuesOf(const VarSet &vars, const ResourceList &resources)
{
    std::map<std::string_view, Resource *> targets;
    for (const ResourcePtr &resource : resources.all()) {
        for (const std::string &name : resource->varNames)
            targets.try_emplace(name, resource.get());
    }
    VarValues values;
    for (const auto &[name, var] : vars) {
        const auto target = targets.find(name);
        if (target == targets.end())
            return failure(ErrorCode::InvalidInput,
                           "var '" + var.text() + "' cannot be mapped to a field in the set of known resources");
        const Expected<std::optional<VarValue>> value = valueAt(*target->second, var);
        if (!value)
            return std::unexpected(value.error());
        values[name] = *value;
    }
    return values;
}

} // namespace

Expected<void> mergeVars(VarSet &vars, const std::vector<Var> &more, const ResourceList &resources)
{
    for (const Var &var : more) {
        const ResourceId id = var.targetId();
        const std::vector<ResourcePtr> targets =
            id.ns.empty() ? resources.withAnyGvkn(id.gvk, id.name) : resources.allWithAnyId(id);
        if (targets.size() > 1)
            return failure(ErrorCode::InvalidInput, "found " + std::to_string(targets.size())
                                                        + " resId matches for var " + var.text()
                                                        + " (unable to disambiguate)");
        if (!targets.empty())
            targets[0]->varNames.push_back(var.name);
    }
    for (const Var &var : more) {
        if (!vars.try_emplace(var.name, var).second)
            return failure(ErrorCode::InvalidInput, "var '" + var.name + "' already encountered");
    }
    return {};
}

Expected<void> mergeVars(VarSet &vars, const VarSet &more)
{
    for (const auto &[name, var] : more) {
        if (!vars.try_emplace(name, var).second)
            return failure(ErrorCode::InvalidInput, "var '" + name + "' already encountered");
    }
    return {};
}

Expected<void> resolveVars(const VarSet &vars, ResourceList &resources, const FieldSpecs &specs,
                           std::vector<std::string> &warnings)
{
    if (vars.empty())
        return {};
    const Expected<VarValues> values = valuesOf(vars, resources);
    if (!values)
        return std::unexpected(values.error());
    Substitution substitution(*values);
    const PreparedSpecs prepared(specs);
    for (const ResourcePtr &resource : resources.all()) {
        const NodeAction action = [&](Node &node) { return substitution.set(resource->arena(), node); };
        const Expected<void> done = prepared.visit(*resource, {}, action);
        resource->touch();
        if (!done)
            return done;
    }
    resources.touch();
    std::string unused;
    for (const auto &[name, var] : vars) {
        if (!substitution.used().contains(name))
            unused += (unused.empty() ? "" : ",") + name;
    }
    if (!unused.empty())
        warnings.push_back("well-defined vars that were never replaced: " + unused);
    return {};
}

} // namespace tiphys::render::kustomize
