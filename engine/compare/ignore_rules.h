// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/glob.h"
#include "compare/settings.h"
#include "crd/application.h"
#include "object/object.h"
#include "script/jq_engine.h"
#include "script/jq_path.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::compare {

/// \p value without what an RFC 6901 pointer names; unchanged if there is nothing. Text before its first slash is ignored.
object::Value withoutPointer(const object::Value &value, std::string_view pointer);

/// The rules of an Application and of argocd-cm that take fields out of a comparison, ready to run.
class IgnoreRules
{
public:
    /// No rule at all, and the built-in known types.
    IgnoreRules() = default;
    /// \p jq runs expressions that are more than simple paths; without one they are refused. It must outlive the
    /// rules.
    /// Errors: InvalidInput "failed to create diff normalizer: …" for an expression that jq cannot compile,
    /// Unsupported if it needs jq and there is none.
    /// Source: argo-cd util/argo/normalizers@v3.5.1
    static Expected<IgnoreRules> compile(const std::vector<crd::IgnoreDifference> &spec,
                                         const std::vector<ResourceOverride> &overrides,
                                         script::JqEngine *jq = nullptr);

    /// \p object without ignored fields, and with fields of known types in canonical form. A rule that fails on
    /// this object leaves it as it is.
    object::Object applied(const object::Object &object) const;

    /// Field managers whose changes count as wanted, for one object.
    std::vector<std::string> trustedManagers(const object::ObjectKey &key) const;

private:
    struct Rule
    {
        std::optional<Glob> group, kind; ///< nothing if malformed: such a rule matches nothing
        std::string name, ns;
        std::string pointer;                ///< a JSON pointer, or
        std::optional<script::JqPath> path; ///< a simple path, or
        std::string program;                ///< a jq program
        std::vector<std::string> managers;

        bool matches(const object::ObjectKey &key) const;
    };
    Expected<void> add(const crd::IgnoreDifference &entry, script::JqEngine *jq);
    object::Object withKnownTypes(object::Object object) const;

    std::vector<Rule> m_rules;
    std::vector<Rule> m_managers;
    std::vector<ResourceOverride> m_overrides;
    script::JqEngine *m_jq = nullptr;
};

} // namespace tiphys::compare
