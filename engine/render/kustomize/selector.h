// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "render/kustomize/meta.h"
#include "render/kustomize/resource_id.h"

#include <memory>
#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// Which resources: group, version, kind, name and namespace are regular expressions for whole texts.
/// Source: kustomize api/types/selector.go@v5.8.1
struct Selector
{
    ResourceId id;
    std::string annotationSelector;
    std::string labelSelector;

    /// As messages name it.
    std::string text() const;
};

/// A regular expression of Go's syntax; plain names are compared without one.
class Pattern
{
public:
    /// Unanchored. Errors: InvalidInput "error parsing regexp: …".
    static Expected<Pattern> compile(std::string_view text);
    /// For whole texts; "" fits everything.
    static Expected<Pattern> compileWhole(std::string_view text);

    bool matches(std::string_view text) const;

private:
    struct Compiled;
    enum class Mode { Everything, Whole, Part, Compiled };
    Mode m_mode = Mode::Everything;
    std::string m_text;
    std::shared_ptr<const Compiled> m_compiled;
};

/// A selector made ready.
class SelectorPattern
{
public:
    static Expected<SelectorPattern> compile(const Selector &selector);

    bool matchesGvk(const Gvk &gvk) const
    {
        return m_group.matches(gvk.group) && m_version.matches(gvk.version) && m_kind.matches(gvk.kind);
    }
    bool matchesName(std::string_view name) const { return m_name.matches(name); }
    bool matchesNamespace(std::string_view ns) const { return m_namespace.matches(ns); }

private:
    Pattern m_group, m_version, m_kind, m_name, m_namespace;
};

/// Whether \p texts fit a selector of Kubernetes ("app=web,tier!=db,x in (a, b),!y"); "" fits everything.
/// Errors: InvalidInput in the words of its parser.
/// Source: k8s.io/apimachinery pkg/labels/selector.go (Parse), as carried by kustomize kyaml@v5.8.1
Expected<bool> matchesLabels(std::string_view selector, const Texts &texts);

} // namespace tiphys::render::kustomize
